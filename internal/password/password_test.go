package password_test

import (
	"testing"

	"frontdesk/internal/password"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	hash := password.Hash("correct horse")
	if hash == password.Hash("correct horse") {
		t.Error("two hashes of one password are equal: no salt")
	}
	for _, c := range []struct {
		name, hash, password string
		want                 bool
	}{
		{"right", hash, "correct horse", true},
		{"wrong", hash, "correct horsf", false},
		{"empty password", hash, "", false},
		{"no account", "", "", false},
		{"no account, some password", "", "x", false},
		{"garbage", "$argon2id$x", "x", false},
		{"other algorithm", "$2a$10$abcdefghijklmnopqrstuv", "x", false},
	} {
		if got := password.Check(c.hash, c.password); got != c.want {
			t.Errorf("%s: Check = %v, want %v", c.name, got, c.want)
		}
	}
}
