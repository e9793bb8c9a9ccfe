import { describe, expect, it } from "vitest";
import { refusalOf, type Standing } from "#shared/consent/decide.ts";
import { hasAgreement } from "#shared/practice/records.ts";
import { aConsent, aPatient, aVendor } from "#test/support/builders.ts";

const NOW = new Date("2026-11-04T17:00:00Z");

function aStanding(parts: Partial<Standing> = {}): Standing {
  return {
    patient: aPatient(),
    consent: aConsent(),
    vendor: aVendor(),
    purpose: "scheduling",
    channel: "sms",
    now: NOW,
    ...parts,
  };
}

function mailStanding(parts: Partial<Standing> = {}): Standing {
  return aStanding({
    channel: "email",
    patient: aPatient({ numberId: null, addressId: "num_mail" }),
    consent: aConsent({ channel: "email", contactId: "num_mail" }),
    ...parts,
  });
}

describe("a text", () => {
  it("may be sent with consent for this number and an agreement in force", () => {
    expect(refusalOf(aStanding())).toBeNull();
  });

  it.each([
    ["unknown consent", { consent: undefined }, "consent_required"],
    ["revoked consent", { consent: aConsent({ decision: "revoked" }) }, "consent_revoked"],
    ["no number any more", { patient: aPatient({ numberId: null }) }, "consent_required"],
    ["another number since", { patient: aPatient({ numberId: "num_new" }) }, "consent_required"],
    ["consent for no number", { consent: aConsent({ contactId: null }) }, "consent_required"],
    [
      "neither a number then nor now",
      { consent: aConsent({ contactId: null }), patient: aPatient({ numberId: null }) },
      "consent_required",
    ],
    ["an unknown vendor", { vendor: undefined }, "vendor_without_baa"],
    ["no signed agreement", { vendor: aVendor({ baaSignedOn: null }) }, "vendor_without_baa"],
    ["an agreement of tomorrow", { vendor: aVendor({ baaSignedOn: "2026-11-05" }) }, "vendor_without_baa"],
    ["an agreement until yesterday", { vendor: aVendor({ baaEndsOn: "2026-11-03" }) }, "vendor_without_baa"],
    ["never by text", { patient: aPatient({ constraints: { neverText: true } }) }, "constraint_violation"],
    [
      "never about this",
      { patient: aPatient({ constraints: { neverAbout: ["billing", "scheduling"] } }) },
      "constraint_violation",
    ],
  ] as const)("is refused with %s", (_name, parts, reason) => {
    expect(refusalOf(aStanding(parts))).toBe(reason);
  });

  it.each([
    { neverEmail: true },
    { neverText: false },
    { neverAbout: ["billing"] as const },
    { neverAbout: [] },
  ])("may be sent under the constraint %j", (constraints) => {
    expect(refusalOf(aStanding({ patient: aPatient({ constraints }) }))).toBeNull();
  });
});

describe("an e-mail", () => {
  it("needs consent for the address, not for the number", () => {
    expect(refusalOf(mailStanding())).toBeNull();
    expect(refusalOf(mailStanding({ consent: aConsent({ channel: "email" }) }))).toBe("consent_required");
  });

  it("obeys its own constraint", () => {
    const patient = aPatient({ addressId: "num_mail", constraints: { neverEmail: true } });

    expect(refusalOf(mailStanding({ patient }))).toBe("constraint_violation");
  });
});

describe("a vendor's agreement", () => {
  it.each([
    ["2026-01-14", false],
    ["2026-01-15", true],
    ["2026-06-30", true],
    ["2026-07-01", false],
  ])("from 15 January to 30 June holds on %s: %s", (today, holds) => {
    expect(hasAgreement(aVendor({ baaEndsOn: "2026-06-30" }), today)).toBe(holds);
  });

  it("without an end holds on", () => {
    expect(hasAgreement(aVendor(), "2099-12-31")).toBe(true);
  });
});
