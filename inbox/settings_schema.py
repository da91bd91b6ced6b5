"""What may stand in settings.toml: one declaration a key feeds the checks, the errors and docs/settings.md.

Imported only when a settings file has changed, for pydantic is slow to load. A key's `title` says what is
allowed in it, its `description` why it is there. What concerns several keys together is in
`inbox.settings_checks`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, create_model

from inbox.hint_levels import HINTS
from inbox.hours import DAYS
from inbox.money import KINDS
from inbox.outcomes import CAUSES, OWN_CAUSES
from inbox.settings_values import (
    Arguments,
    Away,
    Buffer,
    ChatFormat,
    Command,
    Currency,
    Date,
    DayOfYear,
    FullPath,
    HintLevel,
    Host,
    Language,
    LetterFormat,
    Lines,
    MailAddress,
    Money,
    Name,
    Names,
    NudgeText,
    OpenTime,
    Pauses,
    Port,
    Question,
    QuoteHistory,
    RuleOn,
    Security,
    Seen,
    Sender,
    SendLimit,
    ShortWords,
    Size,
    Spans,
    Tags,
    TagWord,
    TeamRole,
    Template,
    Text,
    TimeOfDay,
    Url,
    Variable,
    WallTime,
    Warn,
    Week,
    Weekdays,
    Zone,
    filled,
)


def key(default: Any, allowed: str, why: str, shown: str = "") -> Any:
    """A key: what holds without it (`...`: it must be given), what is allowed in it, why it is there.

    `shown` is the default as one would write it, where that is not plain from `default`.
    """
    return Field(default=default, title=allowed, description=why, examples=[shown] if shown else None)


class Table(BaseModel):
    """A table of settings.toml: keys it does not name are refused, and a number is not taken for a text."""

    model_config = ConfigDict(extra="forbid", strict=True)


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


OauthWord = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$")]
"""What may stand in an address of the login server."""


class MailboxTable(Table):
    """A mailbox to fetch from and to send with. The password never stands here: `oauth`, or one of the four
    keys at the end, says where it is.
    """

    name: Name = key(..., "one word", "What lists and searches call the mailbox.")
    address: MailAddress = key(..., "a mail address", "From here answers are sent.")
    authserv_id: Host | None = key(
        None,
        "the name of a host",
        "What this mailbox's server calls itself in Authentication-Results. Left out: as at the top of the file.",
    )
    aliases: list[MailAddress] = key(
        [], "a list of mail addresses", "Other addresses whose mail arrives here."
    )
    user: Text | None = key(None, "text", "The name to log in with. Left out: the address.")
    imap_host: Host = key(..., "the name of a host", "The server that mail is fetched from.")
    imap_port: Port | None = key(None, "a number from 1 to 65535", "Left out: 993 for tls, else 143.")
    imap_security: Security = key(
        "tls", '"tls", "starttls" or "none"', '"none" only to this machine: nothing travels in clear.'
    )
    smtp_host: Host = key(..., "the name of a host", "The server that takes what we send.")
    smtp_port: Port | None = key(
        None, "a number from 1 to 65535", "Left out: 465 for tls, 587 for starttls, else 25."
    )
    smtp_security: Security = key("tls", '"tls", "starttls" or "none"', "As imap_security.")
    ca_file: FullPath | None = key(
        None,
        "a full path",
        "A file of certificates to trust instead of the system's: for servers of your own.",
    )
    folders: list[Text] = key(
        [],
        "a list of folders",
        "What is fetched. Left out: INBOX, and what the server calls its Junk and Sent.",
    )
    signature: Lines | None = key(
        None,
        "text, of several lines between three quotation marks",
        'What stands below every answer from this mailbox, under a line with "-- ".',
    )
    signatures: dict[Language, Lines] = key(
        {},
        'a table of languages, as in { de = "Anna", fr = "Anne" }',
        "The same for conversations in these languages; `signature` serves all others.",
    )
    format: LetterFormat | None = key(
        None, '"text" or "both"', "How answers from this mailbox go out. Left out: as at the top of the file."
    )
    quote: QuoteHistory | None = key(
        None, '"none", "last" or "all"', "What they quote. Left out: as at the top of the file."
    )
    oauth: Literal["microsoft"] | None = key(
        None,
        '"microsoft"',
        "For mail at Microsoft, which takes no passwords: `frontdesk login MAILBOX` shows a code to type into a "
        "browser, once. Needs `pip install frontdesk[microsoft]`.",
    )
    oauth_client: OauthWord | None = key(
        None,
        "the id of an application, as Microsoft shows it",
        "Whoever runs Frontdesk registers it at Microsoft (Entra, App registrations; public client flows "
        "allowed; delegated permissions IMAP.AccessAsUser.All and SMTP.Send). Frontdesk brings none along: "
        "an id that is not yours could be withdrawn any day. Must be given with `oauth`.",
    )
    oauth_tenant: OauthWord = key(
        "common",
        '"common", "organizations", "consumers", or the id or domain of your organisation',
        "Whose accounts may log in.",
    )
    password_command: Command | None = key(
        None,
        'a command, as in "pass show mail/support"',
        "It prints the password on its first line. It is run without a shell; its errors are not shown.",
    )
    password_env: Variable | None = key(
        None, "the name of a variable", "The environment variable that holds the password."
    )
    password_file: FullPath | None = key(
        None, "a full path", "The file that holds the password. Only its owner may read it (chmod 600)."
    )
    token_command: Command | None = key(
        None, "a command", "It prints an OAuth2 access token: for servers that take no passwords (XOAUTH2)."
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


_FORM_KEYS: dict[str, Any] = {
    "from": (
        Sender,
        key(
            ...,
            'a mail address, or "@" and a domain',
            "Who sends what people fill in, as the mail itself says.",
        ),
    ),
    "address": (
        Text | None,
        key(
            None,
            'the words before the address, as in "Your e-mail"',
            "Behind them, or on the line below, stands who wrote. Left out: the usual words of some languages.",
        ),
    ),
    "name": (
        Text | None,
        key(None, 'the words before the name, as in "Your name"', "Left out: the usual words."),
    ),
}  # `from` is a word of Python: a class could not have it as a field
ContactFormTable: type[Table] = create_model(
    "ContactFormTable",
    __base__=Table,
    __doc__="A form on your web site. Who filled it in is the customer, not the address the form writes from.",
    **_FORM_KEYS,
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


class ChatTable(Table):
    """A folder whose chat exports are taken in."""

    folder: FullPath = key(..., "a full path", "Where the exports lie.")
    format: ChatFormat | None = key(
        None, "the name of a format, as `frontdesk import --format` takes it", "Left out: told by the files."
    )


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


class ThenTable(Table):
    """What a rule does: one of these keys in each table of `then`."""

    tag: Tags | None = key(None, "a tag, or a list of tags", "Tags that are added.")
    untag: Tags | None = key(None, "a tag, or a list of tags", "Tags that are taken away.")
    assign: Text | None = key(
        None,
        'the name of a teammate, "load", "round-robin" or "skill"',
        "Who gets it: this person; who has the fewest; in turn; or who has a skill that is a tag of it, of those the "
        "one with the fewest. Never a reader, and never somebody who is away.",
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
    chat: list[ChatTable] = key([], "tables [[chat]]", "Folders of chat exports.")
    rule: list[RuleTable] = key([], "tables [[rule]]", "What is done by itself, and when.")
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
    ("chat",): ChatTable,
    ("alerts",): AlertsTable,
    ("nudges",): NudgesTable,
    ("check_in",): CheckInTable,
    ("upset",): UpsetTable,
    ("goodwill",): GoodwillTable,
    ("feedback",): FeedbackTable,
    ("rule",): RuleTable,
    ("rule", "then"): ThenTable,
    ("checks",): ChecksTable,
}
"""Where each table stands in the file."""
