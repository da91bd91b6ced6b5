"""Programs that know a customer: what the settings let be run, with which words, for how long, and how it is answered."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox import panel_running
from inbox.demo.orders import ORDERS, write_program
from inbox.errors import BadSettings
from inbox.model import Customer, Identity
from inbox.panel_running import Panels, readable
from inbox.panels import PanelCommand, Said, Unfilled, filled, values_of
from inbox.program_output import output_of
from inbox.settings import Mailbox, Settings, from_bytes
from storage.workspace import Workspace, open_store
from tests.shop import NOW, mail, settings, shop
from tui.line.desk import Desk, unix_user
from tui.line.watching import panels_refused

WEBER = Customer(
    7,
    "Anna Weber",
    (Identity("mail", "anna@weber.example"), Identity("phone", "+49301234"), Identity("telegram", "@anna")),
    fields=(("number", "K 17"),),
)
FEW = 400


# --------------------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('comand = ["orders"]', '2: panel.orders.comand: there is no such key; did you mean "command"?'),
        ('every = "1h"', "1: panel.orders.command: this is missing. Write a program and its arguments"),
        ("command = []", "2: panel.orders.command: there is no program in it."),
        ('command = "orders"', "2: panel.orders.command: this text does not fit. Write a program"),
        ('command = ["orders", "{emial}"]', '{emial} cannot be filled; did you mean "email"? Known: {email}'),
        ('command = ["{email}"]', "the first word is the program: nothing is filled in there."),
        ('command = ["sh", "-c", "orders {email}"]', "what stands behind -c is run as code"),
        (
            'command = ["/usr/bin/env", "bash", "-ec", "orders {name}"]',
            "what stands behind -ec is run as code",
        ),
        ('command = ["python3", "-c", "print(1, {customer})"]', "what stands behind -c is run as code"),
        (
            'command = ["ssh", "shop", "orders", "{email}"]',
            "ssh hands its words to a shell on the other side",
        ),
        ('command = ["curl", "https://shop.example/?q={email}"]', "a part of an address"),
        ('command = ["orders"]\nevery = 3', '3: panel.orders.every: 3 is no duration; did you mean "3m"?'),
    ],
)
def test_what_is_wrong_with_a_panel_is_said_with_its_line(written: str, said: str) -> None:
    with pytest.raises(BadSettings) as wrong:
        from_bytes(f"[panel.orders]\n{written}\n".encode(), Path("settings.toml"), host_zone="UTC")
    assert said in wrong.value.what and "settings.toml:" in wrong.value.what


def test_panels_keep_the_order_of_the_file_and_shells_get_words_as_arguments() -> None:
    text = """
