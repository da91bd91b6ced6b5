"""How often machine mail, notices and reports of mail systems are told from what people write, by kind.

Run by hand: `python -m benchmarks.automatic [--misses]`. The mails lie in tests/mail/: automatic.txt (the three
answers), reports.txt and bounces.txt (who was not reached).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from inbox.mime import parse

MAIL = Path(__file__).parent.parent / "tests" / "mail"
ANSWERS = {"automatic": "is_automatic", "suppress": "suppress_auto_reply", "notice": "notice"}


@dataclass
class Mail:
    """One entry of a file: its title, what is expected of it, and its lines."""

    title: str
    expected: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What stands before the bar of the title."""
        return self.title.partition(" | ")[0] if " | " in self.title else "other"

    @property
    def raw(self) -> bytes:
        """The bytes of the mail."""
        return "\r\n".join(self.lines).encode()


def read(name: str) -> Iterator[Mail]:
    """The entries of a file of tests/mail/, in order."""
    mail: Mail | None = None
    for line in (MAIL / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            if mail is not None:
                yield mail
            mail = Mail(line[2:])
        elif mail is not None and line.startswith("= "):
            mail.expected.append(line[2:])
        elif mail is not None:
            mail.lines.append(line)
    if mail is not None:
        yield mail


def answers(mail: Mail) -> str:
    """The answers that hold for a mail, in the words of the files."""
    automatic = parse(mail.raw).automatic
    return " ".join(word for word, name in ANSWERS.items() if getattr(automatic, name)) or "none"


def unreached(mail: Mail) -> list[str]:
    """Who a mail says was not reached, in the form of the files."""
    return [
        f"{each.recipient} {each.status or '-'} {each.code or '-'} {each.kind}"
        for each in parse(mail.raw).bounces
    ]


def _show(name: str, judged: list[tuple[Mail, object, object]], misses: bool) -> None:
    kinds: dict[str, list[bool]] = {}
    for mail, found, expected in judged:
        kinds.setdefault(mail.kind, []).append(found == expected)
        if misses and found != expected:
            print(f"{mail.title}\n  expected {expected}\n  found    {found}")
    print(f"{name}: {sum(map(sum, kinds.values()))} of {len(judged)}")
    for kind, right in kinds.items():
        print(f"  {kind:12}{sum(right):5} of {len(right)}")


def main() -> None:
    """Judge every file and print how much of it is right."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--misses", action="store_true", help="show what was found where it is not right")
    misses = options.parse_args().misses
    for name in ("automatic.txt", "automatic_fresh.txt"):
        _show(name, [(m, answers(m), " ".join(m.expected)) for m in read(name)], misses)
    for name in ("reports.txt", "reports_fresh.txt", "bounces.txt"):
        _show(name, [(m, unreached(m), m.expected) for m in read(name)], misses)


if __name__ == "__main__":
    main()
