package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"frontdesk/chat"
)

// lock takes the lock file at path for this process and writes its number
// into it. The kernel gives the lock back when the process ends, however it
// ends; the file stays, and means nothing without the lock.
func lock(path string) (unlock func() error, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		defer func() { _ = f.Close() }() // it was only read
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, chat.Errorf(chat.CodeConflict, "the data folder is in use by process %s; "+
				"ask that server instead (its commands find it through the folder), stop it first, or use another folder", holder(f))
		}
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if err := f.Truncate(0); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if _, err := fmt.Fprintln(f, os.Getpid()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}

// holder reads who has the lock, as far as it has said so yet.
func holder(f *os.File) string {
	b, _ := io.ReadAll(io.LimitReader(f, 20))
	if pid := strings.TrimSpace(string(b)); pid != "" {
		return pid
	}
	return "(unknown)"
}
