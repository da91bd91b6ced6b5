"""The command line in a process of its own, for tests that kill it while it tells many: it dies at the named point.

Arguments: the words of the command.
"""

from __future__ import annotations

import sys

import main
from storage.workspace import Workspace
from tests.faults.kill import mortal

if __name__ == "__main__":
    Workspace.change_each = mortal(Workspace.change_each, "slice")  # type: ignore[method-assign]  # dies around a slice
    sys.exit(main.main(sys.argv[1:]))
