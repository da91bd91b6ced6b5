"""Rules: what sets them off, for which conversations, what they do, and that they say why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inbox.errors import BadSettings
from inbox.model import EventType, Status
from inbox.rules import deciding, running
from inbox.rules.reading import Do
from tests.ruled import Shop, settings_of
from tests.stores import DAY, letter

HOUR = 3600
RETURNS = """
[[rule]]
name = "returns"
on = "message-in"
when = "subject:return -tag:vip"
then = [{ tag = "returns" }, { assign = "skill" }, { note = "@anna: {first_name} of {subject}, #{id}" }]
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path, RETURNS)


def rule(on: str, then: str, when: str = "", more: str = "", name: str = "one") -> str:
    condition = f'when = "{when}"\n' if when else ""
    return f'[[rule]]\nname = "{name}"\non = "{on}"\n{condition}{more}\nthen = [{then}]\n'


# --------------------------------------------------------------------------- a firing, and what it says


def test_a_rule_does_what_it_says_and_says_why(shop: Shop) -> None:
    number = shop.asks(subject="My return")

    (fired,) = shop.fired(number)
    assert fired.data["rule"] == "returns"
    assert fired.data["held"] == ["message-in", "subject:return", "-tag:vip"]
    assert fired.data["did"] == ["tag returns", "assign skill: bo", "note"]
    received = next(e for e in shop.store.events(number) if e.type is EventType.RECEIVED)
    assert fired.data["event"] == received.seq
    here = shop.state(number)
    assert (here.tags, here.assignee, here.mentions) == (("returns",), "bo", ("anna",))
    (note,) = [item for item in shop.store.items(number) if item.direction == "note"]
    assert note.text == f"@anna: Jo of My return, #{number}"
    assert {e.who for e in shop.store.events(number) if e.seq > received.seq} == {"rules"}
    shop.desk.verified()


def test_what_does_not_fit_is_left_alone(shop: Shop) -> None:
    number = shop.asks(subject="My order")
    assert shop.fired() == []
    assert shop.state(number).tags == ()


def test_words_are_looked_for_in_the_message_that_came_alone(shop: Shop) -> None:
    first = shop.asks(subject="My return", id_="<first@park.example>")
    shop.asks("Hello again", subject="Re: Something else", answers=["<first@park.example>"])
    assert len(shop.fired(first)) == 1


def test_a_rule_is_asked_about_the_conversation_as_it_was_after_the_whole_action(tmp_path: Path) -> None:
    """Mail of a blocked sender is spam in the same action: rules leave it alone, unless they ask for spam."""
    shop = Shop(
        tmp_path,
        rule("message-in", '{ tag = "new" }') + rule("status", '{ tag = "junk" }', "status:spam", name="two"),
    )
    first = shop.asks(sender="evil@evil.example")
    shop.desk.did("anna", "block", conversation=first)
    again = shop.asks(sender="evil@evil.example", subject="Buy now")
    assert shop.state(again).status is Status.SPAM
    assert shop.state(again).tags == ("junk",)


def test_history_sets_nothing_off(shop: Shop) -> None:
    raw = letter(subject="My return", id_="<old@park.example>", at=shop.desk.now - 3 * DAY)
    number = shop.desk.gets(raw, at=shop.desk.now - 3 * DAY, history=True)
    assert shop.look() == 0
    assert shop.fired(number) == []


def test_what_was_there_before_a_rule_sets_nothing_off(tmp_path: Path) -> None:
    shop = Shop(tmp_path, "")
    number = shop.asks(subject="My return")
    shop.rewrite(RETURNS)
    assert shop.look() == 0
    assert shop.asks(subject="A return", sender="Mo <mo@park.example>") != number
    assert [event.conversation for event in shop.fired()] != [number]
    # taken out and put in again much later: what came in between is history for it
    shop.rewrite("")
    shop.look()
    quiet = shop.asks(subject="The return", sender="Al <al@park.example>")
    shop.rewrite(RETURNS)
    shop.look()
    assert shop.fired(quiet) == []


