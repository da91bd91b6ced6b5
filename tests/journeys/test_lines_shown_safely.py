"""Hostile text through every command, on a terminal and in a pipe, and in the log: none of it is obeyed.

Which commands and options there are is asked of the command line itself: a new command has to be given words here.
"""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import click
import pytest

import main
from inbox import day
from tests.servers.talker import running_talker
from tests.strangers import EVERYTHING, SETTINGS, bunches, hostile_mail, hostile_shop, in_toml
from tests.strict_terminal import strange_in_lines
from tui.line.group import group

PATIENCE = 30
"""Seconds after which a command that does not end is ended; none takes one."""

Path_ = tuple[str, ...]
FORTY = [str(number) for number in range(1, len(EVERYTHING) + 1)]

WORDS: dict[Path_, Sequence[Sequence[str]]] = {
    ("demo",): (["--keep", "."], ["--keep", ".", "--day", "monday", "--speed", "60"]),
    ("init",): (["--check"], ["--yes", "--address", "x@127.0.0.1"]),
    ("import",): (["mail", "--json"], ["mail"]),
    ("login",): (["support"],),
    ("sync",): ([],),
    ("list",): ([], ["--json"], ["is:any"]),
    ("show",): ([*FORTY], [*FORTY, "--full"], [*FORTY, "--json"]),
    ("search",): (["body"], ["body", "--json"]),
    ("due",): ([], ["--json"], ["--status"]),
    ("day",): (["before:2030", "--mine", "60"],),
    ("apply",): (["day.md"], ["day.md", "--check"], ["day.md", "--json"]),
    ("why",): (["3"], ["4", "--json"], ["5"]),
    ("customer", "list"): ([], ["--json"], ["evil"]),
    ("customer", "show"): (["who43@evil.example"], ["who30@evil.example", "--json"], ["reply34@evil.example"]),
    ("customer", "edit"): (["who12@evil.example", "--name", "x"],),
    ("customer", "merge"): (["who13@evil.example", "who14@evil.example"],),
    ("customer", "different"): (["who12@evil.example", "who13@evil.example"],),
    ("customer", "unmerge"): (["who14@evil.example"],),
    ("customer", "import"): (["people.csv"], ["people.csv", "--json"], ["people.csv", "--dry-run"], ["people.vcf"]),
    ("customer", "export"): (["customers.csv"], ["customers.vcf"], ["person", "--of", "5"]),
    ("customer", "erase"): (["3", "--check"], ["3", "--yes"], ["--go-on"]),
    ("outbox", "list"): ([], ["--json"]),
    ("outbox", "release"): ([], ["999"]),
    ("outbox", "resend"): (["999"],),
    ("outbox", "drop"): (["999"],),
    ("reply",): (["2", "--text", "ok"], ["3", "--all", "--text", "ok"], ["4", "--to", "who04@evil.example", "--text", "x"],
                  ["5", "--by-hand", "--text", EVERYTHING[0]]),
    ("saved", "list"): ([], ["--json"], ["words"]),
    ("saved", "show"): (["00saved"], ["03saved"], ["46saved"]),
    ("saved", "add"): (["name", "--text", "x"],),
    ("knowledge", "list"): ([], ["--json"]),
    ("knowledge", "search"): (["wisdom"], ["--for", "4"], ["wisdom", "--json"]),
    ("knowledge", "show"): (["00article"], ["03article", "--json"]),
    ("knowledge", "add"): (["title", "--text", "x"],),
    ("knowledge", "edit"): (["00article", "--text", "x"],),
    ("knowledge", "remove"): (["title"],),
    ("note",): (["6", "--text", "x"],),
    ("assign",): ([*FORTY, "--to", "bo"],),
    ("assign-me",): ([*FORTY],),
    ("take-next",): ([],),
    ("hand-over",): ([*FORTY, "--to", "bo", "--text", bunches()[0][:150]],),
    ("seen",): ([*FORTY],),
    ("approve",): (["2"], ["3", "--anyway", "x"], ["3", "--message", "99"]),
    ("amend",): (["2", "--text", "x"], ["3", "--text", "x", "--message", "99"]),
    ("give-back",): (["2", "--text", "x"],),
    ("activity",): ([], ["--json"], ["--day", "yesterday"]),
    ("profile",): (["--signature", bunches()[1][:70]], ["--languages", EVERYTHING[0]], ["--json"], []),
    ("tag",): ([*FORTY, "--add", "ok"],),
    ("act",): (["to-bo", *FORTY],),
    ("snooze",): ([*FORTY, "--until", "2026-12-01 09:00"],),
    ("hold",): ([*FORTY, "--for", "carrier"],),
    ("close",): ([*FORTY, "--why", "referred", "--to", "x", "--cause", "carrier"],),
    ("outcome",): ([*FORTY, "--outcome", "thanks", "--cause", "site"],),
    ("call",): (["+49 30 1234567", "--name", EVERYTHING[3], "--text", bunches()[0]],
                ["030 1234567", "--in", "5", "--text", "x"],
                ["--customer", "3", "--not-reached", "--json"], ["0049301234567"]),
    ("goodwill",): ([FORTY[0], "--kind", "gift", "--amount", "5", "--reason", "x"],),
    ("no-answer",): ([*FORTY],),
    ("reopen",): ([*FORTY],),
    ("spam",): ([*FORTY],),
    ("block",): (["7", "8"], ["--list"], ["--list", "--json"]),
    ("unblock",): (["7"],),
    ("promise",): ([*FORTY, "--until", "2026-12-01 09:00", "--text", "x"],),
    ("keep",): ([*FORTY],),
    ("follow-up",): ([*FORTY, "--at", "2026-12-01 09:00", "--text", "x"],),
    ("done",): ([*FORTY],),
    ("nudge",): ([*FORTY], [*FORTY, "--off"]),
    ("check-in",): ([*FORTY],),
    ("close-quiet",): (["--count"], ["--yes"]),
    ("merge",): (["9", "10"],),
    ("issue", "new"): (["other", "--title", "Other"],),
    ("issue", "link"): (["strike", *FORTY],),
    ("issue", "list"): ([], ["--json"]),
    ("issue", "show"): (["strike"], ["strike", "--json"]),
    ("issue", "banner"): (["strike", "--text", "x", "--until", "2026-12-01 09:00"],),
    ("issue", "tell"): (["strike", "--text", "{name} {subject}", "--dry-run"], ["strike", "--text", "{name}", "--json"],
                        ["strike", "--text", "Hello {first_name}"]),
    ("issue", "stop"): (["strike"],),
    ("issue", "unlink"): ([*FORTY],),
    ("issue", "close"): (["strike"], ["strike", "--text", "x"]),
    ("issue", "reopen"): (["strike"],),
    ("announce",): (["--query", "before:2030", "--subject", "x", "--text", "{name}", "--dry-run"],
                    ["--query", "before:2030", "--subject", "x", "--text", "{name}"]),
    ("split",): (["11"],),
    ("move",): (["2", "--to", "3"],),
    ("notice",): (["15"], ["--never", "16"], []),
    ("join-suggested",): ([*FORTY],),
    ("take-chat",): ([*FORTY],),
    ("decline-suggestion",): ([*FORTY],),
    ("put",): (["3"], ["3", "--name", "[/]\x1b[31mfile"]),
    ("get",): (["3/2"], ["4"], ["31/2", "--to", "."]),
    ("mark-read",): ([*FORTY],),
    ("upset",): ([*FORTY], [*FORTY, "--off"]),
    ("undo",): ([],),
    ("redo",): ([],),
    ("sla", "try"): (["scenario.toml"], ["scenario.toml", "--json"]),
    ("sla", "replay"): ([], ["--json"], ["--settings", "scenario.toml"]),
    ("rules", "list"): ([], ["--json"]),
    ("rules", "from"): (["2"], ["2", "--json"], ["5", "--write"], ["6", "--write"]),
    ("rules", "check"): ([], ["--json"]),
    ("rules", "replay"): ([], ["--json"]),
    ("report",): ([], ["--by", "customer"], ["--by", "tag", "--json"], ["--by", "customer", "--csv"], ["--html", "a.html"],
                  ["--about", "goodwill"], ["--about", "feedback", "--json"]),
    ("transcript",): (["chat.csv"], ["chat.csv", "--json"]),
    ("feed", "try"): (["feed.xml"], ["feed.xml", "--json"]),
    ("names",): ([], ["--us", EVERYTHING[0]], ["--json"]),
    ("parse",): (["mail/00.eml", "mail/30.eml"], ["mail/07.eml", "mail/40.eml", "--json"]),
    ("export",): (["exported"],),
    ("audit",): ([*FORTY], [*FORTY[:5], "--json"], ["--who", "anna"], [], ["--json"]),
    ("retention",): ([], ["--json"]),
    ("verify",): ([], ["--json"]),
    ("doctor",): (["--offline"], ["--offline", "--json"], ["--terminal"]),
    ("backup",): (["backup.tar"],),
    ("team", "list"): ([], ["--json"]),
    ("team", "add"): (["zoe", "--role", "trainee"], ["zoe", "--key", "mail/00.eml"]),
    ("team", "role"): (["zoe", "reader"],),
    ("team", "away"): (["bo", "until", "2026-12-01", "--to", "none"], ["bo"], ["bo", "--back"]),
    ("team", "remove"): (["zoe", "--to", "none"],),
    ("keys",): ([], ["--markdown"]),
}  # fmt: skip
"""Words for each command with which it says what there is to be said of the hostile shop."""


