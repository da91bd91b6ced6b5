"""The entry: hands a desk the ways to a store and a screen, and turns what went wrong into a sentence.

Everything heavy is imported where it is first needed: a command that shows nothing must start at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from inbox.errors import FrontdeskError, WorldError

if TYPE_CHECKING:
    from pathlib import Path

    import click

    from inbox.ports import Store
    from tui.line.desk import Desk

INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def open_store(path: Path) -> Store:
    """The store of the workspace at `path`, made when there is none."""
    from storage.store import open_store as open_sqlite

    return open_sqlite(path)


def open_screen(desk: Desk) -> None:
    """Show the screen until the person leaves it."""
    from tui.app import open_screen as show

    show(desk)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `frontdesk` with these arguments (default: the process's own); the answer is the exit status.

    0 ok; 1 refused, unknown, or the condition asked for holds; 2 bad usage; 3 settings; 4 the outside world.
    """
    import click

    from tui.line.desk import Desk
    from tui.line.group import PIPE_CLOSED, group, quieten

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                errors="replace"
            )  # a character the terminal does not know must not end a command
    desk = Desk(open_store=open_store, open_screen=open_screen)
    try:
        status = group.main(arguments, prog_name="frontdesk", standalone_mode=False, obj=desk)
        sys.stdout.flush()
    except FrontdeskError as error:
        return _say(error.what, error.next_step, error.status, desk)
    except click.UsageError as error:
        return _say(error.format_message(), _help_for(error), 2)
    except click.ClickException as error:
        return _say(error.format_message(), "", error.exit_code)
    except (click.Abort, KeyboardInterrupt, EOFError) as error:
        if isinstance(error, EOFError) or isinstance(error.__cause__, EOFError):
            return _say("The input ended before every question was answered.", "", 1)
        return INTERRUPTED
    except BrokenPipeError:
        quieten()
        return PIPE_CLOSED
    except OSError as error:
        where = f"{error.filename}: " if error.filename is not None else ""
        return _say(f"{where}{error.strerror or type(error).__name__}.", "", WorldError.status, desk)
    except Exception as error:
        if type(error).__module__ == "sqlite3":
            return _say(
                f"The store of {desk.workspace} cannot be used: {error}.",
                "frontdesk doctor says more; frontdesk verify compares everything.",
                WorldError.status,
                desk,
            )
        return _unexpected(error, desk)
    return status if isinstance(status, int) else 0


def _say(what: str, next_step: str, status: int, desk: Desk | None = None) -> int:
    """Write what happened and what to do next to standard error; the answer is the exit status."""
    import click

    message = f"frontdesk: {what}" + "".join(f"\n  {line}" for line in next_step.splitlines())
    click.echo(message, err=True)
    if desk is not None and desk.debug:
        _log(desk.workspace)
    return status


def _help_for(error: click.UsageError) -> str:
    return (
        f"{error.ctx.command_path} --help says more."
        if error.ctx is not None
        else "frontdesk --help says more."
    )


def _unexpected(error: Exception, desk: Desk) -> int:
    """A mistake of ours: one sentence without the error's own words, which may quote a customer's mail."""
    log = desk.workspace / "frontdesk.log"
    hint = f"What went wrong is in {log}." if desk.debug else f"With --debug, {log} says where."
    return _say(f"Something went wrong in Frontdesk itself ({type(error).__name__}).", hint, 1, desk)


def _log(workspace: Path) -> None:
    """Add the traceback being handled to the workspace's log, which only its owner may read."""
    import traceback

    workspace.mkdir(parents=True, exist_ok=True)
    log = workspace / "frontdesk.log"
    with os.fdopen(
        os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(traceback.format_exc())


if __name__ == "__main__":
    sys.exit(main())
