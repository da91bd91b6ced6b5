"""What upset customers write, by language: to teach Frontdesk a phrase, add it to a line here.

Phrases stand between commas. `*` at the end of a word stands for any ending, `…` for up to three words in between;
capitals and accents do not matter. Each row has a weight: what weighs `inbox.upset.ENOUGH` alone raises the flag.

- `angry`: nobody writes this calmly · `sore`: may be said calmly, two different ones are not
- `legal`: a step is threatened · `lawful`: the bare word, which a calm person uses too
- `money`: counts only beside another sign · `demand`: money is demanded, or fetched back through the bank
- `leaving`: never again, a bad review · `waiting`: says for how long, or how often
- `not`: words that turn the next ones round · `settled`: it is over, so anger that is told of is over, too
"""

from __future__ import annotations

WEIGHTS = {
    "angry": 2,
    "sore": 1,
    "legal": 2,
    "lawful": 1,
    "money": 1,
    "demand": 2,
    "leaving": 2,
    "waiting": 1,
}
"""What a phrase of each row weighs."""

PHRASES: dict[str, dict[str, str]] = {
    "en": {
        "angry": "unacceptable, not acceptable, this is … outrageous, absolutely outrageous, simply outrageous, disgusted, disgusting service, disgraceful,"
        " a disgrace,"
        " i am furious, i'm furious, we are furious, absolutely furious, i am livid, absolutely livid, appalled, appalling, this is … ridiculous, ripped off, rip off, ripoff, scammed,"
        " scammers,"
        " this is a … scam, you are a … scam, total scam, complete scam, fraudsters, you thieves, are thieves, you crooks, are crooks, you liars, are liars, bunch of thieves, bunch of crooks, bunch of liars,"
        " lied to me,"
        " stealing my money, stole my money, shame on you, worst … service, worst … company,"
        " worst … experience,"
        " worst shop, terrible service, awful service, horrible service, dreadful service, shocking service,"
        " shoddy service, joke of a company, what a joke, is a joke, is beyond a joke, sick and tired,"
        " sick of this,"
        " fed up, i have had enough, i've had enough, we have had enough, we've had enough, had enough of you, had enough of this, how dare you, very disappointed, extremely disappointed, deeply disappointed,"
        " bitterly disappointed, really disappointed, so disappointed, beyond disappointed, very unhappy,"
        " extremely unhappy, very dissatisfied, extremely dissatisfied, very upset, extremely upset,"
        " really upset,"
        " so upset, very angry, really angry, so angry, extremely angry, i am angry, i'm angry, very annoyed,"
        " extremely annoyed, very frustrated, extremely frustrated, extremely frustrating, beyond frustrated,"
        " this is … pathetic, pathetic service, pathetic excuse, absolutely pathetic, utter incompetence, sheer incompetence, you are … incompetent, your … incompetent, your incompetence, formal complaint, official complaint,"
        " writing to complain, wish to complain, want to complain, wish to make a complaint,"
        " want to make a complaint,"
        " like to make a complaint, lodge a complaint, lodging a complaint, filing a complaint,"
        " treated like dirt,"
        " treat your customers, treat customers, no excuse for this, absolutely useless, completely useless,"
        " my patience has run out, out of patience, run out of patience, last straw,"
        " are you kidding me",
        "sore": "disappointed, outrageous, pathetic, furious, incompetent, thieves, disappointing, frustrated, frustrating, frustration, annoyed, unhappy,"
        " dissatisfied,"
        " displeased, upset, angry, terrible, awful, horrible, dreadful, poor service, bad service,"
        " bad experience,"
        " poor customer service, rude, useless, unprofessional, ridiculous, not happy, not satisfied,"
        " not impressed,"
        " not good enough, let down, unreliable, complaint, complain, fobbed off,"
        " passed from pillar to post, absurd,"
        " waste of … time, waste of … money, unbelievable, shocking, i demand, losing patience,"
        " losing my patience,"
        " my patience, do something, sort this out, i expected better, expected more from,"
        " lack of communication",
        "legal": "my lawyer, my lawyers, our lawyer, our lawyers will, my solicitor, our solicitor, our solicitors,"
        " my attorney, our attorney, contact … lawyer, consult … lawyer, hire … lawyer, get … lawyer involved,"
        " contact … solicitor, instruct … solicitor, contact … attorney, hire … attorney, hear from … lawyer,"
        " hear from … solicitor, hear from … attorney, take legal action, taking legal action,"
        " legal action against,"
        " start legal proceedings, legal proceedings against, legal steps, take you to court,"
        " taking you to court,"
        " see you in court, take this to court, taking this to court, go to court, small claims, sue you,"
        " i will sue,"
        " i'll sue, going to sue, suing you, trading standards, consumer protection agency,"
        " better business bureau,"
        " report you, reporting you, report your company, reporting your company, report this to the police,"
        " report it to the police, go to the police, file a police report, letter before action,"
        " consumer ombudsman,"
        " to the ombudsman",
        "lawful": "lawyer, lawyers, solicitor, attorney, lawsuit, ombudsman, legal action, the police",
        "money": "refund, refunded, money back, reimburse*, compensation",
        "demand": "want my money back, demand my money back, demand … refund, demand … money,"
        " demanding … refund,"
        " give me my money, give me back my money, want my refund, chargeback, charge back, dispute the charge,"
        " dispute the payment, dispute this charge, dispute this payment, open a dispute, opening a dispute,"
        " paypal dispute, reverse the charge, reverse the payment, where is my money",
        "leaving": "never … order … again, never … buy … again, never … shop … again, never … use … again,"
        " never again,"
        " never … come back, not be ordering … again, won't be ordering … again, won't be buying … again,"
        " lost a customer,"
        " lost me as a customer, losing a customer, losing me as a customer, take my business elsewhere,"
        " taking my business elsewhere, take our business elsewhere, bad review, negative review,"
        " terrible review,"
        " honest review about, one star, 1 star, tell everyone, telling everyone, warn others, warn everyone,"
        " last time i order, last time i buy, last order with you, switching to your competitor,"
        " all over social media",
        "waiting": "still waiting, been waiting, still no answer, still no reply, still no response,"
        " still nothing,"
        " no reply, no response, no answer, nobody answers, nobody replies, nobody has, no one answers,"
        " no one replies,"
        " no one has, third time, fourth time, fifth time, second time, umpteenth time, yet again,"
        " again and again,"
        " over and over, for weeks, for months, ignored, ignoring, keep … waiting, how many times,"
        " how many more times,"
        " how much longer, chasing you, chased you, third email, fourth email, third message",
        "not": "not, no, never, without, nothing, cannot, neither, nor, hardly, nobody, none",
        "settled": "all sorted, sorted now, sorted itself out, problem solved, problem is solved,"
        " has been solved,"
        " has been sorted, is resolved, has been resolved, all good now, arrived after all, never mind,"
        " please ignore,"
        " sorry for my, apologies for my, apologise for my, no longer upset, no longer angry",
    },
    "de": {
        "angry": "inakzeptabel*, nicht akzeptabel, nicht hinnehmbar, nicht länger hinnehmen, unverschämt*,"
        " Unverschämtheit,"
        " Frechheit, empört, empörend, wütend, stinksauer, stocksauer, bin … sauer, Saftladen, Sauladen,"
        " Betrüger,"
        " ist Betrug, das ist … Betrug, Abzocke, Abzocker, abgezockt, verarsch*, unter aller Sau,"
        " unter aller Kanone,"
        " Zumutung, unzumutbar, das Letzte, schlechter Witz, ein Witz sein, schlechteste* Service,"
        " schlechtester Kundenservice, jetzt reicht, mir reicht, uns reicht, es reicht mir, es reicht jetzt,"
        " Schnauze voll, Nase voll, sehr enttäuscht, zutiefst enttäuscht, wirklich enttäuscht,"
        " mehr als enttäuscht,"
        " maßlos enttäuscht, schwer enttäuscht, bitter enttäuscht, sehr verärgert, äußerst verärgert,"
        " wirklich verärgert,"
        " mehr als verärgert, extrem verärgert, sehr unzufrieden, äußerst unzufrieden, mehr als unzufrieden,"
        " absolut unzufrieden, lasse ich mir nicht, lasse mir das nicht, Sauerei, Schweinerei, unterirdisch,"
        " bodenlos*,"
        " eine Schande, schämen Sie sich, schämt euch, belogen, angelogen, Lügner, offizielle Beschwerde,"
        " formelle Beschwerde, förmliche Beschwerde, Beschwerde einlegen, Beschwerde einreichen,"
        " mich … beschweren,"
        " beschwere … mich, beschwere ich mich, wollen Sie mich, wollt ihr mich, eine Katastrophe,"
        " grottenschlecht,"
        " Geduld … am Ende, Geduld ist … Ende, Geduldsfaden",
        "sore": "enttäuscht, Enttäuschung, enttäuschend, verärgert, ärgerlich, ärgere mich, genervt, nervt,"
        " frustriert,"
        " frustrierend, unzufrieden, nicht zufrieden, böse, sauer, Beschwerde, beschweren, katastrophal,"
        " Katastrophe,"
        " lächerlich, schlechter Service, schlechten Service, miserabel*, unfreundlich, unprofessionell,"
        " peinlich, ein Witz,"
        " meine Geduld, unmöglich*, kein Verständnis, fassungslos, hingehalten, vertröstet, so geht das nicht,"
        " geht gar nicht",
        "legal": "mein* Anwalt, mein* Anwältin, unser* Anwalt, unser* Anwältin, mein* Rechtsanwalt,"
        " unser* Rechtsanwalt,"
        " meinem Rechtsbeistand, zum Anwalt, Anwalt einschalten, Anwalt übergeben, Anwalt beauftragen,"
        " Anwalt nehmen,"
        " Anwalt hinzuziehen, anwaltlich*, rechtliche* Schritte, rechtlichen Schritten, rechtlich vorgehen,"
        " rechtlich gegen, juristische* Schritte, gerichtlich*, vor Gericht, Verbraucherzentrale,"
        " Verbraucherschutz,"
        " verklagen, verklage, Klage einreichen, Klage erheben, Strafanzeige, Anzeige erstatten,"
        " erstatte Anzeige,"
        " Anzeige gegen, zeige … an wegen, zur Anzeige, Mahnbescheid, Rechtsweg, Rechtsschutzversicherung,"
        " Schlichtungsstelle, zur Polizei, Wettbewerbszentrale",
        "lawful": "Anwalt, Anwältin, Rechtsanwalt, Rechtsanwältin, Polizei",
        "money": "Rückerstattung, Erstattung, erstatte*, Geld zurück, Rückzahlung, Entschädigung,"
        " Schadenersatz,"
        " Schadensersatz",
        "demand": "will mein Geld, will sofort mein Geld, wollen unser Geld, sofort … Geld zurück,"
        " endlich … Geld zurück,"
        " fordere … Geld, fordere … Erstattung, fordere … Rückerstattung, fordere … Rückzahlung,"
        " verlange … Geld,"
        " verlange … Erstattung, verlange … Rückerstattung, Zahlung zurückbuchen, Betrag zurückbuchen,"
        " Geld zurückbuchen, Lastschrift zurückgeben, Lastschrift zurückbuchen, Käuferschutzfall, Chargeback,"
        " PayPal-Fall, Paypal Fall",
        "leaving": "nie wieder, niemals wieder, nie mehr … bestell*, nie mehr bei, nie mehr etwas,"
        " letzte Mal … bestell*,"
        " letzte Mal … gekauft, letzte Bestellung bei, zum letzten Mal bestellt, Kunden verloren,"
        " Kundin verloren,"
        " Kunden weniger, als Kunde verloren, schlechte Bewertung, schlechte Rezension, negative Bewertung,"
        " negative Rezension, entsprechend bewerten, entsprechende Bewertung, ein Stern, einen Stern, 1 Stern,"
        " jedem abraten, allen abraten, nur abraten, allen … erzählen, zur Konkurrenz, bei der Konkurrenz,"
        " alle warnen",
        "waiting": "warte immer noch, warte noch immer, warten immer noch, immer noch nicht,"
        " immer noch keine, noch immer"
        " keine, noch immer nicht, keine Antwort, keinerlei Antwort, keine Reaktion, keine Rückmeldung,"
        " ohne Antwort,"
        " niemand antwortet, niemand meldet, niemand reagiert, keiner meldet, keiner antwortet,"
        " keiner reagiert,"
        " meldet sich niemand, meldet sich keiner, reagiert niemand, antwortet niemand, dritten Mal,"
        " zweiten Mal,"
        " vierten Mal, wiederholten Mal*, x-ten Mal, dritte Mail, dritte E-Mail, dritte Nachricht, seit Wochen,"
        " seit Monaten, wochenlang, monatelang, schon wieder, ignorier*, wie oft, wie lange noch",
        "not": "nicht, kein, keine, keinen, keinem, keiner, keinerlei, ohne, nie, niemals, weder, noch nie,"
        " niemand",
        "settled": "hat sich erledigt, schon erledigt, ist erledigt, hat sich geklärt, ist geklärt,"
        " alles geklärt,"
        " Problem gelöst, Problem ist gelöst, doch noch angekommen, ist inzwischen angekommen,"
        " nichts für ungut,"
        " Entschuldigung für mein*, entschuldige mich für mein*, tut mir leid wegen meiner, nicht mehr böse",
    },
    "fr": {
        "angry": "inacceptable*, inadmissible*, intolérable*, scandaleux, scandaleuse, un scandale, honteux,"
        " honteuse, une"
        " honte, quelle honte, furieux, furieuse, en colère, très déçu*, extrêmement déçu*, vraiment déçu*,"
        " profondément déçu*, tellement déçu*, plus que déçu*, très mécontent*, extrêmement mécontent*,"
        " révolté*, outré*,"
        " indigné*, arnaque, arnaqué*, arnaqueurs, escrocs, escroquerie, voleurs, menteurs, foutage de gueule,"
        " fichez de moi, foutez de moi, moquez de moi, moquez de vos, moquez du monde, ras le bol,"
        " j'en ai marre,"
        " en ai assez, ça suffit, cela suffit, incompétent*, incompétence, pire service, service … déplorable,"
        " service … lamentable, lamentable, déplorable, déposer … réclamation, faire … réclamation,"
        " adresser une plainte,"
        " à bout de patience, manque de respect, du n'importe quoi, prenez … pour des",
        "sore": "déçu, déçue, déçus, décevant*, déception, mécontent*, insatisfait*, énervé*, agacé*,"
        " agaçant*, frustré*,"
        " frustrant*, fâché*, contrarié*, catastrophique, catastrophe, pas content*, pas satisfait*,"
        " pas normal,"
        " mauvais service, réclamation, ma patience, ridicule, désagréable, me plaindre, pas sérieux, anormal*,"
        " inadmiss*, c'est nul",
        "legal": "mon avocat*, notre avocat*, nos avocats, mes avocats, contacter … avocat*,"
        " consulter … avocat*,"
        " porter plainte, porterai plainte, porterons plainte, déposer plainte, déposerai plainte,"
        " dépôt de plainte,"
        " tribunal, tribunaux, en justice, action en justice, saisir la justice, poursuites, poursuivre en,"
        " voie judiciaire, voies légales, mise en demeure, met* en demeure, que choisir, DGCCRF,"
        " répression des fraudes,"
        " signalconso, médiateur de la consommation, saisir le médiateur, association* de consommateurs,"
        " défense des consommateurs, huissier, conciliateur, suites juridiques, recours juridique*",
        "lawful": "avocat*, plainte, police, gendarmerie",
        "money": "rembours*, dédommage*, indemnis*",
        "demand": "exige … remboursement, exige … rembours*, exige … argent, veux … mon argent,"
        " rendez-moi … argent,"
        " rendez moi … argent, réclame … mon argent, faire opposition, opposition … paiement,"
        " contester le paiement,"
        " contester le prélèvement, contester la transaction, litige paypal, litige sur paypal,"
        " rétrofacturation",
        "leaving": "plus jamais, jamais plus, dernière fois que, dernière commande chez, perdu un client,"
        " perdu une cliente,"
        " perdez un client, perdez une cliente, perdre un client, perdre une cliente, mauvais avis,"
        " avis négatif*,"
        " avis défavorable, une étoile, 1 étoile, voir ailleurs, chez la concurrence, chez un concurrent,"
        " déconseiller*,"
        " je déconseille, prévenir tout le monde, réseaux sociaux",
        "waiting": "toujours pas, toujours rien, toujours aucun*, sans réponse, aucune réponse,"
        " aucune nouvelle,"
        " pas de réponse, personne ne répond, personne ne me répond, personne ne m'a, troisième fois,"
        " deuxième fois,"
        " quatrième fois, énième fois, 3e fois, troisième mail, troisième message, depuis des semaines,"
        " depuis des mois,"
        " depuis plusieurs semaines, attends toujours, attends encore, ignoré*, ignorez,"
        " combien de temps encore,"
        " combien de fois",
        "not": "pas, aucun, aucune, sans, jamais, ni, nullement, non",
        "settled": "c'est réglé, tout est réglé, est réglé maintenant, problème résolu, problème est résolu,"
        " tout va bien,"
        " finalement arrivé*, désolé* pour mon, excusez-moi pour mon, plus fâché*, plus en colère",
    },
    "es": {
        "angry": "inaceptable*, intolerable*, inadmisible*, indignante*, indignado*, indignada*, vergonzoso,"
        " vergonzosa,"
        " una vergüenza, qué vergüenza, furioso, furiosa, muy enfadad*, muy enojad*, muy molest*,"
        " muy decepcionad*,"
        " muy descontent*, muy insatisfech*, realmente decepcionad*, sumamente molest*,"
        " profundamente decepcionad*,"
        " totalmente decepcionad*, es una estafa, estafador*, me han estafado, ladrones, mentirosos,"
        " tomadura de pelo,"
        " tomando el pelo, estoy harto, estoy harta, harto de, harta de, basta ya, ya basta, pésimo, pésima,"
        " peor servicio, lamentable, incompeten*, presentar … queja, poner … queja, presentar … reclamación,"
        " poner … reclamación, quiero quejarme, falta de respeto, una burla, un escándalo, colmo",
        "sore": "decepcionad*, decepcionante, decepción, enfadad*, enojad*, estoy molest*, frustrad*,"
        " frustrante,"
        " frustración, insatisfech*, descontent*, no estoy content*, no estoy satisfech*, mal servicio,"
        " mala atención,"
        " queja, quejarme, ridículo, ridícula, horrible, fatal, mi paciencia, la paciencia, poco serio,"
        " poco profesional,"
        " disgustad*, indignación",
        "legal": "mi abogado, mi abogada, mis abogados, nuestro abogado, nuestros abogados,"
        " contactar … abogado,"
        " acciones legales, medidas legales, vía judicial, vía legal, a los tribunales, tribunales, a juicio,"
        " voy a demandar*, les demandaré, los demandaré, demandarlos, demandarles, voy a denunciar*,"
        " denunciarles,"
        " denunciarlos, denunciaré, poner … denuncia, presentar … denuncia, la OCU, oficina de consumo,"
        " oficina del consumidor, defensa del consumidor, protección al consumidor,"
        " organización de consumidores,"
        " asociación de consumidores, profeco, hoja de reclamaciones, hojas de reclamaciones,"
        " arbitraje de consumo",
        "lawful": "abogado, abogada, abogados, denuncia, policía",
        "money": "reembols*, devolución, devolver* el dinero, devuelvan el dinero, mi dinero, indemniza*",
        "demand": "exijo … reembolso, exijo … devol*, exijo … dinero, quiero … mi dinero, devuélvanme,"
        " devolvedme,"
        " devuelvan mi dinero, contracargo, disputa en paypal, disputa de paypal, abrir una disputa,"
        " reclamar al banco,"
        " anular el cargo, retroceder el cargo, devolver el recibo",
        "leaving": "nunca más, jamás volveré, no volveré a, no volveremos a, no vuelvo a comprar,"
        " no pienso volver,"
        " última vez que, último pedido, perdido un cliente, perdido una clienta, pierden un cliente,"
        " perder un cliente,"
        " perdéis un cliente, mala reseña, reseña negativa, opinión negativa, valoración negativa,"
        " mala valoración,"
        " una estrella, 1 estrella, a la competencia, con la competencia, no … recomiendo, no … recomendaré,"
        " redes sociales",
        "waiting": "sigo esperando, seguimos esperando, todavía no, aún no, sin respuesta, ninguna respuesta,"
        " nadie responde, nadie contesta, nadie me, tercera vez, segunda vez, cuarta vez, enésima vez,"
        " tercer correo,"
        " tercer mensaje, otra vez, desde hace semanas, hace semanas, hace meses, llevo semanas,"
        " llevo meses, me ignoran,"
        " cuántas veces, hasta cuándo",
        "not": "no, sin, ningún, ninguna, nunca, jamás, tampoco, ni",
        "settled": "ya está solucionad*, ya se ha solucionado, ya está resuelt*, ya se resolvió,"
        " problema resuelto,"
        " problema solucionado, ya ha llegado, ya me llegó, disculpen mi, perdonen mi, ya no estoy enfadad*",
    },
    "it": {
        "angry": "inaccettabil*, intollerabil*, inammissibil*, vergognoso, vergognosa, una vergogna,"
        " che vergogna,"
        " vergognatevi, furioso, furiosa, indignato, indignata, scandaloso, scandalosa, uno scandalo,"
        " molto delus*,"
        " davvero delus*, estremamente delus*, profondamente delus*, veramente delus*, molto arrabbiat*,"
        " davvero arrabbiat*, molto insoddisfatt*, molto scontent*, truffa, truffatori, truffato, truffata,"
        " ladri,"
        " bugiardi, presa in giro, prendendo in giro, prendete in giro, sono stufo, sono stufa, stufo di,"
        " adesso basta,"
        " ora basta, pessimo servizio, servizio pessimo, pessima assistenza, assistenza pessima,"
        " pessima esperienza,"
        " peggior* servizio, incompetent*, incompetenza, sporgere reclamo, presentare … reclamo,"
        " fare … reclamo,"
        " mancanza di rispetto, non è possibile che, la misura è colma, stanco di, stanca di",
        "sore": "deluso, delusa, delusi, deludente, delusione, arrabbiat*, frustrat*, frustrante,"
        " insoddisfatt*,"
        " scontent*, infastidit*, irritat*, irritante, non sono content*, non sono soddisfatt*,"
        " non sono affatto,"
        " cattivo servizio, pessimo, pessima, reclamo, lamentela, lamentarmi, ridicolo, ridicola, assurdo,"
        " assurda,"
        " mia pazienza, la pazienza, poco serio, poco seria, poco professionale, disastro",
        "legal": "mio avvocato, mia avvocata, nostro avvocato, miei avvocati, nostri avvocati, mio legale,"
        " miei legali,"
        " nostri legali, un avvocato, vie legali, azioni legali, azione legale, in tribunale, tribunale,"
        " denuncerò,"
        " denunciarvi, sporgere denuncia, sporgerò denuncia, querelarvi, sporgere querela,"
        " associazione consumatori,"
        " associazione dei consumatori, associazioni dei consumatori, altroconsumo, codacons, giudice di pace,"
        " messa in mora, diffida, guardia di finanza, polizia postale, agcm, antitrust",
        "lawful": "avvocato, avvocati, denuncia, polizia, carabinieri",
        "money": "rimbors*, risarcimento, miei soldi, soldi indietro",
        "demand": "esigo … rimborso, pretendo … rimborso, esigo … soldi, pretendo … soldi, voglio … miei soldi,"
        " voglio … soldi indietro, rivoglio … soldi, ridatemi … soldi, restituitemi … soldi,"
        " contestare … pagamento,"
        " contestare … addebito, contestazione paypal, controversia … paypal, chargeback",
        "leaving": "mai più, non comprerò più, non ordinerò più, non acquisterò più, non compro più,"
        " ultima volta che,"
        " ultimo ordine, perso un cliente, perso una cliente, perderete un cliente, perdete un cliente,"
        " recensione negativa, pessima recensione, brutta recensione, una stella, 1 stella, alla concorrenza,"
        " dalla concorrenza, sconsiglio, sconsiglierò, social network",
        "waiting": "ancora aspettando, ancora in attesa, ancora nessuna, ancora nulla, ancora niente,"
        " nessuna risposta,"
        " senza risposta, nessuno risponde, nessuno mi, terza volta, seconda volta, quarta volta,"
        " ennesima volta,"
        " ennesim*, terza mail, terza email, terzo messaggio, da settimane, da mesi, ancora una volta,"
        " non ho ancora,"
        " ignorat*, quante volte, quanto ancora",
        "not": "non, senza, nessun, nessuna, nessuno, mai, né, nemmeno",
        "settled": "tutto risolto, è risolto, problema risolto, ho risolto, è tutto a posto,"
        " è arrivato alla fine,"
        " scusate per il mio, mi scuso per il mio, non sono più arrabbiat*",
    },
    "pt": {
        "angry": "inaceitável, inaceitáveis, inadmissível, intolerável, um absurdo, vergonhoso, vergonhosa,"
        " uma vergonha,"
        " que vergonha, furioso, furiosa, indignado, indignada, revoltado, revoltada, muito decepcionad*,"
        " muito dececionad*, muito desapontad*, muito desiludid*, muito insatisfeit*, muito chatead*,"
        " muito irritad*,"
        " muito zangad*, extremamente decepcionad*, extremamente insatisfeit*, realmente decepcionad*, burlões,"
        " é uma burla, fui burlad*, golpistas, é um golpe, ladrões, mentirosos, palhaçada, palhaços,"
        " falta de respeito,"
        " desrespeito, estou farto, estou farta, farto de, farta de, cansado de esperar, cansada de esperar,"
        " pior serviço, pior atendimento, péssimo, péssima, incompeten*, fazer … reclamação,"
        " apresentar … reclamação,"
        " um descaso, já chega, uma piada, brincadeira de mau gosto",
        "sore": "decepcionad*, dececionad*, decepcionante, decepção, desapontad*, desiludid*, frustrad*,"
        " frustrante,"
        " insatisfeit*, chatead*, irritad*, zangad*, aborrecid*, não estou satisfeit*, não estou content*,"
        " não estou nada, mau serviço, mau atendimento, reclamação, reclamar, ridículo, ridícula, absurdo,"
        " descaso,"
        " minha paciência, a paciência, pouco profissional, horrível",
        "legal": "meu advogado, minha advogada, nosso advogado, meus advogados, um advogado, ação judicial,"
        " acção judicial, ação legal, medidas legais, medidas judiciais, meios legais, vias legais,"
        " em tribunal,"
        " ao tribunal, tribunal, na justiça, à justiça, processar vocês, processar a empresa, processá-los,"
        " processar-vos,"
        " procon, a DECO, defesa do consumidor, proteção ao consumidor, livro de reclamações, reclame aqui,"
        " reclameaqui,"
        " pequenas causas, juizado, denunciar, denunciá-los, ASAE, portal da queixa",
        "lawful": "advogado, advogada, advogados, polícia",
        "money": "reembols*, estorno, estornar, ressarc*, indemniza*, indeniza*, dinheiro de volta",
        "demand": "exijo … reembolso, exijo … dinheiro, exijo … devolução, exijo … estorno,"
        " quero … meu dinheiro,"
        " devolvam … dinheiro, contestar … cobrança, contestar … compra, contestar … pagamento,"
        " disputa no paypal,"
        " chargeback",
        "leaving": "nunca mais, jamais … compr*, jamais … volt*, não volto a comprar, não compro mais,"
        " última vez que,"
        " última compra, perderam um cliente, perderam uma cliente, perdem um cliente, perder um cliente,"
        " avaliação negativa, má avaliação, crítica negativa, comentário negativo, uma estrela, 1 estrela,"
        " para a concorrência, na concorrência, não recomendo, redes sociais",
        "waiting": "ainda estou à espera, continuo à espera, continuo esperando, ainda estou esperando,"
        " ainda não,"
        " sem resposta, nenhuma resposta, ninguém responde, ninguém me, ninguém atende, terceira vez,"
        " segunda vez,"
        " quarta vez, enésima vez, terceiro email, terceiro e-mail, há semanas, há meses, mais uma vez,"
        " até agora nada,"
        " até hoje, ignorad*, quantas vezes, até quando",
        "not": "não, sem, nenhum, nenhuma, nunca, jamais, nem",
        "settled": "já está resolvid*, já foi resolvid*, problema resolvido, tudo resolvido, já chegou,"
        " desculpem o meu, desculpe o meu, já não estou zangad*, já não estou chatead*",
    },
    "nl": {
        "angry": "onacceptabel*, niet acceptabel, schandalig*, een schande, schandelijk, woedend, razend,"
        " laaiend,"
        " zeer teleurgesteld, erg teleurgesteld, enorm teleurgesteld, heel teleurgesteld, diep teleurgesteld,"
        " zwaar teleurgesteld, erg boos, heel boos, zeer boos, zo boos, zeer ontevreden, erg ontevreden,"
        " heel ontevreden,"
        " uiterst ontevreden, oplichters, oplichting, oplichterij, opgelicht, bedriegers, leugenaars, spuugzat,"
        " meer dan zat, ben het zat, ben het beu, helemaal klaar mee, slechtste service, slechtste bedrijf,"
        " slechtste ervaring, incompetent*, klacht indienen, dien … klacht in, officiële klacht,"
        " formele klacht,"
        " ongehoord, schaamteloos, maat is vol, schofterig, wat een aanfluiting, aanfluiting,"
        " belachelijke service,"
        " voor de gek gehouden, van de zotte",
        "sore": "teleurgesteld, teleurstellend, teleurstelling, boos, ontevreden, gefrustreerd, frustrerend,"
        " geïrriteerd,"
        " irritant, niet tevreden, niet blij, slechte service, slechte ervaring, klacht, klagen,"
        " belachelijk, waardeloos,"
        " waardeloze, ergerlijk, erger me, mijn geduld, verschrikkelijk, onprofessioneel, onbeschoft,"
        " kan echt niet,"
        " aan het lijntje",
        "legal": "mijn advocaat, onze advocaat, mijn advocaten, advocaat inschakelen, advocaat in te schakelen,"
        " juridische stappen, gerechtelijke stappen, juridisch, rechtbank, naar de rechter, kantonrechter,"
        " rechtszaak,"
        " consumentenbond, aangifte doen, doe … aangifte, doe ik aangifte, geschillencommissie, deurwaarder,"
        " rechtsbijstand, in gebreke, ingebrekestelling, consuwijzer, autoriteit consument, juridisch loket",
        "lawful": "advocaat, aangifte, politie",
        "money": "terugbetal*, geld terug, restitutie, schadevergoeding, vergoeding",
        "demand": "eis … geld, eis … terugbetaling, wil … geld terug, wil nu … geld, chargeback,"
        " betaling terugdraaien,"
        " betaling storneren, terugboeken, paypal geschil, geschil openen",
        "leaving": "nooit meer, nooit weer, laatste keer dat, laatste bestelling, klant kwijt, klant verloren,"
        " klant minder, slechte recensie, slechte review, slechte beoordeling, negatieve recensie,"
        " negatieve review,"
        " negatieve beoordeling, een ster, één ster, 1 ster, naar de concurrent*, bij de concurrent*,"
        " iedereen afraden,"
        " raad … iedereen af, social media",
        "waiting": "nog steeds niet, nog steeds geen, nog steeds niets, nog altijd, wacht nog steeds,"
        " geen antwoord,"
        " geen reactie, niemand reageert, niemand antwoordt, niemand neemt, derde keer, tweede keer,"
        " vierde keer,"
        " zoveelste, derde mail, derde bericht, al weken, al maanden, wekenlang, alweer, hoe vaak,"
        " hoe lang nog,"
        " genegeerd, negeren",
        "not": "niet, geen, zonder, nooit, noch, nergens",
        "settled": "is opgelost, is al opgelost, alles in orde, is inmiddels aangekomen, toch nog aangekomen,"
        " sorry voor mijn, excuses voor mijn, niet meer boos",
    },
    "pl": {
        "angry": "niedopuszczaln*, nie do przyjęcia, nieakceptowaln*, skandal, skandaliczn*, wściekły,"
        " wściekła,"
        " oburzony, oburzona, oburzeni, oburzając*, bardzo rozczarowan*, bardzo zawiedzion*,"
        " bardzo niezadowolon*,"
        " bardzo zdenerwowan*, niezwykle rozczarowan*, głęboko rozczarowan*, oszuści, oszustwo, oszukan*,"
        " złodzieje,"
        " kłamcy, okłamujecie, żenada, żenując*, kpina, kpiny, kpicie, mam dość, mam dosyć, hańba,"
        " jak wam nie wstyd,"
        " wstyd mi za was, najgorsz* obsług*, najgorsz* firma, najgorsz* sklep, niekompeten*, złożyć skargę,"
        " składam … skargę, brak szacunku, miarka się przebrała, tragiczn* obsług*, fataln* obsług*",
        "sore": "rozczarowan*, rozczarowując*, zawiedzion*, niezadowolon*, zdenerwowan*, zirytowan*, irytując*,"
        " sfrustrowan*, frustrując*, skarga, skargę, nie jestem zadowolon*, fataln*, okropn*, tragiczn*,"
        " śmieszne,"
        " absurd, moja cierpliwość, tracę cierpliwość, nieprofesjonaln*, niepoważn*, zła obsługa",
        "legal": "mój prawnik, mojego prawnika, mojemu prawnikowi, nasz prawnik, naszemu prawnikowi,"
        " mój adwokat,"
        " mojemu adwokatowi, kroki prawne, kroków prawnych, drogę prawną, drogę sądową, drogi sądowej, do sądu,"
        " w sądzie, pozew, pozwę, rzecznik* konsument*, rzecznik* praw*, UOKiK, na policję, prokuratur*,"
        " przedsądow*, federacj* konsument*, inspekcj* handlow*",
        "lawful": "prawnik, prawnika, prawnikiem, adwokat, adwokata, policja, policji",
        "money": "zwrot pieniędzy, zwrotu pieniędzy, zwrot kosztów, odszkodowani*, refundacj*",
        "demand": "żądam zwrotu, żądam … pieniędzy, żądam natychmiast*, oddajcie … pieniądze,"
        " zwróćcie … pieniądze,"
        " chcę … swoje pieniądze, chcę … moje pieniądze, odzyskać pieniądze, chargeback, spór paypal,"
        " obciążenie zwrotne",
        "leaving": "nigdy więcej, już nigdy, ostatni raz, ostatnie zamówienie, straciliście klient*,"
        " tracicie klient*,"
        " negatywn* opini*, złą opinię, negatywn* komentarz, jedna gwiazdka, jedną gwiazdkę, do konkurencji,"
        " nie polecam,"
        " odradzam, będę odradzać, mediach społecznościowych",
        "waiting": "nadal czekam, wciąż czekam, ciągle czekam, nadal nie, wciąż nie, dalej nie,"
        " brak odpowiedzi,"
        " bez odpowiedzi, nikt nie odpowiada, nikt nie odpisuje, nikt nie odbiera, nikt się nie, po raz trzeci,"
        " trzeci raz, drugi raz, po raz kolejny, kolejny raz, trzeci mail, trzecia wiadomość, od tygodni,"
        " od miesięcy,"
        " ile można, ile razy, ile jeszcze, ignorujecie, ignorowan*",
        "not": "nie, bez, żaden, żadna, żadnej, żadnych, nigdy, ani",
        "settled": "już wszystko w porządku, sprawa załatwiona, problem rozwiązany, już rozwiązane,"
        " jednak dotarł*,"
        " przepraszam za mój, przepraszam za moje, już się nie gniewam",
    },
    "sv": {
        "angry": "oacceptabel*, inte acceptabelt, skandal, skandalöst, rasande, förbannad*, väldigt besviken,"
        " mycket besviken, otroligt besviken, djupt besviken, jättebesviken, riktigt besviken,"
        " oerhört besviken,"
        " så besviken, riktigt arg, väldigt arg, jättearg, så arg, mycket missnöjd*, väldigt missnöjd*,"
        " riktigt missnöjd*,"
        " bedragare, bedrägeri, lurendrejeri, blivit lurad*, lögnare, skäms på er, ni borde skämmas,"
        " sämsta service*,"
        " sämsta kundtjänst*, trött på, less på, fått nog, nu räcker det, under all kritik, skamligt,"
        " inkompeten*,"
        " lämna … klagomål, formellt klagomål, ett skämt, brist på respekt",
        "sore": "besviken, besvikna, besvikelse, missnöjd*, arg, irriterad*, irriterande, frustrerad*,"
        " frustrerande,"
        " upprörd*, inte nöjd, dålig service, dålig kundtjänst, klagomål, klaga, löjligt, bedrövlig*,"
        " katastrof*, urusel*,"
        " mitt tålamod, tålamodet, oseriöst, oprofessionellt, fruktansvärt",
        "legal": "min advokat, vår advokat, min jurist, kontakta … advokat, rättsliga åtgärder,"
        " juridiska åtgärder,"
        " rättslig väg, till domstol, i domstol, tingsrätten, stämma er, stämmer er, stämning, konsumentverket,"
        " reklamationsnämnden, polisanmäl*, anmäla er, anmäler er, konsumentombudsmannen, kronofogden,"
        " till ARN",
        "lawful": "advokat, advokaten, jurist, polisen",
        "money": "återbetal*, pengarna tillbaka, pengar tillbaka, ersättning",
        "demand": "kräver … pengar*, kräver … återbetalning, vill ha … pengar tillbaka,"
        " vill ha tillbaka … pengar,"
        " ge mig … pengar, bestrida betalningen, bestrider betalningen, chargeback, paypal-tvist",
        "leaving": "aldrig mer, aldrig igen, aldrig … handla, aldrig … beställa, sista gången,"
        " förlorat en kund,"
        " förlorar en kund, tappat en kund, dålig recension, negativ recension, dåligt omdöme, negativt omdöme,"
        " en stjärna, 1 stjärna, till konkurrent*, hos konkurrent*, avråder, avråda alla, sociala medier",
        "waiting": "väntar fortfarande, fortfarande inte, fortfarande inget, fortfarande ingen, inget svar,"
        " ingen svarar,"
        " utan svar, tredje gången, andra gången, fjärde gången, än en gång, tredje mejlet, tredje mailet,"
        " i veckor,"
        " i flera veckor, i månader, ignorerar, ignorerad*, hur länge, hur många gånger",
        "not": "inte, ingen, inget, inga, utan, aldrig, ej, varken",
        "settled": "det har löst sig, har löst sig, är löst, allt är löst, kom fram till slut, ursäkta mitt,"
        " förlåt för mitt, inte arg längre",
    },
    "da": {
        "angry": "uacceptabel*, ikke acceptabelt, skandale, skandaløst, rasende, meget skuffet, dybt skuffet,"
        " virkelig skuffet, ekstremt skuffet, så skuffet, yderst skuffet, meget utilfreds, dybt utilfreds,"
        " yderst utilfreds, ekstremt utilfreds, meget vred, virkelig vred, så vred, pissesur, svindel,"
        " svindlere,"
        " bedrageri, bedragere, løgnere, til grin, fået nok, nu er det nok, træt af, under al kritik,"
        " skammeligt,"
        " skam jer, inkompeten*, værste service, værste kundeservice, dårligste service, indgive … klage,"
        " formel klage,"
        " sende en klage, mangel på respekt, det er for dårligt, simpelthen for dårligt",
        "sore": "skuffet, skuffende, skuffelse, utilfreds*, vred, irriteret, irriterende, frustreret,"
        " frustrerende, sur,"
        " ikke tilfreds, ikke glad for, dårlig service, dårlig kundeservice, klage, klager, latterlig*,"
        " katastrof*,"
        " min tålmodighed, tålmodigheden, uprofessionel*, useriøst, forfærdelig*, pinligt",
        "legal": "min advokat, vores advokat, kontakte … advokat, retslige skridt, juridiske skridt,"
        " i retten, retssag,"
        " sagsøge*, forbrugerklagenævnet, forbrugerombudsmanden, forbrugerrådet, forbrugerstyrelsen,"
        " forbrugerklage,"
        " politianmeld*, anmelde jer, anmelder jer, inkasso, nævnenes hus, center for klageløsning",
        "lawful": "advokat, advokaten, politiet",
        "money": "pengene tilbage, penge tilbage, refusion, refunder*, tilbagebetal*, erstatning",
        "demand": "kræver … penge*, kræver … refusion, kræver … tilbagebetaling, vil have … penge* tilbage,"
        " vil have mine penge, giv mig … penge, indsigelse mod betalingen, indsigelse i banken, chargeback,"
        " paypal-sag",
        "leaving": "aldrig mere, aldrig igen, aldrig … handle, aldrig … bestille, sidste gang, mistet en kunde,"
        " mister en kunde, dårlig anmeldelse, negativ anmeldelse, en stjerne, 1 stjerne, til konkurrent*,"
        " hos konkurrent*, fraråder, fraråde alle, sociale medier",
        "waiting": "venter stadig, stadig ikke, stadig intet, stadig ingen, intet svar, ingen svar,"
        " ingen svarer,"
        " uden svar, tredje gang, anden gang, fjerde gang, endnu en gang, tredje mail, tredje besked, i ugevis,"
        " i flere uger, i månedsvis, ignorerer, ignoreret, hvor længe, hvor mange gange",
        "not": "ikke, ingen, intet, uden, aldrig, ej, hverken",
        "settled": "det er løst, er blevet løst, alt er i orden, er kommet frem nu, undskyld min, beklager min,"
        " ikke vred længere, ikke længere vred",
    },
    "ru": {
        "angry": "неприемлемо, неприемлемый, недопустимо, возмущен*, возмущён*, возмутительн*, безобразие,"
        " безобразное,"
        " в ярости, в бешенстве, очень разочарован*, крайне разочарован*, глубоко разочарован*,"
        " очень недоволен,"
        " очень недовольн*, крайне недоволен, крайне недовольн*, очень зол, очень зла, мошенник*,"
        " мошенничество,"
        " обманули, обманщик*, воры, ворьё, лжецы, позор, издевательство, издеваетесь, хамство, надоело,"
        " достали,"
        " сколько можно, худший сервис, худшее обслуживание, отвратительн*, некомпетентн*, подаю жалобу,"
        " подам жалобу,"
        " напишу жалобу, пишу жалобу, неуважение, терпение лопнуло, терпение кончилось, стыд и позор",
        "sore": "разочарован*, разочарование, недоволен, недовольн*, злюсь, зол, раздражен*, раздражён*,"
        " раздражает,"
        " расстроен*, жалоба, жалобу, ужасн*, кошмар, плохой сервис, плохое обслуживание, мое терпение,"
        " моё терпение,"
        " безответственн*, непрофессиональн*, смешно",
        "legal": "мой адвокат, моему адвокату, моим адвокатом, мой юрист, моему юристу, наш юрист,"
        " нашему юристу,"
        " к юристу, к адвокату, в суд, через суд, подам иск, судиться, роспотребнадзор*, прокуратур*,"
        " прав потребителей, в полицию, досудебн*, общество потребителей",
        "lawful": "адвокат, адвоката, юрист, юриста, полиция, претензия, претензию",
        "money": "возврат денег, возврата денег, вернуть деньги, возврат средств, компенсаци*, возмещени*",
        "demand": "верните … деньги, требую … возврат*, требую вернуть, требую … деньги, отдайте … деньги,"
        " оспорить платеж, оспорить платёж, чарджбэк",
        "leaving": "больше никогда, никогда больше, последний раз, последний заказ, потеряли клиент*,"
        " теряете клиент*,"
        " плохой отзыв, негативный отзыв, отрицательный отзыв, одну звезду, одна звезда, к конкурент*,"
        " не рекомендую,"
        " никому не советую, всем расскажу, в соцсетях",
        "waiting": "до сих пор, всё ещё не, все еще не, никто не отвечает, никто не ответил, нет ответа,"
        " без ответа,"
        " ответа нет, третий раз, второй раз, четвертый раз, в очередной раз, третье письмо, опять, уже месяц,"
        " несколько недель, уже неделю, игнорируете, игнорируют, сколько раз, сколько ещё, сколько еще",
        "not": "не, нет, без, ни, никогда, никаких, нету",
        "settled": "всё решено, все решено, вопрос решен, вопрос решён, проблема решена, всё в порядке,"
        " все в порядке,"
        " уже пришла, уже пришел, извините за мой, простите за мой, больше не злюсь",
    },
    "ja": {
        "angry": "許せない, 許せません, ふざけるな, ふざけないで, 怒りを, 怒っています, 怒ってます, 激怒,"
        " 腹が立, 腹立たしい,"
        " 最低です, 最低な, 最低の, 最悪です, 最悪な, 最悪の, 詐欺です, 詐欺じゃ, 馬鹿にし, バカにし,"
        " いい加減にし, 話になら,"
        " あり得ない, ありえない, あり得ません, ありえません, 呆れて, 呆れま, 納得いかない, 納得できない,"
        " 納得できません,"
        " 納得いきません, 非常に不満, 大変不満, とても不満, 強く抗議, 抗議します, 非常に残念, 大変失望,"
        " 非常に失望,"
        " 非常に不愉快, 大変不愉快, とても不愉快, 非常識, 誠意が, 誠意の, どうなっているんですか,"
        " どうなってるんですか",
        "sore": "不満, 不愉快, 不快, がっかり, 失望, 苦情, クレーム, イライラ, ひどい, 酷い, 残念です,"
        " 残念な, 怒り, 信じられない,"
        " 信じられません, 対応が悪",
        "legal": "法的措置, 法的手段, 訴えます, 訴える, 訴訟, 裁判, 消費者センター, 消費生活センター,"
        " 国民生活センター, 通報し,"
        " 被害届, 弁護士に, 弁護士を, 警察に",
        "lawful": "弁護士, 警察",
        "money": "返金, 払い戻し, 賠償",
        "demand": "返金を要求, 返金しろ, 返金してください！, 金を返せ, お金を返して, チャージバック,"
        " 直ちに返金, 即刻返金,"
        " 今すぐ返金, すぐに返金",
        "leaving": "二度と, もう買いません, もう買わない, もう利用しません, もう利用しない, 低評価,"
        " 悪い口コミ, 悪いレビュー,"
        " 星1, 星１, 口コミに書, レビューに書",
        "waiting": "いつまで待, いつまでたっても, 未だに, いまだに, まだ返事, 返事がない, 返事がありません,"
        " 返信がない,"
        " 返信がありません, 連絡がない, 連絡がありません, 何度も, 三度目, 3度目, ３度目, 3回目, ３回目,"
        " 三回目, 無視",
        "not": "",
        "settled": "解決しました, 解決いたしました, 届きました, 失礼いたしました",
    },
    "zh": {
        "angry": "太过分, 太過分, 无法接受, 無法接受, 不能接受, 不可接受, 愤怒, 憤怒, 气愤, 氣憤, 非常生气,"
        " 非常生氣, 很生气,"
        " 很生氣, 太生气, 气死, 氣死, 骗子, 騙子, 欺诈, 欺詐, 诈骗, 詐騙, 骗人, 騙人, 垃圾服务, 垃圾公司,"
        " 忍无可忍, 忍無可忍,"
        " 岂有此理, 豈有此理, 非常不满, 非常不滿, 极其不满, 强烈不满, 强烈抗议, 非常失望, 太失望, 极度失望,"
        " 太差, 最差, 受够,"
        " 受夠, 我要投诉, 我要投訴, 投诉你们, 投訴你們, 正式投诉, 正式投訴, 太不负责, 不负责任, 太离谱,"
        " 太離譜, 欺骗, 欺騙",
        "sore": "不满, 不滿, 失望, 生气, 生氣, 投诉, 投訴, 糟糕, 差劲, 差勁, 不耐烦, 不耐煩, 恼火, 惱火,"
        " 态度差, 態度差, 离谱,"
        " 離譜",
        "legal": "起诉, 起訴, 法院, 法律途径, 法律途徑, 法律手段, 法律责任, 法律責任, 律师函, 律師函,"
        " 找律师, 找律師, 我的律师,"
        " 我的律師, 消费者协会, 消協, 消协, 消費者保護, 消保官, 消基會, 12315, 工商局, 市场监管, 市場監管,"
        " 报警, 報警, 举报,"
        " 舉報, 曝光",
        "lawful": "律师, 律師, 警察",
        "money": "退款, 退钱, 退錢, 赔偿, 賠償",
        "demand": "立即退款, 马上退款, 馬上退款, 立刻退款, 把钱退, 把錢退, 还我钱, 還我錢, 退钱给我,"
        " 要求赔偿, 要求賠償, 拒付",
        "leaving": "再也不会, 再也不會, 再也不买, 再也不買, 再也不来, 不会再买, 不會再買, 不会再来,"
        " 不會再來, 最后一次,"
        " 最後一次, 差评, 差評, 一星, 负面评价, 負面評價",
        "waiting": "没有回复, 沒有回覆, 没有人回复, 没人回复, 沒人回覆, 没人理, 沒人理, 无人回复, 不回复,"
        " 不回覆, 第三次, 第四次,"
        " 好几次, 好幾次, 多次联系, 多次聯繫, 几个星期, 幾個星期, 到底什么时候, 到底什麼時候, 还要等多久,"
        " 還要等多久, 拖了",
        "not": "不, 没, 沒, 没有, 沒有, 不是, 并非, 並非, 无, 無, 别, 別",
        "settled": "已经解决, 已經解決, 解决了, 解決了, 已经收到, 已經收到",
    },
}
"""The phrases of each language, by row."""
