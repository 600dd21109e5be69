package voice

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/bot/compose"
	"frontdesk/bot/prompt"
	"frontdesk/chat"
	"frontdesk/llm"
)

const (
	// maxQuestions is how many questions are tried at a time: each is worded twice.
	maxQuestions = 5
	maxQuestion  = 500 // bytes
	// trialTime bounds a test run. The console waits for a minute.
	trialTime = 50 * time.Second
	// runTime bounds one answer of it.
	runTime = 20 * time.Second
)

// Try puts questions to the bot of an inbox twice: with the live instructions
// of a prompt, and with other ones. Nothing is stored. Without questions it
// takes those that customers asked last. Answers are worded by the composer
// that customers get them from; other prompts are tried on a made-up
// conversation. Without a model both say what one would be sent.
func (v *Voice) Try(ctx context.Context, ws, inbox uuid.UUID, name, text string, questions []string) (chat.PromptTrials, error) {
	which, err := named(name)
	if err != nil {
		return chat.PromptTrials{}, err
	}
	if _, err := prompt.Check(which, text); err != nil {
		return chat.PromptTrials{}, err
	}
	select {
	case v.trying <- struct{}{}:
		defer func() { <-v.trying }()
	default:
		return chat.PromptTrials{}, chat.Errorf(chat.CodeRateLimited, "Another test run is under way. Start yours when it has ended.")
	}
	style, err := v.Style(ctx, ws, inbox)
	if err != nil {
		return chat.PromptTrials{}, err
	}
	_, kept, err := v.read(ctx, ws, inbox)
	if err != nil {
		return chat.PromptTrials{}, err
	}
	texts := kept.live()
	before := v.set(style.Style, texts, inbox)
	texts[which] = text
	t := trial{Voice: v, ws: ws, inbox: inbox, name: which, before: before, after: v.set(style.Style, texts, inbox)}

	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	out := chat.PromptTrials{Model: v.model, Trials: []chat.PromptTrial{}}
	if which != prompt.Compose || v.decide == nil {
		one, err := t.madeUp(ctx)
		out.Trials = append(out.Trials, one)
		return out, err
	}
	if questions, err = v.sample(ctx, ws, inbox, questions); err != nil {
		return out, err
	}
	for _, q := range questions {
		one, err := t.ask(ctx, q)
		if ctx.Err() != nil && len(out.Trials) > 0 {
			break // what there is says more than that time is up
		}
		if err != nil {
			return out, err
		}
		out.Trials = append(out.Trials, one)
	}
	return out, nil
}

// sample gives the questions to try.
func (v *Voice) sample(ctx context.Context, ws, inbox uuid.UUID, given []string) ([]string, error) {
	var out []string
	for _, q := range given {
		if q = strings.TrimSpace(q); len(q) > maxQuestion {
			return nil, chat.Errorf(chat.CodeInvalid, "A question has more than %d characters: %.60q…", maxQuestion, q)
		} else if q != "" {
			out = append(out, q)
		}
	}
	if len(out) > maxQuestions {
		return nil, chat.Errorf(chat.CodeInvalid, "At most %d questions are tried at a time.", maxQuestions)
	}
	if len(out) > 0 || v.asked == nil {
		return out, nil
	}
	out, err := v.asked(ctx, ws, inbox, maxQuestions)
	if err != nil {
		return nil, fmt.Errorf("voice: read what customers asked: %w", err)
	}
	return out, nil
}

// trial compares two sets of prompts of an inbox.
type trial struct {
	*Voice
	ws, inbox     uuid.UUID
	name          prompt.Name
	before, after prompt.Set
}

// ask has an answer worded with both.
func (t trial) ask(ctx context.Context, question string) (chat.PromptTrial, error) {
	turn := bot.Turn{Workspace: t.ws, Messages: []string{question}, Account: t.account(), OffLimits: t.before.Style().OffLimits}
	d, err := t.decide(ctx, turn)
	if err != nil {
		return chat.PromptTrial{}, fmt.Errorf("voice: try %.40q: %w", question, err)
	}
	out := chat.PromptTrial{Question: question, Action: d.Action, Reason: d.Reason, Plain: d.Text}
	if d.Action != chat.ActionAnswer || len(d.Material) == 0 {
		return out, nil // nothing of it is worded
	}
	in := bot.Composition{Turn: turn, Decision: d}
	out.Old, out.New = t.word(ctx, t.before, in), t.word(ctx, t.after, in)
	return out, nil
}

