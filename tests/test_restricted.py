"""Restricted mailboxes: nobody but those who are named finds any trace of what is in them, whatever they ask."""

# ruff: noqa: ARG005  (each is asked with all three)
from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC
from itertools import islice
from pathlib import Path

import pytest

from inbox import ports
from inbox.briefing import Seen
from inbox.listing import Status
from inbox.model import Who
from inbox.queries import parse
from storage.seen_by import OPEN, VIEWS, unjudged
from storage.workspace import Workspace
from tests.faults.clock import MONDAY
from tests.restricted_office import ADDRESS, ANN, BO, OLGA, PANEL, PHONE, REX, TIA, WORD, Office, office_in
from tests.stores import DAY


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    found = office_in(tmp_path / "office")
    yield found
    found.here.verified()
    found.here.store.close()


def everything_in(found: object) -> Iterator[str]:
    """All texts in an answer, wherever they stand in it."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, bytes):
        yield found.decode("utf-8", "replace")
    elif is_dataclass(found) and not isinstance(found, type):
        for each in fields(found):
            yield from everything_in(getattr(found, each.name))
    elif isinstance(found, Mapping):
        for key, value in found.items():
            yield from everything_in(key)
            yield from everything_in(value)
    elif isinstance(found, Collection):
        for one in found:
            yield from everything_in(one)
    elif isinstance(found, Iterator):
        yield from everything_in(list(islice(found, 100)))
    else:
        yield str(found)


Ask = Callable[[Office, Workspace, Who], object]
LATER = MONDAY + 400 * DAY

ASKED: dict[str, Ask] = {
    "ids": lambda o, s, w: [n for n in s.ids(None, w, LATER) if n == o.secret] and WORD,
    "rows": lambda o, s, w: s.rows([o.secret]),
    "counts": lambda o, s, w: WORD if s.counts(w, o.here.now)["all"] != len(o.open) else "",
    "resolve": lambda o, s, w: s.resolve(o.secret) and WORD,
    "lies_in": lambda o, s, w: s.lies_in(o.message) and WORD,
    "items": lambda o, s, w: s.items(o.secret),
    "item": lambda o, s, w: s.item(o.message),
    "stretch": lambda o, s, w: (s.stretch(o.secret, None, 10).items, s.stretch(o.secret, 0, 1).items),
    "attached_before": lambda o, s, w: s.attached_before(o.secret, o.message + 1) and WORD,
    "saying": lambda o, s, w: s.saying(o.secret, lambda text: WORD in text) and WORD,
    "events": lambda o, s, w: s.events(o.secret) and WORD,
    "clocks": lambda o, s, w: s.clocks(o.secret, LATER) and WORD,
    "stories": lambda o, s, w: [each for _, some in s.stories(0, None, w, LATER) for each in some],
    "worked_on": lambda o, s, w: o.secret in s.worked_on(0, LATER) and WORD,
    "stories_among": lambda o, s, w: list(s.stories_among([o.secret])),
    "panel": lambda o, s, w: s.panel(o.customer),
    "exchange": lambda o, s, w: s.exchange(o.secret) and WORD,
    "promising": lambda o, s, w: s.promising(o.customer) and WORD,
    "search": lambda o, s, w: [
        s.search(parse(text, LATER, UTC), w, LATER)
        for text in (WORD, WORD[:4] + "*", f"from:{ADDRESS}", "has:attachment", "paid", f"-{WORD}")
    ],
    "reach": lambda o, s, w: [
        WORD for text in (WORD, WORD[:3], ADDRESS, str(o.secret)) if o.secret in s.reach(text, w, LATER, 20)
    ],
    "raw": lambda o, s, w: s.raw(o.message),
    "outbox": lambda o, s, w: s.outbox(),
    "drafts": lambda o, s, w: [WORD for each in (*s.drafts(), *s.drafts(o.secret)) if each.conversation == o.secret],
    "presence": lambda o, s, w: [WORD for each in s.presence() if each.conversation == o.secret],
    "people_like": lambda o, s, w: [s.people_like(text) for text in (WORD[:1], WORD, ADDRESS, "hidden.ex")],
    "customers_at": lambda o, s, w: list(s.customers_at([ADDRESS]).values()),
    "callers": lambda o, s, w: [s.callers(text) for text in (WORD, PHONE)],
    "customer": lambda o, s, w: s.customer(o.customer),
    "customers": lambda o, s, w: [s.customers(text) for text in ("", WORD, ADDRESS, str(o.customer))],
    "to_wake": lambda o, s, w: o.secret in s.to_wake(LATER) and WORD,
    "caught": lambda o, s, w: s.caught(ADDRESS, True, 0).conversations and WORD,
    "senders": lambda o, s, w: s.senders(o.secret),
    "tags": lambda o, s, w: s.tags(),
    "issues.standings": lambda o, s, w: [WORD for each in s.issues.standings() if each.linked],
    "answers_by": lambda o, s, w: s.answers_by("ann", 10),
    "blocked": lambda o, s, w: s.blocked(),
    "refused_addresses": lambda o, s, w: s.refused_addresses([ADDRESS]),
    "customer_changes": lambda o, s, w: o.customer in s.customer_changes(0) and WORD,
    "panels.said": lambda o, s, w: s.panels.said(o.customer, (PANEL,)),
    "sending.raw": lambda o, s, w: s.sending.raw(o.waits),
    "sending.sent": lambda o, s, w: s.sending.sent(o.waits),
    "sending.due": lambda o, s, w: s.sending.due(LATER),
    "nudges_due": lambda o, s, w: s.nudges_due(LATER, Status.CLOSED, 10) and WORD,
    "audit.of_conversation": lambda o, s, w: s.audit.of_conversation(o.secret) and WORD,
    "audit.of_person": lambda o, s, w: [
        WORD for each in s.audit.of_person("ann", 0, LATER) if each.home == o.secret
    ],
    "audit.of_the_house": lambda o, s, w: s.audit.of_the_house(0, LATER),
    "letter": lambda o, s, w: s.letter(o.queued),
    "following.mailboxes": lambda o, s, w: s.following.mailboxes(o.queued.seq) and WORD,
    "following.lying": lambda o, s, w: s.following.lying(o.queued.seq, "hr") and WORD,
    "asking.turns": lambda o, s, w: [WORD for each in s.asking.turns(0, LATER, 10) if each.conversation == o.done],
    "alerts.near": lambda o, s, w: o.waiting in s.alerts.near(0, LATER, LATER, w.name) and WORD,
    "alerts.news": lambda o, s, w: [WORD for home, _ in s.alerts.news(0, 9999) if home == o.secret],
    "attendance.news": lambda o, s, w: s.attendance.news(w.name, Seen(0, 0), LATER).new > len(o.open) and WORD,
    "rulebook.of_customer": lambda o, s, w: s.rulebook.of_customer(o.customer) and WORD,
    "rulebook.falls_due": lambda o, s, w: o.waiting in s.rulebook.falls_due(0, LATER) and WORD,
    "rulebook.fell_silent": lambda o, s, w: o.secret in s.rulebook.fell_silent(0, LATER) and WORD,
    "people": lambda o, s, w: list(s.people(100)),
}  # fmt: skip
"""How each thing is asked for, so that the word is in the answer of who may see it."""


OPEN_TO_ALL = {
    "what a person says of themselves, or sees of their own": (
        "alerts.claim alerts.mark alerts.told alerts.traffic attendance.dropped attendance.habits "
        "attendance.here attendance.keep_habits attendance.last attendance.last_reply attendance.taken_up "
        "documents.answers_in documents.change_profile documents.forget_view documents.hints "
        "documents.ignore_hints documents.keep_theme documents.let_hint_leave documents.marks "
        "documents.profile documents.remember_terminal documents.save_view documents.saved_views "
        "documents.set_mark documents.terminal documents.theme draft_file keep_file panels.ask put_file "
        "save_draft show_presence take_put_files"
    ),
    "what the team says to itself": (
        "documents.articles documents.change documents.forget_article documents.forget_reply "
        "documents.mistakes documents.read documents.save_article documents.save_reply "
        "documents.saved_replies issues.all issues.named names.all names.ask names.held names.hold "
        "names.release names.say names.told"
    ),
    "counts and numbers of the whole": (
        "alerts.newest attendance.loads helped issues.looked_at issues.told newest_event restored_at "
        "rulebook.progress sending.accepted sending.largest sending.next_at sending.paused"
    ),
    "words of many customers, in which what is restricted does not count": (
        "issues.many issues.recent issues.spikes issues.wrote"
    ),
    "how it stands with servers, settings and the workspace": (
        "applied apply are_restricted book check_epoch check_hold close feeds.keep feeds.known feeds.states "
        "forget_mailboxes identity known_us lease mailboxes may_see others panels.serving panels.unserved "
        "places.begin places.cursors places.reached places.vanished rulebook.adopt rulebook.kept "
        "rulebook.stop seen_by sees_all set_us show_mailbox upgraded watch worker workspace"
    ),
    "the worker's, whose store is nobody's": (
        "alerts.letter_is alerts.letter_leaves alerts.letters_due asking.looked_at following.followed "
        "following.news issues.noticed jobs.add jobs.done jobs.due jobs.later jobs.troubles let_go_restricted "
        "overlapping panels.answer panels.next places.keep places.placed places.tried places.waiting "
        "rulebook.begin_call rulebook.calls rulebook.end_call rulebook.fire rulebook.looked rulebook.news "
        "rulebook.troubles sending.clock_jumped sending.found_in_places sending.found_in_sent "
        "sending.learn_largest sending.pause sending.phase sending.put_back sending.recover sending.settle"
    ),
    "of the whole: refused to who may not see it (the commands), or an owner's": (
        "backup erasing.again erasing.backups erasing.go_on erasing.holdings erasing.note "
        "erasing.out_of_bytes erasing.unfinished erasing.whole export keeping.erase keeping.is_due "
        "keeping.old keeping.rest keeping.settle keeping.unsettled take_in_export verify"
    ),
    "changes, which are refused below": (
        "change change_each sending.by sending.drop sending.release sending.resend"
    ),
}
"""Everything else that may be asked of a workspace, and why nothing restricted can come of it."""


def questions(store: Workspace) -> set[str]:
    """All that the protocols of `inbox.ports` let one ask of a workspace, and of what lies beside it."""
    found = set()
    for name in (each for each in dir(ports.Workspace) if not each.startswith("_")):
        part = getattr(store, name) if isinstance(getattr(type(store), name, None), property) else None
        if type(part).__module__.startswith("storage."):
            found |= {
                f"{name}.{each}"
                for each in dir(type(part))
                if not each.startswith("_") and callable(getattr(type(part), each))
            }
        else:
            found.add(name)
    return found


def test_each_question_and_each_table_is_judged(office: Office) -> None:
    """A new way to ask is either asked above, or somebody says why nothing restricted can come of it."""
    judged = {*ASKED, *(name for names in OPEN_TO_ALL.values() for name in names.split())}
    assert questions(office.here.store) == judged
    tables = office.here.store.read("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
    assert not unjudged(row[0] for row in tables)
    assert not VIEWS.keys() & OPEN.keys()


def test_who_is_named_and_owners_find_all_of_it(office: Office) -> None:
    """Else what the others do not find would prove nothing."""
    for who in (ANN, OLGA):
        store = office.as_seen_by(who)
        for name, ask in ASKED.items():
            assert any(WORD in text for text in everything_in(ask(office, store, who))), f"{who.name}: {name}"
        store.close()


@pytest.mark.parametrize("who", [BO, TIA, REX], ids=lambda who: who.role.value)
def test_nobody_else_finds_a_trace_whatever_they_ask(office: Office, who: Who) -> None:
    store = office.as_seen_by(who)
    for name, ask in ASKED.items():
        found = [text for text in everything_in(ask(office, store, who)) if WORD in text.lower()]
        assert not found, f"{name} tells {who.name}: {found[:3]}"
    store.close()
