import { describe, expect, it } from "vitest";
import { createHandler } from "#functions/authorize/handler.ts";
import type { Identity } from "#shared/staff/tokens.ts";

const METHOD = "arn:aws:execute-api:us-east-1:000000000000:api/v1/GET/threads";
const IDENTITY: Identity = {
  actor: "staff_1",
  roles: ["frontdesk", "admin"],
  signIn: { id: "s1", signedInAt: new Date(0) },
};

function aGate({
  identity = IDENTITY,
  admitted = true,
}: {
  identity?: Identity | undefined;
  admitted?: boolean;
} = {}) {
  const tokens: string[] = [];
  const requests: string[] = [];
  const handler = createHandler({
    verifyToken: async (token) => {
      tokens.push(token);
      return token === "good.token-_1" ? identity : undefined;
    },
    admit: async (_identity, requestId) => {
      requests.push(requestId);
      return admitted;
    },
  });
  const call = (authorizationToken: string) =>
    handler({ type: "TOKEN", methodArn: METHOD, authorizationToken }, { awsRequestId: "request-1" });
  return { call, tokens, requests };
}

describe("the authorizer", () => {
  it("allows a verified token whose session lives, with actor and roles", async () => {
    const gate = aGate();

    const answer = await gate.call("Bearer good.token-_1");

    expect(gate.requests).toEqual(["request-1"]);
    expect(answer).toEqual({
      principalId: "staff_1",
      policyDocument: {
        Version: "2012-10-17",
        Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: METHOD }],
      },
      context: { actor: "staff_1", roles: "frontdesk admin" },
    });
  });

  it("denies a session that is over with a code that the gateway can show", async () => {
    const answer = await aGate({ admitted: false }).call("Bearer good.token-_1");

    expect(answer.policyDocument.Statement).toEqual([
      { Action: "execute-api:Invoke", Effect: "Deny", Resource: METHOD },
    ]);
    expect(answer.context).toEqual({ code: "session_expired" });
  });

  it("denies a token that does not verify with a code, and without failing", async () => {
    const answer = await aGate().call("Bearer other.token");

    expect(answer.policyDocument.Statement).toMatchObject([{ Effect: "Deny", Resource: METHOD }]);
    expect(answer.context).toEqual({ code: "unauthenticated" });
  });

  it.each([
    "",
    "good.token-_1",
    "Bearer",
    "Bearer ",
    "Basic good.token-_1",
    "Bearer good.token-_1 ",
    "Bearer  good.token-_1",
    "Bearer good.token-_1\n",
    "Bearer good.token-_1,Bearer good.token-_1",
    "Bearer good token",
    `Bearer ${"a".repeat(8193)}`,
  ])("does not even look at the malformed header %j", async (authorizationToken) => {
    const { call, tokens } = aGate();

    expect((await call(authorizationToken)).context).toEqual({ code: "unauthenticated" });
    expect(tokens).toEqual([]);
  });

  it("fails, and so lets nobody in, when it cannot tell", async () => {
    const handler = createHandler({
      verifyToken: async () => {
        throw new Error("the keys are out of reach");
      },
      admit: async () => true,
    });

    const answer = handler(
      { type: "TOKEN", methodArn: METHOD, authorizationToken: "Bearer x" },
      { awsRequestId: "request-1" },
    );

    await expect(answer).rejects.toThrow("out of reach");
  });
});
