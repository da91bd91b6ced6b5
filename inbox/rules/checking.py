"""What is wrong with rules that the settings take: words that nothing else knows, conditions that exclude each other, rules
that are never reached, circles, and what can never be done. Each with its line.

What single keys say wrong is told as the settings are read (`inbox.settings_rules`). Everything that is said here is proved
from the rules and what is known beside them; what is only likely is a hint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from inbox.channel import CHANNELS
from inbox.errors import BadUsage
from inbox.model import Instant, Refusal, Status
from inbox.nearest import nearest
from inbox.queries import (
    Assignee,
    Before,
    Channel,
    Issue,
    MailboxIs,
    Node,
    StatusIs,
    Tag,
    both,
    negated,
    parse,
)
from inbox.queries.proving import at_all_times, covers, impossible
from inbox.queries.rendering import render
from inbox.rules.circles import Asked, Circle, Undoing, circles, same_moment, stops, undoings
from inbox.rules.reading import Action, Do, On, Rule
from inbox.settings_rules import leaves
from inbox.text import one_line
from inbox.toml_lines import Path
from inbox.typed_dates import read_date

if TYPE_CHECKING:
    from inbox.saved_replies import SavedReply
    from inbox.settings import Settings

ERROR, HINT = "error", "hint"
BUILT_IN_TAGS = frozenset({"vip"})
"""Tags that mean something to Frontdesk, whether or not anything carries them yet."""
CHANNEL_NAMES = tuple(name for channel in CHANNELS for name in channel.names)
_SURE = 0.75
"""How alike two words are when one is the other, misspelled."""


class Problem(NamedTuple):
    """Something to mend, or (a hint) to look at. `kind`: misspelled, contradictory, unreachable, circular, never or
    unused; `what` is a sentence, `next_step` another or ""."""

    line: int
    rule: str
    severity: str
    kind: str
    what: str
    next_step: str = ""


class Known(NamedTuple):
    """What rules may name: the settings they stand in, the saved replies, and what conversations carry by now."""

    settings: Settings
    replies: Sequence[SavedReply]
    tags: frozenset[str]
    issues: frozenset[str]


def check(rules: Sequence[Rule], lines: Mapping[Path, int], known: Known, now: Instant) -> list[Problem]:
    """The problems of these rules, in the order of their lines. `lines`: where what stands in the file, with each rule at
    its place, as `toml_lines.lines_of` tells it."""
    found = _Found(rules, lines)
    asked = [asked_of(rule, now, known.settings.zone) for rule in rules]
    for place, each in enumerate(asked):
        _misspelled(place, each, known, rules, found)
        _never_done(place, each.rule, known, now, found)
    _contradictory(asked, now, found)
    _unreachable(asked, found)
    _circular(asked, found)
    return sorted(found.problems, key=lambda each: (each.line, each.severity, each.what))


def asked_of(rule: Rule, now: Instant, zone: tzinfo) -> Asked:
    """A rule with all it asks for, from now on: its query, that it is no spam unless it says so, and its silence."""

    def read(at: Instant) -> Node:
        tree = parse(rule.when, at, zone)
        if not any(isinstance(leaf, StatusIs) and Status.SPAM in leaf.statuses for leaf in leaves(tree)):
            tree = both(tree, negated(StatusIs((Status.SPAM,))))
        return both(tree, Before(at - rule.after + 1)) if rule.on is On.SILENCE else tree

    return Asked(rule, at_all_times(read, now, zone))


class _Found:
    """The problems found so far, each put on its line."""

    def __init__(self, rules: Sequence[Rule], lines: Mapping[Path, int]) -> None:
        self._rules, self._lines = rules, lines
        self.problems: list[Problem] = []

    def line(self, place: int, *path: str | int) -> int:
        """The line of a key of a rule, or of what it stands in."""
        whole: Path = ("rule", place, *path)
        return next(
            (self._lines[whole[:end]] for end in range(len(whole), 0, -1) if whole[:end] in self._lines), 1
        )

    def add(
        self, place: int, path: Path, kind: str, what: str, next_step: str = "", severity: str = ERROR
    ) -> None:
        name = self._rules[place].name
        self.problems.append(Problem(self.line(place, *path), name, severity, kind, what, next_step))


def _shown(word: str) -> str:
    return f"“{one_line(word, 60)}”"


# --------------------------------------------------------------------------- words nobody knows


def _misspelled(place: int, asked: Asked, known: Known, rules: Sequence[Rule], found: _Found) -> None:
    settings = known.settings
    mates = [mate.name for mate in settings.team]
    mailboxes = [*(each.name for each in settings.mailboxes), *(each.name for each in settings.feeds)]
    others = _tags_elsewhere(place, known, rules)
    for leaf in dict.fromkeys(leaves(parse(asked.rule.when, 0, settings.zone))):
        match leaf:
            case Tag(name) if name not in others and name not in _given(asked.rule):
                _unknown_tag(place, ("when",), name, others, found)
            case Assignee(str(name)) if mates and name not in mates:
                _unknown(place, ("when",), f"assignee:{name}", "teammate", name, mates, found)
            case MailboxIs(name) if mailboxes and name not in mailboxes:
                _unknown(place, ("when",), f"mailbox:{name}", "mailbox", name, mailboxes, found)
            case Channel(name) if name not in CHANNEL_NAMES:
                _unknown(place, ("when",), f"channel:{name}", "channel", name, CHANNEL_NAMES, found)
            case Issue(str(name)) if name not in known.issues:
                _unknown(place, ("when",), f"issue:{name}", "issue", name, sorted(known.issues), found, HINT)
    for number, action in enumerate(asked.rule.then):
        path: Path = ("then", number, action.do.value)
        if action.do in (Do.TAG, Do.UNTAG):
            for word in action.words:
                if word not in others:
                    _unknown_tag(place, path, word, others, found, is_new=action.do is Do.TAG)
        elif action.do in (Do.DRAFT, Do.SEND):
            _reply_named(place, path, action, known, found)


def _given(rule: Rule) -> set[str]:
    """The tags that a rule gives itself."""
    return {word for action in rule.then if action.do is Do.TAG for word in action.words}


def _tags_elsewhere(place: int, known: Known, rules: Sequence[Rule]) -> frozenset[str]:
    """The tags that conversations carry or get, by any but this rule: that another rule asks for one makes none."""
    tags = set(known.tags | BUILT_IN_TAGS)
    zone = known.settings.zone
    for there, rule in enumerate(rules):
        if there != place:
            tags |= _given(rule)
    for row in known.settings.policy_rows:
        if row["when"]:
            tags |= {leaf.name for leaf in leaves(parse(row["when"], 0, zone)) if isinstance(leaf, Tag)}
    return frozenset(tags.union(*(mate.skills for mate in known.settings.team)))


def _unknown_tag(
    place: int, path: Path, name: str, others: Iterable[str], found: _Found, is_new: bool = False
) -> None:
    """A tag that is nowhere else. Sure only where one much like it is; a rule may be the first to give one."""
    near = _near(name, others)
    if near:
        severity = HINT if is_new else ERROR
        what = f"the tag {_shown(name)} stands nowhere else; did you mean {_shown(near)}?"
        found.add(place, path, "misspelled", what, severity=severity)
    elif not is_new:
        what = f"nothing carries the tag {_shown(name)}, and no rule gives it."
        found.add(place, path, "misspelled", what, "People may give it; else it is misspelled.", HINT)


def _near(word: str, words: Iterable[str]) -> str:
    """The word of which another is a misspelling; "" when none is that much like it."""
    folded = {each.casefold(): each for each in sorted(words)}
    found = get_close_matches(word.casefold(), list(folded), n=1, cutoff=_SURE)
    return folded[found[0]] if found else ""


def _unknown(
    place: int,
    path: Path,
    said: str,
    kind: str,
    name: str,
    words: Sequence[str],
    found: _Found,
    severity: str = ERROR,
) -> None:
    what = f"{_shown(said)} names no {kind}{nearest(name[:60], words)}"
    known = ", ".join(one_line(word, 40) for word in dict.fromkeys(words))
    found.add(place, path, "misspelled", what, f"Known: {known}." if known else "", severity)


def _reply_named(place: int, path: Path, action: Action, known: Known, found: _Found) -> None:
    """A saved reply must be there, and hold no place that nobody fills (`preparing.filled_text` fills those of rules)."""
    from inbox.typed import KNOWN_PLACEHOLDERS, placeholders

    name = action.words[0]
    names = [reply.name for reply in known.replies]
    reply = next((each for each in known.replies if each.name.casefold() == name.casefold()), None)
    if reply is None:
        _unknown(place, path, name, "saved reply", name, names, found)
        return
    for field in placeholders(reply.text):
        word = field.strip("{}").strip()
        by_rules = {"name", "first_name", "subject", *(("shop",) if known.settings.shop else ())}
        if word.lower() in by_rules or (action.do is Do.DRAFT and word.lower() in KNOWN_PLACEHOLDERS):
            continue
        near = _near(word, KNOWN_PLACEHOLDERS)
        means = f"; did you mean {{{near}}}?" if near not in ("", word.lower()) else "."
        if action.do is Do.SEND:
            what = f"the saved reply {_shown(name)} has {one_line(field, 60)}, which nobody fills{means}"
            found.add(place, path, "never", what, "It would never be sent: a check stops what is not filled.")
        else:
            what = f"the saved reply {_shown(name)} has {one_line(field, 60)}, which is no known field{means}"
            known_field = "Whoever answers has to fill it." if means == "." else ""
            found.add(place, path, "misspelled", what, known_field, HINT if means == "." else ERROR)


# --------------------------------------------------------------------------- what can never be done


def _never_done(place: int, rule: Rule, known: Known, now: Instant, found: _Found) -> None:
    for number, action in enumerate(rule.then):
        path: Path = ("then", number, action.do.value)
        if action.do is Do.SEND and not known.settings.automatic_sending:
            what = "nothing is sent by itself here."
            found.add(
                place, path, "never", what, "Write automatic_sending = true at the top of the settings."
            )
        date = action.until or (action.words[0] if action.do in (Do.SNOOZE, Do.FOLLOW_UP) else "")
        read = read_date(date, now, known.settings.zone, known.settings.hours) if date else now
        if isinstance(read, Refusal):
            at = (*path[:2], "until") if action.until else path
            found.add(place, at, "never", f"{_shown(date)}: {read.reason}", read.next_step)


# --------------------------------------------------------------------------- what the rules say together


def _contradictory(asked: Sequence[Asked], now: Instant, found: _Found) -> None:
    for place, each in enumerate(asked):
        clash = impossible(each.trees)
        if clash is None:
            continue
        parts = dict.fromkeys((clash.part, clash.other))
        silent = each.rule.on is On.SILENCE and parts.pop(Before(now - each.rule.after + 1), 0) is None
        one, other = _said(next(iter(parts))), _said(list(parts)[-1])
        if silent:
            what = f"{_shown(one)} never holds after such a silence: it fits no conversation."
        elif one == other:
            what = f"{_shown(one)} never holds: it fits no conversation."
        else:
            what = f"{_shown(one)} and {_shown(other)} never hold together: it fits no conversation."
        found.add(place, ("when",), "contradictory", what, "Take one of them out.")


def _said(node: Node) -> str:
    try:
        return render(node)
    except ValueError:
        return "this"


def _unreachable(asked: Sequence[Asked], found: _Found) -> None:
    for place, each in enumerate(asked):
        if impossible(each.trees):
            continue
        for before in range(place):
            first = asked[before]
            if stops(first.rule) and same_moment(first.rule, each.rule) and covers(first.trees, each.trees):
                name, line = _shown(first.rule.name), found.line(before)
                what = f"this is never reached: {name} in line {line} stops all that it is for."
                found.add(place, (), "unreachable", what, "Put it before that one, or take `stop` out there.")
                break


def _circular(asked: Sequence[Asked], found: _Found) -> None:
    possible = [place for place, each in enumerate(asked) if not impossible(each.trees)]
    among = [asked[place] for place in possible]
    for circle in circles(among):
        places = tuple(possible[each] for each in circle.rules)
        what = _circle_in_words(circle, places, asked, found)
        found.add(
            places[0], ("then",), "circular", what, "Let one of them ask for what the others do not do."
        )
    for undoing in undoings(among):
        first, second = possible[undoing.first], possible[undoing.second]
        found.add(
            second,
            ("then", asked[second].rule.then.index(undoing.undone)),
            "circular",
            _undoing_in_words(undoing, first, second, asked, found),
            "Keep one of the two.",
        )


def _circle_in_words(circle: Circle, places: Sequence[int], asked: Sequence[Asked], found: _Found) -> str:
    names = [f"{_shown(asked[place].rule.name)} (line {found.line(place)})" for place in places]
    does = [_shown(link.action.in_words) for link in circle.links]
    if len(names) == 1:
        return f"it goes round in a circle: it does {does[0]}, which sets it off again."
    if circle.in_turn:
        steps = [f"{name} does {what}" for name, what in zip(names, does, strict=True)]
        return f"they undo one another each time: {', then '.join(steps)}, and so on to and fro."
    first, *rest = zip(names, does, strict=True)
    said = "".join(f", which sets off {name}, which does {what}" for name, what in rest)
    again = _shown(asked[places[0]].rule.name)
    return f"they go round in a circle: {first[0]} does {first[1]}{said}, which sets off {again} again."


def _undoing_in_words(
    undoing: Undoing, first: int, second: int, asked: Sequence[Asked], found: _Found
) -> str:
    done, undone = _shown(undoing.done.in_words), _shown(undoing.undone.in_words)
    if first == second:
        return f"it does {done} and then {undone}, which undoes it."
    name = _shown(asked[first].rule.name)
    return f"{undone} undoes each time what {name} (line {found.line(first)}) has just done: {done}."


def nearest_rule(name: str, rules: Sequence[Rule]) -> Rule:
    """The rule of this name. BadUsage with the nearest one where there is none."""
    found = next((rule for rule in rules if rule.name == name), None)
    if found is None:
        names = [rule.name for rule in rules]
        raise BadUsage(
            f"There is no rule {_shown(name)}{nearest(name[:60], names)}",
            f"The rules: {', '.join(one_line(each, 60) for each in names) or 'none'}.",
        )
    return found
