"""What answers a question of a kind, by its words alone: a date for "when", a sum for "how much", a yes or a no.

Tables that grow by a line, of all languages together: a draft is held against the question it may answer. Words stand
as `str.casefold` leaves them.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of question: how it is asked (a pattern; capitals do not matter), and which words or phrases answer it.

    counts: words that do so with a number before or after them, such as "days" or "euro".
    """

    asks: str
    words: frozenset[str]
    phrases: tuple[str, ...] = ()
    counts: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.casefold().split())


NUMBERS = _words(
    "one two three four five six seven ten few couple ein eine einer einem einen zwei drei vier fünf "
    "sechs sieben zehn un une deux trois quatre cinq sept dix dos tres cuatro cinco siete diez due tre "
    "quattro cinque sette dieci een twee drie vier vijf zeven tien dwa dwóch trzy trzech cztery pięć dois "
    "duas três quatro två tre fyra fem to fire два три пять"
)
"""Numbers in words that may stand before a count."""

WHEN = Kind(
    r"(?<!\w)(?:when|how (?:long|soon|fast|quickly)|what (?:time|day|date)|wann|wie (?:lange|schnell)|quand|"
    r"combien de "
    r"(?:temps|jours)|quel délai|cu[aá]ndo|cu[aá]nto (?:tiempo|tarda\w*|demora\w*)|quando|quanto (?:tempo|"
    r"demora\w*)|"
    r"wanneer|hoe ?lang|hoe snel|kiedy|jak d[lł]ugo|när|hur (?:länge|lång|snart|snabbt)|hvornår|ile (?:czasu|"
    r"trwa|dni|to trwa)|hvor (?:længe|lang|hurtigt)|"
    r"когда|сколько (?:времени|дней|ждать)|как (?:долго|скоро|быстро))(?!\w)|いつ|何時|何日|どのくらい|什么时候|什麼時候|"
    r"多久|何时|几天|언제",
    _words(
        "monday tuesday wednesday thursday friday saturday sunday today tomorrow tonight montag dienstag "
        "mittwoch donnerstag freitag samstag sonntag heute morgen übermorgen lundi mardi mercredi jeudi "
        "vendredi samedi dimanche demain aujourd'hui aujourd lunes martes miércoles jueves viernes sábado "
        "domingo hoy mañana lunedì martedì mercoledì giovedì venerdì sabato domenica oggi domani "
        "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira hoje amanhã maandag dinsdag woensdag "
        "donderdag vrijdag zaterdag zondag vandaag poniedziałek wtorek środa środę czwartek piątek sobota "
        "sobotę niedziela niedzielę poniedziałku wtorku środy czwartku piątku dziś dzisiaj jutro måndag "
        "tisdag onsdag torsdag fredag lördag söndag idag imorgon mandag tirsdag lørdag søndag сегодня завтра "
        "понедельник вторник среду четверг пятницу субботу воскресенье"
    ),
    (
        *(
            "next week",
            "next month",
            "nächste woche",
            "nächster woche",
            "kommende woche",
            "semaine prochaine",
            "próxima semana",
        ),
        *(
            "semana que viene",
            "settimana prossima",
            "prossima settimana",
            "volgende week",
            "przyszłym tygodniu",
            "nästa vecka",
        ),
        *(
            "næste uge",
            "следующей неделе",
            "i dag",
            "i morgen",
            "i morgon",
            "今日",
            "明日",
            "本日",
            "来週",
            "今週",
            "今天",
            "明天",
        ),
        *("下周", "오늘", "내일", "営業日"),
    ),
    _words(
        "hour hours day days week weeks month months minutes am pm january february march april may june july "
        "august september october november december jan feb mar apr jun jul aug sep sept oct nov dec stunde "
        "stunden tag tage tagen werktag werktage werktagen arbeitstage arbeitstagen woche wochen monat monate "
        "monaten minuten uhr januar jänner februar märz mai juni juli oktober dezember heure heures jour "
        "jours semaine semaines mois ouvrés janvier février mars avril juin juillet août septembre octobre "
        "novembre décembre hora horas día días semana semanas mes meses hábiles enero febrero marzo abril "
        "mayo junio julio agosto septiembre octubre noviembre diciembre ora ore giorno giorni settimana "
        "settimane mese mesi lavorativi gennaio febbraio aprile maggio giugno luglio settembre ottobre "
        "dicembre dia dias mês janeiro fevereiro março maio junho julho setembro outubro novembro dezembro "
        "dag dagen uur werkdagen weken maand maanden januari februari maart mei augustus dzień dni godzina "
        "godziny godzin tydzień tygodnie tygodni miesiąc miesiące roboczych stycznia lutego marca kwietnia "
        "maja czerwca lipca sierpnia września października listopada grudnia timmar dagar vecka veckor timer "
        "dage uge uger день дня дней часа часов недели недель месяц месяца января февраля марта апреля мая "
        "июня июля августа сентября октября ноября декабря th st nd rd"
    ),
)
HOW_MUCH = Kind(
    r"(?<!\w)(?:how much|what (?:does|do|would|will) [\w ]{1,40} cost|price|wie viel|wieviel|was kostet|"
    r"was kosten|preis|"
    r"combien|quel est le prix|prix|cu[aá]nto (?:cuesta|vale|es|debo)|precio|quanto (?:costa|viene|è|custa)|"
    r"prezzo|preço|"
    r"hoeveel|wat kost|prijs|ile|cena|vad kostar|pris|hvad koster|сколько (?:стоит|будет)|цена)(?!\w)|いくら|料金|"
    r"多少钱|"
    r"多少錢|얼마",
    _words(
        "kostenlos kostenfrei gratis gratuit gratuite gratuitement gratuito gratuita bezpłatnie bezpłatna "
        "бесплатно"
    ),
    ("free of charge", "for free", "no cost", "at no extra", "za darmo", "無料", "免费"),
    _words(
        "€ $ £ ¥ ₽ 円 元 euro euros eur usd gbp chf pln zł sek dkk kr руб рублей franken pound pounds dollar "
        "dollars złotych per cent percent prozent %"
    ),
)
WHY = Kind(
    r"(?<!\w)(?:why|how come|warum|wieso|weshalb|pourquoi|por qu[eé]|perch[eé]|porque|porquê|waarom|dlaczego|"
    r"czemu|varför|"
    r"hvorfor|почему|зачем)(?!\w)|なぜ|どうして|为什么|為什麼|왜",
    _words(
    "because since reason weil denn wegen aufgrund grund parce puisque raison porque debido perché poiché "
    "devido omdat vanwege wegens doordat ponieważ gdyż dlatego powodu eftersom därför fordi потому "
    "поскольку из-за"
),
    ("due to", "à cause", "ya que", "a causa", "dato che", "så att", "på grund", "так как", "из-за", "ため", "ので", "因为",
     "因為", "由于", "때문"),
)  # fmt: skip
WHERE = Kind(
    r"(?<!\w)(?:where|wo|wohin|où|ou (?:est|en est)|d[oó]nde|dove|dov|onde|waar|gdzie|var|hvor (?:er|bliver|"
    r"befinder)|где|"
    r"куда)(?!\w)|どこ|哪里|哪裡|어디",
    _words(
    "track tracking tracked transit depot shipped dispatched sendungsnummer sendungsverfolgung unterwegs "
    "versandt verschickt abgeschickt zugestellt suivi expédié expédiée enviado enviada seguimiento camino "
    "viaggio spedito spedita spedizione tracciamento caminho rastreio onderweg verzonden verstuurd "
    "wysłana wysłany wysłane wysłaliśmy nadana drodze skickat skickats afsendt отправлен отправлена "
    "отправили"
),
    ("on its way", "on the way", "on their way", "has left", "left our", "left us", "left the", "left today",
     "left on", "was sent", "was shipped", "been sent", "en route", "en chemin", "på väg", "på vej",
     "в пути", "発送", "配送", "配達", "出荷", "快递", "发货", "已寄", "배송"),
)  # fmt: skip
KINDS = (WHEN, HOW_MUCH, WHY, WHERE)
"""Kinds that something else than the question's own words may answer, the narrowest first."""

