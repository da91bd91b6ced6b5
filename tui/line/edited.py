"""A text in the person's own editor, from the command line."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from inbox.errors import BadUsage, NotDone, WorldError


def edited(text: str, *, restricted: bool, name: str = "text.md") -> str:
    """`text` after $VISUAL or $EDITOR (else vi) had it, on a file only this person can read.

    BadUsage where access is `restricted` (`Desk.restricted`): an editor is a shell; NotDone when the editor ended with an
    error; WorldError when there is no such editor.
    """
    if restricted:
        raise BadUsage(
            "No editor here: this account is restricted, and an editor is a shell.", "Give --text."
        )
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.TemporaryDirectory(prefix="frontdesk-") as folder:  # made with mode 0700
        file = Path(folder) / name
        file.write_text(text, encoding="utf-8")
        try:
            ended = subprocess.run([*command, str(file)], check=False).returncode
        except OSError as error:
            raise WorldError(
                f"The editor {command[0]} cannot be started ({error.strerror}).", "Set EDITOR to another one."
            ) from error
        if ended != 0:
            raise NotDone(
                "The editor ended with an error: nothing was changed.", "Save, and leave it as usual."
            )
        return file.read_text(encoding="utf-8", errors="replace")
