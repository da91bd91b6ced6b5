"""Settings: good without a file, every mistake named with its line."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.errors import BadSettings, BadUsage, WorldError
from inbox.hours import ALWAYS
from inbox.model import Role
from inbox.policy import default_policies
from inbox.settings import (
    Alerts,
    Feed,
    Feedback,
    Goodwill,
    Mailbox,
    Pace,
    Settings,
    Teammate,
    Watched,
    find_host_zone,
    load,
)
from inbox.settings_checks import Mistakes, check
from inbox.settings_reference import settings_reference
from inbox.toml_lines import lines_of
from tests.settings_written import WHOLE

ROOT = Path(__file__).parent.parent
NOON = int(datetime(2026, 3, 4, 12, tzinfo=UTC).timestamp())  # a Wednesday


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def said(path: Path, text: str | bytes, **more: Any) -> list[str]:
    """What is said about a settings file: the mistakes, each without the path in front."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(Mistakes) as caught:
        load(path, **more)
    assert caught.value.status == 3
    lines = caught.value.what.splitlines()
    assert all(line.startswith(f"{path}:") for line in lines)
    return [line.removeprefix(f"{path}:") for line in lines]


# --------------------------------------------------------------------------- what holds


def test_without_a_file_everything_has_a_good_value(file: Path) -> None:
    found = load(file, host_zone="Europe/Berlin")
    assert found == Settings(host_zone="Europe/Berlin")
    assert (found.seen, found.undo_window, found.send_limit) == (
        "answer",
        20,
        (Pace(20, 60), Pace(450, 86400)),
    )
    assert found.hours.is_open(NOON) and not found.hours.is_open(NOON + 3 * 86400)
    assert found.policies == default_policies(found.hours)
    assert not found.us and found.zone.key == "Europe/Berlin"


def test_an_empty_file_says_the_same_as_none(file: Path) -> None:
    file.write_text("# nothing yet\n")
    assert load(file, host_zone="UTC") == Settings(host_zone="UTC")


def test_all_that_can_be_set_arrives(file: Path) -> None:
    file.write_text(WHOLE)
    found = load(file, now=NOON)
    assert (found.authserv_id, found.seen, found.undo_window) == ("mx.shop.example", "close", 90)
    assert (found.import_open_for, found.new_after_closed) == (7 * 86400, 60 * 86400)
    assert found.send_limit == (Pace(20, 60), Pace(450, 86400))
    assert found.us.is_us("support@shop.example") and found.us.is_us("info@shop.example")
    assert found.us.is_us("x@warehouse.example") and found.us.is_our_name("anna")
    support, test = found.mailboxes
    assert support == Mailbox(
        name="support",
        address="support@shop.example",
        user="support@shop.example",
        imap_host="imap.shop.example",
        imap_port=993,
        imap_security="tls",
        smtp_host="smtp.shop.example",
        smtp_port=587,
        smtp_security="starttls",
        aliases=("info@shop.example",),
        password_command="pass show mail/support",
    )
    assert (test.user, test.imap_port, test.smtp_port, test.folders) == (
        "tester",
        10143,
        25,
        ("INBOX", "Old"),
    )
    assert (found.format, found.quote, found.shop) == ("both", "last", "Fernweh")
    assert (test.format, test.quote, test.signature) == ("text", "all", "Tess\nTest Shop")
    assert test.signatures == (("de", "Tess\nTestladen"),)
    assert (support.format, support.quote, support.signature, support.signatures) == (None, None, None, ())
    assert found.team == (Teammate("Anna", Role.OWNER, "aweber"), Teammate("bob"))
    assert [(chat.folder, chat.format) for chat in found.chats] == [("/srv/chats", "whatsapp")]
    assert found.feeds == (
        Feed("reviews", "https://reviews.example/shop.atom?lang=en", 3600, 6 * 3600, ("Fernweh",)),
    )
    assert found.nudges == ((3 * 86400, 7 * 86400), ("reminder", "Shall we close this?"))
    assert found.check_in == (10 * 86400, "All well?")
    assert found.alerts == Alerts(bell=False, mail=True, command=("notify-send", "--", "{words}"))
    assert (found.checks["question"], found.checks["attachment"], found.checks["same"]) == (
        "off",
        "hard",
        "off",
    )
    assert found.upset == Watched(("third time lucky",), ("court",), False, 7 * 86400)
    assert found.goodwill == Goodwill(currency="CHF", limit="12.5", month="200")
    assert found.feedback == Feedback(3 * 86400, None, (("de", "Wie war es, {first_name}?"),))


