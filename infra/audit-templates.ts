/** `npm run -s audit-templates -- FILE`: what an EHR's own templates would tell. See infra/template-audit/README.md. */
import { runAuditCommand } from "./template-audit/audit-command.ts";

// Nobody reads the errors any more (2>&1 | head): the exit status still tells.
process.stderr.on("error", () => undefined);
process.exitCode = await runAuditCommand({
  commandArguments: process.argv.slice(2),
  // npm and run.mjs change to the project's root; npm says where it was called.
  folder: process.env["INIT_CWD"] ?? process.cwd(),
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
});
