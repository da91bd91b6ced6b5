"""The command `frontdesk`: its options, and its subcommands, each loaded from its own file when it is called.

A subcommand `no-answer` lies in `tui/line/no_answer.py` as the click command `command` (after a word that
Python keeps for itself stands an underscore: `import_.py`).
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Any

import click

from tui.line.desk import Desk
from tui.line.forced import fixed, forget_client, is_forced, is_of_the_line, words_for

VERSION = "0.1.0"
PIPE_CLOSED = 141  # 128 + SIGPIPE, as shells report it

SECTIONS: dict[str, dict[str, str]] = {
    "Begin": {
        "demo": "open the screen on a made-up shop; nothing leaves the machine",
        "init": "ask for the mailbox, find its servers, try the login, write the settings",
        "import": "bring in mbox, Maildir, eml and chat exports",
        "login": "log a mailbox in at Microsoft, by a code",
        "sync": "fetch and send once; --watch stays",
    },
    "Look": {
        "list": "conversations, or those a query finds",
        "show": "one conversation with its messages",
        "search": "messages a query finds",
        "due": "what is late, or due soon; exit status 1 when something is",
        "why": "how a deadline came about, and why messages are together",
        "names": "on which side people in chats are, asked once for each name",
        "customer": "customers: list, show, edit, merge, import, export, erase",
        "outbox": "what waits to be sent, is held, or is unknown",
        "report": "how fast and how well customers were answered",
        "activity": "who did what on a day",
    },
    "Answer": {
        "reply": "reply to the customer",
        "saved": "saved replies: list, show, add",
        "knowledge": "the team's articles: list, search, show, add, edit, remove",
        "note": "write a note only the team sees",
        "assign": "give conversations to a teammate",
        "hand-over": "hand conversations over, with one line that is seen first",
        "seen": "you were called, and have seen it",
        "approve": "say yes to what a trainee wrote: it goes to the customer",
        "amend": "send it in other words: in the place of what waits for a yes",
        "give-back": "give it back to who wrote it, with a note",
        "assign-me": "take conversations yourself",
        "take-next": "take the most urgent one nobody has",
        "tag": "add or remove tags",
        "act": "do a saved action: several verbs at once",
        "snooze": "hide conversations until later",
        "hold": "hold conversations: we wait for somebody else",
        "close": "close conversations",
        "close-quiet": "close together what has been silent for 21 days",
        "outcome": "say what came of conversations, and whose doing it was",
        "goodwill": "write down what a customer was given, and why",
        "no-answer": "close conversations that need no answer",
        "reopen": "open conversations again",
        "spam": "call conversations spam",
        "block": "block senders: all their mail is spam",
        "unblock": "take mail of blocked senders as any other again",
        "notice": "mail of these senders is always, or never, a notice",
        "promise": "promise a customer something by a date",
        "keep": "say that a promise was kept",
        "follow-up": "come back to a conversation at a date",
        "done": "say that a follow-up is done",
        "nudge": "nudge customers who do not answer, or no more",
        "check-in": "ask later whether all is well",
        "merge": "join conversations with another",
        "split": "part a conversation in two",
        "move": "put messages into another conversation",
        "join-suggested": "join conversations with what they look like part of",
        "decline-suggestion": "say that they are no part of that, or no chat",
        "take-chat": "take mails that look like chats as chats",
        "mark-read": "mark conversations read or unread",
        "upset": "say that customers are upset, or are not",
        "undo": "undo your last action",
        "redo": "do the undone action again",
        "issue": "one cause, many conversations: link, tell and close them together",
        "announce": "write to all customers whom a query finds",
        "call": "log a phone call beside the caller's panel",
        "put": "take a file in over SSH, for an attachment",
        "get": "give an attachment out over SSH",
    },
    "Rules and deadlines": {
        "sla": "try a scenario of deadlines, or replay history under other policies",
        "rules": "what is done by itself: list, check, replay",
    },
    "Files": {
        "parse": "how one mail is read",
        "transcript": "how one chat export is read",
        "feed": "how a feed of reviews or posts is read",
        "export": "everything as plain files",
        "day": "a day's work as one file",
        "apply": "bring a day's work back",
    },
    "Care": {
        "retention": "what is old, and will be erased by age",
        "audit": "who did what to a conversation, or anywhere, and which way they came in",
        "verify": "derive everything again and compare",
        "doctor": "check settings, rights, servers and clock",
        "backup": "a consistent copy, while others work",
        "team": "people and their roles",
        "keys": "the keys in force",
        "profile": "what you say of yourself: name, signature, zone, languages, keys",
    },
}
"""Every command in the order of `--help`, with its sentence. Help must not load them all."""


def quieten() -> None:
    """Let what is still buffered for a reader who has gone vanish, instead of complaining at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def module_of(name: str) -> str | None:
    """The module in which a command lies, as "tui.line.no_answer"; None when there is no such file. What is a word or a
    module of Python has a line behind it."""
    stem = name.replace("-", "_")
    if iskeyword(stem) or stem in sys.stdlib_module_names:
        stem += "_"
    is_command = any(name in section for section in SECTIONS.values())
    return f"tui.line.{stem}" if is_command and Path(__file__).with_name(f"{stem}.py").exists() else None


