"""Reports in the prose of servers that predate or ignore RFC 3464: qmail, Exim, old Sendmail, Exchange, many providers.

Addresses on lines of their own, behind a label or in a sentence, each with the server's words near it. The phrases lie in
`bouncewords`.
"""

from __future__ import annotations

import re

from inbox import bouncewords
from inbox.automatic import is_daemon
from inbox.bounce_verdicts import ADDRESS, ALIVE, BLOCKED, CODE, DEAD, DELAYED, FAILED, STATUS, any_of, made
from inbox.headers import Fields
from inbox.model import Address, Bounce
from inbox.parts import Part
from inbox.text import one_line

MOST = 200
"""Recipients of one report that are read."""

_ON_ITS_LINE = re.compile(rf"[\s*•>'\"\-]*<?(?:mailto:)?({ADDRESS})>?(?:\s*\([^()]*\))?[\s'\":.;*]*")
_AT_LINE_START = re.compile(rf"\s*[<'\"]?({ADDRESS})['\">]*\s*(?::|\.\.\.|\s-\s|\son\s|;)\s*(.*)")
_LABELLED = any_of(bouncewords.RECIPIENT_LABELS, r"^[\s*•\-]*", rf"\s*[:：]\s*[<'\"]?({ADDRESS})")
_NAMED = any_of(bouncewords.RECIPIENT_WORDS, r"", rf"\s*[:：]?\s*[<'\"]?({ADDRESS})")
_ANYBODY = re.compile(rf"({ADDRESS})")
_OTHERS = any_of(bouncewords.OTHER_LABELS, r"^[\s>*•\-]*", r"\s*[:：]")
_SYSTEM = any_of(bouncewords.SYSTEMS)
_RETURNED = any_of(bouncewords.RETURNED, r"\s*(?:-{2,}\s*)?", r"(?:\b|(?<=:))")
_SUBJECT = any_of(bouncewords.SUBJECTS)
_STILL_TRYING = any_of(bouncewords.STILL_TRYING)
_GIVEN_UP = any_of(bouncewords.GIVEN_UP)


def may_be(root: Part, subject: str, sender: tuple[Address, ...], text: str) -> bool:
    """Whether a mail may be such a report: from a mail system, and saying so."""
    fields = root.fields
    if "x-failed-recipients" in fields:
        return True
    if (
        root.type == "multipart/report"
        and root.parameters.get("report-type", "").lower() != "delivery-status"
    ):
        return False
    nobody = "return-path" in fields and fields.get("return-path").strip() in ("<>", "")
    daemon = any(
        is_daemon(each) or _SYSTEM.match(each.name) or _SYSTEM.match(each.address) for each in sender
    )
    if not (nobody or daemon) or _ANSWERS.match(subject):
        return False
    # Some put the reason into the subject: then the text has to say that something was not delivered, and a server why.
    opening = text[:_OPENING]
    why = any(each.search(opening) for each in (CODE, STATUS, DEAD))
    if why and (_SUBJECT.search(opening) or DEAD.search(subject)):
        return True
    told = why or any(each.search(opening) for each in (ALIVE, BLOCKED, _GIVEN_UP, _STILL_TRYING))
    return _SUBJECT.search(subject) is not None and (told or _SUBJECT.search(opening) is not None)


_ANSWERS = re.compile(r"\s*(?:re|aw|sv|fwd?|wg|tr)\s*:", re.IGNORECASE)
_OPENING = 1_500
"""Characters of a text in which a report says that it is one."""


def failed_recipients(fields: Fields) -> list[str]:
    """Who X-Failed-Recipients names."""
    said = ",".join(fields.all("x-failed-recipients"))
    return [word.strip().strip("<>") for word in said.split(",") if "@" in word][:MOST]


