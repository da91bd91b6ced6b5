"""Errors a person reads: what happened, what to do next, and the exit status a command ends with."""

from __future__ import annotations


class FrontdeskError(Exception):
    """Something a person can mend. `what` is one sentence; `next_step` says what to do; `status` is the exit status."""

    status = 1

    def __init__(self, what: str, next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.what}\n  {self.next_step}" if self.next_step else self.what


class NotDone(FrontdeskError):
    """A verb was refused, an id is unknown, or nothing readable was given (exit 1)."""

    status = 1


class BadUsage(FrontdeskError):
    """The words of a command or a query are off, or a named file does not exist (exit 2)."""

    status = 2


class BadSettings(FrontdeskError):
    """The settings cannot be used as they stand (exit 3)."""

    status = 3


class WorldError(FrontdeskError):
    """Network, server, disk, rights, or a damaged or newer workspace (exit 4)."""

    status = 4


class Superseded(WorldError):
    """Another worker has taken over, or a newer Frontdesk has upgraded the workspace: this process is to end."""
