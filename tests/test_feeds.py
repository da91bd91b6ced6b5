"""Feeds of reviews and posts, from a real web server into a real store: what is new, what was changed, what answers what;
and what is no feed, or means no good."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path

import pytest

from inbox.channels import feed_reading
from inbox.channels.feed_fetching import Feeds, FeedTrouble
from inbox.channels.feed_reading import page_of, read_feed, told
from inbox.errors import NotDone, WorldError
from inbox.feeding import Feeding
from inbox.feeds import FeedState, Page, wanted
from inbox.links import links
from inbox.model import Instant, Status
from inbox.settings import Feed, Settings
from main import main
from tests.faults.clock import MONDAY
from tests.screenplay import playing
from tests.servers.certificates import make_certificate
from tests.servers.https import Page as Given
from tests.servers.https import WebServer, running_https
from tests.shop import shop
from tests.stores import Desk, desk
from tui.mailbox_words import Standing, in_full, in_short

HOUR, DAY = 3_600, 86_400
NOW = MONDAY + HOUR
BEGIN = (
    '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:im="http://itunes.apple.com/rss"><title>Reviews</title>'
)


def entry(number: int, text: str = "It broke.", at: Instant | None = NOW, **more: str) -> str:
    """One entry of an Atom feed, whose text is HTML."""
    words = {"title": f"Review {number}", "author": "Jo", "more": "", "changed": ""} | more
    stamps = (
        "" if at is None else f"<published>{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}</published>"
    )
    return (
        f"<entry><id>urn:{number}</id><title>{words['title']}</title><author><name>{words['author']}</name></author>{stamps}"
        f'<link href="/r/{number}"/><content type="html">{escape(text)}</content>{words["more"]}</entry>'
    )


def atom(*entries: str) -> bytes:
    return (BEGIN + "".join(entries) + "</feed>").encode()


def page(data: bytes, url: str = "https://x.example/feed", kind: str = "") -> Page:
    """A feed as it is read, but in this process: a new one each time takes time."""
    return page_of(told(data, kind, url), data)


def answering(number: int) -> str:
    """What says that an entry answers another (RFC 4685)."""
    return f'<thr:in-reply-to ref="urn:{number}"/>'


@dataclass
class Site:
    """A web site with one feed, and the workspace that reads it."""

    web: WebServer
    here: Desk
    settings: Settings
    now: Instant = NOW
    said: list[str] = field(default_factory=list)

    def has(self, data: bytes, **how: object) -> None:
        """What lies there now."""
        page = Given(data, headers={"Content-Type": "application/atom+xml"})
        self.web.pages[self.host, "/feed"] = replace(page, **how)  # type: ignore[arg-type]

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.web.port}"

    @property
    def feeding(self) -> Feeding:
        return Feeding(
            self.here.store, self.settings, lambda: self.now, self.said.append, Feeds(seconds=1.0), page
        )

    def read(self, data: bytes | None = None, after: int = 20 * 60, **how: object) -> int:
        """Some time later the feed is asked; how many entries were new."""
        if data is not None:
            self.has(data, **how)
        self.now += after
        added, troubles = self.feeding.once()
        assert not troubles, troubles
        return added

    def fails(self, after: int = 2 * DAY, **page: object) -> FeedState:
        """Some time later it is asked in vain; how it stands then."""
        self.web.pages[self.host, "/feed"] = Given(**page)  # type: ignore[arg-type]
        self.now += after
        _, troubles = self.feeding.once()
        assert [name for name, _ in troubles] == ["reviews"]
        return self.state

    @property
    def state(self) -> FeedState:
        return self.here.store.feeds.states()["reviews"]

    def texts(self, conversation: int) -> list[str]:
        """What was said in a conversation, oldest first."""
        items = self.here.store.items(conversation)
        return [each.text for each in items]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site, and a workspace of Shop Support's that reads its feed."""
    with running_https(None) as web:
        feed = Feed("reviews", f"http://127.0.0.1:{web.port}/feed", answer_within=2 * HOUR)
        settings = replace(
            Settings(host_zone="UTC"), feeds=(feed,), us_words=("Shop Support", "support@shop.example")
        )
        here = desk(tmp_path, settings)
        here.store.apply(settings, NOW - DAY)
        yield Site(web, here, settings)


