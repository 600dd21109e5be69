// Package storetest is the conformance suite of store.Store: one case for
// each sentence of the contract, run by the tests of every store. Only tests
// may import it.
//
// Each case has fresh data with two workspaces. The one beside it holds
// similar things under the same ids; after the case it must be as it was.
package storetest

import (
	"context"
	"testing"

	"frontdesk/store"
)

// Backend is a store as the suite sees it. Both functions may be called
// concurrently.
type Backend struct {
	// New makes fresh, empty data that lives as long as the test, and gives its
	// address: a folder, a database's URL.
	New func(t testing.TB) string
	// Open opens the data at address; the suite closes what it gives. Opening the
	// same address again after that proves durability, also from another process
	// (see Crash).
	Open func(ctx context.Context, address string, o store.Options) (store.Store, error)
}

// group is a named list of cases about one part of the contract.
type group struct {
	name  string
	cases []testCase
}

type testCase struct {
	name string
	run  func(t *testing.T, w *world)
}

// Run holds b to the contract.
func Run(t *testing.T, b Backend) {
	groups := []group{
		{"Tenancy", tenancyCases},
		{"Log", logCases},
		{"Rules", ruleCases},
		{"Concurrent", concurrentCases},
		{"Fence", fenceCases},
		{"Transition", transitionCases},
		{"Model", modelCases},
		{"Desk", deskCases},
		{"Inbox", inboxCases},
		{"Filters", filterCases},
		{"Tags", tagCases},
		{"Search", searchCases},
		{"Wait", waitCases},
		{"Promises", promiseCases},
		{"People", peopleCases},
		{"Identities", identityCases},
		{"Codes", codeCases},
		{"Merges", mergeCases},
		{"Visitors", visitorCases},
		{"Mails", mailCases},
		{"Staff", staffCases},
		{"Audit", auditCases},
		{"Media", mediaCases},
		{"Articles", articleCases},
		{"ArticleLists", articleListCases},
		{"Questions", questionCases},
		{"Vectors", vectorCases},
		{"Glossary", glossaryCases},
		{"Trust", trustCases},
		{"Work", workCases},
		{"Blobs", blobCases},
		{"Files", fileCases},
		{"Answers", answerCases},
		{"Calls", callCases},
		{"Settings", settingCases},
		{"Spending", spendingCases},
		{"Facts", factCases},
		{"Feedback", feedbackCases},
		{"Turns", turnCases},
		{"Memories", memoryCases},
		{"Talk", talkCases},
		{"Signals", signalCases},
		{"Lifecycle", lifecycleCases},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range g.cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.run(t, newWorld(t, b))
				})
			}
		})
	}
}
