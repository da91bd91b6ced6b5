"""A message has come in: whose it is, where it belongs, and what follows from that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from inbox import beginnings, sender_marks
from inbox.actions import block, complete, feedback, mailed_chat, merge, ruling, undelivered, upset
from inbox.actions.facts import happened
from inbox.addresses import fold_address
from inbox.chat.shape import Place
from inbox.customer_record import OWN
from inbox.customers import identity, name_of, party
from inbox.model import (
    Address,
    Automatic,
    Block,
    Conversation,
    Customer,
    Event,
    EventType,
    Identity,
    Instant,
    Message,
    Refusal,
    Status,
    Who,
)
from inbox.on_behalf import FORM, FORWARD, Behalf, behalf, on_behalf
from inbox.placing import DAY, Placement, people_of, place
from inbox.ports import Content, Decide, Decision, Fact, Scope, State
from inbox.settings import ContactForm, Watched
from inbox.us import Us, fold_number


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message on its way in. `at` is the instant it counts from: the server's INTERNALDATE, or for an import the
    top Received, the Date, or the file's time. `trusted`: it lies where only we can put it (Sent, an import), so a
    From of ours is believed. `history`: an import or first sync, which wakes nobody and makes nothing late.
    """

    message: Message
    raw: bytes
    at: Instant
    trusted: bool = False
    history: bool = False
    mailbox: str | None = None
    channel: str = "mail"
    quarantine: bool = False
    junk: bool = False  # the server put it into Junk
    us: Us = field(default_factory=Us)
    open_for: int = 14 * DAY  # history unanswered and younger than this stays open
    new_after_closed: int = 30 * DAY
    coming: int = 0  # the size it is to have: the message is its beginning alone, and its digest that of this
    begins: str = field(init=False, default="")  # that digest
    forms: tuple[ContactForm, ...] = ()
    authserv_id: str | None = None  # what our server calls itself where it tells who sent a mail
    team: tuple[str, ...] = ()  # the names of the teammates
    watched: Watched | None = None  # by which signs a customer is upset; None: nobody asks
    chat: Place | None = None  # of the last line of the chat that it told of, whose lines are here by now
    looks_like_chat: str = ""  # why it is not taken as a chat though it looks like one
    way: str = field(init=False, default="")  # by which the message speaks for somebody else (`on_behalf`)
    filled_in: Behalf | None = field(init=False, default=None)  # of a contact form: what stands in it

    def __post_init__(self) -> None:
        found = behalf(
            self.message,
            self.raw,
            self.us,
            trusted=self.trusted,
            forms=self.forms,
            authserv_id=self.authserv_id,
        )
        if found is not None:
            object.__setattr__(self, "message", on_behalf(self.message, found))
            object.__setattr__(self, "way", found.way)
            object.__setattr__(self, "filled_in", found if found.way == FORM else None)
        if self.coming:
            object.__setattr__(self, "begins", self.message.digest)
        elif len(self.raw) > beginnings.LONG:
            object.__setattr__(self, "begins", beginnings.digest_of_beginning(self.raw))


def scope(arrival: Arrival) -> Scope:
    """The message to be placed: the store finds what its ids and its sender lead to."""
    file = arrival.history and arrival.mailbox is None  # in Sent of a mailbox nobody reports to us
    about = undelivered.ids(arrival.message, arrival.raw) if file or not arrival.trusted else ()
    return Scope(
        message=arrival.message,
        at=arrival.at,
        trusted=arrival.trusted,
        begins=arrival.begins,
        returned=about,
        chat=(arrival.chat,) if arrival.chat is not None else (),
        lately=arrival.at - arrival.watched.within if arrival.watched and not arrival.history else None,
    )


def deciding(arrival: Arrival) -> Decide:
    """The decision about one arrival, as the store takes it."""
    return lambda state, who, now: decide(state, who, now, arrival=arrival)


