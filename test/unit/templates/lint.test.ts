import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALERT_KINDS, type AlertKind, rulesOf } from "#shared/domain/alerts/kinds.ts";
import { MESSAGE_TEMPLATES } from "#shared/domain/alerts/message-library.ts";
import { SHIPPED_TEMPLATES } from "#shared/domain/alerts/shipped.ts";
import { templateName } from "#shared/domain/alerts/templates.ts";
import { classify } from "#shared/domain/classification/classify.ts";
import { type LintOptions, lintTemplate } from "#shared/domain/templates/lint.ts";
import { SLOTS, writeTemplate } from "#shared/domain/templates/parse.ts";
import { possibleValues } from "#shared/domain/templates/possible-values.ts";
import { LANGUAGES, type Language, PURPOSES } from "#shared/domain/words.ts";

const outbound = (text: string) => classify(text, { direction: "outbound" });

/** What a stage with a short host allows: 46 characters for name, phone and a template's own words beside the link. */
const PRACTICE = {
  practice: "Riverside Office",
  phone: "202-555-0143",
  portalBaseUrl: "https://m.oak.example/m",
  locations: ["North Office", "Riverside Clinic"],
  providers: ["Dr. Lee"],
  pharmacies: ["Main Pharmacy"],
};
const VALUES = { en: possibleValues(PRACTICE, "en"), es: possibleValues(PRACTICE, "es") };

function options(use: AlertKind, language: Language = "en"): LintOptions {
  return {
    use,
    purpose: null,
    language,
    values: VALUES[language],
    partsMax: rulesOf(use).partsMax ?? 1,
    classify: outbound,
  };
}

/** Code and written words of each finding. */
function told(text: string, use: AlertKind = "visit-booked", language: Language = "en"): [string, string][] {
  return lintTemplate(text, options(use, language)).findings.map(({ code, start, end }) => [
    code,
    text.slice(start, end),
  ]);
}

/** A text about a visit that is fit, with a sentence of its own. */
const reminder = (sentence: string) =>
  `{practice}: your visit is {date} at {time}. ${sentence} Call {phone}. Reply STOP to end`;
const recordatorio = (sentence: string) =>
  `{practice}: su cita es {date}, {time}. ${sentence} Llame al {phone}. STOP para salir`;

describe("what ships", () => {
  it("has something to choose for each purpose, in both languages, by names that no kind has", () => {
    expect(new Set(MESSAGE_TEMPLATES.map(({ purpose }) => purpose))).toEqual(new Set(PURPOSES));
    expect(new Set(MESSAGE_TEMPLATES.map(({ id, language }) => `${id} ${language}`)).size).toBe(
      MESSAGE_TEMPLATES.length,
    );
    const ids = MESSAGE_TEMPLATES.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["results-ready", "document-received", "statement-ready"]));
    expect(ids).toEqual(expect.arrayContaining(["balance-reminder", "pharmacy-pick-up", "office-news"]));
    expect(ids.filter((id) => (ALERT_KINDS as readonly string[]).includes(id))).toEqual([]);
    for (const { id } of MESSAGE_TEMPLATES) {
      expect(MESSAGE_TEMPLATES.filter((template) => template.id === id)).toHaveLength(LANGUAGES.length);
    }
  });

  const cases = SHIPPED_TEMPLATES.map((template) => ({ name: templateName(template), template }));

  it.each(cases)("is fit: $name $template.language", ({ template: { parts, use, language } }) => {
    const outcome = lintTemplate(writeTemplate(parts), options(use, language));

    expect(outcome.findings).toEqual([]);
    expect(outcome.tier).toBeLessThan(3);
  });

  const isLinked = ({ parts }: (typeof SHIPPED_TEMPLATES)[number]) =>
    parts.some((part) => typeof part !== "string" && part.slot === "link");
  const isNamed = ({ parts }: (typeof SHIPPED_TEMPLATES)[number]) =>
    parts.some(
      (part) => typeof part !== "string" && ["provider", "location", "pharmacy"].includes(part.slot),
    );

  it.each(cases.filter(({ template }) => !isLinked(template)))(
    "has room for the longest name and phone that a stage may have: $name $template.language",
    ({ template: { parts, use, language } }) => {
      const longest = {
        ...PRACTICE,
        practice: "Riverside Family Office Group.",
        phone: "+1 (202) 555-0143 ..",
      };
      expect([longest.practice.length, longest.phone.length]).toEqual([30, 20]);
      const values = possibleValues(longest, language);

      expect(lintTemplate(writeTemplate(parts), { ...options(use, language), values }).findings).toEqual([]);
    },
  );

  it.each(cases.filter(({ template }) => isLinked(template) && isNamed(template)))(
    "can be too long with a name, and says with which: $name $template.language",
    ({ template: { parts, use, language } }) => {
      const name = "Riverside Office North Side 02";
      const long = {
        ...PRACTICE,
        practice: "Oak Street Family Office",
        locations: ["North", name],
        providers: ["Dr. Lee", name],
        pharmacies: [name],
      };
      const { findings } = lintTemplate(writeTemplate(parts), {
        ...options(use, language),
        values: possibleValues(long, language),
      });

      expect(findings.map(({ code }) => code)).toEqual(["too-long"]);
      expect(Object.values(findings[0]?.slots ?? {})).toContain(name);
      expect(Object.keys(findings[0]?.slots ?? {})).not.toContain("link");
    },
  );
});

