"""A screen that opens: what happens meanwhile is seen as well."""

from __future__ import annotations

import pytest

from storage.workspace import Workspace
from tests.screenplay import Heard, playing
from tests.shop import deliver, mail


async def test_what_came_before_anybody_listened_is_told(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted = Heard._painted

    def mail_is_faster(app: Heard) -> None:
        deliver(store, mail("Eve <eve@eve.example>", "Broken on arrival", "Look.\n", "2026-11-10 11:04"))
        painted(app)

    monkeypatch.setattr(Heard, "_painted", mail_is_faster)
    async with playing(store) as stage:
        assert "1 new" in stage.pane("list")
