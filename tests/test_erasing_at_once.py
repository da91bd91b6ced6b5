"""Two processes go on with the same erasing at once, as a command and the worker do: the record tells of each thing once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inbox.actions import decision
from inbox.model import Who
from storage.workspace import open_store
from tests.front import Front
from tests.shop import NOW, mail

ZORA = "Zora Quittengelee <zora@quittengelee.example>"


def test_two_who_go_on_with_the_same_erasing_tell_of_it_once(shop_front: Front) -> None:
    front = shop_front
    front.receive(
        [
            mail(ZORA, f"Obst {n}", "Bitte liefern.", f"2026-11-10 10:5{n}", message_id=f"<{n}@q>")
            for n in range(3)
        ]
    )
    (customer,) = {row["customer"]["id"] for row in front.json("list") if "Zora" in row["customer"]["name"]}
    command, worker = open_store(front.workspace), open_store(front.workspace)
    command.change(*decision("customer-erase", customer=int(customer)), Who("anna"), NOW)
    met: list[int] = []

    def overtaken(_what: str, done: int, _count: int) -> None:
        if done == 1 and not met:
            met.append(worker.erasing.go_on(NOW))

    command.erasing.go_on(NOW, overtaken)
    told = command.read("SELECT home, data FROM events WHERE type = 62")
    assert met == [1]
    assert len([home for home, _ in told if home is not None]) == 3
    assert len([data for home, data in told if home is None and '"done"' in data]) == 1
    assert command.erasing.unfinished() == []
    worker.close()
    command.close()
    assert front.ok("verify").out.strip() == "All is as the record says."


def test_who_was_erased_is_safe_on_disk_before_the_record_says_that_it_is_done(
    shop_front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(shop_front.workspace)
    synced: list[tuple[str, bool, bool]] = []
    fsync = os.fsync

    def watched(number: int) -> None:
        path = Path(f"/proc/self/fd/{number}").readlink()
        told = store.read("SELECT count(*) FROM events WHERE type = 62 AND data LIKE '%\"done\"%'")[0][0]
        synced.append((path.name, bool(told), (shop_front.workspace / "erased.jsonl").read_text() != ""))
        fsync(number)

    store.change(*decision("customer-erase", customer=1), Who("anna"), NOW)
    monkeypatch.setattr(os, "fsync", watched)
    assert store.erasing.go_on(NOW) == 1
    assert synced == [("erased.jsonl", False, True), (shop_front.workspace.name, False, True)]
    store.close()
