"""A day's file as text: what stands in it, and that reading it back yields what a person wrote and nothing else."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from textwrap import wrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.day import Head, Page, Said, end_mark, foot_mark, head_mark, mark, new_id, written
from inbox.day_doing import Times, overtaken
from inbox.day_reading import Day, read_day, text_of
from inbox.day_words import Deed, Slip, read_deed
from inbox.hours import Hours
from inbox.model import Event, EventType, Refusal
from inbox.settings import Buffer
from inbox.text import cells
from tests.shop import ZONE, at
from tests.shop import settings as shop_settings
from tui.widgets.wrapping import wrapped

ID = new_id(0x5F3A_91C4_77B2_0D1)
HEAD = Head(ID, "9c41d2e0", at("2026-11-10 11:05"), 4711, "anna")


def page(number: int, text: str, title: str = "Jo Park: Parcel", seen: int = 7) -> Page:
    """A conversation with one message."""
    return Page(number, seen, title, ("due 17:00 (5:55) · open",), (Said("Jo Park, 09:12", text),))


def file_of(*pages: Page) -> str:
    """The file of these conversations."""
    return "\n".join(written(HEAD, "Tue 10 Nov", pages, "ssh desk", wrapped)) + "\n"


def typed(text: str, place: str, number: int, words: str) -> str:
    """The file with words typed at a place."""
    line = mark(place, number, ID) + "\n"
    assert text.count(f"\n{line}") == 1
    return text.replace(f"\n{line}", f"\n{line}{words}\n")


DAY = file_of(
    page(12, "Where is my parcel?"), page(3, "Invoice 2231, please.\n\nACME"), page(44, "Thank you!")
)
FILLED = typed(typed(DAY, "answer", 12, "Dear Jo,\n\nit left on Monday."), "note", 12, "Rang them.")
FILLED = typed(FILLED, "do", 12, "close")
FILLED = typed(typed(FILLED, "answer", 44, "You are welcome."), "do", 44, "tag +nice -x\nfollow-up mon: ask")


def told(day: Day) -> list[tuple[int, str, str, list[str]]]:
    """What was read, by conversation."""
    return [
        (
            each.conversation,
            each.answer.text if each.answer else "",
            each.note.text if each.note else "",
            [deed.verb for deed in each.deeds],
        )
        for each in sorted(day.sections, key=lambda each: each.conversation)
    ]


WHAT_WAS_TYPED = [
    (12, "Dear Jo,\n\nit left on Monday.", "Rang them.", ["close"]),
    (44, "You are welcome.", "", ["tag", "follow-up"]),
]


def test_what_was_typed_is_read_where_it_stands() -> None:
    day = read_day(FILLED)
    assert told(day) == WHAT_WAS_TYPED
    assert (day.troubles, day.untouched) == ((), 1)
    lines = FILLED.splitlines()
    section = day.sections[0]
    assert section.answer is not None
    assert lines[section.answer.line - 1] == "Dear Jo,"
    assert lines[section.deeds[0].line - 1] == "close"
    assert (section.seen, section.head) == (7, HEAD)


def test_it_reads_well_at_eighty_columns_and_no_editor_breaks_its_lines() -> None:
    day = file_of(page(1, "word " * 500 + "\n" + "山" * 200, "名前 " * 60))
    assert [line for line in day.splitlines() if cells(line) > 72] == []
    assert day.index("# A day") < day.index("ssh desk apply < day.md") < day.index("## 1 ·")


# ---------------------------------------------------------------------- editors


def quoted(text: str) -> str:
    return "Anna wrote:\n" + "".join(f"> {line}".rstrip() + "\n" for line in text.splitlines())


def stuffed(text: str) -> str:
    """As mail programs send it (RFC 3676): what begins with a blank, or looks like a quote, gets a blank before it."""
    return "".join(f"{line}  \n" for line in text.splitlines())


EDITORS: list[Callable[[str], bytes]] = [
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.replace("\n", "\r").encode(),
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: text.encode("utf-16"),
    lambda text: text.encode("utf-16-be"),
    lambda text: text.encode("utf-16-le"),
    lambda text: stuffed(text).encode(),
    lambda text: text.rstrip("\n").encode(),
    lambda text: text.replace("### ", "###\u00a0").encode(),
    lambda text: text.replace("### ", "##\t").replace("answer", "Answer").encode(),
    lambda text: quoted(text).encode(),
    lambda text: quoted(quoted(text)).encode(),
    lambda text: ("\n\n" + text.replace("\n\n", "\n\n\n")).replace("Jo,\n\n\n", "Jo,\n\n").encode(),
]


@pytest.mark.parametrize("saved", EDITORS)
def test_what_editors_do_by_themselves_changes_nothing(saved: Callable[[str], bytes]) -> None:
    text, odd = text_of(saved(FILLED))
    assert told(read_day(text)) == WHAT_WAS_TYPED
    assert not odd
    assert not read_day(text).troubles


def test_another_alphabet_on_disk_is_read_and_said() -> None:
    text, odd = text_of(FILLED.replace("Dear Jo", "Grüße Jo").encode("cp1252", "replace"))
    assert "Windows-1252" in odd
    assert told(read_day(text))[0][1].startswith("Grüße Jo")


def test_a_character_cut_in_two_does_not_change_the_others() -> None:
    text, odd = text_of("für".encode() + "ü".encode()[:1])
    assert (text, odd) == ("für", "")


def test_conversations_can_be_put_in_another_order_and_left_out() -> None:
    head, *rest = FILLED.split("\n## ")
    rest = [each.removesuffix(f"\n{foot_mark(ID)}\n") for each in rest]
    assert told(read_day("\n## ".join([head, *reversed(rest)]))) == WHAT_WAS_TYPED
    left = read_day("\n## ".join([head, rest[2]]) + f"\n{foot_mark(ID)}\n")
    assert (told(left), left.troubles) == (WHAT_WAS_TYPED[1:], ())


def test_two_files_one_after_the_other_are_two_files() -> None:
    other = HEAD._replace(id=new_id(7), who="bo")
    more = "\n".join(written(other, "Tue 10 Nov", [page(12, "x")], "ssh desk", wrapped))
    more = more.replace(mark("answer", 12, other.id), mark("answer", 12, other.id) + "\nYes.")
    assert [each.head.who for each in read_day(FILLED + more).sections] == ["anna", "anna", "bo"]


def test_an_editor_that_breaks_lines_breaks_none_of_ours() -> None:
    story = "word " * 500 + "\n" + "山" * 200 + "\n" + "x" * 500
    day = typed(file_of(page(12, story, "名前 " * 60), page(3, story)), "answer", 12, "So. " * 100)
    broken = [piece for line in day.splitlines() for piece in wrap(line, 72) or [""]]
    found = read_day("\n".join(broken))
    assert found.troubles == ()
    assert [(each.conversation, each.answer and each.answer.text.split()) for each in found.sections] == [
        (12, ["So."] * 100)
    ]


@pytest.mark.parametrize(
    "line",
    [
        "x vim: set foldexpr=system('x') :",
        "vi:noai",
        "see ex: set sw=3",
        "Vim>700: set sw=3",
        "Local Variables:",
        "local variables: ",
    ],
)
def test_a_mail_sets_nothing_in_an_editor(line: str) -> None:
    day = file_of(page(12, f"{line}\neval: (x)\nEnd:\n{line}", line))
    assert not re.search(r"(?i)(^|\s)(vi|vim|ex)([<=>]?\d+)?:|local variables:", day)
    assert day.splitlines()[-6:].count("") >= 2
    assert not [each for each in day.splitlines()[-6:] if each.startswith(">")]


# ---------------------------------------------------------------------- what cannot be told is not done


def said(text: str) -> list[tuple[int, int | None, str]]:
    """What is not understood: the line, the conversation, and the words."""
    return [(each.line, each.conversation, each.words) for each in read_day(text).troubles]


def line_of(text: str, line: str) -> int:
    return text.splitlines().index(line) + 1


@pytest.mark.parametrize("place", ["answer", "note", "do"])
def test_a_mark_that_is_gone_keeps_the_whole_conversation_from_being_done(place: str) -> None:
    text = FILLED.replace(mark(place, 12, ID) + "\n", "")
    assert [each[0] for each in told(read_day(text))] == [44]
    ((_, conversation, words),) = said(text)
    assert conversation == 12
    assert f"### {place} 12" in words


def test_a_mark_that_was_written_over_is_said_with_its_line() -> None:
    broken = FILLED.replace(mark("note", 12, ID), f"{mark('note', 12, ID)} and this")
    assert [each[0] for each in told(read_day(broken))] == [44]
    assert (line_of(broken, f"{mark('note', 12, ID)} and this"), 12) in [each[:2] for each in said(broken)]


def test_a_mark_too_many_that_was_written_over_is_not_passed_over() -> None:
    broken = FILLED.replace("Rang them.", f"Rang them.\n{mark('note', 12, ID)}, twice")
    assert [each[0] for each in told(read_day(broken))] == [44]


def test_a_conversation_that_slipped_into_another_leaves_that_one_alone() -> None:
    inner = FILLED[FILLED.index("## 44") : FILLED.index(f"\n{foot_mark(ID)}")]
    text = FILLED.replace(inner, "").replace("Rang them.", f"Rang them.\n{inner}")
    assert [each[0] for each in told(read_day(text))] == [44]
    assert [each[1] for each in said(text)] == [12]


def test_what_was_seen_cannot_be_changed_by_a_slip() -> None:
    broken = FILLED.replace(end_mark(12, 7, ID), end_mark(12, 7, ID).replace(" 7 ", " 9 "))
    assert [each[0] for each in told(read_day(broken))] == [44]


def test_a_conversation_that_stands_twice_is_not_done_twice() -> None:
    again = FILLED[FILLED.index("## 12") : FILLED.index("## 3 ")]
    assert [each[0] for each in told(read_day(FILLED + again))] == [44]
    assert any("twice" in words for _, _, words in said(FILLED + again))


@pytest.mark.parametrize(
    "after", [mark("answer", 44, ID), "You are welcome.", "tag +nice -x", mark("do", 44, ID)]
)
def test_a_file_cut_in_the_middle_does_nothing_of_what_was_cut(after: str) -> None:
    text = FILLED[: FILLED.index(after) + len(after)]
    day = read_day(text)
    assert told(day) == WHAT_WAS_TYPED[:1]
    assert [(each.conversation, "ends in the middle" in each.words) for each in day.troubles] == [
        (None, False),
        (44, True),
    ]


def test_a_file_cut_between_two_places_says_that_something_is_missing() -> None:
    text = FILLED[: FILLED.index("> Thank you!")]
    day = read_day(text)
    assert told(day) == WHAT_WAS_TYPED[:1]
    assert [each.words.split(":")[0] for each in day.troubles] == ["The file ends before its end"]
    assert read_day(FILLED + text).troubles != ()


def test_what_is_written_where_nothing_is_read_is_said() -> None:
    text = FILLED.replace("> Where is my parcel?", "> Where is my parcel?\nIt left on Monday.")
    assert said(text) == [
        (line_of(text, "It left on Monday."), 12, "This line stands where nothing is read.")
    ]
    assert [each[0] for each in told(read_day(text))] == [44]
    after = FILLED + "PS: and this.\n"
    assert [each[:2] for each in said(after)] == [(line_of(after, "PS: and this."), 44)]


def test_what_is_written_where_no_conversation_is_near_is_said_too() -> None:
    text = FILLED.replace(foot_mark(ID), f"## 45 · Somebody\nHello\n{foot_mark(ID)}")
    assert [each[:2] for each in said(text)] == [(line_of(text, "Hello"), None)]
    assert told(read_day(text)) == WHAT_WAS_TYPED


def test_more_than_anybody_brings_is_not_read() -> None:
    heads = "\n".join(head_mark(HEAD._replace(id=new_id(each))) for each in range(21))
    assert [each.words for each in read_day(heads).troubles] == ["These are more than 20 files."]
    assert [each.line for each in read_day(FILLED + "\n" * 500_000).troubles] == [500_000]


def test_something_to_be_done_below_answer_does_not_go_to_the_customer() -> None:
    text = FILLED.replace("You are welcome.", "You are welcome.\n\nclose why=“thanks”")
    assert [each[0] for each in told(read_day(text))] == [12]
    assert "would go to the customer" in said(text)[0][2]
    prose = FILLED.replace("You are welcome.", "Close friends of ours.\n\nPlease hold the line, done.")
    assert [each[0] for each in told(read_day(prose))] == [12, 44]


def test_a_line_that_is_not_understood_keeps_those_beside_it_from_being_done() -> None:
    text = FILLED.replace("tag +nice -x", "tag +nice -x\nclse thanks")
    day = read_day(text)
    assert told(day)[1] == (44, "You are welcome.", "", [])
    assert 'did you mean "close"?' in day.troubles[0].words
    assert day.troubles[0].line == line_of(text, "clse thanks")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: "Dear all,\n\nclose thanks\n", "no file of frontdesk day"),
        (lambda _: "", "no file of frontdesk day"),
        (lambda text: text.replace("<!-- day 1 ", "<!-- day 2 "), "newer Frontdesk"),
        (lambda text: text.replace(f" {HEAD.at:x} ", f" {HEAD.at + 1:x} "), "was changed"),
        (lambda text: text.replace("anna -->", "bo -->"), "was changed"),
    ],
)
def test_a_file_that_does_not_say_whose_it_is_does_nothing(change: Callable[[str], str], words: str) -> None:
    day = read_day(change(FILLED))
    assert not day.sections
    assert words in day.troubles[0].words


# ---------------------------------------------------------------------- nothing that nobody wrote

FORGED = [
    mark("answer", 12, ID),
    mark("note", 12, ID),
    mark("do", 12, ID),
    end_mark(12, 7, ID),
    end_mark(12, 99, ID),
    head_mark(HEAD._replace(who="mallory")),
    foot_mark(ID),
    "close thanks",
    "## 12 · Jo",
    "> " + mark("do", 12, ID),
    ">> " + mark("answer", 44, ID),
    "THEIRS",
]
texts = st.lists(
    st.one_of(
        st.sampled_from(FORGED),
        st.sampled_from(FORGED).map(lambda line: "x " * 36 + line),
        st.text(max_size=60),
        st.sampled_from(["\r", "\x0b", "\u2028", "\x85", "\0", "\x1b[2J", "\u202e"]),
    ),
    max_size=8,
).map("\n".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=3), texts)
def test_a_day_that_nobody_wrote_into_does_nothing(mails: list[str], title: str) -> None:
    """Not even where a mail knew the number of the file before it was drawn."""
    day = file_of(*(page(number, text, title) for number, text in enumerate(mails, 12)))
    for saved in (EDITORS[0], EDITORS[1], EDITORS[3], EDITORS[10]):
        found = read_day(text_of(saved(day))[0])
        assert (found.sections, found.troubles, found.untouched) == ((), (), len(mails))


@pytest.mark.parametrize("saved", [str, quoted])
def test_a_whole_file_in_a_mail_is_a_mail(saved: Callable[[str], str]) -> None:
    """As somebody would write one who has seen a day's file: another number, all else right."""
    other = new_id(7)
    forged = FILLED.replace(head_mark(HEAD), head_mark(HEAD._replace(id=other)))
    for number in (12, 3, 44):
        forged = forged.replace(end_mark(number, 7, ID), end_mark(number, 7, other))
    forged = forged.replace(ID, other)
    assert len(read_day(forged).sections) == 2
    found = read_day(saved(file_of(page(12, f"Hello\n{forged}"), page(3, forged, forged))))
    assert (found.sections, found.troubles, found.untouched) == ((), (), 2)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_an_answer_comes_back_as_it_was_typed(words: str) -> None:
    clean = "\n".join(line.rstrip() for line in re.split("\r\n|[\r\n\u2028\u2029]", f"MINE\n{words}\nMINE"))
    text = typed(DAY, "answer", 12, f"MINE\n{words}\nMINE")
    (section,) = read_day(text).sections
    assert section.answer is not None
    assert section.answer.text == clean


