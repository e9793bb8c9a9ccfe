import { findBreaches } from "../checks/foundphone-checks.ts";
import { at, listOf, mentions, referenced, type Template } from "../checks/template.ts";
import { everyOne, type Probe, unless } from "./evidence.ts";
import { compare } from "./inventory.ts";
import { numberAt, type Part, partsOf, plainName } from "./system.ts";

/** Anybody may ask whether the service lives and how its API looks. */
const PUBLIC_PATHS = new Set(["/health", "/openapi.json"]);

/** Rules of our own checks about who may do what. */
const RIGHTS_RULES = new Set([
  "NoAnonymousPrincipal",
  "NoEscalation",
  "NoScan",
  "NoWildcardAction",
  "SendersWriteNoWords",
  "WordsByPracticeAlone",
]);
const PLANE_RULES = new Set([
  "OnlyAlertPlaneKnowsOptOutList",
  "OnlyAlertPlaneSends",
  "ReadersCannotSend",
  "SendersCannotRead",
  "WritersOnlySeal",
]);

const SIGN_IN = ["test/infra/sign-in.test.ts"];
const SESSIONS = ["test/unit/staff/sessions.test.ts", "test/integration/sessions.test.ts"];

function pathOf(template: Template, resource: unknown): string {
  const id = referenced(resource);
  const properties = id === undefined ? undefined : template.Resources[id]?.Properties;
  const part = at(properties, "PathPart");
  return typeof part === "string" ? `${pathOf(template, at(properties, "ParentId"))}/${part}` : "";
}

export const staffRoutesGuarded: Probe = ({ template }) => {
  const guarded = partsOf(template, "AWS::ApiGateway::Authorizer").map(({ properties }) =>
    referenced(at(properties, "RestApiId")),
  );
  const methods = partsOf(template, "AWS::ApiGateway::Method").filter(
    ({ properties }) =>
      guarded.includes(referenced(at(properties, "RestApiId"))) && at(properties, "HttpMethod") !== "OPTIONS",
  );
  const asksNobody = ({ properties }: Part) => at(properties, "AuthorizerId") === undefined;
  const open = methods.filter(asksNobody).map(({ properties }) => ({
    path: pathOf(template, at(properties, "ResourceId")),
    method: String(at(properties, "HttpMethod")),
  }));
  const routed = methods.filter(({ properties }) => at(properties, "Integration", "Type") !== "MOCK");
  const wrong = open.filter(({ path, method }) => !PUBLIC_PATHS.has(path) && method !== "ANY");
  return unless(
    "Every route of the staff API asks the authorizer; only its health and its description are open",
    routed.length === 0
      ? []
      : [`${routed.filter((one) => !asksNobody(one)).length} routes ask the authorizer`],
    guarded.length === 0
      ? ["no API has an authorizer"]
      : wrong.map(({ path, method }) => `${method} ${path} asks nobody`),
    ["test/infra/apis.test.ts", "test/unit/domain/roles.test.ts", "test/integration/bad-input.test.ts"],
  );
};

export const authorizerAsksEveryTime: Probe = ({ template }) =>
  everyOne(
    "The authorizer looks at token and session on every call, so that a revocation holds from the next one on",
    partsOf(template, "AWS::ApiGateway::Authorizer"),
    ({ properties }) => {
      const seconds = numberAt(properties, "AuthorizerResultTtlInSeconds") ?? 300;
      return seconds === 0 ? { has: "no caching" } : { lacks: `answers are kept for ${seconds} s` };
    },
    ["test/infra/apis.test.ts", ...SESSIONS],
  );

