"""Text as strangers write it who want a terminal to obey: forty of them, and a shop in which they stand everywhere.

Each is told from what the program itself writes: no colour, place or mode in them is one that Frontdesk uses.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

from inbox.actions import decision
from inbox.chat.names import Name
from inbox.errors import FrontdeskError
from inbox.knowledge import Article
from inbox.model import Who
from inbox.ports import Draft, MailboxState, Result
from inbox.saved_replies import SavedReply
from storage.workspace import Workspace, open_store
from tests.shop import NOW, ZONE, deliver

STRINGS: dict[str, str] = {
    "title": "\x1b]0;PWNED\x07",
    "icon and title": "\x1b]2;PWNED\x1b\\",
    "link": "\x1b]8;;https://evil.example/\x1b\\link\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;UFdORUQ=\x07",
    "notify of iTerm": "\x1b]9;PWNED\x07",
    "notify of rxvt": "\x1b]777;notify;PWNED;x\x07",
    "file of iTerm": "\x1b]1337;File=inline=1:UFdORUQ=\x07",
    "colours of the palette": "\x1b]4;1;rgb:ff/00/00\x1b\\",
    "colour": "\x1b[5;41;93mred",
    "wipe": "\x1b[2J\x1b[3J",
    "away": "\x1b[999;999Hx",
    "who are you": "\x1b[c\x1b[>c",
    "where are you": "\x1b[6n",
    "what is your title": "\x1b[21t",
    "other screen": "\x1b[?1049l\x1b[?47l",
    "no wrap": "\x1b[?7h\x1b[4h",
    "mouse": "\x1b[?1002h",
    "scroll region": "\x1b[2;3r",
    "reset": "\x1bc",
    "soft reset": "\x1b[!p",
    "line drawing": "\x1b(0qqq\x0e",
    "dcs": "\x1bP+q544e\x1b\\",
    "sixel": "\x1bPq#0;2;0;0;0~-\x1b\\",
    "apc": "\x1b_Gf=100;AAAA\x1b\\",
    "pm": "\x1b^PWNED\x1b\\",
    "sos": "\x1bXPWNED\x1b\\",
    "c1 csi": "\x9b31mred",
    "c1 osc": "\x9d0;PWNED\x9c",
    "c1 dcs": "\x90q\x9c\x85\x8d",
    "bell": "\x07\x07ding",
    "overprint": "evil\b\b\b\bgood\x08",
    "back to the left": "evil\rgood\r\x0b\x0c",
    "nul and del": "a\x00b\x7fc\x1a\x04",
    "override": "invoice\u202efdp.exe\u202c\u202a\u200f\u061c",
    "isolates": "\u2066a\u2067b\u2068c\u2069",
    "zero width": "pay\u200b\u200c\u200d\ufeff\u2060" * 12 + "pal",
    "marks": "Z" + "\u0301\u0336\u20dd\u0489" * 20 + "o",
    "tags": "tag\U000e0041\U000e0042\U000e007f",
    "variations": "v" + "\ufe0f\ufe0e\U000e0100" * 20,
    "half": "half\ud83d\udfff",
    "no character": "\ufffe\uffff\ufdd0\U0010ffff",
    "line ends": "one\u2028two\u2029three\x85four",
    "markup": "[bold red]x[/] [/] [/foo] [",
    "action": "[@click=app.quit]click[/]",
    "link in markup": "[link=https://evil.example/]click[/link]",
    "markdown": "[click](javascript:alert(1)) ![x](https://evil.example/x.png)",
    "formats": "{} {0.__class__} %s %(x)n ${IFS} $(touch PWNED) `touch PWNED`",
    "long": "long" * 3000,
}
"""What it would do -> the text."""

EVERYTHING = tuple(STRINGS.values())


def bunches(most: int = 6) -> list[str]:
    """All of them, `most` in one text: for places where one of many would take too long."""
    texts = [text[:120] for text in EVERYTHING]
    return [" ".join(texts[at : at + most]) for at in range(0, len(texts), most)]


def as_bytes(text: str) -> bytes:
    """Also the half of a pair, which is no text at all."""
    return text.encode("utf-8", "surrogatepass")


def one_line_of(text: str) -> bytes:
    """On one line of a mail, as it stands there raw."""
    return as_bytes(text).replace(b"\r", b" ").replace(b"\n", b" ")


def encoded(text: str) -> bytes:
    """As encoded words (RFC 2047): there also line ends get through."""
    raw = as_bytes(text)
    words = [raw[at : at + 45] for at in range(0, len(raw), 45)]
    return b"\n ".join(b"=?utf-8?B?" + base64.b64encode(word) + b"?=" for word in words)


def hostile_mail(number: int, text: str) -> bytes:
    """A mail with this text wherever a stranger can put one; `number` marks where it stands."""
    mark = f"{number:02}"
    in_quotes = one_line_of(text).replace(b"\\", b"").replace(b'"', b"")[:200]
    at = NOW - 86_400 + 60 * number
    body = as_bytes(text)
    from datetime import datetime

    date = format_datetime(datetime.fromtimestamp(at, ZONE)).encode()
    who, subject, name = (encoded(f"{mark}{place}{text}") for place in ("name", "subject", "file"))
    head = (
        (b"From: %b <who%b@evil.example>\n" % (who, mark.encode()))
        + (b'To: "%b" <support@shop.example>, "%b"@evil.example\n' % (in_quotes, in_quotes))
        + (b"Cc: %b <cc@evil.example>\n" % who)
        + (b'Reply-To: "%b" <reply%b@evil.example>\n' % (in_quotes, mark.encode()))
        + (b"Subject: %b\n" % subject)
        + (b"Date: %b\nMessage-ID: <%b-%b@evil.example>\n" % (date, mark.encode(), in_quotes[:40]))
        + b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=_b"\n'
    )
    plain = (
        (b"%bbody%b\n\nOn Monday, %b wrote:\n> " % (mark.encode(), body, in_quotes))
        + (b"%bquote" % mark.encode() + body)
        + (b"\n\n-- \n%bsignature" % mark.encode() + body)
    )
    page = (
        b"<title>" + body + b"</title><p>" + mark.encode() + b"html" + body + b"</p>"
        b'<a href="https://evil.example/' + quote(body).encode() + b'">' + body + b"</a>"
        b'<img src="https://evil.example/x.png" alt="' + body + b'">'
    )
    latin = text.encode("latin-1", "replace")
    parts = (
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + plain,
        b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + page,
        b"Content-Type: text/plain; charset=latin-1\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(latin),
        (b'Content-Type: application/pdf; name="' + name.replace(b"\n", b"\n\t") + b'"\n')
        + b"Content-Disposition: attachment; filename*=utf-8''"
        + quote(as_bytes(f"{mark}file{text}"[:300])).encode()
        + b"\nContent-Transfer-Encoding: base64\n\nJVBERg==\n",
    )
    return head + b"\n" + b"".join(b"--=_b\n" + part + b"\n" for part in parts) + b"--=_b--\n"


SETTINGS = """
us = ["support@shop.example", "@shop.example"]
hours = "always"

