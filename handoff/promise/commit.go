package promise

import (
	"regexp"
	"strings"
)

// Verbs by which somebody at the desk says in the present tense what is done
// at a time: "we call at 15:00", "ich melde mich morgen".
const (
	verbsEN = `(?:calls?|sends?|answers?|repl(?:y|ies)|writes?|refunds?|ships?|get(?:s)? back|comes? back|check(?:s)? back|follow(?:s)? up|deliver(?:s)?|issue(?:s)?|transfers?|` +
		`replaces?|e-?mails?|phones?|rings?|lets? you know|pick(?:s)? (?:it|this|that) up|book(?:s)?|repairs?|credits?)`
	goingEN = `(?:calling|sending|answering|replying|writing|refunding|shipping|getting back|coming back|following up|delivering|issuing|transferring|replacing|e-?mailing|phoning|booking|repairing|posting|crediting)`
	verbsDE = `(?:melden?|schicken?|senden?|rufen?|erstatten?|überweisen?|lieferen?|liefern|antworten?|schreiben?|prüfen?|klären?|bringen?|geben?|verschicken?|versenden?|kümmern?|kümmere|buchen?|stornieren?|storniere|` +
		`tauschen?|reparieren?|repariere|erledigen?|bearbeiten?|bestätigen?|veranlassen?|holen?|informieren?|informiere|kontaktieren?|kontaktiere|leiten?|schauen?|sagen?|stellen?|machen?|ersetzen?|mailen?|maile|liefere)`
	// Things of the customer's of which a desk says what will become.
	thingsEN = `(?:refund|money|parcel|package|order|replacement|amount|credit|invoice|technician|courier|driver|engineer|repair|answer|reply|result|tracking number|label|document|documents|confirmation|` +
		`payment|voucher|new (?:one|parcel|card|machine|[a-z]+)|spare part|part|return label|access|account|request|ticket|problem|issue|fix|delivery|shipment|it|this|that|everything)`
)

// Forms of a commitment. Each is looked for in a clause in lower case.
var committed = compile(
	// I will, we'll, I'm going to; "I shall".
	`\b(?:i|we|she|he|they|someone|somebody|one of us|a colleague|my colleague|our [a-z]+|the team|the workshop|[a-z]+ from our team)(?:'ll|’ll| will| shall|'m going to|’m going to| am going to|'re going to| are going to| is going to)\b`,
	`\b(?:i|we) (?:promise|guarantee|commit)\b`, `\byou have (?:my|our) word\b`,
	`\byou(?:'ll|’ll| will) (?:have (?:it|them|your|the|an|a|my|our)|get|receive|hear|see|find)\b`, `\byou can expect\b`, `\bexpect (?:it|your|the|an|a|my|our)\b`,
	`\b(?:your|the|a) (?:[a-z]+ )?`+thingsEN+`(?: [a-z]+){0,3}? (?:will|is going to)\b`, `\b(?:it|this|that|everything)(?:'ll|’ll| will) (?:be|arrive|go|leave|reach|ship)\b`,
	`\b(?:i'm|i’m|i am|we're|we’re|we are) `+goingEN+`\b`,
	`(?:^|[,:] |\b(?:we|i|someone|somebody|a colleague|my colleague) )(?:we|i|someone|somebody|a colleague|my colleague)?\b ?`+verbsEN+` `,
	`\b(?:i|we) (?:promised?|can) (?:promise|guarantee)\b`, `\bpromised[:!]`,
	// ich werde, wir melden uns, bis Freitag schicken wir; Sie erhalten; Ihr Paket geht.
	`\b(?:ich|wir|sie|er|jemand|der kollege|die kollegin|mein kollege|meine kollegin|unser [a-zäöü]+|unsere [a-zäöü]+) (?:werde|werden|wird)\b`, `\b(?:werde|werden|wird) (?:ich|wir|jemand|sich|ein kollege|eine kollegin|mein kollege|meine kollegin|ihnen|ihr|ihre|dir|dein|deine)\b`,
	`\b(?:ich|wir) (?:[a-zäöüß]+ )?`+verbsDE+`\b`, `(?:^|[\s,])`+verbsDE+` (?:ich|wir)\b`, `^\W*und [a-zäöüß]+e (?:mich|ihnen|dir|sie|dich|das|es|den)\b`,
	`\b(?:sie|du) (?:erhalten|erhältst|bekommen|bekommst|hören|hörst|kriegen|kriegst)\b`, `\b(?:erhalten|erhältst|bekommen|bekommst|hören|hörst) (?:sie|du)\b`,
	`\b(?:sie|du) (?:haben|hast)\b.*\b(?:antwort|geld|ergebnis|rückmeldung|nachricht|erstattung|nummer)\b`, `\b(?:haben|hast) (?:sie|du)\b.*\b(?:antwort|geld|ergebnis|rückmeldung|nachricht|erstattung|nummer)\b`,
	`\b(?:ihr|ihre|ihren|dein|deine|das|die|der) (?:[a-zäöüß]+ )?[a-zäöüß]+ (?:wird|werden|geht|kommt|verlässt|ist|sind)\b.*\b(?:raus|heraus|ab|an|da|bei ihnen|bei dir|fertig|haus|überwiesen|erstattet|verschickt|versendet|versandt|geliefert|erledigt|gebucht|repariert|unterwegs|abgeholt|zugestellt|gutgeschrieben|beantwortet|bearbeitet|ausgeliefert|freigeschaltet|behoben)\b`,
	`\b(?:jemand|ein kollege|eine kollegin|mein kollege|meine kollegin|ein techniker|der techniker|die werkstatt|der kurier|der fahrer) (?:meldet|ruft|kommt|schreibt|antwortet|schickt|bringt|holt|prüft)\b`,
	`\b(?:meldet|ruft|kommt|schreibt|antwortet|schickt) (?:sich )?(?:jemand|ein kollege|eine kollegin|mein kollege|meine kollegin|ein techniker|der techniker|die werkstatt)\b`,
	`\bversprochen[:!]`, `\bich verspreche\b`,
)

