-- +goose Up

-- What the customer's browser says that it is, when the conversation began.
ALTER TABLE conversations ADD COLUMN device TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE conversations DROP COLUMN device;
