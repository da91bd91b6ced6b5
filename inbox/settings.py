"""The settings of a workspace, as everybody uses them: checked, frozen, good without a file.

`load` reads `settings.toml`. What was checked once is kept as JSON beside it, with the file it was read from, so
that a quick start needs neither pydantic nor the package `holidays`; `inbox.settings_schema` does the
checking and is only loaded when the file has changed. Every key with its default and its reason:
docs/settings.md.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from inbox.errors import BadSettings, BadUsage, WorldError
from inbox.hint_levels import usual_levels
from inbox.listing import Instant, Role, Who
from inbox.outcomes import CAUSES, OWN_CAUSES
from inbox.panels import PanelCommand

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from inbox.hours import Hours
    from inbox.policy import Policy
    from inbox.rules.reading import Rule
    from inbox.saved_actions import SavedAction
    from inbox.us import Us

DAY = 86400
LARGEST_FILE = 1 << 20
"""Bytes of a settings file; more is not one that a person wrote."""

_FORM = 13
"""Counted up whenever the checked values change their form: what older programs kept is then not used."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NINE_TO_FIVE = [[9 * 3600, 17 * 3600]]


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `count` messages in `seconds`."""

    count: int
    seconds: int


class Mailbox(NamedTuple):
    """A mailbox we fetch from and send with. Of `oauth` and the last four exactly one is set; they say where
    the secret is.

    `folders` empty: INBOX, and what the server calls its Junk and Sent. `inbox.channels.logins` reads the
    secret. `oauth` is whose login gives access tokens ("microsoft"), `oauth_client` our application's id
    there, `oauth_tenant` whose accounts may log in.
    """

    name: str
    address: str
    user: str
    imap_host: str
    imap_port: int
    imap_security: str  # "tls", "starttls"; "none" only to this machine
    smtp_host: str
    smtp_port: int
    smtp_security: str
    ca_file: str | None = None
    authserv_id: str | None = None  # None: that of Settings
    aliases: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    signature: str | None = None
    signatures: tuple[tuple[str, str], ...] = ()  # language, two letters, and what stands below answers in it
    format: str | None = None  # None: that of Settings
    quote: str | None = None  # likewise
    only: tuple[str, ...] | None = None  # who may see what comes here, beside owners; None: everybody
    oauth: str | None = None
    oauth_client: str | None = None
    oauth_tenant: str = "common"
    password_command: str | None = None
    password_env: str | None = None
    password_file: str | None = None
    token_command: str | None = None

    @property
    def takes_token(self) -> bool:
        """Whether the secret is an access token, which runs out and is renewed, instead of a password."""
        return self.oauth is not None or self.token_command is not None

    def __repr__(self) -> str:
        """Without where the secret is."""
        shown = zip(self._fields[:-4], self[:-4], strict=True)
        return f"Mailbox({', '.join(f'{name}={value!r}' for name, value in shown)})"


class Buffer(NamedTuple):
    """How much earlier than promised we aim to be done: working days, and seconds of open time."""

    workdays: int = 0
    seconds: int = 0


class Teammate(NamedTuple):
    """Somebody of the team: the name colleagues see, what they may do, their Unix user and mail address."""

    name: str
    role: Role = Role.AGENT
    unix: str | None = None
    address: str | None = None
    alert_mail: bool | None = None  # whether alerts come by mail; None: as in Alerts
    zone: str | None = None  # where they work
    goodwill_limit: str | None = None  # None: that of Goodwill
    skills: tuple[str, ...] = ()  # tags of what this person knows
    away: tuple[tuple[str, str], ...] = ()  # first and last day of each absence, as ISO dates

    def is_away(self, day: str) -> bool:
        """Whether this person is not here on a day (an ISO date)."""
        return any(first <= day <= last for first, last in self.away)


class ContactForm(NamedTuple):
    """A form on a web site that writes to us from `sender` (an address, or `@domain`); before which words the
    customer's address and name stand, None where these are the usual ones; before which the telephone number, and each of
    their own `fields` (its name, and those words)."""

    sender: str
    address: str | None = None
    name: str | None = None
    phone: str | None = None
    fields: tuple[tuple[str, str], ...] = ()


class TranscriptForm(NamedTuple):
    """How a chat program writes that mails transcripts from `sender` (an address, or `@domain`): before which words
    the visitor's name and address stand, how a line looks in the words TIME, NAME and TEXT (None: as usual), and what
    our side is called in it."""

    sender: str
    visitor: str | None = None
    address: str | None = None
    line: str | None = None
    ours: tuple[str, ...] = ()


class ChatFolder(NamedTuple):
    """A folder whose chat exports are taken in; `format` None: told by the files themselves."""

    folder: str
    format: str | None = None


class Feed(NamedTuple):
    """A feed of reviews or forum posts: asked `every` so many seconds; `answer_within`: open seconds, None: as the policies
    say; of `words` an entry must have one, unless there are none."""

    name: str
    url: str
    every: int = 900
    answer_within: int | None = None
    words: tuple[str, ...] = ()


class Watched(NamedTuple):
    """By what else than the built-in signs a customer counts as upset: phrases that are a sign, and such as are passed
    over; `within`: for how many seconds a customer's conversations count as contacts about the same thing."""

    words: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    off: bool = False
    within: int = 14 * DAY


