package action

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
)

const document = `
openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: https://api.shop.example/v1/}]
paths:
  /orders/{number}:
    parameters:
      - {name: number, in: path, required: true, schema: {type: string, pattern: "^[0-9]{5}$"}}
      - {name: X-Trace, in: header, schema: {type: string}}
    get:
      operationId: getOrder
      summary: Order status
      parameters:
        - {name: lang, in: query, schema: {type: string, enum: [en, de]}}
      responses:
        200:
          content:
            application/json: {schema: {$ref: "#/components/schemas/Order"}}
    put:
      operationId: putOrder
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [lines], properties: {lines: {type: array}}}
  /orders/{number}/cancel:
    post:
      summary: Cancel an order
      parameters: [{name: number, in: path, required: true, schema: {type: string}}]
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [reason], properties: {reason: {type: string, enum: [late, wrong]}, lines: {type: array}}}
  /internal:
    get:
      operationId: internal
      parameters: [{name: X-Key, in: header, required: true, schema: {type: string}}]
  /far:
    get:
      operationId: far
      parameters: [{$ref: "https://evil.example/x.yaml#/p"}]
components:
  schemas:
    Order:
      type: object
      properties:
        status: {type: string}
        total: {type: number}
        delivery: {type: object, properties: {date: {type: string, format: date}}}
        lines: {type: array, items: {type: string}}
        self: {$ref: "#/components/schemas/Order"}
`

func TestReadOpenAPI(t *testing.T) {
	t.Parallel()
	got, err := ReadOpenAPI([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	if got.Title != "Shop" || got.Base != "https://api.shop.example/v1" || len(got.Actions) != 3 {
		t.Fatalf("read %+v", got)
	}
	a := map[string]Action{}
	for _, one := range got.Actions {
		a[one.Name] = one
	}
	order := a["getOrder"]
	if order.Write || order.Method != "GET" || order.In["lang"] != "query" || order.Title != "Order status" {
		t.Errorf("read %+v", order)
	}
	want := []Result{{Name: "delivery_date", Label: "Date", Path: "delivery.date", Kind: KindDate}}
	if diff := cmp.Diff(want, order.Results[:1]); diff != "" {
		t.Error(diff)
	}
	cancel := a["post_orders_number_cancel"]
	if !cancel.Write || cancel.Confirm == "" || cancel.In["reason"] != "body" || strings.Contains(string(cancel.Parameters), "lines") {
		t.Errorf("read %+v", cancel)
	}
	left := strings.Join(got.Left, "\n")
	for _, says := range []string{`PUT /orders/{number}: its parameter "lines"`, `GET /internal: the parameter "X-Key" goes into the header`} {
		if !strings.Contains(left, says) {
			t.Errorf("left %q, want %q in it", left, says)
		}
	}
	// With its service, what was read can be saved as it is.
	c := Config{Services: []Service{{Name: "shop", Base: got.Base}}, Actions: got.Actions}
	for i := range c.Actions {
		c.Actions[i].Service = "shop"
	}
	if err := c.Check(nil, Secrets{}); err != nil {
		t.Error(err)
	}
}

func TestNoOpenAPI(t *testing.T) {
	t.Parallel()
	for _, d := range []string{"", "{", "[]", `{"swagger":"2.0"}`, "openapi: 2", strings.Repeat("a", maxDocument+1), "a: &a [*a, *a]"} {
		if _, err := ReadOpenAPI([]byte(d)); err == nil || chat.CodeOf(err) == chat.CodeInternal {
			t.Errorf("%.20q: %v", d, err)
		}
	}
	if got, err := ReadOpenAPI([]byte(`{"openapi":"3.1.0","paths":{"/a":{"get":{"parameters":[{"$ref":"#/x"}]}}},"x":{"$ref":"#/x"}}`)); err != nil || len(got.Actions) != 1 {
		t.Errorf("a reference to itself: %+v, %v", got, err)
	}
}

func TestTry(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	got, err := b.Try(t.Context(), b.conf, "order_status", []byte(`{"number":"20418"}`))
	if err != nil || got.Reply.Text != "Your order 20418 is on its way, delivery 24 November 2026." || got.Code != 200 {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, c := range []struct{ name, args string }{{"cancel_order", `{"number":"20418"}`}, {"order_status", `{"number":"../x"}`}, {"order_status", `{}`}, {"none", `{}`}, {"order_status", `x`}} {
		if _, err := b.Try(t.Context(), b.conf, c.name, []byte(c.args)); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%s %s: %v", c.name, c.args, err)
		}
	}
	if n := len(b.shop.seen()); n != 1 {
		t.Errorf("the shop was asked %d times", n)
	}
}
