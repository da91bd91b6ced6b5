"""A scripted IMAP server that says what it is told to say, also what no sound one would."""

from __future__ import annotations

import re

TAGGED = re.compile(rb"(\S+) (UID )?(\S+) ?(.*)")


class Liar:
    """A scripted IMAP server with an INBOX, of whose messages it says what `sizes` and `bodies` say, in turn.

    left_out: (UID, item) of what is left out of the next answer. refuses: UIDs that it gives nothing of, and then nothing
    of what was asked for with them.
    """

    def __init__(self, sizes: dict[int, int], bodies: dict[int, list[bytes]], capabilities: str = "") -> None:
        self.sizes = sizes
        self.bodies = bodies
        self.capabilities = capabilities
        self.login = b"%s OK in\r\n"
        self.left_out: list[tuple[int, bytes]] = []
        self.refuses: set[int] = set()

    def __call__(self, line: bytes) -> bytes | None:
        found = TAGGED.match(line)
        if found is None:
            return b""
        tag, _, command, rest = found.groups()
        done = tag + b" OK done\r\n"
        if command == b"CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 " + self.capabilities.encode() + b"\r\n" + done
        if command == b"LOGIN":
            return self.login % tag
        if command == b"LOGOUT":
            return b"* BYE\r\n" + done
        if command == b"LIST":
            return b'* LIST () "/" INBOX\r\n' + done
        if command == b"EXAMINE":
            numbers = len(self.sizes), max((8, *self.sizes)) + 1
            told = b"* %d EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT %d] x\r\n" % numbers
            return told + done
        if command == b"SEARCH":
            return b"* SEARCH %s\r\n" % b" ".join(b"%d" % uid for uid in self.sizes) + done
        if command == b"FETCH":
            asked = [int(uid) for uid in rest.split()[0].split(b",")]
            if self.refuses.intersection(asked) and b"BODY" in rest:
                return tag + b" NO Some messages could not be FETCHed (Failure)\r\n"
            return b"".join(self._item(uid, rest) for uid in asked) + done
        return done

    def _item(self, uid: int, asked: bytes) -> bytes:
        if uid not in self.sizes:
            return b""
        for gap in self.left_out:
            if gap[0] == uid and gap[1] in asked:
                self.left_out.remove(gap)
                return b""
        if b"RFC822.SIZE" in asked:
            return b'* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE "not a date" FLAGS ())\r\n' % (
                uid,
                uid,
                self.sizes[uid],
            )
        body = self.bodies[uid].pop(0) if len(self.bodies[uid]) > 1 else self.bodies[uid][0]
        return b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid, uid, len(body), body)
