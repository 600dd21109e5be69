package liar

import (
	"regexp"
	"strconv"
	"strings"
)

// truths are the ways to say what an article says in other words.
var truths = []kind{
	{"quote", func(m *maker, c *Case, f fact) bool { c.Text = f.text; return f.row == nil }},
	{"cited", func(m *maker, c *Case, f fact) bool {
		c.Text = strings.TrimSuffix(f.text, ".") + " [" + strconv.Itoa(m.number(c, f.article)) + "]."
		return f.row == nil
	}},
	{"cell", func(m *maker, c *Case, f fact) bool {
		if f.row != nil {
			c.Text = m.say(f.row, m.rand.IntN(3))
		}
		return f.row != nil
	}},
	{"trimmed", (*maker).trimmed},
	{"contracted", func(m *maker, c *Case, f fact) bool { return swapOne(m, c, f.text, contracted) }},
	{"number word", (*maker).numberWord},
	{"unit spelt", (*maker).unitSpelt},
	{"you can", (*maker).youCan},
	{"passive", (*maker).passive},
	{"pronoun", func(m *maker, c *Case, f fact) bool { return swapOne(m, c, f.text, pronouns) }},
	{"order", (*maker).ordered},
	{"synonym", func(m *maker, c *Case, f fact) bool { return swapOne(m, c, f.text, synonyms) }},
	{"empathy", func(m *maker, c *Case, f fact) bool {
		c.Text = pick(m, leads) + f.text
		return f.row == nil
	}},
	{"merged", (*maker).merged},
	{"reworded twice", func(m *maker, c *Case, f fact) bool {
		return swapOne(m, c, f.text, synonyms) && swapOne(m, c, c.Text, contracted)
	}},
	{"chatter", func(m *maker, c *Case, f fact) bool { c.Text = pick(m, chatter); return true }},
}

func pick[T any](m *maker, list []T) T { return list[m.rand.IntN(len(list))] }

// pair is a substitution.
type pair struct {
	re *regexp.Regexp
	to string
}

func pairs(list ...string) []pair {
	var out []pair
	for i := 0; i < len(list); i += 2 {
		out = append(out, pair{regexp.MustCompile(list[i]), list[i+1]})
	}
	return out
}

// swapOne applies one substitution of a list at one place.
func swapOne(m *maker, c *Case, text string, list []pair) bool {
	for _, i := range m.rand.Perm(len(list)) {
		at := list[i].re.FindAllStringSubmatchIndex(text, -1)
		if len(at) == 0 {
			continue
		}
		p := at[m.rand.IntN(len(at))]
		with := string(list[i].re.ExpandString(nil, list[i].to, text, p))
		if was := text[p[0]:p[1]]; was != "" && was[0] >= 'A' && was[0] <= 'Z' {
			with = upperFirst(with)
		}
		c.Text = text[:p[0]] + with + text[p[1]:]
		return true
	}
	return false
}

var contracted = pairs(
	`\b(is|are|was|were|do|does|did|has|have|should|could|would) not\b`, "${1}n't",
	`\b(is|are|do|does|has|have|should)n['’]t\b`, "${1} not",
	`\b[Cc]annot\b`, "can't",
	`\bcan['’]t\b`, "cannot",
	`\b[Ww]ill not\b`, "won't",
	`\b([Yy])ou are\b`, "${1}ou're", `\b([Yy])ou['’]re\b`, "${1}ou are",
	`\b([Yy])ou will\b`, "${1}ou'll", `\b([Yy])ou['’]ll\b`, "${1}ou will",
	`\b([Ii])t is\b`, "${1}t's", `\b([Ii])t['’]s\b`, "${1}t is",
	`\b([Yy])ou have\b`, "${1}ou've", `\b([Yy])ou['’]ve\b`, "${1}ou have",
	`\b([Tt])hey are\b`, "${1}hey're", `\b([Tt])hat is\b`, "${1}hat's",
)

var pronouns = pairs(
	`\b(?:[Tt]he )?[Cc]ustomers? (can|must|may|should|cannot)\b`, "you ${1}",
	`\b(?:[Tt]he )?[Uu]sers? (can|must|may|should|cannot)\b`, "you ${1}",
	`\bthe customer's\b`, "your", `\bcustomers'\b`, "your",
	`\byour (account|card|order|board|device|computer|browser|project|password|address)\b`, "the ${1}",
	`\bthe (account|card|order|board|device|computer|browser|project|password|address) (is|can|has|will|must)\b`, "your ${1} ${2}",
)

