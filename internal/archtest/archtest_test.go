// Package archtest holds the house's layout as a test: who may import whom.
// docs/adr/0001 has the picture and the reasons.
package archtest

import (
	"bytes"
	"encoding/json"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const module = "frontdesk/"

// may lists, for each of our packages (or, with a trailing "/", a tree of
// them), which of ours it may import. The longest match counts. Tests are
// free. Only cmd sees everything.
var may = map[string][]string{
	"chat":             {},
	"llm":              {},
	"llm/openai":       {"chat", "llm"},
	"llm/fakeserver":   {"llm"},
	"llm/meter":        {"chat", "llm"},
	"llm/minilm":       {"llm", "llm/minilm/", "internal/simd"},
	"llm/minilm/":      {"llm/minilm/", "internal/simd"},
	"knowledge":        {"chat", "llm", "internal/simd", "internal/personal"},
	"knowledge/":       {"chat", "llm", "knowledge", "knowledge/"},
	"bot":              {"chat", "llm", "knowledge", "internal/personal", "bot/ground", "say"},
	"bot/ground":       {"chat", "llm", "knowledge"},
	"bot/prompt":       {"chat", "llm"},
	"bot/compose":      {"chat", "llm", "knowledge", "bot", "bot/ground", "bot/prompt", "internal/personal"},
	"bot/memory":       {"chat", "llm", "bot", "bot/prompt", "internal/personal"},
	"bot/assist":       {"chat", "llm", "bot/memory", "bot/prompt", "internal/personal"},
	"bot/replay":       {"chat", "llm", "knowledge", "bot"},
	"bot/":             {"chat", "llm", "knowledge", "knowledge/", "bot", "evals", "llm/minilm"},
	"action":           {"chat", "llm", "say"},
	"handoff":          {"chat", "handoff/promise", "say"},
	"handoff/promise":  {"chat"},
	"identity":         {"chat"},
	"insight":          {"chat"},
	"mail":             {"chat"},
	"say":              {"chat"},
	"sso":              {"chat"},
	"gateway":          {"chat", "knowledge", "identity", "insight", "gateway/protocol", "internal/password", "internal/words", "say"},
	"gateway/protocol": {"chat", "knowledge"},
	"gateway/":         {"chat", "knowledge", "insight", "gateway", "gateway/protocol"},
	"bus":              {"chat"},
	"bus/":             {"chat", "bus"},
	"trust":            {"chat"},
	"bot/voice":        {"chat", "llm", "bot", "bot/compose", "bot/prompt"},
	"store":            {"chat", "knowledge", "trust"},
	"store/":           {"chat", "knowledge", "trust", "store", "store/", "internal/words"},
	"widget":           {},
	"console":          {},
	"evals":            {"chat", "llm", "knowledge", "knowledge/", "bot", "trust", "internal/personal", "store", "store/", "llm/minilm"},
	"evals/liar":       {"bot/ground", "chat", "knowledge", "trust"},
	"evals/fit":        {"bot", "evals", "knowledge", "knowledge/", "llm/minilm"},
	"evals/report":     {"chat", "evals"},
	"evals/suite":      {"chat", "llm", "llm/minilm", "knowledge", "bot", "evals"},
	"evals/data":       {},
	"evals/data/gen":   {"evals/data", "knowledge", "knowledge/source", "llm/minilm"},
	"internal/":        {},
	"internal/httprr":  {"internal/personal"},
	"scripts/":         {},
	"cmd/":             {"*"},
}

// only says where a dependency may be used, and why nowhere else.
var only = []struct {
	dependency string
	in         []string
	why        string
}{
	{"github.com/jackc/pgx", []string{"store/postgres"}, "SQL lives under store"},
	{"github.com/pgvector/pgvector-go", []string{"store/postgres"}, "SQL lives under store"},
	{"modernc.org/sqlite", []string{"store/sqlite"}, "SQL lives under store"},
	{"database/sql", []string{"store/"}, "SQL lives under store"},
	{"github.com/gorilla/websocket", []string{"gateway"}, "one package wraps the websocket library"},
	{"github.com/sashabaranov/go-openai", []string{"llm/openai"}, "one package speaks HTTP to a model"},
	{"github.com/modelcontextprotocol/", []string{"action"}, "one package uses tools of others"},
	{"code.dny.dev/ssrf", []string{"action"}, "one package asks the shop"},
	{"github.com/nats-io/", []string{"bus/nats"}, "the bus hides its carrier"},
	{"github.com/danielgtaylor/huma", []string{"gateway"}, "domain packages know no HTTP framework"},
	{"github.com/golang-jwt/", []string{"identity"}, "one package says who a customer is"},
	{"github.com/coreos/go-oidc", []string{"sso"}, "one package speaks to the identity provider"},
	{"golang.org/x/oauth2", []string{"sso"}, "one package speaks to the identity provider"},
	{"github.com/wneessen/go-mail", []string{"mail"}, "one package speaks SMTP"},
	{"github.com/prometheus/", []string{"gateway", "cmd/"}, "domain packages tell observers, not a metrics library"},
	{"github.com/alecthomas/kong", []string{"cmd/"}, "settings are read in one place"},
	{"testing", []string{"store/storetest", "store/sqlite/sqlitetest", "internal/testutil"}, "test code stays out of the binary"},
}

type pkg struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		self := strings.TrimPrefix(p.ImportPath, module)
		allowed, ok := lookup(self)
		if !ok {
			t.Errorf("%s: no rule says what it may import; add one to archtest", self)
			continue
		}
		for _, imp := range p.Imports {
			if ours, ok := strings.CutPrefix(imp, module); ok {
				if !matches(allowed, ours) {
					t.Errorf("%s imports %s, which it may not", self, ours)
				}
				continue
			}
			for _, rule := range only {
				if strings.HasPrefix(imp+"/", strings.TrimSuffix(rule.dependency, "/")+"/") && !matches(rule.in, self) {
					t.Errorf("%s imports %s, allowed in %v only: %s", self, imp, rule.in, rule.why)
				}
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if !documented(t, p) {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

func documented(t *testing.T, p pkg) bool {
	t.Helper()
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if f.Doc != nil && len(f.Doc.Text()) > 20 {
			return true
		}
	}
	return len(p.GoFiles) == 0
}

func lookup(self string) ([]string, bool) {
	best, found := "", false
	for rule := range may {
		if matches([]string{rule}, self) && (!found || len(rule) > len(best)) {
			best, found = rule, true
		}
	}
	return may[best], found
}

// matches reports whether name is one of list: itself, or under an entry that ends in "/".
func matches(list []string, name string) bool {
	for _, l := range list {
		if l == "*" || l == name || strings.HasSuffix(l, "/") && strings.HasPrefix(name, l) {
			return true
		}
	}
	return false
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 10 {
		t.Fatalf("found only %d packages", len(all))
	}
	return all
}
