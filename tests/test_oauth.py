"""Access tokens that run out: renewed once, from a command or from Microsoft, and a person is asked when that fails."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tarfile
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from inbox.channels import microsoft as at_microsoft
from inbox.channels.imap import connect
from inbox.channels.logins import Secrets, logged_in
from inbox.channels.microsoft import Account, login_file
from inbox.channels.passwords import Secret
from inbox.channels.smtp import Sender
from inbox.channels.trouble import BadPassword, NeedsLogin, NetworkTrouble, RefusedCertificate, ServerSaidNo
from inbox.errors import BadSettings, FrontdeskError, NotDone, WorldError
from inbox.journal import masked
from inbox.settings import Mailbox
from tests.faults.proxy import Proxy
from tests.front import Front
from tests.letters import mail
from tests.servers.certificates import Certificate
from tests.servers.dovecot import Dovecot
from tests.servers.mailboxes import mailbox, on_dovecot, on_smtp
from tests.servers.microsoft import CLIENT, Microsoft, in_place_of_microsoft
from tests.servers.smtp import SmtpServer

GOOD, PAST = 4_000_000_000, 1_500_000_000
ROOT = Path(__file__).parent.parent

MakeSmtp = Callable[..., SmtpServer]
MakeProxy = Callable[[str, int], Proxy]
ASKED_FAST = pytest.mark.filterwarnings("ignore:Attempted too soon")  # no test waits as msal would have us


class Printer:
    """A token command that prints the next of some tokens each time, and the last one from then on."""

    def __init__(self, folder: Path, *tokens: str) -> None:
        folder.mkdir(exist_ok=True)
        self._runs = folder / "runs"
        (folder / "tokens").write_text("".join(f"{token}\n" for token in tokens), "utf-8")
        script = folder / "token.sh"
        script.write_text(
            f'cd "{folder}"\necho >> runs\nn=$(wc -l < runs)\nhead -n "$n" tokens | tail -n 1\n', "utf-8"
        )
        self.line = f"sh '{script}'"

    def runs(self) -> int:
        """How often it was run."""
        return len(self._runs.read_text().splitlines()) if self._runs.exists() else 0


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    return Secrets(os.environ, tmp_path / "secrets")


def told(error: BaseException) -> str:
    """All that could be shown of an error."""
    return "".join(traceback.format_exception(error)) + repr(error)


# --------------------------------------------------------------------------- a command that prints tokens


def test_24_an_expired_token_is_renewed_once_and_mail_comes(
    own_dovecot: Dovecot, proxy_to: MakeProxy, tmp_path: Path, secrets: Secrets
) -> None:
    own_dovecot.add_user("ann")
    own_dovecot.append("ann", mail(body="the lamp is broken\r\n"))
    command = Printer(tmp_path, own_dovecot.token("ann", PAST), own_dovecot.token("ann", GOOD))
    line = proxy_to(own_dovecot.host, own_dovecot.port)
    where = on_dovecot(own_dovecot, "ann", imap_port=line.port, token_command=command.line)

    with logged_in(where, secrets, connect) as connection:
        (letter,) = connection.fetch(connection.look("INBOX").uids)
        assert b"the lamp is broken" in letter.raw
    assert (command.runs(), line.connections) == (2, 2)
    logged_in(where, secrets, connect).close()
    assert (command.runs(), line.connections) == (2, 3)  # what was taken is remembered


def test_24_a_token_that_stays_expired_costs_two_logins_and_another_mailbox_goes_on(
    own_dovecot: Dovecot,
    dovecot: Dovecot,
    imap_user: str,
    proxy_to: MakeProxy,
    tmp_path: Path,
    secrets: Secrets,
) -> None:
    own_dovecot.add_user("ann")
    tokens = [own_dovecot.token("ann", PAST + n) for n in range(5)]
    command = Printer(tmp_path / "expired", *tokens)
    line = proxy_to(own_dovecot.host, own_dovecot.port)
    where = on_dovecot(own_dovecot, "ann", imap_port=line.port, token_command=command.line)
    good = Printer(tmp_path / "good", dovecot.token(imap_user, GOOD))
    other = on_dovecot(dovecot, imap_user, name="other", token_command=good.line)

    for _ in range(3):
        with pytest.raises(NeedsLogin) as caught:
            logged_in(where, secrets, connect)
        assert "refused the user or access token of the mailbox support" in caught.value.what
        assert "run it by hand as the user who syncs" in caught.value.next_step
        assert not any(token in told(caught.value) for token in tokens)
        logged_in(other, secrets, connect).close()

    assert (command.runs(), line.connections) == (2, 2)
    assert good.runs() == 1


def test_a_pass_fetches_and_sends_with_renewed_tokens_and_names_who_has_to_log_in(
    own_dovecot: Dovecot, make_smtp: MakeSmtp, front: Front, tmp_path: Path
) -> None:
    server = make_smtp("none")
    settings = 'us = ["support@shop.example"]\n'
    for name, tokens in (
        ("support", [own_dovecot.token("support", at) for at in (PAST, GOOD)]),
        ("sales", [own_dovecot.token("sales", PAST + n) for n in range(9)]),
    ):
        command = Printer(tmp_path / name, *tokens)
        server.tokens[name] = tokens[1]
        own_dovecot.append(own_dovecot.add_user(name), mail(body=f"for {name}\r\n"))
        settings += (
            f'\n[[mailbox]]\nname = "{name}"\naddress = "{name}@shop.example"\nuser = "{name}"\n'
            f'imap_host = "127.0.0.1"\nimap_port = {own_dovecot.port}\nimap_security = "none"\n'
            f'smtp_host = "127.0.0.1"\nsmtp_port = {server.port}\nsmtp_security = "none"\n'
            f'token_command = "{command.line}"\n'
        )
    front.who = ""
    front.write_settings(settings)

    ran = front.run("sync")
    assert (ran.status, ran.lines[0]) == (4, "1 fetched")
    assert ran.err.count("refused the user or access token of the mailbox sales") == 1
    assert "The token_command of mailbox sales gives no token that is taken" in ran.err
    assert own_dovecot.log().count("auth failed") == 3
    (number,) = front.ok("list").ids
    front.ok("reply", number, "--text", "It is on its way.")
    ran = front.run("sync")
    assert ran.lines == ["0 fetched, 1 sent"]
    assert [taken.user for taken in server.taken] == ["support"]


def test_the_same_token_again_is_not_tried_again(
    make_smtp: MakeSmtp, tmp_path: Path, secrets: Secrets
) -> None:
    server = make_smtp("tls", tokens={"ann": "new"})
    command = Printer(tmp_path, "old")
    where = on_smtp(server, token_command=command.line)

    assert secrets.renewed(where, secrets.of(where)) is None
    assert command.runs() == 2


async def give(where: Mailbox, secrets: Secrets) -> str:
    """Send a mail over a line of its own; the state of its recipient."""
    async with Sender(where, secrets) as line:
        outcomes = await line.send(mail(), where.address, ["bo@mail.example"], lambda _: None)
    return outcomes["bo@mail.example"].state


async def test_an_expired_token_is_renewed_once_and_the_answer_leaves(
    make_smtp: MakeSmtp, tmp_path: Path, secrets: Secrets
) -> None:
    server = make_smtp("starttls", tokens={"ann": "token-2"})
    command = Printer(tmp_path, "token-1", "token-2")
    where = on_smtp(server, token_command=command.line)

    assert await give(where, secrets) == "sent"
    assert (command.runs(), server.connections, len(server.taken)) == (2, 2, 1)
    server.tokens["ann"] = "token-3"  # an hour later
    with (tmp_path / "tokens").open("a") as file:
        file.write("token-3\n")
    assert await give(where, secrets) == "sent"
    assert (command.runs(), server.connections, len(server.taken)) == (3, 4, 2)


async def test_a_token_that_stays_expired_costs_two_logins_when_sending(
    make_smtp: MakeSmtp, tmp_path: Path, secrets: Secrets
) -> None:
    server = make_smtp("starttls", tokens={"ann": "right", "bo": "right"})
    command = Printer(tmp_path / "expired", *(f"expired-{n}" for n in range(9)))
    where = on_smtp(server, token_command=command.line)
    other = on_smtp(server, name="other", user="bo", token_command=Printer(tmp_path / "good", "right").line)

    for _ in range(3):
        with pytest.raises(NeedsLogin) as caught:
            await give(where, secrets)
        assert "expired-" not in told(caught.value)
    assert server.commands.count("AUTH XOAUTH2") == 2
    assert await give(other, secrets) == "sent"
    secrets.start_over(where)
    with pytest.raises(NeedsLogin):
        await give(where, secrets)
    assert server.commands.count("AUTH XOAUTH2") == 5


async def test_where_sending_is_forbidden_fetching_goes_on(
    dovecot: Dovecot, imap_user: str, make_smtp: MakeSmtp, tmp_path: Path, secrets: Secrets
) -> None:
    server = make_smtp("none", tokens={})
    command = Printer(tmp_path, *(dovecot.token(imap_user, GOOD + n) for n in range(9)))
    where = on_smtp(server, **_imap_of(dovecot, imap_user), token_command=command.line)

    with pytest.raises(NeedsLogin):
        await give(where, secrets)
    logged_in(where, secrets, connect).close()
    with pytest.raises(NeedsLogin):
        await give(where, secrets)
    logged_in(where, secrets, connect).close()
    assert server.connections == 2


def _imap_of(server: Dovecot, user: str) -> dict[str, Any]:
    return {"imap_host": server.host, "imap_port": server.port, "user": user}


def test_threads_that_are_refused_at_once_renew_once(tmp_path: Path, secrets: Secrets) -> None:
    command = Printer(tmp_path, *(f"token-{n}" for n in range(20)))
    where = mailbox(token_command=command.line)
    at_once = threading.Barrier(8)

    def refused_first(_: Mailbox, secret: Secret) -> str:
        if secret.reveal() == "token-0":
            at_once.wait(30)
            raise BadPassword("no")
        return secret.reveal()

    with ThreadPoolExecutor(8) as pool:
        lines = [pool.submit(logged_in, where, secrets, refused_first) for _ in range(8)]
        assert {line.result(60) for line in lines} == {"token-1"}
    assert command.runs() == 2


# --------------------------------------------------------------------------- Microsoft


@pytest.fixture
def microsoft(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Microsoft]:
    with in_place_of_microsoft(certificate, monkeypatch) as server:
        yield server


def of_microsoft(**fields: Any) -> Mailbox:
    return mailbox(**{"oauth": "microsoft", "oauth_client": CLIENT, **fields})


def log_in(microsoft: Microsoft, folder: Path, where: Mailbox, user: str = "ann") -> None:
    """What a person does once."""
    login = Account(where, folder).begin()
    microsoft.approve(login.code, user)
    assert login.attempt() == user


@pytest.fixture
def where(microsoft: Microsoft, tmp_path: Path) -> Mailbox:
    """A mailbox that is logged in."""
    found = of_microsoft()
    log_in(microsoft, tmp_path / "secrets", found)
    return found


@ASKED_FAST
def test_a_login_by_code_is_kept_for_its_owner_alone(microsoft: Microsoft, tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    login = Account(of_microsoft(), folder).begin()
    assert (login.page, login.seconds, login.pause) == ("https://microsoft.com/devicelogin", 900, 5)
    assert [login.code] == microsoft.codes()
    assert login.attempt() is None
    microsoft.say(400, "slow_down")
    assert login.attempt() is None
    assert login.pause == 10
    assert not folder.exists()
    microsoft.approve(login.code, "ann@shop.example")
    before = os.umask(0)
    try:
        assert login.attempt() == "ann@shop.example"
    finally:
        os.umask(before)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    token = Account(of_microsoft(), folder).token()
    assert token.reveal() == "access-ann@shop.example-2"


@ASKED_FAST
def test_a_login_that_comes_to_nothing_says_why_and_keeps_nothing(
    microsoft: Microsoft, tmp_path: Path
) -> None:
    account = Account(of_microsoft(), tmp_path / "secrets")
    for happens, said in (
        (microsoft.decline, "The login of mailbox support was declined in the browser."),
        (microsoft.run_out, "The code for mailbox support has run out; nobody typed it in time."),
    ):
        login = account.begin()
        happens(login.code)
        with pytest.raises(NotDone) as caught:
            login.attempt()
        assert caught.value.what == said
        assert caught.value.next_step == "Run: frontdesk login support"
    login = account.begin()
    microsoft.say(400, "bad_verification_code")
    with pytest.raises(NotDone):
        login.attempt()
    microsoft.say(500, "server_error")
    with pytest.raises(NetworkTrouble, match="HTTP Error: 500"):
        login.attempt()
    assert not (tmp_path / "secrets").exists()


def test_a_wrong_application_or_tenant_is_a_mistake_in_the_settings(
    microsoft: Microsoft, tmp_path: Path
) -> None:
    with pytest.raises(BadSettings, match="AADSTS700016") as caught:
        Account(of_microsoft(oauth_client="mine"), tmp_path).begin()
    assert "Trace ID" not in caught.value.what
    assert "public client flows" in caught.value.next_step
    with pytest.raises(BadSettings, match="does not know the tenant elsewhere of mailbox support"):
        Account(of_microsoft(oauth_tenant="elsewhere"), tmp_path).begin()


def test_a_good_token_is_taken_without_asking_anybody(
    microsoft: Microsoft, where: Mailbox, secrets: Secrets
) -> None:
    first = secrets.of(where)
    asked = len(microsoft.asked)
    assert secrets.of(where).reveal() == first.reveal() == "access-ann-2"
    assert len(microsoft.asked) == asked
    assert microsoft.renewals() == 0


def test_a_token_that_is_about_to_run_out_is_renewed_and_the_login_kept_on(
    microsoft: Microsoft, tmp_path: Path, secrets: Secrets
) -> None:
    microsoft.expires_in = 240
    where = of_microsoft()
    log_in(microsoft, tmp_path / "secrets", where)
    tokens = {secrets.of(where).reveal() for _ in range(3)}

    assert len(tokens) == microsoft.renewals() == 3
    kept = json.loads(login_file(where, tmp_path / "secrets").read_text())
    (refresh,) = kept["RefreshToken"].values()
    assert refresh["secret"] == microsoft.told[-2]  # the newest: the one before may have ended with it
    assert Account(where, tmp_path / "secrets").token().reveal() not in tokens


def test_a_revoked_login_needs_a_person_and_is_taken_again_once_it_is_there(
    microsoft: Microsoft, where: Mailbox, tmp_path: Path, secrets: Secrets
) -> None:
    token = secrets.of(where)
    microsoft.revoke()
    assert secrets.of(where).reveal() == token.reveal()  # still good, as far as anybody knows
    for _ in range(3):
        with pytest.raises(NeedsLogin) as caught:
            secrets.renewed(where, token)
        assert "no longer takes the login of mailbox support: AADSTS50173" in caught.value.what
        assert caught.value.next_step == "Run: frontdesk login support"
        assert not any(secret in told(caught.value) for secret in microsoft.told)
    assert microsoft.renewals() == 1

    log_in(microsoft, tmp_path / "secrets", where, "bo")
    assert secrets.of(where).reveal().startswith("access-bo-")


def test_a_server_away_is_no_reason_to_log_in_again(
    microsoft: Microsoft, where: Mailbox, tmp_path: Path, secrets: Secrets
) -> None:
    token = secrets.of(where)
    microsoft.say(503, "temporarily_unavailable")
    with pytest.raises(NetworkTrouble):
        secrets.renewed(where, token)
    microsoft.say(400, "temporarily_unavailable", "AADSTS90033: try later")
    with pytest.raises(ServerSaidNo) as caught:
        Account(where, tmp_path / "secrets").token(token)
    assert caught.value.temporary
    assert Account(where, tmp_path / "secrets").token(token).reveal() != token.reveal()


def test_nobody_there_is_trouble_of_a_moment(
    microsoft: Microsoft, where: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = Secrets({}, tmp_path / "secrets")
    monkeypatch.setattr(at_microsoft, "AUTHORITY", "https://127.0.0.1:1")
    with pytest.raises(NetworkTrouble, match="The line to Microsoft failed while asking for the tenant"):
        secrets.of(where)
    monkeypatch.setattr(at_microsoft, "AUTHORITY", microsoft.authority)
    assert secrets.of(where).reveal() == "access-ann-2"


def test_an_answer_that_cannot_be_read_is_not_told_to_the_log(
    microsoft: Microsoft, where: Mailbox, secrets: Secrets, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = secrets.of(where)
    microsoft.tear()
    with pytest.raises(NetworkTrouble, match="gave an unreadable answer") as caught:
        secrets.renewed(where, token)
    assert len(microsoft.told) == 7
    assert not any(secret in caplog.text + told(caught.value) for secret in microsoft.told)


def test_a_second_login_takes_the_place_of_the_first(
    microsoft: Microsoft, where: Mailbox, tmp_path: Path
) -> None:
    account = Account(where, tmp_path / "secrets")
    assert account.token().reveal() == "access-ann-2"
    login = account.begin()
    microsoft.approve(login.code, "bo")
    assert login.attempt() == "bo"
    kept = login_file(where, tmp_path / "secrets").read_text()
    assert '"bo"' in kept
    assert '"ann"' not in kept
    assert account.token().reveal().startswith("access-bo-")


def test_a_certificate_that_is_not_trusted_is_not_spoken_to(
    microsoft: Microsoft, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(RefusedCertificate, match="CERTIFICATE_VERIFY_FAILED"):
        Account(of_microsoft(), tmp_path).begin()
    assert microsoft.asked == []


def test_a_token_that_the_mail_server_refuses_is_renewed_and_mail_comes(
    own_dovecot: Dovecot, certificate: Certificate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Microsoft thinks its first token good for an hour; the mail server knows better."""
    own_dovecot.add_user("ann")
    own_dovecot.append("ann", mail(body="from Microsoft\r\n"))
    issued: list[str] = []

    def issue(user: str, number: int) -> str:
        issued.append(own_dovecot.token(user, GOOD if issued else PAST))
        return issued[-1]

    with in_place_of_microsoft(certificate, monkeypatch, issue=issue) as server:
        fields = {"oauth": "microsoft", "oauth_client": CLIENT}
        where = on_dovecot(own_dovecot, "ann", **fields)
        log_in(server, tmp_path / "secrets", where)
        secrets = Secrets({}, tmp_path / "secrets")
        with logged_in(where, secrets, connect) as connection:
            (letter,) = connection.fetch(connection.look("INBOX").uids)
        assert b"from Microsoft" in letter.raw
        assert (server.renewals(), len(issued)) == (1, 2)


