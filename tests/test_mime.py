"""Raw bytes to a message: real shapes, broken ones and hostile ones; nothing raises, nothing is lost."""

from __future__ import annotations

import base64
import quopri
from datetime import UTC, datetime

import pytest

from inbox.jsonform import message_as_json
from inbox.mime import parse
from inbox.model import Address, Attachment, Message
from tests.letters import HEAD, HTML, INLINE, PICTURE, PLAIN, mail, multipart, nested

WRITTEN = int(datetime(2022, 5, 3, 8, 22, 33, tzinfo=UTC).timestamp())


def with_header(line: bytes) -> Message:
    return parse(
        line + b"\r\n" + HEAD.replace(line.partition(b":")[0] + b":", b"X-Replaced:") + b"\r\nHello\r\n"
    )


# ------------------------------------------------------------ a clean mail


def test_a_clean_mail_is_read_whole_and_without_oddities() -> None:
    message = parse(
        mail(
            'Cc: bob@mail.example, "Carla, C." <carla@mail.example>\nReply-To: <ann@mail.example>\n'
            "In-Reply-To: <0@shop.example>\nReferences: <a@shop.example>\n <0@shop.example>\n",
            "My lamp flickers.\r\n\r\n-- \r\nAnn\r\n",
        )
    )
    assert message == Message(
        message_id="<1@mail.example>",
        date=WRITTEN,
        subject="Lamp",
        sender=(Address("Ann Weber", "ann@mail.example"),),
        to=(Address("Support", "support@shop.example"),),
        cc=(Address("", "bob@mail.example"), Address("Carla, C.", "carla@mail.example")),
        reply_to=(Address("", "ann@mail.example"),),
        text="My lamp flickers.\n\n-- \nAnn",
        reply="My lamp flickers.",
        signature="-- \nAnn",
        in_reply_to=("<0@shop.example>",),
        references=("<a@shop.example>", "<0@shop.example>"),
        digest=message.digest,
    )


def test_line_ends_do_not_matter() -> None:
    lines = HEAD + b"\r\nOne\r\n\r\nTwo\r\n"
    wanted = parse(lines)
    assert wanted.text == "One\n\nTwo"
    assert parse(lines.replace(b"\r\n", b"\n")) == wanted
    doubled = parse(lines.replace(b"\r\n", b"\r\r\n"))
    assert (doubled.subject, doubled.sender, doubled.date) == (wanted.subject, wanted.sender, wanted.date)
    alone = parse(lines.replace(b"\r\n", b"\r"))
    assert (alone.text, alone.subject, alone.message_id) == (wanted.text, wanted.subject, wanted.message_id)


def test_no_bytes_at_all_are_still_a_message() -> None:
    message = parse(b"")
    assert message.message_id is None and message.date is None and message.text == ""
    assert message.oddities


# ------------------------------------------------------------ headers


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?UTF-8?B?R3LDvMOfZQ==?= aus =?utf-8?q?K=C3=B6ln?=", "Grüße aus Köln"),
        (b"=?utf-8?q?Gr=C3=BC?=\r\n =?utf-8?q?=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?b?R3LDvMM=?= =?utf-8?b?n2U=?=", "Grüße"),  # a character cut in two
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe aus K=C3=B6ln?=", "Grüße aus Köln"),  # spaces are not allowed there
        (b"=?utf-8?q?Where_is_it??=", "Where is it?"),
        (b"=?iso-8859-1?q?Gr=FC=DFe?=", "Grüße"),
        (b"=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?b?R3LDvMOfZQ?=", "Grüße"),  # padding lost
        (b"=?us-ascii?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?x-nonsense?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?iso-2022-jp?b?GyRCQ21KOBsoQg==?=", "注文"),
        ("Grüße".encode(), "Grüße"),
        ("Grüße aus Köln".encode("latin-1"), "Grüße aus Köln"),
        (b"\x1b$BCmJ8\x1b(B", "注文"),
        (b"=?utf-8?q?broken", "=?utf-8?q?broken"),
        (b"a\r\n\tb\r\n c", "a b c"),
        (b"one=0Atwo", "one=0Atwo"),
        (b"=?utf-8?q?one=0D=0ABcc:_x=40y?=", "one Bcc: x@y"),  # an encoded newline makes no header
        (b"a\rb", "a b"),
        (b"=?utf-8?q?Gr=C3=BC\r\n=C3=9Fe?=", "Grüße"),  # folded, and the blank before the rest lost
        (b"=?utf-8?q?Gr=C3=BC=\r\n=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?b?!!!?=", "!!!"),
        (b"Re:=?utf-8?q?Gr=C3=BC=C3=9Fe?=x", "Re:Grüßex"),
    ],
)
def test_a_subject_reads_as_it_was_meant(written: bytes, read: str) -> None:
    assert with_header(b"Subject: " + written).subject == read


