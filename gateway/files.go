package gateway

import (
	"bufio"
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// fileStore keeps attachments.
type fileStore interface {
	PutBlob(ctx context.Context, ws uuid.UUID, b chat.Blob, r io.Reader) (chat.Blob, error)
	Blob(ctx context.Context, ws, id uuid.UUID) (chat.Blob, io.ReadCloser, error)
	ClaimFiles(ctx context.Context, ws, conv uuid.UUID, by chat.Sender, log chat.Log, entry uuid.UUID, ids []uuid.UUID) ([]chat.Blob, error)
	Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error)
	PutSetting(ctx context.Context, ws uuid.UUID, s chat.Setting) (chat.Setting, error)
}

const (
	// maxFile is the size of a file that people are told: 20 MB. The store takes 20 MiB.
	maxFile = 20_000_000
	// readFileWithin is how long one may take to arrive: 20 MB at 1.5 Mbit/s.
	readFileWithin = 2 * time.Minute
	// sendFileWithin is how long one may take to be fetched: 20 MB at 270 kbit/s. Each that is under way holds a row of it.
	sendFileWithin = 10 * time.Minute
	// linkLife is how long a link to a file counts. A page asks for a new one when it needs it.
	linkLife = time.Hour
	// fileTokenLife is how long a session's token for files counts; a session is renewed with its socket.
	fileTokenLife = 24 * time.Hour
)

// filesSetting is under which the store keeps FileRules.
const filesSetting = "files"

// defaultFileTypes are taken where nothing is set: what people send each other to be read, and nothing that runs or
// that a browser would run.
var defaultFileTypes = []string{
	"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/heic", "application/pdf", typeText,
	typeDocx, typeXlsx, typePptx, "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
	"application/vnd.oasis.opendocument.presentation", "video/mp4", "video/webm", "video/quicktime",
}

func errTooLarge() error {
	return chat.Errorf(chat.CodeTooLarge, "Too large. A file can have %d MB: send a shorter clip or a link.", maxFile/1_000_000)
}

func errNoFilesTaken() error {
	return chat.Errorf(chat.CodeForbidden, "No files are taken here.")
}

// fileRules are those of a workspace, and the revision of the setting.
func (g *Gateway) fileRules(ctx context.Context, ws uuid.UUID) (protocol.FileRules, error) {
	rules := protocol.FileRules{Types: slices.Clone(defaultFileTypes), Customers: true, MaxBytes: maxFile}
	s, err := g.store.Setting(ctx, ws, uuid.Nil, filesSetting)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return rules, nil
	}
	if err == nil {
		err = json.Unmarshal(s.Value, &rules)
	}
	rules.Revision, rules.MaxBytes = s.Revision, maxFile
	return rules, err
}

func (g *Gateway) setFileRules(ctx context.Context, ws, by uuid.UUID, r protocol.FileRules) (protocol.FileRules, error) {
	for i, t := range r.Types {
		media, _, err := mime.ParseMediaType(t)
		if err != nil || !strings.Contains(media, "/") || strings.Contains(media, "*") {
			return r, chat.Errorf(chat.CodeInvalid, "%q is no media type such as application/pdf.", cutBytes(t, 80))
		}
		r.Types[i] = media
	}
	r.Types = list(r.Types)
	value, err := json.Marshal(struct {
		Types     []string `json:"types"`
		Customers bool     `json:"customers"`
	}{r.Types, r.Customers})
	if err != nil {
		return r, err
	}
	if _, err := g.store.PutSetting(ctx, ws, chat.Setting{Name: filesSetting, Value: value, By: by, Revision: r.Revision}); err != nil {
		return r, err
	}
	return g.fileRules(ctx, ws)
}

// upload takes the file of a multipart request as it comes, for a conversation of ws. The type is what the bytes say.
func (g *Gateway) upload(w http.ResponseWriter, r *http.Request, ws, conv uuid.UUID, by chat.Sender) (chat.File, error) {
	rules, err := g.fileRules(r.Context(), ws)
	if err != nil {
		return chat.File{}, err
	}
	if by.Kind == chat.PartyCustomer && !rules.Customers {
		return chat.File{}, errNoFilesTaken()
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(readFileWithin)) // a test's recorder has none
	r.Body = http.MaxBytesReader(w, r.Body, maxFile+sniffBytes)                       // the form around the file is small
	parts, err := r.MultipartReader()
	if err != nil {
		return chat.File{}, chat.Errorf(chat.CodeInvalid, `Send the file as multipart/form-data, in a part named "file".`)
	}
	part, err := parts.NextPart()
	for err == nil && part.FormName() != "file" {
		part, err = parts.NextPart()
	}
	if err != nil {
		return chat.File{}, broken(err, `There is no part named "file".`)
	}
	in := bufio.NewReaderSize(&limited{r: part, left: maxFile}, sniffBytes)
	head, err := in.Peek(sniffBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return chat.File{}, broken(err, "The file did not arrive whole. Send it again.")
	}
	if len(head) == 0 {
		return chat.File{}, chat.Errorf(chat.CodeInvalid, "The file is empty.")
	}
	kind := sniff(head)
	if !slices.Contains(rules.Types, kind.media) {
		return chat.File{}, chat.Errorf(chat.CodeInvalid, "Files of this type%s are not taken here. Send a picture, a PDF or text instead.", inBrackets(kind.media))
	}
	b, err := g.store.PutBlob(r.Context(), ws, chat.Blob{Name: fileName(given(part.Header.Get("Content-Disposition")), kind.media), Type: kind.media,
		Width: kind.width, Height: kind.height, Conversation: conv, By: by}, in)
	if err != nil {
		return chat.File{}, broken(err, "The file did not arrive whole. Send it again.")
	}
	return b.File(), nil
}

