import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { formOf, takeOut } from "#infra/audit/verify/own-form.ts";
import { isShownDate, isShownTime } from "#infra/audit/verify/shown-values.ts";
import type { AuditEntry } from "#shared/audit/journal.ts";
import type { TemplatePart } from "#shared/domain/alerts/templates.ts";
import { relinked, SampleFolder } from "./sample-folder.ts";

type Details = Readonly<Record<string, unknown>>;
type Slots = Readonly<Record<string, string>>;

const OWN = /^tpl_/u;
const HOURS = 12;
/** What shows that a chain was rewritten which anchors had covered. */
const REWRITTEN: ReadonlySet<string> = new Set([
  "anchored-entry-changed",
  "anchored-entry-missing",
  "unanchored-too-long",
]);

let sample: SampleFolder;
let folder: SampleFolder;
beforeAll(async () => {
  sample = await SampleFolder.make({ entries: 3000, files: 3, hours: HOURS, seed: 11 });
});
afterAll(() => sample.remove());
afterEach(() => folder.remove());

const isOwn = ({ details }: AuditEntry) => OWN.test(String(details?.["template"]));
const slotsOf = (details: Details) => details["slots"] as Slots;

/** Changes a claim of a chain that no anchor covers yet, so that every hash can be made to fit. */
function rewriteClaim(
  which: (entry: AuditEntry) => boolean,
  change: (details: Details, entry: AuditEntry) => { readonly details: object } & Partial<AuditEntry>,
) {
  const fresh = folder.lines.filter(
    ({ pk, sk, text }) => pk.startsWith("pat_") && sk === "000000000001" && text.includes('"2026-01-05T12:'),
  );
  for (const { pk } of fresh) {
    const found = folder.chain(pk);
    const at = found.findIndex((entry) => entry.action === "alert.claimed" && which(entry));
    if (at < 0) continue;
    const made = found.map((each, index) =>
      index === at ? ({ ...each, ...change(each.details ?? {}, each) } as AuditEntry) : each,
    );
    folder.replaceChain(pk, relinked(made));
    return { chain: pk, sequence: at + 1 };
  }
  throw new Error("The sample has no such claim.");
}

/** Gives a slot another value, in the slots and in the text. */
const refill = (slot: string, value: string) => (details: Details) => {
  const slots = slotsOf(details);
  const text = String(details["text"]).replace(slots[slot] ?? "?", value);
  return { details: { ...details, slots: { ...slots, [slot]: value }, text } };
};

/** Changes the chain that tells of approvals, and the anchors with it: none is left. */
function rewriteApprovals(change: (entries: readonly AuditEntry[]) => readonly AuditEntry[]) {
  const chain = folder.lines.find(({ text }) => text.includes('"template.approved"'))?.pk ?? "";
  folder.replaceChain(chain, relinked(change(folder.chain(chain))));
}

/** Findings of other kinds than those that follow from rewriting what was anchored. */
async function found() {
  const { told } = await folder.verify();
  return told.findings
    .filter(({ kind }) => !REWRITTEN.has(kind))
    .map(({ kind, says, chain, sequence }) => ({ kind, says, chain, sequence }));
}

