package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/store/sqlite"
)

// picture is a PNG of 3 by 2 pixels.
func picture() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2)))
	return b.Bytes()
}

// form is a multipart body with one file, which claims a media type.
func form(field, name, media string, data []byte) (contentType string, body []byte) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", fmt.Sprintf(`form-data; name=%q; filename=%q`, field, name))
	h.Set("Content-Type", media)
	part, _ := m.CreatePart(h)
	_, _ = part.Write(data)
	_ = m.Close()
	return m.FormDataContentType(), b.Bytes()
}

// upload sends a file with a bearer or, for s, with the session's cookie.
func (w *world) upload(s *staff, path, bearer, name string, data []byte) (chat.File, answer) {
	w.t.Helper()
	typ, body := form("file", name, "image/png", data)
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.srv.URL+path, bytes.NewReader(body))
	w.check(err)
	req.Header.Set("Content-Type", typ)
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	if s == nil {
		s = w.stranger()
	}
	var f chat.File
	a := s.request(req, nil)
	if a.StatusCode == http.StatusCreated {
		w.check(json.Unmarshal(a.body, &f))
	}
	return f, a
}

// sendFile uploads a customer's file.
func (w *world) sendFile(token string, conv uuid.UUID, name string, data []byte) (chat.File, answer) {
	w.t.Helper()
	return w.upload(nil, "/v1/files?conversation="+conv.String(), token, name, data)
}

// links asks for addresses of files.
func (w *world) links(token string, ids ...uuid.UUID) map[string]string {
	w.t.Helper()
	body, err := json.Marshal(protocol.FileLinksRequest{Files: ids})
	w.check(err)
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.srv.URL+"/v1/files/links", bytes.NewReader(body))
	w.check(err)
	req.Header.Set("Authorization", "Bearer "+token)
	var out protocol.FileLinks
	if a := w.stranger().request(req, &out); a.StatusCode != http.StatusOK {
		w.t.Fatalf("links: %s %s", a.Status, a.body)
	}
	return out.Links
}

func TestFilesGoBothWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent, other := w.hire("anna", chat.RoleAgent), w.hire("otto", chat.RoleAgent)
	session := w.session("")
	p := w.join(session.VisitorToken)
	conv := newID()
	p.say(conv, "My parcel is broken")

	// The customer's: by the file alone, and with words.
	f, a := w.sendFile(session.FileToken, conv, `C:\Users\ann\photo of it.PNG`, picture())
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("upload: %s %s", a.Status, a.body)
	}
	want := chat.File{ID: f.ID, Name: "photo of it.PNG", Type: "image/png", Size: int64(len(picture())), Width: 3, Height: 2}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("file (-want +got)\n%s", diff)
	}
	id := newID()
	for range 2 { // a repeat changes nothing
		p.send("send", "f", protocol.Send{Conversation: conv, ClientID: id, Files: []uuid.UUID{f.ID}})
		if ack, refused := p.answer("f"); refused.Code != "" || ack.Seq != 2 {
			t.Fatalf("send: %+v %+v", ack, refused)
		}
	}
	entries, err := w.store.Entries(w.ctx, w.ws.ID, conv, chat.LogPublic, 0, 0)
	w.check(err)
	if diff := cmp.Diff([]chat.File{want}, entries[1].Files); diff != "" || entries[1].Text != "photo of it.PNG" {
		t.Errorf("entry %+v\n%s", entries[1], diff)
	}
	got := agent.do(http.MethodGet, "/files/"+f.ID.String(), nil, nil)
	if !bytes.Equal(got.body, picture()) {
		t.Errorf("the agent got %s %q", got.Status, got.body)
	}

	// The agent's: an unsent one and one in a note are not for the customer.
	up := func(s *staff, name string) chat.File {
		f, a := w.upload(s, "/api/v1/conversations/"+conv.String()+"/files", "", name, picture())
		if a.StatusCode != http.StatusCreated {
			t.Fatalf("upload: %s %s", a.Status, a.body)
		}
		return f
	}
	label, aside, unsent, others := up(agent, "label.png"), up(agent, "aside.png"), up(agent, "unsent.png"), up(other, "others.png")
	reply := func(note bool, ids ...uuid.UUID) answer {
		return agent.do(http.MethodPost, "/conversations/"+conv.String()+"/reply", protocol.ReplyRequest{ClientID: newID(), Text: "Here", Note: note, Files: ids}, nil)
	}
	if a := reply(false, label.ID); a.StatusCode != http.StatusOK {
		t.Fatalf("reply: %s %s", a.Status, a.body)
	}
	if a := reply(true, aside.ID); a.StatusCode != http.StatusOK {
		t.Fatalf("note: %s %s", a.Status, a.body)
	}
	if a := reply(false, label.ID); a.StatusCode != http.StatusConflict {
		t.Errorf("the same file twice: %s", a.Status)
	}
	if a := reply(false, others.ID); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another agent's file: %s", a.Status)
	}
	if a := reply(false, unsent.ID, unsent.ID); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a file twice in one: %s", a.Status)
	}
	links := w.links(session.FileToken, f.ID, label.ID, aside.ID, unsent.ID, newID())
	if len(links) != 2 || links[f.ID.String()] == "" || links[label.ID.String()] == "" {
		t.Fatalf("links %v", links)
	}
	if got := w.get(links[label.ID.String()]); !bytes.Equal(got.body, picture()) {
		t.Errorf("%s", got.Status)
	}
	// Somebody else gets none, whoever they are.
	stranger := w.session("")
	if links := w.links(stranger.FileToken, f.ID, label.ID); len(links) != 0 {
		t.Errorf("a stranger got %v", links)
	}
	if _, a := w.sendFile(stranger.FileToken, conv, "x.png", picture()); a.StatusCode != http.StatusNotFound {
		t.Errorf("a stranger's upload: %s", a.Status)
	}
	q := w.join(stranger.VisitorToken)
	own := newID()
	q.say(own, "Hello")
	q.send("send", "g", protocol.Send{Conversation: own, ClientID: newID(), Files: []uuid.UUID{f.ID}})
	if _, refused := q.answer("g"); refused.Code != chat.CodeInvalid {
		t.Errorf("a stranger sent the customer's file: %+v", refused)
	}
}

func TestALinkToAFileIsForThatFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := w.session("")
	p := w.join(session.VisitorToken)
	conv := newID()
	p.say(conv, "Hello")
	f, _ := w.sendFile(session.FileToken, conv, "a.png", picture())
	g, _ := w.sendFile(session.FileToken, conv, "b.png", picture())
	link := w.links(session.FileToken, f.ID)[f.ID.String()]
	beside, err := w.store.CreateWorkspace(w.ctx, "beside")
	w.check(err)
	u, err := url.Parse(link)
	w.check(err)
	with := func(key, value string) string {
		q := u.Query()
		q.Set(key, value)
		return u.Path + "?" + q.Encode()
	}
	for name, bad := range map[string]string{
		"another file": strings.Replace(link, f.ID.String(), g.ID.String(), 1), "no signature": u.Path, "another signature": with("sig", "AAAA"),
		"later": with("until", fmt.Sprint(time.Now().Add(48*time.Hour).Unix())), "another workspace": with("w", beside.ID.String()), "no workspace": with("w", newID().String()),
		"no file": "/v1/files/x?" + u.RawQuery,
	} {
		if a := w.get(bad); a.StatusCode != http.StatusNotFound || a.problem(t) != chat.CodeNotFound {
			t.Errorf("%s: %s", name, a.Status)
		}
	}
	w.clock.advance(linkLife + time.Minute)
	if a := w.get(link); a.StatusCode != http.StatusConflict || a.problem(t) != chat.CodeStale {
		t.Errorf("expired: %s", a.Status)
	}
}