[panel.orders]
command = ["sh", "-c", 'orders "$1"', "sh", "{email}"]
[panel.crm]
command = ["crm", "--id={field:crm no}", "{customer}"]
every = "1h"
"""
    found = from_bytes(text.encode(), Path("settings.toml"), host_zone="UTC").panels
    assert [each.name for each in found] == ["orders", "crm"]
    assert found[0].every == 600 and found[1].every == 3600
    assert found[1].command == ("crm", "--id={field:crm no}", "{customer}")


# --------------------------------------------------------------------------- words


def test_each_place_is_filled_within_its_one_argument() -> None:
    values = values_of(WEBER)
    command = (
        "ask",
        "{email}",
        "--name={name}",
        "{phone} {handle}",
        "{customer}",
        "{field:number}",
        "{}",
        "{x y}",
    )
    assert filled(command, values) == [
        "ask",
        "anna@weber.example",
        "--name=Anna Weber",
        "+49301234 @anna",
        "7",
        "K 17",
        "{}",
        "{x y}",
    ]


def test_what_is_missing_or_would_be_an_option_is_not_asked() -> None:
    nobody = values_of(Customer(1, "", (Identity("telegram", "@anna"),)))
    for place, words in (
        ("{email}", "no mail address"),
        ("{name}", "no name"),
        ("{field:number}", "no field “number”"),
    ):
        with pytest.raises(Unfilled, match=words):
            filled(["ask", place], nobody)
    for odd in (Identity("mail", "-rf@evil.example"), Identity("mail", "--config=/tmp/x@evil.example")):
        evil = values_of(Customer(1, "-x", (odd,)))
        with pytest.raises(Unfilled, match="begins with a hyphen"):
            filled(["ask", "{email}"], evil)
        with pytest.raises(Unfilled, match="begins with a hyphen"):
            filled(["ask", "{name}"], evil)
        assert filled(["ask", "--mail={email}"], evil)[1].startswith("--mail=-")


@given(st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_no_name_makes_more_arguments_or_another_one(name: str, address: str) -> None:
    values = values_of(Customer(1, name, (Identity("mail", address),)))
    try:
        words = filled(["ask", "to", "{email}", "{name}", "end"], values)
    except Unfilled:
        return
    assert len(words) == 5 and words[0] == "ask" and words[-1] == "end"
    assert not any("\0" in word or "\n" in word or word.startswith("-") for word in words)


# --------------------------------------------------------------------------- limits


def run(*arguments: str, seconds: float = 0.3) -> tuple[str, bool, str]:
    found = output_of(arguments, os.environ, seconds=seconds)
    return found.data.decode(), found.cut, found.trouble


def gone(pid: int) -> bool:
    """Whether a process has ended, within a moment: its parent may not have been told yet."""
    for _ in range(FEW):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def test_what_hangs_is_ended_with_all_its_children(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = f"sleep 300 & echo $! >> {pids}; sleep 300 & echo $! >> {pids}; echo $$ >> {pids}; wait"
    for seconds in (0.3, 3, 30):  # a busy machine begins the children late
        pids.write_text("")
        said = f"took longer than {seconds:g} s and was ended"
        assert run("sh", "-c", script, seconds=seconds) == ("", False, said)
        assert all(gone(int(pid)) for pid in pids.read_text().split())
        if len(pids.read_text().split()) == 3:
            break
    assert len(pids.read_text().split()) == 3
    assert run("sh", "-c", "exec >&-; sleep 300")[2] == "took longer than 0.3 s and was ended"


def test_what_forks_and_leaves_is_not_waited_for(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    assert run("sh", "-c", f"sleep 300 & echo $! > {pids}; echo here", seconds=60) == ("here\n", False, "")
    assert gone(int(pids.read_text()))


def test_what_floods_is_ended_once_enough_was_read() -> None:
    text, cut, trouble = run("sh", "-c", "yes a flood | head -c 1000000000", seconds=60)
    assert len(text) == 16_384 and cut and not trouble
    assert readable(text.encode(), cut).split("\n")[-1] == "… it said more than is shown here"
    assert len(readable(text.encode(), cut).split("\n")) == 30


@pytest.mark.parametrize(
    ("arguments", "trouble"),
    [
        (("sh", "-c", "exit 3"), "failed (exit status 3)"),
        (("sh", "-c", "kill -9 $$"), "failed (signal 9)"),
        (("no-such-program-anywhere",), "could not be started: no such file or directory"),
        (("/etc/passwd",), "could not be started: permission denied"),
        (("echo", "a\0b"), "could not be started: these arguments are not possible"),
    ],
)
def test_what_goes_wrong_is_said_in_a_few_words(arguments: tuple[str, ...], trouble: str) -> None:
    assert run(*arguments, seconds=60)[2] == trouble


def test_what_is_shown_is_clean_and_short() -> None:
    raw = b"\x1b]52;c;ZXZpbA==\x07\x1b[31morder\x1b[0m\t4711\r\nnext\xff\n\n" + b"x" * 400 + b"\n\n\n"
    lines = readable(raw).split("\n")
    assert lines[0] == "order   4711" and lines[1].startswith("next") and len(lines[3]) == 200
    assert not any(ord(one) < 32 for line in lines for one in line) and len(lines) == 4
    assert readable(b"") == "" and readable(b"\n\n") == ""


# --------------------------------------------------------------------------- asked and answered

MAILS = (
    mail("Anna Weber <anna@weber.example>", "Lamp", "It is broken.\n", "2026-11-10 10:50"),
    mail("Jo Park <jo@park.example>", "Chair", "One chair.\n", "2026-11-10 10:52"),
    mail("-rf <-rf@evil.example>", "Hello", "Hi.\n", "2026-11-10 10:53"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Workspace]:
    found = shop(tmp_path / "shop", MAILS)
    yield found
    found.close()


def with_panels(*panels: PanelCommand) -> Settings:
    return replace(settings(), panels=panels)


@contextmanager
def worker(store: Workspace, *panels: PanelCommand, refused: str = "", **more: object) -> Iterator[Panels]:
    """What the worker runs, over a way to the store of its own."""
    own = open_store(store.workspace)
    values: dict[str, object] = {"clock": lambda: NOW, "environment": os.environ, "refused": refused} | more
    running = Panels(own, with_panels(*panels), **values)  # type: ignore[arg-type]  # a test names what it needs
    running.start()
    try:
        yield running
    finally:
        running.end()
        own.close()


def until(true: Callable[[], bool]) -> None:
    """Wait for a state, not for a time."""
    for _ in range(30 * FEW):
        if true():
            return
        time.sleep(0.005)
    raise AssertionError("it never came to that")


def python(script: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-c", script, *arguments)


ECHO = PanelCommand("orders", ("echo", "orders of", "{email}"))


def test_a_question_is_answered_and_whoever_shows_it_hears(store: Workspace) -> None:
    heard: list[frozenset[int]] = []
    stop = store.watch(heard.append)
    assert store.panels.said(1, [ECHO]) == (Said("orders"),)
    assert store.panels.unserved() == ""
    store.panels.ask(["orders"], 1, 1)
    assert store.panels.said(1, [ECHO])[0].waiting
    with worker(store, ECHO):
        until(lambda: bool(heard))
        assert store.panels.unserved() is None
    assert heard[0] == {1}
    assert store.panels.said(1, [ECHO]) == (Said("orders", "orders of anna@weber.example", NOW, "", NOW),)
    assert store.panels.said(1, [ECHO._replace(command=("echo", "other"))])[0].text == "", "another command"
    assert store.panels.unserved() == "", "nobody is there any more"
    stop()


def test_what_a_screen_asks_next_takes_the_place_of_what_it_asked(store: Workspace) -> None:
    for customer in (1, 2, 1, 2):
        store.panels.ask(["orders"], customer, customer)
    colleague = open_store(store.workspace)
    colleague.panels.ask(["orders"], 1, 1)
    found = store.panels.next("orders")
    assert found is not None and found.customer == 2
    store.panels.answer(found, ECHO.mark, "two", "", NOW)
    found = store.panels.next("orders")
    assert found is not None and found.customer == 1, "that of the colleague"
    colleague.close()
    assert store.panels.next("orders") is None, "who left asks nothing"


def test_one_program_does_one_thing_at_a_time_and_another_goes_on_beside_it(
    store: Workspace, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    for name in ("anna@weber.example", "jo@park.example"):
        os.mkfifo(tmp_path / name)
    script = f'echo begin >> {log}; cat {tmp_path}/"$1"; echo end >> {log}'
    slow = PanelCommand("slow", ("sh", "-c", script, "sh", "{email}"))
    screens = [open_store(store.workspace) for _ in range(3)]
    for number, screen in enumerate(screens):
        screen.panels.ask(["slow", "orders"], number % 2 + 1, number % 2 + 1)
    with worker(store, slow, ECHO, seconds=60):
        until(lambda: store.panels.next("orders") is None and log.exists())
        assert store.panels.said(1, [slow])[0].waiting and store.panels.said(1, [ECHO])[0].text
        for name in (
            "anna@weber.example",
            "jo@park.example",
        ):  # who asked about the same one is answered with it
            (tmp_path / name).write_text("done\n")
        until(lambda: store.panels.next("slow") is None)
    assert log.read_text().split() == ["begin", "end", "begin", "end"]
    for screen in screens:
        screen.close()


def test_what_goes_wrong_keeps_what_was_known(store: Workspace, tmp_path: Path) -> None:
    switch = tmp_path / "switch"
    panel = PanelCommand("orders", ("sh", "-c", f"test ! -e {switch} && echo 4711 sent", "sh", "{email}"))
    with worker(store, panel):
        store.panels.ask(["orders"], 1, 1)
        until(lambda: bool(store.panels.said(1, [panel])[0].text))
        switch.touch()
        store.panels.ask(["orders"], 1, 1)
        until(lambda: bool(store.panels.said(1, [panel])[0].trouble))
        assert store.panels.said(1, [panel])[0]._replace(at=None, tried_at=None) == Said(
            "orders", "4711 sent", None, "failed (exit status 1)"
        )
        store.panels.ask(["orders"], 3, 3)
        until(
            lambda: bool(store.panels.said(3, [ECHO])[0].trouble or store.panels.said(3, [panel])[0].trouble)
        )


def test_an_address_that_would_be_an_option_is_said_and_not_run(store: Workspace) -> None:
    with worker(store, ECHO):
        store.panels.ask(["orders"], 3, 3)
        until(lambda: store.panels.said(3, [ECHO])[0].tried_at is not None)
    (said,) = store.panels.said(3, [ECHO])
    assert said.trouble == "not asked: “-rf@evil.example” begins with a hyphen, as an option would"


def test_our_passwords_are_not_in_the_environment_of_a_program(store: Workspace) -> None:
    panel = PanelCommand("env", ("env",))
    own = open_store(store.workspace)
    box = Mailbox(
        "support", "s@shop.example", "s", "h", 993, "tls", "h", 465, "tls", password_env="MAIL_PASSWORD"
    )
    here = replace(with_panels(panel), mailboxes=(box,))
    running = Panels(
        own, here, lambda: NOW, {"MAIL_PASSWORD": "hunter2", "PATH": os.environ["PATH"], "SHOP": "here"}
    )
    running.start()
    store.panels.ask(["env"], 1, 1)
    until(lambda: store.panels.said(1, [panel])[0].at is not None)
    running.end()
    own.close()
    assert "SHOP=here" in store.panels.said(1, [panel])[0].text
    assert "hunter2" not in store.panels.said(1, [panel])[0].text


def test_what_may_not_be_run_is_not_and_says_why(store: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel_running, "LOOK", 0.001)
    store.panels.ask(["orders"], 1, 1)
    with worker(store, ECHO, refused="not run: whoever runs this worker is no owner of the team"):
        until(lambda: store.panels.unserved() is not None)
        until(lambda: store.panels.unserved() == "not run: whoever runs this worker is no owner of the team")
        with store.panels.serving() as ours:
            assert not ours, "there is one already"
        for _ in range(100):  # a hundred looks
            assert store.panels.said(1, [ECHO])[0].tried_at is None
            time.sleep(0.002)
    assert store.panels.said(1, [ECHO]) == (Said("orders", waiting=True),)
    with store.panels.serving() as ours:
        assert ours


def test_ending_the_worker_ends_what_runs(store: Workspace, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    panel = PanelCommand("slow", ("sh", "-c", f"echo $$ > {pid}; sleep 300"))
    store.panels.ask(["slow"], 1, 1)
    with worker(store, panel, seconds=300):
        until(lambda: pid.exists() and bool(pid.read_text()))
    assert gone(int(pid.read_text()))
    assert store.panels.said(1, [panel])[0].waiting, "whoever comes next answers it"
    assert not [one for one in threading.enumerate() if one.name == "panels" and one.is_alive()]


def test_programs_run_only_for_an_owner_in_whose_file_nobody_else_writes(store: Workspace) -> None:
    said: list[str] = []
    path = store.workspace / "settings.toml"

    def why(role: str) -> str:
        team = f'[[team]]\nname = "ann"\nunix = "{unix_user()}"\nrole = "{role}"\n[[team]]\nname = "bo"\nrole = "owner"\n'
        path.write_text(team + '[panel.orders]\ncommand = ["orders", "{email}"]\n')
        path.chmod(0o644)
        desk = Desk(open_store, lambda _: None, workspace=store.workspace)
        return panels_refused(desk, said.append)

    assert why("owner") == ""
    assert why("agent") == "not run: whoever runs this worker is no owner of the team"
    assert "no owner" in said[-1] and said[-1].startswith("the programs of [panel.NAME] are not run")
    assert why("owner") == ""
    path.chmod(0o666)
    desk = Desk(open_store, lambda _: None, workspace=store.workspace)
    assert "others may write" in panels_refused(desk, said.append)


def test_the_worker_that_stays_answers_and_a_kill_is_seen_at_once(store: Workspace) -> None:
    """As a process of its own, with a mailbox whose server is away: what is asked does not wait for mail."""
    (store.workspace / "settings.toml").write_text(
        """