describe("texts of the practice's own", () => {
  it("are proved where their approvals stand in the same export", async () => {
    folder = sample.copy();
    const claims = folder.lines.filter(
      ({ text }) => text.includes('"tpl_') && text.includes("alert.claimed"),
    );

    const { status, counts } = await folder.verify();

    expect([status, counts]).toEqual([0, {}]);
    expect(claims.length).toBeGreaterThan(20);
  });

  it.each([
    [
      "of a version that nobody approved",
      (details: Details) => ({
        details: { ...details, template: `${String(details["template"]).split("@")[0]}@2` },
      }),
      "template-unapproved",
    ],
    [
      "of no template of the practice",
      (details: Details) => ({ details: { ...details, template: "tpl_none@1" } }),
      "template-unapproved",
    ],
    [
      "for another use than approved",
      (details: Details) => ({ details: { ...details, kind: "nudge" } }),
      "template-unapproved",
    ],
    [
      "with a word more",
      (details: Details) => ({ details: { ...details, text: `${String(details["text"])} now` } }),
      "text-differs",
    ],
    [
      "with other words",
      (details: Details) => ({
        details: { ...details, text: String(details["text"]).replace(/visit|cita/u, "test") },
      }),
      "text-differs",
    ],
    [
      "with a slot more",
      (details: Details) => ({ details: { ...details, slots: { ...slotsOf(details), code: "******" } } }),
      "text-differs",
    ],
    [
      "with a day in the other language",
      (details: Details, { details: own }: AuditEntry) =>
        refill("date", own?.["language"] === "en" ? "mar 1 dic" : "Tue, Dec 1")(details),
      "value-unknown",
    ],
    ["at no hour of any clock", refill("time", "13:30 PM"), "value-unknown"],
    ["with letters of no zone", refill("time", "9:30 AM XYZ"), "value-unknown"],
    ["with words in the place of a time", refill("time", "soon"), "value-unknown"],
    ["that name a place without approval", refill("location", "Oak Street"), "name-unapproved"],
    ["with an empty name", refill("location", ""), "text-differs"],
  ] as const)("are found %s", async (_what, change, kind) => {
    folder = sample.copy();
    const place = rewriteClaim(isOwn, change);

    expect(await found()).toEqual([expect.objectContaining({ kind, ...place })]);
  });

  it.each([
    ["the template", "template.approved", ["template-unapproved"]],
    ["the name", "directory.approved", ["name-unapproved"]],
  ])("are found that were claimed before %s was approved", async (_what, action, kinds) => {
    folder = sample.copy();
    rewriteApprovals((entries) =>
      entries.map((entry) =>
        entry.action === action ? { ...entry, at: "2026-01-05T01:00:00.000Z" } : entry,
      ),
    );

    const told = await found();

    expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(kinds));
    expect(told.every(({ says }) => says.includes("before"))).toBe(true);
  });

  it.each([
    [
      "the template was withdrawn",
      "template.withdrawn",
      ({ templateId }: Details) => ({ templateId, version: 1 }),
      "template-unapproved",
    ],
    [
      "another version took its place",
      "template.approved",
      (details: Details) => ({ ...details, version: 2 }),
      "template-unapproved",
    ],
  ])("are found that were claimed after %s", async (_what, action, detailsOf, kind) => {
    folder = sample.copy();
    rewriteApprovals((entries) => [...entries, laterEntry(entries, "template.approved", action, detailsOf)]);

    const told = await found();

    expect(new Set(told.map((each) => each.kind))).toEqual(new Set([kind]));
    expect(told.every(({ says }) => says.includes("replaced or withdrawn"))).toBe(true);
  });

  it.each([
    ["removed from the directory", "directory.changed", ({ entries }: Details) => ({ removed: entries }), 1],
    ["taken back", "directory.withdrawn", ({ entries }: Details) => ({ removed: entries }), 1],
    ["replaced by another", "directory.approved", renamed, 1],
    ["approved again", "directory.approved", (details: Details) => details, 0],
  ] as const)("are found that carry a name that had been %s", async (_what, action, detailsOf, count) => {
    folder = sample.copy();
    rewriteApprovals((entries) => [...entries, laterEntry(entries, "directory.approved", action, detailsOf)]);

    const told = await found();

    expect(told.map(({ kind }) => kind)).toEqual(Array.from({ length: count }, () => "name-unapproved"));
  });

  it("follow from an approval that was changed", async () => {
    folder = sample.copy();
    folder.rewrite((lines) =>
      lines.map((line) =>
        line.text.includes('"template.approved"')
          ? { ...line, text: line.text.replace('"compliance"', '"admin"') }
          : line,
      ),
    );

    const { told } = await folder.verify();

    expect(told.counts).toMatchObject({ "entry-changed": 1 });
    expect(told.findings.filter(({ follows }) => follows !== true).map(({ kind }) => kind)).toEqual([
      "entry-changed",
    ]);
    expect(told.following).toHaveProperty("template-unapproved");
  });

  it("are named where an approval does not tell what was approved", async () => {
    folder = sample.copy();
    rewriteApprovals((entries) =>
      entries.map((entry) =>
        entry.action === "template.approved"
          ? ({ ...entry, details: { templateId: "tpl_x" } } as AuditEntry)
          : entry,
      ),
    );

    const kinds = new Set((await found()).map(({ kind }) => kind));

    expect(kinds).toEqual(new Set(["item-unknown", "template-unapproved"]));
  });

  it("are judged once where only day and time differ, and each text that tells something is named", async () => {
    folder = sample.copy();
    const { told } = await folder.verify();
    const place = rewriteClaim(isOwn, refill("location", "HIV Clinic"));
    rewriteApprovals((entries) =>
      entries.map((entry) =>
        entry.action === "directory.approved"
          ? ({
              ...entry,
              details: withEntry(entry.details ?? {}, { id: "loc_2", textName: "HIV Clinic" }),
            } as AuditEntry)
          : entry,
      ),
    );

    const telling = await found();

    expect(told.texts.distinct).toBeLessThan(40);
    expect(telling).toEqual([expect.objectContaining({ kind: "text-tells", ...place })]);
  });
});