// inBrackets is a media type that tells a person something.
func inBrackets(media string) string {
	if media == typeBinary {
		return ""
	}
	return " (" + media + ")"
}

// given is the file name of a part's header, as it was sent: multipart's own cuts what looks like a folder, by the
// rules of this machine.
func given(header string) string {
	_, params, err := mime.ParseMediaType(header)
	if err != nil {
		return ""
	}
	return params["filename"]
}

// broken gives an upload's error words: too large, said already, or the given ones.
func broken(err error, words string) error {
	var big *http.MaxBytesError
	var coded *chat.Error
	switch {
	case errors.As(err, &big), errors.Is(err, errBeyond), chat.CodeOf(err) == chat.CodeTooLarge:
		return errTooLarge()
	case errors.As(err, &coded) && coded.Code != chat.CodeInvalid:
		return err
	}
	return &chat.Error{Code: chat.CodeInvalid, Message: words, Format: words}
}

var errBeyond = errors.New("the file is too large")

// limited reads up to a limit, and fails with errBeyond after it.
type limited struct {
	r    io.Reader
	left int64
}

// Read gives the next bytes.
func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, errBeyond
	}
	return n, err
}

// attach claims files for a draft, which gets them. A message of files alone is called by their names.
func (g *Gateway) attach(ctx context.Context, ws, conv uuid.UUID, d *chat.Draft, ids []uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	if len(ids) > chat.MaxFiles {
		return chat.Errorf(chat.CodeInvalid, "A message holds at most %d files. Send the others in another one.", chat.MaxFiles)
	}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			return chat.Errorf(chat.CodeInvalid, "A file is named twice.")
		}
	}
	blobs, err := g.store.ClaimFiles(ctx, ws, conv, d.From, d.Log, d.ClientID, ids)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return chat.Errorf(chat.CodeInvalid, "A file is no longer there. Attach it again.")
	}
	if err != nil {
		return err
	}
	names := make([]string, 0, len(blobs))
	for _, b := range blobs {
		d.Body.Files = append(d.Body.Files, b.File())
		names = append(names, b.Name)
	}
	if d.Text == "" {
		d.Text = strings.Join(names, ", ")
	}
	return nil
}

// messageText checks the text of a message, which may be empty beside files.
func messageText(text string, files int) (string, error) {
	if files > 0 && strings.TrimSpace(clean(text)) == "" {
		return "", nil
	}
	return checkText(text)
}

// serveFile hands a file out. What a browser might run is never shown by it: only pictures that hold no script come
// inline, everything else as a download, and nothing of it may load or run anything.
func (g *Gateway) serveFile(w http.ResponseWriter, r *http.Request, b chat.Blob, data io.Reader) {
	h := w.Header()
	disposition := "attachment"
	if inline(b.Type, b.Width, b.Height) && r.URL.Query().Get("download") == "" {
		disposition = "inline"
	}
	media := b.Type
	if media == typeHTML || media == typeSVG || media == typeXML {
		media = typeBinary
	}
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": b.Name}))
	h.Set("Content-Length", strconv.FormatInt(b.Size, 10))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, max-age=3600, immutable")
	line := http.NewResponseController(w)
	_ = line.SetWriteDeadline(time.Now().Add(sendFileWithin)) // a test's recorder has none
	defer func() { _ = line.SetWriteDeadline(time.Time{}) }() // the line may serve other requests
	if _, err := io.Copy(w, data); err != nil && r.Context().Err() == nil {
		g.log.Warn("gateway: a file was not sent whole", "file", b.ID, "err", err)
	}
}

func errNoFile() error {
	return chat.Errorf(chat.CodeNotFound, "There is no such file.")
}

