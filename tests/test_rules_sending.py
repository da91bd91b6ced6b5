"""What rules send, call and run: where it is allowed, to whom nothing speaks against it, in the world at most once."""

from __future__ import annotations

import contextlib
import http.server
import json
import re
import ssl
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from inbox.model import Status
from inbox.rules.calling import OLD, Calling
from inbox.saved_replies import SavedReply
from inbox.worker import Worker
from storage.workspace import open_store
from tests.faults.kill import python_child
from tests.post_office import SECRET, Known, PostOffice, caught_up
from tests.post_office import letter as arrival
from tests.ruled import Shop, settings_of
from tests.servers.certificates import Certificate, make_certificate
from tests.servers.looping import serving
from tests.servers.mailboxes import on_smtp
from tests.servers.smtp import SmtpServer
from tests.stores import DAY, letter
from tests.test_rules import rule
from tui.line.desk import Desk as LineDesk
from tui.line.desk import unix_user
from tui.line.watching import rules_owner

SENDING = "automatic_sending = true\n"
AWAY = rule("message-in", '{ send = "away" }', "", "automatic = true", name="away")
MORE = rule("silence", '{ send = "still" }', "", 'after = "2h"\nautomatic = true', name="still")
CALLED_AWAY = rule("tag", '{ send = "away" }', "tag:away", "automatic = true", name="away")


class Sender:
    """A shop whose rules send, over a real server."""

    def __init__(
        self, folder: Path, rules: str, server: SmtpServer, address: str, head: str = SENDING
    ) -> None:
        self.server = server
        self.shop = Shop(folder, rules, head + f'us = ["{address}"]\n', team=TEAMLESS)
        server.users["ann"] = SECRET
        box = on_smtp(server, address=address)
        self.shop.settings = self.with_box = replace(self.shop.settings, mailboxes=(box,))
        self.shop.saves("away", "We are away.\n")
        self.shop.saves("still", "Still there?\n")

    def sends(self) -> int:
        """What is due leaves; how much."""
        before = len(self.server.taken)
        settings, desk = self.shop.settings, self.shop.desk
        worker = Worker(self.shop.store, settings, settings.us, Known({}, []), lambda: desk.now)
        worker.send(set())
        return len(self.server.taken) - before

    def left(self) -> list[bytes]:
        return [one.raw for one in self.server.taken]


TEAMLESS = '[hours]\nzone = "UTC"\n'


@pytest.fixture
def sender(tmp_path: Path, smtp_server: SmtpServer) -> Iterator[Sender]:
    one = Sender(tmp_path, AWAY, smtp_server, "support@shop.example")
    yield one
    one.shop.desk.verified()
    one.shop.store.close()


# --------------------------------------------------------------------------- who is written to


def test_an_answer_leaves_says_that_no_person_wrote_it_and_meets_no_clock(sender: Sender) -> None:
    number = sender.shop.asks()
    assert sender.shop.did(number) == [("away", ["send away to jo@park.example"])]
    assert sender.sends() == 1
    (raw,) = sender.left()
    assert b"Auto-Submitted: auto-replied" in raw
    assert b"In-Reply-To: <1@park.example>" in raw
    here = sender.shop.state(number)
    assert (here.status, here.assignee, here.waiting_since is None) == (Status.OPEN, None, False)
    sender.shop.asks("Hello?", answers=["<1@park.example>"])
    assert "within a day" in sender.shop.did(number)[-1][1][0]
    assert sender.sends() == 0


def test_nothing_is_sent_while_the_settings_do_not_allow_it(tmp_path: Path, smtp_server: SmtpServer) -> None:
    one = Sender(tmp_path, AWAY, smtp_server, "support@shop.example", head="")
    number = one.shop.asks()
    assert one.shop.did(number) == [("away", ["send away: not done. Automatic sending is off."])]
    assert one.shop.queued() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "auto-replied"},
        {"precedence": "bulk"},
        {"sender": "noreply@park.example"},
        {"sender": "MAILER-DAEMON@park.example"},
        {"return_path": "<>"},
    ],
    ids=str,
)
def test_machines_and_bounces_are_never_answered(sender: Sender, headers: dict[str, str]) -> None:
    sender.shop.asks(**headers)
    assert sender.shop.queued() == []
    assert "not done" in sender.shop.did()[0][1][0]


