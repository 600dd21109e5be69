package protocol

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in   string
		want Frame
		code chat.Code
	}{
		{`{"t":"x"}`, Frame{T: "x"}, ""},
		{` {"t":"x","id":"1","d":{"a":1},"more":true} `, Frame{T: "x", ID: "1", D: json.RawMessage(`{"a":1}`)}, ""},
		{`{"t":"x","d":null}`, Frame{T: "x", D: json.RawMessage("null")}, ""},
		{``, Frame{}, chat.CodeInvalid},
		{`{}`, Frame{}, chat.CodeInvalid},
		{`{"t":""}`, Frame{}, chat.CodeInvalid},
		{`{"t":1}`, Frame{}, chat.CodeInvalid},
		{`{"t":"x"}{"t":"y"}`, Frame{}, chat.CodeInvalid},
		{`["x"]`, Frame{}, chat.CodeInvalid},
		{`null`, Frame{}, chat.CodeInvalid},
		{"{\"t\":\"\xff\"}", Frame{}, chat.CodeInvalid},
		{`{"t":"x","id":"` + strings.Repeat("i", 65) + `"}`, Frame{}, chat.CodeInvalid},
		{`{"t":"` + strings.Repeat("x", MaxFrame) + `"}`, Frame{}, chat.CodeTooLarge},
		{strings.Repeat("[", MaxFrame), Frame{}, chat.CodeInvalid},
	} {
		got, err := Decode([]byte(test.in))
		if chat.CodeOf(err) != test.code {
			t.Errorf("%.40q: %v, want %q", test.in, err, test.code)
		} else if d := cmp.Diff(test.want, got); err == nil && d != "" {
			t.Errorf("%.40q (-want +got):\n%s", test.in, d)
		}
	}
}

func TestPayload(t *testing.T) {
	t.Parallel()
	conv := uuid.Must(uuid.NewV7())
	f, err := Decode([]byte(`{"t":"sync","d":{"conversation":"` + conv.String() + `","after":7,"unknown":[1]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Payload[Sync](f); err != nil || got != (Sync{conv, 7}) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{`{"t":"sync"}`, `{"t":"sync","d":7}`, `{"t":"sync","d":{"after":"7"}}`, `{"t":"sync","d":{"conversation":"x"}}`, `{"t":"sync","d":null}`} {
		f, err := Decode([]byte(bad))
		if err != nil {
			t.Fatal(err)
		}
		_, err = Payload[Sync](f)
		if chat.CodeOf(err) != chat.CodeInvalid || strings.Contains(err.Error(), "Go ") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	got, err := Encode("entry", "", chat.Entry{Text: "a < b & c\u2028"})
	if err != nil || strings.Contains(string(got), `\u003c`) || strings.ContainsAny(string(got), "\n\u2028") {
		t.Errorf("%s, %v", got, err)
	}
	if got, err := Encode("x", "1", nil); err != nil || string(got) != `{"t":"x","id":"1"}` {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := Encode("x", "", func() {}); err == nil {
		t.Error("a function was encoded")
	}
}

// Every frame that is in the table survives the wire, whatever is in it.
func TestFramesRoundTrip(t *testing.T) {
	t.Parallel()
	for dir, table := range Frames {
		for typ, d := range table {
			frame, err := Encode(typ, "7", d)
			if err != nil {
				t.Errorf("%s %s: %v", dir, typ, err)
				continue
			}
			f, err := Decode(frame)
			if err != nil || f.T != typ || f.ID != "7" {
				t.Errorf("%s %s: %+v, %v", dir, typ, f, err)
				continue
			}
			back := reflect.New(reflect.TypeOf(d))
			if err := json.Unmarshal(f.D, back.Interface()); err != nil {
				t.Errorf("%s %s: %v", dir, typ, err)
			} else if d := cmp.Diff(d, back.Elem().Interface()); d != "" {
				t.Errorf("%s %s (-want +got):\n%s", dir, typ, d)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"t":"hello","d":{"token":"a.b","follow":[{"conversation":"0198c0de-0000-7000-8000-000000000001","after":3}]}}`,
		`{"t":"send","id":"1","d":{"conversation":"0198c0de-0000-7000-8000-000000000001","client_id":"0198c0de-0000-7000-8000-000000000002","text":"Hé\u0000llo \ud83d"}}`,
		`{"t":"rate","d":{"score":1e2}}`, `{"t":"sync","d":{"after":-9223372036854775809}}`, `{"T":"x","t":"y"}`, `{"t":"x","d":{"d":{"d":[[[]]]}}}`,
		`{`, `[]`, `null`, `"t"`, "", " ", "{\"t\":\"\xc3\x28\"}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		frame, err := Decode(data)
		if err != nil {
			var e *chat.Error
			if !errors.As(err, &e) || e.Code != chat.CodeInvalid && e.Code != chat.CodeTooLarge {
				t.Fatalf("error %v", err)
			}
			return
		}
		if frame.T == "" || len(frame.ID) > 64 || !utf8.ValidString(frame.T+frame.ID) {
			t.Fatalf("frame %+v", frame)
		}
		// Whatever is accepted can be written and read again.
		again, err := Encode(frame.T, frame.ID, frame.D)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Decode(again); len(again) <= MaxFrame && (err != nil || back.T != frame.T || back.ID != frame.ID) {
			t.Fatalf("%s came back as %+v, %v", again, back, err)
		}
		for _, try := range []func(Frame) error{try[Hello], try[Send], try[Sync], try[TypingOn], try[Read], try[RequestPerson], try[LeaveContact], try[Rate], try[Subscribe], try[SetPresence]} {
			if err := try(frame); err != nil && chat.CodeOf(err) != chat.CodeInvalid {
				t.Fatalf("error %v", err)
			}
		}
	})
}

func try[T any](f Frame) error {
	_, err := Payload[T](f)
	return err
}
