"""What the made-up shop knows of its customers: their orders, told by a small program that `[panel.orders]` has asked, and
what the team says of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inbox.demo.stories import ANNA, BEN, JO, LEA, LUC, NINA, OLE, RUTH, SAM, TOM, YUKI
from inbox.demo.today import SOLVEIG

ORDERS: dict[str, str] = {
    SOLVEIG[
        1
    ]: "4741 4 tents packed\n4689 8 ropes delivered\n4310 10 stoves delivered\n  11 orders, € 18 240, net 30 days",
    ANNA[
        1
    ]: "4711 Lyng 2 returned\n     refund of € 219 not booked yet\n4102 rain cover delivered\n  3 orders, € 412",
    JO[1]: "4722 head torch with the carrier\n     last seen: Hamburg, 2 days ago\n  1 order, € 64",
    LUC[1]: "4698 rucksack, 60 l delivered\n     may be returned for 9 more days\n  2 orders, € 310",
    YUKI[1]: "no order yet",
    SAM[1]: "4703 stove delivered\n  1 order, € 89",
    TOM[1]: "4688 lantern delivered, damaged\n     a new one left yesterday\n  2 orders, € 131",
    BEN[1]: "4720 2 mats packed\n     to 12 Mill Lane, Leeds\n  1 order, € 120",
    RUTH[1]: "4655 boots, 39 exchanged for 40\n  2 orders, € 274",
    OLE[1]: "4021 boots delivered\n     warranty until next March\n  4 orders, € 680",
    LEA[1]: "no order yet",
    NINA[1]: "no order yet\n  asked for prices as a shop",
}
"""By address: the newest order first, and in the last line what they amount to."""

SAID: dict[str, dict[str, Any]] = {
    SOLVEIG[1]: {
        "fields": {"customer no.": "2204", "group": "12 people"},
        "note": "Leads the guides of Bergtur. Sets out on Sundays: what leaves us by Thursday is in time.",
        "add": ["expedition"],
    },
    ANNA[1]: {"fields": {"customer no.": "1187"}, "add": ["fair"]},
}
"""What the team says of customers, by address: arguments of the verb customer-edit."""

_PROGRAM = """\
# What the orders of the made-up shop say of a customer: [panel.orders] in settings.toml runs it.
import sys
ORDERS = {orders}
print(ORDERS.get(sys.argv[1].lower(), "no order with this address"))
"""


def write_program(folder: Path, python: str) -> str:
    """Write the program into a folder; the table of settings.toml that has it asked, run by this Python."""
    program = folder.absolute() / "orders.py"
    program.write_text(_PROGRAM.format(orders=json.dumps(ORDERS, indent=4, ensure_ascii=True)), "utf-8")
    command = json.dumps([python, "-I", "-S", str(program), "{email}"], ensure_ascii=False)
    return f'\n[panel.orders]\ncommand = {command}\nevery = "10m"\n'
