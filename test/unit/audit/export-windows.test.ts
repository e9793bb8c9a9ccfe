import { describe, expect, it } from "vitest";
import { dueExports, isExportable } from "#shared/audit/export-windows.ts";

const NOW = new Date("2026-11-04T17:00:00.500Z");
const HOUR_MS = 60 * 60 * 1000;
const ago = (hours: number) =>
  new Date(Math.floor((NOW.getTime() - hours * HOUR_MS) / 1000) * 1000).toISOString();

const windowsOf = (until: string | null, now = NOW) =>
  dueExports("Audit", until, now).flatMap((order) =>
    order.kind === "incremental" ? [[order.from, order.to] as const] : [],
  );

describe("what must be exported", () => {
  it("is everything where nothing was, or where the last time is out of DynamoDB's reach", () => {
    const full = [{ table: "Audit", kind: "full" }];
    expect(dueExports("Audit", null, NOW)).toEqual(full);
    expect(dueExports("Audit", ago(34 * 24 + 1), NOW)).toEqual(full);
    expect(windowsOf(ago(34 * 24 - 1)).length).toBeGreaterThan(30);
  });

  it("is nothing while a window would be under fifteen minutes", () => {
    expect(dueExports("Audit", ago(0.4), NOW)).toEqual([]);
    expect(windowsOf(ago(0.5))).toEqual([[ago(0.5), "2026-11-04T16:50:00.000Z"]]);
  });

  it.each([0.5, 1, 23.9, 24, 24.2, 25, 60, 33 * 24])(
    "%d hours later is windows of 15 minutes to 24 hours that follow one another",
    (hours) => {
      const until = ago(hours);
      const windows = windowsOf(until);
      expect(windows[0]?.[0]).toBe(until);
      for (const [index, [from, to]] of windows.entries()) {
        const next = windows[index + 1];
        if (next !== undefined) expect(next[0]).toBe(to);
        expect(isExportable({ from, to }, NOW)).toBe(true);
      }
      const left = NOW.getTime() - Date.parse(windows.at(-1)?.[1] ?? until);
      expect(left).toBeLessThan(25 * 60 * 1000 + 1000);
    },
  );

  it("loses nothing over a month of days that are not quite 24 hours", () => {
    let until = ago(0);
    let time = NOW.getTime();
    const seen: (readonly [string, string])[] = [];
    for (let day = 0; day < 30; day += 1) {
      time += 24 * HOUR_MS + (day % 3) * 7000 - 5000;
      const windows = windowsOf(until, new Date(time));
      seen.push(...windows);
      until = windows.at(-1)?.[1] ?? until;
    }
    expect(seen.slice(1).map(([from]) => from)).toEqual(seen.slice(0, -1).map(([, to]) => to));
    expect(time - Date.parse(until)).toBeLessThan(26 * 60 * 1000);
  });
});

describe("a window that somebody asks for", () => {
  const asked = (fromHours: number, toHours: number) => ({ from: ago(fromHours), to: ago(toHours) });

  it("is exportable from fifteen minutes to a day, when it is over and within reach", () => {
    expect(isExportable(asked(1, 0.75), NOW)).toBe(true);
    expect(isExportable(asked(25, 1), NOW)).toBe(true);
    expect(isExportable(asked(1, 0.76), NOW)).toBe(false);
    expect(isExportable(asked(25.1, 1), NOW)).toBe(false);
    expect(isExportable(asked(1, -0.1), NOW)).toBe(false);
    expect(isExportable(asked(1, 2), NOW)).toBe(false);
    expect(isExportable(asked(35 * 24, 34.5 * 24), NOW)).toBe(false);
  });

  it("begins and ends with a whole second", () => {
    expect(isExportable({ from: "2026-11-04T15:00:00.001Z", to: "2026-11-04T16:00:00.001Z" }, NOW)).toBe(
      false,
    );
  });
});