def test_a_raw_header_is_read_in_the_charset_of_the_text() -> None:
    raw = (
        HEAD.replace(b"Lamp", "Где заказ".encode("cp1251"))
        + b"Content-Type: text/plain; charset=windows-1251\r\n\r\nx"
    )
    assert parse(raw).subject == "Где заказ"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ann <a@b.example>", [("Ann", "a@b.example")]),
        ("a@b.example (Ann)", [("Ann", "a@b.example")]),
        ('"Weber, Ann" <a@b.example>', [("Weber, Ann", "a@b.example")]),
        ("Weber, Ann <a@b.example>, c@d.example", [("Weber, Ann", "a@b.example"), ("", "c@d.example")]),
        ("=?utf-8?q?M=C3=BCller=2C_A=2E?= <a@b.example>", [("Müller, A.", "a@b.example")]),
        ('"=?utf-8?q?M=C3=BCller?=" <a@b.example>', [("Müller", "a@b.example")]),
        ("undisclosed-recipients:;", []),
        ("Undisclosed-Recipient:;@mx.example", []),
        ("<Undisclosed Recipients:;@mx.example>", []),
        ("undisclosed-recipients:@mx.example;", []),
        ("<undisclosed-recipients:@mx.example;>", []),
        ("<Undisclosed-Recipient:;>", []),
        ("Team: a@b.example, C <c@d.example>;", [("", "a@b.example"), ("C", "c@d.example")]),
        ("a@b.example; c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
        ("<@relay.example:a@b.example>", [("", "a@b.example")]),
        ('"odd name"@b.example', [("", '"odd name"@b.example')]),
        ("MAILER-DAEMON", [("MAILER-DAEMON", "")]),
        ("müller@bücher.example", [("", "müller@bücher.example")]),
        # What has fooled parsers: the address is the one in angle brackets, whatever stands in the name.
        ('"boss@shop.example" <x@evil.example>', [("boss@shop.example", "x@evil.example")]),
        ("boss@shop.example <x@evil.example>", [("boss@shop.example", "x@evil.example")]),
        (
            "=?utf-8?q?boss=40shop=2Eexample=3E=2C_=3Cc?= <x@evil.example>",
            [("boss@shop.example>, <c", "x@evil.example")],
        ),
        ("boss@shop.example)x@evil.example", [("", "boss@shop.example)x@evil.example")]),
        ("<boss@shop.example> <x@evil.example>", [("", "boss@shop.example"), ("", "x@evil.example")]),
        ('"a\\"b" <a@b.example>', [('a"b', "a@b.example")]),
        ('"open <a@b.example>', [('"open', "a@b.example")]),
        ("(a (nested) one) a@b.example", [("a (nested) one", "a@b.example")]),
        # Broken in ways in which one still sees what is meant.
        ("<a@b.example", [("", "a@b.example")]),
        ("a@b.example>", [("", "a@b.example")]),
        ("Ann <mailto:a@b.example>", [("Ann", "a@b.example")]),
        ("Ann [a@b.example]", [("Ann", "a@b.example")]),
        ("Ann <a @ b.example>", [("Ann", "a@b.example")]),
        ("Ann (Weber <a@b.example>", [("Ann (Weber", "a@b.example")]),
        ("a@b.example c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
        ("Ann Weber a@b.example", [("Ann Weber", "a@b.example")]),
        ("", []),
    ],
)
def test_addresses_are_those_that_are_written(written: str, read: list[tuple[str, str]]) -> None:
    message = with_header(b"To: " + written.encode())
    assert [(each.name, each.address) for each in message.to] == read


@pytest.mark.parametrize(
    "written",
    [
        "boss@shop.example <x@evil.example>",
        "=?utf-8?q?boss=40shop=2Eexample?= <x@evil.example>",
        "Аnn Wеber <a@b.example>",
    ],
)
def test_a_name_that_misleads_is_marked(written: str) -> None:
    assert any("name" in oddity for oddity in with_header(b"From: " + written.encode()).oddities)


def test_answers_that_go_elsewhere_are_marked() -> None:
    assert parse(mail("Reply-To: x@evil.example\n")).oddities == ("answers go elsewhere, to x@evil.example",)
    assert parse(mail("Reply-To: a@other.mail.example\n")).oddities == ()
    shared = HEAD.replace(b"mail.example>", b"one.co.uk>") + b"Reply-To: x@evil.co.uk\r\n\r\nx"
    assert parse(shared).oddities == ("answers go elsewhere, to x@evil.co.uk",)
    assert parse(mail("Reply-To: nobody\n")).oddities == ()


