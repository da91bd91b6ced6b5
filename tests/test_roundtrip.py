"""What the standard library builds is read back: subjects, names, texts and files of any letters in the world."""

from __future__ import annotations

from email import policy
from email.headerregistry import Address
from email.message import EmailMessage

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from inbox.mime import parse

LETTERS = st.characters(exclude_categories=("C", "Z", "M"))
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=10).map(" ".join)
POLICIES = st.sampled_from([policy.default, policy.SMTP, policy.SMTPUTF8])


NAMES = st.text(LETTERS, min_size=1, max_size=12)  # longer ones the library folds wrongly


@given(
    WORDS,
    NAMES,
    st.lists(WORDS, min_size=1, max_size=8).map("\n".join),
    st.sampled_from(["base64", "quoted-printable", "8bit"]),
    st.lists(st.tuples(WORDS, st.binary(max_size=200)), max_size=3),
    st.booleans(),
    POLICIES,
)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_mail_is_read_as_it_was_built(
    subject: str,
    name: str,
    text: str,
    encoding: str,
    files: list[tuple[str, bytes]],
    html: bool,
    rules: policy.EmailPolicy,
) -> None:
    assume("begin" not in text and "<html" not in text.lower())
    built = EmailMessage(policy=rules)
    try:
        built["Subject"], built["From"] = subject, Address(name, "ann", "mail.example")
        built["Date"], built["Message-ID"] = "Tue, 3 May 2022 10:22:33 +0200", "<a@b.example>"
        built.set_content(text, cte=encoding)
        if html:
            built.add_alternative("<p>html", subtype="html")
        for file, data in files:
            built.add_attachment(data, maintype="application", subtype="pdf", filename=file)
        raw = built.as_bytes()
    except Exception:  # the library cannot write everything it is given
        assume(False)
    message = parse(raw)
    # It also loses blanks where it folds; letters it does not.
    assert message.subject.replace(" ", "") == subject.replace(" ", "")
    assert message.sender[0].name.replace(" ", "") == name.replace(" ", "")
    assert message.text == text.rstrip()
    assert [(each.name, each.size) for each in message.attachments] == [
        (file, len(data)) for file, data in files
    ]
    assert not [oddity for oddity in message.oddities if not oddity.startswith("the name ")]
