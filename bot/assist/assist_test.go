package assist_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/bot/assist"
	"frontdesk/bot/memory"
	"frontdesk/bot/prompt"
	"frontdesk/chat"
	"frontdesk/llm"
)

type fakeStore struct {
	conv chat.Conversation
	log  []chat.Entry
}

func (f fakeStore) Conversation(_ context.Context, _, id uuid.UUID) (chat.Conversation, error) {
	if id != f.conv.ID {
		return chat.Conversation{}, chat.Errorf(chat.CodeNotFound, "none")
	}
	return f.conv, nil
}

func (f fakeStore) Entries(context.Context, uuid.UUID, uuid.UUID, chat.Log, int64, int) ([]chat.Entry, error) {
	return f.log, nil
}

func talk(lines ...string) fakeStore {
	f := fakeStore{conv: chat.Conversation{ID: uuid.New(), Workspace: uuid.New(), Subject: "Grinder"}}
	for i, l := range lines {
		by, text, _ := strings.Cut(l, ": ")
		f.log = append(f.log, chat.Entry{Seq: int64(i + 1), Kind: chat.KindMessage, From: chat.Sender{Kind: chat.Party(by)}, Text: text})
	}
	f.conv.LastSeq = int64(len(lines))
	return f
}

func helper(t *testing.T, f fakeStore, g llm.Generator) *assist.Assistant {
	t.Helper()
	a, err := assist.New(assist.Options{Store: f, Generator: g})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func says(text string) llm.Generator { return llm.FakeGenerator{Pieces: []string{text}} }

const reply = "Hi there! Thanks for waiting. We can't send it before 3 June, it's 6.90 €. See https://shop.example/delivery."

func TestReword(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		model  llm.Generator
		manner prompt.Manner
		want   assist.Text
	}{
		{"formal, no model", nil, prompt.Formal, assist.Text{By: memory.ByRules,
			Text: "Hello. Thank you for waiting. We cannot send it before 3 June, it's 6.90 €. See https://shop.example/delivery."}},
		{"kinder, no model, kind already", nil, prompt.Kinder, assist.Text{By: memory.ByRules, Text: reply}},
		{"a good model", says("Sent by 3 June at the earliest, 6.90 €: <LINK_1>"), prompt.Shorter,
			assist.Text{By: memory.ByModel, Text: "Sent by 3 June at the earliest, 6.90 €: https://shop.example/delivery"}},
		{"another price", says("It is 5.90 €, on 3 June. <LINK_1>"), prompt.Kinder,
			assist.Text{By: memory.ByRules, Text: reply, Note: "it says “5.90”, which nobody said"}},
		{"a date is gone", says("It is 6.90 €. <LINK_1>"), prompt.Kinder,
			assist.Text{By: memory.ByRules, Text: reply, Note: "it leaves out “3”"}},
		{"another link", says("3 June, 6.90 €, https://evil.example/"), prompt.Kinder,
			assist.Text{By: memory.ByRules, Text: reply, Note: "it says “https://evil.example/”, which nobody said"}},
		{"no budget", llm.FakeGenerator{Err: &llm.Error{Fault: llm.FaultSpent}}, prompt.Kinder,
			assist.Text{By: memory.ByRules, Text: reply, Note: "the budget for language models is spent"}},
	} {
		f := talk("customer: When?")
		got, err := helper(t, f, c.model).Reword(t.Context(), f.conv.Workspace, f.conv.ID, reply, c.manner)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", c.name, err, diff)
		}
	}
}

// TestWhatTheModelDoesNotSee: personal data in an agent's text is back in what
// the agent gets, and was never in a request.
func TestWhatTheModelDoesNotSee(t *testing.T) {
	t.Parallel()
	f := talk("customer: Hello?")
	var shown string
	echo := llm.FakeGenerator{Reply: func(r llm.Request) ([]string, llm.Result, error) {
		shown = fmt.Sprint(r.Messages)
		return []string{"Kindly: <EMAIL_1> it is."}, llm.Result{}, nil
	}}
	a := helper(t, f, echo)
	got, err := a.Reword(t.Context(), f.conv.Workspace, f.conv.ID, "I wrote to ann.kern@example.com.", prompt.Kinder)
	if err != nil || got.Text != "Kindly: ann.kern@example.com it is." || strings.Contains(shown, "ann.kern") {
		t.Errorf("got %+v, %v; the model saw %s", got, err, shown)
	}
	got, err = a.Translate(t.Context(), f.conv.Workspace, f.conv.ID, "I wrote to ann.kern@example.com.", "de")
	if err != nil || got.Text != "Kindly: ann.kern@example.com it is." || strings.Contains(shown, "ann.kern") {
		t.Errorf("translated %+v, %v; the model saw %s", got, err, shown)
	}
}

