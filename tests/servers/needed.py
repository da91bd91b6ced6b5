"""What a test needs that may not be installed: it is skipped with the reason, or fails where no silent gap may appear."""

from __future__ import annotations

import os

import pytest


def need(lacking: str | None) -> None:
    """Skip the test where something is lacking, with the reason; fail it where the environment variable CI is set."""
    if lacking is None:
        return
    if os.environ.get("CI"):
        pytest.fail(lacking)
    pytest.skip(lacking)
