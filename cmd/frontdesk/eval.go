package main

type evalCmd struct {
	Run     evalRunCmd     `cmd:"" help:"Ask every question of a set, as conversations would."`
	Score   evalScoreCmd   `cmd:"" help:"Score a run against its questions."`
	Compare evalCompareCmd `cmd:"" help:"Say what changed from one run to another."`
	Report  evalReportCmd  `cmd:"" help:"Write a run as a page of HTML: charts, every measure, the worst questions."`
	Check   evalCheckCmd   `cmd:"" help:"Ask this installation pinned questions, whose answers are laid down."`
	Replay  evalReplayCmd  `cmd:"" help:"Answer this installation's own conversations again, and compare."`
	Shadow  evalShadowCmd  `cmd:"" help:"Answer a help desk's history in silence, and compare with its agents."`
	Lies    evalLiesCmd    `cmd:"" help:"Make lies out of articles, and count how many pass the check of a model's sentences."`
	Certify evalCertifyCmd `cmd:"" help:"Bound how often answers are wrong, on questions held back."`
}

// Help shows an example.
func (evalCmd) Help() string {
	return `A set is a file of articles and one of questions with what is right for each.

  frontdesk eval run --articles articles.jsonl --queries queries.jsonl --out run.jsonl --cache vectors
  frontdesk eval score --queries queries.jsonl --run run.jsonl
  frontdesk eval compare before.jsonl run.jsonl --queries queries.jsonl
  frontdesk eval report --queries queries.jsonl --run run.jsonl --baseline before.jsonl --out report.html`
}
