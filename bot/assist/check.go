package assist

import (
	"slices"
	"strings"

	"frontdesk/bot/memory"
)

// known checks that a text holds no number or address that its source lacks.
func known(text, source string) error {
	if f := memory.Unknown(text, source); f != "" {
		return errChanged{"it says “" + f + "”, which nobody said"}
	}
	return nil
}

// sameFigures checks that a text says the numbers and addresses of another: no
// new ones, and, unless some may go, all of them.
func sameFigures(of, text string, someMayGo bool) error {
	if err := known(text, of); err != nil {
		return err
	}
	if f := memory.Unknown(of, text); f != "" && !someMayGo {
		return errChanged{"it leaves out “" + f + "”"}
	}
	return nil
}

// sameDigits checks that a translation has the numbers and addresses of its
// text. Languages part digits in different ways, and may order them anew.
func sameDigits(of, text string) error {
	digits := func(s string) (out []string) {
		for _, f := range memory.Figures(s) {
			out = append(out, strings.Map(func(r rune) rune {
				if strings.ContainsRune(".,: –-", r) {
					return -1
				}
				return r
			}, strings.ToLower(f)))
		}
		slices.Sort(out)
		return out
	}
	if a, b := digits(of), digits(text); !slices.Equal(a, b) {
		return errChanged{"its numbers or addresses are not those of the text"}
	}
	return nil
}

// object gives what is from the first brace to the last: small models put
// words around their JSON.
func object(s string) string {
	from, to := strings.IndexByte(s, '{'), strings.LastIndexByte(s, '}')
	if from < 0 || to < from {
		return s
	}
	return s[from : to+1]
}

// among gives those of chosen that are in list, as list writes them, each once.
func among(list, chosen []string, most int) []string {
	out := []string{}
	for _, c := range chosen {
		i := slices.IndexFunc(list, func(l string) bool { return strings.EqualFold(l, strings.TrimSpace(c)) })
		if i >= 0 && !slices.Contains(out, list[i]) && len(out) < most {
			out = append(out, list[i])
		}
	}
	return out
}
