"""Handing mail over: what each fault means is known by the phase that it hit, and nothing is ever sent twice."""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from inbox.channels.passwords import Secret
from inbox.channels.smtp import OnPhase, Outcome, Sender, Timeouts
from inbox.channels.trouble import BadPassword, NetworkTrouble, RefusedCertificate, ServerSaidNo
from inbox.errors import BadSettings
from inbox.settings import Mailbox
from tests.faults.kill import python_child
from tests.faults.proxy import Proxy
from tests.servers.certificates import Certificate, make_certificate
from tests.servers.mailboxes import mailbox, on_smtp
from tests.servers.smtp import SmtpServer, running_smtp
from tests.servers.talker import running_talker

ID = "<one@shop.example>"
MESSAGE = f"From: support@shop.example\r\nMessage-ID: {ID}\r\n\r\nHello\r\n.\r\n.dot\r\n".encode()
US = "support@shop.example"
BO, CY, DI = "bo@mail.example", "cy@mail.example", "di@mail.example"
CANARY = "canary-4711"
LONG = Timeouts()
SHORT = Timeouts(connect=5, answer=5, data=5, dot=0.3)


class Phases(list[str]):
    """What the outbox would have written down."""

    def __call__(self, phase: str) -> None:
        self.append(phase)


async def give(
    where: Mailbox,
    *recipients: str,
    message: bytes = MESSAGE,
    timeouts: Timeouts = LONG,
    phases: OnPhase | None = None,
    secret: str = "secret",
) -> dict[str, Outcome]:
    async with Sender(where, Secret(secret), timeouts) as line:
        return await line.send(message, US, recipients or (BO,), phases if phases is not None else Phases())


# ---------------------------------------------------------------------- all is well


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
async def test_a_message_arrives_once_and_unchanged(
    security: str, make_smtp: Callable[..., SmtpServer]
) -> None:
    server = make_smtp(security)
    phases = Phases()

    outcomes = await give(on_smtp(server), phases=phases)

    assert outcomes[BO].state == "sent"
    assert phases == ["connecting", "data"]
    assert [(one.raw, one.recipients, one.user) for one in server.taken] == [(MESSAGE, (BO,), "ann")]
    assert server.taken[0].tls is (security != "none")
    assert security == "none" or b"AUTH" not in server.clear


async def test_an_address_in_another_script_goes_where_the_server_takes_it(smtp_server: SmtpServer) -> None:
    """The server's word decides: SMTPUTF8 (RFC 6531) is asked for only where an address needs it."""
    wide = "jö@mail.example"
    message = f"From: {US}\r\nTo: <{wide}>\r\nMessage-ID: {ID}\r\n\r\nHello\r\n".encode()
    refused = await give(on_smtp(smtp_server), wide, BO, message=message)
    assert [one.state for one in refused.values()] == ["failed", "failed"]
    assert "letters outside ASCII before its @" in refused[wide].words
    assert smtp_server.taken == []
    with running_smtp(utf8=True) as with_utf8:
        outcomes = await give(on_smtp(with_utf8), wide, BO, message=message)
        plain = await give(on_smtp(with_utf8), "bo@straße.example")
    assert [one.state for one in (*outcomes.values(), *plain.values())] == ["sent"] * 3
    first, second = with_utf8.taken
    assert (first.recipients, first.raw) == ((wide, BO), message)
    assert second.recipients == ("bo@xn--strae-oqa.example",)
    mails = [command for command in with_utf8.commands if command.upper().startswith("MAIL")]
    assert ["SMTPUTF8" in command for command in mails] == [True, False]


async def test_one_line_carries_several_messages_and_is_made_anew_when_it_was_dropped(
    smtp_server: SmtpServer,
) -> None:
    async with Sender(on_smtp(smtp_server), Secret("secret")) as line:
        for _ in range(3):
            await line.send(MESSAGE, US, [BO], Phases())
        connections = smtp_server.connections
        smtp_server.drop_lines()
        outcomes = await line.send(MESSAGE, US, [BO], Phases())

    assert connections == 1
    assert outcomes[BO].state == "sent"
    assert len(smtp_server.taken) == 4