func TestRewordByRules(t *testing.T) {
	t.Parallel()
	f := talk("customer: When?")
	a := helper(t, f, nil)
	for _, c := range []struct {
		manner     prompt.Manner
		text, want string
	}{
		{prompt.Shorter, "Thank you for reaching out. Please note that you can actually return it within 30 days. I hope this helps!", "You can return it within 30 days."},
		{prompt.Shorter, "I hope this helps!", "I hope this helps!"},
		{prompt.Kinder, "The parcel comes on Friday.", "Thank you for your patience.\n\nThe parcel comes on Friday.\n\nIf anything is unclear, I'm happy to help."},
		{prompt.Formal, "Yeah, I'm sure you'll like it, and it won't break!!", "Yes, I am sure you will like it, and it will not break."},
	} {
		got, err := a.Reword(t.Context(), f.conv.Workspace, f.conv.ID, c.text, c.manner)
		if err != nil || got.Text != c.want {
			t.Errorf("%s: %q, %v\nwant %q", c.manner, got.Text, err, c.want)
		}
	}
	for _, c := range []struct {
		text   string
		manner prompt.Manner
	}{{" \n", prompt.Kinder}, {"x", "ruder"}, {strings.Repeat("x", 9000), prompt.Kinder}} {
		if _, err := a.Reword(t.Context(), f.conv.Workspace, f.conv.ID, c.text, c.manner); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%.10q, %s: %v", c.text, c.manner, err)
		}
	}
	if _, err := a.Reword(t.Context(), f.conv.Workspace, uuid.New(), "x", prompt.Kinder); chat.CodeOf(err) != chat.CodeNotFound {
		t.Errorf("of no conversation: %v", err)
	}
}

