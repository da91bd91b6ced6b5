"""The big mail providers: their servers, what to switch on, and which password they take.

One entry a provider, in the order in which they are looked through; a new one is a few lines here, and its
section in docs/first-contact.md is made from it (tests/test_providers.py says when that is out of date). Only
what the provider itself or Thunderbird's list of providers publishes is written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server is and how it is spoken to: TLS from the first byte, STARTTLS, or (this machine only) in clear."""

    host: str
    port: int
    security: Security = "tls"

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of mail. `domains` are those of its addresses; `mx` the ends of the hosts that take the mail of its
    customers' own domains.

    user: the whole address, or what stands before the @. login: what the servers take, the account's own password,
    a password for apps only, or an access token (OAuth2). before: what has to be done first, one sentence a line.
    page: where that is done, or told. keeps_sent: that it puts a copy of what is sent into Sent by itself is known.
    oauth: `frontdesk login` gets its tokens.
    """

    name: str
    imap: Server
    smtp: Server
    domains: tuple[str, ...] = ()
    mx: tuple[str, ...] = ()
    user: Literal["address", "local part"] = "address"
    login: Literal["password", "app password", "token"] = "password"
    before: tuple[str, ...] = ()
    page: str = ""
    keeps_sent: bool = False
    oauth: Literal["microsoft"] | None = None

    def user_of(self, address: str) -> str:
        """The name to log in with, for an address."""
        return address.rpartition("@")[0] if self.user == "local part" else address


def by_domain(domain: str) -> Provider | None:
    """The provider whose addresses end in this domain; None when none is known."""
    return _BY_DOMAIN.get(domain.lower())


def by_mx(hosts: Iterable[str]) -> Provider | None:
    """The provider that takes the mail of a domain with these MX hosts; None when none is known."""
    for host in hosts:
        for provider in PROVIDERS:
            if any(host.lower() == end or host.lower().endswith(f".{end}") for end in provider.mx):
                return provider
    return None


def _both(imap: str, smtp: str = "", port: int = 465, security: Security = "tls") -> tuple[Server, Server]:
    return Server(imap, 993), Server(smtp or imap, port, security)


def _endings(names: str, endings: str) -> tuple[str, ...]:
    return tuple(f"{name}.{ending}" for name in names.split() for ending in endings.split())


_TOKEN_PAGE = "https://learn.microsoft.com/entra/identity-platform/quickstart-register-app"
_TOKEN = (
    "Microsoft takes no passwords here any more, only access tokens (OAuth2).",
    "Register an application of your own at Microsoft Entra; docs/settings.md says how, at oauth_client.",
)
_SWITCH_ON_GMX = "Switch on POP3 and IMAP in the mail settings of the web page; it is off at first."
_APP_IF_TWO = "With two-factor login the account's password is refused: make a password for apps."

PROVIDERS = (
    Provider(
        "Gmail",
        *_both("imap.gmail.com", "smtp.gmail.com"),
        domains=("gmail.com", "googlemail.com"),
        login="app password",
        before=(
            "Turn on 2-Step Verification for the Google account; app passwords need it.",
            "Make an app password; the account's own password is refused.",
        ),
        page="https://myaccount.google.com/apppasswords",
        keeps_sent=True,
    ),
    Provider(
        "Google Workspace",
        *_both("imap.gmail.com", "smtp.gmail.com"),
        mx=("google.com", "googlemail.com"),
        login="app password",
        before=(
            "The administrator of the domain has to allow IMAP (Admin console, Gmail, end user access).",
            "Turn on 2-Step Verification for this account, and make an app password.",
        ),
        page="https://myaccount.google.com/apppasswords",
        keeps_sent=True,
    ),
    Provider(
        "Outlook.com",
        *_both("outlook.office365.com", "smtp-mail.outlook.com", 587, "starttls"),
        domains=(
            *("outlook.com", "hotmail.com", "live.com", "msn.com", "windowslive.com"),
            *_endings("outlook", "at be cl cz de dk es fr hu ie in it jp kr lv pt sg sk co.id co.th"),
            *_endings("outlook", "com.ar com.au com.br com.gr com.tr com.vn"),
            *_endings("hotmail", "be ca cl cz de dk es fi fr gr hu it nl no se sg co.uk co.jp co.za com.br"),
            *_endings("live", "at be ca cl cn de dk fi fr ie in it jp nl no se co.uk co.za com.au com.mx"),
        ),
        mx=("olc.protection.outlook.com",),
        login="token",
        before=(
            "In Settings, Mail, Forwarding and IMAP: let devices and apps use IMAP.",
            *_TOKEN,
        ),
        page=_TOKEN_PAGE,
        keeps_sent=True,
        oauth="microsoft",
    ),
    Provider(
        "Microsoft 365",
        *_both("outlook.office365.com", "smtp.office365.com", 587, "starttls"),
        mx=("mail.protection.outlook.com", "mx.microsoft"),
        login="token",
        before=(
            "The administrator has to allow IMAP and authenticated SMTP for this mailbox.",
            *_TOKEN,
        ),
        page=_TOKEN_PAGE,
        keeps_sent=True,
        oauth="microsoft",
    ),
    Provider(
        "iCloud",
        *_both("imap.mail.me.com", "smtp.mail.me.com", 587, "starttls"),
        domains=("icloud.com", "me.com", "mac.com"),
        mx=("mail.icloud.com",),
        login="app password",
        before=("Make an app-specific password; the password of the Apple account is refused.",),
        page="https://account.apple.com",
        keeps_sent=True,
    ),
    Provider(
        "Yahoo Mail",
        *_both("imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
        domains=(
            *("yahoo.com", "ymail.com", "rocketmail.com", "myyahoo.com"),
            *_endings("yahoo", "de it fr es se co.in co.uk co.nz com.au com.ar com.br com.mx"),
        ),
        login="app password",
        before=("Make an app password; the account's own password is refused.",),
        page="https://login.yahoo.com/account/security",
    ),
    Provider(
        "AOL Mail",
        *_both("imap.aol.com", "smtp.aol.com"),
        domains=(
            *("aol.com", "aim.com", "netscape.net", "compuserve.com"),
            *_endings("aol", "de it fr es se co.uk co.nz com.au com.br com.mx"),
        ),
        login="app password",
        before=("Make an app password; the account's own password is refused.",),
        page="https://login.aol.com/account/security",
    ),
    Provider(
        "GMX",
        *_both("imap.gmx.net", "mail.gmx.net"),
        domains=_endings("gmx", "net de at ch eu biz org info"),
        before=(_SWITCH_ON_GMX, _APP_IF_TWO),
        page="https://hilfe.gmx.net/pop-imap/einschalten.html",
    ),
    Provider(
        "GMX (international)",
        *_both("imap.gmx.com", "mail.gmx.com"),
        domains=_endings("gmx", "com us co.uk es fr ca ie pt se it li"),
        before=(_SWITCH_ON_GMX, _APP_IF_TWO),
        page="https://support.gmx.com/pop-imap/toggle.html",
    ),
    Provider(
        "WEB.DE",
        *_both("imap.web.de", "smtp.web.de"),
        domains=("web.de",),
        user="local part",
        before=(_SWITCH_ON_GMX, _APP_IF_TWO),
        page="https://hilfe.web.de/pop-imap/einschalten.html",
    ),
    Provider(
        "T-Online",
        *_both("secureimap.t-online.de", "securesmtp.t-online.de"),
        domains=("t-online.de", "magenta.de"),
        login="app password",
        before=("Set a password for mail programs; that of the web page is refused.",),
        page="https://www.telekom.de/hilfe/apps-dienste/e-mail/programme/passwort-verwalten",
    ),
    Provider(
        "freenet",
        *_both("mx.freenet.de"),
        domains=("freenet.de",),
        before=("Switch on POP3, IMAP and SMTP in the settings of the mailbox; it is off at first.",),
        page="https://kundenservice.freenet.de/faq/e-mail-client-mail/pop3-imap-und-smtp-aktivieren/",
    ),
    Provider(
        "mailbox.org",
        *_both("imap.mailbox.org", "smtp.mailbox.org"),
        domains=("mailbox.org",),
        mx=("mailbox.org",),
        before=(_APP_IF_TWO,),
        page="https://kb.mailbox.org/de/privat/sicherheit-und-privatsphaere/applikationspasswoerter-fuer-externe-programme/",
    ),
    Provider(
        "Posteo",
        *_both("posteo.de"),
        domains=_endings("posteo", "de at be ch co.uk com dk es eu fi it me net nl no org pl se uk us"),
    ),
    Provider(
        "Fastmail",
        *_both("imap.fastmail.com", "smtp.fastmail.com"),
        domains=("fastmail.com", "fastmail.fm"),
        mx=("messagingengine.com",),
        login="app password",
        before=("In Settings, Privacy & Security: make an app password for IMAP and SMTP.",),
        page="https://www.fastmail.help/hc/en-us/articles/360058752854-App-passwords",
    ),
    Provider(
        "Proton Mail (Bridge)",
        Server("127.0.0.1", 1143, "starttls"),
        Server("127.0.0.1", 1025, "starttls"),
        domains=("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
        mx=("protonmail.ch",),
        login="app password",
        before=(
            "Proton Mail Bridge has to run on this machine, and needs a paid plan.",
            "The password is the one Bridge shows under Mailbox details.",
            "Export Bridge's certificate (Advanced settings): it signs itself, so ca_file has to name it.",
        ),
        page="https://proton.me/mail/bridge",
        keeps_sent=True,
    ),
    Provider(
        "Zoho Mail",
        *_both("imap.zoho.com", "smtp.zoho.com"),
        domains=("zoho.com", "zohomail.com"),
        before=("Switch on IMAP access in Settings, Mail accounts; it is off at first.", _APP_IF_TWO),
        page="https://www.zoho.com/mail/help/imap-access.html",
    ),
    Provider(
        "Zoho Mail (own domain, EU)",
        *_both("imappro.zoho.eu", "smtppro.zoho.eu"),
        mx=("zoho.eu",),
        before=("Switch on IMAP access in Settings, Mail accounts; it is off at first.", _APP_IF_TWO),
        page="https://www.zoho.com/mail/help/imap-access.html",
    ),
    Provider(
        "Zoho Mail (own domain)",
        *_both("imappro.zoho.com", "smtppro.zoho.com"),
        mx=("mx.zoho.com", "mx2.zoho.com", "mx3.zoho.com", "zohomail.com"),
        before=("Switch on IMAP access in Settings, Mail accounts; it is off at first.", _APP_IF_TWO),
        page="https://www.zoho.com/mail/help/imap-access.html",
    ),
    Provider(
        "1&1",
        *_both("imap.1und1.de", "smtp.1und1.de"),
        domains=("online.de", "onlinehome.de", "sofortstart.de", "go4more.de"),
    ),
    Provider(
        "IONOS",
        *_both("imap.ionos.de", "smtp.ionos.de"),
        mx=("ionos.de", "kundenserver.de"),
        before=(_APP_IF_TWO,),
        page="https://www.ionos.com/help/email/using-webmail/email-activate-and-configure-two-step-verification",
    ),
    Provider(
        "IONOS (international)",
        *_both("imap.ionos.com", "smtp.ionos.com"),
        mx=("ionos.com",),
        before=(_APP_IF_TWO,),
        page="https://www.ionos.com/help/email/using-webmail/email-activate-and-configure-two-step-verification",
    ),
    Provider(
        "Strato",
        *_both("imap.strato.de", "smtp.strato.de"),
        mx=("rzone.de",),
        page="https://www.strato.de/faq/mail/externes-e-mail-programm-mit-strato-e-mail-adresse-nutzen/",
    ),
    Provider("Hetzner", *_both("mail.your-server.de"), mx=("your-server.de",)),
    Provider("OVH", *_both("ssl0.ovh.net"), mx=("mail.ovh.net",)),
    Provider(
        "Infomaniak",
        *_both("mail.infomaniak.com"),
        domains=("ik.me", "ikmail.com"),
        mx=("infomaniak.ch",),
        before=("The password is the one of the mail address, not that of the Infomaniak account.",),
        page="https://www.infomaniak.com/en/support/faq/admin2/email-service",
    ),
    Provider(
        "Migadu",
        *_both("imap.migadu.com", "smtp.migadu.com"),
        mx=("migadu.com",),
        page="https://www.migadu.com/guides/imap/",
    ),
    Provider("Rackspace Email", *_both("secure.emailsrvr.com"), mx=("emailsrvr.com",)),
    Provider("Orange", *_both("imap.orange.fr", "smtp.orange.fr"), domains=("orange.fr", "wanadoo.fr")),
    Provider("Free", *_both("imap.free.fr", "smtp.free.fr"), domains=("free.fr",), user="local part"),
    Provider(
        "Yandex Mail",
        *_both("imap.yandex.com", "smtp.yandex.com"),
        domains=("yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "ya.ru", "narod.ru"),
        mx=("mx.yandex.net", "mx.yandex.ru"),
        login="app password",
        before=(
            "Switch on IMAP in the settings of the mailbox, Email clients.",
            "Make an app password for mail; the account's own password is refused.",
        ),
        page="https://id.yandex.ru/security/app-passwords",
    ),
    Provider(
        "Mail.ru",
        *_both("imap.mail.ru", "smtp.mail.ru"),
        domains=("mail.ru", "inbox.ru", "internet.ru", "bk.ru", "list.ru"),
        login="app password",
        before=(
            "In Password and security, External services: allow access by IMAP, POP and SMTP.",
            "Make a password for external applications; the account's own password is refused.",
        ),
        page="https://help.mail.ru/mail/security/protection/external",
    ),
)
"""Every provider known here."""

_BY_DOMAIN = {domain: provider for provider in reversed(PROVIDERS) for domain in provider.domains}
