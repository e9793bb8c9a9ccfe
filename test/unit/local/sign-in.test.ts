import { CognitoJwtVerifier } from "aws-jwt-verify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import type { Clock } from "#infra/local/aws/clock.ts";
import { startSmallStack } from "./small-stack.ts";

const EMAIL = "admin@example.org";
const PASSWORD = "A long password 1";

describe("the local user pool", () => {
  let aws: Aws;
  let clock: Clock;
  let stop: () => Promise<void>;
  let ClientId: string;
  beforeEach(async () => {
    ({ aws, clock, stop } = await startSmallStack());
    ClientId = aws.template.physicalId("StaffClient");
    aws.cognito.createUser({ email: EMAIL, password: PASSWORD, groups: ["admin"] });
  });
  afterEach(() => stop());

  const call = async (operation: string, body: object) => {
    const response = await fetch(aws.gatewayUrl, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
  };
  const password = (typed = PASSWORD) =>
    call("InitiateAuth", {
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: EMAIL, PASSWORD: typed },
    });
  const answer = (Session: unknown, code = aws.cognito.totpCode(EMAIL)) =>
    call("RespondToAuthChallenge", {
      ClientId,
      Session,
      ChallengeName: "SOFTWARE_TOKEN_MFA",
      ChallengeResponses: { USERNAME: EMAIL, SOFTWARE_TOKEN_MFA_CODE: code },
    });
  const signIn = async () => {
    const { Session } = (await password()) as unknown as { Session: string };
    return (await answer(Session)) as { AuthenticationResult?: Record<string, string> };
  };
  const claimsOf = (token: string | undefined) =>
    JSON.parse(Buffer.from(token?.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
  const verifier = () => {
    const made = CognitoJwtVerifier.create({
      userPoolId: aws.cognito.poolId(),
      tokenUse: "access",
      clientId: ClientId,
    });
    made.cacheJwks(aws.cognito.jwks() as Parameters<typeof made.cacheJwks>[0]);
    return made;
  };

  it("gives an access token, which the Cognito verifier accepts, only after password and code", async () => {
    const challenge = (await password()) as unknown as {
      ChallengeName: string;
      Session: string;
      AuthenticationResult?: unknown;
    };
    expect(challenge.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    expect(challenge.AuthenticationResult).toBeUndefined();

    const { AuthenticationResult } = (await answer(challenge.Session)) as unknown as {
      AuthenticationResult: Record<string, string>;
    };

    const claims = await verifier().verify(AuthenticationResult["AccessToken"] ?? "");
    expect(claims).toMatchObject({
      "cognito:groups": ["admin"],
      client_id: ClientId,
      token_use: "access",
      iss: aws.cognito.issuer(),
    });
    expect(claims.exp - claims.iat).toBe(600);
    expect(claims["origin_jti"]).not.toBe(claims.jti);
  });

  it("refuses a wrong password, a wrong code, a used code, a used session and an expired session", async () => {
    const session = async () => ((await password()) as unknown as { Session: string }).Session;
    const code = aws.cognito.totpCode(EMAIL);

    expect(await password("wrong")).toMatchObject({ status: 400, __type: "NotAuthorizedException" });
    expect(await answer(await session(), code === "000000" ? "000001" : "000000")).toMatchObject({
      __type: "CodeMismatchException",
    });
    const first = await session();
    expect(await answer(first, code)).toMatchObject({ status: 200 });
    expect(await answer(await session(), code)).toMatchObject({ __type: "ExpiredCodeException" });
    expect(await answer(first)).toMatchObject({ __type: "NotAuthorizedException" });
    expect(await answer("made up")).toMatchObject({ __type: "NotAuthorizedException" });
    const late = await session();
    clock.advanceTo(clock.now() + 181_000);
    expect(await answer(late)).toMatchObject({ __type: "NotAuthorizedException" });
  });

  it("renews tokens of the same sign-in until a global sign-out", async () => {
    const { AuthenticationResult } = await signIn();
    const renew = () =>
      call("InitiateAuth", {
        ClientId,
        AuthFlow: "REFRESH_TOKEN_AUTH",
        AuthParameters: { REFRESH_TOKEN: AuthenticationResult?.["RefreshToken"] },
      });

    const renewed = (await renew()) as unknown as { AuthenticationResult: Record<string, string> };
    const [before, after] = [
      claimsOf(AuthenticationResult?.["AccessToken"]),
      claimsOf(renewed.AuthenticationResult["AccessToken"]),
    ];
    expect(after["origin_jti"]).toBe(before["origin_jti"]);
    expect(after["jti"]).not.toBe(before["jti"]);

    const run = (name: string) =>
      aws.cognito.service.run(
        { name, input: { UserPoolId: aws.cognito.poolId(), Username: EMAIL } },
        { kind: "host" },
      );
    run("AdminUserGlobalSignOut");
    expect(await renew()).toMatchObject({ __type: "NotAuthorizedException" });
    run("AdminDisableUser");
    expect(await password()).toMatchObject({ __type: "NotAuthorizedException" });
  });

  it("gives no token to a user without a second factor, and no answer to unsigned administration", async () => {
    const run = (name: string, more: object) =>
      aws.cognito.service.run(
        { name, input: { UserPoolId: aws.cognito.poolId(), ...more } },
        { kind: "host" },
      );
    run("AdminCreateUser", { Username: "new@example.org", TemporaryPassword: "Temporary 1" });

    const challenge = await call("InitiateAuth", {
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "new@example.org", PASSWORD: "Temporary 1" },
    });

    expect(challenge).toMatchObject({ status: 200, ChallengeName: "NEW_PASSWORD_REQUIRED" });
    expect(challenge).not.toHaveProperty("AuthenticationResult");
    expect(
      await call("AdminDisableUser", { UserPoolId: aws.cognito.poolId(), Username: EMAIL }),
    ).toMatchObject({ __type: "MissingAuthenticationTokenException" });
  });

  it("lets the host sign in as often as it likes, each time as a sign-in of its own", () => {
    const tokens = Array.from({ length: 5 }, () => claimsOf(aws.cognito.signIn(EMAIL).accessToken));
    expect(new Set(tokens.map((claims) => claims["origin_jti"])).size).toBe(5);
  });

  it("gives the machine client a token with its scope and without groups", () => {
    const claims = claimsOf(aws.cognito.clientCredentialsToken());
    const id = aws.template.physicalId("MachineClient");
    expect(claims).toMatchObject({ sub: id, client_id: id, scope: "api/use", token_use: "access" });
    expect(claims).not.toHaveProperty("cognito:groups");
  });

  it("serves its key set, and tokens end by the local clock", async () => {
    const response = await fetch(`${aws.gatewayUrl}/${aws.cognito.poolId()}/.well-known/jwks.json`);
    expect(await response.json()).toEqual(aws.cognito.jwks());

    const { accessToken } = aws.cognito.signIn(EMAIL);
    clock.advanceTo(clock.now() + 601_000);
    await expect(verifier().verify(accessToken)).rejects.toThrow("expired");
  });
});