func (t trial) account() llm.Account {
	return llm.Account{Workspace: t.ws, Inbox: t.inbox, Purpose: llm.PurposeTest}
}

func (t trial) word(ctx context.Context, set prompt.Set, in bot.Composition) chat.PromptRun {
	p, err := compose.Prompt(t.compose, set.Seeded(shownSeed), in)
	if err != nil {
		return chat.PromptRun{Fault: faultOf(err)}
	}
	out := sent(p)
	if t.compose.Generator == nil {
		return out
	}
	o := t.compose
	o.Generator = forTest{o.Generator}
	o.Prompts = func(context.Context, uuid.UUID, uuid.UUID) (prompt.Set, error) { return set, nil }
	c, err := compose.New(o)
	if err != nil {
		return chat.PromptRun{Fault: faultOf(err)}
	}
	ctx, cancel := context.WithTimeout(ctx, runTime)
	defer cancel()
	start := time.Now()
	composed, err := c.Compose(ctx, in, func(string) {})
	out.MS = float64(time.Since(start).Microseconds()) / 1000
	for _, n := range composed.Dropped {
		out.Dropped += n
	}
	if out.Text = composed.Text; err != nil {
		out.Text, out.Fault = in.Decision.Text, faultOf(err)
	}
	return out
}

// madeUp runs a prompt on the made-up conversation with both.
func (t trial) madeUp(ctx context.Context) (chat.PromptTrial, error) {
	var out chat.PromptTrial
	var err error
	if out.Old, err = t.generate(ctx, t.before); err == nil {
		out.New, err = t.generate(ctx, t.after)
	}
	return out, err
}

func (t trial) generate(ctx context.Context, set prompt.Set) (chat.PromptRun, error) {
	p, err := set.Seeded(shownSeed).Sample(t.name)
	if err != nil {
		return chat.PromptRun{}, fmt.Errorf("voice: make the prompt: %w", err)
	}
	out := sent(p)
	if t.compose.Generator == nil {
		return out, nil
	}
	if p, err = set.Sample(t.name); err != nil { // with marks of its own
		return out, fmt.Errorf("voice: make the prompt: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, runTime)
	defer cancel()
	start := time.Now()
	var said strings.Builder
	watch := prompt.NewWatch(p.Canary)
	_, err = t.compose.Generator.Generate(ctx, llm.Request{
		Messages: p.Messages, Schema: p.Schema, Prompt: p.Version, MaxTokens: maxTrialTokens, Account: t.account(),
	}, func(piece string) error {
		said.WriteString(piece)
		if watch.Saw(piece) {
			return errLeak
		}
		return nil
	})
	out.MS = float64(time.Since(start).Microseconds()) / 1000
	if out.Text = strings.TrimSpace(said.String()); err != nil {
		out.Fault = faultOf(err)
	}
	return out, nil
}

// maxTrialTokens is room for the longest of what is asked for, an article.
const maxTrialTokens = 800

var errLeak = errors.New("the model repeats its orders")

func sent(p prompt.Prompt) chat.PromptRun {
	text := Plain(p)
	return chat.PromptRun{Sent: text, Tokens: llm.Estimate(text)}
}

// faultOf names why a model's words are not used.
func faultOf(err error) string {
	var not *bot.NotComposed
	switch {
	case errors.As(err, &not):
		return string(not.Why)
	case errors.Is(err, errLeak):
		return string(bot.SetbackCanary)
	}
	return string(llm.FaultOf(err))
}

// forTest counts tokens as those of a test, whatever they are spent on.
type forTest struct{ llm.Generator }

// Generate counts for llm.PurposeTest.
func (g forTest) Generate(ctx context.Context, r llm.Request, emit func(string) error) (llm.Result, error) {
	r.Account.Purpose = llm.PurposeTest
	return g.Generator.Generate(ctx, r, emit)
}
