"""What mail programs and people write around their words, by language: tables that grow by a line.

A line is "language = template | template …"; a language may have as many lines as it needs. In a template "…" stands
for any text and blank space for any blank space; capitals do not matter. A template covers the whole line (or the
lines it was wrapped into). To teach Frontdesk another program or language, add its line here and a letter of its
shape to tests/letters/; code need not change (docs/reading-mail.md tells how the tables are used).
"""

from __future__ import annotations

from collections.abc import Iterator


def rows(table: str) -> Iterator[tuple[str, list[str]]]:
    """A table's lines: the language, and what stands between the bars."""
    for line in table.strip().split("\n"):
        language, _, templates = line.partition(" = ")
        yield language.strip(), [each.strip(" ") for each in templates.split(" | ")]


def templates(table: str) -> list[str]:
    """Everything in a table, whatever the language."""
    return [each for _, row in rows(table) for each in row if each]


WROTE = """
English = On … wrote: | At … wrote: | In article … wrote: | In message … wrote: | … wrote: | … wrote on …: | … writes:
English = … said: | On … mentioned: | … stated:
English = On … said: | Quoting …: | On …, … via … wrote:| ---- On … wrote --- | … wrote at …:
German = Am … schrieb …: | Am … schrieb: | Am … geschrieben: | Am … wrote: | … schrieb am …: | … schrieb: | … schrieb …:
German = … geschrieben: | Zitat von …:| ---- Am … schrieb --- | Du schriebst …: | Sie schrieben …:
French = Le … a écrit : | Le … a ecrit : | Le … écrivait : | En date de … a écrit : | … a écrit : | … a écrit le …:
French = … écrit : | Selon …: | Le … écrit :| ---- Le … a écrit ---
Spanish = El … escribió: | El … escribio: | En … escribió: | El … ha escrito: | … escribió: | … escribió el …:
Spanish = … escribió …:
Spanish = Citando a …: | A las … escribió:| ---- El … escribió ---
Catalan = Missatge de … del dia …: | El … va escriure: | … va escriure:
Italian = Il … ha scritto: | Il … scrive: | Il … scriveva: | In data … ha scritto: | … ha scritto: | … ha scritto il …:
Italian = … scrive: | Alle … ha scritto:| ---- Il … ha scritto ---
Portuguese = Em … escreveu: | Em … escreveu …: | No dia … escreveu: | Na data de … escreveu: | A … escreveu: | … escreveu:
Portuguese = … escreveu no dia …: | … escreveu (…): | … escreveu em …: | Citando …: | Às … escreveu: | Em … disse:
Dutch = Op … schreef …: | Op … schreef: | Op … geschreven: | … schreef: | … schreef op …: | … schreef …: | Citeren …:
Polish = W dniu … pisze: | W dniu … napisał(a): | W dniu … napisał: | W dniu … napisała: | Dnia … napisał(a):
Polish = Dnia … napisał: | Dnia … napisała: | Wiadomość napisana przez … w dniu …: | Wiadomość napisana w dniu …:
Polish = … napisał(a): | … napisał: | … napisała: | … pisze: | Cytowanie …: | Dnia … napisał(a) …: | … napisał(a) w dniu …:
Swedish = Den … skrev …: | Den … skrev: | På … skrev …: | Kl … skrev …: | … skrev: | … skrev …: | Citerar …: | … skrev den …:
Danish = Den … skrev …: | D. … skrev …: | På … skrev …: | … skrev den …: | … skrev følgende den …: | Citat …:
Norwegian = På … skrev …: | … skrev følgende …: | Sitat …: | … skrev …: | Den … skrev …:
Icelandic = Þann … skrifaði …: | … skrifaði: | Hinn … reit …:
Finnish = … kirjoitti: | … kirjoitti …: | Lainaus …:
Estonian = … kirjutas: | … kirjutas …: | Kuupäeval … kirjutas …:
Latvian = … rakstīja: | … rakstīja …:
Lithuanian = … rašė: | … rašė …: | … parašė:
Czech = Dne … napsal(a): | Dne … napsal: | Dne … napsala: | … napsal(a): | … napsal: | … napsala: | Dne … napsal(a) …:
Slovak = Dňa … napísal(a): | Dňa … napísal: | Dňa … napísala: | … napísal(a): | … napísal: | … napísala: | … napísal(a) …:
Slovenian = Dne … je napisal: | Dne … je … napisal: | … je napisal/-a: | … je napisala oseba …: | … je napisal …:
Slovenian = … je oseba … napisala:
Croatian = Dana … napisao je: | … je napisao/la: | … napisao je: | … napisala je: | … je napisao: | … napisao/la je:
Croatian = … je napisala: | Dana … je … napisao/la: | … piše:
Serbian = … је написао/ла: | … пише: | Дана … је написао: | … је написао: | … написа:
Hungarian = … ezt írta …: | … írta: | … időpontban … ezt írta: | … írta (…):
Romanian = Pe … a scris: | În … a scris: | … a scris: | La … a scris:
Bulgarian = На … написа: | … написа: | На … писа:
Turkish = … şunları yazdı: | … şunu yazdı: | … yazdı: | … şunları yazdı (…): | … tarihinde … yazdı:
Greek = Στις … έγραψε: | … έγραψε: | Στις … ο χρήστης … έγραψε:
Russian = … пишет: | … писал: | … писала: | … писал(а): | … написал: | … написала: | … написал(а): | Вы писали …:
Ukrainian = … пише: | … написав: | … написав(-ла): | … написала: | … написав(ла): | Ви писали …:
Hebrew = … כתב: | … כתבה: | בתאריך … מאת …: | … כתב/ה:
Arabic = … كتب: | كتب …: | … كتبت: | في … كتب …: | في … كتب: | في … تمت كتابة ما يلي بواسطة …:
Persian = … نوشت: | در … نوشت:
Japanese = …のメール: | …のメッセージ: | …は書きました: | …が書きました: | …wrote: | …さんは書きました: | …さんのメール:
Japanese = …のメール：
Chinese = 在…写道: | 在…寫道: | 于…写道: | 於…寫道: | …写道: | …寫道: | …写到: | …寫到:
Korean = …님이 작성: | …작성: | …님이 썼습니다: | …이(가) 쓴 글: | …님이 작성한 메시지:
Vietnamese = … đã viết: | Vào … đã viết: | … viết:
Indonesian = Pada … menulis: | … menulis:
Thai = … เขียนว่า: | เมื่อ … เขียนว่า:
Hindi = … ने लिखा:
Galician = O … escribiu: | … escribiu:
Basque = … igorleak hau idatzi du (…): | … idatzi du:
Afrikaans = Op … het … geskryf: | … het geskryf:
Filipino = Noong … isinulat ni …:
Malay = Pada … tulis:
Macedonian = На … напиша: | … напиша:
Belarusian = … піша: | … напісаў: | … напісала:
"""
"""The line above a quote. One that begins with "…" counts only with a date, an address or quote marks below it."""

