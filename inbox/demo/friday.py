"""What stood at the end of the week before the Monday of the demo; times are hours before that Monday's opening.

The shop closed 63.9 hours before. A promise and a follow-up fall due on the Monday; some of what was written comes back.
"""

from __future__ import annotations

from inbox.demo.stories import Story

MATEJ = ("Matěj Novák", "matej.novak@kolej.example")
HELENA = ("Helena Brück", "helena.brueck@bergblick.example")
OSCAR = ("Oscar Lind", "oscar.lind@postbox.example")
FIONA = ("Fiona MacRae", "fiona@macrae.example")
PAOLO = ("Paolo Conti", "paolo.conti@tramonto.example")
INES = ("Inés Molina", "ines.molina@lapin.example")
DANA = ("Dana Whitfield", "dana@trailhead-cafe.example")
GERRIT = ("Gerrit Voss", "g.voss@linde.example")
SVEN = ("Sven Dahl", "sven.dahl@fjordmail.example")
IDA = ("Ida Krämer", "ida.kraemer@morgenpost.example")

REPAIR = "Repair of the Brae 4"

FRIDAY: tuple[Story, ...] = (
    Story(
        FIONA,
        REPAIR,
        (
            (
                70,
                "c",
                "Hello,\n\nis my tent back from the repair? It went off three weeks ago.\n\nFiona MacRae",
            ),
            (
                66.5,
                "Mara",
                "Hello Fiona,\n\nthe workshop has it on the bench. I will tell you on Monday when it leaves.\n\nMara",
            ),
        ),
        ((66.4, "Mara", "promise", {"until": -2.6, "text": "when the tent leaves the workshop"}),),
    ),
    Story(
        DANA,
        "Mugs for the café",
        (
            (69, "c", "Could we have forty of the enamel mugs by Easter, in blue and white?\n\nDana"),
            (
                67,
                "you",
                "Hello Dana,\n\nforty is fine. I will ask about the blue ones and offer you a price.\n",
            ),
        ),
        ((66.8, "you", "follow-up", {"until": -1.1, "text": "ask the supplier about blue"}),),
    ),
    Story(
        MATEJ,
        "Stove leaks at the valve",
        (
            (68, "c", "The Vesta smells of gas when it is closed. I have stopped using it.\n\nMatěj"),
            (
                65.5,
                "Theo",
                "Hello Matěj,\n\nthank you for stopping. Please send it back, a new one is on its way.\n\nTheo",
            ),
            (
                40,
                "c",
                "It is on its way to you since this morning. Which of my two orders do you book it on?\n\nMatěj",
            ),
        ),
    ),
    Story(
        HELENA,
        "Bestellung 4698: Schlafsack verliert Daunen",
        (
            (
                67.5,
                "c",
                "Guten Tag,\n\nder Nordlys 600 verliert an zwei Nähten Daunen. Was nun?\n\nHelena Brück",
            ),
            (
                64.6,
                "Mara",
                "Guten Tag Frau Brück,\n\nbitte schicken Sie ihn uns, wir flicken oder ersetzen ihn.\n\nMara",
            ),
            (21, "c", "Guten Tag,\n\nist der Versand auch aus Österreich kostenlos?\n\nHelena Brück"),
            (2.5, "c", "Bitte noch heute, ich könnte ihn auf dem Weg zur Arbeit aufgeben.\n\nHelena Brück"),
        ),
        ((64.5, "Mara", "tag", {"add": ["vip"]}),),
    ),
    Story(
        INES,
        "Pedido 4702 dañado",
        (
            (71, "c", "El paquete llegó abierto y falta la botella.\n\nInés Molina"),
            (66, "Theo", "Hola, Inés:\n\nlo siento mucho. He avisado al transportista.\n\nTheo"),
        ),
        (
            (65.9, "Theo", "hold", {"whom": "carrier", "until": -30}),
            (65.8, "Theo", "note", {"text": "@you if the carrier says no, may I send a new bottle?"}),
        ),
        files=("IMG_0412.png", "IMG_0413.png"),
    ),
    Story(
        OSCAR,
        "Group price for snowshoes",
        (
            (71.5, "c", "We are nine people and need snowshoes for a week.\n\nOscar"),
            (69.5, "you", "Hello Oscar,\n\nfor nine pairs we take 12 % off. Shall I put them together?\n"),
        ),
        returned=63.2,
    ),
    Story(
        PAOLO,
        "Fattura mancante",
        (
            (70.5, "c", "Buongiorno,\n\nmi manca la fattura dell'ordine 4671.\n\nPaolo Conti"),
            (69, "Theo", "Buongiorno Paolo,\n\nla trova ora nel suo account.\n\nTheo"),
        ),
        returned=15.5,
    ),
    Story(
        GERRIT,
        "Frage zur Garantie",
        (
            (70, "c", "Guten Tag,\n\ngilt die Garantie auch für gebrauchte Rucksäcke?\n\nGerrit Voss"),
            (65, "Mara", "Guten Tag Herr Voss,\n\nja, mit der Rechnung des ersten Käufers.\n\nMara"),
        ),
    ),
    Story(
        SVEN,
        "Lyng 3: extra pegs",
        (
            (71, "c", "Do the pegs of the Lyng 2 fit the Lyng 3 as well?\n\nSven"),
            (70.2, "Theo", "Hi Sven,\n\nthey do, article 2211.\n\nTheo"),
            (69.9, "c", "Great, thanks!\n\nSven"),
        ),
        ((69.8, "Theo", "close", {"why": "thanks"}),),
    ),
    Story(
        IDA,
        "Daypack as a present",
        (
            (70, "c", "Can you wrap the Skarv 25 and leave the invoice out of the parcel?\n\nIda"),
            (
                66.2,
                "Theo",
                "Hello Ida,\n\nwith pleasure; tell me the order number, and whether there is a card.\n\nTheo",
            ),
        ),
        ((66, "Theo", "snooze", {"until": -4}),),
    ),
)
