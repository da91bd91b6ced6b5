"""Wrong words in settings and scenarios: the nearest right one, for the error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from inbox.errors import BadSettings


def nearest(word: object, words: Iterable[str]) -> str:
    """`; did you mean "closed"?` for "close": the end of a sentence, a full stop when nothing is near."""
    from difflib import get_close_matches

    by_folded = {each.casefold(): each for each in words}
    near = get_close_matches(str(word).casefold(), list(by_folded), n=1, cutoff=0.5)
    return f'; did you mean "{by_folded[near[0]]}"?' if near else "."


def only(table: Mapping[str, object], words: Iterable[str], place: str) -> None:
    """Raise BadSettings when a table has a key that is none of `words`, naming the nearest."""
    allowed = list(words)
    for key in table:
        if key not in allowed:
            raise BadSettings(
                f"{place}: there is no {key!r} here{nearest(key, allowed)}", f"Known: {', '.join(allowed)}."
            )
