"""How people ask and request, by language: tables that grow by a line.

Each row is a pattern for the beginning of a sentence or clause; blank space stands for any blank space, capitals do not
matter. They serve where no question mark stands, so that each row must ask by itself: "where is" does, "when" alone does
not ("When I opened it, it was broken"). The languages are those whose mail is read (docs/reading-mail.md).
"""

from __future__ import annotations

QUESTION_MARKS = "?？؟‽⁇⁈⁉❓❔՞፧\u037e"
"""Marks of a question in any script. A plain semicolon is one too, after a Greek letter."""

ASKS: dict[str, tuple[str, ...]] = {
    "en": (
        r"where(?:'s|’s| (?:is|are|was|do|does|did|can|could|will|would|should|has|have|exactly)) ",
        r"when (?:is|are|was|do|does|did|can|could|will|would|should|shall|may|has|have|exactly) ",
        r"(?:until|till|by|since|from) when ",
        r"what(?:'s|’s| (?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|happens|happened|"
        r"about|if|"
        r"time|size|colou?r|kind|sort|date|day)) ",
        r"how (?:is|are|do|does|did|can|could|will|would|should|has|have|much|many|long|soon|often|far|big|large|"
        r"heavy|old|come|about|exactly) ",
        r"why(?:'s|’s)? ",
        r"who(?:'s|’s| (?:is|are|do|does|did|can|could|will|would|should|has|have|pays)) ",
        r"(?:which|whose) (?:one|of|size|colou?r|model|version|address|account|order|number|product|item|type|day) ",
        r"(?:can|could|would|will|do|does|did|have|has|is|are|was|were|shall|may|must|should|won't|can't|couldn't|"
        r"isn't|aren't|don't|doesn't|didn't|haven't|hasn't) "
        r"(?:you|u|ya|i|we|it|they|he|she|there|this|that|these|those|my|our|your|anyone|anybody|someone|somebody) ",
        r"(?:can|could|would|will|does|did|has|is|are|was|were|isn't|aren't) (?:the|a|an|any) ",
        r"any (?:news|update|updates|idea|ideas|chance|progress|estimate)(?: |$|[.!…])",
        r"(?:i |we )?(?:was |were |am |are |'m |’m |just )*wonder(?:ed|ing)? (?:if|whether|when|where|how|what|"
        r"why|which|who) ",
        r"(?:i|we)(?:'d|’d| would| should)? (?:also |just |still |really )?(?:like|love|want|wanted|need|wish) to "
        r"(?:know|ask|hear|find out|understand|check (?:if|whether|when)) ",
        r"(?!let (?:me|us) know if you (?:need|have|require|want|would like) )"
        r"(?:please )?(?:let me know|tell me|let us know|tell us) (?:if|whether|when|where|how|what|why|which|"
        r"who|the) ",
        r"do me ",
    ),
    "de": (
        r"(?:wo|woher|wohin) (?:ist|sind|war|bleib\w*|steht|liegt|find\w+|kann|können|soll\w*|muss|müssen|bekomm\w+|"
        r"kommt|haben|hab\w*|gibt|geht|steckt) ",
        r"(?:bis |seit |ab )?wann (?:ist|sind|war|wird|werden|kann|können|darf|soll\w*|muss|kommt|kommen|bekomm\w+|"
        r"erhalt\w+|krieg\w*|geht|gehen|haben|habt|trifft|treffen|liefer\w+|erscheint|gibt|beginnt|öffne\w+|mach\w+|"
        r"schick\w+|verschick\w+|versend\w+|dürfen|passiert|wäre|könn\w+) ",
        r"wie (?:ist|sind|lange?|viele?|hoch|teuer|gro(?:ß|ss)|schnell|oft|weit|kann|können|soll\w*|muss|müssen|geht|"
        r"funktioniert\w*|komme|kommt|mach\w+|läuft|lautet|bekomm\w+|sieht|schwer|breit|alt|verhält|wird|werden|"
        r"storniere|ändere|erreiche|finde) ",
        r"(?:warum|wieso|weshalb|weswegen|womit|wofür|wodurch|wozu) ",
        r"was (?:ist|sind|kostet|kosten|kann|können|soll\w*|muss|müssen|passiert|mach\w+|bedeutet|heißt|heisst|wäre|"
        r"würde|geschieht|läuft|fehlt|brauch\w+|tun|tue|ist denn) ",
        r"wer (?:ist|kann|hat|zahlt|bezahlt|trägt|übernimmt|kümmert|kommt) ",
        r"welche[rsnm]? \w+ ",
        r"(?:ich|wir) (?:wollte\w*|möchte\w*|würde\w*|will|wollen|hätte\w*) (?:\w+ ){0,3}(?:fragen|wissen|"
        r"gewusst|erfahren|nachfragen)"
        r"(?: |,)",
        r"(?:ich|wir) (?:frage|fragen) (?:mich|uns|sie|euch|dich)",
        r"mich würde interessieren",
        r"gibt es (?:schon |bereits |denn |eine?n? |noch )",
        r"(?:können|könnten|würden) sie ",
        r"(?:kannst|könntest|würdest) du ",
        r"(?:könnt|könntet|würdet) ihr ",
    ),
    "fr": (
        r"o[uù] (?:est|sont|en est|en sont|se trouve\w*|puis|peut|dois|va|en êtes) ?",
        r"(?:depuis |jusqu'à )?quand (?:est|sera|seront|vais|puis|pourr\w+|recevr\w+|arriv\w+|allez|pensez|"
        r"aur\w+|comptez|"
        r"doit|serai) ?",
        r"(?:combien|pourquoi|est-ce qu[e'’]|qu'est-ce|qu’est-ce|qui est-ce) ?",
        r"comment (?:puis|faire|peut|peux|dois|doit|se fait|cela|procéder|faut|fonctionne|est|vais|obtenir|annuler|"
        r"renvoyer|retourner) ?",
        r"quel(?:le)?s? (?:est|sont|sera|seront|délai|taille|couleur) ",
        r"que (?:dois|faire|puis|faut|devons|se passe) ?",
        r"(?:y a|a|va|est|sera|peut|serait|faut)-(?:t-)?(?:il|elle|on) ",
        r"(?:je|nous) (?:voudrais|voudrions|souhaite\w*|souhaiterai\w*|aimerai\w*|voulai\w*) (?:bien )?"
        r"(?:savoir|connaître|demander|vous demander) ",
        r"je me demand(?:e|ais) (?:si|quand|où|comment|pourquoi|ce) ",
        r"(?:\w+ ){0,2}(?!rendez-vous|excusez-|pardonnez-|parlez-|êtes-vous bien)\w{2,}-(?:vous|tu|je|nous|ils|"
        r"elles) ",
    ),
    "es": (
        r"¿",
        r"(?:d[oó]nde|ad[oó]nde) (?:est[aá]n?|puedo|podemos|se|queda|tengo|encuentro|va) ",
        r"(?:cu[aá]ndo|para cu[aá]ndo|hasta cu[aá]ndo) (?:llega\w*|va\w*|voy|me|se|puedo|podr\w+|recib\w+|"
        r"est[aá]\w*|es|"
        r"ser[aá]\w*|tendr\w+|env[ií]a\w+|sale) ",
        r"c[oó]mo (?:puedo|podemos|hago|se|es|tengo|lo|funciona|va|debo) ",
        r"cu[aá]nt[oa]s? (?:cuesta\w*|tarda\w*|vale\w*|tiempo|es|d[ií]as|demora\w*|hay|falta\w*|debo) ",
        r"(?:por qué|por que) (?:no |me |se |est|mi|tarda|aparece|todav|a[uú]n|la |el )",
        r"qué (?:es|pas[aó]|puedo|debo|tengo|hago|hay|ocurre|sucede|significa|talla|color|plazo|tipo|documentos?) ",
        r"cu[aá]l(?:es)? (?:es|son|ser[ií]a\w*) ",
        r"qui[eé]n (?:es|puede|paga|me) ",
        r"(?:me |nos |le |les |lo |la )?(?:puede[ns]?|podr[ií]a[ns]?|podr[ií]ais|podéis|pod[eé]is|puedo|podemos|"
        r"podr[ií]amos) ",
        r"(?:es|ser[ií]a|sería) posible ",
        r"(?:tienen|tienes|tenéis|han|habéis|hacen|venden|env[ií]an|aceptan) (?:ya |alg|disponible|stock|recib|"
        r"envi|en|"
        r"a |un|la |el |m[aá]s |tambi)",
        r"(?:quisiera|quer[ií]a|quiero|me gustar[ií]a|necesito|desear[ií]a|nos gustar[ií]a) (?:saber|preguntar|"
        r"conocer|"
        r"consultar) ",
        r"me pregunto (?:si|cu|d|c[oó]mo|por) ?",
    ),
    "it": (
        r"(?:dov'è|dov’è|dove (?:è|sono|si|posso|trovo|sta|devo|trova)) ",
        r"(?:entro |da |fino a )?quando (?:arriv\w+|verr\w+|posso|sarà|saranno|sped\w+|ricever\w+|pensate|"
        r"avr\w+|è prev\w+|"
        r"potr\w+) ?",
        r"come (?:posso|faccio|mai|si fa|devo|funziona|possiamo|facciamo) ?",
        r"quant[oaie] (?:costa\w*|tempo|ci|è|sono|devo|dura|vale|giorni) ?",
        r"perch[eéè] (?:non |il |la |mi |è |ho |avete |sono |i |le |l['’])",
        r"qual(?:e|i|'è|’è)?(?: (?:è|sono|sarebbe))? (?:il|la|lo|i|le|gli|vostr\w+|taglia|modello) ",
        r"(?:che )?cosa (?:devo|posso|è|succede|dobbiamo|significa|bisogna) ?",
        r"chi (?:può|è|paga|deve|si) ",
        r"(?:mi |ci |lo |la )?(?:potete|può|puoi|potrebbe|potreste|potresti|posso|possiamo|sapete|saprebbe|sapreste|"
        r"riuscite|riesce) ",
        r"(?:avete|hai|ha) (?:già |ricevuto|notizie|disponibil\w+|novità|anche|un |una )",
        r"(?:è|sarebbe|era) possibile ",
        r"(?:vorrei|volevo|vorremmo|desidero|desidererei|mi piacerebbe) (?:sapere|chiedere|chiedervi|chiederle|"
        r"conoscere) ",
        r"mi chied(?:o|evo) (?:se|quando|come|perch) ?",
    ),
    "pt": (
        r"onde (?:est[aá]|fica|posso|se|encontro|est[aã]o) ",
        r"quando (?:chega\w*|vai|vou|posso|ser[aá]\w*|receb\w+|poder\w+|é que|ser[aã]o|pretendem|irei|vem) ",
        r"como (?:posso|fa[cç]o|é que|devo|funciona|podemos|proceder) ?",
        r"quant[oa]s? (?:custa\w*|tempo|é|dias|demora\w*|falta\w*) ?",
        r"por ?qu[eê] (?:não|a |o |é|ainda|me|está|fui) ?",
        r"qua(?:l|is) (?:é|são|o|a|ser[aá]|os|as) ",
        r"o que (?:devo|posso|aconteceu|fa[cç]o|é|houve|preciso|fazer|significa) ?",
        r"quem (?:é|pode|paga) ",
        r"(?:me |nos )?(?:podem|pode|poderia\w*|podes|poderiam|posso|podemos|conseguem|consegue) ",
        r"(?:é|seria|será) poss[ií]vel ",
        r"(?:gostaria|gostava|queria|quero|preciso|gostar[ií]amos) (?:de )?(?:saber|perguntar|confirmar) ",
        r"(?:vocês )?(?:têm|tem|teriam|já|vendem|enviam|fazem|aceitam) (?:alguma?|como|dispon\w+|notícias|previsão|"
        r"enviaram|para|em) ",
    ),
    "nl": (
        r"waar (?:is|blijf\w*|zijn|kan|vind\w*|moet|staat|ligt|kunnen) ",
        r"(?:tot |vanaf |sinds )?wanneer (?:komt|komen|krijg\w*|wordt|worden|kan|kunnen|is|zijn|ontvang\w*|mag|"
        r"lever\w*|"
        r"zal|zou|gaat|verwacht\w*|heb\w*) ",
        r"hoe (?:lang|kan|kunnen|veel|laat|werkt|moet|duur|groot|zit|vaak|snel|kom|krijg|gaat het met|hoog|"
        r"staat|ver) ?",
        r"(?:waarom|waarvoor|waarmee|hoelang|hoeveel) ",
        r"(?:kunt u|kun je|kun jij|kunnen jullie|zou u|zou je|zouden jullie) ",
        r"wat (?:kost\w*|is|moet|kan|zijn|gebeurt|doe|betekent|kunnen|nu|zou|voor|wordt) ",
        r"welke? \w+ ",
        r"wie (?:is|kan|betaalt|heeft|moet) ",
        r"(?:ik|wij|we) (?:vraag|vroeg|vragen|vroegen) (?:me|mij|ons) af",
        r"(?:ik|wij|we) (?:wil\w*|zou\w*) (?:\w+ ){0,3}(?:weten|vragen) ?",
    ),
    "pl": (
        r"czy ",
        r"(?:gdzie|sk[aą]d|dok[aą]d) (?:jest|s[aą]|mog[eę]|mo[zż]na|znajd\w+|si[eę]|mam|moja|m[oó]j|moje) ",
        r"(?:od |do |na )?kiedy (?:b[eę]d\w+|dotrze|otrzymam|dostan\w+|mog[eę]|mo[zż]na|zostan\w+|przyjd\w+|"
        r"wy[sś]l\w+|"
        r"nadejdzie|dojdzie|mam|planuj\w+|przesy[lł]ka|paczka|moja|m[oó]j|spodziewa\w+|dostarcz\w+|wr[oó]c\w+|"
        r"mniej) ?",
        r"jak (?:mog[eę]|d[lł]ugo|mo[zż]na|si[eę]|mam|zwr[oó]ci[cć]|anulowa[cć]|zmieni[cć]|dzia[lł]a|du[zż]\w+|"
        r"szybko|to "
        r"(?:dzia[lł]a|mo[zż]liwe)) ?",
        r"(?:ile|dlaczego|czemu|po co) ",
        r"co (?:mam|dalej|z |si[eę] |powin\w+|mog[eę]|nale[zż]y|oznacza) ?",
        r"jak(?:i|a|ie|iej|ą) (?:jest|s[aą]|b[eę]dzie) ",
        r"kto (?:jest|mo[zż]e|p[lł]aci|pokrywa) ",
        r"(?:m[oó]g[lł]by|mog[lł]aby|mogliby|mogliby[sś]cie|mo[zż]e|mo[zż]ecie|mo[zż]na) (?:pan|pani|pa[nń]stwo|"
        r"mi|nam|to|"
        r"prosi[cć]|si[eę]|ju[zż]) ?",
        r"(?:chcia[lł](?:a)?bym|chcieliby[sś]my|chc[eę]|pragn[eę]) (?:si[eę] )?(?:wiedzie[cć]|zapyta[cć]|"
        r"dowiedzie[cć]|"
        r"spyta[cć]) ?",
        r"zastanawiam si[eę],? ",
    ),
    "sv": (
        r"var (?:är|finns|kan|hittar|ligger|befinner|ska) ",
        r"när (?:kommer|får|blir|är|kan|ska|skickas|levereras|beräknas|öppnar) ",
        r"hur (?:lång|länge|mycket|kan|gör|många|ofta|fungerar|ska|går|stor|får|snart|ser|lång) ?",
        r"(?:varför|varifrån) ",
        r"vad (?:kostar|är|ska|gör|händer|kan|betyder|har|gäller) ",
        r"vilk(?:en|et|a) \w+ ",
        r"vem (?:är|kan|betalar|har|står) ",
        r"jag (?:undrar|undrade|skulle vilja veta|vill veta|ville fråga|vill fråga) ?",
    ),
    "da": (
        r"hvor (?:er|bliver|længe|lang|meget|kan|mange|stor|finder|henne|hurtigt|ofte|skal|befinder|dyr) ?",
        r"(?:hvornår|hvorfor|hvordan|hvorhen|hvorfra|hvorlenge) ",
        r"hva[d]? (?:koster|er|skal|gør|med|sker|kan|betyder|gjør) ",
        r"hvilke[nt]? \w+ ",
        r"hvem (?:er|kan|betaler|har|skal) ",
        r"jeg (?:vil gerne vide|ville høre|vil høre|undrer mig|undres|ville spørge|vil gerne spørge|"
        r"vil gerne høre|lurer på) ?",
    ),
    "ru": (
        r"(?:когда|где|куда|откуда) (?:\w+ )?(?:мой|моя|моё|мое|мои|я|мне|будет|будут|придет|придёт|можно|находится|"
        r"вы|ваш\w*|заказ|посылка|нахо\w+|доставят|ожидать|это|деньги) ?",
        r"(?:почему|сколько|зачем|каким образом) ",
        r"как (?:мне|можно|долго|скоро|я могу|быть|отменить|вернуть|получить|оформить|изменить|узнать|быстро|"
        r"связаться) ?",
        r"что (?:мне|делать|с моим|с заказом|с моей|происходит|нужно|случилось) ?",
        r"как(?:ой|ая|ие|ое|ова|ов) (?:срок|у|размер|стоимость|цена|статус|сейчас) ?",
        r"(?:можно|возможно|есть|могу|можете|смогу|сможете|будет|нельзя|имеется|правильно|доставляете) ли ",
        r"(?:можете|могли бы|не могли бы|могу|можно|сможете) (?:вы |я |мне |ли )?\w+ть ",
        r"(?:хотел\w*|хочу|хотелось) (?:бы )?(?:узнать|уточнить|спросить|знать) ",
    ),
}  # fmt: skip
"""What asks at the beginning of a sentence, and of any clause in it."""

