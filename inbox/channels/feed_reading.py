"""Reading a feed by feedparser, an extra, and without trusting it: in a process of its own with its limits
(`inbox.untrusted`)."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any
from urllib.parse import urljoin

from inbox.errors import NotDone, WorldError
from inbox.feeds import Entry, Page, first_footnote
from inbox.links import host
from inbox.text import one_line
from inbox.untrusted import LONGEST_ANSWER, ask_child

INSTALL = "pip install 'frontdesk[feeds]'"
MOST = 500
"""Entries of a feed that are read, the first ones: feeds begin with the newest."""
LONGEST_TEXT = 20_000
"""Characters of an entry."""
_LONGEST_HTML = 200_000
_LINKED = 2_000_000
"""Bytes of a feed up to which links without a host are followed to where the feed lies."""
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,9})|([0-9]{1,9}));")
_WHOLE = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--.*?-->\s*)*\Z", re.IGNORECASE | re.DOTALL)


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("feedparser") is not None


def read_feed(data: bytes, url: str, kind: str = "") -> Page:
    """A feed's entries. Raises NotDone for what is none, WorldError where the library is missing."""
    if not is_installed():
        raise WorldError(
            "Feeds need the library feedparser, and that is not here.",
            f"Install it beside Frontdesk: {INSTALL}",
        )
    words = (one_line(kind.replace("\0", ""), 200), url.replace("\0", ""))
    answer, why = ask_child(__name__, words, data)
    if why:
        raise NotDone(f"This is no feed that can be read: it {why}.")
    return page_of(json.loads(answer), data)


def page_of(told: dict[str, Any] | None, data: bytes) -> Page:
    """What the child has told of a feed. Raises NotDone where that was none."""
    if told is None:
        what = "a web page" if re.search(rb"<html\b", data[:2000], re.IGNORECASE) else "something else"
        raise NotDone(f"This is no feed, but {what if data.strip() else 'nothing at all'}.", _NEXT)
    entries = [Entry(**{**each, "links": tuple(each["links"])}) for each in told["entries"]]
    return Page(told["title"], entries, told["oddities"])


_NEXT = "Sites say where theirs is: look for RSS or Atom there."

# --------------------------------------------------------------------------- in the child


def serve(kind: str, url: str) -> None:
    """Be the child: read a feed from standard input, tell it as JSON on standard output."""
    sys.stdout.buffer.write(json.dumps(told(sys.stdin.buffer.read(), kind, url)).encode())


def told(data: bytes, kind: str, url: str) -> dict[str, Any] | None:
    """A feed as plain values; None for what is none."""
    import io

    import feedparser

    # HTML becomes text here, so the library need not make it harmless; to make its links whole takes it long
    found = feedparser.parse(
        io.BytesIO(_REFERENCE.sub(_possible, data)),
        response_headers={"content-location": url} | ({"content-type": kind} if kind else {}),
        sanitize_html=False,
        resolve_relative_uris=len(data) <= _LINKED,
    )
    entries = list(found.get("entries", ()))
    if not found.get("version") and not entries:
        return None
    oddities = []
    if entries and not _WHOLE.search(data[-4000:].replace(b"\0", b"")):
        oddities.append("the feed is cut off: its last entry is left out")
        del entries[-1]
    elif found.get("bozo") and not isinstance(
        found.get("bozo_exception"), feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType
    ):
        oddities.append("the feed is no proper XML: what can be read of it is")
    if len(entries) > MOST:
        oddities.append(f"{len(entries) - MOST} entries behind the first {MOST} are left out")
    read: list[dict[str, Any]] = []
    room = LONGEST_ANSWER - 20_000
    for number, each in enumerate(entries[:MOST]):
        entry = _entry(each, url)
        room -= len(json.dumps(entry))
        if room < 0:
            oddities.append(f"{len(entries) - number} entries are left out: it is too much text")
            break
        read.append(entry)
    return {
        "title": one_line(_text(found.get("feed", {}), "title"), 200),
        "entries": read,
        "oddities": oddities,
    }


