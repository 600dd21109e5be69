package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/internal/personal"
	"frontdesk/knowledge"
	"frontdesk/llm"
	"frontdesk/say"
)

// DefaultTargetError is the share of wrong answers that an operator who set
// nothing accepts.
const DefaultTargetError = .10

// Options are what an Engine is made of. Search and Embedder are needed.
type Options struct {
	Search   Searcher
	Embedder llm.Embedder
	Judge    *Judge   // nil means DefaultJudge
	Classes  *Classes // nil means NewClasses of the Embedder
	// Languages are the languages that the Embedder knows, as BCP 47 tags of
	// which the first part counts ("en-GB" is English); none means English. "*" stands for all. Who writes in another gets a
	// person, unless an article in that language holds their words.
	Languages []string
	// TargetError is the share of answers that may be wrong; 0 means
	// DefaultTargetError. Threshold, if not 0, fixes the confidence to answer
	// from instead.
	TargetError float64
	Threshold   float64
	// Rewriter makes a question of its own of one that leans on what was said
	// before; nil leaves that to rules.
	Rewriter Rewriter
	// Unsupported, if not nil, is called for each answer that was about to say
	// something that its sources do not hold, with the article's id in its
	// source. The answer is not given. It must not block.
	Unsupported func(article string)
	// Without are parts that are left out, to measure what they give.
	Without []Part
	Log     *slog.Logger     // nil means slog.Default
	Now     func() time.Time // nil means time.Now
}

// Engine decides turns. It keeps nothing of them, and all methods may be
// called concurrently.
type Engine struct {
	search    Searcher
	embed     llm.Embedder
	rewriter  Rewriter
	asks      head // tells turns that ask
	classes   *classifier
	speller   *knowledge.Speller // nil: sentences are classed as they are
	vectors   *vectors
	readings  *recent[articleText, reading]
	languages []string
	judge     Judge
	threshold float64
	without   []Part
	fault     func(article string)
	log       *slog.Logger
	now       func() time.Time
	tape      tape // nil unless a turn is recorded, or decided again
}

// New makes an Engine.
func New(ctx context.Context, o Options) (*Engine, error) {
	if o.Search == nil || o.Embedder == nil {
		return nil, errors.New("bot: new engine: Search and Embedder are needed")
	}
	e := &Engine{
		search: o.Search, embed: o.Embedder, rewriter: o.Rewriter, vectors: newVectors(o.Embedder), readings: newRecent[articleText, reading](keptReadings),
		threshold: o.Threshold, without: o.Without, fault: o.Unsupported, log: o.Log, now: o.Now,
	}
	if o.Judge != nil {
		e.judge = *o.Judge
	} else {
		j, err := DefaultJudge()
		if err != nil {
			return nil, err
		}
		e.judge = j
	}
	if o.TargetError == 0 {
		o.TargetError = DefaultTargetError
	}
	if e.threshold == 0 {
		e.threshold = e.judge.Threshold(o.TargetError)
	}
	if e.log == nil {
		e.log = slog.Default()
	}
	if e.now == nil {
		e.now = time.Now
	}
	if o.Classes == nil {
		var err error
		if o.Classes, err = NewClasses(ctx, o.Embedder); err != nil {
			return nil, err
		}
	}
	if o.Classes.head.Model != o.Embedder.Model() {
		return nil, fmt.Errorf("bot: new engine: Classes are of %s, the Embedder is %s", o.Classes.head.Model, o.Embedder.Model())
	}
	e.languages = primary(o.Languages)
	e.classes = &classifier{embed: o.Embedder, Classes: o.Classes}
	e.speller = newSpeller(o.Embedder, o.Classes)
	var err error
	e.asks, err = shippedAsks()
	return e, err
}

// Threshold is the confidence from which on the engine answers.
func (e *Engine) Threshold() float64 { return e.threshold }

// Judge is the one that the engine asks.
func (e *Engine) Judge() Judge { return e.judge }

