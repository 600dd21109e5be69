package chat

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

// RoutingSetting is the name under which a workspace's Routing is a Setting.
const RoutingSetting = "routing"

// Routing says how conversations that wait come to agents.
type Routing struct {
	Mode RoutingMode `json:"mode"`
	Pick Pick        `json:"pick"`
	// OfferSeconds is how long an offer stands before it goes to the next agent.
	OfferSeconds int `json:"offer_seconds"`
	// Capacity is how many open conversations an agent is given who has no
	// capacity of her own.
	Capacity int `json:"capacity"`
	// Sticky gives a conversation to the agent who had it last, where she can take it.
	Sticky bool `json:"sticky"`
	// HoursOnly gives out nothing while an inbox is closed, whoever is online.
	HoursOnly bool `json:"hours_only"`
	// AtRisk puts customers ahead of others whose last rating within a quarter was poor.
	AtRisk bool          `json:"at_risk"`
	Rules  []RoutingRule `json:"rules"` // all that match count
}

// RoutingMode says who chooses.
type RoutingMode string

// The modes.
const (
	RoutingManual RoutingMode = "manual" // agents take what they like from the queue
	RoutingOffer  RoutingMode = "offer"  // the next agent is asked, and then the one after
	RoutingAssign RoutingMode = "assign" // the next agent has it
)

// Pick says which of several agents who can take a conversation gets it.
type Pick string

// The ways to pick.
const (
	PickLeastLoaded Pick = "least_loaded" // whose capacity is used least, by share
	PickRoundRobin  Pick = "round_robin"  // who was given nothing for longest
)

// RoutingRule says what conversations of a kind need.
type RoutingRule struct {
	Field RuleField `json:"field"`
	Name  string    `json:"name,omitempty"` // of RuleAttribute: the attribute's
	Value string    `json:"value"`
	// Unverified lets RuleAttribute believe what the page says, too, which every customer can change.
	Unverified bool `json:"unverified,omitempty"`

	Skills   []string  `json:"skills"`            // that its agent should have
	Team     uuid.UUID `json:"team,omitzero"`     // that it waits for, from its handoff on; of several the first
	Priority Priority  `json:"priority,omitzero"` // at its handoff; of several the highest
}

// RuleField is what a RoutingRule looks at.
type RuleField string

// The fields, and how a rule's value is compared with each.
const (
	RuleInbox    RuleField = "inbox"    // its id
	RuleReason   RuleField = "reason"   // why it was handed over
	RuleLanguage RuleField = "language" // its language, whatever the region
	RulePage     RuleField = "page"     // is part of the address of the page that it began on
	RuleWords    RuleField = "words"    // is part of the customer's first words, in any case of letters
	// RuleAttribute: the customer's attribute has it, in any case of letters.
	RuleAttribute RuleField = "attribute"
)

// Bounds of a Routing.
const (
	MinOfferSeconds = 5 // less is no time to read
	MaxOfferSeconds = 600
	maxRoutingRules = 100
)

// DefaultRouting holds until another is set: agents take from the queue. 30 s
// is what an offer stands for in most help desks; 4 at once is what chat agents
// are commonly given.
func DefaultRouting() Routing {
	return Routing{Mode: RoutingManual, Pick: PickLeastLoaded, OfferSeconds: 30, Capacity: 4, Sticky: true, AtRisk: true, Rules: []RoutingRule{}}
}

