"""Which terminal a person sits at, and what it may be sent: only what `frontdesk doctor --terminal` has seen pass there.

A notice of the desktop (OSC 9, OSC 777) and the clipboard (OSC 52) are sequences a terminal obeys without an answer;
where one does not know them it may print them. Text in them is one sanitised line of ours.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from inbox.text import one_line

BELL = "\a"
PASSES = ("osc9", "osc777", "osc52", "synchronized", "truecolour", "wide", "emoji")
"""What is remembered of a terminal."""
TITLE = "Frontdesk"
LONGEST = 200
"""Characters of a notice."""


def inside(environment: Mapping[str, str]) -> str:
    """The multiplexer around us: "tmux", "screen" or ""; over SSH only TERM tells of it."""
    name = environment.get("TERM", "")
    if "TMUX" in environment or name.startswith("tmux"):
        return "tmux"
    return "screen" if "STY" in environment or name.startswith("screen") else ""


def terminal_key(environment: Mapping[str, str]) -> str:
    """Under which what was seen of this terminal is remembered: TERM, TERM_PROGRAM, and the multiplexer around it."""
    words = (environment.get("TERM", ""), environment.get("TERM_PROGRAM", ""), inside(environment))
    return " / ".join(one_line(word, 40) or "-" for word in words)


def through(sequence: str, multiplexer: str) -> str:
    """A sequence on its way through tmux or screen, which would swallow it (allow-passthrough must be on in tmux).

    A string of screen's is short: a longer sequence goes in pieces.
    """
    if multiplexer == "tmux":
        return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
    if multiplexer == "screen":
        pieces = [sequence[start : start + 500] for start in range(0, len(sequence), 500)]
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence


def desktop_notice(words: str, way: str, multiplexer: str = "") -> str:
    """The sequence that asks for a notice: `way` is "osc9" or "osc777".

    A number and a semicolon at its beginning would make OSC 9 something else (ConEmu), and a semicolon ends a field of
    OSC 777.
    """
    said = one_line(words, LONGEST).replace(";", ",")
    body = f"9;{TITLE}: {said}" if way == "osc9" else f"777;notify;{TITLE};{said}"
    return through(f"\x1b]{body}\a", multiplexer)


def to_clipboard(text: str, multiplexer: str = "") -> str:
    """The sequence that puts a text into the clipboard. tmux takes it itself (set-clipboard on), and passes it on."""
    from base64 import b64encode

    sequence = f"\x1b]52;c;{b64encode(text.encode()).decode()}\a"
    return sequence if multiplexer == "tmux" else through(sequence, multiplexer)


def sounds(words: str, passed: Collection[str], multiplexer: str = "") -> str:
    """What tells a person who looks elsewhere: the bell, and one notice where one was seen to pass."""
    way = next((each for each in ("osc777", "osc9") if each in passed), None)
    return BELL + (desktop_notice(words, way, multiplexer) if way is not None else "")
