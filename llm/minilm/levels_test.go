package minilm

import (
	"path/filepath"
	"testing"

	"frontdesk/internal/simd"
)

// TestLevelsAgree embeds the same texts with the kernels of every level that
// the processor runs: vectors made on one machine serve on another. It changes
// the level, so it does not run beside other tests.
func TestLevelsAgree(t *testing.T) {
	e := open(t)
	set := readGolden(t, filepath.Join("testdata", "golden.jsonl"))
	before := simd.Level()
	defer use(t, before)
	for i := 0; i < len(set); i += 20 * sample {
		text := set[i].Text
		use(t, before)
		want, err := e.EmbedQuery(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		for _, level := range simd.Levels() {
			use(t, level)
			got, err := e.EmbedQuery(t.Context(), text)
			if err != nil {
				t.Fatal(err)
			}
			for j := range got {
				if d := got[j] - want[j]; d > 1e-5 || d < -1e-5 {
					t.Fatalf("%.60q: value %d is %g at %s, %g at %s", text, j, got[j], level, want[j], before)
				}
			}
		}
	}
}