ASKS_FIRST: dict[str, tuple[str, ...]] = {
    "de": (
        r"(?!haben sie (?:vielen|besten|herzlichen|recht|lieben) )"
        r"(?:können|könnten|würden|haben|hätten|werden|sind|wollen|möchten|dürfen|liefern|verschicken|versenden|"
        r"bieten|"
        r"verkaufen|nehmen|akzeptieren|wissen|führen|machen|planen|gibts|brauchen) (?:sie|wir|ihr|die|das|denn) ",
        r"(?:kann|darf|muss|soll|sollte|könnte|bekomme|erhalte|habe|werde|hab|krieg|kriege) ich ",
        r"(?:kann|darf|muss|ist|wird|war|hat|geht|gilt|passt|kommt|stimmt|funktioniert|fehlt|soll|wurde|wäre) "
        r"(?:man|das|es|der|die|den|mein\w*|diese\w*|ihr\w*|dein\w*|eure?\w*|meine|hier|noch|schon|sich|dieser) ",
        r"sind (?:die|meine|sie|diese|das) ",
        r"(?:kannst|könntest|hast|würdest|wirst|weißt|weisst|bist|magst) du ",
        r"(?:könnt|könntet|habt|würdet|seid|werdet|liefert|verschickt|versendet) ihr ",
        r"gibt es ",
    ),
    "fr": (
        r"(?:c'est|c’est) (?:possible|quand|combien|normal) ",
        r"(?:vous avez|vous pouvez|tu peux|vous pourriez) (?:des nouvelles|me |m['’]|nous )",
    ),
    "nl": (
        r"(?:kunt|kan|zou|zult|wilt|mag|heeft|bent|weet|moet|wil) (?:u|je|ik|men|jij|dit|dat|het|mijn|de|er|iemand) ",
        r"(?:kun|heb|ben|wil|weet|zul|zou|moet) (?:je|jij|ik) ",
        r"(?:kunnen|hebben|zouden|zijn|willen|mogen|moeten|leveren|verkopen) (?:jullie|we|wij|er|de|deze|mijn) ",
        r"(?:is|wordt|was|komt|klopt|werkt|gaat|blijft|heeft) (?:het|er|mijn|de|dit|dat|deze|mijn|dat|onze) ",
    ),
    "sv": (
        r"(?:kan|skulle|har|är|vill|får|ska|kommer|finns|går|måste|säljer|skickar|kunde) "
        r"(?:ni|du|jag|man|vi|det|den|någon|min|mitt|mina|de) ",
    ),
    "da": (
        r"(?:kan|kunne|har|er|vil|må|skal|kommer|findes|sender|sælger|går|bliver|ville) "
        r"(?:i|du|jeg|man|vi|det|den|der|min|mit|mine|de|nogen|dere) ",
    ),
    "zh": (
        r"请问",
        r"請問",
        r"(?:什么|什麼)时候",
        r"(?:怎么|怎麼|为什么|為什麼|哪里|哪裡|多少|能否|可否|是否|何时|何時|几时)",
    ),
}  # fmt: skip
"""What asks only at the beginning of a sentence: after a clause, the same order of words makes a statement of it."""

