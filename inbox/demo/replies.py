"""Three saved replies of the made-up shop."""

from __future__ import annotations

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