// With gives an engine that asks another judge, and answers from that one's
// threshold for the target error on; all else is shared with e.
func (e *Engine) With(j Judge, target float64) *Engine {
	other := *e
	other.judge, other.threshold = j, j.Threshold(target)
	return &other
}

// Decide decides a turn. An error means that the search failed or ctx ended;
// whoever gets one hands over.
func (e *Engine) Decide(ctx context.Context, t Turn) (Decision, error) {
	start := e.now()
	f, err := e.study(ctx, t)
	if err != nil {
		return Decision{}, err
	}
	d := e.decide(f)
	d.Took = e.now().Sub(start)
	return d, nil
}

// Assessment is what the judge sees of a turn: for fitting it.
type Assessment struct {
	Evidence Evidence // nil if nothing was found
	Ranked   []string // external ids, best first
	Settled  string   // the rule that decides the turn, whatever the judge says; "" if none does
	Vectors  bool     // false: words alone were searched
}

// Assess looks at a turn without deciding it.
func (e *Engine) Assess(ctx context.Context, t Turn) (Assessment, error) {
	f, err := e.forTurn().look(ctx, t)
	if err != nil {
		return Assessment{}, err
	}
	a := Assessment{Evidence: f.evidence, Vectors: f.result.Degraded == ""}
	if d, ok := f.settled(); ok {
		a.Settled = d.rule()
	}
	for _, hit := range f.result.Articles {
		a.Ranked = append(a.Ranked, hit.Document.ExternalID)
	}
	return a, nil
}

// findings is all that was found out about a turn before deciding.
type findings struct {
	turn       Turn
	u          understanding
	result     knowledge.Result
	candidates []candidate // the result's articles, in its order
	passage    passage     // of the best article
	second     *passage    // that answers the second question, from another article
	quoted     quoted      // what would be said of it
	evidence   Evidence
	judged     judged
	internal   bool            // an internal article answers it better than any public one
	choice     string          // the title of the article that the customer chose, "" for none
	apart      bool            // both questions of the turn were found to have an answer
	barred     *chat.OffLimits // the rule that keeps the bot out of it; nil: none
	unguarded  bool            // the guards are left out
	vague      bool            // it says yes to an offer of help, and not yet with what
	both       bool            // the answer is out of the first two articles, one of which is right
}

// study looks at a turn, and at each of its questions where it asks two.
func (e *Engine) study(ctx context.Context, t Turn) (findings, error) {
	e = e.forTurn()
	f, err := e.look(ctx, t)
	if err != nil {
		return f, err
	}
	if f, err = e.apart(ctx, f); err != nil {
		return f, err
	}
	if _, settled := f.settled(); settled {
		return f, nil
	}
	return e.either(ctx, f), nil
}

// look understands the turn, searches, and judges what was found. It
// searches whatever the turn is, because a person who takes over wants the
// articles too.
func (e *Engine) look(ctx context.Context, t Turn) (findings, error) {
	if alone, ok := besideOpener(t); ok {
		return e.alone(ctx, alone, t)
	}
	return e.lookAt(ctx, t)
}

// lookAt is look, of the turn as it is.
func (e *Engine) lookAt(ctx context.Context, t Turn) (findings, error) {
	if t.Audience == "" {
		t.Audience = knowledge.AudienceCustomer
	}
	t, choice, _ := picked(t)
	t, vague := accepted(t)
	f := findings{turn: t, vague: vague, barred: t.Barred(), u: e.understand(ctx, t), choice: choice.Text, unguarded: e.lacks(PartGuards)}
	query := f.u.query
	if query == "" {
		query = personal.Mask(clipped(legible(strings.Join(t.Messages, "\n"))))
	}
	if f.choice != "" {
		query += "\n" + f.choice
	}
	err := e.find(ctx, &f, query)
	return f, err
}

