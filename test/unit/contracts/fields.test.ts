import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyText, PatientId, plainText, Time, TimeZone } from "#shared/contracts/fields.ts";

function accepts(
  schema: { safeParse(value: unknown): { readonly success: boolean } },
  value: unknown,
): boolean {
  return schema.safeParse(value).success;
}

describe("plain text", () => {
  it.each(["a", "mañana", "日本", "😀", "a".repeat(10)])("may be %j", (text) => {
    expect(accepts(plainText(10), text)).toBe(true);
  });

  it.each(["", "a".repeat(11), "a\nb", "a\tb", "a\0b", "\u007f", "\u0085", "\ud800", "\udc00a", 7, null])(
    "may not be %j",
    (text) => {
      expect(accepts(plainText(10), text)).toBe(false);
    },
  );
});

describe("the text of a body", () => {
  it.each(["a", "a\nb", "a\r\n\tb", "  a  "])("may be %j", (text) => {
    expect(accepts(bodyText(10), text)).toBe(true);
  });

  it.each(["", " ", "\n\n", "a".repeat(11), "a\0b", "a\u001bb", "\ud800", "a\u0085b"])(
    "may not be %j",
    (text) => {
      expect(accepts(bodyText(10), text)).toBe(false);
    },
  );

  it("is taken exactly as it came", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), (text) => {
        const parsed = bodyText(200).safeParse(text);

        expect(parsed.success ? parsed.data : text).toBe(text);
      }),
    );
  });
});

describe("a time", () => {
  it.each(["2026-11-04T17:00:00Z", "2026-11-04T17:00:00.000Z"])("is %s", (time) => {
    expect(accepts(Time, time)).toBe(true);
  });

  it.each(["2026-11-04", "2026-11-04T17:00:00", "2026-11-04T17:00:00+01:00", "2026-02-30T00:00:00Z", "now"])(
    "is not %s",
    (time) => {
      expect(accepts(Time, time)).toBe(false);
    },
  );
});

describe("a time zone", () => {
  it.each(["America/Los_Angeles", "America/Chicago", "Pacific/Guam", "UTC", "Etc/UTC"])("is %s", (zone) => {
    expect(accepts(TimeZone, zone)).toBe(true);
  });

  it.each([
    "",
    "+01:00",
    "Mars/Olympus",
    "America/Los_Angeles\n",
    "a".repeat(65),
    "EST",
    "EST5EDT",
    "Etc/GMT+5",
  ])("is not %j", (zone) => {
    expect(accepts(TimeZone, zone)).toBe(false);
  });
});

describe("an id", () => {
  it.each(["pat_", "PAT_01KAEV0000000000000000PAT1", "pat_01KAEV0000000000000000PAT1 "])(
    "is not %j",
    (id) => {
      expect(accepts(PatientId, id)).toBe(false);
    },
  );
});
