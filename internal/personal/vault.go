package personal

import (
	"encoding/json"
	"fmt"
	"regexp"
	"sync"
)

// Vault puts placeholders in the place of personal data, and takes them back:
// "<EMAIL_1>" for the first e-mail address of a conversation, and for the same
// one whenever it comes again. Keep one for each conversation, and let no other
// conversation's text go through it. The zero Vault is empty and ready; it may
// be used concurrently, and marshals to JSON, values in clear.
type Vault struct {
	mu     sync.Mutex
	values []value
	known  map[value]string // placeholders
	of     map[string]string
	count  map[string]int // of a kind
}

// value is what stands behind a placeholder.
type value struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// placeholder is the form of a Vault's placeholders. What has it in a
// customer's own words is a value like others, so that nobody can ask for what
// stands behind one.
var placeholder = regexp.MustCompile(`<[A-Z]+_\d+>`)

// taken is the kind of what has that form in a customer's own words.
const taken = "TEXT"

// only are shapes that a Vault knows beside those of Mask: search needs what
// kind of thing an order number is, and a model does not need which.
var only = []shape{
	{Regexp: regexp.MustCompile(`(?i)\b(?:order|booking|reservation|invoice|reference|ticket|tracking|shipment|parcel|customer|account|case|contract|policy|member(?:ship)?|serial|bestell\pL*|rechnung\pL*|buchung\pL*|kunden\pL*|auftrag\pL*|sendung\pL*|commande|facture|pedido|factura|ordine|fattura)(?:'s)?(?:[ -]?(?:number|nummer|num|no\.?|nr\.?|n°|id|code))?(?: (?:is|was|lautet|ist))?[ :=#]*\b(?P<v>[a-z]{0,5}[-_/.]?\d[\da-z/_-]{3,})`), kind: "ORDER"},
	{Regexp: regexp.MustCompile(`\b[A-Z]{2,4}-\d{4,}\b`), kind: "ORDER"},
	{Regexp: regexp.MustCompile(`#(?P<v>[A-Za-z]{0,5}-?\d{4,})\b`), kind: "ORDER"},
}

// minKnown is the length from which a value is masked wherever it stands again,
// whatever stands around it: shorter ones are words of their own too often.
const minKnown = 5

// Mask puts placeholders in the place of the personal data in s. Restore gives
// s again.
func (v *Vault) Mask(s string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	c := newClaims(s)
	c.each(placeholder, taken, nil)
	for _, m := range shapes {
		c.each(m.Regexp, m.kind, nil)
	}
	for _, m := range only {
		c.each(m.Regexp, m.kind, nil)
	}
	for kind, by := range map[string]string{"PHONE": byPhone, "NETWORK": byNetwork} {
		c.each(numbers, kind, func(s string) bool { return maskNumber(s) == by })
	}
	for _, k := range append(c.values(), v.values...) {
		if len(k.Value) >= minKnown && k.Kind != taken {
			c.again(k)
		}
	}
	return c.replaced(v.placeholderOf)
}

// Restore puts back what stands behind this vault's placeholders. Other
// placeholders stay as they are.
func (v *Vault) Restore(s string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return placeholder.ReplaceAllStringFunc(s, func(p string) string {
		if value, ok := v.of[p]; ok {
			return value
		}
		return p
	})
}

// MarshalJSON gives the values in the order in which they came.
func (v *Vault) MarshalJSON() ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return json.Marshal(append([]value{}, v.values...))
}

// UnmarshalJSON takes the place of what was in the vault.
func (v *Vault) UnmarshalJSON(data []byte) error {
	var all []value
	if err := json.Unmarshal(data, &all); err != nil {
		return fmt.Errorf("personal: vault: %w", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.values, v.known, v.of, v.count = nil, nil, nil, nil
	for _, k := range all {
		v.placeholderOf(k)
	}
	return nil
}

// placeholderOf gives a value's placeholder, and makes one for a new value.
func (v *Vault) placeholderOf(k value) string {
	if p, ok := v.known[k]; ok {
		return p
	}
	if v.known == nil {
		v.known, v.of, v.count = map[value]string{}, map[string]string{}, map[string]int{}
	}
	v.count[k.Kind]++
	p := fmt.Sprintf("<%s_%d>", k.Kind, v.count[k.Kind])
	v.values = append(v.values, k)
	v.known[k], v.of[p] = p, k.Value
	return p
}
