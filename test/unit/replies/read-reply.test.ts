import { describe, expect, it } from "vitest";
import { readReply } from "#shared/domain/replies/read-reply.ts";

// Opt-out keywords of AWS End User Messaging SMS, then the words of 47 CFR 64.1200(a)(10).
const REQUIRED_WORDS =
  "ARRET END OPT-OUT OPTOUT QUIT REMOVE STOP TD UNSUBSCRIBE stop|quit|end|revoke|opt out|unsubscribe|STOPALL".split(
    /[ |](?!out)/,
  );

describe("a keyword alone", () => {
  it.each(REQUIRED_WORDS)("%s ends all texts", (word) => {
    expect(readReply(word)).toMatchObject({ keyword: "stop", revokes: "keyword" });
  });

  it("takes a bare CANCEL for an opt-out, and tells it apart", () => {
    expect(readReply("Cancel")).toMatchObject({ keyword: "cancel", revokes: "keyword", cancelsVisit: false });
  });

  const disguises: [string, (word: string) => string][] = [
    ["lower case", (word) => word.toLowerCase()],
    ["capitals", (word) => word.toUpperCase()],
    ["mixed case", (word) => [...word].map((c, i) => (i % 2 ? c.toUpperCase() : c.toLowerCase())).join("")],
    ["a full stop", (word) => `${word}.`],
    ["exclamation marks", (word) => `${word}!!!`],
    ["quotation marks", (word) => `"${word}"`],
    ["pictures", (word) => `🛑 ${word} 😡😡`],
    ["spaces around", (word) => `  ${word}\n`],
    ["spaces between letters", (word) => [...word].join(" ")],
    ["dots between letters", (word) => [...word].join(".")],
    [
      "full-width letters",
      (word) => word.replace(/[a-z]/gi, (c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0)),
    ],
    ["zero-width characters", (word) => [...word].join("\u200b")],
    ["a last letter held down", (word) => word + word.slice(-1).repeat(4)],
  ];
  describe.each(disguises)("with %s", (_name, disguise) => {
    it.each(["stop", "unsubscribe", "quit", "revoke", "optout", "remove", "parar", "basta", "cancel"])(
      "is still %s",
      (word) => {
        expect(readReply(disguise(word)).revokes).toBe("keyword");
      },
    );
  });

  it.each(["stop", "unsubscribe", "cancel"])(
    "is known with any two neighbouring letters of %s swapped",
    (word) => {
      const swapped = [...word]
        .slice(1)
        .map((_, i) => word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2));
      expect(swapped.filter((typo) => readReply(typo).revokes === null)).toEqual([]);
    },
  );

  it.each(["unsubscribe", "cancel", "remove"])("is known with any one letter of %s left out", (word) => {
    const shorter = [...word].map((_, i) => word.slice(0, i) + word.slice(i + 1));
    expect(shorter.filter((typo) => readReply(typo).revokes === null)).toEqual([]);
  });

  it.each([
    "step",
    "shop",
    "top",
    "spot",
    "and",
    "send",
    "bend",
    "quiet",
    "quite",
    "cancer",
    "remote",
    "help",
    "salio",
  ])("is not seen in the word %s", (word) => {
    expect(readReply(word).revokes).toBeNull();
  });

  it.each([
    ["START", "start"],
    ["unstop", "start"],
    ["Reanudar", "start"],
    ["HELP", "help"],
    ["info?", "help"],
    ["Ayuda!", "help"],
    ["YES", "yes"],
    ["y", "yes"],
    ["Sí 👍", "yes"],
    ["yes please", "yes"],
    ["No", "no"],
    ["no gracias", "no"],
    ["C", "confirm"],
    ["1", "confirm"],
    ["Confirmo", "confirm"],
    ["2", "change"],
    ["R", "change"],
    ["reschedule", "change"],
  ] as const)("%s is read as %s and revokes nothing", (text, keyword) => {
    expect(readReply(text)).toMatchObject({ keyword, revokes: null });
  });

  it.each(["ok", "👍", "sure", "yes?", "Y?", "¿sí?", "yes but not on this phone", "", "   "])(
    "does not take %j for a yes",
    (text) => {
      expect(readReply(text).keyword).toBeNull();
    },
  );
});

