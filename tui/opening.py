"""Opening a file or a link with the system's own program, by a list of arguments and never through a shell."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping

from inbox.errors import NotDone, WorldError


def opener(environ: Mapping[str, str], platform: str = sys.platform) -> str:
    """The program that opens things here. Raises NotDone where there is none, or no display to show it on."""
    if platform == "darwin":
        name = "open"
        seen = "SSH_CONNECTION" not in environ
    else:
        name = "xdg-open"
        seen = bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    if not seen:
        where = "over SSH" if "SSH_CONNECTION" in environ else "here"
        raise NotDone(f"There is no display {where} to open it on.", "s saves it, Enter shows its words.")
    found = shutil.which(name, path=environ.get("PATH"))
    if found is None:
        raise NotDone(f"There is no {name} here to open it with.", "s saves it, Enter shows its words.")
    return found


def open_with(program: str, what: str, environment: Mapping[str, str]) -> None:
    """Start the program on a path or a link, and let it go its own way. Raises WorldError when it does not start."""
    try:
        subprocess.Popen(
            [program, what],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise WorldError(
            f"{program} could not be started: {error.strerror}.", "s saves it instead."
        ) from error
