"""What a folder is for, by its name alone: for servers that do not say so themselves (RFC 6154).

The names are those that mail programs and providers give, in the languages in which mail is read here.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from unicodedata import normalize

USUAL_NAMES = {
    "sent": (
        "sent|sent items|sent messages|sent mail|sent-mail"
        "|gesendet|gesendete elemente|gesendete objekte|gesendete nachrichten"
        "|envoyés|messages envoyés|éléments envoyés|objets envoyés"
        "|enviados|elementos enviados|mensajes enviados|itens enviados|mensagens enviadas|enviadas"
        "|inviati|posta inviata|elementi inviati|messaggi inviati"
        "|verzonden|verzonden items|verzonden berichten"
        "|wysłane|elementy wysłane"
        "|skickat|skickade|skickade meddelanden|sendt|sendt post|sendte elementer"
        "|отправленные|送信済み|送信済みメール|送信済みアイテム|已发送|已发送邮件|已傳送|寄件備份"
    ),
    "junk": (
        "junk|spam|junk e-mail|junk-e-mail|junk email|junk mail|bulk mail"
        "|spamverdacht|courrier indésirable|indésirables|pourriel|correo no deseado|no deseado"
        "|posta indesiderata|lixo eletrônico|lixo electrónico|correio publicitário não solicitado"
        "|ongewenste e-mail|ongewenst|wiadomości-śmieci|skräppost|uønsket mail|uønsket e-mail"
        "|спам|нежелательная почта|迷惑メール|垃圾邮件|垃圾郵件"
    ),
}
_USES = {name: use for use, names in USUAL_NAMES.items() for name in names.split("|")}


def use_by_name(name: str, separator: str, told: Collection[str]) -> str:
    """ "sent", "junk" or "": the use that a folder's name tells, unless the server has `told` which folder has that use.

    Only at the top, below INBOX, or below a provider's own folder such as [Gmail]: somewhere deeper it is an archive.
    """
    above, _, last = name.rpartition(separator) if separator else ("", "", name)
    if above and above.upper() != "INBOX" and not re.fullmatch(r"\[[^\]]+\]", above):
        return ""
    use = _USES.get(normalize("NFC", last).casefold(), "")
    return "" if use in told else use
