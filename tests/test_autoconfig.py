"""Finding servers: what a domain announces over HTTPS, in DNS, or simply has; and answers that mean no good."""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.channels import autoconfig, finding, tls
from inbox.channels.autoconfig import Announced, Unbelievable, Web
from inbox.channels.finding import Found
from inbox.channels.providers import Server
from inbox.channels.tls import Speech
from inbox.channels.trouble import NetworkTrouble
from inbox.channels.web_line import answer_of
from tests.servers.certificates import Certificate, make_certificate
from tests.servers.dns import NameServer
from tests.servers.dovecot import Dovecot, free_port
from tests.servers.https import Page, WebServer, running_https
from tests.servers.smtp import running_smtp

ADDRESS = "jo@shop.example"
WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml"
CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
 <emailProvider id="shop.example">
  <domain>shop.example</domain>
  {servers}
 </emailProvider>
 {more}
</clientConfig>"""


def server(
    kind: str,
    host: str,
    port: int,
    socket: str,
    user: str = "%EMAILADDRESS%",
    way: str = "password-cleartext",
) -> str:
    tag = "outgoingServer" if kind == "smtp" else "incomingServer"
    return (
        f'<{tag} type="{kind}"><hostname>{host}</hostname><port>{port}</port><socketType>{socket}</socketType>'
        f"<username>{user}</username><authentication>{way}</authentication></{tag}>"
    )


GOOD = server("imap", "imap.shop.example", 993, "SSL") + server("smtp", "smtp.shop.example", 465, "SSL")


def config(servers: str = GOOD, more: str = "") -> bytes:
    return CONFIG.format(servers=servers, more=more).encode()


def web_to(https_server: WebServer) -> Web:
    return Web(https_server.trusting(), {443: https_server.port})


@pytest.fixture
def web(https_server: WebServer) -> Web:
    return web_to(https_server)


# --------------------------------------------------------------------------- reading an answer


def test_the_placeholders_are_filled_in() -> None:
    said = autoconfig.read(
        config(
            server("imap", "imap.%EMAILDOMAIN%", 993, "SSL", "%EMAILLOCALPART%")
            + server("smtp", "smtp.%EMAILDOMAIN%", 587, "STARTTLS", "%EMAILLOCALPART%")
        ),
        ADDRESS,
    )
    assert said == Announced(
        Server("imap.shop.example", 993, "tls"), Server("smtp.shop.example", 587, "starttls"), "jo"
    )


def test_tls_goes_before_starttls_and_nothing_goes_in_clear() -> None:
    said = autoconfig.read(
        config(
            server("pop3", "pop.shop.example", 995, "SSL")
            + server("imap", "a.shop.example", 143, "plain")
            + server("imap", "b.shop.example", 143, "STARTTLS")
            + server("imap", "c.shop.example", 993, "SSL")
            + server("imap", "d.shop.example", 993, "SSL")
            + server("smtp", "e.shop.example", 25, "plain")
            + server("smtp", "f.shop.example", 587, "STARTTLS")
        ),
        ADDRESS,
    )
    assert (said.imap.host, said.smtp.host) == ("c.shop.example", "f.shop.example")
    clear = server("imap", "a.shop.example", 143, "plain") + server("smtp", "b.shop.example", 25, "plain")
    with pytest.raises(Unbelievable, match="no IMAP and SMTP server with TLS"):
        autoconfig.read(config(clear), ADDRESS)


def test_the_whole_address_logs_in_where_the_two_names_differ_or_make_no_sense() -> None:
    for imap, smtp in (
        ("%EMAILLOCALPART%", "%EMAILADDRESS%"),
        ("%REALNAME%", "%REALNAME%"),
        ("a b", "a b"),
        ("", ""),
    ):
        servers = server("imap", "imap.shop.example", 993, "SSL", imap) + server(
            "smtp", "smtp.shop.example", 465, "SSL", smtp
        )
        assert autoconfig.read(config(servers), ADDRESS).user == ADDRESS


def test_what_to_switch_on_and_that_only_tokens_are_taken_is_passed_on() -> None:
    token = server("imap", "imap.shop.example", 993, "SSL", way="OAuth2") + server(
        "smtp", "smtp.shop.example", 465, "SSL", way="OAuth2"
    )
    said = autoconfig.read(config(token, '<enable visiturl="https://shop.example/help"/>'), ADDRESS)
    assert (said.only_token, said.page) == (True, "https://shop.example/help")
    for bad in ("http://shop.example/", "javascript:alert(1)", "https://shop.example/\x7f a"):
        assert autoconfig.read(config(more=f'<enable visiturl="{bad}"/>'), ADDRESS).page == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_they_grow(encoding: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{"x" * 9}">' for n in range(30))
    bomb = f'<?xml version="1.0"?><!DOCTYPE c [{laughs}]><clientConfig>&l29;</clientConfig>'
    with pytest.raises(Unbelievable, match="DOCTYPE"):
        autoconfig.read(bomb.encode(encoding), ADDRESS)
    outside = '<!DOCTYPE c [<!ENTITY f SYSTEM "file:///etc/passwd">]><clientConfig>&f;</clientConfig>'
    with pytest.raises(Unbelievable, match="DOCTYPE"):
        autoconfig.read(outside.encode(encoding), ADDRESS)


def test_a_deep_answer_is_only_no_autoconfig() -> None:
    with pytest.raises(Unbelievable):
        autoconfig.read(b"<a>" * 80_000, ADDRESS)
    with pytest.raises(Unbelievable):
        autoconfig.read(b"<a>" * 30_000 + b"</a>" * 30_000, ADDRESS)


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: CONFIG.replace("{servers}", text).encode())
)
def test_nothing_that_a_stranger_writes_gets_past_the_reading(page: bytes) -> None:
    with contextlib.suppress(Unbelievable):
        autoconfig.read(page, ADDRESS)


_WILD = st.text(st.characters(exclude_characters="<&", exclude_categories=["Cs", "Cc"]), max_size=30)
_HOSTS = st.sampled_from(
    ["imap.shop.example", "127.0.0.1", "10.0.0.1", "::1", "a b", "-x.example", "x..y", "", "%00"]
)


@given(
    host=_HOSTS | _WILD,
    port=st.integers(-5, 70_000),
    socket=st.sampled_from(["SSL", "STARTTLS", "plain", "x"]),
    user=_WILD,
)
def test_what_is_believed_is_always_a_host_with_tls(host: str, port: int, socket: str, user: str) -> None:
    servers = server("imap", host, port, socket, user) + server("smtp", host, port, socket, user)
    try:
        said = autoconfig.read(config(servers), ADDRESS)
    except Unbelievable:
        return
    for each in (said.imap, said.smtp):
        assert each.security in ("tls", "starttls")
        assert 0 < each.port < 65536
        assert autoconfig.is_host(each.host)
        assert not each.host.replace(".", "").isdigit()
    assert said.user
    assert said.user.isprintable()
    assert " " not in said.user


# --------------------------------------------------------------------------- fetching it


def test_the_domain_itself_is_asked_first_and_told_the_address(web: Web, https_server: WebServer) -> None:
    asked = list(autoconfig.places(ADDRESS))
    https_server.pages["autoconfig.shop.example", "/mail/config-v1.1.xml"] = Page(config())
    (_, first), (_, second), (_, third) = asked
    said = autoconfig.announced(web, first, ADDRESS)
    assert said is not None
    assert said.imap == Server("imap.shop.example", 993)
    assert autoconfig.announced(web, second, ADDRESS) is None
    assert autoconfig.announced(web, third, ADDRESS) is None
    assert https_server.asked == [
        ("autoconfig.shop.example", "/mail/config-v1.1.xml?emailaddress=jo@shop.example"),
        ("shop.example", f"{WELL_KNOWN}?emailaddress=jo@shop.example"),
        ("autoconfig.thunderbird.net", "/v1.1/shop.example"),  # strangers hear of the domain only
    ]


def test_a_redirect_is_followed_while_it_is_https(web: Web, https_server: WebServer) -> None:
    https_server.pages["shop.example", "/a"] = Page(status=302, location="https://hoster.example/b")
    https_server.pages["hoster.example", "/b"] = Page(b"here")
    assert web.get("https://shop.example/a") == b"here"


@pytest.mark.parametrize(
    "location",
    [
        "http://shop.example/b",
        "ftp://shop.example/b",
        "file:///etc/passwd",
        "https://127.0.0.1\r\n/b",
        "https://[::1]/b",
        "https://shop.example:8443/b",
        "https://jo:pw@shop.example/b",
        "https://[bad",
        "https://shop.example:99999/b",
    ],
)
def test_a_redirect_to_anything_else_is_not(web: Web, https_server: WebServer, location: str) -> None:
    https_server.pages["shop.example", "/a"] = Page(status=301, location=location.replace("\r\n", ""))
    https_server.pages["shop.example", "/b"] = Page(b"not believed")
    with contextlib.suppress(Unbelievable):
        assert web.get("https://shop.example/a") is None
    assert len(https_server.asked) == 1


@given(
    st.binary(max_size=200)
    | st.builds(
        b"HTTP/1.1 200 OK\r\n%s\r\n\r\n%s".__mod__,
        st.tuples(
            st.sampled_from(
                [b"Content-Length: 999", b"Transfer-Encoding: chunked", b"Content-Length: -1", b"\xff: x"]
            ),
            st.binary(max_size=60),
        ),
    )
)
def test_whatever_a_web_server_says_is_an_answer_or_refused(raw: bytes) -> None:
    with contextlib.suppress(http.client.HTTPException, ValueError):
        status, headers, body = answer_of(raw)
        assert (type(status), type(headers.get("Location", "")), type(body)) == (int, str, bytes)


def test_an_answer_that_breaks_off_is_not_believed(web: Web, https_server: WebServer) -> None:
    https_server.pages["shop.example", "/a"] = Page(config(), headers={"Content-Length": "9999"})
    with pytest.raises(Unbelievable, match="no web page"):
        web.get("https://shop.example/a")


def test_redirects_come_to_an_end(web: Web, https_server: WebServer) -> None:
    https_server.pages["shop.example", "/a"] = Page(status=302, location="/a")
    with pytest.raises(Unbelievable, match="without end"):
        web.get("https://shop.example/a")
    assert len(https_server.asked) == autoconfig.REDIRECTS + 1


def test_plain_http_is_not_even_asked(web: Web, https_server: WebServer) -> None:
    with pytest.raises(Unbelievable, match="without HTTPS"):
        web.get("http://shop.example/a")
    assert https_server.asked == []


def test_an_endless_answer_is_not_taken_in(web: Web, https_server: WebServer) -> None:
    https_server.pages["shop.example", "/a"] = Page(b"x" * (autoconfig.LARGEST + 100_000))
    with pytest.raises(Unbelievable, match="far more"):
        web.get("https://shop.example/a")


def test_an_answer_that_trickles_is_given_up(
    web: Web, https_server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autoconfig, "PAGE_SECONDS", 0.3)
    https_server.pages["shop.example", "/a"] = Page(drip=True)
    with pytest.raises(NetworkTrouble, match="does not answer in time"):
        web.get("https://shop.example/a")


def test_a_certificate_of_somebody_else_is_not_believed(
    https_server: WebServer, name_server: NameServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = make_certificate(tmp_path_factory.mktemp("stranger"), hosts=("DNS:shop.example",))
    with running_https(stranger) as other:
        other.pages["shop.example", "/a"] = Page(config())
        with pytest.raises(Unbelievable, match="not trusted"):
            Web(https_server.trusting(), {443: other.port}).get("https://shop.example/a")
        assert other.asked == []
    name_server.add("evil.example", "A", "127.0.0.1")
    with pytest.raises(Unbelievable, match="shows a certificate that is not trusted"):
        web_to(https_server).get("https://evil.example/a")
    assert https_server.asked == []


def test_nobody_there_is_no_answer_and_no_such_host_is_nothing(web: Web, name_server: NameServer) -> None:
    name_server.add("shop.example", "AAAA", "::1")
    with pytest.raises(NetworkTrouble, match="cannot be reached") as caught:
        Web(web.context, {443: free_port()}).get("https://shop.example/a")
    assert not isinstance(caught.value, Unbelievable)
    assert web.get("https://nowhere.example/a") is None


def test_a_host_is_reached_by_the_address_that_answers(
    web: Web, https_server: WebServer, name_server: NameServer
) -> None:
    name_server.records["shop.example", "A"] = ["127.0.0.77", "127.0.0.1"]
    https_server.pages["shop.example", "/a"] = Page(b"here")
    assert web.get("https://shop.example/a") == b"here"


# --------------------------------------------------------------------------- all places in their order


def found(address: str, web: Web, **more: object) -> tuple[Found | None, list[str]]:
    """What is found, and where was looked up to then."""
    looked = []
    for look in finding.looks(address, web, **more):  # type: ignore[arg-type]  # only ever `handshake`
        looked.append(look.where)
        with contextlib.suppress(NetworkTrouble):
            if (it := look.find()) is not None:
                return it, looked
    return None, looked


def refusing(host: str, port: int, speech: Speech) -> None:
    raise NetworkTrouble("nobody there")


def test_a_known_address_needs_no_network(web: Web, name_server: NameServer) -> None:
    it, looked = found("jo@web.de", web)
    assert it is not None
    assert (it.imap, it.user, it.foreign) == (Server("imap.web.de", 993), "jo", ())
    assert len(looked) == 1
    assert name_server.asked == []


def test_who_takes_the_mail_of_a_domain_tells_its_provider(web: Web, name_server: NameServer) -> None:
    name_server.add("shop.example", "MX", "5 shop-example.mail.protection.outlook.com.")
    it, _ = found(ADDRESS, web)
    assert it is not None
    assert it.provider is not None
    assert (it.provider.name, it.user, it.smtp.port) == ("Microsoft 365", ADDRESS, 587)


def test_thunderbirds_list_knows_some(web: Web, https_server: WebServer) -> None:
    page = config(
        server("imap", "mail.hoster.example", 993, "SSL") + server("smtp", "mail.hoster.example", 465, "SSL")
    )
    https_server.pages["autoconfig.thunderbird.net", "/v1.1/shop.example"] = Page(page)
    it, _ = found(ADDRESS, web)
    assert it is not None
    assert it.foreign == ("mail.hoster.example",)
    assert it.by_https


def test_hostile_answers_only_lead_to_the_next_place(
    web: Web, https_server: WebServer, name_server: NameServer
) -> None:
    https_server.pages["autoconfig.shop.example", "/mail/config-v1.1.xml"] = Page(
        b"<!DOCTYPE x><clientConfig/>"
    )
    https_server.pages["shop.example", WELL_KNOWN] = Page(
        status=301, location="http://shop.example/config.xml"
    )
    https_server.pages["autoconfig.thunderbird.net", "/v1.1/shop.example"] = Page(b"x" * 400_000)
    name_server.add("_imaps._tcp.shop.example", "SRV", "0 0 0 .")
    name_server.add("_imap._tcp.shop.example", "SRV", "0 1 143 imap.shop.example.")
    name_server.add(
        "_submissions._tcp.shop.example", "SRV", "9 1 465 spare.shop.example.", "1 1 465 mail.hoster.example."
    )
    it, looked = found(ADDRESS, web)
    assert it is not None
    assert (it.imap, it.smtp) == (
        Server("imap.shop.example", 143, "starttls"),
        Server("mail.hoster.example", 465),
    )
    assert (it.foreign, it.by_https) == (("mail.hoster.example",), False)
    assert len(looked) == 6


def test_a_record_of_starttls_on_a_port_of_tls_is_tls(web: Web, name_server: NameServer) -> None:
    name_server.add("_imaps._tcp.shop.example", "SRV", "0 1 993 imap.shop.example.")
    name_server.add("_submission._tcp.shop.example", "SRV", "0 1 465 smtp.shop.example.")
    it, _ = found(ADDRESS, web)
    assert it is not None
    assert it.smtp == Server("smtp.shop.example", 465, "tls")


@pytest.fixture
def shop_certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    names = ("DNS:mail.shop.example", "DNS:localhost")
    return make_certificate(tmp_path_factory.mktemp("shop"), hosts=names)


def test_last_the_usual_names_are_tried_by_a_handshake(
    web: Web, name_server: NameServer, own_dovecot: Dovecot, shop_certificate: Certificate
) -> None:
    """Both names exist; only one of them speaks with a certificate that passes, and nobody logs in."""
    name_server.add("imap.shop.example", "A", "127.0.0.1")
    name_server.add("mail.shop.example", "A", "127.0.0.1")
    with running_smtp("starttls", shop_certificate) as smtp:
        ports = {993: own_dovecot.tls_port, 143: own_dovecot.port, 465: free_port(), 587: smtp.port}

        def handshake(host: str, port: int, speech: Speech) -> None:
            if host == "imap.shop.example":
                raise NetworkTrouble("a certificate of somebody else")
            trusted = (own_dovecot.certificate if port in (993, 143) else smtp.certificate).cert  # type: ignore[union-attr]  # it has one
            tls.certificate("localhost", ports[port], speech, trusted)

        it, looked = found(ADDRESS, web, handshake=handshake)
        assert it is not None
        assert it.imap == Server("mail.shop.example", 993)
        assert it.smtp == Server("mail.shop.example", 587, "starttls")
        assert it.foreign == ()
        assert len(looked) == 7
        assert not [word for word in smtp.commands if word.startswith("AUTH")]
        assert "Login" not in own_dovecot.log()


def test_where_nothing_answers_nothing_is_found(web: Web, name_server: NameServer) -> None:
    for name in ("imap", "smtp", "mail"):
        name_server.add(f"{name}.shop.example", "A", "127.0.0.1")
    it, looked = found(ADDRESS, web, handshake=refusing)
    assert it is None
    assert len(looked) == 7


def test_the_usual_names_are_not_tried_where_they_do_not_exist(web: Web, name_server: NameServer) -> None:
    tried: list[object] = []
    found(ADDRESS, web, handshake=lambda *where: tried.append(where))
    assert tried == []


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("jo@Shop.Example.", "shop.example"),
        ("jo@müller.example", "xn--mller-kva.example"),
        ("jo@straße.example", "xn--strae-oqa.example"),  # and not strasse.example, which is somebody else's
        ("jo@mail", "mail"),
        ("jo@sh\u200bop.example", ""),
        ("jo@", ""),
    ],
)
def test_the_domain_of_an_address_is_nobody_elses(address: str, domain: str) -> None:
    assert autoconfig.domain_of(address) == domain


def test_a_domain_with_letters_of_its_own_is_asked_for_as_dns_writes_it(
    web: Web, name_server: NameServer
) -> None:
    name_server.add("xn--mller-kva.example", "MX", "1 mxext1.mailbox.org.")
    it, _ = found("jo@Müller.example", web)
    assert it is not None
    assert it.imap.host == "imap.mailbox.org"


@pytest.fixture
def silent(name_server: NameServer) -> Iterator[NameServer]:
    name_server.failing.add("*")
    yield name_server


def test_without_dns_the_look_that_all_others_need_says_so(web: Web, silent: NameServer) -> None:
    (needed,) = [look for look in finding.looks(ADDRESS, web) if look.needed]
    with pytest.raises(NetworkTrouble, match="DNS does not say"):
        needed.find()
