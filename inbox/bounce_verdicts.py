"""What a server's answer says of an address: hard, when it will not work next time either, or soft.

Told by the enhanced status (RFC 3463) and by the words, since a server that says 5.2.2 or "mailbox full" speaks of a
living address.
"""

from __future__ import annotations

import re

from inbox import bouncewords
from inbox.addresses import fold_address
from inbox.model import Bounce
from inbox.text import one_line

HARD, SOFT = "hard", "soft"
FAILED, DELAYED = "failed", "delayed"

STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[\s\-:#;,]|$)(?!\s*(?:bytes|KB|MB|seconds|hours))")
# Chinese and Japanese set no blank between words and an address, and signs of their own around it.
_LETTER = r"[^\s<>\"'(),:;\[\]\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
ADDRESS = rf"{_LETTER}{{1,100}}@{_LETTER}{{1,200}}"


def any_of(phrases: tuple[str, ...], before: str = "", after: str = "") -> re.Pattern[str]:
    """One pattern of a table's phrases."""
    return re.compile(f"{before}(?:{'|'.join(phrases)}){after}", re.IGNORECASE)


ALIVE = any_of(bouncewords.ALIVE)
BLOCKED = any_of(bouncewords.BLOCKED)
_REFUSED = any_of(bouncewords.REFUSED)
DEAD = any_of(bouncewords.DEAD)

# Details of the enhanced status (RFC 3463) that speak of a living address, and of one where nobody is.
_ALIVE_STATUS = frozenset(["1.7", "1.8", "2.2", "2.3", "2.4", "3.1", "3.4", "4.5", "4.6", "4.7"])
_DEAD_STATUS = frozenset(["1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.1", "4.4", "4.310"])


def made(
    recipient: str, status: str | None, code: int | None, diagnostic: str, action: str = "", told: str = ""
) -> Bounce:
    """A recipient that was not reached; judged by `told`, the words around it, where there are more than the diagnostic."""
    kind = judge(status, code, told or diagnostic, action)
    return Bounce(one_line(recipient, 320), status, code, kind, diagnostic)


def judge(status: str | None, code: int | None, words: str, action: str = "") -> str:
    """ "hard" when the address will not work next time either, else "soft"; a failure that says nothing is
    hard.

    `action` is that of RFC 3464, 2.3.3. The status decides where it is precise, else the words, else the
    SMTP code. A server that gave up after days of 4.x.x is soft: nobody said anything against the address.
    """
    if action == DELAYED or (status or str(code or "")).startswith("4"):
        return SOFT
    dead, alive, blocked = (pattern.search(words) is not None for pattern in (DEAD, ALIVE, BLOCKED))
    detail = status.partition(".")[2] if status else ""
    if detail in _ALIVE_STATUS or detail.startswith("6."):
        return SOFT
    if detail in _DEAD_STATUS:
        return SOFT if (alive or blocked) and not dead else HARD
    if blocked:
        return SOFT
    if dead:
        return HARD
    if alive or detail.startswith("7.") or _REFUSED.search(words):
        return SOFT
    return SOFT if code is not None and code < 500 else HARD


# ------------------------------------------------------------ told to people, and compared


def read_answer(recipient: str, words: str) -> Bounce:
    """What a server said when it refused a recipient for good, read like a report of it.

    Hard only where the words say so: a server that says nothing may mean us.
    """
    said = one_line(words, 500)
    status, code = STATUS.search(said), CODE.match(said)
    number = int(code[1]) if code else None
    found = made(recipient, status[1] if status else None, number, said)._replace(action=FAILED)
    precise = (status is not None and status[1].partition(".")[2] in _DEAD_STATUS) or DEAD.search(said)
    return found if precise else found._replace(kind=SOFT)


def reason(bounce: Bounce) -> str:
    """Why somebody was not reached, in few words, with the server's; no address stands in it."""
    detail = bounce.status.partition(".")[2] if bounce.status else ""
    table = bouncewords.HARD_REASONS if bounce.kind == HARD else bouncewords.SOFT_REASONS
    words = next(
        (
            words
            for details, pattern, words in table
            if detail in details or re.search(pattern, bounce.diagnostic, re.IGNORECASE)
        ),
        bouncewords.NO_REASON[bounce.kind],
    )
    numbers = (str(bounce.code or ""), bounce.status or "")
    said = " ".join((*(each for each in numbers if each not in bounce.diagnostic), bounce.diagnostic)).strip()
    said = one_line(re.sub(rf"<?{ADDRESS}>?", "…", said), LONGEST_SAID)
    return f"{words} ({said})" if said else words


LONGEST_SAID = 140
"""Characters of a server's words in a reason."""


def spellings(address: str) -> frozenset[str]:
    """Every way, folded, in which the recipient of a report may be written where the message was sent from: as given, and
    with `+2B` (xtext: RFC 3461, 4) and `\\x{E9}` (RFC 6533, 3) read."""
    found = {address, _XTEXT.sub(lambda hit: chr(int(hit[1], 16)), address)}
    found |= {_UNITEXT.sub(_character, each) for each in found}
    return frozenset(map(fold_address, found))


_XTEXT = re.compile(r"\+([2-7][0-9A-F])")
_UNITEXT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")


def _character(hit: re.Match[str]) -> str:
    number = int(hit[1], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else hit[0]
