import { CognitoJwtVerifier } from "aws-jwt-verify";
import { FetchError, JwtBaseError } from "aws-jwt-verify/error";
import { ROLES, type Role } from "../domain/roles.ts";
import type { VerifyToken } from "../staff/tokens.ts";

/** The pool and the two clients whose tokens count. */
export interface TokenSettings {
  readonly userPoolId: string;
  readonly staffClientId: string;
  readonly integrationClientId: string;
}

const STAFF_ROLES = new Set<string>(ROLES.filter((role) => role !== "integration"));

function staffRoles(groups: unknown): Role[] {
  if (!Array.isArray(groups)) return [];
  return groups.filter((group): group is Role => typeof group === "string" && STAFF_ROLES.has(group));
}

/** Verifies Cognito access tokens of the staff client and the machine client. */
export function createVerifyToken(settings: TokenSettings): VerifyToken {
  const verifier = CognitoJwtVerifier.create({
    userPoolId: settings.userPoolId,
    tokenUse: "access",
    clientId: [settings.staffClientId, settings.integrationClientId],
    graceSeconds: 0,
  });
  return async (token) => {
    let claims: Awaited<ReturnType<typeof verifier.verify>>;
    try {
      claims = await verifier.verify(token);
    } catch (error) {
      if (error instanceof JwtBaseError && !(error instanceof FetchError)) return undefined;
      throw error;
    }
    // The machine client's role comes from its id, never from a group.
    if (claims.client_id === settings.integrationClientId) {
      return { actor: `client_${claims.client_id}`, roles: ["integration"], signIn: null };
    }
    const roles = staffRoles(claims["cognito:groups"]);
    const originId = claims["origin_jti"];
    if (roles.length === 0 || typeof originId !== "string") return undefined;
    return {
      actor: `staff_${claims.sub}`,
      roles,
      signIn: { id: originId, signedInAt: new Date(claims.auth_time * 1000) },
    };
  };
}
