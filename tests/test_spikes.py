"""Words of which far more customers write than usually: found in made-up weeks of mail, and not on a usual Monday."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from inbox.issues import Said, Spike
from inbox.matter_words import other_question, usual_words, words_of_matter
from inbox.model import Instant, Who
from inbox.queries import parse
from inbox.queries.words import tokens
from inbox.settings import Settings
from inbox.spikes import EVERY, WEEKS, WINDOW, Usual, look, spikes
from tests.faults.clock import MONDAY
from tests.stores import Desk, desk, letter

HOUR, DAY = 3600, 86_400

EVERYDAY = (
    "Where is my order? I have waited since {} for the {} and nobody tells me anything.",
    "I would like to return the {}. It came {} and it is too small for me.",
    "Could you send the invoice for the {} once more? I need it {}.",
    "The {} arrived broken {}. What can we do about it?",
    "Do you have the {} in another colour {}?",
    "Thank you for the quick help with the {} {}.",
    "The discount code for the {} did not work {}.",
    "When will the {} be in stock again? I asked {} already.",
)
THINGS = [
    "lamp",
    "chair",
    "table",
    "bicycle",
    "kettle",
    "blanket",
    "mirror",
    "carpet",
    "sofa",
    "shelf",
    "clock",
    "vase",
    "pillow",
    "candle",
    "radio",
]
WHEN = [
    "yesterday",
    "today",
    "on Tuesday",
    "last week",
    "this morning",
    "in March",
    "two days ago",
    "at noon",
    "before Easter",
    "again",
]


def everyday(chance: random.Random) -> str:
    return chance.choice(EVERYDAY).format(chance.choice(THINGS), chance.choice(WHEN))


def weeks(chance: random.Random, until: Instant, mondays: str = "") -> list[Said]:
    """Four weeks of mail before an instant: most of it in the day, and much on Monday mornings."""
    found = []
    for day in range(28):
        begins = until - WEEKS + day * DAY
        is_monday = (begins - MONDAY) // DAY % 7 == 0
        for number in range(70 if is_monday else 25):
            hour = 0 if is_monday and number < 40 else chance.randrange(10)
            text = mondays if mondays and is_monday and number < 15 else everyday(chance)
            found.append(
                Said(begins + hour * HOUR + chance.randrange(HOUR), number, chance.randrange(600), None, text)
            )
    return found


def spiking(before: list[Said], recent: list[Said], now: Instant) -> list[Spike]:
    """As the worker asks, with counts that are made here by hand."""

    def usual(words: str) -> Usual:
        wanted = words.split()
        wrote = []
        for said in before:
            found = tokens(said.text)
            if any(found[at : at + len(wanted)] == wanted for at in range(len(found))):
                wrote.append((said.at, said.customer))
        return Usual(wrote, len(before))

    return spikes(recent, now, usual, usual_words([said.text for said in before[-800:]]))


def morning(chance: random.Random, now: Instant, count: int, text: str = "", first: int = 1000) -> list[Said]:
    """So many letters of the last 90 minutes, each of another customer: everyday's, or all with one text."""
    return [
        Said(
            now - chance.randrange(WINDOW),
            first + n,
            first + n,
            None,
            text.format(n) if text else everyday(chance),
        )
        for n in range(count)
    ]


STRIKE = "Hello, I hear of a carrier strike. Does my parcel number {} come all the same?"


@pytest.mark.parametrize("seed", range(4))
def test_a_usual_monday_is_no_spike_and_a_strike_is(seed: int) -> None:
    chance = random.Random(seed)
    now = MONDAY + 9 * HOUR
    before = weeks(chance, now - WINDOW)
    monday = morning(chance, now, 45)
    assert spiking(before, monday, now) == []
    found = spiking(before, monday + morning(chance, now, 27, STRIKE, 5000), now)
    assert [each.words for each in found[:1]] == ["carrier strike"]
    assert found[0].many == 27
    assert len(found) == 1, "words of the same letters are one thing"


def test_what_many_write_every_monday_is_none() -> None:
    chance = random.Random(7)
    now = MONDAY + HOUR
    weekly = "Your weekend raffle: did I win the weekend raffle?"
    before = weeks(chance, now - WINDOW, mondays=weekly)
    again = morning(chance, now, 20) + morning(chance, now, 20, weekly, 5000)
    assert spiking(before, again, now) == []
    assert spiking(weeks(chance, now - WINDOW), again, now), "the first time it is one"


def test_a_word_of_every_day_that_is_a_little_more_frequent_is_none() -> None:
    now = MONDAY + 9 * HOUR
    usual = Usual([(now - WEEKS + n * 2000, n) for n in range(1_000)], 10_000)
    said = [Said(now - n, n, n, None, "lamp" if n < 100 else "other things") for n in range(400)]
    assert spikes(said, now, lambda _: usual, frozenset({"other", "things", "other things"})) == []
    few = [Said(now - n, n, n, None, "lamp" if n < 8 else "other things") for n in range(40)]
    chance = Usual(usual.wrote[::3], 10_000)
    assert spikes(few, now, lambda _: chance, frozenset({"other", "things"})) == [], "that happens by chance"
    rare = Usual(usual.wrote[::20], 10_000)
    assert [each.words for each in spikes(said, now, lambda _: rare, frozenset({"other", "things"}))] == [
        "lamp"
    ]


