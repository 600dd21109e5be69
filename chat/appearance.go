package chat

// Appearance is how an inbox's widget looks and where it stands. The zero
// value is Frontdesk's own look.
type Appearance struct {
	// Logo is a picture as a data URL: a PNG once it is stored, PNG or JPEG when it comes. "" is the product's mark.
	// A customer's widget gets the address of the picture in its place.
	Logo string `json:"logo,omitempty"`
	// Side is the side of the page at which the launcher stands; "" is the right.
	Side Side `json:"side,omitempty"`
	// Aside and Below are the launcher's distances from that side and from the
	// bottom of the page, in CSS pixels; 0 is 24.
	Aside int `json:"aside,omitempty"`
	Below int `json:"below,omitempty"`
	// Launcher stands beside the launcher's drawing; "" leaves the drawing alone.
	Launcher string `json:"launcher,omitempty"`
	// Corners says how round windows and buttons are; "" is round.
	Corners Corners `json:"corners,omitempty"`
	// Theme is light or dark for everybody; "" follows the visitor's system.
	Theme Theme `json:"theme,omitempty"`
}

// Side is a side of a page.
type Side string

// The sides.
const (
	SideRight Side = "right"
	SideLeft  Side = "left"
)

// Corners says how round a widget's corners are.
type Corners string

// The forms of corners.
const (
	CornersRound  Corners = "round"  // 18 px at the window
	CornersSoft   Corners = "soft"   // 10 px
	CornersSquare Corners = "square" // 2 px
)

// Theme is light or dark.
type Theme string

// The themes.
const (
	ThemeLight Theme = "light"
	ThemeDark  Theme = "dark"
)
