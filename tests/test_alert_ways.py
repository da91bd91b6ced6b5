"""Alerts that leave the house: one mail to a teammate, one run of a command, whatever dies, hangs or is hostile."""

from __future__ import annotations

import email
import email.policy
import json
import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import pytest

from inbox import alert_ways, programs
from inbox.alert_ways import OLD, Telling, run_command
from inbox.alerting import Letter, LetterDue
from inbox.alerts import Alert, Kind, in_words
from inbox.model import Instant, Role
from inbox.settings import Alerts, Settings, Teammate
from storage.epoch import hold
from storage.workspace import open_store
from tests.post_office import Known, PostOffice, caught_up
from tests.post_office import letter as arrival
from tests.servers.mailboxes import mailbox
from tests.servers.smtp import SmtpServer
from tests.stores import Desk, desk
from tests.test_alerts import HOSTILE, HOUR, MINUTE, NINE, POLICY, asks
from tests.watch import Watched
from tui.line.desk import Desk as LineDesk
from tui.line.desk import unix_user
from tui.line.watching import command_owner

ANNA = "anna@home.example"


@dataclass
class House:
    """A workspace with a team, one mailbox that sends, and workers that tell. `said` is what they complained of."""

    work: Desk
    settings: Settings
    said: list[str]
    owner: str | None = None

    def worker(self) -> Telling:
        """A worker, as it is after it began; it has looked once, a minute ago."""
        telling = Telling(
            self.work.store, self.settings, Known({}, []), lambda: self.work.now, self.said.append, self.owner,
            dict(os.environ) | {"OUR_PASSWORD": "secret"},
        )  # fmt: skip
        self.minute(telling, self.work.now)
        return telling

    def minute(self, telling: Telling, now: Instant) -> None:
        """The minute comes, and what it brings is done."""
        self.work.now = now
        telling.look(now)
        if telling._thread is not None:
            telling._thread.join()
            telling.look(now)  # what went wrong is heard with the next tick


@pytest.fixture
def house(tmp_path: Path, smtp_server: SmtpServer) -> House:
    """Anna wants mail, bo does not; a customer's hour to be answered in has begun."""
    smtp_server.users["support"] = "secret"
    box = mailbox(
        user="support", smtp_host=smtp_server.host, smtp_port=smtp_server.port, smtp_security=smtp_server.security,
        ca_file=str(smtp_server.certificate.cert) if smtp_server.certificate else None,
    )  # fmt: skip
    team = (
        Teammate("anna", Role.OWNER, None, ANNA, True),
        Teammate("bo", Role.AGENT, None, "bo@home.example"),
    )
    settings = Settings(
        host_zone="UTC", calendar="always", policy_rows=(POLICY,), mailboxes=(box,), team=team,
        alerts=Alerts(outside_hours=True),
    )  # fmt: skip
    work = desk(tmp_path, settings)
    work.now = NINE
    return House(work, settings, [])


LATE = NINE + HOUR + MINUTE


def test_one_mail_goes_to_who_wants_one_and_says_what_it_is(house: House, smtp_server: SmtpServer) -> None:
    worker, other = house.worker(), house.worker()
    number = asks(house.work, "Jo", NINE)
    house.minute(worker, LATE)
    house.minute(other, LATE)
    for minute in range(1, 30):
        house.minute(worker, LATE + minute * MINUTE)

    (taken,) = smtp_server.taken
    assert taken.recipients == (ANNA,)
    mail = email.message_from_bytes(taken.raw, policy=email.policy.default)
    assert mail["Subject"] == f"Frontdesk: late: #{number} Jo"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"] == ANNA
    assert mail["Message-ID"].endswith(f"@{house.settings.mailboxes[0].address.partition('@')[2]}>")
    assert "parcel" not in taken.raw.decode()  # nothing of what the customer wrote
    assert house.said == []
    house.work.verified()  # no conversation has come of it


def test_what_the_server_refuses_for_now_goes_later_and_once(house: House, smtp_server: SmtpServer) -> None:
    worker = house.worker()
    asks(house.work, "Jo", NINE)
    smtp_server.answer("rcpt", "451 4.3.0 later", "451 4.3.0 later")
    smtp_server.answer("dot", "452 4.2.2 later still")
    for minute in range(20):
        house.minute(worker, LATE + minute * MINUTE)
    assert len(smtp_server.taken) == 1


def test_what_the_server_may_have_never_goes_again(house: House, smtp_server: SmtpServer) -> None:
    worker = house.worker()
    asks(house.work, "Jo", NINE)
    smtp_server.answer("dot", SmtpServer.ABORT_KEPT)
    for minute in range(20):
        house.minute(worker, LATE + minute * MINUTE)
    house.minute(house.worker(), LATE + HOUR)
    assert len(smtp_server.taken) == 1


