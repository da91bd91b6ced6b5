"""Writing to the right people: the fields above the text, files, forwarding, beginning, and drafts that hold it all."""

from __future__ import annotations

import os
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest

from inbox.errors import WorldError
from inbox.model import Address, Status
from inbox.ports import Draft
from inbox.saved_replies import SavedReply
from inbox.settings import Settings, Teammate
from storage.workspace import Workspace, open_store
from tests.screenplay import Stage, playing
from tests.shop import NOW, deliver, did, mail

OURS = ("support@shop.example", "orders@shop.example")


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a few files in it."""
    home = tmp_path / "home"
    (home / "papers").mkdir(parents=True)
    (home / "papers" / "invoice.pdf").write_bytes(b"%PDF-1.7 what it said when it was attached")
    (home / "papers" / "Photo of the lamp.jpg").write_bytes(b"\xff\xd8" * 600)
    monkeypatch.setenv("HOME", str(home))
    return home / "papers"


def head(stage: Stage) -> list[str]:
    return [line.rstrip() for line in stage.pane("compose-head").split("\n")]


def sent(store: Workspace) -> EmailMessage:
    """What waits in the outbox last, as the standard library reads it."""
    from email import policy

    message = store.outbox()[-1].message
    raw = store.raw(message)
    assert raw is not None
    return message_from_bytes(raw, policy=policy.default)


# --------------------------------------------------------------------------- the fields


async def test_one_calm_line_says_to_whom_from_whom_and_about_what(store: Workspace) -> None:
    async with playing(store, (120, 36)) as stage:
        await stage.press("enter", "r")
        (line,) = head(stage)
        assert line.startswith(" Reply to anna.weber@weber.example · from support@shop.example · Re: Refund")


async def test_the_fields_are_edited_line_by_line_and_what_they_say_is_sent(store: Workspace) -> None:
    async with playing(store, senders=OURS) as stage:
        await stage.press("enter", "r")
        await stage.type("On its way.")
        await stage.press("ctrl+t")
        assert [line.split()[0] for line in head(stage)] == ["To", "Cc", "Bcc", "From", "Subject"]
        await stage.press("enter")  # on to Cc
        await stage.type("boss@weber.example")
        await stage.press("enter", "enter", "down", "enter")  # Bcc, From: the second one of ours
        await stage.press("ctrl+u")
        await stage.type("Your refund")
        await stage.press("enter")
        assert head(stage)[0].startswith(
            " Reply to anna.weber@weber.example · copy to boss@weber.example · from orders@shop.example · Your"
        )
        await stage.type(" Really.")
        await stage.press("ctrl+s", "a")
        await stage.type("she asked for it")
        await stage.press("enter", "enter")
    message = sent(store)
    assert (message["To"], message["Cc"]) == ("anna.weber@weber.example", "boss@weber.example")
    assert (message["From"], message["Subject"]) == ("orders@shop.example", "Your refund")
    assert "On its way. Really." in message.get_content()


@pytest.mark.parametrize("key", ["shift+tab", "up"])
async def test_up_at_the_top_and_shift_tab_lead_to_the_fields_and_escape_leads_back(
    store: Workspace, key: str
) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r", key)
        assert len(head(stage)) == 5
        await stage.press("escape")
        assert len(head(stage)) == 1
        await stage.type("Still writing")
        assert "Still writing" in stage.pane("composer")


@pytest.mark.parametrize("typed", ["jo", "park", "Jo P", "jo@pa", "park.ex", "jprk"])
async def test_customers_are_offered_by_name_last_name_address_domain_and_by_letters(
    store: Workspace, typed: str
) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r", "ctrl+t", "ctrl+u")
        await stage.type(typed)
        assert "Jo Park <jo@park.example>" in head(stage)[1]
        await stage.press("tab")
        assert "Jo Park <jo@park.example>," in head(stage)[0]
        assert len(head(stage)) == 5


async def test_colleagues_are_offered_and_may_be_put_in_copy(store: Workspace) -> None:
    team = (Teammate("ann", address="ann@helpers.example"), Teammate("bo", address="bo@helpers.example"))
    async with playing(store, settings=Settings(team=team)) as stage:
        await stage.press("enter", "r")
        await stage.type("Hello")
        await stage.press("ctrl+t", "down", "b", "o", "tab")
        assert "bo <bo@helpers.example>" in head(stage)[1]
        await stage.press("escape", "ctrl+s")
        assert "1 stop" not in stage.text
        assert "bo@helpers.example" in stage.asked


async def test_a_completion_typed_faster_than_it_can_be_looked_up_is_taken_all_the_same(
    store: Workspace,
) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r", "ctrl+t", "ctrl+u")
        await stage.hurry("l", "e", "a", "tab", "a", "c", "m", "e", "enter")
        line = head(stage)[0]
        assert "lea@krol.example" in line
        assert "orders@acme.example" in line


async def test_a_search_for_recipients_that_fails_is_told_and_keys_go_on(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object) -> list[Address]:
        raise WorldError("The disk cannot be read.", "Look at it.")

    async with playing(store) as stage:
        await stage.press("enter", "r", "ctrl+t", "ctrl+u")
        with monkeypatch.context() as broken:
            broken.setattr(Workspace, "people_like", unreadable)
            await stage.hurry("l", "e", "a", "tab")
            assert "The disk cannot be read." in stage.said
        await stage.press("tab")
        await stage.type("jo")
        assert "Cc       jo" in head(stage)[1]


async def test_who_is_typed_into_a_field_comes_after_those_that_are_there(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r", "ctrl+t")
        await stage.type("jo@park.example")
        await stage.press("down", "up", "down")
        assert head(stage)[0] == " To       anna.weber@weber.example, jo@park.example"
        await stage.press("up", *["backspace"] * len("e, "))
        assert "anna.weber@weber.example, jo@park.exampl  " in head(stage)[0]


async def test_an_address_that_cannot_be_mailed_is_marked_and_holds_the_letter(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Hello")
        await stage.press("ctrl+t")
        await stage.type(", anna@@weber")
        assert "!" not in head(stage)[0], "what is still being typed is not judged"
        await stage.press("down")
        assert "! anna@@weber cannot be mailed" in head(stage)[0]
        await stage.press("ctrl+s")
        assert "! anna@@weber cannot be mailed" in stage.pane("prompt")
        await stage.press("enter")
        assert "Not sent. anna@@weber cannot be mailed" in stage.said
        await stage.press("a")
        assert "No reason helps here." in stage.said
        assert store.outbox() == []


async def test_what_strangers_named_themselves_reaches_the_fields_as_text(store: Workspace) -> None:
    deliver(store, mail("\u202eevil\x1b]0;x\x07 [red] <evil@evil.example>", "Hi", "x\n", "2026-11-10 09:59"))
    async with playing(store) as stage:
        await stage.press("enter", "r", "ctrl+t", "ctrl+u")
        await stage.type("evil")
        assert "evil@evil.example" in stage.text
        assert not {"\x1b", "\x07", "\u202e"} & set(stage.text)


async def test_a_note_has_no_recipients_and_no_files(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "n", "ctrl+t")
        assert "A note goes to nobody outside" in stage.said
        await stage.press("ctrl+o")
        assert "A note has no files." in stage.said


async def test_on_a_small_terminal_fields_offers_and_the_customers_words_are_seen_together(
    store: Workspace,
) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("r", "ctrl+t", "ctrl+u")
        await stage.type("a")
        assert "Anna Weber <anna.weber@weber.example>" in stage.pane("compose-head")
        assert "the blue lamp arrived broken" in stage.pane("conversation")


# --------------------------------------------------------------------------- forward, new


async def test_what_the_customer_wrote_is_passed_on_with_its_files_and_the_customer_still_waits(
    store: Workspace,
) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Kim <kim@kim.example>", OURS[0], "Broken on arrival"
    message["Date"] = "Tue, 10 Nov 2026 09:30:00 +0100"
    message["Message-ID"] = "<broken@kim.example>"
    message.set_content("Please look at the photo.\n")
    message.add_attachment(b"\xff\xd8lamp", maintype="image", subtype="jpeg", filename="lamp.jpg")
    number = deliver(store, message.as_bytes())
    did(store, "bo", "note", conversation=number, text="they always complain")
    async with playing(store) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        await stage.press("f")
        assert "1 file, 6 B: lamp.jpg" in stage.pane("compose-head")
        await stage.type("claims@carrier.example")
        await stage.press("enter", "escape", "ctrl+home")
        await stage.type("Dear carrier, see below.")
        await stage.press("ctrl+s")
        assert "then: as it is" in stage.asked
        await stage.press("enter")
        assert "Broken on arrival" in stage.pane("conversation"), "the customer still waits here"
    leaving = sent(store)
    assert leaving["Subject"] == "Fwd: Broken on arrival"
    assert leaving["In-Reply-To"] is None
    body = leaving.get_body()
    assert body is not None
    text = body.get_content()
    assert text.startswith("Dear carrier, see below.")
    assert "From: Kim <kim@kim.example>" in text
    assert "Please look at the photo." in text
    assert "complain" not in leaving.as_string()
    (file,) = leaving.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("lamp.jpg", b"\xff\xd8lamp")
    here = store.rows([number])[0].conversation
    assert (here.status, here.waiting_since is not None, here.sending) == (Status.OPEN, True, 1)
    assert store.verify(NOW) == []


async def test_a_new_conversation_belongs_to_the_customer_it_was_begun_with(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("c")
        await stage.type("lea")
        await stage.press("tab", "enter", "enter", "enter", "enter")
        await stage.type("Your order of bulbs")
        await stage.press("enter")
        await stage.type("Dear Lea, they are back in stock.")
        await stage.press("ctrl+s", "enter")
        assert "sends in 20 s" in stage.said
    lea = store.rows([5])[0].conversation.customer
    number = store.outbox()[-1].conversation
    row = store.rows([number])[0]
    assert (row.conversation.customer, row.subject) == (lea, "Your order of bulbs")
    assert row.conversation.status is Status.WAITING
    assert store.verify(NOW) == []


async def test_a_new_conversation_taken_back_leaves_nothing_but_its_draft(store: Workspace) -> None:
    async with playing(store) as stage:
        before = store.ids(None, stage.app.seat.who, NOW)
        await stage.press("c")
        await stage.type("stranger@else.example")
        await stage.press("enter", "escape")
        await stage.type("Hello stranger")
        await stage.press("ctrl+s", "enter", "u")
        assert "Taken back: it has not left. Here is the draft." in stage.said
        assert "Hello stranger" in stage.pane("composer")
        assert "New, to stranger@else.example" in stage.text
        assert store.ids(None, stage.app.seat.who, NOW) == before
        assert store.verify(NOW) == []


# --------------------------------------------------------------------------- files


async def test_a_path_is_completed_and_its_file_sent_as_it_was_when_it_was_attached(
    store: Workspace, papers: Path
) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Here it is.")
        await stage.press("ctrl+o")
        await stage.type("~/pa")
        assert "~/papers/" in stage.pane("prompt")
        await stage.press("tab")
        await stage.type("inv")
        await stage.press("tab", "enter")
        assert "1 file, 42 B: invoice.pdf" in stage.pane("compose-head")
        (papers / "invoice.pdf").unlink()
        await stage.press("ctrl+s")
        assert "1 file" in stage.asked
        await stage.press("enter")
    (file,) = sent(store).iter_attachments()
    assert file.get_content() == b"%PDF-1.7 what it said when it was attached"
    assert file.get_content_type() == "application/pdf"


async def test_a_file_is_taken_off_by_its_name(store: Workspace, papers: Path) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r", "ctrl+o")
        await stage.type(f"{papers}/invoice.pdf")
        await stage.press("enter", "ctrl+o")
        await stage.type(f"{papers}/Photo of the lamp.jpg")
        await stage.press("enter")
        assert "2 files, 1 KB: invoice.pdf · Photo of the lamp.jpg" in stage.pane("compose-head")
        await stage.press("ctrl+o")
        await stage.type("-inv")
        await stage.press("tab", "enter")
        assert "1 file, 1 KB: Photo of the lamp.jpg" in stage.pane("compose-head")


async def test_what_cannot_be_attached_is_said_in_words_and_nothing_is_lost(
    store: Workspace, papers: Path
) -> None:
    os.mkfifo(papers / "pipe")
    (papers / "huge.iso").touch()
    os.truncate(papers / "huge.iso", 31_000_000)
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Text")
        for name, words in (
            ("nothing.pdf", "There is no file"),
            ("pipe", "is no file"),
            ("huge.iso", "huge.iso was not attached: the message would have 42.4 MB as sent, and 20 MB is"),
        ):
            await stage.press("ctrl+o")
            await stage.type(f"{papers}/{name}")
            await stage.press("enter")
            assert words in stage.said, name
        assert len(head(stage)) == 1
        assert "Text" in stage.pane("composer")


async def test_a_restricted_account_attaches_no_paths(store: Workspace) -> None:
    async with playing(store, restricted=True) as stage:
        await stage.press("enter", "r", "ctrl+o")
        assert "No paths here: this account is restricted." in stage.said


# --------------------------------------------------------------------------- drafts


async def test_a_draft_keeps_fields_and_files_and_is_found_on_another_terminal(
    store: Workspace, tmp_path: Path, papers: Path
) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r", "ctrl+t", "enter")
        await stage.type("boss@weber.example")
        await stage.press("escape", "ctrl+o")
        await stage.type(f"{papers}/invoice.pdf")
        await stage.press("enter")
        await stage.type("Half")
        # No escape, no goodbye: as after kill -9, another process looks.
        other = open_store(tmp_path)
        async with playing(other) as elsewhere:
            await elsewhere.press("enter", "r")
            assert "draft found again" in elsewhere.text
            assert "copy to boss@weber.example" in elsewhere.text
            assert "1 file, 42 B: invoice.pdf" in elsewhere.text
            assert "Half" in elsewhere.pane("composer")
        other.close()


async def test_a_recipient_that_was_taken_out_stays_out_of_the_draft(store: Workspace) -> None:
    copied = mail("Kim <kim@kim.example>", "Both", "?\n", "2026-11-10 08:00", cc="Lou <lou@kim.example>")
    number = deliver(store, copied)
    async with playing(store) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        await stage.press("R", "ctrl+t", "enter", "ctrl+u", "escape")
        await stage.type("Only for Kim")
        await stage.press("escape", "R")
        assert "Only for Kim" in stage.pane("composer")
        assert "lou@kim.example" not in stage.pane("compose-head")


async def test_a_colleagues_draft_is_seen_and_ones_own_ghost_is_not(store: Workspace, tmp_path: Path) -> None:
    store.save_draft(Draft(2, "bo", "reply", "Dear Anna,\nI have just asked the bank", at=NOW))
    store.save_draft(Draft(2, "anna", "note", "my own", at=NOW))
    async with playing(store) as stage:
        await stage.press("enter")
        assert "bo writes here" in stage.pane("conversation")
        assert "I have just asked the bank" not in stage.pane("conversation")
        assert "anna writes" not in stage.text


async def test_a_forward_nobody_touched_leaves_no_draft(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "f", "escape", "escape")
        assert store.drafts(2) == []
        assert "draft" not in stage.said


# --------------------------------------------------------------------------- the editor


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that puts the content of a file in the place of what it was given."""
    script, content = tmp_path / "editor.sh", tmp_path / "content"
    script.write_text(f'#!/bin/sh\ncp "$1" {tmp_path}/given\ncp {content} "$1"\n')
    script.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(script))
    monkeypatch.delenv("VISUAL", raising=False)
    return content


