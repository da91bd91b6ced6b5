"""Access tokens of Microsoft's mail: one login by a code typed into any browser (RFC 8628), renewed silently from then on.

msal speaks with Microsoft. What it remembers, a refresh token above all, lies in a file of the workspace's `secrets`
that only the user who syncs may read. msal is an extra and loaded only for mailboxes that need it.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inbox.channels.passwords import Secret
from inbox.channels.trouble import NeedsLogin, NetworkTrouble, RefusedCertificate, ServerSaidNo, server_words
from inbox.errors import BadSettings, FrontdeskError, NotDone, WorldError
from inbox.journal import never_show

if TYPE_CHECKING:
    from inbox.settings import Mailbox

AUTHORITY = "https://login.microsoftonline.com"
SCOPES = ("https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send")
"""What the token is for: learn.microsoft.com, "Authenticate an IMAP, POP or SMTP connection using OAuth"."""

WAIT = 30.0
"""Seconds to wait for an answer of Microsoft."""

INSTALL = "pip install 'frontdesk[microsoft]'"

_KEPT_SECRETS = ("AccessToken", "RefreshToken", "IdToken")
_DECLINED = ("authorization_declined", "access_denied")
_RUN_OUT = ("expired_token", "code_expired")
_WRONG_APPLICATION = ("invalid_client", "unauthorized_client", "invalid_scope", "invalid_request")
_PERSON_NEEDED = ("invalid_grant", "interaction_required", "consent_required", "login_required")


def login_file(mailbox: Mailbox, folder: Path) -> Path:
    """Where a mailbox's login is kept."""
    return folder / f"{mailbox.name}.msal"


def how_to_log_in(mailbox: Mailbox) -> str:
    """The next step of a person whose mailbox needs a login."""
    return f"Run: frontdesk login {mailbox.name}"


