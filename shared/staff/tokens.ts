import type { Role } from "../domain/roles.ts";

/** Who a verified access token speaks for. */
export interface Identity {
  /** `staff_…` or `client_…`; opaque. */
  readonly actor: string;
  readonly roles: readonly Role[];
  /** The sign-in behind a person's token; null for a machine client. */
  readonly signIn: { readonly id: string; readonly signedInAt: Date } | null;
}

/**
 * Verifies issuer, client, use, signature and expiry; undefined for a token that fails any of them.
 * Throws when it cannot tell, such as when the keys are out of reach.
 */
export type VerifyToken = (token: string) => Promise<Identity | undefined>;
