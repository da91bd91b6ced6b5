"""Events as calm lines: what a teammate, a rule or the clock did, in one short sentence."""

from __future__ import annotations

from datetime import tzinfo

from inbox.listing import PROGRAMS
from inbox.model import Event, EventType, Instant
from inbox.pledges import CHECK_IN
from inbox.text import one_line
from tui.times import moment

E = EventType


def sentence(event: Event, now: Instant, zone: tzinfo, became: str = "") -> str | None:
    """What happened, as it stands in a conversation behind its time, and what became of it where that is known; None for
    what the messages themselves show. What needs somebody begins with "!"."""
    if event.void:
        return None
    words = _words(event, now, zone)
    if words is None:
        return None
    behind = f": {became}" if became and became != "open" else ""
    return one_line(f"{words}{behind}", 400)


def _words(event: Event, now: Instant, zone: tzinfo) -> str | None:
    who, data = event.who, event.data
    match event.type:
        case E.ASSIGNED:
            to = data.get("to")
            if who in PROGRAMS and not to:
                return "it is everybody's" + _because(event)
            return (
                f"{who} took it" if to == who else f"{who} gave it to {to}" if to else f"{who} gave it back"
            )
        case E.HANDED_OVER:
            return f"{who} handed it over to {data['to']}" + _because(event)
        case E.TAGGED:
            changes = [f"+{tag}" for tag in data.get("add", ())] + [
                f"-{tag}" for tag in data.get("remove", ())
            ]
            return f"{who} tagged it {' '.join(changes)}"
        case E.SNOOZED:
            until = data.get("until")
            due = f" (due {moment(data['due'], now, zone)})" if "due" in data else ""
            return f"{who} snoozed it" + (f" until {moment(until, now, zone)}" if until else "") + due
        case E.WOKEN if "due" in data:
            return f"woke up before it is due {moment(data['due'], now, zone)}"
        case E.WOKEN:
            return "woke up" + _because(event)
        case E.NUDGING if "not_before" in data:
            return f"the next nudge waits until {moment(data['not_before'], now, zone)}" + _because(event)
        case E.NUDGING:
            return f"{who} {'switched nudges on' if data['on'] else 'ended the nudges'}" + _because(event)
        case E.HELD:
            until = data.get("until")
            return f"{who} holds it for {data.get('for', 'somebody')}" + (
                f" until {moment(until, now, zone)}" if until else ""
            )
        case E.PROMISED:
            aim = f", aiming for {moment(data['aim'], now, zone)}" if data.get("aim") else ""
            reply = " with this reply" if data.get("reply") else ""
            return f"{who} promised it for {moment(data['due'], now, zone)}{reply}{aim}" + _because(event)
        case E.KEPT:
            return f"{who} kept the promise" + (" with this reply" if event.data.get("reply") else "")
        case E.FOLLOW_UP if data.get("kind") == CHECK_IN:
            return f"{who} checks in {moment(data['due'], now, zone)}" + _because(event)
        case E.FOLLOW_UP:
            return f"{who} comes back to it {moment(data['due'], now, zone)}" + _because(event)
        case E.LINKED if data.get("off"):
            return f"{who} took it from the issue {data['issue']}"
        case E.LINKED:
            return f"{who} linked it to the issue {data['issue']}"
        case E.DONE:
            return f"{who} followed it up"
        case E.CLOSED:
            from inbox.outcomes import in_words as came_of

            why = str(data.get("why", ""))
            if why == "import":
                return "closed by the import"
            unheard = " (the customer has not heard so)" if data.get("unheard") else ""
            return f"{who} closed it: {came_of(why, data.get('to'), data.get('cause'))}{unheard}"
        case E.GOODWILL:
            from inbox.actions.goodwill import told

            return f"{who} gave {told(event)}" + _because(event)
        case E.FEEDBACK:
            if data.get("asked"):
                return "asked how it was"
            return f"the customer says how it was: {data['score']} of 5"
        case E.OUTCOME:
            from inbox.outcomes import in_words as came_of

            return (
                f"{who} said what came of it: {came_of(data['outcome'], data.get('to'), data.get('cause'))}"
            )
        case E.REOPENED:
            if event.why == "import":
                return "opened by the import"
            return (
                f"{who} opened it again"
                + (": it is more than thanks" if "thanks" in data else "")
                + _because(event)
            )
        case E.SPAM:
            return f"{who} called it spam" + _because(event)
        case E.OVERRIDDEN:
            return f"{who} sent it although a check said no: {', '.join(data.get('checks', ()))}" + _because(
                event
            )
        case E.BLOCKED:
            return f"{who} blocked {data.get('address', '')}"
        case E.UNBLOCKED:
            return f"{who} unblocked {data.get('address', '')}"
        case E.SENDER_RULED:
            return (
                f"{who}: {data.get('address', '')} is {'always' if data.get('notice') else 'never'} a notice"
            )
        case E.FIRED:
            from inbox.rules.telling import in_words as rule_in_words

            return rule_in_words(event)
        case E.LOOP_STOPPED:
            until = moment(data["until"], now, zone)
            return f"! nothing automatic goes to {data.get('address', '')} until {until}" + _because(event)
        case E.PARTED:
            from inbox.together import parted

            return parted(event)
        case E.DECLINED:
            return f"{who} said: {'no chat' if data.get('chat') else 'no part of #' + str(data.get('with'))}"
        case E.APPROVED:
            return f"{who} said yes to the letter of {data.get('of', 'a trainee')}" + _because(event)
        case E.ERASED if "rule" in data:
            what = "what came with it" if "attachments" in data else "what was said here"
            return f"{what} was erased by age: [keep] {data['rule']}"
        case E.ERASED:
            return (
                f"{who} erased {'what was said here' if data.get('whole') else 'what a customer said here'}"
            )
        case E.GIVEN_BACK if data.get("to") == who:
            return f"{who} took their letter back"
        case E.GIVEN_BACK:
            return f"{who} gave {data.get('to')} the letter back"
        case E.QUEUED if "of" in data:
            return f"{who} edited the letter of {data['of']} and sends it"
        case E.CHAT_TAKEN:
            return f"{who} took a mail as this chat"
        case E.MERGED:
            return f"{who} joined #{data.get('from')} with it" + _because(event)
        case E.UPSET:
            from inbox.upset import in_words as signs_in_words

            if data.get("signs"):
                return f"! the customer is upset: {signs_in_words(data['signs'])}"
            return f"{who} says: the customer is {'upset' if data['upset'] else 'not upset'}"
        case E.UNDELIVERED:
            from inbox.actions.deliver import in_words

            return f"! {in_words(event)}"
        case E.RECEIVED if "forwarded_by" in data:
            return f"{data['forwarded_by']} passed it on: the customer is who wrote what is quoted"
        case E.RECEIVED if "delayed" in data:
            until = f", tried until {moment(data['tried_until'], now, zone)}" if "tried_until" in data else ""
            return f"not delivered yet to {', '.join(data['delayed'])}{until}"
        case E.DELAYED:
            since = moment(data["since"], now, zone)
            return f"! not delivered yet, since {since}, and tried again by itself" + _because(event)
        case E.UNKNOWN:
            return "! the line was lost: nobody knows whether the reply left"
        case E.UNDONE if "later" in data:
            when = moment(data["later"], now, zone)
            return f"the answer of {data.get('by')} for {when} is a draft again" + _because(event)
        case _:
            return None


def _because(event: Event) -> str:
    return f" ({event.why})" if event.why else ""