# --------------------------------------------------------------------------- reviews as conversations


def test_what_was_there_is_history_and_what_comes_has_a_clock(site: Site) -> None:
    """The first look wakes nobody and makes nothing late; the next review is due in two open hours."""
    site.has(
        atom(entry(2, at=NOW - 3 * DAY), entry(1, at=NOW - 30 * DAY, author="Lea")), headers={"ETag": '"1"'}
    )
    assert site.read() == 2
    old, open_ = (site.here.state(number) for number in (1, 2))
    assert (old.status, open_.status, open_.channel) == (Status.CLOSED, Status.OPEN, "feed")
    assert not open_.unread
    assert site.read() == 0
    assert site.web.asked == [(site.host, "/feed")] * 2
    stars = "<im:rating>2</im:rating>"
    posted = site.now + 10 * 60
    new = entry(
        3,
        '<p>The <a href="/photo">zip</a> broke.</p>',
        posted,
        title="Zip &amp; &lt;b&gt;",
        author="Kim",
        more=stars,
    )
    assert site.read(atom(new, entry(2, at=NOW - 3 * DAY), entry(1, at=NOW - 30 * DAY, author="Lea"))) == 1
    row = site.here.store.rows([3])[0]
    assert (row.conversation.unread, row.conversation.waiting_since, row.subject) == (
        True,
        posted,
        "Zip & <b>",
    )
    assert row.due_at == posted + 2 * HOUR
    (text,) = site.texts(3)
    base = f"http://{site.host}"
    assert text == f"Rating: 2 of 5\n\nThe zip [2] broke.\n\n[1] {base}/r/3\n[2] {base}/photo"
    raw = site.here.store.raw(site.here.store.items(3)[0].id)
    assert raw is not None
    assert [link.address for link in links(raw)] == [f"{base}/r/3", f"{base}/photo"]
    site.here.verified()


def test_what_was_changed_comes_as_a_further_line(site: Site) -> None:
    """Also after the conversation was closed; said once, also when it is changed back; and nothing of it is lost."""
    site.read(atom())
    assert site.read(atom(entry(1, "Broken."))) == 1
    site.here.did("anna", "no-answer", conversation=1)
    changed = atom(entry(1, "Broken, <b>and nobody answers</b>."))
    assert site.read(changed) == 1
    assert site.read(changed + b" ") == 0
    assert site.here.state(1).status is Status.OPEN
    assert site.read(atom(entry(1, "Broken."))) == 1
    said = [text.partition("\n")[0] for text in site.texts(1)]
    assert said == ["Broken.", "Broken, and nobody answers.", "Broken."]
    (_, second, third) = site.here.store.items(1)
    assert "edited by who wrote it" in second.oddities and "edited by who wrote it" in third.oddities
    assert site.read(atom()) == 0  # gone there, and here still
    assert site.here.state(1).messages == 3
    site.here.verified()


def test_what_answers_an_entry_stands_with_it(site: Site) -> None:
    """Whoever wrote it, and whenever it came; our own answer in the forum is an answer."""
    site.read(atom())
    first = entry(1, "Broken.")
    assert (
        site.read(
            atom(
                entry(3, "Same.", author="Lea", more=answering(2)),
                entry(2, "Me too", author="Kim", more=answering(1)),
                first,
            )
        )
        == 3
    )
    state = site.here.state(1)
    assert (state.messages, state.status) == (3, Status.OPEN)
    ours = entry(4, "Sorry! We send a new one.", site.now + 60, author="shop support", more=answering(3))
    assert site.read(atom(ours, first)) == 1
    state = site.here.state(1)
    assert (state.messages, state.status) == (4, Status.WAITING)
    lost = entry(5, "Hello?", site.now + 60, author="Max", more=answering(99))
    circle = entry(6, "a", site.now, more=answering(7)) + entry(7, "b", site.now, more=answering(6))
    assert site.read(atom(lost, circle)) == 3
    assert (site.here.state(2).messages, site.here.state(3).messages) in ((1, 2), (2, 1))
    site.here.verified()


