"""First contact: `frontdesk init` with real servers, from the address to the settings, and everything that goes wrong."""

from __future__ import annotations

import base64
import binascii
import os
import re
import stat
import sys
import tomllib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.channels.advice import advice
from inbox.channels.autoconfig import Web
from inbox.channels.providers import Provider, Server, by_domain
from inbox.channels.trouble import BadPassword, NetworkTrouble, RefusedCertificate, ServerSaidNo
from inbox.errors import BadSettings, BadUsage, FrontdeskError, WorldError
from tests.front import TEAM, Front, Ran
from tests.servers.dns import NameServer
from tests.servers.dovecot import Dovecot, free_port
from tests.servers.https import Page, WebServer
from tests.servers.mailboxes import mailbox
from tests.servers.smtp import SmtpServer, running_smtp
from tests.servers.talker import Talker, running_talker
from tests.shop import STORY
from tests.terminal import frontdesk
from tui.line.init_hours import country_of
from tui.line.init_secret import type_password
from tui.line.init_servers import Draft, server_given
from tui.line.questions import Questions
from tui.line.settings_file import add_mailbox, added, hours_table, mailbox_table

CANARY = "canary Zk7\"\\'%-4711"
"""A password with everything in it that quoting gets wrong."""

ADDRESS = "support@shop.example"


@pytest.fixture
def newcomer(front: Front, tmp_path: Path, name_server: NameServer) -> Front:
    """Somebody who has nothing yet: no workspace, no settings; DNS knows no names."""
    front.workspace = tmp_path / "new"
    front.who = ""
    return front


@pytest.fixture
def servers(own_dovecot: Dovecot, smtp_server: SmtpServer) -> list[str]:
    """The options that name two servers where support@shop.example logs in with "right"."""
    own_dovecot.add_user(ADDRESS, "right")
    smtp_server.users[ADDRESS] = "right"
    return options(own_dovecot.port, smtp_server.port)


def options(imap: int, smtp: int) -> list[str]:
    return ["--imap", f"127.0.0.1:{imap}/none", "--smtp", f"127.0.0.1:{smtp}/none"]


def typing(front: Front, *words: str, lines: list[str]) -> Ran:
    """`frontdesk init`, and what is typed at its questions, line by line."""
    return front.run("init", *words, stdin="".join(f"{line}\n" for line in lines).encode())


def written(front: Front) -> str:
    return (front.workspace / "settings.toml").read_text("utf-8")


def refusals(server: Dovecot) -> int:
    return server.log().count("auth failed")


class Doorkeeper:
    """What an IMAP server says that knows one user at most: at once, while an honest one takes longer after a refusal."""

    def __init__(self, user: str = "") -> None:
        self.user = user.encode()
        self.tag = b""

    def __call__(self, line: bytes) -> bytes | None:
        tag, _, command = line.partition(b" ")
        if command.startswith(b"AUTHENTICATE"):
            self.tag = tag
            return b"+ \r\n"
        if not command:
            known = self.user and decoded(line).split(b"\0")[1] == self.user
            said = b" OK come in\r\n" if known else b" NO [AUTHENTICATIONFAILED] who are you?\r\n"
            return self.tag + said
        told = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"}
        return told.get(command, b"") + tag + b" OK done\r\n"


def decoded(line: bytes) -> bytes:
    try:
        return base64.b64decode(line, validate=True)
    except binascii.Error:
        return b""


@pytest.fixture
def closed_door() -> Iterator[Talker]:
    with running_talker(b"* OK hello\r\n", Doorkeeper()) as talker:
        yield talker


# --------------------------------------------------------------------------- the whole way


