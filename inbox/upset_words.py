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
        "angry": "unacceptable, not acceptable, this is … outrageous, absolutely outrageous, simply outrageous,"
        " disgusted, disgusting service, disgraceful, a disgrace, i am furious, i'm furious, we are furious,"
        " absolutely furious, i am livid, absolutely livid, appalled, appalling, this is … ridiculous, ripoff,"
        " scammed, scammers, this is a … scam, you are a … scam, total scam, complete scam, fraudsters,"
        " you thieves, are thieves, you crooks, are crooks, you liars, are liars, bunch of thieves,"
        " bunch of crooks, bunch of liars, lied to me, stealing my money, stole my money, shame on you,"
        " worst … service, worst … company, worst … experience, worst shop, terrible service, awful service,"
        " horrible service, dreadful service, shocking service, shoddy service, joke of a company, what a joke,"
        " is a joke, is beyond a joke, sick and tired, sick of this, i have had enough, i've had enough,"
        " we have had enough, we've had enough, had enough of you, had enough of this, how dare you,"
        " very disappointed, extremely disappointed, deeply disappointed, bitterly disappointed,"
        " really disappointed, so disappointed, beyond disappointed, very unhappy, extremely unhappy,"
        " very dissatisfied, extremely dissatisfied, very upset, extremely upset, really upset, so upset,"
        " very angry, really angry, so angry, extremely angry, i am angry, i'm angry, very annoyed,"
        " extremely annoyed, very frustrated, extremely frustrated, extremely frustrating, beyond frustrated,"
        " this is … pathetic, pathetic service, pathetic excuse, absolutely pathetic, utter incompetence,"
        " sheer incompetence, you are … incompetent, your … incompetent, your incompetence, formal complaint,"
        " official complaint, writing to complain, wish to complain, want to complain,"
        " wish to make a complaint, want to make a complaint, like to make a complaint, lodge a complaint,"
        " lodging a complaint, filing a complaint, treated like dirt, no excuse for this, absolutely useless,"
        " completely useless, my patience has run out, out of patience, run out of patience, last straw,"
        " are you kidding me, been ripped off, feel ripped off, ripped me off, ripping … off, a … rip off,"
        " the way you treat, no way to treat, fed up with you, fed up with your, fed up with this,"
        " fed up with being, fed up with waiting, am fed up, ashamed of yourselves, end of my tether,"
        " wits' end, wits end, beyond angry, a shambles, absolute shambles, complete shambles,"
        " treated … appallingly, outraged, infuriating, infuriated, i am fuming, i'm fuming,"
        " absolutely ridiculous, utterly ridiculous, utterly useless, you ruined, you have ruined,"
        " you've ruined, never been treated so badly, never been treated like this, treated so badly,"
        " avoid … at all costs",
        "sore": "disappointed, outrageous, pathetic, furious, incompetent, thieves, disappointing, frustrated,"
        " frustrating, frustration, annoyed, unhappy, dissatisfied, displeased, upset, angry, terrible, awful,"
        " horrible, dreadful, poor service, bad service, bad experience, poor customer service, rude, useless,"
        " unprofessional, ridiculous, not happy, not satisfied, not impressed, not good enough, let down,"
        " unreliable, complaint, complain, fobbed off, passed from pillar to post, absurd, waste of … time,"
        " waste of … money, shocking, i demand, losing patience, losing my patience, my patience,"
        " i expected better, expected more from, lack of communication, fed up, disgusting, hung up on me,"
        " insulting, fiasco, nightmare, unhelpful, livid, ruined",
        "legal": "my lawyer, my lawyers, our lawyer, our lawyers will, my solicitor, our solicitor,"
        " our solicitors, my attorney, our attorney, contact … lawyer, consult … lawyer, hire … lawyer,"
        " get … lawyer involved, contact … solicitor, instruct … solicitor, contact … attorney,"
        " hire … attorney, hear from … lawyer, hear from … solicitor, hear from … attorney, take legal action,"
        " taking legal action, legal action against, start legal proceedings, legal proceedings against,"
        " legal steps, take you to court, taking you to court, see you in court, take this to court,"
        " taking this to court, go to court, small claims, sue you, i will sue, i'll sue, going to sue,"
        " suing you, trading standards, consumer protection agency, better business bureau, report you,"
        " reporting you, report your company, reporting your company, report this to the police,"
        " report it to the police, go to the police, file a police report, letter before action,"
        " consumer ombudsman, to the ombudsman, take … to court, taking … to court, pursue legal action,"
        " pursuing legal action, considering legal action, take … legal action, see … in court",
        "lawful": "lawyer, lawyers, solicitor, attorney, lawsuit, ombudsman, legal action, the police",
        "money": "refund, refunded, money back, reimburse*, compensation",
        "demand": "want my money back, demand my money back, demand … refund, demand … money,"
        " demanding … refund, give me my money, give me back my money, want my refund, chargeback, charge back,"
        " dispute the charge, dispute the payment, dispute this charge, dispute this payment, open a dispute,"
        " opening a dispute, paypal dispute, reverse the charge, reverse the payment, where is my money",
        "leaving": "never … order … again, never … buy … again, never … shop … again, never … use … again,"
        " never again, never … come back, not be ordering … again, won't be ordering … again,"
        " won't be buying … again, lost a customer, lost me as a customer, losing a customer,"
        " losing me as a customer, take my business elsewhere, taking my business elsewhere,"
        " take our business elsewhere, bad review, negative review, terrible review, honest review about,"
        " tell everyone, telling everyone, warn others, warn everyone, last time i order, last time i buy,"
        " switching to your competitor, all over social media, one star review, 1 star review, one star rating,"
        " 1 star rating, give … one star, leave … one star, this was my last order, this is my last order",
        "waiting": "still waiting, been waiting, still no answer, still no reply, still no response,"
        " still nothing, no reply, no response, no answer, nobody answers, nobody replies, nobody has,"
        " no one answers, no one replies, no one has, third time, fourth time, fifth time, second time,"
        " umpteenth time, yet again, again and again, over and over, for weeks, for months, ignored, ignoring,"
        " keep … waiting, how many times, how many more times, how much longer, chasing you, chased you,"
        " third email, fourth email, third message",
        "not": "not, no, never, without, nothing, cannot, neither, nor, hardly, nobody, none",
        "settled": "all sorted, sorted now, sorted itself out, problem solved, problem is solved,"
        " has been solved, has been sorted, is resolved, has been resolved, all good now, arrived after all,"
        " never mind, please ignore, no longer upset, no longer angry, sorry for my tone, sorry for my angry,"
        " sorry for my anger, sorry for my outburst, apologies for my tone, apologies for my angry,"
        " apologise for my tone, apologise for my angry, sorry for being so angry",
    },
    "de": {
        "angry": "inakzeptabel*, nicht akzeptabel, nicht hinnehmbar, nicht länger hinnehmen, unverschämt*,"
        " Unverschämtheit, Frechheit, empört, empörend, wütend, stinksauer, stocksauer, bin … sauer, Saftladen,"
        " Sauladen, ist Betrug, das ist … Betrug, Abzocke, Abzocker, abgezockt, verarsch*, unter aller Sau,"
        " unter aller Kanone, Zumutung, unzumutbar, schlechter Witz, ein Witz sein, schlechteste* Service,"
        " schlechtester Kundenservice, es reicht mir, es reicht jetzt, Schnauze voll, Nase voll,"
        " sehr enttäuscht, zutiefst enttäuscht, wirklich enttäuscht, mehr als enttäuscht, maßlos enttäuscht,"
        " schwer enttäuscht, bitter enttäuscht, sehr verärgert, äußerst verärgert, wirklich verärgert,"
        " mehr als verärgert, extrem verärgert, sehr unzufrieden, äußerst unzufrieden, mehr als unzufrieden,"
        " absolut unzufrieden, lasse ich mir nicht, lasse mir das nicht, Sauerei, Schweinerei, eine Schande,"
        " schämen Sie sich, schämt euch, belogen, angelogen, Lügner, offizielle Beschwerde,"
        " formelle Beschwerde, förmliche Beschwerde, Beschwerde einlegen, Beschwerde einreichen,"
        " mich … beschweren, beschwere … mich, beschwere ich mich, grottenschlecht, Geduld … am Ende,"
        " Geduld ist … Ende, Geduldsfaden, sind Betrüger, ihr Betrüger, Sie Betrüger, jetzt reicht es,"
        " jetzt reicht's, mir reicht es, mir reicht's, uns reicht es, für dumm verkaufen, Sie mich verarschen,"
        " bodenlose Frechheit, bodenlose Unverschämtheit, unterirdischer Service, unterirdisch schlecht,"
        " einzige Katastrophe, kein Zustand, ein Unding, skandalös, ein Skandal, Armutszeugnis, Trauerspiel,"
        " auf hundertachtzig, platzt … der Kragen, Kragen geplatzt, katastrophaler Service, miserabler Service,"
        " mieser Service, unverfroren*, ist ja die Höhe, ist doch die Höhe",
        "sore": "enttäuscht, Enttäuschung, enttäuschend, verärgert, ärgerlich, ärgere mich, genervt, nervt,"
        " frustriert, frustrierend, unzufrieden, nicht zufrieden, böse, sauer, Beschwerde, beschweren,"
        " katastrophal, Katastrophe, lächerlich, schlechter Service, schlechten Service, miserabel*,"
        " unfreundlich, unprofessionell, peinlich, ein Witz, meine Geduld, kein Verständnis, fassungslos,"
        " hingehalten, vertröstet, so geht das nicht, geht gar nicht, Betrüger, unterirdisch, unfassbar,"
        " dreist*, mies*, unseriös, erwarte sofort, ruiniert, eine Katastrophe",
        "legal": "mein* Anwalt, mein* Anwältin, unser* Anwalt, unser* Anwältin, mein* Rechtsanwalt,"
        " unser* Rechtsanwalt, meinem Rechtsbeistand, zum Anwalt, Anwalt einschalten, Anwalt übergeben,"
        " Anwalt beauftragen, Anwalt nehmen, Anwalt hinzuziehen, rechtliche* Schritte, rechtlichen Schritten,"
        " rechtlich vorgehen, rechtlich gegen, juristische* Schritte, vor Gericht, Verbraucherzentrale,"
        " Verbraucherschutz, verklagen, verklage, Klage einreichen, Klage erheben, Strafanzeige,"
        " Anzeige erstatten, erstatte Anzeige, Anzeige gegen, zeige … an wegen, zur Anzeige, Mahnbescheid,"
        " Rechtsweg, Schlichtungsstelle, zur Polizei, Wettbewerbszentrale, gerichtliche Schritte,"
        " gerichtlichen Schritten, gerichtlich vorgehen, gerichtlich gegen, gerichtlich durchsetzen,"
        " gerichtliches Mahnverfahren, anwaltliche Schritte, anwaltlich vertreten, anwaltliche Hilfe,"
        " anwaltlichen Rat, meine Rechtsschutzversicherung, unsere Rechtsschutzversicherung, schalte … Anwalt,"
        " schalten … Anwalt, Anwalt … einschalten, beauftrage … Anwalt, gehe … Anwalt, gehen … Anwalt,"
        " wende … Anwalt, kontaktiere … Anwalt, Anwalt … kontaktieren, nehme … Anwalt, rechtlich … vorgehen,"
        " Anwalt … vorgehen",
        "lawful": "Anwalt, Anwältin, Rechtsanwalt, Rechtsanwältin, Polizei",
        "money": "Rückerstattung, Erstattung, erstatte*, Geld zurück, Rückzahlung, Entschädigung,"
        " Schadenersatz, Schadensersatz",
        "demand": "will mein Geld, will sofort mein Geld, wollen unser Geld, sofort … Geld zurück,"
        " endlich … Geld zurück, fordere … Geld, fordere … Erstattung, fordere … Rückerstattung,"
        " fordere … Rückzahlung, verlange … Geld, verlange … Erstattung, verlange … Rückerstattung,"
        " Zahlung zurückbuchen, Betrag zurückbuchen, Geld zurückbuchen, Lastschrift zurückgeben,"
        " Lastschrift zurückbuchen, Käuferschutzfall, Chargeback, PayPal-Fall, Paypal Fall",
        "leaving": "nie wieder, niemals wieder, nie mehr … bestell*, nie mehr etwas, zum letzten Mal bestellt,"
        " Kunden verloren, Kundin verloren, Kunden weniger, als Kunde verloren, schlechte Bewertung,"
        " schlechte Rezension, negative Bewertung, negative Rezension, entsprechend bewerten,"
        " entsprechende Bewertung, jedem abraten, allen abraten, nur abraten, allen … erzählen, alle warnen,"
        " nie mehr bei Ihnen, nie mehr bei euch, das letzte Mal … dass ich, das war meine letzte Bestellung,"
        " nur ein Stern, nur einen Stern, einen Stern geben, ein Stern Bewertung, 1 Stern Bewertung,"
        " gehe … zur Konkurrenz, wechsle … zur Konkurrenz",
        "waiting": "warte immer noch, warte noch immer, warten immer noch, immer noch nicht, immer noch keine,"
        " noch immer keine, noch immer nicht, keine Antwort, keinerlei Antwort, keine Reaktion,"
        " keine Rückmeldung, ohne Antwort, niemand antwortet, niemand meldet, niemand reagiert, keiner meldet,"
        " keiner antwortet, keiner reagiert, meldet sich niemand, meldet sich keiner, reagiert niemand,"
        " antwortet niemand, dritten Mal, zweiten Mal, vierten Mal, wiederholten Mal*, x-ten Mal, dritte Mail,"
        " dritte E-Mail, dritte Nachricht, seit Wochen, seit Monaten, wochenlang, monatelang, schon wieder,"
        " ignorier*, wie oft, wie lange noch",
        "not": "nicht, kein, keine, keinen, keinem, keiner, keinerlei, ohne, nie, niemals, weder, noch nie,"
        " niemand",
        "settled": "hat sich erledigt, schon erledigt, ist erledigt, hat sich geklärt, ist geklärt,"
        " alles geklärt, Problem gelöst, Problem ist gelöst, doch noch angekommen, nichts für ungut,"
        " nicht mehr böse, Entschuldigung für meinen Ärger, Entschuldigung für meinen Ton,"
        " entschuldige mich für meinen Ton, entschuldige mich für meine Mail",
    },
    "fr": {
        "angry": "inacceptable*, inadmissible*, intolérable*, scandaleux, scandaleuse, un scandale, honteux,"
        " honteuse, une honte, quelle honte, furieux, furieuse, en colère, très déçu*, extrêmement déçu*,"
        " vraiment déçu*, profondément déçu*, tellement déçu*, plus que déçu*, très mécontent*,"
        " extrêmement mécontent*, révolté*, outré*, indigné*, arnaqué*, arnaqueurs, foutage de gueule,"
        " fichez de moi, foutez de moi, moquez de moi, moquez de vos, moquez du monde, ras le bol,"
        " j'en ai marre, en ai assez, incompétent*, incompétence, pire service, service … déplorable,"
        " service … lamentable, lamentable, déplorable, adresser une plainte, à bout de patience,"
        " manque de respect, du n'importe quoi, prenez … pour des, c'est … arnaque, une vraie arnaque,"
        " bande d'escrocs, êtes … escrocs, pure escroquerie, êtes … voleurs, bande de voleurs, êtes … menteurs,"
        " bande de menteurs, maintenant ça suffit, hors de moi, excédé*, scandalisé*, inqualifiable*, écœuré*,"
        " écoeuré*, exaspéré*, c'est du vol, indigne de",
        "sore": "déçu, déçue, déçus, décevant*, déception, mécontent*, insatisfait*, énervé*, agacé*, agaçant*,"
        " frustré*, frustrant*, fâché*, contrarié*, catastrophique, catastrophe, pas content*, pas satisfait*,"
        " pas normal, mauvais service, réclamation, ma patience, ridicule, désagréable, me plaindre,"
        " pas sérieux, anormal*, inadmiss*, c'est nul, arnaque, escrocs, escroquerie, raccroché au nez,"
        " raccroche au nez, je ne recommande",
        "legal": "mon avocat*, notre avocat*, nos avocats, mes avocats, contacter … avocat*,"
        " consulter … avocat*, porter plainte, porterai plainte, porterons plainte, déposer plainte,"
        " déposerai plainte, dépôt de plainte, en justice, action en justice, saisir la justice, poursuites,"
        " poursuivre en, voie judiciaire, voies légales, mise en demeure, met* en demeure, DGCCRF,"
        " répression des fraudes, signalconso, médiateur de la consommation, saisir le médiateur,"
        " association* de consommateurs, défense des consommateurs, huissier, conciliateur, suites juridiques,"
        " recours juridique*, au tribunal, devant le tribunal, saisir* le tribunal, les tribunaux,"
        " UFC que choisir, l'UFC, saisi* la justice, port* plainte, dépos* plainte, contact* … avocat*,"
        " prends … avocat*, prendre … avocat*, prendrai … avocat*, saisi* le tribunal",
        "lawful": "avocat*, plainte, police, gendarmerie",
        "money": "rembours*, dédommage*, indemnis*",
        "demand": "exige … remboursement, exige … rembours*, exige … argent, veux … mon argent,"
        " rendez-moi … argent, rendez moi … argent, réclame … mon argent, faire opposition,"
        " opposition … paiement, contester le paiement, contester le prélèvement, contester la transaction,"
        " litige paypal, litige sur paypal, rétrofacturation, remboursez-moi immédiatement,"
        " remboursez moi immédiatement, remboursez-moi tout de suite, exige d'être remboursé*",
        "leaving": "plus jamais, jamais plus, perdu un client, perdu une cliente, perdez un client,"
        " perdez une cliente, perdre un client, perdre une cliente, mauvais avis, avis négatif*,"
        " avis défavorable, voir ailleurs, déconseiller*, je déconseille, prévenir tout le monde,"
        " dernière fois que je commande, dernière fois que j'achète, c'est ma dernière commande,"
        " c'était ma dernière commande, une seule étoile, avis à une étoile, irai … à la concurrence,"
        " passe à la concurrence",
        "waiting": "toujours pas, toujours rien, toujours aucun*, sans réponse, aucune réponse,"
        " aucune nouvelle, pas de réponse, personne ne répond, personne ne me répond, personne ne m'a,"
        " troisième fois, deuxième fois, quatrième fois, énième fois, 3e fois, troisième mail,"
        " troisième message, depuis des semaines, depuis des mois, depuis plusieurs semaines, attends toujours,"
        " attends encore, ignoré*, ignorez, combien de temps encore, combien de fois",
        "not": "pas, aucun, aucune, sans, jamais, ni, nullement, non",
        "settled": "c'est réglé, tout est réglé, est réglé maintenant, problème résolu, problème est résolu,"
        " tout va bien, plus fâché*, plus en colère, désolé* pour mon ton, excusez mon ton,"
        " désolé* pour ma colère",
    },
    "es": {
        "angry": "inaceptable*, intolerable*, inadmisible*, indignante*, indignado*, indignada*, vergonzoso,"
        " vergonzosa, una vergüenza, qué vergüenza, furioso, furiosa, muy enfadad*, muy enojad*, muy molest*,"
        " muy decepcionad*, muy descontent*, muy insatisfech*, realmente decepcionad*, sumamente molest*,"
        " profundamente decepcionad*, totalmente decepcionad*, es una estafa, me han estafado,"
        " tomadura de pelo, tomando el pelo, estoy harto, estoy harta, harto de, harta de, basta ya, ya basta,"
        " pésimo, pésima, peor servicio, lamentable, incompeten*, presentar … queja, poner … queja,"
        " presentar … reclamación, poner … reclamación, quiero quejarme, falta de respeto, una burla,"
        " un escándalo, son … estafadores, sois … estafadores, son … ladrones, sois … ladrones,"
        " son … mentirosos, sois … mentirosos, el colmo, impresentable*, sinvergüenza*, cabread*, deplorable,"
        " nefasto, nefasta, pon* … queja, pon* … reclamación, present* … queja, present* … reclamación",
        "sore": "decepcionad*, decepcionante, decepción, enfadad*, enojad*, estoy molest*, frustrad*,"
        " frustrante, frustración, insatisfech*, descontent*, no estoy content*, no estoy satisfech*,"
        " mal servicio, mala atención, queja, quejarme, ridículo, ridícula, horrible, fatal, mi paciencia,"
        " poco serio, poco profesional, disgustad*, indignación, estafa, estafadores",
        "legal": "mi abogado, mi abogada, mis abogados, nuestro abogado, nuestros abogados,"
        " contactar … abogado, acciones legales, medidas legales, vía judicial, vía legal, voy a demandar*,"
        " les demandaré, los demandaré, demandarlos, demandarles, voy a denunciar*, denunciarles, denunciarlos,"
        " denunciaré, poner … denuncia, presentar … denuncia, la OCU, oficina de consumo,"
        " oficina del consumidor, defensa del consumidor, protección al consumidor,"
        " organización de consumidores, asociación de consumidores, profeco, hoja de reclamaciones,"
        " hojas de reclamaciones, arbitraje de consumo, a los tribunales, en los tribunales,"
        " ante los tribunales, ir a juicio, iremos a juicio, pon* … denuncia, present* … denuncia,"
        " contact* … abogad*, habl* con … abogad*, acudi* … abogad*, emprend* acciones, reclamación en consumo,"
        " denunci* en consumo, ante consumo",
        "lawful": "abogado, abogada, abogados, denuncia, policía",
        "money": "reembols*, devolución, devolver* el dinero, devuelvan el dinero, mi dinero, indemniza*",
        "demand": "exijo … reembolso, exijo … devol*, exijo … dinero, quiero … mi dinero, devuelvan mi dinero,"
        " contracargo, disputa en paypal, disputa de paypal, abrir una disputa, reclamar al banco,"
        " anular el cargo, retroceder el cargo, devolver el recibo, devuélvanme … dinero,"
        " devuélvanme el importe, devolvedme … dinero",
        "leaving": "nunca más, jamás volveré, no vuelvo a comprar, no pienso volver, perdido un cliente,"
        " perdido una clienta, pierden un cliente, perder un cliente, perdéis un cliente, mala reseña,"
        " reseña negativa, opinión negativa, valoración negativa, mala valoración, no … recomiendo,"
        " no … recomendaré, no volveré a comprar, no volveré a pedir, no volveremos a comprar,"
        " no volveremos a pedir, última vez que compro, última vez que pido, será mi último pedido,"
        " fue mi último pedido, una sola estrella, reseña de una estrella, me voy … a la competencia",
        "waiting": "sigo esperando, seguimos esperando, todavía no, aún no, sin respuesta, ninguna respuesta,"
        " nadie responde, nadie contesta, nadie me, tercera vez, segunda vez, cuarta vez, enésima vez,"
        " tercer correo, tercer mensaje, otra vez, desde hace semanas, hace semanas, hace meses, llevo semanas,"
        " llevo meses, me ignoran, cuántas veces, hasta cuándo",
        "not": "no, sin, ningún, ninguna, nunca, jamás, tampoco, ni",
        "settled": "ya está solucionad*, ya se ha solucionado, ya está resuelt*, ya se resolvió,"
        " problema resuelto, problema solucionado, ya no estoy enfadad*, disculpen mi enfado,"
        " perdonen mi enfado, disculpen mi tono, perdonen mi tono",
    },
    "it": {
        "angry": "inaccettabil*, intollerabil*, inammissibil*, vergognoso, vergognosa, una vergogna,"
        " che vergogna, vergognatevi, furioso, furiosa, indignato, indignata, scandaloso, scandalosa,"
        " uno scandalo, molto delus*, davvero delus*, estremamente delus*, profondamente delus*,"
        " veramente delus*, molto arrabbiat*, davvero arrabbiat*, molto insoddisfatt*, molto scontent*,"
        " truffato, truffata, presa in giro, prendendo in giro, prendete in giro, sono stufo, sono stufa,"
        " stufo di, adesso basta, ora basta, pessimo servizio, servizio pessimo, pessima assistenza,"
        " assistenza pessima, pessima esperienza, peggior* servizio, incompetent*, incompetenza,"
        " sporgere reclamo, presentare … reclamo, fare … reclamo, mancanza di rispetto, la misura è colma,"
        " è una truffa, una vera truffa, siete … truffatori, siete … ladri, siete … bugiardi,"
        " stanco di aspettare, stanca di aspettare, incazzat*, indecente, sono arrabbiatissim*, far* … reclamo,"
        " presenter* … reclamo, sporg* reclamo",
        "sore": "deluso, delusa, delusi, deludente, delusione, arrabbiat*, frustrat*, frustrante,"
        " insoddisfatt*, scontent*, infastidit*, irritat*, irritante, non sono content*, non sono soddisfatt*,"
        " non sono affatto, cattivo servizio, pessimo, pessima, reclamo, lamentela, lamentarmi, ridicolo,"
        " ridicola, assurdo, assurda, mia pazienza, poco serio, poco seria, poco professionale, disastro,"
        " truffa, truffatori, riattaccato",
        "legal": "mio avvocato, mia avvocata, nostro avvocato, miei avvocati, nostri avvocati, mio legale,"
        " miei legali, nostri legali, un avvocato, vie legali, azioni legali, azione legale, denuncerò,"
        " denunciarvi, sporgere denuncia, sporgerò denuncia, querelarvi, sporgere querela,"
        " associazione consumatori, associazione dei consumatori, associazioni dei consumatori, altroconsumo,"
        " codacons, giudice di pace, messa in mora, guardia di finanza, polizia postale, agcm, antitrust,"
        " in tribunale, al tribunale, lettera di diffida, vi diffido, contatt* … avvocato,"
        " rivolger* … avvocato, affid* … avvocato, sporg* denuncia, sporg* querela, passo alle vie,"
        " passerò alle vie",
        "lawful": "avvocato, avvocati, denuncia, polizia, carabinieri",
        "money": "rimbors*, risarcimento, miei soldi, soldi indietro",
        "demand": "esigo … rimborso, pretendo … rimborso, esigo … soldi, pretendo … soldi, voglio … miei soldi,"
        " voglio … soldi indietro, rivoglio … soldi, ridatemi … soldi, restituitemi … soldi,"
        " contestare … pagamento, contestare … addebito, contestazione paypal, controversia … paypal,"
        " chargeback",
        "leaving": "mai più, non comprerò più, non ordinerò più, non acquisterò più, non compro più,"
        " perso un cliente, perso una cliente, perderete un cliente, perdete un cliente, recensione negativa,"
        " pessima recensione, brutta recensione, sconsiglio, sconsiglierò, ultima volta che ordino,"
        " ultima volta che compro, ultima volta che acquisto, sarà il mio ultimo ordine,"
        " è stato il mio ultimo ordine, una sola stella, recensione da una stella, passo alla concorrenza,"
        " passerò alla concorrenza",
        "waiting": "ancora aspettando, ancora in attesa, ancora nessuna, ancora nulla, ancora niente,"
        " nessuna risposta, senza risposta, nessuno risponde, nessuno mi, terza volta, seconda volta,"
        " quarta volta, ennesima volta, ennesim*, terza mail, terza email, terzo messaggio, da settimane,"
        " da mesi, ancora una volta, non ho ancora, ignorat*, quante volte, quanto ancora",
        "not": "non, senza, nessun, nessuna, nessuno, mai, né, nemmeno",
        "settled": "tutto risolto, è risolto, problema risolto, ho risolto, è tutto a posto,"
        " è arrivato alla fine, non sono più arrabbiat*, scusate per il mio tono, mi scuso per il mio tono,"
        " scusate lo sfogo",
    },
    "pt": {
        "angry": "inaceitável, inaceitáveis, inadmissível, intolerável, um absurdo, vergonhoso, vergonhosa,"
        " uma vergonha, que vergonha, furioso, furiosa, indignado, indignada, revoltado, revoltada,"
        " muito decepcionad*, muito dececionad*, muito desapontad*, muito desiludid*, muito insatisfeit*,"
        " muito chatead*, muito irritad*, muito zangad*, extremamente decepcionad*, extremamente insatisfeit*,"
        " realmente decepcionad*, é uma burla, fui burlad*, palhaçada, falta de respeito, desrespeito,"
        " estou farto, estou farta, farto de, farta de, cansado de esperar, cansada de esperar, pior serviço,"
        " pior atendimento, péssimo, péssima, incompeten*, fazer … reclamação, apresentar … reclamação,"
        " um descaso, brincadeira de mau gosto, são … burlões, são … golpistas, isto é um golpe,"
        " isso é um golpe, são … ladrões, são … mentirosos, é uma piada, indecente, revoltante, lamentável,"
        " é ridículo, apresent* … reclamação, apresent* … queixa, fazer … queixa, far* … queixa",
        "sore": "decepcionad*, dececionad*, decepcionante, decepção, desapontad*, desiludid*, frustrad*,"
        " frustrante, insatisfeit*, chatead*, irritad*, zangad*, aborrecid*, não estou satisfeit*,"
        " não estou content*, não estou nada, mau serviço, mau atendimento, reclamação, ridículo, ridícula,"
        " absurdo, descaso, minha paciência, pouco profissional, horrível, burla, golpe",
        "legal": "meu advogado, minha advogada, nosso advogado, meus advogados, um advogado, ação judicial,"
        " acção judicial, ação legal, medidas legais, medidas judiciais, meios legais, vias legais, na justiça,"
        " à justiça, processar vocês, processar a empresa, processá-los, processar-vos, procon,"
        " defesa do consumidor, proteção ao consumidor, livro de reclamações, reclame aqui, reclameaqui,"
        " pequenas causas, juizado, denunciar, denunciá-los, ASAE, portal da queixa, em tribunal, ao tribunal,"
        " no tribunal, na DECO, DECO Proteste, contact* … advogado, falar … advogado, recorr* … advogado,"
        " recorr* aos meios, queixa na polícia",
        "lawful": "advogado, advogada, advogados, polícia",
        "money": "reembols*, estorno, estornar, ressarc*, indemniza*, indeniza*, dinheiro de volta",
        "demand": "exijo … reembolso, exijo … dinheiro, exijo … devolução, exijo … estorno,"
        " quero … meu dinheiro, devolvam … dinheiro, contestar … cobrança, contestar … compra,"
        " contestar … pagamento, disputa no paypal, chargeback",
        "leaving": "nunca mais, jamais … compr*, jamais … volt*, não volto a comprar, não compro mais,"
        " perderam um cliente, perderam uma cliente, perdem um cliente, perder um cliente, avaliação negativa,"
        " má avaliação, crítica negativa, comentário negativo, não recomendo, última vez que compro,"
        " última vez que encomendo, foi a minha última compra, foi minha última compra, uma única estrela,"
        " uma só estrela, vou para a concorrência",
        "waiting": "ainda estou à espera, continuo à espera, continuo esperando, ainda estou esperando,"
        " ainda não, sem resposta, nenhuma resposta, ninguém responde, ninguém me, ninguém atende,"
        " terceira vez, segunda vez, quarta vez, enésima vez, terceiro email, terceiro e-mail, há semanas,"
        " há meses, mais uma vez, até agora nada, até hoje, ignorad*, quantas vezes, até quando",
        "not": "não, sem, nenhum, nenhuma, nunca, jamais, nem",
        "settled": "já está resolvid*, já foi resolvid*, problema resolvido, tudo resolvido,"
        " já não estou zangad*, já não estou chatead*, desculpem o meu tom, desculpe o meu tom",
    },
    "nl": {
        "angry": "onacceptabel*, niet acceptabel, schandalig*, een schande, schandelijk, woedend,"
        " zeer teleurgesteld, erg teleurgesteld, enorm teleurgesteld, heel teleurgesteld, diep teleurgesteld,"
        " zwaar teleurgesteld, erg boos, heel boos, zeer boos, zo boos, zeer ontevreden, erg ontevreden,"
        " heel ontevreden, uiterst ontevreden, opgelicht, spuugzat, meer dan zat, ben het zat, ben het beu,"
        " helemaal klaar mee, slechtste service, slechtste bedrijf, slechtste ervaring, incompetent*,"
        " klacht indienen, dien … klacht in, officiële klacht, formele klacht, ongehoord, schaamteloos,"
        " maat is vol, schofterig, wat een aanfluiting, aanfluiting, belachelijke service,"
        " voor de gek gehouden, van de zotte, ben razend, ben laaiend, jullie zijn oplichters,"
        " stelletje oplichters, pure oplichting, pure oplichterij, jullie zijn bedriegers,"
        " jullie zijn leugenaars, ziedend, ben woest, te gek voor woorden, dien* … klacht in, klacht ingediend",
        "sore": "teleurgesteld, teleurstellend, teleurstelling, boos, ontevreden, gefrustreerd, frustrerend,"
        " geïrriteerd, irritant, niet tevreden, niet blij, slechte service, slechte ervaring, klacht, klagen,"
        " belachelijk, waardeloos, waardeloze, ergerlijk, erger me, mijn geduld, verschrikkelijk,"
        " onprofessioneel, onbeschoft, aan het lijntje, oplichters, oplichting, oplichterij",
        "legal": "mijn advocaat, onze advocaat, mijn advocaten, advocaat inschakelen, advocaat in te schakelen,"
        " juridische stappen, gerechtelijke stappen, rechtbank, naar de rechter, kantonrechter, rechtszaak,"
        " consumentenbond, aangifte doen, doe … aangifte, doe ik aangifte, geschillencommissie, deurwaarder,"
        " rechtsbijstand, in gebreke, ingebrekestelling, consuwijzer, autoriteit consument, juridisch loket,"
        " schakel … advocaat in, neem … advocaat, stap … rechter, ga … rechter",
        "lawful": "advocaat, aangifte, politie",
        "money": "terugbetal*, geld terug, restitutie, schadevergoeding, vergoeding",
        "demand": "eis … geld, eis … terugbetaling, wil … geld terug, wil nu … geld, chargeback,"
        " betaling terugdraaien, betaling storneren, terugboeken, paypal geschil, geschil openen",
        "leaving": "nooit meer, nooit weer, klant kwijt, klant verloren, klant minder, slechte recensie,"
        " slechte review, slechte beoordeling, negatieve recensie, negatieve review, negatieve beoordeling,"
        " iedereen afraden, raad … iedereen af, laatste keer dat ik hier bestel,"
        " laatste keer dat ik iets bestel, was mijn laatste bestelling, maar één ster, één ster geven,"
        " 1 ster review, ga … naar de concurrent*, stap … naar de concurrent*",
        "waiting": "nog steeds niet, nog steeds geen, nog steeds niets, nog altijd, wacht nog steeds,"
        " geen antwoord, geen reactie, niemand reageert, niemand antwoordt, niemand neemt, derde keer,"
        " tweede keer, vierde keer, zoveelste, derde mail, derde bericht, al weken, al maanden, wekenlang,"
        " alweer, hoe vaak, hoe lang nog, genegeerd, negeren",
        "not": "niet, geen, zonder, nooit, noch, nergens",
        "settled": "is opgelost, is al opgelost, alles in orde, toch nog aangekomen, niet meer boos,"
        " sorry voor mijn boze, excuses voor mijn toon",
    },
    "pl": {
        "angry": "niedopuszczaln*, nie do przyjęcia, nieakceptowaln*, skandal, skandaliczn*, wściekły,"
        " wściekła, oburzony, oburzona, oburzeni, oburzając*, bardzo rozczarowan*, bardzo zawiedzion*,"
        " bardzo niezadowolon*, bardzo zdenerwowan*, niezwykle rozczarowan*, głęboko rozczarowan*, oszukan*,"
        " okłamujecie, żenada, żenując*, kpina, kpiny, kpicie, mam dość, mam dosyć, hańba, jak wam nie wstyd,"
        " wstyd mi za was, najgorsz* obsług*, najgorsz* firma, najgorsz* sklep, niekompeten*, złożyć skargę,"
        " składam … skargę, brak szacunku, miarka się przebrała, tragiczn* obsług*, fataln* obsług*,"
        " jesteście oszustami, jesteście złodziejami, banda oszustów, banda złodziei, zwykłe oszustwo,"
        " to oszustwo, jesteście kłamcami, karygodn*, bezczeln*, wkurzon*, złożę … skargę, złożymy … skargę",
        "sore": "rozczarowan*, rozczarowując*, zawiedzion*, niezadowolon*, zdenerwowan*, zirytowan*, irytując*,"
        " sfrustrowan*, frustrując*, skarga, skargę, nie jestem zadowolon*, fataln*, okropn*, tragiczn*,"
        " śmieszne, absurd, moja cierpliwość, tracę cierpliwość, nieprofesjonaln*, niepoważn*, zła obsługa,"
        " oszuści, oszustwo",
        "legal": "mój prawnik, mojego prawnika, mojemu prawnikowi, nasz prawnik, naszemu prawnikowi,"
        " mój adwokat, mojemu adwokatowi, kroki prawne, kroków prawnych, drogę prawną, drogę sądową,"
        " drogi sądowej, do sądu, w sądzie, pozew, pozwę, rzecznik* konsument*, rzecznik* praw*, UOKiK,"
        " na policję, prokuratur*, przedsądow*, federacj* konsument*, inspekcj* handlow*, pójdę do prawnika,"
        " skontaktuję … prawnik*, zgłoszę … prawnik*, zgłoszę … policj*, skieruję … sądu, pójdę do sądu,"
        " podam was do sądu",
        "lawful": "prawnik, prawnika, prawnikiem, adwokat, adwokata, policja, policji",
        "money": "zwrot pieniędzy, zwrotu pieniędzy, zwrot kosztów, odszkodowani*, refundacj*",
        "demand": "żądam zwrotu, żądam … pieniędzy, żądam natychmiast*, oddajcie … pieniądze,"
        " zwróćcie … pieniądze, chcę … swoje pieniądze, chcę … moje pieniądze, odzyskać pieniądze, chargeback,"
        " spór paypal, obciążenie zwrotne",
        "leaving": "nigdy więcej, już nigdy, straciliście klient*, tracicie klient*, negatywn* opini*,"
        " złą opinię, negatywn* komentarz, nie polecam, odradzam, będę odradzać, ostatni raz zamawiam,"
        " ostatni raz kupuję, to było moje ostatnie zamówienie, tylko jedna gwiazdka, tylko jedną gwiazdkę,"
        " przechodzę do konkurencji, idę do konkurencji",
        "waiting": "nadal czekam, wciąż czekam, ciągle czekam, nadal nie, wciąż nie, dalej nie,"
        " brak odpowiedzi, bez odpowiedzi, nikt nie odpowiada, nikt nie odpisuje, nikt nie odbiera,"
        " nikt się nie, po raz trzeci, trzeci raz, drugi raz, po raz kolejny, kolejny raz, trzeci mail,"
        " trzecia wiadomość, od tygodni, od miesięcy, ile można, ile razy, ile jeszcze, ignorujecie, ignorowan*",
        "not": "nie, bez, żaden, żadna, żadnej, żadnych, nigdy, ani",
        "settled": "już wszystko w porządku, sprawa załatwiona, problem rozwiązany, już rozwiązane,"
        " jednak dotarł*, już się nie gniewam, przepraszam za mój ton, przepraszam za moją złość",
    },
    "sv": {
        "angry": "oacceptabel*, inte acceptabelt, skandal, skandalöst, rasande, förbannad*, väldigt besviken,"
        " mycket besviken, otroligt besviken, djupt besviken, jättebesviken, riktigt besviken,"
        " oerhört besviken, så besviken, riktigt arg, väldigt arg, jättearg, så arg, mycket missnöjd*,"
        " väldigt missnöjd*, riktigt missnöjd*, lurendrejeri, blivit lurad*, skäms på er, ni borde skämmas,"
        " sämsta service*, sämsta kundtjänst*, fått nog, nu räcker det, under all kritik, skamligt,"
        " inkompeten*, lämna … klagomål, formellt klagomål, ett skämt, brist på respekt, ni är bedragare,"
        " rena bedrägeriet, ni är lögnare, trött på er, trött på att vänta, less på er, fruktansvärt dålig*,"
        " helt sjukt, rent ut sagt uselt, uselt, skandalöst dålig*",
        "sore": "besviken, besvikna, besvikelse, missnöjd*, arg, irriterad*, irriterande, frustrerad*,"
        " frustrerande, upprörd*, inte nöjd, dålig service, dålig kundtjänst, klagomål, klaga, löjligt,"
        " bedrövlig*, katastrof*, urusel*, mitt tålamod, oseriöst, oprofessionellt, fruktansvärt, bedragare,"
        " bedrägeri",
        "legal": "min advokat, vår advokat, min jurist, kontakta … advokat, rättsliga åtgärder,"
        " juridiska åtgärder, rättslig väg, till domstol, i domstol, tingsrätten, stämma er, stämmer er,"
        " konsumentverket, reklamationsnämnden, polisanmäl*, konsumentombudsmannen, kronofogden, till ARN,"
        " anmäla er till, anmäler er till, tar … advokat, anlitar … advokat, anmäler … till konsument*,"
        " anmäla … till konsument*",
        "lawful": "advokat, advokaten, jurist, polisen",
        "money": "återbetal*, pengarna tillbaka, pengar tillbaka, ersättning",
        "demand": "kräver … pengar*, kräver … återbetalning, vill ha … pengar tillbaka,"
        " vill ha tillbaka … pengar, ge mig … pengar, bestrida betalningen, bestrider betalningen, chargeback,"
        " paypal-tvist",
        "leaving": "aldrig mer, aldrig igen, aldrig … handla, aldrig … beställa, förlorat en kund,"
        " förlorar en kund, tappat en kund, dålig recension, negativ recension, dåligt omdöme, negativt omdöme,"
        " avråder, avråda alla, sista gången jag handlar, sista gången jag beställer, bara en stjärna,"
        " ge er en stjärna, går till konkurrent*, byter till konkurrent*",
        "waiting": "väntar fortfarande, fortfarande inte, fortfarande inget, fortfarande ingen, inget svar,"
        " ingen svarar, utan svar, tredje gången, andra gången, fjärde gången, än en gång, tredje mejlet,"
        " tredje mailet, i veckor, i flera veckor, i månader, ignorerar, ignorerad*, hur länge,"
        " hur många gånger",
        "not": "inte, ingen, inget, inga, utan, aldrig, ej, varken",
        "settled": "det har löst sig, har löst sig, är löst, allt är löst, kom fram till slut, inte arg längre,"
        " ursäkta min ton, förlåt för min ton",
    },
    "da": {
        "angry": "uacceptabel*, ikke acceptabelt, skandale, skandaløst, rasende, meget skuffet, dybt skuffet,"
        " virkelig skuffet, ekstremt skuffet, så skuffet, yderst skuffet, meget utilfreds, dybt utilfreds,"
        " yderst utilfreds, ekstremt utilfreds, meget vred, virkelig vred, så vred, pissesur, til grin,"
        " fået nok, nu er det nok, under al kritik, skammeligt, skam jer, inkompeten*, værste service,"
        " værste kundeservice, dårligste service, indgive … klage, formel klage, sende en klage,"
        " mangel på respekt, det er for dårligt, simpelthen for dårligt, ren svindel, I er svindlere,"
        " I er bedragere, I er løgnere, træt af jer, træt af at vente, under lavmålet, skandaløs*,"
        " hamrende utilfreds, rystet over, helt til grin",
        "sore": "skuffet, skuffende, skuffelse, utilfreds*, vred, irriteret, irriterende, frustreret,"
        " frustrerende, sur, ikke tilfreds, ikke glad for, dårlig service, dårlig kundeservice, klage, klager,"
        " latterlig*, katastrof*, min tålmodighed, uprofessionel*, useriøst, forfærdelig*, pinligt, svindel,"
        " svindlere, bedrageri",
        "legal": "min advokat, vores advokat, kontakte … advokat, retslige skridt, juridiske skridt, i retten,"
        " retssag, sagsøge*, forbrugerklagenævnet, forbrugerombudsmanden, forbrugerrådet, forbrugerstyrelsen,"
        " forbrugerklage, politianmeld*, nævnenes hus, center for klageløsning, anmelde jer til,"
        " anmelder jer til, melde jer til politiet, melder jer til politiet, tager … advokat, går til advokat,"
        " klager til forbruger*, klage til forbruger*",
        "lawful": "advokat, advokaten, politiet",
        "money": "pengene tilbage, penge tilbage, refusion, refunder*, tilbagebetal*, erstatning",
        "demand": "kræver … penge*, kræver … refusion, kræver … tilbagebetaling, vil have … penge* tilbage,"
        " vil have mine penge, giv mig … penge, indsigelse mod betalingen, indsigelse i banken, chargeback,"
        " paypal-sag",
        "leaving": "aldrig mere, aldrig igen, aldrig … handle, aldrig … bestille, mistet en kunde,"
        " mister en kunde, dårlig anmeldelse, negativ anmeldelse, fraråder, fraråde alle,"
        " sidste gang jeg handler, sidste gang jeg bestiller, kun en stjerne, give jer en stjerne,"
        " går til konkurrent*, skifter til konkurrent*",
        "waiting": "venter stadig, stadig ikke, stadig intet, stadig ingen, intet svar, ingen svar,"
        " ingen svarer, uden svar, tredje gang, anden gang, fjerde gang, endnu en gang, tredje mail,"
        " tredje besked, i ugevis, i flere uger, i månedsvis, ignorerer, ignoreret, hvor længe,"
        " hvor mange gange",
        "not": "ikke, ingen, intet, uden, aldrig, ej, hverken",
        "settled": "det er løst, er blevet løst, alt er i orden, ikke vred længere, ikke længere vred,"
        " undskyld min tone, beklager min tone",
    },
    "ru": {
        "angry": "неприемлемо, неприемлемый, недопустимо, возмущен*, возмущён*, возмутительн*, безобразие,"
        " безобразное, в ярости, в бешенстве, очень разочарован*, крайне разочарован*, глубоко разочарован*,"
        " очень недоволен, очень недовольн*, крайне недоволен, крайне недовольн*, очень зол, очень зла,"
        " обманули, позор, издевательство, издеваетесь, хамство, худший сервис, худшее обслуживание,"
        " отвратительн*, некомпетентн*, подаю жалобу, подам жалобу, напишу жалобу, пишу жалобу, неуважение,"
        " терпение лопнуло, терпение кончилось, стыд и позор, вы мошенник*, вы обманщик*, вы воры, вы лжецы,"
        " это мошенничество, вы достали, меня достали, мне надоело, сколько можно ждать, ну сколько можно,"
        " наглость, отвратительно, хамят, кидалы, развод на деньги, буду жаловаться, буду писать жалобу,"
        " сплошной обман",
        "sore": "разочарован*, разочарование, недоволен, недовольн*, злюсь, зол, раздражен*, раздражён*,"
        " раздражает, расстроен*, жалоба, жалобу, ужасн*, кошмар, плохой сервис, плохое обслуживание,"
        " мое терпение, моё терпение, безответственн*, непрофессиональн*, мошенник*, мошенничество, надоело",
        "legal": "мой адвокат, моему адвокату, моим адвокатом, мой юрист, моему юристу, наш юрист,"
        " нашему юристу, к юристу, к адвокату, в суд, через суд, подам иск, судиться, роспотребнадзор*,"
        " прокуратур*, прав потребителей, в полицию, досудебн*, общество потребителей, пода* в суд,"
        " жаловаться в, жалобу в",
        "lawful": "адвокат, адвоката, юрист, юриста, полиция, претензия, претензию",
        "money": "возврат денег, возврата денег, вернуть деньги, возврат средств, компенсаци*, возмещени*",
        "demand": "верните … деньги, требую … возврат*, требую вернуть, требую … деньги, отдайте … деньги,"
        " оспорить платеж, оспорить платёж, чарджбэк",
        "leaving": "больше никогда, никогда больше, потеряли клиент*, теряете клиент*, плохой отзыв,"
        " негативный отзыв, отрицательный отзыв, не рекомендую, никому не советую, всем расскажу,"
        " последний раз заказываю, последний раз покупаю, это был последний заказ, поставлю одну звезду,"
        " уйду к конкурент*, ухожу к конкурент*",
        "waiting": "до сих пор, всё ещё не, все еще не, никто не отвечает, никто не ответил, нет ответа,"
        " без ответа, ответа нет, третий раз, второй раз, четвертый раз, в очередной раз, третье письмо, опять,"
        " уже месяц, несколько недель, уже неделю, игнорируете, игнорируют, сколько раз, сколько ещё,"
        " сколько еще",
        "not": "не, нет, без, ни, никогда, никаких, нету",
        "settled": "всё решено, все решено, вопрос решен, вопрос решён, проблема решена, больше не злюсь,"
        " теперь всё в порядке, извините за мой тон, простите за мой тон",
    },
    "ja": {
        "angry": "許せない, 許せません, ふざけるな, ふざけないで, 怒りを, 怒っています, 怒ってます, 激怒,"
        " 腹が立, 腹立たしい, 最低な, 最悪です, 最悪な, 馬鹿にし, バカにし, いい加減にし, 話になら, あり得ない,"
        " ありえない, あり得ません, ありえません, 呆れて, 呆れま, 納得いかない, 納得できない, 納得できません,"
        " 納得いきません, 非常に不満, 大変不満, とても不満, 強く抗議, 抗議します, 非常に残念, 大変失望,"
        " 非常に失望, 非常に不愉快, 大変不愉快, とても不愉快, 非常識, 誠意が, 誠意の, どうなっているんですか,"
        " どうなってるんですか, 本当に最低, 最低の対応, 最低のサービス, 最悪の対応, 最悪のサービス, まるで詐欺,"
        " 詐欺と同じ, ひどすぎ, 酷すぎ, 怒り心頭, 許し難, 最低の会社, 対応が悪すぎ, あまりにもひどい,"
        " あまりに酷い",
        "sore": "不満, 不愉快, 不快, がっかり, 失望, 苦情, クレーム, イライラ, ひどい, 酷い, 残念です, 残念な,"
        " 怒り, 信じられない, 信じられません, 対応が悪, 詐欺",
        "legal": "法的措置, 法的手段, 訴えます, 訴える, 訴訟, 裁判, 消費者センター, 消費生活センター,"
        " 国民生活センター, 通報し, 被害届, 弁護士に, 弁護士を, 警察に",
        "lawful": "弁護士, 警察",
        "money": "返金, 払い戻し, 賠償",
        "demand": "返金を要求, 返金しろ, 返金してください！, 金を返せ, お金を返して, チャージバック,"
        " 直ちに返金, 即刻返金, 今すぐ返金, すぐに返金",
        "leaving": "二度と, もう買いません, もう買わない, もう利用しません, もう利用しない, 低評価, 悪い口コミ,"
        " 悪いレビュー, 口コミに書, レビューに書, 星1つ, 星１つ, 星ひとつ",
        "waiting": "いつまで待, いつまでたっても, 未だに, いまだに, まだ返事, 返事がない, 返事がありません,"
        " 返信がない, 返信がありません, 連絡がない, 連絡がありません, 何度も, 三度目, 3度目, ３度目, 3回目,"
        " ３回目, 三回目, 無視",
        "not": "",
        "settled": "解決しました, 解決いたしました, 失礼いたしました",
    },
    "zh": {
        "angry": "太过分, 太過分, 无法接受, 無法接受, 不能接受, 不可接受, 愤怒, 憤怒, 气愤, 氣憤, 非常生气,"
        " 非常生氣, 很生气, 很生氣, 太生气, 气死, 氣死, 垃圾服务, 垃圾公司, 忍无可忍, 忍無可忍, 岂有此理,"
        " 豈有此理, 非常不满, 非常不滿, 极其不满, 强烈不满, 强烈抗议, 非常失望, 太失望, 极度失望, 太差, 最差,"
        " 受够, 受夠, 我要投诉, 我要投訴, 投诉你们, 投訴你們, 正式投诉, 正式投訴, 太不负责, 不负责任, 太离谱,"
        " 太離譜, 欺骗, 欺騙, 你们是骗子, 你們是騙子, 你们就是骗子, 你們就是騙子, 就是骗人, 就是騙人, 这是诈骗,"
        " 這是詐騙, 这是欺诈, 這是欺詐, 坑人, 黑店, 奸商, 态度恶劣, 態度惡劣, 服务极差, 服務極差, 太气人,"
        " 太氣人",
        "sore": "不满, 不滿, 失望, 生气, 生氣, 投诉, 投訴, 糟糕, 差劲, 差勁, 不耐烦, 不耐煩, 恼火, 惱火,"
        " 态度差, 態度差, 离谱, 離譜, 骗子, 騙子, 诈骗, 詐騙, 骗人, 騙人, 无语, 無語",
        "legal": "起诉, 起訴, 法律途径, 法律途徑, 法律手段, 法律责任, 法律責任, 律师函, 律師函, 找律师, 找律師,"
        " 我的律师, 我的律師, 消费者协会, 消協, 消协, 消費者保護, 消保官, 消基會, 工商局, 市场监管, 市場監管,"
        " 举报, 舉報, 上法院, 去法院, 向法院, 打12315, 12315投诉, 会报警, 會報警, 要报警, 要報警, 曝光你们,"
        " 曝光你們, 网上曝光, 網上曝光",
        "lawful": "律师, 律師, 警察",
        "money": "退款, 退钱, 退錢, 赔偿, 賠償",
        "demand": "立即退款, 马上退款, 馬上退款, 立刻退款, 把钱退, 把錢退, 还我钱, 還我錢, 退钱给我, 要求赔偿,"
        " 要求賠償, 拒付",
        "leaving": "再也不会, 再也不會, 再也不买, 再也不買, 再也不来, 不会再买, 不會再買, 不会再来, 不會再來,"
        " 差评, 差評, 负面评价, 負面評價, 最后一次在你们, 最後一次在你們, 一星评价, 一星評價, 给一星, 給一星",
        "waiting": "没有回复, 沒有回覆, 没有人回复, 没人回复, 沒人回覆, 没人理, 沒人理, 无人回复, 不回复,"
        " 不回覆, 第三次, 第四次, 好几次, 好幾次, 多次联系, 多次聯繫, 几个星期, 幾個星期, 到底什么时候,"
        " 到底什麼時候, 还要等多久, 還要等多久, 拖了",
        "not": "不, 没, 沒, 没有, 沒有, 不是, 并非, 並非, 无, 無, 别, 別",
        "settled": "已经解决, 已經解決, 解决了, 解決了",
    },
}
"""The phrases of each language, by row."""