def test_who_wrote_it_is_known_again_and_nobody_is_not(site: Site) -> None:
    """By name within one feed; of those without a name each is somebody else. An address in a feed proves nothing."""
    site.read(atom())
    named = entry(1) + entry(2, "Again.", author="jo")
    mail = "<author><name>Eve</name><email>anna@shop.example</email></author>"
    nobody = (
        entry(3, "x", author="")
        + entry(4, "y", author="")
        + f"<entry><id>urn:5</id><title>t</title>{mail}</entry>"
    )
    site.read(atom(named, nobody))
    customers = {number: site.here.state(number).customer for number in range(1, 6)}
    handles = {
        identity.value
        for number in set(customers.values())
        if (found := site.here.store.customer(number or 0)) is not None
        for identity in found.identities
    }
    assert len(set(customers.values())) == 4
    assert {"jo @ reviews", "eve @ reviews"} < handles and not any("shop.example" in each for each in handles)


def test_dates_that_say_nothing(site: Site) -> None:
    """None, absurd ones, and such from the future count from now on; what a site held back does, too; what is very old is
    history, whenever it is seen first."""
    site.read(atom())
    absurd = "<entry><id>urn:2</id><title>t</title><published>31/31/0000 99:99</published></entry>"
    held, old = entry(4, at=NOW - 3 * DAY), entry(5, at=NOW - 60 * DAY)
    site.read(atom(entry(1, at=None), absurd, entry(3, at=NOW + 400 * DAY), held, old))
    states = {number: site.here.state(number) for number in range(1, 6)}
    open_ = [state.waiting_since for state in states.values() if state.status is Status.OPEN]
    assert open_ == [site.now] * 4


def test_only_entries_with_the_words(site: Site) -> None:
    feed = site.settings.feeds[0]._replace(words=("acme",))
    site.settings = replace(site.settings, feeds=(feed,))
    site.read(atom(entry(1, "All fine."), entry(2, "ACME broke."), entry(3, "x", title="On Acme")))
    assert [site.here.store.rows([number])[0].subject for number in (1, 2)] == ["Review 2", "On Acme"]
    assert not site.here.store.rows([3])


def test_answered_there_and_marked_by_hand(site: Site) -> None:
    """We have no line to the site: what a person wrote there is put down, and meets the clock; that the feed then shows
    it, too, tells nothing new."""
    site.read(atom())
    site.read(atom(entry(1)))
    site.now += 60
    site.here.now = site.now
    site.here.did("anna", "by-hand", conversation=1, text="We send a new one.")
    state = site.here.state(1)
    assert (state.status, state.waiting_since, state.messages) == (Status.WAITING, None, 2)
    there = entry(2, "<p>We send a new one.</p>", site.now + 60, author="Shop Support", more=answering(1))
    site.read(atom(there, entry(1)))
    assert site.here.state(1).messages == 2
    site.here.verified()


# --------------------------------------------------------------------------- servers


