"""What the person wrote, quoted and signed: messages in the shapes of many programs and languages."""

from __future__ import annotations

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
