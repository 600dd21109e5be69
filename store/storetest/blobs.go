package storetest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// maxBlob is the contract's limit of a file.
const maxBlob = 20 << 20

var blobCases = []testCase{
	{"a file", func(t *testing.T, w *world) {
		for name, data := range map[string][]byte{
			"empty": {}, "small": []byte("hello\x00\xff"), "one row": pattern(256 << 10), "rows and a rest": pattern(3*256<<10 + 7),
		} {
			sum := sha256.Sum256(data)
			want := chat.Blob{ID: id(name), Name: name + ".bin", Type: "application/x", Size: int64(len(data)), SHA256: sum[:], CreatedAt: w.clock.time()}
			given := chat.Blob{ID: id(name), Name: name + ".bin", Type: "application/x", Size: 99, SHA256: []byte("x")}
			// A reader that gives little at a time must make no difference.
			equal(t, "returned", must(w.PutBlob(w.ctx, w.ws, given, iotest.HalfReader(bytes.NewReader(data))))(t), want)
			w.reopen()
			got, stored := w.blob(w.ws, name)
			equal(t, "stored", got, want)
			if !bytes.Equal(stored, data) {
				t.Errorf("%s: other bytes came back (%d, want %d)", name, len(stored), len(data))
			}
			_, _, err := w.Blob(w.ctx, w.beside, id(name))
			wantCode(t, err, chat.CodeNotFound)
		}
	}},
	{"the largest, and one byte more", func(t *testing.T, w *world) {
		must(w.PutBlob(w.ctx, w.ws, chat.Blob{ID: id("largest")}, zeros(maxBlob)))(t)
		_, err := w.PutBlob(w.ctx, w.ws, chat.Blob{ID: id("too large")}, zeros(maxBlob+1))
		wantCode(t, err, chat.CodeTooLarge)
		_, _, err = w.Blob(w.ctx, w.ws, id("too large"))
		wantCode(t, err, chat.CodeNotFound)
		// The id is free, so nothing stayed of it.
		must(w.PutBlob(w.ctx, w.ws, chat.Blob{ID: id("too large")}, strings.NewReader("small")))(t)
		if _, data := w.blob(w.ws, "too large"); string(data) != "small" {
			t.Errorf("%d bytes stayed of the one that was too large", len(data))
		}
	}},
	{"a reader that fails", func(t *testing.T, w *world) {
		for _, fault := range []error{errors.New("the line is cut"), io.ErrUnexpectedEOF} {
			_, err := w.PutBlob(w.ctx, w.ws, chat.Blob{ID: id("cut")}, io.MultiReader(zeros(1<<20+7), iotest.ErrReader(fault)))
			wantCode(t, err, chat.CodeInvalid)
			if !errors.Is(err, fault) {
				t.Errorf("got %v, want the reader's own error, %v", err, fault)
			}
			_, _, err = w.Blob(w.ctx, w.ws, id("cut"))
			wantCode(t, err, chat.CodeNotFound)
		}
		must(w.PutBlob(w.ctx, w.ws, chat.Blob{ID: id("cut")}, strings.NewReader("whole")))(t)
		if _, data := w.blob(w.ws, "cut"); string(data) != "whole" {
			t.Errorf("%d bytes stayed of the one that failed", len(data))
		}
	}},
	{"taken", func(t *testing.T, w *world) {
		given := chat.Blob{ID: id("blob")}
		must(w.PutBlob(w.ctx, w.ws, given, strings.NewReader("first")))(t)
		_, err := w.PutBlob(w.ctx, w.ws, given, strings.NewReader("second"))
		wantCode(t, err, chat.CodeConflict)
		if _, data := w.blob(w.ws, "blob"); string(data) != "first" {
			t.Errorf("got %q", data)
		}
		fresh := must(w.PutBlob(w.ctx, w.ws, chat.Blob{}, strings.NewReader("third")))(t)
		if fresh.ID == uuid.Nil {
			t.Error("a zero id was kept")
		}
	}},
	{"a slow reader keeps nobody waiting", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		r, pipe := io.Pipe()
		done := make(chan error, 1)
		go func() {
			_, err := w.PutBlob(w.ctx, w.ws, chat.Blob{ID: id("slow")}, r)
			done <- err
		}()
		for i := range 3 {
			if _, err := pipe.Write(pattern(300 << 10)); err != nil {
				t.Fatal(err)
			}
			w.says("talk", customerSays("message "+string(rune('a'+i)), "meanwhile"))
		}
		check(t, pipe.Close())
		check(t, <-done)
		b, _ := w.blob(w.ws, "slow")
		equal(t, "size", b.Size, int64(3*300<<10))
	}},
	{"reading goes on while others write", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		must(w.PutBlob(w.ctx, w.ws, chat.Blob{ID: id("big")}, bytes.NewReader(pattern(1<<20))))(t)
		_, r, err := w.Blob(w.ctx, w.ws, id("big"))
		check(t, err)
		var got []byte
		buf := make([]byte, 100<<10)
		for n := 0; ; n++ {
			k, err := r.Read(buf)
			got = append(got, buf[:k]...)
			if err == io.EOF {
				break
			}
			check(t, err)
			if n%4 == 0 {
				w.says("talk", customerSays(time.Duration(n).String(), "meanwhile"))
			}
		}
		check(t, r.Close())
		if !bytes.Equal(got, pattern(1<<20)) {
			t.Error("other bytes came back")
		}
	}},
}

// pattern gives n bytes in which every row of a file is different.
func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i ^ i>>8 ^ i>>16)
	}
	return b
}

// zeros reads n zero bytes without holding them.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
