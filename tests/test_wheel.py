"""The wheel holds everything the program needs, and works far from any checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of what would be in a fresh checkout, without fetching anything."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("main.py", "keybindings.toml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    for room in ("inbox", "storage", "tui", "tests"):
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(copy)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def frontdesk(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command as installed from the wheel into an environment of its own.

    The libraries are those of this environment, made visible by a path file; the checkout itself is not.
    """
    folder = tmp_path_factory.mktemp("far away")
    venv.create(folder, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = folder / "bin" / "python"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-deps",
        "--no-index",
        "--ignore-installed",
        str(wheel),
    ]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "bin" / "frontdesk"


def run(frontdesk: Path, *arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [frontdesk, *arguments],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_file_the_program_reads_is_inside_and_nothing_else(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {"main.py", "keybindings.toml"} | {
        str(file.relative_to(ROOT))
        for room in ("inbox", "storage", "tui")
        for file in (ROOT / room).rglob("*")
        if file.suffix in (".py", ".sql", ".tcss", ".toml", ".txt", ".json", ".md")
    }
    assert {
        suffix for suffix in (".py", ".sql") if not any(name.endswith(suffix) for name in wanted)
    } == set()
    assert wanted - inside == set()
    assert {name for name in inside - wanted if ".dist-info/" not in name} == set()


def test_the_installed_command_shows_its_help_and_keys(frontdesk: Path, tmp_path: Path) -> None:
    assert run(frontdesk, "--help", home=tmp_path).stdout.startswith("Usage: frontdesk ")
    keys = run(frontdesk, "keys", "--markdown", home=tmp_path)
    assert (keys.returncode, keys.stderr) == (0, "")
    assert "| `r` | Reply to the customer |" in keys.stdout


def test_the_installed_code_is_the_wheels_own(frontdesk: Path, tmp_path: Path) -> None:
    where = "import inbox, main, storage, tui\nfor room in (inbox, main, storage, tui): print(room.__file__)"
    done = subprocess.run(
        [frontdesk.with_name("python"), "-c", where], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert all(str(frontdesk.parent.parent) in line for line in done.stdout.splitlines())


def test_every_installed_command_can_be_asked_for_help(frontdesk: Path, tmp_path: Path) -> None:
    code = (
        "import click, main\n"
        "from tui.line.group import group\n"
        "for name in group.list_commands(click.Context(group)):\n"
        "    assert main.main([name, '--help']) == 0, name\n"
    )
    done = subprocess.run(
        [frontdesk.with_name("python"), "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: frontdesk keys" in done.stdout


def test_a_workspace_can_be_made_and_listed(frontdesk: Path, tmp_path: Path) -> None:
    if "list" not in run(frontdesk, "--help", home=tmp_path).stdout:
        pytest.skip("there is no list yet")
    done = run(frontdesk, "--workspace", "desk", "list", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