export const staffHaveRoles: Probe = ({ template }) => {
  const groups = partsOf(template, "AWS::Cognito::UserPoolGroup").map(({ properties }) =>
    String(at(properties, "GroupName")),
  );
  return unless(
    "Staff act under roles, each with its own operations; auditors and administrators are apart",
    groups.length === 0 ? [] : [`groups: ${groups.toSorted(compare).join(", ")}`],
    ["admin", "auditor", "compliance"]
      .filter((name) => !groups.includes(name))
      .map((name) => `no group ${name}`),
    ["test/unit/domain/roles.test.ts", "test/infra/sign-in.test.ts"],
  );
};

export const oneIdentityEach: Probe = ({ template }) =>
  everyOne(
    "Every person has an identity of their own, and nobody can enrol themselves",
    partsOf(template, "AWS::Cognito::UserPool"),
    ({ properties }) => {
      if (at(properties, "AdminCreateUserConfig", "AllowAdminCreateUserOnly") !== true)
        return { lacks: "anybody can enrol" };
      return listOf(at(properties, "UsernameAttributes")).includes("email")
        ? { has: "one user for one address; AllowAdminCreateUserOnly" }
        : { lacks: "names are not addresses" };
    },
    [...SIGN_IN, "test/unit/staff/authorize.test.ts"],
  );

export const staffProveTwice: Probe = ({ template }) =>
  everyOne(
    "Staff sign in with a password and a code from an authenticator app; codes by text are off",
    partsOf(template, "AWS::Cognito::UserPool"),
    ({ properties }) => {
      const ways = listOf(at(properties, "EnabledMfas")).map(String);
      const mode = String(at(properties, "MfaConfiguration"));
      if (mode !== "ON") return { lacks: `MFA is ${mode === "undefined" ? "off" : mode.toLowerCase()}` };
      return ways.includes("SMS_MFA") || ways.length === 0
        ? { lacks: "codes come by text" }
        : { has: `MfaConfiguration ON, ${ways.join(", ")}` };
    },
    [...SIGN_IN, "test/infra/own-checks.test.ts"],
  );

export const passwordsAreStrong: Probe = ({ template }) =>
  everyOne(
    "Passwords have at least 12 characters, are not used again, and a first one lasts a day or two",
    partsOf(template, "AWS::Cognito::UserPool"),
    ({ properties }) => {
      const policy = at(properties, "Policies", "PasswordPolicy");
      const length = numberAt(policy, "MinimumLength") ?? 8;
      if (length < 12) return { lacks: `${length} characters suffice` };
      if ((numberAt(policy, "PasswordHistorySize") ?? 0) === 0) return { lacks: "passwords come again" };
      return (numberAt(policy, "TemporaryPasswordValidityDays") ?? 7) > 2
        ? { lacks: "first passwords last long" }
        : { has: `${length} characters, ${String(at(policy, "PasswordHistorySize"))} remembered` };
    },
    SIGN_IN,
  );

export const tokensAreShort: Probe = ({ template }) =>
  everyOne(
    "Access tokens live 15 minutes at most and can be revoked; the session behind them ends after 15 minutes idle " +
      "and 12 hours in all",
    partsOf(template, "AWS::Cognito::UserPoolClient"),
    ({ properties }) => {
      const unit = at(properties, "TokenValidityUnits", "AccessToken") ?? "hours";
      const factor = unit === "minutes" ? 1 : 60;
      const minutes =
        unit === "seconds"
          ? (numberAt(properties, "AccessTokenValidity") ?? 3600) / 60
          : (numberAt(properties, "AccessTokenValidity") ?? 1) * factor;
      if (minutes > 15) return { lacks: `tokens live ${minutes} minutes` };
      return at(properties, "EnableTokenRevocation") === true
        ? { has: `${minutes} minutes` }
        : { lacks: "tokens cannot be revoked" };
    },
    [...SIGN_IN, ...SESSIONS],
  );