[[mailbox]]
name = "support"
address = "support@shop.example"
imap_host = "127.0.0.1"
imap_port = 1
imap_security = "none"
smtp_host = "127.0.0.1"
smtp_port = 1
smtp_security = "none"
password_env = "MAIL_PASSWORD"

[panel.orders]
command = ["sh", "-c", 'echo "$1, ${MAIL_PASSWORD-no password}"', "sh", "{email}"]
"""
    )
    (store.workspace / "settings.toml").chmod(0o600)
    orders = from_bytes((store.workspace / "settings.toml").read_bytes(), Path("s"), host_zone="UTC").panels
    store.panels.ask(["orders"], 1, 1)
    arguments = [sys.executable, "main.py", "--workspace", str(store.workspace), "sync", "--watch"]
    process = subprocess.Popen(
        arguments,
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "MAIL_PASSWORD": "hunter2"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: store.panels.said(1, orders)[0].at is not None)
        assert store.panels.said(1, orders)[0].text == "anna@weber.example, no password"
        assert store.panels.unserved() is None
    finally:
        process.kill()
        process.wait()
    assert store.panels.unserved() == ""


def test_the_shop_of_the_demo_has_a_program_that_knows_its_orders(tmp_path: Path) -> None:
    text = write_program(tmp_path, sys.executable)
    (panel,) = from_bytes(text.encode(), tmp_path / "settings.toml", host_zone="UTC").panels
    for address, orders in (*list(ORDERS.items())[:2], ("nobody@else.example", "no order with this address")):
        values = values_of(Customer(1, "", (Identity("mail", address),)))
        found = output_of(filled(panel.command, values), {}, seconds=60)
        assert (readable(found.data), found.trouble) == (orders, "")