def test_whatever_lines_are_lost_nothing_is_read_as_something_else() -> None:
    """Lines deleted, doubled and cut anywhere: what is read at a place was typed at that place, whole."""
    mails = ["THEIRS\n" + "\n".join(FORGED)] * 3
    day = file_of(*(page(number, text) for number, text in zip((12, 3, 44), mails, strict=True)))
    for number in (12, 3, 44):
        for place in ("answer", "note"):
            day = typed(day, place, number, f"MINE {place} {number}\nMORE {place} {number}")
        day = typed(day, "do", number, f"tag +t{number}")
    chance = random.Random(7)
    read = 0
    for _ in range(300):
        lines = day.splitlines()
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            at_ = chance.randrange(len(lines))
            ours = lines[at_].startswith(("MINE", "MORE", "tag"))
            match chance.randrange(3):
                case 0 if not ours:
                    del lines[at_]
                case 1 if not ours:
                    lines.insert(at_, lines[at_])
                case _ if chance.random() < 0.1:
                    del lines[max(at_, 20) :]
        text = "\n".join(lines)[: chance.choice((None, None, chance.randrange(1, 3000)))]
        for section in read_day(text).sections:
            for place, passage in (("answer", section.answer), ("note", section.note)):
                whole = f"MINE {place} {section.conversation}\nMORE {place} {section.conversation}"
                assert passage is None or passage.text == whole
                read += passage is not None
            assert all(deed.said["add"] == (f"t{section.conversation}",) for deed in section.deeds)
            assert (section.answer is None) == (section.note is None) == (not section.deeds)
    assert read > 100


