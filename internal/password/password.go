// Package password hashes and checks passwords with argon2id.
package password

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost, OWASP's first choice for argon2id (Password Storage Cheat Sheet):
// 19 MiB, 2 passes, 1 lane.
const (
	memoryKiB = 19 * 1024
	passes    = 2
	lanes     = 1
	saltBytes = 16
	keyBytes  = 32
)

// Hash gives the PHC string to store for a password.
func Hash(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails, see its documentation
	key := argon2.IDKey([]byte(password), salt, passes, memoryKiB, lanes, keyBytes)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, passes, lanes, enc.EncodeToString(salt), enc.EncodeToString(key))
}

// Check reports whether password is the one that hash was made of, in a time
// that does not depend on how much of it is right. An empty hash takes as
// long as a wrong password, so that nobody learns who has an account.
func Check(hash, password string) bool {
	if hash == "" {
		hash = nobody
	}
	p, err := parse(hash)
	if err != nil {
		return false
	}
	key := argon2.IDKey([]byte(password), p.salt, p.passes, p.memory, p.lanes, uint32(len(p.key)))
	return subtle.ConstantTimeCompare(key, p.key) == 1
}

// nobody is a well-formed hash that no password has: its key is all zero.
var nobody = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, passes, lanes,
	base64.RawStdEncoding.EncodeToString(make([]byte, saltBytes)), base64.RawStdEncoding.EncodeToString(make([]byte, keyBytes)))

type params struct {
	memory, passes uint32
	lanes          uint8
	salt, key      []byte
}

var errForm = errors.New("password: not an argon2id hash")

func parse(hash string) (params, error) {
	var p params
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return p, errForm
	}
	var version int
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return p, errForm
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.lanes); err != nil {
		return p, errForm
	}
	var err1, err2 error
	p.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	p.key, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(p.key) < 16 || p.passes == 0 || p.lanes == 0 || p.memory > 1<<20 {
		return p, errForm
	}
	return p, nil
}
