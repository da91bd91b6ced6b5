"""Bytes to text: declared, UTF-8, ISO-2022, guessed; and never by a dangerous codec."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.charsets import codec, decode


@pytest.mark.parametrize(
    ("text", "charset", "declared"),
    [
        ("Grüße", "utf-8", "utf-8"),
        ("Grüße", "utf-8", "UTF8"),
        ("Grüße", "iso-8859-1", "ISO-8859-1"),
        ("5 € – “fine”", "cp1252", "iso-8859-1"),  # Windows characters said to be Latin-1
        ("Привет", "koi8-r", "KOI8-R"),
        ("注文", "shift_jis", "x-sjis"),
        ("注文①", "cp932", "shift_jis"),
        ("注文", "iso-2022-jp", "iso-2022-jp"),
        ("镕基", "gbk", "gb2312"),  # GBK said to be GB2312
        ("주문", "cp949", "ks_c_5601-1987"),
        ("訂單", "big5", "big5"),
        ("Grüße", "utf-16", "utf-16"),
        ("plain", "ascii", "us-ascii"),
        ("plain", "ascii", '"us-ascii"'),
    ],
)
def test_a_charset_that_is_meant_as_it_is_said(text: str, charset: str, declared: str) -> None:
    assert decode(text.encode(charset), declared) == (text, None)


@pytest.mark.parametrize(
    ("text", "charset", "declared"),
    [
        ("Grüße aus Köln", "utf-8", "iso-8859-1"),
        ("Grüße aus Köln", "utf-8", "us-ascii"),
        ("Grüße aus Köln", "iso-8859-1", "utf-8"),
        ("Grüße aus Köln", "iso-8859-1", "us-ascii"),
        ("Où est ma commande ?", "cp1252", "x-unknown-charset"),
        ("Где мой заказ?", "cp1251", "utf-8"),
        ("ご注文ありがとうございます", "iso-2022-jp", "us-ascii"),
        ("ご注文ありがとうございます", "shift_jis", "utf-8"),
    ],
)
def test_a_wrong_charset_is_seen_through_and_marked(text: str, charset: str, declared: str) -> None:
    read, complaint = decode(text.encode(charset), declared)
    assert read == text
    assert complaint


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Dónde está mi pedido", "cp1252"),
        ("Hej, jeg har købt en blå æske", "iso-8859-1"),
        ("né le 5 août à Genève", "iso-8859-1"),
        ("Gdzie jest moja przesyłka?", "iso-8859-2"),
        ("Где мой заказ?", "koi8-r"),
        ("ご注文ありがとうございます", "euc-jp"),
        ("我的订单在哪里？", "gb18030"),
        ("Πού είναι η παραγγελία μου;", "iso-8859-7"),
    ],
)
def test_a_charset_that_nobody_named_is_guessed(text: str, charset: str) -> None:
    assert decode(text.encode(charset), None)[0] == text


def test_iso_2022_is_known_by_its_escapes() -> None:
    assert decode("注文".encode("iso-2022-jp"), None) == ("注文", None)
    assert decode("주문".encode("iso2022_kr"), None)[0] == "주문"
    assert decode(b"\x1b$B-!%F%9%H\x1b(B", "iso-2022-jp")[0] == "①テスト"  # NEC's row 13


@pytest.mark.parametrize(
    "name",
    [
        "zlib_codec",
        "bz2",
        "hex",
        "base64",
        "rot13",
        "idna",
        "punycode",
        "unicode_escape",
        "undefined",
        "mbcs",
        "quopri",
    ],
)
def test_codecs_that_are_no_charsets_are_refused(name: str) -> None:
    assert codec(name) is None
    text, complaint = decode(b"x\\u0041 =41 xn--a", name)
    assert text == "x\\u0041 =41 xn--a"
    assert complaint and "unknown" in complaint


def test_utf_7_is_read_and_marked() -> None:
    text, complaint = decode(b"Gr+APwA3w-e", "utf-7")
    assert text == "Grüße"
    assert complaint and "UTF-7" in complaint


def test_a_few_bad_bytes_do_not_spoil_the_rest() -> None:
    text, complaint = decode("Übergrößenträger für Äpfel".encode() + b"\xff", "utf-8")
    assert text == "Übergrößenträger für Äpfel\ufffd"
    assert complaint


def test_a_byte_order_mark_is_no_character() -> None:
    assert decode(b"\xef\xbb\xbfHello", "utf-8")[0] == "Hello"
    assert decode("Hello".encode("utf-16"), "utf-8")[0] == "Hello"


def test_nul_is_no_text() -> None:
    text, complaint = decode(b"a\0b", "utf-8")
    assert text == "ab"
    assert complaint


@given(
    st.binary(max_size=80),
    st.none()
    | st.sampled_from(
        ["utf-8", "us-ascii", "utf-16", "utf-7", "iso-2022-jp", "hz", "gb2312", "big5", "x", "idna", "utf-32"]
    )
    | st.text(max_size=12),
)
@settings(deadline=None)
def test_any_bytes_become_text_that_can_be_written(data: bytes, declared: str | None) -> None:
    text, complaint = decode(data, declared)
    text.encode()
    assert "\0" not in text
    assert complaint is None or complaint.encode()


@pytest.mark.parametrize(
    ("data", "declared", "text", "odd"),
    [
        (b"Hello there", "utf-16", "Hello there", True),
        ("Hello there".encode("utf-16-le"), "us-ascii", "Hello there", True),
        ("Hello there".encode("utf-16-be"), None, "Hello there", True),
        ("Hello".encode("utf-32"), None, "Hello", False),
        ("Grüße".encode(), "utf-8 (Unicode)", "Grüße", False),
        ("Grüße aus Köln ".encode() + b"sch\xf6n", "utf-8", "Grüße aus Köln schön", True),
        ("Grüße aus Köln ".encode() + b"\xe2\x82", "utf-8", "Grüße aus Köln \ufffd", True),
    ],
)
def test_what_is_said_and_what_is_there_differ(
    data: bytes, declared: str | None, text: str, odd: bool
) -> None:
    read, complaint = decode(data, declared)
    assert read == text and bool(complaint) == odd