class Commands(click.Group):
    """A group that knows the names of its commands and loads the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The commands there are, in the order of help."""
        return [name for section in SECTIONS.values() for name in section if module_of(name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, loaded now, as it is for who is here; None when there is none."""
        module = module_of(cmd_name)
        if module is None:
            return None
        command: click.Command = import_module(module).command
        if is_forced(os.environ, ctx.params.get("as_name")):
            from tui.line.let_in import let_in

            return let_in(cmd_name, command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, but an unknown name is answered with the nearest one."""
        if (
            not ctx.resilient_parsing
            and self.get_command(ctx, args[0]) is None
            and not args[0].startswith("-")
        ):
            raise click.exceptions.NoSuchCommand(args[0], possibilities=self.list_commands(ctx), ctx=ctx)
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does it, but whoever was let in by a forced command adds what they asked for, and no more."""
        options, _, _ = self.make_parser(ctx).parse_args(list(args))
        if is_forced(os.environ, options.get("as_name")):
            forget_client(os.environ)
            args = words_for(ctx, args, os.environ)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """As click does it, but when whoever read our output has read enough, end as Unix programs do."""
        try:
            return super().invoke(ctx)
        except click.NoSuchOption as error:
            own = [option for each in self.params for option in each.opts]
            if is_of_the_line(error.option_name, own) and ctx.ensure_object(Desk).restricted:
                raise fixed(error.option_name) from None
            raise
        except BrokenPipeError:
            quieten()
            ctx.exit(PIPE_CLOSED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by section, without loading any."""
        width = max(map(len, self.list_commands(ctx)), default=0)
        for section, commands in SECTIONS.items():
            rows = [(name.ljust(width), words) for name, words in commands.items() if module_of(name)]
            if rows:
                with formatter.section(section):
                    formatter.write_dl(rows)


def instant(text: str) -> int:
    """Epoch seconds of an instant as people and programs write it: `2013-03-21T10:30:00Z`, or another offset.

    Raises click.BadParameter for what is no instant, or could be one anywhere on earth.
    """
    from datetime import datetime

    try:
        at = datetime.fromisoformat(text.strip().upper())
    except ValueError:
        raise click.BadParameter(f"{text!r} is no instant: write it as 2013-03-21T10:30:00Z.") from None
    if at.tzinfo is None:
        raise click.BadParameter(f"{text!r} does not say in which zone: write it as 2013-03-21T10:30:00Z.")
    return int(at.timestamp())


@click.group(
    cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option(
    "--workspace",
    envvar="FRONTDESK_WORKSPACE",
    type=click.Path(file_okay=False, readable=False, path_type=Path),
    metavar="DIR",
    help="Where everything is kept (or FRONTDESK_WORKSPACE).",
)
@click.option("--as", "as_name", metavar="NAME", help="Who is acting; else the Unix user.")
@click.option("--now", type=instant, metavar="INSTANT", help="Pin the clock: 2013-03-21T10:30:00Z.")
@click.option("--debug", is_flag=True, help="Write tracebacks to the log in the workspace.")
@click.version_option(VERSION, prog_name="frontdesk")
@click.pass_context
def group(
    ctx: click.Context, workspace: Path | None, as_name: str | None, now: int | None, debug: bool
) -> None:
    """A team inbox in the terminal. Without a command it opens the screen."""
    desk = ctx.ensure_object(Desk)
    if workspace is not None:
        desk.workspace = workspace.expanduser().absolute()
    desk.as_name = as_name or desk.as_name
    desk.pinned = desk.pinned if now is None else now
    desk.debug = debug or desk.debug
    desk.way = f"command {ctx.invoked_subcommand}" if ctx.invoked_subcommand else "screen"
    if "SSH_CONNECTION" in os.environ:
        desk.way += " over SSH"
    # Colour is for people at a terminal who want it (no-color.org).
    ctx.color = False if os.environ.get("NO_COLOR") or not sys.stdout.isatty() else None
    ctx.call_on_close(desk.close)
    if desk.restricted:
        desk.confine()
    if ctx.invoked_subcommand is None:
        desk.open_screen(desk)
