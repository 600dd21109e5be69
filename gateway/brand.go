package gateway

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"frontdesk/chat"
)

// theme is what the brand colours of one theme are measured against: the
// design tokens surface-1 and surface-2, and which way text moves from the brand.
type theme struct {
	surface1, surface2 rgb
	step               float64 // of OKLab lightness, away from the surface
	textContrast       float64 // text in the dark needs more than WCAG's 4.5 to read as calmly
	tint               float64 // share of the brand in accent-subtle
}

var (
	lightTheme = theme{parseHex("#ffffff"), parseHex("#f3f2ee"), -.01, 4.5, .08}
	darkTheme  = theme{parseHex("#1a1a19"), parseHex("#232321"), .01, 6, .18}
)

// brandSheet is the style sheet of an inbox's colour and look. Six values for
// each theme are computed so that text holds 4.5:1 and shapes 3:1 (WCAG 2.2,
// 1.4.3 and 1.4.11) whatever the colour. Without one, or with what is none, it
// is Frontdesk's own accent; other things that are not set, or malformed, are
// left out: the built-in form stays. The look's Logo is an address here.
func brandSheet(colour string, look chat.Appearance) string {
	var rows []string
	if !isColour(colour) {
		rows = append(rows, ownAccent...)
	} else {
		day, night := accentsOf(colour)
		row := func(name string, l, d rgb) {
			rows = append(rows, fmt.Sprintf("--%s: light-dark(%s, %s)", name, l, d))
		}
		row("accent", day.fill, night.fill)
		row("accent-hover", day.hover, night.hover)
		row("on-accent", day.on, night.on)
		row("accent-line", day.line, night.line)
		row("accent-text", day.text, night.text)
		row("accent-subtle", day.subtle, night.subtle)
		row("focus", day.text, night.text)
	}
	rows = append(rows, cornerRows[look.Corners]...)
	if look.Theme == chat.ThemeLight || look.Theme == chat.ThemeDark {
		rows = append(rows, "color-scheme: "+string(look.Theme))
	}
	sheet := ":root {\n\t" + strings.Join(rows, ";\n\t") + ";\n}\n"
	if strings.HasPrefix(look.Logo, logoPath) { // an address of ours, and so without quotes
		sheet += fmt.Sprintf(logoRules, look.Logo)
	}
	return sheet
}

// ownAccent is the design tokens' accent, whose dark half was chosen by eye; no file of the widget has one.
var ownAccent = []string{
	"--accent: light-dark(#2552c8, #3f67dd)", "--accent-hover: light-dark(#2048b4, #375bc6)", "--on-accent: #fff", "--accent-line: light-dark(#2552c8, #4f79ee)",
	"--accent-text: light-dark(#2350c4, #9db6fb)", "--accent-subtle: light-dark(#edf1fd, #1e2740)", "--focus: light-dark(#2552c8, #9db6fb)",
}

// logoRules put a logo in the place of the bot's mark.
const logoRules = ".face:not(.agent) {\n\tbackground: url(\"%s\") center / contain no-repeat;\n}\n.face:not(.agent) > * {\n\tdisplay: none;\n}\n"

// cornerRows are the design tokens' radii of controls, cards and bubbles where they are not round.
var cornerRows = map[chat.Corners][]string{
	chat.CornersSoft:   {"--radius-2: 4px", "--radius-3: 6px", "--radius-4: 8px"},
	chat.CornersSquare: {"--radius-2: 2px", "--radius-3: 2px", "--radius-4: 2px"},
}

// accentsOf gives the colours by day and by night of a brand colour; of "", of Frontdesk's own.
func accentsOf(colour string) (day, night accent) {
	brand := parseHex(cmp.Or(colour, ownColour))
	day, night = lightTheme.accent(brand), darkTheme.accent(brand)
	day.fill = brand // by day the brand is kept exactly
	day.finish(lightTheme)
	night.finish(darkTheme)
	return day, night
}

// ownColour is the accent of the design tokens.
const ownColour = "#2552c8"

type accent struct{ fill, hover, on, line, text, subtle rgb }

// accent gives the colour that is seen on the theme's surface.
func (t theme) accent(brand rgb) accent {
	line := shift(brand, t.step, func(c rgb) bool { return contrast(c, t.surface1) >= 3 })
	return accent{fill: line, line: line}
}

