package storetest

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// feedbackCases are what customers say of answers, and of conversations on scales of their own.
var feedbackCases = []testCase{
	{"the last word on an answer counts", lastWordCounts},
	{"judged answers, page by page", judgedPages},
	{"a word on what is no answer is in the log alone", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", customerSays("q", "?"))
		for name, seq := range map[string]int64{"own": 1, "later": 7, "itself": 3} {
			w.says("talk", word(name, seq, true, ""))
		}
		equal(t, "log", w.state("talk").LastSeq, int64(4))
		equal(t, "judged", must(w.JudgedAnswers(w.ctx, w.ws, chat.FeedbackQuery{}))(t), chat.FeedbackPage{})
	}},
	{"what a word must be", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", customerSays("q", "?"))
		for name, bad := range map[string]chat.Draft{
			"a reason that is none":  word("w", 1, false, "rude"),
			"a reason for good":      word("w", 1, true, chat.FeedbackWrong),
			"about nothing":          word("w", 0, true, ""),
			"without one":            bodiless(chat.KindFeedback),
			"a rating beyond":        scored("w", chat.RatingNPS, 11),
			"a rating of no kind":    scored("w", "stars", 1),
			"a transcript to nobody": bodiless(chat.KindTranscript),
		} {
			if _, err := w.Append(w.ctx, w.ws, id("talk"), bad); chat.CodeOf(err) != chat.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.JudgedAnswers(w.ctx, w.ws, chat.FeedbackQuery{Reason: "rude"}); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("a list by no reason: %v", err)
		}
		if _, err := w.JudgedAnswers(w.ctx, w.ws, chat.FeedbackQuery{Cursor: "x"}); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("a list from nowhere: %v", err)
		}
	}},
	{"ratings on other scales are facts of their own", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", customerSays("q", "?"))
		w.says("talk", scored("n", chat.RatingNPS, 3))
		w.says("talk", scored("e", chat.RatingCES, 7))
		equal(t, "the conversation's own", w.state("talk").Rating, 0)
		w.says("talk", rating("r", 4))
		w.says("talk", scored("n2", chat.RatingNPS, 0))
		w.says("talk", scored("n", chat.RatingNPS, 3)) // a repeat
		equal(t, "the conversation's own", w.state("talk").Rating, 4)
		equal(t, "tallies", w.tallies(uuid.Nil), []chat.Tally{
			{Kind: chat.FactBegun, N: 1},
			{Kind: chat.FactCES, Name: chat.ServedBot, Score: 7, N: 1},
			{Kind: chat.FactNPS, Name: chat.ServedBot, N: 1},
			{Kind: chat.FactRated, Name: chat.ServedBot, Score: 4, N: 1},
		})
		w.conversation(w.ws, "hers")
		w.move("hers", toAgent(alice))
		w.says("hers", scored("n", chat.RatingNPS, 10))
		equal(t, "hers", w.tallies(uuid.Nil)[4], chat.Tally{Kind: chat.FactNPS, Name: chat.ServedPerson, Agent: alice, Score: 10, N: 1})
	}},
}

