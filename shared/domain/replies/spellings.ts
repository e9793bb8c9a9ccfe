/**
 * How people spell the words that matter when they text. Each row is the word that the patterns know, then what
 * stands for it; everything is folded already (lower case, no accents, no apostrophes).
 */
const SPELLINGS: readonly string[] = [
  "texts txts txtz texs texst textz tects txets texxts tezts textos messages msgs mssgs mesages messeges messges " +
    "sms smss mms notifications notifs notis notif notices alerts pings robotexts dms imessages",
  "text txt txet tex tezt textt message msg mssg mesage messege messge notification alert dm ping",
  "texting txting txtin textin textn texing textng texitng texring tezting texting messaging msging messagin",
  "texted txted messaged msgd",
  "reminders remindrs",
  "mensajes textos texto mensajitos menajes msjs msjes mjs msj mnsajes mensjes mensages menzajes mensaje mensajito mnsj " +
    "recordatorios notificaciones alertas avisos whatsapp whatsapps guasap",
  "please pls plz plse pleas plees plis pleaz plzz porfa porfavor porfis xfa xfavor pf",
  "you u yall yous youu yu youse youguys",
  "your ur yr youre yur",
  "dont dnt donot dontt doont dony dotn dobt dosnt doesnt",
  "didnt didn",
  "cant cannot",
  "isnt aint isn",
  "because cuz bc cause becuz",
  "want wan wnt wannt",
  "im iam",
  "anymore nemore anymor animore",
  "number numbr nmber nmbr numbah num nbr numba phone# cell# cellphone",
  "wrong rong wrng worng wrog wromg wron",
  "people ppl",
  "who whos",
  "unsubscribe unsub unsubs unsuscribe unsubcribe unsibscribe desubscribe unsubscrib unsubscribing",
  "subscribe suscribe subcribe",
  "appointment appt appts apt apts apptmt appointments apointment appointmnt appoinment appontment",
  "doctor dr doc drs",
  "tomorrow tmrw tmr tomorow 2moro 2morrow tmw tomm tommorow tommorrow",
  "more mor mre moar",
  "alone aloen alon",
  "leave leav lv leeve lev",
  "with w wit wth",
  "quiero kiero qiero quero quier kero quieo",
  "que q k qe ke",
  "de d",
  "me m mee",
  "stop stahp stawp shtop stopp stob",
  "remove remov rmove rmv",
  "porque xq pq porq xk",
  "por x",
  "mas maz",
  "numero numro nro nmero numeor nunero",
  "equivocado ekivocado equibocado equivocao equivocdo ekibocado equiv",
  "recibir resivir recivir resibir rcibir recibr recivir",
  "escriban escrivan escrban",
  "escriba escriva",
  "escribir escrivir",
  "manden mandn mander mandem",
  "envien embien enbien envin",
  "mandar mndar",
  "dejen degen dejn degenme",
  "borrenme vorrenme borenme borrnme",
  "vayanse bayanse",
  "basta vasta",
  "baja vaja",
  "ya lla",
  "estoy stoy toy",
  "cita sita citas",
];

/** Words that add heat or manners and change nothing. */
const UNSAID =
  "fucking fuckin fkn fking fckn fckin freaking freakin frickin friggin damn damned dam goddamn goddam bloody effing " +
  "motherfucking mf dang darn stupid ever even really literally kindly actually seriously totally simply " +
  "just jst bro bruh mister maam sir lol lmao haha hahaha smh ffs omg wtf jfc also " +
  "immediately permanently completely entirely pinche pinches malditos maldito putos puto puta " +
  "immediatly asap rn inmediatamente";

const words = (line: string): string[] => line.split(" ");

/** From a spelling to the word that the patterns know; the empty word is dropped. */
export const SPELLED: ReadonlyMap<string, string> = new Map([
  ...SPELLINGS.flatMap((row) => words(row).map((spelling) => [spelling, words(row)[0] ?? ""] as const)),
  ...words(UNSAID).map((word) => [word, ""] as const),
]);

/** Verbs whose "-in" ("textin", "hittin") stands for "-ing". */
export const VERBS_IN_ING: ReadonlySet<string> = new Set(
  "contact call bother harass bugg hitt blow send spam spamm mess annoy pester remind ask email hound".split(
    " ",
  ),
);
