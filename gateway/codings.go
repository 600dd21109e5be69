package gateway

import (
	"bytes"
	"compress/gzip"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// How hard files are compressed. What a site's visitor loads is worth the best, 0.14 s for all of the widget; the
// console's 1.2 MB would take 3.3 s for 9 % less than at 5, which takes 0.06 s. A page that is made for each request, of
// 2 kB, takes 0.03 ms and 41 kB of memory at 1, and seven times as much of both for 20 % less at 5.
const (
	brotliBest  = brotli.BestCompression
	brotliQuick = 5
	brotliOnce  = 1
)

// coded is a file in a content coding. It is made when it is asked for first, which warm does soon after the start: so
// the start waits for none, and what nobody asks for is never made.
type coded struct {
	coding string        // of Accept-Encoding
	data   func() []byte // nil when it is no smaller than the file
}

// encode gives a file in the codings that we offer, the best first.
func encode(data []byte, quality int) []coded {
	unless := func(pack func(*bytes.Buffer)) func() []byte {
		return sync.OnceValue(func() []byte {
			var buf bytes.Buffer
			if pack(&buf); buf.Len() >= len(data) {
				return nil
			}
			return bytes.Clone(buf.Bytes()) // without the room to grow
		})
	}
	return []coded{
		{"br", unless(func(buf *bytes.Buffer) {
			zw := brotli.NewWriterOptions(buf, brotli.WriterOptions{Quality: quality, LGWin: window(len(data))})
			_, _ = zw.Write(data) // into memory
			_ = zw.Close()
		})},
		{"gzip", unless(func(buf *bytes.Buffer) {
			zw, _ := gzip.NewWriterLevel(buf, gzip.BestCompression) // the level is valid
			_, _ = zw.Write(data)                                   // into memory
			_ = zw.Close()
		})},
	}
}

// window is the smallest window, as a power of two, in which a file finds all of itself. The encoder's tables grow with
// it: for the widget's files 19 MB in all, where its own choice takes 338 MB.
func window(size int) int { return min(max(bits.Len(uint(size)), 10), 24) }

// best gives the file in the coding that the client likes best, of equal ones the smallest; "" is the file as it is.
func (f asset) best(accept string) (coding string, data []byte) {
	wanted := qualities(accept)
	most := wanted("identity")
	data = f.data
	for _, c := range f.coded {
		// Whoever names a coding, or any, and not "identity", would rather have the coding.
		q := wanted(c.coding)
		if q <= 0 || q < most || q == most && coding != "" {
			continue
		}
		if packed := c.data(); packed != nil {
			coding, data, most = c.coding, packed, q
		}
	}
	return coding, data
}

// qualities reads an Accept-Encoding by RFC 9110, 12.5.3, into how much a coding is liked: 0 is not at all. A client
// that does not say otherwise can read a file as it is, and any can where there is nothing else.
func qualities(accept string) func(coding string) float64 {
	said := map[string]float64{}
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(part, ";")
		q := 1.
		if key, value, ok := strings.Cut(strings.TrimSpace(params), "="); ok && strings.EqualFold(strings.TrimSpace(key), "q") {
			v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil || math.IsNaN(v) {
				continue
			}
			q = min(max(v, 0), 1)
		}
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			said[name] = q
		}
	}
	return func(coding string) float64 {
		if q, ok := said[coding]; ok {
			return q
		}
		if coding == "identity" {
			return 0
		}
		return said["*"]
	}
}
