"""`frontdesk team`: who works here, what each may do, and by which keys they come in over SSH."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from inbox.errors import BadUsage, NotDone
from inbox.model import Role
from tui.line.acting import complain
from tui.line.desk import Desk, unix_user
from tui.line.team_away import away, hand_on, in_hand, receiver
from tui.line.team_rows import add_rows, change, note, owner, teammate

if TYPE_CHECKING:
    from inbox.public_keys import PublicKey
    from inbox.settings import Teammate
    from tui.line.authorized_keys import AuthorizedKeys

ROLES = {
    Role.OWNER: "may do everything",
    Role.AGENT: "answers customers",
    Role.TRAINEE: "answers customers, once somebody agrees",
    Role.READER: "only reads",
}


@click.group("team")
def command() -> None:
    """People, their roles and absences, and the keys they come in with over SSH. Only an owner changes them."""


command.add_command(away)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(desk: Desk, as_json: bool) -> None:
    """Who works here: name, role, Unix user, keys that are let in (where you may see them), absence."""
    from inbox.jsonform import as_line

    keys = _keys(desk).names() if _keeps_keys(desk) else None
    rows = [_as_json(desk, mate, keys) for mate in desk.settings().team]
    if as_json:
        for row in rows:
            click.echo(as_line(row))
        return
    if not rows:
        click.echo(
            f"There is no team: whoever runs Frontdesk here is its owner. {desk.called} team add begins one."
        )
    width = max((len(row["name"]) for row in rows), default=0)
    for row in rows:
        ways = [f"Unix user {row['unix']}" if row["unix"] else "", _count(row["keys"] or 0, "key")]
        told = [row["role"].ljust(7), ", ".join(filter(None, ways)) or "no way in", row["absent"] or ""]
        click.echo("  ".join([row["name"].ljust(width), *filter(None, told)]).rstrip())


@command.command("add")
@click.argument("name", metavar="NAME")
@click.option("--key", "key_file", metavar="FILE", help="Their public key, or - for standard input.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Without it: agent.")
@click.option("--unix", metavar="USER", help="Their Unix user here, if they have one.")
@click.option("--address", metavar="MAIL", help="Their mail address.")
@click.option("--install", is_flag=True, help="Let the key in now: it goes into ~/.ssh/authorized_keys.")
@click.pass_obj
def add(
    desk: Desk,
    name: str,
    key_file: str | None,
    role: str | None,
    unix: str | None,
    address: str | None,
    install: bool,
) -> None:
    """Take somebody into the team; or give somebody of the team another key.

    With --key the line that lets them in over SSH, to this inbox and to nothing else, is printed for
    ~/.ssh/authorized_keys of this account, or with --install put there.
    """
    who = owner(desk)
    if install and key_file is None:
        raise BadUsage("There is no key to let in.", "Name its file with --key.")
    key = _key_given(key_file) if key_file is not None else None
    keys = _keys(desk)
    mate = desk.settings().teammate(name)
    name = mate.name if mate is not None else name
    if key is not None:
        if install:
            _may_install(desk)
        if _keeps_keys(desk):
            keys.check(key, name)
    if mate is None:
        row = {"name": name, "role": role or "agent", "unix": unix, "address": address}
        add_rows(desk, who, {name: value for name, value in row.items() if value is not None})
        note(desk, who, "added", name, role=role or "agent")
        said = f"{name} is in the team: {role or 'agent'}, {ROLES[Role(role or 'agent')]}."
    elif key is None:
        raise NotDone(f"{name} is in the team already, as {mate.role.value}.", "--key FILE gives them a key.")
    elif (role or mate.role.value, unix or mate.unix, address or mate.address) != (
        mate.role.value,
        mate.unix,
        mate.address,
    ):
        raise NotDone(
            f"{name} is in the team already, as {mate.role.value}.",
            f"Give the key alone; {desk.called} team role changes what they may do.",
        )
    else:
        said = f"{name} gets another key."
    _say(said)
    if key is not None:
        _let_in(desk, keys, key, name, install)
        note(desk, who, "key", name, key=key.fingerprint)
    elif not unix:
        _say("There is no way in yet: --key FILE gives one over SSH, --unix USER one on this host.")


@command.command("role")
@click.argument("name", metavar="NAME")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.pass_obj
def role_(desk: Desk, name: str, role: str) -> None:
    """Change what somebody may do. A screen of theirs that is open heeds it within a minute."""
    from inbox.toml_rows import with_value

    who = owner(desk)
    mate = teammate(desk, name)
    if mate.role.value == role:
        raise NotDone(f"{mate.name} is {role} already.")
    change(
        desk,
        f"{mate.name} cannot become {role}",
        lambda text, index: with_value(text, "team", index, "role", role),
        mate.name,
    )
    note(desk, who, "role", mate.name, role=role, was=mate.role.value)
    _say(f"{mate.name}: {mate.role.value} until now, {role} from now on: {ROLES[Role(role)]}.")


@command.command("remove")
@click.argument("name", metavar="NAME")
@click.option(
    "--to", metavar="NAME", help="Who gets what they have: a teammate, load (fair), none (everybody)."
)
@click.option("--keep", is_flag=True, help="Leave it with them: what opens or falls due goes to everybody.")
@click.pass_obj
def remove(desk: Desk, name: str, to: str | None, keep: bool) -> None:
    """Take somebody out of the team, with every key that lets them in. What they wrote stays.
    A screen of theirs that is open ends within a minute.

    Asks who gets what they have in hand; one undo takes that back.
    """
    from inbox.toml_rows import without_row

    who = owner(desk)
    mate = teammate(desk, name)
    had = in_hand(desk, mate.name)
    gets = receiver(desk, mate.name, had, to, keep)
    before = desk.settings()
    change(
        desk,
        f"{mate.name} cannot be taken out",
        lambda text, index: without_row(text, "team", index),
        mate.name,
    )
    note(desk, who, "removed", mate.name, was=mate.role.value)
    _say(f"{mate.name} is out of the team, and can do nothing here any more.")
    if _keeps_keys(desk):
        gone = _keys(desk).take_out(mate.name)
        _say(f"{_count(gone, 'key') or 'No key'} taken out of {_keys(desk).path}.")
    else:
        complain(
            f"A key that lets {mate.name} in is not looked for: it lies with the account that keeps the workspace.",
            "That account, or root, takes the line out of its authorized_keys.",
        )
    hand_on(desk, who, before, mate.name, had, gets)
    if mate.unix:
        _say(f"The Unix user {mate.unix} stays: take it out of the group that shares the workspace.")


# ---------------------------------------------------------------------- keys


def _key_given(file: str) -> PublicKey:
    """The public key in a file, or on standard input. BadUsage for anything else."""
    import sys

    from inbox.public_keys import LONGEST, read_key

    try:
        if file == "-":
            data = sys.stdin.buffer.read(LONGEST + 1)
        else:
            with open(file, "rb") as opened:  # noqa: PTH123  (a name as typed)
                data = opened.read(LONGEST + 1)
    except OSError as error:
        raise BadUsage(
            f"{file} cannot be read: {error.strerror}.", "Name the file that ends in .pub."
        ) from None
    return read_key(data.decode("utf-8", "replace"))


def _let_in(desk: Desk, keys: AuthorizedKeys, key: PublicKey, name: str, install: bool) -> None:
    """Put the line of a key into authorized_keys, or print it for whoever does."""
    from inbox.public_keys import line_for

    command = (*_program(desk), "--workspace", str(desk.workspace), "--as", name)
    if install:
        keys.put(key, command, name)
        _say(f"The key {key.fingerprint} is let in as {name}: {keys.path}.")
        _say(f"They come in with ssh {unix_user()}@HOST, and to nothing else than Frontdesk.")
        if unix_user() == "root":
            complain("That is as root.", "An account that is for the inbox alone is safer: docs/team.md.")
    else:
        click.echo(line_for(key, command, name))
        _say("That line belongs into ~/.ssh/authorized_keys of the account that keeps the workspace.")


def _program(desk: Desk) -> tuple[str, ...]:
    """What a line runs: `frontdesk` as it is found by its name, if that is this one. An upgrade may let the name lead to
    another folder, and every line goes with it."""
    import shutil
    import sys
    from pathlib import Path

    found = shutil.which("frontdesk")
    if found is not None and desk.program:
        homes = {Path(desk.program[-1]).parent, Path(sys.executable).parent}
        if Path(found).resolve().parent in homes:
            return (str(Path(found).absolute()),)
    return desk.program


def _keys(desk: Desk) -> AuthorizedKeys:
    from tui.line.authorized_keys import AuthorizedKeys

    return AuthorizedKeys(desk.workspace)


def _keeps_keys(desk: Desk) -> bool:
    """Whether the keys that let people in lie with this account: it keeps the workspace."""
    import os

    try:
        return desk.workspace.stat().st_uid == os.geteuid()
    except FileNotFoundError:
        return True


def _may_install(desk: Desk) -> None:
    """NotDone where a key would let people in as another account than the one that keeps the workspace."""
    if not _keeps_keys(desk):
        keeper = unix_user(desk.workspace.stat().st_uid)
        raise NotDone(
            f"A key is let in by the account that keeps the workspace, and that is {keeper}, not {unix_user()}.",
            f"Run it as {keeper}, or leave --install away: then the line is printed.",
        )


# ---------------------------------------------------------------------- how it is told


def _as_json(desk: Desk, mate: Teammate, keys: Mapping[str, int] | None) -> dict[str, Any]:
    from inbox.away import absence, today

    settings = desk.settings()
    gone = absence(settings.team, mate.name, today(desk.now(), settings.zone))
    return {
        "name": mate.name,
        "role": mate.role.value,
        "unix": mate.unix,
        "address": mate.address,
        "zone": mate.zone,
        "keys": keys.get(mate.name, 0) if keys is not None else None,
        "away": [{"from": first, "until": last} for first, last in mate.away],
        "absent": gone.words if gone is not None and gone.since else None,
    }


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}" if number else ""


def _say(words: str) -> None:
    click.echo(words, err=True)