def test_answers_that_go_to_the_list_a_mail_came_by_are_not_odd() -> None:
    lists = "Cc: all@list.example\nReply-To: all@list.example\n"
    assert parse(mail(lists + "Precedence: list\n")).oddities == ()
    assert parse(mail(lists)).oddities == ("answers go elsewhere, to all@list.example",)
    away = lists.replace("Reply-To: all@list", "Reply-To: x@evil") + "Precedence: list\n"
    assert parse(mail(away)).oddities == ("answers go elsewhere, to x@evil.example",)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Tue, 3 May 2022 10:22:33 +0200", "2022-05-03T08:22:33Z"),
        ("3 May 22 10:22 EST", "2022-05-03T15:22:00Z"),
        ("Tue May  3 10:22:33 2022", "2022-05-03T10:22:33Z"),
        ("Tue, 03-May-2022 10:22:33 GMT", "2022-05-03T10:22:33Z"),
        ("Di, 3. Mai 2022 10:22:33 +0200", "2022-05-03T08:22:33Z"),
        ("mar., 3 mai 2022 10:22:33 +0200", "2022-05-03T08:22:33Z"),
        ("2022-05-03T10:22:33+02:00", "2022-05-03T08:22:33Z"),
        ("Tue, 3 May 2022 10:22:33 -0000 (UTC)", "2022-05-03T10:22:33Z"),
        ("Tue, 3 May 2022 10:22:33 +9900", "2022-05-03T10:22:33Z"),
        ("Tue, 3 May 102 10:22:33 +0000", "2002-05-03T10:22:33Z"),
        ("Tue, 3 May 2022 10:22:33 PDT", "2022-05-03T17:22:33Z"),  # "P" is no afternoon
        ("Tue, 3 May 2022 10:22:33 PM +0000", "2022-05-03T22:22:33Z"),
        ("3 May 22 9:22:33 p.m.", "2022-05-03T21:22:33Z"),
        ("Tue, 3 May 2022 1:5:3 +0000", "2022-05-03T01:05:03Z"),
        ("Tue, 3 May 2022 10:22:33 +-0500", "2022-05-03T15:22:33Z"),
        ("Tue, 3 May 2022 10:22:33 0530", "2022-05-03T04:52:33Z"),
        ("Tue, 3 May 2022 10:22:33 -1600", "2022-05-04T02:22:33Z"),
        ("Tue, 3 May 2022 10:22:33 GMT+1", "2022-05-03T09:22:33Z"),
        ("2022/05/03 Tue 10:22:33 CDT", "2022-05-03T15:22:33Z"),
    ],
)
def test_dates_in_every_spelling(written: str, read: str) -> None:
    assert message_as_json(with_header(b"Date: " + written.encode()))["date"] == read


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "31 Feb 2022 10:00:00 +0000",
        "3 May 2022 25:00:00 +0000",
        "Thu, 1 Jan 1970 00:00:00 +0000",
        "3 May 9999 1:00",
    ],
)
def test_without_a_possible_date_the_top_received_header_tells(written: str) -> None:
    received = (
        b"Received: from a by in.shop.example; Wed, 4 May 2022 00:00:00 +0000\r\n"
        b"Received: from b by a; Tue, 3 May 2022 23:59:00 +0000\r\n"
    )
    without = HEAD.replace(b"Date: Tue, 3 May 2022 10:22:33 +0200", b"Date: " + written.encode())
    message = parse(received + without + b"\r\nx")
    assert message_as_json(message)["date"] == "2022-05-04T00:00:00Z"
    assert any("Received" in oddity for oddity in message.oddities)
    alone = parse(without + b"\r\nx")
    assert alone.date is None and alone.oddities


@pytest.mark.parametrize("zone", ["-1600", "0530", "+9900", "Nowhere", ""])
def test_a_zone_that_is_none_is_marked(zone: str) -> None:
    assert any(
        "zone" in oddity for oddity in with_header(f"Date: 3 May 2022 10:22:33 {zone}".encode()).oddities
    )


def test_a_date_years_after_it_was_received_is_none() -> None:
    head = HEAD.replace(b"2022", b"2099")
    message = parse(b"Received: from a by b; Tue, 3 May 2022 08:22:33 +0000\r\n" + head + b"\r\nx")
    assert message.date == WRITTEN
    assert any("days after" in oddity for oddity in message.oddities)
    assert any("Received" in oddity for oddity in message.oddities)
    assert message.digest == parse(head + b"\r\nx").digest


def test_a_date_in_the_future_is_marked() -> None:
    message = parse(b"Received: from a by b; Tue, 1 Mar 2022 00:00:00 +0000\r\n" + HEAD + b"\r\nx")
    assert message.date == WRITTEN
    assert any("after the mail was received" in oddity for oddity in message.oddities)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<a@b>", "<a@b>"),
        ("<long\r\n @b>", "<long@b>"),
        ("junk <a@b> (comment)", "<a@b>"),
        ("a@b", "a@b"),
        ("", None),
        ("<", None),
        ("<>", None),
        ("<" + "x" * 2000 + "@b>", "<" + "x" * 2000 + "@b>"),
    ],
)
def test_message_ids_keep_their_brackets(written: str, read: str | None) -> None:
    assert with_header(b"Message-ID: " + written.encode()).message_id == read


def test_a_blank_line_among_the_headers_cuts_no_mail_in_two() -> None:
    message = parse(b"Received: from a by b; Tue, 3 May 2022 10:22:33 +0200\r\n\r\n" + HEAD + b"\r\nHello")
    assert message.subject == "Lamp" and message.text == "Hello"
    assert message.oddities == ("a blank line stands among the headers",)
    assert parse(HEAD + b"\r\nFrom: a@b\r\nSubject: x\r\n").text == "From: a@b\nSubject: x"