def test_a_server_that_is_away_delays_nothing_and_is_told_once(house: House, smtp_server: SmtpServer) -> None:
    (box,) = house.settings.mailboxes
    good, house.settings = house.settings, replace(house.settings, mailboxes=(box._replace(smtp_port=1),))
    worker = house.worker()
    asks(house.work, "Jo", NINE)
    for minute in range(5):
        house.minute(worker, LATE + minute * MINUTE)
    assert len(house.said) == 1
    house.settings = good
    house.minute(house.worker(), LATE + 30 * MINUTE)
    assert len(smtp_server.taken) == 1


def test_what_is_old_or_to_nobody_of_the_team_is_not_sent(house: House, smtp_server: SmtpServer) -> None:
    worker = house.worker()
    book = house.work.store.alerts
    mark = book.mark("anna", "mail")
    assert mark is not None
    assert book.claim(
        "anna", "mail", mark, mark._replace(told_at=NINE), ["x"], (Letter("jo@park.example", "<1@x>"), "late")
    )
    mark = mark._replace(told_at=NINE)
    assert book.claim(
        "anna", "mail", mark, mark._replace(up_to=NINE - OLD), ["y"], (Letter(ANNA, "<2@x>"), "late")
    )
    house.minute(worker, NINE + MINUTE)
    assert smtp_server.taken == []
    assert book.letters_due(NINE + 9 * HOUR) == []


def test_what_goes_without_a_person_keeps_to_its_budget(house: House, smtp_server: SmtpServer) -> None:
    worker = house.worker()
    asks(house.work, "Jo", NINE)
    with house.work.store.writing() as transaction:
        transaction.connection.executemany(
            "INSERT INTO alert_mails(address, words, message_id, at, state, run_at) VALUES(?, 'x', ?, ?, 'sent', 0)",
            [(ANNA, f"<{number}@x>", LATE - MINUTE) for number in range(10)],
        )
    house.minute(worker, LATE)
    assert smtp_server.taken == []
    for minute in range(1, 20):
        house.minute(worker, LATE + minute * MINUTE)
    assert len(smtp_server.taken) == 1


def test_after_a_restore_nothing_of_before_is_told_again(house: House, smtp_server: SmtpServer) -> None:
    """The copy was made before the breach; it was told where the copy came from, which the copy does not know."""
    house.worker()
    asks(house.work, "Jo", NINE)
    book = house.work.store.alerts
    mark = book.mark("anna", "mail")
    assert mark is not None
    assert book.claim(
        "anna", "mail", mark, mark._replace(seq=mark.seq + 1), ["x"], (Letter(ANNA, "<1@x>"), "late")
    )
    with house.work.store.writing() as transaction:
        hold(transaction.connection)
    house.work.now = LATE + HOUR
    worker = house.worker()
    for minute in range(1, 30):
        house.minute(worker, LATE + HOUR + minute * MINUTE)
    assert smtp_server.taken == []


def test_a_hostile_name_writes_no_header(house: House) -> None:
    words = in_words(
        [Alert(Kind.LATE, 12, HOSTILE, ("a",)), Alert(Kind.SOON, 13, "x\r\nBcc: evil@evil.example", ("b",))]
    )
    raw = alert_ways.written(
        LetterDue(1, Letter(ANNA, "<1@shop.example>"), words, NINE, 0), house.settings.mailboxes[0]
    )
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert set(mail.keys()) == {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
                                "Content-Type", "Content-Transfer-Encoding"}  # fmt: skip
    assert "\x1b" not in mail["Subject"]
    assert "\u202e" not in mail["Subject"]
    assert "\x1b" not in mail.get_content()


# ------------------------------------------------------------------ the command

NOTING = (
    "import json, os, sys\n"
    "print(json.dumps([sys.argv[2:], 'OUR_PASSWORD' in os.environ]), file=open(sys.argv[1], 'a'))"
)


def test_the_owners_worker_runs_the_command_once_with_the_words_as_one_argument(
    house: House, tmp_path: Path
) -> None:
    noted = tmp_path / "noted"
    command = (sys.executable, "-c", NOTING, str(noted), "to $(id); `id`", "<{words}>")
    (box,) = house.settings.mailboxes
    house.settings = replace(
        house.settings,
        team=(Teammate("anna", Role.OWNER), Teammate("bo")),
        mailboxes=(box._replace(password_env="OUR_PASSWORD"),),
        alerts=Alerts(outside_hours=True, command=command),
    )
    colleagues = house.worker()  # run by somebody who is no owner
    house.owner = "anna"
    workers = colleagues, house.worker(), house.worker()
    asks(house.work, "Jo", NINE)
    for minute in range(30):
        for worker in workers:
            house.minute(worker, LATE + minute * MINUTE)
    ((arguments, has_password),) = map(json.loads, noted.read_text().splitlines())
    assert arguments == ["to $(id); `id`", "<late: #1 Jo>"]
    assert not has_password
    assert house.said == []


