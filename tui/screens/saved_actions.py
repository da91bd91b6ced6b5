"""`;`: saved actions of the team, each with its own key. What they change is one action in the record; a text of theirs
opens in the composer, and a person sends it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from inbox.text import one_line
from tui.prompts import Option, Prompt
from tui.screens.part import Part

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from inbox.saved_actions import SavedAction, Step
    from inbox.saved_replies import SavedReply
    from tui.screens.deeds import Deed
    from tui.screens.inbox import InboxScreen


class SavedActions(Part):
    """Offers saved actions, and does what they say after their decision."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._reply: SavedReply | None = None  # what is written once the rest is decided
        self._begun: dict[int, str] = {}  # the texts that were begun so, by conversation

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"act": self._ask}

    @property
    def all(self) -> Sequence[SavedAction]:
        """The saved actions there are."""
        settings = self.seat.settings
        return settings.actions if settings is not None else ()

    def _ask(self) -> None:
        if not self.all:
            self.screen.say("No saved action yet: [[action]] in settings.toml makes one.")
            return
        options = [Option(each.name, each, each.in_words, key=each.key) for each in self.all]

        def offer(text: str) -> Sequence[Option]:
            words = text.casefold().split()
            return [
                each
                for each in options
                if all(word in f"{each.label} {each.detail}".casefold() for word in words)
            ]

        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option):
                self.do(self.all[options.index(answer)])

        self.screen.ask(
            Prompt("Saved action", accept, offer, lambda text: "" if text else "its key, or its name")
        )

    def do(self, action: SavedAction) -> None:
        """Do an action to what is selected, or to what the hands are on."""
        text, targets = action.text, self.screen.doing.targets
        self._reply = None  # of one that was refused
        if text is None:
            self._decide(action)
        elif len(targets) != 1:
            self.screen.say(f"{action.name} writes a text: one conversation at a time.")
        else:
            self._look_for(action, text, targets[0])

    def _decide(self, action: SavedAction) -> None:
        settings = self.seat.settings
        assert settings is not None  # there is an action in them
        arguments: dict[str, Any] = {"action": action, "zone": self.seat.zone, "hours": self.seat.hours()}
        self.screen.doing.do("act", **arguments, team=self.seat.team)

    # its text

    def _look_for(self, action: SavedAction, text: Step, conversation: int) -> None:
        """Nothing is done before it is clear that the text can be written."""
        wanted, me = text.words[0], self.seat.who.name

        def look(store: Workspace) -> tuple[SavedReply | None, bool]:
            found = (each for each in store.documents.saved_replies() if each.name == wanted)
            mine = any(each.who == me and each.kind == "reply" for each in store.drafts(conversation))
            return next(found, None), mine

        def found(reply: SavedReply | None, mine: bool) -> None:
            if reply is None:
                self.screen.say(f"Nothing was done: there is no saved reply “{one_line(wanted, 40)}”.", True)
            elif mine:
                key = self.called("reply")
                self.screen.say(
                    f"Nothing was done: your draft is here. {key} opens it; send it or throw it away."
                )
            elif why := self.screen.refused("reply"):
                self.screen.say(f"Nothing was done. {why}")
            elif action.decides:
                self._reply = reply
                self._decide(action)
            else:
                self._write(action, reply, conversation)
            self.screen.keyboard.go_on()

        self.screen.keyboard.wait()
        self.background.write(look, lambda pair: found(*pair))

    def done(self, deed: Deed) -> None:
        """An action was decided: on to the next conversation, or to its text."""
        action: SavedAction = deed.arguments["action"]
        if action.text is not None and self._reply is not None:  # one without a text may end meanwhile
            reply, self._reply = self._reply, None
            self._write(action, reply, deed.conversations[0])
        elif action.leaves and len(deed.conversations) == 1:
            self.screen.doing.advance(deed.conversations[0], deed.place)

    def _write(self, action: SavedAction, reply: SavedReply, conversation: int) -> None:
        from inbox.knowledge import SAVED
        from inbox.saved_actions import Do

        screen = self.screen
        row = screen.target
        if row is None or row.conversation.id != conversation:
            screen.moving.open_conversation(conversation)
        screen.writing.begin("reply")
        letter, text = screen.writing.letter, action.text
        if letter is None or text is None:
            return
        screen.writing.filling.put(letter, reply.text, SAVED + reply.name)
        self._begun[letter.conversation] = screen.writing.text
        if action.decides:
            name = f"{action.name[0].upper()}{action.name[1:]}"
            go_on, back = (self.called(each, "compose") for each in ("send", "leave-draft"))
            screen.say(f"{name}. {go_on} goes on; {back} and {self.called('undo')} take all of it back.")
        if text.do is Do.SEND:
            screen.run("send")

    def undone(self, deed: Deed) -> None:
        """An action was taken back: its text goes too, unless somebody has written on at it."""
        if deed.verb != "act":
            return
        me, begun = self.seat.who.name, {each: self._begun.pop(each, None) for each in deed.conversations}

        def forget(store: Workspace) -> None:
            for conversation, text in begun.items():
                for draft in store.drafts(conversation) if text is not None else ():
                    if (draft.who, draft.kind, draft.text, draft.files) == (me, "reply", text, ()):
                        store.save_draft(replace(draft, text=""))

        self.background.write(forget, lambda _: self.screen.doing.freshen(deed.conversations))
