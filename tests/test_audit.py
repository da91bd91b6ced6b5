"""Trails: who did what, when, which way they came in, and what was taken back; each sees as much as is theirs."""

from __future__ import annotations

from tests.front import Front


def test_the_trail_of_a_conversation_names_who_what_when_and_which_way(shop_front: Front) -> None:
    front = shop_front
    front.ok("assign", "1", "--to", "bo")
    front.ok("hand-over", "1", "--to", "anna", "--text", "knows \x1b[31mJo", who="bo")
    front.ok("close", "1")
    front.ok("undo")
    trail = front.json("audit", "1")
    assert [(each["who"], each["what"]) for each in trail] == [
        ("sync", "received"),
        ("anna", "assigned"),
        ("bo", "handed-over"),
        ("anna", "closed"),
    ]
    assert [each["way"] for each in trail] == [None, "command assign", "command hand-over", "command close"]
    assert trail[1]["detail"]["to"] == "bo"
    assert trail[3]["undone"]["who"] == "anna"
    assert [each["undone"] for each in trail[:3]] == [None] * 3
    lines = front.ok("audit", "1").lines
    assert "#1 bo: handed-over (to anna; was bo) - knows" in lines[2]
    assert "\x1b" not in lines[2]
    assert lines[3].endswith("· command close [undone by anna 2026-11-10 11:05]")


def test_over_ssh_the_way_says_so(shop_front: Front) -> None:
    shop_front.patch.setenv("SSH_CONNECTION", "192.0.2.1 5 192.0.2.2 22")
    shop_front.ok("note", "1", "--text", "x")
    assert [each["way"] for each in shop_front.json("audit", "1")][-1] == "command note over SSH"


def test_each_sees_what_is_theirs_and_an_owner_sees_all(shop_front: Front) -> None:
    front = shop_front
    front.ok("note", "2", "--text", "mine", who="bo")
    assert [each["what"] for each in front.json("audit", "--who", "bo")] == ["noted"]
    assert front.run("audit", "--who", "bo", who="bo").out == front.ok("audit", "--who", "bo").out
    for words in (["audit", "--who", "anna"], ["audit"]):
        ran = front.run(*words, who="bo")
        assert (ran.status, ran.out) == (1, "")
        assert "frontdesk audit --who bo" in ran.err
    assert front.ok("audit", "2", who="bo").out == front.ok("audit", "2").out
    assert front.run("audit", "99").status == 1
    assert front.run("audit", "1", "--who", "bo").status == 2
    assert front.run("audit", "--since", "long ago").status == 2
    front.now += 100 * 86_400
    assert front.ok("audit", "--who", "bo").lines == ["Nothing was written down there."]
    assert len(front.ok("audit", "--who", "bo", "--since", "2026-11-01").lines) == 1


def test_what_left_the_house_and_what_was_erased_stands_in_its_trail(shop_front: Front) -> None:
    front = shop_front
    front.ok("backup", str(front.workspace.parent / "b.tar"))
    front.ok("export", str(front.workspace.parent / "plain"))
    front.ok("customer", "erase", "1", "--yes")
    told = [
        (each["who"], each["what"], each["detail"].get("place", "").rpartition("/")[2])
        for each in front.json("audit")
    ]
    assert [each for each in told if each[0] == "anna"] == [
        ("anna", "backed-up", "b.tar"),
        ("anna", "handed-out", "plain"),
        ("anna", "erased", ""),
        ("anna", "erased", ""),
    ]
    erased = front.json("audit", "1")
    assert [each["what"] for each in erased] == ["received", "erased"]
    assert erased[1]["way"] == "command customer"
