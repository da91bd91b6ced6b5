"""What somebody asks for whom a forced command lets in: `ssh desk due --json` runs `due --json` as the one it names.

sshd runs the command of the key's line whatever was asked, and hands that over in SSH_ORIGINAL_COMMAND (sshd(8),
AUTHORIZED_KEYS FILE FORMAT). Those words are read as a shell reads words, but no shell ever sees them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING

from inbox.errors import BadUsage

if TYPE_CHECKING:
    import click

ASKED = "SSH_ORIGINAL_COMMAND"
"""The variable in which sshd hands over what was asked for; not there when it was nothing."""
FREE = frozenset({"--help", "-h", "--version"})
"""What may stand before a command: it tells nothing of anybody's."""


def is_forced(environment: Mapping[str, str], as_name: str | None) -> bool:
    """Whether who is here was let in by a forced command. Who only logs in has asked for nothing, so over SSH the --as of
    its line stands for one as well."""
    return ASKED in environment or ("SSH_CONNECTION" in environment and as_name is not None)


def forget_client(environment: MutableMapping[str, str]) -> None:
    """Take out what might be the client's, where sshd lets more in than it should (AcceptEnv): what steers Frontdesk or its
    screen's library, which can write files, and locales that are paths."""
    for name, value in list(environment.items()):
        if name.startswith(("FRONTDESK_", "TEXTUAL")) or (name.startswith(("LC_", "LANG")) and "/" in value):
            del environment[name]


def asked(environment: Mapping[str, str]) -> list[str]:
    """The words that were asked for; none where the screen is meant. Raises BadUsage for what is no text or badly quoted."""
    import shlex

    text = environment.get(ASKED, "")
    if not text.isascii() and text.encode("utf-8", "ignore").decode() != text:
        raise BadUsage("What was asked for is no text: it is not in UTF-8.", "Check how the terminal is set.")
    try:
        return shlex.split(text)
    except ValueError:
        raise BadUsage(
            "The quotes of the command do not fit together.",
            "Quote it once for each side: ssh desk \"note 12 --text 'Ring back'\"",
        ) from None


def words_for(ctx: click.Context, given: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """The arguments to run: those of the forced command, and then what was asked for, where that line leaves it open.

    Raises BadUsage where what was asked for would change who acts, on which workspace, or when.
    """
    _, left, order = ctx.command.make_parser(ctx).parse_args(list(given))
    for at, option in enumerate(order):
        if option in order[:at]:  # a script of the host's own has put what was asked for behind its options
            raise fixed(option.opts[0])
    if left:  # the line names its command: whatever was asked for, it is that one
        return list(given)
    words = asked(environment)
    if words and words[0].startswith("-") and words[0] not in FREE:
        raise fixed(words[0])
    return [*given, *words]


def fixed(option: str) -> BadUsage:
    """Why an option of Frontdesk itself is not taken from who was let in."""
    name = option.partition("=")[0]
    return BadUsage(
        f"{name[:40]} is not taken here: your key says who you are and which inbox this is.",
        "Leave it away; begin with a command, as in ssh desk due. ssh desk --help lists them.",
    )


def is_of_the_line(option: str, own: Iterable[str]) -> bool:
    """Whether an unknown option of a command is one of Frontdesk itself, or the beginning of one."""
    name = option.partition("=")[0]
    return len(name) > 2 and any(known.startswith(name) for known in own)
