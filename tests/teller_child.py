"""The command line in a process of its own, for tests that kill it while it tells many: it dies at the named point.

Arguments: the words of the command.
"""

from __future__ import annotations

import sys

import main
from inbox import queueing
from tests.faults.kill import mortal

if __name__ == "__main__":
    queueing.changes = mortal(queueing.changes, "slice")  # each call makes the letters of one slice
    sys.exit(main.main(sys.argv[1:]))