def test_a_newcomer_at_a_terminal_gets_from_the_address_to_the_first_mail(
    newcomer: Front, own_dovecot: Dovecot, name_server: NameServer
) -> None:
    """The servers are found in DNS; they are somebody else's, sign their certificate themselves, and a typo comes first."""
    own_dovecot.add_user(ADDRESS, CANARY)
    own_dovecot.append(ADDRESS, STORY[0].replace(b"\n", b"\r\n"))
    with running_smtp("tls", own_dovecot.certificate, users={ADDRESS: CANARY}) as smtp:
        name_server.add("_imaps._tcp.shop.example", "SRV", f"0 1 {own_dovecot.tls_port} localhost.")
        name_server.add("_submissions._tcp.shop.example", "SRV", f"0 1 {smtp.port} localhost.")
        where = ["--workspace", str(newcomer.workspace)]
        environment = {"FRONTDESK_DNS": name_server.place}
        with frontdesk(*where, "init", columns=80, lines=24, environment=environment) as terminal:
            shown = 0
            for question, answer in (
                ("Mail address:", "no address"),
                ("Mail address:", ADDRESS),
                ("Is that who runs your mail? [y/N]:", "y"),
                ("Choose [1]:", ""),
                ("(not shown):", "a typo"),
                ("Time zone [", "Europe/Vienna"),
                ("Country [AT]:", ""),
                ("Choose [c]:", "c"),
                ("Certificate file (PEM):", str(own_dovecot.certificate.cert)),
                ("Choose [p]:", ""),
                ("(not shown):", CANARY),
            ):
                terminal.until_shown(question, shown)
                shown = len(terminal.raw)
                assert not newcomer.workspace.exists()
                terminal.press(f"{answer}\r")
            assert terminal.ended() == 0
            for told in (
                "This is not a mail address.",
                "localhost is not part of shop.example",
                "Its SHA-256 fingerprint:",
                "refused the user or password",
                "frontdesk sync",
            ):
                assert told in terminal.text
            assert CANARY not in terminal.text
            assert "a typo" not in terminal.text
            fingerprint = "".join(re.findall(r"(?:[0-9A-F]{2}:){15}[0-9A-F]{2}:?", terminal.text)[:2])
            assert fingerprint == own_dovecot.certificate.fingerprint()
            lines = [line for line in terminal.text.splitlines() if str(newcomer.workspace) not in line]
            assert max(map(len, lines)) <= 90  # colours became blanks; folders are as long as they are
        assert tomllib.loads(written(newcomer)) == {
            "hours": {"zone": "Europe/Vienna", "country": "AT"},
            "mailbox": [
                {
                    "name": "support",
                    "address": ADDRESS,
                    "imap_host": "localhost",
                    "imap_port": own_dovecot.tls_port,
                    "smtp_host": "localhost",
                    "smtp_port": smtp.port,
                    "ca_file": str(own_dovecot.certificate.cert),
                    "password_file": str(newcomer.workspace / "secrets" / "support"),
                }
            ],
        }
        modes = {
            str(path.relative_to(newcomer.workspace)): oct(stat.S_IMODE(path.stat().st_mode))
            for path in newcomer.workspace.rglob("*")
        }
        assert modes == {"secrets": "0o700", "secrets/support": "0o600", "settings.toml": "0o660"}
        assert oct(stat.S_IMODE(newcomer.workspace.stat().st_mode)) == "0o2770"
        assert refusals(own_dovecot) == 1
        assert newcomer.ok("init", "--check").out.count("logged in") == 2
        assert newcomer.ok("sync").lines[0] == "1 fetched"
        assert smtp.taken == []


def test_ctrl_c_at_the_password_leaves_nothing_behind(newcomer: Front, name_server: NameServer) -> None:
    where = ["--workspace", str(newcomer.workspace), "init", "--address", ADDRESS, *options(1, 1)]
    with frontdesk(*where, columns=80, environment={"FRONTDESK_DNS": name_server.place}) as terminal:
        terminal.until_shown("Choose [1]:")
        terminal.press("1\r")
        terminal.until_shown("(not shown):")
        terminal.press("half a pass\x03")
        assert terminal.ended() == 130
        assert "Traceback" not in terminal.text
    assert not newcomer.workspace.exists()


