package rule

import (
	"cmp"
	"slices"
	"strings"

	"frontdesk/chat"
)

// SortTallies puts tallies into the order that the contract states.
func SortTallies(all []chat.Tally) []chat.Tally {
	slices.SortFunc(all, func(a, b chat.Tally) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.Name, b.Name),
			cmp.Compare(a.Score, b.Score), slices.Compare(a.Agent[:], b.Agent[:]))
	})
	return all
}

// SortDelays puts delays into the order that the contract states.
func SortDelays(all []chat.Delay) []chat.Delay {
	slices.SortFunc(all, func(a, b chat.Delay) int {
		return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), cmp.Compare(a.Took, b.Took), a.At.Compare(b.At), slices.Compare(a.Agent[:], b.Agent[:]))
	})
	return all
}