def test_processes_that_renew_at_once_leave_a_login_that_works(
    microsoft: Microsoft, where: Mailbox, tmp_path: Path
) -> None:
    microsoft.expires_in = 10
    with ThreadPoolExecutor(4) as pool:
        accounts = [Account(where, tmp_path / "secrets") for _ in range(4)]
        tokens = [pool.submit(account.token, Secret("access-ann-2")) for account in accounts]
        assert len({token.result(60).reveal() for token in tokens}) == 4
    assert Account(where, tmp_path / "secrets").token().reveal()
    assert not list((tmp_path / "secrets").glob("*.new"))


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"RefreshToken": 3}', '{"AccessToken": {"a": {}}}', "{}"]
)
def test_a_kept_login_that_is_damaged_needs_a_login(
    where: Mailbox, tmp_path: Path, secrets: Secrets, content: str
) -> None:
    login_file(where, tmp_path / "secrets").write_text(content)
    with pytest.raises(NeedsLogin, match=r"is damaged|holds no account") as caught:
        secrets.of(where)
    assert caught.value.next_step == "Run: frontdesk login support"


def test_without_a_login_nobody_is_asked(microsoft: Microsoft, secrets: Secrets, tmp_path: Path) -> None:
    with pytest.raises(NeedsLogin, match="The login of mailbox support is missing"):
        secrets.of(of_microsoft())
    assert microsoft.asked == []
    assert not (tmp_path / "secrets").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_login_of_another_user_is_not_taken(where: Mailbox, tmp_path: Path) -> None:
    file = login_file(where, tmp_path / "secrets")
    for path in (file, file.parent):
        os.chown(path, 65534, -1)
        with pytest.raises(WorldError, match="belongs to another user"):
            Account(where, tmp_path / "secrets").token()
        os.chown(path, 0, -1)


