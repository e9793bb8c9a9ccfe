import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { REPORT_FORMATS, renderReport } from "#shared/audit/reports/formats.ts";
import { type Edition, fingerprintOf, type Report, VERIFY_FIRST } from "#shared/audit/reports/report.ts";

const REPORT: Report = {
  name: "accesses",
  title: "A title",
  subject: { patientId: "pat_1" },
  period: { from: null, to: "2026-11-22T12:00:00.000Z" },
  columns: [
    { key: "at", title: "When", isTime: true },
    { key: "what", title: "What" },
    { key: "count", title: "Count" },
  ],
  rows: [
    { at: "2026-11-21T14:15:02.000Z", what: '<script>alert("x")</script>, "quoted"\r\nand more', count: -1 },
    { at: "2026-11-21T14:15:03.000Z", what: "=1+1 \u001b[2J\u202e", count: null },
  ],
  empty: "Nothing.",
  totals: { "entries looked at": 7 },
  notes: ["A note."],
  signOff: true,
};
const LIVE: Edition = { madeAt: "2026-11-22T12:00:01.000Z", derivedFrom: null, timeZone: "America/New_York" };
const EXPORTED: Edition = { ...LIVE, derivedFrom: "0123-abcd (until 2026-11-22T11:00:00.000Z)" };

describe("a report", () => {
  it.each(REPORT_FORMATS)(
    "as %s tells that an export is to be verified first, where it is made from one",
    (format) => {
      const told = format === "csv" ? "derivedFromUnverified" : VERIFY_FIRST;

      // What was escaped for a page reads the same.
      const plain = (edition: Edition) => renderReport(REPORT, edition, format);
      expect(plain(EXPORTED)).toContain(told);
      expect(plain(EXPORTED)).toContain("0123-abcd");
      expect(plain(LIVE)).not.toContain(told);
    },
  );

  it("as CSV quotes every cell, keeps spreadsheets from calculating, and leaves numbers alone", () => {
    expect(renderReport(REPORT, LIVE, "csv")).toBe(
      [
        "at,what,count",
        '"2026-11-21T14:15:02.000Z","<script>alert(""x"")</script>, ""quoted""\r\nand more","-1"',
        '"2026-11-21T14:15:03.000Z","\'=1+1 \u001b[2J\u202e",""',
        "",
      ].join("\r\n"),
    );
  });

  it("as a page escapes everything, loads nothing, and has a place to sign", () => {
    const page = renderReport(REPORT, LIVE, "html").replaceAll(/<\/?span[^>]*>/gu, "");

    expect(page).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
    expect(page).not.toContain("<script");
    expect(page).not.toMatch(/(?:src|href)=|url\(|@import/u);
    expect(page).toContain("2026-11-21 09:15:02 UTC-5");
    expect(page).toContain("Signature");
    expect(page).toContain("and more");
    expect(renderReport({ ...REPORT, signOff: false }, LIVE, "html")).not.toContain("Signature");
    expect(renderReport({ ...REPORT, rows: [] }, LIVE, "html")).toContain("Nothing.");
  });

  it("as a page has what only leads further in one column, and breaks no word that is short", () => {
    const columns = REPORT.columns.map((column) =>
      column.key === "count" ? { ...column, isReference: true } : column,
    );
    const rows = [{ at: null, what: `some quite ordinary words ${"x".repeat(30)}`, count: 7 }];

    const page = renderReport({ ...REPORT, columns, rows }, LIVE, "html");

    expect(page).toContain('<td class="references" data-title="References"><div>Count: 7</div></td>');
    expect(page).toContain(`some quite ordinary words <span class="long">${"x".repeat(30)}</span>`);
  });

  it.each(REPORT_FORMATS)("as %s says first what must be known, but for a table of cells", (format) => {
    const told = renderReport({ ...REPORT, remarks: ["Beware & read."] }, LIVE, format);

    const words = format === "html" ? "Beware &amp; read." : "Beware & read.";
    expect(told.includes(words)).toBe(format !== "csv");
    expect(told.indexOf(words)).toBeLessThan(Math.max(0, told.indexOf("A note.")));
  });

  it("names the head beside every cell, for a screen too narrow for a table", () => {
    const page = renderReport(REPORT, LIVE, "html");

    expect(page.match(/<td[^>]* data-title="(?:When|What|Count)"/gu)).toHaveLength(6);
    expect(page).not.toMatch(/<td(?![^>]*data-title)/u);
  });

  it.each([
    ["UTC", "2026-11-21 14:15:02 UTC"],
    ["Europe/London", "2026-11-21 14:15:02 UTC"],
    ["Asia/Kolkata", "2026-11-21 19:45:02 UTC+5:30"],
  ])("names the zone of its times in %s, in text too", (timeZone, shown) => {
    const text = renderReport(REPORT, { ...LIVE, timeZone }, "text");

    expect(text).toContain(`When: ${shown}\n`);
    expect(text).toContain(`times are shown for: ${timeZone}`);
  });

  it("as text obeys no control character", () => {
    const text = renderReport(REPORT, LIVE, "text");

    expect(text).not.toMatch(/[\u001b\u202e\r]/u);
    expect(text).toContain("=1+1 �[2J�");
    expect(text).toContain("entries looked at: 7");
  });

  it("as JSON holds rows, notes and the fingerprint of what it says", () => {
    const json = JSON.parse(renderReport(REPORT, LIVE, "json")) as Record<string, unknown>;

    expect(json).toMatchObject({ format: "foundphone-report-1", report: "accesses", items: REPORT.rows });
    expect(json["sha256"]).toBe(fingerprintOf(REPORT));
  });

  it("has one fingerprint, whoever makes it when, and another for other rows", () => {
    const said =
      '{"period":{"from":null,"to":"2026-11-22T12:00:00.000Z"},"report":"accesses","rows":[],"subject":{"patientId":"pat_1"}}';

    expect(fingerprintOf({ ...REPORT, rows: [] })).toBe(createHash("sha256").update(said).digest("hex"));
    expect(fingerprintOf({ ...REPORT, notes: [] })).toBe(fingerprintOf(REPORT));
    expect(fingerprintOf({ ...REPORT, rows: REPORT.rows.slice(1) })).not.toBe(fingerprintOf(REPORT));
    for (const format of ["text", "html"] as const) {
      expect(renderReport(REPORT, EXPORTED, format)).toContain(fingerprintOf(REPORT));
    }
  });
});
