"""Whether the settings may have changed since a store applied them, told without reading them.

A command that only lists must not load what checks settings and builds clocks: it compares this mark with the one
the store remembers, and goes on when they are the same.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_DEFAULTS = 2
"""Counted up whenever the built-in hours or policies change: stores then apply them anew."""


def settings_mark(path: Path) -> str:
    """A text that differs when the file `path` was written anew, or the host has another zone."""
    zone = ""
    with suppress(OSError):
        zone = os.readlink("/etc/localtime")  # noqa: PTH115  (no Path: this runs before every command)
    return " ".join((str(_DEFAULTS), _stamp(path), zone, _stamp("/etc/timezone")))


def _stamp(path: Path | str) -> str:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return "-"
    return f"{status.st_ino}.{status.st_size}.{status.st_mtime_ns}"
