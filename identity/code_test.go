package identity

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"frontdesk/chat"
)

// send has a code sent to Ann and gives what its letter says.
func (w *world) send(email string) string {
	w.t.Helper()
	_, err := w.SendCode(w.ctx, w.ws, w.talk, w.ann.ID, email)
	w.check(err)
	code, c, err := w.Code(w.ctx, w.ws, w.post.refs[len(w.post.refs)-1])
	w.check(err)
	if c.Email != strings.TrimSpace(email) || len(code) != CodeDigits {
		w.t.Fatalf("the letter to %s says %q", c.Email, code)
	}
	return code
}

// other is a code that is not this one.
func other(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

func TestACodeVerifies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent, err := w.SendCode(w.ctx, w.ws, w.talk, w.ann.ID, " ann@example.com ")
	w.check(err)
	if want := (Sent{"ann@example.com", w.clock.Now().Add(10 * time.Minute), 3}); sent != want {
		t.Errorf("sent %+v, want %+v", sent, want)
	}
	code, stored, err := w.Code(w.ctx, w.ws, w.post.refs[0])
	w.check(err)
	if strings.Contains(string(stored.Hash), code) || len(stored.Hash) != 32 {
		t.Error("the code is stored as it is")
	}
	v, err := w.CheckCode(w.ctx, w.ws, w.talk, w.ann.ID, " "+code[:3]+"\u00a0"+code[3:]+"\n")
	w.check(err)
	if want := (chat.Verification{By: chat.ProofCode, Until: w.clock.Now().Add(2 * time.Hour), Email: true}); v != want {
		t.Errorf("verified %+v, want %+v", v, want)
	}
	known, err := w.Known(w.ctx, w.ws, w.ann.ID)
	w.check(err)
	if want := (Known{Level: chat.LevelVerified, Email: "ann@example.com"}); known != want {
		t.Errorf("known %+v, want %+v", known, want)
	}
	entries, err := w.st.Entries(w.ctx, w.ws, w.talk, chat.LogPublic, 0, 0)
	w.check(err)
	last := entries[len(entries)-1]
	if last.Notice == nil || last.Notice.Kind != chat.NoticeVerified || last.Notice.Email != "ann@example.com" || !last.Notice.Until.Equal(v.Until) {
		t.Errorf("the log says %+v", last)
	}
	_, err = w.CheckCode(w.ctx, w.ws, w.talk, w.ann.ID, code)
	w.wantCode(err, chat.CodeNotFound) // once
	w.clock.advance(2 * time.Hour)
	if level, _ := w.Verified(w.ctx, w.ws, w.ann.ID); level != chat.LevelGiven {
		t.Errorf("two hours later: %s", level)
	}
}

func TestWrongCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.CheckCode(w.ctx, w.ws, w.talk, w.ann.ID, "123456")
	w.wantCode(err, chat.CodeNotFound)
	code := w.send("ann@example.com")
	for _, typed := range []string{"", "12345", "1234567", "12345a", "１２３４５６"} {
		_, err := w.CheckCode(w.ctx, w.ws, w.talk, w.ann.ID, typed)
		w.wantCode(err, chat.CodeInvalid)
		if errors.As(err, new(*CodeError)) {
			t.Errorf("%q cost a try", typed)
		}
	}
	_, err = w.CheckCode(w.ctx, w.ws, w.talk, w.bob.ID, code)
	w.wantCode(err, chat.CodeNotFound) // somebody else's
	for left := 2; left >= 0; left-- {
		_, err := w.CheckCode(w.ctx, w.ws, w.talk, w.ann.ID, other(code))
		var e *CodeError
		want := chat.CodeInvalid
		if left == 0 {
			want = chat.CodeRateLimited
		}
		if !errors.As(err, &e) || e.Left != left || chat.CodeOf(err) != want {
			t.Errorf("got %v, want %d left", err, left)
		}
	}
	_, err = w.CheckCode(w.ctx, w.ws, w.talk, w.ann.ID, code)
	w.wantCode(err, chat.CodeRateLimited)
	code = w.send("ann@example.com") // a new one has new tries
	w.clock.advance(10 * time.Minute)
	_, err = w.CheckCode(w.ctx, w.ws, w.talk, w.ann.ID, code)
	w.wantCode(err, chat.CodeStale)
	if _, _, err := w.Code(w.ctx, w.ws, w.post.refs[1]); chat.CodeOf(err) != chat.CodeStale {
		t.Errorf("the letter of a code that has expired: %v", err)
	}
	if level, _ := w.Verified(w.ctx, w.ws, w.ann.ID); level != chat.LevelAnonymous {
		t.Errorf("level %s", level)
	}
}

// A hundred guesses at once have three tries, and the right code works once.
func TestCodesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.send("ann@example.com")
	var right, counted atomic.Int32
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			typed := other(code)
			if i%2 == 0 {
				typed = code
			}
			_, err := w.CheckCode(w.ctx, w.ws, w.talk, w.ann.ID, typed)
			switch {
			case err == nil:
				right.Add(1)
				counted.Add(1)
			case errors.As(err, new(*CodeError)), chat.CodeOf(err) == chat.CodeStale:
				counted.Add(1)
			}
		})
	}
	wg.Wait()
	if right.Load() > 1 || counted.Load() > 3 {
		t.Errorf("%d were right, %d counted", right.Load(), counted.Load())
	}
}

