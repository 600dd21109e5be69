package gateway

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// photoStore keeps agents' photos.
type photoStore interface {
	PutPhoto(ctx context.Context, ws, user uuid.UUID, jpeg []byte) (chat.User, error)
	Photo(ctx context.Context, ws, id uuid.UUID) ([]byte, error)
}

const (
	// photoSide is the width of a photo, in pixels: the largest face is 40 px wide, on a screen with 3 pixels to each,
	// with room for a larger one.
	photoSide = 256
	// maxPhoto is how large a picture may be that a photo is made of: the console sends a smaller one.
	maxPhoto = 4_000_000
	// maxPhotoBody is that in base64, with what stands around it.
	maxPhotoBody = maxPhoto/3*4 + 1<<10
	// maxPhotoPixels bounds what is unpacked in memory: 50 megapixels take 200 MB.
	maxPhotoPixels = 50_000_000
	// photoQuality is JPEG's: about 15 kB at 256 px.
	photoQuality = 86
)

// setPhoto makes the own photo of a picture, or takes it away.
func (g *Gateway) setPhoto(ctx context.Context, who principal, picture []byte) (protocol.StaffMember, error) {
	if err := isUser(who); err != nil {
		return protocol.StaffMember{}, err
	}
	var data []byte
	if len(picture) > 0 {
		g.photos.making.Lock() // one at a time: each may take 200 MB
		var err error
		data, err = square(picture)
		g.photos.making.Unlock()
		if err != nil {
			return protocol.StaffMember{}, err
		}
	}
	u, err := g.store.PutPhoto(ctx, who.workspace.ID, who.user.ID, data)
	if err != nil {
		return protocol.StaffMember{}, err
	}
	auditObject(ctx, "user", u.ID.String())
	g.photos.forget(who.workspace.ID)
	return Member(u), nil
}

// square makes of a picture the photo that is kept: its middle, upright, as a JPEG of photoSide pixels that holds
// nothing else of it (where it was taken, with what). CodeInvalid, CodeTooLarge.
func square(picture []byte) ([]byte, error) {
	if len(picture) > maxPhoto {
		return nil, chat.Errorf(chat.CodeTooLarge, "Too large. A photo can have %d MB.", maxPhoto/1_000_000)
	}
	bad := chat.Errorf(chat.CodeInvalid, "That is no picture that can be read here. Take a JPEG, a PNG or a GIF.")
	c, kind, err := image.DecodeConfig(bytes.NewReader(picture))
	switch {
	case err != nil || c.Width == 0 || c.Height == 0:
		return nil, bad
	case c.Width > maxPhotoPixels/c.Height:
		return nil, chat.Errorf(chat.CodeTooLarge, "Too large. A photo can have %d megapixels.", maxPhotoPixels/1_000_000)
	}
	src, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, bad
	}
	turn := 1
	if kind == "jpeg" {
		turn = orientation(picture)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, shrink(src, turn), &jpeg.Options{Quality: photoQuality}); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// shrink takes the middle of a picture, on white, and averages what becomes one pixel. turn is EXIF's orientation.
func shrink(src image.Image, turn int) *image.RGBA {
	b := src.Bounds()
	side := min(b.Dx(), b.Dy())
	// People are cut off below, not above: of a high picture the upper part is taken.
	x0, y0 := b.Min.X+(b.Dx()-side)/2, b.Min.Y+(b.Dy()-side)/2
	if turn == 1 && b.Dy() > b.Dx() {
		y0 = b.Min.Y + (b.Dy()-side)/4
	}
	out := image.NewRGBA(image.Rect(0, 0, photoSide, photoSide))
	at := func(i int) int { return i * side / photoSide }
	for y := range photoSide {
		for x := range photoSide {
			u, v := upright(x, y, turn)
			out.SetRGBA(x, y, average(src, image.Rect(x0+at(u), y0+at(v), x0+max(at(u+1), at(u)+1), y0+max(at(v+1), at(v)+1))))
		}
	}
	return out
}

// average is the colour of a part of a picture on white, in linear light's stead by the square: close enough for a face.
func average(src image.Image, part image.Rectangle) color.RGBA {
	var r, g, b, n float64
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			cr, cg, cb, ca := src.At(x, y).RGBA()
			white := float64(0xffff - ca)
			r, g, b, n = r+sq(float64(cr)+white), g+sq(float64(cg)+white), b+sq(float64(cb)+white), n+1
		}
	}
	channel := func(sum float64) uint8 { return uint8(min(255, math.Sqrt(sum/n)/257+.5)) }
	return color.RGBA{channel(r), channel(g), channel(b), 255}
}

func sq(v float64) float64 { return v * v }

