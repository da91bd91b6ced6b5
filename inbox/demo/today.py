"""What else came in today in the made-up shop: enough that the first screen looks like a morning's work.

Lines and verbs are those of `inbox.demo.stories`. The first of them is the most urgent of all: it is what somebody sees
who opens the demo.
"""

from __future__ import annotations

from inbox.demo.stories import Story

SOLVEIG = ("Solveig Berg", "solveig@bergtur.example")
DAY = 24

TODAY: tuple[Story, ...] = (
    Story(
        SOLVEIG,
        "Six tents by Saturday?",
        (
            (
                28,
                "c",
                "Hello,\n\nour group has grown to twelve. Could we have six Lyng 2\n"
                "tents instead of four, by Saturday? We set out from Tromsø on\nSunday morning.\n\nSolveig Berg\nBergtur",
            ),
            (
                27,
                "you",
                "Hello Solveig,\n\nfour are packed already. I am asking our warehouse for two\n"
                "more and will tell you today whether they make it in time.\n\nBest regards",
            ),
            (26.5, "note:Mara", "Two more came in with the Bremen delivery, I put them aside for Bergtur."),
            (
                5.3,
                "c",
                "Good morning,\n\nhave you heard from your warehouse? If two cannot come in\n"
                "time I would rather rent them here, but I have to say so before\nnoon.\n\n"
                "And one thing more: do the footprints of the old model fit?\n\nSolveig",
            ),
        ),
        (
            (27.5, "Mara", "tag", {"add": ["vip", "expedition"]}),
            (26.9, "you", "promise", {"until": -30, "text": "word about the other two tents"}),
        ),
    ),
    Story(
        SOLVEIG,
        "Ropes for the glacier course",
        (
            (DAY * 75, "c", "Do you have 60 m half ropes, dry treated, eight of them?\n\nSolveig Berg"),
            (DAY * 75 - 3, "Mara", "Hello Solveig,\n\nwe do, and eight are in stock.\n\nKind regards\nMara"),
            (DAY * 74, "c", "Wonderful, please send them with the next order. Thank you!"),
        ),
        ((DAY * 74 - 1, "Mara", "close", {"why": "thanks"}),),
    ),
    Story(
        SOLVEIG,
        "One stove leaks",
        (
            (DAY * 160, "c", "One of the ten stoves leaks at the valve.\n\nSolveig Berg"),
            (
                DAY * 160 - 2,
                "you",
                "Hello Solveig,\n\nsorry about that: a new one leaves today, and you may keep\n"
                "the old one for parts.\n\nBest regards",
            ),
        ),
        (
            (
                DAY * 160 - 3,
                "you",
                "goodwill",
                {"kind": "gift", "amount": None, "reason": "a stove", "allowed": None},
            ),
            (DAY * 159, "you", "close", {}),
        ),
    ),
    Story(
        ("Yusuf Kaya", "yusuf.kaya@liman.example"),
        "Still no tracking number",
        (
            (
                5.4,
                "c",
                "Hello,\n\nthis is the third time I am writing, and nobody answers. I paid\n"
                "nine days ago. That is unacceptable: send me the tracking number\nor my money back.\n\nYusuf Kaya",
            ),
        ),
        (
            (5, "Mara", "tag", {"add": ["delivery"]}),
            (4.4, "Mara", "hand-over", {"to": "you", "summary": "carrier looks for it, calls back by noon"}),
        ),
    ),
    Story(
        ("Hanna Lindgren", "hanna@lindgren.example"),
        "Zip of the sleeping bag is stuck",
        ((6.2, "c", "Hi,\n\nthe zip of my «Polar 800» opens but does not close any more.\n\nHanna"),),
    ),
    Story(
        ("Emeka Obi", "emeka.obi@savanna.example"),
        "Buckle broke on the first day",
        (
            (
                5.5,
                "c",
                "Good morning,\n\nthe hip belt buckle of my new rucksack broke on the first day.\n"
                "Can you send only the buckle? I am on the road until the end of\nMay.\n\nEmeka",
            ),
        ),
        files=("buckle.png",),
    ),
    Story(
        ("Elena Popescu", "elena.popescu@carpati.example"),
        "Gift card does not work",
        ((3.4, "c", "The shop says the card FW-2207 is not known. It was a present.\n\nElena"),),
        ((3, "Theo", "tag", {"add": ["gift-card"]}),),
    ),
    Story(
        ("נועם לוי", "noam@levi.example"),
        "האם אתם שולחים לחיפה?",
        ((2.7, "c", "שלום,\n\nהאם אתם שולחים אוהלים לחיפה, וכמה זה עולה?\n\nנועם"),),
    ),
    Story(
        ("Petra Nováková", "petra@klubhory.example"),
        "Invoice for the club",
        ((2.3, "c", "Hello, could you write the invoice to «Klub Hory», please?\n\nPetra Nováková"),),
        ((2.2, "you", "assign", {"to": "you"}),),
    ),
    Story(
        ("Chloé Dubois", "chloe@dubois.example"),
        "A tent for five 👨‍👩‍👧‍👦🐕",
        ((1.8, "c", "Bonjour! Which tent would you take for two adults, two children and a dog?\n\nChloé"),),
    ),
    Story(
        ("Hugo Martín", "hugo.martin@sierra.example"),
        "¿Puedo cambiar la talla?",
        ((1.1, "c", "Hola,\n\n¿puedo cambiar las botas por una 43? Todavía no las he usado.\n\nHugo"),),
    ),
    Story(
        ("Aino Virtanen", "aino@virtanen.example"),
        "Sleeping mat loses air",
        ((0.2, "c", "Hello! After two hours my mat is flat. Is that something I can mend?\n\nAino"),),
    ),
)