# ---------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("line", "verb", "said"),
    [
        ("close", "close", {}),
        ("Close Thanks", "close", {"why": "thanks"}),
        ("close why=“thanks” to=«the site» cause=x", "close", {"why": "thanks", "to": "the site", "cause": "x"}),
        ("- close thanks", "close", {"why": "thanks"}),
        ("* [ ] no-answer", "no-answer", {}),
        ("no answer", "no-answer", {}),
        ("snooze until tomorrow 9", "snooze", {"until": "tomorrow 9"}),
        ("snooze 3h", "snooze", {"until": "3h"}),
        ("hold for the carrier until fri", "hold", {"whom": "the carrier", "until": "fri"}),
        ("hold carrier", "hold", {"whom": "carrier"}),
        ("tag +x –y", "tag", {"add": ("x",), "remove": ("y",)}),
        ("tag vip,\u00a0+new", "tag", {"add": ("vip", "new"), "remove": ()}),
        ("assign bo", "assign", {"to": "bo"}),
        ("hand-over bo: asks for a refund: look", "hand-over", {"to": "bo", "summary": "asks for a refund: look"}),
        ("promise thu 17:00, aim wed: a new lamp", "promise", {"until": "thu 17:00, aim wed", "text": "a new lamp"}),
        ("follow up mon", "follow-up", {"until": "mon", "text": ""}),
        ("kept", "keep", {}),
        ("saved “Where is it”", "saved", {"name": "Where is it"}),
        ("to all", "to-all", {}),
        ("act to-bo", "act", {"name": "to-bo"}),
    ],
)  # fmt: skip
def test_what_can_be_typed_below_do(line: str, verb: str, said: dict[str, object]) -> None:
    deed = read_deed(line, 5)
    assert isinstance(deed, Deed), deed
    assert (deed.line, deed.verb, dict(deed.said)) == (5, verb, said)