[[team]]
name = "anna"
role = "owner"

[[team]]
name = "bo"

[[action]]
name = "to-bo"
key = "b"
then = [{ tag = "ok" }, { assign = "bo" }]

[[mailbox]]
name = "support"
address = "support@shop.example"
imap_host = "127.0.0.1"
imap_port = 1
smtp_host = "127.0.0.1"
smtp_port = 1
password_env = "NOT_SET"
"""


def hostile_shop(folder: Path, texts: Sequence[str]) -> Workspace:
    """A workspace in which each text stands in mail, notes, tags, drafts, saved replies, and in what servers said."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(SETTINGS, "utf-8")
    store = open_store(folder)
    from inbox.settings import load
    from inbox.settings_mark import settings_mark

    path = folder / "settings.toml"
    store.apply(load(path, now=NOW), NOW - 30 * 86_400, settings_mark(path))
    for number, text in enumerate(texts):
        _live_through(store, number, text)
        said = without_halves(text)
        store.names.ask([Name(f"{number:02}person{said}", ((f"chat{said}", 3),), f"said{said}")])
    trouble = [without_halves(text) for text in bunches(12)]
    store.show_mailbox(
        MailboxState(
            "support", "refused", NOW - 999, NOW - 9999, f"trouble{trouble[0]}", f"next{trouble[1]}", NOW + 60,
            f"folder{trouble[2][:200]}", 500, 1000, NOW - 99, 999, (f"question{trouble[3]}", *trouble),
        )
    )  # fmt: skip
    return store


