import { isRecord, type JsonRecord, recordOf, textOf } from "./json-shape.ts";

/** What the hosting side reads of the synthesized template. */
export type TemplateView = {
  readonly resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: JsonRecord | undefined }>
  >;
  /** Resolves every intrinsic function inside `value`; throws on one that it does not know. */
  resolve(value: unknown): unknown;
  /** What `Ref` of the resource gives on this host. */
  physicalId(logicalId: string): string;
};

/** One resource of the template with its logical id. */
export type TemplateResource = { readonly logicalId: string; readonly properties: JsonRecord };

/** Every resource of one type, in template order. */
export function resourcesOfType(template: TemplateView, type: string): readonly TemplateResource[] {
  return Object.entries(template.resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([logicalId, resource]) => ({ logicalId, properties: recordOf(resource.Properties) }));
}

/** The logical id that `value` names by `Ref` or `Fn::GetAtt`; throws where it names none. */
export function referenceOf(
  value: unknown,
  what: string,
): { readonly logicalId: string; readonly attribute?: string } {
  if (isRecord(value)) {
    const ref = textOf(value["Ref"]);
    if (ref !== undefined) return { logicalId: ref };
    const getAtt = value["Fn::GetAtt"];
    const parts = typeof getAtt === "string" ? getAtt.split(".") : getAtt;
    if (Array.isArray(parts) && typeof parts[0] === "string" && typeof parts[1] === "string") {
      return { logicalId: parts[0], attribute: parts.slice(1).join(".") };
    }
  }
  throw new Error(`The template does not name ${what} by Ref or Fn::GetAtt.`);
}

/** Finds the Lambda function whose ARN stands inside a resolved text; throws where there is none. */
export function functionIn(template: TemplateView, resolved: unknown, what: string): string {
  const name = typeof resolved === "string" ? /:function:([\w-]+)/.exec(resolved)?.[1] : undefined;
  const found = resourcesOfType(template, "AWS::Lambda::Function").find(
    ({ logicalId }) => name !== undefined && template.physicalId(logicalId) === name,
  );
  if (found === undefined) throw new Error(`${what} names no Lambda function of the template.`);
  return found.logicalId;
}