ORIGINAL = """
English = Original Message | Original | Original mail | Original Email | Reply message | Previous message
German = Ursprüngliche Nachricht | Originalnachricht | Original-Nachricht | Originale Nachricht | Ursprüngliche E-Mail
French = Message d'origine | Message original | E-mail d'origine | Courriel original | Message initial
Spanish = Mensaje original | Mensaje anterior | Correo original
Italian = Messaggio originale | Messaggio Originale | Messaggio d'origine
Portuguese = Mensagem original | Mensagem anterior
Dutch = Oorspronkelijk bericht | Oorspronkelijke bericht | Origineel bericht | Originele bericht
Polish = Wiadomość oryginalna | Oryginalna wiadomość | Pierwotna wiadomość
Swedish = Ursprungligt meddelande | Originalmeddelande | Originalmeddelandet
Danish = Oprindelig meddelelse | Original meddelelse | Oprindelig besked | Original besked
Norwegian = Opprinnelig melding | Original melding
Finnish = Alkuperäinen viesti
Czech = Původní zpráva | Původní e-mail
Slovak = Pôvodná správa
Slovenian = Izvirno sporočilo
Croatian = Izvorna poruka | Originalna poruka | Оригинална порука
Hungarian = Eredeti üzenet
Romanian = Mesaj original | Mesajul original
Bulgarian = Оригинално съобщение
Turkish = Orijinal İleti | Orijinal Mesaj | Özgün İleti | Orjinal Mesaj
Greek = Αρχικό μήνυμα
Russian = Исходное сообщение | Исходное письмо | Оригинальное сообщение | Первоначальное сообщение
Ukrainian = Оригінальне повідомлення | Початкове повідомлення | Вихідне повідомлення
Hebrew = הודעה מקורית
Arabic = الرسالة الأصلية | رسالة أصلية
Japanese = 元のメッセージ | 元のメール | Original Message | オリジナルメッセージ
Chinese = 原始邮件 | 原始郵件 | 邮件原件 | 原邮件 | 原始信息 | 原始訊息 | 回复的原邮件 | 回复的邮件 | 原郵件
Korean = 원본 메시지 | 원본 메일 | 원본 이메일
Vietnamese = Thư gốc | Tin nhắn gốc
Indonesian = Pesan Asli | Pesan asal
Thai = ข้อความต้นฉบับ
Persian = پیام اصلی
Catalan = Missatge original
Estonian = Algne kiri | Originaalsõnum
Latvian = Sākotnējais ziņojums
Lithuanian = Originalus laiškas | Pradinis laiškas
"""
"""Between dashes: the mail that was answered follows, without quote marks."""

FORWARDED = """
English = Forwarded message | Forwarded by … | Forwarded mail | Forwarded Message from … | Forwarded email
English = Begin forwarded text | Begin forwarded message | Begin included message
German = Weitergeleitete Nachricht | Weitergeleitete Mail | Weitergeleitet von … | Weitergeleitete E-Mail
French = Message transféré | Message transmis | Message transféré par … | Message réexpédié
Spanish = Mensaje reenviado | Reenviado por … | Mensaje reenviado por …
Catalan = Missatge reenviat
Italian = Messaggio inoltrato | Inoltrato da … | Messaggio Inoltrato
Portuguese = Mensagem encaminhada | Mensagem reencaminhada | Encaminhado por … | Mensagem original encaminhada
Dutch = Doorgestuurd bericht | Doorgestuurde bericht | Doorgestuurd door …
Polish = Wiadomość przekazana | Przekazana wiadomość | Treść przekazanej wiadomości | Przesłana wiadomość
Swedish = Vidarebefordrat meddelande | Vidarebefordrat brev
Danish = Videresendt meddelelse | Videresendt besked | Videresendt af …
Norwegian = Videresendt melding | Videresendt e-post
Finnish = Välitetty viesti | Edelleenlähetetty viesti
Czech = Přeposlaná zpráva | Předaná zpráva
Slovak = Preposlaná správa
Slovenian = Posredovano sporočilo
Croatian = Proslijeđena poruka | Prosleđena poruka
Hungarian = Továbbított üzenet
Romanian = Mesaj redirecționat | Mesaj redirecţionat
Bulgarian = Препратено съобщение
Turkish = İletilen İleti | Yönlendirilmiş ileti | İletilmiş Mesaj | Yönlendirilmiş mesaj
Greek = Προωθημένο μήνυμα
Russian = Перенаправленное сообщение | Пересланное сообщение | Пересылаемое сообщение | Пересылаемое письмо
Ukrainian = Переслане повідомлення | Пересилане повідомлення
Hebrew = הודעה שהועברה
Arabic = رسالة معاد توجيهها
Japanese = 転送メッセージ | 転送されたメッセージ | 転送元メール
Chinese = 转发的邮件 | 转发邮件 | 轉寄郵件 | 轉寄的郵件 | 转发邮件信息 | 转发的消息 | 轉寄信件 | 转发信息 | 转发的信件
Korean = 전달된 메시지 | 전달된 메일
Vietnamese = Thư chuyển tiếp | Forwarded message
"""
"""Between dashes: a forwarded mail follows, which is content."""

FORWARDED_BELOW = """
English = Begin forwarded message: | Forwarded message:
German = Anfang der weitergeleiteten Nachricht: | Anfang der weitergeleiteten E-Mail: | Weitergeleitete Nachricht:
French = Début du message réexpédié : | Début du message transféré :
Spanish = Inicio del mensaje reenviado: | Comienzo del mensaje reenviado:
Catalan = Inici del missatge reenviat:
Italian = Inizio messaggio inoltrato: | Inizio del messaggio inoltrato:
Portuguese = Início da mensagem reencaminhada: | Início da mensagem encaminhada: | Início da mensagem reenviada:
Dutch = Begin doorgestuurd bericht: | Begin van het doorgestuurde bericht:
Polish = Początek przekazywanej wiadomości: | Początek przekazanej wiadomości: | Rozpocznij przekazaną wiadomość:
Swedish = Vidarebefordrat brev: | Vidarebefordrat mejl: | Vidarebefordrat meddelande:
Danish = Start på videresendt besked: | Start på videresendt meddelelse: | Videresendt besked:
Norwegian = Videresendt melding: | Start på videresendt melding:
Finnish = Välitetty viesti alkaa: | Välitetty viesti:
Czech = Začátek přeposílané zprávy: | Začátek přeposlané zprávy:
Hungarian = Továbbított levél kezdete:
Romanian = Început mesaj redirecționat:
Turkish = İletilen ileti başlangıcı: | Başlangıç iletisi:
Russian = Начало переадресованного сообщения: | Начало пересылаемого сообщения:
Ukrainian = Початок листа, що пересилається: | Початок пересланого повідомлення:
Japanese = 転送されたメッセージ: | 転送メッセージ:
Chinese = 开始转发的邮件: | 以下是转发的邮件: | 轉寄的郵件: | 下面是被转发的邮件: | 開始轉寄郵件: | 以下是轉寄的郵件:
Korean = 전달된 메시지: | 전달된 메시지 시작:
"""
"""Without dashes, as Apple Mail writes it: a forwarded mail follows, which is content."""