def test_a_whole_mail_in_utf_16_is_read() -> None:
    message = parse(mail(body="Grüße").decode().encode("utf-16"))
    assert message.subject == "Lamp" and message.text == "Grüße"
    assert message.oddities == ("the file of the mail is in UTF-16",)


def test_references_are_bounded_to_the_newest() -> None:
    ids = [f"<{number}@b>" for number in range(300)]
    message = parse(mail("References: " + "\n ".join([*ids, ids[-1]]) + "\n"))
    assert message.references == tuple(ids[-100:])


def test_a_header_said_twice_is_marked_and_all_senders_are_shown() -> None:
    message = parse(b"From: evil@evil.example\r\nSubject: One\r\n" + HEAD + b"\r\nx")
    assert [each.address for each in message.sender] == ["evil@evil.example", "ann@mail.example"]
    assert message.subject == "One"
    assert len(message.oddities) == 2


def test_a_lone_cr_makes_no_header() -> None:
    message = parse(HEAD.replace(b"Lamp", b"Lamp\rCc: x@evil.example") + b"\r\nx")
    assert message.cc == () and message.subject == "Lamp Cc: x@evil.example"


def test_text_that_follows_the_headers_without_a_blank_line_is_text() -> None:
    message = parse(HEAD + b"Hello there,\r\nwhere is it?\r\n\r\nAnn\r\n")
    assert message.subject == "Lamp"
    assert message.text == "Hello there,\nwhere is it?\n\nAnn"
    assert message.oddities == ("no blank line stands between headers and text",)


def test_a_broken_line_among_headers_is_skipped() -> None:
    message = parse(b"this is no header\r\n" + HEAD + b"\r\nx")
    assert message.sender and message.text == "x"
    assert message.oddities == ("a line among the headers is no header: this is no header",)


def test_text_without_a_blank_line_that_mentions_a_header_stays_text() -> None:
    message = parse(HEAD + b"Hello there,\r\none\r\ntwo\r\nthree\r\nFrom: now on call me.\r\n\r\nAnn\r\n")
    assert message.text.startswith("Hello there,") and "From: now on" in message.text


def test_the_envelope_line_of_an_mbox_is_no_header() -> None:
    message = parse(b"From ann@mail.example Tue May  3 10:22:33 2022\r\n" + HEAD + b"\r\nx")
    assert message.subject == "Lamp" and message.oddities == ()


def test_authentication_results_are_kept_as_written_newest_first() -> None:
    message = parse(
        b"Authentication-Results: mx.a;\r\n dkim=pass\r\nAuthentication-Results: mx.b; spf=fail\r\n"
        + HEAD
        + b"\r\n"
    )
    assert message.authentication == ("mx.a; dkim=pass", "mx.b; spf=fail")


# ------------------------------------------------------------ text and attachments


