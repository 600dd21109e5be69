package say

import (
	"time"

	"frontdesk/chat"
)

// Notice words what the system tells a customer, with the times of a zone as they are said at now; "" for a notice that
// says nothing by itself, or less than what is in the log. The widget's words of the same are in its own tables.
func (t *Table) Notice(n chat.Notice, now time.Time, zone *time.Location) string {
	due := func(at time.Time) string { return t.DueIn(zone, at, now) }
	switch n.Kind {
	case chat.NoticeOffline:
		return t.away(n, now, zone)
	case chat.NoticePromise:
		if !n.Was.IsZero() {
			return t.Text("New time, as agreed: %s.", due(n.Promised))
		}
		return t.Text("You have our word: an answer by %s, to %s.", due(n.Promised), n.Email)
	case chat.NoticeOverdue:
		return t.late(n, now, zone)
	case chat.NoticeVerify:
		return t.Text("To go on, please confirm that it is you.")
	case chat.NoticeQueued, chat.NoticeVerified, chat.NoticeMailed, chat.NoticeTranscript, chat.NoticeUndelivered, chat.NoticeOpener:
	}
	return ""
}

func (t *Table) away(n chat.Notice, now time.Time, zone *time.Location) string {
	words := t.Text("Nobody is at the desk right now.")
	if !n.Opens.IsZero() {
		words = t.Join(words, t.Text("Our team is back %s.", t.Due(n.Opens.In(zone), now.In(zone))))
	}
	if n.Email != "" {
		return t.Join(words, t.Text("You have an answer by %s, here and at %s.", t.DueIn(zone, n.Promised, now), n.Email))
	}
	return t.Join(words, t.Text("Leave your e-mail and you have an answer by %s.", t.DueIn(zone, n.Promised, now)))
}

// late says that a promised time has passed, or will not be kept.
func (t *Table) late(n chat.Notice, now time.Time, zone *time.Location) string {
	if n.Was.IsZero() {
		return ""
	}
	var words string
	switch ahead := n.Was.After(now); {
	case ahead && n.What == "":
		words = t.Text("We said you have an answer by %s and will not make it. I'm sorry.", t.DueIn(zone, n.Was, now))
	case ahead:
		words = t.Text("We said %s for “%s” and will not make it. I'm sorry.", t.DueIn(zone, n.Was, now), n.What)
	case n.What == "":
		words = t.Text("You should have had an answer by %s, and it did not come. I'm sorry.", t.Due(n.Was.In(zone), now.In(zone)))
	default:
		words = t.Text("We said %s for “%s” and did not make it. I'm sorry.", t.Due(n.Was.In(zone), now.In(zone)), n.What)
	}
	words = t.Join(words, n.Words)
	if !n.Promised.IsZero() {
		due := t.DueIn(zone, n.Promised, now)
		if n.Email != "" {
			words = t.Join(words, t.Text("New time: %s, here and at %s.", due, n.Email))
		} else {
			words = t.Join(words, t.Text("New time: %s.", due))
		}
	}
	if n.Agent != "" {
		words = t.Join(words, t.Text("%s has it now.", n.Agent))
	}
	return words
}

// Join puts a sentence after another, as the language parts them.
func (t *Table) Join(words, more string) string {
	if more == "" {
		return words
	}
	if script, _ := t.tag.Script(); script.String() == "Jpan" || script.String() == "Hans" {
		return words + more
	}
	return words + " " + more
}
