-- Receiving for good: first readings from the newest to the oldest.

-- Of a folder, UIDs from `low` up to `uid` are here; those below `low` are still to come.
ALTER TABLE cursors ADD COLUMN low INTEGER NOT NULL DEFAULT 1;
