"""Trying the logins of a mailbox that `frontdesk init` sets up, until they work or the person has had enough."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from inbox.errors import FrontdeskError, NotDone, WorldError
from tui.line.init_secret import ask_for_secret, type_password
from tui.line.init_servers import Draft, full_path, type_servers
from tui.line.questions import Questions, as_setting, say, say_raw

if TYPE_CHECKING:
    from inbox.channels.passwords import Secret
    from inbox.channels.providers import Provider
    from inbox.channels.trying import Attempt
    from inbox.settings import Mailbox

MOST_REFUSALS = 3
"""Logins that may be refused; providers lock accounts soon after."""

Both = Callable[["Mailbox", "Secret"], "Iterable[Attempt]"]
"""`inbox.channels.trying.both`."""


def log_in(ask: Questions, draft: Draft, both: Both) -> None:
    """Try both logins until both work, or the person wants the settings as they are.

    Raises NotDone when the person stops, WorldError when nobody can be asked.
    """
    refused: set[tuple[str, str, str]] = set()
    refusals = 0
    while True:
        say()
        say("Trying both logins:")
        troubles = _try(draft, both, refused)
        if not troubles:
            return
        refusals += any(_is_refusal(error) for error in troubles)
        if ask.take_defaults:
            raise WorldError(
                "The login does not work; nothing was written.",
                "Mend that and run it again, or write the settings all the same with --untried.",
            )
        if not _mend(ask, draft, troubles, refusals):
            return


def _try(draft: Draft, both: Both, refused: set[tuple[str, str, str]]) -> list[FrontdeskError]:
    """Log in on both servers and say how that went; the errors."""
    from inbox.channels.passwords import password

    mailbox = draft.mailbox()
    try:
        secret = draft.typed or password(mailbox, os.environ)
    except FrontdeskError as error:
        complain("password", error.what, [error.next_step])
        return [error]
    mark = hashlib.sha256(secret.reveal().encode()).hexdigest()
    if any((str(server), draft.user, mark) in refused for server in (draft.imap, draft.smtp)):
        again = NotDone("This password was refused before; it is not sent again.")
        say(again.what, "  ")
        return [again]
    return tell(both(mailbox, secret), draft.provider, refused, (draft.user, mark))


def tell(
    attempts: Iterable[Attempt],
    provider: Provider | None,
    refused: set[tuple[str, str, str]] | None = None,
    key: tuple[str, str] = ("", ""),
) -> list[FrontdeskError]:
    """Say how logins went, each as it is over, and what to do about those that failed; the errors.

    What is refused is noted in `refused` as (place, *key).
    """
    from inbox.channels.advice import advice

    errors: list[FrontdeskError] = []
    given: set[str] = set()
    for attempt in attempts:
        if attempt.error is None:
            say_raw(
                f"  {'ok' if attempt.tried else '-':<7}{attempt.what:<7}{attempt.place}  {attempt.detail}"
            )
            continue
        errors.append(attempt.error)
        if refused is not None and _is_refusal(attempt.error):
            refused.add((attempt.place, *key))
        say_raw(f"  {'FAILS':<7}{attempt.what:<7}{attempt.place}")
        _explain(attempt.error)
        for line in advice(attempt.error, provider):
            if line not in given:
                say(f"- {line}", " " * 9)
            given.add(line)
    return errors


def _explain(error: FrontdeskError) -> None:
    """What went wrong. A fingerprint stands by itself, in two lines that can be compared."""
    from inbox.channels.trouble import RefusedCertificate

    if not (isinstance(error, RefusedCertificate) and error.fingerprint):
        say(error.what, " " * 9)
        return
    say(error.what.partition(" It shows")[0], " " * 9)
    say("Its SHA-256 fingerprint:", " " * 9)
    half = 16 * 3
    for part in (error.fingerprint[:half], error.fingerprint[half:]):
        say(part, " " * 9)


def _is_refusal(error: FrontdeskError) -> bool:
    from inbox.channels.trouble import BadPassword

    return isinstance(error, BadPassword)


def complain(what: str, words: str, next_steps: list[str]) -> None:
    """Say that something fails, and what to do about it."""
    say_raw(f"  {'FAILS':<7}{what}".rstrip())
    for line in (words, *next_steps):
        say(line, " " * 9)


def _mend(ask: Questions, draft: Draft, troubles: list[FrontdeskError], refusals: int) -> bool:
    """Let the person change something for the next try. False: write the settings as they are. Abort: stop."""
    from inbox.channels.trouble import NetworkTrouble, RefusedCertificate, ServerSaidNo

    of_servers = (NetworkTrouble, RefusedCertificate, ServerSaidNo)
    bad_secret = any(not isinstance(error, of_servers) for error in troubles)
    bad_certificate = any(isinstance(error, RefusedCertificate) for error in troubles)
    choices = {
        **({"p": "another password"} if draft.typed else {}),
        "o": "another way to get the password",
        "u": "another user name",
        "s": "other servers",
        **({"c": "trust a certificate file of yours"} if bad_certificate else {}),
        **({} if bad_secret and draft.typed else {"t": "try again"}),
        "w": "write the settings although the login does not work",
        "q": "stop; nothing is written",
    }
    default = "c" if bad_certificate else "s"
    if bad_secret:
        default = "p" if draft.typed else "o"
    if refusals >= MOST_REFUSALS:
        default = "q"
        say()
        say(
            f"{MOST_REFUSALS} logins were refused. More could lock the account: wait, and look at its web page."
        )
        choices = {key: choices[key] for key in ("w", "q")}
    chosen = ask.choice("What now?", choices, default)
    if chosen == "q":
        raise NotDone("Stopped; nothing was written.", "frontdesk init begins anew.")
    if chosen == "p":
        draft.typed = type_password(ask, draft)
    elif chosen == "o":
        ask_for_secret(ask, draft)
    elif chosen == "u":
        from inbox.settings_values import Text

        draft.user = ask.text("User name", "--user", as_setting(Text), draft.user)
    elif chosen == "s":
        type_servers(ask, draft)
    elif chosen == "c":
        draft.ca_file = ask.text("Certificate file (PEM)", "--ca-file", full_path)
    return chosen != "w"
