"""Whole screens kept as text: few and telling. `FRONTDESK_GOLDENS=write pytest tests/test_screen_layout.py` writes them
anew; what then differs in git is what a change does to the screen."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

FOLDER = Path(__file__).parent / "goldens"
WRITE = (
    os.environ.get("FRONTDESK_GOLDENS") == "write"
)  # asked before a test is given an environment of its own


def same_as_golden(name: str, seen: str) -> None:
    """Fail with the difference where what is seen is not what is kept under this name."""
    file = FOLDER / f"{name}.txt"
    if WRITE:
        FOLDER.mkdir(exist_ok=True)
        file.write_text(f"{seen}\n", "utf-8")
        return
    kept = file.read_text("utf-8").splitlines()
    lines = seen.splitlines()
    if lines != kept:
        told = "\n".join(difflib.unified_diff(kept, lines, "kept", "seen", lineterm=""))
        raise AssertionError(f"{file.name} is another screen now (FRONTDESK_GOLDENS=write keeps it):\n{told}")