def test_a_server_that_is_not_there_is_asked_ever_more_rarely(site: Site) -> None:
    """It is told once, kept with its next step, and forgotten when the feed is back."""
    site.read(atom(entry(1)))
    first = site.fails(status=404)
    assert first.trouble == "127.0.0.1 answers with 404: there is nothing."
    assert first.next_step and first.read_at == site.now - 2 * DAY
    assert first.again_at == site.now + 15 * 60
    assert site.feeding.once() == (0, [])
    pauses = []
    for _ in range(9):
        state = site.fails(after=DAY, status=404)
        pauses.append((state.again_at - site.now) // 60)
    assert pauses == [30, 60, 120, 240, 480, 960, 1440, 1440, 1440]
    assert (state.failures, state.since) == (10, first.asked_at)
    assert site.read(atom(entry(1), entry(2)), after=DAY) == 1
    assert site.state.failures == 0 and site.state.trouble == ""
    assert site.said == [
        "feed reviews: 127.0.0.1 answers with 404: there is nothing.",
        "feed reviews: read again",
    ]


def test_a_server_says_when_to_come_back(site: Site) -> None:
    """In seconds or by a date; nonsense, and for ever, is not obeyed."""
    later = format_datetime(datetime.fromtimestamp(time.time() + 7_200, UTC), usegmt=True)
    for said, minutes in (("3600", 60), (later, 119), ("9999999999999", 1440), ("soon", 15), ("0", 5)):
        site.here.store.feeds.keep(FeedState("reviews", site.settings.feeds[0].url))
        state = site.fails(status=429 if said == "3600" else 503, headers={"Retry-After": said})
        assert (state.again_at - site.now) // 60 in (minutes, minutes + 1), said
    assert "later" in state.trouble


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Given(status=302, location="/feed"), "without end"),
        (Given(status=301, location="file:///etc/passwd"), "no address of the web"),
        (Given(status=301, location="http://[::1"), "no address of the web"),
        (Given(status=301, location="http://x.example:99999/"), "no address of the web"),
        (Given(status=301, location="http://jo:secret@127.0.0.1/"), "no address of the web"),
        (Given(status=403), "answers with 403: it does not let us in"),
        (Given(status=304), "answers with 304"),
        (Given(b"<feed/>", headers={"Content-Length": "9999"}), "broke off in the middle"),
        (Given(b"x", drip=True), "does not answer in time"),
        (Given(b"<feed>" * 20_000, endless=True), "gives more than 10 MB"),
        (Given(gzip.compress(bytes(40_000_000)), headers={"Content-Encoding": "gzip"}), "cannot be unpacked, or far too"),
        (Given(b"no gzip", headers={"Content-Encoding": "gzip"}), "cannot be unpacked"),
    ],
)  # fmt: skip
def test_servers_that_mean_no_good(page: Given, words: str) -> None:
    with running_https(None) as web:
        web.pages[f"127.0.0.1:{web.port}", "/feed"] = page
        with pytest.raises(FeedTrouble) as caught:
            Feeds(seconds=1.0).fetch(f"http://127.0.0.1:{web.port}/feed")
        assert words in caught.value.what
        assert "secret" not in str(caught.value)


def test_over_tls_it_is_asked_over_tls_to_the_end(tmp_path: Path) -> None:
    """A certificate that is not trusted is not; what was asked encrypted is not followed into the clear."""
    with running_https(make_certificate(tmp_path, "localhost")) as web:
        host = f"localhost:{web.port}"
        url = f"https://{host}/feed"
        web.pages[host, "/feed"] = Given(atom(entry(1)))
        with pytest.raises(FeedTrouble, match="certificate that is not trusted"):
            Feeds().fetch(url)
        assert Feeds(web.trusting).fetch(url).data == atom(entry(1))
        web.pages[host, "/feed"] = Given(status=301, location=f"http://{host}/feed")
        with pytest.raises(FeedTrouble, match="without HTTPS"):
            Feeds(web.trusting).fetch(url)


def test_a_packed_feed_is_unpacked(site: Site) -> None:
    assert site.read(gzip.compress(atom(entry(1))), headers={"Content-Encoding": "gzip"}) == 1


# --------------------------------------------------------------------------- what is no feed, or a strange one


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + ']><rss version="2.0"><channel><title>&j;</title><item><title>&j;</title></item></channel></rss>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
OUTSIDE += '<rss version="2.0"><channel><item><title>a&x;b</title></item></channel></rss>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "nothing at all"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "a web page"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "something else"),
        (bytes(range(256)) * 40, "something else"),
        (b"<a>" * 2_000, "something else"),
    ],
)
def test_no_feed(data: bytes, words: str) -> None:
    with pytest.raises(NotDone) as caught:
        page(data)
    assert words in caught.value.what


@pytest.mark.long  # the library takes its time to see that it is laughed at
def test_bombs_do_not_go_off_and_files_are_not_read() -> None:
    for bomb in (LAUGHS, OUTSIDE):
        try:
            read = read_feed(bomb.encode(), "https://x.example/")
        except NotDone:
            continue
        said = json.dumps([read.title, *(each.title for each in read.entries)])
        assert len(said) < 200 and "root:" not in said


