import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CATEGORIES } from "#shared/domain/classification/categories.ts";
import { CLASSIFIER_VERSION, classify, type Direction } from "#shared/domain/classification/classify.ts";

const directions: Direction[] = ["outbound", "inbound"];

function tierOf(text: string, direction: Direction = "outbound"): number {
  return classify(text, { direction }).tier;
}

describe("the cases that the product is named for", () => {
  it.each(directions)("calls a result with a new medicine clinical (%s)", (direction) => {
    const text = "Your A1C came back at 8.2, start metformin 500 mg twice daily";
    const { tier, reasons, confidence } = classify(text, { direction });
    expect(tier).toBe(3);
    expect(confidence).toBeGreaterThanOrEqual(0.95);
    const named = reasons.map(({ category, start, end }) => `${category}: ${text.slice(start, end)}`);
    expect(named).toContain("medication: metformin");
    expect(named).toContain("medication: 500 mg");
  });

  it.each([
    "Your lab results are ready, log in to view them",
    "You have a new message from your care team. Sign in to the portal to read it.",
    "A new document is available in your portal.",
    "Sus resultados ya están listos, inicie sesión para verlos.",
    "Tiene un mensaje nuevo en el portal.",
  ])("calls a notice tier 2: %s", (text) => {
    expect(tierOf(text)).toBe(2);
  });

  it.each([
    "Reminder: appointment with Dr. Patel on Tuesday, May 4 at 3:15 PM. Reply C to confirm.",
    "Your appointment tomorrow at 10:30 with Dr. Lee is confirmed.",
    "We moved to 400 Oak Street, second floor. Parking is free behind the building.",
    "Your balance is $45.00. Pay online or at the front desk.",
    "Please bring your insurance card and a photo ID.",
    "Your prescription is ready for pickup at Walgreens on Main Street.",
    "YES",
    "running late, be there in 10",
    "STOP",
    "Recordatorio: su cita es el lunes a las 10:15 con la Dra. Ruiz. Responda SI para confirmar.",
    "Estamos cerrados el lunes por el día festivo.",
  ])("calls an administrative text tier 1: %s", (text) => {
    expect(classify(text, { direction: "outbound" })).toMatchObject({ tier: 1, reasons: [] });
  });

  it.each([
    "Your test results are normal",
    "Your colonoscopy is Thursday at 8",
    "Your mammogram is due",
    "Fast 12 hours before your blood draw",
    "You are due for your second shingles shot",
    "Balance for your MRI: $120",
    "See you at Hope Oncology Associates on Friday",
    "Downtown HIV Clinic: your visit is at 3",
    "Serenity Recovery Center is expecting you at 9",
    "Valley Fertility: please arrive 10 minutes early",
    "Your appointment with your therapist is at 4",
    "My stomach hurts and I threw up twice",
    "Refill of lisinopril is ready",
    "Dx: F32.1, E11.9",
    "Me duele mucho la cabeza desde ayer",
    "Su prueba de embarazo salió positiva",
    "Tome una tableta cada 8 horas",
    "118/76 this morning",
  ])("calls what tells something tier 3: %s", (text) => {
    expect(tierOf(text)).toBe(3);
    expect(tierOf(text, "inbound")).toBe(3);
  });
});

describe("what cannot be read is clinical", () => {
  it.each([
    ["half characters", "see you \ud800 at 3", "broken-characters"],
    ["reordering characters", "see you \u202e at 3", "unsafe-characters"],
    ["control characters", "see you \u0000 at 3", "unsafe-characters"],
    ["more than 20,000 characters", "see you at 3. ".repeat(1500), "too-long"],
    ["another script", "напоминаем вам о приёме завтра утром", "other-letters"],
    ["another language", "vi minner om timen din hos legen neste uke klokken ti", "unknown-words"],
  ])("%s", (_name, text, rule) => {
    const { tier, reasons } = classify(text, { direction: "outbound" });
    expect(tier).toBe(3);
    expect(reasons.map((reason) => reason.rule)).toContain(rule);
    expect(reasons[0]?.end).toBeGreaterThan(0);
  });
});

