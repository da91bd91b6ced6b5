-- Receiving for good: first readings from the newest to the oldest.

-- Of a folder, UIDs from `low` up to `uid` are here; those below `low` are still to come.
ALTER TABLE cursors ADD COLUMN low INTEGER NOT NULL DEFAULT 1;

-- Blocked senders. What people did, for undo, now with 31 blocked and 32 unblocked.
DROP INDEX events_who;
CREATE INDEX events_who ON events(who)
    WHERE type IN (2, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 24, 31, 32, 35, 37, 38, 40, 41, 42, 43, 45, 46, 47, 49, 50, 51, 52, 53, 54, 55) AND who <> 'import';
-- Who is blocked is what the last word about an address says. It is read from the record itself, where it cannot differ.
CREATE INDEX events_blocks ON events(json_extract(data, '$.address'), seq) WHERE type IN (31, 32);
CREATE VIEW blocked AS
    SELECT json_extract(e.data, '$.address') AS address, e.who, e.at FROM events e
    WHERE e.type IN (31, 32) AND e.type = 31 AND e.void = 0
        AND json_extract(e.data, '$.address') <> '(erased)' AND NOT EXISTS ( -- as inbox/erasing.py calls what is gone
        SELECT 1 FROM events later WHERE later.type IN (31, 32) AND later.void = 0 AND later.seq > e.seq
            AND json_extract(later.data, '$.address') = json_extract(e.data, '$.address')
    );

-- Senders who are always or never a notice: the last word about an address decides.
CREATE INDEX events_rulings ON events(json_extract(data, '$.address'), seq) WHERE type = 35;

-- What nobody wrote: to whom it went, and to whom nothing automatic goes for a while.
CREATE INDEX events_automatic ON events(json_extract(data, '$.automatic'), at)
    WHERE type = 2 AND json_extract(data, '$.automatic') IS NOT NULL;
CREATE INDEX events_loops ON events(json_extract(data, '$.address')) WHERE type = 39;

-- Large messages: their beginning first, then the rest. The size of a message of which only the beginning is here, as
-- the server said it; 0: all of it is here. Of a place it stays, and `sha` is that of the beginning.
ALTER TABLE messages ADD COLUMN coming INTEGER NOT NULL DEFAULT 0;
ALTER TABLE arrivals ADD COLUMN coming INTEGER NOT NULL DEFAULT 0;
ALTER TABLE places ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
CREATE INDEX places_large ON places(sha, size) WHERE size > 0;
-- One row for each beginning of that size, wherever copies of it lie: coming, gone (deleted before all of it came), whole,
-- or erased here. `came` is the digest of what came when it was not as long as the server had said.
CREATE TABLE wholes(
    id INTEGER PRIMARY KEY,
    sha BLOB NOT NULL,
    size INTEGER NOT NULL,
    at INTEGER NOT NULL, history INTEGER NOT NULL, use TEXT NOT NULL, -- as of the first copy, see arrivals
    message INTEGER,
    state TEXT NOT NULL DEFAULT 'coming',
    came BLOB,
    UNIQUE(sha, size)
);
CREATE INDEX wholes_message ON wholes(message);
-- By what a message was known while only its beginning was here: copies of it come that way for ever.
CREATE TABLE beginnings(identity BLOB PRIMARY KEY, message INTEGER NOT NULL) WITHOUT ROWID;

-- Of a folder that was numbered anew: what the server received from this instant on came since the last look, and is no
-- history, though it lay there when the folder was first seen under its new numbers.
ALTER TABLE cursors ADD COLUMN live_from INTEGER;

-- What was erased here though its mail may lie on a server still: by what it would be known again, and nothing else.
CREATE TABLE tombstones(identity BLOB PRIMARY KEY) WITHOUT ROWID;

-- Addresses, folded, where nobody is: when a server told so, and in what words.
CREATE TABLE refused(address TEXT PRIMARY KEY, at INTEGER NOT NULL, words TEXT NOT NULL) WITHOUT ROWID;

