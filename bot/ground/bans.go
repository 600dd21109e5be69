package ground

import (
	"regexp"
	"slices"
	"strings"
)

// ban is a kind of sentence that no source excuses.
type ban struct {
	why Why
	res []*regexp.Regexp
}

func patterns(why Why, exprs ...string) ban {
	b := ban{why: why}
	for _, e := range exprs {
		b.res = append(b.res, regexp.MustCompile(`(?i)`+e))
	}
	return b
}

// bans are looked for in this order.
var bans = []ban{
	patterns(WhyLeak,
		`\b(sk|pk|rk|api|key|ghp|xox[abp])[-_][a-z0-9_-]{12,}\b|\bAKIA[A-Z0-9]{12,}\b|\beyJ[a-z0-9_-]{10,}\.`,
		`\bcanary\b[-_: ]*[a-z0-9]*\d`,
		`-----BEGIN\b`,
		`\b(system|developer|hidden|initial) ?(prompt|instructions?)\b|\b(system|developer) message\b`,
		`\bmy (instructions?|prompt|rules|configuration|guidelines)\b|\bI (was|am|have been) (instructed|told|programmed|configured|prompted) to\b`,
		`</?(system|user|assistant|passage|source|article|instructions?)\b|<\|[a-z_]+\|>|\[/?INST\]`,
		`^\W*(system|assistant|user)\s*:`,
	),
	patterns(WhyMeta,
		`\b(as|being|i'?m|i am) an? (ai|artificial|(large )?language|virtual|digital|chat ?bot|bot)\b`,
		`\b(language model|training data|knowledge cut-?off)\b`,
		`\b(the|this|these|that|your|provided|given|above|our) (passages?|sources?|excerpts?|snippets?|context|documents? (provided|above|given)|(provided|given) (articles?|texts?|information|context))\b[^.?!]{0,30}\b(says?|states?|mentions?|does|do|indicates?|contains?|explains?|provides?)\b`,
		`\b(according to|based on|per|as (stated|mentioned|described|noted) in|from)\b (the |this |these |your |our )?((provided|given|above|following) )?(passages?|sources?|excerpts?|snippets?|contexts?|citations?)\b`,
		`\b(passage|source|excerpt|snippet|citation|document) ?(no\.? ?|number |#)?\d+\b`,
		`\b(I|we) (do not|don'?t|did not|didn'?t|cannot|can'?t|could not|couldn'?t) (have|find|see|know|access|provide|answer)\b`,
	),
	patterns(WhySecret,
		`\b(send|give|tell|provide|share|submit|post|write|reply|enter|type|e-?mail|message|text|state|confirm|verify|paste|read out)\b( (to )?(me|us|here|in (this|the) chat))*[^.?!;:]{0,40}\b(your|the|full|complete)\b[^.?!;:]{0,30}\b(passwords?|passcode|pass ?phrase|pin( code| number)?|cvv|cvc|security code|(credit|debit|bank|gift|payment) ?card (number|details|data|information)|card number|one[- ]time (code|password)|otp|verification code|2fa code|seed phrase|private key|social security( number)?|ssn|iban|bank (details|account number)|login (details|data|credentials)|credentials)\b[^.?!]{0,40}\b(to us|to me|here|in (this|the) chat|with (us|me)|by (e-?mail|phone|chat|reply)|to (proceed|continue|verify|confirm)|at (https?:|www\.|[a-z0-9-]+\.))`,
		`\b(send|give|tell|provide|share|message|text|e-?mail|forward)\b (to )?(me|us)\b[^.?!]{0,40}\b(passwords?|passcode|pin|cvv|cvc|security code|card (number|details|data)|one[- ]time (code|password)|otp|verification code|2fa code|seed phrase|private key|social security|ssn|iban|bank details|login|credentials)\b`,
		`\b(what is|what's|tell me|I need|we need|may I have|can I have|could I have|please)\b[^.?!]{0,20}\byour (current |full |account |online |bank |e-?mail )?(passwords?|passcode|pin|cvv|cvc|security code|card number|credit card|one[- ]time (code|password)|otp|verification code|social security|ssn|credentials)\b`,
		`\b(pay|transfer|wire|send|deposit|buy|purchase)\b[^.?!]{0,40}\b(gift cards?|bitcoins?|btc|crypto(currency)?|western union|moneygram|wire transfer)\b[^.?!]{0,40}\b(us|me|to (unlock|release|verify|proceed|continue|receive))\b`,
		`\b(pay|transfer|wire|send)\b[^.?!]{0,30}\b(to (this|the following|our new) (account|iban|wallet|address))\b`,
	),
	patterns(WhyInjected,
		`\b(ignore|disregard|forget|override|bypass)\b[^.?!]{0,30}\b(instructions?|rules?|prompts?|guidelines|polic(y|ies))\b`,
		`\b(ai|artificial intelligence|chat)[- ]?(assistants?|agents?|models?|bots?)\b`,
		`\b(the |an? )?(assistant|bot|language model)s? (must|should|shall|has to|have to|is to|will)\b|\bassistants?\s*:`,
		`\bfrom now on\b[^.?!]{0,20}\b(you|answer|say|reply|every|always)\b|\banswer every question\b`,
		`\{\{[^}]*\}\}|\bsystem override\b|\bdeveloper mode\b`,
	),
	patterns(WhyOthers,
		`\b((an)?other|different|previous|a) (customers?|users?|visitors?|clients?|buyers?|person|people|members?)('s|s'|’s)? (named|called|with the|whose|is|was|has|had|ordered|bought|said|asked|told|wrote|name|order|address|e-?mail|phone|account number|conversation|chat|data)\b`,
		`\b(order|account|address|e-?mail|conversation|chat|phone|data|details|message)s? (number )?(of|from|for) (an)?other (customer|user|visitor|client|member)s?\b`,
		`\b(mr|mrs|ms)\.? [a-z]+('s|’s)? (order|address|account|parcel|e-?mail|phone|refund)\b`,
		`\b[A-Z][a-z]+ [A-Z][a-z]+ (from|in|of) [A-Z][a-z]+ (ordered|bought|returned|paid|lives|asked)\b`,
		`\byour (order|case|ticket|parcel|account|booking|reference)( number| no\.?| id)? (is|was) [#a-z]{0,5}[- ]?\d{3,}`,
	),
	patterns(WhyAction,
		`\b(I|we)('ve| have|'ll| will|'m| am|'re| are|'d| had)?( now| just| already| also| gladly| going to| about to| happy to)* (cancel(l?ed|l?ing)?|refund(ed|ing)?|chang(e|ed|ing)|updat(e|ed|ing)|book(ed|ing)?|reserv(e|ed|ing)|credit(ed|ing)?|sent|send|sending|escalat(e|ed|ing)|forward(ed|ing)?|transferr?(ed|ing)?|process(ed|ing)?|approv(e|ed|ing)|open(ed|ing)? (a|your)|clos(e|ed|ing) (a|your)|creat(e|ed|ing) (a|your)|reset(ting)?|unlock(ed|ing)?|activat(e|ed|ing)|deactivat(e|ed|ing)|delet(e|ed|ing)|notif(y|ied|ying)|contact(ed|ing)?|call(ed|ing)?|check(ed|ing) (your|with)|look(ed|ing) (into|up)|verif(y|ied|ying) your|appl(y|ied|ying)|extend(ed|ing)?|waiv(e|ed|ing)|submit(ted|ting)?|register(ed|ing)?|schedul(e|ed|ing)|arrang(e|ed|ing)|order(ed|ing)?|replac(e|ed|ing)|ship(ped|ping)?|issu(e|ed|ing)|add(ed|ing)?|remov(e|ed|ing)|fix(ed|ing)?)\b[^.?!]{0,40}?\b(you|your|it|this|the order|an? (agent|colleague|ticket|refund|replacement|credit|voucher))\b`,
		`\b(I|we)('ve| have) (now |just |already )?[a-z]+(ed|t|n)\b[^.?!]{0,20}\b(your|for you)\b`,
		`\byour (order|account|refund|request|booking|subscription|plan|card|parcel|payment|appointment|address|e-?mail|password|case|ticket|data|claim)s? (has|have|was|were|is|are)( now| just| already| all)* (been )?(cancell?ed|refunded|changed|updated|booked|credited|sent|escalated|forwarded|transferred|processed|approved|opened|closed|created|reset|unlocked|activated|deleted|registered|scheduled|confirmed|extended|waived|submitted|on (its|the) way)\b`,
		// What an article cannot know of the one who asks.
		`\byour (invoice|bill|payment|order|deposit|fee)s? (is|are|was|were|has been|have been) (now |already |fully )*(paid|settled|covered)\b|\byou(('| a)re| were| have been) (now |already |successfully )*(verified|identified|authenticated|logged in|signed in|approved|eligible|entitled)\b( now\b|\W*$)`,
	),
	patterns(WhyPromise,
		`\b(guarantee[sd]?|promise[sd]?|swear|assure you|rest assured|you have my word|count on it|without fail|no matter what|100 ?% (safe|sure|certain|guaranteed))\b`,
		`\b(an? |our |the )?(agent|colleague|representative|manager|specialist|technician|team|member of staff|support|someone|somebody|person)( of ours| from (our|the) [a-z]+| [a-z]+)? (will|is going to|shall|'ll)( be)? (contact|call|ring|reach|get back|write|e-?mail|reply|answer|respond|visit|come|help|be in touch|touch|in touch|with you)`,
		`\b(we|I)('ll| will| shall| are going to|'re going to| am going to|'m going to)( [a-z]+ly| also| then| now)? (call|ring|phone|contact|e-?mail|write|text|send|ship|credit|refund|pay|reimburse|compensate|replace|repair|deliver|return|cover|waive|give|get back|follow up|let you know|keep you|make sure|ensure|take care|look into|handle|honou?r|add|extend|fix|sort|do everything)\b`,
		`\b(you|your [a-z]+|the refund|a refund|refund|the money|your money|it)('ll| will| shall| is going to) (definitely|certainly|surely|always|be (refunded|credited|reimbursed|compensated|called|contacted|replaced|paid|sent)|get (a |your |the )?(full )?(refund|money|credit|voucher|discount|replacement|compensation)|receive (a |your |the )?(full )?(refund|money|credit|voucher|discount|replacement|compensation|call))\b`,
		`\b(refunds?|money|credit|replacement|compensation|payment)\b (will|has|have|had|is|are)( now| already| just)? (be |been |being )?(issued|approved|sent|processed|made|paid|credited|refunded|granted|on (its|the) way)\b`,
		`\bas of (today|now|this (week|month|year))\b|\bstarting (today|tomorrow)\b|\bfrom today\b`,
		`\b(I|we) (can|could)( now)? (offer|give|grant) you\b`,
	),
}

