package bot

import (
	"context"

	"frontdesk/chat"
)

// either answers out of the first two articles where one of them is likely
// enough right and nothing tells which: two short answers, each under its
// article's title, help sooner than a question back or a wait. Otherwise f
// stays as it is.
func (e *Engine) either(ctx context.Context, f findings) findings {
	if e.lacks(PartPair) || f.judged.best >= e.threshold || f.judged.pair < e.threshold || f.apart || f.choice != "" || len(f.result.Articles) < 2 || f.hostile() {
		return f
	}
	if f.passage.valueMissing(f.u.question, f.quoted) { // the second's value is not the first's
		return f
	}
	hit := f.result.Articles[1]
	second := e.read(ctx, f.u.question, f.result, hit)
	second.links = e.links(f.turn.Workspace, hit.Document)
	other := second.say(2, second.briefly(f.u.question))
	if second.lead < 0 || second.valueMissing(f.u.question, other) || hit.Document.Title == "" || hit.Document.Title == f.passage.hit.Document.Title {
		return f
	}
	first := f.passage.say(1, f.passage.briefly(f.u.question))
	if f.passage.valueMissing(f.u.question, first) { // the short form lost it
		first = f.quoted
	}
	f.quoted = first.under(f.passage.hit.Document.Title).and(other.under(hit.Document.Title))
	f.second, f.both = &second, true
	return f
}

// under puts an answer under a title.
func (q quoted) under(title string) quoted {
	head := chat.Block{T: "p", Kids: []chat.Block{{T: "strong", Kids: []chat.Block{{T: "text", Text: title}}}}}
	q.text = title + "\n\n" + q.text
	q.blocks = append([]chat.Block{head}, q.blocks...)
	return q
}
