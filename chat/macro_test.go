package chat

import (
	"strings"
	"testing"
)

func TestMacroCheck(t *testing.T) {
	t.Parallel()
	good := Macro{Code: "lost-new", Name: "Lost parcel", Text: "Hello {{customer.first_name}}, {{agent.name}} of {{inbox.brand}} by {{promise.due}}."}
	for name, c := range map[string]struct {
		change func(*Macro)
		want   string // part of the words; "" for none
	}{
		"good":                       {func(*Macro) {}, ""},
		"letters of other languages": {func(m *Macro) { m.Code = "rückgabe_2" }, ""},
		"braces of its own":          {func(m *Macro) { m.Text = "if (a) { b }" }, ""},
		"actions": {func(m *Macro) {
			m.Actions = []MacroAction{{Do: MacroTag, Tag: "x"}, {Do: MacroSnooze, Minutes: 60}, {Do: MacroClose}}
		}, ""},
		"code with a slash":       {func(m *Macro) { m.Code = "/x" }, "short code"},
		"code with capitals":      {func(m *Macro) { m.Code = "Lost" }, "short code"},
		"no code":                 {func(m *Macro) { m.Code = "" }, "short code"},
		"no name":                 {func(m *Macro) { m.Name = " " }, "name"},
		"no text":                 {func(m *Macro) { m.Text = "\n" }, "text"},
		"long text":               {func(m *Macro) { m.Text = strings.Repeat("x", maxMacroText+1) }, "text"},
		"unknown placeholder":     {func(m *Macro) { m.Text = "Hi {{customer.age}}" }, "{{customer.age}}"},
		"placeholder with spaces": {func(m *Macro) { m.Text = "Hi {{ agent.name }}" }, "{{ agent.name }}"},
		"attribute":               {func(m *Macro) { m.Text = "On {{customer.attributes.plan}}, {{customer.attributes.Kunden-Nr. 2}}" }, ""},
		"attribute without name":  {func(m *Macro) { m.Text = "On {{customer.attributes.}}" }, "{{customer.attributes.plan}}"},
		"attribute with spaces":   {func(m *Macro) { m.Text = "On {{customer.attributes. plan}}" }, "without spaces"},
		"attribute of two lines":  {func(m *Macro) { m.Text = "On {{customer.attributes.a\nb}}" }, "names no attribute"},
		"long attribute":          {func(m *Macro) { m.Text = "{{customer.attributes." + strings.Repeat("x", MaxAttributeName+1) + "}}" }, "64 bytes"},
		"unknown family":          {func(m *Macro) { m.Text = "On {{customer.attribute.plan}}" }, "{{customer.attributes.NAME}}"},
		"not closed":              {func(m *Macro) { m.Text = "Hi {{agent.name" }, "not closed"},
		"not opened":              {func(m *Macro) { m.Text = "Hi agent.name}}" }, "not closed"},
		"tag without a name":      {func(m *Macro) { m.Actions = []MacroAction{{Do: MacroTag}} }, "tag"},
		"snooze for no time":      {func(m *Macro) { m.Actions = []MacroAction{{Do: MacroSnooze}} }, "put off"},
		"unknown action":          {func(m *Macro) { m.Actions = []MacroAction{{Do: "refund"}} }, "refund"},
		"too many actions":        {func(m *Macro) { m.Actions = make([]MacroAction, 6) }, "At most"},
	} {
		m := good
		c.change(&m)
		err := m.Check()
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want != "" && (CodeOf(err) != CodeInvalid || !strings.Contains(MessageOf(err), c.want)):
			t.Errorf("%s: got %v, want words about %q", name, err, c.want)
		}
	}
}
