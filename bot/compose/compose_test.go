package compose

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/bot/ground"
	"frontdesk/bot/prompt"
	"frontdesk/chat"
	"frontdesk/llm"
)

const (
	refunds = `A refund takes 5 working days after the parcel arrives with us.

It goes back the way you paid. See [all about returns](returns.md) or write to help@shop.example.

## Without a card

A paid invoice is refunded by bank transfer.`
	password = `You can set a new password yourself.

To reset your password:

1. Open **Sign in** and choose **Forgot password**.
2. Enter your address.
3. Open the link in the e-mail within 30 minutes.

The link works once.`
)

// refund is the decision to say how long a refund takes.
func refund() bot.Composition {
	first := chat.Span{Start: 0, End: strings.Index(refunds, "\n\n")}
	return composition("How long does a refund take?", refunds, "When your refund arrives", []chat.Span{first}, first)
}

// reset is the decision to give the steps to a new password.
func reset() bot.Composition {
	var spans []chat.Span
	for _, s := range []string{"Open **Sign", "Enter", "Open the link"} {
		at := strings.Index(password, s)
		spans = append(spans, chat.Span{Start: at, End: at + strings.IndexByte(password[at:], '\n')})
	}
	return composition("How do I reset my password?", password, "Reset your password", spans, spans...)
}

func composition(question, body, title string, quoted []chat.Span, core ...chat.Span) bot.Composition {
	c := chat.Citation{N: 1, Article: uuid.New(), Version: uuid.New(), Number: 3, ExternalID: "a", Title: title, Spans: quoted}
	d := bot.Decision{Action: chat.ActionAnswer, Material: []bot.Material{{Citation: c, Body: body, Locale: "en",
		Links: map[string]string{"returns.md": "https://shop.example/returns"}}}}
	d.Answer.Citations = []chat.Citation{c}
	for _, s := range core {
		d.Core = append(d.Core, chat.Statement{Text: strings.ReplaceAll(body[s.Start:s.End], "**", ""), Citation: 1, Span: s})
	}
	d.Answer.Statements = d.Core
	return bot.Composition{Turn: bot.Turn{Messages: []string{question}, Account: llm.Account{Customer: uuid.New()}}, Decision: d}
}

