"""How many mails a second are read, quote and signature told apart, on one core.

Run by hand: `python -m benchmarks.parse [--seconds 3] [--seed 1] [--hostile]`. The standard library's parser on the
same mail stands beside it: ratios in one run mean something, figures are this machine's. With --hostile it times the
mail made to hurt of tests/hostile.py instead, where none may take more than two seconds.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from email import message_from_bytes
from email.policy import compat32

from benchmarks.mailmaker import mails
from inbox.mime import parse

MAILS = 400


def library(raw: bytes) -> None:
    """The same mail taken apart by `email`, without charsets, addresses, dates, quotes or HTML."""
    for part in message_from_bytes(raw, policy=compat32).walk():
        if not part.is_multipart():
            part.get_payload(decode=True)


def rate(read: Callable[[bytes], object], letters: Sequence[bytes], seconds: float) -> float:
    """Mails a second of this process's time: the median of five runs."""
    rates = []
    for _ in range(5):
        count, begun = 0, time.process_time()
        while time.process_time() - begun < seconds / 5:
            read(letters[count % len(letters)])
            count += 1
        rates.append(count / (time.process_time() - begun))
    return statistics.median(rates)


def hostile() -> None:
    from tests.hostile import corpus

    found = []
    for kind, make in corpus().items():
        raw = make()
        begun = time.process_time()
        parse(raw)
        found.append((time.process_time() - begun, len(raw) / 1e6, kind))
    found.sort(reverse=True)
    print(
        f"{len(found)} mails made to hurt, {sum(took > 2 for took, _, _ in found)} take more than 2 s; the slowest:"
    )
    print(f"{'mail':46}{'MB':>6}{'seconds':>9}")
    for took, size, kind in found[:12]:
        print(f"{kind:46}{size:6.1f}{took:9.2f}")
    print(
        f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, all in one process"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--seconds", type=float, default=3.0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--hostile", action="store_true")
    chosen = options.parse_args()
    if chosen.hostile:
        hostile()
        return
    html = [mail.raw for mail in mails(MAILS, chosen.seed, html_share=1.0)]
    kinds = {
        "text": [mail.raw for mail in mails(MAILS, chosen.seed, html_share=0.0)],
        "HTML beside text": [raw for raw in html if b"text/plain" in raw],
        "HTML alone": [raw for raw in html if b"text/plain" not in raw],
    }
    print(f"{'mail':18}{'bytes':>7}{'mails/s':>9}{'µs a mail':>11}{'email alone, mails/s':>22}")
    for kind, letters in kinds.items():
        ours, theirs = rate(parse, letters, chosen.seconds), rate(library, letters, chosen.seconds / 3)
        size = statistics.mean(map(len, letters))
        print(f"{kind:18}{size:7.0f}{ours:9.0f}{1e6 / ours:11.0f}{theirs:22.0f}")


if __name__ == "__main__":
    main()
