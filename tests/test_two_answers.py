"""Two answer one customer in the same second (line 37 of the fault matrix): the second is warned before anything is queued,
and what both wrote is kept. Real processes: commands, and a screen beside one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest

from inbox.model import EventType, Role, Who
from inbox.ports import Reader
from storage.workspace import Workspace, open_store
from tests.faults.kill import ROOT
from tests.front import TEAM, Front
from tests.screenplay import playing
from tests.shop import NOW, did

ANNA, BO = Who("anna", Role.OWNER), Who("bo", Role.AGENT)


def answering(
    workspace: Path, who: str, *words: str, env: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """A command of somebody's that waits for its text on standard input."""
    command = [sys.executable, str(ROOT / "main.py"), "--workspace", str(workspace), "--as", who]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*command, *words], stdin=pipe, stdout=pipe, stderr=pipe, env=os.environ | (env or {})
    )


def until(seen: Callable[[], bool]) -> None:
    over = monotonic() + 60
    while not seen():
        assert monotonic() < over
        sleep(0.01)


def writers(store: Reader) -> set[str]:
    return {each.who for each in store.presence(2) if each.doing == "writes"}


def test_37_of_two_commands_in_the_same_second_the_second_is_warned_and_both_texts_are_kept(
    shop_front: Front,
) -> None:
    store = shop_front.store()
    shop_front.write_settings(TEAM)
    texts = {"anna": b"The money is on its way.", "bo": b"We send a new lamp."}
    processes = {who: answering(shop_front.workspace, who, "reply", "2") for who in texts}
    until(lambda: writers(store) == {"anna", "bo"})  # each sees the other write; both have seen the same mail
    for who, process in processes.items():
        assert process.stdin is not None
        process.stdin.write(texts[who])
    for process in processes.values():
        assert process.stdin is not None
        process.stdin.close()
    said = {}
    for who, process in processes.items():
        assert process.stderr is not None
        said[who] = process.stderr.read().decode()
        process.wait(60)
        for pipe in (process.stdout, process.stderr):
            assert pipe is not None
            pipe.close()
    quick = [who for who, process in processes.items() if process.returncode == 0]
    slow = [who for who, process in processes.items() if process.returncode == 1]
    assert (len(quick), len(slow)) == (1, 1), said
    assert f"{quick[0]} has answered in the meantime." in said[slow[0]]
    assert "What you wrote is kept as your draft there." in said[slow[0]]
    assert len(store.outbox()) == 1
    assert [(draft.who, draft.text.encode()) for draft in store.drafts(2)] == [(slow[0], texts[slow[0]])]
    assert writers(store) == set()
    again = shop_front.run("reply", "2", "--text", texts[slow[0]].decode(), who=slow[0])
    assert again.status == 0  # having been told, one may
    store.close()


@pytest.mark.parametrize("verb", ["reply", "forward", "by-hand"])
def test_37_whatever_the_second_answer_is_it_stops_under_the_lock(shop_front: Front, verb: str) -> None:
    from inbox.actions import decision

    store = shop_front.store()
    seen = store.rows([2])[0].conversation.seq
    did(
        store,
        "bo",
        "reply",
        NOW,
        conversation=2,
        text="Yes",
        to=["a@weber.example"],
        sender="support@shop.example",
    )
    letter = {"to": ["carrier@post.example"], "sender": "support@shop.example"} if verb != "by-hand" else {}
    given = decision(verb, conversation=2, text="No", seen=seen, **letter)
    refusal = store.change(*given, ANNA, NOW).refusal
    assert refusal is not None and refusal.reason == "bo has answered in the meantime."
    store.close()


