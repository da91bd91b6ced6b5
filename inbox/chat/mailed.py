"""Mails in which a chat program sends what was said: taken in as the chat they tell of, or suggested as one.

Anybody can write a mail that looks so, and it would say of others what they said. It becomes a chat by itself only where
its shape is known and its sender believed: our server confirms the sender, or the settings name it, or nobody has said
anything against it and it says nothing new of a customer. All else stays a mail, with a suggestion that a person takes or
declines. The lines are taken in before the mail, which belongs to their conversation then: a death in between is made up for
by the next try, for lines that are here are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from inbox.actions import block, decision, receive
from inbox.addresses import fold_address
from inbox.chat import transcripts
from inbox.chat.intake import Terms, WhoIsUs, take_in, terms_of
from inbox.chat.shape import Asked, Chat, Place, Side
from inbox.errors import FrontdeskError
from inbox.model import Identity, Instant, Message, Refusal, Who
from inbox.own_results import confirms, own_results
from inbox.placing import DAY
from inbox.ports import Decision, Outcome, State
from inbox.text import one_line
from inbox.us import Us
from inbox.verbs import VERBS, refused

if TYPE_CHECKING:
    from inbox.ports import Item, Workspace
    from inbox.settings import Settings, TranscriptForm

LARGEST = 300_000
"""Characters of a text in which a transcript is looked for."""
MOST_LINES = 1_000
"""Lines that one mail brings of a sender whom nobody has confirmed: more might be meant to drown us."""
LINES_KNOWN = 2
"""So many lines that are here already show that a mail is of the same chat, or all, where there are fewer."""
FAILED = "its sender could not be confirmed"
SILENT = "nothing confirms its sender, and the visitor is a customer already"
STRANGER = "its sender is not known to send chats"
ENDLESS = "nothing confirms its sender, and it is very long"
AHEAD = "it tells of a time to come"
BROKEN = "it could not be read as one"
NOBODY = "nobody has said who of it is us"


class Standing(NamedTuple):
    """What the store says of a mail before it is taken in: that it is here already, was erased or is blocked; and
    whether the visitor it tells of is a customer."""

    is_settled: bool
    is_customer: bool


def chat_in(message: Message, us: Us, settings: Settings) -> Chat | None:
    """The chat that a mail tells of, whoever sent it; None where it is any other mail."""
    if len(message.text) > LARGEST:
        return None
    told = transcripts.told(message, us, settings.transcripts)
    if told is None:
        return None
    from inbox.channels.chat.mail_transcript import chat_of

    chat = chat_of(message, told, Asked(us, settings.zone))
    speaks = any(line.author is not None for line in chat.lines)
    has_visitor = any(each.role in (Side.CUSTOMER, Side.UNKNOWN) for each in chat.participants.values())
    return chat if speaks and has_visitor else None


def visitor_of(item: Item, us: Us, forms: Sequence[TranscriptForm] = ()) -> str:
    """Whom a mail that looks like a chat names as its visitor, as a person calls them; "" where it names nobody."""
    message = Message(
        sender=item.sender, reply_to=item.reply_to, subject=item.subject, text=item.text[:LARGEST]
    )
    told = transcripts.told(message, us, forms)
    if told is None:
        return ""
    names = [name for name, side in told.sides.items() if side is Side.CUSTOMER]
    return one_line(told.visitor or told.email or next(iter(names), ""), 60)


def believed(message: Message, settings: Settings, authserv_id: str | None) -> bool | None:
    """Whether it is known that the sender of a transcript is who it says; None where nobody has said anything."""
    sender = message.sender[0].address if message.sender else ""
    results = own_results(message.authentication, authserv_id)
    if confirms(results, sender):
        return True
    if results:
        return False
    return True if transcripts.form_of(message, settings.transcripts) is not None else None


@dataclass(frozen=True, slots=True)
class MailedChats:
    """Takes the chats in that mails tell of."""

    store: Workspace
    settings: Settings
    us: Us
    now: Instant

    def told(self, arrival: receive.Arrival, who: Who) -> receive.Arrival:
        """A mail as it is to be taken in: as what told of a chat, whose lines are here by now; as one that looks like a
        chat; or as any other. What breaks by a mistake of ours leaves it a mail, and says so."""
        try:
            return self._told(arrival, who)
        except FrontdeskError:
            raise
        except Exception:
            return replace(arrival, looks_like_chat=BROKEN)

    def _told(self, arrival: receive.Arrival, who: Who) -> receive.Arrival:
        message = arrival.message
        odd = arrival.coming or arrival.quarantine or arrival.junk or arrival.way
        if odd or (message.sender and self.us.is_us(message.sender[0].address)):
            return arrival
        chat = chat_in(message, self.us, self.settings)
        if chat is None:
            return arrival
        standing = self._standing(arrival, chat)
        if standing.is_settled:
            return arrival
        doubt = self._doubt(arrival, chat, standing)
        if not doubt:
            try:
                return replace(arrival, chat=self._taken(chat, arrival, who))
            except WhoIsUs as error:
                self._ask(error, message, arrival.mailbox)
                doubt = NOBODY
        old = arrival.history and self.now - arrival.at >= arrival.open_for
        return arrival if old else replace(arrival, looks_like_chat=doubt)

    def take(self, conversation: int, who: Who) -> Outcome:
        """Take the mail of a conversation that looks like a chat as one, because a person says so."""
        rows = self.store.rows([conversation])
        reason = refused(VERBS["take-chat"], who, [row.conversation for row in rows])
        if not rows or reason is not None:
            return _not(reason or "There is no such conversation.")
        message = self._suggested(conversation)
        item = self.store.item(message) if message is not None else None
        raw = self.store.raw(item.id) if item is not None else None
        if item is None or raw is None:
            return _not(
                "Nothing here looks like a chat.", "frontdesk import --format mail-transcript takes a file."
            )
        from inbox.beside import read_all

        (mail,) = read_all([raw])
        chat = chat_in(mail, self.us, self.settings) if mail is not None else None
        if mail is None or chat is None:
            return _not("No line of a chat could be read in it.", "It stays the mail it is.")
        mailbox = rows[0].conversation.mailbox
        terms = self._terms(self.now - Terms.FRESH, mailbox)
        try:
            taken = take_in(self.store, chat, terms, Who("import"), self.now)
        except WhoIsUs as error:
            self._ask(error, mail, mailbox)
            return _not(error.what, error.next_step)
        scope, decide = decision(
            "take-chat", conversation=conversation, message=item.id, last=taken.last, mail=mail, raw=raw
        )
        return self.store.change(scope, decide, who, self.now)

    def _ask(self, error: WhoIsUs, mail: Message, mailbox: str | None) -> None:
        """Ask people who of a chat is us, unless not all of them may see what came to that mailbox."""
        from inbox.chat.names import asked_of

        if self._is_restricted(mailbox):
            return
        names, _ = asked_of(error.chat, error.keys, mail.subject)
        self.store.names.ask(names)

    def _suggested(self, conversation: int) -> int | None:
        """The message of a conversation that looks like a chat, the newest."""
        from inbox.fold import folded

        return next(iter(reversed(folded(conversation, self.store.events(conversation)).chat_mails)), None)

    def _taken(self, chat: Chat, arrival: receive.Arrival, who: Who) -> Place | None:
        """Take the lines in; where the last of them belongs."""
        terms = self._terms(None if arrival.history else self.now - Terms.FRESH, arrival.mailbox)
        return take_in(self.store, chat, terms, who, self.now).last

    def _terms(self, live_since: Instant | None, mailbox: str | None) -> Terms:
        """On which terms lines are taken in: those told of by mail to a restricted mailbox are restricted as it is."""
        terms = terms_of(self.store, self.settings, live_since)
        return replace(terms, mailbox=mailbox) if self._is_restricted(mailbox) else terms

    def _is_restricted(self, mailbox: str | None) -> bool:
        return any(each.name == mailbox and each.only is not None for each in self.settings.mailboxes)

    def _doubt(self, arrival: receive.Arrival, chat: Chat, standing: Standing) -> str:
        """Why a mail is not taken as a chat by itself; "" where it is."""
        message = arrival.message
        named = transcripts.form_of(message, self.settings.transcripts) is not None
        if not named and not transcripts.provider_alone(message):
            return STRANGER
        is_believed = believed(message, self.settings, arrival.authserv_id)
        if is_believed is False:
            return FAILED
        if is_believed is None and sum(1 for _ in chat.lines) > MOST_LINES:
            return ENDLESS
        if is_believed is None and standing.is_customer and not self._goes_on(chat):
            return SILENT
        if any(line.at > arrival.at + DAY for line in chat.lines):
            return AHEAD
        return ""

    def _goes_on(self, chat: Chat) -> bool:
        """Whether a chat that is here has lines of this one: who sends it knows what was said, to the minute."""
        lines = [line.id for line in chat.lines if line.author is not None]
        counts = (count for _, _, count in self.store.overlapping(chat.format, lines))
        return max(counts, default=0) >= min(LINES_KNOWN, len(lines))

    def _standing(self, arrival: receive.Arrival, chat: Chat) -> Standing:
        """What the store says of it, under its lock; nothing is changed."""
        visitors = [
            Identity("mail", fold_address(each.address))
            for each in chat.participants.values()
            if each.role is Side.CUSTOMER and each.address
        ]
        found: list[Standing] = []

        def look(state: State, _who: Who, _now: Instant) -> Decision:
            settled = state.same is not None or state.erased or state.begun is not None
            blocked = block.standing(arrival.message, arrival.us, state) is not None
            found.append(Standing(settled or blocked, any(each in state.identities for each in visitors)))
            return Refusal("only looked at")

        scope = receive.scope(arrival)._replace(identities=tuple(visitors))
        self.store.change(scope, look, Who("sync"), self.now)
        return found[-1]


def _not(reason: str, next_step: str = "") -> Outcome:
    return Outcome(refusal=Refusal(reason, next_step))
