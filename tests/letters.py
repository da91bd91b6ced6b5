"""Mails put together by hand, for the tests that read them."""

from __future__ import annotations

HEAD = (
    b"From: Ann Weber <ann@mail.example>\r\nTo: Support <support@shop.example>\r\nSubject: Lamp\r\n"
    b"Date: Tue, 3 May 2022 10:22:33 +0200\r\nMessage-ID: <1@mail.example>\r\n"
)


def mail(headers: str = "", body: str = "Hello\r\n") -> bytes:
    return HEAD + headers.replace("\n", "\r\n").encode() + b"\r\n" + body.encode()


def multipart(kind: str, *parts: str, head: str = "") -> bytes:
    """A multipart of parts written with their headers, a blank line and their text."""
    body = "".join(f"--sep\n{part}\n" for part in parts) + "--sep--\n"
    return mail(
        f'MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary="sep"{head}\n',
        body.replace("\n", "\r\n"),
    )


def nested(kind: str, boundary: str, *parts: str) -> str:
    body = "".join(f"--{boundary}\n{part}\n" for part in parts) + f"--{boundary}--\n"
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{body}'


PLAIN = "Content-Type: text/plain; charset=utf-8\n\nHello plain"
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>Hello <b>HTML</b></p>"
PICTURE = (
    'Content-Type: image/png; name="a.png"\nContent-Disposition: attachment; filename="a.png"\n'
    "Content-Transfer-Encoding: base64\n\naGVsbG8="
)
INLINE = "Content-Type: image/png\nContent-ID: <x@y>\nContent-Transfer-Encoding: base64\n\naGVsbG8="