describe("a finding", () => {
  it.each<[string, string, AlertKind, Language, [string, string][]]>([
    [
      "clinical words",
      reminder("Your colonoscopy is set."),
      "visit-booked",
      "en",
      [["clinical-words", "colonoscopy"]],
    ],
    [
      "a specialty",
      "{practice}: visit our oncology office {date} at {time}. Call {phone}. STOP to end",
      "visit-booked",
      "en",
      [["clinical-words", "oncology"]],
    ],
    [
      "clinical words in Spanish",
      recordatorio("Es su colonoscopia."),
      "visit-booked",
      "es",
      [["clinical-words", "colonoscopia"]],
    ],
    [
      "a clinical field",
      reminder("It is {visit_reason}."),
      "visit-booked",
      "en",
      [["clinical-field", "{visit_reason}"]],
    ],
    [
      "another program's field",
      reminder("Hi [[FirstName]]."),
      "visit-booked",
      "en",
      [["unknown-field", "[[FirstName]]"]],
    ],
    [
      "an unknown field",
      reminder("Hi {first_name}."),
      "visit-booked",
      "en",
      [["unknown-field", "{first_name}"]],
    ],
    ["a slot in capitals", reminder("{Date}."), "visit-booked", "en", [["unknown-field", "{Date}"]]],
    ["a brace that is left over", reminder("So {."), "visit-booked", "en", [["unknown-field", "{"]]],
    ["text speak", reminder("See u there."), "visit-booked", "en", [["text-speak", "u"]]],
    ["text speak with digits", reminder("Be there b4 noon."), "visit-booked", "en", [["text-speak", "b4"]]],
    ["text speak in Spanish", recordatorio("Le vemos x favor."), "visit-booked", "es", [["text-speak", "x"]]],
    ["an abbreviation", reminder("Your appt."), "visit-booked", "en", [["unclear-abbreviation", "appt"]]],
    [
      "an abbreviation in capitals",
      reminder("See the PCP."),
      "visit-booked",
      "en",
      [["unclear-abbreviation", "PCP"]],
    ],
    [
      "a word without vowels",
      reminder("Plan cnfrmd."),
      "visit-booked",
      "en",
      [["unclear-abbreviation", "cnfrmd"]],
    ],
    [
      "an abbreviation in Spanish",
      recordatorio("Su depto."),
      "visit-booked",
      "es",
      [["unclear-abbreviation", "depto"]],
    ],
    [
      "a shortened link",
      reminder("See bit.ly/2abc."),
      "visit-booked",
      "en",
      [["shortened-link", "bit.ly/2abc."]],
    ],
    [
      "a foreign domain",
      reminder("See www.example.com today."),
      "visit-booked",
      "en",
      [["web-address", "www.example.com"]],
    ],
    [
      "a bare domain",
      reminder("See riverside.org today."),
      "visit-booked",
      "en",
      [["web-address", "riverside.org"]],
    ],
    [
      "a URL",
      reminder("See https://riverside.example/a?b today."),
      "visit-booked",
      "en",
      [["web-address", "https://riverside.example/a?b"]],
    ],
    ["an IP address", reminder("See 192.0.2.1 today."), "visit-booked", "en", [["web-address", "192.0.2.1"]]],
    [
      "a domain in words",
      reminder("See riverside dot com today."),
      "visit-booked",
      "en",
      [["web-address", "riverside dot com"]],
    ],
    [
      "an e-mail address",
      reminder("Ask office@riverside.example today."),
      "visit-booked",
      "en",
      [["email-address", "office@riverside.example"]],
    ],
    [
      "a phone number",
      reminder("Or try (202) 555-0199 too."),
      "visit-booked",
      "en",
      [["phone-number", "(202) 555-0199"]],
    ],
    [
      "a phone number in words",
      reminder("Or two six two five five five six one."),
      "visit-booked",
      "en",
      [["phone-number", "two six two five five five six one"]],
    ],
    [
      "a short number",
      "{practice}: questions? Text 72345 or call {phone}. STOP to end",
      "help",
      "en",
      [["phone-number", "72345"]],
    ],
    ["urgency", reminder("This is urgent."), "visit-booked", "en", [["urgency", "urgent"]]],
    ["urgency in Spanish", recordatorio("Es urgente."), "visit-booked", "es", [["urgency", "urgente"]]],
    [
      "a last notice",
      reminder("It is the final notice."),
      "visit-booked",
      "en",
      [["urgency", "final notice"]],
    ],
    ["shouting", reminder("PLEASE be on time."), "visit-booked", "en", [["urgency", "PLEASE"]]],
    ["exclamation", reminder("See you there!!"), "visit-booked", "en", [["urgency", "!!"]]],
    [
      "phishing",
      reminder("Your account is locked."),
      "visit-booked",
      "en",
      [["phishing", "account is locked"]],
    ],
    ["a password", reminder("Have your password ready."), "visit-booked", "en", [["phishing", "password"]]],
    [
      "phishing in Spanish",
      recordatorio("Su cuenta esta bloqueada."),
      "visit-booked",
      "es",
      [["phishing", "cuenta esta bloqueada"]],
    ],
    ["a prize", reminder("There is a gift card for you."), "visit-booked", "en", [["phishing", "gift card"]]],

    ["a line break", reminder("See you.\n"), "visit-booked", "en", [["unfit-character", "\n"]]],
    [
      "a link outside of messages",
      "{practice}: hi {date}, {time}. See: {link} {phone} STOP to end",
      "visit-booked",
      "en",
      [["slot-not-allowed", "{link}"]],
    ],
    [
      "a code outside of codes",
      reminder("It is {code}."),
      "visit-booked",
      "en",
      [["slot-not-allowed", "{code}"]],
    ],
    [
      "a name in an answer",
      "{practice}: thank you. {provider} will call. Call {phone}. STOP to end",
      "help",
      "en",
      [["slot-not-allowed", "{provider}"]],
    ],
    [
      "two calls to action",
      reminder("Reply C to confirm. Bring your card."),
      "reminder",
      "en",
      [["several-calls-to-action", "Bring"]],
    ],
    [
      "a link and a reply",
      "{practice}: message: {link} Reply Y to confirm. {phone} STOP to end",
      "message",
      "en",
      [
        ["several-calls-to-action", "Reply Y"],
        ["unknown-reply", "Y"],
      ],
    ],
    [
      "two links",
      "{practice}: new: {link} {link} Call {phone} STOP to end",
      "message",
      "en",
      [
        ["too-long", "{practice}: new: {link} {link} Call {phone} STOP to end"],
        ["several-calls-to-action", "{link}"],
      ],
    ],
    [
      "two calls in Spanish",
      recordatorio("Responda C para confirmar. Traiga su tarjeta."),
      "reminder",
      "es",
      [["several-calls-to-action", "Traiga"]],
    ],
  ])("tells of %s, and of nothing else", (_, text, use, language, findings) => {
    expect(told(text, use, language)).toEqual(findings);
  });

  it.each([
    ["a Spanish accent", recordatorio("Le esperamos aquí."), "í"],
    ["a typographer's quote", reminder("We’re open."), "’"],
    ["an emoji", reminder("See you 🙂."), "🙂"],
    ["a letter of another alphabet", reminder("See yоu."), "о"],
  ])("tells of %s, and that a part holds less with it", (name, text, character) => {
    const language = name.includes("Spanish") ? "es" : "en";
    expect(told(text, "visit-booked", language)).toEqual([
      ["too-long", text],
      ["unfit-character", character],
    ]);
  });

  it.each<[string, AlertKind, string]>([
    ["practice-missing", "visit-booked", "Your visit is {date} at {time}. Call {phone}. Reply STOP to end"],
    [
      "phone-missing",
      "reminder",
      "{practice}: your visit is {date} at {time}. Reply C to confirm. Reply STOP to end",
    ],
    ["opt-out-missing", "visit-booked", "{practice}: your visit is {date} at {time}. Call {phone}."],
    ["opt-out-missing", "visit-booked", "{practice}: your visit is {date} at {time}. Call {phone}. UNSTOP"],
    ["slot-missing", "message", "{practice}: new message. Call {phone}. Reply STOP to end"],
    ["slot-missing", "code", "{practice}: your code is on its way. Call {phone}. Reply STOP to end"],
    ["no-call-to-action", "visit-booked", "{practice}: your visit is {date} at {time}. {phone} STOP to end"],
    ["other-language", "visit-booked", recordatorio("Le esperamos en la oficina.")],
  ])("tells of the whole text: %s in a %s", (code, use, text) => {
    expect(lintTemplate(text, options(use)).findings).toEqual([
      { code, start: 0, end: text.length, explanation: expect.any(String) },
    ]);
  });

  it.each<[string, AlertKind, string]>([
    ["a link in a longer host", "message", "{link}.evil.example"],
    ["a link with more behind it", "message", "{link}?x={phone}"],
    ["a link before a full stop", "message", "{link}."],
    ["a link behind a sign", "message", "See:{link}"],
    ["a phone behind a digit", "help", "1{phone}"],
    ["a phone behind a digit and a blank", "help", "1 {phone}"],
    ["a phone before more digits", "help", "{phone}-55"],
    ["a phone in an address", "help", "{phone}.example"],
    ["a code before a digit", "code", "{code}5"],
    ["a practice in an address", "help", "{practice}.example"],
    ["a practice behind a dot", "help", "www.{practice}"],
    ["a date before a digit", "reminder", "{date}5"],
    ["two slots", "reminder", "{date}{time}"],
  ])("tells of a slot that runs into what stands beside it: %s", (_, use, words) => {
    const found = told(`{practice}: hello. ${words} Call {phone}. Reply STOP to end`, use);
    expect(found.filter(([code]) => code === "slot-glued").map(([, slot]) => slot)).toContain(
      /\{(?!phone\}$)[a-z]+\}|\{[a-z]+\}/.exec(words)?.[0],
    );
  });

  it.each<[string, AlertKind]>([
    ["{practice}: see {link} Call {phone}. Reply STOP to end", "message"],
    ["{practice}: see ({link}) Call ({phone}). Reply STOP to end", "message"],
    ["{practice}: your code is {code}, call {phone}; {phone}? Reply STOP to end", "code"],
    ["{practice}'s visit: {date}, {time}. At {location} with {provider}! Call {phone}", "reminder"],
  ])("tells of no slot that stands by itself: %s", (text, use) => {
    expect(told(text, use).filter(([code]) => code === "slot-glued")).toEqual([]);
  });

  it.each(
    (
      "evil.tech evil.zip evil.mov evil.news evil.help evil.work evil.icu evil.gg evil.call care.evil.bank/login " +
      "a1.sh evil2.website Office.Call"
    ).split(" "),
  )("tells of a host under any ending: %s", (host) => {
    expect(told(reminder(`See ${host} first.`))).toContainEqual(["web-address", host]);
  });

  it.each([
    "evil .com",
    "evil . tech",
    "evil. com",
    "bit dot ly",
    "evil dot help",
    "evil (dot) zip",
    "evil[.]news",
  ])("tells of a host with its dot in disguise: %s", (host) => {
    const codes = told(reminder(`See ${host} first.`)).map(([code]) => code);
    expect(codes.some((code) => code === "web-address" || code === "shortened-link")).toBe(true);
  });

  it.each([
    "See you at 9 a.m. sharp.",
    "Dr. Lee or Mrs. Roe, e.g. at 10.30.",
    "In the U.S. we say hello.",
    "Ask St. Mary.",
  ])("takes no abbreviation for a host: %s", (words) => {
    expect(told(reminder(words)).filter(([code]) => code === "web-address")).toEqual([]);
  });

  it.each<[string, Language]>([
    ["Never STOP. It is fine.", "en"],
    ["Do not reply STOP to end.", "en"],
    ["STOP", "en"],
    ["We STOP at noon.", "en"],
    ["Reply stop to end.", "en"],
    ["Nunca responda STOP.", "es"],
    ["STOP es una palabra.", "es"],
  ])("takes no other words for how to end texts: %s", (words, language) => {
    const codes = told(`{practice}: {phone}. ${words}`, "help", language).map(([code]) => code);
    expect(codes).toContain("opt-out-missing");
  });

  it.each<[string, Language]>([
    ["Reply STOP to end", "en"],
    ["Text STOP to cancel", "en"],
    ["STOP to opt out", "en"],
    ["If you do not want texts, reply STOP.", "en"],
    ["Reply HELP for help, STOP to end.", "en"],
    ["STOP para salir", "es"],
    ["STOP para no recibir mas", "es"],
    ["Responda STOP para terminar.", "es"],
    ["Para no recibir mas: STOP.", "es"],
    ["Si no quiere mensajes responda STOP.", "es"],
  ])("knows how texts are ended: %s", (words, language) => {
    const codes = told(`{practice}: {phone}. ${words}`, "help", language).map(([code]) => code);
    expect(codes).not.toContain("opt-out-missing");
  });

  it.each<[string, AlertKind, Language, boolean]>([
    ["{practice}: we got your text. Call {phone}.", "received", "en", true],
    ["{practice}: we got your text. Call {phone}. Do not call 911.", "received", "en", true],
    ["{practice}: we got your text. Call {phone}. 911 of us read it.", "received-closed", "en", true],
    ["{practice}: llego su mensaje. Tel. {phone}.", "received-closed", "es", true],
    ["{practice}: we got your text. Call {phone}. Emergency? Call 911.", "received", "en", false],
    ["{practice}: llego su mensaje. Tel. {phone}. Emergencia: 911.", "received-closed", "es", false],
    ["{practice}: llego su mensaje. Tel. {phone}. Si es grave llame al 911.", "received", "es", false],
  ])("tells where an answer does not name 911: %s", (text, use, language, missing) => {
    const codes = told(text, use, language).map(([code]) => code);
    expect(codes.includes("emergency-missing")).toBe(missing);
  });

  it.each<AlertKind>(["reminder", "reminder-several", "visit-booked", "visit-moved", "visit-cancelled"])(
    "tells where a %s does not say when the visit is",
    (use) => {
      const missing = (words: string) =>
        lintTemplate(`{practice}: your visit${words}. Call {phone}. Reply STOP to end`, options(use))
          .findings.filter(({ code }) => code === "slot-missing")
          .map(({ explanation }) => explanation.replace(/.+lacks /, ""));
      expect([missing(""), missing(" {date}"), missing(" {time}"), missing(" {date} {time}")]).toEqual([
        ["{date} and {time}."],
        ["{time}."],
        ["{date}."],
        [],
      ]);
    },
  );

  it("tells every finding at once, in order", () => {
    const text = "hi u, {mrn}: call 202-555-0199 ASAP!!";
    expect(told(text).map(([code]) => code)).toEqual(
      expect.arrayContaining([
        "practice-missing",
        "phone-missing",
        "opt-out-missing",
        "text-speak",
        "unknown-field",
        "phone-number",
        "urgency",
      ]),
    );
    const starts = lintTemplate(text, options("visit-booked")).findings.map(({ start }) => start);
    expect(starts).toEqual(starts.toSorted((one, other) => one - other));
  });

  it("tells of a name with which the words tell something", () => {
    const values = { ...VALUES.en, location: ["North Office", "Cancer Center"] };
    const text = "{practice}: your visit is {date}, {time}, at {location}. Call {phone}. STOP to end";
    const { findings, tier } = lintTemplate(text, { ...options("visit-booked"), values });

    expect(tier).toBe(3);
    expect(findings).toEqual([
      {
        code: "clinical-words",
        start: text.indexOf("{location}"),
        end: text.indexOf("{location}") + "{location}".length,
        explanation: expect.any(String),
        slots: { location: "Cancer Center" },
      },
    ]);
  });

  it("never quotes the text", () => {
    const { findings } = lintTemplate(
      "zebrafish colonoscopy {zebra_reason} u zebra.com zebra@zebra.example URGENT",
      options("visit-booked"),
    );
    expect(findings.length).toBeGreaterThan(6);
    expect(JSON.stringify(findings)).not.toMatch(/zebra|colonoscopy/);
  });
});

