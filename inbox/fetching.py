"""What is new in a mailbox on its server, step by step: folders looked into, messages fetched, nothing written yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from inbox.channels.imap import Connection, Folder
from inbox.channels.imap_fetching import Fetched
from inbox.channels.plan import EMPTIED, Cursor, Plan, Signs, plan
from inbox.channels.trouble import ServerSaidNo
from inbox.model import Instant
from inbox.ports import Kept
from inbox.settings import Mailbox
from inbox.text import one_line

INBOX = "INBOX"
WATCHED = ("inbox", "sent", "junk")
"""Folders that are read when the settings name none, by their use."""
AT_ONCE = 500
BYTES_AT_ONCE = 8 * 1024 * 1024
"""Messages of one step, and their bytes; of a large one only the beginning is among them."""


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of news of a folder; all of them are to be taken in in the order in which they came.

    begin: read the folder from its last message down; what lies there up to this UID is history.
    vanished: UIDs that are no longer there.
    kept: messages with their bytes; `up_to` is the highest UID looked at, `down_to` the lowest from which on all are
    here now (None: that has not changed).
    done, of: how many messages of the mailbox have come with this step, and how many will.
    newest: the latest instant at which the server says it received one of them.
    question: for a person; nothing else is in such a step but `refused`, UIDs of which the server gives nothing.
    """

    folder: str = ""
    use: str = ""
    uidvalidity: int = 0
    begin: int | None = None
    vanished: tuple[int, ...] = ()
    kept: tuple[Kept, ...] = ()
    up_to: int = 0
    down_to: int | None = None
    done: int = 0
    of: int = 0
    newest: Instant | None = None
    question: str = ""
    refused: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """What there is to fetch of one folder, in pieces: first what came since, then what is missing, newest first."""

    mailbox: str
    folder: Folder
    uidvalidity: int
    fresh: tuple[int, ...]
    older: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, mailbox: str, folder: Folder, todo: Plan, next_uid: int) -> _Reading:
        fresh = tuple(uid for uid in todo.new if uid >= next_uid)
        older = [uid for uid in todo.new if uid < next_uid]
        pieces = [tuple(older[max(0, end - AT_ONCE) : end]) for end in range(len(older), 0, -AT_ONCE)]
        return cls(mailbox, folder, todo.uidvalidity, fresh, tuple(pieces))

    @property
    def count(self) -> int:
        """How many messages there are to fetch."""
        return len(self.fresh) + sum(map(len, self.older))


def news(
    connection: Connection,
    mailbox: Mailbox,
    cursors: Mapping[str, Cursor],
    now: Instant,
    cancelled: Callable[[], bool] = lambda: False,
    only: str | None = None,
    quiet: dict[str, Signs] | None = None,
    answered: Collection[str] = (),
) -> Generator[Step, None, None]:
    """What is new in every watched folder, compared with how far each was read (`cursors`, by the folder's name).

    Of each folder the newest come first, before the rest of any: work can begin while old mail still comes. Sent comes
    before all others: what was answered elsewhere is known early, and copies of it in other folders are believed. With
    `only` that folder alone is looked into. `quiet` is kept up here: folders that brought nothing, with their signs; as
    long as those are the same, a folder is not opened again. `answered`: questions whether a folder may be empty to
    which a person has said yes.
    """
    readings = []
    for found in _look(connection, mailbox, cursors, only, {} if quiet is None else quiet, answered):
        if cancelled():
            return
        if isinstance(found, Step):
            yield found
        else:
            readings.append(found)
    readings.sort(key=lambda reading: reading.folder.use != "sent")
    done, of = 0, sum(reading.count for reading in readings)
    for newest in (True, False):
        for reading in readings:
            try:
                for step in _fetch(connection, reading, now, newest):
                    done += len(step.kept) + len(step.refused)
                    yield replace(step, done=done, of=of)
                    if cancelled():
                        return
            except ServerSaidNo as error:
                yield _closed(mailbox, reading.folder, error)


def watched(folders: Iterable[Folder], mailbox: Mailbox) -> list[Folder]:
    """The folders to read: those the settings name, else INBOX, Sent and Junk."""
    if mailbox.folders:
        return [folder for folder in folders if is_named(folder.name, mailbox)]
    return [folder for folder in folders if folder.use in WATCHED]


def is_named(folder: str, mailbox: Mailbox) -> bool:
    """Whether the settings name this folder; INBOX may be written in any way (RFC 9051, 5.1)."""
    return folder in mailbox.folders or (folder == INBOX and INBOX in map(str.upper, mailbox.folders))


