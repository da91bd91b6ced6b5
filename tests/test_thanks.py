"""A mere thank-you wakes nobody, starts no clock and can be undone; whatever says more is a message like any other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inbox.model import Address, Attachment, ClockKind, ClockState, Message, Status, Who
from inbox.queries import Flag, Is
from inbox.thanks import only_thanks
from inbox.waking import wake
from tests.stores import DAY, OURS, Desk, desk, letter

HOUR = 3600
QUOTE = "On Mon, 16 Mar 2026 Nadia Ferro <support@shop.example> wrote:\n> It is on its way.\n> Nadia\n"


def written(reply: str, **more: Any) -> Message:
    given = {
        "sender": (Address("Jo Park", "jo@park.example"),),
        "to": (Address("The Shop", OURS),),
        "quoted": QUOTE,
    }
    return Message(reply=reply, **(given | more))


@pytest.mark.parametrize(
    "reply",
    [
        "Thanks!",
        "THANK YOU!!!",
        "thx :)",
        "🙏",
        "Thanks 👍🏽",
        "Thank you so much, Nadia! Have a nice weekend!",
        "Hi Nadia,\n\nmany thanks for your quick reply.\n\nKind regards,\nJo",
        "Perfect, thank you.\n\nBest regards\nMaria van der Berg",
        "Thanks Robin!",
        "Vielen Dank für die schnelle Antwort!\nLG Jo",
        "Hallo Frau Ferro,\nherzlichen Dank, ich wünsche Ihnen ein schönes Wochenende 😊",
        "Besten Dank und freundliche Gruesse",
        "Merci beaucoup, bonne journée à vous !",
        "Muchísimas gracias por su ayuda. Un saludo, Jo Park",
        "Grazie mille! Buona giornata",
        "Muito obrigada pela ajuda",
        "Hartelijk dank voor de snelle reactie, fijn weekend!",
        "Dziękuję bardzo za szybką odpowiedź. Pozdrawiam",
        "Tack så mycket för hjälpen!",
        "Mange tak for hjælpen. Ha en god dag",
        "Tusen takk for hjelpen!",
        "Kiitos paljon!",
        "Moc děkuji, hezký den",
        "Большое спасибо за помощь!",
        "Щиро дякую",
        "Çok teşekkür ederim",
        "Σας ευχαριστώ πολύ",
        "ありがとうございました。",
        "早速のご返信ありがとうございます。よろしくお願いいたします。",
        "谢谢您的帮助！",
        "감사합니다",
        "ขอบคุณค่ะ",
        "شكرا جزيلا",
        "תודה רבה",
    ],
)
def test_thanks_with_what_is_said_around_them(reply: str) -> None:
    assert only_thanks(written(reply))


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Hello",
        "OK",
        "👍",  # a yes, perhaps, to what we asked
        "Best regards\nJo",
        "Thanks, but it is still broken.",
        "Thanks. When will it arrive",
        "Thank you?",
        "Thank you so much ？",
        "Thanks, please also send the invoice.",
        "No thanks",
        "yes thanks",
        "Thanks for nothing",
        "Thanks in advance",
        "Vielen Dank im Voraus",
        "Thanks. Paid.",
        "Thanks!\nCancelled",
        "Thanks 4711",
        "Thanks for order ⅷ ①",
        "Thanks www.example.com",
        "Thank you 😡",
        "Thanks ✅",
        "Danke, aber es geht noch nicht",
        "Danke, bitte stornieren",
        "Danke, nein",
        "Ja, danke",
        "Tak",  # a Polish yes
        "Tak, dziękuję",
        "Nej tak",
        "Non merci",
        "Sí, gracias",
        "Goed, bedankt",
        "帮助，谢谢",
        "不用了，谢谢",
        "Merci, mais non",
        "Gracias, pero no funciona",
        "Grazie, però manca una lampada",
        "ありがとうございます。まだ届いていません。",
        "谢谢，但是还没收到",
        "Спасибо, но не работает",
        "Thank you for your reply. I disagree.",
        "Thanks Refund Please",
        "thanks " * 80,
    ],
)
def test_whatever_says_more_is_a_message_like_any_other(reply: str) -> None:
    assert not only_thanks(written(reply))


def test_an_attachment_says_more() -> None:
    assert not only_thanks(written("Thanks!", attachments=(Attachment("a.pdf", "application/pdf", 9),)))


def test_a_name_is_one_that_the_message_knows() -> None:
    assert only_thanks(written("Thanks, Nadia!"))
    assert not only_thanks(written("Thanks, Nadia!", quoted=""))  # perhaps a word we do not know
    assert only_thanks(written("Thanks!\nJo P.", quoted=""))


# --------------------------------------------------------------------------- what becomes of it


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    """Jo has asked, and was answered."""
    here = desk(tmp_path)
    here.gets(letter(id_="<1@p>"))
    here.hands_over(here.replies("ann", 1))
    yield here
    here.verified()
    here.store.close()


def says(shop: Desk, text: str = "Thank you very much!", **more: Any) -> int:
    """Jo writes back; the conversation it went to."""
    shop.tick(HOUR)
    given: dict[str, Any] = {"subject": "Re: Where is my parcel?", "at": shop.now, "id_": f"<{shop.now}@p>"}
    return shop.gets(letter(answers=["<1@p>"], text=text, **(given | more)))


def running(shop: Desk) -> list[ClockKind]:
    return [clock.kind for clock in shop.store.clocks(1, shop.now) if clock.state is ClockState.RUNNING]


@pytest.mark.parametrize("status", [Status.WAITING, Status.CLOSED, Status.SNOOZED, Status.HELD])
def test_it_leaves_everything_as_it_is(shop: Desk, status: Status) -> None:
    if status is Status.CLOSED:
        shop.did("ann", "close", conversation=1)
    elif status is Status.SNOOZED:
        shop.did("ann", "snooze", conversation=1, until=shop.now + 9 * DAY)
    elif status is Status.HELD:
        shop.did("ann", "hold", conversation=1, whom="carrier")
    due = shop.store.rows([1])[0].due_at
    assert says(shop) == 1
    row = shop.store.rows([1])[0]
    assert (row.conversation.status, row.conversation.waiting_since, row.due_at) == (status, None, due)
    assert row.conversation.thanks and row.conversation.unread and row.conversation.last_from == "customer"
    assert list(shop.store.ids(Is(Flag.THANKS), Who("ann"), shop.now)) == [1]


def test_one_key_makes_it_a_message_with_a_clock_from_when_it_came(shop: Desk, tmp_path: Path) -> None:
    shop.did("ann", "close", conversation=1)
    says(shop)
    came = shop.now
    shop.tick(3 * DAY)
    shop.did("ann", "reopen", conversation=1)
    here = shop.store.rows([1])[0]
    assert (here.conversation.status, here.conversation.waiting_since) == (Status.OPEN, came)
    assert not here.conversation.thanks
    other = desk(tmp_path / "other")  # the same, had it said more
    other.gets(letter(id_="<1@p>"))
    other.hands_over(other.replies("ann", 1))
    other.did("ann", "close", conversation=1)
    says(other, "Thank you, but it is broken.")
    assert other.now == came
    assert here.due_at == other.store.rows([1])[0].due_at
    assert [(c.kind, c.started, c.due) for c in shop.store.clocks(1, shop.now)] == [
        (c.kind, c.started, c.due) for c in other.store.clocks(1, shop.now)
    ]
    other.store.close()
    shop.did("ann", "undo", by="ann")
    assert shop.state(1).thanks
    assert running(shop) == []


def test_opened_by_hand_it_can_still_be_said_to_be_more(shop: Desk) -> None:
    says(shop)
    shop.did("ann", "snooze", conversation=1, until=shop.now + HOUR)
    shop.tick(2 * HOUR)
    assert wake(shop.store, shop.now) == 1
    assert shop.state(1).thanks
    shop.did("ann", "reopen", conversation=1)
    assert running(shop) == [ClockKind.NEXT_REPLY]
    assert shop.do("ann", "reopen", conversation=1).refusal is not None


def test_what_comes_after_it_wakes_as_ever_and_counts_from_itself(shop: Desk) -> None:
    says(shop)
    says(shop, "It does not work after all.")
    here = shop.state(1)
    assert (here.status, here.waiting_since, here.thanks) == (Status.OPEN, shop.now, False)


def test_thanks_for_what_nobody_has_done_yet_are_a_message_like_any_other(shop: Desk) -> None:
    first = shop.gets(letter("lea@krol.example", text="Thank you!", id_="<t@krol>", subject="Lamps"))
    assert shop.state(first).waiting_since is not None
    again = shop.gets(
        letter("lea@krol.example", text="Thanks!", id_="<t2@krol>", subject="Re: Lamps", answers=["<t@krol>"])
    )
    assert again == first
    assert not shop.state(first).thanks


def test_another_subject_says_something_by_itself(shop: Desk) -> None:
    says(shop, subject="Please cancel my order")
    assert shop.state(1).status is Status.OPEN


def test_thanks_of_somebody_who_had_no_part_in_it_are_looked_at(shop: Desk) -> None:
    ours = shop.store.items(1)[-1].message_id or ""
    shop.tick(HOUR)
    shop.gets(letter("mallory@else.example", id_="<m@e>", answers=[ours], text="Thanks!",
                     subject="Re: Where is my parcel?", at=shop.now))  # fmt: skip
    assert shop.state(1).status is Status.OPEN


def test_a_follow_up_outlives_thanks_and_not_what_says_more(shop: Desk) -> None:
    until = shop.now + 5 * DAY
    shop.did("ann", "follow-up", conversation=1, until=until)
    says(shop)
    assert shop.state(1).follow_up_at == until
    says(shop, "It works, all well.")
    assert shop.state(1).follow_up_at is None
