"""What the customers of the made-up shop wrote, and what became of it.

Times are hours before now. A line is (hours ago, who, text): who is "c" for the customer, "x" for somebody else on
the customer's side, else a teammate's name for a reply, or "note:NAME" for a note. `after` are verbs done last.
"you" is who watches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Line = tuple[float, str, str]
Verb = tuple[float, str, str, dict[str, Any]]  # hours ago, who, verb, arguments


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation: the customer (name, address), the subject, the lines, and what was done to it."""

    customer: tuple[str, str]
    subject: str
    lines: tuple[Line, ...]
    after: tuple[Verb, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    refused: bool = False  # our reply is refused by the customer's server
    returned: float = 0  # hours ago our reply came back, since nobody is at that address; 0: it did not
    apart: bool = False  # what comes later does not say what it answers
    html: bool = False
    files: tuple[str, ...] = ()  # photos that come with the first letter
    draft: str = ""  # what who watches has begun to answer
    trusted: bool = False  # it lies where only we can put it


ANNA = ("Anna Weber", "anna.weber@fjordmail.example")
JO = ("Jo Park", "jo@parkstudio.example")
ACME = ("Irene Castell, ACME GmbH", "einkauf@acme-gmbh.example")
LUC = ("Luc Moreau", "luc.moreau@lapin.example")
YUKI = ("佐藤 由紀", "yuki.sato@hikari.example")
SAM = ("Sam O'Neill", "sam.oneill@postbox.example")
MIA = ("Mia Lindqvist", "mia@lindqvist.example")
TOM = ("Tomasz Zieliński", "t.zielinski@kolej.example")
PRIYA = ("Priya Raman", "priya@ramanlabs.example")
OLE = ("Ole Hansen", "ole@hansen.example")
CARLA = ("Carla Rossi", "carla.rossi@tramonto.example")
BEN = ("Ben Adeyemi", "ben@adeyemi.example")
RUTH = ("Ruth Keller", "ruth.keller@bergblick.example")
LEA = ("Lea Baumann", "lea.baumann@karstweg.example")
NINA = ("Nina Costa", "nina@costa-cafe.example")

INVOICE = "Rechnung 2231: falscher Steuersatz"
CAUSE = "carrier-strike"
"""The issue to which those belong who wait for a parcel."""

STORIES: tuple[Story, ...] = (
    Story(
        ANNA,
        "Refund for order 4711",
        (
            (
                29.5,
                "c",
                "Hello,\n\nthe tent from order 4711 came back to you ten days ago and I still have no refund.\n"
                "Could you tell me when I can expect it? It is 219 euros, which I need for the holidays.\n\n"
                "Kind regards\nAnna Weber",
            ),
            (
                26,
                "Mara",
                "Hello Anna,\n\nthank you for writing, and sorry that you had to ask. I see that the parcel came\n"
                "back on the 9th. I am asking our warehouse today what holds the refund up,\n"
                "and will write to you again by tomorrow.\n\nKind regards\nMara",
            ),
            (
                25.5,
                "note:Mara",
                "Warehouse says: the return label was missing, the parcel lay in the wrong bay. @Theo"
                " can you release it?",
            ),
            (
                4.4,
                "c",
                "Hello Mara,\n\ntomorrow was yesterday. This is the third time I am asking, and I find\n"
                "that unacceptable. Please just send me my money back, or tell me whom\nI should talk to.\n\nAnna",
            ),
        ),
        ((25, "Mara", "tag", {"add": ["vip", "refund"]}),),
    ),
    Story(
        ANNA,
        "Tent poles for the Lyng 2",
        (
            (24 * 41, "c", "Hi, do you sell spare poles for the Lyng 2?\n\nAnna"),
            (
                24 * 41 - 3,
                "Theo",
                "Hi Anna,\n\nwe do: article 2207, 18 euros the set, in stock.\n\nBest\nTheo",
            ),
            (24 * 40, "c", "Perfect, ordered. Thank you!"),
        ),
        ((24 * 40 - 1, "Theo", "close", {"why": "thanks"}),),
    ),
    Story(
        ANNA,
        "Invoice with company address",
        (
            (24 * 120, "c", "Could you put my company on the invoice of order 4102, please?"),
            (24 * 120 - 2, "Mara", "Hello Anna,\n\ndone, the new invoice is attached to your order.\n\nMara"),
        ),
        ((24 * 119, "Mara", "close", {}),),
    ),
    Story(
        JO,
        "Where is my parcel?",
        (
            (
                3.2,
                "c",
                "Hey! The tracking has said «in transit» since Monday. I leave for Norway on Friday —\n"
                "will the stove be here in time? 🙏\n\nJo",
            ),
        ),
        ((2.9, "Mara", "link", {"issue": CAUSE, "new": "issue", "title": "Parcel service on strike"}),),
        draft="Hello Jo,\n\nyour parcel left the hub in Bremen this morning and ",
    ),
    Story(
        ACME,
        INVOICE,
        (
            (
                6.4,
                "c",
                "Sehr geehrte Damen und Herren,\n\nauf der Rechnung 2231 sind 7 % ausgewiesen, es müssten aber 19 %\n"
                "sein. Bitte senden Sie uns eine korrigierte Rechnung.\n\nMit freundlichen Grüßen\nIrene Castell\n"
                "-- \nACME GmbH · Einkauf · Tel. +49 30 555 0140",
            ),
        ),
        (
            (6, "Theo", "assign", {"to": "Theo"}),
            (6, "Theo", "tag", {"add": ["invoice"]}),
            (
                5.8,
                "Theo",
                "note",
                {"text": "@you may I simply issue a new invoice, or must the old one be cancelled first?"},
            ),
        ),
    ),
    Story(
        LUC,
        "Retour d'un sac à dos",
        (
            (
                2.1,
                "c",
                "Bonjour,\n\nle sac « Gavarnie 38 » est trop petit pour moi. Puis-je l'échanger contre le modèle\n"
                "de 48 litres ? Dois-je payer le retour ?\n\nCordialement\nLuc Moreau",
            ),
        ),
        html=True,
    ),
    Story(
        YUKI,
        "ランタンの在庫について",
        (
            (
                1.2,
                "c",
                "はじめまして。\n\nLED ランタン「Hotaru」の黄色はいつ入荷しますか。\n3 個注文したいと思っています。\n\n佐藤",
            ),
        ),
    ),
    Story(
        SAM,
        "Stove does not light",
        (
            (51, "c", "The piezo of my new Vesta stove clicks but nothing happens. What can I try?\n\nSam"),
            (
                48,
                "you",
                "Hi Sam,\n\nplease check that the little wire stands about 4 mm from the burner; it bends easily in\n"
                "transport. If that does not help we send a new igniter right away.\n\nBest regards",
            ),
            (0.7, "c", "Bent it back and it lights first time. You are brilliant, thank you!\n\nSam"),
        ),
    ),
    Story(
        MIA,
        "Group order for 14 sleeping mats",
        (
            (
                27,
                "c",
                "Hello! Our scout group needs 14 mats like article 3310. Is there a group price?\n\nMia",
            ),
            (
                23,
                "you",
                "Hello Mia,\n\nfor 14 pieces we can offer 15 % off, that is 41.65 euros each, shipping included.\n"
                "Shall I put the order together for you?\n\nBest regards",
            ),
        ),
        ((22.9, "you", "follow-up", {"until": -3, "text": "does the group order?"}),),
    ),
    Story(
        TOM,
        "Damaged parcel, order 4688",
        (
            (
                30,
                "c",
                "The box arrived torn open and the mug is broken. Photos attached.\n\nTomasz Zieliński",
            ),
            (
                28,
                "Mara",
                "Hello Tomasz,\n\nI am sorry about that. I have reported it to the carrier and a new mug leaves as soon\n"
                "as they confirm, by Tuesday at the latest.\n\nMara",
            ),
        ),
        (
            (27.9, "Mara", "promise", {"until": -30, "text": "a new mug, by Tuesday"}),
            (27.8, "Mara", "hold", {"whom": "carrier", "until": -28}),
            (2.8, "Mara", "link", {"issue": CAUSE}),
            (
                27.6,
                "Mara",
                "goodwill",
                {"kind": "gift", "amount": None, "reason": "a second mug", "allowed": None},
            ),
        ),
        files=("IMG_0231.png", "IMG_0232.png"),
    ),
    Story(
        PRIYA,
        "Do you ship to India?",
        (
            (
                9.5,
                "c",
                "Hi there, I would love the Lyng 2 tent. Do you ship to Bengaluru, and what about customs?\n\nPriya",
            ),
            (
                7,
                "Theo",
                "Hi Priya,\n\nwe do ship to India; let me ask about the customs papers and come back to you.\n\nTheo",
            ),
        ),
        ((6.9, "Theo", "snooze", {"until": -15}),),
    ),
    Story(
        PRIYA,
        "Do you ship to India?",
        (
            (
                1.6,
                "c",
                "Hi again, one more thought: could it come without the carton, to save weight?\n\nPriya",
            ),
        ),
    ),
    Story(
        LEA,
        "Route map for the Karst trail",
        (
            (8, "c", "Is there a printed map of the trail in your shop?\n\nLea Baumann"),
            (7.4, "Theo", "Hello Lea,\n\nthere is: 1:25,000, 12 euros, I put one aside for you.\n\nTheo"),
        ),
        returned=7.3,
    ),
    Story(
        OLE,
        "Warranty on hiking boots",
        (
            (24 * 9.5, "c", "The sole of my boots comes off after eight months. Is that covered?\n\nOle"),
            (
                24 * 9.3,
                "you",
                "Hello Ole,\n\nit is. Could you send us two photos, of the sole and of the receipt?\n\nBest regards",
            ),
        ),
    ),
    Story(
        CARLA,
        "Newsletter keeps coming",
        (
            (20, "c", "I have unsubscribed twice and still get the newsletter. Please stop it.\n\nCarla"),
            (
                18,
                "you",
                "Hello Carla,\n\nsorry about that. You are off the list now; nothing more will come.\n\nBest regards",
            ),
        ),
        ((17.9, "you", "close", {"cause": "site"}),),
    ),
    Story(
        BEN,
        "Change of delivery address",
        (
            (5.5, "c", "Please send order 4720 to my office instead: 12 Mill Lane, Leeds.\n\nBen"),
            (4.9, "Theo", "Hello Ben,\n\nchanged. It leaves today.\n\nTheo"),
            (4.8, "x", "Thanks. And could you add a gift note: «Happy birthday, Dad»?\n\nBen"),
        ),
    ),
    Story(
        RUTH,
        "Frage zur Imprägnierung",
        (
            (
                0.4,
                "c",
                "Guten Tag,\n\nkann ich die Jacke «Sturmvogel» mit normalem Spray imprägnieren, oder brauche ich ein\n"
                "besonderes Mittel?\n\nFreundliche Grüsse\nRuth Keller",
            ),
        ),
    ),
    Story(
        RUTH,
        "Order 4655: size too small",
        (
            (24 * 3, "c", "The jacket is too small, may I exchange it for an L?\n\nRuth Keller"),
            (
                24 * 3 - 2,
                "you",
                "Hello Ruth,\n\ngladly. The label for the way back is in your account.\n\nBest regards",
            ),
        ),
        ((24 * 2, "you", "tag", {"add": ["exchange"]}),),
    ),
    Story(
        NINA,
        "Wholesale prices",
        (
            (
                6.7,
                "c",
                "We run a café at a trailhead and would like to sell your enamel mugs. Do you have a list?\n\nNina",
            ),
            (5.9, "you", "Hello Nina,\n\nthat sounds lovely. The price list is attached.\n\nBest regards"),
        ),
        refused=True,
    ),
    Story(
        ("Parcel Service", "no-reply@parcels.example"),
        "Your shipment 8842 has been delivered",
        ((7, "c", "Shipment 8842 was delivered today at 10:12. This message was sent automatically."),),
        headers={"List-Unsubscribe": "<mailto:off@parcels.example>", "Precedence": "bulk"},
    ),
    Story(
        ("Outdoor Trade Weekly", "news@tradeweekly.example"),
        "This week: lighter tents, dearer down",
        ((15, "c", "The week in outdoor trade. You receive this because you subscribed."),),
        headers={
            "List-Unsubscribe": "<https://tradeweekly.example/off>",
            "List-Id": "<weekly.tradeweekly.example>",
        },
    ),
    Story(
        ("WIN BIG NOW", "prize@lucky.example"),
        "You have been selected!!!",
        ((11, "c", "Dear winner, send us your bank details to claim your prize."),),
        ((10.9, "Mara", "spam", {}),),
    ),
)
