package minilm

import (
	"runtime"
	"syscall"
)

const (
	// nice is what documents are worth to the system's scheduler: a thread
	// that wakes for a customer takes the processor from them at once, instead
	// of after their time slice of some milliseconds, and what else runs in
	// the process gets ten times their share. Alone they have it all.
	nice = 10

	// stepsPerYield: a goroutine that is tied to its thread yields by two
	// switches of threads, so it does so about once a millisecond.
	stepsPerYield = 64
)

// background ties the calling goroutine to its thread and lowers that thread's
// priority. Both end together, since priority cannot be taken back. A system
// that refuses leaves it as it was; documents then only wait between steps.
func background() {
	runtime.LockOSThread()
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, nice) // 0 is this thread, on Linux
}