@pytest.mark.parametrize(
    ("raw", "text", "attachments"),
    [
        (multipart("alternative", PLAIN, HTML), "Hello plain", []),
        (multipart("alternative", HTML, PLAIN), "Hello plain", []),
        (multipart("alternative", "Content-Type: text/plain\n\n \n", HTML), "Hello HTML", []),
        (multipart("mixed", PLAIN, PICTURE), "Hello plain", ["a.png"]),
        (multipart("mixed", PICTURE, PLAIN), "Hello plain", ["a.png"]),
        (
            multipart("mixed", PLAIN, PICTURE, "Content-Type: text/plain\n\nand below"),
            "Hello plain\n\nand below",
            ["a.png"],
        ),
        (multipart("related", HTML, INLINE), "Hello HTML", [None]),
        (multipart("related", INLINE, HTML), "Hello HTML", [None]),
        (
            multipart(
                "mixed", nested("related", "r", nested("alternative", "a", PLAIN, HTML), INLINE), PICTURE
            ),
            "Hello plain",
            [None, "a.png"],
        ),
        (multipart("alternative", PLAIN, nested("related", "r", HTML, INLINE)), "Hello plain", [None]),
        (multipart("alternative", PLAIN, nested("mixed", "m", HTML, PICTURE)), "Hello plain", ["a.png"]),
        (multipart("mixed", HTML, "Content-Type: text/plain\n\nfooter"), "Hello HTML\n\nfooter", []),
        (multipart("mixed", "Content-Type: text/plain\n\nHello HTML", HTML), "Hello HTML", []),
        (
            multipart("signed", PLAIN, 'Content-Type: application/pgp-signature; name="s.asc"\n\nx'),
            "Hello plain",
            ["s.asc"],
        ),
        (multipart("strange", PLAIN), "Hello plain", []),
        (multipart("mixed", "\nno headers at all"), "no headers at all", []),
        (
            multipart(
                "mixed", PLAIN, 'Content-Type: text/plain; name="log.txt"\nContent-Disposition: inline\n\nlog'
            ),
            "Hello plain",
            ["log.txt"],
        ),
        (
            multipart(
                "mixed", "Content-Type: text/plain\nContent-Disposition: attachment; filename=x.txt\n\nx"
            ),
            "",
            ["x.txt"],
        ),
        (
            multipart("alternative", PLAIN, "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR"),
            "Hello plain",
            [None],
        ),
        (
            multipart("mixed", PLAIN, "Content-Type: application/ms-tnef; name=winmail.dat\n\nx"),
            "Hello plain",
            ["winmail.dat"],
        ),
        # Alternatives where the text a person would see stands in the other one, or the order is wrong.
        (multipart("alternative", "Content-Type: text/html\n\n<p>&nbsp;</p>", PLAIN), "Hello plain", []),
        (multipart("related", PLAIN, HTML), "Hello plain", []),
        (multipart("alternative", nested("mixed", "m", PLAIN, PICTURE), HTML), "Hello plain", ["a.png"]),
        (multipart("alternative", PLAIN, "Content-Type: text/watch-html\n\n<b>x", HTML), "Hello plain", []),
        (multipart("alternative", "Content-Type: text/rtf\n\n{\\rtf1 x}", HTML), "Hello HTML", [None]),
        # The only text there is, whatever it is called.
        (multipart("mixed", "Content-Type: text/plain\nContent-Disposition: attachment\n\nHi"), "Hi", []),
        (multipart("mixed", "Content-Type: text/html; name=x.html\n\n<p>Hi", PICTURE), "Hi", ["a.png"]),
        (mail("Content-Type: text/rtf\n", "{\\rtf1 Hi\\par there}"), "Hi\nthere", []),
        (mail("Content-Type: text/x-unheard-of\n", "Hi"), "Hi", []),
        (mail("Content-Type: application/octet-stream\n", "Hi there"), "Hi there", []),
        (mail("Content-Type: html\n", "<p>Hi"), "Hi", []),
        (multipart("mixed", PLAIN, "Content-Type: text/csv\n\na,b"), "Hello plain", [None]),
        (mail("Content-Type: text/csv; name=a.csv\nContent-Disposition: attachment\n", "a,b"), "", ["a.csv"]),
        (multipart("mixed", PLAIN, "Content-Type: text/x-vcard\n\nBEGIN:VCARD"), "Hello plain", [None]),
    ],
)
def test_what_is_text_and_what_is_attached(raw: bytes, text: str, attachments: list[str | None]) -> None:
    message = parse(raw)
    assert message.text == text
    assert [each.name for each in message.attachments] == attachments


def test_a_second_part_that_says_the_same_is_left_out_and_one_that_says_more_is_not() -> None:
    plain = "Content-Type: text/plain\n\nThe lamp you sent me last week flickers, see https://x.example/1"
    html = "Content-Type: text/html\n\n<p>The lamp you sent me <b>last week</b> flickers, see https://x.example/{}</p>"
    assert parse(multipart("mixed", plain, html.format(1))).text.count("flickers") == 1
    assert parse(multipart("mixed", plain, html.format(2))).text.count("flickers") == 2


@pytest.mark.parametrize(
    "data", [b"%PDF-1.4\n1 0 obj", b"\x89PNG\r\n\x1a\n" + bytes(99), bytes(range(256)), b"PK\3\4" + bytes(40)]
)
def test_a_picture_or_a_document_that_says_it_is_text_is_attached(data: bytes) -> None:
    part = "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + base64.b64encode(data).decode()
    message = parse(multipart("mixed", PLAIN, part))
    assert message.text == "Hello plain"
    assert message.attachments == (Attachment(None, "text/plain", len(data)),)
    assert message.oddities == ("a part that calls itself text/plain is no text",)


def test_a_plain_part_that_says_nothing_gives_way_to_the_html() -> None:
    stub = "Content-Type: text/plain\n\nYour e-mail program does not support HTML."
    html = (
        "Content-Type: text/html\n\n"
        + "<p>Your order has been sent and will arrive on Monday morning.</p>" * 3
    )
    assert parse(multipart("alternative", stub, html)).text.startswith("Your order has been sent")


def test_a_forwarded_mail_is_one_attachment_and_is_not_opened() -> None:
    inner = "From: x@y.example\nSubject: Inner\nContent-Type: multipart/mixed; boundary=in\n\n--in\n\ninner\n--in--"
    message = parse(multipart("mixed", PLAIN, "Content-Type: message/rfc822\n\n" + inner))
    assert message.text == "Hello plain"
    size = len(inner.replace("\n", "\r\n"))
    assert message.attachments == (Attachment(None, "message/rfc822", size),)


