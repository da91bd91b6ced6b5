"""Changing settings.toml for people: what was written there stays as it is, and nothing is ever half written."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from inbox.errors import BadSettings, NotDone, WorldError
from inbox.safe_file import open_shared, put_file
from inbox.toml_rows import ByHand, toml_value

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.settings import Mailbox

_BEGINNING = (
    "# Settings of Frontdesk. docs/settings.md explains every key; frontdesk doctor checks this file.\n"
)
_USUAL_PORTS = {"tls": (993, 465), "starttls": (143, 587), "none": (143, 25)}


def mailbox_table(mailbox: Mailbox) -> str:
    """A mailbox as it stands in settings.toml; what is as it would be anyway is left out."""
    imap_port, smtp_port = _USUAL_PORTS[mailbox.imap_security][0], _USUAL_PORTS[mailbox.smtp_security][1]
    usual = {
        "user": mailbox.address,
        "imap_port": imap_port,
        "imap_security": "tls",
        "smtp_port": smtp_port,
        "smtp_security": "tls",
        "oauth_tenant": "common",
    }
    written = (
        *("name", "address", "user", "imap_host", "imap_port", "imap_security"),
        *("smtp_host", "smtp_port", "smtp_security", "ca_file"),
        *("oauth", "oauth_client", "oauth_tenant"),
        *("password_command", "password_env", "password_file", "token_command"),
    )
    values = {key: getattr(mailbox, key) for key in written}
    kept = {key: value for key, value in values.items() if value is not None and value != usual.get(key)}
    return "[[mailbox]]\n" + "".join(f"{key} = {toml_value(value)}\n" for key, value in kept.items())


def hours_table(zone: str, country: str | None) -> str:
    """The opening hours' zone, and the country whose holidays are closed days, as they stand in settings.toml."""
    return f"[hours]\nzone = {toml_value(zone)}\n" + (f"country = {toml_value(country)}\n" if country else "")


def added(existing: bytes, *tables: str) -> bytes:
    """The file with tables added at its end; all before them stays byte for byte."""
    if not existing.strip():
        return (_BEGINNING + "".join(f"\n{table}" for table in tables)).encode()
    ends = "\r\n" if b"\r\n" in existing else "\n"
    text = "".join(f"\n{table}" for table in tables).replace("\n", ends)
    gap = b"" if existing.endswith(b"\n") else ends.encode()
    return existing + gap + text.encode()


def add_mailbox(path: Path, tables: tuple[str, ...], now: Instant, secret: tuple[Path, str] | None) -> None:
    """Put tables at the end of the settings file `path`, and a secret (file, text) beside it: both, or nothing.

    The outcome is checked as every start checks it before it takes the place of the old file. Raises BadSettings
    naming every mistake, WorldError when it cannot be written.
    """
    from inbox.settings_checks import check

    try:
        existing = path.read_bytes()
    except FileNotFoundError:
        existing = b""
    text = added(existing, *tables)
    try:
        check(text, path, now=now)
    except BadSettings as error:
        raise BadSettings(
            f"The mailbox cannot be added to {path} as it stands:\n{error.what}",
            "Mend that, or add this yourself:\n\n" + "\n".join(tables),
        ) from None
    made: Path | None = None
    try:
        _make_workspace(path.parent)
        if secret is not None:
            made = secret[0]
            _write_secret(*secret)
        # A link stays a link: the file may lie where somebody keeps all their settings.
        put_file(path.resolve(), text, 0o660)
    except BaseException as error:  # Ctrl+C too
        if made is not None and not isinstance(error, FileExistsError) and not _is(path, text):
            made.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise WorldError(
                f"{error.filename or path} cannot be written: {error.strerror}.",
                "Nothing was changed. Free some space, or mend the rights of the workspace.",
            ) from None
        raise


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While no other Frontdesk changes this settings file. Waits for one that does: that takes milliseconds."""
    lock = open_shared(path.with_name(f".{path.name}.lock"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def replace(path: Path, data: bytes) -> None:
    """Put a settings file in the place of another, with the same rights and owner; a link stays a link. Raises OSError."""
    there = path.resolve()
    try:
        was = there.stat()
    except FileNotFoundError:
        put_file(there, data, 0o660)
        return
    if not os.access(there, os.W_OK):  # it could be replaced in a shared folder, against what its rights say
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    put_file(there, data, was.st_mode & 0o777)
    if os.geteuid() == 0:
        os.chown(there, was.st_uid, was.st_gid)


def change(path: Path, changed: Callable[[str], str], now: Instant, what: str) -> None:
    """Write the settings file `path` as `changed` makes it of what is written there; nobody else changes it meanwhile.

    The outcome is checked as every start checks it before it takes the place of the old file: NotDone names every mistake
    there would be, and `what` says what could not be done. Raises BadSettings where the file cannot be used as it is,
    WorldError when it cannot be written.
    """
    from inbox.settings_checks import check

    try:
        _make_workspace(path.parent)
        with alone(path):
            before = path.read_bytes() if path.exists() else b""
            check(before, path, now=now)
            after = (changed(before.decode() or _BEGINNING)).encode()
            try:
                check(after, path, now=now)
            except BadSettings as error:
                raise NotDone(f"{what}:\n{error.what}", "Nothing was changed.") from None
            if after != before:
                replace(path, after)
    except ByHand:
        raise BadSettings(
            f"{what}: {path} is written in a way that only a person can change.", "Edit it by hand."
        ) from None
    except OSError as error:
        raise WorldError(
            f"{error.filename or path} cannot be written: {error.strerror}.",
            "Nothing was changed. Free some space, or mend the rights of the workspace.",
        ) from None


def free_secret_path(folder: Path, name: str) -> Path:
    """A file for a secret that does not exist yet: another's is never written over.

    Raises WorldError when the folder is another user's.
    """
    path, number = folder / name, 2
    try:
        while path.exists():
            path, number = folder / f"{name}.{number}", number + 1
    except PermissionError:
        raise WorldError(
            f"{folder} is for another user, the one who syncs.",
            "Run frontdesk init as that user, or give the password by a command.",
        ) from None
    return path


def _is(path: Path, text: bytes) -> bool:
    """Whether the file holds this text by now."""
    with suppress(OSError):
        return path.read_bytes() == text
    return False


def _make_workspace(folder: Path) -> None:
    """As the store makes it: a group may share it."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o2770)


def _write_secret(path: Path, text: str) -> None:
    """A new file that only its owner may read, in a folder that only its owner may enter."""
    if not path.parent.exists():
        path.parent.mkdir(mode=0o700)
        path.parent.chmod(0o700)  # of a workspace for a group it would have taken more on
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(text.encode() + b"\n")
        os.fchmod(file.fileno(), 0o600)
        file.flush()
        os.fsync(file.fileno())
