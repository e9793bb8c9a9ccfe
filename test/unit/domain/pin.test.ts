import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { datesIn, pinProblem } from "#shared/domain/pin.ts";

describe("a PIN", () => {
  it.each(["482915", "7391042", "90217364", "112358", "135791"])("may be %s", (pin) => {
    expect(pinProblem(pin)).toBeUndefined();
  });

  it.each(["", "12345", "123456789", "48291a", "٤٨٢٩١٥", " 482915", "482 915"])(
    "has not the form of %j",
    (pin) => {
      expect(pinProblem(pin)).toBe("length");
    },
  );

  it.each([
    ["one digit over and over", "777777"],
    ["two digits", "122112"],
    ["a run up", "345678"],
    ["a run down", "98765432"],
    ["a run over the end", "890123"],
    ["a run down over the end", "210987"],
    ["a block of three twice", "482482"],
    ["a block of three with its beginning again", "4824824"],
    ["a block of four twice", "19841984"],
  ])("is too simple as %s", (_what, pin) => {
    expect(pinProblem(pin)).toBe("simple");
  });
});

describe("the dates in digits", () => {
  it.each([
    ["19800412", "1980-04-12"],
    ["19801204", "1980-04-12"],
    ["04121980", "1980-04-12"],
    ["12041980", "1980-04-12"],
    ["4121980", "1980-04-12"],
    ["1241980", "1980-04-12"],
    ["1980412", "1980-04-12"],
    ["800412", "1980-04-12"],
    ["041280", "1980-04-12"],
    ["120480", "1980-04-12"],
    ["451980", "1980-04-05"],
    ["010203", "2003-01-02"],
  ])("%s may be written for %s", (digits, date) => {
    expect(datesIn(digits)).toContain(date);
  });

  it("are calendar dates, and few", () => {
    expect(datesIn("999999")).toEqual([]);
    expect(datesIn("19800230")).not.toContain("1980-02-30");
    fc.assert(
      fc.property(fc.stringMatching(/^\d{6,8}$/), (digits) => {
        const dates = datesIn(digits);
        expect(dates.length).toBeLessThanOrEqual(16);
        for (const date of dates) expect(new Date(date).toISOString().slice(0, 10)).toBe(date);
      }),
    );
  });
});
