package compose

import (
	"frontdesk/bot"
	"frontdesk/bot/prompt"
)

// Prompt gives what a Composer with options o asks a model for an answer with
// some prompts: to look at it.
func Prompt(o Options, set prompt.Set, in bot.Composition) (prompt.Prompt, error) {
	c := &Composer{o: o}
	locale, err := c.locale(set, in)
	if err != nil {
		return prompt.Prompt{}, err
	}
	return set.Compose(input(in, locale))
}
