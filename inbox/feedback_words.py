"""How it was, from 1 to 5: the question in four languages, and what an answer to it says (docs/closing.md).

A number is read only where it is clearly one: alone on the first line that was written, or in one of the forms below. In
doubt there is none, and the message is one like any other. To teach Frontdesk another language, add its row to each table.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from inbox.language import COMMON, language_of
from inbox.outcomes import GOOD
from inbox.question_words import QUESTION_MARKS

WORST, BEST = 1, 5

QUESTIONS = {
    "en": """\
Hello {first_name},

how did we do? Please answer with a number from 1 (bad) to 5 (very good); a word or two why helps us.

If you do not want to be asked, answer STOP.

{agent}
{shop}""",
    "de": """\
Hallo {first_name},

wie waren wir? Bitte antworten Sie mit einer Zahl von 1 (schlecht) bis 5 (sehr gut); ein, zwei Worte dazu helfen uns.

Wenn Sie nicht gefragt werden möchten, antworten Sie STOP.

{agent}
{shop}""",
    "fr": """\
Bonjour {first_name},

avons-nous bien répondu ? Répondez par un chiffre de 1 (mal) à 5 (très bien) ; un mot pour dire pourquoi nous aide.

Si vous ne voulez plus recevoir cette question, répondez STOP.

{agent}
{shop}""",
    "es": """\
Hola {first_name}:

¿qué tal lo hicimos? Responda con un número del 1 (mal) al 5 (muy bien); una o dos palabras del porqué nos ayudan.

Si no quiere que le preguntemos, responda STOP.