func (g *Gateway) fileRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/files", g.handleCustomerUpload)
	mux.HandleFunc("POST /v1/files/links", g.handleFileLinks)
	mux.HandleFunc("GET /v1/files/{id}", g.handleLinkedFile)
}

// handleCustomerUpload answers POST /v1/files?conversation=ID with the session's file token as the bearer.
func (g *Gateway) handleCustomerUpload(w http.ResponseWriter, r *http.Request) {
	v, err := g.fileHolder(r)
	if err == nil && !g.limits.upload(g.clientIP(r), v.account()) {
		err = chat.Errorf(chat.CodeRateLimited, "Too many files at once. Wait a minute.")
	}
	if err != nil {
		g.problem(w, r, err)
		return
	}
	conv, err := uuid.Parse(r.URL.Query().Get("conversation"))
	if err != nil {
		writeProblem(w, chat.Errorf(chat.CodeInvalid, "conversation is missing: the id of the conversation that the file is for."))
		return
	}
	in, err := g.inboxByID(r.Context(), v.workspace, v.inbox)
	if err == nil && in.Settings.NoFiles {
		err = errNoFilesTaken()
	}
	if err == nil && !g.limits.uploadBytes(g.clientIP(r), v.account(), r.ContentLength) {
		w.Header().Set("Retry-After", "900") // a quarter of an hour: by then there is room for two of the largest
		err = chat.Errorf(chat.CodeRateLimited, "That was a lot: %d MB of files an hour. Send the rest later, or a link.", perVisitorBytes.burst/1000)
	}
	h := g.customerOf(r)
	h.auth = v
	if err == nil {
		err = h.open(r.Context(), conv, chat.Page{})
	}
	var f chat.File
	if err == nil {
		f, err = g.upload(w, r, v.workspace, conv, v.sender())
	}
	if err != nil {
		g.problem(w, r, err)
		return
	}
	writeJSON(w, http.StatusCreated, f)
}

// handleFileLinks answers POST /v1/files/links: addresses under which a page may show files for a while.
func (g *Gateway) handleFileLinks(w http.ResponseWriter, r *http.Request) {
	v, err := g.fileHolder(r)
	if err != nil {
		g.problem(w, r, err)
		return
	}
	handle(g, w, r, func(ctx context.Context, q protocol.FileLinksRequest) (protocol.FileLinks, error) {
		out := protocol.FileLinks{Until: g.now().Add(linkLife).Truncate(time.Second), Links: map[string]string{}}
		if len(q.Files) > maxFollowed {
			return out, chat.Errorf(chat.CodeInvalid, "Ask for at most %d files at a time.", maxFollowed)
		}
		h := g.customerOf(r)
		h.auth = v
		for _, id := range q.Files {
			b, data, err := g.store.Blob(ctx, v.workspace, id)
			if err == nil {
				data.Close()
				if _, err = h.look(ctx, b.Conversation); err == nil && b.By != v.sender() && (b.Entry == uuid.Nil || b.Log != chat.LogPublic) {
					err = errNoFile() // an agent's, not sent or in a note
				}
			}
			if chat.CodeOf(err) == chat.CodeNotFound {
				continue // in no other way than one that never was
			}
			if err != nil {
				return out, err
			}
			link, err := g.fileLink(ctx, v.workspace, id, out.Until)
			if err != nil {
				return out, err
			}
			out.Links[id.String()] = link
		}
		return out, nil
	})
}

// fileLink is an address that anybody may fetch a file from until then.
func (g *Gateway) fileLink(ctx context.Context, ws, id uuid.UUID, until time.Time) (string, error) {
	sig, err := g.sign(ctx, ws, fileClaim(ws, id, until.Unix()))
	if err != nil {
		return "", err
	}
	q := url.Values{"w": {ws.String()}, "until": {strconv.FormatInt(until.Unix(), 10)}, "sig": {base64.RawURLEncoding.EncodeToString(sig)}}
	return fmt.Sprintf("/v1/files/%s?%s", id, q.Encode()), nil
}

// fileClaim is what the signature of a link says. It is no JSON, so that it is no socket token.
func fileClaim(ws, id uuid.UUID, until int64) []byte {
	return fmt.Appendf(nil, "file link %s %s %d", ws, id, until)
}

