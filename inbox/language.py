"""In which language somebody wrote, told by its commonest words; in doubt it is not told.

It only chooses among signatures, saved replies and the line above a quote, and each of these has a plain form: a text
too short, mixed, or in a language without a row here is of no language.
"""

from __future__ import annotations

import re
from collections import Counter

COMMON: dict[str, str] = {
    "en": "the and is are was you your my have has not with this that for i it of to would please when can been",
    "de": "der die das und ist sind ich nicht sie ihr ihre mein meine mit von auf ein eine wir für wann bitte noch habe",
    "fr": "le les est et je vous votre mon une des du pas pour avec dans que qui nous sur mais bonjour merci cette ai",
    "es": "el los las es y yo usted su mi una del no para con por que pero más muy está gracias hola cuándo he lo",
    "it": "il gli è e io lei suo mio una della non per con che ma più sono grazie ciao quando questo ho di del mi",
    "pt": "o os é e eu você seu meu uma não para com por que mas mais está obrigado obrigada olá quando isso do da em",
    "pl": "się nie jest że czy jak już mi mnie pan pani państwa proszę dziękuję dzień dobry mam mogę moje moja gdzie kiedy "
    "bardzo nadal przez jeszcze także są będzie dla ale tak od z w został została",
    "nl": "de het een en is ik niet u uw mijn met van op wij voor maar nog heb bij wanneer graag dit dat zijn kunt",
}
"""Some of the commonest words of each language; a word that stands in several rows counts for each of them."""

LEAST = 4
"""So many common words must be there."""

AHEAD = 2
"""So many times the words of the second language."""

SHARE = 0.15
"""Of all words, so many are common ones: less is a list of names, or another language."""

LOOKED_AT = 4000
"""Characters."""

_WORD = re.compile(r"[^\W\d_]+")
_TABLE = {language: frozenset(words.split()) for language, words in COMMON.items()}


def language_of(text: str) -> str:
    """Two letters for the language of `text`, one of COMMON; "" when it is not certain."""
    words = [word.casefold() for word in _WORD.findall(text[:LOOKED_AT])]
    counted = Counter(language for word in words for language, common in _TABLE.items() if word in common)
    (best, hits), (_, second) = [*counted.most_common(2), ("", 0), ("", 0)][:2]
    certain = hits >= LEAST and hits >= AHEAD * second and hits >= SHARE * len(words)
    return best if certain else ""
