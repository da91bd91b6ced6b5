"""The words by which a promise is told, by language: tables that grow by a line.

Every entry is a regular expression on folded text (small letters, no accents; `inbox.date_atoms.fold`) and begins where
a word begins. To teach Frontdesk another language, add a `Language` and name it in `LANGUAGES`; its words of dates go to
`inbox.date_words`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language. Each clause is asked: does it promise, or something else?"""

    name: str
    promises: tuple[str, ...]  # we or the customer, and what will be
    others: tuple[str, ...]  # what the customer is to do, what has been, what could be
    never: tuple[str, ...]  # anywhere in a clause: no promise (denied, hoped, closed)
    exempt: tuple[str, ...]  # what looks like that and is not: "no later than"
    conditions: tuple[str, ...]  # a clause that begins so promises nothing
    acts: tuple[str, ...]  # something to be done: without a date, it is worth a hint
    done: tuple[str, ...]  # now, or with this letter: it needs no date
    joins: tuple[str, ...]  # and, but: before a subject a new clause begins
    subjects: tuple[str, ...]
    barred: tuple[str, ...]  # before a date: since, after, until
    before: tuple[str, ...]  # before a date: it is to be earlier


ENGLISH = Language(
    "English",
    promises=(
        r"(?:we|i|you|they|it|he|she|that|there)'ll\b",
        r"will\b",
        r"shall\b",
        r"(?:am|are|is) going to\b",
        r"(?:i'm|we're|it's|they're|you're|he's|she's) going to\b",
        r"(?:i|we) (?:promise|guarantee|commit)\b",
        r"(?:we|i) can (?:promise|guarantee|assure)\b",
        r"let me (?:get|come|check|find|send|look|call|write|ask)\b",
        r"you (?:can|may) (?:expect|count on|look forward)\b",
        r"(?:you|it|they|this|that|parcel|order|refund|money|delivery|replacement|package) should (?:have|"
        r"receive|get|hear|see|"
        r"arrive|reach|be with you|be there|be back|be delivered)\b",
        r"(?:arrives?|ships?|leaves?|goes out|go out)\b",
        r"(?:we|i) (?:send|ship|deliver|refund|call|reply|answer|repair|dispatch|post|replace|come back|get back)\b",
        r"(?:we are|we're|i am|i'm) (?!expecting|waiting|hoping|looking|closing|wondering|sorry)[a-z]+ing\b",
        r"(?:is|are) (?:scheduled|due|set) to\b",
        r"you (?:get|receive) (?:it|the|your|a|an|them|our)\b",
        r"^expect\b",
        r"^(?:your |the )?(?:delivery|shipping|dispatch|refund|reply|answer) (?:is|by|on|within|follows|tomorrow)\b",
    ),
    others=(
        r"you (?!can expect|may expect|can count|will|should|shall|are going|'ll)(?:have|need|must|may|might|"
        r"can|could|had|were|"
        r"are|want|would|asked|ordered|bought|sent|wrote|returned|paid|received|got|mentioned|said|told|did|do)\b",
        r"you(?:'ll| will) (?:have to|need to|be able to|be asked|be charged|be required|only have)\b",
        r"(?:we|i)(?:'ll| will) (?:need|require|have to|want)\b",
        r"you(?:'ve|'d)\b",
        r"(?:you|he|she|they|customer|carrier) (?!need)[a-z]{3,}ed\b",
        r"please\b",
        r"(?:i|we|they|he|she|it|which|that|who|order|parcel) (?:have|has|had|was|were|did|sent|shipped|"
        r"received|got|wrote|said|"
        r"promised|told|asked|ordered)\b",
        r"(?:i've|we've|it's been|we'd|i'd)\b",
        r"(?:would|could)\b",
        r"(?:placed|ordered|bought|dated|sent|posted|shipped) (?:on|at)\b",
        r"^(?:reply|return|send|let us|let me know|tell|confirm|pay|contact|call|write|answer|check|respond|"
        r"get back to us)\b",
        r"(?:can|could|may) (?:you|be returned|be used)\b",
        r"(?:wrote|said|told|asked|mentioned|complained) (?:me |us )?that\b",
    ),
    never=(
        r"(?:not|never|cannot|nobody|no longer|nothing)\b",
        r"[a-z]+n't\b",
        r"unable\b",
        r"(?:hope|hoping|hopefully|try|trying|aim|perhaps|maybe|possibly|probably|might|ideally|usually|"
        r"normally|typically|generally)\b",
        r"(?:closed|on holiday|on vacation|out of (?:the )?office|unavailable|away|expires?|ends)\b",
        r"will (?:be renewed|be charged|be debited|be due|begin|start|end|expire|close|lapse)\b",
        r"will (?:remain|stay|keep|hold|be open|be able to return)\b",
    ),
    exempt=(
        r"(?:no|not) later than\b",
        r"not only\b",
        r"don't (?:worry|hesitate)\b",
        r"do not (?:worry|hesitate)\b",
    ),
    conditions=(
        r"(?:if|unless|whether|although|because|since|provided|in case|should you|even though)\b",
        r"(?:when|once|as soon as (?!possible|we can|i can|we possibly)|until (?=we|you|i|the|it)|before (?=we|"
        r"you|i|it)|"
        r"after (?=we|you|i|it)|while)\b",
        r"as soon as (?!possible|we can|i can|we possibly)",
        r"as (?:we |i |you )?(?:discussed|agreed|promised|mentioned|said|requested|announced|wrote|told)\b",
    ),
    acts=(
        r"(?:get|come|be) back to you\b",
        r"(?:be|get) in touch\b",
        r"let you know\b",
        r"keep you (?:posted|updated|informed)\b",
        r"look into\b",
        r"(?:check|send|ship|refund|call|write|reply|answer|forward|update|inform|fix|repair|replace|dispatch|"
        r"deliver|contact|"
        r"find out|investigate|follow up|respond|arrange|chase|resend|reimburse|pass)\b",
        r"hear (?:back )?from (?:us|me)\b",
        r"you(?:'ll| will) (?:receive|get|have)\b",
        r"be (?:sent|shipped|refunded|repaired|replaced|dispatched|delivered|fixed)\b",
    ),
    done=(
        r"(?:now|today|immediately|right away|straight away|at once|herewith|attached|enclosed|below|already|"
        r"always)\b",
        r"(?:with|in) this (?:mail|email|letter|message)\b",
    ),
    joins=("and", "but", "or", "so", "then"),
    subjects=("we", "i", "you", "they", "it", "he", "she", "please", "the", "your", "our"),
    barred=(
        "since", "after", "from", "until", "till", "last", "every", "each", "of", "not before", "starting", "was due",
        "beginning", "as of", "previous", "past",
    ),
    before=("before", "prior to", "ahead of"),
)  # fmt: skip

