"""Signatures: below "-- ", below a line drawn by hand or a closing, of telephones and programs, of lists, lawyers and
PGP."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inbox.attributions import (
    ADDED,
    CLOSINGS,
    CONFIDENTIAL,
    DEVICES,
    FROM_PLACE,
    OWN_DEVICES,
    POINTING,
    PRINTING,
    SENT_FROM,
    SPEAKING,
    SPEAKING_ANYWHERE,
    TIME_OR_PLACE,
    rows,
    templates,
)
from inbox.marks import any_of

_LONGEST = 40  # lines below "-- "
_DELIMITERS = frozenset(("--", "—", "–", "- --"))  # without blanks around
_LONGEST_WEAK = 10  # lines below "--", which people also type as a rule between paragraphs
_LONGEST_FOOTER = 20  # lines of a mailing list's footer
_LONGEST_FRAME = 14  # lines of a signature below a line drawn by hand

_SENT_TEMPLATES = templates(SENT_FROM)
_SENT_BEGINS = frozenset(each.split("…")[0][:3].casefold() for each in _SENT_TEMPLATES if each[0] != "…")
_SENT_ENDS = frozenset(each.rstrip(". ")[-3:].casefold() for each in _SENT_TEMPLATES if each[0] == "…")
# One pattern for each beginning, since all of them together take their time; under "" what begins with a gap.
_SENT_FROM = {
    begin: any_of(
        [each for each in _SENT_TEMPLATES if each.split("…")[0][:3].casefold() == begin], "[^,;:!?]{1,60}?"
    )
    for begin in ("", *_SENT_BEGINS)
}
_DEVICES = tuple(word.replace("+", " ") for word in f"{DEVICES} {OWN_DEVICES}".casefold().split())
_LINK_BEHIND = re.compile(r"\s*[<(\[]\s*(?:https?://[^\s<>]{1,300}\s*|\d{1,4})[>)\]]")
_DAY = re.compile(r"\d\.? (?:jan|feb|m[aä]r|apr|ma[iy](?!l)|jun|jul|aug|sep|o[ck]t|nov|de[cz])")
_PICTURE = re.compile(r"\[[^\[\]]{1,120}\]")
_REFERRING = re.compile(r"https?://|www\.|:")
_LINK_ONLY = re.compile(r"<?(?:https?://|www\.)[^\s<>]{1,200}>?")
_NAMED_LINK = re.compile(r"\[([^\[\]]{1,60})\]\(https?://[^\s()]{1,300}\)")

_ADDED = any_of(templates(ADDED))
_ADDED_BEGINS = frozenset(each[:7].casefold() for each in templates(ADDED))
_EDGES = " .!,;，。！、~～*_"
_CLOSINGS = frozenset(each.strip(_EDGES).casefold() for each in templates(CLOSINGS))
_CLOSING_BEGINS = frozenset(each.split()[0].strip(_EDGES) for each in _CLOSINGS)
_JOINED = re.compile(
    r"\s*[/|&+]\s*|,?\s+(?:and|und|et|y|e|en|i|och|og|ja|a|és|și|ve|и|і|та)\s+"
)  # "Danke und Grüße / Thanks"
_PLACES = frozenset(templates(FROM_PLACE))
_LONGEST_CLOSING = 60  # characters
_LONGEST_NAMES = 15  # lines with words below a closing
_ON_BEHALF = re.compile(r"(?:i\.\s?[AV]\.|ppa\.|p\.p\.|pp)\s+(?=\S)", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"p\s?\.?\s?s\b|nb\b|n\.b\.", re.IGNORECASE)


def _pairs(table: str) -> list[tuple[list[str], list[str]]]:
    """Two columns of words, of one language each a line: a word of both has to stand there."""
    columns = [[[word.strip() for word in each.split(",")] for each in row] for _, row in rows(table)]
    return [(first, second) for first, second in columns]


def _has_both(text: str, pairs: list[tuple[list[str], list[str]]]) -> bool:
    return any(
        any(word in text for word in first) and any(word in text for word in second)
        for first, second in pairs
    )


_SPEAKING = re.compile(
    rf"(?<![\w'’@./-])(?:{'|'.join(sorted(set(templates(SPEAKING))))})(?![\w@/-])|{'|'.join(templates(SPEAKING_ANYWHERE))}"
)
_WORD = re.compile(r"[^\W\d_]+")
_SPEAKING_BEGINS = frozenset(
    _WORD.findall(each)[0] for each in templates(SPEAKING)
)  # asked before the long pattern
_TIME_OR_PLACE = frozenset(TIME_OR_PLACE.split())
_FIRST_PERSON = re.compile(
    r"(?<![\w.])(?:i|i'm|i've|my|ich|mir|mein\w*|je|j'ai|moi|yo|io|ik|mij|mijn|я|мне|私は)(?![\w.])"
)
_POINTING = _pairs(POINTING)
_CONFIDENTIAL = _pairs(CONFIDENTIAL)
_PRINTING = _pairs(PRINTING)
_LONGEST_NOTICE = 4_000  # characters of a lawyer's paragraph that are looked at
_DRAWN = re.compile(r"[-_=*—–─━═＝－＿*＊～~+#☆★◇◆□■・.]{8,}")
_CONTACT = re.compile(
    r"[^\s@]@[^\s@]|https?://|www\.|(?:tel|fax|phone|mobile?|電話|携帯)\b.{0,6}\d|(?:\d[\s()/.-]{0,2}){8}|〒\s*\d",
    re.IGNORECASE,
)
_REACHED = re.compile(
    r"[^\s@]@[^\s@]|\b(?:tel|fax|phone|mobile?)\b.{0,6}\d|(?:\d[\s()/.-]{0,2}){8}", re.IGNORECASE
)
_AMOUNT = re.compile(r"\d[.,]\d\d(?!\d)\s?(?:[€$£¥]|[A-Z]{3}\b)|[€$£¥]\s?\d")
_LIST_FOOTER = re.compile(r"mailing list|listinfo|unsubscribe|google groups|abmelden", re.IGNORECASE)
_PGP_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_PGP_SIGNATURE_END = "-----END PGP SIGNATURE-----"
_PGP_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"


def signature_lines(
    lines: Sequence[str], start: int, stop: int, has_more_above: bool = False
) -> list[tuple[int, int]]:
    """The spans (from, to) of signature lines within a run of lines that somebody wrote; in doubt none.

    `has_more_above` says that they wrote something above a quote, too.
    """
    bare = [line.strip() for line in lines[start:stop]]
    delimiter = _delimiter(lines[start:stop], bare, has_more_above)
    spans: list[tuple[int, int]] = []
    stop_at = len(bare)
    if delimiter is None:
        stop_at = _notices(bare)
        if stop_at < len(bare):
            spans.append((stop_at, len(bare)))
        delimiter = _framed(bare[:stop_at])
    if delimiter is None:
        delimiter = _closed(bare[:stop_at])
    if delimiter is not None:
        spans.append((delimiter, stop_at))
        stop_at = delimiter
    armour_end = 0
    for at in range(stop_at):
        line = bare[at]
        if not line or len(line) > 200 or at < armour_end:
            continue
        if line == _PGP_SIGNATURE:
            end = next((n for n in range(at, stop_at) if bare[n] == _PGP_SIGNATURE_END), None)
            if end is None:
                break  # the rest may be anything, and no later one ends either
            armour_end = end + 1
            spans.append((at, armour_end))
        elif line == _PGP_SIGNED:
            has_hash = at + 1 < stop_at and bare[at + 1].startswith("Hash: ")
            spans.append((at, at + 1 + has_hash))
        elif line[0] == "_" and len(line) > 20 and not line.strip("_") and _is_list_footer(bare, at, stop_at):
            spans.append((at, stop_at))
            break
        elif line[:7].casefold() in _ADDED_BEGINS and _ADDED.fullmatch(line):
            has_rule = at > 0 and not bare[at - 1].strip("-_")
            has_link = at + 1 < stop_at and bare[at + 1].startswith(("http", "www.", "<http"))
            spans.append((at - has_rule, at + 1 + has_link))
        elif _may_be_sent_from(line) and _is_sent_from(bare, at, stop_at):
            has_link = at + 1 < stop_at and _LINK_ONLY.fullmatch(bare[at + 1]) is not None
            spans.append((at, at + 1 + has_link))
    return [(start + first, start + last) for first, last in spans]


def _delimiter(lines: Sequence[str], bare: Sequence[str], has_more_above: bool) -> int | None:
    """The line that begins the signature (RFC 3676, 4.3), or None."""
    if _DELIMITERS.isdisjoint(bare):
        return None
    weak: list[int] = []
    strong: int | None = None
    others = 0  # marks above that begin no signature: then they are rules between paragraphs
    below = 0  # lines with words below the one that is looked at
    for at in range(len(bare) - 1, -1, -1):
        line = lines[at]
        if line[:1] in "-—–" and len(line) <= 6:
            if line in ("-- ", "--\xa0", "- -- ") and below <= _LONGEST:
                # Of several the last counts, unless a signature stands between them: a list adds a second one.
                if strong is None or any(_CONTACT.search(each[:200]) for each in bare[at + 1 : strong]):
                    strong = at
                else:
                    others += 1
            elif bare[at] in ("--", "—", "–", "- --"):
                weak.append(at)
        if bare[at]:
            below += 1
    if strong is not None and (
        goes_on(bare[strong + 1 :]) or (others and not _is_weak(bare, strong, has_more_above))
    ):
        return None
    if strong is None and len(weak) == 1 and _is_weak(bare, weak[0], has_more_above):
        return weak[0]
    return strong


def goes_on(below: Sequence[str]) -> bool:
    """Whether a paragraph after the first one of a signature asks something or speaks of its writer: somebody wrote on
    below it."""
    later = "\n".join(below).split("\n\n", 1)[1:]
    for paragraph in later[0].split("\n\n") if later else ():
        lines = paragraph.strip().split("\n")
        asks = any(line and line[-1] in "?？" for line in lines) or _POSTSCRIPT.match(lines[0])
        # "Encrypt mail to me: key 0x1204" and the like are always there.
        ends = lines[-1][-1:] in (*".!。！",)
        wrote = asks or (speaks(lines) and (ends or not _REFERRING.search(paragraph)))
        if wrote and not _is_appended(paragraph[:_LONGEST_NOTICE]):
            return True
    return False


def _is_appended(paragraph: str) -> bool:
    """Whether a paragraph below a signature is one of those that are always there: lawyers', a list's, a wise word."""
    shown = " ".join(paragraph.split())
    return (
        shown[0] in "\"'“„«‘*"
        or _LIST_FOOTER.search(shown) is not None
        or _is_notice(shown.casefold())
        or _has_both(shown.casefold(), _PRINTING)
    )


def speaks(lines: Sequence[str]) -> bool:
    """Whether a line speaks of its writer or asks for something, which signatures known by their looks do not."""
    for line in lines:
        if not line or (line.isascii() and _SPEAKING_BEGINS.isdisjoint(_WORD.findall(line))):
            continue
        if _SPEAKING.search(line[:500]) and not (_may_be_sent_from(line) and _names_sender(line)):
            return True
    return False


def _is_weak(bare: Sequence[str], at: int, has_more_above: bool) -> bool:
    """Whether a name and a few short lines that ask nothing follow, and something was said before."""
    below = [line for line in bare[at + 1 :] if line]
    if not 0 < len(below) <= _LONGEST_WEAK or not (has_more_above or any(bare[:at])):
        return False
    if any(len(line) > 100 or line[-1] in "?？" for line in below) or speaks(below):
        return False
    if any(_REACHED.search(line) and _is_prose(line, 4) for line in below):
        return False
    if _names_sender(below[0].partition(",")[0]):
        return True
    return _is_name(below[0]) or (len(below) > 1 and any(_CONTACT.search(line) for line in below[1:]))


def _says(lines: Sequence[str]) -> bool:
    """Whether anything in what looks like a signature is said and no name, title or address."""
    if speaks(lines):
        return True
    paragraphs = 0
    for at, line in enumerate(lines):
        if not line:
            continue
        paragraphs += at == 0 or not lines[at - 1]
        # A title has few words in small letters, and nobody is reached through it.
        if (paragraphs > 1 or line[0].islower() or _REACHED.search(line)) and _is_prose(
            line, 5 if paragraphs > 1 else 4
        ):
            return True
    return False


def _is_prose(line: str, words: int) -> bool:
    """Whether a line has so many words, most of them in small letters, and nothing that labels or divides them."""
    said = [word for word in line.split() if word[0].isalpha()]
    if len(said) < words or ":" in line or "|" in line or _names_sender(line):
        return False
    return 2 * sum(word[0].islower() for word in said) > len(said)


def _is_name(line: str) -> bool:
    """Whether a line could be a name: few words, most of them with a capital, no end of a sentence."""
    words = line.split()
    if len(words) > 6 or line[-1] in ".!:,;?。！？：，；" or line[0].islower() or _CONTACT.search(line):
        return False
    if not any(map(str.isalpha, line)) or any(map(str.isdigit, line)):
        return False
    small = [word for word in words if word[0].islower()]
    return 2 * len(small) < len(words) and all(len(word) <= 4 for word in small)


def _closed(bare: Sequence[str]) -> int | None:
    """The closing ("Kind regards,") above a name and a way to reach it, with nothing said below; or None."""
    lines = 0
    reached = False
    for at in range(len(bare) - 1, -1, -1):
        line = bare[at]
        if not line:
            continue
        closing = _closing(line)
        if closing is not None:
            name = closing or next(
                (each for each in bare[at + 1 :] if each and not _PICTURE.fullmatch(each)), ""
            )
            if not reached or not name or not _is_name(_ON_BEHALF.sub("", name)):
                return None
            return None if _says(bare[at + 1 :]) or _points_below(bare, at) else at
        if _DRAWN.fullmatch(line):
            reached = False  # what stands below a drawn line is not of the one who closes above it
        lines += 1
        if lines > _LONGEST_NAMES or len(line) > 140 or line[-1] in "?？!" or _POSTSCRIPT.match(line):
            return None
        if line[-1] == "." and len(line.split()) > 8:
            return None  # a sentence
        reached = reached or (_REACHED.search(line) is not None and not _LIST_FOOTER.search(line))
    return None


def _points_below(bare: Sequence[str], at: int) -> bool:
    """Whether the paragraph above a line says that an address or a number follows."""
    said = at - 1
    while said >= 0 and not bare[said]:
        said -= 1
    if said < 0:
        return False
    above = bare[said - 1] if said else ""
    begun = above if above[-1:] not in (":", "：") else ""  # what it announced stands there already
    return bare[said][-1] in ":：" or _has_both(f"{begun[:300]} {bare[said][:300]}".casefold(), _POINTING)


def _closing(line: str) -> str | None:
    """What stands behind a closing on its line, a name as a rule, or ""; None when the line is no closing."""
    if len(line) > _LONGEST_CLOSING:
        return None
    words = line.split()
    shown = line.strip(_EDGES).casefold()
    if words[0].casefold().partition("/")[0].strip(_EDGES) not in _CLOSING_BEGINS:
        return None
    if shown in _CLOSINGS or all(each.strip(_EDGES) in _CLOSINGS for each in _JOINED.split(shown)):
        return ""
    for count in range(min(len(words) - 1, 5), 1, -1):  # a single word ("Thanks Ann") is said, not signed
        if " ".join(words[:count]).strip(_EDGES).casefold() in _CLOSINGS:
            return "" if words[count] in _PLACES and len(words) - count <= 4 else " ".join(words[count:])
    return None


def _notices(bare: Sequence[str]) -> int:
    """Where the lawyers' paragraphs at the end begin; the number of lines when there are none."""
    stop = len(bare)
    begins = next((at for at, line in enumerate(bare) if line), stop)  # what the person wrote
    while stop:
        end = stop
        while end and not bare[end - 1]:
            end -= 1
        begin = end
        while begin and bare[begin - 1]:
            begin -= 1
        paragraph = " ".join(bare[begin:end])[:_LONGEST_NOTICE].casefold()
        if not paragraph or not _is_notice(paragraph) or begin <= begins:
            break
        stop = begin
    return stop