REPLY_ABOVE = """
English = Please type your reply above this line | Reply above this line | Write your reply above this line
English = Please reply above this line | Type your response above this line | Add your reply above here
English = Please do not write below this line | Respond above this line | Enter your reply above this line
German = Bitte schreiben Sie Ihre Antwort über diese Zeile | Bitte geben Sie Ihre Antwort über dieser Zeile ein
German = Antworten Sie oberhalb dieser Zeile | Bitte antworten Sie oberhalb dieser Linie | Bitte über dieser Zeile antworten
German = Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein | Bitte oberhalb dieser Zeile antworten
French = Saisissez votre réponse au-dessus de cette ligne | Veuillez saisir votre réponse au-dessus de cette ligne
French = Répondre au-dessus de cette ligne | Veuillez répondre au-dessus de cette ligne
Spanish = Por favor escriba su respuesta por encima de esta línea | Escriba su respuesta encima de esta línea
Spanish = Responda por encima de esta línea | Por favor, escriba su respuesta arriba de esta línea
Italian = Digita la risposta sopra questa riga | Si prega di rispondere sopra questa riga | Rispondi sopra questa riga
Portuguese = Por favor, digite sua resposta acima desta linha | Responda acima desta linha
Portuguese = Escreva a sua resposta acima desta linha
Dutch = Typ uw antwoord boven deze regel | Antwoord boven deze lijn | Reageer boven deze regel | Antwoord boven deze regel
Polish = Wpisz odpowiedź powyżej tej linii | Odpowiedz powyżej tej linii | Prosimy o wpisanie odpowiedzi powyżej tej linii
Swedish = Skriv ditt svar ovanför denna rad | Svara ovanför denna rad
Danish = Skriv dit svar over denne linje | Svar over denne linje
Norwegian = Skriv svaret ditt over denne linjen | Svar over denne linjen
Finnish = Kirjoita vastauksesi tämän rivin yläpuolelle | Vastaa tämän rivin yläpuolelle
Czech = Napište svou odpověď nad tento řádek | Odpovězte nad tímto řádkem
Turkish = Lütfen yanıtınızı bu satırın üzerine yazın | Yanıtınızı bu satırın üstüne yazın
Russian = Введите ответ выше этой строки | Пожалуйста, пишите ответ выше этой линии | Пишите ответ выше этой строки
Ukrainian = Введіть відповідь над цим рядком
Japanese = この行より上に返信を入力してください | この行の上に返信内容を入力してください | この線より上に返信をご記入ください
Chinese = 请在此行上方输入您的回复 | 请在这行之上回复 | 請在此行上方輸入您的回覆
Korean = 이 줄 위에 회신을 입력하십시오 | 이 줄 위에 답장을 입력하세요
"""
"""Between any marks: a helpdesk's mail begins here, which was answered above."""

LABELS = """
English = From | Sent, Date, Sent at, Sent on, Date sent | To | Cc | Subject
German = Von | Gesendet, Gesendet am, Datum | An | Cc, Kopie | Betreff
French = De, Expéditeur | Envoyé, Envoyé le, Date, Date d'envoi | À, A, Pour, Destinataire | Cc, Copie | Objet, Sujet
Spanish = De | Enviado, Enviado el, Fecha, Enviado a las | Para, A | CC, Copia | Asunto
Catalan = De | Enviat, Enviat el, Data | Per a, A | A/c, CC | Assumpte, Tema
Italian = Da | Inviato, Inviata, Data, Inviato il | A | Cc, Copia | Oggetto
Portuguese = De | Enviado, Enviada, Enviado em, Enviada em, Enviada a, Data, Enviado a | Para | Cc | Assunto
Dutch = Van | Verzonden, Datum, Verzonden op | Aan | CC, Kopie | Onderwerp
Polish = Od | Wysłano, Wysłane, Data, Data wysłania | Do | DW, Kopia, Cc, UDW | Temat
Swedish = Från | Skickat, Skickades, Datum | Till | Kopia, Cc | Ämne
Danish = Fra | Sendt, Dato | Til | Cc, Kopi | Emne
Norwegian = Fra | Sendt, Dato | Til | Kopi | Emne
Icelandic = Frá | Sent, Dagsetning | Til | Afrit | Efni
Finnish = Lähettäjä | Lähetetty, Päiväys, Päivämäärä, Pvm | Vastaanottaja, Vastaanottajat | Kopio | Aihe
Estonian = Saatja | Saadetud, Kuupäev | Adressaat, Saaja | Koopia | Teema
Latvian = No | Nosūtīts, Datums | Kam, Adresāts | Kopija | Tēma, Temats
Lithuanian = Nuo | Išsiųsta, Data | Kam | Kopija | Tema
Czech = Od, Odesílatel | Odesláno, Datum | Komu | Kopie | Předmět
Slovak = Od, Odosielateľ | Odoslané, Dátum | Komu, Pre | Kópia | Predmet
Slovenian = Od, Pošiljatelj | Poslano, Datum | Za, Prejemnik | Kp, Kopija | Zadeva
Croatian = Od, Šalje, Pošiljatelj | Poslano, Datum, Poslato | Za, Prima, Primatelj | Kopija | Predmet, Tema
Serbian = Од, Шаље | Послато, Датум | За, Прима | Копија | Тема, Наслов
Hungarian = Feladó | Elküldve, Dátum | Címzett | Másolatot kap, Másolat | Tárgy
Romanian = De la, Expeditor | Trimis, Data | Către, Catre | Cc | Subiect
Bulgarian = От | Изпратено, Дата | До | Копие | Тема, Относно
Turkish = Kimden, Gönderen | Gönderildi, Gönderilen, Gönderme, Gönderme tarihi, Tarih | Kime, Alıcı | Bilgi | Konu
Greek = Από | Στάλθηκε, Ημερομηνία, Αποστολή, Εστάλη | Προς | Κοιν, Κοιν. | Θέμα
Russian = От, От кого | Отправлено, Дата | Кому | Копия | Тема
Ukrainian = Від, Від кого | Надіслано, Відправлено, Дата | Кому | Копія | Тема
Hebrew = מאת | נשלח, תאריך | אל | עותק | נושא
Arabic = من | تاريخ, التاريخ, تم الإرسال, تاريخ الإرسال | إلى | نسخة | الموضوع
Japanese = 差出人, 送信者, From | 送信日時, 日時, 日付, 送信日 | 宛先, To | CC | 件名
Chinese = 发件人, 发信人 | 发送时间, 发送日期, 日期, 时间, 发件时间 | 收件人 | 抄送, 抄送人 | 主题, 标题
Chinese = 寄件者, 寄件人 | 傳送時間, 傳送日期, 寄件日期, 日期 | 收件者, 收件人 | 副本 | 主旨, 主題
Korean = 보낸 사람, 보낸사람 | 보낸 날짜, 날짜, 보낸날짜 | 받는 사람, 받는사람 | 참조 | 제목
Vietnamese = Từ, Người gửi | Đã gửi, Ngày, Gửi | Đến, Tới | Cc | Chủ đề, Tiêu đề
Indonesian = Dari | Dikirim, Tanggal | Kepada, Ke | Cc | Perihal, Subjek, Hal
Malay = Daripada | Dihantar, Tarikh | Kepada | Sk | Subjek
Thai = จาก | ส่ง, วันที่, ส่งเมื่อ | ถึง | สำเนา, สำเนาถึง | เรื่อง, หัวเรื่อง
Hindi = प्रेषक, से | भेजा गया, दिनांक | प्रति, प्राप्तकर्ता | प्रतिलिपि | विषय
Persian = از | تاریخ, ارسال‌شده | به | رونوشت | موضوع
Afrikaans = Van | Gestuur, Datum | Aan | Afskrif | Onderwerp
Galician = De | Enviado, Data | Para | Cc | Asunto
Macedonian = Од | Испратено, Датум | До | Копија | Предмет, Наслов
Serbian = Od, Šalje | Poslato, Datum | Za, Prima, Kome | Kopija | Naslov, Tema
"""
"""The words of a header block above the mail that was answered: from | date | to | copy | subject."""