_DE_FIRST = (
    r"(?!habe|hatte|bin|sind|war|kann|konn|muss|wurd|mocht|moge|hoff|bitt|brauch|benotig|wart|wollt|soll|durf|"
    r"erwart|schliess|"
    r"lass|bedauer|dank|freu|entschuldig|glaub|denk|weiss|wissen|sehe|verstehe|weise|ihnen|eine|keine|deine|"
    r"meine|seine|unsere|"
    r"die|wie|sie|gerne|heute|versuch)"
)
GERMAN = Language(
    "German",
    promises=(
        r"(?:wird|werden|werde|wirst|werdet)\b",
        rf"(?:ich|wir) {_DE_FIRST}[a-z]+(?:e|en|ern|eln)\b",
        rf"{_DE_FIRST}[a-z]+(?:e|en|ern|eln) (?:ich|wir)\b",
        r"(?:ich|wir) (?:gebe|geben|rufe|rufen|sende|senden|schicke|schicken)\b",
        r"sie (?:bekommen|erhalten|kriegen|horen|haben (?=es|sie|ihn|ihr|das geld|die ware))",
        r"(?:bekommen|erhalten|horen|kriegen) sie\b",
        r"haben sie (?=eine antwort|unsere antwort|ihr|es|das|die|den)",
        r"du (?:bekommst|erhaltst|kriegst|horst|hast es)\b",
        r"(?:bekommst|erhaltst|kriegst|horst) du\b",
        r"(?:meldet|ruft|bringt|schickt|sendet|holt|repariert|pruft|kummert|uberweist|erstattet|besucht|installiert|wechselt)\b",
        r"(?:geht|kommt|trifft|erfolgt|verlasst|liefert|landet)\b",
        r"(?:ist|sind) (?=.*\b(?:bei ihnen|bei dir|da|fertig|repariert|zuruck|auf ihrem konto)\b)",
        r"^(?:lieferung|versand|ruckzahlung|erstattung|antwort|zustellung)\b",
    ),
    others=(
        r"bitte(?:n)?\b",
        r"(?:sie|du|ihr) (?:haben (?!es|sie|ihn|ihr|das geld|die ware)|hast (?!es)|habt|konnen|kannst|mussen|"
        r"musst|sollten|mochten|schrieben|"
        r"sagten|wollten|hatten|sind|durfen|brauchen|fragten|baten)",
        r"(?:haben (?=sie\b.*\bzeit\b)|konnen|mussen|konnten|wurden|hatten|sollen|sollten|durfen|mochten|wollen) ?sie\b",
        r"(?:ich|wir) (?:habe|haben|hatte|hatten|bin|sind|war|waren|konnte|konnten|wurde|wurden)\b",
        r"(?:habe|haben|hatte|hatten|bin|sind|war|waren|konnte|konnten) (?:ich|wir)\b",
        r"(?:wurde|wurden|war|waren|hatte|hatten|worden|gewesen)\b",
        r"(?:ge|be|er|ver)[a-z]+(?:t|en) (?:haben|hatten|habe|hast|hat|hatte|wurde|wurden)\b",
        r"^(?!bekommen|erhalten|horen|kriegen|werden|haben)[a-z]+en sie\b",
        r"(?:lass|lassen|melde dich|gib|schick uns|sag)\b",
    ),
    never=(
        r"(?:nicht|kein[a-z]*|nie|niemals|nichts)\b",
        r"(?:versuch[a-z]*|hoff[a-z]*|vielleicht|voraussichtlich|eventuell|wahrscheinlich|moglicherweise|"
        r"normalerweise|ublicherweise)\b",
        r"(?:brauchen|benotigen|verlangert|abgebucht|fallig)\b",
        r"(?:in der regel|nach moglichkeit|wenn moglich|erfahrungsgemass)\b",
        r"(?:geschlossen|urlaub|betriebsferien|abwesend|ausser haus|geoffnet|endet|lauft ab|gultig)\b",
    ),
    exempt=(r"nicht (?:spater|nur)\b", r"keine sorge\b", r"kein problem\b", r"keine umstande\b"),
    conditions=(
        r"wie\b(?=.*\b(?:besprochen|vereinbart|geschrieben|gesagt|gewunscht|telefonisch|angekundigt|versprochen|abgemacht)\b)",
        r"(?:wenn|falls|sobald|sofern|nachdem|bevor|ob|weil|obwohl|solange|sollten sie|sollte)\b",),
    acts=(
        r"(?:melde|melden|meldet|schicke|schicken|sende|senden|versende|versenden|prufe|prufen|klare|klaren|"
        r"antworte|antworten)\b",
        r"(?:informiere|informieren|erstatte|erstatten|uberweise|uberweisen|rufe|rufen|anrufen|repariere|"
        r"reparieren|tausche)\b",
        r"(?:ersetze|ersetzen|liefere|liefern|verschicke|verschicken|schreibe|schreiben|kummere|kummern|frage|"
        r"fragen|leite|leiten)\b",
        r"(?:gebe|geben|bescheid|erhalten|bekommen|bekommst|horen|zuruckmelden|nachfragen|weiterleiten|"
        r"benachrichtigen)\b",
        r"(?:verschickt|versendet|gepruft|geklart|erstattet|uberwiesen|repariert|ersetzt|geliefert|informiert)\b",
    ),
    done=(
        r"(?:jetzt|heute|sofort|umgehend noch heute|gleich|hiermit|anbei|beigefugt|bereits|schon|immer|gerade)\b",
        r"mit dieser (?:mail|nachricht)\b",
    ),
    joins=("und", "aber", "oder", "dann", "sonst", "denn"),
    subjects=("wir", "ich", "sie", "du", "es", "er", "bitte", "das", "die", "der", "ihr", "ihre", "unser", "unsere"),
    barred=(
        "seit", "ab", "nach", "vom", "von", "letzten", "letzte", "letzter", "vergangenen", "jeden", "jede", "erst ab",
        "nicht vor", "fruhestens", "statt", "anstatt", "auf ihre mail vom",
    ),
    before=("vor",),
)  # fmt: skip