ASKS_LAST: dict[str, tuple[str, ...]] = {
    "ja": (
        r"(?:ます|です|ません|でした|ました|でしょう|ましょう|ない|のか|たい|いる|ある|する|よい|良い|いい)(?:の)?か$",
        r"(?:ですか|ますか)(?:ね|な)$",
    ),
    "zh": (r"[吗嗎呢]$", r"(?:什么|什麼|怎么办|怎麼辦|多久|多少钱|多少錢|哪里|哪裡|何时|何時|几天|幾天)$"),
    "ko": (r"(?:나요|까요|습니까|니까|인가요|은가요|는가요|을까요|는지요|은지요|죠)$",),
    "ru": (r"^\w+ ли \w.*$",),
}
"""What asks at the end of a sentence, its marks aside."""

REQUESTS: dict[str, tuple[str, ...]] = {
    "en": (
        r"(?:please|kindly|pls|plz)(?: (?:also|just|now|do|can you|could you))? (?!find\b|see\b|note\b|excuse\b|"
        r"accept\b|"
        r"forgive\b|be\b|don't\b|do not\b|ignore\b|disregard\b|refer\b|feel\b|thank\b|consider\b|keep in\b|"
        r"help yourself|"
        r"understand\b|believe\b|enjoy\b|and\b|the\b|my\b|i\b|your\b|it\b|this\b|allow me\b)[a-z]{2,}",
        r"(?:send|tell|give|refund|cancel|resend|replace|confirm|check|email|mail|forward|provide|return|change|"
        r"update|"
        r"call|explain|show) (?:me|us|it|my|the|this|that)[^?]* please$",
        r"(?:i|we) (?:kindly )?(?:ask|request|beg) (?:you|that you) ",
        r"(?:i|we) would (?:be grateful|appreciate it) if ",
    ),
    "de": (
        r"bitte (?:(?:auch|nur|noch|mir|uns|einmal|mal|doch|dringend|umgehend) )*(?!entschuldig|beacht|find|"
        r"verzeih|seh|"
        r"haben sie verst|bedenk|ignorier|versteh|wenden)\w{3,}e?n sie ",
        r"bitte (?:(?:auch|nur|noch|mir|uns|einmal|mal|doch|dringend|umgehend) )*(?:schick|schicke|schickt|"
        r"sende|sendet|"
        r"sag|sage|sagt|gib|gebt|prüf|prüfe|prüft|storniere|storniert|melde|meldet|ruf|rufe|ruft|schau|schaut|"
        r"teil|teile|"
        r"teilt|erstatte|erstattet|tausche|tauscht|ändere|ändert|bestätige|bestätigt|lass|lasst|hilf|helft|mach|"
        r"macht|"
        r"erkläre|erklär|überweise|überweist|leite|leitet) ",
        r"bitte um (?:\w+ ){0,3}(?:rück\w+|antwort\w*|info\w*|auskunft|hilfe|prüfung|bestätigung|stornierung|"
        r"erstattung|"
        r"klärung|zusendung|nachricht|mitteilung|stellungnahme|ersatz|umtausch)",
        r"(?:ich|wir) (?:bitte|bitten|ersuche|ersuchen) (?:(?:sie|euch|dich|daher|hiermit|sie daher) )*(?:um|"
        r"darum|mir|uns|"
        r"den|die|das|,)",
        r"(?:schicken|senden|teilen|geben|sagen|prüfen|überprüfen|stornieren|erstatten|melden|bestätigen|ändern|"
        r"rufen|"
        r"überweisen|erklären|leiten|mailen) sie (?:mir|uns|das|die|den|mich|ihn|es|sich|mein\w*) ",
    ),
    "fr": (
        r"(?:veuillez|merci de bien vouloir|prière de) (?!trouver|agréer|recevoir|excuser|m['’]excuser|noter|croire|"
        r"accepter|patienter)\w",
        r"(?:je vous (?:remercie|remercierais)|merci) (?:par avance |d['’]avance )?(?:de |d['’])(?:me |m['’]|"
        r"nous |le |la |"
        r"les |l['’]|ne pas |bien )?(?!votre\b|notre\b|avance)\w+(?:er|ir|dre|tre|re|oir)\b",
        r"(?:envoyez|dites|donnez|confirmez|remboursez|rappelez|indiquez|renvoyez|expliquez)-(?:moi|nous|le|la|les)",
        r"je (?:vous )?(?:prie|demande|demanderais) (?:de |d['’]|donc de )",
        r"(?:pouvez|pourriez|pourrais|peux|auriez|avez|puis|pourrions)-",
        r"(?:s['’]il (?:vous|te) pla[iî]t|svp|stp),? (?:\w+ez|\w+e)\b",
    ),
    "es": (
        r"(?:por favor,? )?(?:env[ií]e(?:n|me|nme|nos|nnos)?|env[ií]ame|mande(?:n|me|nme|nos)|d[ií]ga(?:me|nme|"
        r"nos|nnos)|"
        r"conf[ií]rm\w+|av[ií]s[ea]\w+|ind[ií]qu\w+|rev[ií]s[ea]\w+|cancel(?:e|en|a)|devu[eé]lv\w+|resp[oó]nda\w*|"
        r"reembols[ea]\w*|expl[ií]qu\w+|ll[aá]m[ea](?:n|me|nme)|cambi(?:e|en)) (?:me|nos|la|el|mi|lo|los|las|si|"
        r"cu\w+|"
        r"d[oó]nde|por|una?|a) ",
        r"por favor,? (?!disculp|perdon|not[ea]\b|tenga|encuentr|no se)\w+(?:e|en|a|ad|me|nos|lo|la|ir|ar)\b",
        r"(?:le|les|te|os) (?:ruego|pido|agradecer[ií]a|solicito)",
        r"(?:ruego|solicito|agradecer[ií]a|agradezco) (?:que|me|si|el|la|una?) ",
    ),
    "it": (
        r"(?:per favore|per cortesia|per piacere|cortesemente|gentilmente),? \w",
        r"(?:vi|la|ti) (?:prego|chiedo|preghiamo|chiederei|sarei grat[oa])",
        r"(?:prego|chiedo|richiedo) (?:di|cortesemente|gentilmente|il|la|un) ",
        r"(?:mi|ci) (?:mandi|mandate|invii|inviate|faccia|fate|dica|dite|confermi|confermate|spedisca|spedite|"
        r"rimborsi|"
        r"rimborsate|sappia) ",
        r"(?:mandatemi|inviatemi|ditemi|fatemi|confermatemi|rimborsatemi|speditemi|mandami|dimmi|fammi|rispondetemi)",
        r"attendo (?:una |vostr\w+ |un )?(?:risposta|riscontro|notizie|cortese)",
    ),
    "pt": (
        r"(?:por favor|por gentileza|se faz favor),? (?!desculp|perdo)\w+",
        r"(?:envie\w*|envia-me|mande\w*|diga-me|confirme\w*|cancele\w*|avise\w*|informe\w*|devolva\w*|verifique\w*) "
        r"(?:me |a |o |se |quando |por |uma? |para )",
        r"(?:agradecia|agradeço|agradeceria|peço|solicito|pedia)(?: que| o| a| se|-vos|-lhe|-lhes| me)",
        r"aguardo (?:a |uma |o |um |vossa )?(?:resposta|retorno|contato|contacto|confirma\w+)",
    ),
    "nl": (
        r"(?:graag|gaarne) (?:ontvang\w*|hoor\w*|zou|verneem|wil|een|uw|jullie|even|mijn|de|het|willen|krijg|zie|"
        r"bevestig\w*|antwoord|reactie|om) ?",
        r"gelieve ",
        r"(?:wilt|zou|zoudt|kunt) u ",
        r"(?:stuur|stuurt|geef|bevestig|annuleer|laat|bel|vertel|controleer|wijzig|check) (?:mij|me|ons|de|het|"
        r"dit|mijn|a\.?u\.?b) ",
        r"(?:alstublieft|alsjeblieft|a\.?u\.?b\.?|s\.?v\.?p\.?) ",
        r"(?:ik|wij|we) (?:verzoek|verzoeken|vraag|vragen) (?:u|jullie|je)",
    ),
    "pl": (
        r"(?:bardzo |uprzejmie |zatem |wi[eę]c )?(?:prosz[eę]|prosimy|prosi[lł](?:a)?bym) (?:pana |pani[aą] |"
        r"pa[nń]stwa )?"
        r"(?:o |mi |nam |jeszcze |r[oó]wnie[zż] |pilnie )?(?!wybacz|przyj[aą]|bardzo\b|przepro|si[eę] nie|"
        r"czeka)\w{2,}",
        r"(?:wy[sś]lijcie|przy[sś]lijcie|sprawd[zź]cie|podajcie|napiszcie|anulujcie|odpiszcie|dajcie zna[cć]|"
        r"zwr[oó][cć]cie)",
    ),
    "sv": (
        r"(?:snälla|vänligen|var god(?:a)? och|var vänlig(?:a)? och|var snäll(?:a)? och) \w",
        r"(?:skicka|återkom|meddela|bekräfta|avboka|berätta|ring|hör av er|svara|kontrollera) (?:mig|oss|gärna|"
        r"till|om|när|"
        r"min|mitt|en|ett|snarast|beställningen|tack) ?",
    ),
    "da": (
        r"(?:venligst|vær venlig(?: at)?|vær så venlig(?: at)?|vær så snill|vennligst|må jeg bede) \w",
        r"(?:jeg|vi) (?:beder|ber) (?:jer|dem|dig|om|dere)",
        r"(?:send|giv|bekræft|ring|annuller|meld) (?:mig|os|venligst|gerne|til|besked|min|mit|en|et) ?",
    ),
    "ru": (
        r"(?:пожалуйста|просьба|прошу|просим|подскажите|скажите|сообщите|уточните|пришлите|вышлите|отправьте|"
        r"проверьте|"
        r"верните|отмените|помогите|объясните|ответьте|подтвердите|дайте знать)(?:,? |$|[.!…])",
    ),
    "zh": (r"(?:麻烦|麻煩|烦请|煩請|请|請)(?!见|見|问|問|原谅|原諒|放心|注意)[\u4e00-\u9fff]", r"帮我", r"幫我"),
}  # fmt: skip
"""What requests at the beginning of a sentence or clause: an answer says whether it is done."""

