"""How long a long chat takes: 100 MB of WhatsApp text through `frontdesk transcript FILE --json`, its processor time and the
most memory it had.

    python -m benchmarks.transcripts [MEGABYTES]
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAID = (
    "hello thanks parcel order where is my the a lamp broken when will it arrive please tomorrow today money back photo "
    "größe schön était 注文 привет 🚚 ok yes no maybe because Friday number address street"
)


def write(path: Path, megabytes: int) -> int:
    """A chat of this size, as Android writes it: some messages of several lines, some with a file; how many lines."""
    chance = random.Random(4711)
    at = datetime(2019, 1, 13, 8, 0, tzinfo=UTC)
    count, words = 0, SAID.split()
    with path.open("w", encoding="utf-8") as file:
        while file.tell() < megabytes * 1_000_000:
            lines = []
            for _ in range(1000):
                at += timedelta(seconds=chance.randrange(5, 180))
                text = " ".join(chance.choices(words, k=chance.randrange(1, 18)))
                kind = chance.random()
                if kind < 0.03:
                    text = f"IMG-{at:%Y%m%d}-WA{chance.randrange(10_000):04}.jpg (file attached)"
                elif kind < 0.1:
                    text += f"\n{text}"
                lines.append(
                    f"{at:%d/%m/%Y, %H:%M} - {chance.choice(('Anna', 'Jo Park', '+49 170 1234567'))}: {text}\n"
                )
            file.writelines(lines)
            count += sum(line.count("\n") for line in lines)
    return count


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "WhatsApp Chat with Jo Park.txt"
        count = write(path, megabytes)
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        words = [sys.executable, str(ROOT / "main.py"), "transcript", str(path), "--json"]
        subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
        took, used = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        user, system = used.ru_utime - before.ru_utime, used.ru_stime - before.ru_stime
        print(f"{path.stat().st_size / 1e6:.0f} MB, {count} lines: {took:.1f} s", end=", ")
        print(f"{user + system:.1f} s of processor, {used.ru_maxrss / 1024:.0f} MB at most")


if __name__ == "__main__":
    main()