FRENCH = Language(
    "French",
    promises=(
        r"(?:je|nous|on) (?:ne )?(?:vous |te |le |la |les |lui |leur |y |en |nous |me )*(?:t'|l'|m'|m'en |"
        r"vous en )*[a-z]+(?:rai|rons|ra)\b",
        r"(?:j')[a-z]+rai\b",
        r"vous (?:l'|le |la |les |en )?(?:recevrez|aurez|serez|obtiendrez|entendrez)\b",
        r"tu (?:l'|le |la |les |en )?(?:recevras|auras|seras)\b",
        r"(?!camera|opera)[a-z]{3,}(?:era|ira|dra|eront|iront|dront)\b",
        r"(?:arrivera|arriveront|partira|partiront|sera|seront|parviendra|parviendront|aura|recevra|quittera|"
        r"interviendra)\b",
        r"(?:je|nous|on) (?:vais|allons|va)\b",
        r"(?:je|nous|on) (?:vous |te |le |la |les |lui |nous |me )*(?:t'|l'|m')?(?:reviens|revenons|envoie|"
        r"envoyons|expedie|expedions|"
        r"rappelle|rappelons|rembourse|remboursons|reponds|repondons|engage|engageons|tiens|tenons|livre|"
        r"livrons|recontacte|"
        r"recontactons|ecris|ecrivons|promets|promettons|fais|faisons|transmets|transmettons|informe|informons|"
        r"verifie|verifions|"
        r"appelle|appelons|occupe|occupons)\b",
        r"j'(?:envoie|expedie|appelle|ecris)\b",
        r"(?:colis|commande|remboursement|lettre|paquet|piece|lampe|article) (?:part|arrive|vous parvient)\b",
        r"vous devriez (?:recevoir|avoir)\b",
        r"(?:devrait|devraient) (?:arriver|etre|vous parvenir)\b",
        r"^(?:livraison|expedition|remboursement|reponse|envoi)\b",
    ),
    others=(
        r"(?:merci (?:de|d')|veuillez|pourriez|pouvez|pourrez|devez|devrez|aviez|souhaitez|voulez|etes|disposez)\b",
        r"vous avez\b",
        r"(?:avez vous|as tu|tu as|tu peux|peux tu)\b",
        r"(?:vous|tu) (?:aurez|auras) (?:jusqu'|a |besoin)",
        r"(?:ai|avons|avez|ont|avait|avions|avais|etait|etaient|j'ai|a ete|ont ete|est parti|est partie)\b",
        r"(?:pourrions|pourrais|serait|aurions|voudrions)\b",
        r"^(?:envoyez|repondez|retournez|renvoyez|contactez|confirmez|appelez|dites|tenez|payez)\b",
        r"vous (?:dites|disiez|ecrivez|ecriviez|demandez)\b",
    ),
    never=(
        r"(?:ne|n')\b.*\b(?:pas|plus|jamais|rien|aucun|aucune)\b",
        r"n'[a-z]+ (?:pas|plus|jamais)\b",
        r"(?:essay[a-z]*|esper[a-z]*|peut etre|probablement|normalement|eventuellement|generalement|"
        r"habituellement)\b",
        r"(?:besoin|renouvel[a-z]*|debit[a-z]*)\b",
        r"(?:si possible|en principe|dans la mesure du possible)\b",
        r"(?:ferme|fermes|fermee|fermera|en conge|en conges|absent|absents|vacances|valable|expire|ouvert|ouverts)\b",
    ),
    exempt=(
        r"pas plus tard\b",
        r"ne vous inquietez pas\b",
        r"n'hesitez pas\b",
        r"pas de (?:probleme|souci)\b",
        r"non seulement\b",
    ),
    conditions=(
        r"(?:si(?= [a-z])|s'il|s'ils|lorsque|lorsqu'|quand|apres que|a condition|parce que|puisque|afin)",
        r"comme (?:convenu|discute|promis|annonce|indique|demande|dit)\b",
        r"(?:des que (?!possible)|des qu'|une fois|aussitot que (?!possible)|tant que)",
    ),
    acts=(
        r"(?:revien[a-z]*|reven[a-z]*|envo[a-z]*|enverr[a-z]*|expedi[a-z]*|rappel[a-z]*|rembours[a-z]*|"
        r"repond[a-z]*|verifi[a-z]*)\b",
        r"(?:inform[a-z]*|tien[a-z]* (?:au courant|informe)|tiendr[a-z]*|recontact[a-z]*|contact[a-z]*|"
        r"ecri[a-z]*|recevrez|recevras)\b",
        r"(?:livr[a-z]*|repar[a-z]*|remplac[a-z]*|transmett[a-z]*|renseign[a-z]*)\b",
    ),
    done=(
        r"(?:maintenant|aujourd'hui|immediatement|tout de suite|ci joint|ci jointe|deja|toujours|"
        r"par la presente|des maintenant)\b",
    ),
    joins=("et", "mais", "ou", "puis", "donc"),
    subjects=("nous", "je", "vous", "on", "il", "elle", "tu", "le", "la", "votre", "merci", "veuillez"),
    barred=(
        "depuis", "apres", "a partir de", "a partir du", "jusqu'a", "jusqu'au", "du", "de", "dernier", "chaque",
        "a compter du", "a compter de", "tous les", "date du", "pas avant",
    ),
    before=("avant", "d'ici avant"),
)  # fmt: skip

