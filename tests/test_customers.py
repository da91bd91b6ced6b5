"""Customers: what people say of them, joining and parting, and that the record tells all of it again."""

from __future__ import annotations

import sqlite3
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from inbox.model import Customer, Identity, Refusal, Who
from inbox.queries import parse
from storage.workspace import open_store
from tests.stores import Desk, desk, everything, letter

ANNA = Who("anna")
JO, JO_TOO = "Jo Park <jo@park.example>", "J. Park <jo.park@mail.example>"


@pytest.fixture
def here(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def customer(here: Desk, conversation: int) -> Customer:
    """Whose a conversation is, as everybody sees it."""
    number = here.state(conversation).customer
    assert number is not None
    found = here.store.customer(number)
    assert found is not None
    return found


def addresses(of: Customer) -> list[str]:
    return [each.value for each in of.identities]


def refused(here: Desk, verb: str, **arguments: Any) -> str:
    refusal = here.do("anna", verb, **arguments).refusal
    assert isinstance(refusal, Refusal)
    return refusal.reason


def found(here: Desk, query: str) -> list[int]:
    return sorted(here.store.ids(parse(query, here.now, UTC), ANNA, here.now))


def two(here: Desk) -> tuple[int, int]:
    """Jo writes from two addresses: two conversations, two customers."""
    return (
        here.gets(letter(JO, subject="Lamp", id_="<1@park.example>")),
        here.gets(letter(JO_TOO, subject="Chair", id_="<2@mail.example>")),
    )


def joined(here: Desk) -> tuple[int, int, Customer, Customer]:
    first, second = two(here)
    into, moved = customer(here, first), customer(here, second)
    here.did("anna", "customer-join", into=into.id, customer=moved.id)
    return first, second, into, moved


# --------------------------------------------------------------------------- joining


def test_two_addresses_of_one_person_are_joined_and_everything_is_found_there(here: Desk) -> None:
    first, second, into, moved = joined(here)
    assert customer(here, second).id == into.id
    assert addresses(customer(here, first)) == ["jo@park.example", "jo.park@mail.example"]
    panel = here.store.panel(into.id)
    assert panel is not None and panel.conversations == 2
    assert [each.name for each in panel.joined] == ["J. Park"]
    assert here.store.panel(moved.id) == panel, "the old number leads there"
    assert found(here, "customer:jo.park@mail") == found(here, f"customer:{into.id}") == [first, second]
    assert found(here, f"customer:{moved.id}") == [first, second]
    row = here.store.rows([second])[0]
    assert row.customer_name == "Jo Park" and row.customer_open == 2
    assert [each.name for each in here.store.customers_at(["jo.park@mail.example"]).values()] == ["Jo Park"]
    here.verified()


def test_parting_is_exact_also_for_what_came_meanwhile(here: Desk) -> None:
    first, second = two(here)
    into, moved = customer(here, first), customer(here, second)
    before = everything(here.store)
    here.did("anna", "customer-join", into=into.id, customer=moved.id)
    third = here.gets(letter(JO_TOO, subject="Table", id_="<3@mail.example>"))
    assert customer(here, third).id == into.id
    here.did("bo", "customer-part", customer=moved.id)
    assert [customer(here, each).id for each in (first, second, third)] == [into.id, moved.id, moved.id]
    assert addresses(customer(here, first)) == ["jo@park.example"]
    after = everything(here.store)
    same = ("participants", "msgids")
    assert {name: set(before[name]) <= set(after[name]) for name in same} == dict.fromkeys(same, True)
    assert [row[:5] for row in after["customers"]] == [row[:5] for row in before["customers"]]
    here.verified()


def test_undo_and_redo_join_and_part(here: Desk) -> None:
    first, second, into, moved = joined(here)
    here.did("anna", "undo", by="anna")
    assert customer(here, second).id == moved.id
    here.verified()
    here.did("anna", "redo", by="anna")
    assert customer(here, second).id == into.id
    here.did("anna", "undo", by="anna")
    here.did("bo", "customer-join", into=moved.id, customer=into.id)
    assert "otherwise" in refused(here, "redo", by="anna")
    assert customer(here, first).id == moved.id
    here.verified()


def test_a_join_is_not_done_again_over_another_one(here: Desk) -> None:
    _, second, _, moved = joined(here)
    third = here.gets(letter("Jo at work <jp@work.example>", id_="<w@work.example>", subject="Desk"))
    here.did("anna", "undo", by="anna")
    here.did("bo", "customer-join", into=customer(here, third).id, customer=moved.id)
    assert "otherwise" in refused(here, "redo", by="anna")
    assert customer(here, second).id == customer(here, third).id
    here.verified()


def test_a_chain_of_joins_comes_apart_link_by_link(here: Desk) -> None:
    first, second, into, moved = joined(here)
    third = here.gets(letter("Jo at work <jp@work.example>", id_="<w@work.example>", subject="Desk"))
    work = customer(here, third)
    here.did("anna", "customer-join", into=work.id, customer=into.id)
    assert {customer(here, each).id for each in (first, second, third)} == {work.id}
    here.verified()
    here.did("anna", "customer-part", customer=moved.id)
    assert [customer(here, each).id for each in (first, second, third)] == [work.id, moved.id, work.id]
    here.did("anna", "customer-part", customer=into.id)
    assert [customer(here, each).id for each in (first, second, third)] == [into.id, moved.id, work.id]
    here.verified()


def test_what_cannot_be_joined_says_why(here: Desk) -> None:
    _, _, into, moved = joined(here)
    assert "same" in refused(here, "customer-join", into=into.id, customer=into.id)
    assert "any more" in refused(here, "customer-join", into=into.id, customer=moved.id)
    assert "any more" in refused(here, "customer-join", into=into.id, customer=99)
    assert "not joined" in refused(here, "customer-part", customer=into.id)
    assert "any more" in refused(here, "customer-edit", customer=moved.id, name="X")


def test_nobody_is_joined_by_dots_and_tags_it_is_only_offered(here: Desk) -> None:
    plain = here.gets(letter("Lea <lea.krol@mail.example>", id_="<1@m.example>", subject="One"))
    tagged = here.gets(letter("Lea <leakrol+shop@mail.example>", id_="<2@m.example>", subject="Two"))
    other = here.gets(letter("Lea <lea.krol@post.example>", id_="<3@m.example>", subject="Three"))
    assert len({customer(here, each).id for each in (plain, tagged, other)}) == 3
    panel = here.store.panel(customer(here, plain).id)
    assert panel is not None
    assert [addresses(each.customer) for each in panel.perhaps] == [["leakrol+shop@mail.example"]]
    here.did("anna", "customer-join", into=panel.customer.id, customer=panel.perhaps[0].customer.id)
    again = here.store.panel(panel.customer.id)
    assert again is not None and again.perhaps == ()


def test_case_and_international_domains_are_one_address(here: Desk) -> None:
    raw = letter("Uwe <Uwe@M-ller.example>", id_="<1@m.example>", subject="One")
    first = here.gets(raw.replace(b"M-ller", "Müller".encode()))
    second = here.gets(letter("Uwe <uwe@XN--MLLER-KVA.example.>", id_="<2@m.example>", subject="Two"))
    assert customer(here, first).id == customer(here, second).id


# --------------------------------------------------------------------------- what people say


def test_what_is_said_of_a_customer_is_shown_and_taken_back(here: Desk) -> None:
    first, _ = two(here)
    jo = customer(here, first).id
    here.did(
        "anna",
        "customer-edit",
        customer=jo,
        name="Johanna Park",
        add=["wholesale"],
        language="de",
        form="polite",
    )
    here.did("anna", "customer-note", customer=jo, note="Rings the bell twice.")
    found = customer(here, first)
    assert (found.name, found.note, found.tags) == ("Johanna Park", "Rings the bell twice.", ("wholesale",))
    assert (found.language, found.form) == ("de", "polite")
    assert here.store.rows([first])[0].customer_name == "Johanna Park"
    here.verified()
    here.did("anna", "undo", by="anna")
    assert customer(here, first).note == ""
    here.did("anna", "undo", by="anna")
    assert customer(here, first) == Customer(jo, "Jo Park", (Identity("mail", "jo@park.example"),))
    here.verified()


def test_the_record_holds_no_words_about_a_customer(here: Desk) -> None:
    first, _ = two(here)
    here.did("anna", "customer-edit", customer=customer(here, first).id, name="Johanna", note="owes us money",
             identities=[Identity("mail", "j@elsewhere.example")])  # fmt: skip
    record = repr(here.record())
    assert "Johanna" not in record and "owes" not in record and "elsewhere" not in record


def test_a_vip_is_one_in_every_conversation_and_his_clocks_run_faster(here: Desk) -> None:
    first, second, into, _ = joined(here)
    due = here.store.rows([second])[0].due_at
    here.did("anna", "customer-vip", customer=into.id, vip=True)
    assert found(here, "is:vip") == [first, second]
    sooner = here.store.rows([second])[0].due_at
    assert due is not None and sooner is not None and sooner < due
    here.verified()
    here.did("anna", "customer-vip", customer=into.id, vip=False)
    assert found(here, "is:vip") == []
    here.verified()


def test_joining_keeps_what_was_said_of_both(here: Desk) -> None:
    first, second = two(here)
    into, moved = customer(here, first).id, customer(here, second).id
    here.did("anna", "customer-edit", customer=into, note="Likes lamps.", add=["lamps"])
    here.did(
        "anna", "customer-edit", customer=moved, note="Likes chairs.", add=["chairs"], vip=True, language="fr"
    )
    here.did("anna", "customer-join", into=into, customer=moved)
    both = customer(here, first)
    assert (both.note, both.tags) == ("Likes lamps.\nLikes chairs.", ("chairs", "lamps"))
    assert (both.vip, both.language) == (True, "fr")
    here.did("bo", "customer-edit", customer=into, remove=["chairs"], vip=False, note="Likes both.")
    assert customer(here, first).note == "Likes both." and not customer(here, first).vip
    here.verified()
    here.did("anna", "customer-part", customer=moved)
    assert customer(here, second).tags == ("chairs",) and customer(here, second).vip
    assert customer(here, first).note == "Likes both."
    here.verified()


def test_own_fields_are_said_joined_and_taken_back(here: Desk) -> None:
    first, second = two(here)
    into, moved = customer(here, first).id, customer(here, second).id
    here.did("anna", "customer-edit", customer=into, fields={"number": "17", "size": "M"})
    here.did("anna", "customer-edit", customer=moved, fields={"number": "18", "dog": "Rex"})
    here.did("anna", "customer-join", into=into, customer=moved)
    assert customer(here, first).fields == (("dog", "Rex"), ("number", "17"), ("size", "M"))
    here.did("bo", "customer-edit", customer=into, fields={"dog": "", "size": "L"})
    assert customer(here, first).fields == (("number", "17"), ("size", "L"))
    here.verified()
    here.did("anna", "customer-part", customer=moved)
    assert customer(here, second).fields == (("dog", "Rex"), ("number", "18"))
    assert customer(here, first).fields == (("number", "17"), ("size", "L"))
    for wrong in ({"": "x"}, {"a=b": "x"}, {"{x}": "y"}, {"a": "b\nc"}, {"a": "x" * 501}, {"n" * 41: "x"}):
        refused(here, "customer-edit", customer=into, fields=wrong)
    assert "Nothing would change" in refused(
        here, "customer-edit", customer=into, fields={"number": "17", "z": ""}
    )
    here.verified()


def test_an_address_that_a_person_adds_is_known_from_then_on(here: Desk) -> None:
    first, second = two(here)
    jo, other = customer(here, first), customer(here, second)
    here.did("anna", "customer-edit", customer=jo.id, identities=[Identity("mail", "jo@new.example")])
    third = here.gets(letter("Somebody <Jo@NEW.example>", id_="<n@new.example>", subject="Sofa"))
    assert customer(here, third).id == jo.id
    taken = refused(here, "customer-edit", customer=jo.id, identities=list(other.identities))
    assert f"customer {other.id}" in taken
    here.verified()


def test_a_name_given_by_a_person_outlasts_what_mail_says(here: Desk) -> None:
    first = here.gets(letter("jo@park.example", id_="<1@park.example>"))
    jo = customer(here, first).id
    here.did("anna", "customer-edit", customer=jo, name="Johanna")
    here.gets(letter("Jo Park <jo@park.example>", id_="<2@park.example>", subject="Again"))
    assert customer(here, first).name == "Johanna"
    here.verified()
    here.did("anna", "customer-edit", customer=jo, name="")
    assert customer(here, first).name in ("jo@park.example", "Jo Park")
    here.verified()


def test_nonsense_is_refused_in_words(here: Desk) -> None:
    jo = customer(here, two(here)[0]).id
    assert "longer" in refused(here, "customer-edit", customer=jo, name="x" * 200)
    assert "no language" in refused(here, "customer-edit", customer=jo, language="German")
    assert "form of address" in refused(here, "customer-edit", customer=jo, form="du")
    assert "one word" in here.do("anna", "customer-edit", customer=jo, add=["two words"]).refusal.next_step  # type: ignore[union-attr]  # it is refused
    assert "Nothing" in refused(here, "customer-edit", customer=jo, name="Jo Park")


def test_an_export_brings_all_of_it_back(here: Desk, tmp_path: Path) -> None:
    first, second, into, moved = joined(here)
    here.did("anna", "customer-edit", customer=into.id, name="Johanna", note="A note.", vip=True, add=["lamps"],
             identities=[Identity("phone", "+49301234")])  # fmt: skip
    here.store.export(tmp_path / "out")
    other = open_store(tmp_path / "other")
    other.take_in_export(tmp_path / "out", here.now)
    assert other.verify(here.now) == []
    assert other.customer(moved.id) == customer(here, first)
    copy = Desk(other, here.now)
    copy.did("anna", "customer-part", customer=moved.id)
    assert customer(copy, second).id == moved.id
    copy.verified()
    other.close()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE customers SET name = 'Eve' WHERE id = 1", "name is 'Eve', should be 'Johanna'"),
        ("UPDATE customers SET vip = 0", "vip is 0, should be 1"),
        ("UPDATE customers SET merged_into = NULL", "merged_into is None, should be 1"),
        ("UPDATE customers SET tags = 'x' WHERE id = 2", "tags is 'x', should be ''"),
        ("UPDATE identities SET customer = 2 WHERE owner = 2", "is that of customer 2, should be that of 1"),
        ("DELETE FROM identities WHERE kind = 'phone'", "was added to a customer, and is not known"),
        ("UPDATE identities SET said_by = 3 WHERE said_by IS NULL", "nobody said whose it is"),
    ],
)
def test_verify_names_what_does_not_follow_from_the_record(here: Desk, statement: str, words: str) -> None:
    _, _, into, _ = joined(here)
    here.did("anna", "customer-edit", customer=into.id, name="Johanna", vip=True,
             identities=[Identity("phone", "+49301")])  # fmt: skip
    here.verified()
    with sqlite3.connect(here.store.path) as hand:
        hand.execute(statement)
    details = [problem.detail for problem in here.store.verify(here.now)]
    assert any(words in detail for detail in details), details


