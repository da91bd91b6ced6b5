"""HTML mail as text: what a reader of the HTML sees, in the order they see it, at any size and depth."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox import replies
from inbox.web.text import MOST_TAGS, to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo"),
        ("One<br>Two<br><br>Three", "One\nTwo\n\nThree"),
        ("<p>a  lot\n of \t space</p>", "a lot of space"),
        ("Grüße &amp; K&uuml;sse &#8364;&nbsp;5", "Grüße & Küsse € 5"),
        ("<h1>Title</h1>text", "Title\n\ntext"),
        ("<b>bold</b> and <i>it</i>alic", "bold and italic"),
        ("<ul><li>one<li>two<ul><li>deep</ul></ul>", "- one\n- two\n  - deep"),
        ("<ol><li>one<li>two</ol>", "1. one\n2. two"),
        ("<ul><li><p>para</p><p>more</p></li></ul>", "- para\n\n  more"),
        ("<table><tr><th>Item<th>Price<tr><td>Lamp<td>10 €</table>", "Item | Price\nLamp | 10 €"),
        ("<table><tr><td><p>left</p><p>two</p></td><td>right</td></tr></table>", "left\n\ntwo\n\nright"),
        ("<table><tr><td></td><td>alone</td></tr></table>", "alone"),
        ("<table><tr><td><table><tr><td>in</td><td>side</td></tr></table></td></tr></table>", "in | side"),
        ("<pre>  a\n    b</pre>", "  a\n    b"),
        ("<blockquote>q<blockquote>qq</blockquote></blockquote>a", "> q\n>\n>> qq\n\na"),
        ('<blockquote style="margin:0 0 0 40px;border:none;padding:0px">indented</blockquote>', "indented"),
        ("a<hr>b", "a\n" + "_" * 32 + "\nb"),
        # Outlook makes a paragraph of every line.
        ('<p class="MsoNormal">a</p><p class="MsoNormal">&nbsp;</p><p class="MsoNormal">b</p>', "a\n\nb"),
        ('<p style="margin:0">a</p><p style="margin:0">b</p>', "a\nb"),
        ('<p style="margin-bottom:0 !important">a</p><p style="margin-bottom:0 !important">b</p>', "a\nb"),
        ("<script>x</script><style>y</style><title>z</title>text", "text"),
        ("<!-- no --><!--[if mso]>no<![endif]-->yes", "yes"),
        ("text &lt;b&gt; [/] [@click=x]", "text <b> [/] [@click=x]"),
        ("", ""),
        ("no tags at all", "no tags at all"),
        ("<p>unclosed <b>everything", "unclosed everything"),
    ],
)  # fmt: skip
def test_forms(html: str, text: str) -> None:
    assert to_text(html).text == text


PAGES = sorted((Path(__file__).parent / "pages").glob("*.page"))


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_pages_of_the_programs_and_shops_people_write_with(page: Path) -> None:
    html, _, expected = page.read_text("utf-8").partition("==== reads as\n")
    assert to_text(html.rstrip("\n")).text == expected.rstrip("\n")


@pytest.mark.parametrize(
    "html",
    [
        '<style>@media print{.x{display:none}} .y:hover{display:none}</style><p class="x y">seen</p>',
        '<style>.x{display:none}.x{display:block}</style><p class="x">seen</p>',
        '<style>.x{display:none}</style><p class="x" style="display:block">seen</p>',
        "<style>p{color:#fff;background:#000}</style><p>seen</p>",
        '<p style="color:#fff;background:#fff url(dark.png)">seen</p>',
        '<p style="color:#fff"><a style="background:#000" href="#">seen</a></p>',
        '<style>.x{background:#000}</style><div class="x"><p style="color:white">seen</p></div>',
        '<p style="font-size:110%">seen</p>',
        "<p>seen<!-- never closed</p>",
        "<style>p{color:red} <p>seen</p>",
        '<p title="1 > 0 < 2">seen</p>',
    ],
)
def test_what_only_may_be_hidden_is_shown(html: str) -> None:
    assert to_text(html).text == "seen"


def test_lines_of_a_field_are_kept_where_the_page_keeps_them() -> None:
    html = '<div style="white-space:pre-wrap">one\n  two<div style="white-space:normal">three\nfour</div></div>five\nsix'
    assert to_text(html).text == "one\n  two\nthree four\nfive six"


def steps(read: Callable[[str], object], page: str) -> int:
    """How many lines of our own code are run to read a page: the same on every machine."""
    count = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        if "inbox" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read(page)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "<div>" * n + "x",
        lambda n: "<table><tr><td>" * n + "x",
        lambda n: "<table>" + "<tr><td>a</td><td>b</td></tr>" * n + "</table>",
        lambda n: "<ul><li>" * n + "x",
        lambda n: "<blockquote>" * n + "x",
        lambda n: "<a href='https://x.example/1'>y</a>" * n,
        lambda n: "<style>" + ".a{display:none}" * n + "</style>x",
        lambda n: "<style>" + "/*{" * n + "</style>x",
        lambda n: "<title>" * n + "<p>x",
        lambda n: "<!--" * n + "x",
        lambda n: "<sup>1" * n + "x",
        lambda n: "<div style='color:#fff'><p style='font-size:0'>" * n + "x",
        lambda n: "<pre>" + "a\n" * n,
    ],
)
def test_twice_the_page_takes_at_most_twice_the_steps(make: Callable[[int], str]) -> None:
    once, twice = steps(to_text, make(300)), steps(to_text, make(600))
    assert twice <= 2.2 * once


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">secret</div>',
        '<div style="DISPLAY : NONE !important">secret</div>',
        '<span style="visibility:hidden">secret</span>',
        '<div style="max-height:0;overflow:hidden">secret</div>',
        '<div style="opacity:0">secret</div>',
        '<div style="mso-hide:all">secret</div>',
        "<div hidden>secret</div>",
        '<style>.pre{color:red;display:none}</style><div class="big pre">secret</div>',
    ],
)
def test_preheaders_are_hidden(hidden: str) -> None:
    assert to_text(f"<html><body>{hidden}<p>Hello</p></body></html>").text == "Hello"


@pytest.mark.parametrize(
    "shown",
    [
        '<td style="font-size:0px"><div style="font-size:13px">shown</div></td>',
        '<style>@media (max-width:600px){.m{display:none}}</style><div class="m">shown</div>',
        '<div style="max-height:0.5em;opacity:0.9">shown</div>',
        '<div class="none">shown</div>',
    ],
)
def test_what_is_only_laid_out_small_is_shown(shown: str) -> None:
    assert to_text(f"<table><tr>{shown}</tr></table>" if shown.startswith("<td") else shown).text == "shown"


def test_when_everything_is_hidden_it_is_shown_after_all() -> None:
    assert to_text('<div style="display:none">Hello</div>').text == "Hello"


def test_padding_behind_a_preheader_is_gone() -> None:
    assert to_text("<p>Sale" + "&zwnj;&nbsp;" * 50 + "</p><p>pay&#8203;pal</p>").text == "Sale\n\npaypal"


def test_links_are_footnotes_and_show_where_they_lead() -> None:
    html = (
        '<a href="https://shop.example/a?x=1&amp;y=2">our page</a>, <a href="https://shop.example">shop.example</a>, '
        '<a href="https://evil.example/">https://bank.example/</a>, <a href="mailto:a@b.example">a@b.example</a>, '
        '<a href="https://shop.example/a?x=1&amp;y=2">again</a>, <a href="javascript:x()">no</a>, <a href="#top">up</a>, '
        '<a href="https://t.example/"><img src="x.png"></a><a href="mailto:help@b.example?subject=x">write to us</a>'
    )
    page = to_text(html)
    assert page.text == (
        "our page [1], shop.example, https://bank.example/ [2], a@b.example, again [1], no, up, write to us [3]"
    )
    assert page.links == (
        "https://shop.example/a?x=1&y=2",
        "https://evil.example/",
        "mailto:help@b.example?subject=x",
    )
    assert to_text(html, first=5).text.startswith("our page [5]")


def test_pictures() -> None:
    html = (
        '<img src="https://t.example/p.gif" width="1" height="1" alt="x"><img alt="Logo" src="l.png"> '
        '<img alt="😀" src="e.png"><img src="cid:1"><img src="https://t.example/q.gif">'
    )
    assert to_text(html).text == "[Logo] 😀[image]"


OUTLOOK = """<html><body><div class="WordSection1"><p class="MsoNormal">Please cancel it.<o:p></o:p></p>
<p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">Ann<o:p></o:p></p>
<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Sam
&lt;support@shop.example&gt;<br><b>Sent:</b> Tuesday, May 3, 2022 10:22 AM<br><b>To:</b> Ann &lt;ann@mail.example&gt;<br>
<b>Subject:</b> Re: Order<o:p></o:p></p></div><p class="MsoNormal">Cancel or keep?<o:p></o:p></p></div></body></html>"""
GMAIL = """<div dir="ltr"><div>Keep it.</div><div><br></div><div>Ann</div></div><br><div class="gmail_quote">
<div dir="ltr" class="gmail_attr">On Tue, May 3, 2022 at 10:22 AM Sam
&lt;<a href="mailto:support@shop.example">support@shop.example</a>&gt; wrote:<br></div>
<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">
<div>Cancel or keep?</div></blockquote></div>"""
APPLE = """<html><body>No.<br><br><div id="AppleMailSignature">Sent from my iPhone</div><div><br>On 3 May 2022, at 10:22, Sam
&lt;support@shop.example&gt; wrote:<br><br></div><blockquote type="cite"><div>Cancel?</div></blockquote></body></html>"""
MOBILE = """<html><body><div dir="auto">Works now.</div><div id="ms-outlook-mobile-signature">
Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><hr><div id="divRplyFwdMsg"><b>From:</b> Sam
&lt;s@shop.example&gt;<br><b>Sent:</b> Tuesday, May 3, 2022 10:22:33 AM<br><b>To:</b> Ann &lt;a@mail.example&gt;<br>
<b>Subject:</b> Re: Login</div><div>Does it work?</div></body></html>"""
YAHOO = """<div class="yahoo-style-wrap"><div>Not yet.</div></div><div class="yahoo_quoted"><div>On Tuesday, May 3, 2022,
10:22:33 AM GMT+2, Sam &lt;s@shop.example&gt; wrote:</div><div><br></div><div>Has it arrived?</div></div>"""
THUNDERBIRD = """<html><body><div class="moz-cite-prefix">Am 03.05.22 um 10:22 schrieb Kundendienst:<br></div>
<blockquote type="cite" cite="mid:x"><p>Welche?</p></blockquote><p>Die zweite.</p><pre class="moz-signature" cols="72">--\x20
Anna</pre></body></html>"""


@pytest.mark.parametrize(
    ("html", "reply", "quoted", "signature"),
    [
        (OUTLOOK, "Please cancel it.\n\nAnn", "Cancel or keep?", ""),
        (GMAIL, "Keep it.\n\nAnn", "> Cancel or keep?", ""),
        (APPLE, "No.", "> Cancel?", "Sent from my iPhone"),
        (MOBILE, "Works now.", "Does it work?", "Get Outlook for iOS [1]"),
        (YAHOO, "Not yet.", "Has it arrived?", ""),
        (THUNDERBIRD, "Die zweite.", "> Welche?", "--\nAnna"),
    ],
)
def test_replies_in_html_are_told_from_their_quotes(
    html: str, reply: str, quoted: str, signature: str
) -> None:
    found = replies.split(to_text(html).text)
    assert found[0] == reply
    assert found[1].endswith(quoted)
    assert found[2] == signature


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 15_000 + "x",
        "<ul><li>" * 9_000 + "x",
        "<table><tr><td>" * 6_000 + "x",
        "<blockquote>" * 15_000 + "x",
        "<p>" + "".join(f"<b a={n}>" for n in range(3000)) + "</p>" + "<p>y</p>" * 3000 + "x",
        "<p " + " ".join(f"a{n}=1" for n in range(40_000)) + ">x",
        "<a href='https://x.example'>y</a>" * 9_000 + "x",
        "<style>none" + "a" * 500_000 + "</style>x",
        "<br>" * (2 * MOST_TAGS) + "x",
        "<blockquote>x</blockquote>" * MOST_TAGS + "<br>x",
    ],
)
def test_form_never_costs_the_words(html: str) -> None:
    assert to_text(html).text.rstrip().endswith("x")


def test_what_is_hidden_stays_so_without_a_tree() -> None:
    html = '<p>Hello</p><div style="display:none">no <div>no</div> no</div><p>you</p>' + "<i></i>" * (
        MOST_TAGS + 1
    )
    assert to_text(html).text == "Hello\nyou"


def test_too_many_tags_still_give_lines_and_quotes() -> None:
    html = "<p>Hello</p><blockquote>old &amp; <b>grey</b></blockquote><script>no</script>" + "<i></i>" * (
        MOST_TAGS + 1
    )
    assert to_text(html).text == "Hello\n> old & grey"


PIECES = """<p> </p> <table> <tr> <td> </td> </table> <li> <ul> </ul> <blockquote> <a\thref='http://x'> </a> <br> <pre>
</pre> <img\talt=x> <style> </style> <!-- --> <svg> <template> x &nbsp; &#0; &#xD800; < > & " \0 \ud800 <hr> </div>
<div\tstyle='display:none'> <sup> </sup> <sub> <select> <option\tselected> <textarea> <input\tvalue=x> <ol\tstart=-3>
<li\tvalue=--5> <td\trowspan=2> <th\tcolspan=99999999> <p\tstyle='color:#fff;background:#fff'> <font\tcolor=white> <dl> <dd>
<p\tstyle='mso-list:Ignore'> <div\tstyle='white-space:pre'> <style>.a{display:none} <p\tclass=a> <plaintext> <title> <xmp>
<a\thref="https://[> <jim@x.example> <img\tstyle='width:1px'> <!--[if\tmso]> <![endif]--> <i\tstyle='font:0/0'> ='a>b<c"""


@given(
    st.lists(st.sampled_from([" ", "\n", *PIECES.replace("\n", " ").split(" ")]), max_size=40).map("".join)
)
@settings(max_examples=300, deadline=None)
def test_any_html_is_some_text(html: str) -> None:
    page = to_text(html.encode("utf-8", "replace").decode())
    page.text.encode()
    assert "\0" not in page.text
