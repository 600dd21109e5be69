package bot

import (
	"context"
	"strings"
)

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
	if !t.opened() || !dependent(said) || continues(said) || saysYes(said) {
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

// subject gives what an opener is about: without the sentences that offer help
// as such ("Any questions?"). A person is a subject: whoever wants one gets one.
func subject(opener string) string {
	var rest []string
	for _, s := range clauses(opener) {
		if patternClass(s) != "" || !offersHelp(s) {
			rest = append(rest, s)
		}
	}
	return strings.Join(rest, " ")
}