def test_what_is_cut_off_is_read_as_far_as_it_is_whole() -> None:
    """A part of an entry is no entry: wherever it is cut, what is left says what it says in the whole."""
    whole = atom(*(entry(number, f"Text {number}.") for number in range(6)))
    texts = [each.text for each in page(whole).entries]
    for end in (len(whole) - 3, len(whole) - 60, len(whole) // 2, len(BEGIN) + 40):
        read = page(whole[:end])
        assert [each.text for each in read.entries] == texts[: len(read.entries)]
        assert len(read.entries) < 6
    assert "cut off" in page(whole[:-60]).oddities[0]


def test_rss_and_its_oddities() -> None:
    """Characters of another set than it says, HTML in titles, controls, no ids, dates that are none."""
    item = (
        "<item><title>&lt;b&gt;Gr\xf6\xdfe&lt;/b&gt;</title><link>https://x.example/1</link>"
        "<author>jo@x.example (Jo)</author>"
        "<description><![CDATA[<p>pa\xdft\x07 nicht</p><script>alert(1)</script>]]></description>"
        "<pubDate>gestern</pubDate></item>"
    )
    text = f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>F</title>{item * 2}</channel></rss>"
    read = page(text.encode("latin-1"), kind="text/xml")
    first, second = read.entries
    assert (first.title, first.author, first.published) == ("Größe", "Jo", None)
    assert "paßt" in first.text and "alert" not in first.text
    assert first.key == second.key
    assert read.oddities


def test_what_the_library_would_give_up_on() -> None:
    """References to what is no character, and a feed in UTF-16, whose end is told all the same."""
    item = "<item><title>&#xD83D;&#0;&#99999999; x</title><guid>g</guid></item><item/>"
    text = f'<?xml version="1.0" encoding="utf-16"?><rss version="2.0"><channel><title>F</title>{item}</channel></rss>'
    assert [each.title[-1:] for each in page(text.replace("utf-16", "utf-8").encode()).entries] == ["x", ""]
    read = page(text.replace("&#xD83D;&#0;&#99999999;", "").encode("utf-16"))
    assert [each.title[-1:] for each in read.entries] == ["x", ""]
    assert wanted(Feed("f", "https://x.example/"), read.entries) == [read.entries[0]]
    assert not read.oddities


def test_more_than_anybody_reads_is_left_and_said() -> None:
    many = page(atom(*(entry(number) for number in range(700))))
    assert (len(many.entries), many.oddities) == (500, ["200 entries behind the first 500 are left out"])
    long = page(atom(*(entry(number, "word " * 5_000) for number in range(100))))
    assert 20 < len(long.entries) < 60 and "too much text" in long.oddities[0]


def test_without_the_library_it_is_said_how_to_get_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_reading, "find_spec", lambda _: None)
    site.has(atom(entry(1)))
    site.now += DAY
    ((_, error),) = replace(site.feeding, reader=read_feed).once()[1]
    assert isinstance(error, WorldError)
    assert "feedparser" in site.state.trouble and "pip install 'frontdesk[feeds]'" in site.state.next_step


# --------------------------------------------------------------------------- the worker, the commands, the screen


def test_the_worker_never_waits_for_a_server(site: Site) -> None:
    """A look begins what is due and takes in what has come; a slow feed holds nothing up."""
    site.web.pages[site.host, "/feed"] = Given(atom(entry(1)), drip=True)
    feeding = site.feeding
    assert feeding.look(site.now) == 0
    thread = feeding._thread
    assert thread is not None and thread.is_alive(), "what is asked is still being answered"
    thread.join(30)
    assert feeding.look(site.now) == 0 and "in time" in site.state.trouble
    site.has(atom(entry(1)))
    feeding.hurry()
    site.now += 61
    feeding.look(site.now)
    thread = feeding._thread
    assert thread is not None
    thread.join(30)
    assert feeding.look(site.now) == 1
    assert feeding.look(site.now) == 0
    feeding.end()


