"""What nobody can do on the screen who was let in by a forced command: each way to a program or a path of the host would
be the host's account, which holds the mail password. Key, footer, palette and help ask here."""

from __future__ import annotations

from typing import Final

RESTRICTED: Final = {
    "pipe": "No commands: this account is restricted. ssh desk show ID | COMMAND does it.",
    "edit-outside": "No editor here: this account is restricted, and an editor is a shell.",
    "import": "No paths here: this account is restricted. ssh desk import - < FILE brings mail in.",
    "save-attachment": "No paths here: this account is restricted. ssh desk get ID/NUMBER > FILE brings it.",
    "open-outside": "Programs are off here: this account is restricted. ssh desk get ID/NUMBER > FILE brings it.",
}
"""The verbs that lead there, and what is said instead."""
