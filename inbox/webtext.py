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
_BRACE = re.compile("[{}]")
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CLASS = re.compile(r"\.([A-Za-z_][\w-]{0,60})\s*$")
_FORMATTING = re.compile(
    r"</?(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])[^>]*>?", re.IGNORECASE
)
_OPEN_TAG = re.compile(r"<[A-Za-z](?:[^>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*+")
_BETWEEN_ATTRIBUTES = re.compile(r"[\s/\"']")


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML as text, and the addresses of its links in the order of their footnotes `[n]`."""

    text: str
    links: tuple[str, ...] = ()


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
    writer = Writer(first)
    _walk(root, writer, hidden, show_hidden=False)
    text = writer.finish()
    if not text:
        writer = Writer(first)
        _walk(root, writer, hidden, show_hidden=True)
        text = writer.finish()
    return Rendered(text, tuple(writer.links))


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


def _walk(root: LexborNode, writer: Writer, hidden: frozenset[str], show_hidden: bool) -> None:
    """Visit every visible node in document order, without recursion."""
    starts, ends, text = writer.starts, writer.ends, writer.text
    node: LexborNode | None = root
    open_tags: list[str] = []  # the elements above the node
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
            if tag in ends:
                ends[tag](tag)
            following = node.next
        node = following


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