def _possible(reference: re.Match[bytes]) -> bytes:
    """A reference to a character, or to the one that stands for what is none: on that the library would give up."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return reference[0] if number < 0xD800 or 0xDFFF < number < 0x110000 else b"&#65533;"


def _entry(each: Mapping[str, Any], url: str) -> dict[str, Any]:
    """An entry as the fields of `Entry`."""
    from inbox.web.text import to_text

    title = one_line(_text(each, "title"), 300)
    link = _link(url, _plain(each, "link"))
    content, is_html = _content(each)
    links: tuple[str, ...] = ()
    if is_html:
        shown = to_text(content)
        if shown.links:
            shown = to_text(content, first_footnote(shown.text, link))
        content, links = (
            shown.text,
            tuple(_link(link or url, each) or one_line(each, 2000) for each in shown.links),
        )
    author = _author(each)
    key = _plain(each, "id") or f"{link}\n{title}"
    answers = each.get("thr_in-reply-to")
    dates = dict(each)  # the library itself gives the one date for the other
    published, updated = (_instant(dates.get(name)) for name in ("published_parsed", "updated_parsed"))
    return {
        "key": key[:2000],
        "title": title,
        "author": one_line(author, 100),
        "text": content[:LONGEST_TEXT].strip(),
        "link": link,
        "links": links,
        "published": published,
        "updated": updated,
        "rating": _rating(each),
        "answers": _plain(answers, "ref")[:2000] if isinstance(answers, dict) else "",
    }


def _plain(each: Mapping[str, Any], name: str) -> str:
    value = each.get(name)
    return _sound(value).strip() if isinstance(value, str) else ""


def _sound(text: str) -> str:
    """A text without what cannot be kept: halves of characters, and zeros."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _text(each: Mapping[str, Any], name: str) -> str:
    """A title as text: some are HTML, and say so."""
    from inbox.web.text import to_text

    value = _plain(each, name)[:_LONGEST_HTML]
    detail = each.get(f"{name}_detail")
    is_html = isinstance(detail, dict) and "html" in str(detail.get("type", ""))
    return to_text(value).text if is_html else value


def _content(each: Mapping[str, Any]) -> tuple[str, bool]:
    """What an entry says, and whether that is HTML; of its whole and its summary the whole."""
    contents = [piece for piece in each.get("content", ()) if isinstance(piece, dict) and piece.get("value")]
    html = [piece for piece in contents if "html" in str(piece.get("type", ""))]
    chosen = next(iter(html or contents), each.get("summary_detail"))
    if not isinstance(chosen, dict):
        return _plain(each, "summary")[:_LONGEST_HTML], False
    return _sound(str(chosen.get("value", "")))[:_LONGEST_HTML], "html" in str(chosen.get("type", ""))


def _author(each: Mapping[str, Any]) -> str:
    """The name of who wrote an entry, else the address; the library itself takes long domains for part of the name."""
    said = _plain(each, "author")
    named = _ADDRESS_NAME.fullmatch(said) or _NAME_ADDRESS.fullmatch(said)
    return named["name"] if named is not None else said


def _link(base: str, link: str) -> str:
    """A link in full; "" for what leads nowhere on the web."""
    try:
        full = urljoin(base, link.strip()) if link.strip() else ""
    except ValueError:
        return ""
    is_web = full[:8].lower().startswith(("http://", "https://")) and bool(host(full))
    return one_line(full, 2000) if is_web and not re.search(r"\s", full) else ""


def _instant(parsed: Any) -> int | None:
    """The instant of a date in UTC, where it is one of this age."""
    from calendar import timegm

    try:
        at = timegm(parsed)
    except (TypeError, ValueError, OverflowError):
        return None
    return at if 631_152_000 <= at < 4_102_444_800 else None  # 1990 to 2099


_ADDRESS_NAME = re.compile(r"[^\s@()]+@[^\s@()]+ *\((?P<name>[^()]+)\)")
_NAME_ADDRESS = re.compile(r"(?P<name>[^<>()]*[^<>()\s]) *[(<][^\s@()<>]+@[^\s@()<>]+[)>]")
_RATINGS = (
    "im_rating",
    "rating",
    "review_rating",
    "reviewrating",
    "gd_rating",
    "media_starrating",
    "g_rating",
)


def _rating(each: Mapping[str, Any]) -> str:
    """How many stars, by the names that shops and sites give them: "4 of 5"; "" where there are none."""
    for name in _RATINGS:
        value = each.get(name)
        most: Any = "5" if name == "im_rating" else ""
        if isinstance(value, dict):
            most = value.get("max", most)
            value = value.get("value", value.get("average"))
        if isinstance(value, str) and re.fullmatch(r"\d{1,3}(?:\.\d{1,2})?", value.strip()):
            of = (
                f" of {most.strip()}"
                if isinstance(most, str) and re.fullmatch(r"\s*\d{1,3}\s*", most)
                else ""
            )
            return value.strip() + of
    return ""
