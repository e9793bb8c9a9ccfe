import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { type JsonRecord, listOf, numberOf, recordOf, textOf } from "../json-shape.ts";
import { awsError, unknownOperation } from "./aws-error.ts";
import { type AwsService, type Operation, readJsonOperation } from "./service.ts";
import { createTokenSigner } from "./sign-in/access-tokens.ts";
import {
  type AuthenticatorApp,
  codeAt,
  counterNow,
  newTotpSecret,
  useCode,
} from "./sign-in/authenticator-app.ts";
import type { ResolvedResource, Template } from "./template.ts";

/** What a sign-in gives. */
export type Tokens = {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
};

/** A staff member as the host creates one: signed up, with a permanent password and an authenticator app. */
export type NewUser = {
  readonly email: string;
  readonly password: string;
  readonly groups: readonly string[];
  readonly totpSecret?: string;
};

/** The user pool, for the host. */
export type Cognito = {
  readonly service: AwsService;
  /** Throws where the template has no user pool. */
  poolId(): string;
  issuer(): string;
  jwks(): JsonRecord;
  /** Creates a user who can sign in; gives the user name (`sub`) and the base32 secret of the authenticator app. */
  createUser(user: NewUser): { readonly username: string; readonly totpSecret: string };
  /** The code that the user's authenticator app shows now. */
  totpCode(email: string): string;
  /**
   * Signs a user in with password and code. When every code of the present minute is used up already, the tokens are
   * those of a user who would have waited for the next code.
   */
  signIn(email: string): Tokens;
  /** The access token of the machine client, with every scope that its client settings allow. */
  clientCredentialsToken(): string;
};

type Client = {
  readonly id: string;
  readonly name: string;
  readonly secret: string | undefined;
  readonly properties: JsonRecord;
};
type User = AuthenticatorApp & {
  readonly sub: string;
  readonly email: string;
  password: string;
  status: "CONFIRMED" | "FORCE_CHANGE_PASSWORD";
  enabled: boolean;
  readonly groups: Set<string>;
};
type Session = { readonly user: User; readonly client: Client; readonly expiresAt: number };
type RefreshToken = {
  readonly user: User;
  readonly client: Client;
  readonly originJti: string;
  readonly authTime: number;
  readonly expiresAt: number;
  revoked: boolean;
};

/** Operations of a user pool that carry no signature. */
export const UNSIGNED_COGNITO_OPERATIONS = ["InitiateAuth", "RespondToAuthChallenge"] as const;