def test_what_no_message_asked_for_goes_unasked_and_once_a_day(
    tmp_path: Path, smtp_server: SmtpServer
) -> None:
    one = Sender(tmp_path, MORE, smtp_server, "support@shop.example")
    number = one.shop.asks()
    for _ in range(2 * 12):
        one.shop.desk.tick(7200)
        one.shop.look()
        one.sends()
    assert len(one.shop.queued()) == 1
    first, second = one.shop.did(number)  # what was sent began another silence
    assert first == ("still", ["send still to jo@park.example"])
    assert second[1][0].endswith("not done. jo@park.example has had such a message within a day.")
    assert b"Auto-Submitted: auto-generated" in one.left()[0]
    assert one.shop.state(number).waiting_since is not None


def test_a_text_with_a_place_that_nobody_filled_is_not_sent(sender: Sender) -> None:
    sender.shop.saves("away", "Your parcel is {where}.\n")
    sender.shop.asks()
    assert "could not be filled" in sender.shop.did()[0][1][0]
    assert sender.shop.queued() == []


# --------------------------------------------------------------------------- two that answer each other


def without_marks(raw: bytes, number: int) -> bytes:
    """A mail as machines write it that hide what they are."""
    raw = re.sub(rb"(?im)^(auto-submitted|precedence|x-auto-response-suppress):[^\r\n]*\r?\n", b"", raw)
    return re.sub(rb"(?im)^message-id:[^\r\n]*", b"Message-ID: <hidden-%d@relay.example>" % number, raw)


@pytest.mark.parametrize("hide", [False, True], ids=["honest", "hidden"])
def test_two_shops_whose_rules_answer_each_other_come_to_an_end(
    tmp_path: Path, smtp_server: SmtpServer, hide: bool
) -> None:
    """Three simulated days. Where both say that they are machines, it ends at once; where they hide it, no address gets
    more than one such answer a day, and all that is sent stays within the budgets."""
    rules = AWAY + rule("note", '{ send = "still" }', "", "automatic = true", name="unasked")
    sides = {
        name: Sender(tmp_path / name, rules, smtp_server, f"support@{name}.example")
        for name in ("one", "two")
    }
    start = sides["one"].shop.desk.now
    begun = letter("support@two.example", to="support@one.example", at=start, id_="<begin@two.example>")
    sides["one"].shop.desk.gets(begun)
    delivered = 0
    for _ in range(3 * 12):
        for side in sides.values():
            side.shop.desk.tick(7200)
            side.shop.look()
            side.sends()
        for taken in smtp_server.taken[delivered:]:
            delivered += 1
            to = taken.recipients[0].partition("@")[2].partition(".")[0]
            raw = without_marks(taken.raw, delivered) if hide else taken.raw
            sides[to].shop.desk.gets(raw)
    for side in sides.values():
        side.shop.look()
        vacations = [event for event in side.shop.queued() if event.data.get("vacation")]
        days = Counter((event.data["automatic"], (event.at - start) // DAY) for event in vacations)
        assert all(count == 1 for count in days.values())
        assert side.shop.stopped() == {}
        side.shop.desk.verified()
        side.shop.store.close()
    assert delivered == 1 if not hide else 1 < delivered <= 6


# --------------------------------------------------------------------------- webhooks and commands


@dataclass
class Hook:
    """A server that is told things over TLS, and answers with what a test likes."""

    certificate: Certificate
    status: int = 200
    location: str = ""
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    port: int = 0

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate.cert))


