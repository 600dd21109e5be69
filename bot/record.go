package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/llm"
)

// Records keeps what turns rested on.
type Records interface {
	// PutTurn stores a record; a repeat of its turn replaces it.
	PutTurn(ctx context.Context, ws uuid.UUID, t chat.TurnRecord) error
}

// Recorder is a Decider that tells what a decision rests on, beside an error
// too. Engine is one.
type Recorder interface {
	Record(ctx context.Context, t Turn) (Decision, *Basis, error)
}

// RecordFormat is the Format of records that this code writes and reads.
const RecordFormat = 1

// maxRecord bounds a record, in bytes: ten times what the repository's own
// questions take at most. A larger one loses its basis, and says so.
const maxRecord = 256 << 10

// Record is the body of a chat.TurnRecord: what a turn rested on that is not
// in the code, and what came of it. It repeats no message: Seen says which part
// of the conversation's log the turn saw. What a model said stands in it as the
// model said it, so with placeholders where personal data were taken out before.
type Record struct {
	Format int    `json:"format"`
	Build  string `json:"build"` // version of the program
	Seen   Seen   `json:"seen"`
	Basis  *Basis `json:"basis,omitempty"` // nil: nothing was decided, or see Cut
	// Decided is the engine's decision, where the turn ended in another.
	Decided json.RawMessage `json:"decided,omitempty"`
	Held    chat.Reason     `json:"held,omitempty"`  // why the gate held the answer back
	Acted   bool            `json:"acted,omitempty"` // an action of the shop took the decision's place
	// Material are the versions that a Composer could use, nil where none was asked.
	Material  []uuid.UUID    `json:"material,omitempty"`
	Seed      string         `json:"seed,omitempty"`      // Composition.Seed
	Exchanges []llm.Exchange `json:"exchanges,omitempty"` // with language models, in order of their end
	Wording   *WordingRecord `json:"wording,omitempty"`
	// Decision is what the turn ended in, as JSON of Decision.
	Decision json.RawMessage `json:"decision"`
	Failure  string          `json:"failure,omitempty"` // why the turn failed and went to a person
	Cut      int             `json:"cut,omitempty"`     // the record was that many bytes long, and lost its basis
}

// Seen is what of a conversation a turn saw.
type Seen struct {
	Epoch       int64     `json:"epoch"`
	From        int64     `json:"from"` // entries of the public log after this one
	To          int64     `json:"to"`   // up to this one
	AnsweredSeq int64     `json:"answered_seq"`
	CustomerSeq int64     `json:"customer_seq"`
	Locale      string    `json:"locale,omitempty"`
	Now         time.Time `json:"now"`
	Turn        string    `json:"turn"` // Turn.Key
	// OffLimits is the one of the turn's that kept the bot out of it, if one did.
	OffLimits []chat.OffLimits `json:"off_limits,omitempty"`
}

// WordingRecord is a Wording, with times in milliseconds.
type WordingRecord struct {
	Outcome      string         `json:"outcome"`
	Dropped      map[string]int `json:"dropped,omitempty"`
	FirstShownMS int64          `json:"first_shown_ms,omitempty"`
	TookMS       int64          `json:"took_ms"`
}

// Key stands for everything of a turn that may have changed in the log since.
func (t Turn) Key() string {
	text, err := json.Marshal(struct {
		Messages []string
		History  []Past
		Locale   string
	}{t.Messages, t.History, t.Locale})
	if err != nil { // a conversation's parts always have a JSON form
		text = fmt.Append(nil, t)
	}
	return textKey(string(text))
}

// notes is a record in the making. A nil one notes nothing.
type notes struct {
	mu     sync.Mutex
	record Record
}

// newNotes begins the record of an attempt; nil if nobody keeps it.
func (r *Runner) newNotes(a attempt, entries []chat.Entry) *notes {
	if r.o.Records == nil {
		return nil
	}
	seen := Seen{
		Epoch: a.conv.Epoch, From: logFrom(a.conv), To: a.conv.LastSeq, AnsweredSeq: a.conv.AnsweredSeq, CustomerSeq: a.conv.CustomerSeq,
		Locale: a.conv.Locale, Now: a.turn.Now, Turn: a.turn.Key(),
	}
	if len(entries) > 0 {
		seen.To = entries[len(entries)-1].Seq
	}
	return &notes{record: Record{Format: RecordFormat, Build: r.o.Build, Seen: seen}}
}

// note changes the record, if there is one.
func (n *notes) note(change func(*Record)) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	change(&n.record)
}

// listening gives a context in which exchanges with models are noted.
func (n *notes) listening(ctx context.Context) context.Context {
	if n == nil {
		return ctx
	}
	return llm.Listening(ctx, func(x llm.Exchange) {
		n.note(func(r *Record) { r.Exchanges = append(r.Exchanges, x) })
	})
}

// decided notes the engine's decision.
func (n *notes) decided(a attempt, d Decision, basis *Basis) {
	n.note(func(r *Record) { r.Basis, r.Decided = basis, decisionJSON(a.id, d) })
}

// worded notes what a Composer was given and what became of it.
func (n *notes) worded(c Composition, w Wording) {
	n.note(func(r *Record) {
		r.Seed, r.Material = c.Seed, []uuid.UUID{}
		for _, m := range c.Decision.Material {
			r.Material = append(r.Material, m.Citation.Version)
		}
		r.Wording = &WordingRecord{Outcome: w.Outcome, Dropped: w.Dropped, FirstShownMS: w.FirstShown.Milliseconds(), TookMS: w.Took.Milliseconds()}
	})
}

// body ends the record.
func (n *notes) body(a attempt, d Decision, cause error) (json.RawMessage, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	r := n.record
	r.Exchanges = slices.Clone(r.Exchanges)
	r.Decision = decisionJSON(a.id, d)
	if string(r.Decided) == string(r.Decision) {
		r.Decided = nil
	}
	if cause != nil {
		r.Failure = cause.Error()
	}
	text, err := json.Marshal(r)
	if err == nil && len(text) > maxRecord {
		r.Basis, r.Exchanges, r.Cut = nil, nil, len(text)
		text, err = json.Marshal(r)
	}
	return text, err
}

// decisionJSON is a decision as it is recorded and compared.
func decisionJSON(turn uuid.UUID, d Decision) json.RawMessage {
	d.Answer.Turn = turn
	text, err := json.Marshal(d)
	if err != nil { // a number that is none: it is compared as this
		text, _ = json.Marshal(err.Error())
	}
	return text
}

// keep stores the record of a turn that ended. A turn is not worse for a
// record that cannot be stored.
func (r *Runner) keep(a attempt, d Decision, cause error) {
	if a.notes == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), handOverTime)
	defer cancel()
	body, err := a.notes.body(a, d, cause)
	if err == nil {
		err = r.o.Records.PutTurn(ctx, a.ref.Workspace, chat.TurnRecord{Turn: a.id, Conversation: a.ref.Conversation, At: r.o.Now(), Body: body})
	}
	if err != nil {
		r.o.Log.Error("bot: what a turn rested on was not recorded", "conversation", a.ref.Conversation, "err", err)
	}
}
