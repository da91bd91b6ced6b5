"""How it stands between us and the servers, in words: a few for the bottom line, all of them for the sheet `g w`.

Every time that is named is one a clock on the wall shows, never one that counts: what stands on the screen changes
when something happens, not because time passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from inbox.channels.plan import EMPTIED
from inbox.model import Instant
from inbox.ports import MAILBOX_STATES, MailboxState, OutboxLine
from inbox.text import one_line
from tui.times import moment

if TYPE_CHECKING:
    from inbox.feeds import FeedState
    from inbox.settings import Mailbox

FRESH = 300
"""Seconds since all folders were looked into during which a line that failed is nobody's concern."""
MANY = 100
"""Messages to come from which it is told how far fetching is."""
OVERDUE = 1200
"""Seconds after which a mailbox that seems well has not been looked into for too long."""
SILENT = 21_600
"""Seconds without a feed from which it is told in the bottom line: servers of feeds rest now and then."""
SKEWED = 120
"""Seconds between our clock and a server's from which a person is told."""

STOPPED = {
    "password": "password refused",
    "needs-login": "must log in again",
    "certificate": "certificate not trusted",
    "settings": "settings incomplete",
    "workspace": "the workspace cannot be written",
}
"""States that wait for a person, in the fewest words."""
LEAVING = ("queued", "refused-for-now", "connecting", "data")
"""States of an answer that the worker sends without anybody's doing."""
WAITING = (*LEAVING, "held")
"""States of an answer that has not left; the last one waits for a person."""

Line = tuple[tuple[str, str], ...]
"""One line of the sheet: pieces of text (not yet sanitised), each with the name of its ink in `tui.looks.Inks`."""

_NONE: Mapping[str, Any] = MappingProxyType({})


class Standing(NamedTuple):
    """How it stands, at one look. `why` says why no worker runs and none could be started; `waiting` counts the
    answers that have not left, by the mailbox they leave from (only read while the sheet is seen). `rules`: those that
    have stopped themselves, and why. `feeds`: how it stands with each of the settings."""

    states: Mapping[str, MailboxState] = _NONE
    runs: bool = False
    starting: bool = False
    why: str = ""
    waiting: Mapping[str, int] = _NONE
    rules: Mapping[str, str] = _NONE
    feeds: Sequence[FeedState] = ()


# --------------------------------------------------------------------------- a few words


def in_short(
    standing: Standing,
    mailboxes: Sequence[Mailbox],
    now: Instant,
    zone: tzinfo,
    key: str,
    *,
    narrow: bool = False,
) -> str:
    """What the bottom line says; "" when all is well. `key` opens the sheet."""
    if standing.starting or not (mailboxes or standing.feeds):
        return ""
    if not standing.runs:
        return f"no worker, press {key}" if narrow else f"no worker: nothing is fetched or sent, press {key}"
    troubles = sorted(
        (rank, at, words)
        for at, mailbox in enumerate(mailboxes)
        for rank, words in _concern(standing.states.get(mailbox.name), now, zone, key, narrow)
    )
    if not troubles:
        stopped = next(iter(standing.rules), None)
        if stopped is not None:
            return f"rule {one_line(stopped, 30)} has stopped itself, press {key}"
        silent = next((feed for feed in standing.feeds if _is_silent(feed, now)), None)
        return f"feed {one_line(silent.name, 20)} cannot be read, press {key}" if silent is not None else ""
    more = sum(rank < _COMING for rank, _, _ in troubles[1:])
    _, at, words = troubles[0]
    whose = f"{one_line(mailboxes[at].name, 20)}: " if troubles[0][0] < _COMING or len(mailboxes) > 1 else ""
    return f"{whose}{words}" + (f" · {more} more" if more else "")


def _is_silent(feed: FeedState, now: Instant) -> bool:
    """Whether a feed has failed for long enough to be somebody's concern, or was never read."""
    return feed.since is not None and (feed.read_at is None or now - feed.read_at > SILENT)


_STOPPED, _FAILED, _LATE, _ASKS, _COMING = range(5)