OTHER_LABELS = """
English = Bcc | Reply-To | Importance | Attachments | Sensitivity | Categories | Organization | Sender
English = Priority
German = Wichtigkeit | Anlagen | Antwort an | Priorität | Kategorien | Bcc | Vertraulichkeit
French = Importance | Pièces jointes | Répondre à | Cci
Spanish = Importancia | Datos adjuntos | Responder a | CCO
Italian = Priorità | Allegati | Rispondi a | Ccn
Portuguese = Prioridade | Anexos | Responder a | Cco | Importância
Dutch = Urgentie | Bijlagen | Antwoord aan
Polish = Ważność | Załączniki | Odpowiedz do
Swedish = Prioritet | Bifogade filer | Svara till
Russian = Важность | Вложения | Ответить
Chinese = 附件 | 重要性
Japanese = 添付ファイル | 重要度
"""
"""Other words that stand in a header block."""

FORM_LABELS = """
English = Message | Name | First name | Last name | Phone | Phone number | Comment | Comments | Company | Order number
English = Your message | Message body | Your question | Question | Enquiry | Inquiry | Description | Address | City
English = Website | Category | Your name | Your email | Full name | Country | Postcode | Order
German = Nachricht | Name | Vorname | Nachname | Telefon | Telefonnummer | Firma | Bestellnummer | Ihre Nachricht
German = Kundennummer | Anfrage | Anliegen | Frage | Adresse | Anschrift | Ort | Ihr Anliegen | Anrede | Straße
French = Message | Nom | Prénom | Téléphone | Société | Commentaire | Votre message
French = Demande | Votre demande | Adresse | Ville | Code postal | Numéro de commande
Spanish = Mensaje | Nombre | Apellidos | Teléfono | Empresa | Comentario | Consulta | Dirección | Ciudad
Italian = Messaggio | Nome | Cognome | Telefono | Azienda | Richiesta | Indirizzo | Città
Portuguese = Mensagem | Nome | Telefone | Empresa | Endereço | Cidade | Celular | Telemóvel
Dutch = Bericht | Naam | Telefoon | Bedrijf | Vraag | Opmerking | Opmerkingen | Adres | Woonplaats
Polish = Wiadomość | Imię | Nazwisko | Telefon | Firma | Treść | Treść wiadomości | Adres | Imię i nazwisko
Swedish = Meddelande | Namn | Telefon
Danish = Besked | Navn | Telefon
Russian = Сообщение | Имя | Телефон | Текст сообщения | Вопрос | Адрес
Czech = Zpráva | Jméno | Příjmení | Telefon
Turkish = Mesaj | Ad | Soyad | Telefon
Ukrainian = Повідомлення | Ім'я | Телефон
Hungarian = Üzenet | Név | Telefonszám
Romanian = Mesaj | Nume | Prenume | Telefon
Finnish = Viesti | Nimi | Puhelin
Norwegian = Melding | Navn | Telefon
Chinese = 姓名 | 电话 | 留言 | 内容
Japanese = お名前 | 電話番号 | お問い合わせ内容 | 内容
"""
"""Words that stand in a form somebody filled in, never in a header block: such a block is content."""

OWN = """
English = I | we | me | us | my | our | you | your
German = ich | wir | mir | uns | mich | mein | meine | unser | unsere | du | dir | dein | ihr | Ihr | Ihre | Ihnen | Sie
German = Ihrem | Ihren
French = j'ai | nous | vous | moi | mon | ma | mes | notre | nos | votre | vos | m'a | tu | ton
Spanish = yo | nosotros | me | mi | nos | nuestro | usted | ustedes | su | te | tu | le
Italian = io | noi | mi | mio | mia | ci | nostro | voi | vostro | lei | suo | sua | vi
Portuguese = eu | nós | me | meu | minha | nos | nosso | você | seu | sua | lhe
Dutch = ik | wij | we | mij | me | mijn | ons | onze | u | uw | jij | jullie
Polish = ja | my | mi | mnie | mój | nam | nas | nasz | wy | Państwo | państwa | Pan | Pani
Swedish = jag | vi | mig | min | oss | vår | du | ni | er | din
Danish = jeg | vi | mig | min | os | vores | du | De | din | jeres | meg | oss
Finnish = minä | me | minulle | meille | te | sinä
Czech = já | my | mi | mně | nám | vy | vám
Turkish = ben | biz | bana | bize | siz
Russian = я | мы | мне | нам | мой | наш | вы | вам | ваш | Ваш | ваша
Ukrainian = я | ми | мені | нам | ваш | ви
"""
"""Words by which what looks like an attribution is known for a sentence of the person's (as they are spelled here)."""

