import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { sharedTemplate } from "./host.ts";

/** What a policy statement of the template says. */
export type TemplateStatement = {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
};

/** The template as CloudFormation reads it. */
export type PlainTemplate = {
  readonly Outputs: Readonly<Record<string, { Value: unknown }>>;
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>
  >;
};

/** A changed template beside which its functions' code is named. */
export type TemplateCopy = { readonly templatePath: string; remove(): void };

type Manifest = {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
};

/** The template of this test run. */
export async function readTemplate(): Promise<PlainTemplate> {
  return JSON.parse(readFileSync(await sharedTemplate(), "utf8")) as PlainTemplate;
}

/** A copy of the template of this test run, changed before it is written. */
export async function copyTemplate(change: (template: PlainTemplate) => void): Promise<TemplateCopy> {
  const original = await sharedTemplate();
  const template = await readTemplate();
  change(template);
  const manifestPath = original.replace(/\.template\.json$/u, ".assets.json");
  const { files } = JSON.parse(readFileSync(manifestPath, "utf8")) as Manifest;
  const named = Object.entries(files).map(([hash, file]) => {
    const path = resolve(dirname(original), file.source.path);
    return [hash, { ...file, source: { ...file.source, path } }];
  });
  const folder = mkdtempSync(join(tmpdir(), "foundphone-template-"));
  // Under their own names: that of the stack stands in policies.
  writeFileSync(join(folder, basename(manifestPath)), JSON.stringify({ files: Object.fromEntries(named) }));
  const templatePath = join(folder, basename(original));
  writeFileSync(templatePath, JSON.stringify(template));
  return {
    templatePath,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The statements of the role of a function, by the beginning of the function's logical id. */
export function statementsOf(template: PlainTemplate, functionId: string): readonly TemplateStatement[] {
  return Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties }]) => {
    if (Type !== "AWS::IAM::Policy" || !logicalId.startsWith(`${functionId}Role`)) return [];
    const { Statement } = Properties["PolicyDocument"] as { readonly Statement: TemplateStatement[] };
    return Statement;
  });
}

/** Whether a statement allows a key's use only by another service, which asks for it in the caller's name. */
export function holdsByWayOfAService({ Condition }: TemplateStatement): boolean {
  return JSON.stringify(Condition ?? {}).includes("kms:ViaService");
}

/** Takes one action on one resource from a function. Throws where the function has no such grant. */
export function takeGrant(
  template: PlainTemplate,
  functionId: string,
  action: string,
  resourceId: string,
): void {
  let taken = 0;
  for (const statement of statementsOf(template, functionId)) {
    const actions = [statement.Action].flat();
    const names = JSON.stringify(statement.Resource).includes(`"${resourceId}`);
    if (!names || !actions.includes(action) || holdsByWayOfAService(statement)) continue;
    statement.Action = actions.filter((each) => each !== action);
    taken += 1;
    // A statement without actions is no policy.
    if (statement.Action.length === 0) statement.Action = ["sts:GetCallerIdentity"];
  }
  if (taken === 0) throw new Error(`${functionId} has no ${action} on ${resourceId}.`);
}

/** Makes the number one whose carrier acts on STOP, and takes away what hears patients' texts: only its list tells. */
export function withCarrierOptOuts({ Resources, Outputs }: PlainTemplate): void {
  const [mapping] = Object.entries(Resources).find(([id]) => id.startsWith("InboundTextsDelivery")) ?? [];
  const regime = Outputs["NumberSelfManagedOptOuts"];
  if (mapping === undefined || regime === undefined) throw new Error("The template has changed.");
  Reflect.deleteProperty(Resources, mapping);
  regime.Value = "false";
}
