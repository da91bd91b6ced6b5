"""What came from outside in hands that may be burnt: a process of its own reads it, with 5 seconds, 512 MB, no files to
write but its own bounded answer, and nothing of ours in its environment.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

SECONDS = 5
"""How long reading may take."""

MEMORY = 512 * 2**20
"""Bytes of memory the child may have."""

LONGEST_ANSWER = 1_000_000
"""Bytes the child may answer with."""

LARGEST = 50_000_000
"""Bytes of an attachment that are given to the child; feeds are smaller."""

_ROOT = Path(__file__).resolve().parents[1]
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from inbox.untrusted import be_child; be_child(*sys.argv[2:])"


def ask_child(module: str, words: Sequence[str], data: bytes) -> tuple[bytes, str]:
    """What `serve` of a module makes of these bytes in a process of its own, and why that is not all of it, if it is not.

    It is called with the words, reads standard input and writes to standard output.
    """
    why = ""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(data)
        given.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-c", _CHILD, str(_ROOT), module, *words],
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
            why = f"cannot be read here ({type(error).__name__})"
        answer.seek(0)
        return answer.read(LONGEST_ANSWER), why


def be_child(module: str, *words: str) -> None:
    """Be the child: `serve` of that module, within the limits."""
    limit()
    import_module(module).serve(*words)
    sys.stdout.buffer.flush()
    os._exit(0)  # no library of the child gets another word


def limit() -> None:
    """Give this process its memory, its time, and no more to write than an answer; a crash leaves nothing behind."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LONGEST_ANSWER, LONGEST_ANSWER))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
