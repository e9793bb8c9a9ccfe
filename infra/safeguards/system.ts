import { type RoleRights, rolesOf } from "../checks/statements.ts";
import {
  at,
  isRecord,
  listOf,
  referenced,
  resourcesOf,
  type Template,
  type Value,
} from "../checks/template.ts";
import type { StageSettings } from "../stages.ts";
import { type Plane, planeOf } from "./planes.ts";

/** A resource of the template with everything that is written about it. */
export interface Part {
  /** Logical id. */
  readonly id: string;
  readonly type: string;
  readonly properties: Value;
  readonly deletionPolicy: Value;
}

/** A Lambda function with what its role may do. */
export interface FunctionPart extends Part {
  /** Name of its folder. */
  readonly name: string;
  readonly rights: RoleRights | undefined;
  readonly plane: Plane;
}

/** What the report reads: a template, its settings, and what both say about roles. */
export interface System {
  readonly template: Template;
  readonly settings: StageSettings;
  readonly roles: readonly RoleRights[];
  readonly functions: readonly FunctionPart[];
}

/** Reads a synthesized template; throws when it is none. */
export function readSystem(template: unknown, settings: StageSettings): System {
  if (!isTemplate(template)) throw new Error("this is no CloudFormation template with resources");
  const roles = rolesOf(template);
  return {
    template,
    settings,
    roles,
    functions: partsOf(template, "AWS::Lambda::Function").map((part) => {
      const role = referenced(at(part.properties, "Role"));
      const rights = roles.find((one) => one.role === role);
      return { ...part, name: folderOf(part), rights, plane: planeOf(rights) };
    }),
  };
}

/** Every resource of a type. */
export function partsOf(template: Template, ...types: readonly string[]): readonly Part[] {
  return types.flatMap((type) =>
    resourcesOf(template, type).map(({ id, properties }) => ({
      id,
      type,
      properties,
      deletionPolicy: at(template.Resources[id], "DeletionPolicy"),
    })),
  );
}

/** A logical id without the eight hexadecimal digits that the CDK adds. */
export function plainName(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, "");
}

/** A number that is written in the template; undefined where it is none. */
export function numberAt(value: Value, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  if (typeof found === "number") return found;
  return typeof found === "string" && /^\d+$/.test(found) ? Number(found) : undefined;
}

/** The statements of a policy document with its effect, actions and the rest as they are written. */
export function statementsOf(document: Value): readonly Readonly<Record<string, Value>>[] {
  return listOf(at(document, "Statement")).filter(isRecord);
}

function folderOf({ properties, id }: Part): string {
  const description = at(properties, "Description");
  const folder = typeof description === "string" ? /^functions\/([^/]+)\//.exec(description)?.[1] : undefined;
  return folder ?? plainName(id);
}

function isTemplate(value: unknown): value is Template {
  const resources = at(value, "Resources");
  return isRecord(resources) && Object.values(resources).every((one) => typeof at(one, "Type") === "string");
}
