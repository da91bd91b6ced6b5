"""The programs of [panel.NAME]: whether they are there to be run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping

from inbox.panels import PanelCommand
from inbox.text import one_line
from tui.checkup.finding import Finding


def panels(commands: Iterable[PanelCommand], environment: Mapping[str, str]) -> Iterator[Finding]:
    """Each program, as whoever runs this would find it. Nothing is run."""
    for panel in commands:
        program, full = panel.command[0], "Write its full path into settings.toml."
        shown = one_line(program, 100)
        found = shutil.which(program, path=environment.get("PATH", os.defpath))
        if "/" in program and not program.startswith("/"):
            said = f"{shown} is looked for from /, where the worker runs it."
            yield Finding("panel", panel.name, False, said, full)
        elif found is None:
            there = "is not for you to run" if os.path.exists(program) else "is not found here"  # noqa: PTH110
            yield Finding("panel", panel.name, False, f"{shown} {there}.", f"chmod +x, or: {full}")
        else:
            yield Finding("panel", panel.name, True, f"{one_line(found, 100)} is there")
