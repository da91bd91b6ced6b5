"""An attachment as text, without trusting it: read in a process of its own with limits, shown as plain lines.

`preview` is what a screen calls: it starts this module as a child with 5 seconds, 512 MB, no files to write but its own
bounded answer, and shows why when the child did not make it. `told` is what the child does.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from inbox.model import Attachment
from inbox.text import sanitise

SECONDS = 5
"""How long a preview may take."""

MEMORY = 512 * 2**20
"""Bytes of memory its process may have."""

LONGEST_ANSWER = 1_000_000
"""Bytes of text a preview may have."""

LARGEST = 50_000_000
"""Bytes of an attachment that are given to the child."""

MOST_LINES = 5_000
_LONGEST_LINE = 2_000
_ROOT = Path(__file__).resolve().parents[1]
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from inbox.previews import serve; serve(*sys.argv[2:])"


def preview(attachment: Attachment, data: bytes) -> list[str]:
    """An attachment as lines of clean text, or a line that says why there are none; never raises for what it holds."""
    if len(data) > LARGEST:
        return [f"Larger than {LARGEST // 1_000_000} MB: not previewed. Save it to look at it."]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(data)
        given.seek(0)
        why = ""
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-c", _CHILD, str(_ROOT), attachment.type, attachment.name or ""],
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                timeout=SECONDS,
                check=False,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            )
            if done.returncode:
                why = "cannot be read as what it says it is, or only with too much time or memory"
        except subprocess.TimeoutExpired:
            why = f"takes longer than {SECONDS} seconds to read"
        except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
            return [f"The preview could not be started ({type(error).__name__})."]
        answer.seek(0)
        text = answer.read(LONGEST_ANSWER).decode("utf-8", "replace")
    if why and not text.strip():
        return [f"It {why}: not previewed."]
    lines = [sanitise(line, _LONGEST_LINE) for line in text.split("\n")[:MOST_LINES]]
    while lines and not lines[-1].strip():
        lines.pop()
    if why:
        lines += ["", f"… the rest {why}"]
    return lines or ["There are no words in it."]


def limit() -> None:
    """Give this process its memory, its time, and no more to write than an answer; a crash leaves nothing behind."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LONGEST_ANSWER, LONGEST_ANSWER))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(kind: str, name: str) -> None:
    """Be the child: read the attachment from standard input, tell it on standard output."""
    limit()
    data = sys.stdin.buffer.read()
    from inbox.previewers import told

    room = LONGEST_ANSWER - 1
    for piece in told(kind, name, data):  # what has been read is there, whatever the rest does
        text = piece.encode("utf-8", "replace")[:room]
        room -= len(text)
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    os._exit(0)  # no library of the child gets another word
