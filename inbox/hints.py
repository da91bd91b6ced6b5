"""Hints: what may have been overlooked in a letter, as many as help and no more (docs/answering.md).

Each is a function of the letter and what it is held against. How much each weighs, the settings say (`hint_levels`); one
that the writer has let leave stays away unless it is hard.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal

from inbox.addresses import fold_address, untagged
from inbox.answering import is_no_reply
from inbox.attached import promised_attachment
from inbox.hint_levels import HINTS
from inbox.recipients import parse_recipients
from inbox.text import one_line
from inbox.typed import own_words, without_code
from inbox.written import LONGEST_SAID, Against, Check, Written, typed_recipients

IGNORED_OFTEN = 5
"""So often ignored by a person, a hint offers to leave (docs: defaults)."""


def hints(written: Written, against: Against) -> tuple[Check, ...]:
    """What may have been overlooked, the most useful first: what is hard, as stops that a reason overrides; then what
    counts, then what is only said. A note is read by nobody outside."""
    if written.kind == "note":
        return ()
    found: dict[str, list[Check]] = {"hard": [], "hint": [], "passive": []}
    for name, usual in HINTS.items():
        level, look = against.around.levels.get(name, usual.level), FINDERS[name]
        if level == "off" or (level != "hard" and name in against.left):
            continue
        for each in look(written, against):
            if level == "hard":
                found[level].append(each._replace(kind="stop"))
            else:
                often = against.ignored.get(name, 0) >= IGNORED_OFTEN
                kind: Literal["hint", "passive"] = "hint" if level == "hint" else "passive"
                found[level].append(each._replace(kind=kind, offers_to_leave=often))
    return (*found["hard"], *found["hint"], *found["passive"])


def _hint(name: str, words: str, next_step: str, mend: str, subject: str = "") -> Check:
    return Check("hint", name, words, next_step, mend, True, subject)


def _attachment(written: Written, against: Against) -> Iterator[Check]:  # noqa: ARG001  as the others
    if written.attachments or written.by_hand:  # files are attached where it is pasted
        return
    said = promised_attachment(without_code(own_words(written.text)))
    if said:
        shown = one_line(said, LONGEST_SAID)
        yield _hint(
            "attachment", f"It says «{shown}», and nothing is attached.", "Attach it.", "attach", said
        )


def _alias(written: Written, against: Against) -> Iterator[Check]:
    item = against.item
    if item is None or not written.sender or written.kind not in ("reply", "reply-all"):
        return
    addresses = (*item.to, *item.cc) if item.direction == "in" else item.sender
    ours = [one.address for one in addresses if against.us.is_us(one.address)]
    sender = _bare(written.sender)
    if ours and untagged(sender) not in {untagged(one) for one in ours}:
        yield _hint(
            "alias",
            f"It was written to {one_line(ours[0], LONGEST_SAID)}, and is answered from {one_line(sender, LONGEST_SAID)}.",
            "Send it from the address that was written to.",
            "sender",
            ours[0],
        )


def _bare(sender: str) -> str:
    found, _ = parse_recipients(sender)
    return found[0].address if found else sender


def _dropped(written: Written, against: Against) -> Iterator[Check]:
    item = against.item
    if item is None or item.direction != "in" or written.kind != "reply":
        return
    named = {fold_address(one.address) for one in parse_recipients(typed_recipients(written))[0]}
    dropped = [
        one.address
        for one in (*item.to, *item.cc)
        if fold_address(one.address) not in named
        and "@" in one.address
        and not against.us.is_us(one.address)
        and not is_no_reply(one.address)
        and fold_address(one.address) not in {fold_address(each.address) for each in item.sender}
    ]
    if dropped:
        first = one_line(dropped[0], LONGEST_SAID)
        who = f"{first} and {len(dropped) - 1} more were" if len(dropped) > 1 else f"{first} was"
        yield _hint(
            "cc", f"{who} in copy and would not get this.", "Answer everybody.", "reply-all", dropped[0]
        )


_NOTE_LIKE = re.compile(
    r"""
    (?:^|\n)\W{0,3}(?:internal(?:ly)?|intern|interne|interno|interna|interní|wewnętrzne)\s*[:)\]]
    | (?<!\w)(?: internal\s+(?:note|only|use\s+only) | for\s+internal\s+use | not\s+for\s+the\s+customer
    | do\s+not\s+(?:send|forward)\s+(?:this\s+)?to\s+the\s+customer | fyi\s*,?\s+(?:team|all|everybody|folks|colleagues)
    | nur\s+intern | interne\s+notiz | nur\s+für\s+uns | nicht\s+an\s+den\s+kunden | zur\s+info\s*,?\s+(?:team|kollegen)
    | note\s+interne | usage\s+interne | nota\s+interna | (?:solo\s+)?uso\s+interno | alleen\s+intern | interne\s+notitie
    )(?!\w)
    | 社内(?:用|限り|メモ) | 内部(?:备注|備註|使用)
    """,
    re.IGNORECASE | re.VERBOSE,
)


def _like_a_note(written: Written, against: Against) -> Iterator[Check]:
    text = without_code(own_words(written.text))
    names = {name.casefold() for name in against.team}
    called = next((one for one in _CALLED.finditer(text) if one[1].rstrip(".-").casefold() in names), None)
    found = called or _NOTE_LIKE.search(text)
    if found:
        said = one_line(found[0], LONGEST_SAID).strip(" :)]")
        yield _hint(
            "note",
            f"«{said}» reads like a note to the team.",
            "Write it as a note, or take it out.",
            "note",
            said,
        )


_CALLED = re.compile(r"(?<![\w@./+-])@([\w.-]{1,40})")


# ---------------------------------------------------------------------- what stays among us


def _internal(written: Written, against: Against) -> Iterator[Check]:
    words = against.around.internal
    if not words:
        return
    # What somebody else said first, in a subject that is answered, is no word of ours.
    ours = [own_words(written.text), *(file.name.replace("_", " ") for file in written.attachments)]
    if written.kind in ("forward", "new"):
        ours.append(written.subject)
    found = whole_words(words).search("\n".join(ours))
    if found:
        said = one_line(found[0], LONGEST_SAID)
        yield _hint("internal", f"«{said}» is a word that stays among us.", "Take it out.", "text", said)


@lru_cache(maxsize=8)
def whole_words(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of these as whole words, capitals or not; blank space stands for any blank space."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(_whole, longest_first)), re.IGNORECASE)


def _whole(words: str) -> str:
    parts = r"\s+".join(map(re.escape, words.split()))
    before = r"(?<!\w)" if words.strip()[:1] < _NO_BLANKS else ""
    return f"{before}{parts}" + (r"(?!\w)" if words.strip()[-1:] < _NO_BLANKS else "")


_NO_BLANKS = "\u2e80"
"""From here on scripts are written without blanks between words."""


# ---------------------------------------------------------------------- as it was before


def _language(written: Written, against: Against) -> Iterator[Check]:
    if written.kind not in ("reply", "reply-all") or not against.items:
        return
    from inbox.tongues import other_language

    found = other_language(written.text, against.items)
    if found:
        mine, theirs = found
        yield _hint(
            "language",
            f"This is in {mine.name}, and the customer writes {theirs.name}.",
            "Write in the customer's language.",
            "text",
            theirs.name,
        )


def _form(written: Written, against: Against) -> Iterator[Check]:
    if written.kind not in ("reply", "reply-all") or not against.items:
        return
    from inbox.tongues import other_form

    found = other_form(written.text, against.items)
    if found:
        mine, before = found
        yield _hint(
            "form", f"This says {mine}, and before it was {before}.", f"Say {before}.", "text", before
        )


# ---------------------------------------------------------------------- the customer


def _question(written: Written, against: Against) -> Iterator[Check]:
    if written.kind not in ("reply", "reply-all") or not against.items:
        return
    from inbox.open_questions import open_questions
    from inbox.touched import untouched

    left = untouched(open_questions(against.items), written.text)
    if left:
        more = f", and {len(left) - 1} more" if len(left) > 1 else ""
        said = one_line(left[0], _LONGEST_QUESTION)
        yield _hint(
            "question", f"Question untouched: «{said}»{more}.", "Say a word about it.", "text", left[0]
        )


def _more(written: Written, against: Against) -> Iterator[Check]:
    more, subjects = against.around.more, against.around.subjects
    if written.kind not in ("reply", "reply-all") or not more:
        return
    named = ", ".join(f"«{one_line(subject, _LONGEST_SUBJECT) or 'no subject'}»" for subject in subjects)
    rest = " …" if more > len(subjects) > 0 else ""
    yield _hint(
        "more",
        f"This customer has {more} more open{': ' if named else ''}{named}{rest}.",
        "Look there first, or join them: frontdesk merge.",
        "merge",
        str(more),
    )


_LONGEST_SUBJECT, _LONGEST_QUESTION = 24, 50
"""Characters of a subject and a question in the words of a hint."""


# ---------------------------------------------------------------------- what is said


def _promise(written: Written, against: Against) -> Iterator[Check]:  # noqa: ARG001  as the others
    from inbox.promised_text import promises_without_date

    found = promises_without_date(written.text[:_PROMISED])
    if found:
        said = one_line(found[0], LONGEST_SAID)
        yield _hint("promise", f"«{said}» promises no date.", "Say until when.", "text", said)


_PROMISED = 2_500
"""Characters in which a promise is looked for."""


def _next_step(written: Written, against: Against) -> Iterator[Check]:
    if written.kind not in ("reply", "reply-all") or written.closes is False:
        return
    from inbox.language import language_of
    from inbox.next_steps import NEXT_STEPS, leaves_next_step

    language = language_of(own_words(written.text)) or next(
        (
            language_of(item.reply or item.text)
            for item in reversed(against.items)
            if item.direction == "in" and not item.automatic
        ),
        "",
    )
    if language in NEXT_STEPS and own_words(written.text).strip() and not leaves_next_step(written.text):
        yield _hint(
            "next_step",
            "To close with it, it names no next step.",
            "Say what happens now, or what they can do.",
            "text",
        )._replace(closing=True)


def _same(written: Written, against: Against) -> Iterator[Check]:
    from inbox.same_again import same_as

    lately = against.around.lately
    number = same_as(written.text, lately) if lately and written.kind != "forward" else None
    if number is not None:
        which = "your last answer" if number == 0 else f"your {_nth(number + 1)} last answer"
        yield _hint("same", f"This is the text of {which}.", "Say it in words for this customer.", "text")


def _nth(number: int) -> str:
    return f"{number}{'nd' if number == 2 else 'rd' if number == 3 else 'th'}"


FINDERS: dict[str, Callable[[Written, Against], Iterator[Check]]] = {
    "attachment": _attachment,
    "internal": _internal,
    "note": _like_a_note,
    "cc": _dropped,
    "alias": _alias,
    "language": _language,
    "form": _form,
    "question": _question,
    "promise": _promise,
    "more": _more,
    "next_step": _next_step,
    "same": _same,
}
"""What looks for each of HINTS."""