func TestCodesAreFew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	codes := map[string]bool{}
	for range codesPerHour {
		codes[w.send("ann@example.com")] = true
	}
	if len(codes) < codesPerHour-1 { // two of five are equal once in 100,000
		t.Errorf("codes %v", codes)
	}
	_, err := w.SendCode(w.ctx, w.ws, w.talk, w.ann.ID, "else@example.com")
	w.wantCode(err, chat.CodeRateLimited)
	// Another conversation cannot fill the same mailbox.
	second := uuid.New()
	_, err = w.st.OpenConversation(w.ctx, w.ws, chat.Conversation{ID: second, Inbox: w.inbox.ID, Customer: w.bob.ID})
	w.check(err)
	_, err = w.SendCode(w.ctx, w.ws, second, w.bob.ID, "Ann@Example.com")
	w.wantCode(err, chat.CodeRateLimited)
	_, err = w.SendCode(w.ctx, w.ws, second, w.bob.ID, "bob@example.com")
	w.check(err)
	w.clock.advance(time.Hour + time.Second)
	w.send("ann@example.com")
}

func TestCodesThatAreNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.SendCode(w.ctx, w.ws, w.talk, w.ann.ID, "no address")
	w.wantCode(err, chat.CodeInvalid)
	_, err = w.SendCode(w.ctx, w.ws, w.talk, w.ann.ID, "ann@example.com\r\nBcc: all@example.com")
	w.wantCode(err, chat.CodeInvalid)
	_, err = w.SendCode(w.ctx, w.ws, w.talk, w.bob.ID, "bob@example.com")
	w.wantCode(err, chat.CodeNotFound)
	_, err = w.SendCode(w.ctx, w.ws, uuid.New(), w.ann.ID, "ann@example.com")
	w.wantCode(err, chat.CodeNotFound)
	w.post.down = chat.Errorf(chat.CodeUnavailable, "down")
	_, err = w.SendCode(w.ctx, w.ws, w.talk, w.ann.ID, "ann@example.com")
	w.wantCode(err, chat.CodeUnavailable)
	_, err = New(Options{Store: w.st}).SendCode(w.ctx, w.ws, w.talk, w.ann.ID, "ann@example.com")
	w.wantCode(err, chat.CodeUnavailable)
	if len(w.post.refs) != 0 {
		t.Errorf("sent %v", w.post.refs)
	}
}

// A customer whom the site knows confirms the address that it knows, and no other.
func TestACodeForSomebodyWhomTheSiteKnows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.secret()
	eve, err := w.ByToken(w.ctx, w.inbox, w.token(secret, jwt.MapClaims{"sub": "eve", "email": "eve@kiosk.example.com", "exp": w.clock.Now().Add(20 * time.Hour).Unix()}), "")
	w.check(err)
	w.adopt(w.ann, eve)
	_, err = w.SendCode(w.ctx, w.ws, w.talk, eve.ID, "mallory@example.com")
	w.wantCode(err, chat.CodeForbidden)
	// To the address as the site has it, and not as it was typed: this one has a Kelvin sign for its k.
	sent, err := w.SendCode(w.ctx, w.ws, w.talk, eve.ID, "Eve@\u212aiosk.example.com")
	w.check(err)
	if sent.Email != "eve@kiosk.example.com" {
		t.Errorf("sent to %s", sent.Email)
	}
	code, _, err := w.Code(w.ctx, w.ws, w.post.refs[0])
	w.check(err)
	v, err := w.CheckCode(w.ctx, w.ws, w.talk, eve.ID, code)
	w.check(err)
	if v.By != chat.ProofToken || !v.Until.Equal(w.clock.Now().Add(20*time.Hour)) || !v.Email {
		t.Errorf("the code shortened what the token gave: %+v", v)
	}
}

func TestAsking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := func() (n int) {
		t.Helper()
		w.check(w.Ask(w.ctx, w.ws, w.talk))
		entries, err := w.st.Entries(w.ctx, w.ws, w.talk, chat.LogPublic, 0, 0)
		w.check(err)
		for _, e := range entries {
			if e.Notice != nil && e.Notice.Kind == chat.NoticeVerify {
				n++
			}
		}
		return n
	}
	if n := asked() + asked(); n != 2 {
		t.Errorf("asked %d times", n-1)
	}
	code := w.send("ann@example.com")
	_, err := w.CheckCode(w.ctx, w.ws, w.talk, w.ann.ID, code)
	w.check(err)
	if n := asked(); n != 1 {
		t.Error("asked somebody who is verified")
	}
	w.clock.advance(CodeCounts)
	if n := asked(); n != 2 {
		t.Errorf("asked %d times, the second when the first answer had ended", n)
	}
	w.wantCode(w.Ask(w.ctx, w.ws, uuid.New()), chat.CodeNotFound)
	w.post.down = chat.Errorf(chat.CodeUnavailable, "down")
	w.wantCode(w.Ask(w.ctx, w.ws, w.talk), chat.CodeUnavailable)
}