def test_a_script_is_asked_nothing(
    newcomer: Front, servers: list[str], own_dovecot: Dovecot, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("right\n")
    secret.chmod(0o600)
    given = ["--yes", "--address", ADDRESS, *servers, "--zone", "Europe/Berlin", "--country", "de"]
    ran = newcomer.ok("init", *given, "--password-command", f"cat {secret}")
    assert "[" not in ran.out
    settings = tomllib.loads(written(newcomer))
    assert settings["hours"] == {"zone": "Europe/Berlin", "country": "DE"}
    assert settings["mailbox"][0]["password_command"] == f"cat {secret}"
    assert settings["mailbox"][0]["imap_security"] == "none"
    assert not (newcomer.workspace / "secrets").exists()
    assert newcomer.ok("sync").lines == ["0 fetched"]


def test_a_password_may_come_through_a_pipe(newcomer: Front, servers: list[str]) -> None:
    ran = typing(newcomer, "--yes", "--address", ADDRESS, *servers, lines=["right"])
    assert (ran.status, ran.err) == (0, "")
    assert (newcomer.workspace / "secrets" / "support").read_text() == "right\n"


# --------------------------------------------------------------------------- what was there stays


OLD = (
    TEAM
    + "\n# The first mailbox; its password lies with the mail server.\n"
    + (
        '[[mailbox]]\nname = "support"\naddress = "help@shop.example"\nimap_host = "localhost"  # ours\n'
        'smtp_host = "localhost"\npassword_env = "HELP"\n\n# The end.'
    )
)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_settings_that_are_there_are_kept_byte_for_byte(
    front: Front, servers: list[str], name_server: NameServer, ends: str
) -> None:
    path = front.workspace / "settings.toml"
    front.write_settings()
    path.write_bytes(OLD.replace("\n", ends).encode())
    ran = typing(
        front, "--address", ADDRESS, *servers, lines=["1", "right"]
    )  # opening hours stand there: none are asked for
    assert ran.status == 0, ran.err
    now = path.read_bytes()
    assert now.startswith(OLD.replace("\n", ends).encode() + ends.encode())
    assert (b"\r\n" in now) == (ends == "\r\n")
    assert b"\n" not in now.replace(b"\r\n", b"") or ends == "\n"
    first, second = tomllib.loads(now.decode())["mailbox"]
    assert (first["name"], second["name"]) == ("support", "support-shop")
    assert "beside: support." in ran.out
    assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_a_mailbox_that_is_there_is_not_set_up_twice(
    front: Front, servers: list[str], name_server: NameServer
) -> None:
    front.write_settings(OLD.replace("help@", "support@"))
    ran = front.run("init", "--address", "Support@Shop.example", *servers)
    assert (ran.status, written(front)) == (2, OLD.replace("help@", "support@"))
    assert "set up already, as support" in ran.err
    ran = front.run("init", "--address", "new@shop.example", "--name", "Support", *servers)
    assert ran.status == 2
    assert "There is a mailbox Support already" in ran.err


def test_settings_that_nothing_can_be_added_to_are_left_alone(
    front: Front, servers: list[str], name_server: NameServer
) -> None:
    inline = TEAM.replace("[hours]", "mailbox = []\n[hours]")
    front.write_settings(inline)
    ran = typing(front, "--address", ADDRESS, *servers, lines=["1", "right"])
    assert (ran.status, written(front)) == (3, inline)
    assert "or add this yourself" in ran.err
    assert 'address = "support@shop.example"' in ran.err
    assert not (front.workspace / "secrets").exists()


def test_mistakes_in_the_settings_come_before_any_question(front: Front) -> None:
    front.write_settings('undo_windw = "20s"\n')
    ran = front.run("init")
    assert (ran.status, ran.out) == (3, "")
    assert "undo_window" in ran.err


def test_an_end_of_the_answers_leaves_nothing_behind(newcomer: Front, servers: list[str]) -> None:
    for lines in (
        [],
        [ADDRESS],
        [ADDRESS, "1"],
        [ADDRESS, "1", "right"],
        [ADDRESS, "1", "wrong", "UTC", "-"],
    ):
        ran = typing(newcomer, *servers, lines=lines)
        assert ran.status == 1
        assert "The input ended" in ran.err
        assert not newcomer.workspace.exists()


# --------------------------------------------------------------------------- what goes wrong


def test_after_three_refusals_the_account_is_left_alone(
    newcomer: Front, closed_door: Talker, smtp_server: SmtpServer
) -> None:
    lines = ["1", "guess 1", "UTC", "-", "p", "guess 2", "p", "guess 1", "p", "guess 3", "p", "guess 4", "q"]
    ran = typing(newcomer, "--address", ADDRESS, *options(closed_door.port, smtp_server.port), lines=lines)
    assert ran.status == 1
    assert ran.out.count("FAILS  fetch") == 3
    assert ran.out.count("was refused before; it is not sent again") == 1
    assert "3 logins were refused. More could lock the account" in ran.out
    assert "nothing was written" in ran.err
    sent = [line.split(b"\0")[-1] for line in map(decoded, closed_door.heard) if b"\0" in line]
    assert sent == [b"guess 1", b"guess 2", b"guess 3"]
    assert smtp_server.connections == 0  # a refused password is not shown to the other server
    assert not newcomer.workspace.exists()


def test_another_user_name_makes_another_login(newcomer: Front, smtp_server: SmtpServer) -> None:
    smtp_server.users[ADDRESS] = "right"
    with running_talker(b"* OK hello\r\n", Doorkeeper(ADDRESS)) as door:
        given = ["--address", ADDRESS, "--user", "jo", *options(door.port, smtp_server.port)]
        ran = typing(newcomer, *given, lines=["1", "right", "UTC", "-", "u", ADDRESS])
    assert ran.status == 0, ran.out
    assert ran.out.count("FAILS") == 1
    assert "user" not in tomllib.loads(written(newcomer))["mailbox"][0]


def test_whoever_insists_gets_settings_that_do_not_work(newcomer: Front) -> None:
    nowhere = options(free_port(), free_port())
    ran = typing(newcomer, "--address", ADDRESS, *nowhere, lines=["1", CANARY, "UTC", "-", "w"])
    assert ran.status == 0
    assert ran.out.count("Nothing listens on this port there") == 1  # said once, true of both
    assert (newcomer.workspace / "secrets" / "support").read_text() == CANARY + "\n"
    ran = newcomer.run("init", "--check")
    assert ran.status == 4
    assert ran.out.count("FAILS") == 2
    assert (
        newcomer.run(
            "init", "--yes", "--untried", "--address", "b@shop.example", *nowhere, "--password-env", "B"
        ).status
        == 0
    )
    assert len(tomllib.loads(written(newcomer))["mailbox"]) == 2


def test_a_script_that_cannot_log_in_writes_nothing(
    newcomer: Front, servers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WRONG", CANARY)
    given = ["--yes", "--address", ADDRESS, *servers]
    ran = newcomer.run("init", *given, "--password-env", "WRONG")
    assert ran.status == 4
    assert "FAILS  fetch" in ran.out
    assert "--untried" in ran.err
    ran = newcomer.run("init", *given, "--password-command", "false")
    assert ran.status == 4
    assert "failed (exit status 1)" in ran.out
    ran = newcomer.run("init", *given, "--password-env", "WRONG", "--password-command", "x")
    assert (ran.status, "Give one of them" in ran.err) == (2, True)
    assert not newcomer.workspace.exists()


def test_servers_can_be_mended_until_they_answer(
    newcomer: Front, servers: list[str], own_dovecot: Dovecot, smtp_server: SmtpServer
) -> None:
    wrong = [
        "--imap",
        f"127.0.0.1:{own_dovecot.port}/tls",
        "--smtp",
        f"127.0.0.1:{smtp_server.port}/starttls",
    ]
    right = [f"127.0.0.1:{own_dovecot.port}/none", f"127.0.0.1:{smtp_server.port}", "none", ""]
    ran = typing(newcomer, "--address", ADDRESS, *wrong, lines=["1", "right", "UTC", "-", "s", *right])
    assert ran.status == 0, ran.out + ran.err
    assert "This port does not begin with TLS: try starttls" in ran.out
    assert "offers no STARTTLS" in ran.out
    assert refusals(own_dovecot) == 0
    assert tomllib.loads(written(newcomer))["mailbox"][0]["smtp_security"] == "none"


def test_a_password_never_goes_in_clear_to_another_machine(newcomer: Front) -> None:
    ran = newcomer.run(
        "init", "--address", ADDRESS, "--imap", "imap.shop.example:143/none", "--smtp", "localhost"
    )
    assert ran.status == 3
    assert "in clear to imap.shop.example" in ran.err


def test_a_secret_of_somebody_else_is_not_written_over(newcomer: Front, servers: list[str]) -> None:
    secrets = newcomer.workspace / "secrets"
    secrets.mkdir(parents=True, mode=0o700)
    (secrets / "support").write_text("another's")
    assert typing(newcomer, "--yes", "--address", ADDRESS, *servers, lines=["right"]).status == 0
    assert (secrets / "support").read_text() == "another's"
    assert tomllib.loads(written(newcomer))["mailbox"][0]["password_file"] == str(secrets / "support.2")


def test_where_the_settings_cannot_be_written_no_secret_is_left(tmp_path: Path) -> None:
    path = tmp_path / "desk" / "settings.toml"
    (tmp_path / "desk" / f".settings.toml.{os.getpid()}").mkdir(parents=True)
    secret = tmp_path / "desk" / "secrets" / "support"
    table = mailbox_table(mailbox(password_file=str(secret)))
    with pytest.raises(WorldError, match="cannot be written"):
        add_mailbox(path, (table,), 0, (secret, CANARY))
    assert not secret.exists()
    assert not path.exists()


def test_settings_that_are_a_link_stay_one(tmp_path: Path) -> None:
    """Who keeps all settings in one place under version control links to them."""
    kept = tmp_path / "dotfiles" / "frontdesk.toml"
    kept.parent.mkdir()
    kept.write_text("# mine\n")
    path = tmp_path / "desk" / "settings.toml"
    path.parent.mkdir()
    path.symlink_to(kept)
    add_mailbox(path, (mailbox_table(mailbox(password_env="HELP")),), 0, None)
    assert path.is_symlink()
    assert kept.read_text().startswith("# mine\n\n[[mailbox]]")
    assert list(kept.parent.iterdir()) == [kept]


def test_a_password_in_another_encoding_than_the_terminal_s_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = StringIO("gr\udcfcn\nright\n")
    monkeypatch.setattr(sys, "stdin", lines)
    server = Server("localhost", 993, "tls")
    draft = Draft("support", ADDRESS, server, server, ADDRESS)
    assert type_password(Questions(), draft).reveal() == "right"
    assert "no character" in capsys.readouterr().out


def test_the_password_is_shown_nowhere(
    newcomer: Front, closed_door: Talker, home: Path, tmp_path: Path
) -> None:
    newcomer.options = ["--debug"]
    said = ""
    servers = options(closed_door.port, free_port())
    for lines in (["1", CANARY, "UTC", "-", "q"], ["1", CANARY, "UTC", "-"], ["1", CANARY, "UTC", "-", "w"]):
        ran = typing(newcomer, "--address", ADDRESS, *servers, lines=lines)
        said += ran.out + ran.err
    ran = newcomer.run("init", "--check")
    said += ran.out + ran.err
    assert ran.status == 4
    kept = newcomer.workspace / "secrets" / "support"
    assert kept.read_text("utf-8") == CANARY + "\n"
    kept.unlink()
    files = [file for folder in (tmp_path, home) for file in folder.rglob("*") if file.is_file()]
    said += "".join(file.read_bytes().decode("latin-1") for file in files)
    assert "Zk7" not in said
    assert "4711" not in said


# --------------------------------------------------------------------------- finding


CONFIG = """<clientConfig version="1.1"><emailProvider id="shop.example">
<incomingServer type="imap"><hostname>localhost</hostname><port>{imap}</port><socketType>SSL</socketType>
<username>%EMAILADDRESS%</username></incomingServer>
<outgoingServer type="smtp"><hostname>localhost</hostname><port>{smtp}</port><socketType>SSL</socketType>
<username>%EMAILADDRESS%</username></outgoingServer></emailProvider>
<enable visiturl="https://hoster.example/help"/></clientConfig>"""


@pytest.fixture
def announced(
    newcomer: Front, https_server: WebServer, own_dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    """shop.example announces, over HTTPS, servers that are not its own; the options that make them trusted."""
    monkeypatch.setattr("tui.line.init.web", lambda: Web(https_server.trusting(), {443: https_server.port}))
    own_dovecot.add_user(ADDRESS, "right")
    with running_smtp("tls", own_dovecot.certificate, users={ADDRESS: "right"}) as smtp:
        page = CONFIG.format(imap=own_dovecot.tls_port, smtp=smtp.port)
        https_server.pages["autoconfig.shop.example", "/mail/config-v1.1.xml"] = Page(page.encode())
        yield ["--ca-file", str(own_dovecot.certificate.cert)]


def test_what_the_domain_announces_is_shown_and_agreed_to(newcomer: Front, announced: list[str]) -> None:
    lines = [ADDRESS, "y", "1", "right", "UTC", "-"]
    ran = typing(newcomer, *announced, lines=lines)
    assert ran.status == 0, ran.out + ran.err
    assert re.search(r"https://autoconfig\.shop\.example +found\n", ran.out)
    assert "Found by https://autoconfig.shop.example:" in ran.out
    assert "localhost is not part of shop.example" in ran.out
    assert "https://hoster.example/help" in ran.out
    assert ran.out.count("logged in") == 2


def test_where_only_tokens_are_taken_one_is_asked_for_first(
    newcomer: Front, announced: list[str], https_server: WebServer
) -> None:
    place = "autoconfig.shop.example", "/mail/config-v1.1.xml"
    way = b"</username><authentication>OAuth2</authentication>"
    https_server.pages[place] = Page(https_server.pages[place].body.replace(b"</username>", way))
    ran = typing(newcomer, *announced, lines=[ADDRESS, "y", "", "printf a-token", "UTC", "-", "q"])
    assert "Choose [4]:" in ran.out
    assert "Command:" in ran.out


def test_a_script_believes_the_domain_itself_about_strangers(newcomer: Front, announced: list[str]) -> None:
    ran = typing(newcomer, "--yes", "--address", ADDRESS, *announced, lines=["right"])
    assert ran.status == 0, ran.out + ran.err


def test_a_script_does_not_believe_dns_about_strangers(newcomer: Front, name_server: NameServer) -> None:
    name_server.add("_imaps._tcp.shop.example", "SRV", "0 1 993 imap.evil.example.")
    name_server.add("_submissions._tcp.shop.example", "SRV", "0 1 465 smtp.evil.example.")
    ran = typing(newcomer, "--yes", "--address", ADDRESS, lines=[CANARY])
    assert ran.status == 2
    assert "Only DNS says that imap.evil.example and smtp.evil.example has" in ran.err


def test_where_nothing_is_found_the_servers_are_typed(
    newcomer: Front, servers: list[str], own_dovecot: Dovecot, smtp_server: SmtpServer
) -> None:
    typed = [f"127.0.0.1:{own_dovecot.port}/none", f"127.0.0.1:{smtp_server.port}/none", ""]
    ran = typing(newcomer, lines=[ADDRESS, *typed, "1", "right", "UTC", "-"])
    assert ran.status == 0, ran.out + ran.err
    assert "Server to fetch from [imap.shop.example:993]:" in ran.out
    ran = newcomer.run("init", "--yes", "--address", "b@shop.example", "--password-env", "B")
    assert ran.status == 2
    assert "No servers were found for b@shop.example" in ran.err


def test_without_dns_it_stops_looking_and_says_so(newcomer: Front, name_server: NameServer) -> None:
    name_server.failing.add("*")
    ran = typing(newcomer, lines=[ADDRESS])
    assert "Without DNS nothing can be looked for." in ran.out
    assert "https://" not in ran.out
    assert {name for name, _ in name_server.asked} == {"shop.example"}


def test_a_known_provider_says_what_to_do_first(newcomer: Front, name_server: NameServer) -> None:
    ran = typing(newcomer, lines=["jo@gmail.com", "y"])
    assert "  fetch  imap.gmail.com:993  TLS\n" in ran.out
    assert "2-Step Verification" in ran.out
    assert "https://myaccount.google.com/apppasswords" in ran.out
    assert name_server.asked == []


def test_mail_at_microsoft_is_logged_in_by_a_browser_afterwards(
    newcomer: Front, name_server: NameServer
) -> None:
    name_server.add("shop.example", "MX", "0 shop-example.mail.protection.outlook.com.")
    ran = typing(newcomer, lines=[ADDRESS, "y", "", "an-id", "UTC", "-"])
    assert ran.status == 0, ran.out + ran.err
    assert "frontdesk login support" in ran.out
    (kept,) = tomllib.loads(written(newcomer))["mailbox"]
    assert (kept["oauth"], kept["oauth_client"], kept.get("smtp_port", 587)) == (
        "microsoft",
        "an-id",
        587,
    )
    assert newcomer.run("init", "--check").status == 4


# --------------------------------------------------------------------------- small parts


@pytest.mark.parametrize(
    ("text", "kind", "server"),
    [
        ("imap.shop.example", "imap", Server("imap.shop.example", 993, "tls")),
        ("imap.shop.example:143", "imap", Server("imap.shop.example", 143, "starttls")),
        ("imap.shop.example/starttls", "imap", Server("imap.shop.example", 143, "starttls")),
        ("smtp.shop.example", "smtp", Server("smtp.shop.example", 465, "tls")),
        (" smtp.shop.example:587 ", "smtp", Server("smtp.shop.example", 587, "starttls")),
        ("smtp.shop.example:2525/starttls", "smtp", Server("smtp.shop.example", 2525, "starttls")),
        ("localhost/none", "smtp", Server("localhost", 25, "none")),
        ("[::1]:1143/none", "imap", Server("::1", 1143, "none")),
    ],
)
def test_a_server_is_typed_in_short(text: str, kind: str, server: Server) -> None:
    assert server_given(text, kind) == server
    assert server_given(f"{server}/{server.security}", kind) == server


@pytest.mark.parametrize(
    "text", ["", "a b", "host:", "host:0", "host:70000", "host/ssl", "imap://host", "a/none", "-x"]
)
def test_what_is_no_server_is_said(text: str) -> None:
    with pytest.raises((BadUsage, BadSettings)):
        server_given(text, "imap")


@given(st.text(max_size=40))
def test_any_text_is_a_server_or_refused(text: str) -> None:
    try:
        server = server_given(text, "imap")
    except FrontdeskError:
        return
    assert 0 < server.port < 65536
    assert server.security != "none" or server.host in ("localhost", "::1") or server.host.startswith("127.")


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Europe/Vienna", "AT"),
        ("America/New_York", "US"),
        ("UTC", None),
        ("Etc/UTC", None),
    ],
)
def test_the_country_is_guessed_from_the_zone(zone: str, country: str | None) -> None:
    assert country_of(zone) == country


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(str.strip))
def test_any_text_comes_back_from_the_settings_as_it_was(text: str) -> None:
    table = mailbox_table(mailbox(user=text, password_command=text))
    kept = tomllib.loads(added(b"", hours_table("UTC", None), table).decode())["mailbox"][0]
    assert (kept["user"], kept["password_command"]) == (text, text)


