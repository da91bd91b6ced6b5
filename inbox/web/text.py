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
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from inbox.marks import ATTRIBUTED, BLOCK, CITED, NOTHING, SIGNED, STYLED
from inbox.web.lines import APART, BLOCKS, DEEPEST_QUOTE, Writer
from inbox.web.looks import UNKNOWN, Attributes, Look, Sheets, Style, read_sheets
from inbox.web.mend import crude_lines, is_plain, mend
from inbox.web.words import without_padding

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MOST_TAGS = 20_000
"""Opening tags up to which a tree is built (0.8 s at the worst nesting); more are read without one."""

_FEW_TAGS = 1_200  # at most 360 000 nodes, however they are rebuilt
_UNSEEN = ("head", "script", "style", "title", "template", "svg", "math", "iframe", "noframes", "datalist")
_SKIPPED = frozenset((*_UNSEEN, "-", "-comment", "-document", "-undef"))
_SPECIAL = frozenset(("a", "img", "dialog"))
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
_FORMATS = "(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)"
_MAY_FORMAT = "(?=[bcefinstuBCEFINSTU])"  # most tags are others, and left at their first letter
_FORMATTING = re.compile(rf"</?{_MAY_FORMAT}{_FORMATS}(?=[\s/>])[^>]*>?", re.IGNORECASE)
_FORMATTING_BEGINS = re.compile(rf"<{_MAY_FORMAT}{_FORMATS}[\s/>]", re.IGNORECASE)
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
    html = mend(html)
    if is_plain(html):
        lines = without_padding(unescape(html)).replace("\r\n", "\n").replace("\xa0", " ").split("\n")
        return Rendered("\n".join(line.rstrip() for line in lines).strip("\n"))
    tags = html.count("<") - html.count("</")
    if tags > MOST_TAGS or (len(html) > 50_000 and _has_endless_tag(html)):
        return Rendered(_crude(html))
    # Formatting means nothing to text, and n unclosed tags before n paragraphs would be n² nodes.
    if tags > _FEW_TAGS and tags * len(_FORMATTING_BEGINS.findall(html)) > _FEW_TAGS**2 // 4:
        html = _FORMATTING.sub("", html)
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        root = LexborHTMLParser(html).root
    except SelectolaxError:
        complaints.append("the HTML cannot be read: its text is shown without its form")
        return Rendered(_crude(html))
    if root is None:
        return Rendered("")
    sheets = read_sheets(html)
    telling = _Telling(any(name in html for name in _TELLING), any(frame in html for frame in _FRAMES))
    # What says something by pictures without words alone is pictures; what says nothing at all was hidden.
    for every_image, show_hidden in ((False, False), (True, False), (False, True)):
        writer = Writer(first, sheets.flush_paragraphs, every_image)
        _walk(root, writer, sheets, telling, show_hidden)
        text, hints = writer.finish()
        if text:
            break
    return Rendered(text, tuple(writer.links), hints)


def _crude(html: str) -> str:
    """HTML as text without building a tree, for what is too large for one."""
    return "\n".join(crude_lines(html, BLOCKS, DEEPEST_QUOTE)).strip("\n")


# ------------------------------------------------------------ before parsing


def _has_endless_tag(html: str) -> bool:
    """Whether one tag could have a thousand attributes, whose cost is quadratic."""
    return any(
        len(tag[0]) > 2000 and len(_BETWEEN_ATTRIBUTES.findall(tag[0])) > 1000
        for tag in _OPEN_TAG.finditer(html)
    )


# ------------------------------------------------------------ the walk


def _walk(root: LexborNode, writer: Writer, sheets: Sheets, telling: _Telling, show_hidden: bool) -> None:
    """Visit every visible node in document order, without recursion."""
    # Some thousand nodes pass here in every mail: what each of them needs is at hand, what few need is asked last.
    starts, ends, line, end_line = writer.starts, writer.ends, writer.line, writer.end_line
    has_names, has_frames = telling.has_names, telling.has_frames
    looking = () if show_hidden else sheets.looking
    telling_attributes = frozenset() if show_hidden else frozenset((*looking, "hidden"))
    telling_tags = frozenset() if show_hidden else sheets.tags
    node = root
    look, mute = Look(), False
    # The elements around the node; what held outside of each; whether it has a telling name.
    around: list[tuple[LexborNode, str, Look, bool, int]] = []
    level = 0  # of the list in Word that was begun last
    while True:
        tag = node.tag or "-"
        child: LexborNode | None = None
        if tag == "-text":
            if not mute:
                writer.text(node.text_lexbor())
            elif node.text_lexbor().isspace():
                writer.text(" ")  # between words that are seen
        elif tag not in _SKIPPED:
            attributes = node.attributes
            shown, inside, inside_mute = True, look, mute
            if (attributes and not telling_attributes.isdisjoint(attributes)) or tag in telling_tags:
                key = (look, tag, *map(attributes.get, looking))
                gone, inside, inside_mute, style = sheets.view(key, look, tag, attributes)
                shown = not gone and "hidden" not in attributes
                if style is not None:
                    level = style.level or level
                    shown = shown and not _is_hidden_by_outlook(tag, node, style)
                    if style.marker and shown:
                        writer.list_marker(node.text(), level)
                        shown = False
            if tag in _SPECIAL:
                if tag == "img":
                    shown = shown and inside.visible
                elif tag == "dialog":
                    shown = shown and ("open" in attributes or show_hidden)
                elif inside == look and look.ink != UNKNOWN:
                    inside = look._replace(ink=UNKNOWN)  # links have a colour of their own
                    inside_mute = inside.hides_words and not show_hidden
            if shown:
                if line and tag in APART:
                    end_line()
                start = starts.get(tag)
                if start is not None:
                    start(tag, attributes)
                child = node.first_child
                if (
                    tag == "select"
                    and "multiple" not in attributes
                    and (attributes.get("size") or "1") == "1"
                ):
                    writer.text(_chosen(node))
                    child = None
                if child is not None:
                    hint = NOTHING
                    if attributes and (has_names or (has_frames and tag == "div")):
                        hint = _hint(tag, attributes, telling)
                    if hint:
                        writer.enter(hint)
                    if inside.keeps_lines != look.keeps_lines:
                        (writer.enter_verbatim if inside.keeps_lines else writer.leave_verbatim)()
                    around.append((node, tag, look, mute, hint))
                    look, mute = inside, inside_mute
                    node = child
                    continue
                if line and tag in APART:
                    end_line()
                end = ends.get(tag)
                if end is not None:
                    end(tag)
        following = node.next
        while following is None:
            if not around:
                return
            inside = look
            node, tag, look, mute, hint = around.pop()
            if hint:
                writer.leave()
            if line and tag in APART:
                end_line()
            end = ends.get(tag)
            if end is not None:
                end(tag)
            if inside.keeps_lines != look.keeps_lines:
                (writer.enter_verbatim if look.keeps_lines else writer.leave_verbatim)()
            following = node.next
        node = following


def _chosen(node: LexborNode) -> str:
    """What a closed list of choices shows: the one that is chosen, else the first."""
    option = node.css_first("option[selected]") or node.css_first("option")
    words = " ".join(option.text().split()) if option is not None else ""
    return f"[{words[:200]}] " if words else ""


def _is_hidden_by_outlook(tag: str, node: LexborNode, style: Style) -> bool:
    """Whether everybody else hides it, too. Buttons are drawn twice: by VML for Outlook, which hides the link that
    everybody else sees."""
    return style.outlook_only_hidden and tag != "a" and node.css_first("a") is None


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