@pytest.mark.parametrize(
    "line",
    ["close thx", "close now please", "snooze", "tag", "tag -", "assign", "assign bo now", "hand-over bo", "promise",
     "closes", "delete", "send", "", "close · tag +x", "close x=y", "done it", "hold until fri", "act", "x" * 1000],
)  # fmt: skip
def test_what_is_not_understood_says_how_it_is_typed(line: str) -> None:
    slip = read_deed(line, 1)
    assert isinstance(slip, Slip)
    assert slip.words
    assert slip.next_step
    assert len(slip.words) < 200


def times(now: str, file: str = "2026-11-10 08:00") -> Times:
    """What times are read by, on a wall clock."""
    hours: Hours = shop_settings().hours
    return Times(at(now), at(file), ZONE, hours, Buffer())


@pytest.mark.parametrize("text", ["tomorrow 9", "fri", "3h", "2026-11-12 09:00", "2 working days"])
def test_on_the_day_of_the_file_a_time_is_what_it_is_now(text: str) -> None:
    here = times("2026-11-10 17:30")
    assert isinstance(here.instant(text), int)
    assert not isinstance(here.promise(text), Refusal)


def test_on_another_day_what_would_be_another_day_is_asked() -> None:
    """Written on Tuesday, applied on Wednesday."""
    later = times("2026-11-11 07:00")
    found = later.instant("tomorrow 9")
    assert isinstance(found, Refusal)
    assert found.reason == "“tomorrow 9” is Wed 11 Nov from the day of the file, and Thu 12 Nov from today."
    assert found.next_step == "Write the date: 2026-11-11 or 2026-11-12."
    assert isinstance(later.promise("tomorrow 17:00, aim tomorrow 12"), Refusal)
    assert later.instant("fri 9:00") == at("2026-11-13 09:00")
    assert later.instant("2026-11-12 09:00") == at("2026-11-12 09:00")
    assert later.instant("3h") == at("2026-11-11 10:00")
    promised = later.promise("fri 17:00, aim thu 17:00")
    assert not isinstance(promised, Refusal)
    assert (promised.until, promised.aim) == (at("2026-11-13 17:00"), at("2026-11-12 17:00"))


