import { overlaps, type RoleRights } from "../checks/statements.ts";
import { at, isRecord, referenced, type Value } from "../checks/template.ts";

/** Where a function stands by what its role may do, whatever it is called. */
export type Plane = "alert" | "content" | "writer" | "proof" | "other";

/** What to call the planes on paper. */
export const PLANE_NAMES: Readonly<Record<Plane, string>> = {
  alert: "Alert plane: may reach a phone, may not open content",
  content: "Content plane: may open content, may not reach a phone",
  writer: "Writers: may seal content, may not open it again",
  proof: "Proof: anchors, exports and readings of the audit",
  other: "Others: neither content nor phones",
};

const REACHES_PERSONS = ["ses:Send*", "sms-voice:*"];
const PROVES = ["kms:Sign", "dynamodb:ExportTableToPointInTime"];

/** Every allowed action of a role with the resource that it is allowed on. */
export function grantsOf(
  rights: RoleRights | undefined,
): readonly { readonly action: string; readonly target: unknown }[] {
  return (rights?.allowed ?? []).flatMap(({ actions, resources }) =>
    actions.flatMap((action) => resources.map((target) => ({ action, target }))),
  );
}

/** The logical id that a resource of a statement names, also where more is joined to it (`…/index/due-work`). */
export function targetOf(value: Value): string | undefined {
  const direct = referenced(value);
  if (direct !== undefined) return direct;
  const inner = isRecord(value) ? at(value, "Fn::Join") : value;
  if (!Array.isArray(inner)) return undefined;
  return inner.map(targetOf).find((id) => id !== undefined && !id.startsWith("AWS::"));
}

/** The plane that a role's rights put a function in. */
export function planeOf(rights: RoleRights | undefined): Plane {
  const grants = grantsOf(rights);
  const may = (pattern: string, name = "") =>
    grants.some(({ action, target }) => {
      const id = targetOf(target);
      return overlaps(action, pattern) && (id === undefined ? target === "*" : id.startsWith(name));
    });
  if (grants.some(({ action }) => REACHES_PERSONS.some((pattern) => overlaps(action, pattern))))
    return "alert";
  if (may("kms:Decrypt", "ContentKey")) return "content";
  if (may("kms:GenerateDataKey", "ContentKey")) return "writer";
  if (
    grants.some(({ action }) => PROVES.some((pattern) => overlaps(action, pattern))) ||
    may("dynamodb:Query", "Audit")
  )
    return "proof";
  return "other";
}