SENT_FROM = """
English = Sent from my … | Sent from … | Sent via … | Sent with … | Sent using … | Get Outlook for … | Get BlueMail for …
English = Sent on the go … | … Please excuse my brevity. | Yahoo Mail: Search, Organize, Conquer | Typed on my …
English = Sent from my … Please excuse … | Sent from my …, please excuse … | Sent … from my … | Get TypeApp for …
English = Sent through … | Sent from my …, … smartphone | Secured with …
German = Von meinem … gesendet | Von meiner … gesendet | Von … gesendet | Gesendet von … | Gesendet mit … | Gesendet über …
German = Diese Nachricht wurde von meinem … gesendet. | Holen Sie sich Outlook für … | Hol dir Outlook für … | Gesendet vom …
German = Laden Sie Outlook für … herunter | Outlook für … herunterladen | Outlook für … beziehen | Von unterwegs gesendet
German = Diese Nachricht wurde von … gesendet. | Gesendet aus … | Von meinem … versendet | Outlook für … abrufen
French = Envoyé de mon … | Envoyé depuis … | Envoyé à partir de … | Envoyé avec … | Envoyé par … | Envoyé de …
French = Téléchargez Outlook pour … | Télécharger Outlook pour … | Obtenez Outlook pour … | Obtenir Outlook pour …
French = Envoyé à partir d'… | Envoyé d'… | Envoyé à l'aide de … | Provenance : … | Envoyé via …
Spanish = Enviado desde mi … | Enviado desde … | Enviado con … | Obtener Outlook para … | Obtén Outlook para …
Spanish = Enviado de mi … | … Por favor, disculpa mi brevedad.
Spanish = Enviado mediante … | Descargar Outlook para … | Enviado a través de …
Catalan = Enviat des de … | Enviat amb … | Obteniu l'Outlook per a …
Italian = Inviato da … | Inviato dal mio … | Inviato con … | Scarica Outlook per … | Ottieni Outlook per …
Italian = Inviato tramite …
Portuguese = Enviado do meu … | Enviado a partir do … | Enviado do … | Enviado via … | Enviada do meu … | Enviado pelo …
Portuguese = Obter Outlook para …
Portuguese = Obter o Outlook para … | Obtenha o Outlook para … | Enviado através do … | Enviado com … | Enviado de …
Portuguese = Baixar o Outlook para … | Enviado a partir de …
Dutch = Verstuurd vanaf … | Verzonden vanaf … | Verzonden met … | Verstuurd met … | Outlook voor … downloaden
Dutch = Verzonden via … | Verzonden vanuit … | Verstuurd vanuit … | Verzonden van …
Dutch = Download Outlook voor … | Outlook downloaden voor … | Outlook voor … ophalen | Haal Outlook voor … | Verstuurd via …
Polish = Wysłane z … | Wysłano z … | Pobierz aplikację Outlook dla systemu … | Pobierz program Outlook dla systemu …
Polish = Uzyskaj aplikację Outlook dla systemu … | Pobierz aplikację Outlook dla … | Wysłane przez … | Wysłano za pomocą …
Swedish = Skickat från … | Skickat med … | Hämta Outlook för … | Skaffa Outlook för … | Skickades från …
Danish = Sendt fra … | Sendt med … | Hent Outlook til … | Få Outlook til … | Sendt via …
Norwegian = Få Outlook for … | Hent Outlook for … | Last ned Outlook for … | Skaff deg Outlook for …
Finnish = Lähetetty … | Hanki Outlook … | Hanki Outlookin … | Hae Outlook …
Czech = Odesláno z … | Získat Outlook pro … | Odesláno … | Získejte Outlook pro … | Odeslal(a) …
Slovak = Odoslané z … | Získajte Outlook pre … | Získať Outlook pre …
Slovenian = Poslano iz … | Prenesite Outlook za … | Poslano z …
Croatian = Poslano s … | Poslano iz … | Preuzmite Outlook za … | Послато са …
Hungarian = Küldve … | Az iPhone-omról küldve | Outlook … letöltése | … küldve | Az Outlook … beszerzése
Romanian = Trimis de pe … | Trimis din … | Obțineți Outlook pentru … | Descărcați Outlook pentru …
Bulgarian = Изпратено от … | Получете Outlook за …
Turkish = … gönderildi | … için Outlook'u edinin | … için Outlook'u indirin | … aracılığıyla gönderildi
Greek = Εστάλη από … | Στάλθηκε από … | Αποκτήστε το Outlook για … | Λήψη του Outlook για …
Russian = Отправлено с … | Отправлено из … | Отправлено от … | Скачать Outlook для … | Получить Outlook для …
Russian = Отправлено через …
Russian = Отправлено при помощи … | Отправлено со …
Ukrainian = Надіслано з … | Надіслано із … | Отримати Outlook для … | Отримайте Outlook для … | Відправлено з …
Ukrainian = Завантажити Outlook для …
Hebrew = נשלח מה… | נשלח מ…
Arabic = أرسلت من … | تم الإرسال من … | مرسل من …
Japanese = …から送信 | … 版 Outlook を入手 | …からOutlookを入手 | Outlook for … を入手 | …から送信されました
Japanese = …から送信しました | …用 Outlook を取得
Chinese = 发自我的… | 发自… | 發自我的… | 從我的…傳送 | 来自我的… | 下载适用于 … 的 Outlook | 获取 Outlook for … | 從…傳送
Chinese = 發自… | 发送自 … | 從 … 傳送
Chinese = 获取适用于 … 的 Outlook | 取得 … 版 Outlook | 取得適用於 … 的 Outlook | 我的…发送 | 寄自…
Korean = 나의 …에서 보냄 | …에서 보냄 | …용 Outlook 다운로드 | …에서 보낸 메일 | Outlook for … 다운로드 | …용 Outlook 받기
Korean = 내 …에서 보냄 | …에서 보냈습니다.
Vietnamese = Được gửi từ … | Đã gửi từ … | Tải Outlook cho … | Gửi từ …
Estonian = Saadetud minu … | Saadetud …
Latvian = Nosūtīts no …
Lithuanian = Išsiųsta iš …
Icelandic = Sent úr …
Indonesian = Dikirim dari … | Dapatkan Outlook untuk …
Malay = Dihantar daripada …
Thai = ส่งจาก …
Hindi = मेरे … से भेजा गया
Persian = ارسال شده از … | از … من ارسال شده است
Basque = Nire … bidalia
Galician = Enviado dende …
Macedonian = Испратено од …
"""
"""What telephones and mail programs add below a mail; counts when it names a device or program."""

