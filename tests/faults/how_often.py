"""How often faults are injected: by tens among the long tests, by hundreds with `FRONTDESK_FULL=1 ./run test --long`."""

from __future__ import annotations

import os

_FULL = os.environ.get("FRONTDESK_FULL") == "1"


def times(usual: int, full: int) -> int:
    """So often here, and so often where the full numbers were asked for."""
    return full if _FULL else usual
