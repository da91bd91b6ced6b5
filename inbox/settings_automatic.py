"""The tables of settings.toml for what is done or told by itself (`inbox.settings_schema`)."""

from __future__ import annotations

from typing import Literal

from inbox.settings_table import Table, key
from inbox.settings_values import (
    Arguments,
    KeepFor,
    Language,
    Names,
    NudgeText,
    Question,
    RuleOn,
    Tags,
    TagWord,
    Template,
    Text,
    TimeOfDay,
    Url,
    WallTime,
    Weekdays,
)

_YEARS = 'a number of years or days, as in "3y" or "30d"'


class AlertsTable(Table):
    """What tells people of deadlines and of what happens to what is theirs, when they do not look: joined, at most once
    in ten minutes, and no thing twice.
    """

    bell: bool = key(
        True,
        "true or false",
        "Whether the screen rings the terminal's bell; a notice of the desktop comes along where "
        "`frontdesk doctor --terminal` has seen one pass.",
    )
    outside_hours: bool = key(
        False,
        "true or false",
        "Whether people are told outside the opening hours too. Otherwise they are told when it opens; what is late is "
        "late all the same.",
    )
    mail: bool = key(
        False,
        "true or false",
        "Whether every teammate with an address is told by mail, through the first mailbox. `alert_mail` in a [[team]] "
        "says it for one alone.",
    )
    command: list[Text] = key(
        [],
        'a program and its arguments, as in ["notify-send", "{words}"]',
        "What the worker runs to tell whoever runs it, who must be an owner; `{words}` becomes what there is to tell. "
        "It is run without a shell, and ended after ten seconds.",
    )


class NudgesTable(Table):
    """What we write by ourselves to a customer who does not answer, where nudges are switched on for a conversation (`g n`,
    or a rule) and `automatic_sending` is true. Each text goes once, in the opening hours; then nothing more.
    """

    after: list[WallTime] = key(
        [],
        'a list of durations, each longer than the one before, as in ["3d", "7d"]',
        "How long after our answer each goes.",
    )
    texts: list[NudgeText] = key(
        [],
        'a list of saved replies by name, or of texts, as in ["reminder", "last reminder"]',
        "What each says: as many as `after` has, and no two the same, for nobody wants to read a text twice.",
    )


class CheckInTable(Table):
    """The question whether all is well, some days after closing, where somebody asked for one. It is a follow-up that a
    person does, or goes by itself where there is a `text` and `automatic_sending` is true.
    """

    after: WallTime = key(
        5 * 86400,
        'a duration, as in "20s", "3h" or "14d"',
        "How long after closing, unless somebody names a time.",
        '"5d"',
    )
    text: NudgeText | None = key(
        None,
        "the name of a saved reply, or a text",
        "What goes by itself. Left out: a person is reminded, and writes.",
    )


class FeedbackTable(Table):
    """The question how it was, by mail, some days after closing. It goes only where `automatic_sending` is true as well;
    to whom, and what becomes of the answers: docs/closing.md.
    """

    after: WallTime | None = key(
        None,
        'a duration, as in "20s", "3h" or "14d"',
        'How long after closing a customer is asked, as in "3d". Left out: nobody is asked.',
    )
    text: Question | None = key(
        None,
        "text, of several lines between three quotation marks",
        "What is asked. `{first_name}`, `{agent}` and `{shop}` are filled in. Left out: a short question in the "
        "customer's language (English, German, French, Spanish; else English).",
    )
    texts: dict[Language, Question] = key(
        {},
        'a table of languages, as in { de = "Wie war es, von 1 bis 5?" }',
        "The same for customers who write in these languages; `text` serves all others.",
    )


class KeepTable(Table):
    """After how long what is done with is erased for good, by the worker, outside the opening hours. What is left out is
    kept for ever. Never: what somebody waits for or has yet to do, VIPs, and what carries the tag `never`.
    """

    closed: KeepFor | None = key(
        None, _YEARS, "Conversations that are closed, counted from the last thing that happened there."
    )
    spam: KeepFor | None = key(None, _YEARS, "What is spam.")
    notices: KeepFor | None = key(None, _YEARS, "What machines wrote and nobody answered.")
    attachments: KeepFor | None = key(
        None, _YEARS, "What came with the messages of closed conversations; what they say stays."
    )
    never: TagWord = key(
        "legal-hold", "a tag", "Conversations and customers with this tag are kept whatever stands above."
    )