class Keep(NamedTuple):
    """After how many seconds what is done with is erased; None: never. `never`: the tag of what is kept all the same."""

    closed: int | None = None
    spam: int | None = None
    notices: int | None = None
    attachments: int | None = None
    never: str = "legal-hold"


class Alerts(NamedTuple):
    """How people are told of what `inbox.alerts` finds. `command`: a program and its arguments, none of them a shell's."""

    bell: bool = True
    outside_hours: bool = False
    mail: bool = False
    command: tuple[str, ...] = ()


class Goodwill(NamedTuple):
    """What a teammate may give without asking. Sums as text, exact: in one conversation, in a month (None: no limit), in per
    cent; each currency by itself."""

    currency: str = "EUR"
    limit: str = "20"
    month: str | None = None
    percent: str = "20"
    kinds: tuple[str, ...] = ("discount", "refund", "gift", "free shipping")


class Feedback(NamedTuple):
    """How customers are asked how it was. `after`: seconds after closing; None: nobody is asked."""

    after: int | None = None
    text: str | None = None
    texts: tuple[tuple[str, str], ...] = ()  # language, two letters, and the question in it


class NudgePace(NamedTuple):
    """When and in what words we write again by ourselves to a customer who does not answer. `after`: seconds after our
    answer, one for each of `texts` (a saved reply by its name, or a text); () where there are none."""

    after: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()


class CheckIn(NamedTuple):
    """The question whether all is well, some time (seconds) after closing. `text`: a saved reply by its name, or a text,
    that goes by itself; None: a person does it."""

    after: int = 5 * DAY
    text: str | None = None


def _usual_week() -> dict[str, Any]:
    week = {day: _NINE_TO_FIVE if day not in ("sat", "sun") else [] for day in _DAYS}
    return {"zone": None, "week": week, "holidays": [], "openings": {}, "country": None, "region": None}