-- Sending. Bulk mail waits behind answers. When whoever wrote a message was told that it is not delivered yet.
ALTER TABLE outbox ADD COLUMN bulk INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN turn INTEGER NOT NULL DEFAULT 0; -- the order of writing, whatever a clock says
CREATE INDEX outbox_turn ON outbox(turn);
ALTER TABLE outbox ADD COLUMN told_at INTEGER;
-- What the server of a mailbox allows: until when it takes no more mail and why, how often in a row it has said so, and
-- the largest message it takes, in bytes.
CREATE TABLE sending_limits(
    mailbox TEXT PRIMARY KEY, paused_until INTEGER, pauses INTEGER NOT NULL DEFAULT 0, why TEXT NOT NULL DEFAULT '',
    largest INTEGER
) WITHOUT ROWID;

-- Whom one could write to, by the beginning of a name, of a last name, of an address (0001) or of a domain.
CREATE INDEX customers_folded ON customers(folded);
CREATE INDEX customers_last_name ON customers(substr(folded, instr(folded, ' ') + 1));
CREATE INDEX identities_domain ON identities(substr(value, instr(value, '@') + 1)) WHERE kind = 'mail';
-- Telephone numbers that customers have written below a mail, or others in a field of theirs (message 0): who has one of
-- them may be the same, which is only suggested.
CREATE TABLE written_numbers(number TEXT NOT NULL, customer INTEGER NOT NULL, message INTEGER NOT NULL);
CREATE INDEX written_numbers_ending ON written_numbers(substr(number, -7));
CREATE INDEX written_numbers_customer ON written_numbers(customer);
CREATE INDEX identities_phone ON identities(substr(value, -7)) WHERE kind = 'phone'; -- whoever calls

-- Promises and follow-ups: the oldest that are open, and when one of them brings a conversation back.
ALTER TABLE conversations ADD COLUMN promised_until INTEGER;
ALTER TABLE conversations ADD COLUMN follow_up_at INTEGER;
ALTER TABLE conversations ADD COLUMN wakes_at INTEGER;
CREATE INDEX conversations_promised ON conversations(promised_until) WHERE promised_until IS NOT NULL;
-- Where something was ever promised: what became of it is told of each customer.
CREATE INDEX events_promises ON events(home) WHERE type = 40;
CREATE INDEX conversations_pledge_wakes ON conversations(wakes_at) WHERE wakes_at IS NOT NULL;

