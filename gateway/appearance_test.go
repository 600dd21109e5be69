package gateway

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// logoOf is one of n by n pixels as a data URL; noise makes it hard to compress.
func logoOf(t *testing.T, n int, media string, noise bool) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, n, n))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n * n {
		c := color.RGBA{0x8f, 0x4a, 0x1f, 0xff}
		if noise {
			c = color.RGBA{uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32()), 0xff}
		}
		img.Set(i%n, i/n, c)
	}
	var b bytes.Buffer
	var err error
	if media == "image/png" {
		err = png.Encode(&b, img)
	} else {
		err = jpeg.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return "data:" + media + ";base64," + base64.StdEncoding.EncodeToString(b.Bytes())
}

func TestPutAppearance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.hire("olga", chat.RoleOwner)
	path := "/inboxes/" + w.inbox.ID.String()
	put := func(a chat.Appearance, out any) answer {
		return owner.do(http.MethodPut, path, protocol.InboxRequest{Name: "Shop", Settings: chat.InboxSettings{Appearance: a}}, out)
	}
	var in chat.Inbox
	good := chat.Appearance{Logo: logoOf(t, 64, "image/jpeg", false), Side: chat.SideLeft, Aside: 16, Below: 80, Launcher: "Frag uns", Corners: chat.CornersSoft, Theme: chat.ThemeDark}
	put(good, &in)
	if got := in.Settings.Appearance; !strings.HasPrefix(got.Logo, pngURL) || got.Side != chat.SideLeft || got.Below != 80 {
		t.Errorf("%+v", got)
	}
	// What stands in a file beside its pixels goes nowhere, and what is stored stays as it is when it comes back.
	whole := logoOf(t, 32, "image/png", false)
	data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(whole, pngURL))
	w.check(err)
	var clean, again chat.Inbox
	put(chat.Appearance{Logo: pngURL + base64.StdEncoding.EncodeToString(append(data, "<script>"...))}, &clean)
	put(clean.Settings.Appearance, &again)
	stored, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(clean.Settings.Appearance.Logo, pngURL))
	if w.check(err); bytes.Contains(stored, []byte("<script>")) || clean.Settings.Appearance != again.Settings.Appearance {
		t.Errorf("stored %q, then %q", clean.Settings.Appearance.Logo, again.Settings.Appearance.Logo)
	}

	for name, c := range map[string]struct {
		bad  chat.Appearance
		code chat.Code
	}{
		"side":                    {chat.Appearance{Side: "top"}, chat.CodeInvalid},
		"corners":                 {chat.Appearance{Corners: "9px; } * {"}, chat.CodeInvalid},
		"theme":                   {chat.Appearance{Theme: "light; } * { x: y"}, chat.CodeInvalid},
		"too near":                {chat.Appearance{Aside: -3}, chat.CodeInvalid},
		"too far":                 {chat.Appearance{Below: 4000}, chat.CodeInvalid},
		"launcher":                {chat.Appearance{Launcher: strings.Repeat("ä", 25)}, chat.CodeInvalid},
		"an address":              {chat.Appearance{Logo: "https://elsewhere.example/x.png"}, chat.CodeInvalid},
		"svg":                     {chat.Appearance{Logo: "data:image/svg+xml;base64,PHN2Zy8+"}, chat.CodeInvalid},
		"no picture":              {chat.Appearance{Logo: pngURL + "PHN2Zy8+"}, chat.CodeInvalid},
		"half a picture":          {chat.Appearance{Logo: logoOf(t, 64, "image/png", true)[:2000]}, chat.CodeInvalid},
		"many pixels":             {chat.Appearance{Logo: logoOf(t, 257, "image/png", false)}, chat.CodeTooLarge},
		"many bytes":              {chat.Appearance{Logo: logoOf(t, 200, "image/png", true)}, chat.CodeTooLarge},
		"many bytes, as PNG only": {chat.Appearance{Logo: logoOf(t, 140, "image/jpeg", true)}, chat.CodeTooLarge},
	} {
		if a := put(c.bad, nil); a.problem(t) != c.code {
			t.Errorf("%s: %s %s", name, a.Status, a.body)
		}
	}
}

func TestTwoAdminsChangeAnInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.hire("olga", chat.RoleOwner)
	path := "/inboxes/" + w.inbox.ID.String()
	body := protocol.InboxRequest{Name: "Shop", Revision: w.inbox.Revision}
	var in chat.Inbox
	owner.ok(http.MethodPut, path, body, &in)
	if in.Revision != body.Revision+1 {
		t.Errorf("revision %d after %d", in.Revision, body.Revision)
	}
	if a := owner.do(http.MethodPut, path, body, nil); a.problem(t) != chat.CodeStale {
		t.Errorf("over an old one: %s %s", a.Status, a.body)
	}
	body.Revision = 0
	owner.ok(http.MethodPut, path, body, &in)
}

