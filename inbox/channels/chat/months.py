"""The names of the months, in the languages that exports are written in."""

from __future__ import annotations

from functools import cache

_MONTHS = (
    "january jan januar jänner janvier enero gennaio janeiro januari styczeń stycznia января ocak "
    "ledna siječnja jaanuar ianuarie janv ene gen янв січня януари januára január gener tammikuuta "
    "ιανουαρίου ιαν ינואר يناير जनवरी มกราคม janúar sty oca led",
    "february feb februar februari février febrero febbraio fevereiro luty lutego февраля şubat "
    "února helmikuuta februarie févr лют лютого фев февруари februára február febrer φεβρουαρίου φεβ "
    "פברואר فبراير फ़रवरी फरवरी กุมภาพันธ์ febrúar fev şub úno",
    "march mar märz maart mars marzo março marzec marca марта mart března marts maaliskuuta martie "
    "мар березня март március març maret μαρτίου מרץ مارس मार्च มีนาคม mrt mär mrz bře",
    "april apr avril abril aprile kwiecień kwietnia апреля nisan dubna huhtikuuta aprilie avr abr "
    "апр kwi квітня април apríla április απριλίου απρ אפריל أبريل ابريل अप्रैल เมษายน apríl nis dub",
    "may mai mei mayo maggio maio maj maja мая mayıs května toukokuuta травня май mája május maig "
    "μαΐου μαΐ מאי مايو मई พฤษภาคม maí mag kvě",
    "june jun juni juin junio giugno junho czerwiec czerwca июня haziran června kesäkuuta iunie giu "
    "cze июн червня юни júna június juny ιουνίου יוני يونيو जून มิถุนายน júní haz čvn",
    "july jul juli juillet julio luglio julho lipiec lipca июля temmuz července heinäkuuta iulie "
    "juil giul lip июл липня юли júla július juliol ιουλίου יולי يوليو जुलाई กรกฎาคม júlí lug tem "
    "čvc",
    "august aug augustus août agosto sierpień sierpnia августа ağustos srpna augusti elokuuta ago "
    "sie авг серпня август agost agustus agt αυγούστου אוגוסט أغسطس अगस्त สิงหาคม ágúst ağu srp",
    "september sep sept septembre septiembre settembre setembro wrzesień września сентября eylül "
    "září syyskuuta septembrie set wrz сен сент вересня септември septembra szeptember setembre "
    "σεπτεμβρίου ספטמבר سبتمبر सितंबर सितम्बर กันยายน eyl zář",
    "october oct oktober okt octobre octubre ottobre outubro październik października октября ekim "
    "října lokakuuta octombrie ott out paź окт жовтня октомври októbra október οκτωβρίου אוקטובר "
    "أكتوبر अक्टूबर ตุลาคม eki říj",
    "november nov novembre noviembre novembro listopad listopada ноября kasım listopadu marraskuuta "
    "noiembrie lis ноя листопада ноември novembra νοεμβρίου נובמבר نوفمبر नवंबर नवम्बर พฤศจิกายน "
    "nóvember kas",
    "december dec dezember dez décembre diciembre dicembre dezembro desember grudzień grudnia "
    "декабря aralık prosince joulukuuta déc dic gru дек грудня декември decembra desembre δεκεμβρίου "
    "דצמבר ديسمبر दिसंबर दिसम्बर ธันวาคม ara pro",
)


@cache
def _numbers() -> dict[str, int]:
    return {name: number for number, names in enumerate(_MONTHS, 1) for name in names.casefold().split()}


def month_of(word: str) -> int:
    """The number of a month by its name; 0 for any other word."""
    return _numbers().get(word.casefold().rstrip("."), 0)
