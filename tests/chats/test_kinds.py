"""Every format in six kinds: ordinary, long, hostile, cut off, exported again, foreign; formats of lines with anything."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.channels.chat.reading import Left, chats
from inbox.channels.chat.sources import Source, of_bytes, opened
from inbox.chat.shape import FORMATS, Chat, Line, Side
from tests.chats import asked, lines, one, written, zipped
from tests.chats.kinds import BEGUN, SHAPES, Said

ORDINARY = [
    Said(False, "Hello, where is order 4711?"),
    Said(True, "It left today: it comes on Tuesday."),
    Said(False, "Good"),
    Said(False, "Good"),
    Said(True, "Bye"),
    Said(False, "Wait, one more thing"),
]
FOREIGN = [
    Said(bool(number % 2), text)
    for number, text in enumerate(
        (
            "Grüße, wo bleibt die Bestellung?",
            "¿Dónde está? ¡Mañana!",
            "Não chegou ainda, coração",
            "où est-ce ? ça va",
            "ご注文の番号は22です",
            "أين طلبي؟ شكرا",
            "मेरा ऑर्डर कहाँ है",
            "Где мой заказ? Ёлки",
            "Sipariş nerede, İyi günler",
            "주문 확인 부탁드립니다",
            "סליחה, איפה ההזמנה",
            "👍🏽 👩‍👩‍👧 \U0001f600 ok",
        )
    )
]
HOSTILE = [
    Said(False, "\x1b[31mred\x1b]0;title\x07 and \x9b2J"),
    Said(True, "[31.12.23, 10:00:00] Jo: 31/12/2023, 10:00 - Anna: x"),
    Said(False, "10:00 <Anna> [2023-12-31, 10:00] Anna: [10:00] Anna: x"),
    Said(True, "\u202eevil\u2066 \u200fmarks\u200e"),
    Said(False, "<b>&amp;</b> <script>x</script> &#27; <@U9> ]]> &lt;"),
    Said(True, '"; \', | \\ \\x07 \\u0000 {"messages": []}'),
    Said(False, "../../etc/passwd (file attached) <attached: ../../x.jpg>"),
    Said(True, "$(reboot) `reboot` [bold]x[/bold] " + "a" * 20_000),
    Said(False, "the end"),
]
LONG = [
    Said(number % 3 == 0, f"thing {number} of many: {'word ' * (number % 7)}end") for number in range(500)
]


def _exported(folder: Path, form: str, said: Sequence[Said]) -> Path:
    shape = SHAPES[form]
    value = shape.write(said)
    path = folder / shape.name
    folder.mkdir(parents=True, exist_ok=True)
    return zipped(path, value) if isinstance(value, dict) and path.suffix == ".zip" else written(path, value)


def _chat(folder: Path, form: str, said: Sequence[Said]) -> Chat:
    chat = one(_exported(folder, form, said), asked("Anna", zone="UTC"))
    assert chat.format == form
    return chat


def _letters(text: str) -> str:
    """What of a text no format has a sign of its own for."""
    return "".join(sign for sign in text if sign.isalnum())


def _is_whole(folder: Path, form: str, said: Sequence[Said]) -> None:
    """Who said what and when, on which side; each line with an id of its own, the same when it is read again."""
    chat = _chat(folder, form, said)
    found = lines(chat)
    assert [_letters(each.text) for each in found] == [_letters(each.text) for each in said]
    assert [each.role for each in found] == [Side.AGENT if each.by_us else Side.CUSTOMER for each in said]
    assert [each.at for each in found] == [BEGUN + 60 * number for number in range(len(said))]
    assert len({each.id for each in found}) == len(said)
    assert {chat.participants[str(each.author)].name for each in found} <= {"Jo", "Anna", "jo", "anna", "Me"}


def ordinary(folder: Path, form: str) -> None:
    """As it is every day."""
    _is_whole(folder, form, ORDINARY)


def long(folder: Path, form: str) -> None:
    """Hundreds of lines."""
    _is_whole(folder, form, LONG)


def foreign(folder: Path, form: str) -> None:
    """Twelve scripts, letter for letter but for the space around them."""
    _is_whole(folder, form, FOREIGN)
    found = lines(_chat(folder, form, FOREIGN))
    assert [each.text.strip() for each in found] == [each.text for each in FOREIGN]


def hostile(folder: Path, form: str) -> None:
    """Orders to a terminal, signs of the format itself, what looks like another line: one line each, of who wrote it."""
    found = lines(_chat(folder, form, HOSTILE))
    assert [each.role is Side.AGENT for each in found] == [each.by_us for each in HOSTILE]
    assert "the end" in found[-1].text
    assert not [file for each in found for file in each.attachments if file.size is not None]


def cut_off(folder: Path, form: str) -> None:
    """What is whole before the cut is read, nothing else is made up, and that it is cut is said."""
    _exported(folder, form, ORDINARY)
    name = SHAPES[form].name
    value = SHAPES[form].write(ORDINARY)
    if form == "slack":
        assert isinstance(value, dict)
        last = "help/2024-01-01.json"
        day = json.dumps(value[last])
        path = zipped(folder / name, value | {last: day[: day.index("one more")]})
        texts = [each.text for each in ORDINARY[:-1]]
    else:
        whole = (folder / name).read_bytes()
        wanted = (
            ORDINARY[0].text if form == "messenger" else ORDINARY[-1].text
        )  # the newest stands first there
        path = written(folder / name, whole[: whole.index(wanted[:4].encode()) + 4])
        texts = [each.text for each in (ORDINARY[1:] if form == "messenger" else ORDINARY[:-1])]
    chat = one(path, asked("Anna", zone="UTC"))
    found = [each.text for each in chat.lines]
    assert found[: len(texts)] == texts
    assert found[len(texts) :] in ([], ["Wait"])  # of a line of text nobody can tell that it went on
    if form not in ("mail-transcript", "csv"):
        assert any(word in " ".join(chat.oddities.told) for word in ("cut off", "no JSON"))


def exported_again(folder: Path, form: str) -> None:
    """Grown, and overlapping: what was there before goes by the same ids."""
    short, whole = (lines(_chat(folder / str(end), form, ORDINARY[:end])) for end in (4, 6))
    assert [each.id for each in whole[:4]] == [each.id for each in short]
    assert len({each.id for each in whole}) == 6


KINDS: tuple[Callable[[Path, str], None], ...] = (ordinary, long, hostile, cut_off, exported_again, foreign)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_in_every_kind(tmp_path: Path, form: str, kind: Callable[[Path, str], None]) -> None:
    """No format is without one of the six."""
    kind(tmp_path, form)


BY_LINES = tuple(form for form, shape in SHAPES.items() if shape.has_lines)
_WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=5).map(" ".join)
_TALKS = st.lists(st.builds(Said, st.booleans(), _TEXTS), min_size=2, max_size=8)


def _read(form: str, data: bytes) -> list[Line]:
    source = of_bytes(data, SHAPES[form].name)
    return [
        line
        for chat in chats(source, asked("Anna", zone="UTC"), form)
        if isinstance(chat, Chat)
        for line in chat.lines
    ]


def _comes_back(form: str, said: Sequence[Said]) -> None:
    found = _read(form, str(SHAPES[form].write(said)).encode())
    assert [(each.role is Side.AGENT, each.text) for each in found] == [tuple(each) for each in said]
    assert [each.at for each in found] == [BEGUN + 60 * number for number in range(len(said))]


def _cut_loses_one(form: str, said: Sequence[Said], part: float) -> None:
    """Everything on the lines that are whole is read; of the line that is cut its beginning, at most."""
    whole = str(SHAPES[form].write(said)).encode()
    head = whole.index(
        b"10:0" if form not in ("irc", "mail-transcript") else b"10:00 <" if form == "irc" else b"[10:00]"
    )
    cut = head + int(part * (len(whole) - head))
    ended = whole[:cut].count(b"\n") - whole[:head].count(b"\n")
    found = _read(form, whole[:cut])
    if (
        form == "mail-transcript" and ended
    ):  # of a mail the last line has no end: what stands behind it may go on with it
        ended -= 1
        assert found[ended].text.startswith(said[ended].text)
        found = found[:ended]
    assert [each.text for each in found[:ended]] == [each.text for each in said[:ended]]
    assert all(said[ended].text.startswith(each.text.rstrip()) for each in found[ended:])
    assert len(found) <= ended + 1


def _anybody(said: Sequence[Said]) -> list[Said]:
    """The same, so that both have said something: else nobody can tell in some formats whose word a line is."""
    return [Said(False, "hi"), Said(True, "yes"), *said]


@pytest.mark.parametrize("form", BY_LINES)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(_TALKS, st.floats(0, 1))
def test_lines_come_back_and_a_cut_loses_one(form: str, said: list[Said], part: float) -> None:
    """Whatever is said in whatever letters; wherever the file is cut."""
    _comes_back(form, _anybody(said))
    _cut_loses_one(form, _anybody(said), part)


@pytest.mark.long
@pytest.mark.parametrize("form", BY_LINES)
@settings(max_examples=500, deadline=None)
@given(_TALKS, st.floats(0, 1))
def test_lines_come_back_and_a_cut_loses_one_again(form: str, said: list[Said], part: float) -> None:
    """The same, with many more."""
    _comes_back(form, _anybody(said))
    _cut_loses_one(form, _anybody(said), part)


def _harmless(source: Source, form: str | None) -> None:
    for chat in chats(source, asked("Anna"), form):
        if isinstance(chat, Left):
            assert chat.reason
            continue
        for line in chat.lines:
            line.text.encode()
            datetime.fromtimestamp(line.at, UTC)


@pytest.mark.long
@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=400), seed=st.integers(0, 2**32))
def test_any_bytes_raise_nothing(
    tmp_path_factory: pytest.TempPathFactory, form: str, data: bytes, seed: int
) -> None:
    """Bytes of nobody, alone and put anywhere into an export."""
    _harmless(of_bytes(data, SHAPES[form].name), form)
    folder = tmp_path_factory.mktemp("bytes", numbered=True)
    spoil = random.Random(seed)
    value = SHAPES[form].write(ORDINARY)
    if form == "slack":
        assert isinstance(value, dict)
        whole = json.dumps(value["help/2023-12-31.json"]).encode()
    else:
        whole = (value if isinstance(value, str) else json.dumps(value)).encode()
    at = spoil.randrange(len(whole))
    spoiled = whole[:at] + data + whole[at + spoil.randrange(40) :]
    for told in (None, form):
        _harmless(of_bytes(spoiled, SHAPES[form].name), told)
    if form == "slack":
        assert isinstance(value, dict)
        with opened(zipped(folder / "a.zip", value | {"help/2023-12-31.json": spoiled})) as source:
            _harmless(source, None)
