"""A letter as HTML beside its text: what was typed read as Markdown, plain enough for every mail program.

The plain part is always the text as it was typed. In the HTML no foreign markup passes: Markdown's own HTML is off,
links go to http, https and mailto alone, there are no pictures, and what is quoted is only ever text. Styles stand at
each element, since Outlook and Gmail leave style sheets out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from inbox.below import signed
from inbox.flowed import SIGNATURE, plain

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LINKS = ("http://", "https://", "mailto:")
"""Where a link may go."""

TAGS = frozenset(
    [
        *(
            "html",
            "head",
            "meta",
            "body",
            "div",
            "p",
            "br",
            "a",
            "b",
            "strong",
            "i",
            "em",
            "s",
            "code",
            "pre",
            "hr",
        ),
        *("blockquote", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    ]
)
"""Every element there can be in a letter of ours."""

_FONT = "font-family:Calibri,Arial,Helvetica,sans-serif;font-size:11pt;line-height:1.4;color:#1a1a1a"
_QUOTE = "margin:0 0 0 6pt;padding:0 0 0 8pt;border-left:2px solid #b0b0b0;color:#505050"
_CELL = "border:1px solid #b0b0b0;padding:3pt 6pt;text-align:left;vertical-align:top"
_STYLES = {
    "paragraph_open": "margin:0 0 10pt 0",
    "bullet_list_open": "margin:0 0 10pt 0;padding:0 0 0 20pt",
    "ordered_list_open": "margin:0 0 10pt 0;padding:0 0 0 20pt",
    "blockquote_open": _QUOTE,
    "heading_open": "margin:0 0 6pt 0;font-size:12pt;font-weight:bold",
    "table_open": "border-collapse:collapse;margin:0 0 10pt 0",
    "th_open": _CELL,
    "td_open": _CELL,
    "fence": "font-family:Consolas,Courier New,monospace;white-space:pre-wrap",
    "code_inline": "font-family:Consolas,Courier New,monospace",
}


def html_of(text: str, signature: str = "", quoted: str = "") -> str:
    """The whole letter: `text` as Markdown, `signature` and `quoted` (lines with ">") as they are. Never raises."""
    parts = [_markdown(plain(text))]
    if signature.strip():
        parts.append(
            f'<p style="margin:0 0 10pt 0;color:#606060">{_lines(SIGNATURE, *plain(signature).split(chr(10)))}</p>\n'
        )
    if quoted.strip():
        parts.append(_quoted(plain(quoted)))
    inside = "".join(parts)
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head>\n'
        f'<body><div style="{_FONT}">\n{inside}</div></body></html>\n'
    )


def _markdown(text: str) -> str:
    reader = _reader()
    waiting = (tokens := reader.parse(text))[:]
    while waiting:
        token = waiting.pop()
        if token.children:
            token.children = list(_with_an_aim(token.children))
            waiting += token.children
        if token.type in _STYLES:
            token.attrs = {**token.attrs, "style": _STYLES[token.type]}
    return str(reader.renderer.render(tokens, reader.options, {}))


def _with_an_aim(tokens: Sequence[Token]) -> Iterator[Token]:
    """Without links that go nowhere; their words stay."""
    aimless = False
    for token in tokens:
        if token.type == "link_open":
            aimless = not may_link(str(token.attrs.get("href", "")))
        if not (aimless and token.type in ("link_open", "link_close")):
            yield token


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True})
    # In a letter a line of hyphens below a sentence makes no heading of it, indented lines are no program, and a line
    # "[1]: https://…" is to be read.
    reader.disable(["image", "lheading", "code", "reference", "html_block", "html_inline"])
    reader.enable(["table", "strikethrough", "linkify"])
    if reader.linkify is not None:
        reader.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    reader.validateLink = may_link  # type: ignore[assignment, method-assign]  # the documented way
    return reader


def may_link(address: str) -> bool:
    """Whether a link of ours may go there."""
    return address.strip().lower().startswith(LINKS) and not re.search(r"[\s<>\"'\x00-\x1f]", address.strip())


def _quoted(text: str) -> str:
    """Lines with ">" as nested quotes; nothing in them is markup."""
    out: list[str] = []
    depth = 0
    for line in text.split("\n"):
        marks = re.match(r"(?:> ?)*", line)
        content = line[marks.end() :] if marks else line
        wanted = min(marks[0].count(">") if marks else 0, 20)
        while depth < wanted:
            out.append(f'<blockquote style="{_QUOTE}">\n')
            depth += 1
        while depth > wanted:
            out.append("</blockquote>\n")
            depth -= 1
        out.append(f"{_lines(content)}<br>\n")
    return "".join([*out, "</blockquote>\n" * depth])


def _lines(*lines: str) -> str:
    return "<br>\n".join(escape(line, quote=False).replace("  ", "&nbsp; ") for line in lines)


def preview(text: str, signature: str = "", quoted: str = "", form: str = "text") -> str:
    """What the customer reads, as plain text: `form` "text" as it goes out, "both" as the HTML is read."""
    if form != "both":
        whole = signed(text, signature)
        return plain(f"{whole}\n\n{quoted}" if quoted else whole)
    from inbox.web.text import to_text

    return to_text(html_of(text, signature_below(text, signature), quoted)).text


def signature_below(text: str, signature: str) -> str:
    """The signature as far as `text` does not have one already."""
    return signature.rstrip() if signed(text, signature) != text.rstrip() else ""
