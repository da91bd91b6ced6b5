"""The command as a whole: its options, what it loads, how errors read, and the exit statuses."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import cast

import click
import pytest
from click.testing import CliRunner

import main as entry
from inbox.errors import BadSettings, BadUsage, FrontdeskError, NotDone, WorldError
from inbox.model import Instant
from inbox.ports import Workspace
from inbox.progress import Reached
from inbox.settings import Settings
from tui.key_table import keys_markdown
from tui.keys import load
from tui.line.desk import Desk, default_workspace, own_keybindings, unix_user
from tui.line.group import SECTIONS, VERSION, group, module_of

ROOT = Path(__file__).parent.parent
LINE = ROOT / "tui" / "line"
Screen = Callable[[Callable[[Desk], None]], None]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("FRONTDESK_WORKSPACE", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Hand the command another screen: a function that is called with the desk."""

    def hand_in(show: Callable[[Desk], None]) -> None:
        monkeypatch.setattr(entry, "open_screen", show)

    return hand_in


def raising(error: BaseException) -> Callable[[Desk], None]:
    def show(desk: Desk) -> None:
        raise error

    return show


def shell(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# --------------------------------------------------------------------------- the desk


def test_options_reach_the_desk_and_without_a_command_the_screen_opens(
    screen: Screen, tmp_path: Path
) -> None:
    desks: list[Desk] = []
    screen(desks.append)
    assert (
        entry.main(["--workspace", "~/desk", "--as", "ana", "--now", "2013-03-21T10:30:00Z", "--debug"]) == 0
    )
    (desk,) = desks
    assert desk.workspace == tmp_path / "desk"
    assert (desk.as_name, desk.pinned, desk.debug) == ("ana", 1363861800, True)
    assert desk.now() == 1363861800
    assert desk.who().name == "ana"


def test_a_workspace_is_found_by_option_then_environment_then_xdg(
    screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks: list[Desk] = []
    screen(desks.append)
    entry.main([])
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    entry.main([])
    monkeypatch.setenv("FRONTDESK_WORKSPACE", str(tmp_path / "named"))
    entry.main([])
    entry.main(["--workspace", str(tmp_path / "chosen")])
    assert [desk.workspace for desk in desks] == [
        tmp_path / ".local/share/frontdesk",
        tmp_path / "data/frontdesk",
        tmp_path / "named",
        tmp_path / "chosen",
    ]


def test_a_relative_base_folder_does_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "data")
    monkeypatch.setenv("XDG_CONFIG_HOME", "")
    assert default_workspace() == tmp_path / ".local/share/frontdesk"
    assert own_keybindings() == tmp_path / ".config/frontdesk/keybindings.toml"


def test_who_acts_is_the_unix_user_whatever_the_environment_says(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "the boss")
    monkeypatch.setenv("USER", "the boss")
    desks: list[Desk] = []
    screen(desks.append)
    entry.main([])
    assert desks[0].who().name == unix_user() != "the boss"


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2013-03-21T10:30:00Z", 1363861800),
        ("2013-03-21t10:30:00z", 1363861800),
        ("2013-03-21T11:30:00+01:00", 1363861800),
        ("2013-03-21T10:30Z", 1363861800),
    ],
)
def test_the_clock_can_be_pinned(screen: Screen, written: str, at: int) -> None:
    desks: list[Desk] = []
    screen(desks.append)
    assert entry.main(["--now", written]) == 0
    assert desks[0].now() == at


@pytest.mark.parametrize("written", ["tomorrow", "2013-03-21T10:30:00", "1363861800", ""])
def test_an_instant_that_could_be_another_is_refused(
    screen: Screen, capsys: pytest.CaptureFixture[str], written: str
) -> None:
    screen(raising(AssertionError("the screen must not open")))
    assert entry.main(["--now", written]) == 2
    assert "write it as 2013-03-21T10:30:00Z." in capsys.readouterr().err


