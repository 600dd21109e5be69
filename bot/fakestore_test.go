package bot

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// fakeStore holds one conversation and follows the store's contract for it.
type fakeStore struct {
	mu        sync.Mutex
	conv      chat.Conversation
	log       []chat.Entry
	handovers []Handover
	leases    map[string]chat.Lease
	replaced  map[uuid.UUID]bool // versions that are no longer published
	fail      map[string]error   // by method
	calls     map[string]int
	wake      func(chat.Ref)
}

func newFakeStore() *fakeStore {
	return &fakeStore{
		conv:   chat.Conversation{ID: uuid.New(), Workspace: uuid.New(), Owner: chat.OwnerBot, Status: chat.StatusOpen, Epoch: 1},
		leases: map[string]chat.Lease{}, replaced: map[uuid.UUID]bool{}, fail: map[string]error{}, calls: map[string]int{},
	}
}

func (s *fakeStore) ref() chat.Ref {
	return chat.Ref{Workspace: s.conv.Workspace, Conversation: s.conv.ID}
}

// say appends a message of the customer and wakes the runner.
func (s *fakeStore) say(text string) {
	s.mu.Lock()
	e := s.append(chat.Draft{From: chat.Sender{Kind: chat.PartyCustomer}, Kind: chat.KindMessage, Text: text})
	s.conv.CustomerSeq = e.Seq
	wake := s.wake
	s.mu.Unlock()
	if wake != nil {
		wake(s.ref())
	}
}

// takeOver gives the conversation to an agent, who answers.
func (s *fakeStore) takeOver() {
	s.mu.Lock()
	s.conv.Owner, s.conv.AnsweredSeq = chat.OwnerAgent, s.conv.CustomerSeq
	s.conv.Epoch++
	wake := s.wake
	s.mu.Unlock()
	if wake != nil {
		wake(s.ref())
	}
}

func (s *fakeStore) append(d chat.Draft) chat.Entry {
	s.conv.LastSeq++
	e := chat.Entry{Conversation: s.conv.ID, Log: chat.LogPublic, Seq: s.conv.LastSeq, ClientID: d.ClientID, At: time.Now(), From: d.From, Kind: d.Kind, Text: d.Text, Body: d.Body}
	s.log = append(s.log, e)
	return e
}

// enter counts a call and gives the failure set for it.
func (s *fakeStore) enter(ctx context.Context, method string) error {
	s.calls[method]++
	if err := s.fail[method]; err != nil {
		return err
	}
	return ctx.Err()
}

func (s *fakeStore) Conversation(ctx context.Context, _, _ uuid.UUID) (chat.Conversation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conv, s.enter(ctx, "Conversation")
}

func (s *fakeStore) Entries(ctx context.Context, _, _ uuid.UUID, _ chat.Log, after int64, _ int) ([]chat.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.enter(ctx, "Entries"); err != nil {
		return nil, err
	}
	return append([]chat.Entry(nil), s.log[after:]...), nil
}

func (s *fakeStore) AppendIf(ctx context.Context, _, _ uuid.UUID, d chat.Draft, f chat.Fence) (chat.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.enter(ctx, "AppendIf"); err != nil {
		return chat.Entry{}, err
	}
	for _, v := range f.Versions {
		if s.replaced[v] {
			return chat.Entry{}, chat.Errorf(chat.CodeStale, "a cited version was replaced")
		}
	}
	if f.Epoch != s.conv.Epoch || f.CustomerSeq != s.conv.CustomerSeq || !s.conv.Unanswered() || s.conv.Owner != chat.OwnerBot {
		return chat.Entry{}, chat.Errorf(chat.CodeStale, "the conversation moved on")
	}
	s.conv.AnsweredSeq = f.CustomerSeq
	return s.append(d), nil
}

func (s *fakeStore) HandOver(ctx context.Context, _, _ uuid.UUID, epoch int64, req Handover) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.enter(ctx, "HandOver"); err != nil {
		return err
	}
	if epoch != s.conv.Epoch {
		return chat.Errorf(chat.CodeStale, "the conversation moved on")
	}
	s.conv.Owner, s.conv.AnsweredSeq = chat.OwnerQueue, s.conv.CustomerSeq
	s.conv.Epoch++
	s.handovers = append(s.handovers, req)
	return nil
}

func (s *fakeStore) AcquireLease(ctx context.Context, _ uuid.UUID, key, holder string, until time.Time) (chat.Lease, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.enter(ctx, "AcquireLease"); err != nil {
		return chat.Lease{}, err
	}
	if l, ok := s.leases[key]; ok && l.Holder != holder && l.Until.After(time.Now()) {
		return chat.Lease{}, chat.Errorf(chat.CodeConflict, "somebody else has it")
	}
	s.leases[key] = chat.Lease{Key: key, Holder: holder, Until: until}
	return s.leases[key], nil
}

func (s *fakeStore) ReleaseLease(ctx context.Context, _ uuid.UUID, key, holder string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.enter(ctx, "ReleaseLease"); err != nil {
		return err
	}
	if s.leases[key].Holder == holder {
		delete(s.leases, key)
	}
	return nil
}

func (s *fakeStore) Workspaces(ctx context.Context) ([]chat.Workspace, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return []chat.Workspace{{ID: s.conv.Workspace}}, s.enter(ctx, "Workspaces")
}

func (s *fakeStore) Awaiting(ctx context.Context, _ uuid.UUID, before time.Time, _ int) ([]chat.Conversation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.enter(ctx, "Awaiting"); err != nil {
		return nil, err
	}
	if due(s.conv) && s.log[s.conv.CustomerSeq-1].At.Before(before) {
		return []chat.Conversation{s.conv}, nil
	}
	return nil, nil
}

// said gives the texts of the bot's messages.
func (s *fakeStore) said() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, e := range s.log {
		if e.From.Kind == chat.PartyBot {
			out = append(out, e.Text)
		}
	}
	return out
}

func (s *fakeStore) handedOver() []Handover {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Handover(nil), s.handovers...)
}

func (s *fakeStore) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}
