"""What may be run by who was let in by a forced command: nothing that names a file, a program or a server of the host."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.front import Front, Ran
from tui.line.acting import LONGEST_TEXT
from tui.line.forced import forget_client
from tui.line.group import group
from tui.line.let_in import MAY, ONLY_WITH, REFUSED, names_outside

ROOT = Path(__file__).parent.parent


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Every command there is, by how it is called; groups too, where they do something by themselves."""

    def below(path: str, command: click.Command, ctx: click.Context) -> Iterator[tuple[str, click.Command]]:
        if not isinstance(command, click.Group):
            yield path, command
            return
        if path and command.invoke_without_command:
            yield path, command
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            assert found is not None
            yield from below(f"{path} {name}".strip(), found, ctx)

    yield from below("", group, click.Context(group))


COMMANDS = dict(every_command())


def test_every_command_is_judged() -> None:
    unjudged = sorted(set(COMMANDS) - set(MAY) - set(REFUSED))
    assert not unjudged, f"say in tui/line/let_in.py whether these may be run over SSH: {unjudged}"
    assert not set(MAY) & set(REFUSED)


def test_every_option_that_could_name_something_outside_is_judged() -> None:
    outside = {
        (path, str(each.name))
        for path, command in COMMANDS.items()
        if path in MAY
        for each in command.params
        if names_outside(each)
    }
    judged = {(path, name) for path, judged in MAY.items() for name in judged if path in COMMANDS}
    assert sorted(outside - judged) == [], "say in tui/line/let_in.py what becomes of these"
    assert sorted(judged - outside) == [], "these are not there, or need no judgement"


class LetIn:
    """Somebody who comes in over SSH: their words in the place where sshd puts them, before a forced command."""

    def __init__(self, front: Front, patch: pytest.MonkeyPatch) -> None:
        self.front, self._patch = front, patch

    def ask(self, words: str, stdin: bytes = b"", who: str = "bo") -> Ran:
        """What becomes of `ssh desk WORDS < stdin`."""
        self._patch.setenv("SSH_CONNECTION", "192.0.2.7 50000 192.0.2.1 22")
        self._patch.setenv("SSH_ORIGINAL_COMMAND", words)
        return self.front.run(stdin=stdin, who=who)


@pytest.fixture
def guest(shop_front: Front, monkeypatch: pytest.MonkeyPatch) -> LetIn:
    """A colleague at the shop's inbox."""
    return LetIn(shop_front, monkeypatch)


def value_of(param: click.Parameter, path: Path) -> list[str]:
    """A parameter with this path behind it, as it is typed."""
    return [param.opts[0], str(path)] if isinstance(param, click.Option) else [str(path)]


def test_nothing_is_read_or_written_by_its_path_whoever_asks(guest: LetIn, tmp_path: Path) -> None:
    secret, marker = tmp_path / "secret.eml", tmp_path / "marker.html"
    secret.write_text("Subject: hunter2\n\nhunter2", "utf-8")
    tried = 0
    for command_path, command in COMMANDS.items():
        for param in command.params:
            refusing = MAY.get(command_path, {}).get(str(param.name))
            if refusing is None or not refusing.what:
                continue
            for named in (secret, marker):
                words = [*command_path.split(), *value_of(param, named)]
                for other in command.params:  # what it cannot be asked without
                    if isinstance(other, click.Argument) and other.required and other is not param:
                        words.append("1")
                ran = guest.ask(shlex.join(words), who="anna")
                assert ran.status == 1, words
                assert "restricted" in ran.err, words
                assert "ssh desk" in ran.err or "Leave it away" in ran.err, words
                assert "hunter2" not in ran.out + ran.err
                tried += 1
    assert tried > 20
    assert not marker.exists()


def test_what_belongs_to_the_host_is_refused_to_an_owner_too_and_says_what_to_do(
    guest: LetIn, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*.toml"))
    for command in REFUSED:
        for words in (command, f"{command} --help", f"{command} {tmp_path}/made --yes --watch"):
            ran = guest.ask(words, who="anna")
            assert (ran.status, ran.out) == (1, "")
            assert "restricted" in ran.err
            assert len(ran.err.splitlines()) == 2, "it does not say what to do instead"
    assert not (tmp_path / "made").exists()
    assert sorted(tmp_path.rglob("*.toml")) == before


def test_the_doctor_looks_at_the_terminal_and_at_nothing_else(guest: LetIn) -> None:
    assert set(ONLY_WITH) <= set(MAY)
    ran = guest.ask("doctor", who="anna")
    assert ran.status == 1
    assert "doctor --terminal" in ran.err
    assert guest.ask("doctor --terminal").status in (0, 1)
    assert "settings" not in guest.ask("doctor --terminal").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("close 999", "ssh desk list shows"),
        ("approve 1 --message x", "ssh desk outbox shows"),
        ("split 1 --from x", "ssh desk show ID"),
        ("split 1", "ssh desk split --help"),
        ("outbox release 999", "ssh desk outbox shows"),
        ("customer show 999", "ssh desk customer list"),
        ("customer erase 1", "ssh desk team list"),
        ("team away bo until", "ssh desk team away NAME"),
        ("saved show nothing", "ssh desk saved lists"),
        ("issue show nothing", "ssh desk issue list"),
        ("reply 1 --text Soon.", "the screen (ssh -t desk) sends it"),
    ],
)
def test_what_to_type_next_is_told_as_they_come_in(guest: LetIn, words: str, told: str) -> None:
    ran = guest.ask(words, who="anna" if words.startswith("team") else "bo")
    assert told in ran.err
    assert "frontdesk sync" not in ran.err
    assert "frontdesk " not in ran.err.removeprefix("frontdesk: ")