# ---------------------------------------------------------------------- what overtakes

SINCE: dict[EventType, dict[str, object]] = {
    EventType.RECEIVED: {"side": "customer"},
    EventType.COMPLETED: {},
    EventType.CHAT_TAKEN: {},
    EventType.MERGED: {},
    EventType.PARTED: {},
    EventType.QUEUED: {},
    EventType.SENT_BY_HAND: {},
    EventType.CALLED: {},
    EventType.CLOSED: {},
    EventType.SPAM: {},
}
"""All that the writer of an answer would have wanted to see, when others did it."""


@pytest.mark.parametrize("kind", EventType)
def test_what_others_did_since_overtakes_or_does_not(kind: EventType) -> None:
    event = Event(kind, 1, "bo", 12, data=SINCE.get(kind, {}), seq=8)
    for answers in (True, False):
        assert (overtaken([event], 7, "anna", answers=answers) is not None) == (kind in SINCE)
        assert overtaken([event], 8, "anna", answers=answers) is None
        assert overtaken([replace(event, void=True)], 7, "anna", answers=answers) is None


@pytest.mark.parametrize(
    ("event", "answer", "close"),
    [
        (Event(EventType.QUEUED, 1, "anna", seq=8), True, False),
        (Event(EventType.CALLED, 1, "anna", seq=8), True, False),
        (Event(EventType.SENT_BY_HAND, 1, "anna", seq=8), True, False),
        (Event(EventType.CLOSED, 1, "anna", seq=8), False, False),
        (Event(EventType.QUEUED, 1, "anna", seq=8, data={"kind": "forward"}), False, False),
        (Event(EventType.RECEIVED, 1, "sync", seq=8, data={"side": "us"}), True, True),
        (Event(EventType.RECEIVED, 1, "import", seq=8, data={"side": "us", "history": True}), False, False),
        (Event(EventType.RECEIVED, 1, "sync", seq=8, data={"side": "automatic"}), False, False),
    ],
)
def test_ones_own_doing_and_that_of_machines(event: Event, answer: bool, close: bool) -> None:
    assert (overtaken([event], 7, "anna", answers=True) is not None) == answer
    assert (overtaken([event], 7, "anna", answers=False) is not None) == close