def test_opening_hours_and_policies_are_made_of_what_was_written(file: Path) -> None:
    file.write_text(WHOLE)
    found = load(file)
    hours = found.hours
    assert hours.spans_on(date(2026, 3, 2)) == ((8 * 3600, 12 * 3600), (48600, 18 * 3600))
    assert hours.spans_on(date(2026, 3, 3)) == ((0, 86400),)
    assert hours.spans_on(date(2026, 12, 6)) == ((10 * 3600, 14 * 3600),)
    assert hours.holiday_on(date(2026, 12, 24)) == ""
    assert hours.holiday_on(date(2026, 1, 6)) == "Epiphany"  # in Bavaria, not in Berlin
    wholesale, watch, reviews, *built_in = found.policies
    assert (reviews.name, reviews.when) == ("feed reviews", 'channel:feed mailbox:"reviews"')
    assert reviews.first_reply == reviews.next_reply == 6 * 3600
    assert built_in == list(default_policies(hours))
    assert (wholesale.name, watch.name) == ("wholesale", "night watch")
    assert (wholesale.first_reply, wholesale.warn, wholesale.pause) == (7200, 0.5, frozenset())
    assert wholesale.hours == hours
    assert (watch.first_reply, watch.warn, watch.pause, watch.hours.always) == (86400, 1800, None, True)


def test_a_written_policy_for_everything_replaces_the_built_in_one_of_its_name(file: Path) -> None:
    file.write_text('[[policy]]\nfirst_reply = "1h"\n')
    policies = load(file).policies
    assert sorted(policy.name for policy in policies) == sorted(
        each.name for each in default_policies(ALWAYS)
    )
    assert policies[0].first_reply == 3600 and policies[0].when is None


def test_home_stands_for_the_home_folder_of_whoever_runs_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    file.write_text(WHOLE.replace('password_env = "TEST_PASSWORD"', 'password_file = "~/secret"'))
    assert load(file).mailboxes[1].password_file == "/home/anna/secret"


# --------------------------------------------------------------------------- who acts


def test_without_a_team_the_unix_user_is_the_owner() -> None:
    assert Settings().who_for("ann", None).role is Role.OWNER
    assert Settings().who_for("ann", None).name == "ann"
    assert Settings().who_for("ann", "bob").name == "bob"


def test_with_a_team_everybody_is_somebody_of_it(file: Path) -> None:
    file.write_text(WHOLE)
    found = load(file)
    assert (found.who_for("aweber").name, found.who_for("aweber").role) == ("Anna", Role.OWNER)
    assert (found.who_for("aweber", "BOB").name, found.who_for("aweber", "bob").role) == ("bob", Role.AGENT)
    assert found.teammate("nobody") is None
    with pytest.raises(BadUsage, match='There is no teammate "bab"; did you mean "bob"'):
        found.who_for("aweber", "bab")
    with pytest.raises(
        BadSettings, match='The Unix user "mallory" is nobody of the team \\(Anna, bob\\)'
    ) as caught:
        found.who_for("mallory")
    assert 'unix = "mallory"' in caught.value.next_step


# --------------------------------------------------------------------------- what was wrong, and where


