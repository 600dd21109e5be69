package gateway

import (
	"bytes"
	"encoding/binary"
	"image"
	_ "image/gif"  // for the sizes of pictures
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sniffBytes is how much of a file is looked at: the size of a photo stands behind its EXIF data and colour profile,
// which are 64 KiB each at the most in all but a few.
const sniffBytes = 192 << 10

// fileType is what a file is, as its first bytes say.
type fileType struct {
	media         string
	width, height int // of a picture whose size could be read
}

// The media types that http.DetectContentType does not tell, and those that a zip may be.
const (
	typeBinary = "application/octet-stream"
	typeText   = "text/plain"
	typeHTML   = "text/html"
	typeXML    = "text/xml"
	typeSVG    = "image/svg+xml"
	typeZip    = "application/zip"
	typeDocx   = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typeXlsx   = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typePptx   = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
)

// sniff says what a file is by its first bytes (sniffBytes, or all of it). A picture that is damaged, or that only
// begins like one, is application/octet-stream.
func sniff(head []byte) fileType {
	media, _, _ := strings.Cut(http.DetectContentType(head), ";")
	switch {
	case media == typeZip:
		return fileType{media: zipType(head)}
	case media == "image/png" || media == "image/jpeg" || media == "image/gif":
		c, _, err := image.DecodeConfig(bytes.NewReader(head))
		if err != nil {
			return fileType{media: typeBinary}
		}
		return fileType{media, c.Width, c.Height}
	case media == "image/webp":
		return webp(head)
	case isoBrand(head) != "":
		return fileType{media: isoBrand(head)}
	case strings.HasPrefix(media, "text/"):
		return fileType{media: textType(media, head)}
	}
	return fileType{media: media}
}

// textType tells SVG and HTML, wherever they begin, from text that is only read.
func textType(media string, head []byte) string {
	lower := bytes.ToLower(head[:min(len(head), 4096)])
	switch {
	case bytes.Contains(lower, []byte("<svg")):
		return typeSVG
	case media == typeHTML, bytes.Contains(lower, []byte("<html")), bytes.Contains(lower, []byte("<script")), bytes.Contains(lower, []byte("<!doctype html")):
		return typeHTML
	case media == typeXML, !utf8.Valid(trimRune(head)):
		return media
	}
	return typeText
}

// trimRune cuts a character that the end of head has cut.
func trimRune(head []byte) []byte {
	for i := 0; i < utf8.UTFMax && len(head) > 0; i++ {
		if r, size := utf8.DecodeLastRune(head); r != utf8.RuneError || size != 1 {
			break
		}
		head = head[:len(head)-1]
	}
	return head
}

// zipType tells office documents, which are zips, from other zips by the names of their first parts.
func zipType(head []byte) string {
	head = head[:min(len(head), 64<<10)]
	if i := bytes.Index(head, []byte("application/vnd.oasis.opendocument.")); i >= 0 && i < 64 {
		kind := head[i:]
		for _, end := range []string{"text", "spreadsheet", "presentation"} {
			if bytes.HasPrefix(kind, []byte("application/vnd.oasis.opendocument."+end)) {
				return "application/vnd.oasis.opendocument." + end
			}
		}
	}
	if !bytes.Contains(head, []byte("[Content_Types].xml")) && !bytes.Contains(head, []byte("_rels/.rels")) {
		return typeZip
	}
	for part, media := range map[string]string{"word/": typeDocx, "xl/": typeXlsx, "ppt/": typePptx} {
		if bytes.Contains(head, []byte(part)) {
			return media
		}
	}
	return typeZip
}

// isoBrand gives the picture types that come as ISO media files: HEIC and AVIF (ISO/IEC 23008-12).
func isoBrand(head []byte) string {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return ""
	}
	switch string(head[8:12]) {
	case "avif", "avis":
		return "image/avif"
	case "heic", "heix", "hevc", "mif1", "msf1":
		return "image/heic"
	case "qt  ":
		return "video/quicktime"
	case "isom", "iso2", "mp41", "mp42", "avc1", "M4V ":
		return "video/mp4"
	}
	return ""
}

// webp reads the size of a WebP picture (RFC 9649).
func webp(head []byte) fileType {
	if len(head) < 30 {
		return fileType{media: typeBinary}
	}
	le := binary.LittleEndian
	f := fileType{media: "image/webp"}
	switch string(head[12:16]) {
	case "VP8 ":
		f.width, f.height = int(le.Uint16(head[26:])&0x3fff), int(le.Uint16(head[28:])&0x3fff)
	case "VP8L":
		bits := le.Uint32(head[21:])
		f.width, f.height = int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1
	case "VP8X":
		f.width = int(le.Uint32(head[24:])&0xffffff) + 1
		f.height = int(uint32(head[27])|uint32(head[28])<<8|uint32(head[29])<<16) + 1
	default:
		return fileType{media: typeBinary}
	}
	return f
}

// maxPixels bounds what a browser is asked to show by itself: 50 megapixels unpack to 200 MB.
const maxPixels = 50_000_000

// inline reports whether a browser may show a file of this type itself: pictures that hold no script, of a size that
// is known and harmless.
func inline(media string, width, height int) bool {
	return slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, media) &&
		width > 0 && height > 0 && width <= maxPixels/height
}

// endings are the endings of names that go with a type, the usual one first: what a file is called decides with what
// it is opened.
var endings = map[string][]string{
	"image/png": {".png"}, "image/jpeg": {".jpg", ".jpeg"}, "image/gif": {".gif"}, "image/webp": {".webp"}, "image/avif": {".avif"},
	"image/heic": {".heic", ".heif"}, "image/bmp": {".bmp"}, typeSVG: {".svg"}, "application/pdf": {".pdf"},
	"video/mp4": {".mp4", ".m4v"}, "video/webm": {".webm"}, "video/quicktime": {".mov"}, "audio/mpeg": {".mp3"}, "audio/wave": {".wav"}, "application/ogg": {".ogg"},
	typeText: {".txt", ".csv", ".tsv", ".log", ".md", ".json", ".yaml", ".yml", ".ics", ".eml", ".srt"}, typeHTML: {".html", ".htm"}, typeXML: {".xml"},
	typeZip: {".zip"}, "application/x-gzip": {".gz", ".tgz"}, typeDocx: {".docx"}, typeXlsx: {".xlsx"}, typePptx: {".pptx"},
	"application/vnd.oasis.opendocument.text": {".odt"}, "application/vnd.oasis.opendocument.spreadsheet": {".ods"},
	"application/vnd.oasis.opendocument.presentation": {".odp"},
}

// maxName is how long a file's name may be: what every file system takes, with room for a " (2)".
const maxName = 120

// fileName makes of what a client calls a file a name that is safe to show and to save: no folders, no control or
// direction characters, no leading dot, and an ending that goes with what the file is.
func fileName(given, media string) string {
	if i := strings.LastIndexAny(given, `/\`); i >= 0 {
		given = given[i+1:]
	}
	name := strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r), strings.ContainsRune(`<>:"|?*`, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(given, ""))
	name = strings.TrimLeft(strings.TrimRight(strings.Join(strings.Fields(name), " "), ". "), ". ")
	if name == "" {
		name = "file"
	}
	fit := endings[media]
	ext := strings.ToLower(path.Ext(name))
	if len(fit) > 0 && !slices.Contains(fit, ext) {
		name, ext = name+fit[0], fit[0]
	}
	if len(name) > maxName {
		end := name[len(name)-len(ext):]
		name = cutBytes(name[:len(name)-len(ext)], maxName-len(end)) + end
	}
	return name
}
