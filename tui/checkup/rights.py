"""Who may read and write what: the workspace, the log, the bell's folder, and the files with passwords.

Only this user's own access is tried; what colleagues may do is read from owner, group and mode. A workspace counts as
shared when its group has rights and holds more people than its owner.
"""

from __future__ import annotations

import grp
import hashlib
import os
import pwd
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tui.checkup.finding import Finding, some
from tui.checkup.machine import nearest

if TYPE_CHECKING:
    from inbox.settings import Mailbox

LOGS = ("frontdesk.log", "frontdesk.log.1")
PRIVATE = (*LOGS, "secrets")
"""Logs and logins may be one person's alone, also in a shared workspace."""

ONLY_READ = ("settings.toml", "settings.cache")
"""Files that a worker and colleagues need only read."""

GROUP = stat.S_IRGRP | stat.S_IWGRP
ANYBODY = stat.S_IRWXO


def rights(workspace: Path) -> Iterator[Finding]:
    """Everything that is amiss with the rights in a workspace; one line when nothing is."""
    subject = str(workspace)
    if not workspace.exists():
        yield _to_be_made(workspace)
        return
    if not os.access(workspace, os.R_OK | os.W_OK | os.X_OK):
        mend = f"Ask its owner for: chmod g+rwx {subject}"
        yield Finding("rights", subject, False, "It cannot be written by you.", mend)
        return
    looked_at = (_folder, _files, _log, _kept_logins, _bell)
    troubles = [found for look in looked_at for found in look(workspace)]
    yield from troubles or [Finding("rights", subject, True, _whose(workspace))]


def _to_be_made(workspace: Path) -> Finding:
    above = nearest(workspace)
    if os.access(above, os.W_OK | os.X_OK):
        return Finding("rights", str(workspace), True, "the workspace will be made on first use")
    mend = "Name another with --workspace."
    return Finding("rights", str(workspace), False, f"{above} cannot be written.", mend)


def _folder(workspace: Path) -> Iterator[Finding]:
    subject, mode = str(workspace), workspace.stat().st_mode
    if mode & ANYBODY:
        mend = f"chmod o-rwx {subject}"
        yield Finding("rights", subject, False, "Everybody on this host can read it.", mend)
    if is_shared(workspace) and not mode & stat.S_ISGID:
        said = "What is made in it belongs to its maker's own group, not to the team's."
        yield Finding("rights", subject, False, said, f"chmod g+s {subject}")


def _files(workspace: Path) -> Iterator[Finding]:
    whole = workspace.stat()
    shared = is_shared(workspace)
    closed, not_for_group, foreign = [], [], []
    for path in _kept_in(workspace):
        try:
            status = path.lstat()
        except FileNotFoundError:  # a lock or a temporary file that has done its work
            continue
        name = str(path.relative_to(workspace))
        only_read = path.name in ONLY_READ
        needed = os.R_OK if only_read else os.R_OK | os.W_OK
        wanted = stat.S_IRGRP if only_read else GROUP
        if not os.access(path, needed) and path.name not in PRIVATE:
            closed.append(name)
        elif shared and path.name not in PRIVATE:
            if status.st_mode & wanted != wanted or status.st_gid != whole.st_gid:
                not_for_group.append(name)
        elif not shared and status.st_uid != whole.st_uid:
            foreign.append(name)
    subject = str(workspace)
    if closed:
        mend = f"Ask their owner for: chgrp {_group(whole.st_gid)} and chmod g+rw on them."
        yield Finding("rights", subject, False, f"Closed to you: {some(closed)}.", mend)
    if not_for_group:
        mend = f"chgrp {_group(whole.st_gid)} and chmod g+rw on them, as their owner or as root."
        yield Finding("rights", subject, False, f"Closed to colleagues: {some(not_for_group)}.", mend)
    if foreign:
        said = f"Not of the workspace's owner ({_user(whole.st_uid)}): {some(foreign)}."
        mend = f"Give them back, as root: chown {_user(whole.st_uid)} on them."
        yield Finding("rights", subject, False, said, mend)