YES_NO_ASKS = (
    r"^[¿\W]*(?:(?:and|und|et|y|e|en|i|och|og|also)\s+)?(?:can|could|would|will|do|does|did|is|are|was|were|"
    r"has|have|may|shall|"
    r"kann|können|könnten|darf|dürfen|haben|hat|habt|hast|ist|sind|wird|werden|gibt|kannst|könntest|könnt|"
    r"liefern|muss|"
    r"est-ce|avez|as-tu|pou[vr]\w+-|peux-tu|puis-je|peut-on|serait-il|y a-t-il|tienen?|hay|puede[ns]?|"
    r"podr[ií]a\w*|puedo|"
    r"es posible|me (?:pueden?|podr[ií]an?)|potete|può|posso|avete|è possibile|c'è|podem|pode|têm|é possível|"
    r"kan|kunt|kun|"
    r"heeft|heb|hebben|zijn|mag|czy|har|går|finns|можно|могу|есть ли|можете)(?!\w)"
)
"""What asks for a yes or a no."""

YES_NO = _words(
    "yes yep yeah no nope sure certainly absolutely gladly unfortunately sorry ja jawohl nein leider gern "
    "gerne natürlich selbstverständlich klar oui non si malheureusement volontiers sí lamentablemente "
    "claro desgraciadamente sì purtroppo certo certamente volentieri sim não infelizmente nee helaas "
    "natuurlijk zeker jazeker graag tak nie niestety oczywiście chętnie jasne nej tyvärr självklart gärna "
    "desværre selvfølgelig да нет конечно"
)
"""A yes or a no, or what stands for one, as the first word of a clause."""

YES_NO_PHRASES = (
    "of course", "i'm afraid", "we're afraid", "happy to", "bien sûr", "bien entendu", "avec plaisir",
    "por supuesto", "con gusto", "com certeza", "no problem", "kein problem", "pas de problème", "sin problema",
    "nessun problema", "geen probleem", "к сожалению", "はい", "いいえ", "申し訳", "残念ながら", "もちろん",
    "可能です", "できます", "可以", "不能", "抱歉", "当然", "네", "아니요", "죄송",
)  # fmt: skip
"""The same in more words, or in a script without blanks."""

WEAK = _words(
    "order orders ordered product products item items article question help please thanks thank problem "
    "issue bestellung bestellt bestellungen artikel produkt frage bitte danke ware commande commandé "
    "produit merci pedido pedidos producto artículo pregunta gracias ordine ordini prodotto articolo "
    "domanda grazie encomenda produto bestelling besteld product vraag bedankt zamówienie zamówienia "
    "pytanie proszę dziękuję beställning ordre vara заказ заказа товар спасибо 注文 商品 订单 訂單 send sent give "
    "know tell want like need let get schicken senden sagen wissen geben envoyer savoir dire saber enviar "
    "decir sapere inviare sturen weten wiedzieć"
)
"""Words that stand in every other letter: shared, they answer nothing."""
