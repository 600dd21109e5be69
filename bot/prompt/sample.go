package prompt

import (
	"encoding/json"

	"frontdesk/chat"
)

// Sample makes a prompt out of the made-up conversation that instructions are
// checked and shown with.
func (s Set) Sample(name Name) (Prompt, error) {
	talk := Talk{
		Question: "and the lamp inside stays dark too, what does E2 mean?",
		History: []Said{
			{chat.PartyCustomer, "My Bogen kettle shows nothing when I press the button."},
			{chat.PartyBot, "Press the power button for one second, not just a tap."},
			{chat.PartyCustomer, "I did. Order KK-20377, if you need it."},
		},
		Locale: "en-GB",
	}
	answered := talk
	answered.Question = ""
	answered.Summary = "Wants to get a Bogen kettle to work."
	answered.History = append(answered.History[:len(answered.History):len(answered.History)],
		Said{chat.PartyAgent, "E2 means that the sensor gives no value. Wipe the contacts. If it comes back, choose Report a fault."})
	switch name {
	case Compose:
		return s.Compose(sampleAnswer(talk))
	case Suggest:
		return s.Suggest(sampleAnswer(talk))
	case Rewrite:
		return s.Rewrite(talk)
	case Summary:
		return s.Summary(answered)
	case Brief:
		return s.Brief(talk, BriefDraft{Goal: talk.Question, Tried: []string{"Pressed the power button for one second"}, Open: []string{"What E2 means"}, Why: "No article was likely enough to be right."})
	case Reword:
		return s.Reword("Wipe the contacts. You have to send it in if E2 comes back.", Kinder)
	case Translate:
		return s.Translate("Wipe the contacts.\nIf E2 comes back, it is a repair.", "de")
	case Tags:
		return s.Tags(answered, []string{"kettles", "returns", "troubleshooting"}, 3)
	case Article:
		return s.Article(answered)
	case Action:
		return s.Action(talk, []ActionChoice{{Name: "order_status", About: "Says where an order is.", Parameters: json.RawMessage(`{"type":"object","properties":{"order":{"type":"string"}},"required":["order"]}`)}})
	}
	return Prompt{}, chat.Errorf(chat.CodeNotFound, "There is no prompt %q.", name)
}

func sampleAnswer(talk Talk) ComposeInput {
	const fault = `The Bogen stands on its base and the display stays dark, or it shows an E. Most of the time it has protected itself.

## The display shows an E

| Shown | What it means | What to do |
|---|---|---|
| E1 | heated without water | Let it cool down for 15 minutes, fill in water, start again. |
| E2 | the sensor gives no value | Wipe the contacts. If E2 comes back, it is a repair. |
`
	const repair = "Choose **Report a fault** under **My orders**. You get a label by e-mail. A repair takes 10 working days."
	return ComposeInput{
		Talk: talk,
		Passages: []Passage{
			{N: 1, Title: "The base does not light up", Body: fault, Locale: "en"},
			{N: 2, Title: "Send in a repair", Body: repair, Locale: "en"},
		},
		Draft: []Line{{N: 1, Text: "E2: the sensor gives no value."}, {N: 1, Text: "Wipe the contacts. If E2 comes back, it is a repair."}},
	}
}
