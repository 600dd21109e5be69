package bot

import (
	"sync"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// keptReadings is how many articles are kept as they were read: those of a
// help centre of usual size, in some 20 KiB each.
const keptReadings = 512

// reading is what is worked out of an article's text alone, whatever is
// asked. It is read-only.
type reading struct {
	stems  func() map[string]bool // of title and body
	pieces func() []piece         // of the whole article, in order and without scores
}

// articleText identifies a reading: an article that changed is read again.
type articleText struct{ title, body string }

// reading reads an article, or remembers it.
func (e *Engine) reading(d *knowledge.Document) reading {
	key := articleText{d.Title, d.Body}
	if r, ok := e.readings.get(key); ok {
		return r
	}
	return e.readings.put(key, reading{
		stems:  sync.OnceValue(func() map[string]bool { return stems(key.title + "\n" + key.body) }),
		pieces: sync.OnceValue(func() []piece { return piecesOf(key.body) }),
	})
}

func piecesOf(body string) []piece {
	var out []piece
	for _, k := range knowledge.Pieces(body, chat.Span{Start: 0, End: len(body)}) {
		out = append(out, newPiece(k))
	}
	bar(body, out)
	return out
}
