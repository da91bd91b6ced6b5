"""What mail systems say when they could not deliver: patterns, one phrase or family of phrases a line.

Capitals do not matter. To teach Frontdesk another server's words, add a line to its table and a report of that shape
to tests/mail/bounces.txt; code need not change.
"""

from __future__ import annotations

SUBJECTS: tuple[str, ...] = (
    r"un-?deliver(?:ed|able)",
    r"delivery (?:status notification|failure|failed|has failed|problem|report|incomplete|notification|delayed)",
    r"mail (?:delivery|system) ?(?:failed|failure|error|problem|subsystem)?",
    r"failure notice",
    r"failure delivery",
    r"returned (?:e?-?mail|to sender|message)",
    r"returned:",
    r"non[- ]?deliver",
    r"message (?:not|could not be|was not) delivered",
    r"could not be delivered",
    r"message delayed",
    r"warning: (?:message|could not)",
    r"rejected",
    r"unzustellbar",
    r"(?:nicht|keine) zu(?:ge)?stell",
    r"zustellung",
    r"non remis",
    r"échec",
    r"non distribu",
    r"no se (?:ha|puede|podido|pudo) .{0,20}entreg",
    r"(?:mensaje|correo) (?:no entregado|devuelto)",
    r"mancato recapito",
    r"(?:consegna|recapito) non",
    r"não (?:foi )?entregue",
    r"falha na entrega",
    r"onbestelbaar",
    r"niet (?:worden )?bezorgd",
    r"nie ?dostarcz",
    r"zwrot",
    r"olevererbar",
    r"kunne? (?:inte|ikke) leverera?s",
    r"не (?:может быть )?доставлен",
    r"недоставлен",
    r"配信(?:不能|エラー|できません)",
    r"退信",
    r"[无無]法[投傳][递遞]",
    r"non (?:è stato )?(?:possibile )?(?:recapita|consegna)",
    r"não (?:pôde|pode|foi possível) (?:ser )?entreg",
    r"(?:não|no) se (?:pudo|pôde|ha podido)",
    r"kon niet|kan niet worden (?:bezorgd|afgeleverd)",
    r"kunde inte levereras|kunne ikke leveres",
    r"nie mog(?:ła|ło|li) zostać|nie można dostarczyć",
    r"nedoručiteln|doručení",
    r"teslim edileme",
    r"kézbesíthetetlen|nem kézbesíthető",
    r"(?:user|recipient|address|mailbox) unknown",
    r"mailbox (?:is )?(?:full|unavailable)|over quota",
    r"(?:did not|was not able to|unable to|cannot|couldn['’]t) (?:reach|deliver|be delivered)",
    r"退回|投递失败|發送失敗|发送失败",
    r"(?:발송|전송|배달) ?(?:실패|되지)|반송",
    r"nepodařilo (?:se )?doručit",
)
"""Subjects of reports; only mail from a mail system counts as a report by its subject."""

RETURNED: tuple[str, ...] = (
    r"this is a copy of (?:the|your) (?:message|mail)",
    r"below this line is a copy",
    r"original message (?:follows|headers)",
    r"original message",
    r"(?:the )?(?:body|headers) of (?:the|your) (?:original )?message",
    r"returned message",
    r"unsent message (?:below|follows)",
    r"message header follows",
    r"message contents follow",
    r"forwarded message",
    r"the following is a copy",
    r"(?:included|enclosed|attached) is a copy",
    r"begin message",
    r"mail header",
    r"start of returned",
    r"der? originalnachricht",
    r"kopie der nachricht",
    r"ursprüngliche nachricht",
    r"copie du message",
    r"return-path:",
    r"received: (?:from|by)",
)
"""How a line begins below which the returned mail stands: addresses there are no recipients that failed."""

RECIPIENT_LABELS: tuple[str, ...] = (
    r"(?:final |original |intended |failed |undelivered )?recipients?(?:['’]s)?(?: (?:e-?mail )?address(?:es)?)?",
    r"(?:failed|undeliverable|bad|invalid|e-?mail|destination) address(?:es)?|address",
    r"empfänger(?:adresse)?|(?:an|e-?mail-?)?adresse",
    r"destinataires?|adresse du destinataire",
    r"destinatari[oa]s?|direcci[óo]n|indirizzo|endereço",
    r"ontvangers?|geadresseerde",
    r"odbiorc[aey]|adresat",
    r"mottagare|modtager|mottaker|vastaanottaja|příjemce|címzett|alıcı",
    r"получател[ьи]|адрес(?:ат)?",
    r"받는 ?사람|수신자",
    r"收件人(?:邮件)?(?:地址)?|收件者|宛先|受信者|받는 ?사람",
    r"failed to deliver to",
)
"""What stands before a colon and a recipient that was not reached."""

RECIPIENT_WORDS: tuple[str, ...] = (
    r"\b(?:to|for|recipient|address|user|mailbox|account)",
    r"\b(?:an|für|à|pour|para|per|aan|naar|do|till?|для)",
    r"(?:发送到|发送给|投递到|发往|送信先|宛先)",
)
"""And what stands before one within a sentence."""