@pytest.mark.parametrize(
    ("labels", "is_forwarded"),
    [
        ("Lähettäjä: {} | Lähetetty: 12. maaliskuuta 2026 9:04 | Vastaanottaja: {} | Aihe: Tilaus", False),
        (
            "*Lähettäjä:* {} | *Lähetetty:* 12. maaliskuuta 2026 9:04 | *Vastaanottaja:* {} | *Aihe:* Tilaus",
            False,
        ),
        ("Fra: {} | Sendt: 12. mars 2026 09:04 | Til: {} | Emne: Bestilling", True),
    ],
)
def test_what_vs_before_a_subject_means_is_told_by_the_labels_below(labels: str, is_forwarded: bool) -> None:
    block = labels.format("Sam Lee <sam@mail.example>", "help@lamps.example").replace(" | ", "\r\n")
    head = HEAD.replace(b"Subject:", b"Subject: VS: Order\r\nX-Replaced:").rstrip()
    text = f"Kiitos, takk!\r\n\r\n{block}\r\n\r\nThe lamp flickers.\r\n"
    message = parse(head + b"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode())
    assert ("The lamp flickers." in message.reply) is is_forwarded
    assert ("The lamp flickers." in message.quoted) is not is_forwarded
    assert message.reply.startswith("Kiitos, takk!")


def test_parts_of_a_digest_are_mails() -> None:
    message = parse(multipart("digest", "\nFrom: x@y.example\n\none", "\nFrom: x@y.example\n\ntwo"))
    assert [each.type for each in message.attachments] == ["message/rfc822"] * 2


@pytest.mark.parametrize(
    "encoding", ["base64", "quoted-printable", "8bit", "binary", "x-unheard-of", "BASE64 "]
)
def test_transfer_encodings(encoding: str) -> None:
    text = "Grüße, äöü = 1\r\n"
    data = text.encode()
    if "64" in encoding.lower():
        data = base64.encodebytes(data)
    elif encoding == "quoted-printable":
        data = quopri.encodestring(data)
    raw = (
        HEAD
        + f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + data
    )
    message = parse(raw)
    assert message.text == "Grüße, äöü = 1"
    assert bool(message.oddities) == (encoding == "x-unheard-of")


@pytest.mark.parametrize(
    ("body", "text", "odd"),
    [
        (b"R3LDvMOfZQ", "Grüße", False),  # padding lost
        (b"R3LDvA==\r\nw59lICE=\r\n", "Grüße !", False),  # strung together
        (b"R3LDvMOfZSAh\r\n____\r\nList of lamps\r\n", "Grüße !\n____\nList of lamps", True),
        (b"R3L*DvM\x07OfZSAh\r\n", "Grüße !", True),
        (b"This is no base64, really.\r\n", "This is no base64, really.", True),
        (b"Pz8_Pj4-", "???>>>", False),  # the alphabet of URLs
    ],
)
def test_broken_base64_of_a_text(body: bytes, text: str, odd: bool) -> None:
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    message = parse(HEAD + head + body)
    assert message.text == text and bool(message.oddities) == odd


def test_parts_that_are_encoded_together_are_read() -> None:
    raw = mail(
        'Content-Type: multipart/mixed; boundary="b"\nContent-Transfer-Encoding: base64\n',
        base64.encodebytes(b"--b\r\n\r\nHello\r\n--b--\r\n").decode(),
    )
    assert parse(raw).text == "Hello" and parse(raw).oddities


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename=plain.pdf", "plain.pdf"),
        ('attachment; filename="with space.pdf"', "with space.pdf"),
        ("attachment; filename*=utf-8''%C3%BCber%20mich.pdf", "über mich.pdf"),
        (
            "attachment; filename*0*=utf-8''%C3%BCber; filename*1=\" mich\"; filename*2*=%2Epdf",
            "über mich.pdf",
        ),
        ('attachment; filename="=?utf-8?q?=C3=BCber_mich=2Epdf?="', "über mich.pdf"),
        ('attachment; filename="a\\"b.pdf"', 'a"b.pdf'),
        ("attachment; filename=über.pdf", "über.pdf"),
        ('attachment; filename="../../etc/passwd"', "../../etc/passwd"),
        ("attachment; filename*=utf-8''a%0D%0Ab.pdf", "a b.pdf"),
        ("attachment", None),
        (r'attachment; filename="C:\dir\file.doc"', r"C:\dir\file.doc"),
        ("attachment; filename=utf-8''%C3%BCber.pdf", "über.pdf"),
        ('attachment; filename="=?utf-8?q?=C3=BCber?=\n =?utf-8?q?_mich=2Epdf?="', "über mich.pdf"),
        ("attachment; filename*1=er.pdf; filename*0=üb", "über.pdf"),
        ('filename="x.pdf"', "x.pdf"),
        ('attachment; filename="x.pdf', "x.pdf"),
        ('attachment; filename=""', None),
    ],
)
def test_names_of_attachments(header: str, name: str | None) -> None:
    part = f"Content-Type: application/pdf\nContent-Disposition: {header}\n\nx"
    assert parse(multipart("mixed", PLAIN, part)).attachments == (Attachment(name, "application/pdf", 1),)


def test_sizes_are_those_of_the_decoded_bytes_and_inline_is_told() -> None:
    message = parse(multipart("related", HTML, INLINE))
    assert message.attachments == (Attachment(None, "image/png", 5, inline=True),)