def test_every_mistake_is_named_at_once_with_its_line(file: Path) -> None:
    text = """\
    us = ["Anna",
          3]
    sen = "answer"
    seen = "anser"
    send_limit = "20/x"
    undo_window = 20

    [hours]
    zone = "Berlin"
    week = { monday = ["09:00-17:00"], tue = ["17:00-09:00"], wed = ["09:00-12:00", "11:00-13:00"] }
    authserv_id = "mx.shop.example"

    [[policy]]
    first_reply = "2d"
    pause = ["waitin"]
    """
    assert said(file, dedent(text)) == [
        "2: us, entry 2: a number does not fit. Write a list of addresses, domains, names and numbers, as in "
        '["support@shop.example", "@shop.example", "Anna", "+49 30 1234"].',
        '3: sen: there is no such key; did you mean "seen"? Known here: us, authserv_id, seen, send_limit, '
        "format, quote, shop, automatic_sending, promise_buffer, undo_window, attach_limit, import_open_for, chat_silence, "
        "new_after_closed, hours, policy, mailbox, team, contact_form, transcript, chat, feed, rule, action, causes, "
        "own_causes, upset, goodwill, feedback, alerts, nudges, check_in, keep, panel, internal_words, checks.",
        '4: seen: this text is not known here; did you mean "answer"? Write "never", "answer" or "close".',
        '5: send_limit: this is not a pace of sending. Write counts per s, m, h or d, as in "20/m, 450/d".',
        '6: undo_window: 20 is no duration; did you mean "20m"? Write a duration, as in "20s", "3h" or "14d".',
        '9: hours.zone: "Berlin" is no time zone; did you mean "Europe/Berlin"? Write a time zone, as in '
        '"Europe/Berlin".',
        '10: hours.week.monday: this text is not known here; did you mean "mon"? Write a table of weekdays, as in '
        '{ mon = ["08:00-12:00", "13:30-18:00"], tue = ["09:00-17:00"] }.',
        "10: hours.week.tue: '17:00-09:00' ends before it begins. Write two spans for a night: "
        '"22:00-24:00", and "00:00-06:00" on the day after.',
        "10: hours.week.wed: two of these spans overlap. Write a table of weekdays, as in "
        '{ mon = ["08:00-12:00", "13:30-18:00"], tue = ["09:00-17:00"] }.',
        "11: hours.authserv_id: this belongs to the top of the file, before the first [table].",
        "14: policy.first_reply: '2d' counts days, but a day of these hours is shorter than 24 h. Write the hours you "
        'mean, as in 16h for two days of eight (days go only with hours = "always").',
        '15: policy.pause, entry 1: this text is not known here; did you mean "waiting"? Write a list of statuses, '
        'as in ["waiting", "held"].',
    ]