def _concern(
    state: MailboxState | None, now: Instant, zone: tzinfo, key: str, narrow: bool
) -> Iterator[tuple[int, str]]:
    """How bad it is, and the words for it; nothing when all is well."""
    if state is None:  # the worker has only begun
        return
    fresh = state.synced_at is not None and now - state.synced_at < FRESH
    again = f", tries again {moment(state.again_at, now, zone)}" if state.again_at and not narrow else ""
    if state.state in STOPPED:
        yield _STOPPED, f"{STOPPED[state.state]}, press {key}"
    elif state.state == "network" and not fresh:
        yield _FAILED, f"no line since {moment(state.since, now, zone)}{again}"
    elif state.state == "refused" and not fresh:
        yield _FAILED, f"server says no since {moment(state.since, now, zone)}{again}"
    elif state.state == "mistake" and not fresh:
        yield _FAILED, f"Frontdesk made a mistake, press {key}"
    elif state.of >= MANY:
        yield _COMING, _progress(state, now, narrow=narrow)
    elif state.synced_at is not None and now - state.synced_at > OVERDUE:
        yield _LATE, f"not looked into since {moment(state.synced_at, now, zone)}"
    elif state.synced_at is None and now - state.since > OVERDUE:
        yield _LATE, f"not looked into yet, {MAILBOX_STATES.get(state.state, state.state)}"
    elif state.questions:
        yield _ASKS, f"a question, press {key}"


def _progress(state: MailboxState, now: Instant, *, narrow: bool = False) -> str:
    """ "fetching INBOX 12 000 of 50 000, 4 min left": the count in steps of about a hundredth."""
    step = 10 ** max(0, len(str(state.of)) - 3)
    words = f"fetching {one_line(state.folder, 20)} {_count(state.done // step * step)} of {_count(state.of)}"
    seconds = now - state.began if state.began is not None else 0
    if narrow or seconds < 5 or not state.done:
        return words
    left = (state.of - state.done) * seconds // state.done
    return f"{words}, {'under 1 min' if left < 60 else _span(left)} left"


def _span(seconds: int) -> str:
    return f"{-(-seconds // 60)} min" if seconds < 7200 else f"{seconds // 3600} h"


def _count(number: int) -> str:
    return f"{number:,}".replace(",", " ")


# --------------------------------------------------------------------------- the sheet


def in_full(
    standing: Standing, mailboxes: Sequence[Mailbox], now: Instant, zone: tzinfo, key: str
) -> list[Line]:
    """Every mailbox and feed: its state, since when, what that means for customers, what to do next. `key` has all looked
    into now, and so answers whether a folder may be empty."""
    if not mailboxes and not standing.feeds:
        return [
            (("No mailbox is set up: nothing is fetched or sent.", "text"),),
            (("frontdesk init asks for one and writes the settings.", "muted"),),
        ]
    lines = list(_worker(standing))
    for name, why in standing.rules.items():
        lines += [(), ((f"Rule {one_line(name, 60)} has stopped itself: {one_line(why, 300)}", "late"),)]
        lines.append(
            (("Next: change it in settings.toml, and it goes on; frontdesk rules list shows all.", "muted"),)
        )
    for mailbox in mailboxes:
        lines += [(), *_mailbox(mailbox, standing, now, zone, key)]
    for feed in standing.feeds:
        lines += [(), *_feed(feed, standing, now, zone)]
    return lines


def _worker(standing: Standing) -> Iterator[Line]:
    if standing.runs:
        yield (("The worker runs: it fetches and sends.", "text"),)
    elif standing.starting:
        yield (("The worker is being started.", "text"),)
    else:
        yield (("No worker runs: nothing is fetched or sent.", "late"),)
        if standing.why:
            yield ((standing.why, "text"),)
        yield (
            ("Next: frontdesk sync --watch, by whoever may read the passwords, fetches and sends.", "muted"),
        )


