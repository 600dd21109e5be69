package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"image"
	"image/png"
	"math"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

const (
	// maxLogo bounds a logo in bytes, as it comes and as it is stored: it is in the settings that each visit reads, and
	// 128 x 128 pixels of a photo fit.
	maxLogo = 48_000
	// maxLogoSide bounds its width and height: the widget shows it at 44 pixels, which are 132 of the sharpest screens.
	maxLogoSide = 256
	// minGap and maxGap bound the launcher's distances from the page's edges, in CSS pixels: its shadow and its focus
	// ring are seen, and so is the launcher, on the smallest phone (320 x 480).
	minGap, maxGap = 8, 160
	// maxLauncher is how long the words beside the launcher's drawing may be, in characters: a third of a phone's width.
	maxLauncher = 24
)

// brandOps are what a colour becomes, before it is saved.
func (g *Gateway) brandOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/brand", "brandColours", "The colours that a brand colour becomes, and their contrast", 0}, chat.RoleViewer,
		func(_ context.Context, _ principal, in *struct {
			Colour  string       `query:"colour" doc:"#rrggbb; left out: Frontdesk's own"`
			Corners chat.Corners `query:"corners" doc:"For the style sheet: round, soft or square"`
			Theme   chat.Theme   `query:"theme" doc:"Likewise: light or dark"`
		}) (protocol.BrandColours, error) {
			look, err := checkAppearance(chat.Appearance{Corners: in.Corners, Theme: in.Theme})
			if err == nil && in.Colour != "" {
				err = checkColour(in.Colour)
			}
			if err != nil {
				return protocol.BrandColours{}, err
			}
			day, night := accentsOf(in.Colour)
			return protocol.BrandColours{Light: day.colours(lightTheme), Dark: night.colours(darkTheme), Sheet: brandSheet(in.Colour, look)}, nil
		})
}

// colours are what the API shows of an accent.
func (a accent) colours(t theme) protocol.AccentColours {
	lowest := func(fore rgb, backs ...rgb) float64 {
		out := math.Inf(1)
		for _, back := range backs {
			out = min(out, contrast(fore, back))
		}
		return math.Floor(out*100) / 100 // never better than it is
	}
	return protocol.AccentColours{
		Accent: a.fill.String(), Hover: a.hover.String(), OnAccent: a.on.String(), Line: a.line.String(), Text: a.text.String(), Subtle: a.subtle.String(),
		OnAccentRate: lowest(a.on, a.fill, a.hover), TextRate: lowest(a.text, t.surface1, t.surface2, a.subtle), LineRate: lowest(a.line, t.surface1),
	}
}

func checkColour(colour string) error {
	if colour != "" && !isColour(colour) {
		return chat.Errorf(chat.CodeInvalid, "The colour %q is not of the form #rrggbb.", cutBytes(colour, 40))
	}
	return nil
}

// checkAppearance says what is wrong with an appearance, and gives it as it is to be stored.
func checkAppearance(a chat.Appearance) (chat.Appearance, error) {
	switch {
	case a.Side != "" && a.Side != chat.SideLeft && a.Side != chat.SideRight:
		return a, chat.Errorf(chat.CodeInvalid, "The launcher stands at the right or at the left, not at %q.", cutBytes(string(a.Side), 40))
	case a.Corners != "" && a.Corners != chat.CornersRound && a.Corners != chat.CornersSoft && a.Corners != chat.CornersSquare:
		return a, chat.Errorf(chat.CodeInvalid, "Corners are round, soft or square, not %q.", cutBytes(string(a.Corners), 40))
	case a.Theme != "" && a.Theme != chat.ThemeLight && a.Theme != chat.ThemeDark:
		return a, chat.Errorf(chat.CodeInvalid, "The theme is light, dark or empty, not %q.", cutBytes(string(a.Theme), 40))
	case utf8.RuneCountInString(a.Launcher) > maxLauncher:
		return a, chat.Errorf(chat.CodeInvalid, "The words at the launcher are too long: at most %d characters fit on a phone.", maxLauncher)
	}
	for _, gap := range []int{a.Aside, a.Below} {
		if gap != 0 && (gap < minGap || gap > maxGap) {
			return a, chat.Errorf(chat.CodeInvalid, "The launcher keeps %d to %d pixels from the page's edges, not %d.", minGap, maxGap, gap)
		}
	}
	var err error
	if a.Logo != "" {
		a.Logo, err = drawnAgain(a.Logo)
	}
	return a, err
}

const pngURL = "data:image/png;base64,"

// drawnAgain takes a logo apart to its pixels and writes a new file: nothing else that the old one held goes to
// customers.
func drawnAgain(logo string) (string, error) {
	head, body, _ := strings.Cut(logo, ",")
	data, err := base64.StdEncoding.DecodeString(body)
	if err != nil || head != "data:image/png;base64" && head != "data:image/jpeg;base64" {
		return "", chat.Errorf(chat.CodeInvalid, "The logo is not a PNG or JPEG picture as a data URL.")
	}
	if len(data) > maxLogo {
		return "", errLogoTooLarge()
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err == nil && (c.Width > maxLogoSide || c.Height > maxLogoSide) {
		return "", chat.Errorf(chat.CodeTooLarge, "The logo is %d by %d pixels. At most %d by %d are taken: make it smaller.", c.Width, c.Height, maxLogoSide, maxLogoSide)
	}
	var pixels image.Image
	if err == nil {
		pixels, _, err = image.Decode(bytes.NewReader(data))
	}
	if err != nil {
		return "", chat.Errorf(chat.CodeInvalid, "The logo cannot be read: the file is damaged. Save it again as PNG.")
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, pixels); err != nil {
		return "", err
	}
	if out.Len() > maxLogo {
		return "", errLogoTooLarge()
	}
	return pngURL + base64.StdEncoding.EncodeToString(out.Bytes()), nil
}

func errLogoTooLarge() error {
	return chat.Errorf(chat.CodeTooLarge, "The logo is too large: at most %d kB are taken. Use fewer pixels or plainer colours.", maxLogo/1000)
}

// faceAppearance is what a customer's widget is told of an inbox's appearance.
func faceAppearance(in chat.Inbox) chat.Appearance {
	a := in.Settings.Appearance
	if a.Logo != "" {
		a.Logo = logoPath + "inbox=" + url.QueryEscape(in.Key) + "&v=" + logoVersion(a.Logo)
	}
	return a
}

const logoPath = "/widget/v1/logo?"

// logoVersion is in a logo's address, so that a browser may keep it for ever.
func logoVersion(logo string) string {
	sum := sha256.Sum256([]byte(logo))
	return hex.EncodeToString(sum[:6])
}

// handleLogo serves an inbox's logo.
func (g *Gateway) handleLogo(w http.ResponseWriter, r *http.Request) {
	in, err := g.store.InboxByKey(r.Context(), clean(r.URL.Query().Get("inbox")))
	if err != nil {
		g.problem(w, r, err)
		return
	}
	logo := in.Settings.Appearance.Logo
	data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(logo, pngURL))
	if err != nil || len(data) == 0 {
		writeProblem(w, chat.Errorf(chat.CodeNotFound, "This inbox has no logo."))
		return
	}
	cache := cacheForever
	if r.URL.Query().Get("v") != logoVersion(logo) {
		cache = cacheShort
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	plainAsset("logo.png", data).serve(w, r, cache)
}