// upright gives where a pixel of the upright photo lies in one that was stored with an orientation of EXIF's (1 to 8).
func upright(x, y, turn int) (u, v int) {
	const last = photoSide - 1
	switch turn {
	case 2:
		return last - x, y
	case 3:
		return last - x, last - y
	case 4:
		return x, last - y
	case 5:
		return y, x
	case 6:
		return y, last - x
	case 7:
		return last - y, last - x
	case 8:
		return last - y, x
	}
	return x, y
}

// orientation reads how a JPEG is to be turned from its EXIF data (CIPA DC-008, tag 0x0112); 1 is upright.
func orientation(data []byte) int {
	for i := 2; i+4 <= len(data) && data[i] == 0xff && data[i+1] != 0xda; { // the segments before the picture
		size := int(binary.BigEndian.Uint16(data[i+2:]))
		if size < 2 || i+2+size > len(data) {
			return 1
		}
		if part := data[i+4 : i+2+size]; data[i+1] == 0xe1 && bytes.HasPrefix(part, []byte("Exif\x00\x00")) {
			return tiffOrientation(part[6:])
		}
		i += 2 + size
	}
	return 1
}

func tiffOrientation(t []byte) int {
	if len(t) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if t[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(t[4:]))
	if at+2 > uint64(len(t)) {
		return 1
	}
	for i, n := at+2, order.Uint16(t[at:]); n > 0 && i+12 <= uint64(len(t)); i, n = i+12, n-1 {
		if v := int(order.Uint16(t[i+8:])); order.Uint16(t[i:]) == 0x0112 && v >= 1 && v <= 8 {
			return v
		}
	}
	return 1
}

// handlePhoto answers GET /v1/photos/{id}. Whoever has the id was shown it; another photo has another one, so that
// this one is kept for ever.
func (g *Gateway) handlePhoto(w http.ResponseWriter, r *http.Request) {
	none := chat.Errorf(chat.CodeNotFound, "There is no such photo.")
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		writeProblem(w, none)
		return
	}
	spaces, err := g.store.Workspaces(r.Context())
	if err != nil {
		g.problem(w, r, err)
		return
	}
	for _, ws := range spaces {
		data, err := g.store.Photo(r.Context(), ws.ID, id)
		if err == nil {
			w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
			plainAsset("photo.jpg", data).serve(w, r, cacheForever)
			return
		}
		if chat.CodeOf(err) != chat.CodeNotFound {
			g.problem(w, r, err)
			return
		}
	}
	writeProblem(w, none)
}

// photosLife is how long a node believes what it knows of who has which photo: another node may have been told of a
// new one.
const photosLife = 10 * time.Second

// photos knows whose photo is which. It is safe for concurrent use.
type photos struct {
	making sync.Mutex

	mu   sync.Mutex
	byWS map[uuid.UUID]*album
}

type album struct {
	of   map[uuid.UUID]uuid.UUID // photos by user
	read time.Time
}

func (p *photos) forget(ws uuid.UUID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.byWS, ws)
}

// album gives the photos of a workspace's agents. Without the store it is the last that was known: faces are no reason
// to hold words back.
func (g *Gateway) album(ctx context.Context, ws uuid.UUID) map[uuid.UUID]uuid.UUID {
	p := &g.photos
	p.mu.Lock()
	known := p.byWS[ws]
	p.mu.Unlock()
	if known != nil && g.now().Sub(known.read) < photosLife {
		return known.of
	}
	fresh := &album{of: map[uuid.UUID]uuid.UUID{}, read: g.now()}
	all, err := g.store.Presence(ctx, ws)
	if err != nil {
		g.log.Warn("gateway: photos", "err", err)
		if known != nil {
			fresh.of = known.of
		}
	}
	for _, a := range all {
		if a.Photo != uuid.Nil {
			fresh.of[a.User] = a.Photo
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byWS == nil {
		p.byWS = map[uuid.UUID]*album{}
	}
	p.byWS[ws] = fresh
	return fresh.of
}

// faced gives entries the photos of their agents as they are now.
func (g *Gateway) faced(ctx context.Context, ws uuid.UUID, entries []chat.Entry) []chat.Entry {
	for i := range entries {
		e := &entries[i]
		if e.From.Kind == chat.PartyAgent {
			e.From = g.withPhoto(ctx, ws, e.From)
		}
		if e.Change != nil && e.Change.Agent != uuid.Nil {
			change := *e.Change
			change.Photo = g.album(ctx, ws)[change.Agent]
			e.Change = &change
		}
	}
	return entries
}

// withPhoto gives a sender her photo.
func (g *Gateway) withPhoto(ctx context.Context, ws uuid.UUID, s chat.Sender) chat.Sender {
	s.Photo = g.album(ctx, ws)[s.ID]
	return s
}
