"""What the terminal before us can do: asked of itself where it answers, else of the person who sees it.

What passes is remembered for this person and this terminal; nothing else is ever sent to it unasked.
"""

from __future__ import annotations

import re
import secrets
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Iterator, Mapping

from inbox.text import cells, one_line
from tui.checkup.finding import Finding
from tui.checkup.questions import Tty
from tui.terminal_kind import BELL, desktop_notice, inside, terminal_key, to_clipboard

CHECK = "terminal"
ADVICE = {
    "tmux": "In tmux.conf: set -g allow-passthrough on (notices), set -g set-clipboard on (copying); then tmux source.",
    "screen": "GNU screen passes notices on as they are; copying needs a screen that does not cut long sequences.",
}
_TRUECOLOUR = re.compile(rb"48[:;]2[:;]{1,2}1[:;]2[:;]3")
_SYNCHRONIZED = re.compile(rb"\x1b\[\?2026;[123]\$y")
_VERSION = re.compile(rb"\x1bP>\|([^\x1b]*)\x1b\\")
_CURSOR = re.compile(rb"\x1b\[\d+;(\d+)R")
_COPIED = re.compile(rb"\x1b\]52;[a-z0-9]*;([A-Za-z0-9+/=]*)(?:\x07|\x1b\\)")
SAMPLES = (("wide", "界"), ("emoji", "🚚"))


def examine(line: Tty, environment: Mapping[str, str], passed: set[str]) -> Iterator[Finding]:
    """Ask, and note in `passed` what passes (names of `tui.terminal_kind.PASSES`)."""
    around = inside(environment)
    if around:
        yield Finding(CHECK, around, None, "lies between us and the terminal")
    if line.asked("") is None:
        said = "It answers no question: it is sent nothing but text, colours and the bell."
        yield Finding(
            CHECK, "answers", None, said, ADVICE.get(around, "Use a terminal that knows DA1, as most do.")
        )
        return
    yield Finding(CHECK, "answers", True, terminal_key(environment))
    yield from _by_itself(line, environment, passed)
    yield from _copying(line, around, passed)
    yield from _by_eye_and_ear(line, around, passed)


def _by_itself(line: Tty, environment: Mapping[str, str], passed: set[str]) -> Iterator[Finding]:
    version = _VERSION.search(line.asked("\x1b[>0q") or b"")
    name = one_line(version[1].decode("utf-8", "replace"), 60) if version else ""
    yield Finding(CHECK, "name", True if name else None, name or "It does not say (XTVERSION).")
    if _SYNCHRONIZED.search(line.asked("\x1b[?2026$p") or b""):
        passed.add("synchronized")
        yield Finding(CHECK, "synchronized", True, "It paints a whole screen at once (mode 2026).")
    else:
        yield Finding(
            CHECK, "synchronized", None, "It does not say that it can: a screen may be seen half painted."
        )
    colours = line.asked("\x1b[48;2;1;2;3m\x1bP$qm\x1b\\\x1b[0m") or b""
    if _TRUECOLOUR.search(colours):
        passed.add("truecolour")
        yield Finding(CHECK, "colours", True, "16 million")
    elif environment.get("COLORTERM", "") in ("truecolor", "24bit"):
        yield Finding(CHECK, "colours", True, "16 million, as COLORTERM says; it does not say so itself")
    else:
        yield Finding(
            CHECK, "colours", None, "It does not say; by TERM. FRONTDESK_THEME=ansi takes its own sixteen."
        )
    for what, sample in SAMPLES:
        yield _width(line, what, sample, passed)


def _width(line: Tty, what: str, sample: str, passed: set[str]) -> Finding:
    answer = line.asked(f"\r{sample}\x1b[6n")
    line.say("\r\x1b[K")
    found = _CURSOR.search(answer or b"")
    if found is None:
        return Finding(CHECK, what, None, "It does not say where the cursor is.")
    took, expected = int(found[1]) - 1, cells(sample)
    if took == expected:
        passed.add(what)
        return Finding(CHECK, what, True, f"takes {took} cells")
    mend = "Choose a UTF-8 locale and a terminal of the last ten years, or columns will not stand below each other."
    return Finding(CHECK, what, None, f"takes {min(took, 999)} cells instead of {expected}", mend)


def _copying(line: Tty, around: str, passed: set[str]) -> Iterator[Finding]:
    """OSC 52: whether a text gets into the clipboard. What a multiplexer answers tells of its own buffer alone."""
    word = f"frontdesk-{secrets.token_hex(3)}"
    line.say(to_clipboard(word, around))
    answer = None if around else _COPIED.search(line.asked("\x1b]52;c;?\a") or b"")
    if answer is not None and _decoded(answer[1]) == word.encode():
        passed.add("osc52")
        yield Finding(CHECK, "clipboard", True, "Copying passes (OSC 52); it gave back what was copied.")
        return
    pasted = line.pasted(
        "A word was copied. Paste it with your terminal's own key, then Return (Return alone: no):"
    )
    if pasted is not None and word.encode() in pasted:
        passed.add("osc52")
        yield Finding(CHECK, "clipboard", True, "Copying passes (OSC 52).")
    else:
        said = "Copying does not pass (OSC 52): links are shown to be marked by hand."
        yield Finding(
            CHECK, "clipboard", None, said, ADVICE.get(around, "Many terminals have a setting for it.")
        )


def _decoded(text: bytes) -> bytes:
    try:
        return b64decode(text, validate=True)
    except NoBase64:
        return b""


def _by_eye_and_ear(line: Tty, around: str, passed: set[str]) -> Iterator[Finding]:
    line.say(BELL)
    heard = line.yes("The bell was rung. Did you hear or see it?")
    mend = "" if heard else "Switch it on in the terminal, or say bell = false in [alerts]."
    yield Finding(CHECK, "bell", True if heard else None, "rings" if heard else "not noticed", mend)
    for way, called in (("osc9", "OSC 9"), ("osc777", "OSC 777")):
        line.say(desktop_notice(f"a notice by {called}", way, around))
        if line.yes(f"A notice was sent by {called}. Did it appear on the desktop?"):
            passed.add(way)
            yield Finding(CHECK, way, True, "Notices of alerts pass.")
        else:
            yield Finding(
                CHECK, way, None, "No notice appeared: none is sent this way.", ADVICE.get(around, "")
            )