// handleLinkedFile answers GET /v1/files/{id} for whoever holds a link that counts.
func (g *Gateway) handleLinkedFile(w http.ResponseWriter, r *http.Request) {
	id, err1 := uuid.Parse(r.PathValue("id"))
	ws, err2 := uuid.Parse(r.URL.Query().Get("w"))
	until, err3 := strconv.ParseInt(r.URL.Query().Get("until"), 10, 64)
	sig, err4 := base64.RawURLEncoding.DecodeString(r.URL.Query().Get("sig"))
	if errors.Join(err1, err2, err3, err4) != nil {
		writeProblem(w, errNoFile())
		return
	}
	want, err := g.sign(r.Context(), ws, fileClaim(ws, id, until))
	switch {
	case chat.CodeOf(err) == chat.CodeNotFound, err == nil && !hmac.Equal(sig, want):
		err = errNoFile()
	case err == nil && g.now().Unix() > until:
		err = chat.Errorf(chat.CodeStale, "This link to the file has expired. Open the chat again.")
	}
	end, free := g.fetching.begin(g.clientIP(r))
	defer end()
	if err == nil && !free {
		err = chat.Errorf(chat.CodeRateLimited, "Too many files at once from this address. Wait until some are there.")
	}
	var b chat.Blob
	var data io.ReadCloser
	if err == nil {
		b, data, err = g.store.Blob(r.Context(), ws, id)
	}
	if err != nil {
		g.problem(w, r, err)
		return
	}
	defer data.Close()
	g.serveFile(w, r, b, data)
}

// fileToken makes the token of a session with which files are sent and asked for.
func (g *Gateway) fileToken(ctx context.Context, v visitor) (string, error) {
	until := g.now().Add(fileTokenLife)
	if !v.until.IsZero() && v.until.Before(until) {
		until = v.until
	}
	payload, err := json.Marshal(socketToken{Workspace: v.workspace, Inbox: v.inbox, Customer: v.customer, Only: v.only, Link: v.link, Expires: until.Unix(), Files: true})
	if err != nil {
		return "", err
	}
	return g.seal(ctx, v.workspace, payload)
}

// fileHolder finds whose the request's file token is. CodeUnauthorized.
func (g *Gateway) fileHolder(r *http.Request) (*visitor, error) {
	refused := chat.Errorf(chat.CodeUnauthorized, "This session has ended: open the chat again.")
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return nil, refused
	}
	t, err := g.unseal(r.Context(), token)
	if err != nil {
		if chat.CodeOf(err) == chat.CodeUnauthorized {
			err = refused
		}
		return nil, err
	}
	if !t.Files || g.now().After(time.Unix(t.Expires, 0)) {
		return nil, refused
	}
	v := &visitor{workspace: t.Workspace, inbox: t.Inbox, customer: t.Customer, only: t.Only, link: t.Link}
	if v.link != nil {
		_, err = g.checkLink(r.Context(), v)
	}
	return v, err
}

// handleStaffUpload answers POST /api/v1/conversations/{id}/files.
func (g *Gateway) handleStaffUpload(w http.ResponseWriter, r *http.Request) {
	who, err := g.staffOf(r, chat.RoleAgent)
	if err != nil {
		g.problem(w, r, err)
		return
	}
	conv, err := uuid.Parse(r.PathValue("id"))
	if err == nil {
		_, err = g.store.Conversation(r.Context(), who.workspace.ID, conv)
	} else {
		err = errNoConversation()
	}
	var f chat.File
	if err == nil {
		f, err = g.upload(w, r, who.workspace.ID, conv, chat.Sender{Kind: chat.PartyAgent, ID: who.user.ID})
	}
	if err != nil {
		g.problem(w, r, err)
		return
	}
	g.addAudit(r.Context(), who.user, chat.AuditEntry{Action: "uploadFile", Object: chat.AuditObject{Kind: "conversation", ID: conv.String()}})
	writeJSON(w, http.StatusCreated, f)
}

// handleStaffFile answers GET /api/v1/files/{id}.
func (g *Gateway) handleStaffFile(w http.ResponseWriter, r *http.Request) {
	who, err := g.staffOf(r, chat.RoleViewer)
	if err != nil {
		g.problem(w, r, err)
		return
	}
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		writeProblem(w, errNoFile())
		return
	}
	b, data, err := g.store.Blob(r.Context(), who.workspace.ID, id)
	if err == nil && b.Conversation == uuid.Nil {
		data.Close()
		err = errNoFile() // of something else than a conversation
	}
	if err != nil {
		if chat.CodeOf(err) == chat.CodeNotFound {
			err = errNoFile()
		}
		g.problem(w, r, err)
		return
	}
	defer data.Close()
	g.serveFile(w, r, b, data)
}

// staffOf gives who of the staff makes a request. CodeUnauthorized, CodeForbidden.
func (g *Gateway) staffOf(r *http.Request, need chat.Role) (principal, error) {
	who, ok := principalOf(r.Context())
	switch {
	case !ok:
		return who, chat.Errorf(chat.CodeUnauthorized, "Sign in first.")
	case !who.user.Role.Can(need):
		return who, chat.Errorf(chat.CodeForbidden, "This needs the role %s.", need)
	}
	return who, nil
}
