package prompt

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"frontdesk/llm"
)

// labelWords are what fences are called: each kind of material has its own.
const labelWords = `question|passage|result|history|summary|draft|text|brief|actions?|note|tags?`

// view is what a frame sees. Its fields that strangers wrote are lower case:
// a template reaches them through methods that fence them.
type view struct {
	Instructions string
	Mark, Canary string
	Locale       string

	question, summary, text string
	history                 []Said
	passages                []Passage
	draft                   []Line
	brief                   BriefDraft
	actions                 []ActionChoice
	tags                    []string
	manner                  Manner
	budget                  int
}

// fence puts defused material between marks that its writer cannot know.
func (v view) fence(label, text string, most int) string {
	return v.wrap(label, v.clean(text, most))
}

// clean defuses material, and takes the request's own mark out of it.
func (v view) clean(text string, most int) string {
	text = Defuse(text, most)
	for _, secret := range []string{v.Mark, v.Canary} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***") // nothing: two halves would meet
		}
	}
	return text
}

func (v view) wrap(label, text string) string {
	kind, _, _ := strings.Cut(label, " ")
	number := strings.TrimPrefix(strings.TrimPrefix(label, kind), " ")
	if number != "" {
		number = fmt.Sprintf(" n=%q", number)
	}
	return fmt.Sprintf("<%s-%s%s>\n%s\n</%s-%s>", kind, v.Mark, number, text, kind, v.Mark)
}

// The most that each kind of material may have, in bytes. A question of a
// person has some hundred.
const (
	maxQuestion  = 4000
	maxText      = 16000
	maxSummary   = 4000
	maxSaid      = 1500
	maxTitle     = 200
	maxBriefPart = 600
	maxDraftLine = 800
	maxName      = 64
	maxAbout     = 1000
)

// Question is what the customer asks now.
func (v view) Question() string { return v.fence("question", v.question, maxQuestion) }

// HasQuestion reports whether the customer asks something now.
func (v view) HasQuestion() bool { return v.question != "" }

// Text is what is to be changed.
func (v view) Text() string { return v.fence("text", v.text, maxText) }

// HasHistory reports whether something was said before.
func (v view) HasHistory() bool { return len(v.history) > 0 || v.summary != "" }

// Summary is what was kept of what was said before the history.
func (v view) Summary() string {
	if strings.TrimSpace(v.summary) == "" {
		return ""
	}
	return v.fence("summary", v.summary, maxSummary)
}

// History is what was said before, as much of its end as the budget holds.
func (v view) History() string {
	if len(v.history) == 0 {
		return ""
	}
	var lines []string
	left := v.historyBudget()
	for i := len(v.history) - 1; i >= 0; i-- {
		said := v.history[i]
		line := fmt.Sprintf("%s: \"%s\"", speaker(said.By), quotes.Replace(v.clean(said.Text, maxSaid)))
		if left -= llm.Estimate(line); left < 0 && len(lines) > 0 {
			break
		}
		lines = append(lines, line)
	}
	slices.Reverse(lines)
	return v.wrap("history", strings.Join(lines, "\n"))
}

// quotes keeps a message within its quotation marks and on its line, so that it
// cannot go on as somebody else's.
var quotes = strings.NewReplacer("\n", " ", `"`, "'", "“", "'", "”", "'", "„", "'", "‟", "'", "«", "'", "»", "'", "＂", "'")

// historyBudget is the part of the budget that what was said may take, in
// tokens: where there are passages, a quarter.
func (v view) historyBudget() int {
	if len(v.passages) > 0 {
		return v.budget / 4
	}
	return v.budget
}

// Passages are the sources, each with its number and title.
func (v view) Passages() string {
	var out []string
	for i, text := range cut(v.passages, v.passageBudget()) {
		p := v.passages[i]
		title := strings.ReplaceAll(v.clean(p.Title, maxTitle), "\n", " ")
		out = append(out, v.wrap(fmt.Sprintf("passage %d", p.N), "Title: "+title+"\n\n"+v.clean(text, len(text))))
	}
	return strings.Join(out, "\n")
}

// passageBudget is what the rest leaves, in tokens.
func (v view) passageBudget() int {
	used := llm.Estimate(v.Instructions) + llm.Estimate(v.History()) + llm.Estimate(v.Question()) + llm.Estimate(v.Draft()) + frameTokens
	return v.budget - used
}

// frameTokens is about what the longest frame has.
const frameTokens = 350

// HasDraft reports whether there is an answer to word.
func (v view) HasDraft() bool { return len(v.draft) > 0 }

// Draft is the answer to word, in the protocol's lines.
func (v view) Draft() string {
	if len(v.draft) == 0 {
		return ""
	}
	var lines []string
	for _, l := range v.draft {
		l.Text = strings.ReplaceAll(v.clean(l.Text, maxDraftLine), "\n", " ")
		lines = append(lines, l.String())
	}
	return v.wrap("draft", strings.Join(lines, "\n"))
}

// Brief is what is known of a conversation that an agent takes over.
func (v view) Brief() string {
	var b strings.Builder
	part := func(name string, texts ...string) {
		for _, t := range texts {
			fmt.Fprintf(&b, "%s: %s\n", name, strings.ReplaceAll(v.clean(t, maxBriefPart), "\n", " "))
		}
	}
	part("Goal", v.brief.Goal)
	part("Tried", v.brief.Tried...)
	part("Open", v.brief.Open...)
	part("Why a person", v.brief.Why)
	return v.wrap("brief", strings.TrimSpace(b.String()))
}

// Actions are what the shop can do, with what each needs.
func (v view) Actions() string {
	var lines []string
	for _, a := range v.actions {
		lines = append(lines, fmt.Sprintf("Action %s. %s Arguments: %s", v.clean(a.Name, maxName),
			strings.ReplaceAll(v.clean(a.About, maxAbout), "\n", " "), v.clean(unescaped(a.Parameters), maxAbout)))
	}
	return v.wrap("actions", strings.Join(lines, "\n"))
}

// unescaped writes JSON without escapes that hide what it says.
func unescaped(raw json.RawMessage) string {
	var v any
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if json.Unmarshal(raw, &v) != nil || enc.Encode(v) != nil {
		return string(raw)
	}
	return b.String()
}

// Tags are those that may be given.
func (v view) Tags() string {
	var out []string
	for _, t := range v.tags {
		out = append(out, strings.ReplaceAll(v.clean(t, maxName), "\n", " "))
	}
	return v.wrap("tags", strings.Join(out, "\n"))
}