// find searches for f's question and judges what it found.
func (e *Engine) find(ctx context.Context, f *findings, query string) (err error) {
	f.result, err = e.search.Search(ctx, f.turn.Workspace, knowledge.Query{
		Text: query, Audience: f.turn.Audience, Prefer: f.turn.Locale, Favour: e.favour(f.u), VectorsOnly: e.lacks(PartWords), Embed: e.embed.EmbedQuery,
	})
	if err != nil {
		return fmt.Errorf("bot: search: %w", err)
	}
	if len(f.result.Articles) == 0 {
		f.passage.lead = -1
		return nil
	}
	f.u.question, f.u.query = knowledge.Respell(f.u.question, f.result.Spelling), knowledge.Respell(f.u.query, f.result.Spelling)
	f.result, f.candidates = e.rerank(ctx, f.u.question, f.result)
	if f.choice != "" {
		toFront(f.result.Articles, f.candidates, f.choice)
	}
	f.passage = passage{hit: f.result.Articles[0], lead: -1}
	if f.u.question != "" { // nothing is quoted for "hello"
		f.passage = e.read(ctx, f.u.question, f.result, f.result.Articles[0])
		f.passage.links = e.links(f.turn.Workspace, f.result.Articles[0].Document)
	}
	f.quoted = f.passage.quote(f.u.question)
	f.u.asks = e.asking(ctx, f.u, f.result)
	f.evidence = evidence(f.u, f.result, f.candidates[0], f.passage)
	f.judged = e.judge.judge(f.evidence, f.result.Degraded == "")
	if f.choice != "" { // it is among these, and the customer knows which
		f.judged.best = f.judged.among
	}
	if f.turn.Audience == knowledge.AudienceCustomer && !e.lacks(PartGuards) {
		f.internal, err = e.internalWins(ctx, f.turn, query, f.result)
	}
	return err
}

// toFront moves the article with a title to the front.
func toFront(articles []knowledge.ArticleHit, candidates []candidate, title string) {
	at := slices.IndexFunc(articles, func(a knowledge.ArticleHit) bool { return strings.EqualFold(a.Document.Title, title) })
	if at <= 0 {
		return
	}
	hit, c := articles[at], candidates[at]
	copy(articles[1:], articles[:at])
	copy(candidates[1:], candidates[:at])
	articles[0], candidates[0] = hit, c
}

const (
	// internalNear is the cosine below which an internal article is not about
	// the question. Of the 152 questions of own and bank_questions that public
	// articles answer, one meets a nearer internal one, and that asks for a person.
	internalNear = .35
)

// internalWins reports whether an internal article answers a question better
// than all that the customer may see.
func (e *Engine) internalWins(ctx context.Context, t Turn, query string, public knowledge.Result) (bool, error) {
	all, err := e.search.Search(ctx, t.Workspace, knowledge.Query{Text: query, Audience: knowledge.AudienceAgent, Prefer: t.Locale, Articles: 3, Embed: e.embed.EmbedQuery})
	if err != nil {
		return false, fmt.Errorf("bot: search internal articles: %w", err)
	}
	if len(all.Articles) == 0 || all.Articles[0].Document.Visibility != knowledge.Internal {
		return false, nil
	}
	inside, _ := bestOf(all.Articles[0])
	outside := 0.0
	for _, a := range public.Articles {
		c, _ := bestOf(a)
		outside = max(outside, c)
	}
	return inside >= internalNear && inside >= outside, nil
}

// aboutIt is the confidence from which on an article counts as being about
// the question, so that what it lacks can be named.
const aboutIt = .25

// decide applies the rules, and then asks the judge.
func (e *Engine) decide(f findings) Decision {
	if d, ok := f.settled(); ok {
		d.Confidence = min(d.Confidence, e.judge.Settled[d.rule()])
		d.Answer.Confidence = d.Confidence
		return d
	}
	switch {
	case f.judged.best >= e.threshold || f.both:
		return e.answer(f)
	case f.mayClarify(e.threshold):
		return f.clarify()
	}
	return f.unanswered(chat.ReasonLowConfidence)
}