MAILBOX = 'name = "a"\naddress = "a@b.example"\nimap_host = "i.example"\nsmtp_host = "s.example"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("us = [\n", "1: this cannot be read: invalid value. Text stands in quotes; each key and each [table] stands"),
        ('\n\nseen = never\n', "3: this cannot be read: invalid value. Text stands in quotes"),
        ('seen = "never"\nseen = "close"', "2: this cannot be read: cannot overwrite a value."),
        ("\n[hours]\nholidays = [2026-12-24, 2026-02-30]", "3: 2026-02-30 is no date. Write one like 2026-12-24"),
        ("x = 1 y", "1: this cannot be read: expected newline or end of document after a statement."),
        (b'us = [\n"\xff"]', "2: this is not UTF-8."),
        ("a = " + "[" * 9000 + "]" * 9000, "1: lists or tables lie too deep inside each other."),
        ("\n\nundo_window = " + "9" * 5000, "3: this cannot be read: a number is too long."),
        ("\n[chat]\nfolder = 'x'\n", "2: chat: a table does not fit. Write tables [[chat]]."),
        ("mailbox = [5]", "1: mailbox: a number does not fit. Write tables [[mailbox]]."),
        ('hours = "allways"', '1: hours: this text does not fit. Write "always" or a table [hours].'),
        ('format = "html"', '1: format: this text is not known here'),
        ('quote = "lats"', '1: quote: this text is not known here; did you mean "last"? Write "none", "last" or "all".'),
        ("[[contact_form]]\naddress = 'Mail'", "1: contact_form.from: this is missing. Write a mail address, or \"@\""),
        ("[[contact_form]]\nfrom = 'forms'", "2: contact_form.from: this is neither a mail address nor a domain."),
        ("[[contact_form]]\nfrom = '@a.b'\n[[contact_form]]\nfrom = '@A.b'", "4: contact_form.from: the one in line 1"),
        ("[[transcript]]\nfrom = 'chat'", "2: transcript.from: this is neither a mail address nor a domain."),
        ("[[transcript]]\nfrom = '@a.b'\nline = 'TIME TEXT'", "3: transcript.line: this does not say where the name stands"),
        (
            "[[transcript]]\nfrom = '@a.b'\nline = 'NAME TEXT'",
            "3: transcript.line: nothing tells where one of the words ends and the next begins. Write a sign between",
        ),
        ("[[transcript]]\nfrom = '@a.b'\nlines = 'x'", '3: transcript.lines: there is no such key; did you mean "line"?'),
        ("[[contact_form]]\nfrom = '@a.b'\nadress = 'x'", '3: contact_form.adress: there is no such key; did you mean'),
        ("[[mailbox]]\npassword_env = 'A'\nsignature = '  '\n" + MAILBOX, "3: mailbox.signature: this is empty, very"),
        ("[[mailbox]]\npassword_env = 'A'\nsignature = \"a\\u001b\"\n" + MAILBOX, "3: mailbox.signature: this is empty"),
        (
            "[[mailbox]]\npassword_env = 'A'\nsignatures = { german = 'A' }\n" + MAILBOX,
            '3: mailbox.signatures.german: this is no language. Write two small letters, as in "de".',
        ),
        ("hours.week = {}", '1: hours.week: these hours never open. Write one day at least, as in { mon = ["09:00-17'),
        ("[hours]\nzone = 'Europe'", '2: hours.zone: "Europe" is no time zone'),
        ("[hours]\nzone = '../../etc/passwd'", '2: hours.zone: "../../etc/passwd" is no time zone'),
        ("[hours]\nweek.sat = ['10:00-10:75']", "2: hours.week.sat: '10:00-10:75' is not on any clock."),
        ("[hours]\nholidays = [\n 2026-01-01,\n 'x',\n]", "4: hours.holidays, entry 2: this text is not a date here."),
        ("[hours]\nholidays = [2026-01-01T10:00:00Z]", "2: hours.holidays, entry 1: a date or time is not a date"),
        ("[hours.openings]\n2026-13-01 = ['09:00-10:00']", "2: hours.openings.2026-13-01: this text is not a date"),
        ("[hours]\ncountry = 'de'", "2: hours.country: no holidays are known for 'de'"),
        ("[hours]\ncountry = 'DE'\nregion = 'Bayern'", "3: hours.region: DE has no region 'Bayern'"),
        ("[hours]\nregion = 'BY'", "2: hours.region: a region needs its country beside it."),
        ("[[policy]]\nname = 'a'\nwarn = '0%'", '3: policy.warn: this is no share of a target. Write a share or a'),
        ("[[policy]]\nwhen = 'tag:x'", '1: policy.name: "default" is the policy for what no other fits.'),
        (
            "[[policy]]\nname = 'a'\n\n[[policy]]\nname = 'b'\nwhen = 'x'",
            "4: policy: this is never reached: the policy in line 1 has no `when` and fits everything.",
        ),
        ("[[policy]]\nwhen = 'x'\nname = 'a'\n[[policy]]\nname = 'A'", "5: policy.name: the one in line 1 has this"),
        ("[[policy]]\nhours = { week = { mon = [] } }", "2: policy.hours.week: these hours never open."),
        ("[[mailbox]]\n" + MAILBOX, "1: mailbox: nothing says where the password is. Write one of password_command,"),
        (
            "[[mailbox]]\n" + MAILBOX + "password_env = 'A'\ntoken_command = 'b'",
            "7: mailbox.token_command: password_env already says where the password is. Keep one of the two.",
        ),
        (
            "[[mailbox]]\nimap_security = 'none'\npassword_env = 'A'\n" + MAILBOX,
            '2: mailbox.imap_security: to another machine, "none" sends password and mail in clear. Write "tls" or',
        ),
        ("[[mailbox]]\npassword_env='A'\naddress='a@b'\nsmtp_host='x'", "1: mailbox.imap_host: this is missing."),
        ("[[mailbox]]\npassword_command = \"a 'b\"\n" + MAILBOX, "2: mailbox.password_command: the quotes in this"),
        ("[[mailbox]]\npassword_file = 'secret'\n" + MAILBOX, "2: mailbox.password_file: this is not a full path."),
        ("[[mailbox]]\npassword_env = 'A'\nimap_port = 0\n" + MAILBOX, "3: mailbox.imap_port: a number does"),
        ("[[mailbox]]\npassword_env = 'A'\nimap_port = true\n" + MAILBOX, "3: mailbox.imap_port: true or false does"),
        ("[[mailbox]]\npassword_env = 'A'\nimap_prt = 1\n" + MAILBOX, '3: mailbox.imap_prt: there is no such key; did'),
        ("[[mailbox]]\npassword_env = 'A'\nuser = \"a\\r\\nb\"\n" + MAILBOX, "3: mailbox.user: this is empty, very"),
        ("[[team]]\nname = 'ann'", '1: team: nobody of the team is an owner. Write role = "owner" for one at least.'),
        (
            "[[team]]\nname = 'ann'\nrole = 'owner'\nalert_mail = true",
            "4: team.alert_mail: there is no address to send to. Write address beside it.",
        ),
        (
            f"[alerts]\nmail = true\n[[mailbox]]\n{MAILBOX}password_env = 'X'\n"
            "[[team]]\nname = 'ann'\nrole = 'owner'\naddress = 'A@b.example'",
            "12: team.address: alerts would come into a mailbox of ours.",
        ),
        ("[alerts]\ncommand = 'notify-send x'", "2: alerts.command: this text does not fit. Write a program and its"),
        ("\n[alerts]\ncommand = ['x', 3]", "3: alerts.command, entry 2: a number does not fit."),
        ("[alerts]\ncommand = ['{words}']", "2: alerts.command: the first word is the program."),
        ("[alerts]\nmail = 'yes'", "2: alerts.mail: this text does not fit. Write true or false."),
        ("own_causes = ['our mistak']", '1: own_causes, entry 1: this is none of the causes; did you mean "our mistake"?'),
        ("[checks]\nquestion = 'loud'", "2: checks.question: this text is not known here. Write \"hard\", \"hint\","),
        ("[checks]\nquestions = 'off'", '2: checks.questions: there is no such key; did you mean "question"?'),
        ("[checks]\nempty = 'off'", "2: checks.empty: this stops every letter, and no setting changes that: without it"),
        ("[checks]\nno-reply = 'hint'", "2: checks.no-reply: this stops every letter, and no setting changes that: who"),
        ("internal_words = 'EK'", "1: internal_words: this text does not fit. Write a list of words, as in"),
        ("[goodwill]\nlimit = -1", "2: goodwill.limit: a number is no sum here. Write a sum, as in 20."),
        ("[goodwill]\ncurrency = 'euro'", '2: goodwill.currency: this is no currency. Write its three letters, as in'),
        ("[feedback]\ntext = 'Hello {firstname}'", '2: feedback.text: {firstname} cannot be filled; did you mean'),
        ("[nudges]\nafter = ['3d', '2d']\ntexts = ['a', 'b']", "2: nudges.after, entry 2: this does not come after"),
        ("[nudges]\nafter = ['3d', '7d']\ntexts = ['a', ' A']", "3: nudges.texts, entry 2: this is the same as entry 1"),
        ("[nudges]\nafter = ['3d']\ntexts = ['a', 'b']", "3: nudges.texts: there are 1 times in `after` and 2 texts."),
        ("[alerts]\nmial = true", '2: alerts.mial: there is no such key; did you mean "mail"?'),
        ("[[team]]\nname = 'me'\nrole = 'owner'", "2: team.name: this cannot be used as a name. Write one word"),
        ("[[team]]\nname = 'a'\nrole = 'boss'", '3: team.role: this text is not known here. Write "owner", "agent",'),
        (
            "[[team]]\nname = 'ann'\nrole = 'owner'\n[[team]]\nname = 'bob'\nunix = 'Ann'",
            "6: team.unix: the one in line 1 has this unix already. Write another.",
        ),
        ("[[feed]]\nname = 'a'\nurl = 'file:///etc/passwd'", "3: feed.url: this is no address of the web"),
        ("[[feed]]\nname = 'a'\nurl = 'https://jo:secret@x.example/f'", "3: feed.url: this is no address of the web"),
        ("[[feed]]\nname = 'a'\nurl = 'http://[::1/'", "3: feed.url: this is no address of the web"),
        ("[[feed]]\nname = 'a'\nevery = '1m'\nurl = 'https://x.example/f'", "3: feed.every: a feed is asked every 5"),
        (
            "[[feed]]\nname = 'A'\nurl = 'https://x.example/f'\n[[mailbox]]\npassword_env = 'A'\n" + MAILBOX,
            "2: feed.name: a mailbox is called so already. Write another.",
        ),
        ("[[chat]]\nfolder = '/x'\nformat = 'whatsap'", '3: chat.format: this text is not known here; did you mean'),
    ],
)  # fmt: skip
def test_each_mistake_is_named_on_its_line(file: Path, text: str | bytes, expected: str) -> None:
    found = said(file, text)
    assert any(line.startswith(expected) for line in found), found