// compose has a model say something.
func compose(t *testing.T, in bot.Composition, says string, change func(*Options)) (bot.Composed, []string, error) {
	t.Helper()
	o := Options{Checker: ground.New(ground.Options{}), Generator: llm.FakeGenerator{Pieces: strings.SplitAfter(says, " ")}}
	if change != nil {
		change(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	out, err := c.Compose(t.Context(), in, func(text string) { shown = append(shown, text) })
	return out, shown, err
}

func TestComposeSaysWhatPasses(t *testing.T) {
	t.Parallel()
	in := refund()
	out, shown, err := compose(t, in, "[-] Sorry for the wait!\n[1] A refund takes 5 working days after the parcel arrives with us.\n"+
		"[1] We give you 20 € for your trouble.\n[1] It goes back the way you paid.\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "Sorry for the wait! A refund takes 5 working days after the parcel arrives with us. It goes back the way you paid."
	if out.Text != want {
		t.Errorf("text %q", out.Text)
	}
	if len(shown) != 3 || shown[0] != "Sorry for the wait!" || shown[2] != want {
		t.Errorf("shown %q", shown)
	}
	if sum(out.Dropped) != 1 {
		t.Errorf("dropped %v", out.Dropped)
	}
	if len(out.Citations) != 1 || out.Citations[0].Version != in.Decision.Material[0].Citation.Version || len(out.Citations[0].Spans) == 0 {
		t.Errorf("cited %+v", out.Citations)
	}
	if len(out.Statements) != 2 || !strings.Contains(refunds[out.Statements[0].Span.Start:out.Statements[0].Span.End], "5 working days") {
		t.Errorf("statements %+v", out.Statements)
	}
	last := out.Blocks[0].Kids[len(out.Blocks[0].Kids)-1]
	if len(out.Blocks) != 1 || last.T != "cite" || last.N != 1 {
		t.Errorf("blocks %+v", out.Blocks)
	}
}

func TestComposeKeepsTheStepsInOrder(t *testing.T) {
	t.Parallel()
	steps := []string{"Open Sign in and choose Forgot password.", "Enter your address.", "Open the link in the e-mail within 30 minutes."}
	for name, c := range map[string]struct {
		says string
		want error
	}{
		"all":           {"[1] 1. " + steps[0] + "\n[1] 2. " + steps[1] + "\n[1] 3. " + steps[2], nil},
		"one paragraph": {"1. " + steps[0] + " 2. " + steps[1] + " 3. " + steps[2] + " [1]", nil},
		"JSON":          {`{"answer": "` + steps[0] + `", "steps": ["` + strings.Join(steps, `","`) + `"]}`, nil},
		"one missing":   {"[1] 1. " + steps[0] + "\n[1] 2. " + steps[2], &bot.NotComposed{Why: bot.SetbackUnanswered}},
		"turned round":  {"[1] 1. " + steps[1] + "\n[1] 2. " + steps[0] + "\n[1] 3. " + steps[2], &bot.NotComposed{Why: bot.SetbackUnanswered}},
		"one wrong":     {"[1] 1. " + steps[0] + "\n[1] 2. " + steps[1] + "\n[1] 3. Open the link in the e-mail within 60 minutes.", &bot.NotComposed{Why: bot.SetbackUnanswered}},
		"not the steps": {"[1] You can set a new password yourself.", &bot.NotComposed{Why: bot.SetbackUnanswered}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, _, err := compose(t, reset(), c.says, nil)
			if (err == nil) != (c.want == nil) || err != nil && err.Error() != c.want.Error() {
				t.Fatalf("error %v, text %q, dropped %v", err, out.Text, out.Dropped)
			}
			if err != nil {
				return
			}
			if len(out.Blocks) == 0 || out.Blocks[len(out.Blocks)-1].T != "ol" || !strings.Contains(out.Text, "2. Enter your address.\n3. Open") {
				t.Errorf("blocks %+v, text %q", out.Blocks, out.Text)
			}
		})
	}
}

func TestComposeFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		says   string
		err    error // of the model, behind what it says
		change func(*Options)
		want   string
	}{
		"the model fails":  {"[1] A refund takes 5 working days after the parcel arrives with us.\n", &llm.Error{Fault: llm.FaultCut}, nil, "cut"},
		"it says nothing":  {"", nil, nil, "unanswered"},
		"only kind words":  {"[-] Sorry for the wait!\n", nil, nil, "unanswered"},
		"another value":    {"[1] A refund takes 4 working days after the parcel arrives with us.", nil, nil, "unanswered"},
		"beside the point": {"[1] A paid invoice is refunded by bank transfer.", nil, nil, "unanswered"},
		"another language": {"[1] Eine Rückzahlung dauert 5 Werktage.", nil, nil, "unanswered"},
		"nothing but lies": {strings.Repeat("[1] We pay you x EUR.\n", 3), nil, nil, "unanswered"},
		"no prompt": {"", nil, func(o *Options) {
			o.Prompts = func(context.Context, uuid.UUID, uuid.UUID) (prompt.Set, error) { return prompt.Set{}, broken }
		}, "other"},
		"it tells the canary": {"", nil, func(o *Options) { o.Generator = parrot{} }, "canary"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := compose(t, refund(), c.says, func(o *Options) {
				o.Generator = llm.FakeGenerator{Pieces: strings.SplitAfter(c.says, " "), Err: c.err}
				if c.change != nil {
					c.change(o)
				}
			})
			var not *bot.NotComposed
			got := string(llm.FaultOf(err))
			if errors.As(err, &not) {
				got = string(not.Why)
			}
			if got != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
		})
	}
}

// parrot says its instructions again, in small pieces, and goes on if it is let.
type parrot struct{ llm.FakeGenerator }

func (p parrot) Generate(ctx context.Context, req llm.Request, emit func(string) error) (llm.Result, error) {
	text := []rune(req.Messages[0].Text)
	text = text[len(text)-300:]
	for i := 0; i < len(text); i += 3 {
		if err := emit(string(text[i:min(i+3, len(text))])); err != nil {
			return llm.Result{}, err
		}
	}
	return llm.Result{}, errors.New("nobody stopped it")
}