// The header's tokens are for what they were made for, and nothing else.
func TestFileTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := w.session("")
	conv := newID()
	w.join(session.VisitorToken).say(conv, "Hello")
	for name, token := range map[string]string{"none": "", "junk": "x.y", "the socket's": w.session(session.VisitorToken).SocketToken, "the visitor's": session.VisitorToken} {
		if _, a := w.sendFile(token, conv, "x.png", picture()); a.StatusCode != http.StatusUnauthorized || a.problem(t) != chat.CodeUnauthorized {
			t.Errorf("%s: %s", name, a.Status)
		}
	}
	p := w.knock()
	p.send("hello", "h", protocol.Hello{Token: session.FileToken})
	if code := p.ended(); code != protocol.CloseAuthRefused {
		t.Errorf("the file token opened a socket: %d", code)
	}
	w.clock.advance(fileTokenLife + time.Minute)
	if _, a := w.sendFile(session.FileToken, conv, "x.png", picture()); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("expired: %s", a.Status)
	}
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := w.hire("anna", chat.RoleAgent)
	session := w.session("")
	conv := newID()
	w.join(session.VisitorToken).say(conv, "Hello")
	damaged := picture()[:20]
	for name, test := range map[string]struct {
		file string
		data []byte
		code chat.Code
	}{
		"a program":               {"x.png", []byte("\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 64)), chat.CodeInvalid},
		"a Windows program":       {"x.pdf", []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00"), chat.CodeInvalid},
		"a page":                  {"x.png", []byte("<!doctype html><script>alert(1)</script>"), chat.CodeInvalid},
		"a page after much space": {"x.txt", []byte(strings.Repeat(" ", 2000) + "<script>alert(1)</script>"), chat.CodeInvalid},
		"a drawing":               {"x.png", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), chat.CodeInvalid},
		"a drawing with a prolog": {"x.png", []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`), chat.CodeInvalid},
		"XML":                     {"x.txt", []byte(`<?xml version="1.0"?><a/>`), chat.CodeInvalid},
		"a zip":                   {"x.docx", []byte("PK\x03\x04" + strings.Repeat("\x00", 60)), chat.CodeInvalid},
		"half a picture":          {"x.png", damaged, chat.CodeInvalid},
		"a picture's name only":   {"x.gif", []byte("GIF89a"), chat.CodeInvalid},
		"nothing":                 {"x.png", nil, chat.CodeInvalid},
		"too much":                {"x.txt", bytes.Repeat([]byte("a"), maxFile+1), chat.CodeTooLarge},
	} {
		_, a := w.sendFile(session.FileToken, conv, test.file, test.data)
		if a.StatusCode != status(test.code) || a.problem(t) != test.code {
			t.Errorf("%s: %s %s", name, a.Status, a.body)
		}
		if test.code == chat.CodeTooLarge && !strings.Contains(string(a.body), "A file can have 20 MB: send a shorter clip or a link.") {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	if _, a := w.sendFile(session.FileToken, conv, "largest.txt", bytes.Repeat([]byte("a"), maxFile)); a.StatusCode != http.StatusCreated {
		t.Errorf("the largest: %s %s", a.Status, a.body)
	}
	path := "/api/v1/conversations/" + conv.String() + "/files"
	post := func(typ string, body []byte) answer {
		req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.srv.URL+path, bytes.NewReader(body))
		w.check(err)
		req.Header.Set("Content-Type", typ)
		return agent.request(req, nil)
	}
	typ, other := form("other", "a.png", "image/png", picture())
	_, cut := form("file", "a.png", "image/png", picture())
	for name, a := range map[string]answer{"no form": post("application/json", []byte("{}")), "another part": post(typ, other), "cut": post(typ, cut[:len(cut)-30])} {
		if a.StatusCode != http.StatusUnprocessableEntity || a.problem(t) != chat.CodeInvalid {
			t.Errorf("%s: %s %s", name, a.Status, a.body)
		}
	}
	for name, path := range map[string]string{"no conversation": "/api/v1/conversations/" + newID().String() + "/files", "no id": "/api/v1/conversations/x/files"} {
		if _, a := w.upload(agent, path, "", "a.png", picture()); a.StatusCode != http.StatusNotFound || a.problem(t) != chat.CodeNotFound {
			t.Errorf("%s: %s", name, a.Status)
		}
	}
	for _, s := range []*staff{w.hire("vera", chat.RoleViewer), w.stranger()} {
		if _, a := w.upload(s, path, "", "a.png", picture()); a.StatusCode != http.StatusForbidden && a.StatusCode != http.StatusUnauthorized {
			t.Errorf("%q uploaded: %s", s.user.Name, a.Status)
		}
	}
	f, _ := w.upload(agent, path, "", "a.png", picture())
	if a := w.stranger().do(http.MethodGet, "/files/"+f.ID.String(), nil, nil); a.StatusCode != http.StatusUnauthorized || a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("a stranger: %s", a.Status)
	}
	// Nothing of another workspace, and nothing that belongs to no conversation.
	beside, err := w.store.CreateWorkspace(w.ctx, "beside")
	w.check(err)
	for _, ws := range []uuid.UUID{beside.ID, w.ws.ID} {
		b, err := w.store.PutBlob(w.ctx, ws, chat.Blob{Name: "x", Type: "image/png"}, strings.NewReader("x"))
		w.check(err)
		if a := agent.do(http.MethodGet, "/files/"+b.ID.String(), nil, nil); a.StatusCode != http.StatusNotFound || a.problem(t) != chat.CodeNotFound {
			t.Errorf("of %s: %s", ws, a.Status)
		}
	}
}

// What a browser might run is never shown by it.
func TestDownloadsAreSafe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := w.hire("anna", chat.RoleAgent)
	conv := newID()
	w.join("").say(conv, "Hello")
	polyglot := new(bytes.Buffer)
	w.check(gif.Encode(polyglot, image.NewGray(image.Rect(0, 0, 1, 1)), nil))
	polyglot.WriteString("/*<script>alert(1)</script>*/=1;")
	photo := new(bytes.Buffer)
	w.check(jpeg.Encode(photo, image.NewGray(image.Rect(0, 0, 4, 4)), nil))
	w.allow(w.store, typeHTML, typeSVG, typeXML, "image/gif", "image/jpeg", "application/pdf")
	for name, test := range map[string]struct {
		file, media, disposition string
		data                     []byte
	}{
		"a photo":    {"a.jpg", "image/jpeg", `inline; filename=a.jpg`, photo.Bytes()},
		"a polyglot": {"a.html", "image/gif", `inline; filename=a.html.gif`, polyglot.Bytes()},
		"a page":     {"a.html", typeBinary, `attachment; filename=a.html`, []byte("<!doctype html><script>alert(1)</script>")},
		"a drawing":  {"a.svg", typeBinary, `attachment; filename=a.svg`, []byte(`<svg onload="alert(1)"/>`)},
		"XML":        {"a.xml", typeBinary, `attachment; filename=a.xml`, []byte(`<?xml version="1.0"?><a/>`)},
		"a PDF":      {"ä.pdf", "application/pdf", `attachment; filename*=utf-8''%C3%A4.pdf`, []byte("%PDF-1.7\n")},
	} {
		f, a := w.upload(agent, "/api/v1/conversations/"+conv.String()+"/files", "", test.file, test.data)
		if a.StatusCode != http.StatusCreated {
			t.Errorf("%s: %s %s", name, a.Status, a.body)
			continue
		}
		got := agent.do(http.MethodGet, "/files/"+f.ID.String(), nil, nil)
		h := got.Header
		if h.Get("Content-Type") != test.media || h.Get("Content-Disposition") != test.disposition || h.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || !strings.Contains(h.Get("Cache-Control"), "private") || !bytes.Equal(got.body, test.data) {
			t.Errorf("%s: %v", name, h)
		}
		got = agent.do(http.MethodGet, "/files/"+f.ID.String()+"?download=1", nil, nil)
		if !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s as a download: %v", name, got.Header)
		}
	}
}

// allow sets which files are taken.
func (w *world) allow(st *sqlite.Store, types ...string) {
	w.t.Helper()
	value, err := json.Marshal(map[string]any{"types": types, "customers": true})
	w.check(err)
	_, err = st.PutSetting(w.ctx, w.ws.ID, chat.Setting{Name: filesSetting, Value: value})
	w.check(err)
}

func TestFileRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.hire("ada", chat.RoleAdmin)
	var rules protocol.FileRules
	admin.ok(http.MethodGet, "/files", nil, &rules)
	if diff := cmp.Diff(protocol.FileRules{Types: defaultFileTypes, Customers: true, MaxBytes: maxFile}, rules); diff != "" {
		t.Errorf("at first\n%s", diff)
	}
	admin.ok(http.MethodPut, "/files", protocol.FileRules{Types: []string{"application/pdf"}}, &rules)
	if diff := cmp.Diff(protocol.FileRules{Types: []string{"application/pdf"}, MaxBytes: maxFile, Revision: 1}, rules); diff != "" {
		t.Errorf("set\n%s", diff)
	}
	if a := admin.do(http.MethodPut, "/files", protocol.FileRules{Types: []string{"image/png"}}, nil); a.StatusCode != http.StatusConflict {
		t.Errorf("of an old revision: %s", a.Status)
	}
	for _, bad := range []string{"pdf", "image/*", "a/b\x00"} {
		if a := admin.do(http.MethodPut, "/files", protocol.FileRules{Types: []string{bad}, Revision: 1}, nil); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%q: %s", bad, a.Status)
		}
	}
	session := w.session("")
	conv := newID()
	w.join(session.VisitorToken).say(conv, "Hello")
	if _, a := w.sendFile(session.FileToken, conv, "a.pdf", []byte("%PDF-1.7\n")); a.StatusCode != http.StatusForbidden {
		t.Errorf("a customer's file: %s", a.Status)
	}
	if _, a := w.upload(admin, "/api/v1/conversations/"+conv.String()+"/files", "", "a.png", picture()); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a picture: %s", a.Status)
	}
}

func TestUploadsAreLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := w.session("")
	conv := newID()
	w.join(session.VisitorToken).say(conv, "Hello")
	var last answer
	for range perVisitorUploads.burst + 1 {
		_, last = w.sendFile(session.FileToken, conv, "a.txt", []byte("a"))
	}
	if last.StatusCode != http.StatusTooManyRequests || last.problem(t) != chat.CodeRateLimited {
		t.Errorf("the last: %s", last.Status)
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"a.png": "a.png", "../../etc/passwd": "passwd.png", `..\..\x.png`: "x.png", "": "file.png", "...": "file.png", ".htaccess": "htaccess.png",
		"a\x00b\r\nc.png": "abc.png", "evil\u202egnp.exe": "evilgnp.exe.png", "  many   spaces .png ": "many spaces .png", "photo.JPG": "photo.JPG.png",
		"a<b>:\"|?*.png": "ab.png", "über maß.png": "über maß.png", strings.Repeat("ä", 200) + ".png": strings.Repeat("ä", 58) + ".png", "con\xff.png": "con.png",
	} {
		if got := fileName(given, "image/png"); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
	if got := fileName("notes.csv", typeText); got != "notes.csv" {
		t.Errorf("got %q", got)
	}
	if got := fileName("run.bat", typeText); got != "run.bat.txt" {
		t.Errorf("got %q", got)
	}
}

func TestSniff(t *testing.T) {
	t.Parallel()
	zip := func(parts ...string) []byte {
		var b bytes.Buffer
		for _, p := range parts {
			b.WriteString("PK\x03\x04" + strings.Repeat("\x00", 26) + p)
		}
		return b.Bytes()
	}
	webpFile := func(kind string, size []byte) []byte {
		return append([]byte("RIFF\x40\x00\x00\x00WEBP"+kind), size...)
	}
	for name, test := range map[string]struct {
		data []byte
		want fileType
	}{
		"a PNG":             {picture(), fileType{"image/png", 3, 2}},
		"a lossy WebP":      {webpFile("VP8 ", []byte("\x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x05\x00\x06\x00")), fileType{"image/webp", 5, 6}},
		"an extended WebP":  {webpFile("VP8X", []byte("\x0a\x00\x00\x00\x00\x00\x00\x00\x04\x00\x00\x05\x00\x00")), fileType{"image/webp", 5, 6}},
		"no WebP":           {webpFile("XXXX", make([]byte, 20)), fileType{media: typeBinary}},
		"a short WebP":      {[]byte("RIFF\x40\x00\x00\x00WEBPVP8 "), fileType{media: typeBinary}},
		"an AVIF":           {[]byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00"), fileType{media: "image/avif"}},
		"a HEIC":            {[]byte("\x00\x00\x00\x1cftypheic\x00\x00\x00\x00"), fileType{media: "image/heic"}},
		"a letter in Word":  {zip("[Content_Types].xml", "word/document.xml"), fileType{media: typeDocx}},
		"a sheet":           {zip("[Content_Types].xml", "xl/workbook.xml"), fileType{media: typeXlsx}},
		"an open document":  {zip("mimetypeapplication/vnd.oasis.opendocument.text"), fileType{media: "application/vnd.oasis.opendocument.text"}},
		"a zip with a word": {zip("word/document.xml"), fileType{media: typeZip}},
		"words":             {[]byte("Gr\u00fc\u00dfe"), fileType{media: typeText}},
		"words, cut":        {[]byte("Gr\xc3"), fileType{media: typeText}},
		"a table":           {[]byte("a;b\n1;2\n"), fileType{media: typeText}},
		"markup in words":   {[]byte("Dear shop,\n<SCRIPT>alert(1)</SCRIPT>"), fileType{media: typeHTML}},
	} {
		if got := sniff(test.data); got != test.want {
			t.Errorf("%s: got %+v, want %+v", name, got, test.want)
		}
	}
	if inline("image/png", 60_000, 60_000) || inline("image/png", 0, 0) || inline(typeSVG, 3, 3) || !inline("image/webp", 4000, 3000) {
		t.Error("what is shown inline is wrong")
	}
}

func FuzzSniff(f *testing.F) {
	f.Add(picture(), "a.png")
	f.Add([]byte("RIFF\x40\x00\x00\x00WEBPVP8L"), "b/../c")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		kind := sniff(data)
		got := fileName(name, kind.media)
		if got == "" || len(got) > maxName+8 || strings.ContainsAny(got, "/\\\x00\r\n") || strings.HasPrefix(got, ".") {
			t.Errorf("%q became %q", name, got)
		}
	})
}
