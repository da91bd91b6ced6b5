"""What is attached: its number, its bytes, names of strangers as names of files, and the command that gives it out."""

from __future__ import annotations

import os
import stat
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox import mime
from inbox.attachments import content, file_name, listed, runs, save
from inbox.errors import NotDone, WorldError
from inbox.links import host, links
from inbox.model import Attachment
from tests.front import Front

PDF = b"%PDF-1.4 not much of one"
CSV = "Name;Zahl\nJörg;1\n".encode()


def letter(*files: tuple[bytes, str, str], text: str = "See below.", inline: bytes = b"") -> bytes:
    """A mail with these files: what they hold, their type, their name."""
    message = EmailMessage()
    message["From"] = "Jo Park <jo@park.example>"
    message["To"] = "support@shop.example"
    message["Subject"] = "Papers"
    message["Date"] = "Tue, 10 Nov 2026 09:00:00 +0100"
    message["Message-ID"] = "<papers@park.example>"
    message.set_content(text)
    if inline:
        message.add_attachment(inline, "image", "png", filename="logo.png", disposition="inline")
    for data, kind, name in files:
        main, _, sub = kind.partition("/")
        message.add_attachment(data, main, sub, filename=name)
    return message.as_bytes()


def attached(name: str | None, kind: str = "application/pdf") -> Attachment:
    return Attachment(name, kind, 1)


# --------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("/", "attachment.pdf"),
        ("..", "attachment.pdf"),
        ("...", "attachment.pdf"),
        ("", "attachment.pdf"),
        (None, "attachment.pdf"),
        (".bashrc", "bashrc"),
        ("-rf", "_-rf"),
        ("~root", "_~root"),
        ("CON", "_CON"),
        ("con.pdf", "_con.pdf"),
        ("com1.txt", "_com1.txt"),
        ("a\x1b]0;x\x07.pdf", "a]0;x.pdf"),
        ("exe.\u202efdp.exe", "exe.fdp.exe"),
        ("a\nb\tc.pdf", "a b c.pdf"),
        ('a<b>c:"d|e?f*.pdf', "a_b_c_d_e_f_.pdf"),
        ("report.pdf . .", "report.pdf"),
        ("[/] [@click=x].pdf", "] [@click=x].pdf"),
        ("Rechnung März.pdf", "Rechnung März.pdf"),
        ("請求書.pdf", "請求書.pdf"),
        ("x" * 5000 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_of_a_stranger_becomes_a_name_of_a_file(given_name: str | None, safe: str) -> None:
    assert file_name(attached(given_name)) == safe


@given(st.text(max_size=400), st.sampled_from(["application/pdf", "text/plain", "x/y"]))
def test_any_name_is_a_name_in_this_folder(name: str, kind: str) -> None:
    safe = file_name(attached(name, kind))
    assert safe
    assert safe not in (".", "..")
    assert "/" not in safe and "\\" not in safe and not safe.startswith((".", "-", "~"))
    assert safe.isprintable()
    assert len(safe.encode()) <= 255


def test_what_could_run_is_known_by_its_name_and_by_its_first_bytes() -> None:
    assert runs(attached("setup.exe"), b"")
    assert runs(attached("list.\u202efdp.sh"), b"")
    assert runs(attached("photo.jpg"), b"MZ\x90\0")
    assert runs(attached("page.txt"), b"\n <!DOCTYPE html><script>")
    assert runs(attached("macro.docm"), b"PK")
    assert not runs(attached("invoice.pdf"), PDF)


# --------------------------------------------------------------------------- bytes


def test_each_attachment_is_found_again_in_the_bytes_of_its_message() -> None:
    raw = letter(
        (PDF, "application/pdf", "a.pdf"), (CSV, "text/csv", "b.csv"), (PDF[::-1], "application/pdf", "a.pdf")
    )
    found = mime.parse(raw).attachments
    assert [content(raw, found, place) for place in range(3)] == [PDF, CSV, PDF[::-1]]


def test_of_two_alike_the_second_is_the_second() -> None:
    raw = letter((b"%PDF one", "application/pdf", "a.pdf"), (b"%PDF two", "application/pdf", "a.pdf"))
    found = mime.parse(raw).attachments
    assert [content(raw, found, place) for place in range(2)] == [b"%PDF one", b"%PDF two"]


def test_files_that_stand_in_the_text_are_found_too() -> None:
    uu = "Hello\n\nbegin 644 cat.txt\n#0V%T\n`\nend\n"
    raw = f"From: a@b.example\nSubject: x\n\n{uu}".encode()
    found = mime.parse(raw).attachments
    assert [(one.name, one.size) for one in found] == [("cat.txt", 3)]
    assert content(raw, found, 0) == b"Cat"


def test_what_is_not_there_is_none() -> None:
    assert content(letter(), [attached("gone.pdf")], 0) is None
    assert content(b"", [attached("gone.pdf")], 0) is None


# --------------------------------------------------------------------------- saving


def test_nothing_is_written_over_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("mine")
    first, second = (save(PDF, tmp_path, attached("../a.pdf")) for _ in range(2))
    assert [path.name for path in (first, second)] == ["a (2).pdf", "a (3).pdf"]
    assert (tmp_path / "a.pdf").read_text() == "mine"
    assert first.read_bytes() == PDF
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "a.pdf").symlink_to(tmp_path / "elsewhere" / "target")
    path = save(PDF, tmp_path, attached("a.pdf"))
    assert path.name == "a (2).pdf"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotDone, match="no folder"):
        save(PDF, tmp_path / "none", attached("a.pdf"))
    (tmp_path / "file").write_text("")
    with pytest.raises(NotDone, match="no folder"):
        save(PDF, tmp_path / "file", attached("a.pdf"))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a full device")  # noqa: PTH110
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def opened(path: Path, flags: int, mode: int = 0o777) -> int:
        number = real(path, flags, mode)
        if Path(path).name == "a.pdf":
            os.dup2(full := real("/dev/full", os.O_WRONLY), number)
            os.close(full)
        return number

    monkeypatch.setattr(os, "open", opened)
    with pytest.raises(WorldError, match="could not be saved"):
        save(PDF, tmp_path, attached("a.pdf"))
    assert list(tmp_path.iterdir()) == []


