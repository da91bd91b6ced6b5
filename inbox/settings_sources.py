"""The tables of settings.toml that say where mail and chats come from (`inbox.settings_schema`)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from inbox.settings_table import Table, key
from inbox.settings_values import (
    ChatFormat,
    ChatLine,
    Command,
    FeedEvery,
    FeedUrl,
    FullPath,
    Host,
    Language,
    LetterFormat,
    Lines,
    MailAddress,
    Name,
    OpenTime,
    OwnField,
    Port,
    QuoteHistory,
    Security,
    Sender,
    Text,
    Variable,
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
        'What stands below every answer from this mailbox, under a line with "-- ". Where it says {me} stand the own lines '
        "of whoever writes (`frontdesk profile`), else above it.",
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
    only: list[Text] | None = key(
        None,
        'a list of names of teammates, as in ["ann", "bo"]',
        "Only they, and owners always, see, find, count, change or are told of a conversation in which anything "
        "came to this mailbox or left from it. Left out: everybody.",
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
    "phone": (
        Text | None,
        key(
            None,
            'the words before the telephone number, as in "Phone"',
            "By it they are known when they call. Only of somebody new: a form can be filled in by anybody.",
        ),
    ),
    "fields": (
        dict[OwnField, Text],
        key(
            {},
            'own fields of the customer and the words before each, as in {"number" = "Customer number"}',
            "What stands behind the words becomes that field, where the customer has none of that name yet.",
        ),
    ),
}  # `from` is a word of Python: a class could not have it as a field


ContactFormTable: type[Table] = create_model(
    "ContactFormTable",
    __base__=Table,
    __doc__="A form on your web site. Who filled it in is the customer, not the address the form writes from.",
    **_FORM_KEYS,
)


_TRANSCRIPT_KEYS: dict[str, Any] = {
    "from": (
        Sender,
        key(
            ..., 'a mail address, or "@" and a domain', "Who sends the transcripts, as the mail itself says."
        ),
    ),
    "visitor": (
        Text | None,
        key(None, 'the words before the name, as in "Gast"', "On its head. Left out: the usual words."),
    ),
    "address": (
        Text | None,
        key(
            None,
            'the words before the address, as in "Mailadresse"',
            "On its head. Left out: the usual words.",
        ),
    ),
    "line": (
        ChatLine | None,
        key(
            None,
            'how a line looks, with TIME, NAME and TEXT in it, as in "TIME | NAME | TEXT"',
            "What is said goes on until the next such line. Left out: the usual ways, told by the mail itself.",
        ),
    ),
    "us": (
        list[Text],
        key([], "a list of names", "Who of those that speak is us, beside the `us` of the top."),
    ),
}


TranscriptTable: type[Table] = create_model(
    "TranscriptTable",
    __base__=Table,
    __doc__="A chat program that is not known by itself, and mails what was said. Its mails become chats of the visitor.",
    **_TRANSCRIPT_KEYS,
)


class ChatTable(Table):
    """A folder whose chat exports are taken in."""

    folder: FullPath = key(..., "a full path", "Where the exports lie.")
    format: ChatFormat | None = key(
        None, "the name of a format, as `frontdesk import --format` takes it", "Left out: told by the files."
    )


class FeedTable(Table):
    """A feed (Atom or RSS) of reviews or forum posts. Needs `pip install frontdesk[feeds]`; docs/feeds.md tells more."""

    name: Name = key(..., "one word", "What lists call it; `mailbox:NAME` finds what came by it. It stays.")
    url: FeedUrl = key(..., 'an address, as in "https://reviews.example/shop.atom"', "Where the feed lies.")
    every: FeedEvery = key(
        900, 'a duration from "5m" to "7d"', "How often it is asked for what is new.", '"15m"'
    )
    answer_within: OpenTime | None = key(
        None,
        "a duration of open time",
        "How soon what comes by it is to be answered. Left out: as all else, by the policies.",
    )
    words: list[Text] = key(
        [], 'a list of words, as in ["Acme"]', "Only entries with one of them are taken. Left out: all."
    )
