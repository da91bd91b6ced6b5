"""The contract of a channel: what everything else asks of a way by which customers write (docs/channels.md).

Pure, and it loads nothing that talks to the world, so that a screen may ask at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from inbox.model import Identity
    from inbox.settings import Settings


class Way(StrEnum):
    """How an answer gets there: as mail, sent into the channel itself, or carried there by a person."""

    MAIL = "mail"
    LIVE = "live"
    BY_HAND = "by-hand"


class Reach(NamedTuple):
    """How an answer gets to a customer, and to which of their addresses."""

    way: Way
    to: tuple[str, ...] = ()


class Channel(Protocol):
    """One way by which customers write, or a family of alike ones."""

    @property
    def names(self) -> Mapping[str, str]:
        """What conversations, queries and rules call it, for ever the same, and what people do."""

    @property
    def mark(self) -> str:
        """Its sign in lists, one cell wide."""

    @property
    def sends(self) -> bool:
        """Whether Frontdesk itself can send there. Only then anything goes by itself: rules, nudges, questions."""

    @property
    def receives(self) -> str:
        """Which chore of the worker takes in what has come, as `inbox.chores` names it; "" where none has to."""

    def identity(self, name: str, handle: str) -> Identity:
        """By what a customer is known who is called `handle` there."""

    def reach(self, addresses: Sequence[str]) -> Reach:
        """How an answer gets to a customer who has these mail addresses."""

    def status(self, settings: Settings, /) -> Iterable[tuple[str, str]]:
        """What keeps it from receiving, and what to do about it, in sentences; nothing where all is well."""


class Mail:
    """Mail. The worker listens to its mailboxes all the time."""

    names: Mapping[str, str] = {"mail": "mail"}
    mark = "✉"
    sends = True
    receives = ""

    def identity(self, name: str, handle: str) -> Identity:
        """Their address."""
        from inbox.addresses import fold_address
        from inbox.model import Identity

        return Identity(name, fold_address(handle))

    def reach(self, addresses: Sequence[str]) -> Reach:
        """As mail; where no address is known, the writer names one."""
        return Reach(Way.MAIL, _mailed(addresses))

    def status(self, _: Settings, /) -> Iterable[tuple[str, str]]:
        """How each mailbox stands is known to `Workspace.mailboxes`."""
        return ()


class _Elsewhere:
    """Where customers are and Frontdesk is not: they are answered by mail, else by hand."""

    names: Mapping[str, str] = {}
    mark = "⌂"
    sends = False
    receives = ""

    def identity(self, name: str, handle: str) -> Identity:
        """What they are called there."""
        from inbox.model import Identity

        return Identity(name, handle.casefold())

    def reach(self, addresses: Sequence[str]) -> Reach:
        """As mail, since that is sure to arrive and can be answered; else a person carries it there."""
        mailed = _mailed(addresses)
        return Reach(Way.MAIL, mailed) if mailed else Reach(Way.BY_HAND)

    def status(self, _: Settings, /) -> Iterable[tuple[str, str]]:
        """Nothing has to be there."""
        return ()


class Transcripts(_Elsewhere):
    """Chats that come as exports: the formats of `inbox.chat.shape`."""

    names = {  # noqa: RUF012  never changed
        "whatsapp": "WhatsApp",
        "telegram": "Telegram",
        "slack": "Slack",
        "messenger": "Messenger",
        "discord": "Discord",
        "signal": "Signal",
        "matrix": "Matrix",
        "google-chat": "Google Chat",
        "sms": "SMS",
        "tawk": "tawk.to",
        "intercom": "Intercom",
        "zendesk-chat": "Zendesk Chat",
        "olark": "Olark",
        "livechat": "LiveChat",
        "hubspot": "HubSpot",
        "irc": "IRC",
        "mail-transcript": "chat",
        "jsonl": "chat",
        "csv": "chat",
    }
    receives = "chat.folders.look"

    def status(self, settings: Settings, /) -> Iterable[tuple[str, str]]:
        """A watched folder that is not there."""
        return (
            (f"{each.folder} is watched for chats, and is not there.", "Make it, or take its [[chat]] out.")
            for each in settings.chats
            if not Path(each.folder).expanduser().is_dir()
        )


class Phone(_Elsewhere):
    """The telephone: what was said is written down."""

    names = {"phone": "phone"}  # noqa: RUF012  never changed
    mark = "☎"


class Feeds(_Elsewhere):
    """Reviews and posts on the web. The worker asks each feed in its turn; how it stands is known to `Workspace.feeds`."""

    names = {"feed": "the web site"}  # noqa: RUF012  never changed


CHANNELS: tuple[Channel, ...] = (Mail(), Phone(), Feeds(), Transcripts())
"""Every channel there is. What is not among them is a chat of a newer Frontdesk."""
_BY_NAME = {name: channel for channel in CHANNELS for name in channel.names}


def channel_of(name: str) -> Channel:
    """The channel of a conversation."""
    return _BY_NAME.get(name, CHANNELS[-1])


def in_words(name: str) -> str:
    """What people call a channel."""
    return channel_of(name).names.get(name, name)


def _mailed(addresses: Sequence[str]) -> tuple[str, ...]:
    from inbox.recipients import mailable  # a list that paints marks needs none of it

    return tuple(each for each in addresses if mailable(each) is not None)