_ES_STEMS = (
    "envia|manda|responde|contesta|llama|recibi|tend|llega|esta|se|hab|ha|devolve|reembolsa|repara|cambia|avisa|informa|escribi|"
    "confirma|comproba|revisa|entrega|sald|obtend|sabe|da|volve|contacta|abona|enter|consulta|pasa|remiti|expedi|sustitui|"
    "pasa|visita|recoge|trae|lleva|instala|queda|i|viaja|acudi|solucio?na|mira|averigua|gestiona|tramita|reenvia|ingresa"
)
SPANISH = Language(
    "Spanish",
    promises=(
        rf"(?:{_ES_STEMS})(?:remos|re|ra|ran|ras|reis)\b",
        r"(?!querremos|podremos|extremos)[a-z]{3,}remos\b",
        r"(?:voy|vamos|va|vas|van) a\b",
        r"(?:le|te|les|os|se lo|se la|te lo|te la|se los|me|nos) (?!encant|gust|import|interes|preocup|agradec|"
        r"rog|ped|pid)[a-z]+"
        r"(?:o|amos|emos|imos)\b",
        r"(?:lo|la|los|las) (?:envi|mand|repar|cambi|revis|entreg|comprueb|comprob|devolv|devuelv|"
        r"mir)[a-z]*(?:o|amos|emos|imos)\b",
        r"(?:me comprometo|nos comprometemos|prometo|prometemos|garantizamos)\b",
        r"(?:deberia|deberias) (?:llegar|recibir|tener|estar)\b",
        r"(?:paquete|pedido|reembolso|envio|carta) (?:sale|llega)\b",
        r"(?:recibe|recibes|tendra|tendras)\b",
        r"^(?:entrega|envio|reembolso|respuesta)\b",
    ),
    others=(
        r"(?:por favor|rogamos|agradeceriamos|necesitamos que|queremos que)\b",
        r"(?:tiene|tienes|tienen|puede|puedes|pueden|podria|podrias|debe|debes|deben|podra|podras|debera|"
        r"deberas) (?!llegar|estar)",
        r"(?:tendra|tendras) (?:que|hasta)\b",
        r"(?:compro|pidio|hemos|ha|han|he|habia|habiamos|fue|era|estaba|dijo|dijiste|escribio|solicito|pago|"
        r"enviado|compraste|pediste)\b",
        r"(?:seria|podriamos|podria|gustaria)\b",
        r"^(?:envie|envienos|responda|conteste|devuelva|confirme|llamenos|digame|diganos|escribanos|avisenos|"
        r"dime|avisame)\b",
    ),
    never=(
        r"(?:no|nunca|jamas|tampoco)\b",
        r"(?:intent[a-z]*|esper[a-z]*|quiza|quizas|probablemente|posiblemente|tal vez|normalmente|habitualmente)\b",
        r"(?:necesitar[a-z]*|renovar[a-z]*)\b",
        r"(?:si es posible|tratar[a-z]* de|en principio)\b",
        r"(?:cerrado|cerrada|cerrados|cerraremos|vacaciones|ausente|abierto|abiertos|caduca|vence|valido)\b",
    ),
    exempt=(
        r"no mas tarde\b",
        r"no solo\b",
        r"no se preocupe\b",
        r"no te preocupes\b",
        r"no hay problema\b",
        r"no dude\b",
        r"no dudes\b",
    ),
    conditions=(
        r"(?:tal y )?como (?:acordamos|acordado|hablamos|hablado|comentamos|prometimos|dijimos|le dije|te dije|pidio)\b",
        r"(?:si(?= [a-z])|cuando|en cuanto (?!sea posible)|una vez que|porque|aunque|a menos que|despues de que|"
        r"antes de que|siempre que|"
        r"tan pronto como (?!sea posible|podamos))",
    ),
    acts=(
        r"(?:envi[a-z]*|mand[a-z]*|respond[a-z]*|contest[a-z]*|llam[a-z]*|avis[a-z]*|inform[a-z]*|"
        r"reembols[a-z]*|repar[a-z]*)\b",
        r"(?:revis[a-z]*|comprob[a-z]*|confirm[a-z]*|escrib[a-z]*|devolv[a-z]*|recibir[a-z]*|contact[a-z]*|"
        r"averigu[a-z]*|dir[a-z]+)\b",
        r"(?:pond[a-z]* en contacto|cambi[a-z]*|consult[a-z]*|sustitu[a-z]*)\b",
    ),
    done=(r"(?:ahora|hoy|inmediatamente|enseguida|adjunto|adjunta|ya|siempre|ahora mismo)\b",),
    joins=("y", "e", "pero", "o", "luego", "asi que"),
    subjects=("nosotros", "yo", "usted", "ustedes", "le", "te", "les", "lo", "la", "el", "su", "tu", "se", "por favor"),
    barred=(
        "desde", "despues del", "despues de", "hasta", "hasta el", "a partir del", "a partir de", "cada", "pasado", "del",
        "todos los", "fecha del", "tras el",
    ),
    before=("antes", "antes de", "antes del"),
)  # fmt: skip

