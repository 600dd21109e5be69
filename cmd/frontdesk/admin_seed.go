package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store"
	"frontdesk/store/dsn"
)

// seedCmd fills a store with made-up conversations, so that tests and
// operators can see how an inbox of many behaves. It is not for real data, and
// so not listed.
type seedCmd struct {
	Conversations int `arg:"" help:"How many to add."`
}

// Run adds them; no server may run on the data.
func (c *seedCmd) Run(env *environment) (err error) {
	log := slog.New(slog.NewTextHandler(env.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	st, err := dsn.Open(env.ctx, env.DatabaseURL, env.Data, store.Options{Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	ws, inbox, err := st.EnsureWorkspace(env.ctx, "Frontdesk", firstInbox())
	if err != nil {
		return err
	}
	s := seeder{st: st, ws: ws.ID, inbox: inbox.ID}
	if s.agents, err = st.Users(env.ctx, ws.ID); err != nil {
		return err
	}
	if err := s.all(env.ctx, c.Conversations); err != nil {
		return err
	}
	for {
		n, err := st.IndexConversations(env.ctx, ws.ID, indexAtOnce)
		if err != nil {
			return err
		}
		if n < indexAtOnce {
			break
		}
	}
	_, err = fmt.Fprintf(env.stdout, "%d conversations added\n", c.Conversations)
	return err
}

type seeder struct {
	st        store.Store
	ws, inbox uuid.UUID
	agents    []chat.User
}

// seedWriters is how many add at a time, so that commits are shared.
const seedWriters = 64

func (s seeder) all(ctx context.Context, n int) error {
	var (
		wg   sync.WaitGroup
		next atomic.Int64
		once sync.Once
		fail error
	)
	for range min(seedWriters, n) {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				if err := s.one(ctx, int(i)); err != nil {
					once.Do(func() { fail = fmt.Errorf("conversation %d: %w", i, err) })
					next.Store(int64(n))
					return
				}
			}
		})
	}
	wg.Wait()
	return fail
}

var (
	seedNames    = []string{"Lena Brandt", "Milan Horvat", "Zoë Keller", "Karin Solheim", "Amadou Keita", "Ruben Castellanos", "Jürgen Groß", "Hanne Vestergaard"}
	seedThings   = []string{"grinder", "kettle", "parcel", "invoice", "burrs", "lid", "Mühle", "filter"}
	seedTroubles = []string{"is broken", "has not come", "came without its box", "was delivered to a neighbour", "makes a noise", "ist zu groß", "is the wrong colour"}
	seedTags     = []string{"order", "delivery", "refund", "warranty", "wholesale", "VIP"}
	seedLocales  = []string{"en", "en-GB", "de", "de-AT", "fr", ""}
)

func pick[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }

// one adds the ith conversation. Nine of ten are closed; of the others a
// part waits, and an agent has a part, if there is one.
func (s seeder) one(ctx context.Context, i int) error {
	r := rand.New(rand.NewPCG(uint64(i), 0))
	name := pick(r, seedNames)
	customer, err := s.st.CreateCustomer(ctx, s.ws, chat.Customer{Name: name, Email: fmt.Sprintf("customer%d@example.com", i)})
	if err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	thing := pick(r, seedThings)
	c, err := s.st.OpenConversation(ctx, s.ws, chat.Conversation{ID: id, Inbox: s.inbox, Customer: customer.ID, Locale: pick(r, seedLocales)})
	if err != nil {
		return err
	}
	asks := chat.Draft{ClientID: uuid.New(), Kind: chat.KindMessage, From: chat.Sender{Kind: chat.PartyCustomer, ID: customer.ID, Name: name},
		Text: fmt.Sprintf("My %s %s, order KK-%05d. What can be done?", thing, pick(r, seedTroubles), i)}
	if _, err := s.st.Append(ctx, s.ws, id, asks); err != nil {
		return err
	}
	if err := s.moves(ctx, c, i, thing); err != nil {
		return err
	}
	if r.IntN(3) > 0 {
		return nil
	}
	_, err = s.st.SetTags(ctx, s.ws, id, []string{pick(r, seedTags), pick(r, seedTags)})
	return err
}

func (s seeder) moves(ctx context.Context, c chat.Conversation, i int, thing string) error {
	move := func(t chat.Transition) error {
		t.Epoch, t.By = c.Epoch, chat.Sender{Kind: chat.PartySystem}
		moved, _, err := s.st.Transition(ctx, s.ws, c.ID, t)
		c.Epoch = moved.Epoch
		return err
	}
	queued := chat.Transition{To: chat.OwnerQueue, Status: chat.StatusOpen, Reason: chat.ReasonAsked, Answered: true}
	switch {
	case i%10 != 0:
		note := chat.Draft{ClientID: uuid.New(), Log: chat.LogStaff, Kind: chat.KindNote, From: chat.Sender{Kind: chat.PartySystem},
			Text: strings.ToUpper(thing[:1]) + thing[1:] + " replaced."}
		return move(chat.Transition{To: chat.OwnerBot, Status: chat.StatusClosed, Answered: true, Entries: []chat.Draft{note}})
	case i%30 == 0:
		return move(queued)
	case i%20 == 0 && len(s.agents) > 0:
		agent := s.agents[i/20%len(s.agents)]
		return move(chat.Transition{To: chat.OwnerAgent, Status: chat.StatusOpen, Agent: agent.ID, Name: agent.Name})
	}
	return nil
}
