"""Names against a real name server: what is there, what is not, and a DNS that does not answer."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox.channels import names
from inbox.channels.trouble import NetworkTrouble
from tests.servers.dns import NameServer
from tests.servers.dovecot import free_port


def test_services_come_best_first(name_server: NameServer) -> None:
    name_server.add(
        "_imaps._tcp.shop.example",
        "SRV",
        "10 1 993 spare.shop.example.",
        "0 1 993 small.shop.example.",
        "0 5 1993 Large.shop.example.",
    )
    assert names.srv("_imaps._tcp.shop.example") == [
        (0, 5, "large.shop.example", 1993),
        (0, 1, "small.shop.example", 993),
        (10, 1, "spare.shop.example", 993),
    ]


def test_a_domain_may_say_that_it_has_no_such_service(name_server: NameServer) -> None:
    name_server.add("_imap._tcp.shop.example", "SRV", "0 0 0 .")
    name_server.add("shop.example", "MX", "0 .")
    assert names.srv("_imap._tcp.shop.example") == [(0, 0, "", 0)]
    assert names.mx("shop.example") == [(0, "")]


def test_the_parts_of_a_text_are_put_together(name_server: NameServer) -> None:
    name_server.add("shop.example", "TXT", '"v=spf1 " "-all"', '"gr\\195\\188n"')
    assert sorted(names.txt("shop.example")) == ["grün", "v=spf1 -all"]


def test_a_long_text_comes_whole_although_it_fits_no_datagram(name_server: NameServer) -> None:
    key = "p=" + "A" * 250
    name_server.add("s._domainkey.shop.example", "TXT", " ".join([f'"{key}"'] * 6))
    assert names.txt("s._domainkey.shop.example") == [key * 6]


def test_hosts_that_take_mail_come_in_order_also_behind_an_alias(name_server: NameServer) -> None:
    name_server.add("www.shop.example", "CNAME", "shop.example.")
    name_server.add("shop.example", "MX", "20 b.example.", "10 a.example.")
    assert names.mx("www.shop.example") == [(10, "a.example"), (20, "b.example")]


def test_addresses_of_both_kinds_are_found(name_server: NameServer) -> None:
    name_server.add("www.shop.example", "CNAME", "shop.example.")
    name_server.add("shop.example", "A", "192.0.2.1")
    name_server.add("shop.example", "AAAA", "2001:db8::1")
    assert names.addresses("www.shop.example") == ["192.0.2.1", "2001:db8::1"]
    assert names.addresses("nowhere.example") == []


def test_nothing_there_is_told_apart_from_no_answer(name_server: NameServer) -> None:
    name_server.add("shop.example", "TXT", '"x"')
    assert names.mx("shop.example") == []  # the name is there, the kind is not
    assert names.mx("nowhere.example") == []
    name_server.failing.add("broken.example")
    with pytest.raises(NetworkTrouble, match=r"DNS does not say what broken\.example is") as caught:
        names.mx("broken.example")
    assert "name server" in caught.value.next_step
    assert caught.value.status == 4


def test_a_silent_dns_is_given_up_in_time(name_server: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    name_server.silent.add("*")
    monkeypatch.setattr(names, "ANSWER_LIMIT", 0.2)
    with pytest.raises(NetworkTrouble, match="no answer in time"):
        names.srv("_imaps._tcp.shop.example")
    assert set(name_server.asked) == {("_imaps._tcp.shop.example", "SRV")}  # no search domain is tried


def test_nobody_listens_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "ANSWER_LIMIT", 0.2)
    with pytest.raises(NetworkTrouble):
        names.txt("shop.example", server=f"127.0.0.1:{free_port()}")


def test_a_server_that_is_no_address_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(names.VARIABLE, "not a server")
    with pytest.raises(NetworkTrouble):
        names.txt("shop.example")


def test_the_server_can_be_named_without_the_environment(
    name_server: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(names.VARIABLE)
    name_server.add("shop.example", "TXT", '"here"')
    assert names.txt("shop.example", server=name_server.place) == ["here"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.text(max_size=80) | st.sampled_from(["", ".", "..", "a..b", "x" * 64, "ä.example", "\x00", "a" * 300])
)
def test_what_cannot_be_a_name_has_no_records(name_server: NameServer, name: str) -> None:
    assert names.txt(name) == []
