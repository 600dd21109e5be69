package gateway

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestCodings(t *testing.T) {
	t.Parallel()
	text := []byte(strings.Repeat("let nothing = 0;\n", 100))
	f := plainAsset("a.js", text)
	f.coded = encode(text, brotliBest)
	for accept, want := range map[string]string{
		"":                                 "",
		"identity":                         "",
		"gzip":                             "gzip",
		"br":                               "br",
		"gzip, deflate, br, zstd":          "br",
		"GZIP;Q=0.5 , Br ; q=0.5":          "br",
		"br;q=0.4, gzip;q=0.8":             "gzip",
		"br;q=0, gzip":                     "gzip",
		"*":                                "br",
		"br;q=0, *":                        "gzip",
		"*;q=0":                            "",
		"gzip;q=0.5, identity":             "",
		"gzip;q=0.5, identity;q=0.1":       "gzip",
		"gzip;q=0, br;q=0, identity;q=0":   "", // nothing is right, and a file is better than none
		"deflate, zstd":                    "",
		"gzip;q=oops, br;q=NaN":            "",
		"br;q=7":                           "br",
		"br;q=-1":                          "",
		"x-gzip, brotli, ;;=,,q=1, ,br;=1": "br",
		strings.Repeat("gzip;q=0.1,", 999): "gzip",
	} {
		coding, data := f.best(accept)
		if coding != want {
			t.Errorf("%.60q: %q, want %q", accept, coding, want)
		}
		if got := unpack(t, coding, data); !bytes.Equal(got, text) {
			t.Errorf("%.60q: %d bytes came out of %d", accept, len(got), len(text))
		}
	}
	small := plainAsset("a.png", []byte{1, 2, 3})
	small.coded = encode(small.data, brotliQuick)
	if coding, data := small.best("br, gzip"); coding != "" || len(data) != 3 {
		t.Errorf("what does not shrink is sent as %q", coding)
	}
}

func unpack(t testing.TB, coding string, data []byte) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(data)
	switch coding {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		zr, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = zr
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", coding, err)
	}
	return out
}