describe("reading level", () => {
  it.each<[string, Language, string]>([
    [
      "one long sentence",
      "en",
      "Administrative coordinators will subsequently communicate supplementary documentation requirements preceding your visit on {date}.",
    ],
    [
      "one long sentence in Spanish",
      "es",
      "Posteriormente el departamento administrativo comunicara documentacion complementaria obligatoria relacionada con procedimientos administrativos.",
    ],
  ])("beyond the eighth grade is told: %s", (_, language, sentence) => {
    const text = `{practice}: ${sentence} Call {phone}. Reply STOP to end`;
    const found = told(text, "help", language).filter(([code]) => code === "hard-to-read");
    expect(found).toHaveLength(1);
    expect(found[0]?.[1]).toContain(sentence.slice(0, 20));
  });

  it.each<[Language, string]>([
    ["en", "We moved your visit to a new day. If it does not suit you, ask us for another time by phone."],
    ["es", "Cambiamos su cita a otro dia y puede pedir otra hora si esta no le sirve."],
  ])("of plain words is not told (%s)", (language, sentence) => {
    const codes = told(`{practice}: ${sentence} Tel. {phone}. STOP`, "help", language).map(([code]) => code);
    expect(codes).not.toContain("hard-to-read");
  });
});

describe("length", () => {
  it("counts characters of the extension twice", () => {
    const words = (fill: string) =>
      `{practice}: your visit is {date} at {time}. ${fill} Call {phone}. Reply STOP to end`;
    const used = words("").length - "{practice}{date}{time}{phone}".length;
    const slots =
      "Riverside Office".length + "Wed, Sep 30".length + "12:00 AM GMT-11:45".length + "202-555-0143".length;
    const room = 160 - used - slots;
    const fit = `${"~".repeat(Math.floor(room / 2))}${"-".repeat(room % 2)}`;

    expect(told(words(fit)).map(([code]) => code)).not.toContain("too-long");
    expect(told(words(`${fit}-`)).map(([code]) => code)).toContain("too-long");
  });

  it("names the values with which it is too much, without link and code", () => {
    const text =
      "{practice}: we have something new for you at our office: {link} Call {phone}. Reply STOP to end";
    const [finding] = lintTemplate(text, options("message")).findings;

    expect(finding).toMatchObject({
      code: "too-long",
      slots: { practice: "Riverside Office", phone: "202-555-0143" },
    });
    expect(finding?.slots).not.toHaveProperty("link");
    expect(finding?.explanation).toContain("2 parts");
  });

  it("is what the caller allows", () => {
    const text =
      "{practice}: we have something new for you at our office: {link} Call {phone}. Reply STOP to end";
    expect(lintTemplate(text, { ...options("message"), partsMax: 2 }).findings).toEqual([]);
  });

  it("is judged with a name of usual length while none is approved", () => {
    const text =
      "{practice}: your visit with {provider} is {date} at {time}. Call {phone}. Reply STOP to end";
    const values = { ...VALUES.en, provider: [], location: [], pharmacy: [] };
    expect(lintTemplate(text, { ...options("visit-booked"), values }).findings).toEqual([]);
  });
});

