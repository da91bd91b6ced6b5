"""Issues: made, changed and closed, and conversations linked to them."""

from __future__ import annotations

from typing import Any

from inbox.actions.facts import happened
from inbox.issues import (
    BANNER,
    KINDS,
    LONGEST_BANNER,
    LONGEST_TITLE,
    TITLE,
    Issue,
    wrong_name,
)
from inbox.model import Event, EventType, Instant, Refusal, Who
from inbox.ports import Decision, Fact, Scope, State
from inbox.text import one_line, sanitise


def scope(issue: str, **_: Any) -> Scope:
    """The issue."""
    return Scope(issues=(issue,))


def make(
    state: State, who: Who, now: Instant, *, issue: str, kind: str = "issue", title: str = ""
) -> Decision:
    """A new issue of this name."""
    wrong = wrong_name(issue)
    if wrong is not None:
        return Refusal(wrong, "Write it like carrier-strike.")
    if issue in state.issues:
        return Refusal(f"There is an issue {issue} already.", "Take another name, or link to that one.")
    if kind not in KINDS:
        return Refusal(f"{kind!r} is no kind of issue.", f"Kinds: {', '.join(KINDS)}.")
    return [_made(issue, kind, title, who, now)]


def _made(issue: str, kind: str, title: str, who: Who, now: Instant) -> Fact:
    event = Event(EventType.ISSUE, now, who.name, data={"issue": issue, "kind": kind}, recorded=now)
    return Fact(event, said=((TITLE, one_line(title, LONGEST_TITLE) or issue),))


def change(
    state: State,
    who: Who,
    now: Instant,
    *,
    issue: str,
    title: str | None = None,
    is_open: bool | None = None,
) -> Decision:
    """Call it otherwise, close it, or open it again; what is linked to it stays so."""
    here = state.issues.get(issue)
    if here is None:
        return unknown(issue)
    data: dict[str, Any] = {}
    said: list[tuple[str, str]] = []
    called = one_line(title or "", LONGEST_TITLE)
    if called and called != here.title:
        said.append((TITLE, called))
    if is_open is not None and is_open != here.is_open:
        data["state"] = "open" if is_open else "closed"
    if not data and not said:
        return Refusal("Nothing would change.", f"{issue} is {'open' if here.is_open else 'closed'}.")
    return [_about(issue, who, now, data, said)]


def banner(
    state: State,
    who: Who,
    now: Instant,
    *,
    issue: str,
    text: str,
    until: Instant | None = None,
    everywhere: bool = False,
    seen: str | None = None,
) -> Decision:
    """A text on top of each new answer until an instant: in linked conversations, or everywhere. "" takes it away. `seen`:
    what stood there when it was begun; what a colleague has put there since is not written over."""
    here = state.issues.get(issue)
    if here is None:
        return unknown(issue)
    if seen is not None and here.banner_at(now) != seen:
        there = one_line(here.banner_at(now), 200) or "nothing"
        return Refusal(
            f"Somebody has changed the banner meanwhile: it says “{there}” now.", "Read it, and try again."
        )
    text = sanitise(text).strip()
    if not text:
        if not here.banner_at(now):
            return Refusal(f"{issue} has no banner now.")
        return [_about(issue, who, now, {"until": 0}, [])]
    if not here.is_open:
        return _closed(here)
    if until is None or until <= now:
        return Refusal("The banner would end before it begins.", "Name a time to come until when it stands.")
    if len(text) > LONGEST_BANNER:
        return Refusal(f"That banner is longer than {LONGEST_BANNER} characters.", "Write it shorter.")
    data = {"until": until} | ({"everywhere": True} if everywhere else {})
    return [_about(issue, who, now, data, [(BANNER, text)])]


def _about(issue: str, who: Who, now: Instant, data: dict[str, Any], said: list[tuple[str, str]]) -> Fact:
    event = Event(EventType.ISSUE, now, who.name, data={"issue": issue, **data}, recorded=now)
    return Fact(event, said=tuple(said))


def scope_link(conversation: int, issue: str, **_: Any) -> Scope:
    """The conversation and the issue."""
    return Scope(conversations=(conversation,), issues=(issue,))


def link(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    issue: str,
    new: str = "",
    title: str = "",
) -> Decision:
    """It belongs to an issue; to another one no more. With `new`, a kind, the issue is made where there is none yet."""
    here = state.issues.get(issue)
    facts: list[Fact] = []
    if here is None:
        if not new:
            return unknown(issue)
        made = make(state, who, now, issue=issue, kind=new, title=title)
        if isinstance(made, Refusal):
            return made
        facts += made
    elif not here.is_open:
        return _closed(here)
    was = state.conversations[conversation].issue
    if was == issue:
        return Refusal(f"It is linked to {issue} already.")
    return [happened(EventType.LINKED, conversation, who, now, issue=issue, was=was), *facts]


def scope_unlink(conversation: int, **_: Any) -> Scope:
    """The conversation."""
    return Scope(conversations=(conversation,))


def unlink(state: State, who: Who, now: Instant, *, conversation: int) -> Decision:
    """It belongs to no issue."""
    was = state.conversations[conversation].issue
    if was is None:
        return Refusal("It is linked to no issue.")
    return [happened(EventType.LINKED, conversation, who, now, issue=was, off=True)]


def unknown(issue: str) -> Refusal:
    """The refusal of an issue that is not there."""
    return Refusal(f"There is no issue {issue[:60]!r}.", "frontdesk issue list shows those there are.")


def _closed(issue: Issue) -> Refusal:
    return Refusal(f"The issue {issue.name} is closed.", f"frontdesk issue reopen {issue.name} opens it.")
