import { describe, expect, it } from "vitest";
import { type Operation, ROLES, type Role, readableTier, roleFor } from "#shared/domain/roles.ts";

/** API.md, row by row. */
const MAY: Readonly<Record<Operation, readonly Role[]>> = {
  "content.classify": ["frontdesk", "clinician", "compliance", "admin", "auditor", "integration"],
  "patient.write": ["frontdesk", "clinician", "admin", "integration"],
  "patient.read": ["frontdesk", "clinician", "admin", "integration"],
  "pin.remove": ["frontdesk", "clinician", "admin"],
  "consent.write": ["frontdesk", "clinician", "admin", "integration"],
  "consent.read": ["frontdesk", "clinician", "admin", "integration"],
  "consent.ask": ["frontdesk", "clinician", "admin"],
  "message.send": ["frontdesk", "clinician", "integration"],
  "message.status": ["frontdesk", "clinician", "integration", "admin", "compliance"],
  "message.revoke": ["frontdesk", "clinician", "admin"],
  "link.revoke": ["frontdesk", "clinician", "admin"],
  "link.revoke-many": ["admin"],
  "thread.read": ["clinician", "frontdesk"],
  "thread.write": ["clinician", "frontdesk"],
  "task.work": ["clinician", "frontdesk", "compliance"],
  "appointment.write": ["frontdesk", "integration"],
  "appointment.read": ["frontdesk", "integration", "clinician"],
  "import.write": ["frontdesk", "admin", "integration"],
  "practice.read": ["frontdesk", "clinician", "compliance", "admin", "auditor", "integration"],
  "practice.write": ["admin"],
  "vendor.write": ["compliance"],
  "template.write": ["frontdesk", "clinician"],
  "template.approve": ["compliance"],
  "vocabulary.read": ["frontdesk", "clinician", "compliance", "admin", "auditor", "integration"],
  "approval.request": ["admin"],
  "approval.decide": ["compliance"],
  "approval.read": ["admin", "compliance", "auditor"],
  "audit.export": ["auditor", "compliance"],
  "audit.read": ["auditor", "compliance"],
  "access-review.sign": ["compliance"],
};

const MATRIX = (Object.keys(MAY) as Operation[]).flatMap((operation) =>
  ROLES.map((role) => ({ operation, role, allowed: MAY[operation].includes(role) })),
);

describe("roles", () => {
  it.each(MATRIX)("$role may $operation: $allowed", ({ operation, role, allowed }) => {
    expect(roleFor({ id: "staff_1", roles: [role] }, operation)).toBe(allowed ? role : undefined);
  });

  it("allow nothing to somebody without a role", () => {
    const operations = Object.keys(MAY) as Operation[];

    const roles = operations.map((operation) => roleFor({ id: "staff_1", roles: [] }, operation));

    expect(roles.every((role) => role === undefined)).toBe(true);
  });

  it("name the role under which somebody with several may act", () => {
    const actor = { id: "staff_1", roles: ["auditor", "compliance"] } as const;

    expect(roleFor(actor, "vendor.write")).toBe("compliance");
  });

  it.each([
    ["clinician", 3],
    ["frontdesk", 2],
    ["compliance", 0],
    ["admin", 0],
    ["auditor", 0],
    ["integration", 0],
  ] as const)("let %s read content up to tier %i", (role, tier) => {
    expect(readableTier(role)).toBe(tier);
  });
});
