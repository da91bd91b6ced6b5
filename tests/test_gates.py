"""The last gates before the screen and before the streams of a command, for what somebody forgets to clean."""

from __future__ import annotations

import json
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from inbox.jsonform import as_line
from inbox.text import sanitise
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.strangers import EVERYTHING, bunches
from tests.strict_terminal import strange_in_lines
from tests.terminal import ROOT
from tui.gate import Gate

ALL = "\n".join(EVERYTHING)
WILD = st.text(st.characters(codec=None, categories=None, exclude_categories=())) | st.sampled_from(
    EVERYTHING
)


def test_a_line_of_any_widget_passes_the_gate_clean_and_a_clean_one_untouched() -> None:
    gate, ground = Gate(), Color.parse("black")
    clean = [Segment("Grüße 日本 👩\u200d👩\u200d👧", Style(bold=True)), Segment(" ")]
    assert gate.apply(clean, ground) == clean
    for text in EVERYTHING:
        (segment,) = gate.apply([Segment(text, Style(link="https://evil.example/", bold=True))], ground)
        assert not strange_in_lines(segment.text)
        assert "\n" not in segment.text and "\t" not in segment.text
        assert segment.style is not None and segment.style.bold and segment.style.link is None


async def test_what_a_widget_paints_unasked_is_clean(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("r")
        composer = stage.app.inbox.writing.composer
        assert composer is not None
        for text in bunches():
            composer.load_text(f"seen{text}")  # past what cleans it
            await stage.rest()
            assert "seen" in stage.pane("composer")
            assert not strange_in_lines(stage.text)


def test_whatever_a_command_prints_passes_the_gate() -> None:
    code = (
        "import sys, click; from tui.line.gate import put_gates; put_gates(); text = sys.stdin.read();"
        "print(text); click.echo(text); click.echo(text, err=True); sys.stderr.write(text);"
        "sys.stdout.flush(); sys.stderr.flush(); raise ValueError(text)"
    )
    told = ALL.encode("utf-8", "replace")
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, input=told, capture_output=True, check=False)
    for said in (ran.stdout.decode(), ran.stderr.decode()):
        assert said.count("invoicefdp.exe") >= 2
        assert said.count("longlong") >= 2
        assert not strange_in_lines(said)


def paired(text: str) -> str:
    """Two halves beside each other are one character to every reader of JSON."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@given(WILD, WILD)
@settings(deadline=None)
def test_a_line_of_json_loses_nothing_at_the_gate(name: str, value: str) -> None:
    line = as_line({name: value})
    assert sanitise(line, len(line)) == line
    assert not strange_in_lines(line)
    assert json.loads(line) == {paired(name): paired(value)}
