"""A picture that came with a mail, small enough for a terminal, and decoded without trusting it: in a process of its own
with its limits (`inbox.untrusted`).

Decoding needs Pillow, which is an extra (`pip install 'frontdesk[pictures]'`).
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import NamedTuple

from inbox.untrusted import LARGEST, ask_child

MARKS = {b"\x89PNG\r\n\x1a\n": "PNG", b"GIF8": "GIF", b"\xff\xd8\xff": "JPEG", b"BM": "BMP", b"RIFF": "WebP"}
"""How a picture begins, and of what kind it is, which is what Pillow calls it, too."""

INSTALL = "pip install 'frontdesk[pictures]'"

MOST_PIXELS = 300_000
"""Of what is asked for: an answer fits into what a child may write."""

COLOURS = 64
"""A terminal is told each change of colour in up to 38 bytes: so many do, and a photograph still looks like one."""

_GROUND = "white"
"""Behind what is transparent, as paper is."""


class Picture(NamedTuple):
    """Rows of pixels from top to bottom, three bytes each: red, green, blue."""

    width: int
    height: int
    pixels: bytes

    def row(self, y: int) -> list[tuple[int, int, int]]:
        """The pixels of a row; of one below the last, that one again."""
        start = min(y, self.height - 1) * self.width * 3
        found = self.pixels[start : start + self.width * 3]
        return list(zip(found[::3], found[1::3], found[2::3], strict=True))


def is_picture(data: bytes) -> bool:
    """Whether it begins as a picture does that can be shown."""
    return data.startswith(tuple(MARKS))


def can_decode() -> bool:
    """Whether the extra is installed."""
    return find_spec("PIL") is not None


def picture(data: bytes, width: int, height: int) -> Picture | None:
    """A picture with its sides in proportion within so many pixels; None where it cannot be read, or not within limits."""
    if len(data) > LARGEST or width < 1 or height < 1 or width * height > MOST_PIXELS:
        return None
    answer, why = ask_child(__name__, (str(width), str(height)), data)
    if why or len(answer) < 4:
        return None
    wide, high = int.from_bytes(answer[:2], "big"), int.from_bytes(answer[2:4], "big")
    pixels = answer[4:]
    return Picture(wide, high, pixels) if wide and high and len(pixels) == wide * high * 3 else None


def serve(width: str, height: str) -> None:
    """Be the child: read the picture from standard input, write its sides, two bytes each, and its pixels."""
    from PIL import Image, ImageOps

    with Image.open(sys.stdin.buffer, formats=list(MARKS.values())) as opened:
        # of a large JPEG an eighth is decoded, which is fast
        opened.draft("RGB", (int(width) * 2, int(height) * 2))
        turned = ImageOps.exif_transpose(opened).convert("RGBA")
    turned.thumbnail((int(width), int(height)))
    shown = Image.new("RGB", turned.size, _GROUND)
    shown.paste(turned, mask=turned)
    shown = shown.quantize(COLOURS).convert("RGB")
    sides = b"".join(side.to_bytes(2, "big") for side in shown.size)
    sys.stdout.buffer.write(sides + shown.tobytes())