def test_sync_reads_feeds_also_without_a_mailbox(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    url = site.settings.feeds[0].url
    (folder / "settings.toml").write_text(f"[[feed]]\nname = 'reviews'\nurl = '{url}'\n")

    def says(*words: str) -> tuple[int, str]:
        status = main(["--workspace", str(folder), *words])
        out = capsys.readouterr()
        return status, out.out + out.err

    site.has(atom(entry(1)))
    assert says("sync") == (0, "0 fetched, 1 from feeds\n")
    status, said = says("doctor", "--offline")
    assert "feed        reviews: read at" in said
    with (folder / "settings.toml").open("a") as file:
        file.write("[[feed]]\nname = 'forum'\nurl = 'http://127.0.0.1:1/'\n")
    status, said = says("sync")
    assert status == 4 and "127.0.0.1 cannot be reached: Connection refused." in said
    _, said = says("doctor", "--offline")
    assert "FAILS feed        forum: 127.0.0.1 cannot be reached" in said and "1 time in a row since " in said


def test_feed_try_shows_what_would_be_read(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nasty = entry(1, "It\x9b2J broke.", title="\u202eevil", more=answering(9))
    site.has(atom(nasty))
    assert main(["feed", "try", site.settings.feeds[0].url]) == 0
    out = capsys.readouterr().out
    assert "\u202e" not in out and "\x9b" not in out and "Jo:" in out
    file = tmp_path / "feed.xml"
    file.write_bytes(atom(nasty, entry(2)))
    assert main(["feed", "try", str(file), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["id"] for each in lines] == ["urn:1", "urn:2"]
    assert (
        lines[0]["answers"] == "urn:9"
        and lines[1]["at"] == f"{datetime.fromtimestamp(NOW, UTC):%Y-%m-%dT%H:%M:%SZ}"
    )
    assert main(["feed", "try", str(tmp_path / "none")]) == 2
    file.write_text("hello")
    assert main(["feed", "try", str(file)]) == 1
    assert "This is no feed, but something else." in capsys.readouterr().err


def test_the_place_of_mailboxes_tells_of_feeds() -> None:
    """When each was read; one that fails in plain words, in the bottom line only once that lasts."""
    well = FeedState(
        "reviews", "https://reviews.example/?token=abc", read_at=NOW, asked_at=NOW, again_at=NOW + 900
    )
    ill = FeedState(
        "forum",
        "https://f.example/",
        "",
        "",
        NOW - 7 * HOUR,
        NOW,
        NOW + 900,
        9,
        NOW - 7 * HOUR,
        "It\x1b is gone.",
    )
    lines = [
        "".join(text for text, _ in line)
        for line in in_full(Standing(runs=True, feeds=(well, ill)), (), NOW, UTC, "s")
    ]
    assert "reviews  reviews.example" in lines
    assert "  The feed cannot be read (since 03:00)." in lines
    assert "  Nothing has come by it since 03:00." in lines
    assert not any("token" in line or "\x1b" in line for line in lines)
    said = in_short(Standing(runs=True, feeds=(well, ill)), (), NOW, UTC, "g w")
    assert said == "feed forum cannot be read, press g w"
    fresh = ill._replace(read_at=NOW - HOUR)
    assert in_short(Standing(runs=True, feeds=(well, fresh)), (), NOW, UTC, "g w") == ""
    assert in_short(Standing(feeds=(well,)), (), NOW, UTC, "g w").startswith("no worker")


async def test_a_review_on_the_screen(tmp_path: Path) -> None:
    """It stands in the list like mail and says its stars; the place of the mailboxes says when the feed was read."""
    with running_https(None) as web:
        url = f"http://127.0.0.1:{web.port}/feed"
        settings = Settings(host_zone="Europe/Vienna", feeds=(Feed("reviews", url),))
        store = shop(tmp_path)
        web.pages[f"127.0.0.1:{web.port}", "/feed"] = Given(
            atom(entry(1, "It broke.", None, more="<im:rating>1</im:rating>"))
        )
        from tests.shop import NOW as TUESDAY

        assert Feeding(store, settings, lambda: TUESDAY).once() == (1, [])
        async with playing(store, (160, 48), settings=settings) as stage:
            await stage.until(lambda: "Review 1" in stage.text)
            await stage.press("enter")
            await stage.until(lambda: "Rating: 1 of 5" in stage.text)
            await stage.press("g", "w")
            await stage.until(lambda: "reviews  127.0.0.1" in stage.text)
            assert "Read at 11:05." in stage.text
