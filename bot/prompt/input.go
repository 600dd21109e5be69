package prompt

import (
	"encoding/json"
	"slices"

	"frontdesk/chat"
	"frontdesk/llm"
)

// Said is an earlier message of a conversation.
type Said struct {
	By   chat.Party // PartySystem is what was said by itself, before the customer wrote
	Text string
}

func speaker(by chat.Party) string {
	switch by {
	case chat.PartyBot:
		return "Bot"
	case chat.PartyAgent:
		return "Agent"
	case chat.PartySystem:
		return "Automatic message"
	}
	return "Customer"
}

// DefaultBudget is how many tokens a prompt has at most when the caller sets
// nothing: half of the window of small models, which also write into it.
const DefaultBudget = 2000

// Talk is what every prompt about a conversation is made of.
type Talk struct {
	Question string // the customer's unanswered words; "" if there are none
	History  []Said // before it, oldest first
	Summary  string // of what came before History; "" if there is none
	Locale   string // BCP 47, the customer's; "" when unknown
	Budget   int    // tokens, about; 0 means DefaultBudget
}

func (t Talk) view() view {
	if t.Budget <= 0 {
		t.Budget = DefaultBudget
	}
	return view{question: t.Question, history: t.History, summary: t.Summary, Locale: t.Locale, budget: t.Budget}
}

// ComposeInput is what an answer is worded from.
type ComposeInput struct {
	Talk
	Passages []Passage // what may be said, the cited first
	Draft    []Line    // the answer without a model, to be worded
}

// Compose asks for an answer out of passages, in the protocol of Line.
func (s Set) Compose(in ComposeInput) (Prompt, error) {
	v := in.Talk.view()
	v.passages, v.draft = in.Passages, in.Draft
	return s.make(Compose, v, nil)
}

// Suggest asks for a reply that an agent checks and sends, in the protocol of
// Line. Passages may hold internal articles only if the agent may quote them.
func (s Set) Suggest(in ComposeInput) (Prompt, error) {
	v := in.Talk.view()
	v.passages, v.draft = in.Passages, in.Draft
	return s.make(Suggest, v, nil)
}

// Rewrite asks for the question of a follow-up that stands for itself. The
// reply is that question on one line.
func (s Set) Rewrite(in Talk) (Prompt, error) { return s.make(Rewrite, in.view(), nil) }

// Summary asks for what a conversation came to, going on from in.Summary. The
// reply is a few plain lines.
func (s Set) Summary(in Talk) (Prompt, error) { return s.make(Summary, in.view(), nil) }

// BriefDraft is the part of a chat.Brief that a model may word.
type BriefDraft struct {
	Goal  string   `json:"goal"`
	Tried []string `json:"tried"`
	Open  []string `json:"open"`
	Why   string   `json:"why"` // why a person is needed; given, not asked for
}

// Brief asks to word a brief. The reply is JSON: a BriefDraft without Why.
func (s Set) Brief(in Talk, brief BriefDraft) (Prompt, error) {
	v := in.view()
	v.brief = brief
	return s.make(Brief, v, briefSchema)
}

// Reword asks for an agent's text in another manner. The reply is the text.
func (s Set) Reword(text string, manner Manner) (Prompt, error) {
	if manners[manner] == "" {
		return Prompt{}, chat.Errorf(chat.CodeInvalid, "There is no manner %q: there are shorter, kinder and formal.", manner)
	}
	return s.make(Reword, view{text: text, manner: manner}, nil)
}

// Translate asks for a text in another language, a BCP 47 tag. The reply is
// the text.
func (s Set) Translate(text, to string) (Prompt, error) {
	if !plainTag.MatchString(to) {
		return Prompt{}, chat.Errorf(chat.CodeInvalid, "%q is no language tag: write one like \"en\" or \"de-CH\".", to)
	}
	return s.make(Translate, view{text: text, Locale: to}, nil)
}

// Tags asks which tags of a list a conversation gets, most at most. The reply
// is JSON: {"tags": ["…"]}.
func (s Set) Tags(in Talk, list []string, most int) (Prompt, error) {
	v := in.view()
	v.tags = list
	return s.make(Tags, v, tagsSchema(list, most))
}

// Article asks for a help article out of a solved conversation. The reply is
// Markdown that begins with its title as "# Title".
func (s Set) Article(in Talk) (Prompt, error) { return s.make(Article, in.view(), nil) }

// ActionChoice is an action that may be called.
type ActionChoice struct {
	Name       string
	About      string          // what it does
	Parameters json.RawMessage // a JSON schema of an object
}

// Action asks which action of a list does what the customer wants, if any. The
// reply is JSON: {"action": name or "none", "arguments": {…}, "missing": ["…"]}.
// Where an endpoint knows tools, the caller may offer them beside it.
func (s Set) Action(in Talk, actions []ActionChoice) (Prompt, error) {
	v := in.view()
	v.actions = actions
	return s.make(Action, v, actionSchema(actions))
}

var briefSchema = schema("brief", object(map[string]any{
	"goal": text(300), "tried": list(text(200), 6), "open": list(text(200), 6),
}))

func tagsSchema(tags []string, most int) *llm.Schema {
	item := text(maxName)
	if len(tags) > 0 {
		item = map[string]any{"type": "string", "enum": tags}
	}
	return schema("tags", object(map[string]any{"tags": list(item, most)}))
}

func actionSchema(actions []ActionChoice) *llm.Schema {
	names := []string{"none"}
	for _, a := range actions {
		names = append(names, a.Name)
	}
	return schema("action", object(map[string]any{
		"action":    map[string]any{"type": "string", "enum": names},
		"arguments": map[string]any{"type": "object"},
		"missing":   list(text(100), 6),
	}))
}

func schema(name string, s map[string]any) *llm.Schema {
	b, err := json.Marshal(s)
	if err != nil {
		panic("prompt: a schema is plain data: " + err.Error())
	}
	return &llm.Schema{Name: name, JSON: b}
}

func object(properties map[string]any) map[string]any {
	required := make([]string, 0, len(properties))
	for name := range properties {
		required = append(required, name)
	}
	slices.Sort(required)
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func text(most int) map[string]any { return map[string]any{"type": "string", "maxLength": most} }

func list(of any, most int) map[string]any {
	return map[string]any{"type": "array", "items": of, "maxItems": most}
}
