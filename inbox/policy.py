"""SLA policies: how long a customer may wait for what, and when the waiting pauses (docs/clocks.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from inbox.errors import BadSettings
from inbox.hours import ALWAYS, Hours, parse_duration
from inbox.model import Status
from inbox.nearest import nearest, only

TARGETS = ("first_reply", "next_reply", "resolve", "update")
_KEYS = ("name", "when", *TARGETS, "pause", "warn")
_SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?) ?%")
_ALWAYS_PAUSED = frozenset({Status.CLOSED.value, Status.SPAM.value})
_RESOLVE_PAUSES = frozenset({Status.WAITING.value, Status.HELD.value})
_UPDATE_PAUSES = frozenset({Status.WAITING.value})


@dataclass(frozen=True, slots=True)
class Policy:
    """The targets of a conversation's clocks, in seconds of open time; None: there is no such clock.

    `pause` names the statuses in which reply, resolve and update clocks stand still, in place of what each
    does by default; closed and spam always come on top. `warn` is how long before a deadline a clock warns:
    open seconds (int), a share of the target (float, up to 1.0), or None for a quarter of it and at most an
    hour. `when` is a query; None fits every conversation.
    """

    name: str = "default"
    first_reply: int | None = None
    next_reply: int | None = None
    resolve: int | None = None
    update: int | None = None
    pause: frozenset[str] | None = None
    warn: int | float | None = None
    hours: Hours = ALWAYS
    when: str | None = None
    reply_pauses: frozenset[str] = field(init=False, compare=False, repr=False)
    resolve_pauses: frozenset[str] = field(init=False, compare=False, repr=False)
    update_pauses: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        defaults = {"reply": frozenset[str](), "resolve": _RESOLVE_PAUSES, "update": _UPDATE_PAUSES}
        for kind, usual in defaults.items():
            pauses = usual if self.pause is None else self.pause
            object.__setattr__(self, f"{kind}_pauses", pauses | _ALWAYS_PAUSED)

    @classmethod
    def from_settings(cls, value: object, hours: Hours, place: str = "policy") -> Policy:
        """A policy as people write it: a table of durations and words. `place` is what errors name.

        Raises BadSettings for what cannot be understood, naming the nearest word that can.
        """
        if not isinstance(value, Mapping):
            raise BadSettings(
                f"{place} is no table.", f"Write it as [{place}] with first_reply and next_reply."
            )
        only(value, _KEYS, place)
        for key in ("name", "when"):
            if not isinstance(value.get(key, ""), str):
                raise BadSettings(f"{place}.{key}: {value[key]!r} is no text.", "Write it in quotes.")
        targets = {
            key: parse_duration(value[key], always=hours.always, place=f"{place}.{key}")
            for key in TARGETS
            if key in value
        }
        return cls(
            name=value.get("name") or "default",
            pause=_pause(value["pause"], f"{place}.pause") if "pause" in value else None,
            warn=_warn(value["warn"], hours, f"{place}.warn") if "warn" in value else None,
            hours=hours,
            when=value.get("when") or None,
            **targets,
        )

    def warning(self, target: int) -> int:
        """How many open seconds before a deadline of `target` open seconds the clock warns."""
        if self.warn is None:
            return min(target // 4, 3600)
        return int(target * self.warn) if isinstance(self.warn, float) else self.warn


def feed_policy(feed: str, within: int, hours: Hours) -> Policy:
    """The clock of a feed: what comes by it is answered within so many open seconds, whoever it is from."""
    when = f'channel:feed mailbox:"{feed}"'
    return Policy(f"feed {feed}", within, within, hours=hours, when=when)


def default_policies(hours: Hours) -> tuple[Policy, ...]:
    """The policies that hold before anybody has written one; the first whose `when` fits has a conversation.

    Eight hours of open time for every reply, four for upset customers and those tagged `vip`; while a
    conversation is held, linked to an issue, or something is promised in it, its customer hears from us every sixteen.
    """
    usual = Policy(first_reply=8 * 3600, next_reply=8 * 3600, hours=hours)
    vip = replace(usual, name="vip", first_reply=4 * 3600, next_reply=4 * 3600, when="is:vip OR is:upset")
    waits = "status:held OR is:promised OR issue:any"
    vip_held = replace(vip, name="vip held", when=f"({waits}) ({vip.when})", update=16 * 3600)
    held = replace(usual, name="held", when=waits, update=16 * 3600)
    return vip_held, vip, held, usual


def _pause(value: object, place: str) -> frozenset[str]:
    words = [status.value for status in Status]
    if not isinstance(value, (list, tuple)):
        raise BadSettings(f"{place}: {value!r} is no list of statuses.", 'Write it like ["waiting", "held"].')
    for word in value:
        if word not in words:
            raise BadSettings(
                f"{place}: {word!r} is no status{nearest(word, words)}", f"Statuses: {', '.join(words)}."
            )
    return frozenset(value)


def _warn(value: object, hours: Hours, place: str) -> int | float:
    share = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if share is None:
        return parse_duration(value, always=hours.always, place=place)
    if not 0 < float(share[1]) <= 100:
        raise BadSettings(f"{place}: {value!r} is no share of the target.", "Write it like 25%, or like 15m.")
    return float(share[1]) / 100