def test_tokens_are_known_as_secrets_and_no_library_tells_them(
    microsoft: Microsoft, where: Mailbox, secrets: Secrets, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("urllib3", "requests"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    token = secrets.of(where)
    secrets.renewed(where, token)
    assert len(microsoft.told) == 7
    for secret in microsoft.told:
        assert masked(f"<{secret}>") == "<•••>"
        assert secret not in caplog.text


def test_without_msal_the_line_to_type_is_said(
    monkeypatch: pytest.MonkeyPatch, where: Mailbox, secrets: Secrets, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "msal", None)
    asks: tuple[Callable[[], object], ...] = (
        lambda: secrets.of(where),
        Account(where, tmp_path / "secrets").begin,
    )
    for ask in asks:
        with pytest.raises(BadSettings) as caught:
            ask()
        assert caught.value.next_step == "Install it beside Frontdesk: pip install 'frontdesk[microsoft]'"


def test_msal_is_loaded_for_mailboxes_at_microsoft_only(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom inbox.channels.logins import Secrets\n"
        "from tests.servers.mailboxes import mailbox\nsecrets = Secrets({'P': 'x'}, Path(sys.argv[1]))\n"
        "secrets.of(mailbox(password_env='P'))\nassert not {'msal', 'requests'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=True)


def test_backup_and_export_leave_logins_behind(
    microsoft: Microsoft, shop_front: Front, tmp_path: Path
) -> None:
    log_in(microsoft, shop_front.workspace / "secrets", of_microsoft())
    shop_front.ok("backup", str(tmp_path / "backup.tar"))
    shop_front.ok("export", str(tmp_path / "export"))
    with tarfile.open(tmp_path / "backup.tar") as tar:
        assert not [name for name in tar.getnames() if "secrets" in name or "msal" in name]
    for file in [tmp_path / "backup.tar", *(tmp_path / "export").rglob("*")]:
        if file.is_file():
            assert not any(secret.encode() in file.read_bytes() for secret in microsoft.told), file


def test_an_error_of_a_moment_is_not_kept_but_one_for_a_person_is(tmp_path: Path) -> None:
    """What `Secrets` remembers of asking: see tests/test_passwords.py for passwords."""
    command = Printer(tmp_path, "")
    where = mailbox(token_command=command.line)
    secrets = Secrets(os.environ, tmp_path / "secrets")
    errors: list[FrontdeskError] = []
    for _ in range(3):
        with pytest.raises(BadSettings) as caught:
            secrets.of(where)
        errors.append(caught.value)
    assert command.runs() == 1
    assert errors[0] is errors[2]
