"""A table of settings.toml as it is declared: keys with what is allowed in them, and why they are there."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


def key(default: Any, allowed: str, why: str, shown: str = "") -> Any:
    """A key: what holds without it (`...`: it must be given), what is allowed in it, why it is there.

    `shown` is the default as one would write it, where that is not plain from `default`.
    """
    return Field(default=default, title=allowed, description=why, examples=[shown] if shown else None)


class Table(BaseModel):
    """A table of settings.toml: keys it does not name are refused, and a number is not taken for a text."""

    model_config = ConfigDict(extra="forbid", strict=True)
