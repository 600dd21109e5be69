package chat

// BudgetSetting is the name under which a Budget is a Setting: of the
// workspace, or of an inbox for its own part.
const BudgetSetting = "budget"

// Budget is what language models may use in one day (UTC). Once a part is
// used up, answers are given without a model until midnight UTC.
type Budget struct {
	Visitor   Allowance `json:"visitor"`   // of each customer, for what the customer's messages set off
	Inbox     Allowance `json:"inbox"`     // of each inbox
	Workspace Allowance `json:"workspace"` // of all together; in an inbox's own Budget it is ignored
}

// Allowance bounds tokens and money. 0 is no bound.
type Allowance struct {
	Tokens int64 `json:"tokens"` // read and written
	Micros int64 `json:"micros"` // millionths of the configured currency; counted where prices are known
}

// DefaultBudget holds until another is set: in tokens, as prices may not be
// known. An answer is reckoned at 3,000 (a prompt with four articles, and 200
// words), so it is 50 answers for a visitor, 1,500 for an inbox and 6,000 in
// all: more than people ask, and few enough to stop a program that does.
func DefaultBudget() Budget {
	return Budget{Visitor: Allowance{Tokens: 150_000}, Inbox: Allowance{Tokens: 4_500_000}, Workspace: Allowance{Tokens: 18_000_000}}
}

// UsedUp reports whether s reaches one of the bounds.
func (a Allowance) UsedUp(s Spent) bool {
	return a.Tokens > 0 && s.Tokens() >= a.Tokens || a.Micros > 0 && s.Micros >= a.Micros
}

// Check says what is wrong with a budget. CodeInvalid.
func (b Budget) Check() error {
	for _, a := range []Allowance{b.Visitor, b.Inbox, b.Workspace} {
		if a.Tokens < 0 || a.Micros < 0 {
			return Errorf(CodeInvalid, "A budget cannot be below 0: leave it at 0 for no limit.")
		}
	}
	return nil
}

// Standing is how a budget stands today.
type Standing struct {
	Budget    Budget     `json:"budget"`
	Own       bool       `json:"own"`       // it was set for this inbox
	Inbox     Spent      `json:"inbox"`     // of the inbox
	Workspace Spent      `json:"workspace"` // of all together
	UsedUp    BudgetPart `json:"used_up"`   // the first part that is, "" if none
}

// BudgetPart is a part of a budget.
type BudgetPart string

// The parts.
const (
	BudgetVisitor   BudgetPart = "visitor"
	BudgetInbox     BudgetPart = "inbox"
	BudgetWorkspace BudgetPart = "workspace"
)
