"""The small documents of a team, which people may also edit by hand or carry in git: one JSON file a kind.

Saved views, saved replies, knowledge, preferences: what people write, never what must agree with mail. The files have
TinyDB's form and lie in `documents/`. Reading them loads no library; changing them goes through TinyDB with a storage
that survives two writers, a text editor and a death in the middle (`storage.document_file`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from inbox.errors import BadUsage, NotDone, WorldError
from inbox.text import one_line, sanitise
from storage.document_form import documents_in, good_copy, read_file

if TYPE_CHECKING:
    from tinydb.table import Table

    from inbox.knowledge import Article
    from inbox.profiles import Profile
    from inbox.saved_replies import SavedReply

KINDS = ("views", "saved_replies", "knowledge", "preferences", "chat_names", "chats_held")
LONGEST_NAME = 60
"""Characters of the name of a saved view or reply."""

_Result = TypeVar("_Result")


class Documents:
    """The documents of one workspace. Nothing is kept in memory: each call reads what is there now."""

    def __init__(self, workspace: Path) -> None:
        self._folder = workspace / "documents"

    def read(self, kind: str) -> list[dict[str, Any]]:
        """The documents of a kind, oldest first; those of the last good copy where the file is damaged.

        WorldError when it may not be read.
        """
        path = self._path(kind)
        try:
            found = documents_in(read_file(path))
            if found is None:
                found = documents_in(read_file(good_copy(path))) or {}
        except OSError as error:
            raise WorldError(
                f"{path} cannot be read: {error.strerror or error}.",
                "Check the rights of the folder documents.",
            ) from error
        return [found[number] for number in sorted(found, key=int)]

    def change(self, kind: str, work: Callable[[Table], _Result]) -> _Result:
        """Change documents of a kind: `work` gets TinyDB's table, alone; what it answers.

        Everything is written when it ends, or nothing when it raises. It may be run again, when somebody has edited
        the file by hand meanwhile. WorldError when the disk or the rights do not allow it.
        """
        from storage.document_file import change

        return change(self._path(kind), work)

    # ------------------------------------------------------------------------------ saved views

    def saved_views(self) -> dict[str, str]:
        """The saved views of the team: the query of each, as typed, by its name; in the order they were saved."""
        return {
            str(document["name"]): str(document["query"])
            for document in self.read("views")
            if document.get("name") and "query" in document
        }

    def save_view(self, name: str, query: str) -> None:
        """Save a query under a name; one that is there already gets this query. BadUsage for no name at all."""
        name = one_line(name, LONGEST_NAME).strip()
        if not name:
            raise BadUsage("The view has no name.", "Give it one, such as «Late invoices».")
        self.change("views", lambda table: upsert(table, name, {"name": name, "query": query}))

    def forget_view(self, name: str) -> bool:
        """Take a saved view away; False when there is none of that name."""
        return self.change("views", lambda table: bool(table.remove(lambda each: each.get("name") == name)))

    # ---------------------------------------------------------------------------- saved replies

    def saved_replies(self) -> list[SavedReply]:
        """The saved replies of the team, in the order they were saved; what was written by hand and is none is left
        out, and of two with one name the last one counts."""
        from inbox.saved_replies import reply_of

        found = (reply_of(document) for document in self.read("saved_replies"))
        return list({reply.name: reply for reply in found if reply is not None}.values())

    def save_reply(self, reply: SavedReply, seen: str | None = None) -> None:
        """Save a reply; one of this name that is there already is replaced. BadUsage for one without name or text.

        `seen`: the text that stood there when this one was begun ("" for none). NotDone where somebody has put another one
        there since: nothing is written over that nobody has read.
        """
        from inbox.saved_replies import document_of, reply_of

        kept = reply_of(document_of(reply))
        if kept is None:
            raise BadUsage("A saved reply needs a name and a text.", "Give it both.")

        def work(table: Table) -> None:
            _as_seen(table, "name", kept.name, seen)
            upsert(table, kept.name, document_of(kept))

        self.change("saved_replies", work)

    def forget_reply(self, name: str) -> bool:
        """Take a saved reply away; False when there is none of that name."""
        return self.change(
            "saved_replies", lambda table: bool(table.remove(lambda each: each.get("name") == name))
        )

    # -------------------------------------------------------------------------------- knowledge

    def articles(self) -> list[Article]:
        """The articles of the team, in the order they were saved; what was written by hand and is none is left out, and
        of two with one title the last one counts."""
        from inbox.knowledge import article_of

        found = (article_of(document) for document in self.read("knowledge"))
        return list({article.title: article for article in found if article is not None}.values())

    def save_article(self, article: Article, instead_of: str = "", seen: str | None = None) -> None:
        """Save an article; one of this title (or of the title `instead_of`) is replaced. BadUsage for one without title
        or text. `seen` as of `save_reply`."""
        from inbox import knowledge

        kept = knowledge.article_of(knowledge.document_of(article))
        if kept is None:
            raise BadUsage("An article needs a title and a text.", "Give it both.")

        def work(table: Table) -> None:
            title = instead_of or kept.title
            _as_seen(table, "title", title, seen)
            if title != kept.title:
                table.remove(lambda each: each.get("title") == kept.title)
            table.upsert(knowledge.document_of(kept), lambda each: each.get("title") == title)

        self.change("knowledge", work)

    def forget_article(self, title: str) -> bool:
        """Take an article away; False when there is none of that title."""
        return self.change(
            "knowledge", lambda table: bool(table.remove(lambda each: each.get("title") == title))
        )

    def mistakes(self, kind: str) -> list[str]:
        """What is wrong in saved replies or knowledge that was written by hand, each with file, line and nearest word."""
        from inbox import knowledge, saved_replies
        from inbox.misspelt import mistakes

        fields = knowledge.FIELDS if kind == "knowledge" else saved_replies.FIELDS
        path = self._path(kind)
        raw = (read_file(path) or b"").decode("utf-8", "replace")
        if documents_in(raw.encode()) is None:
            return [f"{path} is damaged: its last good copy counts. Mend it, or take it away."]
        return list(mistakes(str(path), raw, self.read(kind), fields))

    # ---------------------------------------------------------------------- what a person prefers

    def hints(self, who: str) -> tuple[dict[str, int], frozenset[str]]:
        """How often a person has ignored each hint of `inbox.checks`, and the hints they have let leave."""
        return _hints(next((each for each in self.read("preferences") if each.get("name") == who), {}))

    def ignore_hints(self, who: str, names: Iterable[str]) -> None:
        """A person has sent a letter in spite of these hints."""
        wanted = set(names)

        def work(table: Table) -> None:
            ignored, left = _hints(_of(table, who))
            counted = ignored | {name: ignored.get(name, 0) + 1 for name in wanted}
            upsert(table, who, {"name": who, "ignored": counted, "left": sorted(left)})

        if wanted:
            self.change("preferences", work)

    def let_hint_leave(self, who: str, name: str, leave: bool = True) -> None:
        """A hint is not to come again, or (`leave` False) is; either way it is counted anew."""

        def work(table: Table) -> None:
            ignored, left = _hints(_of(table, who))
            ignored.pop(name, None)
            staying = left | {name} if leave else left - {name}
            upsert(table, who, {"name": who, "ignored": ignored, "left": sorted(staying)})

        self.change("preferences", work)

    # ---------------------------------------------------------------------- what a person has marked

    def marks(self, who: str) -> dict[str, int]:
        """The conversations a person has marked, by letter."""
        return _marks(next((each for each in self.read("preferences") if each.get("name") == who), {}))

    def set_mark(self, who: str, letter: str, conversation: int) -> None:
        """Mark a conversation with a letter, in place of what it stood for."""

        def work(table: Table) -> None:
            marks = _marks(_of(table, who)) | {letter: conversation}
            upsert(table, who, {"name": who, "marks": marks})

        self.change("preferences", work)

    # ---------------------------------------------------------------------- what a terminal lets pass

    def terminal(self, who: str, key: str) -> frozenset[str]:
        """What was seen to pass at this terminal of a person's (`tui.terminal_kind` names both); nothing where nobody
        has looked."""
        known = _terminals(next((each for each in self.read("preferences") if each.get("name") == who), {}))
        return frozenset(known.get(key, ()))

    def remember_terminal(self, who: str, key: str, passed: Iterable[str]) -> None:
        """Remember what passes at a terminal, in place of what was known of it."""
        names = sorted(set(passed))

        def work(table: Table) -> None:
            known = _terminals(_of(table, who))
            upsert(table, who, {"name": who, "terminals": known | {key: names}})

        self.change("preferences", work)

    # ------------------------------------------------------------------------------- the colours

    def theme(self, who: str) -> str:
        """The theme a person has chosen, as `tui.looks` names it; "auto" for who has chosen none."""
        mine = next((each for each in self.read("preferences") if each.get("name") == who), {})
        return str(mine.get("theme") or "auto")

    def keep_theme(self, who: str, theme: str) -> None:
        """A person has chosen a theme, for every terminal."""
        self.change("preferences", lambda table: upsert(table, who, {"name": who, "theme": theme}))

    # ---------------------------------------------------------------- what a person says of themselves

    def profile(self, who: str) -> Profile | None:
        """What a person has said of themselves; None while nobody has asked them."""
        from inbox.profiles import profile_of

        mine = next((each for each in self.read("preferences") if each.get("name") == who), {})
        found = mine.get("profile")
        return profile_of(found) if isinstance(found, dict) else None

    def change_profile(self, who: str, said: Mapping[str, str]) -> Profile:
        """What a person says of themselves now, by field, as typed; what they said elsewhere meanwhile stays."""
        from inbox.profiles import document_of, profile_of, saying

        def work(table: Table) -> Profile:
            before = _of(table, who).get("profile")
            profile = saying(profile_of(before if isinstance(before, dict) else {}), said)
            upsert(table, who, {"name": who, "profile": document_of(profile)})
            return profile

        return self.change("preferences", work)

    def answers_in(self) -> dict[str, tuple[str, ...]]:
        """The languages in which people answer, by their names, of those who have said any."""
        from inbox.profiles import profile_of

        found = {
            str(each.get("name")): profile_of(each["profile"]).languages
            for each in self.read("preferences")
            if isinstance(each.get("profile"), dict)
        }
        return {name: languages for name, languages in found.items() if languages}

    def _path(self, kind: str) -> Path:
        if kind not in KINDS:
            raise ValueError(f"there are no documents called {kind!r}")
        return self._folder / f"{kind}.json"


def _as_seen(table: Table, field: str, name: str, seen: str | None) -> None:
    """NotDone where another text stands under a name than the one that was seen."""
    found = table.search(lambda each: each.get(field) == name)
    there = str(found[0].get("text", "")) if found else ""
    if seen is not None and there.rstrip() != seen.rstrip():
        raise NotDone(
            f"Somebody has changed “{one_line(name, 60)}” meanwhile: nothing was written over.",
            sanitise(f"It says now:\n{there.rstrip()}" if there.strip() else "It is there no more."),
        )


def upsert(table: Table, name: str, document: dict[str, Any]) -> None:
    """Put a document in, in place of the one of its name."""
    table.upsert(document, lambda each: each.get("name") == name)


def _of(table: Table, name: str) -> dict[str, Any]:
    found = table.search(lambda each: each.get("name") == name)
    return dict(found[0]) if found else {}


def _hints(preferences: dict[str, Any]) -> tuple[dict[str, int], frozenset[str]]:
    """What the preferences of a person, which may be written by hand, say about hints."""
    ignored, left = preferences.get("ignored"), preferences.get("left")
    counts = ignored.items() if isinstance(ignored, dict) else ()
    names = left if isinstance(left, list) else ()
    return (
        {name: count for name, count in counts if isinstance(count, int)},
        frozenset(name for name in names if isinstance(name, str)),
    )


def _terminals(preferences: dict[str, Any]) -> dict[str, list[str]]:
    """What the preferences of a person, which may be written by hand, say about terminals."""
    known = preferences.get("terminals")
    return {
        key: [name for name in names if isinstance(name, str)]
        for key, names in (known.items() if isinstance(known, dict) else ())
        if isinstance(names, list)
    }


def _marks(preferences: dict[str, Any]) -> dict[str, int]:
    """What the preferences of a person, which may be written by hand, say about marks."""
    marks = preferences.get("marks")
    return {
        letter: number
        for letter, number in (marks.items() if isinstance(marks, dict) else ())
        if len(letter) == 1
        and letter.isascii()
        and letter.isalnum()
        and type(number) is int
        and 0 < number < 2**63
    }
