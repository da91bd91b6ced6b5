"""A workspace whose settings name mailboxes on the servers of these tests."""

from __future__ import annotations

from pathlib import Path

from tests.front import Front


class Office:
    """A workspace whose settings name mailboxes on real servers; each password lies in a file of its own."""

    def __init__(self, front: Front, folder: Path) -> None:
        self.front = front
        self.folder = folder
        self.text = 'us = ["support@shop.example"]\n[hours]\nzone = "Europe/Vienna"\n'
        front.who = ""

    def add(self, name: str, user: str, imap: int, smtp: int, password: str | None = "secret") -> None:
        """Write a mailbox into the settings; without a password its file is missing."""
        secret = self.folder / f"{name}.secret"
        if password is not None:
            secret.write_text(password + "\n", "utf-8")
            secret.chmod(0o600)
        self.text += (
            f'\n[[mailbox]]\nname = "{name}"\naddress = "{name}@shop.example"\nuser = "{user}"\n'
            f'imap_host = "127.0.0.1"\nimap_port = {imap}\nimap_security = "none"\n'
            f'smtp_host = "127.0.0.1"\nsmtp_port = {smtp}\nsmtp_security = "none"\n'
            f'password_file = "{secret}"\n'
        )
        self.front.write_settings(self.text)