describe("properties", () => {
  const anyText = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.array(fc.nat(0xffff), { maxLength: 200 }).map((units) => String.fromCharCode(...units)),
    fc
      .array(
        fc.constantFrom(
          "c",
          "a",
          "n",
          "1",
          " ",
          ".",
          "\u200b",
          "а",
          "metformin",
          "hiv",
          "\u0301",
          "👩‍⚕️",
          "5 mg",
          "\n",
        ),
        { maxLength: 80 },
      )
      .map((parts) => parts.join("")),
  );

  it("answers any sequence of UTF-16 units, with reasons that lie inside it", () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...directions), (text, direction) => {
        const { tier, confidence, reasons } = classify(text, { direction });
        expect([1, 2, 3]).toContain(tier);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(reasons.length > 0).toBe(tier > 1);
        for (const { start, end, category } of reasons) {
          expect(Number.isInteger(start) && Number.isInteger(end)).toBe(true);
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(CATEGORIES).toContain(category);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it("gives the same answer twice", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(classify(text, { direction: "outbound" })).toEqual(classify(text, { direction: "outbound" }));
      }),
      { numRuns: 200 },
    );
  });

  it("never quotes the text in an explanation", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{12,16}$/), (word) => {
        const { reasons } = classify(`${word} metformin ${word}`, { direction: "outbound" });
        for (const { explanation } of reasons)
          expect(explanation).not.toMatch(new RegExp(`${word}|metformin`));
      }),
      { numRuns: 50 },
    );
  });

  const strongWords = [
    "cancer",
    "metformin",
    "chlamydia",
    "depression",
    "oncology",
    "suboxone",
    "pregnancy",
    "biopsy",
    "insulin",
    "schizophrenia",
    "embarazada",
    "quimioterapia",
    "sobredosis",
    "colonoscopy",
    "methadone",
    "diabetes",
  ];
  const carriers = ["", "See you Tuesday at 3 about ", "Hola, le recordamos lo de ", "Reminder: "];
  const lookAlikes: Record<string, string> = {
    a: "а",
    c: "с",
    e: "е",
    i: "і",
    o: "о",
    p: "р",
    s: "ѕ",
    x: "х",
    y: "у",
  };
  const leet: Record<string, string> = { a: "4", e: "3", i: "1", o: "0", s: "5", t: "7" };
  const each = (word: string, picks: readonly number[], change: (letter: string) => string): string =>
    [...word].map((letter, index) => (picks[index % picks.length] === 1 ? change(letter) : letter)).join("");
  const disguises: Record<string, (word: string, picks: readonly number[]) => string> = {
    case: (word, picks) => each(word, picks, (letter) => letter.toUpperCase()),
    "zero-width characters": (word, picks) => each(word, picks, (letter) => `${letter}\u200b`),
    "soft hyphens": (word, picks) => each(word, picks, (letter) => `${letter}\u00ad`),
    "look-alike letters": (word, picks) => each(word, picks, (letter) => lookAlikes[letter] ?? letter),
    "full-width letters": (word, picks) =>
      each(word, picks, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)),
    accents: (word, picks) => each(word, picks, (letter) => `${letter}\u0301`),
    "letter spacing": (word) => [...word].join(" "),
    "dots between letters": (word) => [...word].join("."),
    "hyphens between letters": (word) => [...word].join("-"),
    "digits for letters": (word, picks) => {
      const changed = each(word, picks, (letter) => leet[letter] ?? letter);
      // With most letters replaced nobody could read it either.
      return (changed.match(/[a-z]/g)?.length ?? 0) * 2 > changed.length ? changed : word;
    },
    "repeated letters": (word) => `${word}${word.at(-1) ?? ""}${word.at(-1) ?? ""}`,
  };
  it.each(Object.keys(disguises))("finds strong words under %s", (name) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...strongWords),
        fc.constantFrom(...carriers),
        fc.array(fc.nat(1), { minLength: 3, maxLength: 12 }),
        (word, carrier, picks) => {
          const text = `${carrier}${disguises[name]?.(word, picks) ?? ""}`;
          expect(tierOf(text), text).toBe(3);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("a harmless neighbour never lowers what lexicon, phrases or rules found", () => {
    const harmless = [
      "See you Monday at 10.",
      "Thank you!",
      "Parking is free.",
      "Gracias, hasta el lunes.",
      "Reply YES to confirm.",
      "Our office moved to 5 Oak Street.",
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...strongWords),
        fc.array(fc.constantFrom(...harmless), { maxLength: 30 }),
        fc.nat(30),
        (word, neighbours, at) => {
          const sentences = [...neighbours];
          sentences.splice(at % (neighbours.length + 1), 0, `About the ${word}.`);
          expect(tierOf(sentences.join(" "))).toBe(3);
        },
      ),
      { numRuns: 200 },
    );
  });
});

it("is not misled by the random part of a portal link, nor by a word put in its place", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 33, maxLength: 33 }), (bytes) => {
      const token = Buffer.from(bytes).toString("base64url");
      fc.pre(
        /\d/.test(token) &&
          /(?:[A-Z][^A-Z]*){6}/.test(token) &&
          /(?:[a-z][^a-z]*){6}/.test(token) &&
          !/[A-Za-z][a-z]{7}/.test(token),
      );
      expect(
        tierOf(`Cedar Family Practice: you have a new message. Open: https://portal.example/m/${token}`),
      ).toBe(2);
    }),
    { numRuns: 500 },
  );
  expect(tierOf(`Open https://portal.example/m/${"metformin-500-".repeat(4).slice(0, 44)}`)).toBe(3);
});

it("names its data in its version", () => {
  expect(CLASSIFIER_VERSION).toMatch(/^foundphone-\d+(?:-[0-9a-f]{8}){3}$/);
});

it("reads 20,000 characters in time that grows with their number, not with its square", () => {
  const pieces = [
    "a ",
    "cancer. ",
    "q.w.e.r.t.",
    "aaaaaaaaaa ",
    "her results are her results are ",
    "unos análisis salieron bien. ",
    "1/2 120/80 ",
    "\u200b\u00ad",
  ];
  const texts = pieces.map((piece) => piece.repeat(20_000 / piece.length));
  for (const text of texts) classify(text, { direction: "inbound" });
  for (const text of texts) {
    const times = [0, 1, 2].map(() => {
      const start = performance.now();
      classify(text, { direction: "inbound" });
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(500);
  }
});
