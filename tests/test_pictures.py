"""Pictures that came with a mail, on the screen: seen where colours are, decoded apart, and no bomb hurts."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw
from rich.color import ColorSystem

from inbox import pictures
from inbox.pictures import Picture, picture
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import deliver
from tests.test_attachments import letter
from tui.widgets.half_blocks import half_blocks

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def drawn(kind: str = "PNG", size: tuple[int, int] = (400, 200), **more: object) -> bytes:
    """Red on the left, blue on the right."""
    made = Image.new("RGB", size, RED)
    ImageDraw.Draw(made).rectangle((size[0] // 2, 0, size[0], size[1]), BLUE)
    out = io.BytesIO()
    made.save(out, kind, **more)
    return out.getvalue()


def near(pixel: Sequence[int], colour: Sequence[int]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_a_picture_is_made_as_small_as_its_room_in_proportion(kind: str) -> None:
    found = picture(drawn(kind), 80, 60)
    assert found is not None
    assert (found.width, found.height) == (80, 40)
    assert near(found.row(20)[4], RED) and near(found.row(20)[75], BLUE)


def test_a_photograph_stands_upright_and_nothing_shines_through() -> None:
    turned = Image.new("RGB", (400, 200), RED)
    exif = turned.getexif()
    exif[0x0112] = 6  # to be turned by a quarter (Exif 2.3, Orientation)
    out = io.BytesIO()
    turned.save(out, "JPEG", exif=exif)
    found = picture(out.getvalue(), 100, 100)
    assert found is not None and (found.width, found.height) == (50, 100)
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    found = picture(out.getvalue(), 10, 10)
    assert found is not None and found.row(0)[0] == WHITE


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n",
        drawn()[:200],
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x02\0\0\0"
        + zlib.compress(bytes(9_000_000)),
        b"GIF89a" + bytes(range(256)) * 40,
        b"%!PS-Adobe-3.0 EPSF-3.0\n(rm) run\n",
        b"",
    ],
)
def test_what_is_no_picture_or_a_bomb_is_none(data: bytes) -> None:
    assert picture(data, 80, 60) is None


def test_a_cell_shows_two_pixels() -> None:
    lines = half_blocks(Picture(2, 3, bytes([*RED, *BLUE, *BLUE, *BLUE, *RED, *RED])))
    assert [line.text for line in lines] == ["▀ ", "  "], "where both are the same, a blank"
    upper, lower = lines[0]._segments[0].style, lines[0]._segments[1].style
    assert upper is not None and upper.color is not None and upper.bgcolor is not None
    assert (upper.color.triplet, upper.bgcolor.triplet) == (RED, BLUE)
    assert lower is not None and lower.bgcolor is not None and lower.bgcolor.triplet == BLUE


async def looked_at(
    stage: Stage, store: Workspace, data: bytes, colours: ColorSystem = ColorSystem.TRUECOLOR
) -> str:
    """What is shown of an attachment that calls itself photo.png, at a terminal of so many colours."""
    stage.app.console._color_system = colours
    number = deliver(store, letter((data, "image/png", "photo.png")))
    stage.app.inbox.moving.open_conversation(number)
    await stage.rest()
    await stage.press("o", "enter")
    await stage.until(lambda: "picture" in stage.pane("attachments"))
    return stage.pane("attachments")


async def test_a_picture_is_seen_beside_its_size_and_goes_with_q(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        shown = await looked_at(stage, store, drawn(size=(300, 300)))
        assert "PNG picture, 300 × 300 pixels" in shown
        lines = stage.lines
        top = next(y for y, line in enumerate(lines) if "PNG picture" in line) + 2
        colours = [
            segment.style.bgcolor.triplet
            for segment in stage.app.screen._compositor.render_strips()[top + 3]
            if segment.style is not None and segment.style.bgcolor is not None
        ]
        assert RED in colours and BLUE in colours and colours.index(RED) < colours.index(BLUE)
        await stage.press("q")
        assert "photo.png" in stage.pane("attachments")


async def test_who_has_no_colours_reads_what_it_is(store: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with playing(store, (80, 24)) as stage:
        assert "▀" not in await looked_at(stage, store, drawn())
        assert "as text" in stage.pane("attachments")


async def test_who_has_few_colours_reads_what_it_is(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        assert "as text" in await looked_at(stage, store, drawn(), ColorSystem.STANDARD)


async def test_what_is_broken_or_cannot_be_decoded_here_says_so(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(store, (80, 24)) as stage:
        assert "cannot be shown: broken" in await looked_at(stage, store, drawn()[:300])
        monkeypatch.setattr(pictures, "can_decode", lambda: False)
        await stage.press("q", "enter")
        await stage.until(lambda: "frontdesk[pictures]" in stage.pane("attachments"))
