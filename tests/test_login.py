"""`frontdesk login`: what a person sees while Microsoft waits for the code, and every way in which that ends."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from inbox.channels.logins import Secrets
from inbox.channels.microsoft import Account
from inbox.settings import load
from tests.front import Front
from tests.servers.certificates import Certificate
from tests.servers.mailboxes import mailbox
from tests.servers.microsoft import CLIENT, Microsoft, in_place_of_microsoft
from tui.line import login as line

SETTINGS = f"""
[[mailbox]]
name = "support"
address = "support@shop.example"
imap_host = "outlook.example"
smtp_host = "smtp.example"
oauth = "microsoft"
oauth_client = "{CLIENT}"

[[mailbox]]
name = "sales"
address = "sales@shop.example"
imap_host = "imap.example"
smtp_host = "smtp.example"
password_env = "SALES"
"""

pytestmark = pytest.mark.filterwarnings("ignore:Attempted too soon")  # the seconds here pass at once


class Seconds:
    """The seconds a login waits: none passes, and in each something may happen."""

    def __init__(self) -> None:
        self.passed = 0
        self.happens: dict[int, Callable[[], object]] = {}

    def __call__(self, _seconds: float) -> None:
        self.passed += 1
        self.happens.get(self.passed, lambda: None)()


@pytest.fixture
def microsoft(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Microsoft]:
    with in_place_of_microsoft(certificate, monkeypatch) as server:
        yield server


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    found = Seconds()
    monkeypatch.setattr(line, "pause", found)
    return found


@pytest.fixture
def desk(front: Front) -> Front:
    front.who = ""
    front.write_settings(SETTINGS)
    return front


def kept(desk: Front) -> list[str]:
    """The files of logins in the workspace."""
    return [file.name for file in (desk.workspace / "secrets").glob("*") if file.suffix == ".msal"]


def test_a_person_types_the_code_and_the_mailbox_has_its_token(
    desk: Front, microsoft: Microsoft, seconds: Seconds
) -> None:
    seconds.happens[12] = lambda: microsoft.approve("CODE0001", "support@shop.example")
    ran = desk.ok("login", "support")
    assert ran.lines == [
        "Open https://microsoft.com/devicelogin in any browser, and type this code there:",
        "  CODE0001",
        "Log in as the owner of support@shop.example.",
        "Mailbox support is logged in as support@shop.example.",
    ]
    assert ran.err == ""
    assert seconds.passed == 15  # asked every five seconds
    assert kept(desk) == ["support.msal"]
    assert not any(secret in ran.out + ran.err for secret in microsoft.told)
    box = load(desk.workspace / "settings.toml").mailboxes[0]
    assert Secrets(os.environ, desk.workspace / "secrets").of(box).reveal() in microsoft.told


def test_a_worker_that_waits_for_the_login_is_told(
    desk: Front, microsoft: Microsoft, seconds: Seconds
) -> None:
    seconds.happens[1] = lambda: microsoft.approve("CODE0001", "ann")
    desk.ok("login", "support")
    store = desk.store()
    try:
        assert [(job.kind, job.data) for job in store.jobs.due(desk.now)] == [("sync", "support")]
    finally:
        store.close()


def test_microsoft_is_asked_less_often_when_it_says_so(
    desk: Front, microsoft: Microsoft, seconds: Seconds
) -> None:
    microsoft.say(400, "slow_down")
    seconds.happens[6] = lambda: microsoft.approve("CODE0001", "ann")
    desk.ok("login", "support")
    assert seconds.passed == 5 + 10


def test_a_server_that_breaks_meanwhile_does_not_end_the_login(
    desk: Front, microsoft: Microsoft, seconds: Seconds
) -> None:
    """msal itself holds a server that is broken for broken for a minute, so this login ends by its time."""
    microsoft.code_seconds = 60
    microsoft.say(502, "bad_gateway")
    ran = desk.run("login", "support")
    assert (ran.status, seconds.passed) == (1, 60)


def test_a_login_that_is_declined_or_runs_out_says_so(
    desk: Front, microsoft: Microsoft, seconds: Seconds
) -> None:
    for number, happens, said in (
        (1, microsoft.decline, "was declined in the browser"),
        (2, microsoft.run_out, "has run out; nobody typed it in time"),
    ):
        seconds.passed = 0
        seconds.happens[3] = partial(happens, f"CODE{number:04}")
        ran = desk.run("login", "support")
        assert ran.status == 1
        assert said in ran.err
        assert "Run: frontdesk login support" in ran.err
        assert kept(desk) == []


def test_nobody_waits_longer_than_the_code_is_good_for(
    desk: Front, microsoft: Microsoft, seconds: Seconds
) -> None:
    microsoft.code_seconds = 60
    ran = desk.run("login", "support")
    assert (ran.status, seconds.passed) == (1, 60)
    assert "The code has run out" in ran.err


def test_the_time_left_is_told(microsoft: Microsoft, seconds: Seconds, desk: Front) -> None:
    microsoft.code_seconds = 125
    told: list[str] = []
    login = Account(mailbox(oauth="microsoft", oauth_client=CLIENT), desk.workspace / "secrets").begin()
    seconds.happens[119] = lambda: microsoft.approve(login.code, "ann")
    assert line.wait_for(login, lambda: False, told.append) == "ann"
    assert told[0] == "Waiting for you: 2:05 left. Ctrl+C ends it."
    assert told[-1] == "Waiting for you: 0:06 left. Ctrl+C ends it."


def test_ctrl_c_ends_the_waiting_and_keeps_nothing(
    desk: Front, microsoft: Microsoft, seconds: Seconds
) -> None:
    seconds.happens[2] = lambda: signal.raise_signal(signal.SIGINT)
    seconds.happens[3] = lambda: microsoft.approve("CODE0001", "ann")
    ran = desk.run("login", "support")
    assert ran.status == 130
    assert "Interrupted: mailbox support is not logged in." in ran.err
    assert seconds.passed == 2
    assert kept(desk) == []


def test_only_a_mailbox_at_microsoft_is_logged_in(desk: Front) -> None:
    ran = desk.run("login", "suport")
    assert (ran.status, ran.out) == (2, "")
    assert 'There is no mailbox "suport" in the settings; did you mean "support"?' in ran.err
    assert "There are: support, sales." in ran.err
    ran = desk.run("login", "sales")
    assert (ran.status, ran.out) == (2, "")
    assert "Mailbox sales needs no login here" in ran.err


def test_what_microsoft_says_is_shown_as_text(desk: Front, microsoft: Microsoft, seconds: Seconds) -> None:
    microsoft.code_form = "\x1b[31mCODE{}\n"
    seconds.happens[1] = lambda: microsoft.say(400, "wrong", "no\x1b]0;title\x07 \x1b[31mred")
    ran = desk.run("login", "support")
    assert ran.status == 4
    assert "Microsoft refused the login of mailbox support: no" in ran.err
    assert "CODE1" in ran.lines[1]
    assert len(ran.lines) == 3
    assert "\x1b" not in ran.err + ran.out


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            'oauth = "microsoft"',
            "6: mailbox.oauth: this needs oauth_client beside it: the id of an application",
        ),
        (
            'oauth = "google"\noauth_client = "x"',
            '6: mailbox.oauth: this text does not fit. Write "microsoft".',
        ),
        (
            'oauth = "microsoft"\noauth_client = "x"\noauth_tenant = "a/b"',
            '8: mailbox.oauth_tenant: this text does not fit. Write "common",',
        ),
        (
            'oauth = "microsoft"\noauth_client = "a b"',
            "7: mailbox.oauth_client: this text does not fit. Write the id of an application",
        ),
        (
            'oauth = "microsoft"\noauth_client = "x"\npassword_env = "A"',
            "6: mailbox.oauth: password_env already says where the password is. Keep one of the two.",
        ),
        (
            'password_env = "A"\noauth_tenant = "common"',
            '7: mailbox.oauth_tenant: this belongs to oauth. Write oauth = "microsoft" beside it.',
        ),
    ],
)
def test_mistakes_in_the_settings_are_named(front: Front, lines: str, said: str) -> None:
    head = SETTINGS.partition("oauth")[0].strip()
    front.write_settings(f"{head}\n{lines}\n")
    ran = front.run("login", "support")
    assert ran.status == 3
    assert said in ran.err


def test_the_settings_say_whose_login_it_is(desk: Front) -> None:
    for _ in range(2):  # read, and then from what was kept
        support, sales = load(desk.workspace / "settings.toml", desk.workspace / "settings.cache").mailboxes
        assert (support.oauth, support.oauth_client, support.oauth_tenant) == ("microsoft", CLIENT, "common")
        assert (support.takes_token, sales.takes_token, sales.oauth) == (True, False, None)