@pytest.mark.long
async def test_37_a_command_is_quicker_than_the_screen(store: Workspace) -> None:
    (store.workspace / "settings.toml").write_text(TEAM)
    async with playing(store, (120, 36), who=ANNA, team=("anna", "bo")) as stage:
        await stage.press("enter", "r")
        await stage.type("The money is on its way.")
        await stage.press("ctrl+s")
        ran = answering(store.workspace, "bo", "reply", "2", "--text", "We send a new lamp.")
        assert ran.wait(60) == 0
        for pipe in (ran.stdin, ran.stdout, ran.stderr):
            assert pipe is not None
            pipe.close()
        await stage.rest()
        await stage.press("enter")
        assert "bo has answered in the meantime. Read it; then send again" in stage.said
        assert len(store.outbox()) == 1
        assert [(one.who, one.text) for one in store.drafts(2)] == [("anna", "The money is on its way.")]
        queued = [e for e in store.events(2) if e.type is EventType.QUEUED]
        assert [event.who for event in queued] == ["bo"]


@pytest.mark.long
def test_37_what_was_still_being_typed_when_a_colleague_answered_is_kept(shop_front: Front) -> None:
    store = shop_front.store()
    shop_front.write_settings(TEAM)
    process = answering(shop_front.workspace, "bo", "reply", "2")
    until(lambda: writers(store) == {"bo"})
    shop_front.ok("reply", "2", "--text", "The money is on its way.")
    _, err = process.communicate(b"We send a new lamp.", timeout=60)
    assert process.returncode == 1 and b"anna has answered in the meantime." in err
    assert b"What you wrote is kept as your draft there." in err
    assert [(one.who, one.text) for one in store.drafts(2)] == [("bo", "We send a new lamp.")]
    store.close()


@pytest.mark.long
def test_who_writes_in_an_editor_is_seen_and_nothing_written_is_lost(
    shop_front: Front, tmp_path: Path
) -> None:
    """The editor waits until a colleague has seen who writes, and has answered meanwhile."""
    store = shop_front.store()
    shop_front.write_settings(TEAM)
    editor, go = tmp_path / "editor", tmp_path / "go"
    editor.write_text(
        f"#!/bin/sh\nwhile [ ! -e {go} ]; do sleep 0.02; done\necho 'We send a new lamp.' >> \"$1\"\n"
    )
    editor.chmod(0o700)
    process = answering(shop_front.workspace, "bo", "reply", "2", "--edit", env={"VISUAL": str(editor)})
    until(lambda: writers(store) == {"bo"})
    shop_front.ok("reply", "2", "--text", "The money is on its way.")
    go.touch()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1 and b"anna has answered in the meantime." in err
    assert [(one.who, one.text) for one in store.drafts(2)] == [("bo", "We send a new lamp.")]
    # written on from there, and sent: the draft has become the answer
    editor.write_text("#!/bin/sh\necho 'And a bulb.' >> \"$1\"\n")
    process = answering(shop_front.workspace, "bo", "reply", "2", "--edit", env={"VISUAL": str(editor)})
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert store.items(2)[-1].reply.startswith("We send a new lamp.\nAnd a bulb.")
    assert store.drafts(2) == [] and writers(store) == set()
    store.close()


def test_a_suspended_or_killed_writer_is_believed_for_a_lease_and_no_longer(
    shop_front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the time since boot, which no clock change moves and which goes on while a laptop sleeps."""

    from storage.live import LEASE_SECONDS

    store = shop_front.store()
    shop_front.write_settings(TEAM)
    process = answering(shop_front.workspace, "bo", "reply", "2")
    until(lambda: writers(store) == {"bo"})
    process.send_signal(signal.SIGSTOP)
    assert writers(store) == {"bo"}
    real = time.clock_gettime
    with monkeypatch.context() as later:
        later.setattr(time, "clock_gettime", lambda clock: real(clock) + LEASE_SECONDS + 1)
        assert writers(store) == set()
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    again = open_store(shop_front.workspace, create=False)  # as another screen of the same person's
    again.show_presence(BO, 2, "looks")
    assert [(each.who, each.doing) for each in store.presence(2) if each.doing == "looks"] == [
        ("bo", "looks")
    ]
    again.close()
    store.close()
