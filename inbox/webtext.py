"""HTML mail as text a person can read and answer: paragraphs, lists, tables, quotes as "> ", links as
footnotes.

An iterative walk over the tree that lexbor builds, since mail is nested as deep as its sender likes.
Nothing is loaded from anywhere. What is hidden from a reader of the HTML (preheaders, tracking pixels) is
left out here too.

Trees have limits: lexbor's cost is quadratic in the depth of nesting, and unclosed `<b>` and the like are
built anew in every paragraph (55 KB became 25 million nodes), so such input is thinned out before it is
parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from inbox.marks import ATTRIBUTED, BLOCK, CITED, NOTHING, SIGNED, STYLED
from inbox.weblines import BLOCKS, DEEPEST_QUOTE, Attributes, Writer

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MOST_TAGS = 20_000
"""Opening tags up to which a tree is built (0.8 s at the worst nesting); more are read without one."""

_FEW_TAGS = 1_200  # at most 360 000 nodes, however they are rebuilt
_SKIPPED = frozenset(
    (
        "head",
        "script",
        "style",
        "title",
        "template",
        "object",
        "svg",
        "math",
        "select",
        "textarea",
        "iframe",
        "noframes",
    )
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?:px)?\s*(?:;|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
_HIDING_WORDS = (
    "none",
    "hidden",
    "max-h",
    "opacity",
    "mso-hide",
)  # looked for before the pattern: most styles hide nothing
_HINTS = (
    dict.fromkeys(("gmail_attr", "moz-cite-prefix"), ATTRIBUTED)
    | dict.fromkeys(("OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container"), CITED)
    | dict.fromkeys(("divRplyFwdMsg", "divTaskPrefix"), BLOCK)
    | dict.fromkeys(
        (
            "gmail_signature",
            "gmail_signature_prefix",
            "Signature",
            "moz-signature",
            "AppleMailSignature",
            "ms-outlook-mobile-signature",
            "ms-outlook-ios-signature",
            "protonmail_signature_block",
            "messageSignatureSection",
            "composer_signature",
            "ymail_android_signature",
            "k9mail-signature",
            "k9mail-footer",
            "tutanota_signature",
            "aolmail_signature",
        ),
        SIGNED,
    )
)  # by what mail programs call their elements: id, class or name; Outlook puts "x_" before those it quotes
_FRAMES = ("border-top", "border-left", "BORDER-TOP", "BORDER-LEFT")
_BORDER_ABOVE = re.compile(r"border-top\s*:[^;]*(?:solid|\d)", re.IGNORECASE)
_BORDER_LEFT = re.compile(r"border-left\s*:\s*(?!none|0)[^;]*(?:solid|\d)", re.IGNORECASE)
_TELLING = ("ignature", "yahoo_quoted", *(name for name in _HINTS if "ignature" not in name))
_BRACE = re.compile("[{}]")
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CLASS = re.compile(r"\.([A-Za-z_][\w-]{0,60})\s*$")
_FORMATTING = re.compile(
    r"</?(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])[^>]*>?", re.IGNORECASE
)
_OPEN_TAG = re.compile(r"<[A-Za-z](?:[^>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*+")
_BETWEEN_ATTRIBUTES = re.compile(r"[\s/\"']")


@dataclass(frozen=True, slots=True)
class _Telling:
    """What of a page is worth a look at every element: names by which programs call them, frames on one side."""

    has_names: bool
    has_frames: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML as text, the addresses of its links in the order of their footnotes `[n]`, and what the names of its elements
    say of each line (`inbox.marks`; b"" when nothing)."""

    text: str
    links: tuple[str, ...] = ()
    hints: bytes = b""


def to_text(html: str, first: int = 1, oddities: list[str] | None = None) -> Rendered:
    """`html` as text whose footnotes are numbered from `first`; never raises, however it is nested.

    Linear up to about a million characters, which callers keep to. When nothing visible is left, what was
    hidden is shown. What could not be read is said in `oddities`.
    """
    complaints = oddities if oddities is not None else []
    html = html.replace("\0", "")
    tags = html.count("<") - html.count("</")
    if tags > MOST_TAGS or (len(html) > 50_000 and _has_endless_tag(html)):
        return Rendered(_crude(html))
    # Formatting means nothing to text, and n unclosed tags before n paragraphs would be n² nodes.
    if tags > _FEW_TAGS and tags * len(_FORMATTING.findall(html)) > _FEW_TAGS**2 // 2:
        html = _FORMATTING.sub("", html)
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        root = LexborHTMLParser(html).root
    except SelectolaxError:
        complaints.append("the HTML cannot be read: its text is shown without its form")
        return Rendered(_crude(html))
    if root is None:
        return Rendered("")
    hidden = _hidden_classes(html)
    telling = _Telling(any(name in html for name in _TELLING), any(frame in html for frame in _FRAMES))
    writer = Writer(first)
    _walk(root, writer, hidden, telling, show_hidden=False)
    text, hints = writer.finish()
    if not text:
        writer = Writer(first)
        _walk(root, writer, hidden, telling, show_hidden=True)
        text, hints = writer.finish()
    return Rendered(text, tuple(writer.links), hints)


