"""Words that promise an attachment, by language: tables that grow by a line.

Blank space in a phrase stands for any blank space, capitals do not matter, and a phrase of letters stands alone ("joins"
is not found in "rejoins"). `ELSEWHERE` is looked for first: what is found there speaks of the customer's file, or of no
file at all. To teach Frontdesk another language, add its lines to both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

PROMISED: dict[str, tuple[str, ...]] = {
    "English": (
        *("attached", "i attach", "we attach", "i am attaching", "i'm attaching", "we are attaching"),
        *("attachment", "attachments", "enclosed", "i enclose", "we enclose"),
    ),
    "German": (
        *("anbei", "im anhang", "in der anlage", "als anlage", "als anhang", "den anhang", "beigefügt"),
        *("beigefügte", "beigefügten", "angehängt", "angehängte", "angehängten", "beiliegend", "hänge ich"),
    ),
    "French": (
        *("ci-joint", "ci-jointe", "ci-joints", "ci-jointes", "en pièce jointe", "en pièces jointes"),
        *("pièce jointe", "pj", "en annexe", "je joins", "nous joignons", "je vous joins"),
    ),
    "Spanish": (
        *("adjunto", "adjunta", "adjuntos", "adjuntas", "adjuntamos", "en adjunto", "archivo adjunto"),
    ),
    "Italian": ("in allegato", "allego", "alleghiamo", "allegato", "allegata", "allegati", "allegate"),
    "Portuguese": ("em anexo", "segue anexo", "segue anexa", "anexo", "anexei", "anexamos", "em anexos"),
    "Dutch": ("bijgevoegd", "bijgevoegde", "bijgaand", "bijgaande", "in de bijlage", "als bijlage"),
    "Polish": ("w załączniku", "w załączeniu", "załączam", "załączamy", "przesyłam załącznik"),
    "Swedish": ("bifogat", "bifogad", "bifogade", "bifogar", "i bilagan"),
    "Danish": ("vedhæftet", "vedhæftede", "vedhæfter", "vedlagt", "vedlagte", "vedlegg"),
    "Russian": ("во вложении", "прилагаю", "прикрепляю", "прикрепил", "прикрепила"),
    "Japanese": ("添付いたし", "添付し", "添付の", "添付ファイルを"),
    "Chinese": ("请见附件", "請見附件", "请查收附件", "請查收附件", "见附件", "附件中", "附件是"),
}

ELSEWHERE: dict[str, tuple[str, ...]] = {
    "English": (
        *("your attachment", "your attachments", "you attached", "you have attached", "please attach"),
        *("the attachment you", "the attachments you", "no attachment", "not attached", "attached to"),
        *(
            "without attachment",
            "without attachments",
            "an attachment?",
            "was not attached",
            "isn't attached",
        ),
        *("any attachment", "any attachments", "missing attachment"),
    ),
    "German": (
        *("ihr anhang", "ihren anhang", "ihrem anhang", "ihres anhangs", "deinen anhang", "dein anhang"),
        *("kein anhang", "keinen anhang", "ohne anhang", "im anhang ihrer", "sie angehängt", "du angehängt"),
    ),
    "French": ("votre pièce jointe", "vos pièces jointes", "sans pièce jointe", "aucune pièce jointe"),
    "Spanish": ("su archivo adjunto", "tu archivo adjunto", "sin adjunto", "ningún archivo adjunto"),
    "Italian": ("suo allegato", "tuo allegato", "vostro allegato", "nessun allegato", "senza allegato"),
    "Portuguese": ("seu anexo", "sem anexo", "nenhum anexo"),
    "Dutch": ("uw bijlage", "je bijlage", "geen bijlage"),
    "Japanese": ("添付してください", "添付していただ", "添付して頂"),
    "Chinese": ("您的附件", "你的附件"),
}


def promised_attachment(text: str) -> str:
    """The words with which `text` speaks of an attachment of its own, as written; "" when it speaks of none."""
    promised, elsewhere = _patterns()
    for part in _near(text):
        found = promised.search(elsewhere.sub(" ", part))
        if found:
            return found[0]
    return ""


_AROUND = 60
"""Characters before and after a word that tells; a phrase is shorter."""


def _near(text: str) -> Iterator[str]:
    """The parts of a text in which a phrase may stand: most letters have none, and cost nothing."""
    small = text.lower()
    if len(small) != len(text):  # one capital became two letters
        yield text
        return
    end = 0
    for found in _tellers().finditer(small):
        if found.start() < end:
            continue
        start = max(end, found.start() - _AROUND)
        while start > end and not text[start - 1].isspace():
            start -= 1
        end = min(len(text), found.end() + _AROUND)
        while end < len(text) and not text[end].isspace():
            end += 1
        yield text[start:end]


@cache
def _tellers() -> re.Pattern[str]:
    """The longest word of each phrase of PROMISED, but for those that hold another one."""
    words = {max(phrase.split(), key=len) for phrases in PROMISED.values() for phrase in phrases}
    few = [word for word in sorted(words) if not any(other in word for other in words - {word})]
    return re.compile("|".join(map(re.escape, few)))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return _any(PROMISED), _any(ELSEWHERE)


def _any(table: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
    phrases = sorted({phrase for phrases in table.values() for phrase in phrases}, key=len, reverse=True)
    return re.compile("|".join(map(_phrase, phrases)), re.IGNORECASE)


def _phrase(phrase: str) -> str:
    words = r"\s+".join(map(re.escape, phrase.split()))
    if phrase[0] >= "\u2e80":  # written without blanks between words
        return words
    return rf"(?<!\w){words}(?!\w)"
