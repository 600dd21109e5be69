package rule

import "time"

// Day is the day of t in UTC, counted from 1970: what counts by day are kept under.
func Day(t time.Time) int { return int(t.Unix() / int64((24 * time.Hour).Seconds())) }
