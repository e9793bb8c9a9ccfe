import { bundleFunctions } from "../bundle.ts";

// A process of its own: the CDK needs 190 MB that the host then does not hold. Bundling runs while the CDK loads.
const outdir = process.argv[2];
if (outdir === undefined) throw new Error("Give the folder for the template.");
const [{ createApp }, { laySafeguards }] = await Promise.all([
  import("../synth.ts"),
  import("../lay-safeguards.ts"),
  bundleFunctions(),
]);
laySafeguards();
createApp({ outdir, validate: false }).app.synth();
