"""A teammate's profile: how customers see them, where and in which languages they work, what stands under their answers.

It is a small document of each person's own (`documents/preferences.json`), asked for once when somebody of a team first
enters and changed whenever they like. Their role, skills and absences stand in the settings: those are the owner's to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from inbox.errors import BadUsage
from inbox.nearest import nearest
from inbox.text import one_line, sanitise

if TYPE_CHECKING:
    from inbox.ports import TeamDocuments

ME = "{me}"
"""In the signature of a mailbox: where the lines of whoever writes stand."""
LONGEST_NAME = 60
"""Characters of the name that customers see."""
MOST_LINES = 4
LONGEST_LINE = 78
"""Lines of an own signature, and characters of each (RFC 3676 asks for short lines below the mark)."""
MOST_LANGUAGES = 12
FIELDS = ("shown", "signature", "zone", "languages")
"""What can be said, in the order in which it is asked."""


class Profile(NamedTuple):
    """What a person has said of themselves; "" and () for what they have not. `shown`: their name as customers see it;
    `signature`: their own lines; `zone`: where they work, in place of what the settings say; `languages`: two letters each,
    in which they answer."""

    shown: str = ""
    signature: str = ""
    zone: str = ""
    languages: tuple[str, ...] = ()

    def name(self, who: str) -> str:
        """What customers call them; `who` is the name in the team."""
        return self.shown or who


def called(documents: TeamDocuments, who: str) -> str:
    """What customers call a teammate."""
    return (documents.profile(who) or Profile()).name(who)


def profile_of(document: Mapping[str, Any]) -> Profile:
    """The profile in a document that somebody may have written by hand: what cannot be is left out."""
    profile = Profile()
    for field in FIELDS:
        value = document.get(field)
        if field == "languages" and isinstance(value, list):
            value = " ".join(each for each in value if isinstance(each, str))
        if isinstance(value, str):
            with suppress(BadUsage):
                profile = saying(profile, {field: value})
    return profile


def saying(profile: Profile, said: Mapping[str, str]) -> Profile:
    """The profile with what is said now, by field, as it was typed; "" takes back what was said. BadUsage, with what to
    write instead, for what cannot be."""
    for field, text in said.items():
        match field:
            case "shown":
                profile = profile._replace(shown=_shown(text))
            case "signature":
                profile = profile._replace(signature=_signature(text))
            case "zone":
                profile = profile._replace(zone=_zone(text))
            case "languages":
                profile = profile._replace(languages=_languages(text))
    return profile


def _shown(text: str) -> str:
    name = one_line(text, 2 * LONGEST_NAME)
    if len(name) > LONGEST_NAME:
        raise BadUsage(f"A name has at most {LONGEST_NAME} characters.", "Write a shorter one.")
    if re.search(r"[{}<>@]", name):
        raise BadUsage("A name has no brackets and no @.", "Write it as customers read it: Bo, or Bo Berger.")
    return name


def _signature(text: str) -> str:
    """Own lines; on one line a bar stands between them."""
    plain = sanitise(text)
    parts = plain.split("\n") if "\n" in plain else plain.split("|")
    lines = [one_line(part, 400) for part in parts]
    lines = [line for line in lines if line and line.strip("- ")]
    if len(lines) > MOST_LINES:
        raise BadUsage(
            f"{MOST_LINES} lines at most: below them stands what the mailbox says of the shop.",
            "Leave some out.",
        )
    if any(len(line) > LONGEST_LINE for line in lines):
        raise BadUsage(f"A line has at most {LONGEST_LINE} characters.", "Put a | where a new line begins.")
    if any(ME in line for line in lines):
        raise BadUsage(f"{ME} stands for these very lines.", "Write the words themselves.")
    return "\n".join(lines)


def _zone(text: str) -> str:
    zone = text.strip()
    if not zone:
        return ""
    try:
        ZoneInfo(zone)
    except (OSError, LookupError, ValueError):
        near = nearest(one_line(zone, 40), available_timezones())
        raise BadUsage(f"There is no time zone {one_line(zone, 40)}{near}", "As in Europe/Vienna.") from None
    return zone


def _languages(text: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(text.lower().replace(",", " ").split()))
    wrong = next((word for word in words if not re.fullmatch("[a-z]{2}", word)), None)
    if wrong is not None:
        raise BadUsage(f"“{one_line(wrong, 20)}” is no language.", "Two letters each, as in: de en fr.")
    if len(words) > MOST_LANGUAGES:
        raise BadUsage(f"{MOST_LANGUAGES} languages at most.", "Leave some out.")
    return words


def document_of(profile: Profile) -> dict[str, Any]:
    """The profile as a document, easily read: only what was said."""
    said = {**profile._asdict(), "languages": list(profile.languages)}
    return {field: value for field, value in said.items() if value}


# ---------------------------------------------------------------------- under an answer


def with_own_lines(common: str, profile: Profile | None, who: str = "") -> str:
    """The signature of a mailbox with the lines of whoever writes: where it says `{me}`, else above it. Who has said none
    stands there with their name; where nobody writes (None), a line that is only that is left out."""
    own = profile.signature if profile is not None else ""
    if ME not in common:
        return "\n".join(filter(None, (own, common)))
    stands = own or (profile.name(who) if profile is not None else "")
    lines = [line for line in common.split("\n") if stands or line.strip() != ME]
    return "\n".join(line.replace(ME, stands).rstrip() for line in lines)
