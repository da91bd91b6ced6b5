"""How it stands with the worker and the mailboxes, as a person sees it: in the bottom line, and on the sheet."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inbox.model import Role, Who
from inbox.ports import MAILBOX_STATES, MailboxState, OutboxLine
from inbox.settings import Mailbox
from inbox.text import cells
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.servers.mailboxes import mailbox
from tests.shop import NOW, ZONE, at, did
from tui.mailbox_words import Standing, in_full, in_short, on_leaving

SUPPORT = mailbox()
SALES = mailbox(name="sales", address="sales@shop.example")
ESCAPES = "\x1b]0;PAYLOAD\x07\x1b[2J\u202e [bold]550[/bold]\nQUIT"


def state(name: str = "support", how: str = "watching", **more: object) -> MailboxState:
    """How it stands with a mailbox since 10:40; synced a minute ago."""
    values: dict[str, object] = {"since": at("2026-11-10 10:40"), "synced_at": NOW - 60}
    return MailboxState(name, how, **(values | more))  # type: ignore[arg-type]  # a test names what it needs


def short(*states: MailboxState, narrow: bool = False, runs: bool = True) -> str:
    """The words of the bottom line for two mailboxes."""
    standing = Standing({each.mailbox: each for each in states}, runs)
    return in_short(standing, (SUPPORT, SALES), NOW, ZONE, "g w", narrow=narrow)


def full(*states: MailboxState, runs: bool = True, why: str = "", waiting: int = 0) -> str:
    """The sheet for one mailbox."""
    standing = Standing({each.mailbox: each for each in states}, runs, why=why, waiting={"support": waiting})
    lines = in_full(standing, (SUPPORT,), NOW, ZONE, "r")
    return "\n".join("".join(text for text, _ in line) for line in lines)


AN_HOUR_AGO = NOW - 3600
AGAIN = at("2026-11-10 11:10")


# --------------------------------------------------------------------------- the words


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ([state(), state("sales", "polling")], ""),
        ([state(how="connecting"), state("sales", "fetching")], ""),
        ([state(how="network", again_at=AGAIN)], ""),  # synced a minute ago: nobody's concern yet
        (
            [state(how="network", synced_at=AN_HOUR_AGO, again_at=AGAIN)],
            "support: no line since 10:40, tries again 11:10",
        ),
        ([state(how="network", synced_at=None)], "support: no line since 10:40"),
        ([state(how="refused", synced_at=AN_HOUR_AGO)], "support: server says no since 10:40"),
        ([state("sales", "password")], "sales: password refused, press g w"),
        ([state(how="needs-login")], "support: must log in again, press g w"),
        ([state(how="certificate")], "support: certificate not trusted, press g w"),
        ([state(how="settings")], "support: settings incomplete, press g w"),
        ([state(synced_at=AN_HOUR_AGO)], "support: not looked into since 10:05"),
        (  # a server that says a byte a second
            [state(how="connecting", synced_at=None)],
            "support: not looked into yet, the line is being made",
        ),
        ([state(how="connecting", synced_at=None, since=NOW - 60)], ""),
        ([state(how="mistake", synced_at=AN_HOUR_AGO)], "support: Frontdesk made a mistake, press g w"),
        ([state(questions=("INBOX is empty now.",))], "support: a question, press g w"),
        (
            [state(how="network", synced_at=None), state("sales", "password")],
            "sales: password refused, press g w · 1 more",
        ),
        (
            [state(how="fetching", folder="INBOX", done=12_034, of=50_000, began=NOW - 76)],
            "support: fetching INBOX 12 000 of 50 000, 4 min left",
        ),
        (
            [state(how="fetching", folder="INBOX", done=0, of=900, began=NOW)],
            "support: fetching INBOX 0 of 900",
        ),
    ],
)
def test_the_bottom_line_speaks_where_it_matters(states: list[MailboxState], words: str) -> None:
    assert short(*states) == words


def test_a_narrow_screen_says_less() -> None:
    network = state(how="network", synced_at=AN_HOUR_AGO, again_at=AGAIN)
    assert short(network, narrow=True) == "support: no line since 10:40"
    coming = state(how="fetching", folder="INBOX", done=100, of=900, began=NOW - 60)
    assert short(coming, narrow=True) == "support: fetching INBOX 100 of 900"
    assert short(narrow=True, runs=False) == "no worker, press g w"
    assert short(runs=False) == "no worker: nothing is fetched or sent, press g w"


@pytest.mark.parametrize("how", MAILBOX_STATES)
def test_every_state_is_told_in_the_words_it_is_declared_with(how: str) -> None:
    assert MAILBOX_STATES[how][1:] in full(state(how=how))


def test_the_sheet_says_what_a_trouble_means_and_what_to_do() -> None:
    told = full(
        state(
            how="network", synced_at=AN_HOUR_AGO, again_at=AGAIN,
            trouble="mail.shop.example does not answer", next_step="Is the network up?",
        ),
        waiting=3,
    )  # fmt: skip
    assert told.split("\n")[2:] == [
        "support  support@shop.example",
        "  The line failed: it is tried again (since 10:40).",
        "  mail.shop.example does not answer.",
        "  No new mail has come in since 10:05; 3 answers wait here.",
        "  Next: Is the network up?",
        "  It is tried again at 11:10 by itself.",
    ]


def test_a_question_stands_on_the_sheet() -> None:
    asked = full(state(questions=("support has no folder Archives, which the settings name.",)))
    assert asked.endswith("\n  support has no folder Archives, which the settings name.")


def test_a_question_that_a_key_answers_names_the_key() -> None:
    asked = full(state(questions=("support, INBOX: The folder was full and is empty now.",)))
    assert asked.split("\n")[-2:] == [
        "  support, INBOX: The folder was full and is empty now.",
        "  Its mail stays here. Press r when that is right; else look there with another program.",
    ]


def test_without_a_worker_old_states_are_not_believed() -> None:
    told = full(state(), runs=False, why="The password of support is kept by desk.", waiting=1)
    assert "No worker runs: nothing is fetched or sent." in told
    assert "The password of support is kept by desk." in told
    assert "No new mail comes in since 11:04; 1 answer waits here." in told
    assert "tells of new mail" not in told


def test_a_clock_that_is_wrong_is_told() -> None:
    assert "5 min ahead of the server's" in full(state(skew=300))
    assert "clock" not in full(state(skew=-20))


@pytest.mark.parametrize(
    ("states", "first", "sends", "words"),
    [
        ([], None, True, ""),
        (["failed", "unknown"], None, True, ""),
        (["queued"], NOW - 5, True, "1 answer is still waiting: the worker sends it."),
        (
            ["queued", "refused-for-now"], NOW + 60, True,
            "2 answers are still waiting: the worker sends them (the first at 11:06).",
        ),
        (
            ["queued", "data"], NOW + 60, False,
            "2 answers are still waiting, and nobody sends them: start frontdesk sync --watch.",
        ),
        (["held"], None, True, "1 answer is held: frontdesk outbox says why."),
        (
            ["queued", "held", "held"], NOW, True,
            "1 answer is still waiting: the worker sends it. 2 are held: frontdesk outbox says why.",
        ),
    ],
)  # fmt: skip
def test_leaving_says_what_still_waits(states: list[str], first: int | None, sends: bool, words: str) -> None:
    outbox = [
        OutboxLine(n, n, f"<{n}@shop.example>", each, NOW, NOW, (), "") for n, each in enumerate(states)
    ]
    assert on_leaving(outbox, first, NOW, ZONE, sends=sends) == words


# --------------------------------------------------------------------------- on the screen


def only(*mailboxes: Mailbox) -> dict[str, Any]:
    return {"mailboxes": mailboxes or (SUPPORT,), "monotonic": lambda: 0.0}


async def look(stage: Stage) -> None:
    """Look around, as the screen does every few seconds."""
    stage.app.inbox.mailboxes.look()
    await stage.rest()


async def test_the_sheet_opens_and_closes_where_the_hands_were(store: Workspace) -> None:
    store.show_mailbox(state(how="password", trouble="AUTHENTICATIONFAILED", next_step="Write the new one."))
    with store.lease():
        async with playing(store, (80, 24), **only()) as stage:
            assert "support: password refused, press g w · anna" in stage.said
            await stage.press("enter", "g w")
            assert stage.lines[0].strip() == "How it stands with the mailboxes"
            assert "The worker runs: it fetches and sends." in stage.text
            assert "a person must mend it (since 10:40)." in stage.text
            assert "Next: Write the new one." in stage.text
            assert all(cells(line) <= 80 for line in stage.lines)
            assert "r sync now" in stage.said
            await stage.press("q")
            assert stage.app.inbox.place == "conversation"


async def test_sync_now_asks_the_worker_for_every_mailbox(store: Workspace) -> None:
    with store.lease():
        async with playing(store, **only()) as stage:
            await stage.press("g w", "r", "r")
            assert "Asked: every mailbox is looked into now." in stage.said
    assert [(job.kind, job.data) for job in store.jobs.due(NOW)] == [("sync", "")]


async def test_without_a_worker_asking_is_kept_for_when_one_runs(store: Workspace) -> None:
    async with playing(store, **only()) as stage:
        assert "no worker: nothing is fetched or sent, press g w" in stage.said
        await stage.press("g w", "r")
        assert "Noted" in stage.said
        assert "No worker runs: nothing is fetched or sent." in stage.text
        assert "frontdesk sync --watch" in stage.text
    assert len(store.jobs.due(NOW)) == 1


async def test_a_reader_may_look_but_not_ask(store: Workspace) -> None:
    async with playing(store, who=Who("ria", Role.READER), **only()) as stage:
        await stage.press("g w", "r")
        assert "not for a reader" in stage.said
    assert store.jobs.due(NOW) == []


async def test_a_workspace_without_mailboxes_is_left_in_peace(store: Workspace) -> None:
    async with playing(store) as stage:
        assert "worker" not in stage.said
        await stage.press("g w")
        assert "No mailbox is set up" in stage.text
        await stage.press("r")
        assert "frontdesk init" in stage.said


async def test_a_servers_words_are_text_and_nothing_else(store: Workspace) -> None:
    store.show_mailbox(
        state(how="refused", synced_at=None, trouble=ESCAPES, next_step=ESCAPES, folder=ESCAPES)
    )
    with store.lease():
        async with playing(store, **only()) as stage:
            await stage.press("g w")
            assert "[bold]550[/bold] QUIT." in stage.text
            assert not {"\x1b", "\x07", "\u202e"} & set(stage.text)


async def test_the_answers_that_wait_are_counted_on_the_sheet(store: Workspace) -> None:
    items = {number: store.items(number)[-1] for number in (1, 2)}
    for number, item in items.items():
        did(store, "anna", "reply", conversation=number, text="Soon.", to=["jo@park.example"],
            sender="support@shop.example", item=item, leave_after=20)  # fmt: skip
    store.show_mailbox(state())
    async with playing(store, **only(SALES, SUPPORT)) as stage:
        await stage.press("g w")
        lines = stage.lines
        here = next(n for n, line in enumerate(lines) if line.startswith(" support "))
        assert "2 answers wait here" in lines[here + 1]
        assert "answer" not in lines[here - 2]  # sales has none


async def test_the_first_sync_shows_how_far_it_is(store: Workspace) -> None:
    store.show_mailbox(
        state(how="fetching", folder="INBOX", done=100, of=1000, began=NOW - 60, synced_at=None)
    )
    with store.lease():
        async with playing(store, (160, 48), **only()) as stage:
            assert "fetching INBOX 100 of 1 000, 9 min left" in stage.said
            store.show_mailbox(
                state(how="fetching", folder="INBOX", done=990, of=1000, began=NOW - 60, synced_at=None)
            )
            await look(stage)
            assert "fetching INBOX 990 of 1 000, under 1 min left" in stage.said
            store.show_mailbox(state())
            await look(stage)
            assert "fetching" not in stage.said


async def test_nothing_is_painted_while_the_words_stay_the_same(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.show_mailbox(state(how="network", synced_at=AN_HOUR_AGO, again_at=AGAIN))
    with store.lease():
        async with playing(store, (100, 30), **only()) as stage:
            await stage.press("g w")
            painted: list[object] = []
            for pane in (stage.app.inbox.hints, stage.app.inbox.mailboxes.pane):
                monkeypatch.setattr(pane, "refresh", lambda *regions, **_: painted.append(regions))
            for _ in range(3):
                stage.clock.now += 5
                await look(stage)
            assert painted == []
            store.show_mailbox(state(how="password"))
            await look(stage)
            assert painted != []


async def test_a_long_sheet_scrolls_and_its_lines_fit(store: Workspace) -> None:
    many = tuple(mailbox(name=f"box{n}", address=f"box{n}@shop.example") for n in range(9))
    for each in many:
        store.show_mailbox(state(each.name, "settings", trouble="Word " * 60, next_step="Do this. " * 30))
    with store.lease():
        async with playing(store, (60, 20), zone=ZoneInfo("UTC"), **only(*many)) as stage:
            await stage.press("g w")
            assert "box0@" in stage.text
            await stage.press("G")
            assert "box8@" in stage.text or "sync now once" in stage.text
            assert "box0@" not in stage.text
            await stage.press("g g")
            assert "box0@" in stage.text
            assert all(cells(line) <= 60 for line in stage.lines)
