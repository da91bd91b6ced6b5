"""Words by which an answer leaves a next step: what happens now, or what the customer can do. Tables that grow by a line.

Cautious: one such word is enough, wherever it stands, and so is a question, a link, a date or a number to call. Only a
text in a language with a row here can be without one.
"""

from __future__ import annotations

import re
from functools import cache

from inbox.typed import own_words, without_code

NEXT_STEPS: dict[str, str] = {
    "en": (
        r"let (?:me|us) know|please|if you|should you|feel free|do not hesitate|don't hesitate|will|we'll|"
        r"i'll|you'll|it'll|can|could|may|get in touch|contact|reach|reply|write (?:back|to)|call|ask|"
        r"tell (?:me|us)|happy to|here for you|next|once|as soon|when(?:ever)?|within|until|"
        r"by (?:mon|tue|wed|thu|fri|sat|sun)\w*|tomorrow|today|try|click|go to|open|check|track|keep|"
        r"look forward|expect|any (?:time|questions?)|need anything|anything else|instead|shall"
    ),
    "de": (
        r"bitte|wenn|falls|sollte\w*|sobald|melde\w*|meld|wird|werden|werde|wirst|werdet|können|kannst|könnt|"
        r"kann|rufen? sie|schreib\w*|antwort\w*|gern(?:e)?|jederzeit|frage[n]?|weiter\w*|nächste\w*|"
        r"bis (?:spätestens|zum|mo|di|mi|do|fr|sa|so)\w*|morgen|heute|innerhalb|binnen|versuch\w*|klick\w*|"
        r"öffne\w*|prüf\w*|sag\w* (?:mir|uns)|freuen? (?:uns|mich)|erhalten|bekommen|stehen? ihnen|für sie da|"
        r"für dich da|stattdessen|dann"
    ),
    "fr": (
        r"n'hésitez|n’hésitez|n'hésite|veuillez|s'il vous pla[iî]t|s'il te pla[iî]t|"
        r"si (?:vous|tu|besoin|le|la|cela)|pouvez|peux|pourr\w+|contact\w*|écri\w+|répond\w*|appel\w*|dès que|"
        r"lorsque|quand|ser(?:a|ez|ont|ai|ons)|all(?:ez|ons)|vais|recevr\w+|ferai|ferons|reste\w*|disposition|"
        r"demain|aujourd'hui|d'ici|sous|prochain\w*|ensuite|sinon|à votre|essay\w+|cliqu\w+|dites|dis-"
    ),
    "es": (
        r"no dud\w+|por favor|si (?:tiene|tienes|necesita|necesitas|quiere|quieres|hay|le|te|no|usted|lo)|"
        r"puede[ns]?|podrá\w*|contact\w+|escr[ií]b\w+|respond\w+|llam\w+|avis\w+|cuando|en cuanto|recibirá\w*|"
        r"será\w*|vamos|haremos|enviaremos|estamos|quedamos|quedo|mañana|hoy|dentro de|próxim\w+|disposición|"
        r"cualquier|díganos|dinos|prueb\w+|intent\w+"
    ),
    "it": (
        r"per favore|se (?:ha|hai|avete|vuole|vuoi|desidera|serve|non|le|ti|vi|dovesse|ci)|può|puoi|potete|"
        r"potrà|potrai|contatt\w+|scriv\w+|rispond\w+|chiam\w+|fac\w+ sapere|appena|quando|ricever\w+|sarà|"
        r"saranno|faremo|invieremo|restiamo|resto|rimaniamo|disposizione|domani|oggi|entro|prossim\w+|prov\w+|"
        r"qualsiasi|non esit\w+|ci dica|la preghiamo|vi preghiamo|altrimenti"
    ),
    "pt": (
        r"por favor|se (?:tiver|precisar|quiser|houver|desejar|não|o|a)|pode[ms]?|poderá\w*|contact\w+|"
        r"contat\w+|escrev\w+|respond\w+|lig\w+|avis\w+|assim que|quando|receber\w+|será\w*|vamos|faremos|"
        r"enviaremos|ficamos|fico|estamos|disposição|amanhã|hoje|até|próxim\w+|qualquer|não hesite|caso|tente|"
        r"experimente"
    ),
    "nl": (
        r"alstublieft|alsjeblieft|gerust|als (?:u|je|het|er|dit)|mocht|indien|kunt|kun|kan|kunnen|zal|zullen|"
        r"wordt|worden|laat (?:het )?(?:me|ons)|laten|neem\w* contact|contact|bel|mail|schrijf|antwoord\w*|"
        r"zodra|wanneer|morgen|vandaag|binnen|volgende|ontvang\w*|krijg\w*|graag|probeer|klik|vragen|horen|"
        r"hoor|anders|dan"
    ),
    "pl": (
        r"prosz[eę]|prosimy|je[sś]li|je[zż]eli|gdyby|mo[zż]e|mo[zż]na|mo[zż]esz|mog[aą]|b[eę]d[zą]\w+|"
        r"b[eę]dziemy|zostanie|otrzyma\w*|wy[sś]lemy|skontaktuj\w*|kontakt\w*|napis\w+|odpowie\w+|zadzwo\w+|"
        r"da[cćj]\w* zna[cć]|gdy|kiedy|jak tylko|jutro|dzi[sś]\w*|do (?:ko[nń]ca|jutra|pi[aą]tku)|ch[eę]tnie|"
        r"w razie|pyta\w+|nast[eę]pn\w+|do dyspozycji|zapraszamy"
    ),
    "sv": (
        r"om (?:du|ni|det)|kan|kommer|ska|hör (?:gärna )?av|skriv|ring|kontakta|svara|när|imorgon|idag|inom|"
        r"nästa|gärna|välkommen|frågor|meddela|vänligen|prova|annars|då"
    ),
    "da": (
        r"hvis|kan|vil|skal|bliver|skriv|ring|kontakt\w*|svar|når|så snart|i morgen|i dag|inden|næste|gerne|"
        r"velkommen|spørgsmål|venligst|prøv|ellers|sig til|hør"
    ),
}  # fmt: skip
"""What a next step is said with; capitals do not matter."""

_PLAIN = re.compile(
    r"[?？]|https?://|www\.|[\w.+-]{1,64}@[\w-]{1,64}\.|\d{1,2}[./:]\d{1,2}|\+\d[\d /-]{5,}|(?<!\d)0\d[\d /-]{5,}"
)


LONGEST = 2_000
"""Characters; who writes more has said something about what comes."""


def leaves_next_step(text: str) -> bool:
    """Whether a text says what happens next, or what can be done; in doubt it does."""
    own = without_code(own_words(text))
    return len(own) > LONGEST or bool(_PLAIN.search(own) or _steps().search(own))


@cache
def _steps() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(NEXT_STEPS.values())})(?!\w)", re.IGNORECASE)
