"""The words by which transcripts of chats that come by mail are known: programs, facts, sides, what is below them.

A contributor who knows a program or a language adds to these; how they are used stands in `inbox.chat.transcripts`.
"""

from __future__ import annotations

import re

PROVIDERS = (
    *(
        "tawk.to",
        "livechat.com",
        "livechatinc.com",
        "crisp.chat",
        "tidio.com",
        "tidio.net",
        "intercom.io",
        "intercom-mail.com",
    ),
    *(
        "zopim.com",
        "zendesk.com",
        "olark.com",
        "providesupport.com",
        "jivochat.com",
        "jivosite.com",
        "smartsupp.com",
    ),
    *(
        "userlike.com",
        "purechat.com",
        "chatra.io",
        "liveagent.com",
        "livezilla.net",
        "chaport.com",
        "gorgias.com",
    ),
)
"""Domains from which transcripts are mailed. An address below one counts, too."""
SHARED = ("zendesk.com", "intercom-mail.com", "gorgias.com", "liveagent.com", "userlike.com")
"""Those of them below which each customer of theirs has a domain of his own, and writes what he likes."""
WORD = re.compile(
    r"transcript|chat (?:log|history|with|from|on)|chatverlauf|chat-verlauf|chatprotokoll|transcripci[oó]n|transcription"
    r"|trascrizione|transcri[cç][aã]o|gesprek|conversation (?:with|from)|chat session|missed chat|offline message",
    re.IGNORECASE,
)
STEMS = ("chat", "transcri", "trascri", "gesprek", "conversation", "offline")
"""Of what `WORD` finds one is always there."""
OFFLINE = re.compile(
    r"offline message|missed (?:chat|message|conversation)|unanswered (?:chat|message)"
    r"|left (?:you |us )?(?:a|an) (?:\w+ )?message|new message from (?:a |the |your )?(?:website|visitor)"
    r"|nachricht hinterlassen|offline-nachricht|mensaje (?:sin conexi[oó]n|offline)|message hors ligne"
    r"|messaggio offline|mensagem offline|offline bericht",
    re.IGNORECASE,
)
"""What a mail says that brings what somebody wrote while nobody was there to chat."""
LEFT_MESSAGE = re.compile(r"offline|left .{0,20}message|hinterlassen|sin conexi|hors ligne", re.IGNORECASE)
"""What a subject says where the mail is the message itself."""
WRITTEN = re.compile(
    r"(?:your |visitor |offline |ihre |votre |su )?(?:message|question|comments?|inquiry|enquiry|msg|nachricht|frage"
    r"|mensaje|consulta|bericht|messaggio|mensagem|vraag|domanda)\s*:\s*(?P<text>.*)\Z",
    re.IGNORECASE,
)
LEFT_BY = re.compile(
    r"(?:.*\b(?:from|by|von|de)\s+)?(?P<name>\S[^:]{0,80}?)\s+(?:has |have )?left (?:you |us )?an? ",
    re.IGNORECASE,
)
"""Who is said to have written it, where no fact names them."""
PASSED_ON = re.compile(r"\s*(?:re|aw|sv|fwd?|wg|tr|rv|enc|i|doorst)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
"""How the subject of a mail begins that answers one, or passes it on."""
CAME = re.compile(
    r"(?P<name>\S.{0,58}?) (?:has )?(?:joined|entered|accepted|beigetreten|se ha unido|a rejoint)\b",
    re.IGNORECASE,
)
_KEYS = {
    "visitor": "visitor name visitor_name visitor's_name your_name customer client user guest contact besucher kunde"
    " kundenname"
    " nombre visitante cliente nom visiteur bezoeker klant visitatore nome",
    "email": "email e-mail mail email_address e-mail-adresse visitor_email correo courriel adresse_email visitor's_email",
    "phone": "phone telephone tel phone_number telefon teléfono téléphone telefono mobile",
    "agent": "operator agent agents operators served_by answered_by staff support assignee mitarbeiter berater agente"
    " opérateur medewerker operatore atendente representative team_member",
    "started": "started started_on started_at start_time start chat_started date time datum fecha began begin beginn"
    " gestartet chat_started_on chat_started_at conversation_started_on conversation_started_at"
    " chat_start_time conversation_started created created_at inicio début",
    "id": "chat_id id transcript_id conversation_id session session_id chat",
    "": "ended ended_at ended_on end_time finished duration department group page current_page url website site ip"
    " ip_address location country city region browser os platform"
    " operating_system referrer referer rating score tags language user_agent device"
    " wait_time waiting_time topic subject question queue channel status visits timezone time_zone company page_url property"
    " visitor_details chat_details visitor_info visitor_information details chat_ended abteilung dauer seite thema"
    " betreff from to",
}
FACTS = {name: what for what, names in _KEYS.items() for name in names.split()}
VISITOR = re.compile(
    r"(?:visitor|guest|customer|client|besucher|gast|kunde|visiteur|visitante|bezoeker|user|you|v)\b[ #_-]?\w*\Z|v\d+\Z",
    re.I,
)
AGENT = re.compile(r"(?:operator|agent|support|staff|admin|representative|mitarbeiter|team)\b", re.IGNORECASE)
BOT = re.compile(r"(?:.*\b)?(?:chat)?bot\b|\bai (?:agent|assistant)\b|\bfin\b|lyro", re.IGNORECASE)
FOOTER = re.compile(
    r"-{2,}\s*\Z|_{5,}|={5,}\Z|powered by|this (?:transcript|e-?mail|message) (?:was|is)|©|\(c\) \d{4}|unsubscribe"
    r"|(?:reply|respond) to this e-?mail|view (?:this |the |more )?(?:chat|conversation|transcript|details)|sent (?:by|from) |https?://\S+\Z"
    r"|you (?:are receiving|received) this|chat (?:ended|closed|finished)|dieses (?:protokoll|e-?mail)",
    re.IGNORECASE,
)
WITH = re.compile(
    r"\b(?:with|from|mit|von|con|avec|com|met)\s+(?P<name>[^\n:,;(]{1,60}?)\s*(?:[\n,;(]| on \d|\Z)",
    re.IGNORECASE,
)
