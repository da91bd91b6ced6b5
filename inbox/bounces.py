"""Delivery reports: who was not reached, and why."""

from __future__ import annotations

from inbox.model import Bounce


def read_bounces() -> tuple[Bounce, ...]:
    """The recipients that were not reached."""
    return ()
