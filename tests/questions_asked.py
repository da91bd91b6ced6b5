"""What customers write, and what of it asks: made for these tests, in eight languages and a few more.

EARLY was written beside the tables of `inbox.question_words`, LATE after they were finished; both are scored apart.
"""

from __future__ import annotations

Case = tuple[str, tuple[str, ...]]

EARLY: dict[str, tuple[Case, ...]] = {
    "en": (
        ("Can you believe it? It works now! Let me know if you need anything else.", ()),
        ("Where can I find the manual.I lost mine.", ("Where can I find the manual.",)),
        ("Hello,\n\nwhere is my parcel? It should be here.\n\nJo", ("where is my parcel?",)),
        ("Hi Anna, how are you?\nWhere is order 4711", ("Where is order 4711",)),
        ("When I opened the box, the lamp was broken. What I need is a new one.", ()),
        (
            "I have two things. 1. Can I change the address? 2. Do you ship to Norway?",
            ("Can I change the address?", "Do you ship to Norway?"),
        ),
        ("Please send invoice 2231 again.\nThanks!", ("Please send invoice 2231 again.",)),
        ("Please find my order below. Please note the new address.", ()),
        ("See https://shop.example/item?id=4&size=2 - that one fits me.", ()),
        (
            "Is it this one: https://shop.example/item?id=4?",
            ("Is it this one: https://shop.example/item?id=4?",),
        ),
        ("> Where is it?\n> Jo\n\nIt came today, thank you.", ()),
        (
            "I was wondering whether you sell the shade on its own.",
            ("I was wondering whether you sell the shade on its own.",),
        ),
        (
            "could you check with dr. smith if the lamp was returned",
            ("could you check with dr. smith if the lamp was returned",),
        ),
        ("Really??? Is this a joke?", ()),
        ("I asked “where is it?” and nobody answered me.", ()),
        ("I ordered on Monday, when will it arrive", ("I ordered on Monday, when will it arrive",)),
        ("Let me know when it ships.", ("Let me know when it ships.",)),
    ),
    "de": (
        ("moin, noch nix da, könnt ihr mal schauen", ("noch nix da, könnt ihr mal schauen",)),
        ("Haben Sie vielen Dank für Ihre Hilfe. Ist mir egal. Sind die Sachen da, melde ich mich.", ()),
        ("Guten Tag,\n\nwo bleibt meine Bestellung?\n\nGruß\nK. Meier", ("wo bleibt meine Bestellung?",)),
        ("wann kommt das paket an", ("wann kommt das paket an",)),
        (
            "Bitte schicken Sie mir die Rechnung Nr. 2231 noch einmal.",
            ("Bitte schicken Sie mir die Rechnung Nr. 2231 noch einmal.",),
        ),
        ("Bitte entschuldigen Sie die späte Antwort.", ()),
        (
            "Wie geht es Ihnen? Ich wollte fragen, ob die Lampe wieder da ist.",
            ("Ich wollte fragen, ob die Lampe wieder da ist.",),
        ),
        ("Wie besprochen schicke ich das Gerät am 3. Mai zurück.", ()),
        (
            "Können Sie mir sagen, wie lange die Lieferung dauert",
            ("Können Sie mir sagen, wie lange die Lieferung dauert",),
        ),
        ("Wenn das nicht geht, kann ich es zurückschicken.", ()),
        ("Ich bitte um Rückruf.", ("Ich bitte um Rückruf.",)),
        (
            "Gibt es die Lampe auch in Blau? Und was kostet sie?",
            ("Gibt es die Lampe auch in Blau?", "Und was kostet sie?"),
        ),
    ),
    "fr": (
        ("Bonjour,\noù en est ma commande ?\nMerci", ("où en est ma commande ?",)),
        (
            "Bonjour, comment allez-vous ? Pouvez-vous m'envoyer la facture ?",
            ("Pouvez-vous m'envoyer la facture ?",),
        ),
        (
            "Merci de me rembourser dans les meilleurs délais.",
            ("Merci de me rembourser dans les meilleurs délais.",),
        ),
        ("Merci d'avance et merci de votre réponse.", ()),
        ("Veuillez agréer, Madame, mes salutations distinguées.", ()),
        ("je voudrais savoir quand je serai livré", ("je voudrais savoir quand je serai livré",)),
        ("Quand je l'ai ouvert, le colis était vide.", ()),
    ),
    "es": (
        ("Hola, ¿cuándo llega mi pedido? Gracias", ("¿cuándo llega mi pedido?",)),
        ("Hola buenas, ¿qué tal?\n¿Me pueden enviar la factura?", ("¿Me pueden enviar la factura?",)),
        ("donde esta mi paquete", ("donde esta mi paquete",)),
        ("Por favor, confirmen la dirección.", ("Por favor, confirmen la dirección.",)),
        ("Cuando abrí la caja, estaba rota.", ()),
        ("Quisiera saber si hacen envíos a Canarias.", ("Quisiera saber si hacen envíos a Canarias.",)),
    ),
    "it": (
        ("Buongiorno,\ndov'è il mio pacco?\nSaluti", ("dov'è il mio pacco?",)),
        ("Ciao, come stai? Quando arriva l'ordine", ("Quando arriva l'ordine",)),
        ("Potete inviarmi la fattura per favore", ("Potete inviarmi la fattura per favore",)),
        ("Vorrei sapere se è possibile cambiare taglia.", ("Vorrei sapere se è possibile cambiare taglia.",)),
        ("Quando ho aperto la scatola era rotta.", ()),
        ("Cordiali saluti e grazie.", ()),
    ),
    "nl": (
        ("Beste,\n\nwaar blijft mijn bestelling?", ("waar blijft mijn bestelling?",)),
        ("Hoe gaat het met u? Kunt u mij de factuur sturen", ("Kunt u mij de factuur sturen",)),
        ("Graag ontvang ik een bevestiging.", ("Graag ontvang ik een bevestiging.",)),
        ("Als het niet kan, kan ik het terugsturen.", ()),
        (
            "Wanneer wordt het pakket geleverd. Hoe lang duurt dat",
            ("Wanneer wordt het pakket geleverd.", "Hoe lang duurt dat"),
        ),
        ("Toen ik de doos opende, was de lamp kapot.", ()),
    ),
    "pl": (
        ("Dzień dobry,\nczy paczka została już wysłana?", ("czy paczka została już wysłana?",)),
        ("kiedy otrzymam zwrot pieniędzy", ("kiedy otrzymam zwrot pieniędzy",)),
        ("Proszę o przesłanie faktury.", ("Proszę o przesłanie faktury.",)),
        ("Kiedy otworzyłem paczkę, lampa była rozbita.", ()),
        ("Co słychać? Gdzie jest moja paczka", ("Gdzie jest moja paczka",)),
        ("Pozdrawiam i dziękuję.", ()),
    ),
    "ja": (
        (
            "お世話になっております。\n商品はいつ届きますか。\nよろしくお願いいたします。",
            ("商品はいつ届きますか。",),
        ),
        ("お元気ですか。返品できますか？", ("返品できますか？",)),
        ("請求書を送ってください。", ("請求書を送ってください。",)),
        ("箱を開けたら壊れていました。", ()),
        ("キャンセルは可能でしょうか。", ("キャンセルは可能でしょうか。",)),
    ),
    "pt": (
        ("Bom dia, quando chega a minha encomenda?", ("quando chega a minha encomenda?",)),
        ("Por favor, enviem a fatura.", ("Por favor, enviem a fatura.",)),
    ),
    "sv": (
        ("Hej! När kommer mitt paket", ("När kommer mitt paket",)),
        ("Kan ni skicka kvittot igen", ("Kan ni skicka kvittot igen",)),
    ),
    "da": (
        ("Hej,\nhvor er min pakke?", ("hvor er min pakke?",)),
        ("Hvornår kommer den", ("Hvornår kommer den",)),
    ),
    "ru": (
        ("Здравствуйте, где мой заказ?", ("где мой заказ?",)),
        ("Пришлите, пожалуйста, счёт.", ("Пришлите, пожалуйста, счёт.",)),
    ),
    "zh": (("你好，请问什么时候发货？", ("请问什么时候发货？",)), ("可以退货吗", ("可以退货吗",))),
    "ar": (("مرحبا، أين طلبي؟", ("مرحبا، أين طلبي؟",)),),
    "el": (("Καλημέρα. Πότε θα έρθει το δέμα μου; Ευχαριστώ.", ("Πότε θα έρθει το δέμα μου;",)),),
}

