"""A letter as it is about to be sent, what it is held against, and what is found: the words of `inbox.checks`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from inbox.model import Event
from inbox.us import Us

if TYPE_CHECKING:
    from inbox.ports import Item

LONGEST_SAID = 80
"""Characters of an address, a placeholder or a name in the words of a check."""


class File(NamedTuple):
    """An attachment before it is read: the name it will have, its size in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Written:
    """What is about to be sent. `to`, `cc` and `bcc` as typed: each may hold several addresses."""

    text: str  # what was typed, without the signature and the history that go below it
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    sender: str | None = None
    kind: str = "reply"  # reply, reply-all, forward, new or note
    subject: str = ""
    attachments: Sequence[File] = ()
    closes: bool | None = None  # whether the conversation is closed with it; None: that is not known yet
    by_hand: bool = (
        False  # a person carries it to where the customer is: it goes to no address, and from none
    )


def typed_recipients(written: Written) -> str:
    """Everybody it goes to, one typed piece a line: a line end cuts even where a quotation mark was not closed."""
    return "\n".join((*written.to, *written.cc, *written.bcc))


class Around(NamedTuple):
    """What hints need besides. levels: how much each weighs, as the settings say. internal: words that stay among us.
    more, subjects: how many other conversations of the customer are open, and the subjects of some. lately: the last
    answers of the writer."""

    levels: Mapping[str, str] = {}
    internal: tuple[str, ...] = ()
    more: int = 0
    subjects: tuple[str, ...] = ()
    lately: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Against:
    """What it is held against: the conversation as it stands now, and what is known of people.

    items: all of the conversation, oldest first; () compares with nothing. item: the message that is answered.
    customer: addresses of the customer, in this conversation or not. colleagues: addresses of teammates.
    others: folded address -> name of another customer. confirmed: addresses from elsewhere that a person has confirmed
    for this letter.
    refused: folded address -> the words with which a server said that nobody is there (`Reader.refused_addresses`).
    events and seen: the record now, and the number of its last event that the writer had before them; None: whatever
    came in between was seen. who: the writer's name.
    ignored: how often the writer has ignored each hint. left: hints that the writer has let leave. around: what else
    hints need.
    """

    items: Sequence[Item] = ()
    item: Item | None = None
    customer: Sequence[str] = ()
    us: Us = field(default_factory=Us)
    senders: Sequence[str] = ()
    team: Sequence[str] = ()
    colleagues: Sequence[str] = ()
    who: str = ""
    others: Mapping[str, str] = field(default_factory=dict)
    confirmed: Sequence[str] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    events: Sequence[Event] = ()
    seen: int | None = None
    ignored: Mapping[str, int] = field(default_factory=dict)
    left: frozenset[str] = frozenset()
    around: Around = Around()  # noqa: RUF009  frozen


class Check(NamedTuple):
    """One thing that does not hold. `words` is a sentence, sanitised; `next_step` another, for who has no keys.

    A "hint" is counted, a "passive" one only said. subject: the address or the words it is about. offers_to_leave: a hint
    that was ignored so often that it should ask whether to come again. closing: it matters only where the conversation is
    closed with the letter.

    mend: what mends it: "text" (write), "fill" (go to the next placeholder), "recipients" (change To, Cc and Bcc), "sender"
    (change From), "confirm" (the address), "read" (what came in between), "attach" (a file), "reply-all", "note" (make one
    of it), "merge" (with the customer's others); "" where only a reason helps.
    """

    kind: Literal["stop", "hint", "passive"]
    name: str
    words: str
    next_step: str
    mend: str
    overridable: bool
    subject: str = ""
    offers_to_leave: bool = False
    closing: bool = False