// rule names what decided a turn that no probability decided.
func (d Decision) rule() string { return cmp.Or(string(d.Reason), string(d.Action)) }

// settled decides what no probability decides, gravest first; false leaves it
// to the judge.
func (f findings) settled() (Decision, bool) {
	u := f.u
	switch {
	case u.found[classDistress]:
		return f.handOff(chat.ReasonDistress), true
	case u.found[classPerson] && !u.either:
		return f.handOff(chat.ReasonAsked), true
	case u.found[classAttack] && u.question == "":
		return f.refuse(chat.ReasonInject), true
	case u.found[classAbuse] && u.question == "":
		return f.refuse(chat.ReasonAbuse), true
	case f.barred != nil:
		return f.policy(f.barred), true
	case f.vague:
		return f.say(chat.ActionSmallTalk, "", smallTalk(nil)), true
	case u.small() && !f.listed():
		return f.say(chat.ActionSmallTalk, "", smallTalk(u.found)), true
	case u.wordless:
		return f.say(chat.ActionSmallTalk, "", wordlessWords), true
	case u.foreign != "" && !f.inItsLanguage():
		return f.handOff(chat.ReasonLanguage), true
	case f.repeated():
		return f.handOff(chat.ReasonRepeated), true
	case u.ownData:
		return f.handOff(chat.ReasonPersonOnly), true
	case f.internal:
		return f.handOff(chat.ReasonInternal), true
	case f.passage.lead < 0:
		return f.unanswered(chat.ReasonNothingFound), true
	case f.apart, f.passage.hit.List: // looked at each by itself; holds no values, only questions
		return Decision{}, false
	case f.unguarded:
		return Decision{}, false
	case missingName(u.question, f.result.Articles) != "":
		return f.unanswered(chat.ReasonLowConfidence), true
	case f.passage.valueMissing(u.question, f.quoted):
		if f.judged.best >= aboutIt {
			return f.unanswered(chat.ReasonValueMissing), true
		}
		return f.unanswered(chat.ReasonLowConfidence), true
	}
	return Decision{}, false
}

// asGoodAs is the cosine from which on a message says what a phrasing says.
const asGoodAs = .85

// listed reports whether an article says that it answers just this: then what
// sounds like small talk is a question.
func (f findings) listed() bool {
	return len(f.result.Articles) > 0 && f.result.Articles[0].Phrasing.Cosine >= asGoodAs
}

// answer quotes the passage. An answer that does not pass the check is not
// sent: that is a fault, and a person takes over.
func (e *Engine) answer(f findings) Decision {
	q := f.quoted
	if err := q.verify(f.bodies()); err != nil {
		id := f.passage.hit.Document.ExternalID
		e.log.Error("bot: an answer did not pass its check", "article", id, "err", err)
		if e.fault != nil {
			e.fault(id)
		}
		return f.handOff(chat.ReasonFailure)
	}
	d := f.say(chat.ActionAnswer, "", q.text)
	d.Blocks = q.blocks
	d.Answer.Citations, d.Answer.Statements = q.citations, q.statements
	d.Material, d.Core, d.Suggested = e.material(f), q.core, f.suggestion()
	return d
}

// bodies gives the text that each citation's number stands for.
func (f findings) bodies() map[int]string {
	out := map[int]string{1: f.passage.hit.Document.Body}
	if f.second != nil {
		out[2] = f.second.hit.Document.Body
	}
	return out
}

// unanswered is a handoff for want of an answer, with the reason that says
// most about why. What sounds like an attack and is more likely than not about
// nothing that the articles hold is refused: no person needs to see it.
func (f findings) unanswered(reason chat.Reason) Decision {
	switch {
	case (f.u.found[classAttack] || f.u.found[classSuspect]) && f.judged.best < .5:
		return f.refuse(chat.ReasonInject)
	case f.u.found[classPerson]:
		reason = chat.ReasonAsked
	case f.u.found[classAccount]:
		reason = chat.ReasonPersonOnly
	case f.u.found[classOffTopic] && f.judged.best < .5 && !f.declined():
		return f.refuse(chat.ReasonOffTopic)
	}
	d := f.handOff(reason)
	if reason != chat.ReasonPersonOnly {
		d.Answer.Related = f.related()
	}
	return d
}

