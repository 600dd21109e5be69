package gateway

import (
	"fmt"
	"strings"
	"testing"

	"frontdesk/chat"
)

func TestBrandSheetHoldsContrast(t *testing.T) {
	t.Parallel()
	for r := 0; r < 256; r += 17 { // 4,096 colours
		for g := 0; g < 256; g += 17 {
			for b := 0; b < 256; b += 17 {
				brand := fmt.Sprintf("#%02x%02x%02x", r, g, b)
				day, night := accentsOf(brand)
				for _, c := range []struct {
					name string
					a    accent
					t    theme
				}{{"light", day, lightTheme}, {"dark", night, darkTheme}} {
					for what, got := range map[string]float64{
						"on-accent on accent":       contrast(c.a.on, c.a.fill) / 4.5,
						"on-accent on accent-hover": contrast(c.a.on, c.a.hover) / 4.5,
						"accent-text on surface-2":  contrast(c.a.text, c.t.surface2) / 4.5,
						"accent-text on surface-1":  contrast(c.a.text, c.t.surface1) / 4.5,
						"accent-text on subtle":     contrast(c.a.text, c.a.subtle) / 4.5,
						"accent-line on surface-1":  contrast(c.a.line, c.t.surface1) / 3,
					} {
						if got < 1 {
							t.Errorf("%s, %s: %s has %.2f of the contrast it needs", brand, c.name, what, got)
						}
					}
				}
			}
		}
	}
}

// The values for the sample shop's copper, as the design tokens give them.
func TestBrandSheetOfTheSampleShop(t *testing.T) {
	t.Parallel()
	sheet := brandSheet("#8f4a1f", chat.Appearance{})
	for _, want := range []string{
		"--accent: light-dark(#8f4a1f, #995329)", "--accent-hover: light-dark(#7f411b, #884924)",
		"--accent-text: light-dark(#8f4a1f, #de9268)", "--accent-subtle: light-dark(#f7f0ec, #2f241e)",
	} {
		if !strings.Contains(sheet, want) {
			t.Errorf("sheet lacks %q:\n%s", want, sheet)
		}
	}
}

// The widget's own files have no accent.
func TestBrandSheetOfNoColour(t *testing.T) {
	t.Parallel()
	own := brandSheet("", chat.Appearance{})
	for _, name := range []string{"accent", "accent-hover", "on-accent", "accent-line", "accent-text", "accent-subtle", "focus"} {
		if !strings.Contains(own, "\t--"+name+": ") || !strings.Contains(brandSheet("#8f4a1f", chat.Appearance{}), "\t--"+name+": ") {
			t.Errorf("no %s", name)
		}
	}
	for _, c := range []string{"red", "#12345", "#12345g", "#1234567; } body { x: y"} {
		if got := brandSheet(c, chat.Appearance{}); got != own {
			t.Errorf("brandSheet(%q) = %q, want Frontdesk's own accent", c, got)
		}
	}
}
