"""What was snoozed comes back by itself, whoever looks first."""

from __future__ import annotations

from pathlib import Path

from tests.front import Front


def state(front: Front, conversation: str) -> str:
    """The status of a conversation."""
    return str(front.json("list", f"id:{conversation}")[0]["status"])


def test_a_pass_without_any_mailbox_still_wakes_what_was_snoozed(shop_front: Front) -> None:
    shop_front.ok("snooze", "1", "--until", "3h")
    assert state(shop_front, "1") == "snoozed"
    assert shop_front.run("sync").status == 3
    assert state(shop_front, "1") == "snoozed"
    assert shop_front.run("--now", "2026-11-30T12:00:00Z", "sync").status == 3
    assert state(shop_front, "1") == "open"


def test_a_pass_notes_numbers_and_no_words_in_the_log(shop_front: Front, tmp_path: Path) -> None:
    settings = shop_front.workspace / "settings.toml"
    settings.write_text(
        'us = ["shop@shop.example"]\n[[mailbox]]\nname = "shop"\naddress = "shop@shop.example"\nuser = "shop"\n'
        'imap_host = "127.0.0.1"\nimap_port = 1\nimap_security = "none"\nsmtp_host = "127.0.0.1"\nsmtp_port = 1\n'
        f'smtp_security = "none"\npassword_file = "{tmp_path}/secret"\n'
    )
    secret = tmp_path / "secret"
    secret.write_text("hunter22")
    secret.chmod(0o600)
    assert shop_front.run("sync").status == 4
    log = (shop_front.workspace / "frontdesk.log").read_text()
    assert '"what": "sync"' in log
    assert '"mailbox": "shop"' in log
    assert "hunter22" not in log