@dataclass(frozen=True)
class Settings:
    """Everything that can be set. Durations are seconds; `Settings()` is what holds when nothing has been
    written.

    `calendar` and `policy_rows` are plain values; `hours` and `policies` make of them what the clocks work
    with.
    """

    us_words: tuple[str, ...] = ()
    authserv_id: str | None = None
    seen: str = "answer"  # "never" | "answer" | "close"
    send_limit: tuple[Pace, ...] = (Pace(20, 60), Pace(450, DAY))
    format: str = "text"  # "text" | "both"
    quote: str = "last"  # "none" | "last" | "all"
    shop: str | None = None
    automatic_sending: bool = False
    promise_buffer: Buffer = Buffer()  # noqa: RUF009  frozen
    undo_window: int = 20
    attach_limit: int = 20_000_000
    import_open_for: int = 14 * DAY
    chat_silence: int = DAY
    new_after_closed: int = 30 * DAY
    calendar: Mapping[str, Any] | str = field(default_factory=_usual_week)
    policy_rows: tuple[Mapping[str, Any], ...] = ()  # as written; the built-in ones follow them
    mailboxes: tuple[Mailbox, ...] = ()
    team: tuple[Teammate, ...] = ()
    forms: tuple[ContactForm, ...] = ()
    chats: tuple[ChatFolder, ...] = ()
    feeds: tuple[Feed, ...] = ()
    transcripts: tuple[TranscriptForm, ...] = ()
    alerts: Alerts = Alerts()  # noqa: RUF009  frozen
    keep: Keep = Keep()  # noqa: RUF009  frozen
    nudges: NudgePace = NudgePace()  # noqa: RUF009  frozen
    check_in: CheckIn = CheckIn()  # noqa: RUF009  frozen
    causes: tuple[str, ...] = CAUSES
    own_causes: tuple[str, ...] = OWN_CAUSES
    upset: Watched = Watched()  # noqa: RUF009  frozen
    goodwill: Goodwill = Goodwill()  # noqa: RUF009  frozen
    feedback: Feedback = Feedback()  # noqa: RUF009  frozen
    panels: tuple[PanelCommand, ...] = ()
    rule_rows: tuple[Mapping[str, Any], ...] = ()
    action_rows: tuple[Mapping[str, Any], ...] = ()
    checks: Mapping[str, str] = field(default_factory=usual_levels)  # how much each hint weighs
    internal_words: tuple[str, ...] = ()
    holidays: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # "DE/BY/2026" -> date -> name
    host_zone: str = "UTC"

    @property
    def has_work(self) -> bool:
        """Whether a worker has anything to do: a mailbox, a feed or a watched folder is set up."""
        return bool(self.mailboxes or self.feeds or self.chats)

    @cached_property
    def us(self) -> Us:
        """Our addresses, domains, names and numbers: what `us` says, and the mailboxes' own addresses."""
        from inbox.us import Us

        mailboxes = [address for mailbox in self.mailboxes for address in (mailbox.address, *mailbox.aliases)]
        return Us.of([*self.us_words, *mailboxes])

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """What is done by itself, in the order of the file."""
        if not self.rule_rows:
            return ()
        from inbox.rules.reading import rules_of

        return rules_of(self.rule_rows)

    @cached_property
    def actions(self) -> tuple[SavedAction, ...]:
        """The saved actions, in the order of the file."""
        if not self.action_rows:
            return ()
        from inbox.saved_actions import actions_of

        return actions_of(self.action_rows)

    @property
    def servers(self) -> dict[str, str]:
        """What the servers of the mailboxes call themselves where they tell who sent a mail, by mailbox."""
        named = {mailbox.name: mailbox.authserv_id or self.authserv_id for mailbox in self.mailboxes}
        return {name: said for name, said in named.items() if said}

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown and typed: that of the opening hours, else the host's."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.zone_name)

    @cached_property
    def hours(self) -> Hours:
        """The opening hours."""
        from inbox.settings_clocks import make_hours

        return make_hours(self.calendar, self.host_zone, self.holidays)

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """The SLA policies in the order in which they are asked: the written ones, those of feeds, the built-in ones."""
        from inbox.policy import default_policies, feed_policy
        from inbox.settings_clocks import make_hours, make_policy

        policies = []
        for row in self.policy_rows:
            own, name = row["hours"], f"the hours of policy {row['name']}"
            hours = self.hours if own is None else make_hours(own, self.zone_name, self.holidays, name)
            policies.append(make_policy(row, hours))
        others = [
            feed_policy(each.name, each.answer_within, self.hours)
            for each in self.feeds
            if each.answer_within is not None
        ]
        written = {policy.name for policy in policies}
        others += default_policies(self.hours)
        return (*policies, *(each for each in others if each.name not in written))

    def canonical_json(self) -> str:
        """Opening hours, holidays and policies as one stable text: with the events, all that clocks follow
        from.

        The store records it when it changes. The same settings give the same text, whatever the order and the
        words of the file; `Settings.from_canonical` reads it again.
        """
        from inbox.settings_clocks import policy_row

        own = {row["name"]: row["hours"] for row in self.policy_rows}
        plain = {
            "hours": self._with_zone(self.calendar),
            "holidays": self.holidays,
            "policies": [policy_row(each, self._with_zone(own.get(each.name))) for each in self.policies],
        }
        return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_canonical(cls, text: str) -> Settings:
        """The settings whose `hours` and `policies` a text of `canonical_json` holds; all else is default."""
        plain = json.loads(text)
        return cls(calendar=plain["hours"], policy_rows=tuple(plain["policies"]), holidays=plain["holidays"])

    def teammate(self, unix_or_name: str) -> Teammate | None:
        """The teammate with this Unix user or name (case does not matter in a name); None when there is
        none."""
        folded = unix_or_name.casefold()
        by_unix = (mate for mate in self.team if mate.unix == unix_or_name)
        return next(by_unix, next((mate for mate in self.team if mate.name.casefold() == folded), None))

    def zone_of(self, name: str) -> ZoneInfo | None:
        """The zone in which a teammate works; None where that is not said."""
        from zoneinfo import ZoneInfo

        mate = self.teammate(name)
        return ZoneInfo(mate.zone) if mate is not None and mate.zone else None

    def who_for(self, unix_user: str, as_name: str | None = None) -> Who:
        """Who acts. Without a team the Unix user is the owner, under the name of `--as` if that was given.

        Raises BadUsage when `--as` names nobody of the team, BadSettings when the Unix user is nobody of it.
        """
        if not self.team:
            return Who(as_name or unix_user, Role.OWNER)
        mate = self.teammate(as_name or unix_user)
        if mate is not None:
            return Who(mate.name, mate.role, tuple((each.name, each.role) for each in self.team))
        names = [each.name for each in self.team]
        if as_name is not None:
            from inbox.nearest import nearest

            raise BadUsage(
                f'There is no teammate "{as_name}"{nearest(as_name, names)}', f"The team: {', '.join(names)}."
            )
        raise BadSettings(
            f'The Unix user "{unix_user}" is nobody of the team ({", ".join(names)}).',
            f'Say who you are with --as NAME, or add unix = "{unix_user}" to a [[team]] of settings.toml.',
        )

    @property
    def zone_name(self) -> str:
        """The name of `zone`."""
        return self._said_zone or self.host_zone

    @property
    def zone_is_said(self) -> bool:
        """Whether somebody has set `zone`; otherwise it is only where this machine stands."""
        return self._said_zone is not None

    @property
    def _said_zone(self) -> str | None:
        zone = None if isinstance(self.calendar, str) else self.calendar["zone"]
        return str(zone) if zone else None

    def _with_zone(self, calendar: Mapping[str, Any] | str | None) -> Mapping[str, Any] | str | None:
        """A calendar with its zone named: the record must not leave open which one the host had."""
        if calendar is None or isinstance(calendar, str):
            return calendar
        return {**calendar, "zone": calendar["zone"] or self.zone_name}


