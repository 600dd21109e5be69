package openai

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"frontdesk/llm"
)

func TestBounded(t *testing.T) {
	t.Parallel()
	got, err := io.ReadAll(&bounded{src: io.NopCloser(strings.NewReader("12345")), left: 5})
	if string(got) != "12345" || llm.FaultOf(err) != llm.FaultGarbled {
		t.Errorf("%q, %v", got, err)
	}
	if got, err = io.ReadAll(&bounded{src: io.NopCloser(strings.NewReader("1234")), left: 5}); string(got) != "1234" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestEventsBounds(t *testing.T) {
	t.Parallel()
	read := func(r io.Reader) (int, error) {
		n, err := io.Copy(io.Discard, newEvents(io.NopCloser(r)))
		return int(n), err
	}
	// A line of just under the bound passes whole; one byte more does not.
	line := func(n int) string { return `data: {"a":"` + strings.Repeat("x", n-15) + "\"}\n" }
	if n, err := read(strings.NewReader(line(maxLine))); n != maxLine || err != nil {
		t.Errorf("%d of %d bytes, %v", n, maxLine, err)
	}
	if _, err := read(strings.NewReader(line(maxLine + 1))); llm.FaultOf(err) != llm.FaultGarbled {
		t.Error(err)
	}
	// Lines without data count, too.
	comment := strings.NewReader(strings.Repeat(": keep-alive\n", maxStream/13+1))
	if _, err := read(comment); llm.FaultOf(err) != llm.FaultGarbled || !strings.Contains(err.Error(), "stream is longer") {
		t.Error(err)
	}
	broken := errors.New("broken")
	if n, err := read(io.MultiReader(strings.NewReader("data: {}\n"), iotest.ErrReader(broken))); n != 9 || llm.FaultOf(err) != llm.FaultDown || !errors.Is(err, broken) {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// However the bytes arrive, and whatever stands between them, what go-openai
// reads is the data lines in their order, each with its newline.
func TestEventsKeepTheData(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		noise := rapid.SampledFrom([]string{"\n", "\r\n", ": comment\n", "event: message\n", "id: 1\n", "retry: 5\n", "data:\n"})
		var in, want strings.Builder
		for range rapid.IntRange(0, 20).Draw(t, "events") {
			for _, n := range rapid.SliceOfN(noise, 0, 4).Draw(t, "noise") {
				in.WriteString(n)
			}
			object := `{"text":"` + strings.Repeat("x", rapid.IntRange(0, 20000).Draw(t, "length")) + `"}`
			in.WriteString(rapid.SampledFrom([]string{"data: ", "data:"}).Draw(t, "prefix") + object + "\n")
			want.WriteString(object + "\n")
		}
		text := in.String()
		if rapid.Bool().Draw(t, "cut") {
			text = strings.TrimSuffix(text, "\n")
		}
		var src io.Reader = strings.NewReader(text)
		if rapid.Bool().Draw(t, "slow") {
			src = iotest.HalfReader(src)
		}
		var got strings.Builder
		for lines := bufio.NewReader(newEvents(io.NopCloser(src))); ; {
			line, err := lines.ReadString('\n')
			if err == io.EOF && line == "" {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got.WriteString(strings.Replace(strings.TrimPrefix(line, "data:"), "{ ", "{", 1))
		}
		if got.String() != want.String() {
			t.Fatalf("%q, want %q", got.String(), want.String())
		}
	})
}

func TestRedact(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"content":"My name is Mira","role":"user"}`:      `{"content":"…","role":"user"}`,
		"key sk-abcdef123456 refused":                      "[key] refused",
		"write to mira@example.com":                        "write to [address]",
		"card 4111 1111 1111 1111":                         "card [number]",
		"two\nlines":                                       "two lines",
		"\x00\xff":                                         " ?",
		strings.Repeat("ab ", shown):                       strings.Repeat("ab ", shown)[:shown] + "…",
		`{"text":"a \"quoted\" word`:                       `{"text":"…`,
		"0123456789abcdef0123456789abcdef0123456789 is it": "[key] is it",
	} {
		if got := redact(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}
