package bot

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"strconv"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// Basis is everything that a decision rests on, beside the turn and the code:
// enough for Engine.Again to make it once more. Articles are named by their
// versions, which the store keeps as they were. A Basis holds none of the
// customer's words: what was asked of search, encoder and speller stands in it
// by textKey.
type Basis struct {
	Encoder   string   `json:"encoder"` // model of the encoder
	Judge     string   `json:"judge"`   // its ID
	Figures   *Judge   `json:"figures,omitempty"`
	Threshold float64  `json:"threshold"`
	Languages []string `json:"languages,omitempty"`
	Without   []Part   `json:"without,omitempty"`
	// Plain says that the search was neither a Linker nor an ArticleSpeller.
	Plain bool `json:"plain,omitempty"`

	Documents []seenDocument               `json:"documents"`
	Searches  []seenSearch                 `json:"searches"`
	Vectors   map[string]seenVector        `json:"vectors"`
	Cosines   map[string][]number          `json:"cosines"` // by cosinesKey; null where there were none
	Names     seenNames                    `json:"names"`
	Spelling  map[string][]chat.Respelling `json:"spelling,omitempty"`
	Known     []string                     `json:"known,omitempty"` // words that articles know
	Links     map[string]string            `json:"links,omitempty"` // by linkKey; those that lead somewhere
	Rewrites  map[string]seenRewrite       `json:"rewrites,omitempty"`
}

// seenDocument is an article version that a search gave. Title and body are
// the version's; the store may change all else.
type seenDocument struct {
	Article    uuid.UUID            `json:"article"`
	Version    uuid.UUID            `json:"version"`
	Number     int                  `json:"number"`
	ExternalID string               `json:"external_id"`
	URL        string               `json:"url,omitempty"`
	Tags       []string             `json:"tags,omitempty"`
	Locale     string               `json:"locale,omitempty"`
	Visibility knowledge.Visibility `json:"visibility"`
}

// seenSearch is what a search gave for a query.
type seenSearch struct {
	Query    string             `json:"query"` // textKey
	Audience knowledge.Audience `json:"audience"`
	Version  int64              `json:"version"`
	Degraded string             `json:"degraded,omitempty"`
	Failed   string             `json:"failed,omitempty"`
	Vector   string             `json:"vector,omitempty"` // textKey of what was embedded
	Spelling []chat.Respelling  `json:"spelling,omitempty"`
	Hits     []seenHit          `json:"hits"`
}

// seenHit is an article of a search's result.
type seenHit struct {
	Version  uuid.UUID     `json:"version"`
	Score    number        `json:"score"`
	SetBack  number        `json:"set_back,omitzero"`
	Favour   number        `json:"favour,omitzero"`
	List     bool          `json:"list,omitempty"`
	Phrasing *seenQuestion `json:"phrasing,omitempty"`
	Chunks   []seenChunk   `json:"chunks"`
}

// seenQuestion is the nearest question that the article answers. Text is left
// out unless it may be quoted.
type seenQuestion struct {
	Text   string `json:"text,omitempty"`
	Score  number `json:"score"`
	Cosine number `json:"cosine"`
}

// seenChunk is a chunk: where it is in the body, its score, cosine, words and
// coverage.
type seenChunk [6]number

// seenVector is what the encoder gave for a text: Failed times an error, and
// then, if it ever did, a vector.
type seenVector struct {
	Failed int    `json:"failed,omitempty"`
	Vector vector `json:"vector,omitempty"`
}

// seenRewrite is what a Rewriter made of a question, by textKey, or that it failed.
type seenRewrite struct {
	Text   string `json:"text,omitempty"`
	Failed bool   `json:"failed,omitempty"`
}

// seenNames is what was found of names in the texts of a turn.
type seenNames struct {
	Count    int                  `json:"count"`
	Parallel float64              `json:"parallel,omitempty"`
	Said     map[string][]mention `json:"said,omitempty"` // by textKey; texts that name nothing are left out
	Names    map[int]seenName     `json:"names,omitempty"`
}

// mention is a knowledge.Mention.
type mention struct {
	Name     int     `json:"name"`
	Strength float64 `json:"strength"`
	From     int     `json:"from"`
	To       int     `json:"to"`
}

// seenName is a name that was mentioned. Of its articles the first counts, and
// which first articles of other names are among them.
type seenName struct {
	Share    float64     `json:"share"`
	Own      float64     `json:"own"`
	Siblings float64     `json:"siblings"`
	Count    int         `json:"count"`
	Articles []uuid.UUID `json:"articles"`
}

// textKey stands for a text, in 64 bits of its SHA-256.
func textKey(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// cosinesKey stands for texts that are compared with a vector.
func cosinesKey(v []float32, texts []string) string {
	h := sha256.New()
	h.Write(vector(v).bytes())
	for _, t := range texts {
		h.Write([]byte(t))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func linkKey(version uuid.UUID, href string) string { return textKey(version.String() + " " + href) }

// vector is written as base64 of its bits.
type vector []float32

func (v vector) bytes() []byte {
	out := make([]byte, 0, 4*len(v))
	for _, x := range v {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
	}
	return out
}

// MarshalText gives the base64.
func (v vector) MarshalText() ([]byte, error) {
	return base64.RawStdEncoding.AppendEncode(nil, v.bytes()), nil
}

// UnmarshalText reads it.
func (v *vector) UnmarshalText(text []byte) error {
	b, err := base64.RawStdEncoding.AppendDecode(nil, text)
	if err != nil || len(b)%4 != 0 {
		return errors.New("bot: a vector in a record is damaged")
	}
	*v = make(vector, len(b)/4)
	for i := range *v {
		(*v)[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return nil
}

// number is a float64 that is written short, and exactly, where it came out of
// a float32: with the 9 digits that tell any float32 from the next. Others get 17.
type number float64

const shortDigits = 9

// MarshalJSON writes it.
func (n number) MarshalJSON() ([]byte, error) {
	if float64(float32(n)) == float64(n) {
		return strconv.AppendFloat(nil, float64(n), 'g', -1, 32), nil
	}
	return strconv.AppendFloat(nil, float64(n), 'e', 16, 64), nil
}

// UnmarshalJSON reads it.
func (n *number) UnmarshalJSON(text []byte) error {
	bits := 32
	if digits(text) > shortDigits {
		bits = 64
	}
	v, err := strconv.ParseFloat(string(text), bits)
	*n = number(v)
	return err
}

// digits counts the significant ones of a number, but for zeros at its beginning.
func digits(text []byte) int {
	n := 0
	for _, c := range text {
		if c == 'e' || c == 'E' {
			break
		}
		if c > '0' && c <= '9' || c == '0' && n > 0 {
			n++
		}
	}
	return n
}
