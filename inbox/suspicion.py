"""Which mail is read in a process of its own, with limits: decided from its parts, before any of them is read.

Being suspected costs a mail about a millisecond, so that it may hit the innocent; it must cost the others nothing.
"""

from __future__ import annotations

from inbox.parts import Part

LARGE = 2_000_000
"""Bytes from which a mail is suspected for its size, before even its parts are looked for."""

MANY_PARTS = 100
"""Parts from which it is: a hundred files are a lot for a person."""

DEEP = 12
"""Levels from which its nesting is: a mail forwarded by three people has about six."""

LARGE_HTML = 300_000
"""Bytes of HTML from which it is: a long newsletter has a third of that."""

_HTML = ("text/html", "application/xhtml+xml", "text/enriched", "text/richtext", "text/x-amp-html")
_FORMATS = (
    *(
        "application/ms-tnef",
        "application/vnd.ms-tnef",
        "text/calendar",
        "text/x-vcalendar",
        "application/ics",
    ),
    *("text/rtf", "application/rtf"),
)


def suspicious(root: Part) -> bool:
    """Whether a mail is to be read where it can do no harm: large HTML, many or deep parts, a format within a format."""
    if not root.children:
        return root.type in _FORMATS or (root.type in _HTML and root.stop - root.start > LARGE_HTML)
    count, html = 0, 0
    waiting = [(root, 0)]
    while waiting:
        part, depth = waiting.pop()
        if part.children:
            waiting.extend((child, depth + 1) for child in part.children)
        elif part.type in _HTML:
            html += part.stop - part.start
        count += 1
        if count > MANY_PARTS or depth > DEEP or html > LARGE_HTML or part.type in _FORMATS:
            return True
        if part.filename is not None and part.filename.lower() == "winmail.dat":
            return True
    return False