const UNIT_SECONDS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** Reads the pool, its clients, groups and resource server from the template and makes a signing key. */
export async function createCognito(template: Template): Promise<Cognito> {
  const signer = await createTokenSigner();
  const pool = template.byType("AWS::Cognito::UserPool")[0];
  const clients = template
    .byType("AWS::Cognito::UserPoolClient")
    .map((resource) => readClient(template, resource));
  const groups = new Set(
    template.byType("AWS::Cognito::UserPoolGroup").map(({ logicalId }) => template.physicalId(logicalId)),
  );
  const users: User[] = [];
  const sessions = new Map<string, Session>();
  const refreshTokens = new Map<string, RefreshToken>();

  const requirePool = (): ResolvedResource => {
    if (pool === undefined) throw new Error("The template has no user pool.");
    return pool;
  };
  const poolId = (): string => template.physicalId(requirePool().logicalId);
  const issuer = (): string => `https://cognito-idp.${template.region}.amazonaws.com/${poolId()}`;
  const userNamed = (name: string): User | undefined =>
    users.find(({ sub, email }) => sub === name || email === name.toLowerCase());
  const requireUser = (name: string): User => {
    const user = userNamed(name);
    if (user === undefined) throw awsError("UserNotFoundException", "User does not exist.");
    return user;
  };
  const requireClient = (id: unknown): Client => {
    const client = clients.find((each) => each.id === id);
    if (client === undefined) throw awsError("ResourceNotFoundException", "User pool client does not exist.");
    return client;
  };

  const tokens = (
    user: User,
    client: Client,
    authTime: number,
    originJti: string,
  ): { accessToken: string; idToken: string; expiresInSeconds: number } => {
    const now = Math.floor(Date.now() / 1000);
    const lifetime = lifetimeSeconds(client.properties, "AccessToken", 3600);
    const common = {
      sub: user.sub,
      ...(user.groups.size === 0 ? {} : { "cognito:groups": [...user.groups] }),
      iss: issuer(),
      origin_jti: originJti,
      event_id: randomUUID(),
      auth_time: authTime,
      iat: now,
    };
    const accessToken = signer.sign({
      ...common,
      client_id: client.id,
      token_use: "access",
      scope: "aws.cognito.signin.user.admin",
      exp: now + lifetime,
      jti: randomUUID(),
      username: user.sub,
    });
    const idToken = signer.sign({
      ...common,
      aud: client.id,
      token_use: "id",
      "cognito:username": user.sub,
      email: user.email,
      email_verified: true,
      exp: now + lifetimeSeconds(client.properties, "IdToken", 3600),
      jti: randomUUID(),
    });
    return { accessToken, idToken, expiresInSeconds: lifetime };
  };

  const freshTokens = (user: User, client: Client): Tokens => {
    const authTime = Math.floor(Date.now() / 1000);
    const originJti = randomUUID();
    const refreshToken = randomBytes(48).toString("base64url");
    const expiresAt = Date.now() + lifetimeSeconds(client.properties, "RefreshToken", 30 * 86_400) * 1000;
    refreshTokens.set(refreshToken, { user, client, originJti, authTime, expiresAt, revoked: false });
    return { ...tokens(user, client, authTime, originJti), refreshToken };
  };

  const challenge = (user: User, client: Client): JsonRecord => {
    if (user.status === "FORCE_CHANGE_PASSWORD")
      return {
        ChallengeName: "NEW_PASSWORD_REQUIRED",
        Session: openSession(user, client),
        ChallengeParameters: { USER_ID_FOR_SRP: user.sub },
      };
    const name = user.totpSecret === undefined ? "MFA_SETUP" : "SOFTWARE_TOKEN_MFA";
    if (name === "MFA_SETUP" && requirePool().properties["MfaConfiguration"] !== "ON")
      return { AuthenticationResult: result(freshTokens(user, client)) };
    return {
      ChallengeName: name,
      Session: openSession(user, client),
      ChallengeParameters: { USER_ID_FOR_SRP: user.sub },
    };
  };
  const openSession = (user: User, client: Client): string => {
    const session = randomBytes(96).toString("base64url");
    const minutes = numberOf(client.properties["AuthSessionValidity"]) ?? 3;
    sessions.set(session, { user, client, expiresAt: Date.now() + minutes * 60_000 });
    return session;
  };

  const passwordSignIn = (client: Client, parameters: JsonRecord): JsonRecord => {
    assertFlow(client, "ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH");
    const name = textOf(parameters["USERNAME"]) ?? "";
    assertSecretHash(client, name, parameters);
    const user = userNamed(name);
    // The same answer for an unknown user and a wrong password, as PreventUserExistenceErrors has it.
    if (user === undefined || user.password !== parameters["PASSWORD"])
      throw awsError("NotAuthorizedException", "Incorrect username or password.");
    if (!user.enabled) throw awsError("NotAuthorizedException", "User is disabled.");
    return challenge(user, client);
  };

  const refresh = (client: Client, parameters: JsonRecord): JsonRecord => {
    assertFlow(client, "ALLOW_REFRESH_TOKEN_AUTH", "REFRESH_TOKEN_AUTH");
    const token = refreshTokens.get(textOf(parameters["REFRESH_TOKEN"]) ?? "");
    if (token === undefined || token.client !== client)
      throw awsError("NotAuthorizedException", "Invalid Refresh Token");
    assertSecretHash(client, token.user.sub, parameters);
    if (token.revoked) throw awsError("NotAuthorizedException", "Refresh Token has been revoked");
    if (token.expiresAt <= Date.now()) throw awsError("NotAuthorizedException", "Refresh Token has expired");
    if (!token.user.enabled) throw awsError("NotAuthorizedException", "User is disabled.");
    const { accessToken, idToken, expiresInSeconds } = tokens(
      token.user,
      client,
      token.authTime,
      token.originJti,
    );
    return {
      ChallengeParameters: {},
      AuthenticationResult: {
        AccessToken: accessToken,
        IdToken: idToken,
        ExpiresIn: expiresInSeconds,
        TokenType: "Bearer",
      },
    };
  };

  const initiate = (input: JsonRecord): JsonRecord => {
    const client = requireClient(input["ClientId"]);
    const parameters = recordOf(input["AuthParameters"]);
    switch (input["AuthFlow"]) {
      case "USER_PASSWORD_AUTH":
        return passwordSignIn(client, parameters);
      case "REFRESH_TOKEN_AUTH":
      case "REFRESH_TOKEN":
        return refresh(client, parameters);
      default:
        throw awsError("InvalidParameterException", "The local host does not implement this sign-in flow.");
    }
  };

  const respond = (input: JsonRecord): JsonRecord => {
    const client = requireClient(input["ClientId"]);
    const handle = textOf(input["Session"]) ?? "";
    const session = sessions.get(handle);
    // One answer for each session, right or wrong.
    sessions.delete(handle);
    if (session === undefined || session.client !== client)
      throw awsError("NotAuthorizedException", "Invalid session for the user.");
    if (session.expiresAt <= Date.now())
      throw awsError("NotAuthorizedException", "Invalid session for the user, session is expired.");
    if (input["ChallengeName"] !== "SOFTWARE_TOKEN_MFA")
      throw awsError("InvalidParameterException", "The local host does not implement this challenge.");
    const responses = recordOf(input["ChallengeResponses"]);
    const name = textOf(responses["USERNAME"]) ?? "";
    assertSecretHash(client, name, responses);
    if (userNamed(name) !== session.user)
      throw awsError("NotAuthorizedException", "Invalid session for the user.");
    if (!session.user.enabled) throw awsError("NotAuthorizedException", "User is disabled.");
    useCode(session.user, textOf(responses["SOFTWARE_TOKEN_MFA_CODE"]) ?? "");
    return { ChallengeParameters: {}, AuthenticationResult: result(freshTokens(session.user, client)) };
  };

  const assertPool = (input: JsonRecord): void => {
    if (input["UserPoolId"] !== poolId())
      throw awsError("ResourceNotFoundException", "User pool does not exist.");
  };

  const administer = ({ name, input }: Operation): JsonRecord => {
    assertPool(input);
    const username = textOf(input["Username"]) ?? "";
    switch (name) {
      case "AdminCreateUser": {
        const attributes = new Map(
          listOf(input["UserAttributes"]).map((attribute) => [
            String(recordOf(attribute)["Name"]),
            String(recordOf(attribute)["Value"]),
          ]),
        );
        const email = (attributes.get("email") ?? username).toLowerCase();
        if (userNamed(email) !== undefined)
          throw awsError("UsernameExistsException", "User account already exists");
        const password = textOf(input["TemporaryPassword"]) ?? randomBytes(12).toString("base64url");
        const user = addUser(email, password, []);
        user.status = "FORCE_CHANGE_PASSWORD";
        return {
          User: {
            Username: user.sub,
            Enabled: true,
            UserStatus: user.status,
            Attributes: [
              { Name: "sub", Value: user.sub },
              { Name: "email", Value: email },
            ],
          },
        };
      }
      case "AdminAddUserToGroup": {
        const group = textOf(input["GroupName"]) ?? "";
        if (!groups.has(group)) throw awsError("ResourceNotFoundException", "Group not found.");
        requireUser(username).groups.add(group);
        return {};
      }
      case "AdminRemoveUserFromGroup":
        requireUser(username).groups.delete(textOf(input["GroupName"]) ?? "");
        return {};
      case "AdminDisableUser":
        requireUser(username).enabled = false;
        return {};
      case "AdminEnableUser":
        requireUser(username).enabled = true;
        return {};
      case "AdminUserGlobalSignOut": {
        const user = requireUser(username);
        for (const token of refreshTokens.values()) token.revoked ||= token.user === user;
        return {};
      }
      default:
        throw unknownOperation(name);
    }
  };

  const addUser = (email: string, password: string, userGroups: readonly string[]): User => {
    const user: User = {
      sub: randomUUID(),
      email: email.toLowerCase(),
      password,
      status: "CONFIRMED",
      enabled: true,
      groups: new Set(userGroups),
      totpSecret: undefined,
      usedCounters: new Set(),
    };
    users.push(user);
    return user;
  };

  return {
    service: {
      name: "cognito-idp",
      read: (request) => readJsonOperation(request, "AWSCognitoIdentityProviderService"),
      permissions: ({ name }) => [
        {
          action: `cognito-idp:${name}`,
          resource: template.attribute(requirePool().logicalId, "Arn"),
          context: {},
        },
      ],
      run: (operation) => {
        if (operation.name === "InitiateAuth") return initiate(operation.input);
        if (operation.name === "RespondToAuthChallenge") return respond(operation.input);
        return administer(operation);
      },
    },
    poolId,
    issuer,
    jwks: () => signer.jwks(),
    createUser: ({ email, password, groups: userGroups, totpSecret = newTotpSecret() }) => {
      const unknown = userGroups.find((group) => !groups.has(group));
      if (unknown !== undefined) throw new Error(`The user pool has no group ${unknown}.`);
      if (userNamed(email) !== undefined) throw new Error("There is such a user already.");
      const user = addUser(email, password, userGroups);
      user.totpSecret = totpSecret;
      return { username: user.sub, totpSecret };
    },
    totpCode: (email) => codeAt(requireUser(email), counterNow()),
    signIn: (email) => {
      const user = requireUser(email);
      const client = clients.find(({ properties }) =>
        listOf(properties["ExplicitAuthFlows"]).includes("ALLOW_USER_PASSWORD_AUTH"),
      );
      if (client === undefined)
        throw new Error("No client of the user pool allows signing in with a password.");
      const { Session: session } = passwordSignIn(client, {
        USERNAME: email,
        PASSWORD: user.password,
        ...secretHash(client, email),
      });
      const counter = [0, 1, -1]
        .map((step) => counterNow() + step)
        .find((candidate) => !user.usedCounters.has(candidate));
      if (counter === undefined) return freshTokens(user, client);
      const answer = respond({
        ClientId: client.id,
        ChallengeName: "SOFTWARE_TOKEN_MFA",
        Session: session,
        ChallengeResponses: {
          USERNAME: email,
          SOFTWARE_TOKEN_MFA_CODE: codeAt(user, counter),
          ...secretHash(client, email),
        },
      });
      const authentication = recordOf(answer["AuthenticationResult"]);
      return {
        accessToken: String(authentication["AccessToken"]),
        idToken: String(authentication["IdToken"]),
        refreshToken: String(authentication["RefreshToken"]),
        expiresInSeconds: Number(authentication["ExpiresIn"]),
      };
    },
    clientCredentialsToken: () => {
      const client = clients.find(({ properties }) =>
        listOf(properties["AllowedOAuthFlows"]).includes("client_credentials"),
      );
      if (client === undefined) throw new Error("No client of the user pool allows client credentials.");
      const now = Math.floor(Date.now() / 1000);
      return signer.sign({
        sub: client.id,
        token_use: "access",
        scope: listOf(client.properties["AllowedOAuthScopes"]).join(" "),
        auth_time: now,
        iss: issuer(),
        exp: now + lifetimeSeconds(client.properties, "AccessToken", 3600),
        iat: now,
        version: 2,
        jti: randomUUID(),
        client_id: client.id,
      });
    },
  };
}