DEVICES = """
    iphon ipad ipod ios macbook imac android samsung galaxy huawei honor xiaomi redmi oneplus nokia lumia pixel
    xperia motorola blackberry windows smartphone outlook yahoo gmail gmx web.de proton k-9 bluemail aol
    mail.ru thunderbird spark fairmail typeapp emclient airmail tutanota tuta canary newton superhuman shortwave
    polymail edison protonmail oppo vivo realme телефон смартфон planshet apple hushmail fastmail ヤフー 易信 163.com
    qq邮箱 网易 新浪 nexus droid htc verizon t-mobile vodafone at&t zoho naver daum front hey.com webmail mailbird
"""
"""Words by which a line of SENT_FROM is known for what it is, wherever it stands."""

OWN_DEVICES = """
    my+phone my+mobile my+cell my+tablet meinem+handy meinem+telefon meinem+mobil meinem+tablet mon+mobile
    mon+téléphone mon+portable mi+móvil mi+teléfono mi+celular mi+tableta mio+telefono mio+cellulare meu+telefone
    meu+celular meu+telemóvel mijn+telefoon mijn+mobiel mijn+gsm mijn+tablet mojego+telefonu mojej+komórki min+telefon
    min+mobil puhelimestani mého+telefonu telefonumdan моего+моб моего+телефона 我的手机 我的手機
    携帯 スマートフォン 아이폰 휴대폰
    mobile+mail email+app mail+app mail+for mobile+device cell+phone smart+phone handheld+device handheld+wireless
    application+mail mail+orange libero+mail telekom+mail мобильн+поч мобильной+поч мобильного+прил мобільного+дод
    moj+telefon mobilní+telefon mobilního+telefonu von+unterwegs appareil+mobile dispositivo+móvil dispositivo+mobile
    dispositivo+móvel mobilen+endgerät mobilgerät mobiel+apparaat urządzenia+mobiln 手机 手機 小米 华为 華為 갤럭시 яндекс
    typemail workspace+one mailspring em+client hotmail
"""
"""Words that are said of other things too: "+" stands for a blank."""

ADDED = """
English = This e-mail has been checked for viruses by … | This email has been checked for viruses by … | Virus-free. …
English = This message has been scanned for viruses … | Virus-free.… | This email was sent from a notification-only address…
German = Diese E-Mail wurde von … auf Viren geprüft. | Diese E-Mail wurde auf Viren geprüft. | Virenfrei. … | Virenfrei.…
French = L'absence de virus dans ce courrier électronique a été vérifiée par … | Garanti sans virus. … | Sans virus. …
French = Sans virus.…
Spanish = Este correo electrónico ha sido comprobado en busca de virus por … | Libre de virus. … | Libre de virus.…
Spanish = El software de antivirus … ha analizado este correo electrónico en busca de virus.
Italian = Questa e-mail è stata controllata per individuare virus con … | Privo di virus. … | Privo di virus.…
Portuguese = Este e-mail foi verificado em termos de vírus pelo … | Este email foi escaneado pelo … | Livre de vírus. …
Portuguese = Livre de vírus.…
Dutch = Deze e-mail is gecontroleerd op virussen door … | Virusvrij. … | Virusvrij.…
Polish = Ta wiadomość została sprawdzona na obecność wirusów przez … | Wolny od wirusów. … | Wolny od wirusów.…
Swedish = Detta e-postmeddelande har sökts igenom efter virus med …
Danish = Denne e-mail er blevet kontrolleret for virus af … | Virusfri. … | Virusfri.…
Czech = Tento e-mail byl zkontrolován na viry programem … | Bez virů. … | Bez virů.…
Russian = Это сообщение проверено на вирусы антивирусом … | Это письмо проверено на наличие вирусов … | Без вирусов. …
Russian = Без вирусов.…
Japanese = この電子メールは … によりウイルスチェックされています。
Chinese = 此电子邮件已由 … 检查病毒 | 无病毒。…
"""
"""What virus scanners add below a mail, under a line of three dashes."""

