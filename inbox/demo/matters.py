"""What customers write about, over a weekend and through the day, and what colleagues answer, by language.

In braces stands what differs from mail to mail; `thing` is one of the matter's `things`.
"""

from __future__ import annotations

from dataclasses import dataclass

TENTS = ("Lyng 2", "Lyng 3", "Brae 4")
PACKS = ("Gavarnie 38", "Gavarnie 48", "Skarv 25")
COATS = ("Sturmvogel", "Regn", "Alba")
BOOTS = ("Fjell GTX", "Karst Mid", "Dune Low")
SLEEP = ("Nordlys 400", "Nordlys 600", "Mose")
STOVES = ("Vesta", "Vesta Mini")
LAMPS = ("Hotaru", "Hotaru Mini")
ALL = TENTS + PACKS + COATS + BOOTS + SLEEP + STOVES + LAMPS


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to write about: the subject, the text without greeting and end, and what comes with it."""

    language: str
    subject: str
    text: str
    things: tuple[str, ...] = ALL
    pictures: int = 0
    html: bool = False


MATTERS: tuple[Matter, ...] = (
    Matter(
        "en",
        "Order {order}: when will it arrive?",
        "I ordered the {thing} on {date} and the page still says "
        "«being packed». We leave on {day}. Will it be here in time?",
    ),
    Matter(
        "en",
        "Wrong size in order {order}",
        "The {thing} came today, thank you, but in size {size}. I had ordered one size up. "
        "Do you send the right one before I return this one?",
        COATS + BOOTS,
    ),
    Matter(
        "en",
        "Zip of the {thing} stuck",
        "The zip of my {thing} catches in the cover after about ten centimetres. A picture is "
        "attached. Can this be repaired, or is it a case for the warranty?",
        TENTS + COATS + SLEEP,
        pictures=1,
    ),
    Matter(
        "en",
        "Return of order {order}",
        "I would like to send the {thing} back, it has not been used. Where do I find the label, "
        "and how long do I have?",
    ),
    Matter(
        "en",
        "Where is my refund?",
        "The {thing} went back to you on {date}. Order {order}, {amount} euros. "
        "Nothing has reached my account so far. Could you look into it, please?",
    ),
    Matter(
        "en",
        "Question about the {thing}",
        "Is the {thing} warm enough for October nights around zero, or should I look at the "
        "next one up? I am 1.86 m, if that matters.",
    ),
    Matter(
        "en",
        "{thing} in another colour?",
        "Will the {thing} be back in moss green? I would wait two or three weeks for it.",
        COATS + PACKS + TENTS,
    ),
    Matter(
        "en",
        "Parcel says delivered, nothing here",
        "The carrier claims that order {order} was handed over on {day} at 11:40. "
        "I was at home and nobody rang. The neighbours have nothing either.",
    ),
    Matter(
        "en",
        "Invoice for order {order}",
        "Could you send me the invoice for order {order} with our VAT number on it? "
        "It is for the company's accounts, they close the month on {day}.",
        html=True,
    ),
    Matter(
        "en",
        "Spare part for the {thing}",
        "One of the buckles of my {thing} has broken. Do you sell them one by one?",
        PACKS,
    ),
    Matter(
        "en",
        "Cancel order {order}, please",
        "I ordered the {thing} twice by mistake. Please cancel the second one, order {order}, "
        "if it has not left yet.",
    ),
    Matter(
        "en",
        "Gift card not accepted",
        "The checkout says that the code of my gift card is unknown. I have typed it three times. "
        "The card is from you and worth {amount} euros.",
        html=True,
    ),
    Matter(
        "en",
        "Group order, 12 x {thing}",
        "Our walking club would like twelve of the {thing}. Is there a price for groups, "
        "and could they come in one parcel to {city}?",
        PACKS + COATS + LAMPS,
    ),
    Matter(
        "de",
        "Bestellung {order}: Liefertermin?",
        "ich habe am {date} die Bestellung {order} aufgegeben ({thing}). Bis wann darf ich "
        "mit der Lieferung rechnen? Wir fahren am {day} los.",
    ),
    Matter(
        "de",
        "Falsche Größe geliefert ({order})",
        "heute kam das Paket, leider mit {thing} in Größe {size} statt einer Nummer größer. "
        "Können Sie mir die richtige Größe schicken?",
        COATS + BOOTS,
    ),
    Matter(
        "de",
        "Reklamation {thing}",
        "nach vier Touren löst sich beim {thing} die Naht, siehe Foto. Die Rechnung habe ich "
        "noch. Wie gehen wir vor?",
        PACKS + COATS + TENTS,
        pictures=1,
    ),
    Matter(
        "de",
        "Rücksendung zu {order}",
        "ich möchte {thing} zurückgeben, unbenutzt und mit Etikett. Wo finde ich den\nRücksendeschein?",
    ),
    Matter(
        "de",
        "Erstattung fehlt noch",
        "meine Rücksendung zu {order} liegt laut Sendungsverfolgung seit dem {date} bei Ihnen. "
        "Die {amount} Euro sind noch nicht auf meinem Konto. Bitte prüfen Sie das.",
    ),
    Matter(
        "de",
        "Frage zum Modell {thing}",
        "hält der {thing} auch bei minus fünf Grad noch warm? Und welches Packmaß hat er?",
        SLEEP,
    ),
    Matter(
        "de",
        "Rechnung mit Firmenadresse ({order})",
        "bitte stellen Sie die Rechnung zu {order} auf unsere Firma um, Anschrift wie in der "
        "Signatur. Vielen Dank!",
        html=True,
    ),
    Matter(
        "de",
        "Paket angeblich zugestellt",
        "laut Zusteller wurde Bestellung {order} am {day} beim Nachbarn abgegeben. Dort weiß "
        "niemand etwas davon. Können Sie nachforschen?",
    ),
    Matter(
        "de",
        "{thing} wieder lieferbar?",
        "wann gibt es {thing} wieder? Im Laden in {city} sagte man mir, er komme noch einmal.",
    ),
    Matter(
        "de",
        "Adresse ändern, Bestellung {order}",
        "könnten Sie Bestellung {order} bitte an meine Arbeit in {city} schicken? Zu Hause nimmt "
        "tagsüber niemand etwas an.",
    ),
    Matter(
        "de",
        "Kocher {thing} zündet nicht",
        "der Piezozünder klickt, aber es kommt keine Flamme. Mit dem Feuerzeug geht es. "
        "Ist das ein bekanntes Problem?",
        STOVES,
    ),
    Matter(
        "fr",
        "Commande {order} toujours pas reçue",
        "Ma commande {order} ({thing}) devait arriver {day}. Le suivi n'a pas bougé depuis le "
        "{date}. Pouvez-vous vous renseigner ?",
    ),
    Matter(
        "fr",
        "Échange de taille : {thing}",
        "Le modèle {thing} en taille {size} est trop petit. Est-il possible de l'échanger, et le "
        "retour "
        "est-il à ma charge ?",
        COATS + BOOTS,
    ),
    Matter(
        "fr",
        "Couture défaite sur {thing}",
        "Une couture a lâché dès la première sortie, voir la photo. Que me proposez-vous ?",
        PACKS + TENTS,
        pictures=1,
    ),
    Matter(
        "fr",
        "Facture de la commande {order}",
        "Pourriez-vous m'envoyer la facture au nom de mon association ? Il nous la faut avant {day}.",
    ),
    Matter(
        "es",
        "Pedido {order} sin noticias",
        "Hice el pedido {order} el {date} y no he recibido ningún aviso de envío. ¿Sabéis cuándo "
        "sale? Es un regalo.",
    ),
    Matter(
        "es",
        "Devolución de {thing}",
        "Quisiera devolver el modelo {thing}, está sin usar. ¿Cómo lo hago desde {city}?",
    ),
    Matter(
        "it",
        "Ordine {order}: taglia sbagliata",
        "Ho ricevuto {thing} in taglia {size}, ma avevo ordinato quella più grande. "
        "Come posso fare il cambio?",
        COATS + BOOTS,
    ),
    Matter(
        "it",
        "Rimborso non arrivato",
        "Il reso dell'ordine {order} è da voi dal {date}, ma i {amount} euro non sono ancora sul mio conto.",
    ),
    Matter(
        "nl",
        "Bestelling {order} nog niet binnen",
        "Volgens de site is bestelling {order} op {date} verzonden, maar er is nog niets. "
        "Kunnen jullie dit nakijken?",
    ),
    Matter(
        "nl",
        "Vraag over {thing}",
        "Past er een fles van anderhalve liter in het zijvak van {thing}?",
        PACKS,
    ),
    Matter(
        "pl",
        "Zamówienie {order}",
        "Kiedy mogę się spodziewać przesyłki? Zamówiłem {thing} dnia {date}.",
    ),
    Matter(
        "pl",
        "Reklamacja: {thing}",
        "Po dwóch wyjazdach pękła klamra. Zdjęcie w załączniku. Czy mogą Państwo przysłać nową?",
        PACKS,
        pictures=1,
    ),
    Matter(
        "sv",
        "Order {order}: fel färg",
        "Jag fick {thing} i grått men hade beställt blått. Hur byter jag?",
        COATS + PACKS,
    ),
    Matter(
        "ja",
        "注文 {order} の到着日について",
        "{date} に注文した「{thing}」はいつ届きますか。{day} から出かける予定です。",
    ),
    Matter(
        "ja",
        "「{thing}」のサイズについて",
        "身長 170 cm ですが、サイズ {size} で合いますでしょうか。",
        COATS,
    ),
    Matter(
        "it",
        "Cerniera di {thing} difettosa",
        "La cerniera si blocca a metà, allego una foto. È possibile ripararla o rientra nella garanzia?",
        TENTS + SLEEP,
        pictures=1,
    ),
    Matter(
        "it",
        "Domanda su {thing}",
        "Qual è la differenza di peso rispetto al modello precedente? Vorrei usarlo in giugno.",
    ),
    Matter(
        "es",
        "Cambio de talla en el pedido {order}",
        "{thing} me queda pequeño. ¿Puedo cambiarlo por una talla más? Todavía lleva la etiqueta.",
        COATS + BOOTS,
    ),
    Matter(
        "nl",
        "Retour van {thing}",
        "Ik wil {thing} graag terugsturen, het is niet gebruikt. Waar vind ik het label?",
    ),
    Matter(
        "pl",
        "Zwrot {thing}",
        "Chciałabym zwrócić zamówienie {order}. Gdzie znajdę etykietę?",
    ),
    Matter(
        "sv",
        "När kommer {thing} in igen?",
        "Jag väntar gärna några veckor. Kan ni höra av er när den finns i {city}?",
    ),
)

SHARES = {"en": 10, "de": 10, "fr": 3, "es": 2, "it": 2, "nl": 1, "pl": 1, "sv": 1, "ja": 1}
"""How often each language is written, in parts."""

GREETINGS: dict[str, tuple[str, ...]] = {
    "en": ("Hello,", "Hi there,", "Good morning,", "Dear team,", ""),
    "de": ("Guten Tag,", "Hallo,", "Sehr geehrte Damen und Herren,", "Liebes Team,"),
    "fr": ("Bonjour,", "Madame, Monsieur,"),
    "es": ("Hola:", "Buenos días:"),
    "it": ("Buongiorno,", "Salve,"),
    "nl": ("Hallo,", "Goedendag,"),
    "pl": ("Dzień dobry,",),
    "sv": ("Hej!",),
    "ja": ("お世話になっております。",),
}
ENDS: dict[str, tuple[str, ...]] = {
    "en": ("Kind regards", "Thanks in advance", "Best wishes", "Many thanks", "Yours"),
    "de": ("Mit freundlichen Grüßen", "Viele Grüße", "Beste Grüße", "Danke im Voraus"),
    "fr": ("Cordialement", "Merci d'avance"),
    "es": ("Un saludo", "Gracias"),
    "it": ("Cordiali saluti", "Grazie"),
    "nl": ("Met vriendelijke groet", "Groeten"),
    "pl": ("Pozdrawiam",),
    "sv": ("Vänliga hälsningar",),
    "ja": ("よろしくお願いいたします。",),
}
DAYS: dict[str, tuple[str, ...]] = {
    "en": ("Wednesday", "Thursday", "Friday", "Saturday"),
    "de": ("Mittwoch", "Donnerstag", "Freitag", "Samstag"),
    "fr": ("mercredi", "jeudi", "vendredi", "samedi"),
    "es": ("miércoles", "jueves", "viernes", "sábado"),
    "it": ("mercoledì", "giovedì", "venerdì", "sabato"),
    "nl": ("woensdag", "donderdag", "vrijdag", "zaterdag"),
    "pl": ("środa", "czwartek", "piątek", "sobota"),
    "sv": ("onsdag", "torsdag", "fredag", "lördag"),
    "ja": ("水曜日", "木曜日", "金曜日", "土曜日"),
}
CITIES = (
    "Leeds",
    "Graz",
    "Lyon",
    "Kassel",
    "Turin",
    "Utrecht",
    "Malmö",
    "Bilbao",
    "Kraków",
    "Bristol",
    "Bern",
)

AGAIN: dict[str, str] = {
    "en": "I have not heard from you yet, so once more: could you tell me what happens next?",
    "de": "ich habe noch nichts von Ihnen gehört. Können Sie mir bitte sagen, wie es weitergeht?",
    "fr": "Je me permets de revenir vers vous, n'ayant pas encore eu de réponse.",
    "es": "Todavía no he tenido respuesta. ¿Podéis decirme algo?",
    "it": "Non ho ancora ricevuto una risposta. Potete farmi sapere?",
    "nl": "Ik heb nog niets gehoord. Kunnen jullie mij laten weten hoe het verder gaat?",
    "pl": "Nie dostałem jeszcze odpowiedzi. Bardzo proszę o informację.",
    "sv": "Jag har inte fått något svar än. Kan ni höra av er?",
    "ja": "まだお返事をいただいておりません。ご確認をお願いいたします。",
}
"""What somebody writes who waits."""

ANSWERS: dict[str, tuple[str, ...]] = {
    "en": (
        "thank you for your mail. I have looked it up: it left us this morning and should be with you in two days.",
        "sorry for the trouble. A new one is on its way; please keep the other until our carrier calls for it.",
        "of course. You find the label in your account under «Orders»; the way back costs you nothing.",
    ),
    "de": (
        "vielen Dank für Ihre Nachricht. Ich habe nachgesehen: Das Paket hat uns heute Morgen verlassen.",
        "das tut mir leid. Ersatz ist unterwegs; der Rückschein liegt in Ihrem Konto unter «Bestellungen».",
        "gerne. Ich habe es so eingetragen, Sie bekommen gleich noch eine Bestätigung.",
    ),
    "fr": (
        "merci de votre message. J'ai vérifié : le colis est parti ce matin, le retour est à notre charge.",
    ),
    "es": ("gracias por tu mensaje. Lo he comprobado: sale hoy y llega en dos o tres días.",),
    "it": ("grazie per il messaggio. Ho controllato: parte oggi, il reso è a nostro carico.",),
    "nl": ("bedankt voor je bericht. Ik heb het nagekeken: het gaat vandaag de deur uit.",),
    "pl": ("dziękujemy za wiadomość. Sprawdziłam: przesyłka wychodzi dzisiaj.",),
    "sv": ("tack för ditt mejl. Jag har tittat: det går iväg i dag.",),
    "ja": ("お問い合わせありがとうございます。本日発送いたします。",),
}
"""What a colleague answers, below the name."""

DEAR: dict[str, str] = {
    "en": "Hello {name},",
    "de": "Guten Tag {name},",
    "fr": "Bonjour {name},",
    "es": "Hola, {name}:",
    "it": "Buongiorno {name},",
    "nl": "Hallo {name},",
    "pl": "Dzień dobry {name},",
    "sv": "Hej {name}!",
    "ja": "{name} 様",
}

THANKS: dict[str, str] = {
    "en": "Perfect, thank you for the quick answer!",
    "de": "Super, vielen Dank für die schnelle Antwort!",
    "fr": "Parfait, merci beaucoup !",
    "es": "¡Perfecto, muchas gracias!",
    "it": "Perfetto, grazie mille!",
    "nl": "Top, bedankt!",
    "pl": "Świetnie, dziękuję!",
    "sv": "Perfekt, tack!",
    "ja": "早速のご返信ありがとうございます。",
}
FURTHER: dict[str, str] = {
    "en": "Thanks. One more thing: could it come to my work instead? It is 14 Canal Street, {city}.",
    "de": "Danke. Eine Frage noch: Ginge es auch an meine Arbeit, Hauptstraße 14 in {city}?",
    "fr": "Merci. Encore une question : la livraison est-elle possible au bureau, à {city} ?",
    "es": "Gracias. Una cosa más: ¿puede llegar al trabajo, en {city}?",
    "it": "Grazie. Un'altra cosa: può arrivare in ufficio, a {city}?",
    "nl": "Dank je. Nog één ding: kan het ook naar mijn werk in {city}?",
    "pl": "Dziękuję. Jeszcze jedno: czy może przyjść do pracy, {city}?",
    "sv": "Tack. En sak till: kan det skickas till jobbet i {city}?",
    "ja": "ありがとうございます。もう一点、{city} の職場に送っていただけますか。",
}

NOTICES: tuple[tuple[str, str, str, str], ...] = (
    (
        "Parcel Service",
        "no-reply@parcels.example",
        "Your shipment {order} has been delivered",
        "Shipment {order} was delivered. This message was sent automatically.",
    ),
    (
        "Parcel Service",
        "no-reply@parcels.example",
        "Pick-up {order} is planned for Monday",
        "Our driver comes between 14:00 and 16:00. This message was sent automatically.",
    ),
    (
        "Paywell",
        "service@paywell.example",
        "Payout of {amount} EUR is on its way",
        "A payout of {amount} EUR was started. Do not answer this mail.",
    ),
    (
        "Outdoor Trade Weekly",
        "news@tradeweekly.example",
        "This week: lighter tents, dearer down",
        "The week in outdoor trade. You receive this because you subscribed.",
    ),
    (
        "Shop reviews",
        "digest@stars.example",
        "4 new reviews of Fernweh Outdoor",
        "Four customers have said what they think of you this week.",
    ),
    (
        "Backup",
        "backup@hosting.example",
        "Backup finished: shop-db",
        "The backup finished without a fault.",
    ),
)
"""Machine mail: name, address, subject, text."""