// Signs in the clause that it is no promise.
var hedged = compile(
	`\b(?:might|could|would|should|maybe|perhaps|probably|possibly|hopefully|try|trying|hope|hoping|aim|ideally|expected to|estimated|likely|i think|i guess|i believe|i suppose|i assume|we think|feel free|supposed to)\b`,
	`\b(?:i|we|you|it|they|that|this|which|parcel|refund) may\b`,
	`\b(?:i|we|you|they|he|she)(?:'d|’d)\b`,
	`\b(?:usually|normally|typically|generally|often|sometimes|in general|as a rule|always|every|each)\b`,
	`\b(?:vielleicht|möglicherweise|wahrscheinlich|vermutlich|hoffentlich|eventuell|voraussichtlich|versuche|versuchen|könnten?|würden?|würde|sollten?|müssten?|dürften?|hoffe|hoffen|glaube|glauben|denke|schätze|rechne)\b`,
	`\b(?:normalerweise|meistens|meist|gewöhnlich|üblicherweise|in der regel|immer|jeden|jede|jeder|täglich|oft|manchmal)\b`,
	// What others are to do, and how things are.
	`\byou(?:'ll|’ll| will) (?:have to|need|have until|have time|be able)\b`, `\b(?:will|'ll|’ll) (?:have to|need to) (?:send|return|pay|bring|confirm)\b.*\byou\b`, `\b(?:bitte|please)\b`, `\bneed you to\b`,
	`\b(?:zeit|gelegenheit|möglichkeit)\b`, `\bmüssen sie\b`, `\bsie müssen\b`, `\bmusst du\b`, `\bdu musst\b`,
	`\b(?:will|'ll|’ll|is going to|wird|werden) (?:[a-z]+ )?(?:be closed|be open|expire|end|renew|be charged|run out|be deleted|close|open|schließen|ablaufen|enden)\b`, `\b(?:geschlossen|abläuft|abgebucht|fällig)\b`,
)

// Conditions make a promise of a whole sentence none, wherever they stand in it.
var conditional = compile(
	`\b(?:if|unless|in case|provided|as long as|assuming|should you|once|when you|when we have|when i have|as soon as|until then|subject to|depending)\b`,
	`\b(?:wenn|falls|sofern|sobald|vorausgesetzt|solange|es sei denn|im falle|je nachdem)\b`,
)

// asks are what one does to find out whether: there "if" is no condition.
var asks = regexp.MustCompile(`\b(?:check|checked|see|find out|ask|look|know|tell you|confirm|clarify|update you)\b[^,.;]{0,60}\bif\b`)

// Negation takes the promise from the part of the clause, between commas, that
// would make it.
var negated = compile(
	`\b(?:not|never|no|cannot|none|nobody|unable|neither|nor)\b`, `\b(?:can|don|doesn|isn|won|aren|wouldn|didn|couldn|shouldn|wasn)['’]t\b`, `\b(?:nicht|kein|keine|keinen|keinem|keiner|nie|niemals|niemand|weder|nichts)\b`,
)

// notLater is what looks like a negation and is a time.
var notLater = strings.NewReplacer("not later than", "by", "no later than", "by", "nicht später als", "bis", "no problem", "", "no worries", "", "kein problem", "", "keine sorge", "", "don't worry", "", "don’t worry", "")

// Reports say what was said or done before.
var reported = compile(
	`\b(?:said|told|wrote|thought|believed|was going to|were going to|had|yesterday|ago|last (?:week|month|friday|monday|tuesday|wednesday|thursday)|already)\b`, `\b(?:i|we|he|she|they|colleague) promised (?:you|that|to|it)\b`,
	`\b(?:sagte|sagten|gesagt|versprach|schrieb|geschrieben|dachte|hatte|hatten|gestern|letzte|letzten|vorgestern|bereits|schon)\b`, `\b(?:habe|haben|wurde) [^,.;]*\bversprochen\b`,
)

// commits reports whether a clause, of a sentence, commits who writes it. Both
// are in lower case.
func commits(clause, sentence string) bool {
	if strings.HasSuffix(strings.TrimSpace(sentence), "?") {
		return false
	}
	clause, sentence = notLater.Replace(clause), notLater.Replace(sentence)
	if any(hedged, clause) || any(reported, clause) || any(conditional, asks.ReplaceAllString(sentence, "")) {
		return false
	}
	for _, re := range committed {
		at := re.FindStringIndex(clause)
		if at == nil {
			continue
		}
		from := strings.LastIndexByte(clause[:at[1]-1], ',') + 1
		to := len(clause)
		if i := strings.IndexByte(clause[at[1]:], ','); i >= 0 {
			to = at[1] + i
		}
		return !any(negated, clause[min(from, at[0]):to])
	}
	return false
}

func compile(all ...string) []*regexp.Regexp {
	compiled := make([]*regexp.Regexp, len(all))
	for i, s := range all {
		compiled[i] = regexp.MustCompile(s)
	}
	return compiled
}

func any(all []*regexp.Regexp, s string) bool {
	for _, re := range all {
		if re.MatchString(s) {
			return true
		}
	}
	return false
}
