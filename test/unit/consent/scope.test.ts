import { describe, expect, it } from "vitest";
import { endedPurposes } from "#shared/consent/scope.ts";

const BEFORE = new Date("2027-01-30T23:59:59.999Z");
const FROM = new Date("2027-01-31T00:00:00.000Z");

describe("what an opt-out by text ends", () => {
  it("is everything unless the practice chose otherwise", () => {
    expect(endedPurposes("all", "billing", BEFORE)).toBe("all");
  });

  it("is the purpose of the text that it answers, where the practice chose so", () => {
    expect(endedPurposes("answered-purpose", "billing", BEFORE)).toEqual(["billing"]);
  });

  it("is everything where nobody can tell what it answers", () => {
    expect(endedPurposes("answered-purpose", null, BEFORE)).toBe("all");
  });

  it("is everything from 2027-01-31 on, whatever the practice chose", () => {
    expect(endedPurposes("answered-purpose", "billing", FROM)).toBe("all");
    expect(endedPurposes("answered-purpose", "billing", new Date("2028-06-01T00:00:00.000Z"))).toBe("all");
  });
});
