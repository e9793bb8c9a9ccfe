/** `npm run -s classify`: JSON Lines of texts in, one verdict a line out. See infra/classification/README.md. */
import { runClassifyCommand } from "./classification/classify-command.ts";

// A reader that has seen enough (head, less) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});
if (process.stdin.isTTY) {
  process.stderr.write(
    'Usage: npm run -s classify < FILE   (JSON Lines: {"id"?, "text", "direction"?: "outbound"|"inbound"}; Ctrl-D ends)\n',
  );
}
process.exitCode = await runClassifyCommand(process.stdin, process.stdout);
