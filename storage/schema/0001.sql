-- The first shape of the store. What each table is for, and why it is so, stands in docs/storage-decisions.md.
-- Record: events and the side rows they name. Derived: whatever apply() or a trigger can make again.

CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- The record. `conversation` as recorded; `home` where it counts now (merges move it); `void` once undone.
CREATE TABLE events(
    seq INTEGER PRIMARY KEY,
    type INTEGER NOT NULL,
    at INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    who TEXT NOT NULL,
    conversation INTEGER,
    message INTEGER,
    why TEXT NOT NULL DEFAULT '',
    data TEXT NOT NULL DEFAULT '{}',
    batch INTEGER NOT NULL,
    home INTEGER,
    void INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX events_home ON events(home); -- and in the order of seq, as any index ends with the row's number
CREATE INDEX events_message ON events(message) WHERE type IN (2, 5);
-- What people did, newest last, for undo (2 queued … 16, 20 undone, 21 redone, 24 read); an import's closings are not.
CREATE INDEX events_who ON events(who) WHERE type IN (2, 5, 6, 7, 8, 10, 11, 12, 13, 15, 20, 21, 24) AND who <> 'import';

CREATE TABLE keys(key TEXT PRIMARY KEY, batch INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE settings_versions(version INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL);

CREATE TABLE customers(
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    vip INTEGER NOT NULL DEFAULT 0,
    merged_into INTEGER
);
CREATE TABLE identities(
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    customer INTEGER NOT NULL,
    UNIQUE(kind, value)
);
CREATE INDEX identities_customer ON identities(customer);

CREATE TABLE conversations(
    id INTEGER PRIMARY KEY,
    status TEXT NOT NULL,
    assignee TEXT,
    customer INTEGER,
    channel TEXT NOT NULL,
    mailbox TEXT,
    subject TEXT NOT NULL,
    snippet TEXT NOT NULL,
    first_message INTEGER,
    last_message INTEGER,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    last_from TEXT NOT NULL,
    messages INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    notice INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    vip INTEGER NOT NULL DEFAULT 0,
    upset INTEGER NOT NULL DEFAULT 0,
    waiting_since INTEGER,
    snoozed_until INTEGER,
    held_for TEXT,
    held_until INTEGER,
    closed_at INTEGER,
    closed_why TEXT,
    linked_to INTEGER,
    sending INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    approvals INTEGER NOT NULL,
    suggested INTEGER,
    quarantined INTEGER NOT NULL,
    policy TEXT NOT NULL,
    due_at INTEGER,
    warn_at INTEGER,
    seq INTEGER NOT NULL
);
-- Lists: what has a deadline by urgency, the rest newest first; each index also holds what views ask for.
CREATE INDEX conversations_due ON conversations(due_at, vip DESC, waiting_since, id, status, assignee, notice)
    WHERE due_at IS NOT NULL;
CREATE INDEX conversations_rest ON conversations(last_at, id, status, due_at) WHERE due_at IS NULL;
CREATE INDEX conversations_status ON conversations(status, last_at, id, notice, assignee, waiting_since, due_at);
CREATE INDEX conversations_notices ON conversations(last_at, id)
    WHERE notice = 1 AND status IN ('open', 'waiting', 'held', 'snoozed') AND due_at IS NULL;
CREATE INDEX conversations_rare ON conversations(id)
    WHERE sending > 0 OR failed > 0 OR approvals > 0 OR quarantined = 1 OR suggested IS NOT NULL;
CREATE INDEX conversations_wakes ON conversations(coalesce(snoozed_until, held_until)) WHERE status IN ('snoozed', 'held');
CREATE INDEX conversations_customer ON conversations(customer, last_at, first_at);
CREATE INDEX conversations_running ON conversations(customer) WHERE status IN ('open', 'waiting', 'held', 'snoozed');

CREATE TABLE conversation_tags(tag TEXT, conversation INTEGER, PRIMARY KEY(tag, conversation)) WITHOUT ROWID;
CREATE INDEX conversation_tags_back ON conversation_tags(conversation, tag);
CREATE TABLE conversation_mentions(name TEXT, conversation INTEGER, PRIMARY KEY(name, conversation)) WITHOUT ROWID;
CREATE INDEX conversation_mentions_back ON conversation_mentions(conversation, name);
CREATE TABLE redirects(conversation INTEGER PRIMARY KEY, into_ INTEGER NOT NULL);
CREATE TABLE participants(conversation INTEGER, address TEXT, PRIMARY KEY(conversation, address)) WITHOUT ROWID;

-- Counts of views follow by trigger: one row for each combination that occurs.
CREATE TABLE buckets(
    status TEXT, assignee TEXT, notice INTEGER, unanswered INTEGER, timed INTEGER,
    sending INTEGER, failed INTEGER, approvals INTEGER, quarantined INTEGER, suggested INTEGER, n INTEGER NOT NULL,
    PRIMARY KEY(status, assignee, notice, unanswered, timed, sending, failed, approvals, quarantined, suggested)
) WITHOUT ROWID;

CREATE TRIGGER conversations_added AFTER INSERT ON conversations BEGIN
    INSERT INTO buckets VALUES(
        new.status, coalesce(new.assignee, ''), new.notice, new.waiting_since IS NOT NULL, new.due_at IS NOT NULL,
        new.sending > 0, new.failed > 0, new.approvals > 0, new.quarantined, new.suggested IS NOT NULL, 1
    ) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER conversations_removed AFTER DELETE ON conversations BEGIN
    INSERT INTO buckets VALUES(
        old.status, coalesce(old.assignee, ''), old.notice, old.waiting_since IS NOT NULL, old.due_at IS NOT NULL,
        old.sending > 0, old.failed > 0, old.approvals > 0, old.quarantined, old.suggested IS NOT NULL, -1
    ) ON CONFLICT DO UPDATE SET n = n - 1;
END;
CREATE TRIGGER conversations_changed AFTER UPDATE ON conversations
    WHEN (
        old.status, coalesce(old.assignee, ''), old.notice, old.waiting_since IS NOT NULL, old.due_at IS NOT NULL,
        old.sending > 0, old.failed > 0, old.approvals > 0, old.quarantined, old.suggested IS NOT NULL
    ) IS NOT (
        new.status, coalesce(new.assignee, ''), new.notice, new.waiting_since IS NOT NULL, new.due_at IS NOT NULL,
        new.sending > 0, new.failed > 0, new.approvals > 0, new.quarantined, new.suggested IS NOT NULL
    )
BEGIN
    INSERT INTO buckets VALUES(
        old.status, coalesce(old.assignee, ''), old.notice, old.waiting_since IS NOT NULL, old.due_at IS NOT NULL,
        old.sending > 0, old.failed > 0, old.approvals > 0, old.quarantined, old.suggested IS NOT NULL, -1
    ) ON CONFLICT DO UPDATE SET n = n - 1;
    INSERT INTO buckets VALUES(
        new.status, coalesce(new.assignee, ''), new.notice, new.waiting_since IS NOT NULL, new.due_at IS NOT NULL,
        new.sending > 0, new.failed > 0, new.approvals > 0, new.quarantined, new.suggested IS NOT NULL, 1
    ) ON CONFLICT DO UPDATE SET n = n + 1;
END;

-- Ids follow time, so that newest first is row order.
CREATE TABLE messages(
    id INTEGER PRIMARY KEY,
    conversation INTEGER,
    at INTEGER NOT NULL,
    direction TEXT NOT NULL,
    customer INTEGER,
    attachments INTEGER NOT NULL DEFAULT 0,
    identity BLOB,
    raw INTEGER,
    author TEXT NOT NULL DEFAULT ''
);
CREATE INDEX messages_conversation ON messages(conversation);
CREATE INDEX messages_notes ON messages(conversation) WHERE direction = 'note';
CREATE UNIQUE INDEX messages_identity ON messages(identity) WHERE identity IS NOT NULL;

-- What was read of a message, as one compressed JSON object; wide, so never joined before a filter.
CREATE TABLE details(message INTEGER PRIMARY KEY, data BLOB NOT NULL);

-- Words to messages. Contentless: what was indexed can be made again from details, which deleting needs. The shortest
-- beginnings one may look for (three letters) are those with the most words, and so with an index of their own.
CREATE VIRTUAL TABLE message_fts USING fts5(
    subject, sender, recipients, body, content = '', tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
);
-- What one transaction gathers is written out as one piece, up to this many bytes: a third less work for an import.
INSERT INTO message_fts(message_fts, rank) VALUES('hashsize', 16000000);

-- Raw bytes exactly as received: compressed here, or (data NULL) in a file of raw/ named by their sha256.
CREATE TABLE raws(id INTEGER PRIMARY KEY, sha BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, data BLOB);
CREATE TABLE dictionaries(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, data BLOB NOT NULL);

-- Every Message-ID seen; and those a message referred to when they were not in its conversation: what they name may
-- come later. `sender` is the folded address of who referred to it, '' is us.
CREATE TABLE msgids(message_id TEXT, message INTEGER, PRIMARY KEY(message_id, message)) WITHOUT ROWID;
CREATE TABLE referred(
    message_id TEXT, conversation INTEGER, sender TEXT, PRIMARY KEY(message_id, conversation, sender)
) WITHOUT ROWID;

CREATE TABLE outbox(
    message INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    mailbox TEXT,
    sender TEXT NOT NULL,
    queued_at INTEGER NOT NULL,
    leave_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    trouble TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    first_try INTEGER,
    next_try INTEGER NOT NULL,
    accepted_at INTEGER
);
CREATE INDEX outbox_state ON outbox(state, next_try);
CREATE INDEX outbox_accepted ON outbox(accepted_at) WHERE accepted_at IS NOT NULL;
CREATE INDEX outbox_stuck ON outbox(state) WHERE state NOT IN ('sent', 'undone', 'dropped');
CREATE TABLE outbox_recipients(
    message INTEGER, address TEXT, state TEXT NOT NULL, detail TEXT NOT NULL DEFAULT '',
    PRIMARY KEY(message, address)
) WITHOUT ROWID;

-- Outside the record: where copies lie on servers, how far we have read, what has come and is not placed yet.
CREATE TABLE places(
    mailbox TEXT, folder TEXT, uidvalidity INTEGER, uid INTEGER, message INTEGER, sha BLOB, gone INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(mailbox, folder, uidvalidity, uid)
) WITHOUT ROWID;
CREATE INDEX places_message ON places(message);
CREATE TABLE cursors(
    mailbox TEXT, folder TEXT, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,
    history INTEGER NOT NULL, -- UIDs up to this one were there when the folder was first seen
    PRIMARY KEY(mailbox, folder)
) WITHOUT ROWID;
CREATE TABLE arrivals(
    id INTEGER PRIMARY KEY,
    mailbox TEXT NOT NULL, folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,
    at INTEGER NOT NULL, history INTEGER NOT NULL, raw INTEGER NOT NULL, use TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, oddity TEXT NOT NULL DEFAULT ''
);
CREATE TABLE jobs(
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    fence INTEGER,
    trouble TEXT NOT NULL DEFAULT '',
    UNIQUE(kind, data)
);
CREATE INDEX jobs_run ON jobs(run_at);
CREATE TABLE fences(name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;

-- What ANALYZE would find in a large workspace, written down: the same plans in every one, from its first day on.
ANALYZE;
DELETE FROM sqlite_stat1; -- an index of words that was two rows long would be scanned for ever after
INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES
    ('conversations', 'conversations_due', '5000 2 2 1 1 1 1 1'),
    ('conversations', 'conversations_rest', '200000 1 1 1 1'),
    ('conversations', 'conversations_status', '200000 40000 1 1 1 1 1 1'),
    ('conversations', 'conversations_notices', '1000 1 1'),
    ('conversations', 'conversations_rare', '10 1'),
    ('conversations', 'conversations_customer', '200000 4 1 1'),
    ('conversations', 'conversations_running', '5000 2');
