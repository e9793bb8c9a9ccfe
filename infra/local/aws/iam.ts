import { listOf, recordOf, textOf } from "../json-shape.ts";
import type { Denials } from "./denials.ts";
import { type LocalFunction, rolesNamed } from "./functions.ts";
import type { ConditionContext } from "./policy-conditions.ts";
import {
  evaluateIdentityPolicy,
  evaluateResourcePolicy,
  parsePolicyDocument,
  type Statement,
} from "./policy-document.ts";
import type { Template } from "./template.ts";

/** One permission that a call needs. */
export type PermissionCheck = {
  /** With its service prefix: `dynamodb:PutItem`. */
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
  /** A call that a service makes with the caller's rights (the table's key): denied like any, but no call of its own. */
  readonly implied?: boolean;
  /** The operation asks for it by itself, one item of many, and tells what was refused in its answer. */
  readonly askedByItem?: boolean;
};

/** Decides every permission from the template's policies. */
export type Authorizer = {
  /** The reason why the function may not, or undefined where it may. */
  refuseFunction(caller: LocalFunction, check: PermissionCheck): string | undefined;
  /** The same for an AWS service (SNS, EventBridge, End User Messaging), by the policy of the resource alone. */
  refuseService(service: string, check: PermissionCheck): string | undefined;
  /** The statements of a function's role; throws where its policies cannot be evaluated. */
  statementsOf(caller: LocalFunction): readonly Statement[];
};

const NONE: Pick<Denials, "denies"> = { denies: () => false };

/** Reads the policies of the template, from which `denials` takes away. Roles are read when a function first calls, resources at once. */
export function createAuthorizer(template: Template, denials: Pick<Denials, "denies"> = NONE): Authorizer {
  const resourcePolicies = readResourcePolicies(template);
  const identityPolicies = new Map<string, readonly Statement[]>();
  const boundaries = new Map<string, readonly Statement[] | undefined>();

  const statementsOf = (roleLogicalId: string): readonly Statement[] => {
    const known = identityPolicies.get(roleLogicalId);
    if (known !== undefined) return known;
    const statements = readIdentityPolicies(template, roleLogicalId);
    identityPolicies.set(roleLogicalId, statements);
    return statements;
  };
  const boundaryOf = (roleLogicalId: string): readonly Statement[] | undefined => {
    if (!boundaries.has(roleLogicalId)) boundaries.set(roleLogicalId, readBoundary(template, roleLogicalId));
    return boundaries.get(roleLogicalId);
  };
  const everywhere: ConditionContext = {
    "aws:SecureTransport": ["true"],
    "aws:RequestedRegion": [template.region],
    "aws:PrincipalAccount": [template.account],
    "aws:ResourceAccount": [template.account],
    "kms:CallerAccount": [template.account],
    "s3:ResourceAccount": [template.account],
    "s3:TlsVersion": ["1.3"],
  };

  return {
    statementsOf: (caller) => statementsOf(caller.roleLogicalId),
    refuseFunction(caller, { action, resource, context }) {
      const request = {
        action,
        resource,
        context: {
          ...everywhere,
          "aws:PrincipalArn": [caller.roleArn],
          "aws:PrincipalType": ["AssumedRole"],
          "aws:PrincipalIsAWSService": ["false"],
          "aws:ViaAWSService": [context["kms:ViaService"] === undefined ? "false" : "true"],
          ...context,
        },
      };
      const identity = evaluateIdentityPolicy(statementsOf(caller.roleLogicalId), request);
      const boundary = boundaryOf(caller.roleLogicalId);
      const limit = boundary === undefined ? undefined : evaluateIdentityPolicy(boundary, request);
      const policy = resourcePolicies.get(resourceWithPolicy(resource));
      const owner =
        policy === undefined
          ? { denied: false, allowed: false, delegated: false }
          : evaluateResourcePolicy(policy, request, {
              kind: "role",
              arn: caller.roleArn,
              account: template.account,
            });
      const refusal = (reason: string): string =>
        `User: arn:aws:sts::${template.account}:assumed-role/${template.physicalId(caller.roleLogicalId)}/${caller.physicalName} ` +
        `is not authorized to perform: ${action} on resource: ${resource} because ${reason}`;
      if (identity.denied || owner.denied || limit?.denied === true) return refusal("of an explicit deny");
      if (denials.denies({ function: caller.name, action, resource })) return refusal("it was taken away");
      const byIdentity = identity.allowed && (limit === undefined || limit.allowed);
      // A key's policy is the root of all access to it; other resources add to what the identity may.
      const allowed = action.toLowerCase().startsWith("kms:")
        ? owner.allowed || (owner.delegated && byIdentity)
        : owner.allowed || byIdentity;
      return allowed ? undefined : refusal(`no identity-based policy allows the ${action} action`);
    },
    refuseService(service, { action, resource, context }) {
      const request = {
        action,
        resource,
        context: {
          ...everywhere,
          "aws:SourceAccount": [template.account],
          "aws:PrincipalIsAWSService": ["true"],
          ...context,
        },
      };
      const policy = resourcePolicies.get(resourceWithPolicy(resource)) ?? [];
      const outcome = evaluateResourcePolicy(policy, request, { kind: "service", name: service });
      if (outcome.allowed && !outcome.denied) return undefined;
      return `${service} is not allowed to perform ${action} on ${resource} by that resource's policy.`;
    },
  };
}

