"""The picture of the screen in the README, made by the program itself: `python -m benchmarks.picture docs/screen.svg`.

The clock is pinned, so the same program makes the same picture.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import sys
import tempfile
from pathlib import Path

from inbox.demo.orders import write_program
from inbox.demo.shop import Shop, settings_text
from inbox.panel_running import Panels
from inbox.text import cells
from main import open_screen, open_store
from tui.line.desk import Desk, unix_user

NOW = 1_773_565_200  # 2026-03-15T09:00:00Z
SIZE = (160, 46)
KEYS = ("enter",)

_RUN = re.compile(
    r'<text class="([^"]*)" x="([\d.]*)" y="([\d.]*)" textLength="([\d.]*)" ([^>]*)>([^<]*)</text>'
)
_CELL, _LINE, _ABOVE = 12.2, 24.6, 18.5
"""How wide and high the exporter draws one cell, and how far its top is above the line that text stands on."""

_BARS = {"│": (0.5, 1.2), "┃": (0.45, 2.6), "▌": (0.0, 6.1)}
"""Where in its cell a bar begins, in cells, and how wide it is: as text it would have a gap between two lines."""


async def _shoot(desk: Desk) -> str:
    from tui.app import FrontdeskApp
    from tui.seat import seat_at

    app = FrontdeskApp(seat_at(desk))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(0.5)  # keys pressed before the first paint are not taken
        for key in KEYS:
            await pilot.press(key)
            await pilot.pause(0.5)
        await pilot.pause()
        return app.export_screenshot(title="frontdesk demo")


def _words_apart(run: re.Match[str]) -> str:
    """Place each word by itself: viewers differ in how wide they draw blanks and characters of two cells."""
    style, begins, y, _, rest, text = run.groups()
    plain = html.unescape(text)
    pieces = []
    for word in re.finditer(r"\S+", plain.replace("\xa0", " ")):
        start = float(begins) + cells(plain[: word.start()]) * _CELL
        width = cells(word[0]) * _CELL
        if word[0] in _BARS:
            left, wide = _BARS[word[0]]
            x, top = start + left * _CELL, float(y) - _ABOVE
            pieces.append(
                f'<rect class="{style}" x="{x:.1f}" y="{top:.1f}" width="{wide}" height="{_LINE}"/>'
            )
            continue
        pieces.append(
            f'<text class="{style}" x="{start:.1f}" y="{y}" textLength="{width:.1f}" {rest}>{html.escape(word[0])}</text>'
        )
    return "".join(pieces)


def main() -> None:
    """Furnish the shop, open the screen without a terminal, press some keys, and write what is shown."""
    os.environ["FRONTDESK_THEME"] = "dark"
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screen.svg")
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(
            open_store=open_store, open_screen=open_screen, workspace=Path(folder), pinned=NOW, as_name="Kim"
        )
        settings = settings_text("Kim", unix_user()) + write_program(desk.workspace, sys.executable)
        (desk.workspace / "settings.toml").write_text(settings, "utf-8")
        Shop(desk.store(), "Kim", NOW).live()
        panels = Panels(desk.store(), desk.settings(), desk.now, os.environ)
        panels.start()
        picture = asyncio.run(_shoot(desk))
        panels.end()
        desk.close()
    picture = _RUN.sub(_words_apart, picture)
    # fonts of the reader's own machine: a picture loads nothing from elsewhere
    picture = re.sub(r"@font-face\s*\{[^}]*\}", "", picture)
    picture = picture.replace("Fira Code", "monospace")
    target.write_text(picture, "utf-8")
    print(f"{target}: {len(picture)} bytes")


if __name__ == "__main__":
    main()
