//go:build !unix

package minilm

import "time"

var began = time.Now()

func processTime() time.Duration { return time.Since(began) }