def test_a_uuencoded_file_in_the_text_becomes_an_attachment() -> None:
    message = parse(mail(body="See the file.\r\n\r\nbegin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n\r\nAnn\r\n"))
    assert message.text == "See the file.\n\n\nAnn"
    assert message.attachments == (Attachment("a.txt", "application/octet-stream", 3),)


def test_a_uuencoded_file_that_was_cut_off_ends_where_its_lines_end() -> None:
    message = parse(mail(body="See.\r\nbegin 644 a.txt\r\n#0V%T\r\nDid it come through?\r\n"))
    assert message.text == "See.\nDid it come through?"
    assert message.attachments == (Attachment("a.txt", "application/octet-stream", 3),)


@pytest.mark.parametrize(
    "text", ["Let us\nbegin 644 days\nfrom now", "> begin 644 a.txt\n> #0V%T\n> `\n> end"]
)
def test_what_only_looks_uuencoded_stays_text(text: str) -> None:
    message = parse(mail(body=text.replace("\n", "\r\n")))
    assert message.text == text and message.attachments == ()


def test_a_file_in_yenc_becomes_an_attachment() -> None:
    coded = bytes((byte + 42) % 256 for byte in b"\1\2Cat")
    body = b"Hi\r\n=ybegin line=128 size=6 name=a cat.jpg\r\n" + coded + b"=}\r\n=yend size=6\r\nBye\r\n"
    message = parse(HEAD + b"\r\n" + body)
    assert message.text == "Hi\nBye"
    assert message.attachments == (Attachment("a cat.jpg", "application/octet-stream", 6),)


def test_flowed_text_is_joined_and_quotes_keep_their_marks() -> None:
    flowed = "A long line that was \r\nwrapped.\r\n>> quoted and \r\n>> wrapped\r\n> other\r\n-- \r\nAnn\r\n"
    message = parse(mail("Content-Type: text/plain; format=flowed\n", flowed))
    assert message.text == "A long line that was wrapped.\n>> quoted and wrapped\n> other\n-- \nAnn"
    deleted = parse(mail("Content-Type: text/plain; format=flowed; delsp=yes\n", "注文 \r\n番号\r\n"))
    assert deleted.text == "注文番号"


@pytest.mark.parametrize("header", ["text/html", "text/html; charset=x-unheard-of"])
def test_html_that_names_its_charset_itself_is_read_in_it(header: str) -> None:
    page = "<html><head><meta charset=windows-1251></head><body>Ваш заказ ДЖ-45".encode("cp1251")
    assert parse(HEAD + f"Content-Type: {header}\r\n\r\n".encode() + page).text == "Ваш заказ ДЖ-45"


@pytest.mark.parametrize(
    "page", ["<br>", "<frameset><frame src='https://x.example/'></frameset>", "<!-- words"]
)
def test_html_that_shows_nothing_says_so(page: str) -> None:
    message = parse(mail("Content-Type: text/html\n", page))
    assert message.text or message.oddities == ("the HTML of the mail shows no text",)


def test_html_that_calls_itself_plain_text_is_read_as_html() -> None:
    assert parse(mail(body="<html><body><p>Hello</p></body></html>")).text == "Hello"


def test_links_stand_below_the_text_and_below_the_reply_that_mentions_them() -> None:
    html = '<p>See <a href="https://shop.example/a">our page</a>.</p><blockquote><a href="https://x.example/b">old</a></blockquote>'
    message = parse(mail("Content-Type: text/html\n", html))
    assert (
        message.text
        == "See our page [1].\n\n> old [2]\n\n[1] https://shop.example/a\n[2] https://x.example/b"
    )
    assert message.reply == "See our page [1].\n\n[1] https://shop.example/a"


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (
            multipart(
                "encrypted",
                "Content-Type: application/pgp-encrypted\n\nVersion: 1",
                "Content-Type: application/octet-stream\n\nx",
            ),
            "PGP",
        ),
        (
            mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n", "x"),
            "S/MIME",
        ),
        (mail(body="-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n"), "PGP"),
        (
            multipart("mixed", PLAIN, "Content-Type: application/ms-tnef; name=winmail.dat\n\nx"),
            "winmail.dat",
        ),
    ],
)
def test_what_cannot_be_read_here_is_said(raw: bytes, word: str) -> None:
    assert any(word in oddity for oddity in parse(raw).oddities)


def _der(tag: int, value: bytes) -> bytes:
    length = bytes([len(value)]) if len(value) < 128 else b"\x82" + len(value).to_bytes(2, "big")
    return bytes([tag]) + length + value


