"""What every test stands on: servers on demand, and a home of its own, so that no test sees the person's files."""

from __future__ import annotations

import itertools
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from inbox.journal import forget_all

pytest_plugins = ["tests.servers.fixtures", "tests.shop", "tests.front", "tests.post_office"]

# how fast a machine is says nothing of what is tested; all else stays as it is here or on a build server
settings.register_profile(
    "unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


_NUMBERS = itertools.count()


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder: settings, state and data of whoever runs the tests stay out."""
    # apart from all else: pytest looks through what lies there for the next free number of a folder
    folder = tmp_path_factory.getbasetemp() / "homes" / str(next(_NUMBERS))
    folder.mkdir(parents=True)
    for variable in [name for name in os.environ if name.startswith(("XDG_", "FRONTDESK_", "SSH_"))]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("TZ", "UTC")
    forget_all()  # what one test calls a secret is a word like any other in the next
    return folder


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that everybody on this host can look into; those above `tmp_path` are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk, and not in every container")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)
