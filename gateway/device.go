package gateway

import "strings"

// deviceOf gives the family of a user agent as an agent wants to know it:
// "Safari on iPhone", "Firefox on Windows"; "" of one that says neither. It is
// what the browser claims, for help with a page, and for nothing that matters.
func deviceOf(userAgent string) string {
	browser, system := family(userAgent, browsers), family(userAgent, systems)
	switch {
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + " on " + system
}

// mark is a word of a user agent and what it stands for.
type mark struct{ word, name string }

// The marks in the order in which they count: browsers name those that they
// want to be taken for, too, and so do systems.
var (
	browsers = []mark{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"},
		{"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
	systems = []mark{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
		{"Mac OS X", "Mac"}, {"Linux", "Linux"},
	}
)

func family(userAgent string, marks []mark) string {
	for _, m := range marks {
		if strings.Contains(userAgent, m.word) {
			return m.name
		}
	}
	return ""
}