def test_a_second_rule_counts_from_when_it_is_there_while_the_first_goes_on(tmp_path: Path) -> None:
    shop = Shop(tmp_path, rule("message-in", '{ tag = "a" }', name="first"))
    before = shop.mail()  # nobody has looked yet
    shop.rewrite(
        rule("message-in", '{ tag = "a" }', name="first") + rule("message-in", '{ tag = "b" }', name="second")
    )
    after = shop.asks(sender="mo@park.example")
    shop.look()
    assert (shop.state(before).tags, shop.state(after).tags) == (("a",), ("a",))
    assert shop.state(shop.asks(sender="al@park.example")).tags == ("a", "b")


def test_a_deadline_that_passed_before_a_rule_was_there_sets_nothing_off(tmp_path: Path) -> None:
    policy = '[[policy]]\nfirst_reply = "2h"\nnext_reply = "2h"\nhours = "always"\n'
    shop = Shop(tmp_path, policy)
    number = shop.asks()
    shop.desk.tick(DAY)
    shop.rewrite(
        policy
        + rule("clock-breached", '{ tag = "late" }')
        + rule("silence", '{ tag = "still" }', more='after = "3h"', name="two")
    )
    shop.look()
    shop.desk.did("anna", "note", conversation=number, text="looked at")
    shop.desk.tick(60)
    shop.look()
    assert shop.fired() == []


def test_who_looks_late_sees_no_vip_by_a_tag_that_came_later_but_one_by_what_is_said_of_the_customer(
    tmp_path: Path,
) -> None:
    shop = Shop(tmp_path, rule("message-in", '{ tag = "seen" }', "is:vip"))
    number, other = shop.mail(), shop.mail(sender="mo@park.example")
    for conversation in (number, other):
        shop.desk.did("anna", "tag", conversation=conversation, add=["vip"])
    shop.desk.did("anna", "customer-vip", customer=shop.state(other).customer, vip=True)
    shop.look()
    assert (shop.state(number).tags, shop.state(other).tags) == (("vip",), ("seen", "vip"))


def test_rules_are_asked_in_the_order_of_the_file_until_one_says_stop(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        rule("message-in", '{ tag = "a" }, { stop = true }', "subject:stop", name="first")
        + rule("message-in", '{ tag = "b" }', name="second"),
    )
    stopped, other = shop.asks(subject="stop here"), shop.asks(subject="Go on", sender="mo@park.example")
    assert (shop.state(stopped).tags, shop.state(other).tags) == (("a",), ("b",))
    assert shop.did(stopped) == [("first", ["tag a", "no further rule"])]


def test_what_a_rule_did_sets_off_others(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        rule("message-in", '{ tag = "returns" }', name="first")
        + rule("tag", '{ follow_up = "2d" }', "tag:returns", name="second"),
    )
    number = shop.asks()
    assert shop.did(number) == [("first", ["tag returns"]), ("second", ["follow-up 2d"])]
    assert [event.data["depth"] for event in shop.fired(number)] == [1, 2]
    assert shop.state(number).follow_up_at is not None


def test_rules_that_set_each_other_off_end_after_five_with_a_message(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        rule("message-in", '{ tag = "a" }', name="begin")
        + rule("tag", '{ untag = "a" }, { tag = "b" }', "tag:a", name="to")
        + rule("tag", '{ untag = "b" }, { tag = "a" }', "tag:b", name="fro"),
    )
    number = shop.asks()
    fired = shop.fired(number)
    assert [event.data["rule"] for event in fired if not event.why] == ["begin", "to", "fro", "to", "fro"]
    (last,) = [event for event in fired if event.why]
    assert last.why == "stopped after 5 rules in a row"
    assert shop.look() == 0  # and it is said once
    shop.mail("Hello again", answers=["<1@park.example>"])


