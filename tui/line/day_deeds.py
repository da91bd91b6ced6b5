"""What the decision of a verb is given that was written into a day's file: names, causes and times as the settings know
them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inbox.model import Refusal
from tui.line.desk import Desk

if TYPE_CHECKING:
    from inbox.day import Head
    from inbox.day_words import Deed
    from inbox.model import Instant


def given(desk: Desk, deed: Deed, head: Head, home: int) -> dict[str, Any] | Refusal:
    """What the decision of a verb is given. FrontdeskError or a refusal where its words name nobody, nothing, or no
    time for certain."""
    from inbox.day_doing import Times
    from tui.line.assign import say_away, teammate_given
    from tui.line.closing import cause_given

    said, settings = dict(deed.said), desk.settings()
    times = Times(desk.now(), head.at, settings.zone, settings.hours, settings.promise_buffer)
    if deed.verb == "promise":
        promised = times.promise(said["until"])
        if isinstance(promised, Refusal):
            return promised
        return {"until": promised.until, "aim": promised.aim, "text": said["text"]}
    if "until" in said:
        until = times.instant(said["until"])
        if isinstance(until, Refusal):
            return until
        said["until"] = until
    match deed.verb:
        case "snooze":
            said["due"] = _due(desk, home)
        case "assign" | "hand-over":
            said["to"] = teammate_given(desk, said["to"])
            say_away(desk, [said["to"]] if said["to"] else [])
            if deed.verb == "hand-over":
                if said["to"] is None:
                    return Refusal("Nobody is to get it.", "assign none gives it back to everybody.")
                said["team"] = settings.team
        case "close":
            said["cause"] = cause_given(desk, said.get("cause"))
        case "act":
            return _action(desk, said["name"], home)
    return said


def _action(desk: Desk, name: str, home: int) -> dict[str, Any] | Refusal:
    from inbox.nearest import nearest
    from inbox.text import one_line

    settings = desk.settings()
    known = {each.name: each for each in settings.actions}
    action = known.get(name)
    if action is None:
        shown = ", ".join(known) or "none: [[action]] in settings.toml makes one"
        near = nearest(name, known)
        return Refusal(f"There is no action “{one_line(name, 60)}”{near}", f"Known: {shown}.")
    if action.text is not None:
        return Refusal(f"“{one_line(name, 60)}” writes a text.", "A person does that on the screen.")
    return {
        "action": action,
        "zone": settings.zone,
        "hours": settings.hours,
        "team": tuple(mate.name for mate in settings.team),
        "due": _due(desk, home),
    }


def _due(desk: Desk, home: int) -> Instant | None:
    return desk.store().rows([home])[0].due_at