CLOSINGS = """
English = best regards | kind regards | warm regards | regards | best wishes | best | with best regards
English = with kind regards | cheers
English = yours sincerely | sincerely | yours faithfully | yours truly | many thanks | thanks | thank you | all the best
English = rgds
English = thanks and regards | thanks & regards | thanks in advance | kindest regards | warmest regards | respectfully
English = brgds
German = mit freundlichen grüßen | mit freundlichen gruessen | mit freundlichem gruß | freundliche grüße | viele grüße
German = mfg | vg | lg
German = beste grüße | liebe grüße | herzliche grüße | schöne grüße | mit besten grüßen | gruß | grüße | hochachtungsvoll
German = mit freundlichen grüssen
German = freundliche grüsse | beste grüsse | herzliche grüsse | viele grüsse | mit herzlichen grüßen | mit vielen grüßen
German = danke
French = cordialement | bien cordialement | bien à vous | salutations | meilleures salutations | cdlt
French = sincères salutations | merci
French = très cordialement | avec mes meilleures salutations | amicalement | bonne journée | bonne réception
French = respectueusement
Spanish = saludos | un saludo | saludos cordiales | atentamente | un cordial saludo | atte | cordialmente | gracias
Spanish = muchas gracias | saluda atentamente
Catalan = salutacions | atentament | cordialment
Italian = cordiali saluti | distinti saluti | saluti | un saluto | cordialmente | grazie | buona giornata
Italian = porgo cordiali saluti | in fede
Portuguese = atenciosamente | cumprimentos | com os melhores cumprimentos | melhores cumprimentos | att | abraços
Portuguese = obrigado | obrigada
Portuguese = cordialmente | atentamente | os melhores cumprimentos | grato | grata
Dutch = met vriendelijke groet | met vriendelijke groeten | vriendelijke groet | groeten | groet | mvg | hartelijke groet
Dutch = met hartelijke groet
Polish = pozdrawiam | z poważaniem | z wyrazami szacunku | serdecznie pozdrawiam | pozdrowienia | pozdrawiam serdecznie
Swedish = med vänlig hälsning | med vänliga hälsningar | vänliga hälsningar | vänligen | hälsningar | mvh | bästa hälsningar
Danish = med venlig hilsen | venlig hilsen | mvh | hilsen | de bedste hilsner | bedste hilsner | venlige hilsner
Norwegian = med vennlig hilsen | vennlig hilsen | hilsen | beste hilsen | mvh
Finnish = ystävällisin terveisin | terveisin | parhain terveisin | yst. terv.
Czech = s pozdravem | s přátelským pozdravem | s úctou | zdravím | hezký den | děkuji
Slovak = s pozdravom | s úctou
Slovenian = lep pozdrav | s spoštovanjem
Croatian = srdačan pozdrav | s poštovanjem | pozdrav | lijep pozdrav
Hungarian = üdvözlettel | tisztelettel | üdv
Romanian = cu stimă | cu respect | o zi bună
Turkish = saygılarımla | saygılarımızla | iyi çalışmalar | iyi günler | teşekkürler | selamlar
Greek = με εκτίμηση | φιλικά
Russian = с уважением | с наилучшими пожеланиями | спасибо | всего доброго | с уважением и наилучшими пожеланиями
Ukrainian = з повагою | з найкращими побажаннями | дякую
Japanese = 敬具 | 草々
Chinese = 此致 | 敬礼 | 此致敬礼 | 祝好 | 顺祝商祺 | 谢谢 | 順頌商祺
Korean = 감사합니다. | 감사합니다 | 드림
English = kindly | warmly | with regards | with warm regards | with best wishes | with thanks | thank you very much
English = thanks very much | thanks so much | thanks a lot | thanks again | ta | cordially | respectfully yours | br | kr
English = thank you in advance | with kindest regards | have a nice day | have a great day | yours
German = vielen dank | danke im voraus | danke schön | dankeschön | besten dank | herzlichen dank | schönen tag
German = einen schönen tag | freundlichst | mit bestem gruß | mit besten grüssen | mit lieben grüßen | bg | bis bald
German = vielen dank im voraus | schönen gruß | besten gruß | freundlicher gruß | freundlicher gruss | viele liebe grüße
French = bien à toi | cdt | merci d'avance | merci beaucoup | bonne soirée | belle journée | bonne fin de journée
French = salutations distinguées | sincèrement | salutations cordiales | bonne continuation | merci par avance
Spanish = reciba un cordial saludo | saludos y gracias | gracias de antemano | gracias por todo | le saluda atentamente
Italian = grazie mille | grazie in anticipo | un cordiale saluto | cordialità | i migliori saluti | buon lavoro
Italian = ringrazio e saluto | a presto
Portuguese = muito obrigado | muito obrigada | saudações | com os meus cumprimentos | cordiais saudações | abraço | um abraço
Portuguese = cumprimentos cordiais | desde já obrigado | grato pela atenção | agradeço
Dutch = bedankt | alvast bedankt | dank u wel | dank je wel | hartelijke groeten | vriendelijke groeten | gr | hoogachtend
Dutch = met groet | beste groeten
Polish = dziękuję | z góry dziękuję | miłego dnia | łączę pozdrowienia | łączę wyrazy szacunku
Swedish = tack på förhand | tack | vänlig hälsning | allt gott | bästa hälsning | varma hälsningar
Danish = mange tak | på forhånd tak | kh | mange hilsner | med venlige hilsner | tak
Norwegian = vennlige hilsener | på forhånd takk | takk | med vennlige hilsener | takk på forhånd
Icelandic = kveðja | með kveðju | bestu kveðjur
Finnish = kiitos | kiitos etukäteen | kiittäen | parhaat terveiset | t | yt
Estonian = lugupidamisega | parimate soovidega | tervitades | aitäh
Latvian = ar cieņu | paldies
Lithuanian = pagarbiai | su pagarba | ačiū
Czech = děkuji předem | předem děkuji | hezký zbytek dne | s přáním hezkého dne | děkujeme
Slovak = ďakujem | s priateľským pozdravom | pekný deň
Slovenian = hvala | lepo pozdravljeni | lp
Croatian = hvala | lp | srdačno | hvala unaprijed
Serbian = с поштовањем | срдачан поздрав | поздрав | хвала | hvala unapred
Hungarian = köszönettel | köszönöm | előre is köszönöm | szép napot | tisztelettel és köszönettel
Romanian = mulțumesc | vă mulțumesc | toate cele bune | cu considerație | cu drag | o zi frumoasă | mulțumesc anticipat
Bulgarian = с уважение | поздрави | благодаря | с най-добри пожелания
Turkish = teşekkür ederim | saygılar | sevgiler | iyi günler dilerim | şimdiden teşekkürler | kolay gelsin
Greek = ευχαριστώ | σας ευχαριστώ | χαιρετισμούς | με φιλικούς χαιρετισμούς | ευχαριστώ πολύ | καλή συνέχεια
Russian = с благодарностью | заранее спасибо | заранее благодарю | благодарю | с наилучшими | хорошего дня
Ukrainian = щиро дякую | дякую наперед | гарного дня
Hebrew = בברכה | תודה | תודה רבה
Arabic = مع التحية | مع أطيب التحيات | تحياتي | شكرا | شكراً | مع خالص التحية | وتفضلوا بقبول فائق الاحترام
Persian = با احترام | با تشکر
Vietnamese = trân trọng | trân trọng cảm ơn | thân mến | cảm ơn | xin cảm ơn
Indonesian = salam | hormat kami | hormat saya | terima kasih
Thai = ขอแสดงความนับถือ | ขอบคุณครับ | ขอบคุณค่ะ
Chinese = 顺颂商祺 | 顺祝 | 祝商祺 | 多谢 | 謝謝 | 敬上 | 祝工作顺利 | 此致敬禮 | 祝您生活愉快
Korean = 수고하세요 | 고맙습니다
"""
"""The last words above a name; they begin a signature only when ways to reach the writer follow below the name."""

FROM_PLACE = """
English = from
German = aus
Spanish = desde
Italian = da
Dutch = uit
Polish = z
Swedish = från
Danish = fra
"""
"""What stands between a closing and the place it is sent from ("Viele Grüße aus Berlin")."""

