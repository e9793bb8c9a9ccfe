/** `npm run -s safeguards`: which HIPAA safeguards the stack has, from its template. See infra/safeguards. */
import { runSafeguards } from "./safeguards/command.ts";

// Nobody reads any more (2>&1 | head): the exit status still tells.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
process.exitCode = await runSafeguards({
  commandArguments: process.argv.slice(2),
  // npm and run.mjs change to the project's root; npm says where it was called.
  folder: process.env["INIT_CWD"] ?? process.cwd(),
  output: process.stdout,
  errors: process.stderr,
});
