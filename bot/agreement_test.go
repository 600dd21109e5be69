package bot

import (
	"testing"

	"frontdesk/say"
)

// How the languages of the widget say yes, what they say that is none, and how their openers offer help, as such or with something.
var agreementCases = map[string]struct{ yes, no, help, about []string }{
	"en": {[]string{"Yes, please!", "ok", "sure, that would be great", "tell me more"}, []string{"no thanks", "yes, but what does it cost?", "great", ""},
		[]string{"Can we help?", "Any questions?"}, []string{"Questions about delivery?", "Looking for a size?"}},
	"de": {[]string{"Ja, gerne!", "Klar", "ja bitte, das wäre super", "Auf jeden Fall, gern"}, []string{"Nein danke", "ja, aber was kostet das?", "Super"},
		[]string{"Können wir Ihnen helfen?", "Haben Sie Fragen?"}, []string{"Fragen zum Versand?"}},
	"fr": {[]string{"Oui, s’il vous plaît", "D’accord", "Volontiers, merci"}, []string{"Non merci", "Oui mais combien ça coûte ?"},
		[]string{"Bonjour ! Pouvons-nous vous aider ?", "Avez-vous des questions ?"}, []string{"Des questions sur la livraison ?"}},
	"es": {[]string{"Sí, por favor", "claro", "Vale, gracias"}, []string{"No, gracias", "sí, pero cuánto cuesta"},
		[]string{"¡Hola! ¿Podemos ayudarle?", "¿Tiene alguna pregunta?"}, []string{"¿Alguna pregunta sobre el envío?"}},
	"it": {[]string{"Sì, grazie", "Certo", "va bene, volentieri"}, []string{"No grazie", "sì ma quanto costa"},
		[]string{"Ciao! Possiamo aiutarla?", "Ha domande?"}, []string{"Domande sulla spedizione?"}},
	"nl": {[]string{"Ja graag", "Ja, alstublieft", "oké"}, []string{"Nee, bedankt", "ja maar wat kost het"},
		[]string{"Hallo! Kunnen we u helpen?", "Hebt u een vraag?"}, []string{"Vragen over de levering?"}},
	"pt": {[]string{"Sim, por favor", "Claro", "quero sim, obrigada"}, []string{"Não, obrigado", "sim, mas quanto custa"},
		[]string{"Olá! Podemos ajudar?", "Tem alguma dúvida?"}, []string{"Alguma dúvida sobre a entrega?"}},
	"pl": {[]string{"Tak, poproszę", "Jasne", "chętnie, dziękuję"}, []string{"Nie, dziękuję", "tak, ale ile to kosztuje"},
		[]string{"Cześć! Czy możemy pomóc?", "Masz pytania?"}, []string{"Pytania o dostawę?"}},
	"tr": {[]string{"Evet, lütfen", "Tamam", "olur, teşekkürler"}, []string{"Hayır, teşekkürler", "evet ama ne kadar"},
		[]string{"Merhaba! Size yardımcı olabilir miyiz?", "Sorunuz var mı?"}, []string{"Teslimatla ilgili sorunuz var mı?"}},
	"ar": {[]string{"نعم من فضلك", "أكيد", "حسنًا، شكرًا"}, []string{"لا شكرا", "نعم ولكن كم السعر؟"},
		[]string{"مرحبا! هل يمكننا مساعدتك؟", "هل لديك أسئلة؟"}, []string{"هل لديك أسئلة عن التوصيل؟"}},
	"ja": {[]string{"はい、お願いします", "はいお願いします", "ぜひ"}, []string{"いいえ、結構です", "はい、でもいくらですか"},
		[]string{"こんにちは。何かお困りですか？", "ご質問はありますか？"}, []string{"配送についてご質問はありますか？"}},
	"zh": {[]string{"好的", "是的，谢谢", "好的谢谢", "可以"}, []string{"不用了，谢谢", "好的，多少钱？"},
		[]string{"您好！我们可以帮您吗？", "有什么问题吗？"}, []string{"配送有问题吗？"}},
}

func TestYesInTheLanguagesOfTheWidget(t *testing.T) {
	t.Parallel()
	for _, tag := range say.Languages() {
		c, ok := agreementCases[tag]
		if !ok {
			t.Errorf("there are no cases for %s", tag)
		}
		for _, text := range c.yes {
			if !saysYes(text) {
				t.Errorf("%s: %q says yes", tag, text)
			}
		}
		for _, text := range c.no {
			if saysYes(text) {
				t.Errorf("%s: %q says more than yes, or no", tag, text)
			}
		}
		for _, text := range c.help {
			if got := subject(text); got != "" {
				t.Errorf("%s: %q offers help with %q", tag, text, got)
			}
		}
		for _, text := range c.about {
			if subject(text) == "" {
				t.Errorf("%s: %q offers more than help", tag, text)
			}
		}
	}
}
