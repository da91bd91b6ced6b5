"""Three saved replies of the made-up shop, two articles of what it knows, and what stands on top of its answers."""

from __future__ import annotations

from inbox.knowledge import Article
from inbox.saved_replies import SavedReply

REPLIES = (
    SavedReply(
        "Parcel on its way",
        "Hello {first_name},\n\nyour order {order number} left us on {date}; the carrier says it arrives on {day}.\n"
        "You can follow it here: {tracking link}\n\nKind regards\n{agent}, {shop}\n",
        ("en",),
        ("shipping", "late"),
    ),
    SavedReply(
        "Geld zurück",
        "Guten Tag {first_name},\n\nwir haben Ihnen {Betrag} zurückgezahlt; es ist in zwei bis drei Tagen auf Ihrem Konto."
        "\n\nViele Grüße\n{agent}, {shop}\n",
        ("de",),
        ("refund", "money"),
    ),
    SavedReply(
        "Which size",
        "Hello {first_name},\n\nplease measure {what to measure} and tell us the number: we choose the size with you.\n\n"
        "{agent}, {shop}\n",
        ("en",),
        ("product",),
    ),
)

ARTICLES = (
    Article(
        "Shipping abroad",
        "We ship to all of Europe for 9 euros, and to **India, Japan and the United States** for 35. Customs are paid\n"
        "where the parcel arrives; the papers for them are in the pocket on the outside. A tent travels ten days or more.\n",
        ("shipping", "customs"),
        ("en",),
    ),
    Article(
        "Imprägnieren",
        "Jacken mit Membran waschen, solange sie nass sind mit dem Spray **ohne Fluor** einsprühen (Artikel 4101) und\n"
        "zwanzig Minuten lauwarm trocknen: Erst die Wärme macht es haltbar. Gewöhnliches Spray verklebt die Membran.\n",
        ("care",),
        ("de",),
    ),
)

BANNER = (
    "The parcel service is on strike until Tuesday; what you have ordered is safe, and comes some days later."
)
"""Stands on top of each new answer to those who wait for a parcel."""