describe("what the issue and the rule name", () => {
  it.each([
    "please don't text me anymore",
    "ya no me manden mensajes",
    "wrong number",
    "Stop please",
    "please stop",
    "stpo",
    "dont text me anymore",
    "take me off your list",
    "lose my number",
    "remove my number",
    "no more messages",
    "I don't want these texts",
    "who is this? stop",
    "número equivocado",
    "dejen de escribirme",
    "no quiero recibir más mensajes",
    "bórrenme de la lista",
    "leave me alone",
    "end texts",
    "cancel texts",
    "cancel these messages",
    "i revoke my consent",
    "i want to opt out",
    "unsubscribe me",
    "quit texting",
    "do not contact me again",
    "never text this number",
    "Thanks for the reminder but please stop sending these",
  ])("%s ends all texts", (text) => {
    expect(readReply(text).revokes).not.toBeNull();
  });

  it.each([
    "stop by at 3?",
    "can't quit smoking lol",
    "cancel my 3pm",
    "end of the month?",
    "should I stop taking it before surgery",
    "my pain won't stop",
    "non stop coughing",
    "can you text me the address",
    "don't stop",
    "is this the end of treatment",
    "I need to cancel",
    "cancel appointment",
    "remove the stitches when?",
    "how do I opt out of the surgery?",
    "no text came yet",
    "I didn't get your text",
    "quit my job so insurance changed",
    "my phone died so I couldn't text",
    "end date?",
    "stop the prescription",
    "ya paré el medicamento",
    "fin de mes?",
    "la parada del autobús",
    "¿a qué hora cancelan?",
    "no más dolor gracias",
    "No more phone calls please, texts only",
    "I sent STOP by mistake, I still want the texts",
    "mandé STOP sin querer",
  ])("%s does not", (text) => {
    expect(readReply(text).revokes).toBeNull();
  });
});

describe("free language", () => {
  const REVOKING = ["stop texting me", "take me off your list", "no me manden más mensajes", "wrong number"];
  it.each(REVOKING)(
    "%s holds in any case, with other content beside, run through with pictures",
    (phrase) => {
      const variants = [
        phrase.toUpperCase(),
        `${phrase}!!! 😡`,
        `Thanks for the reminder but please ${phrase}`,
        `Hola, buenas tardes. ${phrase}, gracias`,
        phrase.replaceAll(" ", "  "),
        phrase.replaceAll(" ", " 🛑 "),
        phrase.replaceAll(" ", ". "),
        phrase.replaceAll(" ", "\n"),
        phrase.replaceAll("o", "о"),
      ];
      expect(variants.filter((text) => readReply(text).revokes !== "words")).toEqual([]);
    },
  );

  it("keeps an appointment's cancelling apart from the texts'", () => {
    expect(readReply("cancel my 3pm")).toMatchObject({ revokes: null, cancelsVisit: true });
    expect(readReply("cancel my text reminders")).toMatchObject({ revokes: "words", cancelsVisit: false });
    expect(readReply("cancel my appointment and stop texting me")).toMatchObject({
      revokes: "words",
      cancelsVisit: true,
    });
  });

  it("says a wrong number apart, which implies a revocation", () => {
    expect(readReply("This isn't Maria")).toMatchObject({ revokes: "words", wrongNumber: true });
    expect(readReply("Please stop texting")).toMatchObject({ revokes: "words", wrongNumber: false });
  });
});

describe("distress", () => {
  it.each(["I just want it all to end", "I want to end it", "make it stop", "quiero acabar con todo"])(
    "%s is no revocation",
    (text) => {
      expect(readReply(text)).toMatchObject({ distress: "self-harm", revokes: null });
    },
  );

  it("leaves a revocation beside it standing", () => {
    expect(readReply("STOP texting me or I'll kill myself")).toMatchObject({
      distress: "self-harm",
      revokes: "words",
    });
  });

  it("hears an emergency, and not a figure of speech", () => {
    expect(readReply("the bleeding won't stop")).toMatchObject({ distress: "emergency", revokes: null });
    expect(readReply("this wait is killing me")).toMatchObject({ distress: null, revokes: null });
  });
});

describe("answers of machines", () => {
  it.each([
    "I'm driving with Do Not Disturb on. I'll get back to you soon.",
    "Auto-reply: I am out of the office until Monday.",
    "Thanks for contacting Joe's Pizza! Reply STOP to opt out.",
    "Respuesta automática: estoy de vacaciones hasta el lunes",
  ])("knows %s, and does not take it for a revocation", (text) => {
    expect(readReply(text)).toMatchObject({ automatic: true, revokes: null });
  });

  it.each(["Yes", "see you at 3", "I drive to you tomorrow", "gracias"])("does not see one in %s", (text) => {
    expect(readReply(text).automatic).toBe(false);
  });
});

describe("hostile input", () => {
  const hostile = [
    "stop ".repeat(320),
    "a ".repeat(800),
    "?".repeat(1600),
    "dont text me ".repeat(123),
    "no me ".repeat(266),
    "a".repeat(100_000),
    "s\u0301\u0302".repeat(533),
    "\ud83d".repeat(1600),
    "not not not want want want to to to be be be ".repeat(36),
    "cancel my the all of your texts ".repeat(50),
    "__proto__ constructor toString",
    "\u0000\u0001\uffff",
    "🛑".repeat(800),
    "(((((*****?????+++++)))))[[[",
  ];

  it("is read without an error, in time that grows with its length only", () => {
    for (const text of hostile) readReply(text);
    for (const text of hostile) {
      const started = performance.now();
      readReply(text);
      // Far more than it takes, for a busy machine: matching of quadratic time would take seconds.
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });

  it("is read up to 1,600 characters", () => {
    expect(readReply(`${"x ".repeat(800)} stop texting me`).revokes).toBeNull();
    expect(readReply(`${"x ".repeat(700)}. stop texting me`).revokes).toBe("words");
  });
});
