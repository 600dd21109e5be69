package bot

import (
	"context"
	"slices"
	"strings"
)

// A message that says yes has one of the first words at least, and no others
// than these.
var (
	yes      = set("yes yeah yep yup sure ok okay please pls definitely absolutely certainly indeed course gladly interested more show tell ahead do am would")
	besideIt = set("i i'm i'd of me us go on that that'd be great good nice lovely love like to it a bit about thanks thank you then very much oh")
)

// helping are the words of an opener that offers help and does not say with what.
var helping = set("help helping assist assistance support hand question questions ask answer answers chat chatting happy glad gladly hear welcome stuck moment " +
	"team today hi hey hello good morning afternoon evening reach send message write anytime")

// accepted reads a turn that says yes to what the widget said by itself, and
// nothing else: it gives the turn as it would have been had the customer asked
// for what was offered there. vague reports that the offer was help as such, so
// that there is nothing yet to answer; the turn stays as it is then.
func accepted(t Turn) (asked Turn, vague bool) {
	if !t.opened() || !saysYes(strings.Join(t.Messages, " ")) {
		return t, false
	}
	offer := subject(t.History[0].Text)
	if offer == "" {
		return t, true
	}
	t.Messages, t.History = []string{offer}, nil
	return t, false
}

// opened reports whether the widget spoke first and the turn is all that was
// said to it.
func (t Turn) opened() bool { return len(t.History) == 1 && t.History[0].Role == RoleOpener }

// besideOpener gives a turn without the opener that it may answer or not: one in
// a few words that do not say that they go on from it ("delivery costs?", "the
// price?").
func besideOpener(t Turn) (alone Turn, ok bool) {
	said := strings.Join(t.Messages, " ")
	if !t.opened() || !dependent(said) || continues(said) {
		return t, false
	}
	t.History = nil
	return t, true
}

// alone looks at a turn without its opener, and, where that alone has no sure
// answer, with it: the surer one counts. Nobody asked for an opener, and many
// ask what they came for.
func (e *Engine) alone(ctx context.Context, without, with Turn) (findings, error) {
	f, err := e.lookAt(ctx, without)
	if err != nil || f.sure(e.threshold) {
		return f, err
	}
	answering, err := e.lookAt(ctx, with)
	if err != nil || answering.judged.best <= f.judged.best {
		return f, err
	}
	return answering, nil
}

func saysYes(message string) bool {
	said := false
	for _, w := range words(message) {
		if !yes[w] && !besideIt[w] {
			return false
		}
		said = said || yes[w]
	}
	return said
}

// subject gives what an opener is about: without the sentences that offer help
// as such ("Any questions?"). A person is a subject: whoever wants one gets one.
func subject(opener string) string {
	var rest []string
	for _, s := range clauses(opener) {
		if patternClass(s) != "" || slices.ContainsFunc(contentWords(s), func(w string) bool { return !helping[w] }) {
			rest = append(rest, s)
		}
	}
	return strings.Join(rest, " ")
}
