"""Whose folder the bell trusts: names under which temporary files lie can be taken by anybody on the host."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from storage import bell

ANOTHER = 4711
"""A user and a group of nobody here."""


def workspace(mode: int, owner: int, group: int) -> os.stat_result:
    """What the system says of a workspace."""
    return os.stat_result((0o040000 | mode, 0, 0, 2, owner, group, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("shared", "made", "owners", "groups", "ours"),
    [
        (0o2770, 0o2770, False, True, True),  # a colleague was there first
        (0o2770, 0o0770, False, True, False),  # somebody of the group, but not Frontdesk
        (0o2770, 0o2700, False, True, False),  # closed to all others
        (0o0700, 0o2770, False, True, False),  # the group has no part in this workspace
        (0o0755, 0o2770, False, True, False),  # and here it reads at most
        (0o2770, 0o2770, False, False, False),  # a stranger
        (0o0700, 0o0700, True, True, True),
        (0o0700, 0o0700, True, False, True),
        (0o2770, 0o2770, True, True, True),
        (0o2770, 0o2770, True, False, False),  # open to a group that has no part in it
        (0o2770, 0o2775, True, True, False),
    ],
)
def test_a_folder_is_the_bells_by_whose_it_is_and_by_its_rights(
    tmp_path: Path, shared: int, made: int, owners: bool, groups: bool, ours: bool
) -> None:
    folder = tmp_path / "bell"
    folder.mkdir()
    if os.getuid() == 0:  # whose folders are trusted everywhere
        os.chown(folder, ANOTHER, ANOTHER)
    folder.chmod(made)
    is_as = folder.stat()
    owner = is_as.st_uid if owners else is_as.st_uid + 1
    group = is_as.st_gid if groups else is_as.st_gid + 1
    assert bell._is_ours(folder, workspace(shared, owner, group)) is ours


def test_a_strangers_folder_is_passed_by_without_a_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "workspace"
    place.mkdir(0o700)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    taken = bell._folder(place)
    taken.chmod(0o777)
    paused: list[float] = []
    monkeypatch.setattr(time, "sleep", paused.append)
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert bell._folder(place) == taken.with_name(f"{taken.name}-1")
    assert paused == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives a workspace to a group")
def test_a_folder_that_cannot_be_given_to_the_group_is_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "workspace"
    place.mkdir()
    os.chown(place, 0, ANOTHER)
    place.chmod(0o2770)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chown", refused)
    assert bell._folder(place).stat().st_mode & 0o7777 == 0o700
