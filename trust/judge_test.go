package trust

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var (
	start   = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	article = uuid.NewSHA1(uuid.Nil, []byte("article"))
	another = uuid.NewSHA1(uuid.Nil, []byte("another"))
)

func message(from chat.Party, text string) chat.Entry {
	return chat.Entry{Kind: chat.KindMessage, From: chat.Sender{Kind: from}, Text: text}
}

func asks(text string) chat.Entry { return message(chat.PartyCustomer, text) }

func replies(text string, sources ...uuid.UUID) chat.Entry {
	e := message(chat.PartyAgent, text)
	for i, s := range sources {
		e.Sources = append(e.Sources, chat.Citation{N: i + 1, Article: s})
	}
	return e
}

func answers(about uuid.UUID) chat.Entry {
	e := message(chat.PartyBot, "It is so.")
	e.Answer = &chat.Answer{Action: chat.ActionAnswer, Confidence: .9, Citations: []chat.Citation{{N: 1, Article: about}}}
	return e
}

func does(action chat.Action) chat.Entry {
	e := message(chat.PartyBot, "…")
	e.Answer = &chat.Answer{Action: action}
	return e
}

func rates(score int) chat.Entry {
	return chat.Entry{Kind: chat.KindRating, Body: chat.Body{Rating: &chat.Rating{Score: score}}}
}

func scored(kind chat.RatingKind, score int) chat.Entry {
	e := rates(score)
	e.Rating.Kind = kind
	return e
}

func judges(seq int64, helpful bool, reason chat.FeedbackReason) chat.Entry {
	return chat.Entry{Kind: chat.KindFeedback, Body: chat.Body{Feedback: &chat.Feedback{Seq: seq, Helpful: helpful, Reason: reason}}}
}

func moves(from, to chat.Owner, reason chat.Reason) chat.Entry {
	return chat.Entry{Kind: chat.KindOwner, Body: chat.Body{Change: &chat.Change{From: from, To: to, Reason: reason}}}
}

func handsOff(reason chat.Reason) chat.Entry { return moves(chat.OwnerBot, chat.OwnerQueue, reason) }

// log numbers entries, a second apart.
func log(entries ...chat.Entry) []chat.Entry {
	for i := range entries {
		entries[i].Seq, entries[i].At = int64(i+1), start.Add(time.Duration(i)*time.Second)
	}
	return entries
}

