import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadTemplate } from "../local/aws/template.ts";
import { readFunctions } from "../local/functions/function-settings.ts";

/** A function as the template deploys it. */
export type DeployedFunction = {
  /** Its folder under functions/. */
  readonly name: string;
  readonly bundleUrl: string;
  readonly bundleBytes: number;
  /** The template's variables with every reference resolved. */
  readonly environment: Readonly<Record<string, string>>;
};

/** Every function of the template at `templatePath`, by name. */
export function deployedFunctions(templatePath: string): readonly DeployedFunction[] {
  // Nothing is called: the address only completes the addresses of queues.
  const template = loadTemplate(templatePath, { gatewayUrl: "http://127.0.0.1:4566" });
  const place = { accountId: template.account, region: template.region };
  return readFunctions(template, templatePath, place, (value) => value)
    .map(({ name, bundleUrl, environment }) => ({
      name,
      bundleUrl,
      bundleBytes: statSync(fileURLToPath(bundleUrl)).size,
      environment,
    }))
    .toSorted((one, other) => one.name.localeCompare(other.name));
}