def test_one_customer_who_writes_often_is_none_and_what_is_linked_is_no_news() -> None:
    chance = random.Random(3)
    now = MONDAY + 9 * HOUR
    before = weeks(chance, now - WINDOW)
    often = [said._replace(customer=1) for said in morning(chance, now, 30, STRIKE)]
    assert spiking(before, often, now) == []
    linked = [said._replace(issue="strike") for said in morning(chance, now, 30, STRIKE)]
    assert spiking(before, linked, now) == []


def test_words_of_other_languages_and_scripts_spike_as_well() -> None:
    chance = random.Random(5)
    now = MONDAY + 9 * HOUR
    before = weeks(chance, now - WINDOW)
    german = morning(
        chance, now, 15, "Guten Tag, wegen der Störung kann ich mich nicht anmelden. Nummer {}.", 3000
    )
    found = spiking(before, [*morning(chance, now, 20), *german], now)
    assert found
    assert {"storung", "anmelden"} & {word for each in found for word in each.words.split()}
    assert spiking(before, morning(chance, now, 12, "配送業者のストライキについて {}", 4000), now)


def test_what_else_is_asked_is_told_by_the_words_of_the_matter() -> None:
    chance = random.Random(1)
    others = [everyday(chance) for _ in range(120)]
    about = [STRIKE.format(n) for n in range(6)] + [
        "Is the carrier on strike? My parcel!",
        "Where is my parcel?",
    ]
    matter, usual = words_of_matter(about, others, "Carrier strike"), usual_words(others)
    assert "parcel" in matter
    assert "hello" not in matter or "hello" not in usual
    assert not other_question(
        ["Where is my parcel?", "When do parcels come again?", "Why?", "Any news yet?"], matter, usual
    )
    assert other_question(["Where is my parcel?", "Can I change the invoice address?"], matter, usual)
    german = [
        "Wo bleibt mein Paket?",
        "Mein Paket ist nicht da, wird gestreikt?",
        "Kommt das Paket trotz Streik?",
    ]
    matter = words_of_matter(german, (), "Paketstreik")
    assert not other_question(["Wann kommen die Pakete?", "Wann geht es weiter?"], matter, frozenset())
    assert other_question(["Kann ich die Rechnung noch einmal bekommen?"], matter, frozenset())


def test_the_form_of_a_question_ties_it_to_no_matter_where_there_is_no_other_mail() -> None:
    matter = words_of_matter([STRIKE.format(n) for n in range(6)], (), "Carrier strike")
    assert other_question(["Does the lamp come in blue?"], matter, frozenset())
    assert not other_question(["Does my parcel come?"], matter, frozenset())


# --------------------------------------------------------------------------- in a workspace


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Desk]:
    found = desk(tmp_path)
    yield found
    found.store.close()


def comes(house: Desk, number: int, text: str, at: Instant) -> int:
    mail = letter(
        f"Person <p{number}@people.example>",
        text=text,
        at=at,
        id_=f"<{number}-{at}@people.example>",
        subject="Question",
    )
    return house.gets(mail, at=at)


def test_machines_and_spam_are_no_mail_to_compare_with(house: Desk) -> None:
    asked = comes(house, 1, "Where is my strike?", house.now)
    spam = comes(house, 2, "Win at strike!", house.now)
    house.did("anna", "spam", conversation=spam)
    news = {"list_id": "<l.example>", "list_unsubscribe": "<mailto:l@list.example>", "precedence": "bulk"}
    for number in range(3):
        id_ = f"<n{number}@list.example>"
        house.gets(letter("News <news@list.example>", text="Strike", at=house.now, id_=id_, **news))
    book, until = house.store.issues, house.now + HOUR
    assert [said.conversation for said in book.recent(0, 10)] == [asked]
    assert len(book.wrote("strike", 0, until, 10)) == book.many(0, until) == 1


def test_the_worker_looks_now_and_then_and_the_query_finds_what_it_means(house: Desk) -> None:
    chance = random.Random(2)
    now = MONDAY + 20 * DAY
    for number in range(90):
        comes(house, number, everyday(chance), now - 2 * DAY - number * 5 * HOUR)
    linked = [comes(house, 200 + n, STRIKE.format(n), now - n * 120) for n in range(12)]
    house.now = now
    settings = Settings(host_zone="UTC")
    assert look(house.store, settings, now) == 1
    (found,) = house.store.issues.spikes()
    assert (found.words, found.many) == ("carrier strike", 12)
    finds = house.store.ids(parse(found.query, now, UTC), Who("anna"), now)
    assert sorted(finds) == sorted(linked)
    for conversation in linked:
        house.did("anna", "link", conversation=conversation, issue="strike", new="issue")
    assert look(house.store, settings, now + EVERY - 1) == 0
    assert house.store.issues.spikes(), "it looks every few minutes"
    assert look(house.store, settings, now + EVERY) == 0
    assert house.store.issues.spikes() == []
