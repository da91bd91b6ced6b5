"""A rule made from a conversation: by `frontdesk rules from` and on the screen, shown with what it would have matched."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inbox.errors import BadSettings, NotDone
from inbox.model import Role, Who
from inbox.rules.proposing import Proposal, propose, table_of
from storage.workspace import Workspace
from tests.faults.clock import MONDAY
from tests.front import TEAM, Front
from tests.screenplay import Stage, playing
from tests.shop import did, mail
from tests.stores import Desk, desk, letter
from tui.line.rule_writing import tried, write

HEAD = f"# ours\n{TEAM}\n# the end"
OWNER = Who("anna")
TABLE = table_of([("name", '"new"'), ("on", '"note"'), ("then", '[{ tag = "x" }]')])


@pytest.fixture
def here(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def proposed(of: Desk, conversation: int) -> Proposal:
    (row,) = of.store.rows([conversation])
    settings = tried(TEAM.encode(), TABLE, Path("settings.toml"), MONDAY).settings
    return propose(row, of.store.items(conversation), of.store.events(conversation), settings)


# --------------------------------------------------------------------------- what is proposed


def test_it_asks_for_the_words_of_the_subject_and_does_what_people_did(here: Desk) -> None:
    number = here.gets(letter("Jo <jo@park.example>", subject="Re: The return of my order 4711", id_="<1@x>"))
    here.did("anna", "tag", conversation=number, add=["returns", "gone"])
    here.did("anna", "tag", conversation=number, remove=["gone"])
    here.did("anna", "assign", conversation=number, to="bo")
    found = proposed(here, number)
    assert (found.name, found.when) == ("return order", "subject:return subject:order")
    assert found.then == '[{ tag = "returns" }, { assign = "bo" }]'
    assert found.others == ("from:park.example", "from:jo@park.example")
    here.store.close()


def test_without_words_it_asks_for_who_wrote_and_of_a_notice_that_was_only_closed_it_closes(
    here: Desk,
) -> None:
    number = here.gets(letter("kim@gmail.com", subject="4711", id_="<1@x>"))
    assert proposed(here, number).when == "from:kim@gmail.com"
    notice = here.gets(
        letter(
            "news@big.example",
            subject="Ten lamps",
            id_="<2@x>",
            list_unsubscribe="<https://x.example>",
            precedence="bulk",
        )
    )
    here.did("bo", "close", conversation=notice, why="no-answer")
    found = proposed(here, notice)
    assert found.when == "from:big.example"
    assert found.then == '[{ close = "no-answer" }]'
    here.store.close()


def test_nothing_is_proposed_that_no_rule_may_do(here: Desk) -> None:
    number = here.gets(letter("Jo <jo@park.example>", subject="Insurance", id_="<1@x>"))
    here.did("anna", "close", conversation=number, why="referred", to="claims@insurer.example")
    found = proposed(here, number)
    assert found.then == '[{ tag = "insurance" }]'
    tried(TEAM.encode(), table_of(found.lines), Path("settings.toml"), MONDAY)
    here.store.close()


@given(st.text(max_size=60), st.text(max_size=20))
@example('A "quoted" \\ subject', "x")
@example("\x7f\x85", "OR")
def test_whatever_a_subject_says_the_rule_can_be_read(subject: str, word: str) -> None:
    found = Proposal(subject, f'subject:"{word}"' if word.isalnum() else "", '[{ tag = "x" }]', ())
    read = tomllib.loads(table_of(found.lines))["rule"][0]
    assert read["name"] == subject.encode("utf-8", "replace").decode()


# --------------------------------------------------------------------------- into the settings


def test_what_stood_in_the_settings_stays_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    for text in (HEAD, HEAD.replace("\n", "\r\n"), ""):
        path.write_bytes(text.encode())
        path.chmod(0o640)
        before = path.read_bytes()
        new = write(path, before, TABLE, MONDAY, OWNER)
        assert path.read_bytes().startswith(before)
        assert new.rule.name == new.settings.rules[-1].name == "new"
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
    link = tmp_path / "linked.toml"
    link.symlink_to(path)
    write(link, path.read_bytes(), TABLE.replace("new", "newer"), MONDAY, OWNER)
    assert link.is_symlink()
    assert "newer" in path.read_text("utf-8")


def test_only_an_owner_writes_and_nothing_over_what_somebody_wrote_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(HEAD, "utf-8")
    seen = path.read_bytes()
    with pytest.raises(NotDone, match="Only an owner"):
        write(path, seen, TABLE, MONDAY, Who("bo", Role.AGENT))
    path.write_text(HEAD + "\n# later", "utf-8")
    with pytest.raises(NotDone, match="changed meanwhile"):
        write(path, seen, TABLE, MONDAY, OWNER)
    for bad, words in (
        (TABLE.replace("note", "nite"), "Line 3: .*message-in"),
        (TABLE.replace("}]", "}"), "Line"),
        (TABLE + TABLE.replace("new", "other"), "One rule"),
    ):
        with pytest.raises(BadSettings, match=words):
            write(path, path.read_bytes(), bad, MONDAY, OWNER)
    assert path.read_text("utf-8") == HEAD + "\n# later"


def test_two_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(HEAD, "utf-8")
    seen = path.read_bytes()
    children = []
    for name in ("one", "two"):
        child = os.fork()
        if not child:
            status = 0
            try:
                write(path, seen, TABLE.replace("new", name), MONDAY, OWNER)
            except NotDone:
                status = 7
            finally:
                os._exit(status)
        children.append(child)
    ended = sorted(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)
    assert ended == [0, 7]
    assert path.read_text("utf-8").count("[[rule]]") == 1


# --------------------------------------------------------------------------- told by commands


def test_the_command_shows_the_rule_and_what_it_would_have_matched(shop_front: Front) -> None:
    shop_front.write_settings(HEAD)
    shop_front.receive([mail("jo@park.example", "Refund for order 88", "Please.", "2026-11-10 10:00")])
    shop_front.ok("tag", "2", "--add", "refund")
    ran = shop_front.ok("rules", "from", "2")
    assert 'when = "subject:refund subject:order"' in ran.lines
    assert 'then = [{ tag = "refund" }]' in ran.lines
    assert "# would have matched 2 conversations in 90 days" in ran.lines
    assert (shop_front.workspace / "settings.toml").read_text("utf-8") == HEAD
    (told,) = shop_front.json("rules", "from", "2")
    assert (told["conversations"], told["written"]) == (2, False)

    refused = shop_front.run("rules", "from", "2", "--write", who="bo")
    assert (refused.status, "Writing rules is not for an agent." in refused.err) == (1, True)
    assert shop_front.run("rules", "from", "99").status == 1
    shop_front.ok("rules", "from", "2", "--write")
    assert told["toml"] in (shop_front.workspace / "settings.toml").read_text("utf-8")
    assert shop_front.ok("rules", "check").err == "1 rule: 0 errors, 0 hints.\n"
    assert 'name = "refund order 2"' in shop_front.ok("rules", "from", "2").lines


# --------------------------------------------------------------------------- told by keys


async def begin(stage: Stage) -> None:
    await stage.press(":")
    await stage.type("rule from this")
    await stage.press("enter")


@pytest.mark.parametrize("size", [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)])
async def test_a_rule_is_made_with_a_few_keys_and_its_matches_are_seen_meanwhile(
    store: Workspace, size: tuple[int, int]
) -> None:
    path = store.workspace / "settings.toml"
    path.write_text(HEAD, "utf-8")
    did(store, "anna", "tag", conversation=2, add=["refund"])
    async with playing(store, size) as stage:
        await begin(stage)
        shown = stage.pane("conversation")
        assert "A rule from this · #2 Refund for order 4711" in shown
        assert '▸ when = "subject:refund subject:order"' in shown
        assert 'then = [{ tag = "refund" }]' in shown
        assert "Would have matched 1 conversation in 90 days:" in shown
        assert "#2  Anna Weber · Refund for order 4711" in shown
        await stage.type(" OR invoice")
        assert "Would have matched 2 conversations in 90 days:" in stage.pane("conversation")
        await stage.press("down", "backspace")
        assert "! Line 5: this cannot be read" in stage.pane("conversation")
        await stage.press("enter")  # what cannot be read is not written
        assert "Line 5" in stage.said
        assert path.read_text("utf-8") == HEAD
        await stage.type("]")
        path.write_text(HEAD + "\n# meanwhile\n", "utf-8")
        await stage.press("enter")
        assert "settings.toml was changed meanwhile." in stage.said
        await stage.press("enter")
        assert "“refund order” is in settings.toml" in stage.said
        assert "A rule from this" not in stage.text
    written = path.read_text("utf-8")
    assert written.startswith(HEAD + "\n# meanwhile\n")
    assert tomllib.loads(written)["rule"][0]["when"] == "subject:refund subject:order OR invoice"


async def test_esc_leads_back_to_where_it_began_and_only_owners_begin(store: Workspace) -> None:
    async with playing(store) as stage:
        await begin(stage)
        assert stage.app.inbox.place == "conversation"
        await stage.press("escape")
        assert stage.app.inbox.place == "list"
        assert "A rule from this" not in stage.text
        assert "the blue lamp arrived broken" in stage.text
    assert not (store.workspace / "settings.toml").exists()
    async with playing(store, who=Who("bo", Role.AGENT)) as stage:
        await begin(stage)
        assert "Only an owner changes the settings." in stage.said
