package openai

import "bytes"

// unread are the members of a chunk that nothing here reads. They are two
// thirds of a usual chunk, and go-openai would decode them for every token.
var unread = [][]byte{[]byte("id"), []byte("object"), []byte("created"), []byte("system_fingerprint"), []byte("service_tier"), []byte("obfuscation")}

// slim appends an object to dst without its members that nothing reads. ok is
// false, and dst is as it was, if the object is not plain enough to tell: then
// it is for the decoder to judge.
func slim(dst, object []byte) (out []byte, ok bool) {
	out = append(dst, brace...)
	empty := true
	for i := 1; ; {
		i = skipBlank(object, i)
		start := i
		end, plain := skipString(object, i)
		if !plain || bytes.IndexByte(object[start:end], '\\') >= 0 {
			return dst, false
		}
		name := object[start+1 : end-1]
		if i = skipBlank(object, end); i >= len(object) || object[i] != ':' {
			return dst, false
		}
		if i, plain = skipValue(object, skipBlank(object, i+1)); !plain {
			return dst, false
		}
		if !isUnread(name) {
			if !empty {
				out = append(out, ',')
			}
			out, empty = append(out, object[start:i]...), false
		}
		if i = skipBlank(object, i); i >= len(object) {
			return dst, false
		}
		switch object[i] {
		case ',':
			i++
		case '}':
			return append(out, '}'), skipBlank(object, i+1) == len(object)
		default:
			return dst, false
		}
	}
}

func isUnread(name []byte) bool {
	for _, u := range unread {
		if bytes.Equal(u, name) {
			return true
		}
	}
	return false
}

func skipBlank(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}

// skipString gives the index behind the string that begins at i.
func skipString(b []byte, i int) (int, bool) {
	if i >= len(b) || b[i] != '"' {
		return i, false
	}
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1, true
		}
	}
	return i, false
}

// skipValue gives the index behind the value that begins at i. Of what is in it
// only strings and brackets are looked at.
func skipValue(b []byte, i int) (end int, ok bool) {
	depth := 0
	for start := i; i < len(b); {
		switch b[i] {
		case '"':
			if i, ok = skipString(b, i); !ok {
				return i, false
			}
		case '{', '[':
			depth++
			i++
		case '}', ']', ',':
			if depth == 0 {
				return i, i > start // behind a number or word
			}
			if b[i] != ',' {
				depth--
			}
			i++
		default:
			i++
			continue
		}
		if depth == 0 {
			return i, true
		}
	}
	return i, false
}
