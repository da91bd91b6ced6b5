"""Saved actions in settings.toml: their tables, and what the single values in them cannot show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from inbox.nearest import nearest
from inbox.saved_actions import ME, NOBODY, TEXTS, Do
from inbox.settings_rules import Add, Known, Place, check_date, reasons_to_close
from inbox.settings_table import Table, key
from inbox.settings_values import Tags, Text
from inbox.text import cells


class StepTable(Table):
    """What a saved action does: one of these keys in each table of `then`."""

    tag: Tags | None = key(None, "a tag, or a list of tags", "Tags that are added.")
    untag: Tags | None = key(None, "a tag, or a list of tags", "Tags that are taken away.")
    assign: Text | None = key(None, 'the name of a teammate, "me" or "nobody"', "Who gets it.")
    snooze: Text | None = key(
        None, 'a date as it is typed, as in "tomorrow 9:00"', "Out of the way until then."
    )
    hold: Text | None = key(None, 'for whom, as in "carrier"', "Held: we wait for somebody else.")
    until: Text | None = key(None, 'a date as it is typed, as in "2d"', "Beside `hold`: until when.")
    follow_up: Text | None = key(
        None, 'a date as it is typed, as in "1w"', "It comes back then, unless the customer writes before."
    )
    close: Text | None = key(None, "a reason, as `frontdesk close --why` takes it", "Closed, and why.")
    reopen: Literal[True] | None = key(None, "true", "Open again.")
    note: Text | None = key(
        None, "text", "A note that only the team sees; @name puts it in front of a teammate."
    )
    upset: bool | None = key(None, "true or false", "Whether the customer counts as upset.")
    reply: Text | None = key(
        None, "the name of a saved reply", "The composer opens with it, its places filled. It comes last."
    )
    send: Text | None = key(
        None,
        "the name of a saved reply",
        "The same, and the send bar opens: a person sends it, or goes back to the text.",
    )


class ActionTable(Table):
    """Several verbs and a text under one name, done with two keys (`;` and its own) to one conversation or to all that are
    selected. One undo takes all of it back; where one part is refused, nothing is done ([screen.md](screen.md#keys)).
    """

    name: Text = key(..., "a name", "What it is called where it is offered; each has its own.")
    then: list[StepTable] = key(
        ...,
        'a list of tables, as in [{ tag = "refund" }, { assign = "me" }, { reply = "Refund on its way" }]',
        "What it does, in this order.",
    )
    key: Text | None = key(
        None, "one character", "What does it behind `;`; each has its own. Left out: it is found by its name."
    )


def check_actions(data: Mapping[str, Any], add: Add) -> None:
    """Call `add` with the place and the words of every mistake in the saved actions of a file as TOML has read it."""
    known = Known(data)
    rows = data.get("action")
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict):
            _check_action(("action", index), row, known, add)


def _check_action(place: Place, row: Mapping[str, Any], known: Known, add: Add) -> None:
    pressed = row.get("key")
    if isinstance(pressed, str) and (len(pressed) != 1 or not pressed.isprintable() or cells(pressed) != 1):
        add((*place, "key"), "this is one character, as r or R or 1.")
    elif pressed == " ":
        add((*place, "key"), "a blank is not seen. Take a letter or a figure.")
    then = row.get("then")
    if then == []:
        add((*place, "then"), "this does nothing. Write what is to be done.")
    steps = [step for step in (then if isinstance(then, list) else []) if isinstance(step, dict)]
    for index, step in enumerate(steps):
        _check_step((*place, "then", index), step, known, index + 1 == len(steps), add)


def _check_step(place: Place, step: Mapping[str, Any], known: Known, is_last: bool, add: Add) -> None:
    doing = [each for each in Do if each.value in step]
    if "until" in step and Do.HOLD not in doing:
        add((*place, "until"), "this belongs beside hold.")
    if not doing:
        if not set(step) - {"until"}:
            add(place, f"this does nothing. Write one of {', '.join(Do)}.")
        return  # a key that is not known is told by the schema
    if len(doing) > 1:
        add(place, f"two things stand here, {doing[0]} and {doing[1]}. Write a table for each.")
    for do in doing:
        value = step[do.value]
        if do in TEXTS and not is_last:
            add((*place, do.value), "the text comes last: a person goes on with it. Move it to the end.")
        elif do is Do.ASSIGN and isinstance(value, str) and value not in (ME, NOBODY):
            names = [*known.team, ME, NOBODY]
            if value not in names:
                add(
                    (*place, "assign"),
                    f"there is no such teammate{nearest(value[:60], names)} Known: {', '.join(names)}.",
                )
            elif value in known.readers:
                add((*place, "assign"), "this teammate only reads, and is assigned nothing.")
        elif do in (Do.SNOOZE, Do.FOLLOW_UP) and isinstance(value, str):
            check_date((*place, do.value), value, add)
        elif do is Do.CLOSE and isinstance(value, str) and value not in reasons_to_close():
            reasons = reasons_to_close()
            near = nearest(value[:60], reasons)
            add((*place, "close"), f"that is no reason for closing{near} Known: {', '.join(reasons)}.")
        elif do is Do.HOLD and isinstance(step.get("until"), str):
            check_date((*place, "until"), step["until"], add)
