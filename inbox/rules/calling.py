"""What rules do after the commit: a webhook, a command, a draft.

A webhook and a command may have had their effect when this process dies: that they begin is written down before, and then
they are never done again. They are done by the worker alone, where an owner runs it, on a thread of their own, so that
mail never waits for them. A draft can be written twice without harm, and is, rather than lost.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from inbox.errors import FrontdeskError, WorldError
from inbox.jsonform import instant_as_json
from inbox.model import Conversation, EventType, Status
from inbox.ports import Draft
from inbox.programs import run_program, without_secrets
from inbox.rules.preparing import filled_text
from inbox.rules.reading import IN_THE_WORLD, RULES, Action, Do, Rule
from inbox.text import one_line

if TYPE_CHECKING:
    from inbox.model import Event, Instant
    from inbox.ports import Reader, Workspace
    from inbox.rules.book import Call
    from inbox.settings import Settings

OLD = 86_400
"""Seconds after which nobody is called any more because of something."""
SECONDS = 10.0
"""How long a server may take for each step."""
ENDS_WITHIN = 5.0
"""Seconds that are waited for what is under way when the worker ends."""
_PLACE = re.compile(r"\{(?:id|rule|event)\}")


def draft(store: Workspace, settings: Settings, now: Instant) -> int:
    """Write the drafts that rules have asked for, and take away those that are not needed any more; how many. A chore of
    the worker."""
    rules = {rule.name: rule for rule in settings.rules}
    if not any(action.do is Do.DRAFT for rule in rules.values() for action in rule.then):
        return 0
    done = 0
    for call in store.rulebook.calls():
        found = _action(rules, call)
        if found is not None and found[1].do is Do.DRAFT:
            trouble = _draft(store, settings, call, found[1], now)
            store.rulebook.end_call(call.id, "dropped" if trouble else "done", trouble)
            done += 1
    for old in [each for each in store.drafts() if each.who == RULES]:
        if not any(_is_wanted(store, row.conversation, old.at) for row in store.rows([old.conversation])):
            store.save_draft(replace(old, text="", files=()))
            done += 1
    return done


def _is_wanted(store: Reader, here: Conversation, since: Instant) -> bool:
    """Whether a draft may still become an answer: nobody has answered since, or closed it."""
    if here.status in (Status.CLOSED, Status.SPAM):
        return False
    return here.last_at <= since or not any(
        event.type is EventType.QUEUED
        and event.at > since
        and "automatic" not in event.data
        and not event.void
        for event in store.events(here.id)
    )


def _draft(store: Workspace, settings: Settings, call: Call, action: Action, now: Instant) -> str:
    """Write a draft for everybody; "", or why not."""
    rows = store.rows([call.conversation]) if call.conversation is not None else []
    if not rows:
        return "the conversation is gone"
    here = rows[0].conversation
    if not _is_wanted(store, here, call.at):
        return "it was answered or closed before"
    begun = [each for each in store.drafts(here.id) if each.kind == "reply" and each.who != RULES]
    if begun:
        return f"{begun[0].who} has a draft"
    try:
        text = filled_text(store, settings, action.words[0], rows[0])
    except WorldError:
        raise
    except FrontdeskError as error:
        return error.what
    store.save_draft(Draft(here.id, RULES, "reply", text, at=now))
    return ""


def _action(rules: Mapping[str, Rule], call: Call) -> tuple[Rule, Action] | None:
    """What was asked for; None when the rule is another one by now."""
    rule = rules.get(call.rule)
    if rule is None or rule.mark != call.mark or call.action >= len(rule.then):
        return None
    return rule, rule.then[call.action]


@dataclass(slots=True)
class Calling:
    """What the worker calls and runs for rules. `owner`: who runs it, where that is an owner whose rules may do so; None:
    nobody, and what waits goes on waiting until it is old.

    `noted` hears what went wrong; `environment` is what a command gets; `trusted` what servers are believed by.
    """

    store: Workspace
    settings: Settings
    clock: Callable[[], Instant]
    noted: Callable[[str], None] = lambda _: None
    owner: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    trusted: Callable[[], ssl.SSLContext] = ssl.create_default_context
    _heard: deque[str] = field(default_factory=deque)
    _thread: threading.Thread | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    def look(self, now: Instant) -> None:
        """Begin what is to be done. Never waits."""
        self._tell()
        wanted = any(action.do in IN_THE_WORLD for rule in self.settings.rules for action in rule.then)
        if not wanted or (self._thread is not None and self._thread.is_alive()):
            return
        if any(self._is_due(call, now) for call in self.store.rulebook.calls()):
            self._thread = threading.Thread(target=self.do_all, name="rules", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Begin nothing more, and wait a moment for what is under way."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(ENDS_WITHIN)
        self._tell()

    def _tell(self) -> None:
        while self._heard:
            self.noted(self._heard.popleft())

    def do_all(self) -> None:
        """Do what waits, one after the other."""
        if not any(action.do in IN_THE_WORLD for rule in self.settings.rules for action in rule.then):
            return
        try:
            for call in self.store.rulebook.calls():
                if self._over.is_set():
                    return
                if self._is_due(call, self.clock()):
                    self._do(call)
        except FrontdeskError as error:  # the workspace cannot be written
            self._heard.append(error.what)

    def _is_due(self, call: Call, now: Instant) -> bool:
        """Whether something is to be done about it here; what is too old is to be dropped."""
        found = _action({rule.name: rule for rule in self.settings.rules}, call)
        if found is None or found[1].do not in IN_THE_WORLD:
            return False
        return self.owner is not None or now - call.at > OLD

    def _do(self, call: Call) -> None:
        book = self.store.rulebook
        found = _action({rule.name: rule for rule in self.settings.rules}, call)
        if found is None or self.clock() - call.at > OLD:
            why = "the rule is another one by now" if found is None else "it is too late"
            book.end_call(call.id, "dropped", why)
            return
        if not book.begin_call(call.id):
            return
        rule, action = found
        fired = next((e for e in self.store.events(call.conversation or 0) if e.seq == call.event), None)
        trouble = self._done(rule, action, call, fired)
        book.end_call(call.id, "failed" if trouble else "done", one_line(trouble, 300))
        if trouble:
            self._heard.append(trouble)

    def _done(self, rule: Rule, action: Action, call: Call, fired: Event | None) -> str:
        named = f"of rule {one_line(rule.name, 60)}"
        event = fired.data.get("event") if fired is not None else None
        if action.do is Do.WEBHOOK:
            told = {
                "rule": rule.name,
                "on": rule.on.value,
                "conversation": call.conversation,
                "event": event,
                "fired": call.event,
                "at": instant_as_json(call.at),
                "held": list(fired.data.get("held", ())) if fired is not None else [],
            }
            return post(action.words[0], told, self.trusted(), f"The webhook {named}")
        places = {"{id}": str(call.conversation or ""), "{rule}": rule.name, "{event}": str(event or "")}
        arguments = [
            action.words[0],
            *(_PLACE.sub(lambda found: places[found[0]], word) for word in action.words[1:]),
        ]
        environment = without_secrets(self.environment, self.settings)
        return run_program(arguments, environment, f"The command {named}")


def post(url: str, told: Mapping[str, object], trusted: ssl.SSLContext, called: str) -> str:
    """Tell a server something as JSON, over TLS that is verified; "", or what went wrong. It is asked once and leads
    nowhere else: where it answers with another address, that is not gone to."""
    parts = urlsplit(url)
    path = parts.path or "/"
    body = json.dumps(told, ensure_ascii=True).encode()
    line = http.client.HTTPSConnection(
        parts.hostname or "", parts.port or 443, timeout=SECONDS, context=trusted
    )
    try:
        line.request(
            "POST",
            f"{path}?{parts.query}" if parts.query else path,
            body,
            {"Content-Type": "application/json", "User-Agent": "Frontdesk", "Connection": "close"},
        )
        answer = line.getresponse()
        status = answer.status
    except (OSError, http.client.HTTPException, ValueError) as error:
        said = getattr(error, "strerror", None) or type(error).__name__
        return f"{called} did not reach its server: {one_line(str(said), 120)}."
    finally:
        line.close()
    return "" if 200 <= status < 300 else f"{called} was answered with {status}."
