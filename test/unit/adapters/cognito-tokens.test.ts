import { describe, expect, it } from "vitest";
import { createVerifyToken } from "#shared/adapters/cognito-tokens.ts";

const verifyToken = createVerifyToken({
  userPoolId: "us-east-1_pool",
  staffClientId: "staff-client",
  integrationClientId: "integration-client",
});

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

describe("a token that cannot be one", () => {
  it.each([
    ["empty", ""],
    ["of one part", "abc"],
    ["of parts that are no JSON", "a.b.c"],
    [
      "of another issuer",
      `${part({ alg: "RS256", kid: "1" })}.${part({ iss: "https://elsewhere.example" })}.c2ln`,
    ],
    ["without a key id", `${part({ alg: "none" })}.${part({ iss: "x" })}.`],
  ])("speaks for nobody when it is %s", async (_name, token) => {
    expect(await verifyToken(token)).toBeUndefined();
  });
});
