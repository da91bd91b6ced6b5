"""Machine mail, told from people's by its headers: three separate answers.

`is_automatic`: a machine answered or reported, so no clock starts. `suppress_auto_reply`: nothing automatic
may go back. `notice`: sent by a machine to many and wanting no answer. Rules: RFC 3834 (automatic answers),
RFC 2919 and RFC 2369 (lists), RFC 8058 (one-click), and the headers vacation programs have used since
before there were rules; what changes from program to program lies in `automatic_words`. What only a workspace
knows (our own loop header, our own addresses, a person within one of our conversations) is left to whoever has
one. In doubt it is a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from inbox import automatic_words as words
from inbox.headers import Fields
from inbox.model import Address, Automatic
from inbox.text import one_line


def _any(patterns: Iterable[str], before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{'|'.join(patterns)}){after}", re.IGNORECASE)


_Phrases = tuple[tuple[str, re.Pattern[str]], ...]


def _phrases(table: tuple[tuple[str, str], ...]) -> _Phrases:
    return tuple((word, re.compile(phrase, re.IGNORECASE)) for word, phrase in table)


def _found(phrases: _Phrases, text: str) -> re.Match[str] | None:
    """The first of the phrases that stands in a text; only those whose word does are looked for."""
    lower = text.lower()
    hits = (phrase.search(text) for word, phrase in phrases if word in lower)
    return next((hit for hit in hits if hit), None)


_HEADERS = {
    "answer": _any(words.ANSWER_HEADERS),
    "bulk": _any(words.BULK_HEADERS),
    "tracker": _any(words.TRACKER_HEADERS),
    "service": _any(words.SERVICE_HEADERS),
}
_ANSWER_VALUES = tuple((name, re.compile(value, re.IGNORECASE)) for name, value in words.ANSWER_VALUES)
_TAG = r"\s*(?:\[[^\]]{1,60}\]\s*)?"
_ANSWER_SUBJECT = _any(words.ANSWER_SUBJECTS, _TAG, r"(?:\s*[:：]|\s+re\b|\s*[!.]?\s*$)")
_AWAY_SUBJECT = _any(words.AWAY_SUBJECTS, r"\s*\[?", r"\]?(?:\s*[:：\-–—!.]|\s+re\b|\s*$)")
_AWAY_NOTE = _any(words.AWAY_NOTES, r"\s*(?:auto:\s*)?(?=(?P<name>[\w'-]{2,40})\b)")
_MAILERS = {
    "mass": re.compile(words.MASS_MAILERS, re.IGNORECASE),
    "program": re.compile(words.PROGRAMS, re.IGNORECASE),
    "by hand": re.compile(words.BY_HAND, re.IGNORECASE),
}
_MACHINE = _any(words.MACHINES)
_NO_REPLY = _any(words.NO_REPLY)
_TRANSACTION = _any(words.TRANSACTIONS)
_ORDERS = re.compile(words.ORDERS, re.IGNORECASE)
_ALERT = _any(words.ALERTS, r"\s*")
_NO_ANSWER_WANTED = _phrases(words.NO_ANSWER_WANTED)
_LEAVE = _phrases(words.LEAVE)
_FORM_LABELS = tuple(_any(each, r"(?m:^)[ \t>*]*", r"\*?[ \t]*[:：]") for each in words.FORM_LABELS)
_ANSWERS = re.compile(
    r"\s*(?:re|aw|sv|antw|antwort|rif|odp|vs|ynt|ang|回复|答复|回覆|ответ)\s*(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)
_FORWARDS = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|i|doorst|vb|vl|pd|转发|轉寄|пересл)\s*[:：]", re.IGNORECASE)
_BOUNCES_THERE = re.compile(r"<?(?:[^@]*(?:bounce|return|msprvs|verp)[^@]*|[^@]+=[^@]+)@", re.IGNORECASE)
_LIST_SENDER = re.compile(r"<?(?:owner-[^@]+|[^@]+-(?:owner|bounces|request|admin))@", re.IGNORECASE)
_DAEMON = re.compile(r"^(?:mailer[-_.]?daemon|postmaster|mail[-_.]?daemon|mdaemon)\b", re.IGNORECASE)

_READ = 6_000
"""Characters of a text in which a machine is looked for."""

_SUBJECT = 300  # and of a subject
_END = 2_500  # and of the end, where mailings say how to leave them
_MAILING = 400  # characters below which nobody writes to many: who asks to be taken off writes less

DELIVERY_REPORT = "a delivery report"
"""What `classify` answers of mail that says what became of a message, whether or not anybody was missed."""

_REPORTS = {
    "delivery-status": DELIVERY_REPORT,
    "disposition-notification": "a read receipt",
    "feedback-report": "an abuse report",
    "tlsrpt": "a report on transport security",
}
_REPORT_SUBJECT = re.compile(r"\s*report[- ]domain:", re.IGNORECASE)


@lru_cache(maxsize=2048)
def _kinds(name: str) -> tuple[str, ...]:
    """What a header tells by its name alone; the same few hundred names stand in all mail."""
    return tuple(kind for kind, pattern in _HEADERS.items() if pattern.fullmatch(name))


@lru_cache(maxsize=256)
def _kinds_of_program(said: str) -> tuple[str, ...]:
    """What the name of a program tells."""
    return tuple(kind for kind, pattern in _MAILERS.items() if pattern.search(said))


def classify(
    fields: Fields,
    sender: tuple[Address, ...],
    reply_to: tuple[Address, ...],
    subject: str,
    report: str | None,
    is_bounce: bool,
    text: str = "",
    footer: str = "",
) -> Automatic:
    """The three answers for one mail, with what said so.

    `report` is the report type of a multipart/report, "" when it names none and None when the mail is no
    report; `is_bounce` says that recipients were found that a report calls unreachable; `text` is what was
    written, without quotes, and `footer` what stands below it.
    """
    mail = _Mail(fields, sender, reply_to, subject[:_SUBJECT], text, footer)
    why: list[str] = []
    automatic = mail.is_automatic(report, is_bounce, why)
    suppress = mail.suppresses(automatic, why)
    notice = not is_bounce and mail.is_notice(automatic, why)
    return Automatic(automatic, suppress, notice, tuple(dict.fromkeys(why))) if why else _A_PERSON


_A_PERSON = Automatic()


class _Mail:
    """What is asked about one mail."""

    def __init__(
        self,
        fields: Fields,
        sender: tuple[Address, ...],
        reply_to: tuple[Address, ...],
        subject: str,
        text: str,
        footer: str,
    ) -> None:
        self.fields = fields
        self.telling = [name for name in fields if _kinds(name)]
        self.sender = sender
        self.answers_to = reply_to or sender
        self.subject = subject
        self.text = text[:_READ]
        self.end = f"{text[-_END:]}\n{footer[-_END:]}" if len(text) + len(footer) >= _MAILING else ""
        self.submitted = self.word("auto-submitted")
        self.refers = "in-reply-to" in fields or "references" in fields
        self.answers = self.refers or _ANSWERS.match(subject) is not None

    # -------------------------------------------------------- did a machine answer or report?

    def is_automatic(self, report: str | None, is_bounce: bool, why: list[str]) -> bool:
        if report is not None or is_bounce:
            why.append(_REPORTS.get(report or "", DELIVERY_REPORT if is_bounce else "a report"))
            return True
        if self.submitted:
            if self.submitted != "no":
                why.append(self.shown("auto-submitted"))
            return self.submitted != "no"
        said = self._answer_header() or self._answer_subject()
        if said:
            why.append(said)
        return bool(said)

    def _answer_header(self) -> str:
        for name in self.telling:
            if "answer" in _kinds(name) and self.word(name) not in ("no", "false", "0"):
                return self.shown(name)
        for name, value in _ANSWER_VALUES:
            if name in self.fields and value.match(self.fields.get(name).strip()):
                return self.shown(name)
        return ""

    def _answer_subject(self) -> str:
        """The subject of an answer a program gave. A person may write of being away, too, on a list or to ask."""
        subject = self.subject
        if _REPORT_SUBJECT.match(subject) and "submitter" in subject.lower():  # RFC 7489, 7.2.1.1
            return "a DMARC report"
        if self._is_on_a_list():
            return ""
        asks = "?" in subject or "?" in self.text or "？" in self.text
        away = _AWAY_NOTE.match(subject)
        if (
            ((_ANSWER_SUBJECT.match(subject) or _AWAY_SUBJECT.match(subject)) and self._was_prompted())
            or (_ANSWER_SUBJECT.match(subject) and not asks)
            or (away and not asks and self._is_called(away["name"]))
        ):
            return f"Subject: {one_line(subject, 60)}"
        return ""

    def _was_prompted(self) -> bool:
        return (
            self.refers
            or "x-auto-response-suppress" in self.fields
            or self.word("precedence") in ("bulk", "junk")
            or self._has_empty_return_path()
        )

    def _is_called(self, name: str) -> bool:
        return any(name.lower() in f"{each.name} {each.address}".lower() for each in self.sender)

    # -------------------------------------------------------- may a machine answer?

    def suppresses(self, automatic: bool, why: list[str]) -> bool:
        """Whether anything says that no automatic answer is wanted; each of them is named."""
        before = len(why)
        if self.submitted and self.submitted != "no":
            why.append(self.shown("auto-submitted"))
        if self.word("precedence") in ("bulk", "list", "junk"):
            why.append(self.shown("precedence"))
        why.extend(self.shown(name) for name in ("list-id", "list-unsubscribe") if name in self.fields)
        if self.word("x-auto-response-suppress") not in ("", "none"):
            why.append(self.shown("x-auto-response-suppress"))
        if self._has_empty_return_path():
            why.append("Return-Path: <>")
        return automatic or len(why) > before

    def _has_empty_return_path(self) -> bool:
        return "return-path" in self.fields and self.fields.get("return-path").replace(" ", "") in ("<>", "")

    # -------------------------------------------------------- was it sent to many, wanting no answer?

    def is_notice(self, automatic: bool, why: list[str]) -> bool:
        said = self._notice(automatic)
        if said:
            why.append(said)
        return bool(said)

    def _notice(self, automatic: bool) -> str:
        """What says that this is a notice; "" when nothing does."""
        tracker = self._first("tracker")
        if tracker:
            return tracker
        if self._is_discussion_list():
            return ""
        bulk = self._first("bulk")
        if bulk:
            return bulk
        if self._mailer("mass"):
            return self._mailer("mass")
        if self._mailer("by hand"):
            return ""
        said = self._by_sender_or_words(automatic)
        return "" if said and "list-unsubscribe" not in self.fields and self._is_form() else said

    def _by_sender_or_words(self, automatic: bool) -> str:
        """What says so besides, unless it went through hands."""
        refused = self._refusing()
        if refused:
            return f"answers go to {one_line(refused, 80)}"
        by_hand = self._went_through_hands() or (self.refers and _ANSWERS.match(self.subject) is not None)
        if by_hand:
            return ""
        if "list-unsubscribe" in self.fields:
            return "List-Unsubscribe without List-Post"
        replied = automatic and (self.answers or self.submitted != "auto-generated")
        if self.word("precedence") in ("bulk", "junk") and not replied:
            return self.shown("precedence")
        if self.answers or _FORWARDS.match(self.subject):
            return ""
        return self._transaction() or self._mailing()

    def _transaction(self) -> str:
        """Alerts, and mails of shops and accounts: by what they are called, beside a sign that a program sent them."""
        if _ALERT.match(self.subject):
            return f"Subject: {one_line(self.subject, 60)}"
        service = self._first("service")
        if service and self.submitted == "auto-generated":
            return service
        sign = service or self._mailer("program") or self._bounces_elsewhere() or self._role()
        if not sign:
            return ""
        if _TRANSACTION.search(self.subject):
            return f"Subject: {one_line(self.subject, 60)}"
        hit = _found(_NO_ANSWER_WANTED, self.text)
        return f"it says: {one_line(hit[0], 60)}" if hit else ""

    def _mailing(self) -> str:
        """What is said at the end of mail to many; "" where nothing is, or where a list of people says it."""
        if self.word("precedence") == "list" or "list-id" in self.fields:
            return ""
        hit = _found(_LEAVE, self.end)
        return f"it says: {one_line(hit[0], 60)}" if hit else ""

    def _refusing(self) -> str:
        """The address answers go to where no person reads any of them; "" otherwise."""
        found = [each for each in self.answers_to if _wants_no_answer(each.address.partition("@")[0])]
        return found[0].address if found and len(found) == len(self.answers_to) else ""

    def _bounces_elsewhere(self) -> str:
        return (
            self.shown("return-path") if _BOUNCES_THERE.match(self.fields.get("return-path").strip()) else ""
        )

    def _role(self) -> str:
        locals_ = [each.address.partition("@")[0] for each in self.sender]
        return locals_[0] if locals_ and all(map(_ORDERS.fullmatch, locals_)) else ""

    def _is_form(self) -> bool:
        """Whether a website's form stands in the text: who, where to answer, what they ask."""
        return all(label.search(self.text) for label in _FORM_LABELS)

    def _went_through_hands(self) -> bool:
        """Whether a program in which people write left a trace beside the name it goes by."""
        return any(name in self.fields for name in ("thread-index", "x-ms-has-attach", "x-originating-ip"))

    def _is_on_a_list(self) -> bool:
        return "list-id" in self.fields and "list-post" in self.fields

    def _is_discussion_list(self) -> bool:
        """Known by a List-Post that can be written to: NO says that nobody may (RFC 2369, 3.4), and a page is none.
        Managers older than it are known by what they add."""
        if "list-post" in self.fields:
            return "@" in self.fields.get("list-post")
        if "list-unsubscribe-post" in self.fields:
            return False
        if any(name in self.fields for name in ("mailing-list", "x-mailing-list", "x-beenthere")):
            return True
        if "list-owner" in self.fields and (
            "list-archive" in self.fields or self.word("precedence") == "list"
        ):
            return True
        return (
            "list-unsubscribe" not in self.fields
            and _LIST_SENDER.match(_addressed(self.fields.get("sender"))) is not None
        )

    # -------------------------------------------------------- reading

    def _first(self, kind: str) -> str:
        return next((self.shown(name) for name in self.telling if kind in _kinds(name)), "")

    def _mailer(self, kind: str) -> str:
        for name in ("x-mailer", "user-agent"):
            if name in self.fields and kind in _kinds_of_program(self.fields.get(name)):
                return self.shown(name)
        return ""

    def word(self, name: str) -> str:
        """The first word of a header in lower case, "" when it is missing."""
        if name not in self.fields:
            return ""
        return self.fields.get(name).partition(";")[0].partition("(")[0].strip().lower()

    def shown(self, name: str) -> str:
        label = (
            "-".join(part.capitalize() for part in name.split("-"))
            .replace("-Id", "-ID")
            .replace("Ph-", "ph-")
        )
        return one_line(f"{label}: {self.fields.get(name)}", 100)


def _addressed(value: str) -> str:
    return value.rpartition("<")[2].strip()


def _wants_no_answer(local: str) -> bool:
    said = words.MACHINE_WORDS & set(re.split(r"[-_.+]", local.lower()))
    return bool(said or _NO_REPLY.search(local) or _MACHINE.fullmatch(local))


def is_daemon(address: Address) -> bool:
    """Whether an address is that of a mail system rather than a person."""
    return _DAEMON.match(address.address or address.name) is not None
