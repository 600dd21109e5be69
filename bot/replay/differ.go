package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Difference is a field of two decisions that is not the same. Then and Again
// are its JSON; "" where it is absent.
type Difference struct {
	Field string `json:"field"` // as in answer.citations[0].title
	Then  string `json:"then"`
	Again string `json:"again"`
}

// differences compares two JSON texts, field by field.
func differences(then, again []byte) ([]Difference, error) {
	a, err := value(then)
	if err != nil {
		return nil, err
	}
	b, err := value(again)
	if err != nil {
		return nil, err
	}
	var out []Difference
	compare("", a, b, &out)
	return out, nil
}

func value(text []byte) (v any, err error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber() // their last digits count
	if err := dec.Decode(&v); err != nil {
		return nil, fmt.Errorf("read a decision: %w", err)
	}
	return v, nil
}

// absent stands for a field that is not there.
type absent struct{}

func compare(at string, a, b any, out *[]Difference) {
	x, isMap := a.(map[string]any)
	y, bothMaps := b.(map[string]any)
	if isMap && bothMaps {
		keys := maps.Clone(x)
		maps.Copy(keys, y)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			compare(join(at, key), field(x, key), field(y, key), out)
		}
		return
	}
	l, isList := a.([]any)
	m, bothLists := b.([]any)
	if isList && bothLists {
		for i := range max(len(l), len(m)) {
			compare(at+"["+strconv.Itoa(i)+"]", item(l, i), item(m, i), out)
		}
		return
	}
	if then, again := text(a), text(b); then != again {
		*out = append(*out, Difference{at, then, again})
	}
}

func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

func field(m map[string]any, key string) any {
	if v, ok := m[key]; ok {
		return v
	}
	return absent{}
}

func item(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return absent{}
}

func text(v any) string {
	if v == (absent{}) {
		return ""
	}
	out, err := json.Marshal(v)
	if err != nil { // it was read from JSON
		return fmt.Sprint(v)
	}
	return string(out)
}
