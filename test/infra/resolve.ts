import { at, isRecord, listOf, type Template, type Value } from "#infra/checks/template.ts";

const PSEUDO: Readonly<Record<string, string>> = {
  "AWS::AccountId": "000000000000",
  "AWS::Partition": "aws",
  "AWS::Region": "us-east-1",
  "AWS::URLSuffix": "amazonaws.com",
};

const REF_SHAPES: Readonly<Record<string, (id: string) => string>> = {
  "AWS::SQS::Queue": (id) => `https://sqs.us-east-1.amazonaws.com/000000000000/${id}`,
};

/** The text that CloudFormation would put in place of `value`, in the form that the real one has. */
export function resolveText(template: Template, value: Value): string {
  if (typeof value === "string") return value;
  const reference = at(value, "Ref");
  if (typeof reference === "string") {
    const type = template.Resources[reference]?.Type;
    const shape = type === undefined ? undefined : REF_SHAPES[type];
    return PSEUDO[reference] ?? shape?.(reference) ?? reference;
  }
  const attribute = at(value, "Fn::GetAtt");
  if (Array.isArray(attribute)) {
    const [id, name] = attribute.map(String);
    return name === "Arn" ? `arn:aws:service:us-east-1:000000000000:${id}` : `${id}.${name}`;
  }
  const join = at(value, "Fn::Join");
  if (Array.isArray(join)) {
    return listOf(join[1])
      .map((part) => resolveText(template, part))
      .join(String(join[0]));
  }
  throw new Error(`unknown intrinsic: ${isRecord(value) ? Object.keys(value).join() : typeof value}`);
}
