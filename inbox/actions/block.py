"""Block a sender: this conversation and all further mail of theirs is spam; and lift that again.

Who is blocked stands in the record alone. Mail of ours, of our domains and of teammates cannot be blocked; at a
freemail provider, where strangers have addresses side by side, only single addresses can.
"""

from __future__ import annotations

from datetime import UTC, datetime

from inbox.actions.facts import happened
from inbox.addresses import fold_address
from inbox.model import Block, Event, EventType, Instant, Message, Refusal, Status, Who
from inbox.ports import Decision, Fact, Scope, State
from inbox.us import Us, side_of

LONGEST = 320
"""Characters of an address that can be blocked: 64, the @, and 255 (RFC 5321, 4.5.3.1)."""
ALONE = "! puts this conversation alone into spam."


def scope(conversation: int, domain: bool = False) -> Scope:
    """The conversation, who wrote there, and which of them are blocked."""
    return Scope(conversations=(conversation,), senders=(conversation,))


def decide(state: State, who: Who, now: Instant, *, conversation: int, domain: bool = False) -> Decision:
    """Block who wrote here last (people before machines), or with `domain` everybody at that domain."""
    sender = next(iter(state.senders.get(conversation, ())), "")
    local, _, at = sender.rpartition("@")
    if not local or not at or len(sender) > LONGEST:
        return Refusal("It does not say which address it came from.", ALONE)
    target = side_of(sender) if domain else sender
    if state.us is not None and _is_ours(sender, state.us):
        return Refusal(f"{sender} is one of us: it cannot be blocked.", ALONE)
    if domain and not target.startswith("@"):
        return Refusal(f"Strangers have addresses side by side at {at}.", f"Block {sender} alone.")
    reason = f"{target} is blocked"
    spam = happened(EventType.SPAM, conversation, who, now, why=reason, blocked=target)
    if target not in state.blocked:
        return [happened(EventType.BLOCKED, conversation, who, now, address=target), spam]
    if state.conversations[conversation].status is Status.SPAM:
        return Refusal(f"{target} is blocked already.", "All further mail from there is spam.")
    return [spam]


def scope_unblock(conversation: int | None = None, address: str = "") -> Scope:
    """Whose blocks are to be lifted: of those who wrote in a conversation, or of one address or `@domain`."""
    if conversation is None:
        return Scope(blocked=(fold_address(address),))
    return Scope(conversations=(conversation,), senders=(conversation,))


def unblock(
    state: State, who: Who, now: Instant, *, conversation: int | None = None, address: str = ""
) -> Decision:
    """Mail from there is placed like any other again. What is in spam stays there until it is reopened."""
    if not state.blocked:
        nobody = "Nobody who wrote here is blocked." if address == "" else f"{address} is not blocked."
        return Refusal(nobody, "frontdesk block --list shows who is.")
    return [
        Fact(Event(EventType.UNBLOCKED, now, who.name, conversation, data={"address": each}, recorded=now))
        for each in state.blocked
    ]


def standing(message: Message, us: Us, state: State) -> Block | None:
    """The block that an arriving message falls under, by the address in its From, or by whose it is where that only
    passed it on; None: by none."""
    wrote = message.on_behalf_of or message.sender
    if not wrote or us.is_us(wrote[0].address):
        return None
    return next((state.blocked[key] for key in keys(wrote[0].address) if key in state.blocked), None)


def keys(address: str) -> tuple[str, str]:
    """Under what a sender may be blocked: the folded address, and `@` with its domain."""
    folded = fold_address(address)
    return folded, "@" + folded.rpartition("@")[2]


def because(block: Block) -> str:
    """Why mail is spam, as the record keeps it; the day is that of UTC, which all who read the record share."""
    return f"blocked by {block.who} on {datetime.fromtimestamp(block.at, UTC):%Y-%m-%d}"


def _is_ours(address: str, us: Us) -> bool:
    ours = {side_of(each) for each in us.addresses} | {f"@{domain}" for domain in us.domains}
    return us.is_us(address) or side_of(address) in ours
