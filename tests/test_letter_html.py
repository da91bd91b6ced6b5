"""A letter as HTML: the text's Markdown and nothing else, whatever was typed or quoted."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.built import verify_built
from inbox.letter_html import LINKS, TAGS, html_of, may_link, preview
from inbox.model import Address
from inbox.outgoing import Outgoing, build

TEXT = """Hello **Jo**,

it comes *soon*, see https://shop.example/x?a=1&b=2 or [here](https://shop.example/y):
- one
- two

Bye
"""


class Seen(HTMLParser):
    """Every element with its attributes, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    @property
    def links(self) -> list[str | None]:
        return [attributes["href"] for _, attributes in self.elements if "href" in attributes]


def test_markdown_is_set_and_every_element_carries_its_style() -> None:
    html = html_of(TEXT, "Ann\nThe Shop", "On Monday, Jo wrote:\n> Where is it?\n>> Hello\n")
    seen = Seen(html)
    assert "<strong>Jo</strong>" in html and "<em>soon</em>" in html and "<li>one</li>" in html
    assert seen.links == ["https://shop.example/x?a=1&b=2", "https://shop.example/y"]
    assert all(
        "style" in attributes for tag, attributes in seen.elements if tag in ("p", "ul", "blockquote", "div")
    )
    assert [tag for tag, _ in seen.elements].count("blockquote") == 2
    assert html.index("The Shop") < html.index("Jo wrote:")
    assert not {tag for tag, _ in seen.elements} & {"style", "link", "script", "img"}


def test_the_customer_reads_the_preview() -> None:
    assert preview("Hello.", "Ann", "On Monday:\n> x") == "Hello.\n\n-- \nAnn\n\nOn Monday:\n> x"
    both = preview(TEXT, "Ann", "On Monday:\n> x", "both")
    assert "Hello Jo," in both and "- one" in both and "**" not in both
    assert both.index("Bye") < both.index("Ann") < both.index("> x")
    assert preview("Bye\n-- \nMe", "Ann", form="both").count("Ann") == 0


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "[x](file:///etc/passwd)",
        "<javascript:alert(1)>",
        "[x](JaVaScRiPt:alert(1))",
        "[x](//evil.example/y)",
        "[]()",
        "[x](<> 'y') z",
        "[x](/relative)",
        "![x](https://evil.example/pixel.png)",
        '<img src="https://evil.example/pixel.png">',
        "<script>alert(1)</script>",
        '<a href="javascript:x">y</a>',
        "[x]: https://evil.example\n",
    ],
)
def test_nothing_that_does_or_loads_something_passes(text: str) -> None:
    seen = Seen(html_of(text, text, f"> {text}"))
    assert {tag for tag, _ in seen.elements} <= TAGS - {"img"}
    assert all(link and link.startswith(LINKS) for link in seen.links)
    assert not any("src" in attributes for _, attributes in seen.elements)


def test_what_is_typed_in_letters_keeps_its_meaning() -> None:
    html = html_of("Yours\n---\nAnn\n\n    Canal Street 12\n    Bergen\n\n[1]: https://shop.example/terms\n")
    assert "<h2>" not in html and "<code" not in html
    assert "Canal Street 12" in html and "[1]:" in html


def test_where_links_may_go() -> None:
    for good in ("https://a.example/x", "HTTP://a.example", "mailto:a@b.example"):
        assert may_link(good)
    for bad in ("javascript:x", "https://a.example/ x", "ftp://a.example", "", "data:x", 'https://a"b'):
        assert not may_link(bad)


PIECES = [
    "**",
    "[x](",
    "http://a.b",
    ")",
    "<",
    ">",
    "&",
    "`",
    "\n",
    "> ",
    "- ",
    "|",
    "![",
    '"',
    "\x00",
    "\ud800",
    "#",
]
WILD = st.one_of(
    st.text(max_size=120),
    st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=30).map("".join),
)


@settings(deadline=None)
@given(WILD, WILD, WILD)
def test_whatever_is_typed_signed_or_quoted_only_plain_elements_leave(
    text: str, signature: str, quoted: str
) -> None:
    html = html_of(text, signature, quoted)
    letter = Outgoing(
        Address("", "support@shop.example"), (Address("", "bo@mail.example"),), "x", text, f"<{'0' * 32}@x.example>",
        1_800_000_000, html=html,
    )  # fmt: skip
    assert verify_built(build(letter), letter) == []
    assert html.count("<blockquote") == html.count("</blockquote>")
    preview(text, signature, quoted, "both")


@pytest.mark.parametrize(
    "piece", ["[", "*a ", "`", "> ", "- ", "|a", "<a", "![", "[a](", "~~", "_a_ ", "1. ", "&#"]
)
def test_a_long_text_costs_little(piece: str) -> None:
    started = time.process_time()
    html_of(piece * 10_000, piece, piece * 5_000)
    assert time.process_time() - started < 20  # quadratic, it would take minutes