REQUESTS_LAST: dict[str, tuple[str, ...]] = {
    "ja": (
        r"(?:て|で|ご\S{1,8}|お\S{1,8})(?:ください|下さい|頂けますか|いただけますか|頂けませんか|いただけませんか|もらえますか|"
        r"いただけないでしょうか|いただきたいです|頂きたいです|ほしいです|欲しいです)(?:ませ)?$",
        r"(?<!よろしく)(?<!宜しく)(?:ご\S{1,8}|お\S{1,8}|を|の程|のほど)?(?<!よろしく)(?<!宜しく)(?:お願いします|お願いいたします|"
        r"お願い致します|お願い申し上げます)$",
        r"(?:知りたい|伺いたい|うかがいたい|お聞きしたい|聞きたい|教えてほしい)(?:です|のです|のですが|と思い\S{1,6})?$",
    ),
    "ko": (r"(?:주세요|주십시오|바랍니다|부탁드립니다|부탁드려요|주시기 바랍니다|주실 수 있나요)$",),
}
"""What requests at the end of a sentence, its marks aside."""

LEADS = (
    "and also but so or ok okay however sorry hey hi hello "
    "und auch aber oder also dann nun außerdem zudem ausserdem entschuldigung "
    "et aussi mais ou donc alors sinon ensuite y también pero o entonces además disculpe perdón "
    "e anche ma oppure quindi poi inoltre scusi scusate também mas ou então além "
    "en ook maar of dus verder ale albo oraz więc także również lub "
    "och också men eller samt og også и а но или также ещё еще"
)
"""Words that may stand before what asks."""