OTHER_LABELS: tuple[str, ...] = (
    r"message-?id|id|in-reply-to|references",
    r"from|sender|reply-to|return-path|envelope-from|mail from|von|absender|de|expéditeur|remitente|mittente|remetente",
    r"van|afzender|nadawca|avsändare|afsender|от|отправитель|发件人|差出人",
    r"contact|support|help|postmaster|for (?:help|further)|date|subject",
)
"""What stands before addresses and ids that are no recipients."""

SYSTEMS: tuple[str, ...] = (
    r"microsoftexchange[0-9a-f]{32}",
    r"mail(?:er)?[-_. ]?(?:delivery|daemon|administrator|robot|subsystem|system)\b",
    r"(?:internet )?mail delivery",
    r"delivery (?:sub)?system",
    r"(?:e-?mail )?post(?:master|office)\b",
    r"system ?administrator|systemadministrator|administrador del sistema|administrateur système",
    r"(?:mta|smtp|bounces?|bounced?-?mail|mdaemon|exim|qmail)(?:@|$)",
    r"(?:系统|系統)(?:管理|退信)|邮件(?:系统|退信)",
)
"""How the names and addresses of mail systems begin. A report has to say that it is one besides."""

ALIVE: tuple[str, ...] = (
    r"(?:mailbox|quota|inbox|user|account|recipient|storage|postfach|boîte|buzón|casella|caixa)\b[^.\n]{0,40}"
    r"(?:full|exceed|over ?quota|voll|pleine|llen[oa]|piena|cheia|limit)",
    r"over ?quota",
    r"(?:insufficient|out of) (?:system )?storage",
    r"disk (?:full|space|quota)",
    r"exceeded (?:storage|the maximum|.{0,20}quota)",
    r"too (?:large|big)",
    r"size limit",
    r"grey-?list",
    r"try (?:again|later)",
    r"temporar",
    r"timed? ?out",
    r"connection (?:refused|reset|dropped|failed)",
    r"rate limit",
    r"too many",
    r"throttl",
    r"deferr(?:ed|al)",
    r"delayed",
    r"retr(?:y|ied)",
    r"still (?:trying|being tried)",
    r"not responding",
    r"(?:is|mailbox|inbox) full|full (?:mailbox|inbox)",
    r"переполнен|превышен\w* (?:квот|лимит|размер)",
    r"(?:邮箱|信箱|空间|容量).{0,10}(?:满|滿|超|不足)",
    r"(?:メールボックス|容量).{0,15}(?:いっぱい|満杯|超)",
    r"(?:skrzynka|schránka|brevlåda\w*|postkasse\w*|innboks\w*).{0,20}(?:pełna|przepełnion|plná|přeplněn|full|fuld)",
    r"용량.{0,10}(?:초과|부족)|(?:편지함|메일함).{0,10}가득",
    r"(?:mailbox|postvak|brievenbus).{0,20}\bvol\b",
    r"(?:kutusu|kotası).{0,15}(?:dolu|aş)",
)
"""A failure that says nothing against the address."""

BLOCKED: tuple[str, ...] = (
    r"\bspam",
    r"blocked",
    r"(?:block|black) ?list",
    r"\brbl\b",
    r"dnsbl",
    r"reputation",
    r"\bdmarc\b",
    r"\bspf\b",
    r"\bdkim\b",
    r"content (?:rejected|filter)",
    r"virus",
    r"not authenticat|unauthenticated",
    r"reverse dns",
    r"\bptr\b",
)
"""A failure that speaks against the mail or its sender, not against the address."""

REFUSED: tuple[str, ...] = (
    r"policy",
    r"access denied",
    r"relay(?:ing)? (?:denied|access|not permitted)",
    r"unable to relay",
    r"administrative prohibition",
    r"message (?:content )?rejected",
    r"prohibited",
    r"attachment",
)
"""A refusal that says nothing of the address either; weaker than the words of `DEAD`."""