async def test_phases_are_written_down_before_the_server_hears_what_follows(smtp_server: SmtpServer) -> None:
    heard: dict[str, tuple[int, int]] = {}

    async def write(phase: str) -> None:
        heard[phase] = (len(smtp_server.commands), len(smtp_server.taken))
        await asyncio.sleep(0.05)
        assert heard[phase] == (len(smtp_server.commands), len(smtp_server.taken))

    outcomes = await give(on_smtp(smtp_server), BO, phases=write)

    assert heard["connecting"] == (0, 0)
    assert heard["data"][1] == 0
    assert outcomes[BO].state == "sent"


async def test_a_phase_that_cannot_be_written_down_sends_nothing(smtp_server: SmtpServer) -> None:
    def full(phase: str) -> None:
        if phase == "data":
            raise OSError("no space left")

    async with asyncio.timeout(10), Sender(on_smtp(smtp_server), Secret("secret")) as line:
        with pytest.raises(OSError, match="no space"):
            await line.send(MESSAGE, US, [BO], full)
        again = await line.send(MESSAGE, US, [CY], Phases())

    assert again[CY].state == "sent"
    assert [one.recipients for one in smtp_server.taken] == [(CY,)]


async def test_international_domains_are_told_in_ascii(smtp_server: SmtpServer) -> None:
    outcomes = await give(on_smtp(smtp_server), "bo@straße.example")

    assert outcomes["bo@straße.example"].state == "sent"
    assert smtp_server.taken[0].recipients == ("bo@xn--strae-oqa.example",)


# ---------------------------------------------------------------------- refusals


async def test_each_recipient_has_an_outcome_of_its_own(smtp_server: SmtpServer) -> None:
    smtp_server.answer("rcpt", "451 4.2.1 try later", to=BO)
    smtp_server.answer("rcpt", "550 5.1.1 nobody here", to=CY)
    evil = "a@b.example>\r\nRCPT TO:<evil@mail.example"

    outcomes = await give(on_smtp(smtp_server), BO, CY, DI, evil)

    assert {address: outcome.state for address, outcome in outcomes.items()} == {
        BO: "refused-for-now",
        CY: "failed",
        DI: "sent",
        evil: "failed",
    }
    assert (outcomes[CY].code, outcomes[CY].words) == (550, "5.1.1 nobody here")
    assert smtp_server.taken[0].recipients == (DI,)
    assert not any("evil" in command for command in smtp_server.commands)


async def test_when_all_recipients_are_refused_no_byte_of_the_message_goes(smtp_server: SmtpServer) -> None:
    smtp_server.always("rcpt", "550 5.1.1 nobody here")
    phases = Phases()

    outcomes = await give(on_smtp(smtp_server), BO, CY, phases=phases)

    assert {outcome.state for outcome in outcomes.values()} == {"failed"}
    assert phases == ["connecting"]
    assert "DATA" not in smtp_server.commands


@pytest.mark.parametrize(
    ("command", "said", "state", "quota"),
    [
        ("mail", "452 4.3.1 no space", "refused-for-now", False),
        ("mail", "553 5.7.1 not your address", "failed", False),
        ("mail", "550 5.4.5 Daily user sending limit exceeded", "refused-for-now", True),
        ("rcpt", "421 4.7.0 closing", "refused-for-now", False),
        ("rcpt", "552 5.2.2 mailbox over quota", "failed", False),
        ("data", "451 4.3.0 later", "refused-for-now", False),
        ("data", "421 4.3.0 closing", "refused-for-now", False),
        ("dot", "451 4.7.1 greylisted", "refused-for-now", False),
        ("dot", "554 5.7.1 looks like spam", "failed", False),
        ("dot", "450 4.7.1 sending rate limit", "refused-for-now", True),
        ("dot", "250 2.0.0 queued as 1", "sent", False),
        ("dot", "399 what is this", "unknown", False),
    ],
)
async def test_what_a_refusal_means_depends_on_its_number_and_its_words(
    smtp_server: SmtpServer, command: str, said: str, state: str, quota: bool
) -> None:
    smtp_server.answer(command, said)

    outcomes = await give(on_smtp(smtp_server), BO)

    assert (outcomes[BO].state, outcomes[BO].quota) == (state, quota)
    assert outcomes[BO].code == int(said[:3])
    again = await give(on_smtp(smtp_server), BO)
    assert again[BO].state == "sent"