export const rolesHaveLeastRights: Probe = (system) => {
  const breaches = findBreaches(system.template).filter(({ rule }) => RIGHTS_RULES.has(rule));
  const roles = system.roles.filter(({ functions }) => functions.length > 0).length;
  return unless(
    "Each function has a role of its own, without wildcard, without scanning, and without a way to more rights",
    roles === 0 ? [] : [`${roles} roles for ${system.functions.length} functions`],
    [
      ...breaches.map(({ resource, message }) => `${plainName(resource)} ${message}`),
      ...system.functions
        .filter(({ rights }) => rights === undefined)
        .map(({ name }) => `${name} has no role`),
    ],
    [
      "test/infra/own-checks.test.ts",
      "test/infra/functions.test.ts",
      "test/infra/words.test.ts",
      "test/integration/planes.test.ts",
    ],
  );
};

export const planesKeptApart: Probe = (system) => {
  const breaches = findBreaches(system.template).filter(({ rule }) => PLANE_RULES.has(rule));
  const named = (plane: string) =>
    system.functions
      .filter((one) => one.plane === plane)
      .map(({ name }) => name)
      .toSorted(compare)
      .join(", ");
  return unless(
    "What can reach a phone cannot open content, and what can open content cannot reach a phone",
    [`alert plane: ${named("alert")}; content plane: ${named("content")}; writers: ${named("writer")}`],
    breaches.map(({ resource, message }) => `${plainName(resource)} ${message}`),
    ["test/infra/own-checks.test.ts", "test/integration/planes.test.ts", "test/integration/canaries.test.ts"],
  );
};

export const firewallsInFront: Probe = ({ template }) =>
  everyOne(
    "A firewall with rate limits stands in front of every API",
    partsOf(template, "AWS::ApiGateway::Stage"),
    ({ id }) =>
      partsOf(template, "AWS::WAFv2::WebACLAssociation").some(({ properties }) =>
        mentions(at(properties, "ResourceArn"), id),
      )
        ? { has: "web ACL" }
        : { lacks: "no web ACL" },
    ["test/infra/apis.test.ts"],
  );

export const contentInOwnNetwork: Probe = ({ functions }) =>
  everyOne(
    "Functions that may open content run in a network without a way out",
    functions.filter(({ plane }) => plane === "content"),
    ({ properties }) =>
      listOf(at(properties, "VpcConfig", "SubnetIds")).length > 0
        ? { has: "in a VPC" }
        : {
            lacks:
              "runs outside of any VPC; what it may reach in AWS is bounded by its role, plain HTTP is not",
          },
    ["test/infra/functions.test.ts"],
  );

export const runtimesMaintained: Probe = ({ template }) =>
  everyOne(
    "Functions run on a runtime that AWS patches, from code that is bundled with its dependencies",
    partsOf(template, "AWS::Lambda::Function"),
    ({ properties }) => {
      const runtime = String(at(properties, "Runtime"));
      const major = Number(/^nodejs(\d+)\.x$/.exec(runtime)?.[1] ?? 0);
      return major >= 22 ? { has: runtime } : { lacks: `runtime ${runtime}` };
    },
    ["test/infra/functions.test.ts", "test/unit/lock-file.test.ts"],
  );

export const emergencyAccess: Probe = ({ functions }) => {
  const found = functions.filter(({ name }) => name.includes("emergency")).map(({ name }) => name);
  return unless(
    "There is a way to content in an emergency that tells the compliance officer at once",
    found.map((name) => `function ${name}`),
    found.length > 0 ? [] : ["emergency access is not built yet"],
    ["test/infra/functions.test.ts"],
  );
};

export const checkedAtEverySynthesis: Probe = ({ template }) => {
  const breaches = findBreaches(template);
  return unless(
    "The whole configuration is one template, checked against the HIPAA Security rule pack and our own rules at every " +
      "synthesis",
    [`${Object.keys(template.Resources).length > 0 ? "every resource" : "nothing"} in one template`],
    breaches.map(({ rule, resource }) => `${plainName(resource)} breaks ${rule}`),
    ["test/infra/validation.test.ts", "test/infra/own-checks.test.ts"],
  );
};