def test_a_command_that_hangs_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "SECONDS", 0.5)
    hangs = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.fork())); time.sleep(600)"
    start = time.monotonic()
    said = run_command([sys.executable, "-c", hangs, str(tmp_path / "pid")], "late", os.environ)
    assert time.monotonic() - start < 20
    assert "took longer than" in said
    child = int((tmp_path / "pid").read_text().lstrip("0") or 0)
    while is_alive(child):
        pass


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["/nowhere/notify", "{words}"], "could not be started: No such file"),
        ([sys.executable, "-c", "raise SystemExit(7)"], "failed (exit status 7)"),
        (["\x1b[31mx\0", "{words}"], "could not be started"),
    ],
)
def test_what_goes_wrong_with_a_command_is_said_in_clean_words(command: list[str], says: str) -> None:
    said = run_command(command, "late", os.environ)
    assert says in said
    assert said.isprintable()


def test_a_hostile_name_stays_one_argument(tmp_path: Path) -> None:
    words = in_words([Alert(Kind.LATE, 12, HOSTILE + "'; touch x; '", ("a",))])
    noted = tmp_path / "noted"
    assert run_command([sys.executable, "-c", NOTING, str(noted), "{words}"], words, os.environ) == ""
    (((said,), _),) = map(json.loads, noted.read_text().splitlines())
    assert said == words
    assert not said.startswith("-")
    assert said.isprintable()


def owner_of(folder: Path, text: str, mode: int = 0o600) -> tuple[str | None, list[str]]:
    """For whom a worker run here by this Unix user runs the command of these settings, and what it says of that."""
    said: list[str] = []
    path = folder / "settings.toml"
    path.write_text('[alerts]\ncommand = ["true", "{words}"]\n' + text)
    path.chmod(mode)
    here = LineDesk(open_store, lambda _: None, workspace=folder)
    return command_owner(here, said.append), said


def test_the_command_is_run_only_for_an_owner_whose_settings_nobody_else_could_write(tmp_path: Path) -> None:
    me = unix_user()
    assert owner_of(tmp_path, "") == (me, [])  # without a team who runs it is the owner
    team = f'[[team]]\nname = "anna"\nrole = "owner"\nunix = "{me}"\n[[team]]\nname = "bo"\n'
    assert owner_of(tmp_path, team) == ("anna", [])
    for mode in (0o660, 0o602):
        found, (said,) = owner_of(tmp_path, team, mode)
        assert found is None
        assert "others may write" in said
    mine = f'[[team]]\nname = "anna"\nrole = "owner"\n[[team]]\nname = "bo"\nunix = "{me}"\n'
    found, (said,) = owner_of(tmp_path, mine)
    assert found is None
    assert "no owner" in said
    assert owner_of(tmp_path, team)[0] == "anna"
    cache = tmp_path / "settings.cache"
    mark, _, rest = cache.read_bytes().partition(b"\n")
    raw_size = int(mark.split()[1])
    forged = rest[raw_size:].replace(b'"true"', b'"evil"')
    cache.write_bytes(b"%s %d %d\n" % (mark.split()[0], raw_size, crc32(forged)) + rest[:raw_size] + forged)
    here = LineDesk(open_store, lambda _: None, workspace=tmp_path)
    assert here.settings().alerts.command[0] == "evil"  # believed by who runs no command of it
    assert command_owner(here, lambda _: None) is None
    (tmp_path / "settings.toml").write_text(team)
    here = LineDesk(open_store, lambda _: None, workspace=tmp_path)
    assert command_owner(here, lambda _: None) is None  # there is no command


def test_the_worker_that_stays_tells(sending_office: PostOffice, smtp_server: SmtpServer) -> None:
    office = caught_up(sending_office)
    anna = Teammate("anna", Role.OWNER, None, ANNA, True)
    office.settings = replace(office.settings, team=(anna,), alerts=Alerts(outside_hours=True))
    watched = Watched(office)
    watched.watch.telling = Telling(
        office.store, office.settings, office.secrets, office.clock, watched.said.append
    )
    with watched as worker:
        worker.until(lambda: office.store.alerts.mark("anna", "mail") is not None)
        office.arrives(arrival())
        worker.until_placed(1)
        office.clock.advance(days=7)
        worker.until(lambda: len(smtp_server.taken) == 1)
    assert b"Subject: Frontdesk: late: #1 Jo Park" in smtp_server.taken[0].raw