async def test_a_server_that_closes_in_the_middle_of_the_recipients_has_taken_nothing(
    smtp_server: SmtpServer,
) -> None:
    smtp_server.answer("rcpt", "421 4.7.0 closing", to=CY)

    outcomes = await give(on_smtp(smtp_server), BO, CY, DI)

    assert {outcome.state for outcome in outcomes.values()} == {"refused-for-now"}
    assert {outcome.words for outcome in outcomes.values()} == {"4.7.0 closing"}
    assert smtp_server.taken == []


# ---------------------------------------------------------------------- the line breaks


@pytest.mark.parametrize("how", ["fin", "rst"])
async def test_a_line_cut_while_we_talk_is_a_safe_retry_unless_the_dot_may_have_left(
    smtp_server: SmtpServer, proxy_to: Callable[[str, int], Proxy], how: str
) -> None:
    proxy = proxy_to(smtp_server.host, smtp_server.port)
    where = on_smtp(smtp_server, smtp_port=proxy.port)
    message = MESSAGE + (b"x" * 70 + b"\r\n") * 30000
    for after in (1, 20, 60, 110, 130, 200, 5_000, 300_000):
        phases = Phases()
        proxy.cut(after, "up", "rst" if how == "rst" else "fin")
        try:
            outcomes = await give(where, message=message, phases=phases)
        except NetworkTrouble:
            assert "data" not in phases
            continue
        if outcomes[BO].state != "unknown":  # nobody is left in doubt where the dot has not left
            assert outcomes[BO].state == "refused-for-now", after
            assert smtp_server.taken == [], after
        else:
            assert "data" in phases, after
        if after < 140:  # the message has not even begun
            assert "data" not in phases

    assert smtp_server.taken == []
    assert (await give(where, message=message))[BO].state == "sent"
    assert smtp_server.count(ID) == 1


async def test_a_line_cut_in_what_the_server_says_is_known_by_its_phase(
    smtp_server: SmtpServer, proxy_to: Callable[[str, int], Proxy]
) -> None:
    """Every eleventh byte of the conversation: never "failed", never "sent" without being there."""
    proxy = proxy_to(smtp_server.host, smtp_server.port)
    where = on_smtp(smtp_server, smtp_port=proxy.port)
    await give(where)
    whole = proxy.bytes_down
    for after in range(1, whole, 11):
        before = len(smtp_server.taken)
        phases = Phases()
        proxy.cut(after, "down", "rst")
        try:
            outcome = (await give(where, phases=phases))[BO]
        except NetworkTrouble:
            assert "data" not in phases
            continue
        if outcome.state == "refused-for-now":
            assert len(smtp_server.taken) == before
        else:
            assert outcome.state in ("unknown", "sent")
            assert "data" in phases


@pytest.mark.parametrize("fault", [SmtpServer.ABORT_KEPT, SmtpServer.ABORT_LOST])
async def test_after_the_dot_a_lost_line_means_that_nobody_knows(smtp_server: SmtpServer, fault: str) -> None:
    smtp_server.answer("dot", fault)

    outcomes = await give(on_smtp(smtp_server), BO, CY)

    assert {outcome.state for outcome in outcomes.values()} == {"unknown"}
    assert smtp_server.count(ID) == (1 if fault == SmtpServer.ABORT_KEPT else 0)


async def test_an_answer_to_the_dot_that_takes_its_time_is_waited_for(smtp_server: SmtpServer) -> None:
    release = smtp_server.hold("dot")
    sending = asyncio.create_task(give(on_smtp(smtp_server)))
    await asyncio.to_thread(smtp_server.reached("dot").wait, 10)
    done, _ = await asyncio.wait([sending], timeout=0.2)
    assert not done

    release.set()

    assert (await sending)[BO].state == "sent"
    assert smtp_server.count(ID) == 1
    assert Timeouts().dot >= 600


async def test_no_answer_to_the_dot_at_all_is_unknown(smtp_server: SmtpServer) -> None:
    smtp_server.hold("dot")

    outcomes = await give(on_smtp(smtp_server), timeouts=SHORT)

    assert outcomes[BO].state == "unknown"
    assert "nobody knows" in outcomes[BO].words


