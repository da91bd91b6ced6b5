"""What comes next: by deadline, then VIPs, then who waits longest; and what a row says of that, in any colours."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox.model import Who
from inbox.settings import load
from inbox.views import VIEWS
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import NOW, at, deliver, did, mail, shop
from tests.stores import desk, letter


def weekend(folder: Path) -> Workspace:
    """Mail of a Saturday and Sunday: all of it is due on Monday at 17:00."""
    senders = ("kim", "lou", "moe", "nia")
    return shop(
        folder,
        [
            mail(f"{name.title()} <{name}@{name}.example>", f"Of {name}", "?\n", f"2026-11-07 1{hour}:00")
            for hour, name in enumerate(senders)
        ],
    )


def test_of_one_deadline_vips_come_first_and_then_who_waits_longest(tmp_path: Path) -> None:
    store = weekend(tmp_path)
    assert len({row.due_at for row in store.rows([1, 2, 3, 4])}) == 1
    assert list(store.ids(VIEWS["due"].node, Who("anna"), NOW)) == [1, 2, 3, 4]
    did(store, "anna", "promise", conversation=2, until=at("2026-11-09 16:00"), now=at("2026-11-08 20:00"))
    assert list(store.ids(VIEWS["due"].node, Who("anna"), NOW)) == [2, 1, 3, 4]
    store.close()


def test_who_waits_comes_before_whom_only_a_promise_is_due_and_a_vip_before_both(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('hours = "always"\n[[policy]]\nname = "all"\nfirst_reply = "1d"\n')
    here = desk(tmp_path, load(path, host_zone="UTC"))
    answered = here.gets(letter(sender="kim@x.example", id_="<1@o>", at=here.now))
    here.hands_over(here.replies("ann", answered, to="kim@x.example"))
    first = here.gets(letter(sender="lou@x.example", id_="<2@o>", subject="Two", at=here.now))
    due = here.store.rows([first])[0].due_at
    assert due is not None
    here.did("ann", "promise", conversation=answered, until=due)
    assert {row.due_at for row in here.store.rows([answered, first])} == {due}
    assert list(here.store.ids(None, Who("ann"), here.now)) == [first, answered]
    here.did("ann", "tag", conversation=answered, add=("vip",))
    assert list(here.store.ids(None, Who("ann"), here.now)) == [answered, first]
    here.store.close()


@pytest.mark.parametrize("size", [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)])
async def test_a_row_says_since_when_somebody_waits_and_how_many_they_have_open(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    store = weekend(tmp_path)
    deliver(store, mail("Lou <lou@lou.example>", "Another", "?\n", "2026-11-10 11:00"))
    did(store, "anna", "tag", conversation=2, add=("vip",))
    async with playing(store, size) as stage:
        row = next(line for line in stage.pane("list").split("\n") if "Of lou" in line)
        assert "!-" in row and "★ Lou" in row and " x2 ✉" in row and row.rstrip(" │").endswith("3 d")
    store.close()


@pytest.mark.parametrize("theme", ["dark", "light", "ansi"])
async def test_what_is_late_is_told_by_signs_in_any_colours(tmp_path: Path, theme: str) -> None:
    store = weekend(tmp_path)
    async with playing(store, (80, 24), theme=theme) as stage:
        rows = [line for line in stage.pane("list").split("\n") if "Of " in line]
        assert all("!-" in row for row in rows)
        assert "4 late" in stage.said
        await stage.press("enter")
        assert "!-" in stage.pane("conversation").split("\n")[1]
    store.close()
