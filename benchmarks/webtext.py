"""How long HTML takes to become text: pages of real shapes at 50 KB, and pages of five megabytes made to hurt.

Run by hand: `python -m benchmarks.webtext`. The pages are those of tests/pages, their bodies repeated: newsletters take
some 3 ms, nothing but short cells and list items up to 11 ms. None of the hostile ones, read once each, may take more
than 2 s. Medians of 15 runs.
"""

from __future__ import annotations

import re
import statistics
import time
from pathlib import Path

from inbox.web.text import to_text

SIZE = 50_000
HOSTILE = 5_000_000
PAGES = Path(__file__).resolve().parents[1] / "tests" / "pages"
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL | re.IGNORECASE)


def repeated(page: str, size: int = SIZE) -> str:
    """A page whose body is repeated until it is about `size` characters long."""
    body = _BODY.search(page)
    if body is None:
        return page * max(1, size // len(page))
    return page[: body.start(1)] + body[1] * max(1, (size - body.start(1)) // len(body[1]))


def hostile(size: int = HOSTILE) -> dict[str, str]:
    """Pages made to hurt, by what is wrong with them."""
    return {
        "100 000 divs, none closed": "<div>" * 100_000 + "x",
        "divs, closed": "<div>" * (size // 11) + "x" + "</div>" * (size // 11),
        "a million attributes": "<p " + " ".join(f"a{n}=1" for n in range(size // 5)) + ">x",
        "quotes never closed": '<a href="' * (size // 9) + "x",
        "quotes closed too late": '<a href=">' * (size // 10) + "x",
        "a table": "<table>" + "<tr><td>a</td><td>b</td></tr>" * (size // 29) + "</table>",
        "a table in a table in …": "<table><tr><td>" * (size // 15) + "x",
        "lists in lists": "<ul><li>" * (size // 8) + "x",
        "rules that hide": "<style>" + ".a{display:none}" * (size // 16) + "</style>x",
        "one rule of many names": "<style>"
        + ",".join(f".a{n}" for n in range(size // 8))
        + "{display:none}</style>x",
        "comments in CSS, never closed": "<style>" + "/*" * (size // 2) + "</style>x",
        "braces": "<style>" + "{" * size + "</style>x",
        "titles never closed": "<title>" * (size // 7) + "x",
        "comments never closed": "<!--" * (size // 4) + "x",
        "comments": "<!-- -->" * (size // 8) + "x",
        "less than": "<" * size,
        "character references": "&#x41" * (size // 5),
        "a long style": "<p style='" + "a:b;" * (size // 4) + "'>x",
        "a long number": "<p style='font:" + "1" * size + "'>x",
        "formatting never closed": "<b><i>" * (size // 6) + "<p>x",
        "invisible padding": "<p>" + "&zwnj;&nbsp;" * (size // 12) + "x",
        "lines in a pre": "<pre>" + "a\n" * (size // 2),
        "plain words": "word " * (size // 5),
    }


def seconds(page: str, times: int) -> float:
    """How long a page takes, in seconds: the median."""
    taken = []
    for _ in range(times):
        begun = time.process_time()
        to_text(page)
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def main() -> None:
    print(f"{'page':34}{'KB':>6}{'tags':>7}{'ms':>8}")
    for file in sorted(PAGES.glob("*.page")):
        page = repeated(file.read_text("utf-8").partition("==== reads as\n")[0])
        print(f"{file.stem:34}{len(page) / 1e3:6.1f}{page.count('<'):7}{seconds(page, 15) * 1e3:8.2f}")
    print(f"\n{'made to hurt':34}{'MB':>6}{'seconds':>8}")
    for kind, page in hostile().items():
        print(f"{kind:34}{len(page) / 1e6:6.1f}{seconds(page, 1):8.2f}")


if __name__ == "__main__":
    main()
