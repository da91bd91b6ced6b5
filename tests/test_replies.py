"""What the person wrote, quoted and signed: messages in the shapes of many programs and languages."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
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