func TestLogo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if a := w.get("/widget/v1/logo?inbox=site"); a.StatusCode != http.StatusNotFound {
		t.Errorf("without one: %s", a.Status)
	}
	logo, err := drawnAgain(logoOf(t, 64, "image/png", false))
	w.check(err)
	w.settings(func(s *chat.InboxSettings) { s.Colour, s.Appearance.Logo = "#0a7f5b", logo })
	face := w.g.face(w.ctx, w.inbox)
	if face.Colour != "#0a7f5b" || !strings.HasPrefix(face.Appearance.Logo, "/widget/v1/logo?inbox=site&v=") {
		t.Fatalf("%+v", face)
	}
	if a := w.get("/widget/v1/brand.css?inbox=site"); !strings.Contains(string(a.body), `url("`+face.Appearance.Logo+`")`) {
		t.Errorf("the sheet lacks the logo: %s", a.body)
	}
	for path, cache := range map[string]string{face.Appearance.Logo: cacheForever, "/widget/v1/logo?inbox=site": cacheShort, "/widget/v1/logo?inbox=site&v=old": cacheShort} {
		a := w.get(path)
		if _, err := png.Decode(bytes.NewReader(a.body)); err != nil || a.Header.Get("Content-Type") != "image/png" || a.Header.Get("Cache-Control") != cache ||
			a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Errorf("%s: %s %v %v", path, a.Status, a.Header, err)
		}
	}
}

func TestBrandColours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	viewer := w.hire("vera", chat.RoleViewer)
	var got protocol.BrandColours
	for _, colour := range []string{"#8f4a1f", "#ffff00", "#000000", ""} {
		viewer.ok(http.MethodGet, "/brand?corners=soft&theme=dark&colour="+url.QueryEscape(colour), nil, &got)
		for theme, c := range map[string]protocol.AccentColours{"light": got.Light, "dark": got.Dark} {
			if c.OnAccentRate < 4.5 || c.TextRate < 4.5 || c.LineRate < 3 || !isColour(c.Accent) || !isColour(c.Subtle) {
				t.Errorf("%s, %s: %+v", colour, theme, c)
			}
		}
		if colour != "" && got.Light.Accent != colour || !strings.Contains(got.Sheet, "color-scheme: dark;\n") || !strings.Contains(got.Sheet, "--radius-3: 6px;\n") ||
			!strings.Contains(got.Sheet, "--accent: light-dark("+cmp.Or(colour, ownColour)+",") {
			t.Errorf("%s: %+v", colour, got)
		}
	}
	for _, bad := range []string{"colour=red", "colour=%23123456&corners=1px", "colour=%23123456&theme=blue"} {
		if a := viewer.do(http.MethodGet, "/brand?"+bad, nil, nil); a.problem(t) != chat.CodeInvalid {
			t.Errorf("%s: %s %s", bad, a.Status, a.body)
		}
	}
}

func TestPreviewPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.get("/widget/v1/preview?inbox=site")
	if policy := a.Header.Get("Content-Security-Policy"); a.StatusCode != http.StatusOK || !strings.HasSuffix(policy, "frame-ancestors 'self'") ||
		!strings.Contains(string(a.body), `/console/preview.js"`) || strings.Contains(string(a.body), "app.js") {
		t.Errorf("%s %v %s", a.Status, a.Header, a.body)
	}
	if a := w.get("/widget/v1/preview?inbox=other"); a.StatusCode != http.StatusNotFound {
		t.Errorf("of no inbox: %s", a.Status)
	}
}

// A look that reached the store past the check is no way into the style sheet.
func TestBrandSheetOfAForgedLook(t *testing.T) {
	t.Parallel()
	own := brandSheet("", chat.Appearance{})
	if got := brandSheet("", chat.Appearance{Corners: "x;}*{", Theme: "light;}*{", Logo: `x") } * { display: none`}); got != own {
		t.Errorf("%q", got)
	}
	if got := brandSheet("", chat.Appearance{Theme: chat.ThemeLight}); got != strings.Replace(own, ";\n}", fmt.Sprintf(";\n\tcolor-scheme: %s;\n}", chat.ThemeLight), 1) {
		t.Errorf("%q", got)
	}
}