// Clean gives r with its skills in the form of a Profile's. CodeInvalid.
func (r Routing) Clean() (Routing, error) {
	switch {
	case r.Mode != RoutingManual && r.Mode != RoutingOffer && r.Mode != RoutingAssign:
		return r, Errorf(CodeInvalid, "There is no way of routing %q.", r.Mode)
	case r.Pick != PickLeastLoaded && r.Pick != PickRoundRobin:
		return r, Errorf(CodeInvalid, "There is no way to pick an agent %q.", r.Pick)
	case r.OfferSeconds < MinOfferSeconds || r.OfferSeconds > MaxOfferSeconds:
		return r, Errorf(CodeInvalid, "An offer stands for %d to %d seconds.", MinOfferSeconds, MaxOfferSeconds)
	case r.Capacity < 1 || r.Capacity > MaxCapacity:
		return r, Errorf(CodeInvalid, "A capacity is 1 to %d conversations.", MaxCapacity)
	case len(r.Rules) > maxRoutingRules:
		return r, Errorf(CodeInvalid, "%d rules are the most.", maxRoutingRules)
	}
	rules := make([]RoutingRule, len(r.Rules))
	for i, rule := range r.Rules {
		rule.Name, rule.Value = strings.TrimSpace(rule.Name), strings.TrimSpace(rule.Value)
		if rule.Value == "" || !slices.Contains([]RuleField{RuleInbox, RuleReason, RuleLanguage, RulePage, RuleWords, RuleAttribute}, rule.Field) {
			return r, Errorf(CodeInvalid, "Rule %d says nothing: it needs what to look at, and a value.", i+1)
		}
		if rule.Field != RuleAttribute {
			rule.Name, rule.Unverified = "", false
		} else if err := checkWord(rule.Name, MaxAttributeName, "The attribute's name"); err != nil {
			return r, Errorf(CodeInvalid, "Rule %d: %s", i+1, MessageOf(err))
		}
		if !rule.Priority.Known() {
			return r, Errorf(CodeInvalid, "There is no priority %q.", rule.Priority)
		}
		var err error
		if rule.Skills, err = cleanWords(rule.Skills, "skill"); err != nil {
			return r, err
		}
		rules[i] = rule
	}
	r.Rules = rules
	return r, nil
}

// Needs is what a conversation needs by a workspace's rules.
type Needs struct {
	Skills   []string
	Team     uuid.UUID
	Priority Priority
	Cause    Cause // of a priority above normal
}

// ByAttribute reports whether Needs looks at attributes.
func (r Routing) ByAttribute() bool {
	return slices.ContainsFunc(r.Rules, func(rule RoutingRule) bool { return rule.Field == RuleAttribute })
}

// Needs gives what c needs, whose customer has these attributes; reason is why
// it is handed over.
func (r Routing) Needs(c Conversation, has []Attribute, reason Reason) Needs {
	var n Needs
	for _, rule := range r.Rules {
		if !rule.matches(c, has, reason) {
			continue
		}
		n.Skills = append(n.Skills, rule.Skills...)
		if n.Team == uuid.Nil {
			n.Team = rule.Team
		}
		if rule.Priority.HeadStart() > n.Priority.HeadStart() {
			n.Priority, n.Cause = rule.Priority, rule.cause()
		}
	}
	slices.Sort(n.Skills)
	n.Skills = slices.Compact(n.Skills)
	return n
}

func (rule RoutingRule) cause() Cause {
	if rule.Field == RuleAttribute {
		return Cause{Code: CauseAttribute, Name: rule.Name, Value: rule.Value}
	}
	return Cause{Code: CauseRule, Name: string(rule.Field), Value: rule.Value}
}

func (rule RoutingRule) matches(c Conversation, has []Attribute, reason Reason) bool {
	switch rule.Field {
	case RuleInbox:
		return c.Inbox.String() == strings.ToLower(rule.Value)
	case RuleReason:
		return string(reason) == rule.Value
	case RuleLanguage:
		return c.Locale != "" && SameLanguage(c.Locale, rule.Value)
	case RulePage:
		return strings.Contains(c.Page.URL, rule.Value)
	case RuleWords:
		return strings.Contains(strings.ToLower(c.Subject), strings.ToLower(rule.Value))
	case RuleAttribute:
		return slices.ContainsFunc(has, func(a Attribute) bool {
			return a.Name == rule.Name && strings.EqualFold(a.Value, rule.Value) && (a.By == SourceToken || rule.Unverified)
		})
	}
	return false
}

// SameLanguage reports whether two tags are of one language, whatever their scripts and regions.
func SameLanguage(a, b string) bool { return languageOf(a) == languageOf(b) }

// languageOf gives the language of a tag, without script and region.
func languageOf(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return base
}