class ThenTable(Table):
    """What a rule does: one of these keys in each table of `then`."""

    tag: Tags | None = key(None, "a tag, or a list of tags", "Tags that are added.")
    untag: Tags | None = key(None, "a tag, or a list of tags", "Tags that are taken away.")
    assign: Text | None = key(
        None,
        'the name of a teammate, "load", "round-robin" or "skill"',
        "Who gets it: this person; who has the least in hand; in turn; or who has a skill that is a tag of it, of those the "
        "one with the least. Never a reader, and never somebody who is away.",
    )
    policy: Text | None = key(
        None, "the name of a policy", "The policy it has from now on, whatever the policies' own `when` say."
    )
    snooze: Text | None = key(
        None, 'a date as it is typed, as in "tomorrow 9:00"', "Out of the way until then."
    )
    hold: Text | None = key(None, 'for whom, as in "carrier"', "Held: we wait for somebody else.")
    until: Text | None = key(None, 'a date as it is typed, as in "2d"', "Beside `hold`: until when.")
    follow_up: Text | None = key(
        None, 'a date as it is typed, as in "1w"', "It comes back then, unless the customer writes before."
    )
    close: Text | None = key(
        None, "a reason, as `frontdesk close --why` takes it", "Closed, and why: nobody is asked again."
    )
    reopen: Literal[True] | None = key(None, "true", "Open again.")
    note: Template | None = key(
        None,
        "text, with {first_name}, {name}, {subject}, {shop} or {id}",
        "A note that only the team sees; @name puts it in front of a teammate.",
    )
    notify: Names | None = key(
        None,
        'names of teammates, or "assignee", "owners", "everybody"',
        "Who is alerted, by the ways of [alerts]: joined with other alerts, and in the opening hours.",
    )
    draft: Text | None = key(
        None,
        "the name of a saved reply",
        "A draft for whoever answers; never over a draft that somebody has.",
    )
    send: Text | None = key(
        None,
        "the name of a saved reply",
        "Sent without a person, where automatic_sending is true and the rule says `automatic = true`. It meets no clock.",
    )
    nudge: bool | None = key(
        None, "true or false", "Whether a customer who does not answer is written to again, as [nudges] says."
    )
    upset: bool | None = key(None, "true or false", "Whether the customer counts as upset.")
    webhook: Url | None = key(
        None,
        'an https address, as in "https://hooks.shop.example/frontdesk"',
        "Called by the worker with a small JSON of ids and short words, at most once for each event.",
    )
    command: Arguments | None = key(
        None,
        'a program and its arguments, as in ["/usr/local/bin/label", "{id}"]',
        "Run by the worker, at most once for each event, without a shell, and ended after ten seconds.",
    )
    stop: Literal[True] | None = key(None, "true", "No further rule for this event.")


class RuleTable(Table):
    """When something happens, then do something. Rules are asked in the order of the file ([rules.md](rules.md))."""

    name: Text = key(..., "a name", "What the record and lists call the rule; each has its own.")
    on: RuleOn = key(
        ...,
        '"message-in", "message-out", "note", "status", "tag", "customer", "clock-warned", "clock-breached", '
        '"silence" or "time"',
        "What sets it off.",
    )
    when: Text | None = key(
        None,
        'a search, as in "subject:return -tag:vip"',
        "Which conversations it is for, as they are after the event. With a message or a note, words are looked for in that "
        "one alone. Left out: all.",
    )
    after: WallTime | None = key(
        None, 'a duration, as in "3d"', "With silence: for how long nothing came or went."
    )
    at: TimeOfDay | None = key(
        None, 'a time of day, as in "08:30"', "With time: when, in the zone of the opening hours."
    )
    days: Weekdays = key(
        [], 'a list of weekdays, as in ["mon", "thu"]', "With time: on which days. Left out: all."
    )
    then: list[ThenTable] = key(
        ...,
        'a list of tables, as in [{ tag = "returns" }, { assign = "skill" }]',
        "What it does, in this order.",
    )
    automatic: bool = key(
        False, "true or false", "Whether what it sends may go without a person. Needed for `send`."
    )
