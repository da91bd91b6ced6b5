"""A backup is unpacked as docs/operations.md tells people to."""

from __future__ import annotations

import subprocess
from pathlib import Path


def restore(backup: Path, folder: Path) -> None:
    """Unpack a backup into a folder, which is made where there is none."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["tar", "-C", str(folder), "-xf", str(backup)], check=True)