def test_a_password_written_into_the_file_is_refused_and_not_repeated(file: Path) -> None:
    found = said(
        file, f"[[mailbox]]\npassword = 'canary-7f3a'\n{MAILBOX}password_command = \"pass 'canary-7f3a\"\n"
    )
    assert found[0].startswith(
        "2: mailbox.password: a password does not stand in this file. Say where it is with"
    )
    assert not any("canary" in line for line in found)


@pytest.mark.parametrize(
    "key", ["password_env", "password_file", "user", "imap_host", "imap_security", "name", "token"]
)
def test_nothing_written_into_a_mailbox_is_repeated_in_an_error(file: Path, key: str) -> None:
    found = said(file, f"[[mailbox]]\n{key} = '-canary 7f3a\\'\n")
    assert found and not any("canary" in line for line in found)


def test_hours_that_holidays_close_for_a_year_are_refused_when_the_day_is_known(file: Path) -> None:
    days = ", ".join(f"2026-{month:02}-0{day}" for month in range(1, 13) for day in range(1, 8))
    more = ", ".join(f"2027-0{month}-0{day}" for month in range(1, 5) for day in range(1, 8))
    text = f'[hours]\nweek = {{ mon = ["09:00-17:00"] }}\nholidays = [{days}, {more}]\n'
    file.write_text(text)
    assert load(file, now=NOON).hours.is_open(int(datetime(2026, 3, 9, 12, tzinfo=UTC).timestamp()))
    every_monday = ", ".join(
        date.fromordinal(day).isoformat()
        for day in range(date(2026, 3, 2).toordinal(), date(2027, 4, 1).toordinal(), 7)
    )
    text = f'\n[hours]\nzone = "UTC"\nweek = {{ mon = ["09:00-17:00"] }}\nholidays = [{every_monday}]\n'
    assert said(file, text, now=NOON)[0].startswith(
        "2: hours: hours is never open in the 370 days from 2026-03-04"
    )


