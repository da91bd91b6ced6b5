"""The command line in this process, on a workspace of its own: what a person types, and what they read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import main as entry
from inbox.model import Instant
from inbox.ports import Workspace
from tests.fresh import begun
from tests.shop import NOW, STORY, deliver
from tui.line.desk import Desk

TEAM = """
us = ["support@shop.example", "@shop.example"]

[hours]
zone = "Europe/Vienna"

[[team]]
name = "anna"
role = "owner"

[[team]]
name = "bo"

[[team]]
name = "tim"
role = "trainee"

[[team]]
name = "ria"
role = "reader"
"""


@dataclass(frozen=True)
class Ran:
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What was printed, line by line."""
        return self.out.splitlines()

    @property
    def ids(self) -> list[str]:
        """The first field of each line: what the next command of a pipe takes."""
        return [line.split()[0] for line in self.lines]

    @property
    def objects(self) -> list[Any]:
        """What was printed, as JSON."""
        return [json.loads(line) for line in self.lines]


@dataclass
class Front:
    """A workspace, the settings in it, and who types. The clock stands still until it is moved."""

    workspace: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch
    now: Instant = NOW
    who: str = "anna"
    options: list[str] = field(default_factory=list)

    def write_settings(self, text: str = TEAM) -> None:
        """Put a settings.toml into the workspace."""
        self.workspace.mkdir(parents=True, exist_ok=True)
        (self.workspace / "settings.toml").write_text(text, "utf-8")

    def run(self, *words: str, stdin: bytes | io.RawIOBase = b"", who: str | None = None) -> Ran:
        """Type a command; `stdin` is what comes through the pipe before it."""
        pipe = io.BytesIO(stdin) if isinstance(stdin, bytes) else io.BufferedReader(stdin)
        self.patch.setattr("sys.stdin", io.TextIOWrapper(pipe, encoding="utf-8"))
        acting = who or self.who
        named = ["--as", acting] if acting else []
        self.capture.readouterr()
        clock = datetime.fromtimestamp(self.now, UTC).isoformat()
        status = entry.main(
            ["--workspace", str(self.workspace), "--now", clock, *named, *self.options, *words]
        )
        out, err = self.capture.readouterr()
        assert "Traceback" not in out + err
        return Ran(status, out, err)

    def ok(self, *words: str, stdin: bytes = b"", who: str | None = None) -> Ran:
        """Type a command that must work."""
        ran = self.run(*words, stdin=stdin, who=who)
        assert ran.status == 0, ran.err
        return ran

    def json(self, *words: str) -> list[Any]:
        """The objects that a command prints with --json."""
        return self.ok(*words, "--json").objects

    def store(self) -> Workspace:
        """The store behind the commands; close it before the next command."""
        desk = Desk(entry.open_store, lambda _: None, self.workspace, pinned=self.now)
        return desk.store()

    def receive(self, mails: Iterable[bytes]) -> list[str]:
        """Mail comes in as a sync would bring it, each when it was written; the ids of the conversations."""
        store = self.store()
        try:
            return [str(deliver(store, raw)) for raw in mails]
        finally:
            store.close()


@pytest.fixture
def front(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Front:
    """An empty workspace with the settings of a small shop; anna types."""
    found = Front(tmp_path / "desk", capsys, monkeypatch)
    found.write_settings()
    return found


@pytest.fixture
def shop_front(front: Front) -> Front:
    """The same, with the shop's mail of two days in it: conversations 1 to 6."""

    def told() -> None:
        assert front.receive(STORY) == ["1", "2", "3", "4", "5", "6"]

    begun(front.workspace, "the shop's front", told)
    front.store().close()  # a copy has yet to see the settings beside it
    return front