// literally is how a source may excuse a promise: by saying it word for word.
func literally(why Why) bool { return why == WhyPromise || why == WhyAction || why == WhyMeta }

// forbidden looks for what no source excuses, or only by its very words.
func (t *Turn) forbidden(s sentence) (Why, string) {
	plain := strings.NewReplacer("’", "'", "‘", "'").Replace(s.plain)
	low := squeeze(plain)
	for _, secret := range t.secrets {
		if strings.Contains(low, secret) || overlapping(low, secret) {
			return WhyLeak, ""
		}
	}
	for _, b := range bans {
		for _, re := range b.res {
			m := re.FindString(plain)
			if m == "" {
				continue
			}
			if literally(b.why) && t.says(squeeze(m)) {
				continue
			}
			return b.why, m
		}
	}
	return WhyNone, ""
}

// overlapping reports whether a sentence holds a run of six words of a secret.
func overlapping(low, secret string) bool {
	const run = 6
	words := strings.Fields(secret)
	for i := 0; i+run <= len(words); i++ {
		if strings.Contains(low, strings.Join(words[i:i+run], " ")) {
			return true
		}
	}
	return false
}

// says reports whether a unit of a source holds some words as they are, but
// for whose they are.
func (t *Turn) says(low string) bool {
	low = impersonal(strings.TrimRight(low, ".!:; "))
	for _, src := range t.sources {
		for _, u := range src.units {
			if strings.Contains(u.low, low) {
				return true
			}
		}
	}
	return false
}

// impersonal gives a text in small letters without words that tell only whose
// a thing is.
func impersonal(s string) string {
	words := strings.Fields(strings.ToLower(strings.ReplaceAll(s, "’", "'")))
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return anyones[w] }), " ")
}

var anyones = set("your the a an our")