def test_a_search_in_a_policy_must_be_one_that_can_be_read(file: Path) -> None:
    (found,) = said(file, "[[policy]]\nname = 'a'\nwhen = 'tug:vip'\n")
    assert found.startswith("3: policy.when: There is no operator “tug:” (column 1). The nearest is tag:")
    file.write_text("[[policy]]\nname = 'a'\nwhen = 'tag:vip'\n")
    assert load(file).policies[0].when == "tag:vip"


def test_what_cannot_be_read_at_all_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="cannot be read") as caught:
        load(tmp_path)
    assert caught.value.status == 4
    (tmp_path / "huge.toml").write_bytes(b"#" * (1 << 21))
    with pytest.raises(BadSettings, match="larger than any settings"):
        load(tmp_path / "huge.toml")


# --------------------------------------------------------------------------- the record


def test_the_record_holds_all_that_clocks_follow_from(file: Path) -> None:
    file.write_text(WHOLE)
    found = load(file, host_zone="Asia/Tokyo")
    text = found.canonical_json()
    again = Settings.from_canonical(text)
    assert again.hours == found.hours and again.policies == found.policies
    assert again.canonical_json() == text
    assert json.loads(text)["holidays"]["DE/BY/2026"]["2026-01-06"] == "Epiphany"


def test_the_record_changes_only_when_clocks_could(file: Path) -> None:
    file.write_text(WHOLE)
    text = load(file, host_zone="UTC").canonical_json()
    file.write_text(WHOLE.replace('seen = "close"', "").replace("60m", "1h") + "# a comment\n")
    assert load(file, host_zone="Asia/Tokyo").canonical_json() == text
    file.write_text(WHOLE.replace('"2h"', '"3h"'))
    assert load(file, host_zone="UTC").canonical_json() != text
    assert Settings(host_zone="Asia/Tokyo").canonical_json() != Settings(host_zone="UTC").canonical_json()
    default = Settings(host_zone="Europe/Berlin")
    assert Settings.from_canonical(default.canonical_json()).policies == default.policies


def test_the_zone_is_the_hosts_and_not_that_of_whoever_logs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    assert find_host_zone(tmp_path) == "UTC"
    (tmp_path / "timezone").write_text("no/such/zone\n")
    assert find_host_zone(tmp_path) == "UTC"
    (tmp_path / "localtime").symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    assert find_host_zone(tmp_path) == "Europe/Berlin"


