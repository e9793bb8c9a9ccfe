import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUNDLES_FOLDER } from "./bundle.ts";
import { safeguardsReport } from "./safeguards/report.ts";
import { createApp } from "./synth.ts";

/**
 * Puts the safeguards report of the stack beside the bundle of `export-audit`, which lays it beside every export. The
 * report is made from the template, of which the bundle is a part: so the template is made once before, without code.
 */
export function laySafeguards(bundles: string = BUNDLES_FOLDER): void {
  const outdir = mkdtempSync(join(tmpdir(), "foundphone-safeguards-"));
  try {
    const { app, stack, settings } = createApp({ outdir, validate: false, placeholderCode: true });
    const { template } = app.synth().getStackArtifact(stack.artifactId);
    const { json, html } = safeguardsReport(template, settings);
    writeFileSync(join(bundles, "export-audit/safeguards.json"), json);
    writeFileSync(join(bundles, "export-audit/safeguards.html"), html);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
