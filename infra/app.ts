import { rmSync } from "node:fs";
import { join } from "node:path";
import { bundleFunctions } from "./bundle.ts";
import { laySafeguards } from "./lay-safeguards.ts";
import { createApp } from "./synth.ts";

// The CDK's command line names a folder of its own; `npm run synth` writes a fresh cdk.out.
const givenFolder = process.env["CDK_OUTDIR"];
const outdir = givenFolder ?? join(import.meta.dirname, "../cdk.out");
if (givenFolder === undefined) rmSync(outdir, { recursive: true, force: true });

await bundleFunctions();
laySafeguards();
createApp({ outdir }).app.synth();
