"""What the person wrote, quoted and signed: messages in the shapes of many programs and languages."""

from __future__ import annotations

import random
import textwrap
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox import replies

TABLE = Path(__file__).parent / "mail" / "replies.txt"


@dataclass
class Sample:
    title: str
    lines: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip("\n")

    def of(self, letter: str) -> list[str]:
        return [line.rstrip() for line, each in zip(self.lines, self.letters, strict=True) if each == letter]


def samples() -> list[Sample]:
    found: list[Sample] = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            found.append(Sample(line[2:]))
        elif found and line[1:2] == "|":
            found[-1].letters.append(line[0])
            found[-1].lines.append(line[2:].removeprefix(" ").replace("␣", " "))
    return found


def filled(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.title)
def test_every_line_is_sorted_as_a_reader_would(sample: Sample) -> None:
    reply, quoted, signature = replies.split(sample.text, forwarded="[forwarded]" in sample.title)
    assert filled(reply) == sample.of("W")
    assert filled(quoted) == [line for line in sample.of("Q") if line.strip()]
    assert filled(signature) == sample.of("S")


def test_the_table_holds_many_shapes_and_languages() -> None:
    titles = [sample.title for sample in samples()]
    assert len(titles) == len(set(titles)) >= 60
    for language in ("German", "French", "Spanish", "Italian", "Portuguese", "Dutch", "Polish", "Swedish"):
        assert sum(language in title for title in titles) >= 3


LINES = [
    "", "Hello,", "Where is it?", "> quoted", ">> deeper", ">From now on", "> wrote:", "-- ", "--", "---", "Ann Weber",
    "On Tue, May 3, 2022 at 10:22 AM Sam <s@shop.example> wrote:", "On Tue, May 3, 2022 at 10:22 AM Sam",
    "<s@shop.example> wrote:",
    "Am 03.05.22 um 10:22 schrieb Sam:", "Sam wrote:", "From: Sam <s@shop.example>", "Sent: Tuesday, May 3, 2022 10:22 AM",
    "To: Ann", "Subject: Order", "Date: 3 May 2022", "-----Original Message-----", "---------- Forwarded message ---------",
    "Begin forwarded message:", "Sent from my iPhone", "Get Outlook for iOS", "____________________________", "==========",
    "+49 30 1234567", "ann@mail.example", "Lamps mailing list", "-----BEGIN PGP SIGNATURE-----",
    "-----END PGP SIGNATURE-----",
    "| a bar", "| another", "SL> text", "# hash", "# more", "[...]", "> npm start", "Kind regards,", "$ ls", "Message: x",
    "##- Please type your reply above this line -##", "---- On 2022-05-03 10:22 Sam <s@shop.example> wrote ----",
    "This mail is confidential; delete it unless you are the recipient it is meant for, please, at once and for good.",
    "2022/05/03 10:22 Sam <s@shop.example>:", "  indented", "\u3000", "On a@b 10:22:  x wrote:  y",
]  # fmt: skip


WORDS = st.text(st.characters(codec="utf-8").filter(lambda letter: category(letter) != "Cf"), max_size=20)


HINTS = st.binary(max_size=25).map(lambda data: bytes(one % 6 for one in data))


@given(st.lists(st.sampled_from(LINES) | WORDS, max_size=25), st.booleans(), HINTS)
@settings(deadline=None)
def test_every_line_goes_to_exactly_one_of_the_three(lines: list[str], forwarded: bool, hints: bytes) -> None:
    text = "\n".join(line.replace("\r", "") for line in lines)
    parts = replies.split(text, forwarded=forwarded, hints=hints)
    assert Counter(filled(text)) == sum((Counter(filled(part)) for part in parts), Counter())
    for part in parts:
        assert not part or (part.split("\n")[0].strip() and part.split("\n")[-1].strip())


