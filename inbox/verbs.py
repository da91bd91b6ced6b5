"""Every verb, declared once. Keys, footer, palette, help and the command line are made from this table.

A verb that changes something names the decision behind it in `inbox.actions`; the others move about the screen.
`blocked` is asked once, by footer, palette and key alike, and again inside the decision under the store's lock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from inbox.listing import Conversation, Role, Status, Who

Blocked = Callable[[Conversation], str | None]

EVERYBODY = frozenset(Role)
WORKERS = frozenset({Role.OWNER, Role.AGENT, Role.TRAINEE})
SENIORS = frozenset({Role.OWNER, Role.AGENT})
OWNERS = frozenset({Role.OWNER})

CONTEXTS = (
    "global",
    "views",
    "list",
    "conversation",
    "compose",
    "send",
    "prompt",
    "customer",
    "mailboxes",
    "names",
    "outbox",
    "attachments",
    "report",
    "issues",
    "telling",
    "activity",
    "search",
)


class Verb(NamedTuple):
    """One thing a person can do.

    `name` is the stable id used in keybindings.toml and on the command line; `label` stands in the footer; `words`
    is the sentence in palette and help; `contexts` are the key tables it may be bound in; `changes` says that it
    makes events; `asks` names what it needs beside a conversation; `sends` marks what can leave the house.
    """

    name: str
    label: str
    words: str
    contexts: tuple[str, ...]
    roles: frozenset[Role] = EVERYBODY
    changes: bool = False
    asks: tuple[str, ...] = ()
    sends: bool = False
    blocked: Blocked | None = None


def _not_closed(conversation: Conversation) -> str | None:
    if conversation.status is Status.CLOSED:
        return "It is closed already."
    return None


def _only_closed(conversation: Conversation) -> str | None:
    if conversation.status is Status.OPEN and not conversation.thanks:
        return "It is open already."
    return None


def _not_spam(conversation: Conversation) -> str | None:
    if conversation.status is Status.SPAM:
        return "It is in spam: reopen it first."
    return None


def _spam_once(conversation: Conversation) -> str | None:
    if conversation.status is Status.SPAM and not conversation.unjudged:
        return "It is in spam already."
    return None


def _awaits(conversation: Conversation) -> str | None:
    if conversation.status is Status.CLOSED:
        return "It is closed already."
    if conversation.waiting_since is None:
        return "Nothing here waits for an answer: {close} closes it."
    return None


def _promised(conversation: Conversation) -> str | None:
    if conversation.promised_until is None:
        return "Nothing is promised here: {promise} promises something."
    return None


def _to_follow_up(conversation: Conversation) -> str | None:
    if conversation.follow_up_at is None:
        return "Nothing is to be followed up here: {follow-up} sets it."
    return None


def _in_work(conversation: Conversation) -> str | None:
    if conversation.status is Status.CLOSED:
        return "It is closed: {reopen} opens it again."
    return _not_spam(conversation)


def _nobody_called(conversation: Conversation) -> str | None:
    if not conversation.mentions:
        return "Nobody is called to this one."
    return None


def _nothing_suggested(conversation: Conversation) -> str | None:
    if conversation.suggested is None:
        return "It looks like part of no other conversation."
    return None


def _nothing_to_join(conversation: Conversation) -> str | None:
    if conversation.looks_like_chat:
        return "It looks like a chat: {take-chat} takes it as one."
    return _nothing_suggested(conversation)


def _no_chat(conversation: Conversation) -> str | None:
    return None if conversation.looks_like_chat else "Nothing here looks like a chat."


def _no_yes_asked(conversation: Conversation) -> str | None:
    return None if conversation.approvals else "Nothing here waits for a yes."


def _not_linked(conversation: Conversation) -> str | None:
    if conversation.issue is None:
        return "It is linked to no issue: {link} links it."
    return None


_BOTH = ("list", "conversation")
_WRITING = ("compose", "send")
_SCROLL = (
    "views",
    "list",
    "conversation",
    "customer",
    "mailboxes",
    "names",
    "outbox",
    "attachments",
    "report",
    "issues",
    "telling",
    "activity",
    "search",
)

_VERBS = (
    # what changes something
    Verb("reply", "reply", "Reply to the customer", _BOTH, WORKERS, True, ("text",), True, _not_spam),
    Verb("reply-all", "reply all", "Reply to everybody", _BOTH, WORKERS, True, ("text",), True, _not_spam),
    Verb("forward", "forward", "Pass it on to somebody else", _BOTH, WORKERS, True, ("text",), True),
    Verb(
        "by-hand",
        "by hand",
        "Answered there by hand: write down what was said",
        _BOTH,
        SENIORS,
        True,
        ("text",),
        True,
        _not_spam,
    ),
    Verb("new", "new", "Begin a new conversation", ("global", *_BOTH), WORKERS, True, ("text",), True),
    Verb("note", "note", "Write a note only the team sees", _BOTH, WORKERS, True, ("text",)),
    Verb(
        "call",
        "call",
        "Write a phone call down",
        ("global", *_BOTH, "customer"),
        WORKERS,
        True,
        ("text",),
        False,
        _not_spam,
    ),
    Verb("assign", "assign", "Give it to a teammate", _BOTH, WORKERS, True, ("to",)),
    Verb("assign-me", "take", "Take it myself", _BOTH, WORKERS, True),
    Verb(
        "hand-over",
        "hand over",
        "Hand it over: to whom, and one line they see first",
        _BOTH,
        WORKERS,
        True,
        ("to", "summary"),
        False,
        _in_work,
    ),
    Verb(
        "seen",
        "seen",
        "You have seen it: no more in For me",
        _BOTH,
        EVERYBODY,
        True,
        (),
        False,
        _nobody_called,
    ),
    Verb(
        "approve",
        "say yes",
        "Say yes: what a trainee wrote goes to the customer",
        _BOTH,
        SENIORS,
        True,
        (),
        True,
        _no_yes_asked,
    ),
    Verb(
        "amend",
        "edit it",
        "Edit what waits for a yes, then send it",
        _BOTH,
        WORKERS,
        True,
        ("text",),
        True,
        _no_yes_asked,
    ),
    Verb(
        "give-back",
        "give back",
        "Back to who wrote it, with a note: no yes",
        _BOTH,
        WORKERS,
        True,
        ("text",),
        False,
        _no_yes_asked,
    ),
    Verb("tag", "tag", "Add or remove tags", _BOTH, WORKERS, True, ("tags",)),
    Verb("snooze", "snooze", "Hide it until later", _BOTH, WORKERS, True, ("until",), False, _not_spam),
    Verb(
        "hold",
        "hold",
        "Hold it: we wait for somebody else",
        _BOTH,
        WORKERS,
        True,
        ("for", "until"),
        False,
        _not_spam,
    ),
    Verb(
        "promise",
        "promise",
        "Promise the customer something",
        _BOTH,
        WORKERS,
        True,
        ("until",),
        False,
        _not_spam,
    ),
    Verb("keep", "kept", "The promise is kept", _BOTH, WORKERS, True, (), False, _promised),
    Verb("follow-up", "follow up", "Come back to it", _BOTH, WORKERS, True, ("until",), False, _not_spam),
    Verb("done", "done", "The follow-up is done", _BOTH, WORKERS, True, (), False, _to_follow_up),
    Verb(
        "nudge", "nudges", "Nudge who does not answer, or no more", _BOTH, SENIORS, True, (), False, _not_spam
    ),
    Verb(
        "check-in",
        "check in",
        "Ask later whether all is well",
        _BOTH,
        SENIORS,
        True,
        ("until",),
        False,
        _not_spam,
    ),
    Verb("close-quiet", "close silent", "Close together what went silent", ("list",), WORKERS, True),
    Verb("close", "close", "Close it", _BOTH, WORKERS, True, ("why",), False, _not_closed),
    Verb(
        "outcome",
        "outcome",
        "What came of it, and whose doing it was",
        _BOTH,
        WORKERS,
        True,
        ("outcome",),
        False,
        _not_spam,
    ),
    Verb(
        "goodwill",
        "goodwill",
        "Give the customer something: say what, and why",
        _BOTH,
        WORKERS,
        True,
        ("kind",),
    ),
    Verb("no-answer", "no answer", "Close it: needs no answer", _BOTH, WORKERS, True, (), False, _awaits),
    Verb(
        "reopen",
        "reopen",
        "Open it again; in spam: it is no spam",
        _BOTH,
        WORKERS,
        True,
        (),
        False,
        _only_closed,
    ),
    Verb("spam", "spam", "It is spam", _BOTH, SENIORS, True, (), False, _spam_once),
    Verb("block", "block", "Block the sender: all their mail is spam", _BOTH, SENIORS, True),
    Verb("unblock", "unblock", "Take mail of this sender as any other again", _BOTH, SENIORS, True),
    Verb("notice", "notice", "Always a notice: their mail starts no clock", _BOTH, SENIORS, True),
    Verb("no-notice", "no notice", "Never a notice: people write from there", _BOTH, SENIORS, True),
    Verb("link", "link", "Link it to an issue: one cause of many", _BOTH, WORKERS, True, ("issue",)),
    Verb("unlink", "unlink", "Link it to no issue", _BOTH, WORKERS, True, (), False, _not_linked),
    Verb("issue-new", "new", "A new issue, or a wish of customers", ("issues",), WORKERS, True, ("title",)),
    Verb("issue-change", "close", "Close the issue, or open it again", ("issues",), WORKERS, True),
    Verb("issue-banner", "banner", "A text on top of new answers", ("issues",), SENIORS, True, ("text",)),
    Verb(
        "issue-tell",
        "tell all",
        "Tell all who are linked, one text",
        ("issues",),
        SENIORS,
        True,
        ("text",),
        True,
    ),
    Verb(
        "issue-close",
        "answer + close",
        "Tell all, close theirs and the issue",
        ("issues",),
        SENIORS,
        True,
        (),
        True,
    ),
    Verb("issues", "issues", "Issues: many conversations, one cause", ("global", "list", "conversation")),
    Verb("link-spike", "link them", "Link all that mention a word that spikes", ("issues",), WORKERS),
    Verb("set-aside", "aside", "Set it aside, or take it back", ("telling",), SENIORS),
    Verb("tell-now", "tell", "Tell them", ("telling",), SENIORS, False, (), True),
    Verb("issue-stop", "stop", "Stop what was told and has not left", ("issues",), SENIORS, True),
    Verb(
        "announce",
        "announce",
        "Write to all whom a query finds",
        ("global", "issues"),
        SENIORS,
        True,
        (),
        True,
    ),
    Verb("merge", "merge", "Join it with another conversation", _BOTH, WORKERS, True, ("into",)),
    Verb(
        "split",
        "split",
        "From a message on, a conversation of its own",
        ("conversation",),
        WORKERS,
        True,
        ("message",),
    ),
    Verb(
        "move-message",
        "move",
        "Put a message into another conversation",
        ("conversation",),
        WORKERS,
        True,
        ("message", "into"),
    ),
    Verb(
        "join-suggested",
        "join",
        "Join it with the one it looks like part of",
        _BOTH,
        WORKERS,
        True,
        (),
        False,
        _nothing_to_join,
    ),
    Verb(
        "take-chat",
        "as chat",
        "Take a mail that looks like a chat as one",
        _BOTH,
        WORKERS,
        True,
        (),
        False,
        _no_chat,
    ),
    Verb(
        "decline-suggestion",
        "no part",
        "It is no part of what it looks like, or no chat",
        _BOTH,
        WORKERS,
        True,
        (),
        False,
        _nothing_suggested,
    ),
    Verb("take-next", "take next", "Take the most urgent one nobody has", ("global", *_BOTH), WORKERS, True),
    Verb("undo", "undo", "Undo the last action", ("global", *_BOTH), WORKERS, True),
    Verb("redo", "redo", "Do the undone action again", ("global", *_BOTH), WORKERS, True),
    Verb("repeat", "repeat", "Repeat the last verb here", _BOTH, WORKERS, True),
    Verb(
        "act", "saved action", "Do a saved action: several verbs at once", _BOTH, WORKERS, True, ("action",)
    ),
    Verb("mark-read", "read", "Mark it read or unread", _BOTH, WORKERS, True),
    Verb("upset", "upset", "The customer is upset, or is not", _BOTH, WORKERS, True),
    Verb(
        "customer-edit",
        "edit",
        "Change their name, tags, language, addresses",
        ("customer",),
        WORKERS,
        True,
        ("name",),
    ),
    Verb(
        "customer-note",
        "note",
        "Write what everybody should know of the customer",
        ("customer",),
        WORKERS,
        True,
        ("note",),
    ),
    Verb("customer-tags", "tags", "Tag the customer", ("customer",), WORKERS, True, ("tags",)),
    Verb(
        "customer-field",
        "field",
        "Write an own field of the customer",
        ("customer",),
        WORKERS,
        True,
        ("name",),
    ),
    Verb("customer-vip", "VIP", "Make the customer a VIP, or none any more", ("customer",), WORKERS, True),
    Verb(
        "customer-join",
        "join",
        "Join with another customer, who is the same",
        ("customer",),
        SENIORS,
        True,
        ("into",),
    ),
    Verb("customer-same", "same", "Join with who is perhaps the same", ("customer",), SENIORS, True),
    Verb(
        "customer-different",
        "different",
        "Somebody else: suggest to join them no more",
        ("customer",),
        SENIORS,
        True,
    ),
    Verb("customer-part", "part", "Part a customer that was joined", ("customer",), SENIORS, True),
    Verb(
        "customer-erase",
        "erase",
        "Erase the customer and all that is held of them, for good",
        ("customer",),
        frozenset({Role.OWNER}),
        True,
    ),
    Verb("names", "names", "Names in chats: ours or theirs?", ("global", *_BOTH)),
    Verb("name-us", "ours", "This name is one of us", ("names",), WORKERS, True),
    Verb("name-customer", "theirs", "This name is a customer", ("names",), WORKERS, True),
    Verb("name-leave", "leave", "Leave this name aside", ("names",), WORKERS, True),
    # the composer and the send bar
    Verb("send", "send", "Open the send bar", ("compose",), WORKERS, False, (), True),
    Verb("send-now", "send", "Send", ("send",), WORKERS, True, (), True),
    Verb("send-and-close", "send + close", "Send and close", ("send",), WORKERS, True, (), True),
    Verb("send-and-snooze", "send + snooze", "Send and snooze", ("send",), WORKERS, True, (), True),
    Verb("send-later", "later", "Send it later", ("send",), WORKERS, True, (), True),
    Verb(
        "send-anyway", "anyway", "Send it although a check says no: why", ("send",), WORKERS, True, (), True
    ),
    Verb("promise-kept", "promise kept", "With it the promise is kept, or not after all", ("send",), WORKERS),
    Verb(
        "promise-made", "promise", "What it promises becomes a promise, or not after all", ("send",), WORKERS
    ),
    Verb("drop-hint", "no more", "Say a hint that is always passed over no more", ("send",), WORKERS),
    Verb("fields", "fields", "To the recipients, the sender and the subject", _WRITING, WORKERS),
    Verb("attach", "attach", "Attach a file, or take one off", _WRITING, WORKERS),
    Verb("to-everybody", "to all", "Make it a reply to everybody", _WRITING, WORKERS),
    Verb("as-note", "as note", "Make it a note", _WRITING, WORKERS),
    Verb("next-place", "next place", "To the next place to be filled", _WRITING, WORKERS),
    Verb("preview", "preview", "See it as it will be read, or no more", ("compose",), WORKERS),
    Verb("saved-replies", "saved", "Put in a saved reply", ("compose",), WORKERS),
    Verb("knowledge", "knowledge", "Put in an article of the team's knowledge", ("compose",), WORKERS),
    Verb("edit-outside", "editor", "Write in $EDITOR", ("compose",), WORKERS),
    Verb("find-text", "find", "Find in the text", ("compose",), WORKERS),
    Verb("find-text-again", "find next", "Find it again in the text", ("compose",), WORKERS),
    Verb("select-text", "select", "Select in the text: what moves on selects", ("compose",), WORKERS),
    Verb("cut-text", "cut", "Cut what is selected, or the line", ("compose",), WORKERS),
    Verb("quote-part", "quote", "Quote a part of what the customer wrote", ("compose",), WORKERS),
    Verb("reflow", "join lines", "Make the broken lines of a paragraph one", ("compose",), WORKERS),
    Verb("leave-draft", "back", "Back; the draft is kept", ("compose", "send")),
    Verb("discard-draft", "discard", "Throw the draft away", ("compose",), WORKERS, True),
    # moving about
    Verb("down", "down", "Down", _SCROLL),
    Verb("up", "up", "Up", _SCROLL),
    Verb("page-down", "page down", "A page down", _SCROLL),
    Verb("page-up", "page up", "A page up", _SCROLL),
    Verb("top", "top", "To the top", _SCROLL),
    Verb("bottom", "bottom", "To the bottom", _SCROLL),
    Verb(
        "open",
        "open",
        "Open",
        ("views", "list", "search", "customer", "outbox", "attachments", "report", "issues", "activity"),
    ),
    Verb(
        "back",
        "back",
        "Back",
        ("global", *_SCROLL, "prompt"),
    ),
    Verb("next-conversation", "next", "The next conversation", _BOTH),
    Verb("previous-conversation", "previous", "The previous conversation", _BOTH),
    Verb("select", "select", "Select it", ("list",)),
    Verb("select-all", "all", "Select all in view", ("list",)),
    Verb("select-range", "range", "Select from the last selected one to here", ("list",)),
    Verb(
        "next-pane", "next pane", "To the next pane", ("global", "views", "list", "conversation", "customer")
    ),
    Verb(
        "previous-pane",
        "previous pane",
        "To the previous pane",
        ("global", "views", "list", "conversation", "customer"),
    ),
    Verb("unfold", "unfold", "Unfold or fold quotes, events and automatic mail", ("conversation", "search")),
    Verb("unfold-one", "unfold this", "Unfold or fold this message alone", ("conversation", "search")),
    Verb("next-message", "next message", "The next message or note", ("conversation", "search")),
    Verb("previous-message", "message before", "The message or note before", ("conversation", "search")),
    Verb("next-hit", "next hit", "The next place with these words", ("search",)),
    Verb("previous-hit", "hit before", "The place with these words before", ("search",)),
    Verb("headers", "headers", "All header fields, and the way it came", ("conversation",)),
    Verb("pipe", "pipe", "Give it to a command, and read what that says", ("conversation",)),
    Verb("copy", "copy", "Copy an address, a text, a link, a number", ("conversation",)),
    Verb("raw", "as it came", "Show the mail exactly as it came", ("conversation",)),
    Verb("attachments", "files", "What is attached, and the links", ("conversation",)),
    Verb("links", "links", "The links, and where they really lead", ("conversation",)),
    Verb("save-attachment", "save", "Save an attachment; nothing is written over", ("attachments",)),
    Verb("open-outside", "open outside", "Open it with the system's own program", ("attachments",)),
    Verb("rule-from-this", "rule", "Make a rule from this conversation", _BOTH),
    Verb("panel-again", "ask again", "Ask the programs that know the customer again", ("customer",), WORKERS),
    Verb("why", "why", "Why this deadline, and why these lie together", _BOTH),
    Verb("customer", "customer", "The customer and the whole history", _BOTH),
    Verb("views", "views", "To the views", ("global", "list", "conversation", "customer")),
    *(
        Verb(
            f"view-{n}",
            f"view {n}",
            f"The view number {n}",
            ("global", "views", "list", "conversation", "customer"),
        )
        for n in range(10)
    ),
    Verb("search", "search", "Search", ("global", "views", "list", "conversation", "customer")),
    Verb("jump", "go to", "Go to any conversation by typing what you know", ("global", *_BOTH)),
    Verb("mark", "mark", "Mark it with a letter", _BOTH),
    Verb("to-mark", "to mark", "To the conversation of a mark, or back", ("global", *_BOTH)),
    Verb("take-in", "take in new", "Take in what has come meanwhile", ("global", "list", "conversation")),
    Verb(
        "import-left", "left by import", "What the import left unanswered", ("global", "list", "conversation")
    ),
    Verb(
        "theme",
        "colours",
        "The colours: dark, light, sixteen, none",
        ("global", "views", "list", "conversation", "customer"),
    ),
    Verb(
        "profile",
        "you",
        "How customers see you: name, signature, zone, keys, languages",
        ("global", "views", "list", "conversation", "customer"),
    ),
    Verb("outbox", "outbox", "What waits to be sent, or could not be", ("global", "list", "conversation")),
    Verb(
        "resend", "send again", "Send it again, or try now what waits", ("outbox",), SENIORS, True, (), True
    ),
    Verb("release", "let go", "Let a held message go", ("outbox",), SENIORS, True, (), True),
    Verb("drop", "give up", "Give a message up that has not gone", ("outbox",), WORKERS, True),
    Verb(
        "mailboxes",
        "mailboxes",
        "How it stands with the worker and the mailboxes",
        ("global", "views", "list", "conversation", "customer"),
    ),
    Verb(
        "under-way",
        "under way",
        "What long work goes on, and stopping it",
        ("global", "list", "conversation"),
    ),
    Verb(
        "import",
        "import",
        "Bring in mail from files while you go on",
        ("global", "list", "conversation"),
        SENIORS,
    ),
    Verb("report", "report", "How customers were answered", ("global", "list", "conversation")),
    Verb(
        "activity", "activity", "Who did what today, and the days before", ("global", "list", "conversation")
    ),
    Verb(
        "first-steps",
        "first steps",
        "The first steps: show them, or no more",
        ("global", "list", "conversation"),
    ),
    Verb("day-before", "day before", "The day before", ("activity",)),
    Verb("day-after", "day after", "The day after", ("activity",)),
    Verb("next-grouping", "by …", "Figures by the next: teammate, customer, tag …", ("report",)),
    Verb("previous-grouping", "by … back", "Figures by the one before", ("report",)),
    Verb("figure-left", "left", "To the figure on the left", ("report", "activity")),
    Verb("figure-right", "right", "To the figure on the right", ("report", "activity")),
    Verb("report-span", "span", "Another span: a year, a week, 30 or 90 days", ("report",)),
    Verb("report-again", "again", "Go through the record again", ("report",)),
    Verb("sync-now", "sync now", "Look into every mailbox now", ("mailboxes",), WORKERS),
    Verb(
        "palette",
        "command",
        "Every command by name",
        ("global", *_SCROLL),
    ),
    Verb(
        "help",
        "help",
        "The keys in force here",
        ("global", *_SCROLL),
    ),
    Verb("keys", "keys", "Other keys for a verb, or a preset of keys", ("global", *_BOTH)),
    Verb("nothing-deleted", "", "What is done here instead of deleting", _BOTH),
    Verb("redraw", "redraw", "Paint the whole screen again", ("global",)),
    Verb("quit", "quit", "Leave Frontdesk", ("global",)),
)

VERBS: dict[str, Verb] = {verb.name: verb for verb in _VERBS}
"""Every verb by its name, in the order of help."""

SHARED = frozenset({"assign", "assign-me", "hand-over", "take-next", "activity", "view-2", "view-3"})
"""Verbs by which a team shares its work, the views Mine and Unassigned among them: one person alone needs none."""

CALLED = frozenset({"seen", "view-4"})
"""Verbs for who is called to something, which one person alone hardly ever is."""


class Task(NamedTuple):
    """What a command does that is no verb: in words that "is not for a trainee" can follow, and who may."""

    words: str
    roles: frozenset[Role]


TASKS: dict[str, Task] = {
    "saved add": Task("Saving replies", SENIORS),  # some go out by themselves: rules and nudges send them
    "knowledge add": Task("Writing articles", WORKERS),
    "knowledge edit": Task("Writing articles", WORKERS),
    "knowledge remove": Task("Taking articles away", WORKERS),
    "import": Task("Importing", SENIORS),
    "customer import": Task("Importing customers", SENIORS),
    "customer export": Task("Giving customers out", SENIORS),
    "customer erase": Task("Erasing customers", OWNERS),
    "sync": Task("Looking into the mailboxes", WORKERS),
    "rules from --write": Task("Writing rules", OWNERS),
    "team add": Task("Changing the team", OWNERS),
    "team role": Task("Changing the team", OWNERS),
    "team remove": Task("Changing the team", OWNERS),
    "init": Task("Setting up mailboxes", OWNERS),
    "login": Task("Logging mailboxes in", OWNERS),
    "export": Task("Giving everything out", SENIORS),
    "backup": Task("A backup", SENIORS),
}
"""What commands do beside verbs, and who may; all other commands only look, or do what their verbs allow."""


def by_name(verb: str) -> str:
    """A verb as it is called where there are no keys."""
    return f"“{verb}”"


def refused(
    verb: Verb, who: Who, conversations: Iterable[Conversation] = (), called: Callable[[str], str] = by_name
) -> str | None:
    """Why `who` cannot do `verb` to these conversations now, as one sentence; None when it can be done. `called` says what
    a person presses for another verb that is named in it."""
    if who.role not in verb.roles:
        return f"{verb.label.capitalize()} is not for {a_role(who.role)}: ask {whom_to_ask(verb.roles, who.team)}."
    if verb.changes and any(conversation.erased for conversation in conversations):
        return "What was said there was erased: nothing can be done with it any more."
    if verb.blocked is not None:
        for conversation in conversations:
            reason = verb.blocked(conversation)
            if reason is not None:
                return _NAMED.sub(lambda found: called(found[1]), reason)
    return None


_FEW = 3
"""Teammates who are named; more are told by their role."""


def a_role(role: Role) -> str:
    """A role with its article."""
    return f"{'an' if role.value[0] in 'ao' else 'a'} {role.value}"


def whom_to_ask(roles: Collection[Role], team: Sequence[tuple[str, Role]]) -> str:
    """Who may do what is for these roles: by name where that is known and few ("Anna or Bo (owners)"), else by role."""
    there = [(name, role) for name, role in team if role in roles]
    if not there or len(there) > _FEW:
        return " or ".join(a_role(role) if not n else role.value for n, role in enumerate(_said(roles)))
    of = {role: [name for name, its in there if its is role] for role in Role}
    told = [
        f"{' or '.join(names)} ({role.value}{'s' if len(names) > 1 else ''})"
        for role, names in of.items()
        if names
    ]
    return " or ".join(told)


def _said(roles: Collection[Role]) -> list[Role]:
    """Whom one asks: nobody asks a trainee where an owner or agent may."""
    seniors = [role for role in Role if role in roles and role in SENIORS]
    return seniors or [role for role in Role if role in roles]


_NAMED = re.compile(r"\{([a-z-]+)\}")
"""Where a sentence names another verb."""
