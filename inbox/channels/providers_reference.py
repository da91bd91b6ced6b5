"""docs/first-contact.md: what `frontdesk init` does, and what each provider wants, made from the table of providers."""

from __future__ import annotations

from collections.abc import Iterator

from inbox.channels.providers import PROVIDERS, Provider

_BEGINNING = """\
# First contact

<!-- Made by inbox.channels.providers_reference; tests/test_providers.py says when it is out of date. -->

`frontdesk init` sets up a mailbox. It asks for the address, finds the servers, says what has to be switched on at the
provider, asks how it gets the password, tries to log in to fetch and to send, and only then writes `settings.toml`.
Ctrl+C leaves everything as it was. A mailbox that is set up already is tried again with `frontdesk init --check`.

**The servers** are looked for in this order: the providers below by the address; the hosts that take the domain's mail
(MX); the domain's own autoconfig and Thunderbird's list of providers; service records (RFC 6186, RFC 8314); the usual
names, tried by a TLS handshake. Only HTTPS is believed, and plain connections are never taken. A host outside the mail
domain is named, and gets the password only when you agree. Where nothing is found, you type the servers. The name
server of the host is asked, or the one that the environment variable `FRONTDESK_DNS` names (`127.0.0.1:5353`).

**The password** never stands in `settings.toml`, and is never an argument of a command. Typed, it goes into a file in
`secrets/` of the workspace that only you can read. Or a command prints it, or an environment variable holds it, or a
command prints an access token (OAuth2). After a refusal the same password is not sent again, and after three refusals
`init` stops, for more could lock the account.

**A server of your own** with a certificate it signed itself is refused, with the fingerprint; when it is the right one,
give the certificate's file. Without TLS only a server on this machine is spoken to: `127.0.0.1:143/none`.

**In a script** nothing is asked with `--yes`:

```sh
frontdesk init --yes --address support@shop.example --password-command "pass show mail/support" \\
    --imap imap.shop.example --smtp smtp.shop.example:587/starttls
```

The exit status is 0 when both logins work and the settings are written, 4 when one fails; then nothing is written.

## What each provider wants
"""
_LOGIN = {
    "password": "the password of the account",
    "app password": "a password made for apps",
    "token": "an access token (OAuth2)",
}
_SECURITY = {"tls": "TLS", "starttls": "STARTTLS"}


def first_contact() -> str:
    """The whole text of docs/first-contact.md."""
    return "\n".join([_BEGINNING, *(line for provider in PROVIDERS for line in _section(provider))])


def _section(provider: Provider) -> Iterator[str]:
    yield f"### {provider.name}\n"
    if provider.domains:
        shown = ", ".join(provider.domains[:6])
        yield f"- Addresses: {shown}{' and more' if len(provider.domains) > 6 else ''}"
    if provider.mx:
        yield f"- Own domains with mail at {', '.join(provider.mx)}"
    for what, server in (("Fetch", provider.imap), ("Send", provider.smtp)):
        yield f"- {what}: `{server}` ({_SECURITY[server.security]})"
    user = "the address" if provider.user == "address" else "what stands before the @"
    yield f"- Log in with {user} and {_LOGIN[provider.login]}"
    yield from (f"- {line}" for line in provider.before)
    if provider.page:
        yield f"- Where: <{provider.page}>"
    if provider.keeps_sent:
        yield "- Keeps copies of what is sent by itself"
    yield ""