def _live_through(store: Workspace, number: int, text: str) -> None:
    mark = f"{number:02}"
    conversation = deliver(store, hostile_mail(number, text))
    does(store, "bo", "note", conversation=conversation, text=f"{mark}note{text}")
    does(store, "bo", "tag", conversation=conversation, add=[f"{mark}tag{text}"])
    if number % 4 == 1:
        does(store, "anna", "hold", conversation=conversation, whom=f"{mark}for{text}")
    if number % 4 == 2:
        does(store, "anna", "snooze", conversation=conversation, until=NOW + 3600)
    if number % 3 == 0:
        does(
            store,
            "anna",
            "link",
            conversation=conversation,
            issue="strike",
            new="issue",
            title=f"title{text}",
        )
    _answer(store, conversation, number, text)
    text = without_halves(text)
    for who in ("anna", "bo"):
        draft = Draft(
            conversation, who, "reply", f"{mark}draft{text}", (f'"{text}" <x@evil.example>',), at=NOW
        )
        store.save_draft(draft if number % 3 else replace(draft, subject=text, kind="new"))
    try:
        store.documents.save_reply(SavedReply(f"{mark}saved{text}", f"{mark}words{text}", ("en",), (text,)))
    except FrontdeskError:
        store.documents.save_reply(SavedReply(f"{mark}saved", f"{mark}words{text}"))
    with suppress(FrontdeskError):
        store.documents.save_article(Article(f"{mark}article{text}", f"{mark}wisdom{text}", (text,), ("en",)))
    if number % 5 == 0:
        does(store, "anna", "upset", conversation=conversation, upset=True)


def does(store: Workspace, who: str, verb: str, **arguments: object) -> tuple[int, ...]:
    """Somebody does something, if it is not refused; the conversations that changed."""
    try:
        outcome = store.change(*decision(verb, **arguments), Who(who), NOW)
    except FrontdeskError:
        return ()
    return outcome.conversations if outcome.refusal is None else ()


def _answer(store: Workspace, conversation: int, number: int, text: str) -> None:
    """An answer of ours, and what a mail server said to it; every fourth has not left."""
    address = f"who{number:02}@evil.example"
    done = does(
        store, "anna", "reply", conversation=conversation, text=f"{number:02}reply{text}", to=[address],
        sender="support@shop.example", leave_after=0 if number % 4 else 3600, subject=f"Re: {number:02}",
    )  # fmt: skip
    for going in store.sending.due(NOW) if done else ():
        store.sending.phase(going.message, "connecting", NOW)
        store.sending.phase(going.message, "data", NOW)
        state = ("failed", "unknown", "refused-for-now")[number % 3]
        results = dict.fromkeys(
            going.recipients, Result(state, f"550 {number:02}server{without_halves(text)}")
        )
        store.sending.settle(going, results, NOW, NOW + 600)


def without_halves(text: str) -> str:
    """Without half pairs, where only what UTF-8 can carry gets to."""
    return "".join(each for each in text if not "\ud800" <= each <= "\udfff")


def in_toml(text: str) -> str:
    """A string of TOML."""
    return json.dumps(without_halves(text))