def test_a_rule_that_would_change_nothing_says_nothing(shop: Shop) -> None:
    first = shop.asks(subject="My return", id_="<a@park.example>")
    before = len(shop.store.events(first))
    shop.rewrite(RETURNS.replace(', { note = "@anna: {first_name} of {subject}, #{id}" }', ""))
    shop.asks("More of it", subject="Re: My return", answers=["<a@park.example>"])
    assert len(shop.store.events(first)) == before + 1


def test_what_a_verb_refuses_is_said_and_is_no_error(tmp_path: Path) -> None:
    shop = Shop(tmp_path, rule("note", '{ close = "no-answer" }, { tag = "seen" }'))
    number = shop.asks()
    shop.desk.did("anna", "close", conversation=number, why="thanks")
    shop.desk.did("anna", "note", conversation=number, text="done")
    shop.look()
    ((_, did),) = shop.did(number)
    assert did == ["close no-answer: not done. It is closed already.", "tag seen"]
    assert shop.stopped() == {}


# --------------------------------------------------------------------------- what sets rules off


def test_each_kind_of_event(tmp_path: Path) -> None:
    kinds = ["message-in", "message-out", "note", "status", "tag"]
    shop = Shop(tmp_path, "".join(rule(on, '{ notify = "owners" }', name=on) for on in kinds))
    number = shop.asks()
    assert [each for each, _ in shop.did(number)] == ["message-in"]
    shop.desk.did("anna", "note", conversation=number, text="hm")
    shop.desk.did("anna", "tag", conversation=number, add=["x"])
    message = shop.desk.replies("anna", number)  # waiting from now on
    shop.look()
    shop.desk.hands_over(message)
    shop.look()
    assert [each for each, _ in shop.did(number)][1:] == ["note", "tag", "status", "message-out"]


def test_what_is_said_of_a_customer_sets_off_their_open_conversations(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        rule("customer", '{ tag = "important" }', "is:vip")
        + rule("tag", '{ follow_up = "1d" }', "tag:important", name="two"),
    )
    numbers = [shop.asks(), shop.asks(subject="Another")]
    closed = shop.asks(subject="Third")
    shop.desk.did("anna", "close", conversation=closed, why="thanks")
    customer = shop.state(numbers[0]).customer
    shop.desk.did("anna", "customer-vip", customer=customer, vip=True)
    shop.look()
    assert [shop.state(number).tags for number in (*numbers, closed)] == [("important",), ("important",), ()]
    assert [rule for rule, _ in shop.did()] == ["one", "two"] * 2


def test_clocks_warn_and_breach_once_each(tmp_path: Path) -> None:
    policy = '[[policy]]\nfirst_reply = "2h"\nnext_reply = "2h"\nwarn = "30m"\nhours = "always"\n'
    shop = Shop(
        tmp_path,
        policy
        + rule("clock-warned", '{ notify = "assignee" }, { tag = "soon" }', name="warned")
        + rule("clock-breached", '{ assign = "anna" }', name="breached"),
    )
    number = shop.asks()
    shop.desk.tick(HOUR)
    shop.look()
    assert shop.fired(number) == []
    shop.desk.tick(45 * 60)
    shop.look()
    assert [each for each, _ in shop.did(number)] == ["warned"]
    shop.desk.tick(DAY)
    for _ in range(3):
        shop.look()
    assert [each for each, _ in shop.did(number)] == ["warned", "breached"]
    assert shop.state(number).assignee == "anna"


def test_a_breach_that_was_answered_before_anybody_looked_is_one_all_the_same(tmp_path: Path) -> None:
    policy = '[[policy]]\nfirst_reply = "2h"\nnext_reply = "2h"\nhours = "always"\n'
    shop = Shop(tmp_path, policy + rule("clock-breached", '{ tag = "was-late" }'))
    number = shop.asks()
    shop.desk.tick(3 * HOUR)
    shop.desk.hands_over(shop.desk.replies("anna", number))
    shop.look()
    assert shop.state(number).tags == ("was-late",)