class Account:
    """A mailbox's account at Microsoft. One thread at a time; other processes may use the same file."""

    def __init__(self, mailbox: Mailbox, folder: Path) -> None:
        self._mailbox = mailbox
        self._folder = folder
        self._file = login_file(mailbox, folder)
        self._cache: Any = None
        self._client: Any = None

    def token(self, refused: Secret | None = None) -> Secret:
        """An access token, from the kept login: the one that is still good, else a fresh one.

        `refused`: a token the mail server does not take, whatever Microsoft thinks of it; it is not given again.
        Raises NeedsLogin when only a person can help, NetworkTrouble, ServerSaidNo, BadSettings, WorldError.
        """
        with _alone(self._file):
            kept = self._read()
            client = self._app()
            self._cache.deserialize(kept)
            account = next(iter(client.get_accounts()), None)
            if account is None:
                raise self._needs_login("holds no account")
            result = self._silently(client, account)
            if refused is not None and result.get("access_token") == refused.reveal():
                result = self._silently(client, account, force_refresh=True)
        token = result.get("access_token")
        if not isinstance(token, str) or not token:
            raise self._refused(result)
        return Secret(token, passing=True)

    def begin(self) -> CodeLogin:
        """Ask Microsoft for a code with which a person logs in. Raises as `token`."""
        self._client = None
        client = self._app()
        with self._typed("asking for a code"):
            flow = client.initiate_device_flow(scopes=list(SCOPES))
        if not isinstance(flow.get("user_code"), str) or not isinstance(flow.get("device_code"), str):
            raise self._refused(flow)
        never_show(flow["device_code"])
        return CodeLogin(self, client, flow)

    # ------------------------------------------------------------------ Microsoft

    def _app(self) -> Any:
        """msal's client, made when first needed: that alone asks Microsoft where things are."""
        if self._client is None:
            msal = _msal(self._mailbox)
            self._cache = msal.SerializableTokenCache()
            with self._typed("asking for the tenant"):
                try:
                    self._client = msal.PublicClientApplication(
                        self._mailbox.oauth_client,
                        authority=f"{AUTHORITY}/{self._mailbox.oauth_tenant}",
                        token_cache=self._cache,
                        instance_discovery=False,
                        timeout=WAIT,
                    )
                except (ValueError, LookupError):
                    raise BadSettings(
                        f"Microsoft does not know the tenant {self._mailbox.oauth_tenant} of mailbox "
                        f"{self._mailbox.name}, or did not answer as Microsoft does.",
                        'Check oauth_tenant in the settings: "common", or the id or domain of your organisation.',
                    ) from None
        return self._client

    def _silently(self, client: Any, account: Any, force_refresh: bool = False) -> dict[str, Any]:
        with self._typed("renewing the login"):
            result = client.acquire_token_silent_with_error(
                list(SCOPES), account, force_refresh=force_refresh
            )
        if self._cache.has_state_changed:
            self._store()
        return result or {}

    def settle(self, result: dict[str, Any]) -> str:
        """Keep the login that an answer of Microsoft brought, in place of an earlier one; whose it is, or ""."""
        if "access_token" not in result:
            raise self._refused(result)
        with _alone(self._file, make=True):
            self._store()
        return server_words(result.get("id_token_claims", {}).get("preferred_username", ""), 100)

    def _refused(self, said: dict[str, Any]) -> FrontdeskError:
        """What an error of Microsoft means (RFC 6749, 5.2; RFC 8628, 3.5)."""
        error = str(said.get("error", ""))
        words = server_words(str(said.get("error_description") or error).partition("\r\n")[0])
        whose = f"mailbox {self._mailbox.name}"
        again = how_to_log_in(self._mailbox)
        if not said or error in _PERSON_NEEDED:
            return NeedsLogin(
                f"Microsoft no longer takes the login of {whose}{': ' if words else '.'}{words}", again
            )
        if error in _DECLINED:
            return NotDone(f"The login of {whose} was declined in the browser.", again)
        if error in _RUN_OUT:
            return NotDone(f"The code for {whose} has run out; nobody typed it in time.", again)
        if error in _WRONG_APPLICATION:
            return BadSettings(
                f"Microsoft refuses the application of {whose}: {words}",
                "Check oauth_client and oauth_tenant, and that the application allows public client flows and "
                "has the permissions IMAP.AccessAsUser.All and SMTP.Send.",
            )
        return ServerSaidNo(
            f"Microsoft refused the login of {whose}: {words}", "Try again later.", error, temporary=True
        )

    @contextmanager
    def _typed(self, doing: str) -> Iterator[None]:
        """Turn what requests and msal raise into the errors of `trouble`; none repeats what was sent."""
        again = "It is tried again by itself; check the network."
        try:
            yield
        except FrontdeskError:
            raise
        except (
            OSError,
            import_module("msal.exceptions").MsalError,
        ) as error:  # requests' errors are OSErrors
            why = _why(error)
            what = f"The line to Microsoft failed while {doing} for mailbox {self._mailbox.name}: {why}"
            if "CERTIFICATE_VERIFY_FAILED" in why:
                raise RefusedCertificate(
                    what,
                    "Nothing was sent; somebody may be on the line. Behind a proxy of your own, set "
                    "REQUESTS_CA_BUNDLE to the file of its certificate.",
                ) from None
            raise NetworkTrouble(what, again) from None
        except (ValueError, LookupError, TypeError, AttributeError, RuntimeError):
            raise NetworkTrouble(
                f"Microsoft gave an unreadable answer while {doing} for mailbox {self._mailbox.name}.", again
            ) from None

    # ------------------------------------------------------------------ the file

    def _needs_login(self, what: str) -> NeedsLogin:
        return NeedsLogin(
            f"The login of mailbox {self._mailbox.name} {what} ({self._file}).", how_to_log_in(self._mailbox)
        )

    def _read(self) -> str:
        try:
            file = os.open(self._file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError:
            raise self._needs_login("is missing") from None
        except OSError as error:
            raise _unusable(self._file, error) from None
        with os.fdopen(file, encoding="utf-8", errors="replace") as opened:
            if os.fstat(opened.fileno()).st_uid != os.geteuid():
                raise _of_another(self._file)
            text = opened.read()
        try:
            plain = json.loads(text)
            _hide(plain)
        except (ValueError, LookupError, TypeError, AttributeError):
            raise self._needs_login("is damaged") from None
        return text

    def _store(self) -> None:
        """The whole file or none: a login that was renewed must not be lost half-way."""
        text = self._cache.serialize()
        _hide(json.loads(text))
        new = self._file.with_name(f".{self._file.name}.new")
        try:
            new.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            with os.fdopen(os.open(new, flags, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._file)
        except OSError as error:
            raise _unusable(self._file, error) from None


class CodeLogin:
    """A login that waits for a person: `page` is to be opened and `code` typed there, within `seconds`.

    All three are Microsoft's words: foreign text.
    """

    def __init__(self, account: Account, client: Any, flow: dict[str, Any]) -> None:
        self._account = account
        self._client = client
        self._flow = flow
        flow["interval"] = max(1, flow["interval"])
        self.page: str = str(flow.get("verification_uri") or flow.get("verification_url") or "")
        self.code: str = flow["user_code"]
        self.seconds: int = flow["expires_in"]

    @property
    def pause(self) -> int:
        """Seconds to wait before the next `attempt`; it grows when Microsoft asks for that."""
        interval: int = self._flow["interval"]
        return interval

    def attempt(self) -> str | None:
        """Whose login it is, now kept; None while the person has not finished.

        Raises NotDone when it was declined or has run out, NetworkTrouble (try again), BadSettings, ServerSaidNo,
        WorldError.
        """
        with self._account._typed("waiting for the login"):
            result = self._client.acquire_token_by_device_flow(self._flow, exit_condition=lambda _: True)
        if result.get("error") in ("authorization_pending", "slow_down"):
            return None
        if result.get("error") == "bad_verification_code":
            raise NotDone("Microsoft does not know the code any more.", "Begin the login anew.")
        return self._account.settle(result)


def _msal(mailbox: Mailbox) -> Any:
    try:
        msal = import_module("msal")
    except ModuleNotFoundError:
        raise BadSettings(
            f'Mailbox {mailbox.name} has oauth = "microsoft", which needs the library msal, and that is not here.',
            f"Install it beside Frontdesk: {INSTALL}",
        ) from None
    # It writes answers that it cannot read to its log, tokens among them.
    logging.getLogger("msal").setLevel(logging.CRITICAL)
    return msal


def _why(error: Exception) -> str:
    """What is behind an error of requests, which wraps several: the last in the row says most."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return server_words(reason or error, 160)


def _hide(plain: dict[str, Any]) -> None:
    """Make the secrets of msal's cache known as such."""
    for kind in _KEPT_SECRETS:
        for entry in plain.get(kind, {}).values():
            never_show(entry["secret"])


@contextmanager
def _alone(file: Path, make: bool = False) -> Iterator[None]:
    """Hold the file's lock, against other processes that renew the same login; `make`: its folder too."""
    try:
        if make:
            file.parent.mkdir(mode=0o700, exist_ok=True)
        status = file.parent.stat()
        if status.st_uid != os.geteuid():
            raise _of_another(file.parent)
        if stat.S_IMODE(status.st_mode) & 0o077:
            file.parent.chmod(0o700)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        lock = os.open(file.with_name(f".{file.name}.lock"), flags, 0o600)
    except FileNotFoundError:
        lock = None  # nobody has logged in yet
    except OSError as error:
        raise _unusable(file, error) from None
    try:
        if lock is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        if lock is not None:
            with suppress(OSError):
                os.close(lock)


def _of_another(path: Path) -> WorldError:
    return WorldError(f"{path} belongs to another user.", "Log in and sync as the same user.")


def _unusable(path: Path, error: OSError) -> WorldError:
    return WorldError(
        f"The login in {path} cannot be read or kept: {error.strerror}.",
        "Check the rights and the space on the disk; log in and sync as the same user.",
    )
