package rule

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"frontdesk/chat"
)

// TestEncodeBody fills one field of a body after the other, so that none that
// is added later is left out.
func TestEncodeBody(t *testing.T) {
	t.Parallel()
	if got, err := EncodeBody(chat.Body{Blocks: []chat.Block{}, Sources: []chat.Citation{}}); got != "" || err != nil {
		t.Errorf("of nothing: %q, %v", got, err)
	}
	fields := reflect.TypeFor[chat.Body]()
	for i := range fields.NumField() {
		var want, got chat.Body
		switch field := reflect.ValueOf(&want).Elem().Field(i); field.Kind() {
		case reflect.Slice:
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
		case reflect.Pointer:
			field.Set(reflect.New(field.Type().Elem()))
		case reflect.String:
			field.SetString("x")
		default:
			t.Fatalf("%s is neither slice, pointer nor text: fill it here", fields.Field(i).Name)
		}
		encoded, err := EncodeBody(want)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(encoded), &got); err != nil {
			t.Errorf("%s became %q: %v", fields.Field(i).Name, encoded, err)
		} else if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", fields.Field(i).Name, diff)
		}
	}
}
