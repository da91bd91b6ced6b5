"""The words of dates, by language: tables that grow by a line.

They are written without accents and capitals ("manana", "ubermorgen"), as `inbox.date_atoms` folds what it reads;
what German writes with an umlaut is also found with ae, oe, ue. A meaning has several words, parted by commas; a word
may be several ("pasado manana"). The same word may mean different days in two languages ("di" is Tuesday in German and
Sunday in French): then it is ambiguous, and refused.

To teach Frontdesk another language, add its table; a meaning it has no word for is left out. `EVERYWHERE` are the short
forms that belong to no language.
"""

from __future__ import annotations

EVERYWHERE = {
    "unit minute": "m, min",
    "unit hour": "h",
    "hour of the day": "h",
    "unit day": "d",
    "unit week": "w",
    "end day": "eod, cob",
    "end week": "eow",
    "end month": "eom",
    "at": "@",
}

ENGLISH = {
    "today": "today",
    "tomorrow": "tomorrow, tom, tmrw",
    "overmorrow": "day after tomorrow, overmorrow",
    "weekdays": "monday mon, tuesday tue tues, wednesday wed weds, thursday thu thur thurs, friday fri, saturday sat, "
    "sunday sun",
    "months": "january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, "
    "september sep sept, october oct, november nov, december dec",
    "numbers": "one a an, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve",
    "unit minute": "mins, minute, minutes",
    "unit hour": "hr, hrs, hour, hours",
    "unit day": "day, days, calendar day, calendar days",
    "unit week": "wk, week, weeks",
    "unit month": "month, months",
    "unit workday": "working day, working days, business day, business days, workday, workdays, weekday, weekdays",
    "half hour": "half an hour",
    "in": "in, within, within the next, in the next, in under, in less than, within the following",
    "at": "at, around",
    "on": "on, the, by, for",
    "until": "until, till",
    "next": "next",
    "this": "this, coming, this coming",
    "morning": "morning, in the morning",
    "afternoon": "afternoon, in the afternoon",
    "evening": "evening, in the evening, night, at night",
    "tonight": "tonight",
    "noon": "noon, midday",
    "next week": "next week",
    "next month": "next month",
    "end day": "end of day, end of the day, close of business, end of business, close of play, closing time",
    "end week": "end of week, end of the week, end of this week",
    "end month": "end of month, end of the month, end of this month",
    "end next week": "end of next week",
    "end next month": "end of next month",
    "o'clock": "o'clock, oclock",
    "and": "and",
}

GERMAN = {
    "today": "heute",
    "tomorrow": "morgen",
    "overmorrow": "ubermorgen, uebermorgen",
    "weekdays": "montag mo, dienstag di, mittwoch mi, donnerstag do, freitag fr, samstag sonnabend sa, sonntag so",
    "months": "januar janner jaenner jan, februar feber feb, marz maerz mrz, april apr, mai, juni jun, juli jul, "
    "august aug, september sep sept, oktober okt, november nov, dezember dez",
    "numbers": "ein eine einem einer einen, zwei, drei, vier, funf fuenf, sechs, sieben, acht, neun, zehn, elf, "
    "zwolf zwoelf",
    "unit minute": "minute, minuten",
    "unit hour": "std, stunde, stunden",
    "unit day": "tag, tage, tagen",
    "unit week": "woche, wochen",
    "unit month": "monat, monate, monaten, monats",
    "unit workday": "werktag, werktage, werktagen, werktags, arbeitstag, arbeitstage, arbeitstagen",
    "half hour": "halbe stunde, eine halbe stunde, einer halben stunde",
    "in": "in, innerhalb von, innerhalb, binnen, in den nachsten, in den naechsten, innerhalb der nachsten, "
    "innerhalb der naechsten, in den kommenden, innerhalb der kommenden, in spatestens, in spaetestens, in weniger als",
    "at": "um, gegen",
    "on": "am, den, der, dem, bis, bis zum, bis zu, zum, fur, fuer, bis spatestens, bis spaetestens, spatestens, "
    "spaetestens, bis am",
    "next": "nachsten, nachster, nachste, nachstem, naechsten, naechster, naechste, naechstem",
    "this": "diesen, dieser, diese, diesem, kommenden, kommender, kommende, kommendem",
    "morning": "vormittag, vormittags, fruh, frueh, morgens, am vormittag, am morgen",
    "just morning": "morgen",
    "afternoon": "nachmittag, nachmittags, am nachmittag",
    "evening": "abend, abends, am abend",
    "noon": "mittag, mittags",
    "next week": "nachste woche, nachster woche, naechste woche, naechster woche, kommende woche, kommender woche",
    "next month": "nachsten monat, naechsten monat, kommenden monat",
    "end day": "feierabend, tagesende, ende des tages, geschaftsschluss, geschaeftsschluss, ladenschluss",
    "end week": "ende der woche, ende dieser woche",
    "end month": "monatsende, ende des monats, ende dieses monats",
    "end next week": "ende nachster woche, ende naechster woche, ende der nachsten woche, ende der naechsten woche, "
    "ende kommender woche",
    "end next month": "ende nachsten monats, ende naechsten monats",
    "o'clock": "uhr",
    "and": "und",
}

