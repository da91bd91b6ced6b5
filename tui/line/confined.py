"""What stands behind every refusal of restricted access: a process that serves who was let in by a forced command starts no
program but Frontdesk's own, whatever some part of it may forget to refuse."""

from __future__ import annotations

import sys
from typing import Final

from inbox.errors import NotDone

_OTHERS: Final = frozenset(
    ("os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.forkpty", "os.startfile", "pty.spawn")
)
"""Ways to a program that Frontdesk never goes (Python's table of audit events)."""


def confine() -> None:
    """From now on, and for as long as this process lives, every other program is refused with NotDone."""
    sys.addaudithook(_refuse_programs)


def _refuse_programs(event: str, arguments: tuple[object, ...]) -> None:
    if event in _OTHERS or (event == "subprocess.Popen" and str(arguments[0]) != sys.executable):
        raise NotDone("No program is started here: this account is restricted.")