// synonyms are words that can stand for one another in every sentence of a
// help article.
var synonyms = pairs(
	`\b(to|can|you) purchase\b`, "${1} buy", `\b(to|can|you) buy\b`, "${1} purchase",
	`\b[Ss]elect\b`, "choose", `\b[Cc]hoose\b`, "select", `\b[Ss]elected\b`, "chosen",
	`\b[Ll]og ?in\b`, "sign in", `\b[Ss]ign in\b`, "log in",
	`\b(to|can|you|must) verify\b`, "${1} check", `\b(to|can|you|must) check\b`, "${1} verify",
	`\b(to|can|you|must) use\b`, "${1} make use of",
	`\b(to|can|you|must|will) receive\b`, "${1} get",
	`\b(to|can|you|must) start\b`, "${1} begin",
	`\b(to|can|you|must) contact\b`, "${1} get in touch with",
	`\b(to|can|you|must) find\b`, "${1} locate", `\b(to|can|you|must) locate\b`, "${1} find",
	`\b(to|can|you|must) delete\b`, "${1} remove", `\b(to|can|you|must) remove\b`, "${1} delete",
	`\b(to|can|you|must) create\b`, "${1} make",
	`\bsuch as\b`, "like", `\bhowever\b`, "but", `\bin order to\b`, "to",
	`\b[Aa]t least\b`, "no less than", `\b[Uu]p to\b`, "at most", `\b[Aa] maximum of\b`, "up to", `\b[Aa] minimum of\b`, "at least",
	`\bmore than\b`, "over", `\b[Aa]pproximately\b`, "about", `\b[Aa]dditional\b`, "extra",
	`\b(you|users|customers) must\b`, "${1} have to", `\b(you|users|customers) need to\b`, "${1} must",
	`\bis required\b`, "is needed", `\bare required\b`, "are needed", `\b[Ii]mmediately\b`, "right away",
	`\b[Pp]rior to\b`, "before", `\b[Ii]f you want to\b`, "to", `\bmake sure\b`, "ensure", `\b[Ee]nsure\b`, "make sure",
	`\b[Ww]hen you\b`, "whenever you", `\bapplication\b`, "app", `\bdisplays\b`, "shows", `\bshows\b`, "displays",
	`\b[Oo]nce you have\b`, "after you have", `\bmonthly\b`, "every month", `\bper month\b`, "a month", `\beach month\b`, "per month",
	`\bfree of charge\b`, "free", `\bis not possible to\b`, "is impossible to", `\bdocumentation\b`, "docs", `\bverif(y|ies) (that|the)\b`, "confirm ${2}",
)

var leads = []string{
	"Sure, ", "Of course: ", "Good news: ", "I'm sorry about that, but ", "I'm sorry to hear that. ", "Thanks for asking! ", "Happy to help: ",
	"I understand how frustrating that is. ", "No problem: ", "Certainly, ", "Great question! ",
}

var chatter = []string{
	"I'm sorry to hear that.", "I'm really sorry about the inconvenience.", "Sorry for the trouble!", "Thanks for reaching out.", "Thank you for your question!",
	"Here is how:", "Here's what you can do:", "Let me explain.", "I hope this helps!", "Let me know if you have any other questions.", "You're welcome!",
	"Of course!", "Happy to help.", "I understand how frustrating this is.", "That sounds really annoying.", "No problem at all.", "Good question!",
	"Is there anything else I can help you with?", "Please let me know if that works.", "Don't worry.", "Hello!", "Thanks for your patience.",
	"I'm glad to help with that.", "Here are the steps:", "Follow these steps:", "Feel free to ask if you need anything else.", "That must be frustrating, I'm sorry.",
	"Sure, here is how it works:", "Have a great day!", "Thanks for letting me know.",
}

var (
	trimLead  = regexp.MustCompile(`^(?:However|Note that|Please note that|Additionally|Also|In addition|Furthermore|Please|Then|Next|Finally|Otherwise|For example|In this case|Alternatively|Once done|As a result),? `)
	trimTail  = regexp.MustCompile(` \([^()]*\)`)
	clauseCut = regexp.MustCompile(`(?:; |, (?:and|but|so) )(?:you|it|they|we|the|this|your|these) `)
	riskyTrim = regexp.MustCompile(`(?i)\b(if|unless|either|both|between|neither|not only|when|only|except|until|whether|provided)\b`)
)

// trimmed leaves out what adds nothing, or a second main clause.
func (m *maker) trimmed(c *Case, f fact) bool {
	if f.row != nil {
		return false
	}
	t := f.text
	if at := clauseCut.FindStringIndex(t); at != nil && !riskyTrim.MatchString(t) {
		t = t[:at[0]] + "."
	} else if s := trimTail.ReplaceAllString(t, ""); s != t && !riskyTrim.MatchString(t) {
		t = s
	} else if s := trimLead.ReplaceAllString(t, ""); s != t {
		t = s
	}
	c.Text = upperFirst(t)
	return t != f.text && len(strings.Fields(t)) >= leastWords
}

var numberNames = []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

var (
	smallNumber = regexp.MustCompile(`(^|[a-z] )([2-9]|1[0-2]) ([a-z]{4,})`)
	namedNumber = regexp.MustCompile(`(?i)\b(two|three|four|five|six|seven|eight|nine|ten) ([a-z]{4,})`)
)

func (m *maker) numberWord(c *Case, f fact) bool {
	if f.row != nil {
		return false
	}
	if at := smallNumber.FindStringSubmatchIndex(f.text); at != nil {
		n, _ := strconv.Atoi(f.text[at[4]:at[5]]) // the expression allows nothing else
		c.Text = f.text[:at[4]] + numberNames[n] + f.text[at[5]:]
		return true
	}
	if at := namedNumber.FindStringSubmatchIndex(f.text); at != nil {
		for n, name := range numberNames {
			if strings.EqualFold(name, f.text[at[2]:at[3]]) {
				c.Text = f.text[:at[2]] + strconv.Itoa(n) + f.text[at[3]:]
				return true
			}
		}
	}
	return false
}

