"""Asking a person on the command line: one question at a time, a default in brackets, and what does not fit is said."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from inbox.errors import BadUsage, FrontdeskError

WIDTH = 79
Answer = TypeVar("Answer")


def say(text: str = "", indent: str = "") -> None:
    """Print a sentence, wrapped to the width of a small terminal; whole words and addresses stay whole.

    The lines that follow one with "- " begin behind that.
    """
    following = indent + "  " if text.startswith("- ") else indent
    click.echo(
        "\n".join(
            textwrap.wrap(
                _clean(text),
                WIDTH,
                initial_indent=indent,
                subsequent_indent=following,
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
    )


def say_raw(line: str) -> None:
    """Print a line whose blanks matter."""
    from inbox.journal import masked
    from inbox.text import sanitise

    click.echo(masked(sanitise(line)))


def _clean(text: str) -> str:
    from inbox.journal import masked
    from inbox.text import one_line

    return masked(one_line(text, 1000))


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks on the terminal; with `take_defaults` nothing is asked and every default is taken."""

    take_defaults: bool = False

    def text(
        self,
        words: str,
        option: str,
        fitting: Callable[[str], Answer],
        default: str | None = None,
        about: str = "",
    ) -> Answer:
        """A line of text, asked for until `fitting` takes it instead of raising a FrontdeskError.

        `about` is a line of help. Raises BadUsage naming `option` where there is neither a person nor a default.
        """
        if self.take_defaults:
            if default is None:
                raise BadUsage(f"{words} is missing.", f"Give it with {option}.")
            return fitting(default)
        say()
        if about:
            say(about)
        while True:
            answer = click.prompt(_clean(words), default=default, type=str)
            try:
                return fitting(answer.strip())
            except FrontdeskError as error:
                say(f"{error.what} {error.next_step}", "  ")

    def yes(self, words: str, default: bool = True) -> bool:
        """Yes or no."""
        return default if self.take_defaults else click.confirm(_clean(words), default=default)

    def choice(self, words: str, choices: Mapping[str, str], default: str) -> str:
        """One of some choices, by the key that stands before each."""
        if self.take_defaults:
            return default
        say()
        say(words)
        width = max(map(len, choices))
        for key, meaning in choices.items():
            say_raw(f"  {key:<{width}}  {meaning}")
        return str(
            click.prompt("Choose", default=default, type=click.Choice(list(choices)), show_choices=False)
        )

    def hidden(self, words: str) -> str:
        """A line that is not shown while it is typed; without a terminal it comes from standard input."""
        words = _clean(words)
        if sys.stdin.isatty():
            return str(click.prompt(words, hide_input=True, type=str))
        click.echo(f"{words}: ", nl=False)
        line = sys.stdin.readline()
        click.echo()
        if not line:
            raise click.Abort from EOFError()
        return line.rstrip("\r\n")


def as_setting(kind: Any) -> Callable[[str], Any]:
    """What takes a text as settings.toml would take it for a value of this kind of `inbox.settings_values`."""

    def fitting(text: str) -> Any:
        from pydantic import TypeAdapter, ValidationError

        try:
            return TypeAdapter(kind).validate_python(text)
        except ValidationError as error:
            wrong = error.errors()[0].get("ctx", {}).get("error")
            what = str(getattr(wrong, "what", "")) or "this does not fit."
            raise BadUsage(what[:1].upper() + what[1:], str(getattr(wrong, "allowed", ""))) from None

    return fitting
