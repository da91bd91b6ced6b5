"""Everything as plain files, and back: mail as a Maildir, the rest as JSON lines.

What is not whole yet is no mail: where only the beginning of a large message is here, it lies in `beginnings/`.

Reading an export into an empty workspace gives the same state, because the record comes back as it was and all the
rest is derived from it again.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from inbox.errors import BadUsage, NotDone, WorldError
from inbox.model import EventType, Instant
from inbox.ports import CallNotes, Draft, DraftFile, TakenIn
from inbox.progress import Reached, unheard
from storage.documents import KINDS, Documents
from storage.draft_files import FOLDER
from storage.epoch import hold
from storage.store import SqliteStore

FORMAT = 1

# Tables that are the record or its side rows, in the order in which they are read back. What triggers and the fold
# derive (conversations, tags, mentions, counts) is left out, and so is what concerns this machine alone (cursors,
# leases, jobs).
TABLES = (
    "events",
    "keys",
    "settings_versions",
    "customer_texts",
    "issue_texts",
    "customers",
    "identities",
    "messages",
    "msgids",
    "referred",
    "refers",
    "redirects",
    "participants",
    "outbox",
    "outbox_recipients",
    "places",
    "wholes",
    "beginnings",
    "refused",
    "tombstones",
    "erasures",
    "ways",
    "chats",
    "chat_lines",
)
_SINCE_LATER = frozenset(
    {
        *("customer_texts", "issue_texts", "refers", "wholes", "beginnings", "refused", "tombstones"),
        *("chats", "chat_lines", "erasures", "ways"),
    }
)
"""Tables that an export of an older version does not have."""
_META = ("next_conversation", "us")


def export(store: SqliteStore, folder: Path, progress: Reached = unheard) -> int:
    """Write everything below `folder`, which must be empty or new; how many messages. All of it or nothing: what cannot be
    finished is taken away again."""
    was_there = folder.exists()
    if was_there and any(folder.iterdir()):
        raise BadUsage(f"{folder} is not empty.", "Name a new folder.")
    try:
        return _write_all(store, folder, progress)
    except BaseException:
        if folder.exists():  # else it could not even be made
            for path in list(folder.iterdir()):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            if not was_there:
                folder.rmdir()
        raise


def _write_all(store: SqliteStore, folder: Path, progress: Reached) -> int:
    mail, beginnings = folder / "mail", folder / "beginnings"
    for path in (mail / "cur", mail / "new", mail / "tmp", beginnings):
        path.mkdir(parents=True, exist_ok=True)
    with store.snapshot() as connection:
        for table in TABLES:
            _write_lines(folder / f"{table}.jsonl", _rows(connection, table))
        count = 0
        (total,) = connection.execute("SELECT count(*) FROM messages").fetchone()
        with (folder / "details.jsonl").open("w", encoding="utf-8", errors="surrogatepass") as file:
            for number, raw, coming in connection.execute("SELECT id, raw, coming FROM messages ORDER BY id"):
                file.write(
                    json.dumps({"message": number, **store.details(number)}, ensure_ascii=False) + "\n"
                )
                if raw is not None:
                    name = f"{number}.{raw}.beginning" if coming else f"{number}.{raw}.frontdesk:2,S"
                    path = (beginnings if coming else mail / "cur") / name
                    path.write_bytes(store.raw_bytes(raw) or b"")
                count += 1
                progress("Messages", count, total)
        meta = dict(
            connection.execute(
                f"SELECT name, value FROM meta WHERE name IN ({', '.join('?' * len(_META))})", _META
            )
        )
    drafts = store.live.drafts()
    _write_lines(folder / "drafts.jsonl", map(asdict, drafts))
    documents = Documents(store.workspace)
    for kind in KINDS:
        _write_lines(folder / f"documents_{kind}.jsonl", iter(documents.read(kind)))
    _write_files(store, folder / FOLDER, {file.sha for draft in drafts for file in draft.files})
    (folder / "frontdesk.json").write_text(
        json.dumps({"format": FORMAT, "meta": meta, "messages": count}), "utf-8"
    )
    settings = store.workspace / "settings.toml"
    if settings.exists():
        (folder / "settings.toml").write_bytes(settings.read_bytes())
    return count


def read_back(store: SqliteStore, folder: Path, now: Instant, progress: Reached = unheard) -> TakenIn:
    """Read an export into this workspace, which must be new: all of it or nothing. Reading it again changes nothing.

    Settings and documents come with it where the workspace has none.
    """
    try:
        about = json.loads((folder / "frontdesk.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise NotDone(
            f"{folder} is no export of Frontdesk.", "Name the folder that `export` wrote."
        ) from error
    if about.get("format") != FORMAT:
        raise WorldError(
            f"{folder} was exported by another version of Frontdesk.", "Use that version to read it."
        )
    applied = (int(EventType.SETTINGS), int(EventType.RESTRICTED))
    if store.read("SELECT 1 FROM events WHERE type NOT IN (?, ?) LIMIT 1", applied):
        if _is_here(store, folder):
            return TakenIn(0, int(about["messages"]))
        raise NotDone(
            "This workspace is not empty.", "An export is read into a new one: name it with --workspace."
        )
    try:
        count = _read_all(store, folder, about, now, progress)
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise WorldError(
            f"The export in {folder} is damaged: {error}.", "Nothing was taken in; export again."
        ) from error
    store.forget_settings()
    store.bell.ring(frozenset())
    for kind in KINDS:
        _add_documents(Documents(store.workspace), kind, folder / f"documents_{kind}.jsonl")
    settings, here = folder / "settings.toml", store.workspace / "settings.toml"
    if settings.exists() and not here.exists():
        here.write_bytes(settings.read_bytes())
    return TakenIn(count, 0)


def _is_here(store: SqliteStore, folder: Path) -> bool:
    """Whether every event of an export stands in the record already, as it was written down."""
    names = ("seq", "type", "at", "recorded", "who", "conversation", "message", "why", "data", "batch")
    for row in _lines(folder / "events.jsonl"):
        found = store.read(f"SELECT {', '.join(names)} FROM events WHERE seq = ?", (row["seq"],))
        if not found or found[0] != tuple(row[name] for name in names):
            return False
    return True


def _read_all(
    store: SqliteStore, folder: Path, about: dict[str, Any], now: Instant, progress: Reached
) -> int:
    count = 0
    found = [*(folder / "mail" / "cur").iterdir(), *(folder / "beginnings").glob("*")]
    files = {int(path.name.split(".")[0]): path for path in found}
    numbers: dict[int, int] = {}
    with store.writing() as transaction:
        connection = transaction.connection
        # what a new workspace has applied and followed by itself; the export brings its own, which is history
        connection.execute("DELETE FROM events")
        connection.execute("DELETE FROM settings_versions")
        connection.execute("DELETE FROM meta WHERE name IN ('applied', 'followed')")
        for path in sorted(
            files.values(), key=_raw_of
        ):  # as they were numbered, in whatever order a folder lists them
            was = _raw_of(path)
            if was not in numbers:
                numbers[was] = transaction.add_raw(path.read_bytes())
        for table in TABLES:
            columns = {column[1] for column in connection.execute(f"PRAGMA table_info({table})")}
            if table in _SINCE_LATER and not (folder / f"{table}.jsonl").exists():
                continue
            for row in _lines(folder / f"{table}.jsonl"):
                if not columns.issuperset(row):  # what a file calls them would become part of a statement
                    raise ValueError(f"{table} has no column {min(row.keys() - columns)!r}")
                if table == "messages" and row["raw"] is not None:
                    row["raw"] = numbers[row["raw"]]
                connection.execute(
                    f"INSERT INTO {table}({', '.join(row)}) VALUES({', '.join('?' * len(row))})",
                    tuple(row.values()),
                )
        for row in _lines(folder / "details.jsonl"):
            transaction.add_details(row.pop("message"), row)
            count += 1
            progress("Messages", count, int(about["messages"]))
        for name, value in about["meta"].items():
            connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)", (name, value))
        # answers that still wait belong to the workspace they were written in: here a person lets them go
        hold(connection)
        store.forget_settings()
        transaction.derive_all(store.book_seen_by(connection), now, progress)
    for row in _lines(folder / "drafts.jsonl"):
        store.save_draft(
            Draft(
                row["conversation"],
                row["who"],
                row["kind"],
                row["text"],
                tuple(row["to"]),
                tuple(row["cc"]),
                tuple(row["bcc"]),
                row["subject"],
                row["at"],
                row.get("sender", ""),
                _kept_again(store, folder / FOLDER, row.get("files", [])),
                tuple(row.get("used", ())),
                CallNotes(*row["call"]) if row.get("call") else None,
            )
        )
    return count


def _raw_of(path: Path) -> int:
    """The number of the raw bytes, as a file of the export is called after it."""
    return int(path.name.split(".")[1])


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    """Table is a name of this module's own."""
    cursor = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield {
            name: {"b64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
            for name, value in zip(names, row, strict=True)
        }


def _write_files(store: SqliteStore, folder: Path, shas: set[str]) -> None:
    """What goes with drafts; of a file that is gone its draft says so when it is to leave."""
    folder.mkdir()
    for sha in shas:
        with suppress(WorldError):
            (folder / sha).write_bytes(store.draft_file(sha))


def _add_documents(documents: Documents, kind: str, path: Path) -> None:
    found = list(_lines(path)) if path.exists() else []
    if found and not documents.read(kind):
        documents.change(kind, lambda table: table.insert_multiple(found))


def _kept_again(store: SqliteStore, folder: Path, files: list[list[Any]]) -> tuple[DraftFile, ...]:
    there = {path.name: path for path in folder.glob("*")}
    wanted = [DraftFile(*file) for file in files]
    return tuple(
        store.keep_file(there[file.sha], file.name, file.type) if file.sha in there else file
        for file in wanted
    )


def _write_lines(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", errors="surrogatepass") as file:
        os.fchmod(file.fileno(), 0o600)
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", errors="surrogatepass") as file:
        for line in file:
            row = json.loads(line)
            yield {
                name: base64.b64decode(value["b64"]) if isinstance(value, dict) and "b64" in value else value
                for name, value in row.items()
            }
