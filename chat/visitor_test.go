package chat_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
)

func TestScalar(t *testing.T) {
	t.Parallel()
	var got map[string]chat.Scalar
	in := `{"plan": "business", "seats": 12, "rate": 1e-3, "trial": false, "gone": null, "odd": "a\"ü" }`
	if err := json.Unmarshal([]byte(in), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]chat.Scalar{"plan": "business", "seats": "12", "rate": "1e-3", "trial": "false", "gone": "", "odd": "a\"ü"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for _, bad := range []string{`{"a": [1]}`, `{"a": {"b": 1}}`} {
		if err := json.Unmarshal([]byte(bad), &got); err == nil || !strings.Contains(err.Error(), "lists and objects") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestCheckAttributes(t *testing.T) {
	t.Parallel()
	many := map[string]chat.Scalar{}
	for i := range chat.MaxAttributes {
		many[fmt.Sprint("key ", i)] = "x"
	}
	one := func(name, value string) map[string]chat.Scalar {
		return map[string]chat.Scalar{name: chat.Scalar(value)}
	}
	for _, test := range []struct {
		in   map[string]chat.Scalar
		code chat.Code
		says string
	}{
		{nil, "", ""},
		{many, "", ""},
		{one("plan", ""), "", ""}, // forgotten
		{one(strings.Repeat("k", 64), strings.Repeat("v", 256)), "", ""},
		{one("", "x"), chat.CodeInvalid, "empty"},
		{one(" ", "x"), chat.CodeInvalid, "empty"},
		{one("plan", " "), chat.CodeInvalid, "value of plan is empty"},
		{one(strings.Repeat("k", 65), "x"), chat.CodeTooLarge, "at most 64"},
		{one("plan", strings.Repeat("v", 257)), chat.CodeTooLarge, "value of plan has 257 bytes; at most 256"},
		{one("a\x00", "x"), chat.CodeInvalid, "control character"},
		{one("plan", "a\nb"), chat.CodeInvalid, "control character"},
		{one("plan", "\xff"), chat.CodeInvalid, "UTF-8"},
	} {
		err := chat.CheckAttributes(test.in)
		if chat.CodeOf(err) != test.code || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%.80v: %v, want %q", test.in, err, test.code)
		}
	}
	many["one more"] = "x"
	if err := chat.CheckAttributes(many); chat.CodeOf(err) != chat.CodeTooLarge {
		t.Errorf("33 values: %v", err)
	}
}

func TestCheckActivity(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in   chat.Activity
		code chat.Code
	}{
		{chat.Activity{Kind: chat.ActivityVisit, Page: chat.Page{URL: "https://shop.example/cart"}}, ""},
		{chat.Activity{Kind: chat.ActivityVisit}, chat.CodeInvalid},
		{chat.Activity{Kind: chat.ActivityEvent, Name: "added to cart", Props: map[string]chat.Scalar{"sku": "7"}}, ""},
		{chat.Activity{Kind: chat.ActivityEvent}, chat.CodeInvalid},
		{chat.Activity{Kind: chat.ActivityEvent, Name: strings.Repeat("n", 65)}, chat.CodeTooLarge},
		{chat.Activity{Kind: chat.ActivityEvent, Name: "x", Props: map[string]chat.Scalar{"": "7"}}, chat.CodeInvalid},
		{chat.Activity{Kind: "look"}, chat.CodeInvalid},
		{chat.Activity{}, chat.CodeInvalid},
	} {
		if err := test.in.Check(); chat.CodeOf(err) != test.code {
			t.Errorf("%+v: %v, want %q", test.in, err, test.code)
		}
	}
}