GREETINGS = (
    r"hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|to whom it may concern|hallo|moin|"
    r"servus|grüß gott|"
    r"gr[uü][eß]+ gott|guten (?:tag|morgen|abend)|sehr geehrte\w*|liebe\w*|werte\w*|bonjour|bonsoir|salut|cher|chère|"
    r"chers|madame|monsieur|hola|buenos d[ií]as|buenas(?: tardes| noches)?|estimad\w+|querid\w+|ciao|salve|"
    r"buongiorno|"
    r"buonasera|gentil\w+|egregi\w*|spett\w*|car[aoi]|olá|ola|oi|bom dia|boa (?:tarde|noite)|prezad\w+|car[ao]s?|"
    r"goedemorgen|goedemiddag|goedenavond|goedendag|beste|geachte|dag|dzie[nń] dobry|witam|cze[sś][cć]|"
    r"szanown\w+|drog\w+|"
    r"hej|hejsan|god (?:morgon|dag|kväll|morgen|aften)|goddag|kære|kära|bästa|hei|здравствуйте|добрый (?:день|вечер)|"
    r"доброе утро|привет|уважаем\w+|您好|你好|こんにちは|안녕하세요"
)
"""How a letter greets, before a comma or an exclamation mark."""

POLITENESS: tuple[str, ...] = (
    r"how (?:are|r) (?:you|u|things|y'all)(?: all| both)?(?: doing| today| these days| keeping| feeling)*",
    r"how(?:'s| is) (?:it going|everything|life|your day|business|your week)(?: going| today)?",
    r"how (?:do you do|have you been|was your (?:weekend|day|holiday|week))",
    r"(?:what'?s up|how goes it|you (?:ok|okay|well|good)|all (?:good|well)(?: with you)?|everything (?:ok|okay|"
    r"good|fine))",
    r"(?:i |we )?hope (?:you(?:'re| are)?|all is|this|everything).{0,60}",
    r"(?:really|seriously|honestly|hello|hi|right|ok|okay|what|huh|eh|no|yes|so|and|well|why me|wtf|"
    r"what the hell|pardon|sorry|please)",
    r"(?:is this|is that|are you) (?:a joke|some kind of joke|serious|kidding(?: me)?|joking|for real)",
    r"(?:can|could|would) you (?:believe|imagine)(?: it| this| that)?",
    r"(?:any|some)(?:one|body) (?:there|here|home|alive)",
    r"(?:do you )?(?:know what i mean|you know|see what i mean|understand|get it|who knows|what can i say|who cares)",
    r"(?:what|how) (?:a|an) [\w ]{1,40}",
    r"wie geht(?:'s|s|’s| es)?(?: es)?(?: (?:ihnen|dir|euch|so|heute|denn))*",
    r"(?:alles (?:gut|klar|in ordnung|okay|ok)|geht es ihnen gut|geht's gut|na|hallo|echt|wirklich|ernsthaft|"
    r"oder|ja|nein|"
    r"verstanden|nicht wahr|ist das ihr ernst|ist das euer ernst|im ernst|wollen sie mich veräppeln|ist da jemand|"
    r"jemand da|was soll das|geht's noch|wer weiß)(?: bei (?:ihnen|dir|euch))?",
    r"(?:comment )?(?:ça|ca) va(?: bien)?(?: (?:chez )?(?:vous|toi))?|comment (?:allez-vous|vas-tu|tu vas|vous allez)"
    r"(?: bien)?(?: aujourd'hui)?|vous allez bien|tu vas bien|n'est-ce pas|vraiment|sérieusement|c'est une blague|"
    r"est-ce une blague|quoi de neuf",
    r"(?:¿)?(?:qu[eé] tal(?: (?:est[aá]s?|todo|est[aá]n|va todo|el d[ií]a))?|c[oó]mo (?:est[aá]n?|est[aá]s|"
    r"est[aá]is|le va|"
    r"les va|te va|va todo|andas)(?: (?:usted|ustedes|hoy))?|todo bien|verdad|de verdad|en serio|es una broma|no)",
    r"come (?:sta|stai|state|va|andiamo)(?: tutto)?(?: oggi)?|tutto (?:bene|ok|a posto)|vero|davvero|sul serio|"
    r"è uno scherzo|no",
    r"(?:tudo bem|tudo bom|como (?:está|estão|vai|vais|estás|vão)(?: tudo)?(?: hoje)?|como vai você|né|certo|"
    r"a sério|é sério)(?: com (?:você|vocês))?",
    r"hoe (?:gaat het|is het|gaat 't|maakt u het|gaat het ermee)(?: (?:met (?:u|je|jou|jullie)|ermee|vandaag))*|"
    r"alles "
    r"(?:goed|ok|oké)(?: met (?:u|je|jou|jullie))?|echt(?: waar)?|toch|serieus|is dit een grap",
    r"(?:jak si[eę] (?:masz|pan ma|pani ma|pa[nń]stwo maj[aą]|macie)|co s[lł]ycha[cć]|co u (?:ciebie|pana|pani|was)|"
    r"wszystko (?:w porz[aą]dku|ok|dobrze)|prawda|naprawd[eę]|serio|czy to (?:jaki[sś] )?[zż]art)",
    r"hur (?:mår du|är det|mår ni|står det till|läget)(?: (?:idag|med er|med dig))*|allt (?:bra|väl)|läget|"
    r"eller hur|verkligen",
    r"hvordan (?:har (?:du|i) det|går det|har de det|står det til)(?: i dag)?|alt (?:vel|godt)|ikke sandt|"
    r"seriøst|virkelig",
    r"как (?:дела|вы|ты|у вас дела|ваши дела|поживаете|жизнь)(?: сегодня)?|правда|серьёзно|серьезно|неужели|"
    r"это шутка",
    r"お元気(?:ですか|でしょうか|でいらっしゃいますか)?|(?:いかが|如何)お過ごし(?:ですか|でしょうか)|本当(?:ですか)?|お変わり(?:ありませんか|ないでしょうか)?",
    r"你好吗|您好吗|最近(?:怎么样|好吗|如何)|真的吗|잘 지내(?:세요|시나요|시죠)|안녕하신가요",
)
"""Whole sentences that ask nothing: polite, or said in anger."""

ABBREVIATIONS = (
    "nr no num núm dr mr mrs ms prof st str bzw ca tel art inkl zzgl evtl ggf usw vgl bspw sog mwst mind max "
    "min approx vs etc e.g i.e z.b d.h u.a z.hd a.u.b s.v.p o.ä sr sra srta dña avda pág sig dott ing mme mlle "
    "cf ex réf ref env nb dhr mevr bijv o.a m.b.t ul np tzn itd itp m.in tj godz szt zob bl.a t.ex d.v.s osv "
    "f.eks evt ev inc ltd co p.s ps jan feb mar apr jun jul aug sep sept oct okt nov dec dez г ул тел руб т.е "
    "т.д"
)
"""Words that a full stop belongs to, without it."""
