package ground

import (
	"regexp"
	"strings"
)

const (
	// chatterWords bounds a sentence that states nothing.
	chatterWords = 16
)

// connectives are the sentences that state nothing. Each is of closed words: what a
// visitor's case is about can never be part of them.
var connectives = regexp.MustCompile(`(?i)^(` + strings.Join([]string{
	// Empathy.
	`(oh,? )?(i'?m|i am|we'?re|we are)( really| very| so| truly)? sorry( to hear (that|this|about that)| about (that|this|the (trouble|inconvenience|confusion|wait|delay))| for (that|this|the (trouble|inconvenience|confusion|wait|delay)|any (trouble|inconvenience|confusion)))?( happened( to you)?)?`,
	`(sorry|apologies|my apologies)( about that| for (that|the (trouble|inconvenience|confusion|wait)))?`,
	`(i'?m|i am)( really| very| so)? sorry that (happened|happened to you|you had this trouble|you are having trouble|you'?re having trouble)`,
	`(i|we)( can)?( fully| completely| totally| really)? (understand|see|know|appreciate)( (how|that|why) (frustrating|annoying|confusing|stressful|worrying|disappointing|inconvenient|upsetting|unpleasant) (this|that|it) (is|can be|must be|may be)|( (this|that|it) (is|can be|must be|may be) (frustrating|annoying|confusing|stressful|worrying|disappointing|inconvenient|upsetting|unpleasant))?( for you)?)`,
	`(that|this|it)( really)? (sounds|must be|is|can be)( really| very| quite)? (frustrating|annoying|confusing|stressful|worrying|disappointing|inconvenient|upsetting|unpleasant|a nuisance)( for you)?`,
	`don'?t worry( about (it|that))?|no (worries|problem)( at all)?|not to worry`,
	// Thanks and greetings.
	`(hello|hi|hey|good (morning|afternoon|evening)|welcome)( there| again)?`,
	`(thank you|thanks)( so much| very much| a lot)?( for (asking|your (question|message|patience|interest|understanding)|(reaching out|writing|getting in touch|contacting us|waiting|letting (me|us) know)))?`,
	`(that'?s|that is|what) a (good|great|fair) question|(good|great) question`,
	`you'?re (very |most )?welcome|my pleasure|with pleasure|(i'?m |i am |we'?re |we are )?(happy|glad|pleased) to help( you)?( with (that|this))?( out)?`,
	`(of course|sure|certainly|absolutely|gladly|okay|ok|alright|all right|great|perfect|understood|got it|good news|right|yes of course)`,
	// What leads on.
	`(here'?s|here is|here are|this is|these are|below (is|are)|see below)( (how|what|why|the (answer|steps|details|way|list|options?|instructions?)|some (details|options)|a (short |quick )?(summary|overview|answer|guide)|how (it works|you (can )?do (it|that|this)|to do (it|that|this)|(it|that|this) works)|what (to do|you can do|you need to (do|know)|i (found|know)|we (recommend|suggest))))?`,
	`(let me|i can|i'?ll|i will|allow me to)( gladly| quickly| briefly)? (explain|help|help you|help you with (that|this)|walk you through (it|this|that|the steps)|summari[sz]e)`,
	`(just |simply |please )?(follow|take|try) (these|the( following)?) (simple |few )?steps`,
	`to do (so|that|this|it)|in short|in a nutshell|the short answer`,
	// What closes.
	`(i|we) hope (this|that|it) (helps|answers your question|was helpful|is helpful|clears (this|that|it|things) up)( you)?`,
	`(please )?(let (me|us) know|tell (me|us)|(just )?ask|feel free to ask|don'?t hesitate to ask|write here)( if| whether| in case)?( (there'?s|there is)| you have| you need)?( (anything|something) else| any (other|more|further)? ?questions?| more (help|questions)| further (help|questions)| (that|this|it) (helps?|works?|solves it))?( (i|we) can (help|do)( you)?( with)?( for you)?| you need| you'?d like to know| you want to know)?`,
	`(is there|do you have|can i help with) (anything|something) else( (i|we) can (help|do)( you)?( with)?( for you)?| you need| you'?d like to know)?|anything else`,
	`have a (nice|great|good|lovely) (day|evening|weekend|one)( ahead)?|take care|all the best|(good)?bye|see you`,
}, "|") + `)( (here|today|now|too|again|then|please|first|below))?\W*$`)

// chatter reports whether a sentence states nothing: one or two connectives.
func chatter(plain string) bool {
	plain = strings.NewReplacer("’", "'", "‘", "'").Replace(plain)
	if len(strings.Fields(plain)) > chatterWords || strings.ContainsAny(plain, "0123456789@€$£%/") {
		return false
	}
	for _, part := range cutChatter.Split(plain, -1) {
		if part = strings.TrimSpace(part); part != "" && !connectives.MatchString(part) {
			return false
		}
	}
	return true
}

var cutChatter = regexp.MustCompile(`[,;:!.—–]+ +|[,;:!.—–]+$| - `)