// declined reports whether the last thing that the bot said was that this is
// off topic: whoever insists gets a person.
func (f findings) declined() bool {
	for i := len(f.turn.History) - 1; i >= 0; i-- {
		if past := f.turn.History[i]; past.Role == RoleBot {
			return say.Is(past.Text, Words(chat.ActionRefuse, chat.ReasonOffTopic))
		}
	}
	return false
}

// sameWords is the share of a question's words that an article in its language
// must hold to be judged at all when the encoder does not know that language.
const sameWords = .8

// inItsLanguage reports whether the best article is in the language of a
// question that the encoder does not know, and holds its words.
func (f findings) inItsLanguage() bool {
	if len(f.result.Articles) == 0 {
		return false
	}
	best := f.result.Articles[0].Document
	tag, _, _ := strings.Cut(best.Locale, "-")
	want := termSet(f.u.foreign, f.u.question)
	return strings.EqualFold(tag, f.u.foreign) && len(want) > 1 && share(want, termSet(f.u.foreign, best.Title+"\n"+best.Body)) >= sameWords
}

func termSet(locale, text string) map[string]bool {
	out := map[string]bool{}
	for _, t := range knowledge.TermsIn(locale, text) {
		out[t] = true
	}
	return out
}

func (f findings) handOff(reason chat.Reason) Decision {
	d := f.say(chat.ActionHandoff, reason, Words(chat.ActionHandoff, reason))
	if reason != chat.ReasonDistress {
		d.Suggested = f.suggestion()
	}
	return d
}

func (f findings) refuse(reason chat.Reason) Decision {
	return f.say(chat.ActionRefuse, reason, Words(chat.ActionRefuse, reason))
}

// say makes a decision with what every decision carries.
func (f findings) say(action chat.Action, reason chat.Reason, text string) Decision {
	d := Decision{
		Action: action, Reason: reason, Confidence: f.judged.best, Text: text, Understood: f.u.query,
		Degraded: strings.TrimPrefix(f.u.degraded+"; "+f.result.Degraded, "; "),
	}
	d.Degraded = strings.TrimSuffix(d.Degraded, "; ")
	for _, a := range f.result.Articles[:min(len(f.result.Articles), 10)] {
		d.Ranked = append(d.Ranked, ranked(a))
	}
	d.Answer = chat.Answer{Action: action, Reason: reason, Confidence: d.Confidence, Knowledge: f.result.Version}
	return d
}

func ranked(a knowledge.ArticleHit) RankedArticle {
	doc := a.Document
	return RankedArticle{
		Article: doc.ID, Version: doc.Version, Number: doc.Number, ExternalID: doc.ExternalID, Title: doc.Title,
		URL: doc.URL, Internal: doc.Visibility == knowledge.Internal, Score: a.Score,
	}
}

// suggestion is the passage as a reply that an agent may send, short enough
// to be read at a glance.
func (f findings) suggestion() *chat.Suggestion {
	if f.passage.lead < 0 || f.passage.hit.Document.Visibility == knowledge.Internal {
		return nil
	}
	q := f.passage.brief(f.u.question)
	if q.verify(map[int]string{1: f.passage.hit.Document.Body}) != nil {
		return nil
	}
	return &chat.Suggestion{Text: q.text, Citations: q.citations}
}

// links gives what finds the articles that doc's links lead to; nil if the
// search knows no addresses.
func (e *Engine) links(ws uuid.UUID, doc *knowledge.Document) func(string) string {
	l, ok := e.search.(Linker)
	if !ok {
		return nil
	}
	return func(href string) string { return l.Link(ws, doc, href) }
}
