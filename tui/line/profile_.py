"""`frontdesk profile`: what one says of oneself: the name customers see, own lines under answers, zone, languages, keys."""

from __future__ import annotations

import click

from tui.line.desk import Desk


@click.command("profile")
@click.option("--name", "shown", metavar="TEXT", help="Your name as customers see it.")
@click.option(
    "--signature", metavar="TEXT", help="Own lines under your answers; | or a new line between them."
)
@click.option(
    "--zone", metavar="ZONE", help="Where you work, as in Europe/Vienna: typed dates are told in it."
)
@click.option("--languages", metavar="WORDS", help='In which you answer customers, as in "de en".')
@click.option("--keys", metavar="NAME", help="Keys that hands know: default, gmail or mutt.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def command(
    desk: Desk,
    shown: str | None,
    signature: str | None,
    zone: str | None,
    languages: str | None,
    keys: str | None,
    as_json: bool,
) -> None:
    """Show what you say of yourself, or change it: "" takes a part back."""
    from inbox.errors import BadUsage, NotDone
    from inbox.nearest import nearest
    from inbox.profiles import Profile
    from tui.keys import load, presets

    fields = {"shown": shown, "signature": signature, "zone": zone, "languages": languages}
    said = {field: text for field, text in fields.items() if text is not None}
    if keys is not None and keys not in presets():
        raise BadUsage(f"There is no preset {keys!r}{nearest(keys, presets())}", f"{', '.join(presets())}.")
    who, documents = desk.who(), desk.store().documents
    profile = documents.change_profile(who.name, said) if said else documents.profile(who.name) or Profile()
    if keys is not None:
        from tui.key_file import write

        own = desk.own_keys()
        if own is None:
            raise NotDone("This account's keys are shared.", "Come in under a name of the team.")
        write(own, preset=keys)
    preset = load(desk.keys_file()).preset
    if as_json:
        from inbox.jsonform import as_line

        click.echo(as_line({"who": who.name, **profile._asdict(), "keys": preset}))
        return
    from inbox.text import sanitise

    for label, value in (
        ("name", profile.name(who.name)),
        ("signature", profile.signature),
        ("zone", profile.zone),
        ("languages", " ".join(profile.languages)),
        ("keys", preset),
    ):
        for number, line in enumerate(sanitise(value).split("\n") if value else ["-"]):
            click.echo(f"{'' if number else label:<11}{line}")