def leaves(command: click.Command, path: Path_ = ()) -> Iterator[tuple[Path_, click.Command]]:
    """Every command that does something."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from leaves(found, (*path, name))
    else:
        yield path, command


class Said(NamedTuple):
    """What a command has written, and its exit status."""

    status: int
    text: str


def runs(words: Sequence[str], stdin: str = "", *, terminal: bool) -> Said:
    """The command in a process of its own, as `frontdesk` runs it, before a terminal or in a pipe."""
    if terminal:
        pid, line = pty.fork()
        if not pid:
            _be(words)
        with suppress(OSError):
            os.write(line, stdin.encode())
        return _heard(pid, line)
    out, ours = os.pipe()
    theirs, into = os.pipe()
    pid = os.fork()
    if not pid:
        os.dup2(theirs, 0)
        os.dup2(ours, 1)
        os.dup2(ours, 2)
        os.closerange(3, 256)
        _be(words)
    os.close(ours)
    os.close(theirs)
    with suppress(OSError):
        os.write(into, stdin.encode())
    os.close(into)
    return _heard(pid, out)


def _be(words: Sequence[str]) -> None:
    """Become the command; never returns."""
    try:
        signal.alarm(PATIENCE)
        sys.argv = ["frontdesk", *words]
        sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        main.run()
    except BaseException:
        os.write(2, traceback.format_exc().encode("utf-8", "replace"))
    finally:
        os._exit(99)


def _heard(pid: int, line: int) -> Said:
    raw = b""
    with suppress(OSError):  # EIO: the other end of a terminal is closed
        while read := os.read(line, 65536):
            raw += read
    os.close(line)
    _, status = os.waitpid(pid, 0)
    return Said(os.waitstatus_to_exitcode(status), raw.decode("utf-8"))


class Shop:
    """A hostile workspace, and commands that are judged by what they say."""

    def __init__(self, folder: Path, settings: str = SETTINGS) -> None:
        self.folder = folder
        self.workspace = folder / "shop"
        (folder / "mail").mkdir(parents=True)
        for number, text in enumerate(EVERYTHING):
            (folder / "mail" / f"{number:02}.eml").write_bytes(hostile_mail(number + 50, text))
        odd = bytes(each for each in "\n".join(bunches()).encode("utf-8", "replace") if each not in b"/\0")
        (folder / "mail" / os.fsdecode(odd[:200] + b".eml")).write_bytes(b"no mail\0\xff")
        self.settle(settings)

    def settle(self, text: str) -> None:
        """Other settings."""
        self.workspace.mkdir(exist_ok=True)
        (self.workspace / "settings.toml").write_text(text, "utf-8")

    def __call__(self, *words: str, stdin: str = "", terminal: bool) -> Said:
        """Run a command; fails when anything of a stranger's is in what it says."""
        options = (
            "--workspace",
            str(self.workspace),
            "--now",
            "2026-11-10T10:05:00Z",
            "--as",
            "anna",
            "--debug",
        )
        said = runs([*options, *words], stdin, terminal=terminal)
        shown = ascii(words)[:300]
        assert said.status in (0, 1, 2, 3, 4), f"{shown} ended with {said.status}:\n{said.text[-2000:]}"
        strange = strange_in_lines(said.text)
        assert not strange, f"{shown}:\n" + "\n".join(strange[:10])
        assert "Traceback" not in said.text, f"{shown}:\n{said.text[-2000:]}"
        assert "Frontdesk itself" not in said.text, f"{shown}:\n{said.text[-2000:]}\n{self.log()[-3000:]}"
        return said

    def log(self) -> str:
        """What the log of the workspace says."""
        file = self.workspace / "frontdesk.log"
        return file.read_text("utf-8") if file.exists() else ""


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with forty conversations of forty strangers; nobody has it open: SQLite and fork do not mix."""
    folder = tmp_path_factory.mktemp("furnished") / "shop"
    hostile_shop(folder, EVERYTHING).close()
    return folder


@pytest.fixture
def shop(tmp_path: Path, furnished: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The same to be used up; what commands do in the folder they start in stays in it."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(furnished, tmp_path / "shop")
    made = Shop(tmp_path)
    hours = "\n".join(f"{name} = {in_toml(bunches()[0])}" for name in ("name", "zone"))
    (tmp_path / "scenario.toml").write_text(hours)
    people = "".join(
        f'"{text}",p{at}@evil.example\n' for at, text in enumerate(EVERYTHING) if '"' not in text
    )
    (tmp_path / "people.csv").write_text(f"name,email\n{people}", "utf-8", "replace")
    lines = "".join(f'2024-01-01T10:00:00Z,"{text}","{text}"\n' for text in EVERYTHING if '"' not in text)
    (tmp_path / "chat.csv").write_text(f"at,author,text\n{lines}", "utf-8", "replace")
    posts = "".join(f"<item><title>{text}</title><author>{text}</author></item>" for text in EVERYTHING)
    (tmp_path / "feed.xml").write_text(f"<rss><channel>{posts}</channel></rss>", "utf-8", "replace")
    cards = "".join(
        f"BEGIN:VCARD\nVERSION:3.0\nFN:{text}\nEMAIL:{text}@evil.example\nEND:VCARD\n" for text in EVERYTHING
    )
    (tmp_path / "people.vcf").write_text(cards, "utf-8", "replace")
    (tmp_path / "day.md").write_text(hostile_day(), "utf-8", "replace")
    yield made
    assert not strange_in_lines(made.log())


def hostile_day() -> str:
    """A day's file with hostile text in all places, and in none: most of it is not understood, the rest not from here."""
    head = day.Head(day.new_id(7), "0" * 8, 1_794_305_100, 1, "anna")
    pages = [
        day.Page(number, 1, text, (text,), (day.Said(text, text),))
        for number, text in enumerate(EVERYTHING, 1)
    ]
    lines = list(day.written(head, "Tue", pages, "ssh desk", lambda text, _: text.splitlines()))
    for number, text in enumerate(EVERYTHING, 1):
        place = ("answer", "note", "do")[number % 3]
        words = f"close {text}" if number % 2 else text
        lines.insert(lines.index(day.mark(place, number, head.id)) + 1, words)
    return "\n".join(lines)