# --------------------------------------------------------------------------- links


def test_links_have_the_numbers_of_their_footnotes_and_their_real_hosts() -> None:
    html = (
        '<p><a href="https://evil.example/x">https://bank.example</a> <a href="https://bank.example@evil.example/">go</a> '
        '<a href="https://b\u0430nk.example/">bank</a></p><p>and https://shop.example/plain.</p>'
    )
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content(html, subtype="html")
    assert [(link.number, link.host) for link in links(message.as_bytes())] == [
        (1, "evil.example"),
        (2, "evil.example"),
        (3, "xn--bnk-6cd.example"),
        (4, "shop.example"),
    ]
    raw = b"From: a@b.example\n\nSee (https://x.example/a_(b)), or mailto:jo@y.example?subject=hi.\n"
    assert [link.address for link in links(raw)] == [
        "https://x.example/a_(b)",
        "mailto:jo@y.example?subject=hi",
    ]


@pytest.mark.parametrize("link", ["https://[", "https://" + "ä" * 300, "x", "https://\ud800/", "mailto:"])
def test_a_broken_link_has_a_host_or_none(link: str) -> None:
    assert isinstance(host(link), str)


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ("https://straße.example/", "xn--strae-oqa.example"),  # strasse.example is somebody else's
        ("https://bücher。example/", "xn--bcher-kva.example"),
        ("https://☃.example/", "xn--n3h.example"),
        ("https://büro/", "xn--bro-hoa"),
    ],
)
def test_a_host_is_named_as_it_is_registered(link: str, leads_to: str) -> None:
    assert host(link) == leads_to


# --------------------------------------------------------------------------- frontdesk get


def test_get_gives_an_attachment_out_under_the_number_that_show_prints(front: Front, tmp_path: Path) -> None:
    front.write_settings()
    mail = letter((PDF, "application/pdf", "../a.pdf"), (CSV, "text/csv", "b.csv"), inline=b"\x89PNG")
    (number,) = front.receive([mail])
    shown = front.ok("show", number).out
    assert "[2] a.pdf, application/pdf" in shown
    assert "[3] b.csv" in shown
    assert "logo.png" not in shown
    assert [line.split("\t")[0] for line in front.ok("get", number).lines] == [
        f"{number}/{n}" for n in (1, 2, 3)
    ]
    saved = front.ok("get", f"{number}/2", "--to", str(tmp_path)).out.strip()
    assert Path(saved).parent == tmp_path
    assert Path(saved).read_bytes() == PDF
    assert front.ok("get", f"{number}/3").out.encode() == CSV


def test_get_says_what_is_not_there_and_does_not_write_where_it_must_not(
    front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    front.write_settings()
    (number,) = front.receive([letter((PDF, "application/pdf", "a.pdf"))])
    for which in (f"{number}/9", f"{number}/x", f"{number}/", "77/1"):
        assert front.run("get", which).status == 1
    assert front.run("get", f"{number}/1", "--to", str(tmp_path / "nowhere")).status == 2
    monkeypatch.setenv("SSH_ORIGINAL_COMMAND", "get")
    refused = front.run("get", f"{number}/1", "--to", str(tmp_path))
    assert (refused.status, list(tmp_path.glob("*.pdf"))) == (1, [])


def test_numbers_go_through_a_whole_conversation(front: Front) -> None:
    front.write_settings()
    first = letter((PDF, "application/pdf", "a.pdf"))
    later = letter((CSV, "text/csv", "b.csv")).replace(b"<papers@", b"<more@")
    later = b"In-Reply-To: <papers@park.example>\n" + later
    one, other = front.receive([first, later])
    assert one == other
    store = front.store()
    assert [each.number for each in listed(store.items(int(one)))] == [1, 2]
    store.close()