LANGUAGES = (ENGLISH, GERMAN, FRENCH, SPANISH)

GONE = ("pasado", "pasada", "dernier", "derniere", "passe", "ago")
"""Behind a date: it has passed."""

NOT_A_DATE = (
    "guten morgen",
    "schonen tag",
    "guten tag",
    "guten abend",
    "bis morgen$",
    "a demain$",
    "hasta manana$",
    "good morning",
    "good day",
    "today's",
    "tomorrow's",
    "one day",
    "in one",
    "eines tages",
    "un jour$",
)
"""What reads like a date and is none."""

TAKES_A_WHILE: dict[tuple[str, int, int | None], tuple[str, ...]] = {
    ("day", 0, None): (
        "in the course of the day",
        "during the day",
        "later today",
        "im laufe des tages",
        "noch heute",
        "dans la journee",
        "a lo largo del dia",
        "durante el dia",
    ),
    ("day", 1, None): ("im laufe des morgigen tages", "dans la journee de demain"),
    ("week", 0, None): (
        "in the course of the week",
        "this week",
        "later this week",
        "within the week",
        "im laufe der woche",
        "diese woche",
        "noch diese woche",
        "cette semaine",
        "dans la semaine",
        "esta semana",
        "a lo largo de la semana",
    ),
    ("week", 1, None): (
        "im laufe der nachsten woche",
        "courant de la semaine prochaine",
        "a lo largo de la proxima semana",
    ),
    ("week", 1, 1): (
        "early next week",
        "at the beginning of next week",
        "anfang nachster woche",
        "anfang der nachsten woche",
        "debut de semaine prochaine",
        "en debut de semaine prochaine",
        "a principios de la proxima semana",
    ),
    ("week", 1, 2): (
        "by the middle of next week",
        "by mid next week",
        "mitte nachster woche",
        "mitte der nachsten woche",
        "au milieu de la semaine prochaine",
        "a mediados de la proxima semana",
    ),
    ("month", 0, None): ("this month", "diesen monat", "ce mois ci", "este mes"),
}
"""A stretch of time to come, of which the end is promised: the period it ends with, how many after this one, and by
which of its weekdays (Monday is 0; None: its end)."""
