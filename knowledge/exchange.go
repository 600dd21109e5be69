package knowledge

// Exchange is a conversation of a help desk's history: what a customer asked,
// and what agents answered. Source and ID together name it.
type Exchange struct {
	Source   string   `json:"source" minLength:"1" maxLength:"200"`
	ID       string   `json:"id" minLength:"1" maxLength:"200"`
	Line     int      `json:"line,omitempty"` // of the file that it came from
	Question string   `json:"question" maxLength:"20000"`
	Answer   string   `json:"answer,omitempty" maxLength:"200000"` // all that agents said after it
	Links    []string `json:"links,omitempty"`                     // web addresses in the answer, in order
}
