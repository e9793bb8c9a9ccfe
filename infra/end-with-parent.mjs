// Loaded first into the program that run.mjs starts. That program has a process group of its own, so a kill
// of run.mjs that cannot be passed on (SIGKILL) would leave it running: the closed channel tells it to end.
import { isMainThread } from "node:worker_threads";

const parent = Number(new URL(import.meta.url).searchParams.get("parent"));

// The program's own workers load this file too: Node hands its arguments down to them.
if (isMainThread && process.ppid === parent && process.channel) {
  process.once("disconnect", () => {
    try {
      process.kill(-process.pid, "SIGTERM");
    } catch {
      // Windows has no process groups.
      process.exit(1);
    }
  });
  process.channel.unref();
}
