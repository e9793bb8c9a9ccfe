import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBirthDate } from "#shared/portal/birth-date.ts";

describe("a date of birth", () => {
  it.each([
    "1946-04-12",
    "04/12/1946",
    "4-12-1946",
    "4.12.1946",
    "04 12 1946",
    "04121946",
    "19460412",
    "April 12 1946",
    "apr. 12th, 1946",
    "12 April 1946",
    "12-Apr-1946",
    "12Apr1946",
    "1946 April 12",
    "12 de abril de 1946",
    "12 de ABRIL del 1946",
    "el 12 abr 1946",
    "the 12th of April, 1946",
  ])("is read from %s", (text) => {
    expect(parseBirthDate(text)).toBe("1946-04-12");
  });

  it.each([
    ["1º de enero de 1950", "1950-01-01"],
    ["1.º de enero de 1950", "1950-01-01"],
    ["12 de setiembre de 1946", "1946-09-12"],
    ["Sept 12, 1946", "1946-09-12"],
    ["31/12/1950", "1950-12-31"],
    ["Feb 29 1948", "1948-02-29"],
  ])("is read from %s", (text, date) => {
    expect(parseBirthDate(text)).toBe(date);
  });

  it.each(["4/12/46", "April 12 46", "12 de abril de 46"])(
    "is none with a year of two digits: %s",
    (text) => {
      expect(parseBirthDate(text)).toBeUndefined();
    },
  );

  it.each([
    "",
    "April 1946",
    "Ap 12 1946",
    "April April 12 1946",
    "April 12 13 1946",
    "Foo 12 1946",
    "constructor 12 1946",
    "Feb 29 1947",
    "April 31 1946",
    "12 1946",
    `April 12 1946${" ".repeat(60)}`,
  ])("is none in %j", (text) => {
    expect(parseBirthDate(text)).toBeUndefined();
  });

  it("is a date or none, whatever is typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(parseBirthDate(text) ?? "1946-04-12").toMatch(/^\d{4}-\d{2}-\d{2}$/);
      }),
    );
  });

  it("is the same by number and by name of the month, in both languages", () => {
    const anyDate = fc.date({
      min: new Date("1900-01-01T00:00:00.000Z"),
      max: new Date("2026-01-01T00:00:00.000Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(anyDate, fc.constantFrom("en-US", "es-US", "es-MX"), (date, locale) => {
        const said = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(date);

        expect(parseBirthDate(said)).toBe(date.toISOString().slice(0, 10));
      }),
    );
  });
});