def _is_notice(paragraph: str) -> bool:
    if len(paragraph) < (30 if not paragraph.isascii() else 60):
        return False
    if len(paragraph) < 250 and _has_both(paragraph, _PRINTING):
        return True
    return _has_both(paragraph, _CONFIDENTIAL) and not _FIRST_PERSON.search(paragraph)


def _framed(bare: Sequence[str]) -> int | None:
    """The line drawn above a name and at least two ways to reach it, as is the custom in Japan; or None."""
    contacts = lines = sentences = 0
    for at in range(len(bare) - 1, -1, -1):
        line = bare[at]
        if not line:
            continue
        lines += 1
        sentences += len(line.split()) > 8
        if lines > _LONGEST_FRAME or sentences > 2 or len(line) > 100 or line[-1] in "?？":
            return None
        if _DRAWN.fullmatch(line):
            if contacts >= 2 and any(bare[:at]):
                return at if _is_frame(bare, at) else None
        elif _CONTACT.search(line):
            contacts += 1
    return None


def _is_frame(bare: Sequence[str], at: int) -> bool:
    """Whether a drawn line begins a signature, and no further piece of an order, a form or an address somebody asked for."""
    if any(_DRAWN.fullmatch(line) for line in bare[:at]) or _points_below(bare, at):
        return False
    below = [line for line in bare[at + 1 :] if line]
    if any(line[-1] in ":：" or _AMOUNT.search(line) for line in below):
        return False
    return not speaks(below)