func lastWordCounts(t *testing.T, w *world) {
	articles := must(w.PutArticles(w.ctx, w.ws, []knowledge.Put{put("returns", "Returns", "Text.")}))(t)
	returns := articles[0].Article.ID
	w.conversation(w.ws, "talk")
	w.says("talk", customerSays("q", "How long?"))
	w.says("talk", cites("a", "30 days.", returns))
	w.says("talk", word("w1", 2, false, chat.FeedbackOutdated))
	w.clock.advance(time.Minute)
	changed := w.says("talk", word("w2", 2, true, ""))
	w.says("talk", word("w1", 2, false, chat.FeedbackOutdated)) // a repeat of the first
	w.reopen()
	want := chat.JudgedAnswer{
		Conversation: id("talk"), At: changed.At, Feedback: chat.Feedback{Seq: 2, Helpful: true, Comment: "said of 2"},
		Question: "How long?", Answer: "30 days.", Article: returns, Title: "Returns, as cited", Number: 1, Newest: 1,
	}
	equal(t, "judged", must(w.JudgedAnswers(w.ctx, w.ws, chat.FeedbackQuery{}))(t), chat.FeedbackPage{Answers: []chat.JudgedAnswer{want}, Total: 1})

	other := must(w.PutInbox(w.ctx, w.ws, chat.Inbox{Key: "key-other", Name: "Other"}))(t)
	must(w.OpenConversation(w.ctx, w.ws, chat.Conversation{ID: id("there"), Inbox: other.ID, Customer: bob}))(t)
	w.clock.advance(time.Hour)
	must(w.Append(w.ctx, w.ws, id("there"), botSays("a", "Nothing was cited.")))(t)
	must(w.Append(w.ctx, w.ws, id("there"), cites("a2", "14 days.", returns)))(t)
	for i, name := range []string{"w1", "w2"} {
		said := word(name, int64(i+1), false, chat.FeedbackUnclear)
		said.From.ID = bob
		must(w.Append(w.ctx, w.ws, id("there"), said))(t)
	}
	helped := chat.HelpTally{Article: returns, Title: "Returns", Helpful: true, N: 1}
	unclear := chat.HelpTally{Article: returns, Title: "Returns", Reason: chat.FeedbackUnclear, N: 1}
	for name, c := range map[string]struct {
		q    chat.FactQuery
		want []chat.HelpTally
	}{
		"all":        {chat.FactQuery{Until: w.clock.time().Add(time.Second)}, []chat.HelpTally{{Reason: chat.FeedbackUnclear, N: 1}, helped, unclear}},
		"early":      {chat.FactQuery{Until: changed.At.Add(time.Microsecond)}, []chat.HelpTally{helped}},
		"until then": {chat.FactQuery{Until: changed.At}, nil},
		"an inbox":   {chat.FactQuery{Until: w.clock.time().Add(time.Second), Inbox: id("inbox")}, []chat.HelpTally{helped}},
	} {
		equal(t, name, must(w.HelpTallies(w.ctx, w.ws, c.q))(t), c.want)
	}
}

func judgedPages(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	article := id("article")
	for _, name := range []string{"1", "2", "3", "4"} {
		w.says("talk", cites("a"+name, "answer "+name, article))
	}
	w.says("talk", word("w1", 1, false, chat.FeedbackWrong))
	w.says("talk", word("w2", 2, true, ""))
	w.says("talk", word("w3", 3, false, chat.FeedbackWrong))
	w.says("talk", word("w4", 4, false, ""))
	w.says("talk", word("w5", 1, false, chat.FeedbackOther)) // the newest by now
	seqs := func(q chat.FeedbackQuery) (all []int64, total int) {
		for {
			page := must(w.JudgedAnswers(w.ctx, w.ws, q))(t)
			total = page.Total
			for _, a := range page.Answers {
				all = append(all, a.Seq)
			}
			if q.Cursor = page.Next; page.Next == "" {
				return all, total
			}
		}
	}
	for name, c := range map[string]struct {
		q    chat.FeedbackQuery
		want []int64
	}{
		"all":               {chat.FeedbackQuery{}, []int64{1, 4, 3, 2}},
		"three pages":       {chat.FeedbackQuery{Limit: 2}, []int64{1, 4, 3, 2}},
		"that did not help": {chat.FeedbackQuery{Unhelpful: true, Limit: 1}, []int64{1, 4, 3}},
		"wrong":             {chat.FeedbackQuery{Reason: chat.FeedbackWrong}, []int64{3}},
		"of the article":    {chat.FeedbackQuery{Article: article, Unhelpful: true, Limit: 3}, []int64{1, 4, 3}},
		"of another":        {chat.FeedbackQuery{Article: id("another")}, nil},
	} {
		got, total := seqs(c.q)
		equal(t, name, got, c.want)
		equal(t, name+", in all", total, len(c.want))
	}
}

// word is the customer's word on the entry seq.
func word(name string, seq int64, helpful bool, reason chat.FeedbackReason) chat.Draft {
	d := customerSays(name, "")
	d.Kind, d.Text = chat.KindFeedback, "said of "+string(rune('0'+seq%10))
	d.Body.Feedback = &chat.Feedback{Seq: seq, Helpful: helpful, Reason: reason, Comment: d.Text}
	return d
}

// scored is a rating of a kind.
func scored(name string, kind chat.RatingKind, score int) chat.Draft {
	d := rating(name, score)
	d.Body.Rating.Kind = kind
	return d
}

// cites is an answer of the bot out of an article's first version.
func cites(name, text string, article uuid.UUID) chat.Draft {
	d := botSays(name, text)
	d.Body.Answer.Citations = []chat.Citation{{N: 1, Article: article, Number: 1, Title: "Returns, as cited"}}
	return d
}

// bodiless is an entry of a kind that needs a body.
func bodiless(kind chat.Kind) chat.Draft {
	d := customerSays("w", "")
	d.Kind = kind
	return d
}