# --------------------------------------------------------------------------- errors and exit statuses


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (NotDone("It is closed already."), 1, "frontdesk: It is closed already.\n"),
        (BadUsage("Two words.", "Try one."), 2, "frontdesk: Two words.\n  Try one.\n"),
        (BadSettings("Wrong.", "line 1\nline 2"), 3, "frontdesk: Wrong.\n  line 1\n  line 2\n"),
        (WorldError("No way there.", "Plug it in."), 4, "frontdesk: No way there.\n  Plug it in.\n"),
        (PermissionError(13, "Permission denied", "/desk"), 4, "frontdesk: /desk: Permission denied.\n"),
        (OSError(28, "No space left on device"), 4, "frontdesk: No space left on device.\n"),
        (click.UsageError("Too many."), 2, "frontdesk: Too many.\n  frontdesk --help says more.\n"),
        (
            click.FileError("notes.txt", "not there"),
            1,
            "frontdesk: Could not open file 'notes.txt': not there\n",
        ),
        (NotDone("Evil \x1b]0;title\x07 name"), 1, "frontdesk: Evil ]0;title name\n"),
    ],
)
def test_an_error_is_a_sentence_and_a_next_step_and_never_a_traceback(
    screen: Screen, capsys: pytest.CaptureFixture[str], error: Exception, status: int, said: str
) -> None:
    screen(raising(error))
    assert entry.main([]) == status
    out, err = capsys.readouterr()
    assert (out, err) == ("", said)


def test_a_broken_store_is_the_worlds_fault(screen: Screen, capsys: pytest.CaptureFixture[str]) -> None:
    def show(desk: Desk) -> None:
        desk.workspace.mkdir(parents=True)
        (desk.workspace / "some.db").write_bytes(b"this was a database once" * 100)
        sqlite3.connect(desk.workspace / "some.db").execute("SELECT * FROM conversations")

    screen(show)
    assert entry.main([]) == 4
    assert "cannot be used: file is not a database.\n  frontdesk doctor" in capsys.readouterr().err


def test_a_mistake_of_ours_keeps_its_words_for_itself(
    screen: Screen, capsys: pytest.CaptureFixture[str]
) -> None:
    screen(raising(ValueError("Dear support, my card number is 4711")))
    assert entry.main([]) == 1
    err = capsys.readouterr().err
    assert err.startswith("frontdesk: Something went wrong in Frontdesk itself (ValueError).\n  With --debug")
    assert "4711" not in err
    assert not default_workspace().exists()


def test_with_debug_the_log_says_where_and_only_its_owner_may_read_it(
    screen: Screen, capsys: pytest.CaptureFixture[str]
) -> None:
    screen(raising(ValueError("x")))
    assert entry.main(["--debug"]) == 1
    log = default_workspace() / "frontdesk.log"
    assert str(log) in capsys.readouterr().err
    assert "test_command_line.py" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_an_interrupt_is_quiet(screen: Screen, capsys: pytest.CaptureFixture[str]) -> None:
    screen(raising(KeyboardInterrupt()))
    assert entry.main([]) == 130
    assert capsys.readouterr().err.strip() == ""