SPEAKING = """
English = I | I'm | I've | I'd | I'll | me | my | My | please | Please | pls | Call | call
German = ich | mir | mich | mein | meine | meinem | meinen | meiner | bitte | Ich | Mein | Meine | Bitte
French = je | j'ai | j'aimerais | moi | mon | mes | svp | s'il vous plaît | merci de | Je | J'ai | Merci de | Mon numéro
Spanish = yo | mi | mis | me | por favor | Mi | Por favor
Catalan = jo | meu | meva | si us plau
Italian = io | mi | mio | mia | miei | Mi | Il mio | La mia | per favore | per cortesia | prego
Portuguese = eu | Meu | Minha | meu | minha | meus | me | por favor
Dutch = ik | mij | mijn | Mijn | Ik | Graag | graag | alstublieft | alsjeblieft
Polish = mnie | mój | moja | moje | mojego | mi | proszę | Proszę | Mój | Moja
Swedish = jag | mig | min | mitt | mina | Jag | Mitt | Min | snälla
Danish = jeg | mig | Jeg | Mit | venligst
Norwegian = meg | mitt | vennligst
Finnish = minä | minun | minulle | olen
Estonian = mulle | minu | palun
Latvian = man | mans | mana | lūdzu
Lithuanian = aš | man | mano | prašau
Czech = mi | mně | můj | moje | prosím | jsem
Slovak = mne | môj | moja | prosím | som
Slovenian = meni | moj | moja | prosim
Croatian = meni | moj | moja | molim
Hungarian = nekem | engem | kérem | kérjük
Romanian = eu | meu | mea | îmi | vă rog
Bulgarian = аз | ми | мен | моля
Turkish = ben | bana | benim | lütfen
Greek = εγώ | μου | με | παρακαλώ
Russian = я | Я | мне | меня | мой | Мой | моя | мою | пожалуйста | Пожалуйста
Ukrainian = мені | мене | мій | моя | будь ласка
Hebrew = אני | שלי | לי | בבקשה
Arabic = أنا | يرجى | من فضلك
Vietnamese = tôi | vui lòng
Indonesian = saya | tolong | mohon
"""
"""Words by which somebody speaks of themselves or asks for something, as they are spelled within a line; signatures
that are recognised by their shape have none."""

SPEAKING_ANYWHERE = """
Japanese = 私 | ください | 下さい | お願い
Chinese = 我 | 请 | 請
Korean = 제가 | 저는 | 저의 | 주세요 | 부탁 | 바랍니다
Thai = ผม | ดิฉัน | กรุณา
"""
"""The same where words are written without blanks."""

POINTING = """
English = below, following, follows, underneath, here is, here are, this is | address, number, detail, contact, data
English = my, new, our, home, deliver | address
English = call me, call back, ring me, reach me, my number, my new number, my mobile | call, ring, reach, number, mobile
English = deliver, send, ship, bring | here
German = meine, neue, unsere, privat, liefer | adresse, anschrift
German = rufen sie mich, ruft mich, rückruf, erreich, meine nummer | ruf, reich, nummer
French = mon, nouvelle, notre, livr | adresse
French = appelez-moi, rappel, joindre, mon numéro | appel, joindre, numéro
Spanish = mi, nueva, nuestra, entreg | dirección, domicilio
Spanish = llám, contact, mi número, mi teléfono | llam, llám, contact, número, teléfono
Italian = mio, nuovo, nostro, consegn | indirizzo
Portuguese = meu, minha, novo, nova, entreg | endereço, morada
Dutch = mijn, nieuwe, ons, lever | adres
Polish = mój, nowy, nasz, dostaw | adres
Russian = мой, новый, наш, достав | адрес
German = unten, folgend, hier ist, hier sind, wie folgt, lautet | adresse, anschrift, nummer, daten, kontakt
French = ci-dessous, suivant, voici | adresse, numéro, coordonnées
Spanish = abajo, siguiente, continuación, aquí | dirección, número, datos, teléfono
Italian = sotto, seguent, ecco | indirizzo, numero, dati, recapit
Portuguese = abaixo, seguinte, segue, aqui | endereço, morada, número, dados, contacto, contato
Dutch = hieronder, volgende, onderstaand, hier is | adres, nummer, gegevens
Polish = poniżej, następując, oto | adres, numer, dane
Swedish = nedan, följande, här är | adress, nummer, uppgifter
Danish = nedenfor, følgende, her er | adresse, nummer, oplysninger
Finnish = alla, seuraava, tässä | osoite, osoittee, numero, tiedot
Czech = níže, následující, zde je | adres, číslo, údaje
Turkish = aşağıda, işte | adres, numara, bilgi
Russian = ниже, следующ, вот | адрес, номер, данные, контакт
Ukrainian = нижче, наступн, ось | адрес, номер, дані
Japanese = 下記, 以下 | 住所, 番号, 連絡先
Chinese = 如下, 以下, 下面 | 地址, 电话, 電話, 号码, 號碼
Korean = 아래, 다음 | 주소, 번호, 연락처
"""
"""Beginnings of words that say that an address or a number follows: it is what the person wrote and no signature."""

TIME_OR_PLACE = """
    to yesterday today tomorrow last next because monday tuesday wednesday thursday friday saturday sunday
    montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles jueves viernes store shop am gestern heute morgen nach zum hier aujourd'hui demain
    ayer hoy ieri oggi domani ontem hoje amanhã gisteren vandaag naar wczoraj dzisiaj igår idag вчера сегодня завтра
"""
"""Words that no telephone or program adds: "Sent with Samsung Express on Monday" was said."""

CONFIDENTIAL = """
English = confidential, privileged, proprietary | recipient, addressee, in error, solely for, disclos, entity to wh
German = vertraulich, rechtlich geschützt | empfänger, adressat, irrtümlich, unbefugt, bestimmt
French = confidentiel, privilégié | destinataire, par erreur, divulg
Spanish = confidencial, privilegiad | destinatari, por error, dirigid, divulg
Catalan = confidencial | destinatari, per error
Italian = riservat, confidenzial | destinatari, per errore, divulg
Portuguese = confidenci, privilegiad | destinatári, por engano, por erro, divulg
Dutch = vertrouwelijk | geadresseerde, bestemd, abusievelijk, ontvanger
Polish = poufn | adresat, odbiorc, omyłkow, przeznaczon
Swedish = konfidentiell, sekretess | mottagare, av misstag, adressat
Danish = fortrolig | modtager, ved en fejl, tiltænkt
Norwegian = konfidensiell, fortrolig | mottaker, ved en feil
Finnish = luottamuksellis | vastaanottaja, erehdyksessä
Czech = důvěrn | adresát, příjemc, omylem, určen
Turkish = gizli | alıcı, yanlışlıkla, muhatab
Russian = конфиденциальн | получател, адресат, по ошибке, предназначен
Ukrainian = конфіденційн | одержувач, адресат, помилково, призначен
Japanese = 機密, 秘密 | 受信者, 誤って, 宛先
Chinese = 保密, 机密, 機密 | 收件人, 收件者, 误收, 誤收
Korean = 기밀, 비밀 | 수신인, 수신자, 잘못
"""
"""Beginnings of words of the paragraphs lawyers add: something secret | whom it is meant for; both must stand there."""

PRINTING = """
English = environment | print
German = umwelt | druck
French = environnement | imprim
Spanish = ambiente | imprim
Italian = ambiente | stamp
Portuguese = ambiente | imprim
Dutch = milieu | print
Polish = środowisk | druk
Swedish = miljö | skriv
Danish = miljø | print
"""
"""Beginnings of words of the line that asks to save paper; both must stand there."""