DEAD: tuple[str, ...] = (
    r"(?:user|mailbox|recipient|address|account|person|addressee|alias|inbox|empfänger|adresse|destinataire|usuario|utente)"
    r"\b[^.\n]{0,60}?(?:unknown|not (?:be )?found|does(?: not|n['’]t) exist|not exist|invalid|unavailable|disabled"
    r"|inactive|no longer|not (?:listed|known|active|recogni[sz]ed|local|valid)|suspended|closed|deactivated|terminated"
    r"|couldn['’]t be found|could not be found|wasn['’]t found|isn['’]t|unbekannt|existiert nicht|inconnu|desconocido"
    r"|sconosciuto|verify failed)",
    r"recipient address rejected(?!: access denied)",
    r"(?:no such|unknown|invalid|unrouteable|unroutable|bad|non-?existent|illegal|undeliverable) "
    r"(?:user|mailbox|recipient|address|account|destination|domain|host|local|person|alias)",
    r"no such (?:user|person|domain|host|address)",
    r"(?:host|domain)(?: name)?\b[^.\n]{0,60}?(?:not found|unknown|does not exist|doesn['’]t exist|unresolvable"
    r"|couldn['’]t be found)",
    r"name (?:or )?service not known",
    r"(?:no|null) mx",
    r"no mail(?:box)? (?:here|hosts?)",
    r"does(?:n['’]t| not) have an? .{0,40}(?:account|mailbox)",
    r"address not found",
    r"not a (?:valid|known) (?:mailbox|user|recipient|address)",
    r"couldn['’]t find any host",
    r"has moved",
    r"unbekannter|nicht bekannt|unbekannt\b|nicht gefunden|existiert nicht|gibt es nicht|keine solche",
    r"inconnue?\b|introuvable|n['’]existe pas|n['’]a pas (?:été|pu être) trouvé",
    r"no existe|desconocid[oa]|no se (?:encontró|ha encontrado)|inexistente",
    r"sconosciut[oa]|inesistente|non esiste|non (?:è stat\w )?trovat",
    r"desconhecid[oa]|não existe|não (?:foi )?encontrad",
    r"onbekende?\b|bestaat niet|niet gevonden",
    r"nieznan[yae]|nie istnieje|nie znaleziono",
    r"okänd|finns inte|hittades inte|ukendt|ukjent|findes ikke|finnes ikke|blev ikke fundet|tuntematon",
    r"neznám|neexistuj|ismeretlen|nem létezik|bulunamadı|mevcut değil|necunoscut",
    r"존재하지 않|없는 (?:사용자|계정|주소)",
    r"не (?:найден|существует|зарегистрирован)|неизвестн|нет такого",
    r"不存在|未找到|找不到|查无此|無此|没有此|存在しません|見つかりません|見つかりませんでした",
)
"""A failure that will not go away: nobody is there."""

STILL_TRYING: tuple[str, ...] = (
    r"(?:will|shall) (?:continue|keep|be)(?: to)? (?:try|retr|attempt)",
    r"still (?:trying|being)",
    r"no action is required",
    r"warning message only",
    r"(?:has|have) been delayed",
    r"delivery (?:is|was|has been) delayed",
    r"not yet been delivered",
    r"delivery incomplete",
    r"temporary problem",
    r"wird weiter versucht",
)
"""The server has not given up."""

GIVEN_UP: tuple[str, ...] = (
    r"permanent(?:ly)? (?:fail|error|fatal)|permanent error|permanent fatal",
    r"gi(?:ve|ving|ven) up|not going to try again|retry timeout exceeded|queue too long|no further attempts",
    r"(?:could|can) ?not be delivered|was not delivered|undeliverable|unable to deliver|(?:has|have) failed",
    r"did not reach|could not be reached",
    r"konnte nicht zugestellt werden|n['’]a pas pu être|no se pudo entregar",
    r"non è stato (?:possibile )?(?:consegna|recapita)|não pôde ser entregue",
    r"kon niet worden (?:bezorgd|afgeleverd)|nie mogła zostać dostarczona",
    r"не (?:было )?доставлено|не может быть (?:отправлено|доставлено)|退信|退回|配信できません",
)
"""The server has given up, whatever the reason was."""

HARD_REASONS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    ((), r"\b(?:no|null) mx\b", "nobody takes mail at that domain"),
    (("1.6",), r"has moved", "the mailbox has moved"),
    (
        ("1.2", "4.310"),
        r"(?:host|domain)(?: name)?\b[^.\n]{0,60}?(?:not found|unknown|does(?: not|n['’]t) exist|unresolvable"
        r"|couldn['’]t be found)|name (?:or )?service not known|no such (?:domain|host)|couldn['’]t find any host",
        "the domain does not exist",
    ),
    (
        ("2.1",),
        r"disabled|inactive|deactivated|suspended|closed|terminated|no longer|not active",
        "the mailbox is closed",
    ),
    (("1.1", "1.3", "1.10"), "|".join(DEAD), "the mailbox does not exist"),
)
"""What is said of an address where nobody is: details of the status (RFC 3463), words of servers, and ours. The first
that fits holds, so the particular stands before the general."""

SOFT_REASONS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("2.2", "3.1"),
        r"quota|\b(?:mailbox|inbox|postfach|boîte|buzón|casella|caixa|storage|disk)\b[^.\n]{0,40}"
        r"(?:full|exceed|voll|pleine|llen[oa]|piena|cheia|limit|space)",
        "the mailbox is full for now",
    ),
    (("2.3", "3.4"), r"too (?:large|big)|size limit|exceeds.{0,30}size", "the message is too large there"),
    (("7.1",), "|".join((*BLOCKED, *REFUSED)), "their server does not want this message"),
    (
        ("4.1", "4.4", "4.7"),
        r"timed? ?out|expired|not respond|connection|retr(?:y|ies)|try",
        "their server was out of reach for too long",
    ),
)
"""What is said where the address may well be right."""

NO_REASON = {"hard": "the address was refused", "soft": "their server would not take it this time"}
"""What is said by kind where nothing is known."""
