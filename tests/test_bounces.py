"""Who was not reached and why: reports of many mail systems, and mails that are none."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from inbox.bounce_verdicts import HARD, SOFT, judge
from inbox.bounces import returned_message_id
from inbox.mime import parse

TABLES = [
    Path(__file__).parent / "mail" / name for name in ("bounces.txt", "reports.txt", "reports_fresh.txt")
]


@dataclass
class Report:
    title: str
    expected: list[tuple[str, str | None, int | None, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def raw(self) -> bytes:
        return "\r\n".join(self.lines).encode()


def reports() -> list[Report]:
    found: list[Report] = []
    for line in "\n".join(table.read_text(encoding="utf-8") for table in TABLES).splitlines():
        if line.startswith("# "):
            found.append(Report(line[2:]))
        elif found and line.startswith("= "):
            recipient, status, code, kind = line[2:].split()
            number = None if code == "-" else int(code)
            found[-1].expected.append((recipient, None if status == "-" else status, number, kind))
        elif found:
            found[-1].lines.append(line)
    return found


@pytest.mark.parametrize("report", reports(), ids=lambda report: report.title)
def test_a_report_names_who_was_not_reached(report: Report) -> None:
    message = parse(report.raw)
    found = [(each.recipient, each.status, each.code, each.kind) for each in message.bounces]
    assert found == report.expected
    assert all(each.diagnostic for each in message.bounces)
    if report.expected:
        assert message.automatic.is_automatic and message.automatic.suppress_auto_reply


def test_the_diagnostic_is_what_the_server_said() -> None:
    said = {report.title: parse(report.raw).bounces for report in reports() if report.expected}
    assert said["RFC 3464, Postfix, unknown user"][0].diagnostic == (
        "550 5.1.1 <bob@nowhere.example>: Recipient address rejected: User unknown"
    )
    assert "550 No such user here" in said["Exim"][0].diagnostic
    assert "over quota" in said["qmail, two recipients, one with a full mailbox"][1].diagnostic
    assert "over quota" not in said["qmail, two recipients, one with a full mailbox"][0].diagnostic


@pytest.mark.parametrize(
    "title",
    ["RFC 3464, Postfix, unknown user", "RFC 3464, several recipients, one of them reached", "qmail", "Exim"],
)
def test_the_mail_that_came_back_is_known_by_its_id(title: str) -> None:
    raw = next(report.raw for report in reports() if report.title == title)
    assert returned_message_id(raw) == "<sent1@shop.example>"


def test_a_report_that_gives_nothing_back_names_no_mail() -> None:
    raw = next(report.raw for report in reports() if report.title == "Yahoo")
    assert returned_message_id(raw) is None


@pytest.mark.parametrize(
    ("status", "code", "words", "kind"),
    [
        ("5.1.1", 550, "User unknown", HARD),
        ("5.1.1", 550, "", HARD),
        ("5.2.1", 550, "mailbox disabled", HARD),
        ("5.2.2", 552, "mailbox full", SOFT),
        ("5.3.4", 552, "message too large", SOFT),
        ("5.7.1", 550, "blocked using a block list", SOFT),
        ("5.7.1", 550, "policy", SOFT),
        ("5.7.1", 550, "user unknown", HARD),
        ("5.4.1", 550, "Recipient address rejected: Access denied", HARD),
        ("5.4.7", None, "expired", SOFT),
        ("4.2.2", 452, "mailbox full", SOFT),
        ("4.1.1", 450, "user unknown", SOFT),
        (None, 550, "no such user", HARD),
        (None, 550, "", HARD),
        (None, 450, "", SOFT),
        (None, 550, "greylisted, try again later", SOFT),
        (None, 554, "rejected for spam", SOFT),
        (None, None, "Adresse existiert nicht", HARD),
        (None, None, "", HARD),
    ],
)
def test_hard_and_soft_are_told_by_status_and_words(
    status: str | None, code: int | None, words: str, kind: str
) -> None:
    assert judge(status, code, words) == kind


def test_what_is_only_delayed_is_soft() -> None:
    assert judge("5.1.1", 550, "User unknown", "delayed") == SOFT