def _mailbox(mailbox: Mailbox, standing: Standing, now: Instant, zone: tzinfo, key: str) -> Iterator[Line]:
    yield (one_line(mailbox.name, 30), "strong"), (f"  {one_line(mailbox.address, 60)}", "muted")
    waiting = standing.waiting.get(mailbox.name, 0)
    answers = f"{waiting} {'answer waits' if waiting == 1 else 'answers wait'} here" if waiting else ""
    state = standing.states.get(mailbox.name)
    if state is None:
        yield (("  Not looked into yet." + (f" {answers.capitalize()}." if answers else ""), "text"),)
        return
    synced = moment(state.synced_at, now, zone) if state.synced_at is not None else ""
    if not standing.runs:
        meaning = f"No new mail comes in{f' since {synced}' if synced else ''}"
        yield ((f"  {meaning}{f'; {answers}' if answers else ''}.", "text"),)
        return
    words = MAILBOX_STATES.get(state.state, state.state)
    ill = bool(state.trouble) or state.state in (*STOPPED, "network", "refused", "mistake")
    since = f" (since {moment(state.since, now, zone)})" if ill else ""
    yield ((f"  {words[:1].upper()}{words[1:]}{since}.", "late" if ill else "text"),)
    if state.of >= MANY:
        yield ((f"  Now {_progress(state, now)}.", "text"),)
    if state.trouble:
        yield ((f"  {_sentence(state.trouble)}", "text"),)
    if ill:
        meaning = f"No new mail has come in since {synced}" if synced else "No mail has come in yet"
        yield ((f"  {meaning}{f'; {answers}' if answers else ''}.", "text"),)
    elif synced or answers:
        told = [f"All folders looked into at {synced}"] if synced else []
        yield ((f"  {'; '.join([*told, *([answers] if answers else [])])}.", "muted"),)
    for question in state.questions:
        yield ((f"  {_sentence(question)}", "late"),)
        if question.endswith(EMPTIED):
            yield (
                (
                    f"  Its mail stays here. Press {key} when that is right; else look there with another program.",
                    "text",
                ),
            )
    if state.next_step:
        yield ((f"  Next: {_sentence(state.next_step)}", "text"),)
    if state.again_at is not None and ill:
        yield ((f"  It is tried again at {moment(state.again_at, now, zone)} by itself.", "muted"),)
    elif state.state in STOPPED:
        yield (("  It is not tried again by itself: sync now once it is mended.", "muted"),)
    if state.skew is not None and abs(state.skew) >= SKEWED:
        which = "ahead of" if state.skew > 0 else "behind"
        yield (
            (
                f"  The clock of this machine is {_span(abs(state.skew))} {which} the server's: deadlines are wrong by it.",
                "late",
            ),
        )


def _feed(feed: FeedState, standing: Standing, now: Instant, zone: tzinfo) -> Iterator[Line]:
    yield (
        (one_line(feed.name, 30), "strong"),
        (f"  {one_line(urlsplit(feed.url).hostname or '', 60)}", "muted"),
    )
    read = moment(feed.read_at, now, zone) if feed.read_at is not None else ""
    if feed.since is not None:
        yield ((f"  The feed cannot be read (since {moment(feed.since, now, zone)}).", "late"),)
        yield ((f"  {_sentence(feed.trouble)}", "text"),)
        yield ((f"  Nothing has come by it {f'since {read}' if read else 'yet'}.", "text"),)
        if feed.next_step:
            yield ((f"  Next: {_sentence(feed.next_step)}", "text"),)
    else:
        yield ((f"  Read at {read}." if read else "  Not read yet.", "muted"),)
    for oddity in feed.oddities:
        yield ((f"  {_sentence(oddity[:1].upper() + oddity[1:])}", "text"),)
    if standing.runs and feed.asked_at is not None:
        yield ((f"  It is asked again at {moment(feed.again_at, now, zone)} by itself.", "muted"),)


def _sentence(words: str) -> str:
    line = one_line(words, 400)
    return line if line.endswith((".", "!", "?", "…")) else f"{line}."


def answers_waiting(
    outbox: Iterable[OutboxLine], mailbox_of: Mapping[int, str | None], mailboxes: Sequence[Mailbox]
) -> dict[str, int]:
    """How many answers have not left, by mailbox; one of no mailbox that is set up leaves by the first."""
    names = [mailbox.name for mailbox in mailboxes]
    counts: dict[str, int] = {}
    for line in outbox:
        if line.state in WAITING and names:
            wanted = mailbox_of.get(line.conversation)
            name = wanted if wanted in names else names[0]
            counts[name] = counts.get(name, 0) + 1
    return counts


# --------------------------------------------------------------------------- leaving


def on_leaving(
    outbox: Iterable[OutboxLine], first: Instant | None, now: Instant, zone: tzinfo, *, sends: bool
) -> str:
    """The line that is left behind when the screen closes; "" when no answer waits.

    `first`: when the next answer is due; `sends`: a worker is there to send it.
    """
    states = [line.state for line in outbox]
    held, waiting = states.count("held"), sum(state in LEAVING for state in states)
    told = ""
    if waiting:
        one = waiting == 1
        told = f"{waiting} {'answer is' if one else 'answers are'} still waiting"
        if not sends:
            told += f", and nobody sends {'it' if one else 'them'}: start frontdesk sync --watch."
        else:
            at = moment(first, now, zone) if first is not None and first > now else ""
            when = f" ({'at' if one else 'the first at'} {at})" if at else ""
            told += f": the worker sends {'it' if one else 'them'}{when}."
    if held:
        answers = "" if told else "answer " if held == 1 else "answers "
        told += f"{' ' if told else ''}{held} {answers}{'is' if held == 1 else 'are'} held: frontdesk outbox says why."
    return told
