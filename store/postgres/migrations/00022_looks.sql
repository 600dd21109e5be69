-- +goose Up

-- Of two people who change an inbox at the same time, the second is told.
ALTER TABLE inboxes ADD COLUMN revision integer NOT NULL DEFAULT 1;

-- +goose Down
ALTER TABLE inboxes DROP COLUMN revision;
