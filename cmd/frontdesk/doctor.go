package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"frontdesk/chat"
	"frontdesk/llm/openai"
)

type doctorCmd struct {
	Mail   doctorMailCmd   `cmd:"" help:"Connect to the mail server, and send a test letter if told to."`
	Models doctorModelsCmd `cmd:"" help:"Ask every endpoint of a language model, and say what it can do."`
}

type doctorModelsCmd struct {
	JSON bool `help:"Print one JSON object an endpoint."`
}

// Help shows examples.
func (doctorModelsCmd) Help() string {
	return `Asks each endpoint for a few short texts, about 200 tokens. The exit code is 1 if one is not usable.

  OPENAI_BASE_URL=http://localhost:11434/v1 FRONTDESK_LLM_MODEL=qwen3:8b frontdesk doctor models
  frontdesk doctor models --llm-endpoints models.yaml`
}

// Run examines the endpoints that the settings name.
func (cmd doctorModelsCmd) Run(env *environment) error {
	list, err := env.endpoints()
	if err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(env.stdout, "No language model is configured, and none is needed. To use one, set FRONTDESK_LLM_MODEL, and OPENAI_BASE_URL if it is not OpenAI's.")
		return err
	}
	// What goes wrong is in the table.
	pool, err := openai.NewPool(openai.Options{Endpoints: list, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer pool.Close()
	reports := pool.Doctor(env.ctx)
	unusable := 0
	for _, r := range reports {
		if !r.Usable {
			unusable++
		}
	}
	if cmd.JSON {
		for _, r := range reports {
			if err := printJSON(env.stdout, r); err != nil {
				return err
			}
		}
	} else if err := printReports(env.stdout, reports); err != nil {
		return err
	}
	if unusable > 0 {
		return chat.Errorf(chat.CodeUnavailable, "%d of %s not usable", unusable, count(len(reports), "endpoint"))
	}
	return nil
}

func printReports(w io.Writer, reports []openai.Report) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ENDPOINT\tMODEL\tUSABLE\tREACHED\tLISTED\tUSAGE\tSCHEMA\tTOOLS\tSEED\tFIRST TOKEN\tTOKENS/S\tPRICE A MILLION")
	for _, r := range reports {
		// What could not be tried is no "no".
		can := func(v bool) string {
			if !r.Usable {
				return "-"
			}
			return yesNo(v)
		}
		listed := "-"
		if r.Listed != nil {
			listed = yesNo(*r.Listed)
		}
		fmt.Fprintln(t, strings.Join([]string{r.Name, r.Model, yesNo(r.Usable), yesNo(r.Reachable), listed,
			can(r.Capabilities.Usage), can(r.Capabilities.Schema), can(r.Capabilities.Tools), can(r.Capabilities.Seed),
			firstToken(r.First), perSecond(r.PerSecond), price(r.Price)}, "\t"))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, r := range reports {
		if r.Problem != "" {
			if _, err := fmt.Fprintf(w, "\n%s (%s): %s\n", r.Name, r.Address, r.Problem); err != nil {
				return err
			}
		}
	}
	return nil
}

func yesNo(v bool) string {
	if v {
		return "yes"
	}
	return "no"
}

func firstToken(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return d.Round(time.Millisecond).String()
}

func perSecond(v float64) string {
	if v == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f", v)
}

func price(p *openai.Price) string {
	if p == nil {
		return "-"
	}
	return fmt.Sprintf("%g / %g", p.Prompt, p.Completion)
}
