"""The names of the months, in the languages that exports are written in."""

from __future__ import annotations

from functools import cache

_MONTHS = (
    "january jan januar jänner janvier enero gennaio janeiro "
    "januari styczeń stycznia января ocak ledna siječnja jaanuar ianuarie",
    "february feb februar februari février febrero febbraio "
    "fevereiro luty lutego февраля şubat února helmikuuta februarie",
    "march mar märz maart mars marzo março marzec marca марта mart března marts maaliskuuta martie",
    "april apr avril abril aprile kwiecień kwietnia апреля nisan dubna huhtikuuta aprilie",
    "may mai mei mayo maggio maio maj maja мая mayıs května toukokuuta",
    "june jun juni juin junio giugno junho czerwiec czerwca июня haziran června kesäkuuta iunie",
    "july jul juli juillet julio luglio julho lipiec lipca июля temmuz července heinäkuuta iulie",
    "august aug augustus août agosto sierpień sierpnia августа ağustos srpna augusti elokuuta",
    "september sep sept septembre septiembre settembre setembro "
    "wrzesień września сентября eylül září syyskuuta septembrie",
    "october oct oktober okt octobre octubre ottobre "
    "outubro październik października октября ekim října lokakuuta octombrie",
    "november nov novembre noviembre novembro listopad "
    "listopada ноября kasım listopadu marraskuuta noiembrie",
    "december dec dezember dez décembre diciembre dicembre "
    "dezembro desember grudzień grudnia декабря aralık prosince joulukuuta",
)


@cache
def _numbers() -> dict[str, int]:
    return {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}


def month_of(word: str) -> int:
    """The number of a month by its name; 0 for any other word."""
    return _numbers().get(word.casefold().rstrip("."), 0)