var spelt = pairs(
	`(\d) ?€`, "€${1}", `€ ?(\d+(?:\.\d+)?)\b`, "${1} €", `\$(\d+(?:,\d{3})*(?:\.\d+)?)\b( dollars)?`, "${1} dollars", `\$(\d+(?:,\d{3})*(?:\.\d+)?)\b( dollars)?`, "USD ${1}",
	`(\d) ?%`, "${1} percent", `(\d) percent\b`, "${1}%", `\b(\d+) business days\b`, "${1} working days", `\b(\d+) hours\b`, "${1} hrs", `\b(\d+) minutes\b`, "${1} mins",
	`\b(\d{1,3}),(\d{3})\b`, "${1}${2}", `\b(\d+) days\b`, "${1} day(s)",
)

func (m *maker) unitSpelt(c *Case, f fact) bool {
	if f.row != nil {
		return false
	}
	if strings.Contains(f.text, "€") { // the first of the list is for sums behind which the sign stands
		c.Text = regexp.MustCompile(`(\d+(?:[.,]\d+)?) ?€`).ReplaceAllString(f.text, "€${1}")
		return c.Text != f.text
	}
	return swapOne(m, c, f.text, spelt[2:len(spelt)-1])
}

// verbs of steps with their participles.
var verbs = map[string]string{
	"Open": "opened", "Click": "clicked", "Select": "selected", "Choose": "chosen", "Enter": "entered", "Press": "pressed", "Connect": "connected",
	"Install": "installed", "Download": "downloaded", "Copy": "copied", "Remove": "removed", "Upload": "uploaded", "Save": "saved", "Use": "used",
	"Add": "added", "Close": "closed", "Review": "reviewed", "Set": "set", "Keep": "kept", "Contact": "contacted", "Turn": "turned", "Unplug": "unplugged",
	"Fill": "filled", "Clean": "cleaned", "Rinse": "rinsed", "Print": "printed", "Submit": "submitted", "Confirm": "confirmed", "Verify": "verified",
	"Run": "run", "Update": "updated", "Disconnect": "disconnected", "Check": "checked", "Place": "placed", "Put": "put", "Take": "taken",
}

func (m *maker) youCan(c *Case, f fact) bool {
	first, rest, ok := strings.Cut(f.text, " ")
	if !ok || f.row != nil || verbs[first] == "" {
		return false
	}
	front := pick(m, []string{"You can ", "You need to ", "Please ", "First, ", "Simply ", "You should ", "To do this, "})
	if !f.step && (front == "You need to " || front == "You should ") {
		front = "You can "
	}
	c.Text = front + strings.ToLower(first) + " " + rest
	return true
}

var object = regexp.MustCompile(`^([A-Z][a-z]+) ((?:the|your|a|an) [\w' -]+?)(\.?)$`)

func (m *maker) passive(c *Case, f fact) bool {
	p := object.FindStringSubmatch(f.text)
	if p == nil || verbs[p[1]] == "" || len(strings.Fields(p[2])) > 7 || regexp.MustCompile(`\b(to|and|or|if|when|in|on|from|with|into|for|that|until|before|after)\b`).MatchString(p[2]) {
		return false
	}
	c.Text = upperFirst(p[2]) + " can be " + verbs[p[1]] + "."
	return true
}

var leading = regexp.MustCompile(`^(If|When|Once|After|Before|Until|To) ([^,;:()]+), ([^,;:()]+)\.$`)

// ordered puts a leading clause behind the main one.
func (m *maker) ordered(c *Case, f fact) bool {
	p := leading.FindStringSubmatch(f.text)
	if p == nil {
		return false
	}
	c.Text = upperFirst(p[3]) + " " + strings.ToLower(p[1]) + " " + p[2] + "."
	return true
}

// merged joins two facts of an article.
func (m *maker) merged(c *Case, f fact) bool {
	o, ok := m.other(f)
	if !ok || f.row != nil || len(strings.Fields(f.text))+len(strings.Fields(o.text)) > mostWords {
		return false
	}
	second := o.text
	if first, _, _ := strings.Cut(second, " "); startsPlain[first] || m.common[strings.ToLower(first)] {
		second = lowerFirst(second)
	}
	c.Text = strings.TrimRight(f.text, ".") + pick(m, []string{", and ", "; ", ", but "}) + second
	return true
}

// startsPlain are words that are written with a capital at the start of a sentence only.
var startsPlain = map[string]bool{
	"The": true, "You": true, "If": true, "To": true, "Your": true, "A": true, "An": true, "It": true, "This": true, "When": true, "Open": true, "Click": true,
	"Select": true, "For": true, "In": true, "We": true, "There": true, "Enter": true, "Press": true, "Use": true, "Once": true, "Some": true, "These": true,
}