def _look(
    connection: Connection,
    mailbox: Mailbox,
    cursors: Mapping[str, Cursor],
    only: str | None,
    quiet: dict[str, Signs],
    answered: Collection[str],
) -> Iterator[Step | _Reading]:
    """Look into the folders: what must be known before anything is fetched, and what there is to fetch."""
    if only is not None:
        folders = [Folder(only, "inbox")]
    else:
        there = connection.folders()
        names = {folder.name for folder in there}
        for name in mailbox.folders:
            if name not in names and name.upper() != INBOX:
                yield Step(question=f"{mailbox.name} has no folder {name}, which the settings name.")
        folders = watched(there, mailbox)
        for name, past in cursors.items():
            if names and name not in names and past.known:
                # deleted or renamed: its mail stays, and under another name the same mail is known again
                quiet.pop(name, None)
                yield Step(name, uidvalidity=past.uidvalidity, vanished=tuple(past.known))
    for folder in folders:
        try:
            yield from _look_into(
                connection, mailbox, folder, cursors.get(folder.name), only, quiet, answered
            )
        except ServerSaidNo as error:
            yield _closed(mailbox, folder, error)


def _closed(mailbox: Mailbox, folder: Folder, error: ServerSaidNo) -> Step:
    """One closed folder does not close the others; without the inbox there is no sense in going on."""
    if folder.use == "inbox":
        raise error
    return Step(question=f"{mailbox.name}: {error.what}")


def _look_into(
    connection: Connection,
    mailbox: Mailbox,
    folder: Folder,
    cursor: Cursor | None,
    only: str | None,
    quiet: dict[str, Signs],
    answered: Collection[str],
) -> Iterator[Step | _Reading]:
    before = quiet.pop(folder.name, None)
    signs = connection.signs(folder.name) if only is None else None
    if signs is not None and signs == before:
        quiet[folder.name] = signs
        return
    state = connection.look(folder.name, cursor)
    whether = one_line(f"{mailbox.name}, {folder.name}: {EMPTIED}")
    # providers and people empty Junk as a matter of course
    todo = plan(cursor, state, may_be_empty=folder.use == "junk" or whether in answered)
    next_uid = cursor.next_uid if cursor is not None else 0
    if todo.question:
        yield Step(question=whether)
    elif cursor is None or todo.reset:
        last = max(0, state.uidnext - 1, *todo.new[-1:])
        yield Step(folder.name, folder.use, todo.uidvalidity, begin=last)
        next_uid = last + 1
    if todo.vanished:
        yield Step(folder.name, folder.use, todo.uidvalidity, vanished=todo.vanished)
    being_read = cursor is None or todo.reset or cursor.low > 1
    if being_read and not todo.question and not any(uid < next_uid for uid in todo.new):
        # there was nothing to come, or what was still to come has been deleted
        yield Step(folder.name, folder.use, todo.uidvalidity, down_to=1)
    if todo.new:
        yield _Reading.of(mailbox.name, folder, todo, next_uid)
    elif signs is not None and not (todo.question or todo.vanished):
        quiet[folder.name] = signs


def _fetch(connection: Connection, reading: _Reading, now: Instant, newest: bool) -> Iterator[Step]:
    """Fetch the newest of a folder, or (when that is done) all the rest."""
    folder = reading.folder
    pieces = reading.older[:1] if newest else reading.older[1:]
    fresh = reading.fresh if newest else ()
    if not (fresh or pieces) or not connection.open(folder.name, reading.uidvalidity):
        return  # the UIDs mean other messages by now: the next look begins anew
    for batch in _in_batches(connection.fetch(fresh)):
        yield from _steps(reading, batch, now, fresh=True)
    for piece in pieces:
        for batch in _in_batches(connection.fetch(piece)):
            yield from _steps(reading, batch, now)
        last = piece is reading.older[-1]
        yield Step(folder.name, folder.use, reading.uidvalidity, down_to=1 if last else piece[0])


def _steps(reading: _Reading, batch: Sequence[Fetched], now: Instant, fresh: bool = False) -> Iterator[Step]:
    """What came, and in words what did not; of `fresh` mail the cursor is to stand behind it."""
    folder = reading.folder
    came = [one for one in batch if not one.refusal]
    refused = [one for one in batch if one.refusal]
    if came:
        kept = tuple(_kept(one, now) for one in came)
        newest = max((one.internal_date for one in came if one.internal_date is not None), default=None)
        yield Step(
            folder.name,
            folder.use,
            reading.uidvalidity,
            kept=kept,
            up_to=max(one.uid for one in came) if fresh else 0,
            newest=newest,
        )
    if refused:
        uids = tuple(one.uid for one in refused)
        what = "a message" if len(uids) == 1 else f"{len(uids)} messages"
        words = f"the server gives nothing of {what} in {folder.name} (UID {', '.join(map(str, uids))})"
        yield Step(refused=uids, question=f"{reading.mailbox}: {words}: {refused[0].refusal}")


def _kept(one: Fetched, now: Instant) -> Kept:
    """The message with all its bytes; of a large one only whole lines of its beginning, and the size it is to have."""
    at = min(one.internal_date or now, now)
    if one.complete:
        return Kept(one.uid, at, one.raw, one.oddity)
    return Kept(one.uid, at, one.raw[: one.raw.rfind(b"\n") + 1] or one.raw, one.oddity, one.size)


def _in_batches(fetched: Iterator[Fetched]) -> Iterator[list[Fetched]]:
    batch: list[Fetched] = []
    size = 0
    for one in fetched:
        batch.append(one)
        size += len(one.raw)
        if len(batch) >= AT_ONCE or size >= BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
