package gateway

import (
	"encoding/json"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"frontdesk/chat"
)

// BriefSchema describes chat.Brief as JSON Schema, draft 2020-12: the form that
// the API gives it in.
func BriefSchema() ([]byte, error) {
	data, err := json.MarshalIndent(struct {
		Schema      string `json:"$schema"`
		ID          string `json:"$id"`
		Title       string `json:"title"`
		Description string `json:"description"`
		Ref         string `json:"$ref"`
		Defs        any    `json:"$defs"`
	}{
		"https://json-schema.org/draft/2020-12/schema", "urn:frontdesk:brief:" + strconv.Itoa(chat.BriefVersion), "Brief",
		"What an agent reads before taking over a conversation. Every part is always there, and one with nothing to say is empty; " +
			"only before, opener, promised and polished are left out where there are none.",
		"#/$defs/Brief", briefDefs().Map(),
	}, "", "  ")
	return append(data, '\n'), err
}

// briefDefs are the schemas of a brief and its parts, with what the Go types
// cannot say: closed lists, and what may be null.
func briefDefs() huma.Registry {
	defs := huma.NewMapRegistry("#/$defs/", huma.DefaultSchemaNamer)
	defs.Schema(reflect.TypeFor[chat.Brief](), true, "Brief")
	brief := defs.Map()["Brief"].Properties
	for name, words := range map[string]string{
		"version": "Of this form. 2 added shop, promised and device, 3 attributes and before, 4 opener.", "goal": "In the customer's own words.", "opener": "What the widget said by itself and the customer's first words answered.", "tried": "What was tried so far, by the customer or with the bot.",
		"open": "Questions without an answer.", "articles": "Shown or considered: number is the article's version.",
		"confidence": "The bot's, turn by turn: the probability that answering was right.", "why": "Why now, as a sentence.",
		"reason": "Why now, of a closed list.", "before": "What the reason was before it became loop.", "language": "BCP 47; empty when it is not known.", "mood": "Empty when nothing tells it.",
		"page": "Where the customer was on the website.", "device": "What the customer's browser says that it is, as Safari on iPhone; empty when it says nothing known.", "identity": "How well it is known who the customer is.",
		"attributes": "What else is known of the customer, at most 10: what the site vouches for first.",
		"journey":    "Earlier conversations, newest first.", "shop": "What the shop said or did for the customer in this conversation, newest first.",
		"promised": "By when the customer was told to have an answer.", "suggested": "A reply with its sources; null when there is none.",
		"took_ms": "How long the brief took to make.", "polished": "Goal, tried and open in the words of a language model, beside the customer's own.",
	} {
		brief[name].Description = words
	}
	closed(brief["reason"], append(chat.HandoffReasons(), chat.ReasonTransferred))
	closed(brief["mood"], []string{"", "in distress", "angry", "impatient"})
	closed(brief["identity"], []chat.Level{"unknown", chat.LevelAnonymous, chat.LevelGiven, chat.LevelVouched, chat.LevelVerified})
	closed(defs.Map()["BriefPoint"].Properties["action"], []chat.Action{chat.ActionAnswer, chat.ActionClarify, chat.ActionHandoff, chat.ActionRefuse, chat.ActionSmallTalk})
	brief["suggested"] = &huma.Schema{Description: brief["suggested"].Description, AnyOf: []*huma.Schema{{Ref: brief["suggested"].Ref}, {Type: "null"}}}
	return defs
}

func closed[T ~string](s *huma.Schema, values []T) {
	for _, v := range values {
		s.Enum = append(s.Enum, string(v))
	}
}