async def edit(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press the keys for the editor; a screen without a terminal has nothing to suspend."""
    from contextlib import nullcontext

    monkeypatch.setattr(stage.app, "suspend", nullcontext)
    await stage.press("ctrl+x ctrl+e")


async def test_the_editor_gets_headers_and_its_fields_and_text_come_back_to_the_send_bar(
    store: Workspace, editor: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.write_text("To: Jo Park <jo@park.example>,\n lea@krol.example\nSubject: Anew\n\nFrom vi\n")
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Begun")
        await edit(stage, monkeypatch)
        assert (
            (tmp_path / "given")
            .read_text()
            .startswith(
                "To: anna.weber@weber.example\nCc:\nBcc:\nFrom: support@shop.example\nSubject: Re: Refund"
            )
        )
        assert (tmp_path / "given").read_text().endswith("\n\nBegun")
        assert "to Jo Park <jo@park.example>, lea@krol.example · from support@shop.example" in stage.asked
        await stage.press("escape")
        assert "· Anew" in stage.pane("compose-head")
        assert "From vi" in stage.pane("composer")


async def test_a_broken_header_comes_back_with_its_place_and_nothing_is_lost(
    store: Workspace, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.write_text("To: jo@park.example\nSubjct: Lost?\n\nThe text\n")
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Begun")
        await edit(stage, monkeypatch)
        assert "line 2: 'Subjct: Lost?' is no header" in stage.said
        assert "Subjct: Lost?" in stage.pane("composer")
        assert "The text" in stage.pane("composer")
        assert "Reply to jo@park.example" in stage.pane("compose-head")
        assert "then:" not in stage.text


# --------------------------------------------------------------------------- saved replies


async def test_a_saved_reply_is_found_filled_and_its_places_are_jumped_to(store: Workspace) -> None:
    store.documents.save_reply(SavedReply("Refund soon", "Dear {first_name},\n\n{amount} goes back {when}."))
    store.documents.save_reply(SavedReply("Thanks", "Thank you!"))
    async with playing(store) as stage:
        await stage.press("enter", "r", ";")
        assert "Thank you!" in stage.pane("prompt")
        await stage.type("rfnd")
        await stage.press("enter")
        await stage.type("12 EUR")
        await stage.press("tab")
        await stage.type("tomorrow")
        assert stage.app.inbox.writing.text == "Dear Anna,\n\n12 EUR goes back tomorrow."


async def test_a_semicolon_within_a_line_is_a_semicolon(store: Workspace) -> None:
    store.documents.save_reply(SavedReply("Thanks", "Thank you!"))
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("yes; no")
        assert stage.app.inbox.writing.text == "yes; no"
        await stage.press("ctrl+r", "enter")
        assert stage.app.inbox.writing.text == "yes; noThank you!"


async def test_a_place_left_unfilled_holds_the_letter_and_tab_leads_there(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Your parcel {tracking number} is on its way.")
        await stage.press("ctrl+s", "enter")
        assert "Not sent. {tracking number} is still to be filled." in stage.said
        await stage.press("tab")
        await stage.type("4711")
        await stage.press("ctrl+s", "enter")
    assert store.items(2)[-1].reply == "Your parcel 4711 is on its way."


# --------------------------------------------------------------------------- as it will be read


async def test_the_preview_shows_what_the_customer_reads_and_goes_away_again(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("On its **way**.")
        await stage.press("ctrl+p")
        above = stage.pane("conversation")
        assert "As it will be read · Re: Refund for order 4711" in above
        assert "On its **way**." in above
        assert "Anna Weber wrote:" in above
        assert "> the blue lamp arrived broken." in above
        assert "On its **way**." in stage.pane("composer")
        await stage.press("ctrl+p")
        assert "As it will be read" not in stage.text
        await stage.press("ctrl+p", "escape")
        assert "As it will be read" not in stage.text
        assert stage.app.inbox.writing.is_open


async def test_a_new_letter_has_a_preview_of_its_own(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("c")
        await stage.type("lea@krol.example")
        await stage.press("enter", "escape")
        await stage.type("Hello Lea" + " and so on" * 20 + " to the end.")
        await stage.press("ctrl+p")
        assert "to the end." in stage.pane("conversation")
        assert "As it will be read · (no subject)" in stage.pane("conversation")
        assert "Hello Lea" in stage.pane("conversation")


# --------------------------------------------------------------------------- what is painted


async def test_a_letter_that_was_begun_goes_on_in_its_text_and_one_that_only_holds_a_file_with_its_fields(
    store: Workspace,
) -> None:
    async with playing(store) as stage:
        await stage.press("c", "escape")
        await stage.type("Dear")
        await stage.press("escape", "c")
        await stage.type(" Jo")
        assert stage.app.inbox.writing.text == "Dear Jo"
        await stage.press("escape")
        assert stage.app.inbox.letter is None
    store.save_draft(Draft(0, "anna", "new", "", files=(store.keep_file(b"%PDF-1.7", "invoice.pdf"),)))
    async with playing(store) as stage:
        await stage.press("c")
        await stage.type("jo@park.example")
        assert "To       jo@park.example" in stage.pane("compose-head")
        assert "invoice.pdf" in stage.pane("compose-head")


async def test_copying_where_nothing_is_selected_does_nothing(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.hurry(*"keep", "ctrl+c", "ctrl+x", "!")
        assert stage.app.inbox.writing.text.startswith("keep")


async def test_the_keys_of_a_shell_cut_at_once(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.hurry(*"keepcut", "left", "left", "left", "alt+delete", "!")
        assert stage.app.inbox.writing.text == "keep!"
        composer = stage.app.inbox.writing.composer
        assert composer is not None
        await stage.hurry("home")
        composer.type_key("ctrl+k", None)  # for those who have unbound it from knowledge
        assert stage.app.inbox.writing.text == ""
        await stage.hurry("ctrl+u", *"again")
        assert stage.app.inbox.writing.text == "again"


async def test_painting_only_what_a_key_has_changed_shows_what_is_there(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("enter", "r")
        for keys in (
            [*"A long line that wraps when it gets to the end of eighty columns, which it does now."],
            ["enter", "enter", *"日本語 and é 🙏"],
            ["up", "home", *"x", "end", "backspace"],
            ["ctrl+u", "up", "ctrl+k", "down"],
            ["enter"] * 14,
            ["pageup", *"above", "shift+up", "shift+home", *"over"],
        ):
            await stage.hurry(*("space" if key == " " else "comma" if key == "," else key for key in keys))
            seen = stage.pane("composer")
            composer = stage.app.inbox.writing.composer
            assert composer is not None
            composer.refresh()
            await stage.rest()
            assert seen == stage.pane("composer")