def test_a_deadline_is_over_a_second_later_also_for_a_rule_that_begins_with_it(tmp_path: Path) -> None:
    policy = '[[policy]]\nfirst_reply = "2h"\nnext_reply = "2h"\nhours = "always"\n'
    shop = Shop(tmp_path, policy)
    number = shop.asks()
    (row,) = shop.store.rows([number])
    shop.rewrite(policy + rule("clock-breached", '{ tag = "was-late" }'))
    assert row.due_at is not None
    done = [running.look(shop.store, shop.settings, row.due_at + late) for late in (0, 1, 2)]
    assert done == [0, 1, 0]
    assert shop.state(number).tags == ("was-late",)


def test_silence_is_told_once_until_something_is_said_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path, rule("silence", '{ note = "Still there?" }', "status:waiting", 'after = "3d"'))
    number = shop.asks()
    shop.desk.hands_over(shop.desk.replies("anna", number))
    for _ in range(10):
        shop.desk.tick(DAY)
        shop.look()
    assert len(shop.fired(number)) == 1
    shop.mail("Yes", answers=["<1@park.example>"])
    shop.desk.hands_over(shop.desk.replies("anna", number))
    for _ in range(10):
        shop.desk.tick(DAY)
        shop.look()
    assert len(shop.fired(number)) == 2


def test_what_is_closed_is_not_silent_though_somebody_touches_it(tmp_path: Path) -> None:
    shop = Shop(tmp_path, rule("silence", '{ tag = "still" }', more='after = "3d"'))
    number = shop.asks()
    shop.desk.did("anna", "close", conversation=number, why="no-answer")
    shop.desk.tick(4 * DAY)
    shop.desk.did("anna", "tag", conversation=number, add=["old"])
    shop.look()
    assert shop.fired(number) == []


