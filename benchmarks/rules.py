"""What it costs to tell what rules would have done: time and memory, over 100 000 conversations of half a year.

Run by hand: `python -m benchmarks.rules [--n 100000]`. The record is that of `benchmarks.report`, and each message of a
customer has a text of some forty words beside it.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from pathlib import Path

from benchmarks.report import NOW, fill
from inbox.rules.replaying import replay
from inbox.settings import Settings, load
from storage.contents import Contents
from storage.workspace import Workspace, open_store

_WORDS = (
    *(
        "order",
        "parcel",
        "lamp",
        "broken",
        "invoice",
        "refund",
        "late",
        "address",
        "colour",
        "please",
        "thanks",
        "when",
    ),
    *(
        "deliver",
        "return",
        "money",
        "blue",
        "shop",
        "question",
        "answer",
        "week",
        "friday",
        "missing",
        "account",
    ),
    "password",
)
_RULES = {
    "words, which one in twenty has": """
[[rule]]
name = "returns"
on = "message-in"
when = "subject:return*"
then = [{ tag = "returns" }]
""",
    "ten rules, some without words": """
[[rule]]
name = "tags"
on = "tag"
when = "tag:returns"
then = [{ note = "Look" }]
[[rule]]
name = "vips"
on = "message-in"
when = "is:vip"
then = [{ tag = "vip" }]
[[rule]]
name = "closed"
on = "status"
when = "status:closed"
then = [{ untag = "returns" }]
[[rule]]
name = "answered"
on = "message-out"
when = "-tag:returns"
then = [{ tag = "answered" }]
"""
    + "".join(
        f'[[rule]]\nname = "{word}"\non = "message-in"\nwhen = "{word} {other}"\nthen = [{{ tag = "{word}" }}]\n'
        for word, other in (("refund", "late"), ("invoice", "missing"), ("return", "money"), ("lamp", "blue"),
                            ("account", "password"), ("parcel", "friday"))
    ),
    "silence and a time of day": """
[[rule]]
name = "quiet"
on = "silence"
after = "3d"
when = "status:waiting -tag:quiet"
then = [{ tag = "quiet" }]
[[rule]]
name = "evening"
on = "time"
at = "18:00"
when = "status:open assignee:none"
then = [{ tag = "left" }]
""",
    "clocks": """
[[rule]]
name = "late"
on = "clock-breached"
then = [{ tag = "late" }]
""",
}  # fmt: skip


def write_texts(store: Workspace) -> int:
    """A text beside each message of a customer; how many."""
    draw, contents = random.Random(2), Contents(store.workspace)
    with store.writing() as transaction:
        connection = transaction.connection
        rows = connection.execute(
            "SELECT message, home, at FROM events WHERE type = 1 ORDER BY message"
        ).fetchall()
        for message, conversation, at in rows:
            connection.execute(
                "INSERT INTO messages(id, conversation, at, direction, attachments) VALUES(?, ?, ?, 'in', 0)",
                (message, conversation, at),
            )
            text = " ".join(draw.choices(_WORDS, k=40))
            subject = " ".join(draw.choices(_WORDS, k=1 + draw.randrange(2)))
            who = [[f"Customer {conversation}", f"c{conversation}@x.example"]]
            contents.add_details(
                connection, message, {"subject": subject, "from": who, "to": [], "text": text, "reply": text}
            )
        contents.index(connection)
    return len(rows)


def measure(store: Workspace, settings: Settings, name: str) -> None:
    """Say how long a replay takes, and the most memory this process had by then."""
    begun, processor = time.perf_counter(), time.process_time()
    found = replay(store, settings, settings.rules, NOW - 90 * 86_400, NOW)
    seconds, processor = time.perf_counter() - begun, time.process_time() - processor
    assert found is not None
    fired = sum(each.fired for each in found.rules)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = f"{seconds:.1f} s ({processor:.1f} s of processor)"
    print(f"{name}: {took}, {found.conversations} conversations, {fired} times, {memory:.0f} MB")


def main() -> None:
    """Fill a workspace and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        begun = time.perf_counter()
        events, texts = fill(store, given.n), write_texts(store)
        print(f"{given.n} conversations, {events} events, {texts} texts: {time.perf_counter() - begun:.0f} s")
        for name, rules in _RULES.items():
            path = Path(folder) / "settings.toml"
            path.write_text(rules, "utf-8")
            measure(store, load(path, host_zone="Europe/Berlin"), name)
        store.close()


if __name__ == "__main__":
    main()
