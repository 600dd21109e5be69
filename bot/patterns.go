package bot

import (
	"regexp"
	"strings"

	"frontdesk/internal/personal"
)

// patterns are what words alone decide, whatever the vectors say: phrases
// that hardly occur in an honest question about a product.
var patterns = map[class][]*regexp.Regexp{
	classDistress: compile(
		`\b(kill(ing)?|hurt(ing)?|harm(ing)?) (myself|himself|herself|themselves)\b`,
		`\bsuicid`,
		`\b(want|wish|going|ready) to die\b`,
		`\b(don'?t|do not|no longer) want to (live|go on living|be alive)\b`,
		`\b(end|take) my (own )?life\b`,
		`\bno (reason|point) (to live|in living)\b`,
		`\b(end it all|end it (tonight|today|now)|rather be (dead|gone)|if i (died?|were dead)|better off dead)\b`,
		`\b(can'?t|cannot|can not|hardly) breathe\b|\boverdosed?\b|\btoo many pills\b|\b(room|kitchen|house|flat) is full of smoke\b`,
		`\b(electric|electrical|bad) shock\b`,
		`\b(got|gave|has|have|with|severe|bad) (\w+ )?burns? (on|to)\b`,
		`\bburn(ed|t)? (my|his|her|their) (hand|arm|face|finger|leg|skin|son|daughter|child)`,
		`\b(caught|is on|was on|are on) fire\b`,
		`\b(exploded|blew up) (in|on|and|while|when|next)\b`,
		`\bsmell(s|ing)? (of )?gas\b`,
		// In other languages words alone must do: the encoder does not know them.
		`\b(suizid|selbstmord|selbst ?verletz)|\b(will|möchte) (nur noch |einfach )?(sterben|nicht mehr leben)\b|\b(mich|dich) um(zu)?bringen\b|\bbringe? mich um\b`,
		`\b(me suicider|me tuer|envie de mourir|(veux|vais) mourir|plus envie de vivre)\b`,
		`\b(quiero morir|matarme|suicidarme|no quiero (seguir )?viv|voglio morire|uccidermi|suicidarmi|non voglio più vivere|quero morrer|me matar|não quero (mais )?viver)`,
		`\b(wil (niet meer leven|dood)|zelfmoord|chcę umrzeć|zabić się|zabiję się|samobójstw|nie chcę (już )?żyć)`,
		`\b(brennt gerade|steht in flammen|es brennt|est en feu|a pris feu|está ardiendo|in fiamme|staat in brand|pali się)\b`,
		`\b(unconscious|not breathing|bleeding|swallowed (a|an|the|some|part|one)|call an ambulance)\b`,
	),
	classPerson: compile(
		`^(an? )?(live |real |human )*(agent|human|person|representative|operator|employee|human being|support agent)( please| now|,? please)?\W*$`,
		`^(i )?(want|need|would like|'d like|wanna|please|just|let me|can i|could i|may i|can you|could you|get me|give me|connect me|transfer me|put me)\b[^.?!]{0,40}\b(human|real person|a person|live agent|an agent|representative|manager|supervisor|employee|colleague|human being|member of staff|real human)\b( please| now| here)?\W*$`,
		`\b(talk|speak|chat)(ing)? (to|with) (an? |the |your )?(real |live |actual )*(human|person|agent|representative|manager|supervisor|employee|somebody|someone|colleague|human being|member of staff)\b`,
		`\b(some(one|body)|anyone|a person|a human)\b[^.?!]{0,12}\b(call|ring|phone|contact) me\b`,
		`\bmit (einem|einer) (echten )?(menschen|mitarbeiter(in)?|person)\b|\bparler à (une (vraie )?personne|un (humain|conseiller))\b|\bhablar con (una persona|un agente|un humano)\b`,
		`\bparlare con (una persona|un operatore)\b|\bfalar com (uma pessoa|um atendente)\b|\b(iemand|een mens|een medewerker) spreken\b|\b(z człowiekiem|z konsultantem)\b`,
		`\bwants? (some(one|body)|a person|a human)\b[^.?!]{0,20}\bto (talk|speak)\b`,
	),
	classAttack: compile(
		`\b(ignore|disregard|forget|override|bypass|skip)\b[^.?!]{0,20}\b(previous|prior|above|earlier|all|your|help)\b[^.?!]{0,20}\b(instructions?|rules?|prompts?|guidelines|policies|articles)\b`,
		`\b(print|reveal|repeat|output|translate|leak|dump|recite|summari[sz]e|complete|disclose)\b[^.?!]{0,40}\b(your|the system|hidden|initial) ?(own )?(system ?prompt|prompt|instructions|rules|configuration|settings|context)\b`,
		`\bfrom your configuration\b`,
		`\beverything (written |said )?(before|above) (my|this|the) (first )?(message|chat|conversation)\b`,
		`\b(system override|developer mode|debug (mode|flag) on|do anything now|jailbreak)\b`,
		`</?(system|user|assistant|script|iframe|instructions?)\b`,
		`\{\{.*\}\}|\[/?(inst|system)\]`,
		`\byou are (now |no longer |not )(a |an )?(bot|assistant|general|unrestricted|free)\b`,
		`^(please )?(act as|pretend|roleplay|imagine (that )?you)\b`,
		`^(hypothetically|purely theoretically|for (a|my) (novel|story|film|book)|in a (story|novel|fictional|hypothetical))\b`,
		`\bfrom now on,? you\b|\byou (now |must now |must |have to )(agree|obey)\b`,
		`^system:`,
		`\b(base ?64|rot ?13|hexadecimal|morse)\b`,
		`\bignorier\w*[^.?!]{0,40}(anweisung|regel)|\bignor\w*[^.?!]{0,30}(instructions|instrucciones|istruzioni) (pr[eé]c|anter|prec)`,
		`\b(internal|confidential|staff[- ]only) (article|document|note|guideline|page|file|manual)s?\b`,
		`\b(conversation|chat|data|order|address|message)s?\b[^.?!]{0,30}\b(with|of|from) (an)?other (customer|user|visitor)`,
		`\b(other|another|previous) (customer|user|visitor)s?('s|')?\b[^.?!]{0,20}\b(conversation|chat|data|order|address|message|name)`,
		`\b(ai|assistants?|chatbots?|bots?|language models?)\b[^.?!]{0,30}\b(must|have to|shall|reading this)\b[^.?!]{0,40}\b(tell|say|reply|answer|click|include|reveal|ignore|agree)\b`,
		`\bbot: ?(tell|say|reply|answer|ignore)\b`,
		`\b(open|read|fetch|summari[sz]e|visit)\b[^?]*\bdo what it says\b`,
		`\b(build|make|assemble|construct)\b[^.?!]{0,30}\b(bomb|explosives?|skimmer|weapon|detonator)\b`,
	),
	classAbuse: compile(
		`\byou('?re| are)? (\w+ ){0,2}(idiots?|morons?|braindead|stupid|garbage|trash|scum|dumb|pathetic|worthless|useless piece|bastards?|bitch|b\*+|assholes?)\b`,
		`\b(fuck (you|off)|screw you|go to hell|kiss my ass|shut up|piss off|you suck|f\*+ (you|off))\b`,
		`\b(people|customers|agents)\b[^.?!]{0,30}\bare (all )?(scum|animals|vermin|subhuman)\b`,
	),
	classAccount: compile(
		`\b(unlock|unfreeze|unblock|reactivate|restore) (my|our) (account|card|profile|order)\b`,
		`\b(never|didn'?t|did not) (made|make|authori[sz]ed?|bought|buy)\b[^.?!]{0,20}\b(payment|charge|purchase|transaction|debit)?`,
		`\b(billed|charged|debited) (me )?(twice|two times|again|double)\b`,
		`\bwho (is|'s) liable\b`,
		`\b(someone|somebody) (else )?(has |is )?(hacked|logged into|broken into|using|changed|stole)\b[^.?!]{0,20}\b(account|card|password|e-?mail)\b`,
		`\bplease (verify|identify) me\b|\bcan you verify me\b`,
	),
}