@contextlib.contextmanager
def hook_of(certificate: Certificate) -> Iterator[Hook]:
    hook = Hook(certificate)

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.told.append((self.path, json.loads(body)))
            self.send_response(hook.status)
            if hook.location:
                self.send_header("Location", hook.location)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.socket = certificate.server_context().wrap_socket(server.socket, server_side=True)
    hook.port = server.server_address[1]
    with serving(server, "hook"):
        yield hook


@pytest.fixture
def hook(tmp_path: Path) -> Iterator[Hook]:
    with hook_of(make_certificate(tmp_path)) as one:
        yield one


def calling(shop: Shop, owner: str | None = "anna", **more: Any) -> tuple[Calling, list[str]]:
    said: list[str] = []
    one = Calling(shop.store, shop.settings, lambda: shop.desk.now, said.append, owner, **more)
    return one, said


def done(shop: Shop, **more: Any) -> list[str]:
    """What waits is done; what went wrong."""
    one, said = calling(shop, **more)
    one.do_all()
    one.end()
    return said


def hooked(tmp_path: Path, hook: Hook) -> Shop:
    url = f"https://localhost:{hook.port}/told?x=1"
    return Shop(tmp_path, rule("message-in", f'{{ webhook = "{url}" }}', "subject:label"))


def test_a_webhook_is_told_ids_and_short_words_once(tmp_path: Path, hook: Hook) -> None:
    shop = hooked(tmp_path, hook)
    number = shop.asks("Something secret", subject="label please")
    assert done(shop, trusted=hook.trusted) == done(shop, trusted=hook.trusted) == []
    ((path, told),) = hook.told
    assert path == "/told?x=1"
    assert set(told) == {"rule", "on", "conversation", "event", "fired", "at", "held"}
    assert (told["rule"], told["conversation"], told["held"]) == (
        "one",
        number,
        ["message-in", "subject:label"],
    )
    assert "secret" not in json.dumps(told)


def test_a_webhook_goes_nowhere_else_and_trusts_nobody_unknown(tmp_path: Path, hook: Hook) -> None:
    shop = hooked(tmp_path, hook)
    hook.status, hook.location = 302, f"https://localhost:{hook.port}/elsewhere"
    shop.asks(subject="label")
    assert done(shop, trusted=hook.trusted) == ["The webhook of rule one was answered with 302."]
    assert [path for path, _ in hook.told] == ["/told?x=1"]
    shop.asks(subject="label", sender="mo@park.example")
    (said,) = done(shop)  # by the system's certificates
    assert "did not reach its server" in said
    assert len(hook.told) == 1
    assert len(shop.store.rulebook.troubles()) == 2


COMMAND = "import sys, os; open(sys.argv[1], 'a').write(' '.join(sys.argv[2:]) + chr(10)); print(os.environ.get('PW'))"


def commanded(tmp_path: Path) -> tuple[Shop, Path]:
    noted = tmp_path / "noted"
    words = json.dumps([sys.executable, "-c", COMMAND, str(noted), "{id}", "$(id); `id`", "<{rule}>"])
    return Shop(tmp_path, rule("message-in", f"{{ command = {words} }}", "subject:label")), noted


def test_a_command_gets_its_arguments_and_no_shell(tmp_path: Path) -> None:
    shop, noted = commanded(tmp_path)
    shop.asks(subject="label $(touch /tmp/never)")
    assert done(shop) == []
    assert noted.read_text() == "1 $(id); `id` <one>\n"


def test_only_an_owner_runs_what_rules_call(tmp_path: Path) -> None:
    shop, noted = commanded(tmp_path)
    shop.asks(subject="label")
    assert done(shop, owner=None) == []
    assert not noted.exists()
    shop.desk.tick(OLD + 1)
    done(shop)
    assert not noted.exists()  # it is too late by then
    assert shop.store.rulebook.troubles()[0][2] == "it is too late"


def test_what_fails_is_said_and_not_tried_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path, rule("message-in", '{ command = ["/nowhere/program", "{id}"] }'))
    shop.asks()
    (said,) = done(shop)
    assert "could not be started" in said
    assert done(shop) == []
    assert "could not be started" in shop.store.rulebook.troubles()[0][2]