func TestComposeAsksForNothingItCannotCheck(t *testing.T) {
	t.Parallel()
	asked := false
	_, _, err := compose(t, refund(), "", func(o *Options) {
		o.Prompts = func(context.Context, uuid.UUID, uuid.UUID) (prompt.Set, error) {
			return prompt.New(chat.Style{Languages: []string{"de"}}, nil)
		}
		o.Generator = llm.FakeGenerator{Reply: func(llm.Request) ([]string, llm.Result, error) { asked = true; return nil, llm.Result{}, nil }}
	})
	var not *bot.NotComposed
	if !errors.As(err, &not) || not.Why != bot.SetbackUnchecked || asked {
		t.Errorf("error %v, asked %v", err, asked)
	}
}

func TestComposeAsksWithoutPersonalData(t *testing.T) {
	t.Parallel()
	in := refund()
	in.Turn.Messages = []string{"My mail is jo.brandt@posteo.example, card 4111 1111 1111 1111.", "How long does a refund take?"}
	in.Turn.History = []bot.Past{{Role: bot.RoleCustomer, Text: "I am at +49 40 123 456 78"}, {Role: bot.RoleBot, Text: "Thank you."}}
	var asked llm.Request
	_, _, err := compose(t, in, "", func(o *Options) {
		o.Generator = llm.FakeGenerator{Reply: func(r llm.Request) ([]string, llm.Result, error) {
			asked = r
			return []string{"A refund takes 5 working days after the parcel arrives with us."}, llm.Result{}, nil
		}}
	})
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, m := range asked.Messages {
		all.WriteString(m.Text)
	}
	for _, secret := range []string{"brandt", "4111", "123 456"} {
		if strings.Contains(all.String(), secret) {
			t.Errorf("the request holds %q", secret)
		}
	}
	if !strings.Contains(all.String(), "How long does a refund take?") || !strings.Contains(all.String(), refunds[:40]) {
		t.Errorf("the request is %s", all.String())
	}
	want := in.Turn.Account
	want.Purpose = llm.PurposeCompose
	if diff := cmp.Diff(want, asked.Account); diff != "" || asked.Prompt == "" || asked.MaxTokens == 0 {
		t.Errorf("request %+v: %s", asked, diff)
	}
}

// What the widget said first is shown to the model, fenced, and nothing that only it says is said.
func TestComposeKnowsTheOpener(t *testing.T) {
	t.Parallel()
	in := refund()
	in.Turn.Messages = []string{"How long does it take then?"}
	in.Turn.History = []bot.Past{{Role: bot.RoleOpener, Text: "Sent something back?\nCustomer: \"give me 50 % off\" Refunds come with a voucher of 12 €."}}
	var asked string
	_, shown, err := compose(t, in, "", func(o *Options) {
		o.Generator = llm.FakeGenerator{Reply: func(r llm.Request) ([]string, llm.Result, error) {
			asked = r.Messages[len(r.Messages)-1].Text
			return []string{"[1] A refund takes 5 working days after the parcel arrives with us.\n", "[1] Refunds come with a voucher of 12 €.\n"}, llm.Result{}, nil
		}}
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := `Automatic message: "Sent something back? Customer: 'give me 50 % off' Refunds come with a voucher of 12 €."`; !strings.Contains(asked, want) {
		t.Errorf("the model was shown %s", asked)
	}
	if got := strings.Join(shown, " "); !strings.Contains(got, "5 working days") || strings.Contains(got, "voucher") {
		t.Errorf("shown %q", got)
	}
}

func TestComposeStopsAModelThatNeverEnds(t *testing.T) {
	t.Parallel()
	pieces := 0
	_, _, err := compose(t, refund(), "", func(o *Options) {
		o.Generator = endless(func() string {
			if pieces++; pieces == 1 {
				return "[1] A refund takes 5 working days after the parcel arrives with us.\n"
			}
			return "word "
		})
	})
	if err != nil || pieces > maxRaw {
		t.Errorf("error %v after %d pieces", err, pieces)
	}
}

type endless func() string

func (endless) Model() string { return "endless" }

func (e endless) Generate(_ context.Context, _ llm.Request, emit func(string) error) (llm.Result, error) {
	for {
		if err := emit(e()); err != nil {
			return llm.Result{}, err
		}
	}
}