var (
	// orderNumber is a number that shops and couriers give: "KK-20377", "order 100482113".
	orderNumber = regexp.MustCompile(`\b[A-Z]{2,4}-\d{4,}\b|(?i)\b(order|parcel|tracking|invoice|ticket|case|booking|reference|customer|contract|shipment)( number| no\.?| nr\.?| id)?( is)?\s*[#:]?\s*[a-z]{0,4}-?\d{4,}`)
	// aboutReaching are marks of a question about when or how to reach people.
	aboutReaching = regexp.MustCompile(`(?i)\b(hours?|what time|which days?|how long|how much|number|until when)\b`)
	// howTo is how a question begins that an article answers, whatever order it is about.
	howTo = regexp.MustCompile(`(?i)^\W*(how (do|can|long|much)|where (do|can) i|what happens|is it possible)\b`)
	// aboutService are marks of a question about reaching people, not of a wish to.
	aboutService = regexp.MustCompile(`(?i)\b(when|hours?|what time|which days?|how long|how much|phone|number)\b`)
)

// holdsOwnData reports whether a message gives a number of the customer's
// own, so that dealing with it takes a look at the customer's data.
func holdsOwnData(message string) bool {
	return personal.HoldsNumber(message) || orderNumber.MatchString(message) && !howTo.MatchString(message)
}

func compile(exprs ...string) []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(exprs))
	for i, e := range exprs {
		out[i] = regexp.MustCompile(`(?i)` + e)
	}
	return out
}

// matches reports whether a sentence has a pattern of class c.
func matches(c class, sentence string) bool {
	sentence = strings.ReplaceAll(sentence, "’", "'")
	if anyMatch(patterns[c], sentence) {
		return c != classPerson || !aboutService.MatchString(sentence)
	}
	return c == classAttack && looksLeet(sentence) && anyMatch(patterns[c], unleet.Replace(sentence))
}

func anyMatch(list []*regexp.Regexp, s string) bool {
	for _, p := range list {
		if p.MatchString(s) {
			return true
		}
	}
	return false
}

// unleet undoes digits written for letters.
var unleet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s")

var leetWord = regexp.MustCompile(`(?i)\b(?:[a-z]+[013457@$]+[a-z]+|[01345$@]+[a-z]{2,})\w*`)

// looksLeet reports whether several words have digits inside: one alone is a
// model's name.
func looksLeet(s string) bool { return len(leetWord.FindAllString(s, 3)) >= 3 }
