"""HTML before it is parsed: mistakes that would swallow words are mended, and what is too large for a tree is read
without one.

A comment, a style sheet or a quoted attribute that never ends takes the rest of a page with it, by the rules of HTML and
in a browser. A person wrote that rest; so it is shown here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from inbox.web.looks import read_style

_ADDRESS_AS_TAG = re.compile(r"<(?=[\w.+=%-]{1,80}@[\w.-]{1,190}>|https?://[^\s<>\"']{1,2000}>)")
_RAW = ("title", "style", "script", "textarea", "xmp", "iframe", "noframes", "noembed")
_OPEN_QUOTE = re.compile(
    r"=\s{0,9}(?:(\")[^\"<>]{0,2000}(?=>[^\"<]*</?[A-Za-z])|(')[^'<>]{0,2000}(?=>[^'<]*</?[A-Za-z]))"
)
_OPEN_COMMENT = re.compile(r"<!--[^>]*>?")
_ANY_TAG = re.compile(r"<[A-Za-z/!?]")


def is_plain(html: str) -> bool:
    """Whether text that calls itself HTML has not one tag."""
    return _ANY_TAG.search(html) is None


def mend(html: str) -> str:
    """HTML in which nothing that is left open swallows what follows. Linear."""
    html = html.replace("\0", "")
    if "@" in html or "<http" in html:
        # "Jim <jim@mail.example>", written by a program that escapes nothing.
        html = _ADDRESS_AS_TAG.sub("&lt;", html)
    html = _with_raw_closed(html)
    end = html.rfind("-->") + 3
    if html.find("<!--", end if end > 2 else 0) >= 0:
        end = end if end > 2 else 0
        html = html[:end] + _OPEN_COMMENT.sub("", html[end:])
    return _OPEN_QUOTE.sub(lambda found: found[0] + (found[1] or found[2]), html)


def _with_raw_closed(html: str) -> str:
    """End a style sheet, a title and the like that never end before the next tag."""
    lowered = html.encode(
        "utf-8", "surrogatepass"
    ).lower()  # bytes, since all of Unicode takes ten times as long
    for name in _RAW:
        begun = lowered.rfind(b"<" + name.encode())
        if begun >= 0 and begun > lowered.rfind(b"</" + name.encode()):
            words = "" if name in ("textarea", "xmp") else "(?:(?!-->)[^<])*"
            endless = re.compile(rf"<{name}(?=[\s/>])[^>]*>?{words}", re.IGNORECASE)
            start = _end_of_last(html, f"</{name}")
            html = html[:start] + endless.sub("", html[start:])
    return html


def _end_of_last(html: str, what: str) -> int:
    """Where the last of a closing tag begins; 0 when there is none."""
    return max((found.start() for found in re.finditer(re.escape(what), html, re.IGNORECASE)), default=0)


# ------------------------------------------------------------ without a tree

_DROPPED = re.compile(r"<!--|<(?:script|style|head|title|template)(?=[\s/>])", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,30})([^>]*)(?:>|\Z)|<[!?/][^>]*(?:>|\Z)")
_STYLE = re.compile(r"style\s{0,9}=\s{0,9}(?:\"([^\"]{1,2000})|'([^']{1,2000}))", re.IGNORECASE)
_VOID = frozenset(("br", "img", "hr", "input", "meta", "link", "col", "area", "base", "wbr", "p", "li"))


def _without_dropped(html: str) -> str:
    """HTML without comments, scripts, style sheets and its head, where these end."""
    lowered = html.lower() if len(html.lower()) == len(html) else html
    pieces: list[str] = []
    endless: set[str] = set()  # what has no end from here on
    at = 0
    for found in _DROPPED.finditer(html):
        name = found[0][1:].lower()
        if found.start() < at or name in endless:
            continue
        end = lowered.find("-->" if name == "!--" else "</" + name, found.end())
        if end < 0:
            endless.add(name)
            continue
        pieces.append(html[at : found.start()])
        at = html.find(">", end) + 1 or len(html)
    pieces.append(html[at:])
    return "".join(pieces)


def crude_lines(html: str, blocks: frozenset[str], deepest: int) -> Iterator[str]:
    """HTML as lines without building a tree: lines, quotes, and nothing hidden by a style of its own."""
    html = _without_dropped(html)
    depth, at = 0, 0
    line: list[str] = []
    hidden, within = "", 0  # the element whose words are hidden, how many of its name are open
    hidden_at = 0
    for tag in _TAG.finditer(html):
        name = (tag[2] or "").lower()
        if hidden:
            if name == hidden:
                within += -1 if tag[1] else 1
                if not within:
                    hidden, at = "", tag.end()
            continue
        line.append(html[at : tag.start()])
        at = tag.end()
        if name in ("td", "th"):
            line.append(" ")
        if name == "br" or name in blocks:
            text = " ".join(unescape("".join(line)).split())
            line.clear()
            if text:
                yield (">" * depth + " " if depth else "") + text
        if name == "blockquote":
            depth = max(0, min(depth + (-1 if tag[1] else 1), deepest))
        if name and not tag[1] and name not in _VOID and "style" in (tag[3] or "") and _hides(tag[3]):
            hidden, within, hidden_at = name, 1, tag.end()
    if hidden:  # it never ended: shown after all
        line.append(_TAG.sub(" ", html[hidden_at:]))
        at = len(html)
    text = " ".join(unescape("".join(line) + html[at:]).split())
    if text:
        yield (">" * depth + " " if depth else "") + text


def _hides(attributes: str) -> bool:
    found = _STYLE.search(attributes)
    if found is None:
        return False
    style = read_style(found[1] or found[2])
    return style.gone or style.displayed is False or style.visible is False or bool(style.tiny)