def _kept_in(workspace: Path) -> Iterable[Path]:
    """What several people write: the files of the workspace, its folders, and the documents; not each large message
    or attached file."""
    yield from workspace.iterdir()
    yield from (workspace / "documents").glob("*")
    for many in ("raw", "attached"):
        yield from (folder for folder in (workspace / many).glob("*") if folder.is_dir())


def _log(workspace: Path) -> Iterator[Finding]:
    for name in LOGS:
        log = workspace / name
        if log.exists() and log.stat().st_mode & ANYBODY:
            yield Finding(
                "rights", str(log), False, "Everybody on this host may read it.", f"chmod 600 {log}"
            )


def _kept_logins(workspace: Path) -> Iterator[Finding]:
    """The folder in which `frontdesk login` keeps access to mailboxes."""
    folder = workspace / "secrets"
    try:
        places = [folder, *folder.iterdir()] if folder.exists() else []
    except PermissionError:
        return  # of another person, who alone may sync
    for place in places:
        if place.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            mend = f"chmod {700 if place == folder else 600} {place}"
            yield Finding("rights", str(place), False, "Others may reach the logins kept there.", mend)


def _bell(workspace: Path) -> Iterator[Finding]:
    """The folder by which processes tell each other of changes; anybody could have made one of this name in /tmp."""
    folder = bell_folder(workspace)
    mend = f"Close every Frontdesk, then: rm -r {folder}  (it is made again)"
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return  # made when first needed
    if not stat.S_ISDIR(status.st_mode) or status.st_mode & ANYBODY:
        said = "Others on this host can reach the folder in which screens hear of changes."
        yield Finding("rights", str(folder), False, said, mend)
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        said = "Closed to you: screens hear of changes only after a second."
        yield Finding("rights", str(folder), False, said, mend)


def bell_folder(workspace: Path) -> Path:
    """Where the sockets of a workspace lie, as storage/bell.py chooses it."""
    name = hashlib.sha256(str(workspace.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"frontdesk-{workspace.stat().st_uid}-{name}"


def is_shared(workspace: Path) -> bool:
    """Whether the workspace is meant for a group: one with rights in it that is not its owner's alone."""
    status = workspace.stat()
    if status.st_mode & stat.S_IRWXG != stat.S_IRWXG:
        return False
    try:
        owner = pwd.getpwuid(status.st_uid)
        members = set(grp.getgrgid(status.st_gid).gr_mem)
    except KeyError:
        return True
    return owner.pw_gid != status.st_gid or bool(members - {owner.pw_name})


def _whose(workspace: Path) -> str:
    status = workspace.stat()
    group = f" and the group {_group(status.st_gid)}" if is_shared(workspace) else ""
    return f"for {_user(status.st_uid)}{group} only"


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def restricted(workspace: Path, mailbox: Mailbox) -> Iterator[Finding]:
    """Whether a restricted mailbox is kept from colleagues whose accounts may read the files of the workspace."""
    if mailbox.only is not None and workspace.exists() and is_shared(workspace):
        said = "Restricted, but who has the workspace's group can read its files with other programs."
        mend = "Let people in by keys, not by accounts: docs/team.md."
        yield Finding("rights", mailbox.name, None, said, mend)


# --------------------------------------------------------------------------- secrets


def secrets(mailbox: Mailbox) -> Iterator[Finding]:
    """The folder of a password file: who can write there can put another password in its place.

    The file itself is looked at where it is read.
    """
    if mailbox.password_file is None:
        return
    folder = Path(mailbox.password_file).parent
    try:
        mode = folder.stat().st_mode
    except OSError:
        return  # reading the password says what is missing
    subject = f"{mailbox.name}, {folder}"
    if mode & (stat.S_IWGRP | stat.S_IWOTH) and not mode & stat.S_ISVTX:
        said = "Others can put another password file in its place."
        yield Finding("secrets", subject, False, said, f"chmod 700 {folder}")
    elif mode & (stat.S_IRWXG | stat.S_IRWXO):
        said = "Others can see which password files there are."
        yield Finding("secrets", subject, None, said, f"chmod 700 {folder}")
    else:
        yield Finding("secrets", subject, True, "for its owner only")
