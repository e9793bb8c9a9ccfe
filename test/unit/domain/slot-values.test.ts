import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countParts } from "#shared/domain/alerts/gsm7.ts";
import { everyClock, everyDate, everyTime, shownDate, shownTime } from "#shared/domain/alerts/slot-values.ts";
import { LANGUAGES } from "#shared/domain/words.ts";

const WINTER = "2026-01-15T20:30:00Z";
const SUMMER = "2026-07-15T20:30:00Z";
/** A zone that shows another clock than any of the US at any moment. */
const ELSEWHERE = "Asia/Kathmandu";

const ZONES = Intl.supportedValuesOf("timeZone");
const moment = fc.date({
  min: new Date("2000-01-01T00:00:00Z"),
  max: new Date("2099-12-31T23:59:59Z"),
  noInvalidDate: true,
});

describe("a day", () => {
  it.each([
    ["2026-12-01T15:00:00Z", "America/New_York", "Tue, Dec 1", "mar 1 dic"],
    ["2026-12-01T04:59:59Z", "America/New_York", "Mon, Nov 30", "lun 30 nov"],
    ["2026-12-01T04:59:59Z", "Pacific/Guam", "Tue, Dec 1", "mar 1 dic"],
    ["2028-02-29T12:00:00Z", "America/Chicago", "Tue, Feb 29", "mar 29 feb"],
    ["2026-09-30T12:00:00Z", "America/Chicago", "Wed, Sep 30", "mie 30 sep"],
    ["2026-01-01T09:59:59Z", "Pacific/Honolulu", "Wed, Dec 31", "mie 31 dic"],
  ])("at %s in %s is %s, %s", (at, zone, english, spanish) => {
    expect(shownDate(new Date(at), zone, "en")).toBe(english);
    expect(shownDate(new Date(at), zone, "es")).toBe(spanish);
  });
});

describe("a time", () => {
  it.each([
    ["2026-12-01T05:00:00Z", "12:00 AM"],
    ["2026-12-01T17:00:00Z", "12:00 PM"],
    ["2026-12-01T14:05:59Z", "9:05 AM"],
    ["2026-12-02T04:59:00Z", "11:59 PM"],
  ])("at %s in New York is %s", (at, shown) => {
    for (const language of LANGUAGES) {
      expect(shownTime(new Date(at), "America/New_York", language, null)).toBe(shown);
      expect(shownTime(new Date(at), "America/New_York", language, "America/Detroit")).toBe(shown);
    }
  });

  it.each([
    ["America/New_York", "EST", "EDT"],
    ["America/Indiana/Vevay", "EST", "EDT"],
    ["America/Chicago", "CST", "CDT"],
    ["America/Denver", "MST", "MDT"],
    ["America/Phoenix", "MST", "MST"],
    ["America/Los_Angeles", "PST", "PDT"],
    ["America/Anchorage", "AKST", "AKDT"],
    ["America/Adak", "HST", "HDT"],
    ["Pacific/Honolulu", "HST", "HST"],
    ["America/Puerto_Rico", "Atlantic", "Atlantic"],
    ["America/St_Thomas", "Atlantic", "Atlantic"],
    ["Pacific/Pago_Pago", "SST", "SST"],
    ["Pacific/Guam", "ChST", "ChST"],
    ["Pacific/Saipan", "ChST", "ChST"],
    ["US/Pacific", "PST", "PDT"],
    ["Europe/Berlin", "GMT+1", "GMT+2"],
    ["Europe/London", "GMT", "GMT+1"],
    ["Asia/Kolkata", "GMT+5:30", "GMT+5:30"],
    ["America/St_Johns", "GMT-3:30", "GMT-2:30"],
    ["America/Toronto", "GMT-5", "GMT-4"],
  ])("in %s has the letters %s, in summer %s, for who lives elsewhere", (zone, winter, summer) => {
    expect(shownTime(new Date(WINTER), zone, "en", ELSEWHERE)).toMatch(
      new RegExp(` [AP]M ${winter.replace("+", "\\+")}$`),
    );
    expect(shownTime(new Date(SUMMER), zone, "es", ELSEWHERE)).toMatch(
      new RegExp(` [AP]M ${summer.replace("+", "\\+")}$`),
    );
  });

  it("has letters only while the two clocks differ: Arizona keeps standard time", () => {
    const winter = new Date(WINTER);
    const summer = new Date(SUMMER);
    expect(shownTime(winter, "America/Phoenix", "en", "America/Denver")).toBe("1:30 PM");
    expect(shownTime(summer, "America/Phoenix", "en", "America/Denver")).toBe("1:30 PM MST");
    expect(shownTime(winter, "America/Phoenix", "en", "America/Los_Angeles")).toBe("1:30 PM MST");
    expect(shownTime(summer, "America/Phoenix", "en", "America/Los_Angeles")).toBe("1:30 PM");
  });

  it("tells the two same hours of the night on which clocks go back apart for who lives elsewhere", () => {
    const first = new Date("2026-11-01T05:30:00Z");
    const second = new Date("2026-11-01T06:30:00Z");
    expect(shownTime(first, "America/New_York", "en", "America/Phoenix")).toBe("1:30 AM EDT");
    expect(shownTime(second, "America/New_York", "en", "America/Phoenix")).toBe("1:30 AM EST");
  });
});

describe.each(LANGUAGES)("every value in %s", (language) => {
  const dates = everyDate(language);
  const times = everyTime(language);

  it("is different from the others, and of GSM-7", () => {
    expect(dates).toHaveLength(366 * 7);
    expect(new Set(dates).size).toBe(dates.length);
    expect(new Set(times).size).toBe(times.length);
    const other = [...dates, ...times].filter((value) => countParts(value).encoding !== "GSM-7");
    expect(other).toEqual([]);
  });

  it("has what is shown at any moment in any zone", () => {
    const known = new Set([...dates, ...times]);
    fc.assert(
      fc.property(moment, fc.constantFrom(...ZONES), fc.constantFrom(null, ...ZONES), (at, zone, other) => {
        expect(known).toContain(shownDate(at, zone, language));
        expect(known).toContain(shownTime(at, zone, language, other));
      }),
      { numRuns: 400 },
    );
  });

  it("names each clock once", () => {
    expect(new Set(everyClock(language)).size).toBe(1440);
    expect(times).toEqual(expect.arrayContaining(["12:00 AM", "11:59 PM ChST"]));
  });
});