async def test_a_server_that_refuses_before_it_heard_everything_is_understood_and_gets_no_dot() -> None:
    said = {b"EHLO": b"250 hi\r\n", b"MAIL": b"250 ok\r\n", b"RCPT": b"250 ok\r\n", b"DATA": b"354 go\r\n"}
    refused = threading.Event()

    def answer(line: bytes) -> bytes:
        if line == b"too much":
            return b"552 5.3.4 too big\r\n"
        if line == b"and more":  # heard once the answer has left
            refused.set()
        return said.get(line[:4], b"")

    async def write(phase: str) -> None:
        if phase == "data":
            await asyncio.to_thread(refused.wait, 10)
            await asyncio.sleep(0.1)  # the answer is there: a turn for who reads it

    with running_talker(b"220 hi\r\n", answer) as talker:
        where = mailbox(smtp_port=talker.port)
        message = b"Subject: big\r\n\r\ntoo much\r\nand more\r\n"
        async with Sender(where, None) as line:
            outcomes = await line.send(message, US, [BO], write)
        assert await asyncio.to_thread(talker.ended.wait, 10)

    assert (outcomes[BO].state, outcomes[BO].code) == ("failed", 552)
    assert b"." not in talker.heard


SENDING_CHILD = """
import asyncio, sys
from pathlib import Path
from inbox.channels.passwords import Secret
from inbox.channels.smtp import Sender
from tests.faults.kill import crash_point
from tests.servers.mailboxes import mailbox

journal = Path(sys.argv[2])

def note(phase):  # whole or not at all, as a store does it
    beside = journal.with_suffix(".new")
    beside.write_text(phase)
    beside.replace(journal)

def write(phase):
    crash_point("before " + phase)
    note(phase)
    crash_point("after " + phase)

async def main():
    message = b"Message-ID: <one@shop.example>\\r\\n\\r\\n" + (b"x" * 70 + b"\\r\\n") * 20000
    where = mailbox(smtp_port=int(sys.argv[1]))
    print("sending")
    async with Sender(where, Secret("secret")) as line:
        await line.send(message, "support@shop.example", ["bo@mail.example"], write)
    crash_point("answered")
    note("sent")

asyncio.run(main())
"""


def taken_and_written(server: SmtpServer, journal: Path) -> tuple[int, str]:
    return server.count(ID), journal.read_text() if journal.exists() else ""


@pytest.mark.parametrize(
    "point", ["before connecting", "after connecting", "before data", "after data", "answered"]
)
def test_killed_at_any_point_the_journal_never_allows_a_second_copy(
    smtp_server: SmtpServer, tmp_path: Path, point: str
) -> None:
    journal = tmp_path / "journal"
    with python_child(SENDING_CHILD, str(smtp_server.port), str(journal), crash_at=point) as child:
        said = child.finish()
        assert child.was_killed, said

    taken, written = taken_and_written(smtp_server, journal)
    # With "data" written nobody sends again; without it the server cannot have the message.
    assert taken == 0 or written == "data"
    assert (taken, written) == (
        {
            "before connecting": (0, ""),
            "after connecting": (0, "connecting"),
            "before data": (0, "connecting"),
            "after data": (0, "data"),
            "answered": (1, "data"),
        }[point]
    )


@pytest.mark.long
@pytest.mark.parametrize("part", range(50))
def test_killed_at_fifty_moments_of_sending_the_journal_never_allows_a_second_copy(
    smtp_server: SmtpServer, tmp_path: Path, part: int
) -> None:
    journal = tmp_path / "journal"
    with python_child(SENDING_CHILD, str(smtp_server.port), str(journal)) as child:
        assert child.output.readline() == "sending\n"
        child.kill_after(part * 0.003)

    taken, written = taken_and_written(smtp_server, journal)
    assert taken == 0 or written in ("data", "sent")
    assert taken <= 1


# ---------------------------------------------------------------------- who is there, and who are we


async def test_a_wrong_password_is_tried_once_and_said_so(make_smtp: Callable[..., SmtpServer]) -> None:
    server = make_smtp("starttls")

    with pytest.raises(BadPassword) as caught:
        await give(on_smtp(server), secret=CANARY)

    assert [command for command in server.commands if command.startswith("AUTH")] == ["AUTH PLAIN"]
    assert CANARY not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)


async def test_a_server_that_repeats_the_secret_does_not_get_it_into_the_error() -> None:
    def answer(line: bytes) -> bytes | None:
        if line.startswith(b"EHLO"):
            return b"250-hi\r\n250 AUTH PLAIN\r\n"
        return b"535 5.7.8 no: %s %s \x1b[31m\r\n" % (line, CANARY.encode())

    with running_talker(b"220 hi\r\n", answer) as talker:
        with pytest.raises(BadPassword) as caught:
            await give(mailbox(smtp_port=talker.port), secret=CANARY)
        blob = talker.heard[-1].split()[-1].decode()

    said = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert CANARY not in said
    assert blob not in said
    assert "\x1b" not in said


