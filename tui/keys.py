"""Which key does what where: the shipped `keybindings.toml`, over it a preset if one is chosen, and over both a person's
own.

A key has one name in Frontdesk, the one people write and see: the character it makes (`r`, `R`, `/`), a word
(`enter`, `space`, `comma`), or one of these behind `alt+`, `ctrl+`, `shift+` in this order. A sequence is
keys with a space between (`g i`). `from_textual` and `to_textual` translate to the names Textual uses.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from string import punctuation
from typing import Any, Final, NamedTuple

from inbox.errors import BadSettings, WorldError
from inbox.nearest import nearest
from inbox.toml_lines import lines_of
from inbox.verbs import CONTEXTS, VERBS

SHIPPED: Final = Path(__file__).parent.parent / "keybindings.toml"
"""The default keys. They lie beside the packages, in a checkout as in an installed wheel."""

PRESETS: Final = Path(__file__).parent / "presets"
"""The keys that hands know from other programs, a file each, written over the default ones."""

DEFAULT: Final = "default"
"""The preset that changes nothing."""

TYPING: Final = ("compose", "send", "prompt")
"""Where a character is text or an answer: there [global] holds only with keys that are not characters."""

_MODIFIERS: Final = ("alt", "ctrl", "shift")
_NAMED: Final = frozenset(
    [
        *("enter", "escape", "tab", "space", "comma", "backspace", "delete", "insert"),
        *("up", "down", "left", "right", "home", "end", "pageup", "pagedown"),
        *(f"f{n}" for n in range(1, 25)),
    ]
)
# What a terminal cannot tell apart: the same byte is sent.
_SAME: Final = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+[": "escape",
    "ctrl+@": "ctrl+space",
}
# Where Textual's name of a character is not the Unicode one (its keys.py).
_TEXTUAL: Final = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}


class Pending(Enum):
    """The keys typed so far begin a sequence."""

    PENDING = "pending"


PENDING: Final = Pending.PENDING


# --------------------------------------------------------------------------- names of keys


def _textual_character(character: str) -> str:
    if character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return _TEXTUAL.get(name, name)


_CHARACTERS: Final = {
    _textual_character(character): character for character in punctuation if character != ","
}


def _joined(modifiers: Iterable[str], last: str) -> str:
    parts = [*sorted(modifiers), "plus" if last == "+" and modifiers else last]
    return "+".join(parts)


def is_character(key: str) -> bool:
    """Whether the key types something where text is typed."""
    return len(key) == 1 or key in ("space", "comma")


def key_named(word: str) -> str:
    """The key's one name for what somebody wrote.

    Raises ValueError with a sentence that says what is wrong and what to write instead.
    """
    word = unicodedata.normalize("NFC", word)
    if word == " ":
        raise ValueError("The blank is called space.")
    if len(word) == 1:
        if word.isprintable():
            return word
        raise ValueError(f"{word!r} is no key.")
    *modifiers, last = word.split("+")
    for modifier in modifiers:
        if modifier not in _MODIFIERS:
            raise ValueError(f'"{modifier}" goes with no key{nearest(modifier, _MODIFIERS)}')
    last = _CHARACTERS.get(last, last)
    if len(last) != 1 and last not in _NAMED:
        raise ValueError(f'"{last}" is no key{nearest(last, [*_NAMED, *_CHARACTERS])}')
    if len(last) == 1 and "shift" in modifiers and set(modifiers) == {"shift"}:
        right = last.upper() if last.isalpha() else "the character it makes"
        raise ValueError(f"{word!r} is a character of its own: write {right}.")
    if modifiers and last != last.lower():
        plain, shifted = last.lower(), _joined({*modifiers, "shift"}, last.lower())
        raise ValueError(f"{word!r}: write {_joined(modifiers, plain)}, or {shifted} if shift is meant.")
    key = _joined(set(modifiers), last)
    if key in _SAME:
        raise ValueError(f"A terminal cannot tell {word!r} from {_SAME[key]}: write {_SAME[key]}.")
    return key


def from_textual(key: str, character: str | None = None) -> str:
    """The name of the key of a Textual key event (`event.key`, `event.character`)."""
    *modifiers, last = key.split("+")
    if not modifiers and character is not None and len(character) == 1 and character.isprintable():
        last = character
    last = _CHARACTERS.get(last, last)
    name = _joined(set(modifiers), {" ": "space", ",": "comma"}.get(last, last))
    return _SAME.get(name, name)


def to_textual(key: str) -> str:
    """The name Textual gives this key, for bindings and for pressing it in a test."""
    if len(key) == 1:
        return _textual_character(key)
    if key == "ctrl+space":
        return "ctrl+@"  # what terminals send; where one says ctrl+space, `from_textual` knows it too
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, _textual_character(last) if len(last) == 1 else last])


# --------------------------------------------------------------------------- the keymap


class Binding(NamedTuple):
    """One sequence of keys for one verb, and where somebody wrote so."""

    context: str
    verb: str
    keys: str  # canonical, a space between
    file: Path
    line: int


@dataclass(frozen=True)
class Keymap:
    """The keys in force, once they have been checked: no two verbs share one anywhere."""

    bindings: tuple[Binding, ...]
    preset: str = DEFAULT
    _in_force: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict, init=False, repr=False)
    _verbs: dict[str, dict[str, str | Pending]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for context, bindings in _holding(self.bindings).items():
            keys: dict[str, tuple[str, ...]] = {}
            verbs: dict[str, str | Pending] = {}
            for binding in bindings:
                if binding.keys not in verbs:
                    keys[binding.verb] = (*keys.get(binding.verb, ()), binding.keys)
                verbs[binding.keys] = binding.verb
                verbs.update((prefix, PENDING) for prefix in _prefixes(binding.keys))
            self._in_force[context] = keys
            self._verbs[context] = verbs

    def verb_for(self, context: str, typed: Sequence[str]) -> str | Pending | None:
        """What the keys typed so far mean: a verb, PENDING when they begin a sequence, None when nothing."""
        return self._verbs[context].get(" ".join(typed))

    def keys_for(self, context: str, verb: str) -> tuple[str, ...]:
        """The keys of a verb in a context, those of [global] last; empty when it has none there."""
        return self._in_force[context].get(verb, ())

    def in_force(self, context: str) -> Mapping[str, tuple[str, ...]]:
        """Every verb with keys in a context, and its keys: the context's own verbs first, then [global]'s."""
        return self._in_force[context]


def _holding(bindings: Iterable[Binding]) -> dict[str, list[Binding]]:
    """The bindings in force in each context: its own, then those of [global]."""
    own: dict[str, list[Binding]] = {context: [] for context in CONTEXTS}
    for binding in bindings:
        own[binding.context].append(binding)
    everywhere = own["global"]
    where_one_types = [each for each in everywhere if not is_character(each.keys.split()[0])]
    return {
        context: here if here is everywhere else here + (where_one_types if context in TYPING else everywhere)
        for context, here in own.items()
    }


def _prefixes(keys: str) -> Iterator[str]:
    words = keys.split()
    return (" ".join(words[:n]) for n in range(1, len(words)))


# --------------------------------------------------------------------------- loading and checking

Mistake = tuple[Path, int, str]
"""File, line, and what is wrong and what to do, in words."""


def presets() -> tuple[str, ...]:
    """The names of the presets there are, "default" first."""
    return (DEFAULT, *sorted(file.stem for file in PRESETS.glob("*.toml")))


def load(user_file: Path | None = None, preset: str | None = None, text: str | None = None) -> Keymap:
    """The shipped keys, overlaid line by line by a preset, and that by a person's own file if there is one.

    `preset` names one, whatever the file says; `text` is what is to be taken for the file's content. Raises BadSettings
    naming every mistake with its file, line and what to do; WorldError when a file that is there cannot be read.
    """
    mistakes: list[Mistake] = []
    shipped, own = _read(SHIPPED, mistakes), _File()
    if user_file is not None and (text is not None or user_file.exists()):
        own = _read(user_file, mistakes, text)
    chosen = preset or own.preset
    lines = dict(shipped.lines)
    if chosen != DEFAULT:
        over = _read(PRESETS / f"{chosen}.toml", mistakes)
        lines = {where: [_moved(each, over.instead) for each in line] for where, line in lines.items()}
        lines.update(over.lines)
    lines.update(own.lines)
    bindings = tuple(binding for line in lines.values() for binding in line)
    mistakes += [_clash(one, other) for one, other in clashing(bindings)]
    if mistakes:
        count = "One mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        lines_of_mistakes = (f"{file}:{line}: {words}" for file, line, words in sorted(mistakes))
        raise BadSettings(f"The keys cannot be used as they stand. {count}:", "\n".join(lines_of_mistakes))
    return Keymap(bindings, chosen)


@dataclass(frozen=True, slots=True)
class _File:
    """What one file says: by context and verb its keys; the preset it stands over; and, in a preset, with which key
    sequences begin here instead of which other."""

    lines: dict[tuple[str, str], list[Binding]] = field(default_factory=dict)
    preset: str = DEFAULT
    instead: dict[str, str] = field(default_factory=dict)


def _moved(binding: Binding, instead: Mapping[str, str]) -> Binding:
    """The binding, where it is a sequence that begins with another key here."""
    first, blank, rest = binding.keys.partition(" ")
    return binding._replace(keys=f"{instead[first]} {rest}") if blank and first in instead else binding


def _read(file: Path, mistakes: list[Mistake], text: str | None = None) -> _File:
    """What one file says. What cannot stand is told in `mistakes` and left out."""
    found = _File()
    try:
        text = file.read_bytes().decode() if text is None else text
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        mistakes.append((file, line, "this is not UTF-8 text. Save the file as UTF-8."))
        return found
    except OSError as error:
        raise WorldError(
            f"{file} cannot be read: {error.strerror}.", "Mend its rights, or move it away."
        ) from None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = int(at[1]) if (at := re.search(r"at line (\d+)", str(error))) else text.count("\n") + 1
        mistakes.append((file, line, f"this is not TOML: {error}."))
        return found
    where = lines_of(text)
    instead = tables.pop("instead", {}) if file.parent == PRESETS else {}
    if "preset" in tables:
        chosen = tables.pop("preset")
        if chosen not in presets():
            words = f"there is no preset {chosen!r}{nearest(str(chosen), presets())}"
            mistakes.append((file, where["preset",], words))
            chosen = DEFAULT
        found = replace(found, preset=chosen)
    for context, table in tables.items():
        line = where[context,]
        if context not in CONTEXTS:
            mistakes.append((file, line, f"there is no table [{context}]{nearest(context, CONTEXTS)}"))
        elif not isinstance(table, dict):
            mistakes.append((file, line, f"{context} is a table: write [{context}] on a line of its own."))
        else:
            _read_table(context, table, (file, where), found, mistakes)
    return replace(found, instead=instead)


def _read_table(
    context: str,
    table: Mapping[str, Any],
    at: tuple[Path, Mapping[tuple[str | int, ...], int]],
    found: _File,
    mistakes: list[Mistake],
) -> None:
    """What one table of a file says; `at`: the file, and the line of each of its keys."""
    file, where = at
    for verb, value in table.items():
        line = where[context, verb]
        if trouble := _misplaced(context, verb, value):
            mistakes.append((file, line, trouble))
            continue
        said = found.lines[context, verb] = []
        for sequence in value.split(",") if value.strip() else ():
            try:
                keys = sequence_named(context, sequence)
            except ValueError as error:
                mistakes.append((file, line, f"{verb}: {error}"))
            else:
                said.append(Binding(context, verb, keys, file, line))


def _misplaced(context: str, verb: str, value: object) -> str | None:
    """What is wrong with a line beside its keys."""
    if verb == "preset":
        return "preset stands on top of the file, above the first table."
    if verb not in VERBS:
        return f'there is no verb "{verb}"{nearest(verb, VERBS)}'
    if context not in VERBS[verb].contexts:
        belongs = " or ".join(f"[{name}]" for name in VERBS[verb].contexts)
        return f"{verb} cannot be done in [{context}]. It belongs in {belongs}."
    if not isinstance(value, str):
        return f'{verb} needs its keys in quotes: {verb} = "key, key", or "" for none.'
    return None


def sequence_named(context: str, written: str) -> str:
    """A sequence of keys under their one names; raises ValueError with a sentence."""
    keys = [key_named(word) for word in written.split()]
    if not keys:
        raise ValueError("there is a comma with no key beside it. The key itself is called comma.")
    if "escape" in keys and len(keys) > 1:
        raise ValueError(f"{written.strip()!r}: escape ends a sequence, and cannot be part of one.")
    if context in ("compose", "prompt") and is_character(keys[0]):
        raise ValueError(
            f"{written.strip()!r} is typed as text in [{context}]. Take a key with ctrl, or a named one."
        )
    return " ".join(keys)


def clashing(bindings: Sequence[Binding]) -> Iterator[tuple[Binding, Binding]]:
    """Every two bindings of which one could never be reached: both have the same keys, or one begins with the other's."""
    for context, here in _holding(bindings).items():
        held: dict[str, Binding] = {}
        pairs: list[tuple[Binding, Binding]] = []
        for binding in here:
            other = held.setdefault(binding.keys, binding)
            if other.verb != binding.verb:
                pairs.append((other, binding))
        for binding in held.values():
            pairs += [(held[prefix], binding) for prefix in _prefixes(binding.keys) if prefix in held]
        for one, other in pairs:
            if context == "global" or not one.context == other.context == "global":  # each pair once
                yield one, other


def _nearness(file: Path) -> int:
    """How near a file is to the person: what lies nearer is what they wrote last."""
    return 0 if file == SHIPPED else 1 if file.parent == PRESETS else 2


def _clash(one: Binding, other: Binding) -> Mistake:
    """The mistake of two bindings that cannot both hold. It stands at the line the person wrote last."""
    earlier, later = sorted((one, other), key=lambda binding: (_nearness(binding.file), binding.line))
    if later.keys == earlier.keys:
        how = "is also"
    elif later.keys.startswith(earlier.keys):
        how = f"begins with {earlier.keys!r},"
    else:
        how = f"is how {earlier.keys!r} begins,"
    return (
        later.file,
        later.line,
        f"{later.keys!r} for {later.verb} in [{later.context}] {how} the key of "
        f"{earlier.verb} in [{earlier.context}] ({earlier.file}:{earlier.line}). "
        f'Give one of them another key, or none: {earlier.verb} = "".',
    )