def load(
    path: Path,
    cache_path: Path | None = None,
    *,
    host_zone: str | None = None,
    now: Instant | None = None,
) -> Settings:
    """The settings in the file `path`; all defaults when there is no such file.

    `cache_path` is where the checked values are kept; damaged ones are ignored, and those that somebody could have
    written who could not have written `path`: they name commands that are run. `host_zone` is the zone of
    the host where no zone is written (else it is looked up). Opening hours must open within 370 days from
    `now`, if that is given. Raises BadSettings (`inbox.settings_checks.Mistakes`) that names every mistake,
    WorldError when the file cannot be read.
    """
    zone = host_zone or find_host_zone()
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
            status = os.fstat(file.fileno())
    except (FileNotFoundError, NotADirectoryError):
        return Settings(host_zone=zone)
    except OSError as error:
        raise WorldError(
            f"The settings cannot be read: {path} ({error.strerror}).",
            "Mend its rights, or take it away to go on with the defaults.",
        ) from None
    if len(raw) > LARGEST_FILE:
        raise BadSettings(f"{path} is larger than any settings.", "Put a settings.toml in its place.")
    kept = _kept(cache_path, raw, status)
    if kept is not None:
        return _from_plain(kept, zone)
    from inbox.settings_checks import check

    plain = check(raw, path, now=now)
    if cache_path is not None:
        _keep(cache_path, raw, plain, 0o640 if status.st_mode & stat.S_IRGRP else 0o600)
    return _from_plain(plain, zone)