GMAIL, WEB = by_domain("gmail.com"), by_domain("web.de")


@pytest.mark.parametrize(
    ("error", "provider", "said"),
    [
        (
            BadPassword(
                "x refused: [ALERT] Application-specific password required: https://support.google.com/… (Failure)"
            ),
            GMAIL,
            "a password made for apps",
        ),
        (
            BadPassword("x refused: [AUTHENTICATIONFAILED] Invalid credentials (Failure)"),
            GMAIL,
            "apppasswords",
        ),
        (
            BadPassword("x refused: [ALERT] Your account is not enabled for IMAP use."),
            None,
            "IMAP access is switched off",
        ),
        (
            BadPassword("x refused: You are yet to enable IMAP for your account."),
            None,
            "IMAP access is switched off",
        ),
        (
            BadPassword("x refused: [AUTHENTICATIONFAILED] authentication failed"),
            WEB,
            "Switch on POP3 and IMAP",
        ),
        (
            BadPassword(
                "x refused: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
            ),
            None,
            "authenticated SMTP",
        ),
        (BadPassword("x refused: LOGIN failed. BasicAuthBlocked"), None, "only access tokens"),
        (
            BadPassword("x refused: 535 Incorrect authentication data"),
            None,
            "Check the user name and the password",
        ),
        (
            NetworkTrouble("The line to x failed while connecting: Name or service not known"),
            None,
            "no such host",
        ),
        (NetworkTrouble("The line to x failed while connecting: no answer in time"), None, "firewall"),
        (NetworkTrouble("The line to x failed while connecting: something else"), None, "try again"),
        (RefusedCertificate("not trusted", "", "AB:CD"), None, "PEM"),
        (ServerSaidNo("x lets nobody in just now", "", "UNAVAILABLE", temporary=True), None, "That may pass"),
        (ServerSaidNo("x offers no STARTTLS", "Use tls."), None, "Use tls."),
    ],
)
def test_what_servers_say_is_told_in_words(
    error: FrontdeskError, provider: Provider | None, said: str
) -> None:
    assert said in " ".join(advice(error, provider))
