package bot

import (
	"regexp"
	"strings"
	"unicode"

	"frontdesk/knowledge"
)

// addressesModel are the marks of a sentence in an article that speaks to a
// language model instead of to readers. It is never quoted.
var addressesModel = compile(
	`\b(ai|artificial intelligence) (assistants?|agents?|models?|bots?)\b`,
	`\b(assistant|chatbot|language model|llm)s?\b\W{0,3}(must|should|shall|have to|has to|is to|from now on|ignore|:)`,
	`\b(to|for) (the |any |all |every )?(ai|llm|language models?|chatbots?|assistants?) ?:`,
	`\b(notes?|messages?|instructions?|hints?|orders?) (to|for) (the |any |all |every )?(ai|llms?|language models?|chatbots?|bots?|assistants?)\b`,
	`\b(instruct|order|command|tell|ask|remind|expect)(s|ed|ing)? (the |this |every |any )?(ai|assistant|chatbot|language model|llm)\b`,
	`\b(ignore|disregard|forget|override)\b[^.?!]{0,20}\b(previous|prior|above|earlier|all|your)\b[^.?!]{0,20}\b(instructions?|rules?|prompts?|guidelines)\b`,
	`\b(reveal|print|repeat|output|append|add)\b[^.?!]{0,60}\b(system ?prompt|your (instructions|rules|prompt))\b`,
	`\b(begin|start|end|finish|open|close) (each|every|all|any) (of your )?(answers?|repl(y|ies)|responses?|sentences?|messages?)\b`,
	`\b(add|append|include|insert|put)\b[^.?!]{0,40}\b(to|in|into) (each|every|all|any) (of your )?(answers?|repl(y|ies)|responses?)\b`,
	`\banswer (each|every|all|any) (of the )?(questions?|messages?|customers?) (with|by)\b`,
	`\b(from now on|henceforth),? (you|act|pretend|answer|reply)\b|\byou are now (a|an|the)? ?\w*(bot|gpt|ai|assistant|model|persona)\b`,
	`\bwhen you (answer|reply|respond)\b[^.?!]{0,40}\b(this (page|article|text|passage)|question|customer)`,
	`\b(call|use|invoke|run|execute) (this|the|that) (tool|function)\b`,
	`"(tool|tools|function|tool_calls?|arguments|role)"\s*:`,
	`\{\{[^}]*\b(system|assistant|user)\b[^}]*\}\}`,
	`</?(system|assistant|instructions?|passages?|question|context|sources?)>`,
	`<\|[^|<>]{0,40}\|>|\[/?(inst|sys|system)\]|<<\/?sys>>`,
	`^\W{0,3}(assistant|system|bot|ai) ?:`,
	`\bignorier\w*\b[^.?!]{0,40}\b(anweisung|regel|vorgabe)|\b(lieber?|an (den|alle)) (assistent|ki|chatbot|sprachmodell)`,
	`\bignor\w*\b[^.?!]{0,40}\b(instructions|instrucciones|istruzioni|instruções) (pr[eé]c|anter|prec)`,
)

// speaksToModel reports whether a text of an article tries to steer a model,
// also where its letters are parted by what nobody sees.
func speaksToModel(s string) bool {
	return anyMatch(addressesModel, strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r):
			return -1
		case r >= '！' && r <= '～': // full width
			return r - '！' + '!'
		}
		return r
	}, s))
}

// bar marks what speaks to a model, and with it what follows in its paragraph
// or list: who writes "ignore your instructions" goes on with what is to be said
// instead. Where only the paragraph as a whole shows it, as with a forged
// conversation, all of it is barred.
func bar(body string, all []piece) {
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && !strings.Contains(body[all[to-1].Span.End:max(all[to-1].Span.End, all[to].Span.Start)], "\n\n") {
			to++
		}
		barred := false
		for i := from; i < to; i++ {
			speaks := speaksToModel(all[i].Text)
			barred = barred || speaks
			// A heading is not of the paragraph before it.
			all[i].barred = speaks || barred && all[i].Kind != knowledge.PieceHeading
		}
		if !barred && speaksToModel(body[all[from].Span.Start:all[to-1].Span.End]) {
			for i := from; i < to; i++ {
				all[i].barred = true
			}
		}
		from = to
	}
}

// unseen is what a page shows nobody.
var unseen = regexp.MustCompile(`(?s)<!--.*?(?:-->|\z)`)