def from_bytes(
    raw: bytes, path: Path, *, host_zone: str | None = None, now: Instant | None = None
) -> Settings:
    """The settings that a file `path` with these bytes would say; nothing is read from the disk but the host's zone.

    Raises BadSettings as `load` does.
    """
    from inbox.settings_checks import check

    return _from_plain(check(raw, path, now=now), host_zone or find_host_zone())


def _from_plain(plain: Mapping[str, Any], host_zone: str) -> Settings:
    """Settings from what `settings_checks.check` returned, as JSON keeps it."""
    return Settings(
        us_words=tuple(plain["us"]),
        authserv_id=plain["authserv_id"],
        seen=plain["seen"],
        send_limit=tuple(Pace(count, seconds) for count, seconds in plain["send_limit"]),
        format=plain["format"],
        quote=plain["quote"],
        shop=plain["shop"],
        automatic_sending=plain["automatic_sending"],
        promise_buffer=Buffer(*(plain["promise_buffer"] or ())),
        undo_window=plain["undo_window"],
        attach_limit=plain["attach_limit"],
        import_open_for=plain["import_open_for"],
        chat_silence=plain["chat_silence"],
        new_after_closed=plain["new_after_closed"],
        calendar=plain["hours"],
        policy_rows=tuple(plain["policy"]),
        mailboxes=tuple(
            Mailbox(
                **{
                    **row,
                    "aliases": tuple(row["aliases"]),
                    "folders": tuple(row["folders"]),
                    "signatures": tuple(row["signatures"].items()),
                    "only": None if row["only"] is None else tuple(row["only"]),
                    "ca_file": _full(row["ca_file"]),
                    "password_file": _full(row["password_file"]),
                }
            )
            for row in plain["mailbox"]
        ),
        team=tuple(
            Teammate(
                row["name"],
                Role(row["role"]),
                row["unix"],
                row["address"],
                row["alert_mail"],
                row["zone"],
                goodwill_limit=row["goodwill_limit"],
                skills=tuple(row["skills"]),
                away=tuple((first, last) for first, last in row["away"]),
            )
            for row in plain["team"]
        ),
        forms=tuple(
            ContactForm(row["from"], row["address"], row["name"], row["phone"], tuple(row["fields"].items()))
            for row in plain["contact_form"]
        ),
        transcripts=tuple(
            TranscriptForm(row["from"], row["visitor"], row["address"], row["line"], tuple(row["us"]))
            for row in plain["transcript"]
        ),
        chats=tuple(ChatFolder(_full(row["folder"]) or "", row["format"]) for row in plain["chat"]),
        feeds=tuple(Feed(**{**row, "words": tuple(row["words"])}) for row in plain["feed"]),
        causes=tuple(plain["causes"]),
        own_causes=tuple(plain["own_causes"]),
        upset=Watched(
            tuple(plain["upset"]["words"]),
            tuple(plain["upset"]["ignore"]),
            plain["upset"]["off"],
            plain["upset"]["within"],
        ),
        goodwill=Goodwill(**{**plain["goodwill"], "kinds": tuple(plain["goodwill"]["kinds"])}),
        feedback=Feedback(**{**plain["feedback"], "texts": tuple(plain["feedback"]["texts"].items())}),
        keep=Keep(**plain["keep"]),
        alerts=Alerts(**{**plain["alerts"], "command": tuple(plain["alerts"]["command"])}),
        nudges=NudgePace(tuple(plain["nudges"]["after"]), tuple(plain["nudges"]["texts"])),
        check_in=CheckIn(**plain["check_in"]),
        panels=panels_of(plain["panel"]),
        rule_rows=tuple(plain["rule"]),
        action_rows=tuple(plain["action"]),
        checks=plain["checks"],
        internal_words=tuple(plain["internal_words"]),
        holidays=plain["holidays"],
        host_zone=host_zone,
    )


