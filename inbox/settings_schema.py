"""What may stand in settings.toml: one declaration a key feeds the checks, the errors and docs/settings.md.

Imported only when a settings file has changed, for pydantic is slow to load. A key's `title` says what is
allowed in it, its `description` why it is there. Where mail and chats come from is declared in
`inbox.settings_sources`, what is done or told by itself in `inbox.settings_automatic`; what concerns several
keys together is in `inbox.settings_checks`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag, create_model

from inbox.hint_levels import HINTS
from inbox.hours import DAYS
from inbox.money import KINDS
from inbox.outcomes import CAUSES, OWN_CAUSES
from inbox.settings_action import ActionTable, StepTable
from inbox.settings_automatic import (
    AlertsTable,
    CheckInTable,
    FeedbackTable,
    KeepTable,
    NudgesTable,
    RuleTable,
    ThenTable,
)
from inbox.settings_panels import PanelName, PanelTable
from inbox.settings_sources import ChatTable, ContactFormTable, FeedTable, MailboxTable, TranscriptTable
from inbox.settings_table import Table, key
from inbox.settings_values import (
    Away,
    Buffer,
    Currency,
    Date,
    DayOfYear,
    HintLevel,
    Host,
    LetterFormat,
    MailAddress,
    Money,
    Name,
    OpenTime,
    Pauses,
    QuoteHistory,
    Seen,
    SendLimit,
    ShortWords,
    Size,
    Spans,
    TagWord,
    TeamRole,
    Text,
    WallTime,
    Warn,
    Week,
    Zone,
    filled,
)


class CalendarTable(Table):
    """Opening hours."""

    zone: Zone | None = key(
        None,
        'a time zone, as in "Europe/Berlin"',
        "The zone of the opening hours, in which times are also shown. Left out: the host's.",
    )
    week: Week = key(
        filled({day: [(9 * 3600, 17 * 3600)] for day in DAYS[:5]}),
        'a table of weekdays, as in { mon = ["08:00-12:00", "13:30-18:00"], tue = ["09:00-17:00"] }',
        "When somebody answers. Days that are left out are closed; 00:00-24:00 is the whole day.",
        'mon to fri ["09:00-17:00"]',
    )
    holidays: list[Date] = key(
        [],
        "a list of dates, as in [2026-12-24]",
        "Days on which you are closed, besides the public holidays of the country.",
    )
    openings: dict[DayOfYear, Spans] = key(
        {},
        'a table of dates, as in { 2026-12-06 = ["10:00-14:00"] }',
        "Hours of single days, instead of those of the weekday and also on a holiday.",
    )
    country: Text | None = key(
        None, 'the two letters of a country, as in "DE"', "Its public holidays are closed days."
    )
    region: Text | None = key(
        None, 'a region of the country, as in "BY"', "Holidays differ between regions of a country."
    )


Hours = Annotated[
    Annotated[CalendarTable, Tag("table")] | Annotated[Literal["always"], Tag("always")],
    Discriminator(lambda value: "table" if isinstance(value, (dict, CalendarTable)) else "always"),
]


TAGS = ("table", "always")
"""What pydantic puts into the place of an error for the two forms of `hours`."""


class PolicyTable(Table):
    """How soon customers hear from us. The first policy whose `when` fits has a conversation."""

    hours: Hours | None = key(
        None, '"always" or a table like [hours]', "A policy may count other hours than the opening hours."
    )
    name: Text = key("default", "a name", "What lists and reports call the policy; each has its own.")
    when: Text | None = key(
        None,
        'a search, as in "tag:vip OR from:acme.example"',
        "Which conversations it is for. Left out: all that no policy before it has taken.",
    )
    first_reply: OpenTime | None = key(None, "a duration of open time", "From a customer's first message.")
    next_reply: OpenTime | None = key(
        None, "a duration of open time", "From the oldest message that nobody has answered yet."
    )
    resolve: OpenTime | None = key(None, "a duration of open time", "Until the conversation is closed.")
    update: OpenTime | None = key(
        None, "a duration of open time", "The customer hears from us this often, also when nothing is new."
    )
    pause: Pauses | None = key(
        None,
        'a list of statuses, as in ["waiting", "held"]',
        "In which statuses the clocks stand still. Left out: replies never, resolve in waiting and held, "
        "update in waiting; closed and spam always.",
    )
    warn: Warn | None = key(
        None,
        'a share or a duration, as in "25%" or "30m"',
        "How long before the deadline a conversation is marked. Left out: a quarter of the time, at most "
        "an hour.",
    )


class TeammateTable(Table):
    """Somebody of the team. Without a team, whoever runs Frontdesk is its owner."""

    name: Name = key(..., "one word", "What colleagues and the record call this person.")
    role: TeamRole = key(
        "agent",
        '"owner", "agent", "trainee" or "reader"',
        "What this person may do: everything, answer, answer once somebody agrees, or only read.",
    )
    unix: Text | None = key(None, "the name of a Unix user", "Who this is when --as does not say.")
    address: MailAddress | None = key(
        None, "a mail address", "Offered where recipients are typed, so that a colleague can be put in copy."
    )
    zone: Zone | None = key(
        None,
        'a time zone, as in "America/New_York"',
        "Where this person works. A date that is typed is shown in it too, where the clocks differ from the opening hours'.",
    )
    alert_mail: bool | None = key(
        None,
        "true or false",
        "Whether alerts go to this address by mail. Left out: as `mail` in [alerts], where there is an address.",
    )
    goodwill_limit: Money | None = key(
        None,
        "a sum, as in 50",
        "What this person may give a customer in one conversation. Left out: `limit` of [goodwill]. An owner may always.",
    )
    skills: list[TagWord] = key(
        [],
        'a list of tags, as in ["returns", "french"]',
        "What this person knows: a rule that assigns by skill looks for them among the conversation's tags.",
    )
    away: list[Away] = key(
        [],
        'a list of days and spans, as in [2026-12-24, "2026-12-27..2027-01-03"]',
        "When this person is not here, in the zone of the opening hours: rules assign them nothing then.",
    )


_CHECKS_KEYS: dict[str, Any] = {
    name: (HintLevel, key(usual.level, '"hard", "hint", "passive" or "off"', usual.about))
    for name, usual in HINTS.items()
}


ChecksTable: type[Table] = create_model(
    "ChecksTable",
    __base__=Table,
    __doc__="How much each hint weighs while an answer is written. What always stops a letter has no key here.",
    **_CHECKS_KEYS,
)


class UpsetTable(Table):
    """By which signs a customer counts as upset, whose clocks then run as policies say for `is:upset`: docs/customers.md."""

    words: list[Text] = key(
        [],
        'phrases, as in ["third time lucky", "data protection officer"]',
        "What is a sign as well, whatever the language. `*` at the end of a word stands for any ending, `…` for up to "
        "three words in between.",
    )
    ignore: list[Text] = key(
        [],
        'phrases, as in ["court", "Anwalt"]',
        "What of the built-in signs is none here, nor a phrase with it: a law firm's customers write of lawyers.",
    )
    off: bool = key(
        False, "true or false", "Whether nobody counts as upset by signs; a person can say so all the same."
    )
    within: WallTime = key(
        14 * 86400,
        'a duration, as in "20s", "3h" or "14d"',
        "A customer's third conversation about the same thing within this time is a sign.",
        '"14d"',
    )


class GoodwillTable(Table):
    """What a teammate may give a customer at once, without asking: a discount, a refund, a gift."""

    currency: Currency = key("EUR", 'three letters, as in "EUR"', "The currency of a sum that names none.")
    limit: Money = key(
        "20",
        "a sum, as in 20",
        "What a teammate may give in one conversation, in each currency by itself. More only an owner gives.",
        "20",
    )
    month: Money | None = key(
        None,
        "a sum, as in 200",
        "What a teammate may give in one month of the calendar, likewise. Left out: as much as there is need for.",
    )
    percent: Money = key(
        "20", "a number, as in 20", "The most per cent a teammate may give in one conversation.", "20"
    )
    kinds: list[ShortWords] = key(
        list(KINDS),
        'a list of words, as in ["discount", "refund"]',
        "What can be given. Without a sum goes all but the first two built-in ones: a discount and a refund have one.",
    )


class SettingsFile(Table):
    """The keys at the top of the file, before the first table."""

    us: list[Text] = key(
        [],
        'a list of addresses, domains, names and numbers, as in ["support@shop.example", "@shop.example", '
        '"Anna", "+49 30 1234"]',
        "Who we are, in mail and in chats. The mailboxes' own addresses count without being named; without "
        "any, it is worked out from the mail.",
    )
    authserv_id: Host | None = key(
        None,
        "the name of a host",
        "Our mail server's name in Authentication-Results: the first word of that header in mail you get. Only what "
        "it says about forged senders is believed.",
    )
    seen: Seen = key("answer", '"never", "answer" or "close"', "When mail is marked as read on the server.")
    send_limit: SendLimit = key(
        [(20, 60), (450, 86400)],
        'counts per s, m, h or d, as in "20/m, 450/d"',
        "How fast each mailbox sends. Providers block those who send faster than they allow; Gmail's free "
        "accounts may send about 500 a day.",
        '"20/m, 450/d"',
    )
    format: LetterFormat = key(
        "text",
        '"text" or "both"',
        "Text goes out as it is typed. With both, the same text is sent as HTML beside it, with its Markdown: "
        "lists, links, emphasis.",
    )
    quote: QuoteHistory = key(
        "last",
        '"none", "last" or "all"',
        "What stands below an answer: nothing, the message that is answered, or all that everybody it goes to "
        "has seen already. Notes are never quoted.",
    )
    shop: Text | None = key(
        None, "text", "What `{shop}` in saved replies becomes: the name customers know you by."
    )
    automatic_sending: bool = key(
        False,
        "true or false",
        "Whether anything may be sent that no person wrote: nudges, check-ins, the question how it was, what rules send.",
    )
    promise_buffer: Buffer | None = key(
        None,
        'working days or a duration of open time, as in "1 working day" or "4h"',
        "How much earlier than promised we aim to be done: told for Thursday, it comes back on Wednesday. The promise stays "
        "what the customer was told. Left out: nothing earlier.",
    )
    undo_window: WallTime = key(
        20,
        'a duration, as in "20s", "3h" or "14d"',
        "How long a reply waits before it leaves, so that it can be undone.",
        '"20s"',
    )
    attach_limit: Size = key(
        20_000_000,
        'a size, as in "20MB"',
        "How large a message may be with its files, as it is sent (a third larger than the files). Gmail takes 25 MB; "
        "what a server says itself counts as well.",
        '"20MB"',
    )
    import_open_for: WallTime = key(
        14 * 86400,
        'a duration, as in "20s", "3h" or "14d"',
        "What an import finds unanswered and younger than this is open; all else is closed.",
        '"14d"',
    )
    chat_silence: WallTime = key(
        86400,
        'a duration, as in "20s", "3h" or "14d"',
        "After so long without a word in a chat, what comes next is a new conversation. What was parted stays so.",
        '"24h"',
    )
    new_after_closed: WallTime = key(
        30 * 86400,
        'a duration, as in "20s", "3h" or "14d"',
        "An answer to a conversation that was closed longer ago begins a new one, linked to the old.",
        '"30d"',
    )
    hours: Hours = key(
        CalendarTable(),
        '"always" or a table [hours]',
        "Opening hours: what the clocks count, and when snoozing ends.",
        "the table below",
    )
    policy: list[PolicyTable] = key(
        [],
        "tables [[policy]]",
        "Those built in follow the written ones: replies within 8h of open time, 4h for upset customers and "
        "those tagged vip, and a word every 16h while a conversation is held.",
    )
    mailbox: list[MailboxTable] = key([], "tables [[mailbox]]", "Mailboxes to fetch from and to send with.")
    team: list[TeammateTable] = key([], "tables [[team]]", "Who works here, and what each may do.")
    contact_form: list[ContactFormTable] = key(  # type: ignore[valid-type]  # made by create_model
        [], "tables [[contact_form]]", "Forms on your web site that write to you by mail."
    )
    transcript: list[TranscriptTable] = key(  # type: ignore[valid-type]  # made by create_model
        [], "tables [[transcript]]", "Chat programs that mail you what was said."
    )
    chat: list[ChatTable] = key([], "tables [[chat]]", "Folders of chat exports.")
    feed: list[FeedTable] = key([], "tables [[feed]]", "Feeds of reviews and forum posts.")
    rule: list[RuleTable] = key([], "tables [[rule]]", "What is done by itself, and when.")
    action: list[ActionTable] = key(
        [], "tables [[action]]", "Several verbs and a text under one name and key."
    )
    causes: list[ShortWords] = key(
        list(CAUSES),
        'a list of words, as in ["carrier", "site"]',
        "Whose doing it was: what one can say when closing, each by one letter. [] asks nobody.",
    )
    own_causes: list[ShortWords] = key(
        list(OWN_CAUSES),
        'a list of words, as in ["our mistake"]',
        "Causes that are your own doing: closing with one of them offers to come back to the customer some days later.",
    )
    upset: UpsetTable = key(UpsetTable(), "a table [upset]", "Which customers are upset.", "the table below")
    goodwill: GoodwillTable = key(
        GoodwillTable(), "a table [goodwill]", "What may be given to customers.", "the table below"
    )
    feedback: FeedbackTable = key(
        FeedbackTable(), "a table [feedback]", "Asking customers how it was.", "the table below"
    )
    alerts: AlertsTable = key(
        AlertsTable(), "a table [alerts]", "Who is told when nobody looks, and how.", "the table below"
    )
    nudges: NudgesTable = key(
        NudgesTable(), "a table [nudges]", "What goes to customers who do not answer.", "the table below"
    )
    check_in: CheckInTable = key(
        CheckInTable(), "a table [check_in]", "Whether all is well, asked after closing.", "the table below"
    )
    keep: KeepTable = key(
        KeepTable(), "a table [keep]", "After how long what is done with is erased.", "the table below"
    )
    panel: dict[PanelName, PanelTable] = key(
        {},
        "tables [panel.NAME]",
        "Programs that say what your own systems know of a customer, in the order in which they are shown.",
    )
    internal_words: list[Text] = key(
        [],
        'a list of words, as in ["EK-Preis", "Lieferant Müller"]',
        "What stays among you: an answer with one of them gets a hint. Whole words, capitals or not.",
    )
    checks: ChecksTable = key(  # type: ignore[valid-type]  # made by create_model
        ChecksTable(), "a table [checks]", "How much each hint weighs.", "the table below"
    )


TABLES: dict[tuple[str, ...], type[Table]] = {
    (): SettingsFile,
    ("hours",): CalendarTable,
    ("policy",): PolicyTable,
    ("policy", "hours"): CalendarTable,
    ("mailbox",): MailboxTable,
    ("team",): TeammateTable,
    ("contact_form",): ContactFormTable,
    ("transcript",): TranscriptTable,
    ("chat",): ChatTable,
    ("feed",): FeedTable,
    ("alerts",): AlertsTable,
    ("nudges",): NudgesTable,
    ("check_in",): CheckInTable,
    ("keep",): KeepTable,
    ("upset",): UpsetTable,
    ("goodwill",): GoodwillTable,
    ("feedback",): FeedbackTable,
    ("rule",): RuleTable,
    ("rule", "then"): ThenTable,
    ("action",): ActionTable,
    ("action", "then"): StepTable,
    ("panel",): PanelTable,
    ("checks",): ChecksTable,
}
"""Where each table stands in the file."""
