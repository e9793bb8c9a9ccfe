import { randomBytes } from "node:crypto";
import type { Cognito } from "../aws/cognito.ts";
import type { LocalUser } from "./local-endpoints.ts";

/** A seeded staff member, as the start page and the start output show one. */
export type StaffSignIn = {
  readonly user: string;
  readonly userName: string;
  readonly password: string;
  /** What the authenticator app shows now. */
  readonly code: string;
};

/** Sign-in through the user pool. */
export type SignIn = {
  readonly staff: () => readonly StaffSignIn[];
  /** An access token of a fresh sign-in, valid at the present clock. */
  readonly accessToken: (user: LocalUser) => string;
};

const ROLES = ["frontdesk", "clinician", "compliance", "admin", "auditor"] as const;

/** Seeds one staff member of every role, each with a password of this start and an authenticator app. */
export function createSignIn(cognito: Cognito): SignIn {
  const staff = ROLES.map((role) => {
    const seeded = { user: role, userName: `${role}@practice.example`, password: newPassword() };
    cognito.createUser({ email: seeded.userName, password: seeded.password, groups: [role] });
    return seeded;
  });
  return {
    staff: () => staff.map((seeded) => ({ ...seeded, code: cognito.totpCode(seeded.userName) })),
    accessToken: (user) => {
      if (user === "integration") return cognito.clientCredentialsToken();
      return cognito.signIn(`${user}@practice.example`).accessToken;
    },
  };
}

/** Long enough for the pool's policy, and with every kind of character that it asks for. */
function newPassword(): string {
  return `Demo-${randomBytes(9).toString("base64url")}-7x`;
}