SENT_FROM = (Path(__file__).parent / "letters" / "sent_from.txt").read_text(encoding="utf-8").splitlines()
SAID = [
    "Sent via Vodafone shop on Monday.", "Sent with Samsung Express yesterday", "Sent from the Apple store in York",
    "Sent to Samsung for repair", "Sent back with my iPhone charger", "Envoyé par Samsung le 3 mai", "Sent from my desk",
    "Gesendet von Samsung am 3. Mai", "Von meinem Anwalt gesendet", "Inviato da Samsung ieri", "Enviado por Samsung ayer",
    "Sent with DPD, number 0155 0123", "iPhoneから送信できません", "发自上海的包裹还没到",
]  # fmt: skip


@pytest.mark.parametrize("line", SENT_FROM)
def test_what_a_telephone_or_program_adds_is_signature(line: str) -> None:
    assert replies.split(f"Yes, please.\n\n{line}") == ("Yes, please.", "", line)


@pytest.mark.parametrize("line", SAID)
def test_what_somebody_says_of_a_parcel_is_no_line_of_a_telephone(line: str) -> None:
    assert replies.split(f"Yes, please.\n\n{line}")[0] == f"Yes, please.\n\n{line}"


def test_what_is_too_long_to_be_looked_at_is_shown() -> None:
    log = "> line\n" * 30_000
    reply, quoted, signature = replies.split(f"{log}What does this mean?")
    assert reply.endswith("What does this mean?")
    assert quoted.count("> line") + reply.count("> line") == 30_000
    assert signature == ""


def test_a_thousand_lines_that_end_like_attributions_lose_nothing() -> None:
    text = "\n".join(f"step {number} wrote:" for number in range(1000)) + "\n> q"
    reply, quoted, _ = replies.split(text)
    assert len(filled(reply)) + len(filled(quoted)) == 1001


def test_a_newsletter_that_begins_with_how_to_leave_it_is_shown() -> None:
    news = "\n\n".join(f"Headline {number} https://news.example/{number}" for number in range(40))
    text = f"Good morning\n\n{'_' * 40}\nTo unsubscribe see below.\n\n{news}"
    assert replies.split(text) == (text, "", "")
    footer = f"Good morning\n\n{'_' * 40}\nLamps mailing list\nlamps@lists.example"
    assert replies.split(footer)[0] == "Good morning"


# ------------------------------------------------------------------------------------- composed letters

ATTRIBUTIONS = [
    line.split("|", 1)
    for line in (Path(__file__).parent / "letters" / "attributions.txt")
    .read_text(encoding="utf-8")
    .splitlines()
]

ANSWERS = [
    "ok", "Yes.", "👍", "No, not yet.", "020 5550 1234", "12 Mill Lane, York YO1 7AB", "dana@mail.example", "- two bulbs",
    "What about Tuesday?", "1) yes, 2) no", "Thanks!", "On Monday I wrote: please cancel it.", "Bitte zweimal.",
    "Am Montag habe ich geschrieben:", "From: what I see, it is broken.", "https://lumen.example/orders/1204",
    "¿Cuándo llega?", "x = 1", "Наверное, завтра.", "はい、お願いします。", "好的，谢谢。", "네, 감사합니다.", "Oui, merci.",
    "Sent it back on Monday with the post.", "Kind of regards the invoice, too.", "It cost 40.00 EUR", "== done ==",
    "Dear Sam,", "Order 1204", "Subject to availability, two", "Proszę o fakturę", "See below:", "a > b", "C:\\lamp>dir",
    "They wrote that it was sent.", "It was 15:04 when it broke.", "Please call Dana Cole", "Η λάμπα δεν ανάβει.",
    "(see attachment)", "No.\tNever.", "See you then :)",
]  # fmt: skip
ASKED = [
    "Is it on?",
    "Sam",
    "",
    "Kind regards",
    "On the 5th?",
    "Ist sie da?",
    "> deeper",
    "届きましたか。",
    "-- ",
    "Lumen Ltd",
]
SIGNATURES = [
    "", "-- \nDana Cole", "-- \nDana Cole\nCole & Sons\n020 5550 88", "Sent from my iPhone", "Von meinem iPad gesendet",
    "Kind regards,\nDana Cole\nCole & Sons\nTel. 020 5550 88", "Mit freundlichen Grüßen\n\nJens Kuhn\njens@kuhn.example",
]  # fmt: skip
BLOCKS = [
    "From: Sam Lee <sam@lumen.example>\nSent: Tuesday, May 12, 2026 3:04 PM\nTo: Dana Cole\nSubject: RE: Order",
    "________________________________\nVon: Sam Lee <sam@lumen.example>\nGesendet: Dienstag, 12. Mai 2026 15:04\n"
    "An: Dana Cole <dana@mail.example>\nBetreff: AW: Bestellung",
    "-----Original Message-----\nFrom: sam@lumen.example\nSent: 12 May 2026 15:04\nTo: Dana\nSubject: RE: Order",
]