def test_what_a_file_would_say_comes_over_the_line(guest: LetIn) -> None:
    assert guest.ask("note 1 --file -", b"Ring back at ten.").status == 0
    assert "Ring back at ten." in guest.ask("show 1").out
    table = b"name,address\nMia Horn,mia@horn.example\n"
    assert "1 new" in guest.ask("customer import -", table).out
    assert "mia@horn.example" in guest.ask("customer export -").out
    page = guest.ask("report --html -")
    assert page.out.startswith("<!DOCTYPE html>")
    mail = (
        b"From: eve@new.example\nTo: support@shop.example\nSubject: Hello\nMessage-ID: <h@new.example>\n\nHi"
    )
    assert "1 added" in guest.ask("import -", mail).out


@pytest.mark.parametrize("command", ("note 1", "reply 1", "knowledge add Endless"))
def test_a_text_that_does_not_end_is_refused_and_nothing_is_kept(guest: LetIn, command: str) -> None:
    before = guest.ask("show 1 --json").out
    endless = guest.ask(f"{command} --file -", b"a" * (LONGEST_TEXT + 1))
    assert endless.status == 2
    assert "more than 1,000,000 characters" in endless.err
    assert guest.ask("show 1 --json").out == before
    assert guest.ask("knowledge list").out == ""


NO_SHELL = (
    "sh -c 'touch {marker}'",
    "-c 'touch {marker}'",
    "; touch {marker}",
    "due; touch {marker}",
    "due && touch {marker}",
    "due\ntouch {marker}",
    "$(touch {marker})",
    "`touch {marker}`",
    "due | tee {marker}",
    "due > {marker}",
    "scp -t {marker}",
    "scp -f /etc/passwd",
    "rsync --server -e.LsfxC . {marker}",
    "internal-sftp",
    "/usr/lib/openssh/sftp-server",
    "git-upload-pack /etc",
    "--workspace={marker} list",
    "--as anna list",
    "--as=anna list",
    "--now 2013-03-21T10:30:00Z due",
    "--debug due",
    "-- --as anna list",
    "list --as anna",
    "list --workspace {marker}",
    "due --wor {marker}",
    "'' touch {marker}",
    "import_ {marker}",
    "../main",
    "_FRONTDESK_COMPLETE=bash_source list",
    "\u202edue",
    "dué",
    "'due",
    "due \\",
    "list " + "x" * 100_000,
    "show " + "9" * 50_000,
    "tag 1 --add " + "y" * 100_000,
)
"""What could be taken for a shell, for another program, for another name or inbox; {marker} is a file it would make."""


def test_no_word_is_a_shell_another_name_or_another_inbox(guest: LetIn, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    for words in NO_SHELL:
        ran = guest.ask(words.replace("{marker}", str(marker)))
        assert ran.status in (0, 1, 2), words[:80]
        assert [each.name for each in tmp_path.iterdir()] == ["desk"], words[:80]


CHILD = """
import os, subprocess, sys
sys.path.insert(0, {root!r})
import main
from tui.line import due
started = {started}
def tries(*_, **__):
    for name, start in started.items():
        try:
            start()
        except Exception as error:
            print(name, "refused" if "restricted" in str(error) else error)
        else:
            print(name, "started")
due.command.callback = tries
main.run()
"""
STARTED = """dict(
    popen=lambda: subprocess.run(["touch", {marker!r}]),
    shell=lambda: subprocess.run("touch " + {marker!r}, shell=True),
    renamed=lambda: subprocess.run([sys.executable, {marker!r}], executable="/usr/bin/touch"),
    system=lambda: os.system("touch " + {marker!r}),
    pipe=lambda: os.popen("touch " + {marker!r}).read(),
    spawn=lambda: os.posix_spawn("/usr/bin/touch", ["touch", {marker!r}], {{}}),
    ours=lambda: subprocess.run([sys.executable, "-I", "-c", ""], check=True),
    exec=lambda: os.execv("/usr/bin/touch", ["touch", {marker!r}]),
)"""


@pytest.mark.parametrize("is_let_in", [True, False])
def test_what_is_forgotten_to_be_refused_starts_no_program_all_the_same(
    tmp_path: Path, is_let_in: bool
) -> None:
    marker = tmp_path / "marker"
    child = CHILD.format(root=str(ROOT), started=STARTED.format(marker=str(marker)))
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    if is_let_in:
        environment |= {"SSH_ORIGINAL_COMMAND": "due", "SSH_CONNECTION": "192.0.2.7 5 192.0.2.1 22"}
    words = () if is_let_in else ("due",)
    ran = subprocess.run(
        [sys.executable, "-c", child, "--workspace", str(tmp_path / "desk"), *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = dict(line.split(" ", 1) for line in ran.stdout.splitlines())
    if is_let_in:
        assert said.pop("ours") == "started"
        assert set(said.values()) == {"refused"}, ran.stdout + ran.stderr
        assert len(said) == 7
    assert marker.exists() is not is_let_in


def test_what_a_client_could_send_along_is_taken_out() -> None:
    sent = {
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL": "devtools",
        "FRONTDESK_WORKSPACE": "/tmp",
        "LC_ALL": "../../tmp/mine",
        "LANGUAGE": "/tmp/mine",
    }
    kept = {"LANG": "de_AT.UTF-8", "LC_TIME": "en_GB.utf8", "TERM": "xterm-256color", "HOME": "/home/desk"}
    environment = sent | kept
    forget_client(environment)
    assert environment == kept