-- Customers. What a person says of one (name, note, an address) lies beside the event that says so, where it can be
-- erased; what stands in `customers` and `identities` follows from these, and from who was joined with whom.
CREATE TABLE customer_texts(event INTEGER NOT NULL, field TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX customer_texts_event ON customer_texts(event);
ALTER TABLE customers ADD COLUMN said TEXT; -- the name their mail gives; NULL: `name`, which nobody changed
ALTER TABLE customers ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN tags TEXT NOT NULL DEFAULT ''; -- with spaces between
ALTER TABLE customers ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN form TEXT NOT NULL DEFAULT '';
-- Whose an identity was when it became known (NULL: `customer`, which is whose it is since some were joined), and the
-- event by which a person said so.
ALTER TABLE identities ADD COLUMN owner INTEGER;
ALTER TABLE identities ADD COLUMN said_by INTEGER;
CREATE INDEX customers_merged ON customers(merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX identities_owner ON identities(owner) WHERE owner IS NOT NULL;
-- Addresses that differ in dots and plus tags alone may be one person's: that is only suggested.
CREATE INDEX identities_alike ON identities(
    replace(substr(value, 1, min(instr(value || '@', '@'), instr(value || '+', '+')) - 1), '.', '')
        || substr(value, instr(value || '@', '@'))
) WHERE kind = 'mail';
CREATE INDEX events_joined ON events(json_extract(data, '$.from')) WHERE type = 18;
CREATE INDEX events_edited ON events(json_extract(data, '$.customer')) WHERE type = 19;
ALTER TABLE conversations ADD COLUMN marked INTEGER NOT NULL DEFAULT 0; -- who wrote here may be somebody else

-- What was joined and parted, where it counts now: what people have parted is not joined again by itself.
CREATE INDEX events_moves ON events(home) WHERE type IN (14, 15);
-- In the place of `referred` (which keeps what was there before): the ids a message refers to that are not answered in
-- its conversation, by message, so that they go where it goes.
CREATE TABLE refers(message_id TEXT, message INTEGER, sender TEXT, PRIMARY KEY(message_id, message)) WITHOUT ROWID;
-- Since when somebody takes part in a conversation; 0: from before anybody noted it.
ALTER TABLE participants ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
-- The last event of the record when a conversation was told: as long as it stands there, what was read of it is true.
ALTER TABLE conversations ADD COLUMN told INTEGER NOT NULL DEFAULT 0;

-- Alerts. How far deadlines and the record were looked at for a person and one way of telling ("screen", "mail",
-- "command"), and when that way last told something; what it told, so that nobody hears of a thing twice, whoever looks.
CREATE TABLE alert_marks(
    who TEXT, way TEXT, up_to INTEGER NOT NULL, seq INTEGER NOT NULL, told_at INTEGER, PRIMARY KEY(who, way)
) WITHOUT ROWID;
CREATE TABLE alerted(who TEXT, way TEXT, what TEXT, at INTEGER NOT NULL, PRIMARY KEY(who, way, what)) WITHOUT ROWID;
CREATE INDEX alerted_at ON alerted(at);
-- Alerts that leave by mail: "queued", "data" once the server may have one (it never goes again), "sent", "failed".
CREATE TABLE alert_mails(
    id INTEGER PRIMARY KEY, address TEXT NOT NULL, words TEXT NOT NULL, message_id TEXT NOT NULL, at INTEGER NOT NULL,
    state TEXT NOT NULL, run_at INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX alert_mails_queued ON alert_mails(run_at) WHERE state = 'queued';
CREATE INDEX alert_mails_at ON alert_mails(address, at);
CREATE INDEX conversations_warn ON conversations(warn_at) WHERE warn_at IS NOT NULL;

-- Nothing out of sight: spam of the server or a block of which no person has said so; where a customer waits and nothing
-- says so, of which there should be none; and whom we have answered.
ALTER TABLE conversations ADD COLUMN unjudged INTEGER NOT NULL DEFAULT 0;
CREATE INDEX conversations_hidden ON conversations(id, status, unjudged, customer, quarantined)
    WHERE waiting_since IS NOT NULL AND notice = 0 AND (
        status IN ('waiting', 'held', 'snoozed') AND due_at IS NULL AND sending = 0 AND approvals = 0 AND failed = 0
            AND held_until IS NULL AND snoozed_until IS NULL
        OR status = 'spam' AND unjudged = 1
    );
CREATE INDEX conversations_known ON conversations(customer) WHERE answered = 1;

-- In the order of lists those for whom nobody waits (a promise falls due) come after those who wait, and who is upset or
-- a VIP before both.
DROP INDEX conversations_due;
CREATE INDEX conversations_due
    ON conversations(due_at, max(vip, upset) DESC, coalesce(waiting_since, 9223372036854775807), id, status, assignee, notice)
    WHERE due_at IS NOT NULL;
INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES('conversations', 'conversations_due', '5000 2 2 1 1 1 1 1');

-- Who wants answers only: no announcements, and no question how it was.
ALTER TABLE customers ADD COLUMN stop INTEGER NOT NULL DEFAULT 0;

-- Closing well: whose doing it was and where a customer was referred, how often something was given, what the customer
-- answered last when asked how it was, and when they were asked.
ALTER TABLE conversations ADD COLUMN cause TEXT;
ALTER TABLE conversations ADD COLUMN referred TEXT;
ALTER TABLE conversations ADD COLUMN goodwill INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN score INTEGER;
ALTER TABLE conversations ADD COLUMN asked_at INTEGER;
CREATE INDEX conversations_goodwill ON conversations(id) WHERE goodwill > 0;
CREATE INDEX conversations_score ON conversations(score) WHERE score IS NOT NULL;
-- What was given to a customer, and what they were asked and answered, as of whose it was then.
CREATE INDEX events_goodwill ON events(json_extract(data, '$.customer')) WHERE type = 37;
CREATE INDEX events_given ON events(who, at) WHERE type = 37;
CREATE INDEX events_feedback ON events(json_extract(data, '$.customer')) WHERE type = 48;
-- Closed conversations that one may ask about, by when they were closed: each is looked at once.
CREATE INDEX conversations_askable ON conversations(closed_at, id)
    WHERE status = 'closed' AND answered = 1 AND notice = 0 AND closed_why IN ('resolved', 'thanks');

-- Issues: one cause of many conversations. What they are called and what they say lies beside their events, where it can
-- be erased; to which one a conversation is linked; what customers were told of it, each telling by its digest.
CREATE TABLE issue_texts(event INTEGER NOT NULL, field TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX issue_texts_event ON issue_texts(event);
CREATE INDEX events_issues ON events(json_extract(data, '$.issue'), seq) WHERE type = 45;
ALTER TABLE conversations ADD COLUMN issue TEXT;
CREATE INDEX conversations_issue ON conversations(issue) WHERE issue IS NOT NULL;
CREATE INDEX events_told ON events(json_extract(data, '$.telling'), json_extract(data, '$.customer'), home)
    WHERE type = 2 AND json_extract(data, '$.telling') IS NOT NULL;
-- Words of which far more customers write than usually do: as they were last looked for.
CREATE TABLE spikes(
    words TEXT PRIMARY KEY, count INTEGER NOT NULL, since INTEGER NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;

-- What is mere thanks, to which nobody answers; and when the next message goes that no person writes: a nudge or a check-in.
ALTER TABLE conversations ADD COLUMN thanks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN nudge_at INTEGER;
CREATE INDEX conversations_thanks ON conversations(id) WHERE thanks = 1;
CREATE INDEX conversations_nudge ON conversations(nudge_at) WHERE nudge_at IS NOT NULL;

-- Rules. Since which event and instant each counts, and why it has stopped itself; for what each has run, so that nothing is
-- done twice; and what is to be done after the commit: "waiting", "begun" (it may have been done, and never is again),
-- "done", "failed", "dropped". How far the record and time were looked at stands in `meta`.
CREATE TABLE rules(
    name TEXT PRIMARY KEY, mark TEXT NOT NULL, since INTEGER NOT NULL, at INTEGER NOT NULL,
    stopped TEXT NOT NULL DEFAULT '', stopped_at INTEGER, fired INTEGER NOT NULL DEFAULT 0, fired_at INTEGER
) WITHOUT ROWID;
CREATE TABLE rule_runs(rule TEXT, cause TEXT, batch INTEGER NOT NULL, PRIMARY KEY(rule, cause)) WITHOUT ROWID;
CREATE TABLE rule_calls(
    id INTEGER PRIMARY KEY, rule TEXT NOT NULL, mark TEXT NOT NULL, action INTEGER NOT NULL, event INTEGER NOT NULL,
    conversation INTEGER, at INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', trouble TEXT NOT NULL DEFAULT ''
);
CREATE INDEX rule_calls_waiting ON rule_calls(id) WHERE state = 'waiting';
CREATE INDEX rule_calls_failed ON rule_calls(id) WHERE state IN ('failed', 'dropped');
-- Whom rules gave something last, for taking turns.
CREATE INDEX events_turns ON events(json_extract(data, '$.to')) WHERE type = 6 AND who = 'rules';

-- What replies were made with: saved replies and articles of the team's knowledge.
CREATE INDEX events_used ON events(message) WHERE type IN (2, 51) AND json_extract(data, '$.used') IS NOT NULL;
CREATE INDEX events_sent ON events(message) WHERE type = 3;

-- Handed over: the event by which it was, until who got it acts. What people did, by when: the activity of a day.
ALTER TABLE conversations ADD COLUMN handed INTEGER;
CREATE INDEX events_acts ON events(at)
    WHERE type IN (2, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 24, 29, 30, 31, 32, 35, 37, 38, 40, 41, 42, 43, 45, 46, 47, 49, 50, 51, 52, 53, 54, 55) AND who <> 'import';

-- Own fields of a customer, as JSON; "" where there are none. As all people say of one, they follow from events 19.
ALTER TABLE customers ADD COLUMN fields TEXT NOT NULL DEFAULT '';

-- Chats. Each goes by what its format calls it; of each line, in which chat it stands and which message it became. What is
-- here already is told by a line's id; where the next one belongs by its neighbours.
CREATE TABLE chats(
    id INTEGER PRIMARY KEY, format TEXT NOT NULL, key TEXT NOT NULL, title TEXT NOT NULL DEFAULT '', UNIQUE(format, key)
);
CREATE TABLE chat_lines(
    chat INTEGER, line TEXT, at INTEGER NOT NULL, topic TEXT, message INTEGER NOT NULL, PRIMARY KEY(chat, line)
) WITHOUT ROWID;
CREATE INDEX chat_lines_at ON chat_lines(chat, at, message);
CREATE INDEX chat_lines_line ON chat_lines(line);
CREATE INDEX chat_lines_message ON chat_lines(message);
CREATE INDEX chat_lines_topic ON chat_lines(chat, topic) WHERE topic IS NOT NULL;

-- Erased: when what a message said, and who a customer was, went for good. Of a customer what is needed until nothing of
-- theirs is left: their addresses and names; "begun", "gone" (bytes of it may stand in the log of the database), "done".
-- Files of raw/ that no row names any more, until they are removed.
ALTER TABLE messages ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN stripped INTEGER NOT NULL DEFAULT 0; -- its bytes and attachments went, its words stay
ALTER TABLE customers ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
CREATE TABLE erasures(event INTEGER PRIMARY KEY, customer INTEGER NOT NULL, who TEXT NOT NULL, words TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE erased_files(sha BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE INDEX events_erased ON events(home) WHERE type = 62;

-- Which way a person's action came in, by the number of its batch: "screen", "command close", "… over SSH".
CREATE TABLE ways(batch INTEGER PRIMARY KEY, way TEXT NOT NULL);
CREATE INDEX events_undone ON events(seq) WHERE type = 20;

-- Restricted mailboxes: those that only some may see, with their addresses, and up to which event the record was looked
-- through for what came there before; who may see each; the conversations in which anything came to one or left from it,
-- and the customers these name. What a person may not see is left out where they read (storage/seen_by.py).
CREATE TABLE restricted_mailboxes(
    mailbox TEXT PRIMARY KEY, addresses TEXT NOT NULL, is_first INTEGER NOT NULL,
    looked INTEGER NOT NULL, up_to INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE may_see(mailbox TEXT, name TEXT, PRIMARY KEY(mailbox, name)) WITHOUT ROWID;
CREATE TABLE restricted(conversation INTEGER, mailbox TEXT, PRIMARY KEY(conversation, mailbox)) WITHOUT ROWID;
CREATE TABLE restricted_people(
    customer INTEGER, conversation INTEGER, PRIMARY KEY(customer, conversation)
) WITHOUT ROWID;
CREATE INDEX restricted_people_back ON restricted_people(conversation);
