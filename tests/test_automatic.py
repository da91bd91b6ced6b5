"""Machine mail told from people's: three answers that do not follow from each other."""

from __future__ import annotations

import pytest

from benchmarks.automatic import Mail
from benchmarks.automatic import answers as answers_in_words
from benchmarks.automatic import read as entries
from inbox.mime import parse
from inbox.model import Automatic
from tests.letters import HEAD, PLAIN, mail, multipart

PERSON = (False, False, False)


def answers(automatic: Automatic) -> tuple[bool, bool, bool]:
    return automatic.is_automatic, automatic.suppress_auto_reply, automatic.notice


def read(headers: str, subject: str = "", sender: str = "") -> Automatic:
    raw = mail(headers + "\n" if headers else "")
    if subject:
        raw = raw.replace(b"Subject: Lamp", f"Subject: {subject}".encode())
    if sender:
        raw = raw.replace(b"From: Ann Weber <ann@mail.example>", f"From: {sender}".encode())
    return parse(raw).automatic


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        # (is_automatic, suppress_auto_reply, notice)
        ("", PERSON),
        ("Auto-Submitted: no", PERSON),
        ("Auto-Submitted: No (a person)", PERSON),
        ("Auto-Submitted: auto-replied", (True, True, False)),
        ("Auto-Submitted: auto-generated (warning)", (True, True, False)),
        ("Auto-Submitted: auto-notified; owner=ann", (True, True, False)),
        ("Precedence: bulk", (False, True, True)),
        ("Precedence: junk", (False, True, True)),
        ("Precedence: list", (False, True, False)),
        ("Precedence: first-class", PERSON),
        ("Precedence: auto_reply", (True, True, False)),
        ("List-Id: Lamps <lamps.lists.example>", (False, True, False)),
        ("List-Unsubscribe: <mailto:off@shop.example>", (False, True, True)),
        # A person writing to a discussion list is a person, and the list is never a notice.
        (
            "List-Id: <l.example>\nList-Post: <mailto:l@example>\nList-Unsubscribe: <mailto:off@example>\nPrecedence: list",
            (False, True, False),
        ),
        ("List-Id: <l.example>\nList-Post: NO\nList-Unsubscribe: <mailto:off@example>", (False, True, True)),
        ("List-Unsubscribe: <https://x.example>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click", (False, True, True)),
        ("X-Auto-Response-Suppress: All", (False, True, False)),
        ("X-Auto-Response-Suppress: OOF, DR", (False, True, False)),
        ("X-Auto-Response-Suppress: None", PERSON),
        ("Return-Path: <>", (False, True, False)),
        ("Return-Path: <ann@mail.example>", PERSON),
        ("X-Autoreply: yes", (True, True, False)),
        ("X-Autoreply: no", PERSON),
        ("X-Autorespond:", (True, True, False)),
        ("X-Autoreply: yes\nAuto-Submitted: no", PERSON),
        ("X-List-Administrivia: yes", (True, True, False)),
        ("Auto-Submitted: auto-generated\nList-Unsubscribe: <mailto:off@shop.example>", (True, True, True)),
        ("X-Campaign: spring", (False, False, True)),
        # Services that also carry a website's contact form say nothing.
        ("Feedback-ID: 1:2:3:ses\nX-SG-EID: abc", PERSON),
    ],
)  # fmt: skip
def test_headers_answer_three_questions(headers: str, expected: tuple[bool, bool, bool]) -> None:
    automatic = read(headers)
    assert answers(automatic) == expected
    assert bool(automatic.why) == any(expected)