# --------------------------------------------------------------------------- any story

WRITERS = tuple(f"c{n}@park.example" for n in range(5))


class Stories(RuleBasedStateMachine):
    """Joining, parting, editing, undoing, in any order: what is derived is always what the record says."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.desk = desk(Path(self.folder.name))
        self.conversations = [self.desk.gets(letter(each, subject=each, id_=f"<{each}>")) for each in WRITERS]
        self.numbers = [customer(self.desk, each).id for each in self.conversations]

    @rule(into=st.integers(0, 4), moved=st.integers(0, 4))
    def join(self, into: int, moved: int) -> None:
        self.desk.do("anna", "customer-join", into=self.numbers[into], customer=self.numbers[moved])

    @rule(one=st.integers(0, 4))
    def part(self, one: int) -> None:
        self.desk.do("bo", "customer-part", customer=self.numbers[one])

    @rule(
        one=st.integers(0, 4),
        name=st.sampled_from(["", "Jo", "Lea"]),
        vip=st.booleans(),
        tag=st.sampled_from("abc"),
    )
    def edit(self, one: int, name: str, vip: bool, tag: str) -> None:
        self.desk.do("anna", "customer-edit", customer=self.numbers[one], name=name, vip=vip, add=[tag])

    @rule(one=st.integers(0, 4), address=st.sampled_from(["x@park.example", "y@park.example"]))
    def add(self, one: int, address: str) -> None:
        identities = [Identity("mail", address)]
        self.desk.do("bo", "customer-edit", customer=self.numbers[one], identities=identities)

    @rule(who=st.sampled_from(["anna", "bo"]), verb=st.sampled_from(["undo", "redo"]))
    def back(self, who: str, verb: str) -> None:
        self.desk.do(who, verb, by=who)

    @rule(one=st.sampled_from([*WRITERS, "x@park.example"]))
    def write(self, one: str) -> None:
        self.desk.count += 1
        self.desk.gets(letter(one, subject="More", id_=f"<{self.desk.count}@more.example>"))

    @invariant()
    def the_record_says_so(self) -> None:
        self.desk.verified()

    def teardown(self) -> None:
        self.desk.store.close()
        self.folder.cleanup()


Stories.TestCase.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
TestAnyStory = Stories.TestCase


def test_who_says_stop_is_left_alone_also_as_one_with_another(here: Desk) -> None:
    first, second = two(here)
    into, moved = customer(here, first), customer(here, second)
    here.did("anna", "customer-edit", customer=moved.id, stop=True)
    assert customer(here, second).stop and not customer(here, first).stop
    assert refused(here, "customer-edit", customer=moved.id, stop=True) == "Nothing would change."
    here.did("anna", "customer-join", into=into.id, customer=moved.id)
    assert customer(here, first).stop
    here.verified()
    here.did("anna", "customer-part", customer=moved.id)
    assert customer(here, second).stop and not customer(here, first).stop
    here.verified()
    here.did("bo", "customer-edit", customer=moved.id, stop=False)
    assert not customer(here, second).stop
    here.did("bo", "undo", by="bo")
    assert customer(here, second).stop
    here.verified()
