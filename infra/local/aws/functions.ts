import { listOf, recordOf, textOf } from "../json-shape.ts";
import type { Template } from "./template.ts";

/** One Lambda function of the template. */
export type LocalFunction = {
  readonly logicalId: string;
  /** The folder under functions/ where its description names one, else its physical name. */
  readonly name: string;
  readonly physicalName: string;
  readonly arn: string;
  readonly roleLogicalId: string;
  readonly roleArn: string;
  readonly environment: Readonly<Record<string, string>>;
};

/** Every function of the template; throws where two would have the same name or a role is not in the template. */
export function functionsOf(template: Template): readonly LocalFunction[] {
  const roles = new Map(
    template
      .byType("AWS::IAM::Role")
      .map(({ logicalId }) => [template.attribute(logicalId, "Arn"), logicalId]),
  );
  const functions = template
    .byType("AWS::Lambda::Function")
    .map(({ logicalId, properties }): LocalFunction => {
      const physicalName = template.physicalId(logicalId);
      const folder = /^functions\/([a-z0-9-]+)\/index\.ts$/.exec(
        textOf(properties["Description"]) ?? "",
      )?.[1];
      const roleArn = textOf(properties["Role"]) ?? "";
      const roleLogicalId = roles.get(roleArn);
      if (roleLogicalId === undefined) throw new Error(`The role of ${logicalId} is not in the template.`);
      const variables = Object.entries(recordOf(recordOf(properties["Environment"])["Variables"]));
      return {
        logicalId,
        name: folder ?? physicalName,
        physicalName,
        arn: template.attribute(logicalId, "Arn"),
        roleLogicalId,
        roleArn,
        environment: Object.fromEntries(variables.map(([key, value]) => [key, String(value)])),
      };
    });
  const names = functions.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new Error(`Two functions are called ${repeated}.`);
  return functions;
}

/** The logical ids of a `Roles` list of resolved role names. */
export function rolesNamed(template: Template, names: unknown): readonly string[] {
  const byName = new Map(
    template.byType("AWS::IAM::Role").map(({ logicalId }) => [template.physicalId(logicalId), logicalId]),
  );
  return listOf(names).map((name) => {
    const logicalId = byName.get(String(name));
    if (logicalId === undefined)
      throw new Error("A policy is attached to a role that is not in the template.");
    return logicalId;
  });
}
