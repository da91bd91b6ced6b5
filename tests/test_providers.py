"""The table of providers: whole, without contradictions, and the page that is made from it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from inbox.channels.autoconfig import is_host
from inbox.channels.providers import PROVIDERS, Provider, by_domain, by_mx
from inbox.channels.providers_reference import first_contact
from inbox.settings import Mailbox
from inbox.settings_checks import check
from tui.line.settings_file import added, mailbox_table

PAGE = Path(__file__).parent.parent / "docs" / "first-contact.md"


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_an_entry_is_whole_and_makes_valid_settings(provider: Provider) -> None:
    assert provider.domains or provider.mx, "nobody would ever be recognised"
    assert all(name == name.lower() and is_host(name) for name in (*provider.domains, *provider.mx))
    assert provider.imap.security in ("tls", "starttls")
    assert provider.smtp.security == {465: "tls"}.get(provider.smtp.port, "starttls")
    if provider.login != "password":
        assert provider.before, "what has to be made, and where, is told"
        assert provider.page
    assert provider.page == "" or provider.page.startswith("https://")
    assert all(line.endswith(".") and len(line) < 110 for line in provider.before)
    mailbox = Mailbox(
        "support",
        "jo@shop.example",
        provider.user_of("jo@shop.example"),
        *(provider.imap.host, provider.imap.port, provider.imap.security),
        *(provider.smtp.host, provider.smtp.port, provider.smtp.security),
        password_env="PASSWORD",
    )
    (row,) = check(added(b"", mailbox_table(mailbox)), Path("settings.toml"))["mailbox"]
    assert (row["imap_host"], row["imap_port"]) == (provider.imap.host, provider.imap.port)
    assert (row["smtp_host"], row["smtp_port"]) == (provider.smtp.host, provider.smtp.port)
    assert (row["smtp_security"], row["user"]) == (provider.smtp.security, mailbox.user)


def test_nothing_stands_there_twice() -> None:
    for names in (
        [provider.name for provider in PROVIDERS],
        [domain for provider in PROVIDERS for domain in provider.domains],
        [end for provider in PROVIDERS for end in provider.mx],
    ):
        assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize(
    ("domain", "name"),
    [("gmail.com", "Gmail"), ("WEB.DE", "WEB.DE"), ("gmx.at", "GMX"), ("hotmail.co.uk", "Outlook.com")],
)
def test_an_address_tells_its_provider(domain: str, name: str) -> None:
    provider = by_domain(domain)
    assert provider is not None
    assert provider.name == name


@pytest.mark.parametrize("domain", ["shop.example", "notgmail.com", "mail.gmail.com", ""])
def test_an_unknown_address_tells_none(domain: str) -> None:
    assert by_domain(domain) is None


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("ASPMX.l.google.com", "Google Workspace"),
        ("aspmx2.googlemail.com", "Google Workspace"),
        ("shop-example.mail.protection.outlook.com", "Microsoft 365"),
        ("eur.olc.protection.outlook.com", "Outlook.com"),
        ("mx01.mail.icloud.com", "iCloud"),
        ("in1-smtp.messagingengine.com", "Fastmail"),
        ("mxext1.mailbox.org", "mailbox.org"),
        ("smtpin.rzone.de", "Strato"),
        ("mx00.ionos.de", "IONOS"),
        ("mx1.mail.ovh.net", "OVH"),
        ("mta-gw.infomaniak.ch", "Infomaniak"),
        ("mx.zoho.eu", "Zoho Mail (own domain, EU)"),
        ("mx2.zoho.com", "Zoho Mail (own domain)"),
        ("www123.your-server.de", "Hetzner"),
    ],
)
def test_own_domains_are_recognised_by_who_takes_their_mail(host: str, name: str) -> None:
    provider = by_mx(["unknown.example", host])
    assert provider is not None
    assert provider.name == name


def test_a_name_that_only_looks_alike_is_not_recognised() -> None:
    assert by_mx(["aspmx.l.google.com.evil.example", "evilgoogle.com", "mx.notrzone.de"]) is None
    assert by_mx([]) is None


def test_the_page_is_as_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == first_contact(), (
        "write it anew: python -c 'from inbox.channels.providers_reference import first_contact;"
        ' print(first_contact(), end="")\' > docs/first-contact.md'
    )
