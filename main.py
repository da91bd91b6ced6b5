"""The entry: hands a desk the ways to a store and a screen, and turns what went wrong into a sentence.

Everything heavy is imported where it is first needed: a command that shows nothing must start at once.
"""

from __future__ import annotations

import codecs
import gc
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from inbox.errors import BadUsage, FrontdeskError, WorldError

if TYPE_CHECKING:
    from pathlib import Path

    import click

    from inbox.ports import Workspace
    from tui.line.desk import Desk

INTERRUPTED = 130  # 128 + SIGINT, as shells report it
LOOK_FOR_GARBAGE = 50_000  # new objects; Python's own 700 is for programs that are already loaded


def open_store(path: Path) -> Workspace:
    """The store of the workspace at `path`, made when there is none."""
    from storage.workspace import open_store as open_sqlite

    return open_sqlite(path)


def open_screen(desk: Desk) -> None:
    """Show the screen until the person leaves it. Raises BadUsage where there is no terminal to show it on."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        way = "ssh -t desk opens it" if desk.restricted else "Start it at a terminal"
        raise BadUsage(
            "The screen needs a terminal, and here is none.", f"{way}, or name a command, such as due."
        )
    from tui.app import open_screen as show

    show(desk, desk.program)


def _confine() -> None:
    """Refuse every program that is not Frontdesk's own, for as long as this process lives."""
    from tui.line.confined import confine

    confine()


def _program() -> tuple[str, ...]:
    """What starts Frontdesk, as arguments, wherever it is called from."""
    from pathlib import Path

    return sys.executable, str(Path(__file__).resolve())


def main(arguments: Sequence[str] | None = None, confine: Callable[[], None] | None = None) -> int:
    """Run `frontdesk` with these arguments (default: the process's own); the answer is the exit status. Where access is
    restricted, `confine` is called before anything is done.

    0 ok; 1 refused, unknown, or the condition asked for holds; 2 bad usage; 3 settings; 4 the outside world.
    """
    try:
        import click
    except ModuleNotFoundError:
        sys.stderr.write("frontdesk: Its libraries are not here.\n  Start it with ./run.\n")
        return WorldError.status

    from tui.line.desk import Desk
    from tui.line.group import PIPE_CLOSED, group, quieten

    _ready_streams()
    desk = Desk(open_store=open_store, open_screen=open_screen, program=_program())
    if confine is not None:
        desk.confine = confine
    try:
        status = group.main(arguments, prog_name="frontdesk", standalone_mode=False, obj=desk)
        sys.stdout.flush()
    except FrontdeskError as error:
        _log(error, desk)
        return _say(error.what, error.next_step, error.status)
    except click.UsageError as error:
        return _say(error.format_message(), _help_for(error, desk), 2)
    except click.ClickException as error:
        return _say(error.format_message(), "", error.exit_code)
    except (click.Abort, KeyboardInterrupt, EOFError) as error:
        if EOFError in (type(error), type(error.__cause__), type(error.__context__)):
            return _say("The input ended before every question was answered.", "", 1)
        return INTERRUPTED
    except BrokenPipeError:
        quieten()
        return PIPE_CLOSED
    except Exception as error:
        _log(error, desk)
        given = sys.argv if arguments is None else arguments
        if isinstance(error, UnicodeEncodeError) and not _are_text(given):
            what = "A word of the command is no text: it is not in UTF-8."
            return _say(what, "Check what was pasted, and how the terminal is set.", 2)
        return _unforeseen(error, desk)
    return status if isinstance(status, int) else 0


def _ready_streams() -> None:
    """Let no character that an output cannot carry end a command, nor an output that was closed before it began."""
    codecs.register_error("escaped", _escaped)
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # `frontdesk list >&-`
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: PTH123,SIM115
        elif name != "stdin" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace" if stream.isatty() else "escaped")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Write what a pipe's encoding lacks as JSON does, `\\u00fc`: so --json loses nothing wherever it goes."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2] for at in range(0, len(units), 2))
    return "".join(f"\\u{pair.hex()}" for pair in pairs), error.end


def _are_text(words: Sequence[str]) -> bool:
    """Whether words are text, and not bytes that Python could not read (PEP 383); names of files may be such."""
    return all(word.isascii() or word.encode("utf-8", "ignore").decode() == word for word in words)


def _unforeseen(error: Exception, desk: Desk) -> int:
    """Say what no command has foreseen; the answer is the exit status."""
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename is not None else ""
        return _say(f"{where}{error.strerror or type(error).__name__}.", "", WorldError.status)
    if type(error).__module__ == "sqlite3":
        what = f"The store in {desk.workspace} cannot be used: {error}."
        return _say(
            what, "frontdesk doctor says more; frontdesk verify compares everything.", WorldError.status
        )
    # A mistake of ours. Its own words stay out: they may quote a customer's mail.
    hint = "With --debug it is noted where, in"
    if desk.debug:  # in a workspace for a group, the log is one person's
        noted = os.access(_log_file(desk), os.W_OK)
        hint = "What went wrong is in" if noted else "What went wrong could not be noted in"
    what = f"Something went wrong in Frontdesk itself ({type(error).__name__})."
    return _say(what, f"{hint} {_log_file(desk)}.", 1)


def _say(what: str, next_step: str, status: int) -> int:
    """Write what happened and what to do next to standard error; the answer is the exit status."""
    import click

    from inbox.journal import masked
    from inbox.text import sanitise

    message = f"frontdesk: {what}" + "".join(f"\n  {line}" for line in next_step.splitlines())
    click.echo(masked(sanitise(message)), err=True)
    return status


def _help_for(error: click.UsageError, desk: Desk) -> str:
    command = error.ctx.command_path.removeprefix("frontdesk") if error.ctx else ""
    return f"{desk.called}{command} --help says more."


def _log(error: Exception, desk: Desk) -> None:
    """With --debug, note where an error came from in the workspace's log, which only its owner may read."""
    if desk.debug:
        from inbox.journal import Journal

        with suppress(OSError):
            desk.workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
        Journal(_log_file(desk), desk.now).failure("command", error)


def _log_file(desk: Desk) -> Path:
    return desk.workspace / "frontdesk.log"


def run() -> NoReturn:
    """Be the process `frontdesk`: run it, then leave without taking the interpreter apart.

    That would be a tenth of what a short command costs, and looking for garbage among modules that are being loaded
    as much again. Everything durable is written and closed by now.
    """
    from tui.line.gate import put_gates

    gc.set_threshold(LOOK_FOR_GARBAGE)
    put_gates()
    status = main(confine=_confine)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    run()
