/** Roles of people (Cognito groups) and of the machine client. */
export const ROLES = ["frontdesk", "clinician", "compliance", "admin", "auditor", "integration"] as const;
export type Role = (typeof ROLES)[number];

/** Who acts: a staff member, the machine client or a function, with the roles it holds. */
export interface Actor {
  readonly id: string;
  readonly roles: readonly Role[];
}

const EVERYONE: readonly Role[] = ROLES;
const REGISTRATION: readonly Role[] = ["frontdesk", "clinician", "admin", "integration"];
const SENDERS: readonly Role[] = ["frontdesk", "clinician", "integration"];

/** Who may do what (API.md); an operation that is not here is allowed to nobody. */
const PERMISSIONS = {
  "content.classify": ["frontdesk", "clinician", "compliance", "admin", "auditor", "integration"],
  "patient.write": REGISTRATION,
  "patient.read": REGISTRATION,
  "pin.remove": ["frontdesk", "clinician", "admin"],
  "consent.write": REGISTRATION,
  "consent.read": REGISTRATION,
  "consent.ask": ["frontdesk", "clinician", "admin"],
  "message.send": SENDERS,
  "message.status": [...SENDERS, "admin", "compliance"],
  "message.revoke": ["frontdesk", "clinician", "admin"],
  "link.revoke": ["frontdesk", "clinician", "admin"],
  "link.revoke-many": ["admin"],
  // In order: who is both reads as a clinician.
  "thread.read": ["clinician", "frontdesk"],
  "thread.write": ["clinician", "frontdesk"],
  // Which tasks, their kinds say.
  "task.work": ["clinician", "frontdesk", "compliance"],
  "practice.read": EVERYONE,
  "practice.write": ["admin"],
  "vendor.write": ["compliance"],
  "appointment.write": ["frontdesk", "integration"],
  "appointment.read": ["frontdesk", "integration", "clinician"],
  "import.write": ["frontdesk", "admin", "integration"],
  "template.write": ["frontdesk", "clinician"],
  "template.approve": ["compliance"],
  "vocabulary.read": EVERYONE,
  "approval.request": ["admin"],
  "approval.decide": ["compliance"],
  "approval.read": ["admin", "compliance", "auditor"],
  "audit.export": ["auditor", "compliance"],
  "audit.read": ["auditor", "compliance"],
  "access-review.sign": ["compliance"],
} as const satisfies Record<string, readonly Role[]>;

/** Something that a role may or may not do. */
export type Operation = keyof typeof PERMISSIONS;

/** The role under which `actor` may do `operation`, the first that is listed for it; else undefined. */
export function roleFor(actor: Actor, operation: Operation): Role | undefined {
  const allowed: readonly Role[] = PERMISSIONS[operation];
  return allowed.find((role) => actor.roles.includes(role));
}

/** The highest tier whose content `role` may read in a thread (API.md: frontdesk up to tier 2). */
export function readableTier(role: Role): 0 | 2 | 3 {
  if (role === "clinician") return 3;
  return role === "frontdesk" ? 2 : 0;
}