def test_questions_nobody_answers_end_with_a_sentence() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import main, click; main.open_screen = lambda d: click.prompt('A'); "
            "raise SystemExit(main.main([]))",
        ],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.endswith("frontdesk: The input ended before every question was answered.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["kyes"],
            "frontdesk: No such command 'kyes'. Did you mean 'keys'?\n  frontdesk --help says more.\n",
        ),
        (["keys", "--markdwn"], "Did you mean '--markdown'?\n  frontdesk keys --help says more.\n"),
        (["--workspce", "x"], "Did you mean '--workspace'?"),
        (["keys", "too", "much"], "frontdesk: Got unexpected extra arguments (too much)"),
    ],
)
def test_a_wrong_word_is_answered_with_the_nearest_one(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert entry.main(arguments) == 2
    assert said in capsys.readouterr().err


def test_a_reader_who_has_read_enough_ends_a_command_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen(
        [sys.executable, ROOT / "main.py", "keys"], stdout=writing, stderr=subprocess.PIPE
    ) as process:
        os.close(writing)
        assert process.communicate(timeout=60)[1] == b""
    assert process.returncode == 141


def test_an_output_that_knows_few_characters_still_gets_its_lines() -> None:
    done = shell("keys", PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "0, \\u2026, 9" in done.stdout


def test_what_was_printed_before_an_error_is_not_lost() -> None:
    code = (
        "import click, main\n"
        "from inbox.errors import NotDone\n"
        "def show(desk):\n"
        "    click.echo('one')\n"
        "    raise NotDone('There is no 2.')\n"
        "main.open_screen = show\n"
        "main.run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--now", "2013-03-21T10:30:00Z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "one\n", "frontdesk: There is no 2.\n")


def test_nothing_is_coloured_where_nobody_looks() -> None:
    code = (
        "import click, main\n"
        "main.open_screen = lambda d: click.echo(click.style('late', fg='red'))\n"
        "raise SystemExit(main.main([]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "late\n"


# --------------------------------------------------------------------------- commands


def test_every_command_file_is_named_in_help_and_every_name_has_its_words() -> None:
    named = {name for section in SECTIONS.values() for name in section}
    for file in LINE.glob("*.py"):
        if re.search(r"^(def command\b|command\s*[:=])", file.read_text(), re.MULTILINE):
            assert file.stem.rstrip("_").replace("_", "-") in named, (
                f"{file.name} stands in no section of help"
            )
    assert all(
        words and words[0].islower() and words[-1] not in "."
        for s in SECTIONS.values()
        for words in s.values()
    )


def test_every_command_loads_and_is_called_as_its_file() -> None:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert command.name == name


def test_a_name_with_a_dash_or_one_that_python_keeps_finds_its_file() -> None:
    existing = {file.stem for file in LINE.glob("*.py")}
    for name, stem in (("take-next", "take_next"), ("import", "import_")):
        assert module_of(name) == (f"tui.line.{stem}" if stem in existing else None)
    assert module_of("desk") is None
    assert module_of("../keys") is None


def test_help_lists_commands_in_sections(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["--help"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"\nCare:\n(  .*\n)*  keys +the keys in force\n", out)


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["--version"]) == 0
    assert capsys.readouterr().out == f"frontdesk, version {VERSION}\n"
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_a_command_starts_without_what_is_heavy() -> None:
    """What a command loads is counted, not timed: the same on every machine."""
    code = "import sys, main\nmain.main(sys.argv[1:])\nprint(*sorted(sys.modules), file=sys.stderr)\n"
    heavy = {
        "textual",
        "rich",
        "pydantic",
        "asyncio",
        "importlib.metadata",
        "ssl",
        "sqlite3",
        "holidays",
        "selectolax",
    }
    for arguments in (["--help"], ["--version"], ["keys"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert heavy & set(done.stderr.split()) == set(), arguments


def test_keys_shows_the_keys_in_force(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = own_keybindings()
    own.parent.mkdir(parents=True)
    own.write_text('[list]\nclose = "x"\n')
    assert entry.main(["keys"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines if line.split()[1] == "close"] == [
        ["x", "close"],
        ["e", "close"],
    ]
    assert entry.main(["keys", "--markdown"]) == 0
    assert capsys.readouterr().out == keys_markdown(load(own))
    assert entry.main(["keys", "--preset", "mutt", "--markdown"]) == 0
    assert capsys.readouterr().out == keys_markdown(load(preset="mutt"))
    assert entry.main(["keys", "--preset", "vim"]) == 2
    assert "There is no preset 'vim'" in capsys.readouterr().err


def test_keys_that_cannot_be_used_are_a_matter_of_settings(capsys: pytest.CaptureFixture[str]) -> None:
    own = own_keybindings()
    own.parent.mkdir(parents=True)
    own.write_text('[list]\nclse = "x"\n')
    assert entry.main(["keys"]) == 3
    assert f'{own}:2: there is no verb "clse"; did you mean "close"?' in capsys.readouterr().err


class Door:
    """In the place of a store: whether it was opened and closed."""

    def __init__(self) -> None:
        self.happened: list[str] = []

    def open(self, path: Path) -> Workspace:
        self.happened.append(f"open {path.name}")
        return cast(Workspace, self)

    def applied(self) -> str:
        return ""

    def apply(self, _settings: Settings, _now: Instant, _mark: str, _progress: Reached) -> None:
        self.happened.append("apply")

    def close(self) -> None:
        self.happened.append("close")


def test_the_store_is_opened_once_and_closed_when_the_command_ends_however_it_ends(tmp_path: Path) -> None:
    door = Door()

    def show(desk: Desk) -> None:
        assert desk.store() is desk.store()
        raise NotDone("It is closed already.")

    desk = Desk(open_store=door.open, open_screen=show)
    assert CliRunner().invoke(group, ["--workspace", str(tmp_path / "desk")], obj=desk).exit_code == 1
    assert door.happened == ["open desk", "apply", "close"]
    assert CliRunner().invoke(group, ["keys"], obj=desk).exit_code == 0
    assert door.happened == ["open desk", "apply", "close"]  # what needs no store opens none


def test_every_error_class_has_its_exit_status() -> None:
    assert [error.status for error in (FrontdeskError, NotDone, BadUsage, BadSettings, WorldError)] == [
        1,
        1,
        2,
        3,
        4,
    ]