describe("what is well said", () => {
  it.each<[string, AlertKind, Language]>([
    [
      "{practice}: your visit with {provider} is {date} at {time}. Reply C to confirm, 2 to change. Call {phone}. STOP to end",
      "reminder",
      "en",
    ],
    [
      "{practice}: see you {date} at {time} at {location}. To change it call {phone}. Reply STOP to end",
      "visit-booked",
      "en",
    ],
    [
      "{practice}: not {date} at {time}. Please call us at {phone} to book a visit. Reply STOP to end",
      "visit-cancelled",
      "en",
    ],
    ["{practice}: we moved to {location}. Map: {link} Call {phone}. STOP to end", "message", "en"],
    ["{practice}: Dr. Lee is away {date}. See: {link} Call {phone}. STOP to end", "message", "en"],
    [
      "{practice}: le esperamos el {date} a las {time}. Para cambiar llame al {phone}. STOP para salir",
      "visit-booked",
      "es",
    ],
    [
      "{practice}: su cita con {provider} es {date}, {time}. Responda C para confirmar. Tel. {phone}. STOP para salir",
      "reminder",
      "es",
    ],
    ["{practice}: we do not read texts at once. Emergency? Call 911. Office: {phone}.", "emergency", "en"],
    ["{practice}: nuevo horario de atencion. Vea: {link} Tel. {phone}. STOP para salir", "message", "es"],
  ])("has no finding: %s", (text, use, language) => {
    const values = { ...VALUES[language], time: ["10:30 AM", "12:30 PM ChST"] };
    expect(lintTemplate(text, { ...options(use, language), values }).findings).toEqual([]);
  });
});

