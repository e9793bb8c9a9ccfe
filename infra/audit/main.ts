/** `npm run -s audit -- verify|report …`: proof and reports from exports, without an AWS account. */
const USAGE =
  "Usage: npm run -s audit -- verify DIR | report NAME DIR | templates   (the first two tell more with --help)";
const UNUSABLE = 2;

// A reader that has seen enough (head, less) is no error; the exit status still tells.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);
process.exitCode = await run(process.argv.slice(2));

async function run([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case "verify": {
      const { runVerify } = await import("./verify/run.ts");
      return runVerify(args);
    }
    case "report": {
      const { runReport } = await import("./report/run.ts");
      return runReport(args);
    }
    case "templates": {
      const { templatesOf } = await import("./templates-file.ts");
      process.stdout.write(`${JSON.stringify(templatesOf(), undefined, 2)}\n`);
      return 0;
    }
    case "--help":
    case "-h":
      process.stdout.write(`${USAGE}\n`);
      return 0;
    default:
      process.stderr.write(`${USAGE}\n`);
      return UNUSABLE;
  }
}
