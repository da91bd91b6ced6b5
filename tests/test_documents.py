"""What the documents say is there is there: the key table, files, links, commands."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from tui.key_table import keys_markdown
from tui.keys import load
from tui.line.group import group

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
KEYS = re.compile(r"(<!-- keys: made by [^>]*-->\n)(.*)(<!-- end of keys -->)", re.DOTALL)


def test_the_readme_shows_the_shipped_keys() -> None:
    found = KEYS.search((ROOT / "README.md").read_text())
    assert found is not None
    assert found[2].strip() == keys_markdown(load()).strip(), "put in what frontdesk keys --markdown says"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_file_a_document_names_is_there(document: Path) -> None:
    text = document.read_text()
    links = {document.parent / link for link in re.findall(r"\]\((?!http|#)([^)#]+)", text)}
    paths = {
        ROOT / path for path in re.findall(r"`((?:inbox|storage|tui|tests|benchmarks|docs)/[\w./-]*)`", text)
    }
    assert [str(path) for path in sorted(links | paths) if not path.exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_command_a_document_names_is_there(document: Path) -> None:
    commands = set(group.list_commands(click.Context(group)))
    named = set(re.findall(r"(?:`|\n {4})(?:\./run|frontdesk) ([a-z][a-z-]*)", document.read_text()))
    assert named - commands - {"test"} == set()


def test_the_changelog_is_kept_in_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    assert "\n## [Unreleased]\n" in text
    headings = re.findall(r"^### (.*)$", text, re.MULTILINE)
    assert set(headings) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
