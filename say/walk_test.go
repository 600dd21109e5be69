package say

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// toCustomers are the files whose errors reach customers.
var toCustomers = []string{
	"chat/email.go", "identity/code.go", "identity/resume.go", "action/confirm.go", "gateway/customer.go", "gateway/session.go",
	"gateway/identity.go", "gateway/feedback.go", "gateway/files.go", "gateway/transcript.go", "gateway/resume.go", "gateway/read.go",
}

// toDevelopers are those of their sentences that only a program's author, or the staff, can have to do with.
var toDevelopers = []string{
	"hello comes once", "one connection follows", "a conversation's id", `"client_id" is missing`, "page: url has", "No inbox has the key",
	"token refused", "token expired", "token used", "is no answer of the bot", "is no media type", "Send the file as multipart",
	"A file is named twice", "conversation is missing", "Ask for at most", "Sign in first", "This needs the role", "the code has expired",
	"the action was changed", "the customer is no longer verified", `There is no part named "file"`,
}

// Every sentence that the server says to a customer is in the tables, and the tables hold no other.
func TestEverySentenceToACustomerHasItsWords(t *testing.T) {
	t.Parallel()
	words := load().all[1].words
	said := map[string]bool{fault: true}
	for _, name := range toCustomers {
		errors := sentences(t, name, "Errorf", 1)
		if len(errors) == 0 {
			t.Errorf("%s: no errors found", name)
		}
		for _, s := range errors {
			said[s] = true
			if _, ok := words[s]; !ok && !slices.ContainsFunc(toDevelopers, func(of string) bool { return strings.Contains(s, of) }) {
				t.Errorf("%s says %q, and no table does: add it to say/text, or to toDevelopers here", name, s)
			}
		}
	}
	for _, folder := range []string{"say", "cmd/frontdesk", "action"} {
		files, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			name := strings.TrimPrefix(filepath.ToSlash(file), "../")
			for _, s := range sentences(t, name, "Text", 0) {
				said[s] = true
				if _, ok := words[s]; !ok {
					t.Errorf("%s says %q, and no table does", name, s)
				}
			}
		}
	}
	var elsewhere strings.Builder // sentences that go their own way: as constants, or in maps
	for _, name := range []string{"bot/words.go", "cmd/frontdesk/letters.go", "gateway/files.go", "handoff/move.go"} {
		data, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		elsewhere.Write(data)
	}
	for s := range words {
		if !said[s] && !strings.Contains(elsewhere.String(), strconv.Quote(s)) {
			t.Errorf("nobody says %q", s)
		}
	}
}

// sentences gives the strings that a file's calls of a function, or of a method, have in a place.
func sentences(t *testing.T, name, function string, place int) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", filepath.FromSlash(name)), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) <= place {
			return true
		}
		switch called := call.Fun.(type) {
		case *ast.SelectorExpr:
			ok = called.Sel.Name == function
		case *ast.Ident:
			ok = called.Name == function
		default:
			ok = false
		}
		if !ok {
			return true
		}
		if lit, ok := call.Args[place].(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				out = append(out, s)
			}
		}
		return true
	})
	return out
}
