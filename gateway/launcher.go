package gateway

import (
	"cmp"
	"fmt"
	"html"
	"net/url"
	"strings"

	"frontdesk/chat"
)

// launcherRules are how the launcher and the widget's window stand on a site's
// page. They come with the frame, whose page's side takes them as they are into
// its shadow root, after rules of its own that draw the launcher alone. Closing
// takes half the time of opening; on a phone the page is simply there again.
// Percentages hold on a page that is zoomed by its own style, where vw and vh
// do not.
const launcherRules = `button{position:relative;z-index:1;display:flex;align-items:center;gap:10px}
button:hover{box-shadow:0 6px 22px #28241c59}
button:focus-visible{outline:2px solid var(--c);outline-offset:3px}
[aria-expanded=true]:before{border-width:0 3px 3px 0;border-radius:0;scale:.6;rotate:45deg;translate:0 -4px}
span:empty,i:empty,[aria-expanded=true] i{display:none}
i{position:absolute;inset:-3px -3px auto auto;min-width:20px;border-radius:10px;background:#b02a20;color:#fff;font:normal 600 11px/20px system-ui;text-align:center;box-shadow:0 0 0 2px Canvas}
iframe{position:fixed;border:0;width:min(380px,100% - 48px);border-radius:18px;outline:1px solid #8b867d40;background:Canvas;box-shadow:0 2px 8px #28241c1a,0 18px 48px #28241c40}
@media(prefers-reduced-motion:no-preference){
button{transition:scale .08s,box-shadow .14s}
button:active{scale:.95}
i,[aria-expanded=true]:before{animation:b .14s}
iframe{animation:a .22s cubic-bezier(.2,.8,.2,1)}
}
@media(prefers-reduced-motion:no-preference)and (min-width:481px){iframe[hidden]{opacity:0;translate:0 8px;pointer-events:none;transition:opacity .11s,translate .11s,display .11s allow-discrete,height 0s .11s}}
@keyframes a{0%{opacity:0;translate:0 8px}}
@keyframes b{0%{opacity:0;scale:.4}}
`

// launcherPhone comes last: on a phone the window covers the page, and closes itself.
const launcherPhone = `.o{inset:0;width:100%;height:100%;border-radius:0;outline:0}
button:has(~.o){display:none}
`

// The launcher's distances from the page's edges where nothing else is set, and
// its height with the gap to the window, in CSS pixels.
const (
	launcherEdge   = 24
	launcherHeight = 68
)

// launcherSheet is the sheet of an inbox's launcher; what the tag on the page
// sets (colour, position, theme) goes before what the inbox sets. Malformed
// values are left out.
func launcherSheet(s chat.InboxSettings, tag url.Values) string {
	look := s.Appearance
	aside, below := cmp.Or(look.Aside, launcherEdge), cmp.Or(look.Below, launcherEdge)
	place := func(bottom int) string {
		if side := chat.Side(tag.Get("position")); side == chat.SideLeft || side != chat.SideRight && look.Side == chat.SideLeft {
			return fmt.Sprintf("inset:auto auto %dpx %dpx", bottom, aside)
		}
		return fmt.Sprintf("inset:auto %dpx %dpx auto", aside, bottom)
	}
	scheme := "light dark"
	for _, theme := range []chat.Theme{look.Theme, chat.Theme(tag.Get("theme"))} {
		switch theme {
		case chat.ThemeLight, chat.ThemeDark:
			scheme = string(theme)
		case "auto":
			scheme = "light dark"
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, ":host{%s!important;color-scheme:%s!important", place(below), scheme)
	if colour := tag.Get("colour"); isColour(colour) {
		fmt.Fprintf(&b, ";--c:%s", colour)
	} else if isColour(s.Colour) && colour == "" {
		fmt.Fprintf(&b, ";--c:%s", s.Colour)
	}
	b.WriteString("}\n" + launcherRules)
	fmt.Fprintf(&b, "iframe{%s;height:min(660px,100%% - %dpx)}\n", place(below+launcherHeight), below+launcherHeight+20)
	b.WriteString(launcherCorners[look.Corners] + launcherPhone)
	return b.String()
}

// launcherCorners are the rules of windows and launchers that are not round.
var launcherCorners = map[chat.Corners]string{
	chat.CornersSoft:   "iframe{border-radius:10px}button{border-radius:14px}\n",
	chat.CornersSquare: "iframe,button{border-radius:2px}\n",
}

// launcherMeta is the sheet of an inbox's launcher in the head of the widget's document, which hands it on to the page.
func launcherMeta(s chat.InboxSettings, tag url.Values) string {
	return fmt.Sprintf(`<meta name="launcher" content="%s">`, html.EscapeString(launcherSheet(s, tag)))
}
