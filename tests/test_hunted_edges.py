"""Where commands meet the shell: closed outputs, poor encodings, and people whom the settings do not know."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.front import Front
from tests.shop import mail

ROOT = Path(__file__).parent.parent
LAMP = mail("ann@c.example", "Lamp 返信 🙂", "Hello", "2026-11-09 10:00")


def shell(front: Front, line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """What a shell makes of a line in which `frontdesk` is the command."""
    command = f"{sys.executable} {ROOT / 'main.py'} --workspace {front.workspace}"
    return subprocess.run(
        ["/bin/sh", "-c", line.replace("frontdesk", command)],
        env={**os.environ, **environment},
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_an_output_closed_from_the_start_ends_nothing_in_a_traceback(front: Front) -> None:
    front.receive([LAMP])
    for line in ("frontdesk list >&-", "frontdesk list <&- >&-", "frontdesk parse nowhere.eml 2>&-"):
        ran = shell(front, line)
        assert ran.returncode == (2 if "parse" in line else 0)
        assert ran.stderr == b""


def test_json_loses_nothing_where_the_output_knows_few_letters(front: Front) -> None:
    front.receive([LAMP])
    ran = shell(front, "frontdesk list --json", PYTHONIOENCODING="latin-1")
    assert json.loads(ran.stdout.decode("latin-1"))["subject"] == "Lamp 返信 🙂"


def test_who_is_nobody_of_the_team_may_look_and_import_but_not_be_me(front: Front, tmp_path: Path) -> None:
    front.who = ""  # the Unix user, whom no [[team]] of the settings names
    (tmp_path / "lamp.eml").write_bytes(LAMP)
    assert front.ok("import", str(tmp_path / "lamp.eml")).lines[0] == "1 added, 0 known, 0 refused"
    assert len(front.ok("list", "lamp").ids) == 1
    assert len(front.ok("search", "hello").ids) == 1
    assert front.ok("due", "status:open").ids == []
    asked = front.run("list", "assignee:me")
    assert asked.status == 3
    assert "--as NAME" in asked.err