FRENCH = {
    "today": "aujourd'hui",
    "tomorrow": "demain",
    "overmorrow": "apres demain",
    "weekdays": "lundi lun, mardi mar, mercredi mer, jeudi jeu, vendredi ven, samedi sam, dimanche dim di",
    "months": "janvier janv, fevrier fevr, mars, avril avr, mai, juin, juillet juil, aout, septembre sept, octobre oct, "
    "novembre nov, decembre dec",
    "numbers": "un une, deux, trois, quatre, cinq, six, sept, huit, neuf, dix, onze, douze",
    "unit minute": "minute, minutes, mn",
    "unit hour": "heure, heures",
    "hour of the day": "heure, heures",
    "unit day": "j, jour, jours, jours calendaires",
    "unit week": "semaine, semaines",
    "unit month": "mois",
    "unit workday": "jour ouvre, jours ouvres, jour ouvrable, jours ouvrables",
    "half hour": "demi heure, une demi heure",
    "in": "dans, d'ici, sous, dans les, dans les prochaines, dans les prochains, d'ici a, dans un delai de, en moins de, "
    "dans moins de, sous un delai de, dans la prochaine",
    "at": "a, vers, des",
    "on": "le, pour, d'ici, d'ici le, d'ici a, d'ici au, d'ici la, d'ici a la, pour le, au plus tard, au plus tard le",
    "until": "jusqu'a, jusqu'au",
    "next": "prochain, prochaine",
    "this": "ce, cet, cette",
    "morning": "matin, au matin, du matin, le matin",
    "afternoon": "apres midi, de l'apres midi, l'apres midi",
    "evening": "soir, du soir, au soir, le soir",
    "tonight": "ce soir",
    "noon": "midi",
    "next week": "semaine prochaine, la semaine prochaine",
    "next month": "mois prochain, le mois prochain",
    "end day": "fin de journee, fin de la journee, la fin de journee, la fin de la journee",
    "end week": "fin de la semaine, la fin de la semaine",
    "end month": "fin du mois, la fin du mois",
    "end next week": "fin de la semaine prochaine, la fin de la semaine prochaine",
    "o'clock": "",
    "and": "et",
}

SPANISH = {
    "today": "hoy",
    "tomorrow": "manana",
    "overmorrow": "pasado manana",
    "weekdays": "lunes lun, martes mar, miercoles mie, jueves jue, viernes vie, sabado sab, domingo dom do",
    "months": "enero ene, febrero feb, marzo mar, abril abr, mayo, junio jun, julio jul, agosto ago, "
    "septiembre setiembre sep sept, octubre oct, noviembre nov, diciembre dic",
    "numbers": "un uno una, dos, tres, cuatro, cinco, seis, siete, ocho, nueve, diez, once, doce",
    "unit minute": "minuto, minutos",
    "unit hour": "hora, horas",
    "hour of the day": "hora, horas",
    "unit day": "dia, dias, dias naturales",
    "unit week": "semana, semanas",
    "unit month": "mes, meses",
    "unit workday": "dia habil, dias habiles, dia laborable, dias laborables, dia laboral, dias laborales",
    "half hour": "media hora",
    "in": "en, dentro de, en las proximas, en los proximos, dentro de las proximas, dentro de los proximos, "
    "en menos de, en un plazo de, en el plazo de",
    "at": "a las, a la, sobre las, a",
    "on": "el, para, para el, por, este",
    "until": "hasta, hasta el",
    "next": "proximo, proxima, que viene",
    "this": "este, esta",
    "morning": "por la manana, de la manana, en la manana, a primera hora",
    "late": "por la tarde, de la tarde, en la tarde, tarde",
    "evening": "por la noche, de la noche, en la noche, noche",
    "noon": "mediodia",
    "next week": "proxima semana, la proxima semana, semana que viene, la semana que viene, semana proxima",
    "next month": "proximo mes, el proximo mes, mes que viene, el mes que viene",
    "end day": "fin del dia, final del dia, el final del dia, fin de la jornada",
    "end week": "fin de la semana, final de la semana, el final de la semana",
    "end month": "fin de mes, final de mes, fin del mes, finales de mes, final del mes, el final del mes",
    "end next week": "final de la proxima semana, fin de la proxima semana",
    "and": "y",
}

LANGUAGES = (EVERYWHERE, ENGLISH, GERMAN, FRENCH, SPANISH)
