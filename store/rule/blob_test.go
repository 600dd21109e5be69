package rule

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/iotest"

	"frontdesk/chat"
)

// rows reads all of r and gives the sizes of its rows.
func rows(r io.Reader) (data []byte, sizes []int, u *Upload, err error) {
	u = NewUpload(r)
	row := make([]byte, BlobRow)
	for {
		n, err := u.Next(row)
		if n == 0 || err != nil {
			return data, sizes, u, err
		}
		data, sizes = append(data, row[:n]...), append(sizes, n)
	}
}

func TestUpload(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, BlobRow - 1, BlobRow, BlobRow + 1, 3*BlobRow + 7, maxBlob} {
		want := bytes.Repeat([]byte("0123456"), size/7+1)[:size]
		for _, r := range []io.Reader{bytes.NewReader(want), iotest.HalfReader(bytes.NewReader(want)), iotest.DataErrReader(bytes.NewReader(want))} {
			got, sizes, u, err := rows(r)
			if err != nil || !bytes.Equal(got, want) || len(sizes) != (size+BlobRow-1)/BlobRow {
				t.Errorf("%d bytes: %d came in the rows %v, %v", size, len(got), sizes, err)
			}
			sum := sha256.Sum256(want)
			if n, got := u.Sum(); n != int64(size) || !bytes.Equal(got, sum[:]) {
				t.Errorf("%d bytes: size %d, hash %x", size, n, got)
			}
		}
	}
}

func TestUploadFails(t *testing.T) {
	t.Parallel()
	if _, _, _, err := rows(bytes.NewReader(make([]byte, maxBlob+1))); chat.CodeOf(err) != chat.CodeTooLarge {
		t.Errorf("a byte too many: %v", err)
	}
	for _, fault := range []error{io.ErrUnexpectedEOF, io.ErrClosedPipe, fmt.Errorf("the line ended: %w", io.EOF)} {
		r := io.MultiReader(bytes.NewReader(make([]byte, BlobRow+10)), iotest.ErrReader(fault))
		if _, sizes, _, err := rows(r); chat.CodeOf(err) != chat.CodeInvalid || !errors.Is(err, fault) || len(sizes) != 1 {
			t.Errorf("cut by %v: %v after %v", fault, err, sizes)
		}
	}
}