# --------------------------------------------------------------------------- the reference


def test_the_reference_in_the_docs_is_the_one_the_settings_give() -> None:
    """When it is not: python -c "import inbox.settings_reference as r; print(r.settings_reference(),
    end='')"."""
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_reference()


def test_the_example_of_the_reference_is_accepted(file: Path) -> None:
    example = settings_reference().partition("```toml\n")[2].partition("```")[0]
    file.write_text(example)
    assert load(file, now=NOON).policies[0].name == "wholesale"


# --------------------------------------------------------------------------- anything at all


WORDS = st.sampled_from(
    [
        "us",
        "seen",
        "hours",
        "week",
        "mon",
        "zone",
        "policy",
        "when",
        "mailbox",
        "team",
        "name",
        "role",
        "chat",
        "openings",
    ]
)
SCALARS = st.sampled_from(
    [
        '"always"',
        '"UTC"',
        "[]",
        "{}",
        "1",
        "-0.5",
        "true",
        "nan",
        "2026-01-01",
        "10:00:00",
        "2026-01-01T00:00:00Z",
    ]
) | st.text(max_size=6).map(lambda text: json.dumps(text, ensure_ascii=True).replace("\\ud", "x"))
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: "[\n" + ",\n".join(parts) + "]")
        | st.dictionaries(WORDS, inner, max_size=3).map(
            lambda table: "{ " + ", ".join(f"{name} = {value}" for name, value in table.items()) + " }"
        )
    ),
    max_leaves=6,
)
LINES = (
    st.tuples(WORDS, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]} # note")
    | st.tuples(WORDS, WORDS, VALUES).map(lambda parts: f'"{parts[0]}" . {parts[1]} = {parts[2]}')
    | WORDS.map(lambda word: f"[[ {word} ]]")
    | WORDS.map(lambda word: f"[{word}]")
    | st.tuples(WORDS, WORDS).map(lambda words: f"[{words[0]}.'{words[1]}']")
    | st.sampled_from(["", "# only a note", 'text = """\nfoo\n"""', "text = '''\n[x]\n'''", 'a = "\\"#[" '])
)
DOCUMENTS = st.lists(LINES, max_size=8).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS | st.text(max_size=60) | st.binary(max_size=60))
def test_no_settings_file_breaks_the_reading(document: str | bytes) -> None:
    raw = document.encode("utf-8", "surrogatepass") if isinstance(document, str) else document
    try:
        json.dumps(check(raw, Path("settings.toml"), now=NOON))
    except Mistakes as error:
        assert error.mistakes
        lines = raw.count(b"\n") + 1
        assert all(1 <= mistake.line <= lines for mistake in error.mistakes)
        assert all(len(line) < 1200 for line in error.what.splitlines())


def places(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """The ways to all keys and list entries of a document, as `tomllib` read it."""
    found = {path}
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, child in children:
        found |= places(child, (*path, name))
    return found


@settings(max_examples=200, deadline=None)
@given(DOCUMENTS)
def test_every_key_has_a_line_and_stands_on_it(document: str) -> None:
    try:
        data = tomllib.loads(document)
    except tomllib.TOMLDecodeError:
        return
    lines = lines_of(document)
    assert set(lines) == places(data)
    written = document.split("\n")
    for path, line in lines.items():
        if path and isinstance(path[-1], str):
            assert path[-1] in written[line - 1]


def test_lines_are_right_in_a_file_that_uses_all_of_toml() -> None:
    text = (
        'a = """one\ntwo \\\n""" # "x = 1\n'
        "b.c = { d = [1,\n 2, # ]\n '''three\n'''], e = \"}\" }\n"
        "[t]\n"
        '"quoted \\u00e9 key" = 1979-05-27 07:32:00\n'
        "\n"
        "[[l]]\nx = 'C:\\'\n[[l.m]]\ny = +1_000.5e3\n[[l]]\n[l.n]\nz = '''''q''''\n"
    )
    lines = lines_of(text)
    assert set(lines) == places(tomllib.loads(text))
    assert lines["b", "c", "d", 2] == 6 and lines["b", "c", "e"] == 7
    assert lines["t", "quoted é key"] == 9
    assert (lines["l",], lines["l", 0, "m", 0, "y"], lines["l", 1], lines["l", 1, "n", "z"]) == (
        11,
        14,
        15,
        17,
    )