@pytest.mark.parametrize("pieces", [False, True])
def test_a_mail_that_s_mime_signed_without_encrypting_is_read(pieces: bool) -> None:
    inner = b"Content-Type: text/plain\r\n\r\nPlease cancel my order, number 4711.\r\n"
    octets = _der(0x04, inner)
    if pieces:  # as programs write what they do not know the length of
        octets = b"\x24\x80" + _der(0x04, inner[:20]) + _der(0x04, inner[20:]) + b"\0\0"
    content = _der(0x30, _der(0x06, bytes.fromhex("2a864886f70d010701")) + _der(0xA0, octets))
    signed = _der(0x30, _der(0x02, b"\1") + _der(0x31, b"") + content + _der(0x31, _der(0x04, b"signature")))
    data = _der(0x30, _der(0x06, bytes.fromhex("2a864886f70d010702")) + _der(0xA0, signed))
    headers = (
        "Content-Type: application/pkcs7-mime; smime-type=signed-data\nContent-Transfer-Encoding: base64\n"
    )
    message = parse(mail(headers, base64.encodebytes(data).decode()))
    assert message.text == "Please cancel my order, number 4711."
    assert any("S/MIME" in oddity for oddity in message.oddities)


# ------------------------------------------------------------ broken structure


def test_a_missing_last_boundary_loses_nothing() -> None:
    raw = multipart("mixed", PLAIN, PICTURE).replace(b"--sep--\r\n", b"")
    message = parse(raw)
    assert message.text == "Hello plain"
    assert message.attachments == (Attachment("a.png", "image/png", 5),)
    assert message.oddities


@pytest.mark.parametrize("announced", ["", "boundary=other", 'boundary=""'])
def test_a_boundary_that_was_not_announced_is_found(announced: str) -> None:
    raw = multipart("mixed", PLAIN, PICTURE).replace(b'boundary="sep"', announced.encode())
    message = parse(raw)
    assert message.text == "Hello plain"
    assert [each.name for each in message.attachments] == ["a.png"]
    assert message.oddities


def test_a_multipart_without_any_part_is_shown_as_text() -> None:
    message = parse(mail('Content-Type: multipart/mixed; boundary="x"\n', "Just text.\r\n"))
    assert message.text == "Just text."


@pytest.mark.parametrize("header", ["", 'Content-Type: text/plain; boundary="sep"\n'])
@pytest.mark.parametrize("before", ["", "This is a multi-part message in MIME format.\r\n\r\n"])
def test_parts_that_no_header_announces_are_read(header: str, before: str) -> None:
    body = before + f"--sep\n{PLAIN}\n--sep\n{HTML}\n--sep--\n".replace("\n", "\r\n")
    message = parse(mail(header, body))
    assert message.text == "Hello plain" and message.attachments == ()
    assert message.oddities == ("the text consists of parts, and no header says so",)


def test_a_thousand_lines_like_boundaries_hide_no_part() -> None:
    dump = "Content-Type: text/plain\n\n" + "-- a comment of SQL\n--separate\n" * 2_000
    message = parse(multipart("mixed", dump, nested("alternative", "a", PLAIN, HTML), PICTURE))
    assert message.text.startswith("-- a comment of SQL") and message.text.endswith("Hello plain")
    assert [each.name for each in message.attachments] == ["a.png"] and message.oddities == ()


def test_an_inner_part_that_does_not_end_is_ended_by_the_outer_boundary() -> None:
    inner = nested("alternative", "a", PLAIN, HTML).replace("--a--\n", "")
    message = parse(multipart("mixed", inner, PICTURE))
    assert message.text == "Hello plain"
    assert [each.name for each in message.attachments] == ["a.png"]


def test_the_same_boundary_inside_and_outside() -> None:
    message = parse(multipart("mixed", nested("alternative", "sep", PLAIN, HTML), PICTURE))
    assert message.text == "Hello plain"
    assert [each.name for each in message.attachments] == ["a.png"]


# ------------------------------------------------------------ identity


def test_the_digest_survives_transport() -> None:
    raw = multipart(
        "mixed",
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nGrüße\nAnn",
        PICTURE,
    )
    digest = parse(raw).digest
    assert len(digest) == 64
    assert parse(raw.replace(b"\r\n", b"\n")).digest == digest
    assert parse(b"Received: from a by b; Tue, 3 May 2022 10:22:35 +0200\r\n" + raw).digest == digest
    assert (
        parse(raw.replace(b"Ann\r\n", b"Ann \t\r\n").replace(b"Subject: Lamp", b"Subject: Lamp ")).digest
        == digest
    )
    quoted = raw.replace(b"8bit", b"quoted-printable").replace("Grüße".encode(), b"Gr=C3=BC=C3=9Fe")
    assert parse(quoted).digest == digest
    assert parse(raw.replace(b"sep", b"other")).digest == digest
    assert parse(raw + b"\r\n\r\n").digest == digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"ann@", b"bob@"),
        (b"10:22:33", b"10:22:34"),
        (b"Subject: Lamp", b"Subject: Lamb"),
        (b"plain", b"other"),
        (b"aGVsbG8", b"aGVsbGs"),
    ],
)
def test_the_digest_tells_other_content(old: bytes, new: bytes) -> None:
    raw = multipart("mixed", PLAIN, PICTURE)
    assert old in raw
    assert parse(raw.replace(old, new)).digest != parse(raw).digest
