package memory_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/bot/memory"
	"frontdesk/chat"
	"frontdesk/llm"
)

// fakeStore is one conversation with its log and its memory.
type fakeStore struct {
	mu      sync.Mutex
	conv    chat.Conversation
	log     []chat.Entry
	memory  *chat.Memory
	stored  int
	failing error
}

func (f *fakeStore) Conversation(context.Context, uuid.UUID, uuid.UUID) (chat.Conversation, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.conv, f.failing
}

func (f *fakeStore) Entries(_ context.Context, _, _ uuid.UUID, _ chat.Log, after int64, limit int) (out []chat.Entry, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.log {
		if e.Seq > after && len(out) < limit {
			out = append(out, e)
		}
	}
	return out, nil
}

func (f *fakeStore) PutMemory(_ context.Context, _ uuid.UUID, m chat.Memory) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.memory, f.stored = &m, f.stored+1
	return nil
}

func (f *fakeStore) Memory(context.Context, uuid.UUID, uuid.UUID) (chat.Memory, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.memory == nil {
		return chat.Memory{}, chat.Errorf(chat.CodeNotFound, "none")
	}
	return *f.memory, nil
}

func (f *fakeStore) says(by chat.Party, text string, cited ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := chat.Entry{Seq: int64(len(f.log) + 1), Kind: chat.KindMessage, From: chat.Sender{Kind: by}, Text: text}
	if len(cited) > 0 {
		e.Answer = &chat.Answer{Action: chat.ActionAnswer}
		for _, title := range cited {
			e.Answer.Citations = append(e.Answer.Citations, chat.Citation{Title: title})
		}
	}
	f.log = append(f.log, e)
	f.conv.LastSeq = e.Seq
}

func (f *fakeStore) summary(t *testing.T) (s memory.Summary, seq int64) {
	t.Helper()
	m, err := f.Memory(t.Context(), uuid.Nil, uuid.Nil)
	if err != nil {
		return s, 0
	}
	if err := json.Unmarshal(m.Body, &s); err != nil {
		t.Fatal(err)
	}
	return s, m.Seq
}

func keeper(t *testing.T, f *fakeStore, g llm.Generator) (*memory.Keeper, chat.Ref) {
	t.Helper()
	f.conv = chat.Conversation{ID: uuid.New(), Workspace: uuid.New(), Status: chat.StatusOpen}
	k, err := memory.New(memory.Options{Store: f, Generator: g, Window: 100})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	return k, chat.Ref{Workspace: f.conv.Workspace, Conversation: f.conv.ID}
}

// long is a message of about 100 tokens.
func long(n int) string {
	return fmt.Sprintf("Message %d. ", n) + strings.Repeat("The mill still squeaks. ", 14)
}

func TestRulesNameTheOpener(t *testing.T) {
	t.Parallel()
	system := chat.Sender{Kind: chat.PartySystem}
	got := memory.Rules("", []chat.Entry{
		{Kind: chat.KindNotice, From: system, Text: "Looking for a size?", Body: chat.Body{Notice: &chat.Notice{Kind: chat.NoticeOpener}}},
		{Kind: chat.KindMessage, From: chat.Sender{Kind: chat.PartyCustomer}, Text: "Yes, 42"},
		{Kind: chat.KindNotice, From: system, Text: "You are next.", Body: chat.Body{Notice: &chat.Notice{Kind: chat.NoticeQueued}}},
	})
	if want := "The customer answered an automatic message: Looking for a size?\nThe customer wrote: Yes, 42"; got != want {
		t.Errorf("got %q", got)
	}
}

