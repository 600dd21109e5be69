package chat

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Profile is what an agent can take: how much at once, and of which kind.
type Profile struct {
	User uuid.UUID `json:"user"`
	// Capacity is how many open conversations are given to the agent at most; 0
	// leaves it to the workspace's Routing. Agents may always take more themselves.
	Capacity  int      `json:"capacity"`
	Skills    []string `json:"skills"`    // lower case; what they mean is the workspace's affair
	Languages []string `json:"languages"` // BCP 47; none: whatever the workspace's customers write
}

// Limits of a Profile, far beyond what anybody has.
const (
	MaxCapacity   = 100
	maxSkills     = 50
	maxSkillBytes = 60
)

// Clean gives p in lower case, sorted, each skill and language once. CodeInvalid.
func (p Profile) Clean() (Profile, error) {
	if p.Capacity < 0 || p.Capacity > MaxCapacity {
		return p, Errorf(CodeInvalid, "A capacity is 1 to %d conversations, or 0 for the workspace's own.", MaxCapacity)
	}
	var err error
	if p.Skills, err = cleanWords(p.Skills, "skill"); err != nil {
		return p, err
	}
	p.Languages, err = cleanWords(p.Languages, "language")
	return p, err
}

func cleanWords(words []string, what string) ([]string, error) {
	out := make([]string, 0, len(words))
	for _, w := range words {
		w = strings.ToLower(strings.Join(strings.Fields(w), " "))
		if len(w) > maxSkillBytes {
			return nil, Errorf(CodeInvalid, "The %s %q is too long: use a word or two.", what, w)
		}
		if w != "" {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > maxSkills {
		return nil, Errorf(CodeInvalid, "%d of a kind (%s) are the most.", maxSkills, what)
	}
	return out, nil
}

// Speaks reports whether the agent is there for a conversation in language:
// whose language nobody knows may go to anybody.
func (p Profile) Speaks(language string) bool {
	base := languageOf(language)
	return base == "" || len(p.Languages) == 0 ||
		slices.ContainsFunc(p.Languages, func(l string) bool { return languageOf(l) == base })
}

// Can reports whether the agent has all of skills.
func (p Profile) Can(skills []string) bool {
	return !slices.ContainsFunc(skills, func(s string) bool { return !slices.Contains(p.Skills, s) })
}
