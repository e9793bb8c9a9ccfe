/** A CloudFormation value: a literal or an intrinsic. */
export type Value = unknown;

/** One resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, Value>>;
}

/** What our checks read of a synthesized template. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** One breach of a rule, at one resource. */
export interface Finding {
  readonly rule: string;
  /** Logical id. */
  readonly resource: string;
  readonly message: string;
}

/** Looks at a whole template and tells every breach of its rules. */
export type Check = (template: Template) => readonly Finding[];

/** Logical ids and properties of all resources of `type`. */
export function resourcesOf(
  template: Template,
  type: string,
): readonly { readonly id: string; readonly properties: Readonly<Record<string, Value>> }[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => ({ id, properties: resource.Properties ?? {} }));
}

/** Whether `value` is an object with string keys: a literal one or an intrinsic. */
export function isRecord(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The property at `path`; undefined where anything on the way is missing or an intrinsic. */
export function at(value: Value, ...path: readonly string[]): Value {
  return path.reduce<Value>((inner, name) => (isRecord(inner) ? inner[name] : undefined), value);
}

/** `value` as a list: a single value is a list of one, nothing is an empty one. */
export function listOf(value: Value): readonly Value[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** The logical id that a `Ref` or `Fn::GetAtt` names. */
export function referenced(value: Value): string | undefined {
  if (!isRecord(value)) return undefined;
  const { Ref: ref, "Fn::GetAtt": attribute } = value;
  if (typeof ref === "string") return ref;
  const [id] = Array.isArray(attribute) ? attribute : [];
  return typeof id === "string" ? id : undefined;
}

/** Whether `value` names the resource `id` anywhere inside. */
export function mentions(value: Value, id: string): boolean {
  if (referenced(value) === id) return true;
  if (Array.isArray(value)) return value.some((inner) => mentions(inner, id));
  return isRecord(value) && Object.values(value).some((inner) => mentions(inner, id));
}