// finish derives the rest from fill.
func (a *accent) finish(t theme) {
	white, black := parseHex("#ffffff"), parseHex("#000000")
	a.on, a.hover = black, mix(a.fill, white, .08)
	if contrast(white, a.fill) >= 4.5 {
		a.on, a.hover = white, mix(a.fill, black, .08)
	}
	a.subtle = mix(t.surface1, a.fill, t.tint)
	a.text = shift(a.fill, t.step, func(c rgb) bool {
		return contrast(c, t.surface1) >= t.textContrast && contrast(c, t.surface2) >= t.textContrast && contrast(c, a.subtle) >= t.textContrast
	})
}

// rgb is a colour in sRGB, 0 to 1 each.
type rgb [3]float64

func isColour(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	for _, r := range s[1:] {
		if !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return false
		}
	}
	return true
}

func parseHex(s string) rgb {
	var r, g, b uint8
	if _, err := fmt.Sscanf(s, "#%02x%02x%02x", &r, &g, &b); err != nil {
		return rgb{} // callers hand over what isColour has seen
	}
	return rgb{float64(r) / 255, float64(g) / 255, float64(b) / 255}
}

// String gives "#rrggbb", each channel clamped.
func (c rgb) String() string {
	var v [3]int
	for i, x := range c {
		v[i] = int(math.Round(math.Min(1, math.Max(0, x)) * 255))
	}
	return fmt.Sprintf("#%02x%02x%02x", v[0], v[1], v[2])
}

// contrast is WCAG 2.2's contrast ratio, 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + .05) / (math.Min(x, y) + .05)
}

func luminance(c rgb) float64 {
	return .2126*linear(c[0]) + .7152*linear(c[1]) + .0722*linear(c[2])
}

func linear(v float64) float64 {
	if v <= .04045 {
		return v / 12.92
	}
	return math.Pow((v+.055)/1.055, 2.4)
}

func gamma(v float64) float64 {
	if v <= .0031308 {
		return v * 12.92
	}
	return 1.055*math.Pow(v, 1/2.4) - .055
}

// oklab and fromOKLab are Björn Ottosson's OKLab (2020) with his matrices.
func oklab(c rgb) [3]float64 {
	r, g, b := linear(c[0]), linear(c[1]), linear(c[2])
	l := math.Cbrt(.4122214708*r + .5363325363*g + .0514459929*b)
	m := math.Cbrt(.2119034982*r + .6806995451*g + .1073969566*b)
	s := math.Cbrt(.0883024619*r + .2817188376*g + .6299787005*b)
	return [3]float64{
		.2104542553*l + .793617785*m - .0040720468*s,
		1.9779984951*l - 2.428592205*m + .4505937099*s,
		.0259040371*l + .7827717662*m - .808675766*s,
	}
}

// fromOKLab gives the nearest colour that a style sheet can name.
func fromOKLab(v [3]float64) rgb {
	l := math.Pow(v[0]+.3963377774*v[1]+.2158037573*v[2], 3)
	m := math.Pow(v[0]-.1055613458*v[1]-.0638541728*v[2], 3)
	s := math.Pow(v[0]-.0894841775*v[1]-1.291485548*v[2], 3)
	return parseHex(rgb{
		gamma(4.0767416621*l - 3.3077115913*m + .2309699292*s),
		gamma(-1.2684380046*l + 2.6097574011*m - .3413193965*s),
		gamma(-.0041960863*l - .7034186147*m + 1.707614701*s),
	}.String())
}

// mix goes the share t of the way from a to b, in OKLab.
func mix(a, b rgb, t float64) rgb {
	p, q := oklab(a), oklab(b)
	for i := range p {
		p[i] += (q[i] - p[i]) * t
	}
	return fromOKLab(p)
}

// shift moves a colour's lightness by steps until ok, at most to black or white.
func shift(c rgb, step float64, ok func(rgb) bool) rgb {
	v := oklab(c)
	for ; v[0] >= 0 && v[0] <= 1; v[0] += step {
		if m := fromOKLab(v); ok(m) {
			return m
		}
	}
	if step > 0 {
		return parseHex("#ffffff")
	}
	return parseHex("#000000")
}