func suggests(reason chat.Reason, text string) *chat.Handoff {
	return &chat.Handoff{Reason: reason, Brief: chat.Brief{
		Confidence: []chat.BriefPoint{{Confidence: .2}, {Confidence: .8}},
		Suggested:  &chat.Suggestion{Text: text, Citations: []chat.Citation{{N: 1, Article: article}}},
	}}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	const suggestion = "Delivery to Austria costs 6.90 € and takes 2 days."
	claimed := moves(chat.OwnerQueue, chat.OwnerAgent, chat.ReasonClaimed)
	for _, c := range []struct {
		name    string
		log     []chat.Entry
		handoff *chat.Handoff
		later   time.Duration
		want    []string // seq, kind, right, answered
	}{
		{"nothing yet", log(asks("?"), answers(article)), nil, time.Minute, nil},
		{"silence", log(asks("?"), answers(article)), nil, 24 * time.Hour, []string{"2 quiet true true"}},
		{"the end, and silence", log(asks("?"), answers(article), moves(chat.OwnerBot, chat.OwnerBot, chat.ReasonClosed)), nil, 24 * time.Hour, []string{"2 quiet true true"}},
		{"thumbs up", log(asks("?"), answers(article), rates(5)), nil, 0, []string{"2 rated true true"}},
		{"thumbs down", log(asks("?"), answers(article), rates(1)), nil, 0, []string{"2 rated false true"}},
		{"a word on the answer", log(asks("?"), answers(article), judges(2, true, "")), nil, 0, []string{"2 rated true true"}},
		{"it did not help", log(asks("?"), answers(article), judges(2, false, chat.FeedbackOutdated)), nil, 0, []string{"2 rated false true"}},
		{"the last word counts", log(asks("?"), answers(article), judges(2, false, ""), judges(2, true, "")), nil, 0, []string{"2 rated true true"}},
		{"unclear is not wrong", log(asks("?"), answers(article), judges(2, false, chat.FeedbackUnclear), rates(1)), nil, 48 * time.Hour, nil},
		{"a word goes before what is read out of the rest", log(asks("?"), answers(article), asks("agent!"), handsOff(chat.ReasonAsked), judges(2, true, "")), nil, 0,
			[]string{"2 rated true true"}},
		{"a word on an answer of before", log(asks("?"), answers(article), asks("and?"), answers(another), judges(2, false, "")), nil, 0,
			[]string{"2 rated false true"}},
		{"how likely one recommends us is not about the answer", log(asks("?"), answers(article), scored(chat.RatingNPS, 0), scored(chat.RatingCES, 1)), nil, 0, nil},
		{"so-so says nothing", log(asks("?"), answers(article), rates(3)), nil, 0, nil},
		{"the first one counts", log(asks("?"), answers(article), rates(5), rates(1), handsOff(chat.ReasonAsked)), nil, 0, []string{"2 rated true true"}},
		{"a rating of an agent is not the bot's", log(asks("?"), answers(article), replies("Yes."), rates(1)), nil, 48 * time.Hour, nil},
		{"a person, please", log(asks("?"), answers(article), asks("agent!"), handsOff(chat.ReasonAsked)), nil, 0, []string{"2 handoff false true"}},
		{"asked again", log(asks("?"), answers(article), asks("?"), handsOff(chat.ReasonRepeated)), nil, 0, []string{"2 handoff false true"}},
		{"another question that nobody can answer", log(asks("?"), answers(article), asks("and?"), handsOff(chat.ReasonNothingFound)), nil, 48 * time.Hour, nil},
		{"thanks", log(asks("?"), answers(article), asks("thanks"), does(chat.ActionSmallTalk)), nil, 0, []string{"2 quiet true true"}},
		{"on to another article", log(asks("?"), answers(article), asks("and?"), answers(another)), nil, 0, []string{"2 quiet true true"}},
		{"the same article again says nothing", log(asks("?"), answers(article), asks("but?"), answers(article), rates(5)), nil, 0, []string{"4 rated true true"}},
		{"a question back says nothing", log(asks("?"), answers(article), asks("but?"), does(chat.ActionClarify), asks("x"), handsOff(chat.ReasonAsked)), nil, 0,
			[]string{"2 handoff false true"}},
		{"back after the end", log(asks("?"), answers(article), asks("still broken"), moves(chat.OwnerBot, chat.OwnerBot, chat.ReasonReopened)), nil, 0,
			[]string{"2 reopened false true"}},

		{"sent as suggested", log(asks("?"), handsOff(chat.ReasonSuggest), claimed, replies("Hello! "+suggestion)), suggests(chat.ReasonSuggest, suggestion), 0,
			[]string{"2 accepted true true"}},
		{"changed", log(asks("?"), handsOff(chat.ReasonSuggest), claimed, replies("It costs 6.90 € to Austria and takes 2 days, I think.")),
			suggests(chat.ReasonSuggest, suggestion), 0, []string{"2 edited true true"}},
		{"another number", log(asks("?"), handsOff(chat.ReasonSuggest), claimed, replies("Delivery to Austria costs 7.90 € and takes 2 days.")),
			suggests(chat.ReasonSuggest, suggestion), 0, []string{"2 edited false true"}},
		{"own words, same article", log(asks("?"), handsOff(chat.ReasonShadow), claimed, replies("You pay 6.90, and wait for 2.", article)),
			suggests(chat.ReasonShadow, suggestion), 0, []string{"2 edited true true"}},
		{"another article", log(asks("?"), handsOff(chat.ReasonShadow), claimed, replies("We do not ship there.", another)),
			suggests(chat.ReasonShadow, suggestion), 0, []string{"2 rejected false true"}},
		{"own words in shadow say nothing", log(asks("?"), handsOff(chat.ReasonShadow), claimed, replies("We do not ship there.")),
			suggests(chat.ReasonShadow, suggestion), 0, nil},
		{"own words instead of a suggestion", log(asks("?"), handsOff(chat.ReasonSuggest), claimed, replies("We do not ship there.")),
			suggests(chat.ReasonSuggest, suggestion), 0, []string{"2 rejected false true"}},
		{"only the first reply", log(asks("?"), handsOff(chat.ReasonSuggest), claimed, replies("One moment."), replies(suggestion)),
			suggests(chat.ReasonSuggest, suggestion), 0, []string{"2 rejected false true"}},
		{"not sure enough: for tuning", log(asks("?"), handsOff(chat.ReasonLowConfidence), claimed, replies(suggestion)),
			suggests(chat.ReasonLowConfidence, suggestion), 0, []string{"2 accepted true false"}},
		{"of two handoffs, the newest", log(asks("?"), handsOff(chat.ReasonSuggest), claimed, replies("x"), moves(chat.OwnerAgent, chat.OwnerBot, chat.ReasonReleased),
			asks("?"), handsOff(chat.ReasonSuggest), claimed, replies(suggestion)), suggests(chat.ReasonSuggest, suggestion), 0, []string{"7 accepted true true"}},
		{"nothing suggested", log(asks("?"), handsOff(chat.ReasonAsked), claimed, replies("x")), &chat.Handoff{Reason: chat.ReasonAsked}, 0, nil},
		{"nobody replied", log(asks("?"), handsOff(chat.ReasonSuggest)), suggests(chat.ReasonSuggest, suggestion), 48 * time.Hour, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			conv := chat.Conversation{ID: uuid.NewSHA1(uuid.Nil, []byte(c.name)), Status: chat.StatusOpen, UpdatedAt: c.log[len(c.log)-1].At}
			got := Judge(conv, c.log, c.handoff, conv.UpdatedAt.Add(c.later))
			var lines []string
			for _, v := range got {
				lines = append(lines, fmt.Sprintf("%d %s %v %v", v.Seq, v.Kind, v.Right, v.Answered))
				if v.ID == uuid.Nil || v.Conversation != conv.ID || v.Article != article || v.At.IsZero() {
					t.Errorf("verdict %+v", v)
				}
				if v.Kind == KindRejected && len(c.log[3].Sources) > 0 && v.Correct != another {
					t.Errorf("it was corrected by %s", v.Correct)
				}
			}
			if fmt.Sprint(lines) != fmt.Sprint(c.want) {
				t.Errorf("got %v, want %v", lines, c.want)
			}
			if again := Judge(conv, c.log, c.handoff, conv.UpdatedAt.Add(c.later)); fmt.Sprint(again) != fmt.Sprint(got) {
				t.Errorf("once more: %v", again)
			}
		})
	}
}