{agent}
{shop}""",
}
"""What is asked where the settings say nothing else; in all other languages the first."""


class Answer(NamedTuple):
    """What an answer to the question says: the number, the words beside it, and whether nobody has to come back to it."""

    score: int
    words: str
    settles: bool


_NUMBERS = {
    "en": "one two three four five",
    "de": "eins zwei drei vier fünf",
    "fr": "un deux trois quatre cinq",
    "es": "uno dos tres cuatro cinco",
    "it": "uno due tre quattro cinque",
    "pt": "um dois três quatro cinco",
    "nl": "een twee drie vier vijf",
}
_VALUE = {word: number for row in _NUMBERS.values() for number, word in enumerate(row.split(), 1)}
_VALUE |= {str(number): number for number in range(WORST, BEST + 1)}
_NUMBER = "|".join(sorted(_VALUE, key=len, reverse=True))

_OF = "/|out of|of|von|aus|sur|de|su|van|uit"
_UNITS = (
    r"stars?|points?|sterne?n?|punkte?n?|étoiles?|points?|estrellas?|puntos?|stelle|stella|punti|punto|estrelas?|pontos?"
    r"|sterren|punten|\*"
)
_LEADS = (
    r"(?:i['’]?(?:d| would)? )?(?:say|give|rate)(?: it| you| that| them)?"
    r"|(?:my |meine |ma |mi )?(?:rating|score|note|grade|vote|voto|nota|cijfer|bewertung|wertung)"
    r"|(?:my |meine |ma |mi )(?:answer|antwort|réponse|respuesta)"
    r"|ich (?:würde|gebe|vergebe)(?: sagen| euch| ihnen)?|(?:würde )?(?:ich )?sag(?:e|en)"
    r"|je (?:dirais|donne|mets|vous donne|vous mets)|(?:yo )?(?:diría|le doy|les doy|doy)"
    r"|(?:direi|do)|(?:eu )?(?:diria|dou)|ik (?:zou zeggen|geef|geef jullie)"
)
_ARTICLES = r"a solid|a|an|eine glatte|eine|ein|une?|una?|um|een"
_SCORE = re.compile(
    rf"(?:(?P<lead>{_LEADS})(?: is| ist| est| es| è| é)?[ :=]+)?(?:(?P<article>{_ARTICLES}) )?"
    rf"[(\[]?(?P<number>{_NUMBER})[)\]]?"
    rf"(?: ?(?:{_UNITS}))?(?: ?(?:{_OF}) ?(?:5|five|fünf|cinq|cinco|cinque|vijf))?(?: ?(?:{_UNITS}))?"
    r"(?P<rest>$|(?: ?[-\u2013\u2014:,.;!()]+ ?| ?[\u2728\u2b50\U0001f300-\U0001faff])(?![0-9]).*)",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\d{1,2}[.)] ")
"""A line of a list with numbers: then the first is no answer."""
_KIND_FIRST = re.compile(r"(?P<words>[^\W\d_]+(?: [^\W\d_]+){0,3}) ?[-\u2013\u2014:,.;!]+ ?(?P<rest>\d.*)")
"""`Very good: 5`."""
_STARS = re.compile(r"(?P<full>[★⭐🌟]{1,5}|\*{1,5})[☆✩]{0,4}(?P<rest>$|[\s\-\u2013\u2014:,.;!].*)")
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|day|evening)|hallo|guten (?:tag|morgen|abend)|moin|servus|liebe[rs]?|bonjour"
    r"|bonsoir|salut|hola|buenos días|buenas tardes|ciao|buongiorno|olá|bom dia|dag|beste|goedendag)\b[^.!?\d]{0,40}[,!.:]?",
    re.IGNORECASE,
)


def _split(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STOPS = _split(
    """stop unsubscribe abmelden abbestellen austragen abmeldung désabonner désinscrire désinscription désabonnement baja
    afmelden uitschrijven cancellami disiscrivimi descadastrar sair"""
) | {
    *(
        "remove me",
        "opt out",
        "no more questions",
        "do not ask",
        "don't ask",
        "do not ask me",
        "keine fragen mehr",
    ),
    *("se désabonner", "me désabonner", "me désinscrire", "darme de baja", "dar de baja", "no preguntar"),
    *("nicht mehr fragen", "keine umfragen", "keine werbung"),
}
_COURTESY = re.compile(
    r"\b(?:please|bitte|s['’]il vous plaît|svp|por favor|thanks|thank you|danke|merci|gracias)\b"
)

_DOUBTS = {
    "en": "please can could would need want wish but however though although except still not no never nothing unfortunately"
    " sadly problem problems issue wrong broken damaged missing late slow refund return returned replace call contact when"
    " where why how disappointed bad poor terrible awful angry complaint again waiting wait until hope only",
    "de": "bitte kann können könnte könnten könnt brauche brauchen möchte will wollte aber jedoch nur außer trotzdem noch"
    " nicht kein keine keinen keiner nie nichts leider schade problem probleme falsch kaputt defekt beschädigt fehlt fehlte"
    " spät langsam geld zurück umtausch rückruf anrufen wann wo warum wie enttäuscht schlecht mangelhaft ärgerlich"
    " beschwerde wieder warte warten hoffe",
    "fr": "svp plaît pouvez pourriez peux besoin veux voudrais mais cependant sauf encore toujours pas jamais rien"
    " malheureusement dommage problème problèmes erreur cassé abîmé manque manquait retard lent rembourser remboursement"
    " retour rappeler appeler quand où pourquoi comment déçu déçue mauvais mal colère plainte attends attendre espère seul",
    "es": "favor puede pueden podría podrían necesito quiero quisiera pero sin salvo excepto todavía aún no nunca nada"
    " lamentablemente desgraciadamente problema problemas error roto dañado falta faltaba tarde lento reembolso devolución"
    " devolver llamar cuándo dónde cómo decepcionado decepcionada malo mala mal queja espero esperar esperando solo",
}
"""Words after which somebody should look at it all the same: wishes, questions, what was not as it should be."""
_DOUBT = frozenset(word for row in _DOUBTS.values() for word in row.split())
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LOOKED_AT = 4_000
"""Characters of an answer."""
_LONGEST = 200
_FEW = 3
"""Words in whatever language that need no reading."""


def read_answer(text: str) -> Answer | None:
    """What somebody wrote (without quote and signature) as an answer to the question; None where no number is clear."""
    lines = _written(text)
    if not lines:
        return None
    found = _score_in(lines[0])
    if found is None:
        return None
    if any(_LISTED.match(line) for line in lines[1:]):
        return None
    score, rest = found
    words = "\n".join(filter(None, (rest.strip(" -\u2013\u2014:,.;!()"), *lines[1:]))).strip()
    return Answer(score, words, score >= GOOD and _says_nothing_to_do(words))


def says_stop(text: str) -> bool:
    """Whether all of the first line that was written asks not to be written to any more."""
    lines = _written(text)
    return bool(lines) and _plain(lines[0]) in _STOPS


def says_only_stop(text: str) -> bool:
    """Whether it says that and nothing else, but thanks and a name below it."""
    lines = _written(text)
    return says_stop(text) and sum(map(len, lines[1:])) <= 30 and _says_nothing_to_do("\n".join(lines[1:]))


def _written(text: str) -> list[str]:
    """The lines with something on them, signs in their plain form, without a greeting above."""
    plain = unicodedata.normalize("NFKC", text[:_LOOKED_AT]).replace("\u20e3", "").replace("\ufe0f", "")
    lines = [" ".join(line.split()) for line in plain.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > 1 and _GREETING.fullmatch(lines[0]):
        lines = lines[1:]
    return lines


def _score_in(line: str) -> tuple[int, str] | None:
    """The number of a line, and what stands behind it."""
    stars = _STARS.fullmatch(line)
    if stars is not None:
        return len(stars["full"]), stars["rest"]
    bare = re.sub(r"^[*_\"'“”„«» ]+|[*_\"'“”„«» ]+$", "", line)
    kind = _KIND_FIRST.fullmatch(bare)
    if kind is not None and all(word.casefold() in _KIND for word in kind["words"].split()):
        bare = kind["rest"]
    found = _SCORE.fullmatch(bare)
    if found is None or _another_number(found["rest"]):
        return None
    number = found["number"].casefold()
    if found["article"] and not (found["lead"] or number.isdigit()):
        return None
    return _VALUE[number], found["rest"]


def _another_number(rest: str) -> bool:
    """Whether a second number stands there that could be the one that is meant."""
    return any(1 <= int(each) <= 10 for each in re.findall(r"(?<![\d.,])\d{1,2}(?![\d]|[.,]\d)", rest))


def _plain(line: str) -> str:
    bare = _COURTESY.sub(" ", line.casefold().replace("’", "'"))
    return " ".join(re.sub(r"[.,!;:*\"“”„()\[\]]+", " ", bare).split())


def _says_nothing_to_do(words: str) -> bool:
    """Whether the words beside a good number ask nothing and complain of nothing, as far as that can be told."""
    if not words:
        return True
    if (
        len(words) > _LONGEST
        or any(mark in words for mark in (*QUESTION_MARKS, "¿"))
        or re.search(r"\d", words)
    ):
        return False
    said = [word.casefold().replace("’", "'") for word in _WORD.findall(words)]
    if any(word in _DOUBT or word.endswith("n't") for word in said):
        return False
    return len(said) <= _FEW or _language_is_read(words, said)


_KIND = _split(
    """great good very really fine okay ok
    thanks thank perfect excellent happy super top nice friendly quick fast helpful service wonderful awesome
    amazing brilliant lovely best well danke dank vielen sehr gut toll klasse prima freundlich schnell zufrieden perfekt
    hervorragend spitze merci parfait excellent très bien bon rapide super gentil content contente génial gracias perfecto
    excelente muy bien bueno rápido amable contento contenta genial todo"""
)


_READ = frozenset(word for language in _DOUBTS for word in COMMON[language].split()) | _KIND


def _language_is_read(words: str, said: list[str]) -> bool:
    """Whether it is in a language whose doubts are known, or at least half of its words are."""
    return language_of(words) in _DOUBTS or 2 * sum(word in _READ for word in said) >= len(said)
