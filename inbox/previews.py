"""An attachment as text, without trusting it: read in a process of its own (`inbox.untrusted`), shown as plain lines.

`preview` is what a screen calls; `serve` is what the child does.
"""

from __future__ import annotations

import sys

from inbox.model import Attachment
from inbox.text import sanitise
from inbox.untrusted import LARGEST, LONGEST_ANSWER, ask_child

MOST_LINES = 5_000
_LONGEST_LINE = 2_000


def preview(attachment: Attachment, data: bytes) -> list[str]:
    """An attachment as lines of clean text, or a line that says why there are none; never raises for what it holds."""
    if len(data) > LARGEST:
        return [f"Larger than {LARGEST // 1_000_000} MB: not previewed. Save it to look at it."]
    answer, why = ask_child(__name__, (attachment.type, attachment.name or ""), data)
    text = answer.decode("utf-8", "replace")
    if why and not text.strip():
        return [f"It {why}: not previewed."]
    lines = [sanitise(line, _LONGEST_LINE) for line in text.split("\n")[:MOST_LINES]]
    while lines and not lines[-1].strip():
        lines.pop()
    if why:
        lines += ["", f"… the rest {why}"]
    return lines or ["There are no words in it."]


def serve(kind: str, name: str) -> None:
    """Be the child: read the attachment from standard input, tell it on standard output."""
    data = sys.stdin.buffer.read()
    from inbox.previewers import told

    room = LONGEST_ANSWER - 1
    for piece in told(kind, name, data):  # what has been read is there, whatever the rest does
        text = piece.encode("utf-8", "replace")[:room]
        room -= len(text)
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
