"""Working around restricted mailboxes: what is refused, what follows the mail, and what holds as soon as settings do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inbox.actions import decision
from inbox.alerting import Looking
from inbox.hours import ALWAYS
from inbox.model import Who
from inbox.ports import Draft, MailboxState, Outcome
from inbox.restricting import let_go
from storage.seen_by import VIEWS
from storage.workspace import Workspace, open_store
from tests.restricted_office import (
    ADDRESS,
    ANN,
    BO,
    OLGA,
    TIA,
    WORD,
    Office,
    office_in,
    secret_letter,
    settings,
)
from tests.ruled import Shop
from tests.screenplay import playing
from tests.stores import OURS, desk, letter
from tui.worker_start import Look


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    found = office_in(tmp_path / "office")
    yield found
    found.here.verified()
    found.here.store.close()


def tries(office: Office, store: Workspace, who: Who, verb: str, **arguments: Any) -> Outcome:
    """Somebody does something in a process of their own."""
    return store.change(*decision(verb, **arguments), who, office.here.tick())


def sees(office: Office, who: Who) -> set[int]:
    """The conversations that somebody sees, whatever their status."""
    store = office.as_seen_by(who)
    try:
        return set(store.ids(None, who, office.here.now))
    finally:
        store.close()


VERBS: dict[str, dict[str, Any]] = {
    "note": {"text": "hello"},
    "assign": {"to": "bo"},
    "assign-me": {},
    "tag": {"add": ["mine"]},
    "snooze": {"until": 2_000_000_000},
    "hold": {"for_": "carrier"},
    "close": {"why": "resolved"},
    "reopen": {},
    "spam": {},
    "promise": {"until": 2_000_000_000, "text": "x"},
    "reply": {"text": "x", "sender": OURS, "to": [ADDRESS], "leave_after": 0},
    "link": {"issue": "strike"},
    "mark-read": {"read": True},
}


def test_nothing_is_done_to_what_one_may_not_see_and_it_is_as_if_it_were_not_there(office: Office) -> None:
    store = office.as_seen_by(BO)
    before = office.here.store.newest_event()
    for verb, arguments in VERBS.items():
        refusal = tries(office, store, BO, verb, conversation=office.secret, **arguments).refusal
        assert refusal is not None, verb
        unknown = tries(office, store, BO, verb, conversation=99_999, **arguments).refusal
        assert refusal == unknown, verb
    for verb, given in (
        ("merge", {"into": office.open[0], "conversation": office.secret}),
        ("merge", {"into": office.secret, "conversation": office.open[0]}),
    ):
        assert tries(office, store, BO, verb, **given).refusal is not None
    assert tries(office, store, BO, "customer-edit", customer=office.customer, name="x").refusal is not None
    outbox = store.sending.by(BO)
    assert not outbox.resend(office.waits, office.here.now)
    assert not outbox.drop(office.waits, office.here.now)
    assert office.here.store.newest_event() == before
    store.close()


def test_nobody_is_given_or_called_to_what_they_may_not_see(office: Office) -> None:
    store = office.as_seen_by(ANN)
    for verb, given in (
        ("assign", {"to": "bo"}),
        ("hand-over", {"to": "bo", "summary": "please"}),
        ("note", {"text": "@bo have a look"}),
    ):
        refusal = tries(office, store, ANN, verb, conversation=office.secret, **given).refusal
        assert refusal is not None, verb
        assert refusal.reason == "bo may not see this conversation."
        assert refusal.next_step == "Those who may: ann, olga."
    assert tries(office, store, ANN, "assign", conversation=office.secret, to="olga").refusal is None
    store.close()


def test_nobody_sends_from_a_mailbox_they_may_not_see(office: Office) -> None:
    store = office.as_seen_by(BO)
    reply = {"text": "x", "sender": "hr@shop.example", "to": ["jo@park.example"], "leave_after": 0}
    refusal = tries(office, store, BO, "reply", conversation=office.open[0], **reply).refusal
    assert refusal is not None
    assert refusal.reason == "You may not send from this mailbox."
    store.close()


def test_what_is_joined_with_it_is_restricted_and_what_is_parted_from_it_stays_so(office: Office) -> None:
    here, first = office.here, office.open[0]
    here.did("ann", "assign", conversation=first, to="bo")
    here.did("ann", "merge", into=first, conversation=office.secret)
    assert first not in sees(office, BO)
    assert first in sees(office, ANN)
    assert here.state(first).assignee is None  # nobody has it whom it is hidden from
    here.did("ann", "undo", by="ann")
    assert first in sees(office, BO)
    assert office.secret not in sees(office, BO)


def test_what_moves_takes_the_restriction_along_and_what_it_has_left_is_free(office: Office) -> None:
    here, first = office.here, office.open[0]
    here.did("ann", "move-message", conversation=office.secret, messages=[office.message], into=first)
    assert first not in sees(office, BO)
    parted = here.did("ann", "split", conversation=first, message=office.message)
    away = next(each.conversation for each in parted if each.conversation != first)
    assert away not in sees(office, BO)
    assert away in sees(office, ANN)
    assert first in sees(office, BO)


def test_a_copy_in_a_restricted_mailbox_restricts(office: Office) -> None:
    here, raw = office.here, letter("kim@x.example", id_="<both@x>")
    number = here.gets(raw, mailbox="support")
    here.did("bo", "assign-me", conversation=number)
    assert number in sees(office, BO)
    from inbox.mime import parse
    from inbox.ports import Kept

    here.store.places.begin("hr", "INBOX", 7, 0)
    waiting = here.store.places.keep("hr", "INBOX", 7, [Kept(1, here.now, raw)], 1, "inbox")
    here.store.places.placed([(waiting[0].id, parse(raw))])
    assert number not in sees(office, BO)
    assert number in sees(office, ANN)
    assert let_go(here.store, settings(), here.tick()) == 1
    assert here.state(number).assignee is None
    assert let_go(here.store, settings(), here.tick()) == 0


def test_a_mailbox_that_becomes_restricted_hides_what_came_before_and_open_screens_follow(
    tmp_path: Path,
) -> None:
    here = desk(tmp_path / "office")
    here.store.apply(settings(only=None), here.now)
    open_, secret = here.gets(mailbox="support"), here.gets(secret_letter(), mailbox="hr")
    here.did("ann", "assign", conversation=secret, to="bo")
    office = object.__new__(Office)
    office.here = here
    screen = office.as_seen_by(BO)
    heard: list[frozenset[int]] = []
    stop = screen.watch(heard.append)
    assert set(screen.ids(None, BO, here.now)) == {open_, secret}
    here.store.apply(settings(), here.tick())
    while not heard:
        pass
    assert set(screen.ids(None, BO, here.now)) == {open_}
    assert here.state(secret).assignee is None
    here.store.apply(settings(only=("ann", "bo")), here.tick())
    assert set(screen.ids(None, BO, here.now)) == {open_, secret}
    here.store.apply(settings(only=()), here.tick())  # owners alone
    assert set(screen.ids(None, BO, here.now)) == {open_}
    assert sees(office, ANN) == {open_}
    assert sees(office, OLGA) == {open_, secret}
    here.store.apply(settings(only=None), here.tick())
    assert sees(office, BO) == {open_, secret}
    stop()
    screen.close()
    here.verified()
    here.store.close()


def test_the_worker_alerts_those_alone_who_may_see_it(office: Office) -> None:
    told = {}
    for who in (ANN, BO):
        looking = Looking(office.here.store, who.name, "mail", outside_hours=True)
        looking.look(ALWAYS, office.here.tick())
    office.here.now = office.here.store.rows([office.waiting])[0].due_at or 0
    for who in (ANN, BO):
        looking = Looking(office.here.store, who.name, "mail", outside_hours=True)
        told[who.name] = looking.look(ALWAYS, office.here.tick())
    assert told["ann"].startswith("5 late: ")
    assert told["bo"].startswith("3 late: ")


def test_a_draft_is_its_writers_and_others_see_only_that_it_is_there(office: Office) -> None:
    here, first = office.here, office.open[0]
    here.store.save_draft(Draft(first, "ann", "reply", "Dear Jo", ("jo@park.example",), at=here.now))
    here.store.save_draft(Draft(0, "ann", "new", "Dear all", ("all@x.example",), subject="News", at=here.now))
    here.store.save_draft(Draft(first, "rules", "reply", "Thank you", at=here.now))
    for who in (BO, TIA, OLGA):
        store = office.as_seen_by(who)
        drafts = {each.who: each for each in store.drafts(first)}
        assert drafts["ann"] == Draft(first, "ann", "reply", "", at=here.now)
        assert drafts["rules"].text == "Thank you"  # for whoever answers
        assert all(not each.text and not each.subject and not each.to for each in store.drafts(0))
        store.close()
    store = office.as_seen_by(ANN)
    assert {each.text for each in store.drafts(0)} == {"Dear all"}
    store.close()


def test_files_of_drafts_one_may_not_see_are_not_swept(office: Office) -> None:
    kept = office.here.store.keep_file(b"secret plan", "plan.txt")
    office.here.store.save_draft(Draft(office.secret, "ann", "reply", "x", at=1, files=(kept,)))
    for file in (office.here.store.workspace / "attached").glob("*/*"):
        os.utime(file, (0, 0))  # long ago
    store = office.as_seen_by(BO)
    store.keep_file(b"other", "other.txt")
    assert office.here.store.draft_file(kept.sha) == b"secret plan"
    store.close()


def test_a_customer_known_from_elsewhere_is_known_without_the_address_they_had_there(office: Office) -> None:
    here = office.here
    other = here.gets(letter("Open Person <open@x.example>", id_="<o@x>"), mailbox="support")
    known = here.state(other).customer
    here.did("ann", "customer-join", into=known, customer=office.customer)
    store = office.as_seen_by(BO)
    found = store.panel(known)
    assert found is not None
    assert found.conversations == 1
    assert [each.value for each in found.customer.identities] == ["open@x.example"]
    assert store.people_like(WORD) == []
    store.close()


RULES = """
[[mailbox]]
name = "hr"
address = "hr@shop.example"
imap_host = "localhost"
smtp_host = "localhost"
password_env = "NONE"
only = ["bo"]
[[rule]]
name = "share"
on = "message-in"
when = "assignee:none"
then = [{ assign = "round-robin" }]
[[rule]]
name = "cy"
on = "message-in"
when = "subject:french"
then = [{ assign = "cy" }]
"""


def test_rules_give_what_is_restricted_to_those_alone_who_may_see_it(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", RULES)
    shop.store.apply(shop.settings, shop.desk.now)
    numbers = []
    for number in range(4):
        subject = "french" if number == 3 else "Pay"
        raw = letter("kim@x.example", id_=f"<{number}@x>", subject=subject, at=shop.desk.now)
        numbers.append(shop.desk.gets(raw, mailbox="hr"))
        shop.look()
    assert [shop.desk.state(each).assignee for each in numbers] == ["anna", "bo", "anna", "bo"]
    shop.desk.verified()
    shop.store.close()


def test_an_export_taken_in_elsewhere_is_restricted_there_as_settings_say(
    office: Office, tmp_path: Path
) -> None:
    office.here.store.export(tmp_path / "out")
    elsewhere = open_store(tmp_path / "elsewhere")
    elsewhere.apply(settings(), office.here.now)
    elsewhere.take_in_export(tmp_path / "out", office.here.now)
    elsewhere.seen_by(BO)
    assert set(elsewhere.ids(None, BO, office.here.now)) == set(office.open)
    assert elsewhere.people_like(WORD) == []
    elsewhere.close()


def test_people_who_are_away_leave_what_is_restricted_to_those_who_may_see_it(office: Office) -> None:
    from inbox.away import LOAD, hand_on

    here = office.here
    here.did("ann", "assign", conversation=office.waiting, to="ann")
    for number in office.open:
        here.did("ann", "assign", conversation=number, to="ann")
    team = tuple(mate for mate in settings().team if mate.name != "olga")
    outcome, _ = hand_on(here.store, replace(settings(), team=team), "ann", LOAD, ANN, here.tick())
    assert outcome.refusal is None
    assert {here.state(each).assignee for each in office.open} <= {"bo", "tia"}
    assert here.state(office.waiting).assignee is None  # everybody's who may see it


def test_who_may_see_a_mailbox_is_somebody_of_the_team(tmp_path: Path) -> None:
    from inbox.errors import BadSettings
    from inbox.settings import load

    file = tmp_path / "settings.toml"
    team = '[[team]]\nname = "ann"\nrole = "owner"\n[[team]]\nname = "bo"\n'
    mailbox = '[[mailbox]]\nname = "hr"\naddress = "hr@x.example"\nimap_host = "localhost"\nsmtp_host = "localhost"\n'
    mailbox += 'password_env = "NONE"\n'
    for only, head, said in (
        ('["bp"]', team, 'there is no such teammate; did you mean "bo"? Known: ann, bo.'),
        ('["bo"]', "", "there is no team. Write a [[team]] for each teammate."),
        ('"bo"', team, "mailbox.only: this text does not fit."),
    ):
        file.write_text(f"{head}{mailbox}only = {only}\n")
        with pytest.raises(BadSettings) as refused:
            load(file, host_zone="UTC")
        assert said in str(refused.value), str(refused.value)
    file.write_text(f'{team}{mailbox}only = ["bo"]\n')
    assert load(file, host_zone="UTC").mailboxes[0].only == ("bo",)
    file.write_text(f"{team}{mailbox}")
    assert load(file, host_zone="UTC").mailboxes[0].only is None


def test_what_one_did_before_is_not_taken_back_once_one_may_not_see_it(office: Office) -> None:
    here, first = office.here, office.open[0]
    store = office.as_seen_by(BO)
    assert tries(office, store, BO, "tag", conversation=first, add=["mine"]).refusal is None
    here.did("ann", "merge", into=first, conversation=office.secret)
    assert tries(office, store, BO, "undo", by="bo").refusal is not None
    assert "mine" in here.state(first).tags
    here.did("bo", "customer-edit", customer=office.customer, note="Bo's")  # when he still might
    assert tries(office, store, BO, "undo", by="bo").refusal is not None
    store.close()


@pytest.mark.long
async def test_no_pane_of_the_screen_shows_a_word_of_it_and_no_key_reaches_it(office: Office) -> None:
    team = tuple(mate.name for mate in settings().team)
    store = office.as_seen_by(ANN)
    async with playing(store, who=ANN, team=team, size=(160, 48)) as stage:
        await stage.press("0")
        assert WORD in stage.text
    store.close()
    before = office.here.store.newest_event()
    store = office.as_seen_by(BO)
    async with playing(store, who=BO, team=team, size=(160, 48)) as stage:
        stage.clock.now = office.here.now
        for keys in (
            "0",
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
            "7",
            "8",
            "9",
            "j",
            "enter",
            "i",
            "escape",
            "w",
            "escape",
        ):
            await stage.press(keys)
            assert WORD not in stage.text.lower(), keys
        for typed in (WORD[:6], str(office.secret), "hidden"):
            for way in ("/", ":", "'", "p", "c"):
                await stage.press(way)
                await stage.type(typed)
                assert WORD not in stage.text.lower().replace(typed, ""), (way, typed)
                await stage.press("escape", "escape", "escape")
    assert [event.type.name for event in office.here.store.events(office.secret)].count("READ") == 0
    assert office.here.store.newest_event() - before <= 3  # what is one's own was read
    store.close()


async def test_how_it_stands_with_a_mailbox_is_told_to_nobody_who_may_not_see_it(office: Office) -> None:
    here, said = office.here, [settings(), settings(only=None), settings(only=())]
    hidden = ("hr", "people@", WORD, "question", "refused", "more", "kept by")
    for name, trouble in (("support", "no line"), ("hr", WORD)):
        how = {"support": "network", "hr": "password"}[name]
        asks = (f"{name} has no folder {WORD}.",) if name == "hr" else ()
        here.store.show_mailbox(
            MailboxState(name, how, since=here.now - 7200, trouble=trouble, questions=asks)
        )

    class Unable:
        """Cannot start a worker: a password is closed to whoever sits here."""

        def look(self, _store: object, _at_once: bool = False) -> Look:
            return Look(why="The password of hr is kept by ann.", mailbox="hr")

    team = tuple(mate.name for mate in settings().team)
    given: dict[str, Any] = {"team": team, "settings": said[0], "mailboxes": settings().mailboxes}
    store = office.as_seen_by(ANN)
    with here.store.lease():
        async with playing(store, who=ANN, **given) as stage:
            assert "hr: password refused, press g w · 1 more" in stage.said
            await stage.press("g w")
            assert "hr@shop.example" in stage.text and WORD in stage.text
    store.close()
    store = office.as_seen_by(BO)
    given |= {"settings_now": lambda: said[0], "starter": Unable()}
    async with playing(store, who=BO, **given) as stage:
        await stage.press("g w")
        assert "support@shop.example" in stage.text
        assert "It cannot be started from here." in stage.text
        assert not [word for word in hidden if word in stage.pane("mailboxes")]
    given["starter"] = None
    with here.store.lease():
        async with playing(store, who=BO, **given) as stage:
            assert "support: no line since" in stage.said
            await stage.press("g w")
            for closed in (True, False, True):
                assert "support@shop.example" in stage.text
                told = stage.pane("mailboxes") + stage.said
                assert closed is not any(word in told for word in hidden), told
                said.append(said.pop(0))
                stage.app.call_later(stage.app.inbox.together.minute)
                await stage.until(lambda: stage.app.seat.settings == said[0])
                await stage.rest()
    store.close()


def test_the_doctor_says_where_a_restricted_mailbox_can_be_read_by_other_programs(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui.checkup import rights

    support, hr = settings().mailboxes
    for shared, found in ((False, 0), (True, 1)):
        monkeypatch.setattr(rights, "is_shared", lambda _, shared=shared: shared)
        assert not list(rights.restricted(office.here.store.workspace, support))
        assert len(list(rights.restricted(office.here.store.workspace, hr))) == found


def test_who_may_see_everything_finds_all_of_every_table(office: Office) -> None:
    """Else an export, or an erasing, would leave something out."""
    office.here.did("ann", "undo", by="ann")
    store = office.as_seen_by(OLGA)
    for table in VIEWS:
        if table not in ("chats", "customer_texts"):  # one without lines; one more column
            of_all, seen = (
                each.read(f"SELECT * FROM {table} ORDER BY 1, 2") for each in (office.here.store, store)
            )
            assert sorted(map(repr, of_all)) == sorted(map(repr, seen)), table
    store.close()
