import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isRecord, numberOf, recordOf, textOf } from "../json-shape.ts";
import { resourcesOfType, type TemplateView } from "../template-view.ts";

/** One Lambda function of the template, as this host runs it. */
export type FunctionSettings = {
  readonly logicalId: string;
  readonly functionName: string;
  readonly functionArn: string;
  /** The folder under functions/ that the description names, else the function's name. */
  readonly name: string;
  readonly bundleUrl: string;
  readonly handlerName: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly reservedConcurrency?: number;
  readonly logGroupName: string;
  readonly jsonLogs: boolean;
  /** The template's own variables, resolved. */
  readonly environment: Readonly<Record<string, string>>;
};

const RUNTIME = "nodejs24.x";

/**
 * Reads every Lambda function of the template. `rewrite` is applied to each resolved variable. Throws on another runtime
 * and on code that is not a bundle made before.
 */
export function readFunctions(
  template: TemplateView,
  templatePath: string,
  place: { readonly accountId: string; readonly region: string },
  rewrite: (value: string) => string,
): readonly FunctionSettings[] {
  const assets = readAssets(templatePath);
  return resourcesOfType(template, "AWS::Lambda::Function").map(({ logicalId, properties }) => {
    if (properties["Runtime"] !== RUNTIME)
      throw new Error(`Function ${logicalId} does not run on ${RUNTIME}.`);
    const [file, handlerName] = (textOf(properties["Handler"]) ?? "").split(".");
    const bundle = join(
      assets(template.resolve(recordOf(properties["Code"])["S3Key"]), logicalId),
      `${file ?? "index"}.mjs`,
    );
    if (!existsSync(bundle))
      throw new Error(`The bundle of function ${logicalId} is missing; make it again with a new synthesis.`);
    const functionName = template.physicalId(logicalId);
    const logging = recordOf(template.resolve(properties["LoggingConfig"] ?? {}));
    const variables = recordOf(template.resolve(recordOf(properties["Environment"])["Variables"] ?? {}));
    const environment: Record<string, string> = {};
    for (const [name, value] of Object.entries(variables)) {
      if (typeof value !== "string")
        throw new Error(`Variable ${name} of function ${logicalId} does not resolve to text.`);
      environment[name] = rewrite(value);
    }
    const reservedConcurrency = numberOf(properties["ReservedConcurrentExecutions"]);
    return {
      logicalId,
      functionName,
      functionArn: `arn:aws:lambda:${place.region}:${place.accountId}:function:${functionName}`,
      name:
        /^functions\/([\w-]+)\/index\.ts$/u.exec(textOf(properties["Description"]) ?? "")?.[1] ??
        functionName,
      bundleUrl: pathToFileURL(bundle).href,
      handlerName: handlerName ?? "handler",
      timeoutMs: (numberOf(properties["Timeout"]) ?? 3) * 1000,
      memoryMb: numberOf(properties["MemorySize"]) ?? 128,
      logGroupName: textOf(logging["LogGroup"]) ?? `/aws/lambda/${functionName}`,
      jsonLogs: logging["LogFormat"] === "JSON",
      environment,
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
    };
  });
}

/** Finds the folder of a code asset by its S3 key, through the asset manifest beside the template. */
function readAssets(templatePath: string): (key: unknown, logicalId: string) => string {
  const manifestPath = templatePath.replace(/\.template\.json$/u, ".assets.json");
  const folder = dirname(templatePath);
  const manifest: unknown = existsSync(manifestPath) ? JSON.parse(readFileSync(manifestPath, "utf8")) : {};
  const files = recordOf(recordOf(manifest)["files"]);
  return (key, logicalId) => {
    const hash = typeof key === "string" ? key.replace(/\.zip$/u, "") : "";
    const source = files[hash];
    const path = isRecord(source) ? textOf(recordOf(source["source"])["path"]) : undefined;
    if (path === undefined)
      throw new Error(`The code of function ${logicalId} is not an asset beside the template.`);
    return resolve(folder, path);
  };
}