def test_a_time_of_day_comes_once_a_day_on_its_days(tmp_path: Path) -> None:
    """Two weeks from a Monday on, looked at every three hours."""
    shop = Shop(
        tmp_path,
        rule("time", '{ notify = "owners" }', "", 'at = "08:30"\ndays = ["mon", "thu"]', name="stand-up")
        + rule("time", '{ tag = "old" }', "status:open", 'at = "18:00"', name="evening"),
    )
    number = shop.asks()
    for _ in range(14 * 8):
        shop.desk.tick(3 * HOUR)
        shop.look()
    told = [event for event in shop.fired() if event.data["rule"] == "stand-up"]
    assert [event.conversation for event in told] == [None] * len(told)
    assert len(told) == 4  # on the first Monday it was past that time
    assert len({event.at // DAY for event in told}) == 4
    assert [each for each, _ in shop.did(number)] == ["evening"]  # then the tag is there already


# --------------------------------------------------------------------------- who gets it


def test_round_robin_goes_round_those_who_are_there(tmp_path: Path) -> None:
    shop = Shop(tmp_path, rule("message-in", '{ assign = "round-robin" }'))
    got = [shop.state(shop.asks(sender=f"c{n}@park.example")).assignee for n in range(6)]
    assert got == ["anna", "bo", "cy"] * 2  # never somebody who only reads


def test_by_load_whoever_has_the_fewest(tmp_path: Path) -> None:
    shop = Shop(tmp_path, rule("message-in", '{ assign = "load" }', "subject:new"))
    for who, count in (("anna", 2), ("bo", 1), ("cy", 2)):
        for n in range(count):
            number = shop.mail(sender=f"{who}{n}@park.example")
            shop.desk.did("anna", "assign", conversation=number, to=who)
    shop.look()
    got = [shop.state(shop.asks(sender=f"c{n}@park.example", subject="new")).assignee for n in range(2)]
    assert got[0] == "bo"
    assert set(got) == {"bo", "anna"} or set(got) == {"bo", "cy"}


def test_by_skill_whoever_knows_most_of_its_tags(tmp_path: Path) -> None:
    shop = Shop(tmp_path, rule("tag", '{ assign = "skill" }'))
    both, none = shop.mail(), shop.mail(sender="mo@park.example")
    shop.desk.did("anna", "tag", conversation=both, add=["returns", "french"])
    shop.desk.did("anna", "tag", conversation=none, add=["pottery"])
    shop.look()
    assert (shop.state(both).assignee, shop.state(none).assignee) == ("cy", None)
    assert shop.did(none) == [("one", ["assign skill: not done. Nobody with that skill is here."])]


def test_nothing_is_given_to_somebody_who_is_away(tmp_path: Path) -> None:
    team = """
[[team]]
name = "anna"
role = "owner"
away = ["2026-03-16..2026-03-20"]
[[team]]
name = "bo"
"""
    shop = Shop(
        tmp_path,
        rule("message-in", '{ assign = "round-robin" }', "-subject:anna")
        + rule("message-in", '{ assign = "anna" }', "subject:anna", name="two"),
        team=team,
    )
    assert {shop.state(shop.asks(sender=f"c{n}@park.example")).assignee for n in range(3)} == {"bo"}
    number = shop.asks(subject="For anna")
    assert shop.did(number) == [("two", ["assign anna: not done. anna is away."])]
    # whoever has it keeps it while they are here; else it goes to somebody who is
    theirs = shop.mail(subject="again", sender="Zo <zo@park.example>", id_="<z@park.example>")
    shop.look()
    shop.desk.did("bo", "assign", conversation=theirs, to="anna")
    shop.mail("And?", sender="Zo <zo@park.example>", subject="Re: again", answers=["<z@park.example>"])
    shop.look()
    assert shop.state(theirs).assignee == "bo"


# --------------------------------------------------------------------------- deadlines, drafts, alerts


def test_a_policy_that_a_rule_gives_stays(tmp_path: Path) -> None:
    policy = '[[policy]]\nname = "quick"\nwhen = "tag:never"\nfirst_reply = "1h"\nnext_reply = "1h"\nhours = "always"\n'
    shop = Shop(tmp_path, policy + rule("message-in", '{ policy = "quick" }', "subject:urgent"))
    number = shop.asks(subject="urgent")
    row = shop.store.rows([number])[0]
    assert row.conversation.waiting_since is not None
    assert (row.policy, row.due_at) == ("quick", row.conversation.waiting_since + HOUR)
    shop.desk.did("anna", "tag", conversation=number, add=["other"])
    assert shop.store.rows([number])[0].policy == "quick"
    shop.desk.verified()


def test_a_draft_is_put_there_for_whoever_answers_never_over_somebodys_own(tmp_path: Path) -> None:
    from inbox.ports import Draft

    shop = Shop(tmp_path, rule("tag", '{ draft = "return label" }', "tag:returns"))
    shop.saves("return label", "Dear {first_name},\n\nhere is your label: [[link]]\n")
    mine, free = shop.mail(), shop.mail(sender="Mo Kern <mo@kern.example>")
    shop.store.save_draft(Draft(mine, "bo", "reply", "I have begun"))
    for number in (mine, free):
        shop.desk.did("anna", "tag", conversation=number, add=["returns"])
    shop.look()
    assert [(d.who, d.text) for d in shop.store.drafts(mine)] == [("bo", "I have begun")]
    (draft,) = shop.store.drafts(free)
    assert (draft.who, draft.kind, draft.text.split(",")[0]) == ("rules", "reply", "Dear Mo")
    assert shop.store.rulebook.troubles() == [("one", shop.store.rulebook.troubles()[0][1], "bo has a draft")]
    shop.desk.replies("anna", free, to="mo@kern.example")
    shop.look()
    assert shop.store.drafts(free) == []  # it was answered without it


def test_who_is_notified_is_alerted_by_every_way_there_is(tmp_path: Path) -> None:
    from inbox.alerting import Looking

    shop = Shop(tmp_path, rule("message-in", '{ notify = ["bo", "owners"] }', "subject:fire"))
    shop.desk.now += (9 * HOUR - shop.desk.now) % DAY
    looks = {who: Looking(shop.store, who, "screen") for who in ("anna", "bo", "cy")}
    for looking in looks.values():
        looking.look(shop.settings.hours, shop.desk.now)
    number = shop.asks(subject="fire", sender="Jo Park <jo@park.example>")
    shop.desk.did("cy", "assign", conversation=number, to="cy")
    told = {who: looking.look(shop.settings.hours, shop.desk.tick(60)) for who, looking in looks.items()}
    assert told["anna"] == told["bo"] == f"a rule says: look: #{number} Jo Park"
    assert told["cy"] == ""
    assert looks["anna"].look(shop.settings.hours, shop.desk.tick(HOUR)) == ""  # once


def test_hold_and_snooze_take_dates_as_they_are_typed(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        rule("tag", '{ hold = "carrier", until = "2d" }', "tag:carrier")
        + rule("tag", '{ snooze = "2d" }', "tag:later", name="two"),
    )
    held, snoozed = shop.mail(), shop.mail(sender="mo@park.example")
    shop.desk.did("anna", "tag", conversation=held, add=["carrier"])
    shop.desk.did("anna", "tag", conversation=snoozed, add=["later"])
    shop.look()
    assert (shop.state(held).status, shop.state(held).held_for) == (Status.HELD, "carrier")
    assert shop.state(held).held_until > shop.desk.now + DAY
    assert shop.state(snoozed).status is Status.SNOOZED


# --------------------------------------------------------------------------- a rule that cannot be followed


def test_a_broken_rule_stops_itself_and_nothing_else(tmp_path: Path) -> None:
    broken = rule("message-in", '{ tag = "a" }, { draft = "gone" }', name="broken")
    other = rule("message-in", '{ tag = "b" }', name="other")
    shop = Shop(tmp_path, broken + other)
    first, second = shop.asks(), shop.asks(subject="Again", sender="mo@park.example")
    assert shop.stopped() == {"broken": "There is no saved reply “gone”. frontdesk saved lists them."}
    assert [shop.state(number).tags for number in (first, second)] == [("b",), ("b",)]  # not half of it

    shop.saves("gone", "Hello")
    third = shop.asks(subject="Third", sender="al@park.example")
    assert shop.state(third).tags == ("b",)  # a person says when it goes on: by changing it
    shop.rewrite(broken.replace('"a"', '"c"') + other)
    fourth = shop.asks(subject="Fourth", sender="zo@park.example")
    assert shop.stopped() == {}
    assert shop.state(fourth).tags == ("b", "c")


def test_a_mistake_of_ours_stops_the_rule_that_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(
        tmp_path,
        rule("message-in", '{ close = "thanks" }', name="odd")
        + rule("message-in", '{ tag = "b" }', name="fine"),
    )
    monkeypatch.setitem(deciding._DECIDED, Do.CLOSE, lambda _: 1 // 0)
    number = shop.asks()
    assert "ZeroDivisionError" in shop.stopped()["odd"]
    assert shop.state(number).tags == ("b",)
    shop.desk.verified()


def test_a_look_ends_where_other_rules_are_in_force_by_the_time_one_stops_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(
        tmp_path, rule("message-in", '{ tag = "a" }', name="odd") + rule("message-in", '{ tag = "b" }')
    )
    other = shop.another()

    def meanwhile(*_: object) -> None:
        other.rulebook.adopt((("new", "1"),), shop.desk.now)
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(running, "means", meanwhile)
        number = shop.asks()
    assert (shop.state(number).tags, shop.stopped()) == ((), {})
    other.close()


# --------------------------------------------------------------------------- settings


def test_every_example_of_the_reference_can_be_used(tmp_path: Path) -> None:
    text = (Path(__file__).parent.parent / "docs" / "rules.md").read_text()
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 4
    for block in blocks:
        on_top = "\n".join(line for line in block.splitlines() if line.startswith("automatic_sending"))
        rules = block.replace(on_top, "") if on_top else block
        assert settings_of(tmp_path, rules, head=f"{on_top}\n").rules


BAD = [
    ('[[rule]]\nname="a"\non="mesage-in"\nthen=[{tag="x"}]', 3, 'did you mean "message-in"?'),
    ('[[rule]]\nname="a"\non="note"\nwhen="subjct:x"\nthen=[{tag="x"}]', 4, "The nearest is subject:"),
    ('[[rule]]\nname="a"\non="note"\nwhen="assignee:me"\nthen=[{tag="x"}]', 4, "means nobody in a rule"),
    ('[[rule]]\nname="a"\non="note"\nthen=[{tga="x"}]', 4, 'did you mean "tag"?'),
    ('[[rule]]\nname="a"\non="note"\nthen=[{assign="annna"}]', 4, 'did you mean "anna"?'),
    ('[[rule]]\nname="a"\non="note"\nthen=[{assign="rea"}]', 4, "only reads"),
    ('[[rule]]\nname="a"\non="note"\nthen=[{note="Hi {frist_name}"}]', 4, 'did you mean "first_name"?'),
    ('[[rule]]\nname="a"\non="note"\nthen=[{close="thank"}]', 4, 'did you mean "thanks"?'),
    ('[[rule]]\nname="a"\non="note"\nthen=[{policy="vipp"}]', 4, 'did you mean "vip"?'),
    ('[[rule]]\nname="a"\non="note"\nthen=[{webhook="http://x.example"}]', 4, "no https address"),
    ('[[rule]]\nname="a"\non="note"\nthen=[{command=["{id}"]}]', 4, "the first word is the program"),
    ('[[rule]]\nname="a"\non="note"\nthen=[{command=["/bin/x", "{subject}"]}]', 4, "{subject} cannot be filled"),
    ('[[rule]]\nname="a"\non="note"\nthen=[{send="x"}]', 4, "automatic = true"),
    ('[[rule]]\nname="a"\non="note"\nthen=[{tag="x", assign="anna"}]', 4, "two things stand here"),
    ('[[rule]]\nname="a"\non="note"\nthen=[{tag="x", until="2d"}]', 4, "this belongs beside hold"),
    ('[[rule]]\nname="a"\non="note"\nthen=[{snooze="tomorow 9"}]', 4, "tomorow"),
    ('[[rule]]\nname="a"\non="note"\nthen=[{hold="x", until="sometime"}]', 4, "sometime"),
    ('[[rule]]\nname="a"\non="note"\nthen=[]', 4, "this does nothing"),
    ('[[rule]]\nname="a"\non="silence"\nthen=[{tag="x"}]', 3, "nothing says how long"),
    ('[[rule]]\nname="a"\non="time"\nthen=[{notify="anna"}]', 3, "nothing says when"),
    ('[[rule]]\nname="a"\non="time"\nat="25:00"\nthen=[{notify="anna"}]', 4, "no time of day"),
    ('[[rule]]\nname="a"\non="time"\nat="08:00"\nthen=[{tag="x"}]', 5, "there is no conversation"),
    ('[[rule]]\nname="a"\non="note"\nafter="3d"\nthen=[{tag="x"}]', 4, 'on = "silence"'),
    ('[[rule]]\nname="a"\non="note"\nthen=[{tag="x"}]\n[[rule]]\nname="a"\non="note"\nthen=[{tag="x"}]', 6,
     "has this name already"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "words"), BAD, ids=[words for _, _, words in BAD])
def test_a_mistake_names_line_and_nearest_word(tmp_path: Path, text: str, line: int, words: str) -> None:
    team = '[[team]]\nname="anna"\nrole="owner"\n[[team]]\nname="rea"\nrole="reader"\n'
    with pytest.raises(BadSettings) as caught:
        settings_of(tmp_path, text, team=team)
    found = [each for each in str(caught.value).splitlines() if words in each]
    assert found, str(caught.value)
    assert f"settings.toml:{line + team.count(chr(10))}: rule" in found[0]
