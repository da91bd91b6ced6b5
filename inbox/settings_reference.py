"""docs/settings.md, made from the declarations of `inbox.settings_schema`, so that it cannot say anything
else."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pydantic.fields import FieldInfo

from inbox.settings_schema import TABLES
from inbox.settings_table import Table

_BEGINNING = """\
# Settings

<!-- Made by inbox.settings_reference; tests/test_settings.py says when it is out of date. -->

Frontdesk works without any settings. What is written goes into `settings.toml` in the workspace, in
[TOML](https://toml.io/en/v1.0.0): keys of the top first, then the tables. `frontdesk doctor` checks the file
and names every mistake with its line. Durations are written `90s`, `45m`, `4h`, `1h30m`, and `2d` where a day
has 24 hours.

```toml
us = ["Anna", "+49 30 1234"]

[hours]
zone = "Europe/Berlin"
week = { mon = ["08:00-12:00", "13:30-18:00"], tue = ["08:00-18:00"], fri = ["08:00-14:00"] }
country = "DE"

[[policy]]
name = "wholesale"
when = "from:acme.example"
first_reply = "2h"
next_reply = "2h"

[[mailbox]]
name = "support"
address = "support@shop.example"
imap_host = "imap.shop.example"
smtp_host = "smtp.shop.example"
password_command = "pass show mail/support"

[[team]]
name = "anna"
role = "owner"
unix = "anna"
```
"""
_TITLES = {
    (): ("At the top", ""),
    ("hours",): (
        "[hours]",
        'Or, at the top of the file: `hours = "always"`, when every hour counts. Only then can durations '
        "of open time be written in days.",
    ),
    ("policy",): ("[[policy]]", ""),
    ("mailbox",): ("[[mailbox]]", ""),
    ("team",): ("[[team]]", ""),
    ("contact_form",): ("[[contact_form]]", ""),
    ("transcript",): ("[[transcript]]", ""),
    ("chat",): ("[[chat]]", ""),
    ("feed",): ("[[feed]]", ""),
    ("alerts",): ("[alerts]", ""),
    ("nudges",): ("[nudges]", ""),
    ("check_in",): ("[check_in]", ""),
    ("keep",): ("[keep]", ""),
    ("upset",): ("[upset]", ""),
    ("goodwill",): ("[goodwill]", ""),
    ("feedback",): ("[feedback]", ""),
    ("panel",): ("[panel.NAME]", ""),
    ("rule",): ("[[rule]]", ""),
    ("rule", "then"): ("then of a [[rule]]", ""),
    ("action",): ("[[action]]", ""),
    ("action", "then"): ("then of an [[action]]", ""),
    ("checks",): (
        "[checks]",
        'Each is "hard" (it stops the letter until a reason is given), "hint" (said and counted), "passive" (only said) '
        'or "off".',
    ),
}


def settings_reference() -> str:
    """The whole text of docs/settings.md: each key with what may stand in it, its default, and why it is
    there."""
    parts = [_BEGINNING]
    for place, (title, more) in _TITLES.items():
        table = TABLES[place]
        about = " ".join((table.__doc__ or "").split())
        parts.append(f"\n## {title}\n\n{about}{' ' if more else ''}{more}\n\n")
        parts.append("| key | what to write | default | why |\n| --- | --- | --- | --- |\n")
        parts.extend(_rows(table))
    return "".join(parts)


def _rows(table: type[Table]) -> Iterator[str]:
    for name, field in table.model_fields.items():
        default = "must be given" if field.is_required() else _as_written(field)
        cells = (f"`{name}`", field.title or "", default, field.description or "")
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _as_written(field: FieldInfo) -> str:
    """A default as it would stand in the file; nothing where nothing would."""
    if field.examples:
        return str(field.examples[0])
    default = field.get_default()
    return "" if default in (None, [], {}) else json.dumps(default, ensure_ascii=False)
