import { type Check, type Finding, listOf, resourcesOf } from "./template.ts";

/** Staff sign in with a second factor from an authenticator app, never by text, and never through OAuth's implicit flow. */
export const checkSignIn: Check = (template) => [
  ...resourcesOf(template, "AWS::Cognito::UserPool").flatMap(({ id, properties }): readonly Finding[] => {
    const factors = listOf(properties["EnabledMfas"]);
    const finding = (message: string): Finding => ({ rule: "SecondFactor", resource: id, message });
    return [
      ...(properties["MfaConfiguration"] === "ON" ? [] : [finding("does not require a second factor")]),
      ...(factors.length === 1 && factors[0] === "SOFTWARE_TOKEN_MFA"
        ? []
        : [finding("allows a second factor besides an authenticator app")]),
      ...(properties["SmsConfiguration"] === undefined ? [] : [finding("can send texts")]),
    ];
  }),
  ...resourcesOf(template, "AWS::Cognito::UserPoolClient").flatMap(
    ({ id, properties }): readonly Finding[] => {
      const finding = (message: string): Finding => ({ rule: "SafeClient", resource: id, message });
      return [
        ...(listOf(properties["AllowedOAuthFlows"]).includes("implicit")
          ? [finding("allows the implicit flow")]
          : []),
        ...(properties["ExplicitAuthFlows"] === undefined
          ? [finding("leaves its sign-in flows to the default")]
          : []),
        ...(properties["EnableTokenRevocation"] === true ? [] : [finding("cannot revoke tokens")]),
        ...(properties["PreventUserExistenceErrors"] === "ENABLED"
          ? []
          : [finding("tells which users exist")]),
      ];
    },
  ),
];
