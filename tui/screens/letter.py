"""What is being written, beside its text: as what, in which conversation, to whom, from us as whom, and with which files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inbox.answering import answer_subject, prepare
from inbox.callers import WAYS
from inbox.model import Instant
from inbox.ports import AMENDS, LEAVING, CallNotes, Draft, DraftFile, Item, Row
from inbox.text import one_line
from tui.fields import joined, parted
from tui.seat import Seat

_BEGINS = {"reply": "Reply to", "reply-all": "Reply to", "forward": "Forward to", "new": "New, to"}


@dataclass(frozen=True)
class Letter:
    """A message or a note that is being written. Recipients are as they were typed."""

    kind: str  # reply, reply-all, forward, new or note
    row: Row | None = None  # None: it begins a conversation
    item: Item | None = None  # the message that is answered, or passed on
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    sender: str = ""
    subject: str = ""
    files: tuple[DraftFile, ...] = ()
    warning: str = ""  # about where it goes
    used: tuple[str, ...] = ()  # what of the team's was put in (`inbox.knowledge`)
    call: CallNotes | None = None  # of a call: all but what was said
    instead: int = 0  # the message of somebody else's that waits for a yes, in whose place it goes
    of: str = ""  # who wrote that
    by_hand: str = ""  # where no address is known: what the channel is called into which a person carries it

    @property
    def conversation(self) -> int:
        """The conversation that is written in; 0 for one that begins."""
        return self.row.conversation.id if self.row is not None else 0

    @property
    def draft_kind(self) -> str:
        """The kind of its draft: of somebody else's letter that is edited it says which."""
        return f"{AMENDS} {self.instead}" if self.instead else self.kind

    @property
    def leaves(self) -> bool:
        """Whether it leaves the house."""
        return self.kind in LEAVING

    @property
    def goes_by_hand(self) -> bool:
        """Whether a person carries it to the customer; with a recipient named after all it is mail."""
        return bool(self.by_hand) and not (self.to or self.cc or self.bcc)

    @property
    def title(self) -> str:
        """What stands above the text: everything that matters about it, in one line."""
        if self.call is not None:
            return titled(self.call, self.row)
        if not self.leaves:
            return "Note, only the team sees it"
        if self.goes_by_hand:
            return f"{self._name}, no address: sending copies it for {self.by_hand}"
        parts = [f"{_BEGINS[self.kind]} {', '.join(self.to) or 'nobody yet'}"]
        if self.of:
            parts.insert(0, f"{one_line(self.of, 30)} wrote this, you send it")
        if self.cc:
            parts.append(f"copy to {', '.join(self.cc)}")
        if self.bcc:
            parts.append(f"hidden copy to {', '.join(self.bcc)}")
        parts.append(f"from {self.sender or 'nobody'}")
        parts.append(one_line(self.subject) or "no subject")
        return " · ".join(parts)

    @property
    def _name(self) -> str:
        """What the customer is called."""
        name = one_line(self.row.customer_name, 40) if self.row is not None else ""
        return name or "the customer"

    @property
    def values(self) -> tuple[str, str, str, str, str]:
        """The fields, in the order in which they are edited."""
        return joined(self.to), joined(self.cc), joined(self.bcc), self.sender, self.subject

    def with_values(self, values: Sequence[str]) -> Letter:
        """The same letter with these fields."""
        to, cc, bcc, sender, subject = values
        return replace(
            self,
            to=parted(to),
            cc=parted(cc),
            bcc=parted(bcc),
            sender=sender.strip(),
            subject=subject.strip(),
        )

    def as_draft(self, who: str, text: str, at: Instant) -> Draft:
        """The draft of it."""
        return Draft(
            self.conversation,
            who,
            self.draft_kind,
            text,
            self.to,
            self.cc,
            self.bcc,
            self.subject,
            at,
            self.sender if self.leaves else "",
            self.files,
            self.used,
            self.call,
        )

    def found_again(self, draft: Draft) -> Letter:
        """The letter as a draft of it was left."""
        if not draft.sender:
            return replace(self, files=draft.files, used=draft.used, call=draft.call)
        return replace(
            self,
            to=draft.to,
            cc=draft.cc,
            bcc=draft.bcc,
            sender=draft.sender,
            subject=draft.subject,
            files=draft.files,
            used=draft.used,
        )


def letter_to(row: Row, kind: str, items: Sequence[Item], seat: Seat) -> Letter:
    """An empty letter in a conversation: an answer to the customer's last message, or to ours where they wrote none."""
    if kind == "note":
        return Letter(kind, row)
    ready = prepare(items, seat.us, seat.senders, kind == "reply-all", row.customer_addresses)
    if kind == "forward":
        from inbox.forwarding import forward_subject

        subject = ready.item.subject if ready.item is not None else row.subject
        return Letter(kind, row, ready.item, sender=ready.sender or "", subject=forward_subject(subject))
    return Letter(
        kind,
        row,
        ready.item,
        ready.to,
        ready.cc,
        sender=ready.sender or "",
        subject=answer_subject(ready, row.subject),
        warning="; ".join(ready.warnings),
        by_hand=ready.by_hand,
    )


def titled(call: CallNotes, row: Row | None) -> str:
    """What stands above what is written of a call: which way it went, with whom, and to which conversation it belongs."""
    who = " ".join(dict.fromkeys(filter(None, (one_line(call.name, 40), one_line(call.number, 30)))))
    home = (
        f"in #{row.conversation.id} {one_line(row.subject, 40)}" if row is not None else "a new conversation"
    )
    return f"Call, {WAYS.get(call.way, call.way)} · {who} · {home}"


def letter_new(seat: Seat) -> Letter:
    """An empty letter that begins a conversation."""
    return Letter("new", sender=next(iter(seat.senders), ""))


def banner_on(letter: Letter, seat: Seat) -> tuple[str, str]:
    """The banners that stand on top of a new answer, as the paragraphs it begins with, and whose they are in words."""
    from inbox.issues import banners, below_banner

    if letter.kind not in ("reply", "reply-all", "new"):
        return "", ""
    issue, now = letter.row.conversation.issue if letter.row is not None else None, seat.now()
    found = banners(seat.store.issues.all(), issue, now)
    if not found:
        return "", ""
    return below_banner(
        found, "", now
    ), f"the banner of {', '.join(each.name for each in found)} stands on top"


def text_of(letter: Letter, seat: Seat) -> str:
    """What stands in a letter before anybody has written: in one that passes a message on, that message."""
    if letter.kind != "forward" or letter.item is None:
        return ""
    from inbox.forwarding import forwarded

    return "\n\n" + forwarded(letter.item, seat.zone)