LATE: dict[str, tuple[Case, ...]] = {
    "en": (
        (
            "Hi there,\n\nI returned the jacket two weeks ago but have not heard anything since.\n"
            "Has the refund been processed yet? If not, how long will it take?\n\nBest,\nMaria",
            ("Has the refund been processed yet?", "If not, how long will it take?"),
        ),
        ("Do you have this in size M", ("Do you have this in size M",)),
        ("Thanks for the quick reply! That answers everything.", ()),
        ("Any update on my order", ("Any update on my order",)),
        ("What a lovely shop you have. Where we live there is nothing like it.", ()),
        (
            "Would it be possible to pick it up in the shop on Saturday",
            ("Would it be possible to pick it up in the shop on Saturday",),
        ),
        ("kindly resend the tracking link", ("kindly resend the tracking link",)),
        ("Hello??? Anybody there???", ()),
        ("It cost $12.50 incl. VAT. Is that right?", ("Is that right?",)),
    ),
    "de": (
        ("Hallo zusammen, ist die Ware inzwischen raus? LG Tom", ("ist die Ware inzwischen raus?",)),
        ("Haben Sie das Regal auch in Eiche", ("Haben Sie das Regal auch in Eiche",)),
        (
            "Sehr geehrte Damen und Herren,\nhiermit widerrufe ich den Vertrag. Bitte bestätigen Sie den Eingang.",
            ("Bitte bestätigen Sie den Eingang.",),
        ),
        ("Das Paket kam an, als wir im Urlaub waren. Wir haben es gestern geöffnet.", ()),
        (
            "Ich möchte gern wissen, warum mein Konto gesperrt wurde.",
            ("Ich möchte gern wissen, warum mein Konto gesperrt wurde.",),
        ),
        (
            "Darf ich die Lampe umtauschen?\nWas muss ich dafür tun?",
            ("Darf ich die Lampe umtauschen?", "Was muss ich dafür tun?"),
        ),
        ("Alles gut, danke! Wie schön.", ()),
    ),
    "fr": (
        ("Bonjour, j'ai commandé le 3 mars et je n'ai rien reçu. Est-ce normal ?", ("Est-ce normal ?",)),
        ("Quel est le délai de livraison pour la Suisse", ("Quel est le délai de livraison pour la Suisse",)),
        ("Avez-vous ce modèle en bleu", ("Avez-vous ce modèle en bleu",)),
        ("Merci pour votre aide, tout fonctionne.", ()),
        ("Ça va ? Dites-moi quand vous serez ouverts.", ("Dites-moi quand vous serez ouverts.",)),
    ),
    "es": (
        (
            "Buenas tardes, hice un pedido la semana pasada. ¿Podrían decirme si ya salió?",
            ("¿Podrían decirme si ya salió?",),
        ),
        ("cuanto cuesta el envio a mexico", ("cuanto cuesta el envio a mexico",)),
        ("Gracias por todo, ya llegó.", ()),
        ("Les ruego que me devuelvan el dinero.", ("Les ruego que me devuelvan el dinero.",)),
    ),
    "it": (
        ("Salve, il pacco risulta consegnato ma non l'ho ricevuto. Cosa devo fare?", ("Cosa devo fare?",)),
        ("È possibile ritirare in negozio", ("È possibile ritirare in negozio",)),
        ("Vi prego di rispondermi al più presto.", ("Vi prego di rispondermi al più presto.",)),
        ("Tutto perfetto, grazie mille!", ()),
    ),
    "nl": (
        ("Goedemiddag, is mijn retour al verwerkt?", ("is mijn retour al verwerkt?",)),
        ("Welke maat moet ik nemen", ("Welke maat moet ik nemen",)),
        ("Bedankt, het is opgelost.", ()),
        ("Kan ik de bestelling nog wijzigen", ("Kan ik de bestelling nog wijzigen",)),
    ),
    "pl": (
        ("Witam, ile kosztuje wysyłka do Niemiec?", ("ile kosztuje wysyłka do Niemiec?",)),
        ("Proszę anulować zamówienie nr 4711.", ("Proszę anulować zamówienie nr 4711.",)),
        ("Dziękuję, wszystko już działa.", ()),
        ("czy można zapłacić kartą", ("czy można zapłacić kartą",)),
    ),
    "ja": (
        (
            "サイズ交換はできますか？送料はいくらですか？",
            ("サイズ交換はできますか？", "送料はいくらですか？"),
        ),
        ("届きました。ありがとうございました。", ()),
        (
            "まだ届いていないのですが、確認していただけますか。",
            ("まだ届いていないのですが、確認していただけますか。",),
        ),
        ("よろしくお願いいたします。", ()),
    ),
    "pt": (
        ("Olá, já enviaram a minha encomenda?", ("já enviaram a minha encomenda?",)),
        ("Tudo certo, obrigado!", ()),
    ),
    "sv": (
        ("Hej, hur lång är leveranstiden?", ("hur lång är leveranstiden?",)),
        ("Tack så mycket, allt är bra nu.", ()),
    ),
    "ru": (("Можно ли вернуть товар", ("Можно ли вернуть товар",)),),
    "zh": (("请问可以开发票吗", ("请问可以开发票吗",)),),
    "ko": (("안녕하세요. 언제 배송되나요", ("언제 배송되나요",)),),
}