func TestAShortConversationNeedsNoMemory(t *testing.T) {
	t.Parallel()
	f := &fakeStore{}
	k, ref := keeper(t, f, nil)
	for range 4 {
		f.says(chat.PartyCustomer, "Does it squeak?")
		f.says(chat.PartyBot, "It may.")
		if err := k.Note(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
	}
	if s, _, err := memory.Recall(t.Context(), f, ref.Workspace, ref.Conversation); err != nil || s.Text != "" || f.stored != 0 {
		t.Errorf("recalled %+v, %v; stored %d times", s, err, f.stored)
	}
}

func TestWhatLeavesTheWindowIsSummedUp(t *testing.T) {
	t.Parallel()
	f := &fakeStore{}
	var asked []llm.Request
	g := llm.FakeGenerator{Reply: func(r llm.Request) ([]string, llm.Result, error) {
		asked = append(asked, r)
		return []string{"The mill squeaks; ", "message 1 and 2 said so."}, llm.Result{}, nil
	}}
	k, ref := keeper(t, f, g)
	for n := 1; n <= 7; n++ {
		f.says(chat.PartyCustomer, long(n))
	}
	f.log[0].Text += " My address is ann@example.com."
	if err := k.Note(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	s, seq := f.summary(t)
	if s.By != memory.ByModel || s.Text != "The mill squeaks; message 1 and 2 said so." || s.Prompt == "" || seq != 6 {
		t.Fatalf("memory %+v up to %d", s, seq)
	}
	prompt := fmt.Sprint(asked[0].Messages)
	if strings.Contains(prompt, "ann@example.com") || !strings.Contains(prompt, "Message 1.") || strings.Contains(prompt, fmt.Sprintf("Message %d.", seq+1)) {
		t.Errorf("the model was shown %s", prompt)
	}
	if asked[0].Account.Purpose != llm.PurposeSummary || asked[0].Account.Conversation != ref.Conversation {
		t.Errorf("account %+v", asked[0].Account)
	}

	// Nothing new: nothing is asked. Then it goes on from what it had.
	if err := k.Note(t.Context(), ref); err != nil || len(asked) != 1 {
		t.Errorf("%d requests, %v", len(asked), err)
	}
	for n := 8; n <= 13; n++ {
		f.says(chat.PartyCustomer, long(n))
	}
	if err := k.Note(t.Context(), ref); err != nil || len(asked) != 2 {
		t.Fatalf("%d requests, %v", len(asked), err)
	}
	if prompt := fmt.Sprint(asked[1].Messages); !strings.Contains(prompt, "message 1 and 2 said so") || strings.Contains(prompt, "Message 1.") {
		t.Errorf("the second time the model was shown %s", prompt)
	}
}

func TestASummaryThatCannotBeTrusted(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]func(llm.Request) ([]string, llm.Result, error){
		"made up": func(llm.Request) ([]string, llm.Result, error) {
			return []string{"It cost 99.90 €."}, llm.Result{}, nil
		},
		"empty": func(llm.Request) ([]string, llm.Result, error) { return []string{" \n"}, llm.Result{}, nil },
		"endless": func(llm.Request) ([]string, llm.Result, error) {
			return []string{strings.Repeat("word ", 400)}, llm.Result{}, nil
		},
		"cut short": func(llm.Request) ([]string, llm.Result, error) {
			return []string{"The mill"}, llm.Result{}, &llm.Error{Fault: llm.FaultLength}
		},
		"its prompt": func(r llm.Request) ([]string, llm.Result, error) {
			return []string{r.Messages[0].Text}, llm.Result{}, nil
		},
	} {
		f := &fakeStore{}
		k, ref := keeper(t, f, llm.FakeGenerator{Reply: reply})
		for n := 1; n <= 6; n++ {
			f.says(chat.PartyCustomer, long(n))
		}
		f.says(chat.PartyBot, "Oil it.", "A mill that squeaks")
		f.says(chat.PartyAgent, "I am here now.")
		f.says(chat.PartyCustomer, long(9))
		if err := k.Note(t.Context(), ref); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s, _ := f.summary(t)
		if s.By != memory.ByRules || !strings.Contains(s.Text, "The customer wrote: Message") || !strings.Contains(s.Text, "A mill that squeaks") || len(s.Text) > 1200 {
			t.Errorf("%s: memory %+v", name, s)
		}
	}
}

func TestTheEndIsToldWhole(t *testing.T) {
	t.Parallel()
	f := &fakeStore{}
	k, ref := keeper(t, f, nil)
	f.says(chat.PartyCustomer, "My number is 0171 2345678. Where is my parcel?")
	f.says(chat.PartyAgent, "It comes on Friday.")
	f.conv.Status = chat.StatusClosed
	k.Wake(ref)
	k.Wake(ref)
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		s, seq := f.summary(t)
		if seq == 2 {
			if !s.Closed || !strings.Contains(s.Text, "An agent wrote last: It comes on Friday.") || strings.Contains(s.Text, "2345678") {
				t.Errorf("memory %+v", s)
			}
			return
		}
		if time.Now().After(end) {
			t.Fatal("nothing is remembered of a closed conversation")
		}
	}
}

func TestAStoreThatFails(t *testing.T) {
	t.Parallel()
	f := &fakeStore{}
	k, ref := keeper(t, f, nil)
	f.failing = errors.New("gone")
	if err := k.Note(t.Context(), ref); !errors.Is(err, f.failing) {
		t.Errorf("got %v", err)
	}
	if _, err := memory.New(memory.Options{}); err == nil {
		t.Error("a keeper without a store")
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, source, want string }{
		{"It takes 3 days.", "Delivery: 3 days", ""},
		{"It takes 3 days.", "Delivery: 13 days", "3"},
		{"See https://shop.example/a.", "go to HTTPS://shop.example/a", ""},
		{"See https://shop.example/b", "go to https://shop.example/a", "https://shop.example/b"},
		{"1. Open it.\n2. Close it.", "Open it. Close it.", ""},
		{"Write to a@b.de", "no address", "a@b.de"},
	} {
		if got := memory.Unknown(c.text, c.source); got != c.want {
			t.Errorf("%q of %q: %q, want %q", c.text, c.source, got, c.want)
		}
	}
}
