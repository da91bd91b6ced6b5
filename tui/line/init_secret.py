"""How `frontdesk init` comes to know the password: typed, or where it is from now on."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from inbox.errors import BadUsage
from tui.line.init_servers import Draft, full_path
from tui.line.questions import Questions, as_setting, say

if TYPE_CHECKING:
    from inbox.channels.passwords import Secret


def given_source(given: dict[str, Any]) -> dict[str, str]:
    """Where an option says the secret is; {} when none does."""
    from inbox.settings_values import Command, Variable

    keys = ("password_command", "password_env", "password_file", "token_command")
    named = [key for key in keys if given[key]]
    if len(named) > 1:
        options = " and ".join(f"--{key.replace('_', '-')}" for key in named)
        raise BadUsage(f"{options} both say where the password is.", "Give one of them.")
    if not named:
        if given["yes"] and not (given["untried"] or _is_piped()):
            raise BadUsage(
                "Nothing says where the password is.",
                "Give --password-command, --password-env, --password-file or --token-command.",
            )
        return {}
    key = named[0]
    kinds: dict[str, Any] = {"password_env": Variable, "password_file": None}
    kind = kinds.get(key, Command)
    return {key: full_path(given[key]) if kind is None else str(as_setting(kind)(given[key]))}


def _is_piped() -> bool:
    """Whether standard input is a pipe or file, which may hold the password."""
    return not sys.stdin.isatty()


def ask_for_secret(ask: Questions, draft: Draft) -> None:
    """Ask how the password is given, and for it."""
    from inbox.settings_values import Command, Variable

    oauth = draft.provider.oauth if draft.provider else None
    choices = {
        **({"m": "you log in at Microsoft with a browser"} if oauth else {}),
        "1": "you type it now; it is kept in a file that only you can read",
        "2": f"a command prints it, such as: pass show mail/{draft.name}",
        "3": "an environment variable holds it",
        "4": "a command prints an access token (OAuth2)",
    }
    only_token = draft.only_token or (draft.provider is not None and draft.provider.login == "token")
    default = "m" if oauth else "4" if only_token else "1"
    chosen = ask.choice("How does Frontdesk get the password?", choices, default)
    draft.source, draft.typed = {}, None
    if chosen == "1":
        draft.typed = type_password(ask, draft)
    elif chosen == "3":
        draft.source["password_env"] = ask.text("Variable", "--password-env", as_setting(Variable))
    elif chosen == "m":
        draft.source.update(_ask_for_application(ask))
    else:
        key = "password_command" if chosen == "2" else "token_command"
        draft.source[key] = ask.text("Command", f"--{key.replace('_', '-')}", as_setting(Command))


def type_password(ask: Questions, draft: Draft) -> Secret:
    """Ask for the password, which is not shown while it is typed."""
    from inbox.channels.passwords import Secret

    wanted = "App password" if draft.provider and draft.provider.login == "app password" else "Password"
    while True:
        typed = ask.hidden(f"{wanted} for {draft.user} (not shown)")
        if typed.strip() and not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", typed):
            return Secret(typed)
        say("This is empty, or has in it what is no character.", "  ")


def _ask_for_application(ask: Questions) -> dict[str, str]:
    from inbox.settings_sources import OauthWord

    client = ask.text(
        "Application (client) id",
        "oauth_client in settings.toml",
        as_setting(OauthWord),
        about="The id of your application at Microsoft Entra; docs/settings.md says how to get one.",
    )
    return {"oauth": "microsoft", "oauth_client": client}
