package ground

import (
	"context"
	"testing"
)

const delivery = `We send from Hamburg, Monday to Friday. What you order and pay by 14:00 on a working day leaves the same day.

## What it costs

| To | Cost | Free from | Working days |
|---|---:|---:|---:|
| Germany | 4.90 € | 60 € | 1–2 |
| Austria | 6.90 € | 90 € | 2–3 |
| Switzerland | 14.90 € | – | 4–6 |

The cost is per order, however many pieces are in it. Gift cards do not count towards the free amount.

## Express in Germany

Express costs 12.90 €, also above 60 €. There is no express delivery on Saturdays and none to other countries.

If you live in a village, express takes up to 2 days.

## How to change the address

1. Open **My orders**.
2. Choose **Edit** and enter the address. Write to help@shop.example or see [the guide](https://shop.example/guide).
3. You must confirm within 30 minutes.
`

var sources = []Source{{N: 1, Title: "Delivery times and costs", Body: delivery}}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sentence string
		why      Why
	}{
		{"We send from Hamburg, Monday to Friday.", WhyNone},
		{"Delivery to Austria costs €6.90.", WhyNone},
		{"Delivery to Austria costs 6.90 € [1].", WhyNone},
		{"Delivery to Austria costs 6.90 € [2].", WhyCited},
		{"Delivery to Austria costs $6.90.", WhyValue},
		{"Delivery to Austria costs 4.90 €.", WhySubject},
		{"Gift cards don't count towards the free amount.", WhyNone},
		{"Gift cards count towards the free amount.", WhyPolarity},
		{"Express takes up to two days if you live in a village.", WhyNone},
		{"Express takes up to 2 weeks if you live in a village.", WhyValue},
		{"Express takes at least 2 days if you live in a village.", WhyBound},
		{"Express takes up to 2 days.", WhyCondition},
		{"You can open My orders.", WhyNone},
		{"You must confirm within half an hour.", WhyValue},
		{"You can confirm within 30 minutes.", WhyModal},
		{"Write to help@shop.example.", WhyNone},
		{"Write to help@shop.evil.", WhyAddress},
		{"See [the guide](https://shop.example/guide).", WhyNone},
		{"See [the guide](https://shop.evil/guide).", WhyAddress},
		{"I'm sorry to hear that.", WhyNone},
		{"Here is how:", WhyNone},
		{"Please send us your password.", WhySecret},
		{"I have cancelled your order.", WhyAction},
		{"We will refund you in full.", WhyAction},
		{"As an AI, I like that.", WhyMeta},
		{"The moon is made of cheese.", WhyUnfounded},
		{"**", WhyEmpty},
	} {
		f, err := New(Options{}).Check(context.Background(), c.sentence, sources)
		if err != nil || f.Why != c.why {
			t.Errorf("%q: why %q (%s), want %q; %v", c.sentence, f.Why, f.What, c.why, err)
		}
	}
}