func TestTranslate(t *testing.T) {
	t.Parallel()
	f := talk("customer: Wann?")
	const text = "It costs 1,234.50 € and comes in 2-3 days: https://shop.example/d"
	for _, c := range []struct {
		name  string
		model llm.Generator
		want  string
		code  chat.Code
	}{
		{"numbers as they are there", says("Es kostet 1.234,50 € und kommt in 2–3 Tagen: <LINK_1>"), "Es kostet 1.234,50 € und kommt in 2–3 Tagen: https://shop.example/d", ""},
		{"another number", says("Es kostet 1.234,50 € und kommt in 2–4 Tagen: <LINK_1>"), "", chat.CodeUnavailable},
		{"no link", says("Es kostet 1.234,50 € und kommt in 2–3 Tagen."), "", chat.CodeUnavailable},
		{"no model", nil, "", chat.CodeUnavailable},
		{"a broken one", llm.FakeGenerator{Err: errors.New("broken")}, "", chat.CodeUnavailable},
	} {
		got, err := helper(t, f, c.model).Translate(t.Context(), f.conv.Workspace, f.conv.ID, text, "de")
		if got.Text != c.want || chat.CodeOf(err) != c.code {
			t.Errorf("%s: %q, %v", c.name, got.Text, err)
		}
	}
	if _, err := helper(t, f, says("x")).Translate(t.Context(), f.conv.Workspace, f.conv.ID, text, "de; drop"); chat.CodeOf(err) != chat.CodeInvalid {
		t.Errorf("to nowhere: %v", err)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	f := talk("customer: Where is order 20418?", "agent: It comes on 5 June.")
	for name, c := range map[string]struct {
		model llm.Generator
		by    memory.By
	}{"honest": {says("The order comes on 5 June."), memory.ByModel}, "lying": {says("The order comes on 6 June."), memory.ByRules}, "none": {nil, memory.ByRules}} {
		got, err := helper(t, f, c.model).Summary(t.Context(), f.conv.Workspace, f.conv.ID)
		if err != nil || got.By != c.by || !strings.Contains(got.Text, "5 June") {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	f := talk("customer: My parcel is late, and I want to return the other parcel.", "agent: Billing is closed.")
	list := []string{"Billing", "Returns", "Parcel", "Praise"}
	for name, c := range map[string]struct {
		model llm.Generator
		want  []string
		by    memory.By
	}{
		"by words":    {nil, []string{"Parcel", "Returns"}, memory.ByRules},
		"by a model":  {says(`Here: {"tags": ["returns", "Nonsense", "Praise"]}`), []string{"Returns", "Praise"}, memory.ByModel},
		"made up":     {says(`{"tags": ["Nonsense"]}`), []string{"Parcel", "Returns"}, memory.ByRules},
		"not as JSON": {says(`Returns`), []string{"Parcel", "Returns"}, memory.ByRules},
	} {
		got, by, err := helper(t, f, c.model).Tags(t.Context(), f.conv.Workspace, f.conv.ID, list, 2)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" || by != c.by {
			t.Errorf("%s: by %s, %v (-want +got):\n%s", name, by, err, diff)
		}
	}
}

func TestArticle(t *testing.T) {
	t.Parallel()
	f := talk("customer: Hello", "customer: How do I oil the mill? Mine is ann@example.com", "bot: Not sure.", "agent: Take it apart.", "agent: Then put 2 drops on the axle.")
	got, err := helper(t, f, nil).Article(t.Context(), f.conv.Workspace, f.conv.ID)
	want := assist.Draft{Title: "How do I oil the mill?", Body: "Take it apart.\n\nThen put 2 drops on the axle.", By: memory.ByRules}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	var shown string
	good := llm.FakeGenerator{Reply: func(r llm.Request) ([]string, llm.Result, error) {
		shown = fmt.Sprint(r.Messages)
		return []string{"# Oil the mill\n\n1. Take it apart.\n", "2. Put 2 drops on the axle."}, llm.Result{}, nil
	}}
	got, err = helper(t, f, good).Article(t.Context(), f.conv.Workspace, f.conv.ID)
	if err != nil || got.Title != "Oil the mill" || got.By != memory.ByModel || !strings.HasPrefix(got.Body, "1. Take") || strings.Contains(shown, "ann@example.com") {
		t.Errorf("%+v, %v; shown %s", got, err, shown)
	}
	got, err = helper(t, f, says("# Oil\n\nPut 5 drops.")).Article(t.Context(), f.conv.Workspace, f.conv.ID)
	if err != nil || got.By != memory.ByRules || got.Note == "" {
		t.Errorf("of a liar: %+v, %v", got, err)
	}
	none := talk("customer: Hello?", "bot: Hi.")
	if _, err := helper(t, none, nil).Article(t.Context(), none.conv.Workspace, none.conv.ID); chat.CodeOf(err) != chat.CodeInvalid {
		t.Errorf("without an agent's word: %v", err)
	}
}

func TestPolish(t *testing.T) {
	t.Parallel()
	f := talk("customer: hi so my parcel KK is gone and ann@example.com is my mail, 3 days now")
	b := chat.Brief{Goal: "hi so my parcel is gone and ann@example.com is my mail, 3 days now", Open: []string{"where is it"}, Why: "Not sure enough."}
	for name, c := range map[string]struct {
		model llm.Generator
		want  *chat.BriefPolish
	}{
		"better":         {says(`{"goal": "The parcel has been missing for 3 days.", "tried": [], "open": ["Where is it?"]}`), &chat.BriefPolish{Goal: "The parcel has been missing for 3 days.", Tried: []string{}, Open: []string{"Where is it?"}}},
		"another figure": {says(`{"goal": "The parcel has been missing for 4 days.", "tried": [], "open": []}`), nil},
		"made up":        {says(`{"goal": "The parcel is missing.", "tried": ["Called the carrier"], "open": []}`), nil},
		"no goal":        {says(`{"goal": " "}`), nil},
		"no JSON":        {says(`The parcel is missing.`), nil},
		"no model":       {nil, nil},
	} {
		got, err := helper(t, f, c.model).Polish(t.Context(), f.conv, b)
		if diff := cmp.Diff(c.want, got); diff != "" || (err == nil) != (c.want != nil) {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	var shown string
	spy := llm.FakeGenerator{Reply: func(r llm.Request) ([]string, llm.Result, error) {
		shown = fmt.Sprint(r.Messages)
		return nil, llm.Result{}, nil
	}}
	b.Opener = "Did your parcel arrive?"
	_, _ = helper(t, f, spy).Polish(t.Context(), f.conv, b)
	if !strings.Contains(shown, `Automatic message: "Did your parcel arrive?"`) {
		t.Errorf("the model does not know what was answered: %s", shown)
	}
	if strings.Contains(shown, "ann@example.com") || !strings.Contains(shown, "my parcel is gone") {
		t.Errorf("the model was shown %s", shown)
	}
}
