import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent, Context } from "aws-lambda";
import type { Admit } from "#shared/staff/admit.ts";
import type { VerifyToken } from "#shared/staff/tokens.ts";

/** What the authorizer is made of. */
export interface Dependencies {
  readonly verifyToken: VerifyToken;
  readonly admit: Admit;
}

/** RFC 9110 §11.1: the name of the scheme may be written in any case. */
const BEARER = /^bearer ([A-Za-z0-9._-]{1,8192})$/i;

function policy(
  effect: "Allow" | "Deny",
  event: APIGatewayTokenAuthorizerEvent,
  principalId: string,
  context: Record<string, string>,
): APIGatewayAuthorizerResult {
  return {
    principalId,
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: effect, Resource: event.methodArn }],
    },
    context,
  };
}

/**
 * Answers API Gateway who calls: a verified access token whose server-side session lives is allowed
 * with its actor and roles; anything else is denied with a code, which the API's ACCESS_DENIED
 * response answers with 401: `session_expired` or `unauthenticated`. Never cached, so that a
 * revocation holds from the next call on.
 */
export function createHandler({ verifyToken, admit }: Dependencies) {
  return async (
    event: APIGatewayTokenAuthorizerEvent,
    { awsRequestId }: Pick<Context, "awsRequestId">,
  ): Promise<APIGatewayAuthorizerResult> => {
    const token = BEARER.exec(event.authorizationToken)?.[1];
    const identity = token === undefined ? undefined : await verifyToken(token);
    // Not thrown: a thrown "Unauthorized" counts as a failure of the function, and strangers can cause it.
    if (identity === undefined) return policy("Deny", event, "nobody", { code: "unauthenticated" });
    const admitted = await admit(identity, awsRequestId);
    if (!admitted) return policy("Deny", event, identity.actor, { code: "session_expired" });
    return policy("Allow", event, identity.actor, {
      actor: identity.actor,
      roles: identity.roles.join(" "),
    });
  };
}