def panels_of(plain: Mapping[str, Any]) -> tuple[PanelCommand, ...]:
    """The panels in checked values."""
    return tuple(PanelCommand(name, tuple(row["command"]), row["every"]) for name, row in plain.items())


def _full(path: str | None) -> str | None:
    """A path with `~` as the home folder of whoever runs this: that is not for the kept values, others use
    them too."""
    return None if path is None else str(Path(path).expanduser())


def find_host_zone(etc: Path = Path("/etc")) -> str:
    """The host's zone: what /etc/localtime links to, else the word in /etc/timezone, else UTC.

    The variable TZ is not asked: it is one person's, and brings along over SSH what no colleague sees.
    """
    with suppress(OSError):
        _, found, zone = str((etc / "localtime").readlink()).partition("zoneinfo/")
        if found:
            return zone.removeprefix("posix/")
    with suppress(OSError, UnicodeDecodeError):
        zone = (etc / "timezone").read_text(encoding="ascii").strip()
        if zone and (Path("/usr/share/zoneinfo") / zone).is_file():
            return zone
    return "UTC"


def _kept(cache_path: Path | None, raw: bytes, file: os.stat_result) -> dict[str, Any] | None:
    """The checked values that were kept for exactly this file; None when there are none, or they are
    damaged, or not to be believed."""
    if cache_path is None:
        return None
    try:
        with cache_path.open("rb") as kept:
            if not _is_as_safe(os.fstat(kept.fileno()), file):
                return None
            mark, _, rest = kept.read().partition(b"\n")
    except OSError:
        return None
    text = rest[len(raw) :]
    if not rest.startswith(raw) or mark != _mark(raw, text):
        return None
    plain: dict[str, Any] = json.loads(text)
    return plain


def _is_as_safe(kept: os.stat_result, file: os.stat_result) -> bool:
    """Whether nobody could have written the kept values who could not have written the settings file."""
    if kept.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return False
    group_writes = bool(file.st_mode & stat.S_IWGRP) and kept.st_gid == file.st_gid
    return group_writes or kept.st_uid in (0, os.geteuid(), file.st_uid)


def _keep(cache_path: Path, raw: bytes, plain: Mapping[str, Any], mode: int) -> None:
    """Keep the checked values: whole or not at all. Where that fails, the next start only takes longer."""
    from inbox.safe_file import put_file

    text = json.dumps(plain, ensure_ascii=False).encode()
    with suppress(OSError):
        put_file(cache_path, _mark(raw, text) + b"\n" + raw + text, mode)


def _mark(raw: bytes, text: bytes) -> bytes:
    """What the first line of the kept values must say: their form, the size of the file that follows, and a sum of what
    was read from it."""
    return f"{_FORM} {len(raw)} {crc32(text)}".encode()
