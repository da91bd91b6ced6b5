"""A shop with rules: settings as text, mail that comes, and looks of the worker at whatever moment a test likes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from inbox.model import Event, EventType
from inbox.rules import calling, running
from inbox.saved_replies import SavedReply
from inbox.settings import Settings, load
from storage.events import by_number
from storage.workspace import Workspace, open_store
from tests.stores import OURS, Desk, desk, letter

TEAM = """
us = ["support@shop.example"]
shop = "Fernweh"
[hours]
zone = "UTC"
[[team]]
name = "anna"
role = "owner"
[[team]]
name = "bo"
skills = ["returns"]
[[team]]
name = "cy"
skills = ["returns", "french"]
[[team]]
name = "rea"
role = "reader"
"""


def settings_of(folder: Path, rules: str, head: str = "", team: str = TEAM) -> Settings:
    """Settings with these rules, read as a file is."""
    folder.mkdir(exist_ok=True)
    path = folder / "settings.toml"
    path.write_text(head + team + rules)
    return load(path, host_zone="UTC")


class Shop:
    """The desk, the rules in force, and who looks."""

    def __init__(self, folder: Path, rules: str, head: str = "", team: str = TEAM) -> None:
        self.folder, self.team = folder, team
        self.settings = settings_of(folder, rules, head, team)
        self.desk: Desk = desk(folder, self.settings)
        self.look()  # from now on they count

    @property
    def store(self) -> Workspace:
        return self.desk.store

    def rewrite(self, rules: str, head: str = "") -> None:
        """Other rules from now on."""
        self.settings = settings_of(self.folder, rules, head, self.team)

    def look(self, store: Workspace | None = None) -> int:
        """The worker looks."""
        done = running.look(store or self.store, self.settings, self.desk.tick())
        calling.draft(store or self.store, self.settings, self.desk.now)
        return done

    def mail(self, text: str = "Where is it?", **fields: Any) -> int:
        """A letter comes in; the conversation it goes to."""
        self.desk.count += 1
        number = self.desk.count
        usual: dict[str, Any] = {"id_": f"<{number}@park.example>", "subject": f"Letter {number}"}
        fields = {**usual, "at": self.desk.now, **fields}
        return self.desk.gets(letter(fields.pop("sender", "Jo Park <jo@park.example>"), text=text, **fields))

    def asks(self, text: str = "Where is it?", **fields: Any) -> int:
        """A letter comes in, and the worker looks."""
        number = self.mail(text, **fields)
        self.look()
        return number

    def state(self, conversation: int) -> Any:
        return self.desk.state(conversation)

    def fired(self, conversation: int | None = None) -> list[Event]:
        """What rules did, there or anywhere."""
        rows = self.store.read(
            "SELECT seq, home FROM events WHERE type = 44 AND void = 0 AND (?1 IS NULL OR home = ?1) ORDER BY seq",
            (conversation,),
        )
        return self.recorded(row[0] for row in rows)

    def did(self, conversation: int | None = None) -> list[tuple[str, list[str]]]:
        """By which rules, and what."""
        return [(event.data["rule"], list(event.data["did"])) for event in self.fired(conversation)]

    def stopped(self) -> dict[str, str]:
        return {name: each.stopped for name, each in self.store.rulebook.kept().items() if each.stopped}

    def saves(self, name: str, text: str) -> None:
        self.store.documents.save_reply(SavedReply(name, text))

    def another(self) -> Workspace:
        """The same workspace as another process has it open."""
        return open_store(self.store.workspace)

    def queued(self) -> list[Event]:
        """Messages of ours that were put into the outbox."""
        rows = self.store.read("SELECT seq FROM events WHERE type = 2 ORDER BY seq")
        return self.recorded(row[0] for row in rows)

    def recorded(self, numbers: Iterable[int]) -> list[Event]:
        """Events by their numbers."""
        with self.store.snapshot() as connection:
            return by_number(connection, numbers)

    def types(self, conversation: int) -> list[EventType]:
        return [event.type for event in self.store.events(conversation) if not event.void]


__all__ = ["OURS", "TEAM", "Shop", "settings_of"]