def read(text: str, named: list[str]) -> list[Bounce]:
    """Recipients on lines of their own, or at a line's start, with the words around them."""
    lines = own_lines(text)
    whole = one_line(" ".join(lines), 2_000)
    places: dict[str, tuple[str, int, str]] = {}
    for at, line in enumerate(lines):
        if len(line) > 400:
            continue
        found = _ON_ITS_LINE.fullmatch(line)
        words = ""
        if not found:
            found = _AT_LINE_START.match(line)
            words = found[2] if found else ""
        if found and not is_daemon(Address("", found[1])):
            places.setdefault(found[1].lower(), (found[1], at, words))
        if len(places) >= MOST:
            break
    wanted = {each.lower(): each for each in named}
    if wanted:
        places = {key: places.get(key, (each, -1, "")) for key, each in wanted.items()}
    if not places:
        places = _among_words(lines)
    starts = sorted(at for _, at, _ in places.values() if at >= 0)
    return [_from_place(address, at, words, lines, starts, whole) for address, at, words in places.values()]


def _among_words(lines: list[str]) -> dict[str, tuple[str, int, str]]:
    """Recipients behind a label, else the first behind a word that says so, else the first address there is."""
    found: dict[str, tuple[str, int, str]] = {}
    short = [(at, line) for at, line in enumerate(lines) if len(line) <= 400 and not _OTHERS.match(line)]
    for pattern, most in ((_LABELLED, MOST), (_NAMED, 1), (_ANYBODY, 1)):
        for at, line in short:
            hit = pattern.search(line)
            address = hit[1].rstrip(".") if hit else ""
            if hit and not is_daemon(Address("", address)):
                found.setdefault(address.lower(), (address, at, line[hit.end() :].strip(" >'\".,;")))
            if len(found) >= most:
                return found
        if found:
            return found
    return found


def own_lines(text: str) -> list[str]:
    """The lines above the returned mail."""
    lines: list[str] = []
    for line in text[:200_000].split("\n")[:2_000]:
        if lines and _RETURNED.match(line):
            break
        lines.append(line)
    return lines


def _from_place(address: str, at: int, words: str, lines: list[str], starts: list[int], whole: str) -> Bounce:
    """What is said of one recipient: beside the address and below it, else where it is named again (a transcript of the
    session), else, where nobody else is missed, anywhere."""
    near = [words] if words else []
    others = {lines[start] for start in starts if start != at}
    if at >= 0:
        stop = next((start for start in starts if start > at), len(lines))
        for line in lines[at + 1 : min(stop, at + 12)]:
            if line.strip():
                near.append(line.strip())
            elif any(map(_numbers, near)) or len(near) >= 3:
                break
    again = _named_again(address, at, lines, others)
    diagnostic = one_line(" ".join(near), 500)
    if any(map(_numbers, again)) and (len(starts) > 1 or not _numbers(diagnostic)):
        diagnostic = one_line(
            " ".join(again if len(starts) > 1 or not _speaks(diagnostic) else near + again), 500
        )
    told = diagnostic if _speaks(diagnostic) or len(starts) > 1 else whole
    status, code = (
        each.search(told) or (each.search(whole) if len(starts) < 2 else None) for each in (STATUS, CODE)
    )
    tried = _STILL_TRYING.search(told) is not None
    number = int(code[1]) if code else None
    found = made(
        address,
        status[1] if status else None,
        number,
        diagnostic or one_line(whole, 300),
        DELAYED if tried else "",
        told,
    )
    # what is neither said to be tried again nor to have failed for good is shown, and proves nothing
    dead = (status and status[1][0] == "5") or (number or 0) >= 500 or DEAD.search(told)
    over = dead or _GIVEN_UP.search(whole)
    return found._replace(action=DELAYED if tried else FAILED if over else "")


def _named_again(address: str, at: int, lines: list[str], others: set[str]) -> list[str]:
    """The other lines that name a recipient; of those that name nothing else, also the next."""
    found: list[str] = []
    for number, line in enumerate(lines):
        if number == at or len(line) > 400 or address.lower() not in line.lower() or line in others:
            continue
        found.append(line.strip())
        if _ON_ITS_LINE.fullmatch(line):
            found += (each.strip() for each in lines[number + 1 : number + 2])
    return found


def _numbers(words: str) -> bool:
    return CODE.search(words) is not None or STATUS.search(words) is not None


def _speaks(words: str) -> bool:
    """Whether a server's words say why."""
    return _numbers(words) or any(each.search(words) for each in (DEAD, ALIVE, BLOCKED))