def decide(state: State, who: Who, now: Instant, *, arrival: Arrival) -> Decision:
    """Place it. A message that is here already changes nothing, nor one that was erased; of one whose beginning is here
    this is the rest."""
    if state.same is not None:
        return _ours_after_all(state, who, now, arrival) or Refusal("known")
    if state.erased:
        return Refusal("erased")
    if state.begun is not None:
        return complete.decide(state, who, now, message=arrival.message, raw=arrival.raw)
    if arrival.chat is not None and state.chat is not None and arrival.chat.line in state.chat.known:
        return _beside_its_chat(arrival, state.chat.known[arrival.chat.line], who, now)
    message, us = arrival.message, arrival.us
    sender = message.sender[0].address if message.sender else ""
    from_us = bool(sender) and us.is_us(sender) and not arrival.way
    by_us = from_us and arrival.trusted
    facts: list[Fact] = []
    returned = state.returned
    customer = None if returned else customer_of(message, us, by_us, state, who, now, facts)
    claims_us = from_us and not by_us
    blocked = None if by_us else block.standing(message, us, state)
    if arrival.filled_in is not None and customer is not None and blocked is None:
        facts += _filled_in(arrival.filled_in, customer, state, who, now)
    placed = _placed(arrival, by_us, customer, state, now)
    if returned is not None:
        placed = Placement(returned.conversation, "reports on a message of ours")
    new = placed.conversation is None
    conversation = state.next_conversation if placed.conversation is None else placed.conversation
    merged = placed.merge if blocked is None else ()
    here = None if new else merge.joined(state, conversation, *merged)
    # who is blocked changes nothing about a conversation that others, or a decision of ours, keep out of spam
    quiet = blocked is not None and here is not None and here.status is not Status.SPAM
    ruled = None if by_us else ruling.standing(message, us, state)
    if arrival.looks_like_chat:
        message = replace(message, automatic=Automatic())  # a visitor may have written: it is to be seen
    notice = message.automatic.notice if ruled is None else ruled.notice
    notice = notice and not by_us and (here is None or here.notice)
    machine = message.automatic.is_automatic or notice or quiet
    side = "us" if by_us else "automatic" if machine else "customer"
    if here is not None:
        why = "its headers belong to both"
        facts += [merge.joining(state, who, now, here, other, why) for other in merged]
    same_id = any(known.message is not None for known in state.known.get(message.message_id or "", ()))
    if same_id:
        message = replace(message, oddities=(*message.oddities, "another message has the same Message-ID"))
    data = {
        "side": side,
        "customer": customer,
        "place": placed.reason,
        "sure": None if placed.sure else False,
        "new_sender": placed.new_sender or None,
        "linked_to": placed.linked_to,
        "notice": notice or None,
        "machine": (notice and message.automatic.is_automatic) or None,
        "ruled": ruled.address if ruled is not None else None,
        "history": arrival.history or None,
        "trusted": arrival.trusted or None,
        "mailbox": arrival.mailbox,
        "channel": None if arrival.channel == "mail" else arrival.channel,
        "quarantine": arrival.quarantine or None,
        "coming": arrival.coming or None,
        "claims_us": claims_us or None,
        "same_id": same_id or None,
        "blocked": blocked.address if blocked is not None else None,
        "forwarded_by": fold_address(sender) if arrival.way == FORWARD else None,
        "marks": _marks(arrival, state) or None if not by_us else None,
        **(undelivered.delays(returned, message.bounces) if returned is not None else {}),
    }
    by = _answered(arrival, placed, state) if side == "customer" and blocked is None else ""
    if not by and side == "customer" and blocked is None and not arrival.history:
        by = feedback.ANNOUNCED if feedback.unsubscribes(message) else ""
    answer = feedback.score_in(message, by)
    settled = feedback.settles(message, by, answer)
    if side == "customer" and not same_id and (settled or _merely_thanks(arrival, placed, here, state)):
        data["thanks"] = True
    event = Event(
        EventType.RECEIVED,
        arrival.at,
        who.name,
        conversation,
        why=block.because(blocked) if blocked is not None and quiet else "",
        data={key: value for key, value in data.items() if value is not None},
        recorded=now,
    )
    content = Content(
        message,
        "out" if by_us else "in",
        arrival.at,
        arrival.raw,
        customer=customer,
        coming=arrival.coming,
        begins=arrival.begins,
    )
    facts.append(Fact(event, content))
    if by and customer is not None:
        facts += feedback.consequences(message, by, answer, conversation, customer, who, now)
    young = not arrival.history or now - arrival.at < arrival.open_for
    if side == "customer" and blocked is None and not claims_us and young and _asks_mood(arrival):
        facts += _mood(arrival, here, conversation, state, who, now)
    if returned is not None and here is not None and not arrival.trusted:
        facts += undelivered.consequences(returned, here, message.bounces, who, arrival.at, now)
    if side == "customer" and not arrival.history and "thanks" not in data:
        facts += _called_back(state.scheduled.get(conversation, ()), conversation, who, now)
    if blocked is not None:
        return facts if quiet else [*facts, _spam(blocked, conversation, who, now)]
    if arrival.looks_like_chat:
        why = arrival.looks_like_chat
        said = happened(EventType.SUGGESTED, conversation, who, now, why=why, with_=conversation, chat=True)
        facts.append(said._replace(with_message=True))
    elif placed.suggestion is not None and (
        (side == "customer" and now - arrival.at < arrival.open_for) or not arrival.history
    ):
        facts.append(
            happened(EventType.SUGGESTED, conversation, who, now, why=placed.reason, with_=placed.suggestion)
        )
    if arrival.junk and new:
        facts.append(happened(EventType.SPAM, conversation, who, now, why="the server put it into Junk"))
    elif arrival.history:
        asked = arrival.at if side == "customer" else 0
        wrote = arrival.at if side == "us" else 0
        facts += history_settled(here, who, now, conversation, asked, wrote, arrival.at, arrival.open_for)
    return facts


