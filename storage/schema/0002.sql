-- Receiving for good: first readings from the newest to the oldest.

-- Of a folder, UIDs from `low` up to `uid` are here; those below `low` are still to come.
ALTER TABLE cursors ADD COLUMN low INTEGER NOT NULL DEFAULT 1;

-- Blocked senders. What people did, for undo, now with 31 blocked and 32 unblocked.
DROP INDEX events_who;
CREATE INDEX events_who ON events(who)
    WHERE type IN (2, 5, 6, 7, 8, 10, 11, 12, 13, 15, 20, 21, 24, 31, 32) AND who <> 'import';
-- Who is blocked is what the last word about an address says. It is read from the record itself, where it cannot differ.
CREATE INDEX events_blocks ON events(json_extract(data, '$.address'), seq) WHERE type IN (31, 32);
CREATE VIEW blocked AS
    SELECT json_extract(e.data, '$.address') AS address, e.who, e.at FROM events e
    WHERE e.type IN (31, 32) AND e.type = 31 AND e.void = 0 AND NOT EXISTS (
        SELECT 1 FROM events later WHERE later.type IN (31, 32) AND later.void = 0 AND later.seq > e.seq
            AND json_extract(later.data, '$.address') = json_extract(e.data, '$.address')
    );