function renamed({ entries }: Details) {
  return {
    entries: (entries as readonly Details[]).map((entry) => ({
      ...entry,
      textName: "Pine Street",
      version: 2,
    })),
  };
}

function withEntry(details: Details, entry: Details) {
  const entries = details["entries"] as readonly Details[];
  return { ...details, entries: [...entries, { ...entries[0], ...entry }] };
}

/** An entry of `action` in the sample's second hour, made from one that is there. */
function laterEntry(
  entries: readonly AuditEntry[],
  from: string,
  action: string,
  detailsOf: (details: Details) => object,
): AuditEntry {
  const model = entries.find((entry) => entry.action === from);
  if (model === undefined) throw new Error("The sample has no such approval.");
  return {
    ...model,
    id: `${model.id}X`,
    action,
    sequence: entries.length + 1,
    at: "2026-01-05T01:00:00.000Z",
    details: detailsOf(model.details ?? {}),
  } as AuditEntry;
}

describe("the form of a text", () => {
  const parts: readonly TemplatePart[] = [
    { slot: "practice" },
    ": visit at ",
    { slot: "location" },
    ", ",
    { slot: "time" },
    ". Call ",
    { slot: "phone" },
  ];
  const fill = (slots: Slots) =>
    parts.map((part) => (typeof part === "string" ? part : (slots[part.slot] ?? ""))).join("");
  const base = { practice: "Elm Office", phone: "202-555-0143", location: "Main Street", time: "9:30 AM" };

  it.each([
    ["values that stand once", {}],
    ["a name that is the practice's too", { location: "Elm Office" }],
    ["a name within another", { location: "Elm" }],
    ["a name that the template's own words hold", { location: "visit" }],
    ["a name that is a slot's", { location: "time", practice: "location" }],
    ["values that overlap where they meet", { location: "a, 9", time: "9:30 AM" }],
  ])("is its template's with %s", (_what, change) => {
    const slots = { ...base, ...change };
    const taken = takeOut(fill(slots), slots);

    expect(taken).toBeDefined();
    expect(formOf(parts, taken?.kept ?? {})).toBe(taken?.form);
  });

  it.each([
    ["other words", fill(base).replace("visit", "test")],
    ["values that changed places", fill({ ...base, location: "9:30 AM", time: "Main Street" })],
    ["a value twice", `${fill(base)} Main Street`],
  ])("is another one with %s", (_what, text) => {
    const taken = takeOut(text, base);

    expect(formOf(parts, taken?.kept ?? {})).not.toBe(taken?.form);
  });

  it("is none where a value stands nowhere, or there is none", () => {
    expect(takeOut("Elm Office: visit", base)).toBeUndefined();
    expect(takeOut(fill(base), { ...base, location: "" })).toBeUndefined();
  });
});

describe("days and times", () => {
  it.each([
    ["Tue, Dec 1", "en", true],
    ["Fri, Feb 29", "en", true],
    ["Fri, Feb 30", "en", false],
    ["Tue, Dec 01", "en", false],
    ["mar 1 dic", "es", true],
    ["mar 1 dic", "en", false],
  ] as const)("%s is a day in %s: %s", (value, language, expected) => {
    expect(isShownDate(value, language)).toBe(expected);
  });

  it.each([
    ["12:00 AM", true],
    ["11:59 PM", true],
    ["9:30 AM AKST", true],
    ["9:30 AM ChST", true],
    ["9:30 AM GMT+5:30", true],
    ["9:30 AM GMT+5:31", false],
    ["9:30 AM  EST", false],
    ["0:30 AM", false],
    ["09:30 AM", false],
    ["9:60 AM", false],
    ["9:30", false],
  ])("%s is a time: %s", (value, expected) => {
    expect(isShownTime(value, "en")).toBe(expected);
  });
});
