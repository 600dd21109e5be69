package bot

import "frontdesk/chat"

// Words gives what the bot says to the customer with an action and its
// reason, in English and where it does not quote an article: a Runner says it in
// the customer's language. It promises no time: that is the queue's to say.
func Words(action chat.Action, reason chat.Reason) string {
	switch action {
	case chat.ActionHandoff:
		if w, ok := handoffWords[reason]; ok {
			return w
		}
		return handoffWords[chat.ReasonFailure]
	case chat.ActionRefuse:
		switch reason {
		case chat.ReasonAbuse:
			return "I would like to help, but not in this tone. Tell me what your question is, or ask for a person."
		case chat.ReasonOffTopic:
			return "That is not something I can help with here. I answer questions from our help articles. Ask me one of those, or ask for a person."
		}
		return "I can't do that. I answer questions from our help articles. Ask me one of those, or ask for a person."
	case chat.ActionClarify:
		return "I can answer this for more than one thing. Which of these do you mean?"
	}
	return ""
}

var handoffWords = map[chat.Reason]string{
	chat.ReasonAsked:         "I'll bring in a person and pass on what you told me.",
	chat.ReasonLowConfidence: "I'm not sure about this one: our articles may not answer it. I'll bring in a person and pass on what you told me.",
	chat.ReasonNothingFound:  "I found no article about this. I'll bring in a person and pass on what you told me.",
	chat.ReasonValueMissing:  "Our articles are about this, but the exact detail you ask for isn't in them. I'll bring in a person and pass on what you told me.",
	chat.ReasonInternal:      "I can't answer this one from our articles. I'll bring in a person and pass on what you told me.",
	chat.ReasonPersonOnly:    "This takes a look at your own data, which only a person may do. I'll bring one in and pass on what you told me.",
	chat.ReasonRepeated:      "My answer didn't help, and I won't repeat it. I'll bring in a person and pass on what you told me and what you tried.",
	chat.ReasonDistress:      "If anyone is in danger or hurt, call your local emergency number now: 112 in Europe, 911 in the USA and Canada. I'm passing this to a person now.",
	chat.ReasonAbuse:         "This is not for me to go into. I'll bring in a person and pass on what you told me.",
	chat.ReasonPolicy:        "That is for a person to answer. I'll bring one in and pass on what you told me.",
	chat.ReasonFailure:       "I couldn't work this out because of a fault on our side. Your message is kept, and I'll bring in a person.",
	chat.ReasonShadow:        "I'll have a person answer this one, and pass on what you told me.",
	chat.ReasonSuggest:       "I'll have a person check the answer to this one, and pass on what you told me.",
	chat.ReasonAction:        "I can't tell whether that went through. I'll bring in a person who looks, and pass on what you told me.",
	chat.ReasonLoop:          "I've had this question back more than once, and I won't hold you up again. From here on a person stays with you, and has all that was said.",
	chat.ReasonLanguage:      "I can't answer in this language. I'll bring in a person and pass on what you told me.",
}

// wordlessWords is said to a message without a word in it.
const wordlessWords = "I can't make out a question in that. Write it in a few words, or ask for a person."

// smallTalk gives the reply to small talk, by its gravest class: whoever asks
// what it talks to must be told.
func smallTalk(found map[class]bool) string {
	switch {
	case found[classIdentity]:
		return "I'm a bot. I answer from our help articles and show which ones. If you want a person, say so and I bring one in."
	case found[classGoodbye]:
		return "Goodbye. This chat stays here if you need it again."
	case found[classThanks]:
		return "You're welcome. If there is anything else, write it here."
	}
	return "Hello. What is your question? I answer from our help articles, and can bring in a person at any time."
}
