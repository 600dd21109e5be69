package storetest

import (
	"github.com/google/uuid"

	"frontdesk/chat"
)

// customerSays is Ann's message; name stands for its client id.
func customerSays(name, text string) chat.Draft {
	return chat.Draft{
		ClientID: id(name), Log: chat.LogPublic, Kind: chat.KindMessage, Text: text,
		From: chat.Sender{Kind: chat.PartyCustomer, ID: ann, Name: "Ann"},
	}
}

// botSays is a message of the bot that rests on the given versions.
func botSays(name, text string, versions ...uuid.UUID) chat.Draft {
	answer := &chat.Answer{Turn: id("turn of " + name), Action: chat.ActionAnswer, Confidence: 0.9}
	for i, v := range versions {
		answer.Citations = append(answer.Citations, chat.Citation{N: i + 1, Version: v, Spans: []chat.Span{{Start: 0, End: 4}}})
	}
	return chat.Draft{
		ClientID: id(name), Log: chat.LogPublic, Kind: chat.KindMessage, Text: text,
		From: chat.Sender{Kind: chat.PartyBot},
		Body: chat.Body{Answer: answer, Blocks: []chat.Block{{T: "p", Kids: []chat.Block{{T: "text", Text: text}}}}},
	}
}

// agentSays is a user's public message.
func agentSays(user uuid.UUID, name, text string) chat.Draft {
	return chat.Draft{
		ClientID: id(name), Log: chat.LogPublic, Kind: chat.KindMessage, Text: text,
		From: chat.Sender{Kind: chat.PartyAgent, ID: user, Name: "Agent"},
	}
}

// note is a private note of Alice.
func note(name, text string) chat.Draft {
	return chat.Draft{
		ClientID: id(name), Log: chat.LogStaff, Kind: chat.KindNote, Text: text,
		From: chat.Sender{Kind: chat.PartyAgent, ID: alice, Name: "Alice"},
	}
}

func rating(name string, score int) chat.Draft {
	d := customerSays(name, "")
	d.Kind, d.Body.Rating = chat.KindRating, &chat.Rating{Score: score, Comment: "so it was"}
	return d
}

func contact(name, email string) chat.Draft {
	d := customerSays(name, "")
	d.Kind, d.Body.Contact = chat.KindContact, &chat.Contact{Email: email}
	return d
}

func notice(name string) chat.Draft {
	return chat.Draft{
		ClientID: id(name), Log: chat.LogPublic, Kind: chat.KindNotice, Text: "You are number 1.",
		From: chat.Sender{Kind: chat.PartySystem},
		Body: chat.Body{Notice: &chat.Notice{Kind: chat.NoticeQueued, Place: 1}},
	}
}

// toQueue, toAgent, toBot and toClosed are the usual moves; the epoch is for
// the caller to set.
func toQueue() chat.Transition {
	return chat.Transition{To: chat.OwnerQueue, Status: chat.StatusOpen, By: chat.Sender{Kind: chat.PartyBot}, Reason: chat.ReasonAsked, Answered: true}
}

func toAgent(user uuid.UUID) chat.Transition {
	return chat.Transition{
		To: chat.OwnerAgent, Status: chat.StatusOpen, Agent: user, Name: "Agent", Reason: chat.ReasonClaimed,
		By: chat.Sender{Kind: chat.PartyAgent, ID: user, Name: "Agent"},
	}
}

func toBot() chat.Transition {
	return chat.Transition{To: chat.OwnerBot, Status: chat.StatusOpen, By: chat.Sender{Kind: chat.PartyAgent, ID: alice}, Reason: chat.ReasonReleased}
}

func toClosed() chat.Transition {
	return chat.Transition{
		To: chat.OwnerBot, Status: chat.StatusClosed, By: chat.Sender{Kind: chat.PartyAgent, ID: alice},
		Reason: chat.ReasonClosed, ClearPromise: true, Answered: true,
	}
}