answers = st.lists(st.sampled_from(ANSWERS) | st.just(""), min_size=1, max_size=6).filter(any)
asked = st.lists(st.sampled_from(ASKED), min_size=1, max_size=5).filter(any)
marked = asked.map(lambda lines: [f"> {line}".rstrip() for line in lines])


@st.composite
def attributions(draw: st.DrawFn) -> list[str]:
    """A line above a quote, as it is or wrapped where programs wrap it."""
    _, line = draw(st.sampled_from(ATTRIBUTIONS))
    width = draw(st.sampled_from([500, 78, 72, 60]))
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)


@st.composite
def letters(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """A letter's lines and those of them that its writer wrote."""
    said = draw(answers)
    signature = draw(st.sampled_from(SIGNATURES)).split("\n")
    shape = draw(st.sampled_from(["alone", "top", "bottom", "between", "block"]))
    gap = [""] * draw(st.integers(1, 3))
    if shape == "alone":
        return [*said, *gap, *signature], said
    if shape == "block":
        block = draw(st.sampled_from(BLOCKS)).split("\n")
        return [*said, *gap, *signature, "", *block, "", *draw(asked)], said
    head, blank = draw(attributions()), [""] * draw(st.integers(0, 1))
    if shape == "top":
        return [*said, *gap, *signature, *gap, *head, *blank, *draw(marked)], said
    lines = [*head, *blank, *draw(marked), "", *said]
    while shape == "between" and draw(st.booleans()):
        more = draw(answers)
        lines += ["", *draw(marked), "", *more]
        said = [*said, *more]
    return [*lines, *gap, *signature], said


@given(letters())
@settings(deadline=None)
def test_what_somebody_wrote_is_in_the_reply_however_the_letter_is_composed(
    letter: tuple[list[str], list[str]],
) -> None:
    lines, said = letter
    text = "\n".join(lines)
    parts = replies.split(text)
    missing = Counter(filled("\n".join(said))) - Counter(filled(parts[0]))
    assert not missing, text
    assert Counter(filled(text)) == sum((Counter(filled(part)) for part in parts), Counter())


@given(letters())
@settings(deadline=None)
def test_what_was_quoted_is_not_in_the_reply_however_the_letter_is_composed(
    letter: tuple[list[str], list[str]],
) -> None:
    lines, _ = letter
    reply = replies.split("\n".join(lines))[0]
    assert not [line for line in filled(reply) if line.startswith("> ") or "@lumen.example" in line]


@given(answers)
@settings(deadline=None)
def test_text_without_a_quote_and_a_signature_is_all_reply(said: list[str]) -> None:
    reply, quoted, signature = replies.split("\n".join(said))
    assert filled(reply) == filled("\n".join(said))
    assert (quoted, signature) == ("", "")


@given(letters(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_a_letter_in_any_order_of_its_lines_loses_none(
    letter: tuple[list[str], list[str]], order: random.Random
) -> None:
    lines = letter[0]
    for mixed in (lines[::-1], order.sample(lines, len(lines))):
        parts = replies.split("\n".join(mixed))
        assert Counter(filled("\n".join(mixed))) == sum((Counter(filled(part)) for part in parts), Counter())
