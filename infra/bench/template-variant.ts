import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { recordOf } from "../local/json-shape.ts";

/** What differs between two originators. */
export type OriginatorVariant = {
  /** Message parts a second; null for a number without a limit. */
  readonly partsPerSecond: number | null;
  /** Runs of `send-alert` at once for the bulk queue. */
  readonly bulkConcurrency: number;
};

/**
 * Writes a copy of the template at `templatePath` into `folder`, for another originator: what a stage with another
 * `textsPerSecond` would deploy. The functions' code stays where it is.
 */
export function writeVariant(
  templatePath: string,
  folder: string,
  name: string,
  { partsPerSecond, bulkConcurrency }: OriginatorVariant,
): string {
  const template = recordOf(JSON.parse(readFileSync(templatePath, "utf8")));
  let changed = 0;
  for (const [logicalId, resource] of Object.entries(recordOf(template["Resources"]))) {
    const properties = recordOf(recordOf(resource)["Properties"]) as Record<string, unknown>;
    const variables = recordOf(recordOf(properties["Environment"])["Variables"]) as Record<string, unknown>;
    if (variables["TEXTS_PER_SECOND"] !== undefined) {
      if (partsPerSecond === null) delete variables["TEXTS_PER_SECOND"];
      else variables["TEXTS_PER_SECOND"] = String(partsPerSecond);
      // Local addresses are short: a text has one part.
      variables["TEXT_PARTS_MAX"] = "1";
      changed += 1;
    }
    const isBulk = logicalId.startsWith("BulkAlerts") && properties["ScalingConfig"] !== undefined;
    if (isBulk) {
      properties["ScalingConfig"] = { MaximumConcurrency: bulkConcurrency };
      changed += 1;
    }
  }
  if (changed !== 2) throw new Error("the template has no one originator and bulk queue");
  const assetsPath = templatePath.replace(/\.template\.json$/u, ".assets.json");
  const { files } = recordOf(JSON.parse(readFileSync(assetsPath, "utf8")));
  const named = Object.fromEntries(
    Object.entries(recordOf(files)).map(([hash, file]) => {
      const source = recordOf(recordOf(file)["source"]);
      const path = resolve(dirname(templatePath), String(source["path"]));
      return [hash, { ...recordOf(file), source: { ...source, path } }];
    }),
  );
  writeFileSync(join(folder, `${name}.assets.json`), JSON.stringify({ files: named }));
  const variantPath = join(folder, `${name}.template.json`);
  writeFileSync(variantPath, JSON.stringify(template));
  return variantPath;
}