def test_a_command_whose_worker_was_killed_is_not_run_twice(tmp_path: Path) -> None:
    shop, noted = commanded(tmp_path)
    shop.asks(subject="label")
    script = f"""
from pathlib import Path
from inbox.rules.calling import Calling
from inbox.settings import load
from storage.rules import Rules
from storage.workspace import open_store
from tests.faults.kill import mortal
Rules.end_call = mortal(Rules.end_call, "end")
store = open_store(Path({str(shop.store.workspace)!r}))
Calling(store, load(Path({str(shop.folder / "settings.toml")!r})), lambda: {shop.desk.now}, print, "anna").do_all()
"""
    with python_child(script, crash_at="before end") as child:
        child.finish()
        assert child.was_killed
    assert done(shop) == []
    assert noted.read_text().count("\n") == 1
    assert shop.store.rulebook.calls() == []


def test_two_workers_run_a_command_once(tmp_path: Path) -> None:
    shop, noted = commanded(tmp_path)
    shop.asks(subject="label")
    other = shop.another()
    both = [
        Calling(store, shop.settings, lambda: shop.desk.now, owner="anna") for store in (shop.store, other)
    ]
    threads = [threading.Thread(target=one.do_all) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert noted.read_text().count("\n") == 1
    other.close()


def test_what_an_older_rule_asked_for_is_dropped(tmp_path: Path) -> None:
    shop, noted = commanded(tmp_path)
    shop.asks(subject="label")
    shop.rewrite(rule("message-in", '{ tag = "label" }', "subject:label"))
    shop.look()
    done(shop)
    assert not noted.exists()
    assert shop.store.rulebook.troubles()[0][2] == "the rule is another one by now"


def test_what_rules_call_is_done_only_for_an_owner_whose_settings_nobody_else_could_write(
    tmp_path: Path,
) -> None:
    def owner(rules: str, mode: int = 0o600) -> tuple[str | None, list[str]]:
        said: list[str] = []
        path = tmp_path / "settings.toml"
        path.write_text(rules)
        path.chmod(mode)
        here = LineDesk(open_store, lambda _: None, workspace=tmp_path)
        return rules_owner(here, said.append), said

    calls = rule("note", '{ command = ["true"] }')
    assert owner(rule("note", '{ tag = "x" }')) == (None, [])  # nothing to run, nothing to say
    assert owner(calls) == (unix_user(), [])
    found, (said,) = owner(calls, 0o660)
    assert (found, "others may write" in said) == (None, True)
    assert owner(calls)[0] is not None
    cache = tmp_path / "settings.cache"
    mark, _, rest = cache.read_bytes().partition(b"\n")
    size = int(mark.split()[1])
    forged = rest[size:].replace(b'"true"', b'"evil"')
    cache.write_bytes(b"%s %d %d\n" % (mark.split()[0], size, crc32(forged)) + rest[:size] + forged)
    here = LineDesk(open_store, lambda _: None, workspace=tmp_path)
    assert here.settings().rules[0].then[0].words == ("evil",)
    assert rules_owner(here, lambda _: None) is None


def test_the_worker_asks_rules_about_new_mail_and_is_silent_about_the_first_sync(
    sending_office: PostOffice,
) -> None:
    office = sending_office
    rules = settings_of(
        office.folder,
        rule("message-in", '{ tag = "new" }, { send = "away" }', "", "automatic = true"),
        SENDING,
    )
    office.settings = replace(office.settings, rule_rows=rules.rule_rows, automatic_sending=True)
    office.store.documents.save_reply(SavedReply("away", "We are away."))
    office.arrives(arrival("old@park.example", "Old"))
    caught_up(office)
    assert office.store.rulebook.kept()["one"].fired == 0
    office.arrives(arrival("jo@park.example", "New"))
    done = office.sync()
    assert list(done.sent.values()) == ["sent"]  # by the same pass
    assert [row.tags for row in office.conversations()] == [(), ("new",)]
