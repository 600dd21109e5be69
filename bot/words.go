package bot

import "frontdesk/chat"

// Words gives what the bot says to the customer with an action and its
// reason, where it does not quote an article. It promises no time: that is
// the queue's to say.
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

// wordsIn is Words for a handoff, in a customer's language first where that is
// not English and there are words for it: who does not read English must still
// learn that a person comes, or whom to call.
func wordsIn(language string, reason chat.Reason) string {
	said := Words(chat.ActionHandoff, reason)
	if theirs := handoffWordsIn[language]; reason == chat.ReasonDistress && theirs.distress != "" {
		return theirs.distress + "\n" + said
	} else if language != "" && theirs.person != "" {
		return theirs.person + "\n" + said
	}
	return said
}

// handoffWordsIn are the words for languages in which customers of European
// sites write most.
var handoffWordsIn = map[string]struct{ person, distress string }{
	"de": {
		"In dieser Sprache kann ich nicht antworten. Ich hole einen Menschen dazu und gebe weiter, was Sie geschrieben haben.",
		"Wenn jemand in Gefahr oder verletzt ist, rufen Sie jetzt den Notruf: 112. Ich gebe das sofort an einen Menschen weiter.",
	},
	"fr": {
		"Je ne peux pas répondre dans cette langue. Je fais venir une personne et je lui transmets votre message.",
		"Si quelqu'un est en danger ou blessé, appelez tout de suite les secours : 112. Je transmets ceci immédiatement à une personne.",
	},
	"es": {
		"No puedo responder en este idioma. Aviso a una persona y le paso lo que ha escrito.",
		"Si alguien está en peligro o herido, llame ahora a emergencias: 112 en Europa, 911 en América. Paso esto ahora mismo a una persona.",
	},
	"it": {
		"Non posso rispondere in questa lingua. Chiamo una persona e le passo quello che ha scritto.",
		"Se qualcuno è in pericolo o ferito, chiami subito il 112. Passo subito il messaggio a una persona.",
	},
	"nl": {
		"Ik kan niet in deze taal antwoorden. Ik haal er een mens bij en geef door wat u hebt geschreven.",
		"Als iemand in gevaar of gewond is, bel dan nu 112. Ik geef dit meteen door aan een mens.",
	},
	"pt": {
		"Não consigo responder neste idioma. Vou chamar uma pessoa e passar o que escreveu.",
		"Se alguém está em perigo ou ferido, ligue já para a emergência: 112 na Europa, 190 ou 192 no Brasil. Vou passar isto agora a uma pessoa.",
	},
	"pl": {
		"Nie potrafię odpowiedzieć w tym języku. Wezwę człowieka i przekażę mu to, co zostało napisane.",
		"Jeśli ktoś jest w niebezpieczeństwie lub ranny, zadzwoń teraz pod 112. Od razu przekazuję to człowiekowi.",
	},
}

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