async def test_a_server_busy_with_logins_has_not_refused_the_password(
    make_smtp: Callable[..., SmtpServer],
) -> None:
    def answer(line: bytes) -> bytes | None:
        return b"250-hi\r\n250 AUTH PLAIN\r\n" if line.startswith(b"EHLO") else b"454 4.7.0 later\r\n"

    with (
        running_talker(b"220 hi\r\n", answer) as talker,
        pytest.raises(ServerSaidNo, match="later") as caught,
    ):
        await give(mailbox(smtp_port=talker.port))

    assert caught.value.temporary


async def test_access_tokens_log_in_by_xoauth2(make_smtp: Callable[..., SmtpServer]) -> None:
    server = make_smtp("starttls", tokens={"ann": "token-1"})
    where = on_smtp(server, token_command="true")

    assert (await give(where, secret="token-1"))[BO].state == "sent"
    with pytest.raises(BadPassword):
        await give(where, secret="token-of-yesterday")


async def test_a_server_with_login_alone_is_served(make_smtp: Callable[..., SmtpServer]) -> None:
    server = make_smtp("tls", mechanisms=("LOGIN",))

    assert (await give(on_smtp(server)))[BO].state == "sent"
    assert "AUTH LOGIN" in server.commands


async def test_a_stripped_starttls_gets_no_secret_and_no_mail(smtp_server: SmtpServer) -> None:
    with pytest.raises(ServerSaidNo, match="STARTTLS"):
        await give(on_smtp(smtp_server, smtp_security="starttls"))

    assert [command.split()[0] for command in smtp_server.commands] == ["EHLO"]
    assert smtp_server.taken == []


async def test_what_somebody_slips_in_before_tls_is_not_believed(
    make_smtp: Callable[..., SmtpServer],
) -> None:
    def answer(line: bytes) -> bytes | None:
        if line.startswith(b"EHLO"):
            return b"250-hi\r\n250 STARTTLS\r\n"
        if line.startswith(b"STARTTLS"):
            return b"220 go\r\n250-hi\r\n250 AUTH PLAIN\r\n"
        return None

    with running_talker(b"220 hi\r\n", answer) as talker:
        with pytest.raises(NetworkTrouble):
            await give(mailbox(smtp_port=talker.port, smtp_security="starttls"), timeouts=SHORT)

        assert b"AUTH" not in talker.heard_words()
        assert b"MAIL" not in talker.heard_words()


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["unknown", "other name", "run out"])
async def test_a_certificate_that_does_not_pass_is_refused_and_shown(
    tmp_path: Path, certificate: Certificate, security: str, fault: str
) -> None:
    hosts = ("DNS:other.example",) if fault == "other name" else ("IP:127.0.0.1",)
    shown = make_certificate(tmp_path, "shown", hosts, days=-1 if fault == "run out" else 30)
    trusted = certificate if fault == "unknown" else shown

    with running_smtp(security, shown) as server:
        where = on_smtp(server, ca_file=str(trusted.cert))
        with pytest.raises(RefusedCertificate) as caught:
            await give(where)

        assert caught.value.fingerprint == shown.fingerprint()
        assert caught.value.fingerprint in str(caught.value)
        assert not any(command.startswith(("AUTH", "MAIL")) for command in server.commands)


async def test_mail_goes_in_clear_to_this_machine_only() -> None:
    with pytest.raises(BadSettings, match="in clear"):
        await give(mailbox(smtp_host="mail.example"))


async def test_nobody_listening_is_network_trouble_with_a_next_step() -> None:
    with pytest.raises(NetworkTrouble) as caught:
        await give(mailbox())

    assert caught.value.status == 4
    assert caught.value.next_step


async def test_a_server_that_says_nothing_is_given_up_on(
    smtp_server: SmtpServer, proxy_to: Callable[[str, int], Proxy]
) -> None:
    proxy = proxy_to(smtp_server.host, smtp_server.port)
    proxy.mute()

    with pytest.raises(NetworkTrouble, match="no answer in time"):
        await give(on_smtp(smtp_server, smtp_port=proxy.port), timeouts=Timeouts(connect=0.3))
