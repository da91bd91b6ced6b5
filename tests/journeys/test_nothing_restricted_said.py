"""Every command, as everybody who may not see a restricted mailbox: none says a word of what is in it, none changes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from inbox.model import Who
from storage.workspace import open_store
from tests.journeys.test_lines_shown_safely import FORTY, WORDS, runs
from tests.restricted_office import ADDRESS, ANN, BO, OLGA, REX, TEAM, TIA, WORD, Office

SETTINGS = "".join(
    (
        'us = ["@shop.example"]\n',
        *(
            f'[[mailbox]]\nname = "{name}"\naddress = "{name}@shop.example"\nimap_host = "localhost"\n'
            f'smtp_host = "localhost"\npassword_env = "NONE"\n{only}'
            for name, only in (("support", ""), ("hr", 'only = ["ann"]\n'))
        ),
        *(f'[[team]]\nname = "{each.name}"\nrole = "{each.role.value}"\n' for each in TEAM),
        '[[action]]\nname = "to-bo"\nthen = [{ assign = "bo" }]\n',
    )
)
OUTSIDE = {("demo",), ("init",), ("login",), ("sync",), ("serve",), ("service",)}
"""A screen, and what asks servers."""


def meant(words: Sequence[str], office: Office) -> list[str]:
    """Words of a command, with what is restricted in the place of what they name."""
    swapped = {"evil": WORD[:4], "body": "paid", "words": WORD, "wisdom": WORD, "999": str(office.waits)}
    found = []
    for word in words:
        if list(words).count(word) and word.isdigit() and word in FORTY and word not in swapped:
            found.append(str(office.secret))
        elif "@evil.example" in word:
            found.append(ADDRESS)
        elif word[:2].isdigit() and "/" in word:
            found.append(f"{office.secret}/2")
        else:
            found.append(swapped.get(word, word))
    return list(dict.fromkeys(found)) if FORTY[0] in words and FORTY[-1] in words else found


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("restricted") / "office"
    office = Office(folder)
    (office.here.store.workspace / "settings.toml").write_text(SETTINGS)
    office.here.store.close()
    return office


@pytest.fixture
def place(tmp_path: Path, furnished: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it to be used up; what commands write they write beside it."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(furnished.here.store.workspace, tmp_path / "office")
    yield tmp_path


def said(place: Path, who: Who, office: Office, path: Sequence[str], words: Sequence[str]) -> str:
    """What a command says, without the words it was given."""
    now = "2026-11-10T10:05:00Z"
    given = meant(words, office)
    options = ["--workspace", str(place / "office"), "--now", now, "--as", who.name]
    text = runs([*options, *path, *given], "y\n" * 5, terminal=False).text
    assert "Traceback" not in text
    assert "Frontdesk itself" not in text, f"{path} {given}: {text}"
    for word in sorted(given, key=len, reverse=True):
        text = text.replace(word, "")
    return text


def written(place: Path) -> str:
    """All that commands have written into files."""
    files = (each for each in place.rglob("*") if each.is_file() and place / "office" not in each.parents)
    return " ".join(each.name + each.read_bytes().decode("utf-8", "replace") for each in files)


@pytest.mark.long
@pytest.mark.parametrize(("who", "most"), [(BO, 9), (TIA, 1), (REX, 1)], ids=["agent", "trainee", "reader"])
def test_no_command_says_or_changes_anything_of_what_is_restricted(
    place: Path, furnished: Office, who: Who, most: int
) -> None:
    events = _events(place, furnished)
    for path, all_words in WORDS.items():
        for words in all_words[:most] if path not in OUTSIDE else ():
            text = said(place, who, furnished, path, words)
            assert WORD not in text.lower(), f"{path} {words}: {text[:1500]}"
            assert _events(place, furnished) == events, f"{path} {words} has changed it"
    assert WORD not in written(place).lower()


@pytest.mark.long
@pytest.mark.parametrize("who", [ANN, OLGA], ids=["named", "owner"])
def test_who_is_named_is_told_by_the_same_commands(place: Path, furnished: Office, who: Who) -> None:
    for path in (("list",), ("show",), ("search",), ("why",), ("customer", "list"), ("outbox", "list")):
        assert WORD in said(place, who, furnished, path, WORDS[path][0]), path


def _events(place: Path, office: Office) -> int:
    """How many events the restricted conversations have."""
    store = open_store(place / "office")
    try:
        return sum(len(store.events(each)) for each in (office.secret, office.done, office.waiting))
    finally:
        store.close()
