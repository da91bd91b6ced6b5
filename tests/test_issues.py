"""Issues: one cause of many conversations, linked, told once each, stopped as one, and closed with the answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from inbox.errors import BadUsage
from inbox.issues import named, wrong_name
from inbox.model import EventType, Refusal, Role, Who
from inbox.own_fields import table_in
from inbox.ports import Item
from inbox.queries import parse
from inbox.queueing import queue, stop
from inbox.settings import Settings
from inbox.telling import From, Plan, Told, plan, plan_announcement
from tests.stores import DAY, OURS, US, Desk, desk, letter

ANNA = Who("anna", Role.AGENT)
BY = From(ANNA, (OURS,), US, Settings(host_zone="UTC"))
NAMES = ("Ada Novak", "Ben Okafor", "Cleo Ruiz", "Dan Silva", "Eva Tamm", "Finn Urban")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Desk]:
    found = desk(tmp_path)
    yield found
    found.store.close()


def writes(
    house: Desk, name: str, text: str = "Where is my parcel? The carrier is on strike, I read.", **how: Any
) -> int:
    """A customer writes; the conversation."""
    house.count += 1
    address = f"{name.split(maxsplit=1)[0].lower()}@people.example"
    mail = letter(
        f"{name} <{address}>", text=text, at=house.now, id_=f"<{house.count}@people.example>", **how
    )
    return house.gets(mail)


def strike(house: Desk, count: int = 4) -> list[int]:
    """So many customers write of a strike, and are linked to an issue."""
    found = [writes(house, name) for name in NAMES[:count]]
    for conversation in found:
        house.did(
            "anna", "link", conversation=conversation, issue="strike", new="issue", title="Carrier strike"
        )
    return found


def planned(house: Desk, text: str, closes: bool = False, **more: object) -> Plan:
    issue = house.store.issues.named("strike")
    assert issue is not None
    told = Told("strike", text, closes=closes, **more)  # type: ignore[arg-type]  # a table
    return plan(house.store, issue, told, BY, house.tick())


def tells(house: Desk, text: str, closes: bool = False) -> int:
    """Anna tells all; how many letters were queued."""
    done = queue(house.store, planned(house, text, closes), BY, house.tick())
    assert not isinstance(done, Refusal), done
    return done.queued


def find(house: Desk, query: str) -> list[int]:
    return sorted(house.store.ids(parse(query, house.now, UTC), ANNA, house.now))


def counts(house: Desk, name: str = "strike") -> tuple[int, int, int, int]:
    """Linked, waiting, told, answered since."""
    found = next(each for each in house.store.issues.standings() if each.issue.name == name)
    return found.linked, found.waiting, found.told, found.answered


def ours(house: Desk, conversation: int) -> list[Item]:
    return [item for item in house.store.items(conversation) if item.direction == "out"]


# --------------------------------------------------------------------------- linking


def test_conversations_are_linked_found_and_counted(house: Desk) -> None:
    one, two = strike(house, 2)
    alone = writes(house, "Zoe Alone", "Do you sell gift cards?")
    assert find(house, "issue:strike") == find(house, "issue:any") == [one, two]
    assert find(house, "issue:none") == find(house, "-issue:strike") == [alone]
    assert counts(house) == (2, 2, 0, 0)
    assert (
        "already" in (house.do("bo", "link", conversation=one, issue="strike").refusal or Refusal("")).reason
    )
    house.did("bo", "unlink", conversation=one)
    assert find(house, "issue:any") == [two]
    house.did("bo", "undo", by="bo")
    assert find(house, "issue:any") == [one, two]
    house.verified()


def test_an_issue_that_is_closed_or_unknown_takes_no_links(house: Desk) -> None:
    (one,) = strike(house, 1)
    house.did("anna", "issue-change", issue="strike", is_open=False)
    two = writes(house, "Ben Okafor")
    assert house.do("bo", "link", conversation=two, issue="strike").refusal is not None
    assert house.do("bo", "link", conversation=two, issue="stirke").refusal is not None
    assert house.state(two).issue is None
    assert house.state(one).issue == "strike"
    assert house.do("bo", "issue-new", issue="strike").refusal is not None
    assert house.do("ria", "link", role=Role.READER, conversation=two, issue="strike").refusal is not None


def test_a_linked_conversation_hears_from_us_every_sixteen_hours(house: Desk) -> None:
    (one,) = strike(house, 1)
    assert house.store.rows([one])[0].policy == "held"
    house.hands_over(house.replies("anna", one, then="open"))
    update = [clock for clock in house.store.clocks(one, house.now) if clock.kind == "update"]
    assert [clock.target for clock in update] == [16 * 3600]
    house.did("anna", "unlink", conversation=one)
    assert house.store.rows([one])[0].policy == "default"
    house.verified()


def test_joining_parting_and_taking_back_keep_what_is_linked(house: Desk) -> None:
    linked, other = writes(house, "Ada Novak"), writes(house, "Ada Novak", "And my invoice?")
    house.did("anna", "link", conversation=linked, issue="strike", new="issue")
    house.did("anna", "merge", into=other, conversation=linked)
    assert house.state(other).issue == "strike", "what was linked stays so within the other"
    house.did("anna", "undo", by="anna")
    assert (house.state(other).issue, house.state(linked).issue) == (None, "strike")
    house.did("anna", "link", conversation=other, issue="fault", new="issue")
    house.did("anna", "merge", into=other, conversation=linked)
    assert house.state(other).issue == "fault", "its own goes before that of what joined it"
    house.did("anna", "unlink", conversation=other)
    assert house.state(other).issue is None
    house.did("anna", "undo", by="anna")
    last = max(item.id for item in house.store.items(other))
    (part,) = {e.conversation for e in house.did("anna", "split", conversation=other, message=last)} - {other}
    assert part is not None
    assert (house.state(other).issue, house.state(part).issue) == ("fault", None), (
        "what is parted is its own matter"
    )
    house.did("anna", "link", conversation=part, issue="strike")
    house.did("anna", "undo", by="anna")
    house.did("anna", "undo", by="anna")
    assert house.state(other).issue == "fault"
    house.verified()


def test_a_name_is_one_word_and_says_which_issue() -> None:
    assert named("  Carrier strike, again! ") == "carrier-strike-again"
    assert named("Any") == "any-1"
    assert named("Été à Évian") == "été-à-évian"
    assert not named("???")
    assert wrong_name("carrier-strike") is None
    assert all(wrong_name(each) for each in ("none", "Two words", "UPPER", "", "-x", "a" * 41))


# --------------------------------------------------------------------------- telling


TEXT = "Dear {first_name},\n\nyour parcel comes on Friday."


def test_all_are_told_once_each_in_their_own_conversation(house: Desk) -> None:
    linked = strike(house)
    assert tells(house, TEXT) == 4
    for conversation, name in zip(linked, NAMES, strict=False):
        (told,) = ours(house, conversation)
        assert told.reply == f"Dear {name.split()[0]},\n\nyour parcel comes on Friday."
        assert told.to[0].address == f"{name.split()[0].lower()}@people.example"
        assert told.references, "it is an answer, and hangs on what they wrote"
        state = house.state(conversation)
        assert (state.status, state.waiting_since, state.assignee) == ("waiting", None, None)
    assert counts(house) == (4, 0, 4, 0)
    assert tells(house, TEXT) == 0, "the same text again tells nobody twice"
    new = writes(house, "Finn Urban")
    house.did("anna", "link", conversation=new, issue="strike")
    assert tells(house, TEXT) == 1, "but who was linked since is told"
    house.verified()


def test_what_is_told_waits_behind_answers_and_leaves_after_two_minutes(house: Desk) -> None:
    strike(house, 2)
    alone = writes(house, "Zoe Alone", "Do you sell gift cards?")
    tells(house, TEXT)
    assert not house.store.sending.due(house.now + 100)
    answer = house.replies("anna", alone)
    due = house.store.sending.due(house.now + 130)
    assert [each.bulk for each in due] == [False, True, True]
    assert due[0].message == answer


def test_a_human_told_it_so_it_meets_clocks_and_carries_no_mark_of_a_machine(house: Desk) -> None:
    (one,) = strike(house, 1)
    tells(house, TEXT)
    (event,) = [e for e in house.store.events(one) if e.type is EventType.QUEUED]
    assert (event.who, event.data["issue"]) == ("anna", "strike")
    raw = message_from_bytes(house.store.raw(event.message or 0) or b"", policy=policy.default)
    assert "Auto-Submitted" not in raw
    assert "Precedence" not in raw
    house.tick(120)
    house.hands_over(event.message or 0)
    first = next(c for c in house.store.clocks(one, house.now) if c.kind == "first_reply")
    assert first.state == "met"


def test_who_asks_something_else_is_set_aside_with_the_reason(house: Desk) -> None:
    linked = strike(house)
    else_ = writes(
        house, "Eva Tamm", "The carrier is on strike. Can you also change the name on the invoice?"
    )
    house.did("anna", "link", conversation=else_, issue="strike")
    found = planned(house, TEXT)
    aside = {each.conversation: each.aside for each in found.letters if each.aside}
    assert list(aside) == [else_]
    assert "invoice" in aside[else_]
    back = [each._replace(aside="") for each in found.letters]
    done = queue(house.store, found._replace(letters=tuple(back)), BY, house.tick())
    assert not isinstance(done, Refusal)
    assert done.queued == len(linked) + 1, "a person takes them back into it"


def test_nobody_is_told_who_cannot_be_or_is_told_already(house: Desk) -> None:
    one = writes(house, "Ada Novak")
    again = writes(house, "Ada Novak", "The strike again: where is my parcel?", subject="Still nothing")
    nobody = house.gets(
        letter("no-reply@shop2.example", text="Strike: where is my parcel?", id_="<n@x>", at=house.now)
    )
    spam = writes(house, "Ben Okafor")
    house.did("anna", "spam", conversation=spam)
    for conversation in (one, again, nobody, spam):
        house.did("anna", "link", conversation=conversation, issue="strike", new="issue")
    found = {each.conversation: each.aside for each in planned(house, TEXT).letters}
    assert not found[one]
    assert f"#{one}" in found[again]
    assert "nobody reads" in found[nobody] or "machine" in found[nobody]
    assert "spam" in found[spam]


def test_what_came_in_between_is_for_a_person(house: Desk) -> None:
    one, two = strike(house, 2)
    found = planned(house, TEXT)
    (first,) = [item for item in house.store.items(one) if item.direction == "in"]
    writes(house, "Ada Novak", "Forget it, I got it!", answers=[first.message_id or ""])
    house.replies("bo", two, to="ben@people.example")
    done = queue(house.store, found, BY, house.tick())
    assert not isinstance(done, Refusal)
    assert done.queued == 0
    assert {why.split(".")[0] for _, why in done.left_out} >= {
        "The customer has written since: look at it first"
    }
    assert not ours(house, one)


def test_own_fields_come_from_a_table_and_unknown_ones_stop_all(house: Desk) -> None:
    one, two, three = strike(house, 3)
    table = table_in('address;order\nADA@people.example;"47; 11"\n', "orders.csv")
    table2 = table_in(f"conversation,order\n{two},4712\n", "orders.csv")
    text = "Hello,\n\nyour order {order} is late."
    by_address = {each.conversation: each for each in planned(house, text, table=table).letters}
    assert by_address[one].text.endswith("your order 47; 11 is late.")
    assert by_address[three].aside == "{order} is not known"
    by_id = {each.conversation: each for each in planned(house, text, table=table2).letters}
    assert by_id[two].text.endswith("your order 4712 is late.")
    with pytest.raises(BadUsage) as caught:
        planned(house, "Hello,\n\nyour {ordr} is late.", table=table, where="answer.txt")
    assert "answer.txt, line 3" in caught.value.what
    assert "{ordr}" in caught.value.what
    assert 'did you mean "order"' in caught.value.what
    for bad in ("who,order\n1,2\n", "address,order\na@x\n", ""):
        with pytest.raises(BadUsage, match=r"orders\.csv, line"):
            table_in(bad, "orders.csv")
    with pytest.raises(BadUsage):
        planned(house, "  \n ")


def test_a_name_brings_no_field_of_its_own(house: Desk) -> None:
    one = writes(house, "Eve {agent}")
    house.did("anna", "link", conversation=one, issue="strike", new="issue")
    (found,) = planned(house, "Hello {name}, it is {agent}.").letters
    assert "{agent}" in found.text
    assert found.aside, "what is not filled does not leave"


# --------------------------------------------------------------------------- stopping


def test_stopping_takes_back_what_has_not_left_as_one(house: Desk) -> None:
    linked = strike(house)
    before = [house.state(one).waiting_since for one in linked]
    tells(house, TEXT)
    (first,) = [e.message or 0 for e in house.store.events(linked[0]) if e.type is EventType.QUEUED]
    house.tick(120)
    house.hands_over(first)
    refused = [e.message or 0 for e in house.store.events(linked[1]) if e.type is EventType.QUEUED]
    house.hands_over(refused[0], "refused-for-now", "450 later", again=house.now + 600)
    issue = house.store.issues.named("strike")
    assert issue is not None
    outcome = stop(house.store, issue.telling, Who("bo", Role.AGENT), house.tick())
    assert outcome.refusal is None
    assert counts(house)[2] == 1, "one has it"
    assert [house.state(one).waiting_since for one in linked[1:]] == before[1:]
    assert not house.store.drafts(), "what went to many is no draft in each of theirs"
    assert not house.store.sending.due(house.now + DAY)
    house.verified()
    assert stop(house.store, issue.telling, ANNA, house.tick()).refusal is not None
    assert tells(house, TEXT) == 3, "told anew, who has it is not told twice"


def test_undo_stops_all_of_it(house: Desk) -> None:
    linked = strike(house)
    tells(house, TEXT, closes=True)
    issue = house.store.issues.named("strike")
    assert issue is not None
    assert not issue.is_open
    assert {house.state(one).status for one in linked} == {"closed"}
    house.did("anna", "undo", by="anna")
    assert {house.state(one).status for one in linked} == {"open"}
    issue = house.store.issues.named("strike")
    assert issue is not None
    assert issue.is_open
    assert not issue.telling
    assert house.do("anna", "redo", by="anna").refusal is not None
    house.verified()


def test_only_seniors_tell_many(house: Desk) -> None:
    strike(house, 2)
    tim = BY._replace(who=Who("tim", Role.TRAINEE))
    done = queue(house.store, planned(house, TEXT), tim, house.tick())
    assert isinstance(done, Refusal)
    assert counts(house)[2] == 0


# --------------------------------------------------------------------------- closing, wishes, answers


def test_closing_with_the_answer_closes_theirs_and_the_issue(house: Desk) -> None:
    linked = strike(house)
    aside = writes(
        house, "Eva Tamm", "The carrier is on strike. Can you also change the name on the invoice?"
    )
    house.did("anna", "link", conversation=aside, issue="strike")
    assert tells(house, TEXT, closes=True) == 4
    assert {house.state(one).status for one in linked} == {"closed"}
    assert house.state(aside).status == "open", "who asks something else is for a person"
    issue = house.store.issues.named("strike")
    assert issue is not None
    assert not issue.is_open
    house.verified()


def test_a_wish_that_came_true_is_told_to_those_who_are_long_closed(house: Desk) -> None:
    linked = [writes(house, name, "I wish you had gift cards.") for name in NAMES[:3]]
    for conversation in linked:
        house.did("anna", "link", conversation=conversation, issue="strike", new="wish", title="Gift cards")
        house.did("anna", "close", conversation=conversation, why="no-answer")
    house.tick(60 * DAY)
    assert tells(house, "Hello {first_name},\n\nit is there now.") == 3
    assert {house.state(one).status for one in linked} == {"closed"}
    (told,) = ours(house, linked[0])
    (asked,) = [item for item in house.store.items(linked[0]) if item.direction == "in"]
    house.tick(150)
    writes(house, "Ada Novak", "Wonderful!", answers=[asked.message_id or "", told.message_id or ""])
    assert counts(house) == (3, 1, 3, 1)


# --------------------------------------------------------------------------- banners


def test_a_banner_stands_until_its_date_and_then_ends_by_itself(house: Desk) -> None:
    from inbox.issues import banners, below_banner

    strike(house, 1)
    house.did("anna", "issue-banner", issue="strike", text="The carrier is on strike.", until=house.now + DAY)
    known = house.store.issues.all()
    (here,) = banners(known, "strike", house.now)
    assert below_banner([here], "Hello", house.now) == "The carrier is on strike.\n\nHello"
    assert not banners(known, None, house.now), "it stands in linked conversations alone"
    assert not banners(known, "strike", house.now + DAY), "its time is over"
    house.did(
        "anna", "issue-banner", issue="strike", text="All is late.", until=house.now + DAY, everywhere=True
    )
    assert [each.banner for each in banners(house.store.issues.all(), None, house.now)] == ["All is late."]
    house.did("anna", "undo", by="anna")
    assert not banners(house.store.issues.all(), None, house.now)
    house.did("anna", "issue-banner", issue="strike", text="")
    assert not banners(house.store.issues.all(), "strike", house.now)
    for text, until in (("x", house.now), ("x", None), ("y" * 3000, house.now + DAY)):
        assert house.do("anna", "issue-banner", issue="strike", text=text, until=until).refusal is not None


# --------------------------------------------------------------------------- announcements


def announced(house: Desk, query: str, **more: str) -> Plan:
    told = Told(
        "terms",
        more.get("text", "Hello {first_name},\n\nour terms change."),
        more.get("subject", "New terms"),
    )
    return plan_announcement(house.store, parse(query, house.now, UTC), told, BY, house.tick())


def test_an_announcement_goes_to_each_customer_once_in_a_new_conversation(house: Desk) -> None:
    old = [writes(house, name) for name in NAMES[:3]]
    writes(house, "Ada Novak", "One more question?", subject="Another one")
    stopped = house.state(old[1]).customer
    house.did("anna", "customer-edit", customer=stopped, stop=True)
    found = announced(house, "issue:none")
    assert {each.name: bool(each.aside) for each in found.letters} == {
        "Ada Novak": False, "Ben Okafor": True, "Cleo Ruiz": False,
    }  # fmt: skip
    back = [each._replace(aside="") for each in found.letters]  # nothing takes back who has said stop
    done = queue(house.store, found._replace(letters=tuple(back)), BY, house.tick(), new="announcement")
    assert not isinstance(done, Refusal)
    assert (done.queued, [why for _, why in done.left_out]) == (2, ["They have said stop."])
    new = find(house, "issue:terms")
    assert len(new) == 2
    assert not set(new) & set(old)
    raw = message_from_bytes(house.store.raw(ours(house, new[0])[0].id) or b"", policy=policy.default)
    assert raw["List-Unsubscribe"] == f"<mailto:{OURS}?subject=STOP>"
    assert raw["Subject"] == "New terms"
    assert "Auto-Submitted" not in raw
    assert counts(house, "terms") == (2, 0, 2, 0)
    done = queue(house.store, announced(house, "issue:none"), BY, house.tick(), new="announcement")
    assert not isinstance(done, Refusal)
    assert done.queued == 0, "nobody is told twice"
    house.verified()
    house.did("anna", "undo", by="anna")
    assert not find(house, "issue:terms"), "what was begun with it is gone with it"
    house.verified()


def test_an_announcement_that_speaks_of_its_subject_says_the_one_that_goes(house: Desk) -> None:
    writes(house, "Ada Novak")
    found = announced(house, "issue:none", subject="News for {first_name}", text="Why “{subject}”?")
    assert [(each.subject, each.text, each.aside) for each in found.letters] == [
        ("News for Ada", "Why “News for Ada”?", "")
    ]


def test_what_follows_an_announcement_goes_to_nobody_who_said_stop_since(house: Desk) -> None:
    for name in NAMES[:3]:
        writes(house, name)
    queue(house.store, announced(house, "issue:none"), BY, house.tick(), new="announcement")
    house.tick(150)
    told = Told("terms", "Hello {first_name}, the terms are in force now.")
    issue = house.store.issues.named("terms")
    assert issue is not None
    found = plan(house.store, issue, told, BY, house.tick())
    assert len(found.going) == 3
    first, second = (letter.customer for letter in found.letters[:2])
    house.did("anna", "customer-edit", customer=first, stop=True)
    again = plan(house.store, issue, told, BY, house.tick())
    assert [each.aside for each in again.letters] == ["they have said stop", "", ""]
    house.did("anna", "customer-edit", customer=second, stop=True)
    done = queue(house.store, again, BY, house.tick())
    assert not isinstance(done, Refusal)
    assert (done.queued, [why for _, why in done.left_out]) == (1, ["They have said stop."])


def test_a_customer_of_two_addresses_is_told_once(house: Desk) -> None:
    one, two = writes(house, "Ada Novak"), writes(house, "Ben Okafor", "Where is my parcel? A strike, is it?")
    customers = [house.state(each).customer for each in (one, two)]
    house.did("anna", "customer-join", into=customers[0], customer=customers[1])
    for conversation in (one, two):
        house.did("anna", "link", conversation=conversation, issue="strike", new="issue")
    assert {each.conversation: each.aside for each in planned(house, TEXT).letters} == {
        one: "", two: f"they are told in #{one}",
    }  # fmt: skip


@pytest.mark.parametrize("below", ["", "This message was automatically generated by a mail program."])
def test_pressing_unsubscribe_in_a_mail_program_is_a_stop_that_stays_in_sight(
    house: Desk, below: str
) -> None:
    one = writes(house, "Ada Novak")
    customer = house.state(one).customer
    pressed = writes(house, "Ada Novak", below, subject="STOP")
    assert house.store.customer(customer).stop  # type: ignore[union-attr]  # they are there
    assert house.state(pressed).status == "open", "a person sees it"
    other = writes(house, "Ben Okafor", "Can you stop the order?", subject="Stop")
    assert not house.store.customer(house.state(other).customer).stop  # type: ignore[union-attr]


def test_machines_and_ourselves_get_no_announcement(house: Desk) -> None:
    house.gets(letter("News <news@list.example>", text="Buy now", id_="<news@x>", at=house.now, list_id="<l.x>",
                      list_unsubscribe="<mailto:l@x>", precedence="bulk"))  # fmt: skip
    house.gets(letter("no-reply@robot.example", text="Done.", id_="<robot@x>", at=house.now))
    writes(house, "Ada Novak")
    assert [each.name for each in announced(house, "before:2030").letters if not each.aside] == ["Ada Novak"]
    with pytest.raises(BadUsage, match="subject"):
        announced(house, "before:2030", subject=" ")