def _filled_in(form: Behalf, customer: int, state: State, who: Who, now: Instant) -> list[Fact]:
    """What a contact form says of its customer beside their name. A number only of somebody who is new, and no field that
    is known: whoever fills it in may give any address as theirs."""
    facts = []
    if form.phone and customer == state.next_customer:
        learnt = Event(EventType.CUSTOMER_MADE, now, who.name, data={"customer": customer}, recorded=now)
        known = Customer(customer, name_of(form.customer), (Identity("phone", fold_number(form.phone)),))
        facts.append(Fact(learnt, customer=known))
    if form.fields:
        data = {"customer": customer, "fields": sorted(OWN + name for name, _ in form.fields), "gaps": True}
        said = tuple((OWN + name, value) for name, value in form.fields)
        facts.append(
            Fact(Event(EventType.CUSTOMER_EDITED, now, who.name, data=data, recorded=now), said=said)
        )
    return facts


def _beside_its_chat(arrival: Arrival, conversation: int, who: Who, now: Instant) -> list[Fact]:
    """The mail lies with the lines it told of; nobody wrote it."""
    data = {
        "side": "automatic",
        "chat_mail": True,
        "place": "it told of this chat",
        "history": arrival.history or None,
        "mailbox": arrival.mailbox,
    }
    kept = {key: value for key, value in data.items() if value is not None}
    event = Event(EventType.RECEIVED, arrival.at, who.name, conversation, data=kept, recorded=now)
    content = Content(
        mailed_chat.as_kept(arrival.message), "in", arrival.at, arrival.raw, begins=arrival.begins
    )
    return [Fact(event, content)]


def _answered(arrival: Arrival, placed: Placement, state: State) -> str:
    """What the message of ours was that it answers, where no person wrote that (`inbox.actions.feedback`); "" for any other,
    for history, and for what somebody new writes."""
    odd = arrival.history or arrival.coming or arrival.quarantine
    if odd or placed.new_sender or placed.conversation is None:
        return ""
    return feedback.answered(arrival.message, state)


def _merely_thanks(arrival: Arrival, placed: Placement, here: Conversation | None, state: State) -> bool:
    """Whether it thanks for an answer of ours and says nothing else, in its subject neither: nobody waits for an answer to
    it. Old mail comes in any order, so of that it is not told; nor of what somebody new wrote, or of which not all is
    here."""
    if here is None or not (here.answered or here.sending) or here.status is Status.SPAM:
        return False
    if here.id in state.renamed and arrival.message.subject.strip():
        return False
    if arrival.history or arrival.coming or arrival.quarantine or placed.new_sender:
        return False
    from inbox.thanks import only_thanks

    return only_thanks(arrival.message)


def _asks_mood(arrival: Arrival) -> bool:
    """Whether it is asked if who wrote it is upset: not of what is unreadable, or spam to the server."""
    return arrival.watched is not None and not (arrival.quarantine or arrival.junk)


def _mood(
    arrival: Arrival, here: Conversation | None, conversation: int, state: State, who: Who, now: Instant
) -> list[Fact]:
    """That the customer is upset, where what they wrote says so by signs that are new here."""
    assert arrival.watched is not None
    signs = upset.signs_of(
        arrival.message, here, arrival.at, state.lately, arrival.watched, history=arrival.history
    )
    return [upset.raised(signs, conversation, who, arrival.at, now, history=arrival.history)] if signs else []


def _marks(arrival: Arrival, state: State) -> list[str]:
    """What speaks against its sender being who it seems to be."""
    found = sender_marks.marks(
        arrival.message,
        arrival.us,
        authserv_id=arrival.authserv_id,
        believed=arrival.trusted,
        names=arrival.team,
        known=state.namesakes,
    )
    return list(found)