function readClient(template: Template, { logicalId, properties }: ResolvedResource): Client {
  return {
    id: template.physicalId(logicalId),
    name: logicalId,
    secret: properties["GenerateSecret"] === true ? randomBytes(38).toString("base64url") : undefined,
    properties,
  };
}

function result({ accessToken, idToken, refreshToken, expiresInSeconds }: Tokens): JsonRecord {
  return {
    AccessToken: accessToken,
    IdToken: idToken,
    RefreshToken: refreshToken,
    ExpiresIn: expiresInSeconds,
    TokenType: "Bearer",
  };
}

function assertFlow(client: Client, allowed: string, flow: string): void {
  if (!listOf(client.properties["ExplicitAuthFlows"]).includes(allowed)) {
    throw awsError("InvalidParameterException", `${flow} flow not enabled for this client`);
  }
}

function secretHash(client: Client, username: string): JsonRecord {
  if (client.secret === undefined) return {};
  return {
    SECRET_HASH: createHmac("sha256", client.secret).update(`${username}${client.id}`).digest("base64"),
  };
}

function assertSecretHash(client: Client, username: string, parameters: JsonRecord): void {
  if (
    client.secret !== undefined &&
    secretHash(client, username)["SECRET_HASH"] !== parameters["SECRET_HASH"]
  ) {
    throw awsError(
      "NotAuthorizedException",
      "Client is configured with secret but SECRET_HASH was not received or is wrong.",
    );
  }
}

function lifetimeSeconds(
  properties: JsonRecord,
  token: "AccessToken" | "IdToken" | "RefreshToken",
  fallbackSeconds: number,
): number {
  const value = numberOf(properties[`${token}Validity`]);
  if (value === undefined) return fallbackSeconds;
  // Without a unit Cognito counts access and ID tokens in hours and refresh tokens in days.
  const unit =
    textOf(recordOf(properties["TokenValidityUnits"])[token]) ??
    (token === "RefreshToken" ? "days" : "hours");
  return value * (UNIT_SECONDS[unit] ?? 3600);
}
