package memory

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"frontdesk/bot"
	"frontdesk/bot/prompt"
	"frontdesk/llm"
)

// errTooLong ends a generation that goes on and on.
var errTooLong = errors.New("the model's text is too long")

// errLeak is what a text fails with that repeats what only the model was told.
var errLeak = errors.New("the model repeats its instructions")

// Ask gives a model's whole reply to a prompt, trimmed: one of more than most
// bytes, an empty one, and one that holds the prompt's canary are errors.
func Ask(ctx context.Context, g llm.Generator, p prompt.Prompt, account llm.Account, most int) (string, error) {
	var text strings.Builder
	_, err := g.Generate(ctx, llm.Request{Messages: p.Messages, Prompt: p.Version, Schema: p.Schema, MaxTokens: most / 2, Seed: 1, Account: account},
		func(piece string) error {
			if text.WriteString(piece); text.Len() > most {
				return errTooLong
			}
			return nil
		})
	if err != nil {
		return "", err
	}
	said := strings.TrimSpace(text.String())
	switch {
	case said == "":
		return "", errors.New("the model said nothing")
	case prompt.Leaks(said, p.Canary):
		return "", errLeak
	}
	return said, nil
}

// listNumber is the number of a step or a line, which nobody said.
var listNumber = regexp.MustCompile(`(?m)^\s*\d+[.)] `)

// Figures gives the numbers and addresses of a text, in order.
func Figures(text string) []string {
	return bot.Values(listNumber.ReplaceAllString(text, ""))
}

// Unknown gives the first number or address of a text that a source does not
// hold; "" if it holds them all.
func Unknown(text, source string) string {
	known := map[string]bool{}
	for _, f := range Figures(source) {
		known[strings.ToLower(strings.TrimRight(f, ".,"))] = true
	}
	for _, f := range Figures(text) {
		if !known[strings.ToLower(strings.TrimRight(f, ".,"))] {
			return f
		}
	}
	return ""
}
