"""`run` makes its environment once, and again when pyproject.toml changed; it says what is missing.

The script is the real one, in a copy of the first files; the Python of its environment is a stand-in that
writes down what it was asked to do, so that nothing is fetched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("sh", "cat", "cksum", "dirname", "grep", "id", "readlink", "tail")

STAND_IN = """#!/bin/sh
case "$*" in
    *"import pip"*) exit 0 ;;
    *"pip "*install*)
        if [ -p "{folder}/gate" ]; then echo begun >"{folder}/begun"; cat <"{folder}/gate"; fi
        if [ -e "{folder}/offline" ]; then echo "ERROR: No matching distribution found"; exit 1; fi
        for last; do :; done
        echo "install $last" >>"{folder}/done" ;;
    *) printf '%s|' "$@" >>"{folder}/done"; echo "${{PYTHONPATH-}}" >>"{folder}/done" ;;
esac
"""


@dataclass
class Checkout:
    """A copy of the project's first files, with spaces in its path, and a PATH that holds the bare system."""

    folder: Path
    path: Path

    def command(self, *arguments: str) -> list[str]:
        return ["sh", str(self.folder / "run"), *arguments]

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": str(self.path),
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": "/elsewhere",
        }

    def run(self, *arguments: str, script: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [script, *arguments] if script else self.command(*arguments)
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=60, cwd="/", check=False
        )

    def python(self, text: str) -> None:
        """Put another `python3` on the PATH."""
        (self.path / "python3").unlink(missing_ok=True)
        (self.path / "python3").write_text(text)
        (self.path / "python3").chmod(0o755)

    def done(self) -> list[str]:
        """What the stand-in was asked to do."""
        return (self.folder / "done").read_text().splitlines() if (self.folder / "done").exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    folder = tmp_path / "the desk [of] Ana"
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name in ("run", "pyproject.toml", "main.py"):
        shutil.copy(ROOT / name, folder / name)
    stand_in = folder / ".venv" / "bin" / "python"
    stand_in.write_text(STAND_IN.format(folder=folder))
    stand_in.chmod(0o755)
    path = tmp_path / "bin"
    path.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (path / tool).symlink_to(found)
    (path / "python3").symlink_to(sys.executable)
    return Checkout(folder, path)


def test_it_is_plain_posix_shell() -> None:
    for shell in filter(shutil.which, ("sh", "dash")):
        subprocess.run([shell, "-n", ROOT / "run"], check=True)
    assert os.access(ROOT / "run", os.X_OK)


def test_it_sets_up_once_and_again_when_the_project_changed(checkout: Checkout) -> None:
    first = checkout.run("list", "is:late is:unread")
    assert first.returncode == 0
    assert "setting up Frontdesk" in first.stderr
    assert checkout.run("--version").stderr == ""
    main = f"{checkout.folder}/main.py"
    assert checkout.done() == [
        f"install {checkout.folder}",
        f"{main}|list|is:late is:unread|",  # arguments as they were, and the odd PYTHONPATH is gone
        f"{main}|--version|",
    ]
    with (checkout.folder / "pyproject.toml").open("a") as project:
        project.write("# another library\n")
    assert "setting up" in checkout.run("--version").stderr


def test_tests_bring_their_own_libraries_and_pass_on_what_was_asked(checkout: Checkout) -> None:
    checkout.run("test", "tests/test_keys.py")
    checkout.run("test", "--long", "-k", "two words")
    assert checkout.done() == [
        f"install {checkout.folder}[dev]",
        "-m|pytest|-n|auto|--maxprocesses|4|tests/test_keys.py|",
        "-m|pytest|-n|auto|--maxprocesses|4|-m||-k|two words|",
    ]


def test_it_finds_its_folder_behind_symlinks(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "frontdesk").symlink_to(checkout.folder / "run")
    (tmp_path / "fd").symlink_to("away/frontdesk")
    checkout.run("keys", script=str(tmp_path / "fd"))
    assert checkout.done()[-1] == f"{checkout.folder}/main.py|keys|"


def test_without_network_it_says_so_and_the_next_try_goes_on(checkout: Checkout) -> None:
    (checkout.folder / "offline").touch()
    failed = checkout.run("list")
    assert failed.returncode == 4
    assert "ERROR: No matching distribution found" in failed.stderr
    assert "The libraries could not be fetched.\n  Is there a way to pypi.org" in failed.stderr
    (checkout.folder / "offline").unlink()
    assert checkout.run("list").returncode == 0


def test_without_python_it_says_what_to_install(checkout: Checkout) -> None:
    (checkout.path / "python3").unlink()
    failed = checkout.run("list")
    assert (failed.returncode, failed.stderr) == (
        4,
        "frontdesk: There is no python3 here.\n"
        "  Install it (Debian: apt install python3 python3-venv), then try again.\n",
    )


def test_an_old_python_is_named(checkout: Checkout) -> None:
    checkout.python('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2" || exit 1\n')
    failed = checkout.run("list")
    assert failed.returncode == 4
    assert "needs Python 3.11 or newer; this is Python 3.9.2." in failed.stderr


def test_a_newer_python_beside_an_old_one_is_taken(checkout: Checkout) -> None:
    checkout.python("#!/bin/sh\nexit 1\n")
    (checkout.path / "python3.12").symlink_to(sys.executable)
    assert checkout.run("list").returncode == 0


def test_a_python_without_venv_is_told_how_to_get_it(checkout: Checkout) -> None:
    shutil.rmtree(checkout.folder / ".venv")
    checkout.python(f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1 ;; esac\nexec "{sys.executable}" "$@"\n')
    failed = checkout.run("list")
    assert (failed.returncode, failed.stderr.splitlines()[1:]) == (
        4,
        [
            "frontdesk: Python's venv module is missing.",
            "  Install it (Debian: apt install python3-venv), then try again.",
        ],
    )


def test_two_at_once_wait_for_each_other_and_set_up_once(checkout: Checkout) -> None:
    for pipe in ("gate", "begun"):
        os.mkfifo(checkout.folder / pipe)

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            checkout.command("list"), env=checkout.environment, stderr=subprocess.PIPE, text=True, cwd="/"
        )

    first = start()
    assert (checkout.folder / "begun").read_text() == "begun\n"  # the first is in the middle of it
    second = start()
    try:
        assert second.stderr is not None
        assert "another ./run is setting up; waiting" in second.stderr.readline()
        (checkout.folder / "gate").write_text("")
        assert (second.wait(60), first.wait(60)) == (0, 0)
    finally:
        for process in (first, second):
            process.kill()
            process.communicate()
    assert [line for line in checkout.done() if line.startswith("install")] == [f"install {checkout.folder}"]
