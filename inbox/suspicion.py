"""Which mail is read in a process of its own, with limits: decided from its parts, before any of them is read.

Being suspected costs a mail about a millisecond, so that it may hit the innocent; it must cost the others nothing.
"""

from __future__ import annotations

from inbox.bodies import RTF_TYPES
from inbox.enclosed import CALENDARS, is_tnef
from inbox.parts import Part

LARGE = 2_000_000
"""Bytes from which a mail is suspected for its size, before even its parts are looked for."""

MANY_PARTS = 100
"""Parts from which it is: a hundred files are a lot for a person."""

DEEP = 12
"""Levels from which its nesting is: a mail forwarded by three people has about six."""

LARGE_HTML = 300_000
"""Bytes from which it is: of HTML, of which a long newsletter has a third, and of what may turn out to be HTML."""

_MAY_BE_HTML = (
    "text/",
    "message/",
    "application/xhtml",
    "application/pkcs7-mime",
    "application/x-pkcs7-mime",
)
"""How types begin of what is read as a page, or may hold one: any text, a mail within, what is signed. So may the only
part of a mail, whatever it calls itself."""


def suspicious(root: Part) -> bool:
    """Whether a mail is to be read where it can do no harm: large HTML, many or deep parts, a format within a format."""
    count, html = 0, 0
    waiting = [(root, 0)]
    while waiting:
        part, depth = waiting.pop()
        if part.children:
            waiting.extend((child, depth + 1) for child in part.children)
        elif part.type.startswith(_MAY_BE_HTML) or part is root:
            html += part.stop - part.start
        count += 1
        if count > MANY_PARTS or depth > DEEP or html > LARGE_HTML:
            return True
        if part.type in CALENDARS or part.type in RTF_TYPES or is_tnef(part.type, part.filename):
            return True
    return False
