package rule

import (
	"crypto/sha256"
	"hash"
	"io"

	"frontdesk/chat"
)

// BlobRow is the size of a row of a file: what is in memory of it at a time,
// and how long one write holds up the others. A file has at most maxBlob bytes.
const (
	BlobRow = 256 << 10
	maxBlob = 20 << 20
)

// Upload parts a file into rows.
type Upload struct {
	r    io.Reader
	hash hash.Hash
	size int64
	done bool
}

// NewUpload begins the file that r gives.
func NewUpload(r io.Reader) *Upload { return &Upload{r: r, hash: sha256.New()} }

// Next reads the next row into row, which has BlobRow bytes, and gives how
// many it has: fewer in the last one, 0 if there is none. CodeTooLarge;
// CodeInvalid, with r's own error, when r did not come to its end.
func (u *Upload) Next(row []byte) (n int, err error) {
	// Unlike io.ReadFull this tells the end from an error of r's own that looks
	// like it, such as the io.ErrUnexpectedEOF of a cut upload.
	for n < len(row) && !u.done {
		m, err := u.r.Read(row[n:])
		n += m
		switch {
		case err == io.EOF:
			u.done = true
		case err != nil:
			return 0, invalid("the file could not be read to its end; send it again: %w", err)
		}
	}
	if u.size += int64(n); u.size > maxBlob {
		return 0, chat.Errorf(chat.CodeTooLarge, "the file is larger than %d MiB", maxBlob>>20)
	}
	u.hash.Write(row[:n]) // a hash cannot fail
	return n, nil
}

// Sum gives the size and the SHA-256 of what was read.
func (u *Upload) Sum() (size int64, sha256 []byte) { return u.size, u.hash.Sum(nil) }