// However far a log was read before, its verdicts stay what they were.
func TestVerdictsStay(t *testing.T) {
	t.Parallel()
	whole := log(asks("?"), answers(article), rates(1), asks("and?"), answers(another), asks("thanks"), does(chat.ActionSmallTalk),
		asks("?"), answers(article), handsOff(chat.ReasonAsked), replies("x"))
	conv := chat.Conversation{ID: uuid.New(), Status: chat.StatusOpen}
	stored := map[uuid.UUID]Verdict{}
	for n := range whole {
		for _, v := range Judge(conv, whole[:n+1], nil, time.Time{}) {
			if before, ok := stored[v.ID]; ok && before != v {
				t.Errorf("after %d entries it is %+v, before %+v", n+1, v, before)
			}
			stored[v.ID] = v
		}
	}
	if len(stored) != 3 {
		t.Errorf("%d verdicts", len(stored))
	}
}

func TestCompareByPlainWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		suggestion, reply string
		cites             bool
		want              Kind
		right             bool
	}{
		{"Yes.", "  yes. ", false, KindAccepted, true},
		{"Yes, within 30 days.", "Hello\nYes, within\n30 days. Bye", false, KindAccepted, true},
		{"Yes, within 30 days.", "Yes, within 14 days.", false, KindEdited, false},
		{"Yes, within 30 days.", "Sure: 30", true, KindEdited, true},
		{"Yes, within 30 days.", "Sure", true, KindEdited, false},
		{"Yes, within 30 days.", "Sure", false, KindRejected, false},
		{"!", "?", false, KindRejected, false},
	} {
		if kind, right := compare(c.suggestion, c.reply, c.cites); kind != c.want || right != c.right {
			t.Errorf("%q for %q: %s, %v", c.reply, c.suggestion, kind, right)
		}
	}
}
