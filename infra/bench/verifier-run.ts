/** Verifies an export; ends with 1 unless it is proved. Prints the most memory that it had (KiB). */
import { runVerify } from "../audit/verify/run.ts";

const status = await runVerify([process.argv[2] ?? ""], {
  folder: process.cwd(),
  write: () => undefined,
  complain: (text) => process.stderr.write(text),
  isTerminal: false,
  now: () => new Date(),
});
process.stdout.write(String(process.resourceUsage().maxRSS));
process.exitCode = status === 0 ? 0 : 1;
