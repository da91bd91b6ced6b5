"""Writing in the person's own editor, on a file only they can read."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from inbox.errors import WorldError

if TYPE_CHECKING:
    from tui.app import FrontdeskApp


def edited(app: FrontdeskApp, text: str) -> str | None:
    """`text` after $VISUAL or $EDITOR (else vi) had it; None when the editor ended with an error.

    Raises WorldError when there is no such editor.
    """
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.TemporaryDirectory(prefix="frontdesk-") as folder:  # made with mode 0700
        file = Path(folder) / "reply.txt"
        file.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                ended = subprocess.run([*command, str(file)], check=False)
        except OSError as error:
            raise WorldError(
                f"The editor {command[0]} could not be started: {error.strerror}.",
                "Set EDITOR to another one.",
            ) from None
        if ended.returncode != 0:
            return None
        return file.read_text(encoding="utf-8", errors="replace").rstrip("\n")
