package gateway

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// quarters is a picture with four colours: red, green above, blue, white below.
func quarters(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{A: 255}
			switch {
			case x < w/2 && y < h/2:
				c.R = 255
			case y < h/2:
				c.G = 255
			case x < w/2:
				c.B = 255
			default:
				c = color.RGBA{255, 255, 255, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// exif puts an orientation into a JPEG.
func exif(data []byte, turn uint16) []byte {
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	tiff = append(binary.BigEndian.AppendUint16(tiff, turn), 0, 0, 0, 0, 0, 0)
	part := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(part)+2))...)
	return append(append(out, part...), data[2:]...)
}

func asJPEG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// corners says which colour the corners have: r, g, b, w, from the upper left by rows.
func corners(t *testing.T, data []byte) string {
	t.Helper()
	img, kind, err := image.Decode(bytes.NewReader(data))
	if err != nil || kind != "jpeg" || img.Bounds().Dx() != photoSide || img.Bounds().Dy() != photoSide {
		t.Fatalf("%v %s", err, kind)
	}
	out := ""
	for _, at := range []image.Point{{20, 20}, {235, 20}, {20, 235}, {235, 235}} {
		r, g, b, _ := img.At(at.X, at.Y).RGBA()
		switch {
		case r > 0xd000 && g > 0xd000 && b > 0xd000:
			out += "w"
		case r > g && r > b:
			out += "r"
		case g > b:
			out += "g"
		default:
			out += "b"
		}
	}
	return out
}

func TestAPhotoIsASquare(t *testing.T) {
	t.Parallel()
	plain := asJPEG(t, quarters(300, 300))
	clear := new(bytes.Buffer) // nothing on it: white
	if err := png.Encode(clear, image.NewRGBA(image.Rect(0, 0, 9, 5))); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		picture []byte
		want    string
	}{
		"as it is":     {plain, "rgbw"},
		"wide":         {asJPEG(t, quarters(900, 300)), "rgbw"},
		"small":        {asJPEG(t, quarters(16, 16)), "rgbw"},
		"clear":        {clear.Bytes(), "wwww"},
		"mirrored":     {exif(plain, 2), "grwb"},
		"on head":      {exif(plain, 3), "wbgr"},
		"flipped":      {exif(plain, 4), "bwrg"},
		"5":            {exif(plain, 5), "rbgw"},
		"to the right": {exif(plain, 6), "brwg"},
		"7":            {exif(plain, 7), "wgbr"},
		"to the left":  {exif(plain, 8), "gwrb"},
		"no such":      {exif(plain, 9), "rgbw"},
	} {
		got, err := square(c.picture)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := corners(t, got); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if orientation(got) != 1 || bytes.Contains(got, []byte("Exif")) {
			t.Errorf("%s: what the camera said is kept", name)
		}
	}
	huge := picture()
	binary.BigEndian.PutUint32(huge[16:], 50_000) // the width in the header; the checksum is wrong now
	for name, data := range map[string][]byte{"words": []byte("hello"), "half": plain[:200], "nothing": {0}, "huge": huge} {
		if _, err := square(data); chat.CodeOf(err) != chat.CodeInvalid && chat.CodeOf(err) != chat.CodeTooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := square(make([]byte, maxPhoto+1)); chat.CodeOf(err) != chat.CodeTooLarge {
		t.Errorf("too large: %v", err)
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x20Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06"))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II\x2a\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := orientation(data); o < 1 || o > 8 {
			t.Errorf("%d", o)
		}
	})
}

func TestAnAgentHasAFace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.hire("anna", chat.RoleAgent)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	p.send("sync", "", protocol.Sync{Conversation: conv})
	reply := protocol.ReplyRequest{ClientID: newID(), Text: "Here I am"}
	if a := anna.do(http.MethodPost, "/conversations/"+conv.String()+"/reply", reply, nil); a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	set := func(picture []byte) (m protocol.StaffMember) {
		t.Helper()
		if a := anna.do(http.MethodPut, "/account/photo", protocol.PhotoRequest{Picture: picture}, &m); a.StatusCode != http.StatusOK {
			t.Fatalf("%s %s", a.Status, a.body)
		}
		return m
	}
	first, second := set(picture()).Photo, set(picture()).Photo
	if first == uuid.Nil || first == second {
		t.Fatalf("photos %s, %s", first, second)
	}
	got := w.get("/v1/photos/" + second.String())
	if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "image/jpeg" || got.Header.Get("Cache-Control") != cacheForever {
		t.Errorf("%s %v", got.Status, got.Header)
	}
	corners(t, got.body)
	for _, id := range []string{first.String(), uuid.NewString(), "x"} {
		if a := w.get("/v1/photos/" + id); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", id, a.Status)
		}
	}
	// What she has said shows her as she looks now: to the customer, and to the staff.
	var list protocol.EntryList
	anna.do(http.MethodGet, "/conversations/"+conv.String()+"/entries", nil, &list)
	again := w.join(p.visit, protocol.Sync{Conversation: conv})
	for range list.Data {
		var e chat.Entry
		again.expect("entry", &e)
		want := uuid.Nil
		if e.From.Kind == chat.PartyAgent {
			want = second
		}
		if e.From.Photo != want || list.Data[e.Seq-1].From.Photo != want {
			t.Errorf("%d of %s: %s, %s", e.Seq, e.From.Kind, e.From.Photo, list.Data[e.Seq-1].From.Photo)
		}
		if e.Change != nil && e.Change.To == chat.OwnerAgent && e.Change.Photo != second {
			t.Errorf("who joined: %+v", e.Change)
		}
	}
	if left := set(nil).Photo; left != uuid.Nil {
		t.Errorf("taken away: %s", left)
	}
	if a := anna.do(http.MethodPut, "/account/photo", protocol.PhotoRequest{Picture: []byte("no picture")}, nil); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("no picture: %s", a.Status)
	}
}