def _is_list_footer(bare: Sequence[str], at: int, stop: int) -> bool:
    if not any(_LIST_FOOTER.search(line[:300]) for line in bare[at + 1 : min(at + 4, stop)]):
        return False
    # The same words stand at the top of newsletters.
    return stop - at <= 4 * _LONGEST_FOOTER and sum(map(bool, bare[at:stop])) <= _LONGEST_FOOTER


def _may_be_sent_from(line: str) -> bool:
    """A cheap look at both ends of a line before the long pattern is tried."""
    begin = line[:3].casefold()
    if begin in _SENT_BEGINS or begin[:2] in _SENT_BEGINS:
        return True
    if line[-1] in "])>":
        line = _LINK_BEHIND.sub("", line)  # the program's name is a link
    return line[-5:].rstrip(".! ")[-3:].casefold() in _SENT_ENDS


def _is_sent_from(bare: Sequence[str], at: int, stop: int) -> bool:
    """Whether a telephone or a program says here that it sent the mail."""
    # Beside other words of a paragraph it is a sentence of the person's, broken into lines.
    alone = at == 0 or not bare[at - 1] or at + 1 == stop or not bare[at + 1]
    return alone and _names_sender(bare[at])


def _names_sender(line: str) -> bool:
    if len(line) > 400:
        return False
    if "]" in line or "http" in line:
        line = _LINK_BEHIND.sub("", _NAMED_LINK.sub(r"\1", line)).strip()
    folded = line.casefold()
    if len(line) > 120 or not any(word in folded for word in _DEVICES):
        return False
    if not _TIME_OR_PLACE.isdisjoint(folded.rstrip(".!").split()) or _DAY.search(folded):
        return False
    shown = line.rstrip(".! ")
    patterns = [_SENT_FROM[folded[:size]] for size in range(4) if folded[:size] in _SENT_FROM]
    return any(each.fullmatch(shown) or each.fullmatch(line) for each in patterns)