def _called_back(scheduled: Sequence[Event], conversation: int, who: Who, now: Instant) -> list[Fact]:
    """Answers for later were written before the customer wrote this: they are drafts again, for who wrote them."""
    return [
        happened(
            EventType.UNDONE,
            conversation,
            who,
            now,
            why="the customer wrote first",
            events=[event.seq],
            batch=event.batch,
            by=event.who,
            later=event.data["later"],
        )
        for event in scheduled
    ]


def _ours_after_all(state: State, who: Who, now: Instant, arrival: Arrival) -> list[Fact]:
    """What was seen elsewhere first (it came to us by Bcc) lies in Sent as well: it is our answer, which could not be
    believed before, and belongs where it answers."""
    message, us = arrival.message, arrival.us
    if state.claimed is None or not message.sender or not us.is_us(message.sender[0].address):
        return []
    number, conversation = state.claimed
    facts: list[Fact] = []
    customer = customer_of(message, us, True, state, who, now, facts)
    placed = _placed(arrival, True, customer, state, now)
    parted = frozenset((placed.conversation, conversation)) in state.cuts
    alone = state.conversations[conversation].messages == 1
    if placed.conversation not in (None, conversation) and alone and not parted:
        here = merge.joined(state, placed.conversation, conversation)
        facts.append(merge.joining(state, who, now, here, conversation, placed.reason))
        conversation = placed.conversation
    answer = not arrival.history or None
    event = happened(
        EventType.SIDE, conversation, who, now, message=number, side="us", customer=customer, answer=answer
    )
    return [*facts, event]


def _placed(arrival: Arrival, by_us: bool, customer: int | None, state: State, now: Instant) -> Placement:
    return place(
        arrival.message,
        people=_people(arrival.message, arrival.us, by_us),
        ours=by_us,
        customer=customer,
        state=state,
        now=now,
        history=arrival.history,
        new_after_closed=arrival.new_after_closed,
    )


def _spam(blocked: Block, conversation: int, who: Who, now: Instant) -> Fact:
    """Spam because a person has blocked who wrote it."""
    why = block.because(blocked)
    return happened(EventType.SPAM, conversation, who, now, why=why, blocked=blocked.address)


def _people(message: Message, us: Us, by_us: bool) -> frozenset[str]:
    """Whose message it is: its sender's, who is not believed where it says that it is us; or of ours, to whom it went."""
    return frozenset(each for each in people_of(message, by_us) if not us.is_us(each))


def customer_of(
    message: Message, us: Us, by_us: bool, state: State, who: Who, now: Instant, facts: list[Fact]
) -> int | None:
    """The customer of a message; one who is new, or has a name only now, is made so by a fact appended to `facts`.
    None: it names only us."""
    address = party(message, us, by_us=by_us)
    if address is None:
        return None
    key = identity(address)
    found = state.identities.get(key)
    if found is not None and not _is_named_by(address, state.customers.get(found)):
        return found
    made = Customer(found or state.next_customer, name_of(address), (key,))
    facts.append(
        Fact(
            Event(EventType.CUSTOMER_MADE, now, who.name, data={"customer": made.id}, recorded=now),
            customer=made,
        )
    )
    return made.id


def _is_named_by(address: Address, customer: Customer | None) -> bool:
    """Whether somebody of whom only the address was known has a name now: our answer may be read before the question."""
    value = fold_address(address.address)
    return customer is not None and fold_address(customer.name) == value != fold_address(name_of(address))


def history_settled(
    here: Conversation | None,
    who: Who,
    now: Instant,
    conversation: int,
    asked: Instant,
    answered: Instant,
    at: Instant,
    open_for: int,
) -> list[Fact]:
    """History that is answered, or older than `open_for`, is closed by the import; the rest stands open.

    `asked`, `answered`: when the customer, and when we, wrote what has come (0: nothing); `at`: the last of what has come.

    So do the notices: nobody waits there, but they are to be seen among the notices.
    """
    if here is not None:
        asked = max(asked, here.last_customer_at or 0)
        answered = max(answered, here.last_reply_at or 0)
    if not asked and not answered:
        asked = max(at, here.last_at if here is not None else 0)
    waits = asked > answered and now - asked < open_for
    if here is None:
        return (
            [] if waits else [happened(EventType.CLOSED, conversation, who, now, why="import", why_="import")]
        )
    if waits:
        passed_over = here.closed_why == "import" or (here.closed_at is not None and at > here.closed_at)
        if here.status is Status.WAITING or (here.status is Status.CLOSED and passed_over):
            return [happened(EventType.REOPENED, conversation, who, now, why="import")]
    elif here.status is Status.OPEN and not here.live:
        return [happened(EventType.CLOSED, conversation, who, now, why="import", why_="import")]
    return []
