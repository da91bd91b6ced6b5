"""`frontdesk sla replay`: history under other hours and policies, beside how it was; the same answer every time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import main
from benchmarks.report import NOW as MADE_AT
from benchmarks.report import fill
from inbox.happenings import happenings
from inbox.model import ClockKind, EventType, Who
from inbox.policies import Book, Version
from inbox.replay import Replay, replay, timeline_under
from inbox.settings import Settings, load
from inbox.sla import clocks
from storage.workspace import open_store
from tests.faults.clock import MONDAY
from tests.stores import DAY, Desk, desk, letter
from tests.terminal import frontdesk

HOUR = 3600
ALWAYS = 'hours = "always"\n'
QUICK = ALWAYS + '[[policy]]\nname = "quick"\nfirst_reply = "2h"\nnext_reply = "3h"\n'
MONDAYS = '[hours]\nzone = "UTC"\nweek = { mon = ["09:00-13:00"] }\n[[policy]]\nname = "slow"\nfirst_reply = "3h1m"\n'


def written(folder: Path, text: str, name: str = "settings.toml") -> Settings:
    (folder / name).write_text(text)
    return load(folder / name, host_zone="UTC")


def book(settings: Settings) -> Book:
    return Book([Version(1, 0, settings.canonical_json())])


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    """Monday, from nine: one is answered after an hour, one after three, one after ten, and one never."""
    here = desk(tmp_path, written(tmp_path, ALWAYS))
    for number, hours in ((1, 1), (2, 3), (3, 10)):
        here.now = MONDAY
        assert here.gets(letter(id_=f"<{number}@p>", subject=f"Parcel {number}")) == number
        here.now = MONDAY + hours * HOUR - 62  # a minute passes until a server has it
        here.hands_over(here.replies("ann", number))
    here.now = MONDAY
    here.gets(letter(sender="Mia Roth <mia@park.example>", id_="<4@p>", subject="Parcel 4"))
    here.now = MONDAY + 12 * HOUR
    yield here
    here.store.close()


def replayed(shop: Desk, settings: Settings, since: int = MONDAY - DAY) -> Replay:
    found = replay(shop.store, book(settings), since, shop.now, Who(""))
    assert found is not None
    return found


def test_who_would_have_been_late_beside_who_was(shop: Desk, tmp_path: Path) -> None:
    found = replayed(shop, written(tmp_path, QUICK))
    late = found.ordered()
    assert [(each.conversation, each.really, each.met is None) for each in late] == [
        (4, True, True), (3, True, False), (2, False, False)
    ]  # fmt: skip
    assert [round(each.seconds / HOUR) for each in late] == [10, 8, 1]  # past two hours
    assert late[0].deadline == MONDAY + 1 + 2 * HOUR
    assert (found.newly, found.no_longer, found.conversations) == (1, 0, 4)
    assert found.other_deadline == 1  # of the one that still waits
    assert found.before[ClockKind.FIRST_REPLY, "default"].total() == 4
    assert dict(found.after[ClockKind.FIRST_REPLY, "quick"]) == {"met": 1, "missed": 2, "breached": 1}


def test_who_was_late_and_would_not_have_been(shop: Desk, tmp_path: Path) -> None:
    """On Mondays from nine to one alone: from one past twelve the rest of the hour counts and no more."""
    found = replayed(shop, written(tmp_path, MONDAYS))
    assert [(each.conversation, each.seconds) for each in found.ordered()] == [(3, 3539), (4, 3539)]
    assert (found.newly, found.no_longer) == (0, 0)
    assert (
        replayed(
            shop, written(tmp_path, ALWAYS + QUICK.partition("\n")[2].replace('"2h"', '"11h"'))
        ).no_longer
        == 1
    )


def test_settings_that_are_in_force_change_nothing(shop: Desk, tmp_path: Path) -> None:
    found = replayed(shop, written(tmp_path, ALWAYS))
    assert (found.newly, found.no_longer, found.other_deadline) == (0, 0, 0)
    assert found.before == found.after


def test_only_clocks_that_started_since_then_are_told(shop: Desk, tmp_path: Path) -> None:
    assert replayed(shop, written(tmp_path, QUICK), MONDAY + HOUR).conversations == 0


def test_a_policy_holds_from_the_instant_in_which_it_would_have_matched(shop: Desk, tmp_path: Path) -> None:
    tagged = QUICK + '[[policy]]\nname = "billing"\nwhen = "tag:billing"\nfirst_reply = "1h"\n'
    tagged = tagged.replace('[[policy]]\nname = "quick"', '[[policy]]\nname = "quick"\nwhen = "tag:never"')
    at = shop.tick()
    shop.did("ann", "tag", conversation=4, add=["billing"])
    events = shop.store.events(4)
    tried = book(written(tmp_path, tagged))
    assert [(since, policy.name) for since, policy in timeline_under(tried, 4, events, vip=False)] == [
        (0, "default"), (at + 1, "billing")
    ]  # fmt: skip


def test_replaying_what_was_in_force_all_along_is_what_the_record_says(shop: Desk) -> None:
    """The policies that events brought are the ones that are found again without these events."""
    shop.did("ann", "tag", conversation=4, add=["vip"])
    shop.did("ann", "hold", conversation=4, whom="the carrier")
    shop.did("ann", "reopen", conversation=4)
    events = shop.store.events(4)
    assert sum(event.type is EventType.POLICY for event in events) == 3
    real, found = shop.store.book.timeline(events), timeline_under(shop.store.book, 4, events, vip=False)
    assert [(at, policy.name) for at, policy in found] == [(at, policy.name) for at, policy in real]
    assert clocks(happenings(events), found, shop.now) == clocks(happenings(events), real, shop.now)


# --------------------------------------------------------------------------- the command


def run(shop: Desk, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, str]:
    (shop.store.workspace / "settings.toml").write_text(ALWAYS)
    now = "2026-03-16T21:00:00Z"
    status = main.main(["--workspace", str(shop.store.workspace), "--now", now, "sla", "replay", *words])
    shown = capsys.readouterr()
    assert status == 0, shown.err
    return shown.out, shown.err


def test_the_file_is_tried_and_not_applied_and_says_the_same_every_time(
    shop: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, QUICK, "tried.toml")
    words = ("--settings", str(tmp_path / "tried.toml"), "--since", "7d", "--json")
    out, _ = run(shop, capsys, *words)
    found: dict[str, Any] = json.loads(out)
    assert (found["newly_late"], found["no_longer_late"], found["other_deadline"]) == (1, 0, 1)
    assert (found["before"]["late"], found["after"]["late"]) == (2, 3)
    assert found["policies_of_nobody"] == []
    assert found["late"][0] == {
        "conversation": "4", "subject": "Parcel 4", "customer": "Mia Roth", "clock": "first_reply",
        "policy": "quick", "deadline": "2026-03-16T11:00:01Z", "met": None, "late_s": 10 * HOUR - 1, "was_late": True,
    }  # fmt: skip
    assert run(shop, capsys, *words)[0] == out
    assert shop.store.rows([4])[0].policy == "default"
    first, *_ = run(shop, capsys, "--settings", str(tmp_path / "tried.toml"))[0].splitlines()
    assert "1 conversation would have another deadline now" in first


def test_people_read_the_worst_first_and_strangers_words_are_only_shown(
    shop: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, QUICK, "tried.toml")
    shop.gets(letter(id_="<5@p>", subject="\x1b]0;pwned\x07 five", sender="Eve \x1b[31m <eve@park.example>"))
    out, _ = run(shop, capsys, "--settings", str(tmp_path / "tried.toml"), "--limit", "1")
    assert "Late: 2 as it was, 3 as it would have been: 1 newly, 0 no longer." in out
    assert out.rstrip().endswith("2 more; --limit shows them.")
    assert "Parcel 4" in out.splitlines()[-2]
    assert "\x1b" not in out


def test_a_policy_that_nobody_would_have_had_is_named(
    shop: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tagged = '[[policy]]\nname = "billing"\nwhen = "tag:biling"\nfirst_reply = "1h"\n'
    written(tmp_path, ALWAYS + tagged + QUICK.partition("\n")[2], "tried.toml")
    _, said = run(shop, capsys, "--settings", str(tmp_path / "tried.toml"))
    assert said == "No conversation would have had the policy billing: when = tag:biling\n"


def test_a_file_that_cannot_be_used_is_not_tried(
    shop: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tried.toml"
    file.write_text('[hours]\nzone = "Europe/Atlantis"\nweek = { mon = ["09:00-17:00"] }\n')
    words = ["--workspace", str(shop.store.workspace), "sla", "replay", "--settings"]
    assert main.main([*words, str(file)]) == 3
    assert f"{file}:2: hours.zone:" in capsys.readouterr().err
    assert main.main([*words, str(tmp_path / "nowhere.toml")]) == 2
    assert "There is no file" in capsys.readouterr().err
    assert main.main([*words[:-1], "--since", "yesterweek"]) == 2
    assert "Write it like one of these" in capsys.readouterr().err


@pytest.mark.long
def test_how_far_it_is_is_said_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.adopt(Settings(host_zone="UTC"), MADE_AT - 400 * DAY)
    fill(store, 40_000)
    store.close()
    with frontdesk(
        "--workspace", str(tmp_path), "--now", "2026-05-28T20:26:40Z", "sla", "replay"
    ) as terminal:
        terminal.until_shown("Replaying the record: ")
        terminal.press("\x03")
        assert terminal.ended() == 130
        assert "stopped; nothing was changed" in terminal.text and "Traceback" not in terminal.text


def test_an_edit_of_the_settings_is_told_once(shop: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    run(shop, capsys)
    (shop.store.workspace / "settings.toml").write_text(QUICK)
    words = ["--workspace", str(shop.store.workspace), "--now", "2026-03-16T21:00:00Z", "list"]
    assert main.main(words) == 0
    said = capsys.readouterr().err
    assert "1 conversation gets another deadline; frontdesk sla replay says who" in said
    assert main.main(words) == 0
    assert capsys.readouterr().err == ""
