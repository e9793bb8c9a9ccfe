import { expect, test } from "vitest";
import { resourcesOf } from "#infra/checks/template.ts";
import { stageSettings } from "#infra/stages.ts";
import { synthesized } from "./synthesized.ts";

const template = synthesized();

function clients(of = template) {
  const all = resourcesOf(of, "AWS::Cognito::UserPoolClient");
  const integration = all.find(({ properties }) => properties["GenerateSecret"] === true);
  const staff = all.find((client) => client !== integration);
  return { staff: staff?.properties, integration: integration?.properties };
}

test("staff need a code from an authenticator app, and cannot enrol themselves", () => {
  const [pool] = resourcesOf(template, "AWS::Cognito::UserPool");
  expect(pool?.properties).toMatchObject({
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    DeletionProtection: "ACTIVE",
    EnabledMfas: ["SOFTWARE_TOKEN_MFA"],
    MfaConfiguration: "ON",
    UserPoolTier: "ESSENTIALS",
  });
});

test("there is a group for each role", () => {
  const groups = resourcesOf(template, "AWS::Cognito::UserPoolGroup").map(({ properties }) =>
    String(properties["GroupName"]),
  );
  expect(groups.sort()).toEqual(["admin", "auditor", "clinician", "compliance", "frontdesk"]);
});

test("access tokens live ten minutes and can be revoked", () => {
  for (const client of Object.values(clients())) {
    expect(client).toMatchObject({
      AccessTokenValidity: 10,
      EnableTokenRevocation: true,
      PreventUserExistenceErrors: "ENABLED",
      TokenValidityUnits: { AccessToken: "minutes" },
    });
  }
});

test("a machine signs in by client credentials only", () => {
  expect(clients().integration).toMatchObject({
    AllowedOAuthFlows: ["client_credentials"],
    ExplicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
  });
});

test("staff use SRP, and the password itself only where the stage says so", () => {
  expect(clients().staff?.["ExplicitAuthFlows"]).toContain("ALLOW_USER_PASSWORD_AUTH");
  const strict = synthesized({ ...stageSettings("evaluation"), passwordSignIn: false });
  expect(clients(strict).staff?.["ExplicitAuthFlows"]).toEqual([
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
  ]);
  expect(clients().staff?.["AllowedOAuthFlowsUserPoolClient"]).not.toBe(true);
});
