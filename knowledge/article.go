// Package knowledge keeps the help articles and finds what answers a
// question: it imports articles, cuts them into chunks that know their place in the
// text, keeps vectors for them, and searches by words and by meaning in an
// in-process snapshot that follows the store.
package knowledge

import (
	"crypto/sha256"
	"time"

	"github.com/google/uuid"
)

// Visibility says who may read an article.
type Visibility string

// The visibilities. Internal articles are for agents; they are never quoted,
// cited or named to a customer.
const (
	Public   Visibility = "public"
	Internal Visibility = "internal"
)

// Status is an article's place in its life.
type Status string

// The statuses. Only published articles are searched and cited.
const (
	StatusDraft     Status = "draft"
	StatusPublished Status = "published"
	StatusArchived  Status = "archived"
)

// Article is an article at its newest version. Source and ExternalID together
// are unique in a workspace; an article written in the console has the source
// "console" and its own id as external id.
type Article struct {
	ID         uuid.UUID  `json:"id"`
	Workspace  uuid.UUID  `json:"-"`
	Source     string     `json:"source"`
	ExternalID string     `json:"external_id"`
	Version    uuid.UUID  `json:"version"` // id of the newest version
	Number     int        `json:"number"`  // its number, from 1
	Title      string     `json:"title"`
	Body       string     `json:"body"` // Markdown
	URL        string     `json:"url"`
	Tags       []string   `json:"tags"`
	Locale     string     `json:"locale"` // BCP 47
	Visibility Visibility `json:"visibility"`
	Status     Status     `json:"status"`
	// Phrasings are the questions that the article's editor says it answers, in
	// order of their making. Only Article (of the store) gives them.
	Phrasings []string `json:"questions,omitempty"`
	// Revision is the workspace's knowledge version at the article's last change.
	Revision  int64     `json:"revision"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Input is an article on its way in: what an importer or an editor gives.
// Two Inputs with equal Hash are the same version.
type Input struct {
	Source     string     `json:"source"`
	ExternalID string     `json:"external_id"`
	Title      string     `json:"title"`
	Body       string     `json:"body"`
	URL        string     `json:"url"`
	Tags       []string   `json:"tags"`
	Locale     string     `json:"locale"`
	Visibility Visibility `json:"visibility"`
	Status     Status     `json:"status"`
	// Phrasings are questions that the article answers, as customers would put
	// them: they become its accepted questions of origin editor, in place of those
	// of before. Left out of the JSON when there are none, and so out of the Hash.
	Phrasings []string `json:"questions,omitempty"`
}

// Put is an Input with the chunks of its body, ready for the store.
type Put struct {
	Input
	Hash   [sha256.Size]byte // of everything in Input
	Chunks []Chunk           // in order of the text
}

// Outcome says what storing a Put did.
type Outcome string

// The outcomes.
const (
	OutcomeAdded     Outcome = "added"
	OutcomeChanged   Outcome = "changed"
	OutcomeUnchanged Outcome = "unchanged"
)

// PutResult is the article after a Put.
type PutResult struct {
	Outcome Outcome
	Article Article // without Body
}

// Chunk is a passage of an article version: the unit of search. Start and End
// are byte offsets in the version's Body. Text is what is embedded and
// indexed (title, headings, then the passage); Hash is its SHA-256 and the key of its vector.
type Chunk struct {
	Ordinal  int               `json:"ordinal"` // from 0, in order of the text
	Start    int               `json:"start"`
	End      int               `json:"end"`
	Headings []string          `json:"headings"` // from the outermost inwards
	Text     string            `json:"text"`
	Hash     [sha256.Size]byte `json:"-"`
}

// Document is a published article with its chunks, as the snapshot loads it.
// An article that is no longer published comes with Status other than
// StatusPublished and without Body and Chunks: drop it.
type Document struct {
	Article
	Chunks    []Chunk
	Questions []Phrasing
}

// Phrasing is a question of a customer that an article answers: a unit of the
// article for search. It is found, and never quoted. Hash is the SHA-256 of
// Text and the key of its vector.
type Phrasing struct {
	Text string
	Hash [sha256.Size]byte
}

// ArticleQuery asks for one page of the article list, newest change first.
type ArticleQuery struct {
	Text       string // words in title or external id; "" for all
	Status     Status // "" for draft and published
	Visibility Visibility
	Source     string
	Limit      int // 1 to 200; 0 means 50
	Cursor     string
}

// ArticlePage is one page of articles without Body. Next is "" on the last.
type ArticlePage struct {
	Articles []Article
	Next     string
	Total    int
}

// Vector is the vector of a text with hash Hash, in some model's space.
type Vector struct {
	Hash   [sha256.Size]byte
	Values []float32
}

// Pending is a text of a published article that has no vector yet.
type Pending struct {
	Hash [sha256.Size]byte
	Text string
}

// VectorHit is one result of a store's own vector index.
type VectorHit struct {
	Version uuid.UUID
	Ordinal int
	Cosine  float64
}

// VectorFilter narrows a store's vector search.
type VectorFilter struct {
	Audience Audience
	Locale   string // "" for any
	Tags     []string
}

// Audience is on whose behalf a search is made.
type Audience string

// The audiences.
const (
	AudienceCustomer Audience = "customer" // public articles only
	AudienceAgent    Audience = "agent"    // internal ones too
)