# ------------------------------------------------------------ before parsing


def _has_endless_tag(html: str) -> bool:
    """Whether one tag could have a thousand attributes, whose cost is quadratic."""
    return any(
        len(tag[0]) > 2000 and len(_BETWEEN_ATTRIBUTES.findall(tag[0])) > 1000
        for tag in _OPEN_TAG.finditer(html)
    )


def _hidden_classes(html: str) -> frozenset[str]:
    """Classes that a style sheet hides everywhere, not only on some screens."""
    start = html.find("<style")
    if start < 0 or "none" not in html:
        return frozenset()
    found: set[str] = set()
    while start >= 0:
        end = html.find("</style", start)
        end = len(html) if end < 0 else end
        selectors: list[str] = []  # of the braces that are open
        since = start
        for brace in _BRACE.finditer(html, start, end):
            piece = html[since : brace.start()]
            since = brace.end()
            if brace[0] == "{":
                selectors.append(piece)
            elif selectors:
                selector = selectors.pop()
                if not selectors and "@" not in selector and _NOT_DISPLAYED.search(piece):
                    found.update(name[1] for each in selector.split(",") if (name := _CLASS.search(each)))
        start = html.find("<style", end)
    return frozenset(found)


# ------------------------------------------------------------ the walk


def _walk(
    root: LexborNode, writer: Writer, hidden: frozenset[str], telling: _Telling, show_hidden: bool
) -> None:
    """Visit every visible node in document order, without recursion."""
    starts, ends, text = writer.starts, writer.ends, writer.text
    has_names, has_frames = telling.has_names, telling.has_frames
    node: LexborNode | None = root
    open_tags: list[str] = []  # the elements above the node
    entered: list[int] = []  # at which depths elements with a telling name are open
    while node is not None:
        tag = node.tag
        child = None
        if tag == "-text":
            text(node.text_lexbor())
        elif tag is not None and tag[0] != "-" and tag not in _SKIPPED:
            attributes = node.attributes
            if show_hidden or not attributes or not _is_hidden(attributes, hidden):
                if tag in starts:
                    starts[tag](tag, attributes)
                child = node.first_child
                if child is not None:
                    hint = NOTHING
                    if attributes and (has_names or (has_frames and tag == "div")):
                        hint = _hint(tag, attributes, telling)
                    if hint:
                        writer.enter(hint)
                        entered.append(len(open_tags))
                    open_tags.append(tag)
                    node = child
                    continue
                if tag in ends:
                    ends[tag](tag)
        following = node.next
        while following is None:
            node = node.parent
            if node is None or not open_tags:
                return
            tag = open_tags.pop()
            if entered and entered[-1] == len(open_tags):
                entered.pop()
                writer.leave()
            if tag in ends:
                ends[tag](tag)
            following = node.next
        node = following


def _hint(tag: str, attributes: Attributes, telling: _Telling) -> int:
    """What the name or the frame that a mail program gives an element says of the lines in it (`inbox.marks`)."""
    if telling.has_names:
        for key in ("id", "class", "name", "data-smartmail"):
            names = attributes.get(key)
            for name in names.split() if names else ():
                found = _HINTS.get(name.removeprefix("x_"))
                if found:
                    return found
                if "yahoo_quoted" in name:
                    return CITED
    style = attributes.get("style") if telling.has_frames and tag == "div" else None
    if style:
        if _BORDER_ABOVE.search(style):
            return BLOCK
        if _BORDER_LEFT.search(style) and "padding" in style.lower():
            return STYLED
    return NOTHING


def _is_hidden(attributes: Attributes, hidden: frozenset[str]) -> bool:
    style = attributes.get("style")
    if style:
        lowered = style.lower()
        if any(word in lowered for word in _HIDING_WORDS) and _HIDDEN.search(lowered):
            return True
    if "hidden" in attributes:
        return True
    names = attributes.get("class") if hidden else None
    return names is not None and not hidden.isdisjoint(names.split())


# ------------------------------------------------------------ without a tree

_DROPPED = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|head|title)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^>]*(?:>|\Z)|<[!?/][^>]*(?:>|\Z)")


def _crude(html: str) -> str:
    """HTML as text without building a tree, for what is too large for one: lines and quotes only."""
    return "\n".join(_crude_lines(_DROPPED.sub("", html))).strip("\n")


def _crude_lines(html: str) -> Iterator[str]:
    depth, at = 0, 0
    line: list[str] = []
    for tag in _TAG.finditer(html):
        line.append(html[at : tag.start()])
        at = tag.end()
        name = (tag[2] or "").lower()
        if name in ("td", "th"):
            line.append(" ")
        if name == "br" or name in BLOCKS:
            text = " ".join(unescape("".join(line)).split())
            line.clear()
            if text:
                yield (">" * depth + " " if depth else "") + text
        if name == "blockquote":
            depth = max(0, min(depth + (-1 if tag[1] else 1), DEEPEST_QUOTE))
    text = " ".join(unescape("".join(line) + html[at:]).split())
    if text:
        yield (">" * depth + " " if depth else "") + text
