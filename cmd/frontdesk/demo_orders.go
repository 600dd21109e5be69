package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/action"
	"frontdesk/chat"
)

// orders is the sample shop's API: a few orders, kept in memory.
type orders struct {
	now  func() time.Time
	mu   sync.Mutex
	list map[string]*order
	seen map[string]bool // idempotency keys of cancellations
}

type order struct {
	Number   string `json:"number"`
	Status   string `json:"status"` // received, packed, on_its_way, delivered, cancelled
	Delivery string `json:"delivery_date,omitempty"`
	Item     string `json:"item"`
}

// sampleOrders are in each of the states that the sample help centre names.
// KK-20418 is the number in its articles.
func sampleOrders(now func() time.Time) *orders {
	o := &orders{now: now, list: map[string]*order{}, seen: map[string]bool{}}
	for number, status := range map[string]string{"KK-20418": "on_its_way", "KK-20421": "received", "KK-20422": "packed", "KK-20377": "delivered"} {
		o.list[number] = &order{Number: number, Status: status, Item: "M2 hand grinder"}
	}
	return o
}

// handler serves GET /orders/{number} and POST /orders/{number}/cancel.
func (o *orders) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{number}", func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		one := o.find(r)
		if one == nil {
			http.NotFound(w, r)
			return
		}
		said := *one
		switch said.Status {
		case "on_its_way":
			said.Delivery = o.now().AddDate(0, 0, 2).Format(time.DateOnly)
		case "delivered":
			said.Delivery = o.now().AddDate(0, 0, -6).Format(time.DateOnly)
		}
		giveOrder(w, said)
	})
	mux.HandleFunc("POST /orders/{number}/cancel", func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		one, key := o.find(r), r.Header.Get("Idempotency-Key")
		switch {
		case one == nil:
			http.NotFound(w, r)
			return
		case o.seen[key]: // the same request again: nothing more is done
		case one.Status != "received":
			http.Error(w, "only an order that is not packed yet can be cancelled", http.StatusConflict)
			return
		default:
			one.Status, o.seen[key] = "cancelled", true
		}
		giveOrder(w, *one)
	})
	return mux
}

func (o *orders) find(r *http.Request) *order {
	return o.list["KK-"+strings.TrimPrefix(r.PathValue("number"), "KK-")]
}

func giveOrder(w http.ResponseWriter, o order) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(o) // the client went away
}

// declareActions lets the bot use the sample shop's API, at this run's
// address. What somebody declared beside it in an earlier run stays.
func (d *demo) declareActions(ctx context.Context, e *action.Engine, base string) error {
	conf, revision, err := e.Config(ctx, d.workspace.ID)
	if err != nil {
		return err
	}
	if revision == 0 {
		conf = sampleActions(d.inbox.ID)
	}
	for i := range conf.Services {
		if conf.Services[i].Name == sampleService {
			conf.Services[i].Base = base
		}
	}
	if err := e.Check(conf); err != nil {
		return err
	}
	value, err := json.Marshal(conf)
	if err != nil {
		return err
	}
	_, err = d.store.PutSetting(ctx, d.workspace.ID, chat.Setting{Name: action.SettingName, Revision: revision, Value: value})
	return err
}

const sampleService = "shop"

// sampleActions are a look-up and a change of the sample shop.
func sampleActions(inbox uuid.UUID) action.Config {
	number := json.RawMessage(`{"type":"object","properties":{"number":{"type":"string","title":"Order","pattern":"^(KK-)?[0-9]{5}$"}},"required":["number"]}`)
	states := map[string]string{"received": "received and not packed yet", "packed": "packed and waits for the carrier", "on_its_way": "on its way", "delivered": "delivered", "cancelled": "cancelled"}
	ask := map[string]string{"number": "What is your order number? It is KK and five digits, and stands in the confirmation e-mail."}
	return action.Config{
		Services: []action.Service{{Name: sampleService}},
		Actions: []action.Action{{
			Name: "order_status", Title: "Order status", Description: "Says how far an order is and when it is delivered.", Service: sampleService,
			Method: http.MethodGet, Path: "/orders/{number}", Parameters: number, Ask: ask,
			Results: []action.Result{{Name: "status", Label: "Status", Path: "status", Values: states}, {Name: "date", Label: "Delivery", Path: "delivery_date", Kind: action.KindDate}},
			Say:     "Your order {number} is {status}[, delivery {date}].", Absent: "I find no order {number}. Please check the number in your confirmation e-mail.",
			Triggers: []string{"Where is my order?", "When will my parcel arrive?", "Has my order been shipped?", "Track my order", "What is the status of my order?",
				"I am still waiting for my order", "My order has not come yet", "What happened to my order?", "When is my order delivered?"},
			Inboxes: []uuid.UUID{inbox},
		}, {
			Name: "cancel_order", Title: "Cancel an order", Description: "Cancels an order that is not packed yet.", Service: sampleService,
			Method: http.MethodPost, Path: "/orders/{number}/cancel", Parameters: number, Ask: ask,
			Say: "Order {number} is cancelled. You get a confirmation by e-mail.", Confirm: "Cancel order {number}", Write: true,
			Triggers: []string{"Cancel my order", "I want to cancel my order", "Please stop my order", "I do not want the order any more"},
			Inboxes:  []uuid.UUID{inbox},
		}},
	}
}
