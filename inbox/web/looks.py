"""What a reader of an HTML mail does not see: what its styles say of elements, and style sheets of classes.

Preheaders are hidden in a dozen ways at once, so that at least one works everywhere; each of them counts alone. Colours
count only where both are stated on the way down: what a style sheet, a picture or a gradient paints is not known here,
and text on it is shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

Attributes = dict[str, str | None]

LONGEST_SHEETS = 1_000_000
"""Characters of style sheets that are read."""

UNKNOWN = -1
"""A colour that is stated where it cannot be computed."""

TRANSPARENT = -2
"""The colour of words that are there for machines only."""

NO_MARGIN = re.compile(
    r"margin\s*:\s*0(?:px|cm|in|pt)?\s*(?:;|!|$|0)|margin-bottom\s*:\s*0(?:\.0+1?)?(?:px|cm|in|pt)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
"""Declarations of a paragraph without space around it."""

_LONGEST_KNOWN = 400  # characters of a style that is remembered
_NEAR = 8  # of 255: two colours nearer than this look the same
_FAR = -500.0  # px: further left or up than any screen shows
_LENGTH = re.compile(r"(-?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))\s*(px|pt|em|rem|ex|ch|cm|mm|in|vw|vh|%)?")
_PIXELS = {None: 1.0, "px": 1.0, "pt": 1.33, "cm": 38.0, "mm": 3.8, "in": 96.0}
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})$")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+%?))?\s*\)$")
_CLEAR = re.compile(r"rgba\([^)]{1,40}[,/]\s*0(?:\.0+)?%?\s*\)")
_NAMED = {
    "white": 0xFFFFFF,
    "black": 0,
    "silver": 0xC0C0C0,
    "gray": 0x808080,
    "grey": 0x808080,
    "red": 0xFF0000,
    "yellow": 0xFFFF00,
    "green": 0x008000,
    "blue": 0x0000FF,
    "navy": 0x000080,
    "snow": 0xFFFAFA,
    "ivory": 0xFFFFF0,
    "whitesmoke": 0xF5F5F5,
}
_CLIPPED = re.compile(
    r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)|inset\(\s*(?:50|100)%"
)
_SIZE_IN_FONT = re.compile(r"(?:^|\s)((?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})(?:px|pt|em|rem|%)?)(?:/|\s|$)")
_LEVEL = re.compile(r"level(\d)")
_SIMPLE = re.compile(r"[\w-]*([.#][\w-]+)$|(\w+)$")
_LAST_NAME = re.compile(r"([.#][A-Za-z_][\w-]{0,60})$")
_ONLY_SOMETIMES = re.compile(r"[\[:~+*]")
_HIDING = ("none", "hidden", "opacity", "clip", "indent", "font-size", "absolute", "white-space", "display")
_COLOURED = ("bgcolor", "background", "color", "text")  # attributes that name a colour, or a picture
_PAINTED = (b"bgcolor", b"background=", b"color=", b" text")
_BRACE = re.compile("[{}]")


class Style(NamedTuple):
    """What declarations say; None where they say nothing."""

    gone: bool = False  # whatever stands in the element
    displayed: bool | None = None
    firm: bool = False  # `displayed` is "!important"
    outlook_only_hidden: bool = False  # mso-hide: Outlook hides it, everybody else shows it
    tiny: bool | None = None
    visible: bool | None = None
    ink: int | None = None
    paper: int | None = None
    keeps_lines: bool | None = None
    marker: bool = False  # Word's bullet or number
    level: int = 0  # of a list in Word


PLAIN = Style()
"""Declarations that say nothing of what is seen."""


class Look(NamedTuple):
    """What holds for the words inside an element."""

    tiny: bool = False
    visible: bool = True
    ink: int = UNKNOWN
    paper: int = 0xFFFFFF
    keeps_lines: bool = False

    @property
    def hides_words(self) -> bool:
        """Whether nobody could read words that look like this."""
        return self.tiny or not self.visible or _same(self.ink, self.paper)

    def inside(self, style: Style) -> Look:
        """How words look within these that have a style of their own."""
        return Look(
            self.tiny if style.tiny is None else style.tiny,
            self.visible if style.visible is None else style.visible,
            self.ink if style.ink is None else style.ink,
            self.paper if style.paper is None else style.paper,
            self.keeps_lines if style.keeps_lines is None else style.keeps_lines,
        )


class View(NamedTuple):
    """What a reader sees of an element in its place."""

    gone: bool
    look: Look  # of the words inside
    mute: bool  # whether nobody could read them
    style: Style | None  # where it asks for more than that: mso-hide, mso-list


def read_style(text: str) -> Style:
    """What a `style` attribute says."""
    found: dict[str, str] = {}
    for declaration in text.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip()] = value.strip()
    displayed, firm = None, False
    tiny = _is_tiny(found)
    visible = None
    if "display" in found:
        value, _, important = found["display"].partition("!")
        firm = bool(important)
        displayed = value.strip() != "none"
    if "visibility" in found:
        visible = not found["visibility"].startswith(("hidden", "collapse"))
    keeps = None
    if "white-space" in found:
        keeps = found["white-space"].startswith("pre") or "break-spaces" in found["white-space"]
    level = _LEVEL.search(found.get("mso-list", ""))
    return Style(
        gone=_is_gone(found),
        displayed=displayed,
        firm=firm,
        outlook_only_hidden=found.get("mso-hide", "").startswith("all"),
        tiny=tiny,
        visible=visible,
        ink=_ink(found["color"]) if "color" in found else None,
        paper=_paper(found),
        keeps_lines=keeps,
        marker=found.get("mso-list", "").startswith("ignore"),
        level=int(level[1]) if level else 0,
    )


@lru_cache(maxsize=1024)
def _known_style(text: str) -> Style:
    return read_style(text)


def style_of(text: str) -> Style:
    """What a `style` attribute says; the same ones come again and again, also from one mail to the next."""
    return _known_style(text) if len(text) <= _LONGEST_KNOWN else read_style(text)


def _is_gone(found: dict[str, str]) -> bool:
    """Whether declarations other than `display` take the whole element away."""
    if "opacity" in found and _length(found["opacity"]) == 0.0:
        return True
    if "max-height" in found and _length(found["max-height"]) == 0.0:
        return True
    if found.get("overflow", "").startswith(("hidden", "clip")) and any(
        name in found and _length(found[name]) == 0.0 for name in ("height", "width", "max-width")
    ):
        return True
    if "text-indent" in found and (_length(found["text-indent"]) or 0.0) <= _FAR:
        return True
    if found.get("position", "").startswith(("absolute", "fixed")):
        if any((_length(found.get(name, "")) or 0.0) <= _FAR for name in ("left", "top", "right", "bottom")):
            return True
        if _CLIPPED.match(found.get("clip", "")):
            return True
    if _CLIPPED.match(found.get("clip-path", "")):
        return True
    return "transform" in found and found["transform"].startswith("scale(0)")


def _is_tiny(found: dict[str, str]) -> bool | None:
    size = found.get("font-size")
    if size is None and "font" in found:
        in_font = _SIZE_IN_FONT.search(found["font"])
        size = in_font[1] if in_font else None
    if size is None:
        return None
    number = _LENGTH.match(size)
    if number is None:
        return False  # "small", "inherit", "calc(…)"
    value, unit = float(number[1]), number[2]
    if value == 0:
        return True
    if unit in ("em", "%", "ex"):
        return None  # of what it was
    return value * _PIXELS.get(unit, 10.0) <= 1.4


def _length(text: str) -> float | None:
    """A length in pixels, about; None when it is none."""
    number = _LENGTH.match(text)
    return float(number[1]) * _PIXELS.get(number[2], 10.0) if number else None


def _ink(text: str) -> int | None:
    is_clear = text.startswith("transparent") or _CLEAR.match(text) is not None
    return TRANSPARENT if is_clear else _color(text)


def _paper(found: dict[str, str]) -> int | None:
    if "background-image" in found and "none" not in found["background-image"]:
        return UNKNOWN
    plain = found.get("background-color") or found.get("background")
    return _color(plain) if plain else None


def _color(text: str) -> int | None:
    """A colour as a number, UNKNOWN when it is none we know, None when the one around holds."""
    text = text.partition("!")[0].strip()
    if _HEX.match(text):
        digits = text[1:]
        return int(digits if len(digits) == 6 else "".join(digit * 2 for digit in digits), 16)
    if text in ("transparent", "inherit", "none", "initial", "unset", "", "currentcolor"):
        return None
    if text in _NAMED:
        return _NAMED[text]
    if (rgb := _RGB.match(text)) and rgb[4] in (None, "1", "1.0", "100%"):
        return (int(rgb[1]) & 255) << 16 | (int(rgb[2]) & 255) << 8 | int(rgb[3]) & 255
    return UNKNOWN


def _same(one: int, other: int) -> bool:
    if one == TRANSPARENT:
        return True
    if one < 0 or other < 0:
        return False
    return (
        abs((one & 255) - (other & 255)) <= _NEAR
        and abs((one >> 8 & 255) - (other >> 8 & 255)) <= _NEAR
        and abs((one >> 16) - (other >> 16)) <= _NEAR
    )


# ------------------------------------------------------------ style sheets


@dataclass(slots=True)
class Sheets:
    """The style sheets of a page, as far as they hide or colour by a name (`.class`, `#id`, a tag)."""

    styles: dict[str, Style] = field(default_factory=dict)
    inked: set[str] = field(default_factory=set)
    papered: set[str] = field(default_factory=set)
    flush_paragraphs: bool = False
    is_painted: bool = False  # whether attributes other than `style` name colours anywhere
    _views: dict[tuple[object, ...], View] = field(default_factory=dict)

    @property
    def looking(self) -> tuple[str, ...]:
        """The attributes that say on this page how an element looks, besides `hidden`."""
        names = {name[0] for name in (*self.styles, *self.inked, *self.papered) if name}
        return (
            ("style",) + ("class",) * ("." in names) + ("id",) * ("#" in names) + _COLOURED * self.is_painted
        )

    @property
    def tags(self) -> frozenset[str]:
        """The elements that have a look of their own without an attribute that says so."""
        return frozenset(name for name in self.inked | self.papered if name and name[0] not in ".#")

    def view(self, key: tuple[object, ...], look: Look, tag: str, attributes: Attributes) -> View:
        """What a reader sees of an element among words that look like `look`.

        Elements repeat, so each is worked out once; `key` has all that is asked for here.
        """
        view = self._views.get(key)
        if view is None:
            style = self._of(tag, attributes)
            inside = look.inside(style)
            gone = style.gone or style.displayed is False
            is_odd = style.outlook_only_hidden or style.marker or style.level
            view = self._views[key] = View(gone, inside, inside.hides_words, style if is_odd else None)
        return view

    def _of(self, tag: str, attributes: Attributes) -> Style:
        """What style sheets and its own attributes say of an element."""
        text = attributes.get("style")
        style = style_of(text) if text else PLAIN
        ink, paper = style.ink, style.paper
        if self.styles or self.inked or self.papered:
            names = ["." + name for name in (attributes.get("class") or "").split()]
            if attributes.get("id"):
                names.append(f"#{attributes['id']}")
            for name in names:
                below = self.styles.get(name)
                if below is not None:
                    style = _overlaid(below, style)
            names.append(tag)
            if ink is None and not self.inked.isdisjoint(names):
                ink = UNKNOWN
            if paper is None and not self.papered.isdisjoint(names):
                paper = UNKNOWN
        bgcolor = attributes.get("bgcolor")
        if bgcolor and paper is None:
            paper = _attribute_color(bgcolor)
        if attributes.get("background"):
            paper = UNKNOWN
        color = attributes.get("color" if tag == "font" else "text") if tag in ("font", "body") else None
        if color and ink is None:
            ink = _attribute_color(color)
        return style if (ink, paper) == (style.ink, style.paper) else style._replace(ink=ink, paper=paper)


def _attribute_color(text: str) -> int | None:
    text = text.strip().lower()
    return _color(text if text[:1] == "#" or not _HEX.match("#" + text) else "#" + text)


def _overlaid(below: Style, above: Style) -> Style:
    firm = below.firm and not above.firm
    return Style(
        gone=below.gone or above.gone,
        displayed=below.displayed if firm or above.displayed is None else above.displayed,
        firm=below.firm or above.firm,
        outlook_only_hidden=below.outlook_only_hidden or above.outlook_only_hidden,
        tiny=below.tiny if above.tiny is None else above.tiny,
        visible=below.visible if above.visible is None else above.visible,
        ink=below.ink if above.ink is None else above.ink,
        paper=below.paper if above.paper is None else above.paper,
        keeps_lines=below.keeps_lines if above.keeps_lines is None else above.keeps_lines,
        marker=above.marker,
        level=above.level,
    )


def read_sheets(html: str) -> Sheets:
    """The style sheets of a page. What holds on some screens only (`@media (…)`) is left out."""
    data = html.encode("utf-8", "surrogatepass")
    lowered = data.lower()  # of bytes, so that places stay what they are
    sheets = Sheets(is_painted=any(name in lowered for name in _PAINTED))
    start = lowered.find(b"<style")
    room = LONGEST_SHEETS
    while start >= 0 and room > 0:
        begin = data.find(b">", start) + 1
        end = lowered.find(b"</style", start)
        end = len(data) if end < 0 else end
        if 0 < begin < end:
            sheet = data[begin : min(end, begin + room)].decode("utf-8", "replace")
            _read_sheet(_without_comments(sheet), sheets)
            room -= end - begin
        start = lowered.find(b"<style", end)
    return sheets


def _without_comments(css: str) -> str:
    css = css.replace("<!--", "").replace("-->", "")
    if "/*" not in css:
        return css
    pieces: list[str] = []
    at = 0
    while (start := css.find("/*", at)) >= 0:
        pieces.append(css[at:start])
        end = css.find("*/", start + 2)
        at = len(css) if end < 0 else end + 2
    pieces.append(css[at:])
    return "".join(pieces)


def _read_sheet(css: str, sheets: Sheets) -> None:
    selectors: list[str] = []  # of the braces that are open
    since = 0
    for brace in _BRACE.finditer(css):
        piece = css[since : brace.start()]
        since = brace.end()
        if brace[0] == "{":
            selectors.append(piece)
        elif selectors:
            selector = selectors.pop()
            if "@" not in selector and not any(_is_conditional(outer) for outer in selectors):
                _read_rule(selector, piece, sheets)


def _is_conditional(selector: str) -> bool:
    """Whether an at-rule may not hold: it asks for a size, a printer, dark colours."""
    rule = selector.rpartition(";")[2].strip().lower()
    return not (rule.startswith("@media") and "(" not in rule and "print" not in rule)


def _read_rule(selector: str, declarations: str, sheets: Sheets) -> None:
    lowered = declarations.lower()
    hides = any(word in lowered for word in _HIDING)
    inks, papers = "color" in lowered, "background" in lowered
    flush = "margin" in lowered and NO_MARGIN.search(lowered) is not None
    if not (hides or inks or papers or flush):
        return
    for each in selector.rpartition(";")[2].split(","):
        one = each.strip()
        if flush and one in ("p", "P"):
            sheets.flush_paragraphs = True
        if _ONLY_SOMETIMES.search(one):
            continue
        last = _LAST_NAME.search(one)
        simple = _SIMPLE.match(one)
        name = last[1] if last else (one.split() or [""])[-1].lower()
        if inks:
            sheets.inked.add(name)
        if papers:
            sheets.papered.add(name)
        if hides and last:
            style = style_of(declarations)._replace(ink=None, paper=None)
            if simple is None and not style.gone and style.displayed is not False:
                continue  # what shows again, or is small, inside something else only
            before = sheets.styles.get(name)
            sheets.styles[name] = style if before is None else _overlaid(before, style)