/** The policy of an index or an export is its table's, and that of an object its bucket's. */
function resourceWithPolicy(resource: string): string {
  return resource.replace(/^(arn:aws:dynamodb:[^/]+\/[^/]+|arn:aws:s3:::[^/]+)\/.*$/su, "$1");
}

function readIdentityPolicies(template: Template, roleLogicalId: string): readonly Statement[] {
  const role = template.byType("AWS::IAM::Role").find(({ logicalId }) => logicalId === roleLogicalId);
  if (role === undefined) throw new Error(`The template has no role ${roleLogicalId}.`);
  const inline = listOf(role.properties["Policies"]).map((policy) => recordOf(policy)["PolicyDocument"]);
  const attached = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"].flatMap((type) =>
    template
      .byType(type)
      .filter(({ properties }) => rolesNamed(template, properties["Roles"]).includes(roleLogicalId)),
  );
  const byArn = listOf(role.properties["ManagedPolicyArns"]).map((arn) =>
    managedPolicy(template, String(arn)),
  );
  return [...inline, ...attached.map(({ properties }) => properties["PolicyDocument"]), ...byArn].flatMap(
    parsePolicyDocument,
  );
}

function readBoundary(template: Template, roleLogicalId: string): readonly Statement[] | undefined {
  const role = template.byType("AWS::IAM::Role").find(({ logicalId }) => logicalId === roleLogicalId);
  const arn = textOf(role?.properties["PermissionsBoundary"]);
  return arn === undefined ? undefined : parsePolicyDocument(managedPolicy(template, arn));
}

function managedPolicy(template: Template, arn: string): unknown {
  const policy = template
    .byType("AWS::IAM::ManagedPolicy")
    .find(({ logicalId }) => template.physicalId(logicalId) === arn);
  if (policy === undefined) throw new Error("A role uses a managed policy that is not in the template.");
  return policy.properties["PolicyDocument"];
}

/** What KMS gives a key that is created without a policy: everything to the account, so that IAM decides. */
function defaultKeyPolicy(account: string): unknown {
  return {
    Statement: [
      { Effect: "Allow", Action: "kms:*", Resource: "*", Principal: { AWS: `arn:aws:iam::${account}:root` } },
    ],
  };
}

function readResourcePolicies(template: Template): ReadonlyMap<string, readonly Statement[]> {
  const policies = new Map<string, readonly Statement[]>();
  const add = (resource: string, document: unknown): void => {
    policies.set(resource, [...(policies.get(resource) ?? []), ...parsePolicyDocument(document)]);
  };
  for (const { logicalId, properties } of template.byType("AWS::KMS::Key")) {
    add(template.attribute(logicalId, "Arn"), properties["KeyPolicy"] ?? defaultKeyPolicy(template.account));
  }
  for (const { logicalId, properties } of template.byType("AWS::DynamoDB::Table")) {
    const document = recordOf(properties["ResourcePolicy"])["PolicyDocument"];
    if (document !== undefined) add(template.attribute(logicalId, "Arn"), document);
  }
  const queueArns = new Map(
    template
      .byType("AWS::SQS::Queue")
      .map(({ logicalId }) => [template.physicalId(logicalId), template.attribute(logicalId, "Arn")]),
  );
  for (const { properties } of template.byType("AWS::SQS::QueuePolicy")) {
    for (const url of listOf(properties["Queues"]))
      add(queueArns.get(String(url)) ?? String(url), properties["PolicyDocument"]);
  }
  for (const { properties } of template.byType("AWS::SNS::TopicPolicy")) {
    for (const topic of listOf(properties["Topics"])) add(String(topic), properties["PolicyDocument"]);
  }
  for (const { properties } of template.byType("AWS::S3::BucketPolicy"))
    add(`arn:aws:s3:::${String(properties["Bucket"])}`, properties["PolicyDocument"]);
  return policies;
}
