"""Reading mailboxes: nothing is lost, nothing is touched, and each trouble is called by its name."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.channels import imap, imap_fetching
from inbox.channels.imap import Connection, connect
from inbox.channels.imap_fetching import Fetched
from inbox.channels.passwords import Secret
from inbox.channels.plan import Cursor, Plan, ServerState, plan
from inbox.channels.trouble import BadPassword, NetworkTrouble, RefusedCertificate, ServerSaidNo
from inbox.errors import BadSettings, WorldError
from inbox.settings import Mailbox
from tests.faults.clock import MONDAY
from tests.faults.proxy import Proxy
from tests.servers.certificates import Certificate, make_certificate
from tests.servers.dovecot import Dovecot, need_dovecot, running_dovecot
from tests.servers.liar import Liar
from tests.servers.mailboxes import mailbox, on_dovecot
from tests.servers.talker import running_talker

SECRET = Secret("secret")
CANARY = "canary-4711"


def mail(number: int, size: int = 0) -> bytes:
    body = f"Message {number}\r\n" + ("x" * 70 + "\r\n") * (size // 72)
    return f"Message-ID: <{number}@mail.example>\r\nSubject: {number}\r\n\r\n{body}".encode()


def opened(server: Dovecot, user: str, security: str = "none", **fields: object) -> Connection:
    return connect(on_dovecot(server, user, security, **fields), SECRET, timeout=10)


def pulled(connection: Connection, folder: str = "INBOX") -> list[Fetched]:
    return list(connection.fetch(plan(None, connection.look(folder)).new))


@dataclass
class Shelf:
    """What a store would keep: bytes by UID, and the cursor behind them."""

    kept: dict[int, bytes] = field(default_factory=dict)
    cursor: Cursor | None = None
    twice: int = 0

    def pull(self, connection: Connection, folder: str = "INBOX") -> Plan:
        there = connection.look(folder, self.cursor)
        todo = plan(self.cursor, there)
        if self.cursor is None or todo.reset:
            self.kept.clear()
            self.cursor = Cursor(there.uidvalidity)
        for uid in todo.vanished:
            del self.kept[uid]
        for one in connection.fetch(todo.new):
            self.twice += one.uid in self.kept
            self.kept[one.uid] = one.raw
            self.cursor = Cursor(there.uidvalidity, one.uid + 1, self.kept.keys())
        return todo

    def hashes(self) -> set[str]:
        return {sha256(raw).hexdigest() for raw in self.kept.values()}


# ---------------------------------------------------------------------- all is well


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_all_mail_comes_as_it_is_and_stays_unread(dovecot: Dovecot, imap_user: str, security: str) -> None:
    sent = [mail(number, number * 50) for number in range(30)]
    dovecot.append_many(imap_user, sent)

    with opened(dovecot, imap_user, security) as connection:
        got = pulled(connection)

    assert [one.raw for one in got] == sent
    assert [one.uid for one in got] == list(range(1, 31))
    assert all(one.size == len(one.raw) and one.complete and not one.oddity for one in got)
    assert all(one.internal_date is not None and one.internal_date > MONDAY - 10**8 for one in got)
    assert all(dovecot.flags(imap_user, uid) == set() for uid in (1, 15, 30))


def test_mail_that_was_read_elsewhere_is_fetched_all_the_same(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.append_many(imap_user, [mail(1), mail(2)])
    dovecot.doveadm("flags", "add", "-u", imap_user, "\\Seen", "mailbox", "INBOX", "uid", "1")

    with opened(dovecot, imap_user) as connection:
        got = pulled(connection)

    assert [one.flags for one in got] == [("\\Seen",), ()]


def test_only_what_is_new_is_fetched_the_next_time(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.append_many(imap_user, [mail(number) for number in range(20)])
    shelf = Shelf()
    with opened(dovecot, imap_user) as connection:
        shelf.pull(connection)
        quiet = connection.look("INBOX", shelf.cursor)
        dovecot.append_many(imap_user, [mail(20), mail(21)])
        second = shelf.pull(connection)

    assert quiet.uids == ()
    assert quiet.since == 21
    assert quiet.modseq > 0
    assert second.new == (21, 22)
    assert len(shelf.kept) == 22
    assert shelf.twice == 0


def test_mail_that_came_and_went_between_two_looks_costs_no_listing(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.append_many(imap_user, [mail(1), mail(2)])
    shelf = Shelf()
    with opened(dovecot, imap_user) as connection:
        shelf.pull(connection)
        dovecot.append_many(imap_user, [mail(3)])
        dovecot.expunge(imap_user, 3)
        there = connection.look("INBOX", shelf.cursor)

    assert (there.uids, there.since, there.uidnext) == ((), 3, 4)
    assert plan(shelf.cursor, there) == Plan(there.uidvalidity)


def test_folders_have_their_names_decoded_and_their_uses_told(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.doveadm("mailbox", "create", "-u", imap_user, "Größe & Maß/日本")

    with opened(dovecot, imap_user) as connection:
        folders = connection.folders()
        dovecot.append_many(imap_user, [mail(1)], folder='"Gr&APYA3w-e &- Ma&AN8-/&ZeVnLA-"')
        got = pulled(connection, "Größe & Maß/日本")

    assert folders[0] == imap.Folder("INBOX", "inbox")
    assert {(folder.name, folder.use) for folder in folders} >= {
        ("Sent", "sent"),
        ("Junk", "junk"),
        ("Archive", "archive"),
        ("Größe & Maß/日本", ""),
    }
    assert [one.raw for one in got] == [mail(1)]


def test_a_large_message_is_a_placeholder_first_and_comes_in_pieces(dovecot: Dovecot, imap_user: str) -> None:
    big = mail(2, 300_000)
    dovecot.append_many(imap_user, [mail(1), big, mail(3)])

    with opened(dovecot, imap_user) as connection:
        connection.look("INBOX")
        got = list(connection.fetch([1, 2, 3], large=100_000))
        whole = b"".join(connection.pieces(2, got[1].size, piece=70_000))
        rest = b"".join(connection.pieces(2, got[1].size, start=len(got[1].raw)))
        nothing = list(connection.pieces(99, 1000))

    assert [(one.uid, one.complete) for one in got] == [(1, True), (2, False), (3, True)]
    assert got[1].size == len(big)
    assert got[1].raw == big[: imap_fetching.HEAD]
    assert whole == big
    assert got[1].raw + rest == big
    assert nothing == []


def test_bodies_are_fetched_in_bounded_batches() -> None:
    told = {
        uid: imap_fetching._Told(uid, size, None, ()) for uid, size in enumerate([3, 3, 3, 9, 20, 1, 9], 1)
    }

    def batches(messages: int, size: int) -> list[list[int]]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(imap_fetching, "BATCH_MESSAGES", messages)
            patch.setattr(imap_fetching, "BATCH_BYTES", size)
            return list(imap_fetching._batches(sorted(told), told, large=15))

    assert batches(100, 10) == [[1, 2, 3], [4], [5], [6, 7]]
    assert batches(2, 100) == [[1, 2], [3, 4], [5], [6, 7]]
    assert imap_fetching.BATCH_BYTES <= 8 * 2**20
    assert imap_fetching.BATCH_MESSAGES <= 500


def test_a_crowded_folder_is_listed_in_lines_that_imaplib_can_read(
    dovecot: Dovecot, imap_user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.append_many(imap_user, [mail(number) for number in range(25)])
    dovecot.expunge(imap_user, 7)
    monkeypatch.setattr(imap, "LISTED_AT_ONCE", 10)

    with opened(dovecot, imap_user) as connection:
        assert connection.look("INBOX").uids == tuple(uid for uid in range(1, 26) if uid != 7)


# ---------------------------------------------------------------------- others change the folder


def test_messages_that_vanish_while_they_are_fetched_are_no_error(
    dovecot: Dovecot, imap_user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_fetching, "BATCH_MESSAGES", 200)
    dovecot.append_many(imap_user, [mail(number, 1000) for number in range(250)])

    with opened(dovecot, imap_user) as connection:
        coming = connection.fetch(connection.look("INBOX").uids)
        first = next(coming)
        for uid in (205, 206, 250):
            dovecot.expunge(imap_user, uid)
        rest = list(coming)

    assert [one.uid for one in [first, *rest]] == [uid for uid in range(1, 250) if uid not in (205, 206)]


def test_a_message_moved_elsewhere_vanishes_here_and_appears_there(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.append_many(imap_user, [mail(number) for number in range(3)])
    shelf = Shelf()
    with opened(dovecot, imap_user) as connection:
        shelf.pull(connection)
        dovecot.doveadm("move", "-u", imap_user, "Archive", "mailbox", "INBOX", "uid", "2")
        there = connection.look("INBOX", shelf.cursor)
        archived = pulled(connection, "Archive")

    assert plan(shelf.cursor, there) == Plan(there.uidvalidity, vanished=(2,))
    assert [one.raw for one in archived] == [mail(1)]


def test_a_folder_that_is_suddenly_empty_is_a_question(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.append_many(imap_user, [mail(number) for number in range(3)])
    shelf = Shelf()
    with opened(dovecot, imap_user) as connection:
        shelf.pull(connection)
        dovecot.doveadm("expunge", "-u", imap_user, "mailbox", "INBOX", "all")
        todo = plan(shelf.cursor, connection.look("INBOX", shelf.cursor))

    assert todo.vanished == ()
    assert todo.question


def test_a_folder_that_may_be_empty_is_none() -> None:
    emptied = ServerState("Junk", 7, 4, 0)

    assert plan(Cursor(7, 4, {1, 3}), emptied, may_be_empty=True) == Plan(7, vanished=(1, 3))


def test_another_uidvalidity_means_that_all_numbers_are_new(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.append_many(imap_user, [mail(number) for number in range(5)])
    shelf = Shelf()
    with opened(dovecot, imap_user) as connection:
        shelf.pull(connection)
        before = shelf.hashes()
    dovecot.set_uidvalidity(imap_user, 4711)
    with opened(dovecot, imap_user) as connection:
        todo = shelf.pull(connection)

    assert todo.reset
    assert todo.uidvalidity == 4711
    assert len(todo.new) == 5
    assert shelf.hashes() == before


def test_no_flag_is_set_on_a_message_that_now_has_the_number(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.append_many(imap_user, [mail(1), mail(2)])
    with opened(dovecot, imap_user) as connection:
        before = connection.look("INBOX").uidvalidity
        assert connection.set_seen("INBOX", before, [1])
    dovecot.set_uidvalidity(imap_user, before + 1)
    with opened(dovecot, imap_user) as connection:
        assert not connection.set_seen("INBOX", before, [2])
        assert [one.flags for one in pulled(connection)] == [("\\Seen",), ()]


def test_waiting_ends_when_mail_arrives(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.append_many(imap_user, [mail(1)])
    asked: list[int] = []

    def arrive() -> bool:
        if not asked:
            dovecot.append_many(imap_user, [mail(2)])
        asked.append(1)
        return False

    with opened(dovecot, imap_user) as connection:
        assert connection.can_idle()
        connection.look("INBOX")
        assert connection.wait_for_news(20, arrive, every=0.05)
        assert connection.look("INBOX").exists == 2
        assert not connection.wait_for_news(20, lambda: True, every=0.05)


# ---------------------------------------------------------------------- sent mail


def test_a_copy_is_kept_in_sent_and_found_by_its_id(dovecot: Dovecot, imap_user: str) -> None:
    with opened(dovecot, imap_user) as connection:
        assert connection.find_message_id("Sent", "<1@mail.example>") == ()
        connection.append_sent("Sent", mail(1), MONDAY)
        connection.append_sent("Sent", mail(11), MONDAY)

        assert connection.find_message_id("Sent", "<1@mail.example>") == (1,)
        assert connection.find_message_id("Sent", "1@mail.example") == (1, 2)
        got = pulled(connection, "Sent")

    assert (got[0].raw, got[0].flags, got[0].internal_date) == (mail(1), ("\\Seen",), MONDAY)


def test_a_full_mailbox_and_a_missing_folder_are_told_apart(dovecot: Dovecot) -> None:
    user = dovecot.add_user("tiny", quota="20K")
    with opened(dovecot, user) as connection:
        with pytest.raises(ServerSaidNo) as full:
            connection.append_sent("Sent", mail(1, 40_000), MONDAY)
        with pytest.raises(ServerSaidNo) as missing:
            connection.append_sent("Gone", mail(1), MONDAY)
        with pytest.raises(ServerSaidNo):
            connection.look("Gone")
        connection.append_sent("Sent", mail(1), MONDAY)

    assert full.value.code == "OVERQUOTA"
    assert missing.value.code == "TRYCREATE"


# ---------------------------------------------------------------------- the line breaks


def pull_through_cuts(
    server: Dovecot,
    user: str,
    proxy: Proxy,
    cuts: list[tuple[int, Literal["down", "up"], Literal["fin", "rst"]]],
    count: int,
) -> None:
    """A pull that is cut again and again, each time after so many bytes, is whole in the end."""
    where = on_dovecot(server, user, imap_port=proxy.port)
    shelf = Shelf()
    for after, direction, how in cuts:
        proxy.cut(after, direction, how)
        try:
            with connect(where, SECRET, timeout=10) as connection:
                shelf.pull(connection)
        except NetworkTrouble:
            pass
        assert shelf.cursor is None or shelf.cursor.next_uid == max(shelf.kept, default=0) + 1
        if len(shelf.kept) == count:
            shelf.cursor = None
    proxy.heal()
    with connect(where, SECRET, timeout=10) as connection:
        shelf.pull(connection)

    assert shelf.hashes() == {sha256(mail(number, number * 20)).hexdigest() for number in range(count)}
    assert shelf.twice == 0


@pytest.mark.parametrize(
    ("direction", "how"), [("down", "fin"), ("down", "rst"), ("up", "fin"), ("up", "rst")]
)
def test_a_pull_cut_anywhere_is_whole_in_the_end(
    dovecot: Dovecot,
    imap_user: str,
    proxy_to: Callable[[str, int], Proxy],
    direction: Literal["down", "up"],
    how: Literal["fin", "rst"],
) -> None:
    dovecot.append_many(imap_user, [mail(number, number * 20) for number in range(60)])
    dice = random.Random(f"{direction} {how}")
    most = 60_000 if direction == "down" else 500
    cuts = [(dice.randrange(1, most), direction, how) for _ in range(12)]

    pull_through_cuts(dovecot, imap_user, proxy_to(dovecot.host, dovecot.port), cuts, 60)


@pytest.mark.long
@pytest.mark.parametrize(
    ("direction", "how"), [("down", "fin"), ("down", "rst"), ("up", "fin"), ("up", "rst")]
)
def test_a_pull_of_500_cut_at_200_places_is_whole_in_the_end(
    dovecot: Dovecot,
    imap_user: str,
    proxy_to: Callable[[str, int], Proxy],
    direction: Literal["down", "up"],
    how: Literal["fin", "rst"],
) -> None:
    dovecot.append_many(imap_user, [mail(number, number * 20) for number in range(500)])
    dice = random.Random(f"{direction} {how}")
    most = 2_600_000 if direction == "down" else 2_500
    cuts = [(dice.randrange(1, most), direction, how) for _ in range(200)]

    pull_through_cuts(dovecot, imap_user, proxy_to(dovecot.host, dovecot.port), cuts, 500)


@pytest.mark.parametrize("how", ["fin", "rst"])
def test_a_cut_inside_the_login_is_never_taken_for_a_wrong_password(
    dovecot: Dovecot,
    imap_user: str,
    proxy_to: Callable[[str, int], Proxy],
    how: Literal["fin", "rst"],
) -> None:
    proxy = proxy_to(dovecot.host, dovecot.port)
    where = on_dovecot(dovecot, imap_user, imap_port=proxy.port)
    connect(where, SECRET, timeout=10).drop()
    for after in range(1, proxy.bytes_down, 23):
        proxy.cut(after, "down", how)
        with pytest.raises(NetworkTrouble):
            connect(where, SECRET, timeout=10)


def test_a_line_that_dies_silently_is_noticed_in_time(
    dovecot: Dovecot, imap_user: str, proxy_to: Callable[[str, int], Proxy]
) -> None:
    dovecot.append_many(imap_user, [mail(number, 20_000) for number in range(20)])
    proxy = proxy_to(dovecot.host, dovecot.port)
    where = on_dovecot(dovecot, imap_user, imap_port=proxy.port)
    proxy.black_hole(50_000)
    connection = connect(where, SECRET, timeout=1.5)

    with pytest.raises(NetworkTrouble, match="no answer in time"):
        pulled(connection)
    connection.drop()


def test_a_mute_line_is_noticed_when_waiting_ends(
    dovecot: Dovecot, imap_user: str, proxy_to: Callable[[str, int], Proxy]
) -> None:
    proxy = proxy_to(dovecot.host, dovecot.port)
    connection = connect(on_dovecot(dovecot, imap_user, imap_port=proxy.port), SECRET, timeout=1.5)
    connection.look("INBOX")

    def mute() -> bool:
        proxy.mute()
        return False

    with pytest.raises(NetworkTrouble):
        connection.wait_for_news(0.2, mute, every=0.05)
    connection.drop()


def test_a_flipped_bit_never_gets_through_tls(
    dovecot: Dovecot, imap_user: str, proxy_to: Callable[[str, int], Proxy]
) -> None:
    sent = [mail(number, 3000) for number in range(5)]
    dovecot.append_many(imap_user, sent)
    proxy = proxy_to(dovecot.host, dovecot.tls_port)
    where = on_dovecot(dovecot, imap_user, "tls", imap_port=proxy.port)
    dice = random.Random(18)
    for after in (dice.randrange(2_000, 15_000) for _ in range(10)):
        proxy.flip(after)
        with pytest.raises(NetworkTrouble), connect(where, SECRET, timeout=5) as connection:
            pulled(connection)
    with connect(where, SECRET, timeout=5) as connection:
        assert [one.raw for one in pulled(connection)] == sent


def test_a_flipped_bit_in_clear_loses_no_message_and_raises_only_what_is_known(
    dovecot: Dovecot, imap_user: str, proxy_to: Callable[[str, int], Proxy]
) -> None:
    sent = [mail(number, 200) for number in range(5)]
    dovecot.append_many(imap_user, sent)
    proxy = proxy_to(dovecot.host, dovecot.port)
    where = on_dovecot(dovecot, imap_user, imap_port=proxy.port)
    with connect(where, SECRET, timeout=2) as connection:
        start = proxy.bytes_down
        uids = connection.look("INBOX").uids
        list(connection.fetch(uids))
    dice = random.Random(18)
    for after in (dice.randrange(start, proxy.bytes_down) for _ in range(12)):
        proxy.flip(after)
        try:
            with connect(where, SECRET, timeout=0.2) as connection:
                connection.look("INBOX")
                got = list(connection.fetch(uids))
        except WorldError:
            continue
        assert [one.uid for one in got] == list(uids)


# ---------------------------------------------------------------------- servers that lie


def from_liar(liar: Liar, uids: list[int]) -> list[Fetched]:
    with running_talker(b"* OK hi\r\n", liar) as talker:
        where = mailbox(imap_port=talker.port)
        with connect(where, SECRET, timeout=5) as connection:
            connection.look("INBOX")
            return list(connection.fetch(uids))


def test_a_size_that_does_not_fit_is_asked_for_again_and_then_marked() -> None:
    liar = Liar({1: 5, 2: 5, 3: 5}, {1: [b"short", b"short"], 2: [b"cut", b"whole"], 3: [b"wrong size"]})

    got = from_liar(liar, [1, 2, 3])

    assert [(one.uid, one.raw) for one in got] == [(1, b"short"), (2, b"whole"), (3, b"wrong size")]
    assert [bool(one.oddity) for one in got] == [False, False, True]
    assert got[2].oddity == "the server said 5 bytes and gave 10; the same bytes came twice"
    assert got[0].internal_date is None


def test_what_is_gone_is_missing_and_no_error() -> None:
    assert [one.uid for one in from_liar(Liar({1: 1}, {1: [b"x"]}), [1, 2])] == [1]


def test_what_an_answer_leaves_out_is_asked_for_again_before_it_counts_as_gone() -> None:
    liar = Liar({1: 1, 2: 1, 3: 1}, {1: [b"x"], 2: [b"y"], 3: [b"z"]})
    liar.left_out = [(1, b"RFC822.SIZE"), (2, b"BODY")]

    assert [one.raw for one in from_liar(liar, [1, 2, 3])] == [b"x", b"y", b"z"]
    assert liar.left_out == []


def test_a_server_that_finds_too_much_is_not_believed_about_what_was_sent() -> None:
    liar = Liar({1: 1, 2: 1}, {1: [b"Message-ID: <other@x>\r\n"], 2: [b"Message-ID: <one@x>\r\n"]})
    with (
        running_talker(b"* OK hi\r\n", liar) as talker,
        connect(mailbox(imap_port=talker.port), SECRET, timeout=5) as connection,
    ):
        assert connection.find_message_id("Sent", "<one@x>") == (2,)


def test_an_unreadable_answer_is_network_trouble() -> None:
    class Mumbler(Liar):
        def _item(self, *_: object) -> bytes:
            return b"* 1 FETCH (UID banana RFC822.SIZE ((\r\n"

    with pytest.raises(NetworkTrouble, match="unreadable"):
        from_liar(Mumbler({1: 5}, {1: [b"short"]}), [1])


# ---------------------------------------------------------------------- who is there, and who are we


def test_only_the_servers_own_no_is_a_wrong_password(own_dovecot: Dovecot) -> None:
    own_dovecot.add_user("ann", CANARY)
    where = on_dovecot(own_dovecot, "ann")

    connect(where, Secret(CANARY), timeout=10).close()
    with pytest.raises(BadPassword) as caught:
        connect(where, Secret("canary-of-yesterday"), timeout=10)

    assert "canary" not in str(caught.value) + repr(caught.value)
    assert caught.value.next_step


def test_passwords_may_hold_any_character(dovecot: Dovecot) -> None:
    password = 'pä"ß\\ wort {5}'
    user = dovecot.add_user("umlaut", password)

    connect(on_dovecot(dovecot, user), Secret(password), timeout=10).close()


def test_access_tokens_log_in_and_expired_ones_are_refused(own_dovecot: Dovecot) -> None:
    own_dovecot.add_user("ann")
    where = on_dovecot(own_dovecot, "ann", token_command="true")

    connect(where, Secret(own_dovecot.token("ann", expires=4_000_000_000)), timeout=10).close()
    with pytest.raises(BadPassword):
        connect(where, Secret(own_dovecot.token("ann", expires=1_500_000_000)), timeout=10)


@pytest.mark.parametrize(
    ("said", "kind", "temporary"),
    [
        (b"%s NO [AUTHENTICATIONFAILED] no\r\n", BadPassword, None),
        (b"%s NO Login failed\r\n", BadPassword, None),
        (b"%s NO [ALERT] Application-specific password required\r\n", BadPassword, None),
        (b"%s NO [UNAVAILABLE] backend away\r\n", ServerSaidNo, True),
        (b"%s NO [ALERT] Too many simultaneous connections\r\n", ServerSaidNo, True),
        (b"%s NO Temporary authentication failure\r\n", ServerSaidNo, True),
        (b"%s BAD what?\r\n", ServerSaidNo, True),
        (b"* BYE going down %s\r\n", NetworkTrouble, None),
    ],
)
def test_what_a_server_says_to_a_login_is_told_apart(
    said: bytes, kind: type[Exception], temporary: bool | None
) -> None:
    liar = Liar({}, {})
    liar.login = said
    with running_talker(b"* OK hi\r\n", lambda line: None if b"LOGOUT" in line else liar(line)) as talker:
        with pytest.raises(kind) as caught:
            connect(mailbox(imap_port=talker.port), SECRET, timeout=0.5)
        assert sum(b" LOGIN " in line for line in talker.heard) == 1

    assert getattr(caught.value, "temporary", None) is temporary


def test_a_server_that_repeats_the_secret_does_not_get_it_into_the_error() -> None:
    def answer(line: bytes) -> bytes:
        tag = line.split()[0]
        if b"CAPABILITY" in line:
            return b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK done\r\n"
        if b"AUTHENTICATE" in line:
            tags.append(tag)
            return b"+ \r\n"
        return tags[0] + b" NO no: " + line + b" " + CANARY.encode() + b"\x1b[31m\r\n"

    tags: list[bytes] = []
    with running_talker(b"* OK hi\r\n", answer) as talker:
        with pytest.raises(BadPassword) as caught:
            connect(mailbox(imap_port=talker.port), Secret(CANARY), timeout=5)
        blob = talker.heard[-1].decode()

    said = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert CANARY not in said
    assert blob not in said
    assert "\x1b" not in said


def test_a_server_with_login_alone_gets_user_and_password_quoted() -> None:
    liar = Liar({}, {})
    with running_talker(b"* OK hi\r\n", liar) as talker:
        connect(mailbox(imap_port=talker.port, user='ann "x" \\'), Secret('p"w\\'), timeout=5).close()
        with pytest.raises(ServerSaidNo):
            connect(mailbox(imap_port=talker.port, user="ann\r\nx LOGOUT"), SECRET, timeout=5)

        assert [line.partition(b" ")[2] for line in talker.heard if b" LOGIN " in line] == [
            rb'LOGIN "ann \"x\" \\" "p\"w\\"'
        ]


@pytest.mark.parametrize(
    ("greeting", "capabilities", "security"),
    [
        (b"* PREAUTH welcome back\r\n", "STARTTLS", "starttls"),
        (b"* PREAUTH welcome back\r\n", "", "none"),
        (b"* OK hi\r\n", "", "starttls"),
        (b"* OK hi\r\n", "LOGINDISABLED", "none"),
        (b"* BYE too many\r\n", "", "none"),
    ],
)
def test_a_server_that_would_have_us_talk_in_clear_hears_no_secret(
    greeting: bytes, capabilities: str, security: str
) -> None:
    with running_talker(greeting, Liar({}, {}, capabilities)) as talker:
        with pytest.raises(ServerSaidNo) as caught:
            connect(mailbox(imap_port=talker.port, imap_security=security), SECRET, timeout=5)
        heard = talker.heard_words()

    assert caught.value.next_step
    assert b"LOGIN" not in heard
    assert b"AUTHENTICATE" not in heard


def test_what_is_slipped_in_before_tls_is_not_believed() -> None:
    liar = Liar({}, {}, "STARTTLS")

    def answer(line: bytes) -> bytes | None:
        if b"STARTTLS" in line:
            tag = line.split()[0]
            return tag + b" OK go\r\n* PREAUTH in\r\n* CAPABILITY IMAP4rev1\r\n"
        return liar(line) if line.isascii() else None

    with running_talker(b"* OK hi\r\n", answer) as talker:
        with pytest.raises(NetworkTrouble):
            connect(mailbox(imap_port=talker.port, imap_security="starttls"), SECRET, timeout=1)
        heard = talker.heard_words()

    assert b"LOGIN" not in heard


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["unknown", "other name", "run out"])
def test_a_certificate_that_does_not_pass_is_refused_and_shown(
    tmp_path: Path, certificate: Certificate, security: str, fault: str
) -> None:
    need_dovecot()
    hosts = ("DNS:other.example",) if fault == "other name" else ("IP:127.0.0.1",)
    shown = make_certificate(tmp_path, "shown", hosts, days=-1 if fault == "run out" else 30)
    trusted = certificate if fault == "unknown" else shown

    with running_dovecot(shown) as server:
        server.add_user("ann")
        where = on_dovecot(server, "ann", security, ca_file=str(trusted.cert))
        with pytest.raises(RefusedCertificate) as caught:
            connect(where, SECRET, timeout=10)
        log = server.log()

    assert caught.value.fingerprint == shown.fingerprint()
    assert caught.value.fingerprint in str(caught.value)
    assert "user=<ann>" not in log


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"imap_host": "mail.example"}, BadSettings),
        ({"imap_security": "tls", "ca_file": "/nowhere/ca.pem"}, BadSettings),
        ({}, NetworkTrouble),
        ({"imap_host": "localhost"}, NetworkTrouble),
    ],
)
def test_what_cannot_even_begin_says_what_to_do(fields: dict[str, str], kind: type[WorldError]) -> None:
    where: Mailbox = mailbox(**fields)

    with pytest.raises(kind) as caught:
        connect(where, SECRET, timeout=5)

    assert caught.value.next_step


# ---------------------------------------------------------------------- the plan

UIDS = st.frozensets(st.integers(1, 60), max_size=40)


@settings(deadline=None)
@given(known=UIDS, there=UIDS, next_uid=st.integers(1, 61))
def test_doing_what_the_plan_says_makes_both_sides_equal(
    known: frozenset[int], there: frozenset[int], next_uid: int
) -> None:
    cursor = Cursor(7, max(next_uid, max(known, default=0) + 1), known)
    # A server only ever adds above what it once had.
    there = frozenset(uid for uid in there if uid in known or uid >= cursor.next_uid)
    server = ServerState("INBOX", 7, 100, len(there), tuple(sorted(there)))

    todo = plan(cursor, server)

    assert not todo.reset
    assert list(todo.new) == sorted(todo.new)
    if todo.question:
        assert known
        assert not there
    else:
        assert (known - set(todo.vanished)) | set(todo.new) == there


def test_a_new_folder_is_taken_over_whole() -> None:
    assert plan(None, ServerState("INBOX", 7, 4, 2, (1, 3))) == Plan(7, new=(1, 3))


def test_a_mailbox_restored_from_an_older_copy_is_no_longer_the_one_we_know() -> None:
    cursor = Cursor(7, 50, frozenset({48, 49}))

    todo = plan(cursor, ServerState("INBOX", 7, 40, 2, (38, 39)))

    assert todo.reset
    assert todo.new == (38, 39)