def test_each_command_is_given_words() -> None:
    assert set(WORDS) == {path for path, _ in leaves(group)}


@pytest.mark.long
@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
def test_60_no_command_says_what_a_terminal_obeys(shop: Shop, terminal: bool) -> None:
    said = {
        path: [shop(*path, *words, stdin="y\n", terminal=terminal).text for words in all_words]
        for path, all_words in WORDS.items()
        if path != ("demo",)  # a screen
    }
    told = "".join(said["show",])
    for what in ("subject", "name", "body", "quote", "signature", "file", "note", "reply", "server"):
        assert f"43{what}" in told, f"nothing was shown of {what}"
    assert "[@click=app.quit]click[/]" in told
    assert "server" in said["outbox", "list"][0]
    if not terminal:
        assert len([json.loads(line) for line in said["list",][1].splitlines()]) >= len(EVERYTHING)


def hostile_words(number: int) -> str:
    """Words that a person could give by mistake, or paste: also a byte that is no character."""
    texts = bunches()
    return (
        texts[number % len(texts)].encode("utf-8", "replace").decode().replace("\0", "") + "\udc9b31m\udcff"
    )


@pytest.mark.parametrize("half", [0, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "terminal", [False, pytest.param(True, marks=pytest.mark.long)], ids=["pipe", "terminal"]
)
def test_60_no_command_repeats_its_words_raw(shop: Shop, terminal: bool, half: int) -> None:
    number = 0
    for path, command in list(leaves(group))[half::2]:
        if path == ("demo",):
            continue
        shop(*path, hostile_words(number), stdin="q\n" * 20, terminal=terminal)
        good = WORDS.get(path, [[]])[0]
        for option in command.params:
            if isinstance(option, click.Option) and not option.is_flag:
                number += 1
                shop(*path, *good, option.opts[0], hostile_words(number), stdin="q\n" * 20, terminal=terminal)
    for words in (["--as", hostile_words(1), "list"], ["--now", hostile_words(2), "list"], [hostile_words(3)],
                  ["--workspace", hostile_words(4)[:100], "list"], [f"--{hostile_words(5)}"]):  # fmt: skip
        shop(*words, terminal=terminal)


@pytest.mark.parametrize(
    "places", [1, pytest.param(3, marks=pytest.mark.long)], ids=["one place each", "every place"]
)
def test_60_settings_are_complained_of_in_clean_words(shop: Shop, places: int) -> None:
    values = {
        "us": "[{}]", "shop": "{}", "hours": "{}", "theme": "{}", "undo": "{}", "hours.zone": "{}", "team.name": "{}",
        "team.role": "{}", "mailbox.name": "{}", "mailbox.address": "{}", "mailbox.user": "{}", "mailbox.imap_host": "{}",
        "mailbox.smtp_host": "{}", "mailbox.ca_file": "{}", "mailbox.password_file": "{}", "mailbox.password_command": "{}",
        "mailbox.signature": "{}", "policy.name": "{}", "policy.first_reply": "{}",
    }  # fmt: skip
    for number, (where, form) in enumerate(values.items()):
        table, _, key = where.rpartition(".")
        bad = form.format(in_toml(bunches()[number % len(bunches())]))
        head = {"": "", "hours": "[hours]\n"}.get(table, f"[[{table}]]\n")
        texts = (
            f"{head}{key} = {bad}\n",
            f"{head}{bad.strip('[]')} = 1\n",
            f"{head}{key} = {bad} junk\n",
        )
        for place in range(number, number + places):
            text = texts[place % 3]
            shop.settle(text)
            shop("list", terminal=False)
            shop("doctor", "--offline", terminal=False)


def test_60_what_servers_say_is_said_in_clean_words(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOT_SET", "secret")
    for text in bunches(12):
        words = text.encode("utf-8", "replace").replace(b"\r", b" ").replace(b"\n", b" ")

        def refuses(line: bytes, words: bytes = words) -> bytes:
            tag, _, rest = line.partition(b" ")
            if rest.upper().startswith(b"CAPABILITY"):
                return b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK\r\n"
            return b"* OK [ALERT] " + words + b"\r\n" + tag + b" NO [" + words + b"] " + words + b"\r\n"

        def refuses_mail(line: bytes, words: bytes = words) -> bytes:
            return (
                b"250-" + words + b"\r\n250 AUTH PLAIN\r\n"
                if line[:4] == b"EHLO"
                else b"535 5.7.8 " + words + b"\r\n"
            )

        with (
            running_talker(b"* OK " + words + b"\r\n", refuses) as imap,
            running_talker(b"220 " + words + b"\r\n", refuses_mail) as smtp,
        ):
            settings = SETTINGS.replace(
                "imap_port = 1\n", f'imap_port = {imap.port}\nimap_security = "none"\n'
            )
            shop.settle(
                settings.replace("smtp_port = 1\n", f'smtp_port = {smtp.port}\nsmtp_security = "none"\n')
            )
            for command in (["sync"], ["doctor"], ["doctor", "--json"], ["init", "--check"]):
                for terminal in (False, True):
                    shop(*command, terminal=terminal)
        with running_talker(b"NO " + words + b"\r\n", lambda _: None) as rude:
            shop.settle(SETTINGS.replace("_port = 1\n", f"_port = {rude.port}\n"))
            shop("sync", terminal=False)
