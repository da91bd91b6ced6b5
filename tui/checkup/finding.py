"""What a check found, and how one that meets an error says so without silencing the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from inbox.errors import FrontdeskError


class Finding(NamedTuple):
    """One check: of what, whether it is in order, and what to do where it is not.

    `ok` None: it cannot be told, or (with a next step) it holds for now and should be looked after.
    """

    check: str
    subject: str
    ok: bool | None
    detail: str = ""
    next: str = ""


def guarded(check: str, subject: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a check finds; where it meets an error, that error as a finding."""
    try:
        yield from look()
    except FrontdeskError as error:
        yield Finding(check, subject, False, error.what, error.next_step)
    except OSError as error:
        where = f"{error.filename}: " if error.filename is not None else ""
        yield Finding(check, subject, False, f"{where}{error.strerror or type(error).__name__}")
    except Exception as error:  # a sick workspace must not end the doctor
        said = f"The check itself met an error ({type(error).__name__}: {error})."
        yield Finding(check, subject, False, said, "frontdesk verify compares everything in the store.")


def some(names: Iterable[str], most: int = 5) -> str:
    """The first few of many names, and how many there are besides."""
    listed = sorted(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


def counted(count: int, one: str, many: str = "") -> str:
    """`1 message`, `3 messages`."""
    return f"{count} {one if count == 1 else many or one + 's'}"
