/** `npm run -s import -- FILE --kind KIND`: imports a file into a running practice. See infra/import/README.md. */
import { runImportCommand } from "./import/import-command.ts";

// Nobody reads the errors any more (2>&1 | head): the exit status still tells.
process.stderr.on("error", () => undefined);
process.stdout.on("error", () => undefined);
process.exitCode = await runImportCommand({
  commandArguments: process.argv.slice(2),
  // npm and run.mjs change to the project's root; npm says where it was called.
  folder: process.env["INIT_CWD"] ?? process.cwd(),
  environment: { token: process.env["FOUNDPHONE_TOKEN"], base: process.env["FOUNDPHONE_BASE"] },
  output: process.stdout,
  errors: process.stderr,
});