@pytest.mark.parametrize(
    ("sender", "reply_to", "notice"),
    [
        ("Shop <no-reply@shop.example>", "", True),
        ("noreply@shop.example", "", True),
        ("Shop <do_not_reply@shop.example>", "", True),
        ("nicht-antworten@laden.example", "", True),
        ("ne-pas-repondre@boutique.example", "", True),
        ("mailings-noreply@shop.example", "", True),
        ("newsletter@shop.example", "", True),
        ("order-confirmation@shop.example", "", True),
        ("Ann <ann@shop.example>", "", False),
        ("Norepl Y <norman.reply@shop.example>", "", False),
        ("info@shop.example", "", False),
        # A contact form: the machine's address in From, the customer's in Reply-To.
        ("Website <noreply@shop.example>", "Ann <ann@mail.example>", False),
        ("Ann <ann@shop.example>", "noreply@shop.example", True),
    ],
)
def test_who_wants_no_answer_sends_notices(sender: str, reply_to: str, notice: bool) -> None:
    automatic = read(f"Reply-To: {reply_to}" if reply_to else "", sender=sender)
    assert answers(automatic) == (False, False, notice)


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Lamp",
        "Autoreply: Lamp",
        "Automatische Antwort: Lampe",
        "Abwesenheitsnotiz: Lampe",
        "Réponse automatique : Lampe",
        "Respuesta automática: Lámpara",
        "Risposta automatica: Lampada",
        "Resposta automática: Lâmpada",
        "Automatisch antwoord: Lamp",
        "Odpowiedź automatyczna: Lampa",
        "Autosvar: Lampa",
        "Automatisk svar: Lampe",
        "自動返信: ランプ",
        "自动回复: 灯",
        "Автоматический ответ: Лампа",
    ],
)
def test_a_program_sets_its_words_before_our_subject(subject: str) -> None:
    assert read("", subject=subject).is_automatic
    assert not read("", subject=f"Re: {subject}").is_automatic
    assert not read("", subject=f"{subject}. How do I stop it?").is_automatic


@pytest.mark.parametrize("subject", ["Out of Office: Lamp", "Out of Office Re: Lamp", "Abwesenheit: Lampe"])
def test_words_a_person_may_use_too_count_where_the_mail_answers_something(subject: str) -> None:
    assert read("In-Reply-To: <0@shop.example>", subject=subject).is_automatic
    assert not read("", subject=subject).is_automatic


@pytest.mark.parametrize(
    "entry", [*entries("automatic.txt"), *entries("automatic_fresh.txt")], ids=lambda entry: entry.title
)
def test_machines_and_people_are_told_apart(entry: Mail) -> None:
    assert answers_in_words(entry) == " ".join(entry.expected)


@pytest.mark.parametrize(
    "subject",
    [
        "Out of office chairs?",
        "I am out of the office next week",
        "Auto reply to my order is wrong",
        "Fuori uso",
    ],
)
def test_a_person_may_write_about_being_away(subject: str) -> None:
    assert answers(read("In-Reply-To: <0@shop.example>", subject=subject)) == PERSON


def test_a_person_on_a_list_may_write_about_being_away() -> None:
    headers = "List-Id: <l.example>\nList-Post: <mailto:l@example>\nIn-Reply-To: <0@l.example>"
    assert not read(headers, subject="Out of office: me").is_automatic


@pytest.mark.parametrize("kind", ["delivery-status", "disposition-notification", "feedback-report"])
def test_reports_are_automatic(kind: str) -> None:
    raw = multipart(
        "report",
        PLAIN,
        f"Content-Type: message/{kind}\n\nReporting-MTA: dns; mx.example",
        head=f"; report-type={kind}",
    )
    automatic = parse(raw).automatic
    assert answers(automatic) == (True, True, False)
    assert automatic.why


def test_a_dmarc_report_is_automatic() -> None:
    assert read("", subject="Report Domain: shop.example Submitter: mx.example Report-ID: 1").is_automatic


def test_why_names_the_headers() -> None:
    why = read("Auto-Submitted: auto-replied\nPrecedence: bulk\nList-Id: <l.example>").why
    assert why == ("Auto-Submitted: auto-replied", "Precedence: bulk", "List-ID: <l.example>")
    assert all(
        "\x1b" not in each and len(each) <= 100 for each in read("List-Id: \x1b]0;x\x07" + "y" * 500).why
    )


def test_an_ordinary_mail_gives_no_reason() -> None:
    assert parse(HEAD + b"\r\nHello\r\n").automatic == Automatic()