describe("any text", () => {
  const FEW = { ...VALUES.en, date: ["Wed, Sep 30"], time: ["10:30 AM"] };
  const piece = fc.oneof(
    fc.constantFrom(
      ...SLOTS.map((slot) => `{${slot}}`),
      "{",
      "}",
      "[[x]]",
      "%name%",
      "STOP",
      "Reply C",
      " ",
      ". ",
      "https://",
      "bit.ly/a",
      "u",
      "URGENT",
      "\u0000",
      "\ud800",
      "á",
      "🙂",
      "@",
      "555-0143",
    ),
    fc.string({ maxLength: 12 }),
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.lorem({ maxCount: 4 }),
  );
  const anyText = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(""));
  const lint = (text: string) => lintTemplate(text, { ...options("message"), values: FEW });

  it("is judged without throwing, the same each time, with places inside the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const outcome = lint(text);

        expect(lint(text)).toEqual(outcome);
        for (const { start, end } of outcome.findings) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("of more than 2,000 characters is only too long", () => {
    const { findings, tier } = lint("a".repeat(2001));
    expect(findings.map(({ code }) => code)).toEqual(["too-long"]);
    expect(tier).toBe(3);
  });

  it.each([
    "a",
    ".",
    "a.",
    "!",
    "{",
    "{practice}",
    "[[",
    "1",
    "1 ",
    "one ",
    "@",
    "a@",
    "https://",
    "www.",
    "a-",
    "C'",
    "reply ",
    "\u0301",
    "(",
    "a a a a a a a. ",
    "¿",
    "please ",
    "%a",
    "<a ",
  ])("of 2,000 characters is judged in a moment: %j", (unit) => {
    const text = unit.repeat(Math.ceil(2000 / unit.length)).slice(0, 2000);
    const runs = [0, 1, 2].map(() => {
      const from = performance.now();
      lint(text);
      return performance.now() - from;
    });
    // Milliseconds of an idle machine: tens. What grows with the square of the length would take seconds.
    expect(Math.min(...runs)).toBeLessThan(1000);
  });
});
