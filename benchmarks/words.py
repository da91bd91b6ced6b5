"""Words and names for made mail: real short words, and 40 000 made ones, drawn by Zipf's law."""

from __future__ import annotations

import random
from bisect import bisect
from itertools import accumulate

_ENGLISH = """
the to and a of i you in is it for that on have we be with not this are as your my was if at but can from
will or our an please by so would me has do when there all no they which been were any had more after
only it's one time about what just out up then could also them now some other into than how us don't
their still new get did first because since before need see see made should let know help able same again
being two last where very here today using tried sent already without however however between going back
way able around until while work works working account order invoice payment delivery password login page
error email message customer service support team update version system file export import address number
date card charge refund price month week monday tuesday wednesday thursday friday morning yesterday
tomorrow question problem issue request answer reply thanks thank regards contact phone office company
contract licence user users settings button screen browser window report list product shipment parcel
tracking warehouse return label printer device server network access permission role admin log logs
attached screenshot document copy details information change changed changes cancel subscription plan
upgrade trial
"""
_GERMAN = """
die der und in zu den das nicht von sie ist des sich mit dem dass er es ein ich auf so eine auch als an
nach wie im für man aber aus durch wenn nur war noch werden bei hat wir was wird sein einen welche sind
oder um haben einer mir über ihm diese einem ihr uns da zum kann doch vor dieser mich ihn du hatte seine
mehr am denn nun unter sehr selbst schon hier bis habe ihre dann ihnen seiner alle wieder meine zeit
gegen vom ganz einzelnen wo muss ohne eines können sei rechnung bestellung lieferung konto kennwort
fehler rückerstattung bitte danke grüße anfrage möglich
"""
_SYLLABLES = """
ba ber bri ca cen con cor da del dis do ex fa fer fi for ga gen gra ha her hol im in jo ka ker la len li
lo ma men mi mo na nor o pa per pla pre pro qua ra re ri ro sa sen ser si sta sub su ta ten ter ti to tra
un va ver vi vo wa win ya zo
"""
_ENDINGS = """
ing ed er tion ment able ly al ist ness s es ity ous ive ance or um en is
"""
_STOCK = """
Thank you for getting back to me so quickly. | Could you please look into this today? | Kindly confirm
when this is done. | I have forwarded your message to our engineering team. | Sorry for the delay, the
queue was longer than usual. | Please find the file attached. | It works now, thank you very much for the
help. | If that does not help, please send us a screenshot. | This is the third time I am writing about
the same problem. | We will come back to you as soon as we know more. | Let me know if there is anything
else I can do.
"""
_SUBJECTS = """
Cannot log in after update | Refund for order {} | Export to CSV is empty | Question about {} {} | Change
of billing address | Delivery of order {} is late | Password reset mail never arrives | Upgrade to the
team plan | {} {} {} | Duplicate charge of {} | Fehler bei {} {} | Rückfrage zu Rechnung {} | Two-factor
code is rejected | Printer shows {} | {}: {} {} does not {}
"""
_FIRST = """
Ana Ben Carla Dmitri Elif Farid Grace Hiro Ines Jonas Kemal Lena Mikael Nadia Oscar Priya Quentin Rosa
Sven Tomoko Uma Viktor Wanda Ximena Yusuf Zofia Søren Élodie Łukasz Jürgen
"""
_LAST = """
Almeida Becker Costa Dubois Eriksen Fischer Garcia Hansen Ivanov Jensen Kowalski Lindqvist Moreau
Nakamura Okafor Petrov Quigley Rossi Schmidt Tanaka Ueda Vasquez Weber Xu Yilmaz Zhang
"""


def _sentences(text: str) -> list[str]:
    """Split a list written with bars; line ends in it count as spaces."""
    return [" ".join(part.split()) for part in text.split("|")]


STOCK = _sentences(_STOCK)
"""Sentences that come again and again in support mail."""

SUBJECTS = _sentences(_SUBJECTS)
"""Subjects with up to four {} for words or numbers."""

FIRST_NAMES = _FIRST.split()
LAST_NAMES = _LAST.split()


class Words:
    """A vocabulary of 40 000 made words behind the common ones of English or German, drawn by frequency."""

    def __init__(self, seed: int) -> None:
        source = random.Random(seed)
        syllables, endings = _SYLLABLES.split(), ["", "", *_ENDINGS.split()]
        made = set[str]()
        while len(made) < 40_000:
            made.add(
                "".join(source.choices(syllables, k=1 + int(source.random() * 3))) + source.choice(endings)
            )
        # Frequent words are short in every language; the noise keeps length from telling the rank.
        rare = sorted(sorted(made), key=lambda word: len(word) + 5 * source.random())
        self._lists = (_ENGLISH.split() + rare, _GERMAN.split() + rare)
        # Zipf-Mandelbrot, steeper in the tail: 4 % for the first word, two thirds for the first 300.
        weights = [1 / (rank + 2.7) / (1 + rank / 4000) for rank in range(max(map(len, self._lists)))]
        self._sums = [list(accumulate(weights[: len(words)])) for words in self._lists]

    def draw(self, source: random.Random, k: int, german: bool = False) -> list[str]:
        """Draw k words by frequency."""
        words, sums, number = self._lists[german], self._sums[german], source.random
        total = sums[-1]
        return [words[bisect(sums, number() * total)] for _ in range(k)]

    def company(self, number: int) -> str:
        """Give the word that names the company of this number."""
        return self._lists[0][500 + number * 31 % 30_000]
