"""The world outside: a Dovecot into which mail comes, an SMTP server that is having a bad day, and the bad lines to both.

A process of its own, so that what it does is not taken for what Frontdesk does. It says its ports as one line of JSON, makes
trouble until it reads "calm", and says what came and went as a line of JSON when its input ends.
"""

from __future__ import annotations

import argparse
import imaplib
import json
import random
import re
import sys
import threading
from contextlib import ExitStack

from benchmarks.receiving import fill
from benchmarks.soak.plan import ARCHIVE, LIVE, Plan, letters
from tests.faults.proxy import Proxy, running_proxy
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.smtp import SmtpServer, running_smtp

ANSWERS = (
    ("rcpt", "451 4.3.0 Try again later"),
    ("rcpt", "450 4.2.1 Busy"),
    ("mail", "421 4.3.2 Going down"),
    ("dot", "452 4.3.1 No room just now"),
    ("dot", SmtpServer.ABORT_KEPT),
    ("dot", SmtpServer.ABORT_LOST),
    ("data", "421 4.3.0 Not now"),
)
MAIL_EVERY, TROUBLE_EVERY = 1.0, 3.0
"""Seconds, on average."""


def trouble(dice: random.Random, imap: Proxy, smtp: Proxy, server: SmtpServer) -> str:
    """One thing that goes wrong from now on; which."""
    lot = dice.randrange(8)
    line = dice.choice((imap, smtp))
    how = dice.choice(("fin", "rst"))
    way = dice.choice(("down", "up"))
    if lot < 2:
        line.cut(dice.randrange(20, 30_000), way, how)  # type: ignore[arg-type]  # chosen from what it takes
        return "lines to be cut"
    if lot == 2:
        line.drop()
        return "lines dropped"
    if lot == 3:
        line.delay(dice.uniform(0.0, 0.2))
        return "lines slow"
    if lot == 4:
        line.black_hole(dice.randrange(2_000, 20_000), way)  # type: ignore[arg-type]  # as above
        return "lines that swallow"
    command, said = dice.choice(ANSWERS)
    server.answer(command, said)
    return f"{command}: {said}"


def deliver(server: Dovecot, calm: threading.Event, dice: random.Random, came: list[str]) -> None:
    """Mail comes, on a line of its own that is never bad, until it is calm."""
    line = imaplib.IMAP4(server.host, server.port)
    line.login(LIVE, "secret")
    for message_id, raw in letters("live"):
        if calm.wait(dice.expovariate(1 / MAIL_EVERY)):
            break
        said, words = line.append("INBOX", "", "", raw)
        if said != "OK":
            raise RuntimeError(f"APPEND: {words!r}")
        came.append(message_id)
    line.logout()


def ids_in(server: Dovecot, user: str, folder: str) -> list[str]:
    """The Message-IDs that lie in a folder."""
    said = server.doveadm("-f", "flow", "fetch", "-u", user, "hdr.message-id", "mailbox", folder, check=False)
    return re.findall(r"hdr\.message-id=(\S+)", said)


def main() -> None:
    """Be the world until the input ends."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--old", type=int, default=Plan.old)
    parser.add_argument("--pace", type=float, default=1.0)
    given = parser.parse_args()
    with ExitStack() as stack:
        server = stack.enter_context(running_dovecot())
        server.add_user(LIVE)
        if given.old:
            fill(server, ARCHIVE, given.old, seed=2)  # not those that are here already
        else:
            server.add_user(ARCHIVE)
        users = {LIVE: "secret", ARCHIVE: "secret"}
        smtp = stack.enter_context(running_smtp(users=users))
        imap_line = stack.enter_context(running_proxy(server.host, server.port))
        smtp_line = stack.enter_context(running_proxy(smtp.host, smtp.port))
        print(json.dumps({"host": server.host, "imap": imap_line.port, "smtp": smtp_line.port}), flush=True)
        sys.stdin.readline()  # "go"
        calm, came, troubles = threading.Event(), list[str](), dict[str, int]()
        postman = threading.Thread(target=deliver, args=(server, calm, random.Random(given.seed), came))
        postman.start()

        def listen() -> None:
            sys.stdin.readline()  # "calm"
            calm.set()

        threading.Thread(target=listen).start()
        dice = random.Random(given.seed + 1)
        while not calm.wait(dice.expovariate(given.pace / TROUBLE_EVERY)):
            what = trouble(dice, imap_line, smtp_line, smtp)
            troubles[what] = troubles.get(what, 0) + 1
        for line in (imap_line, smtp_line):
            line.heal()
            line.drop()
        smtp._answers.clear()
        postman.join()
        sys.stdin.read()
        taken = [
            [
                found[0].decode() if (found := re.findall(rb"(?im)^message-id:\s*(\S+)", one.raw)) else "",
                one.recipients,
            ]
            for one in smtp.taken
        ]
        there = {f"{user}/{box}": ids_in(server, user, box) for user in users for box in ("INBOX", "Sent")}
        print(json.dumps({"came": came, "taken": taken, "there": there, "troubles": troubles}), flush=True)


if __name__ == "__main__":
    main()
