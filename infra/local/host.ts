import type { AddressInfo } from "node:net";
import type { Clock } from "./aws/clock.ts";
import { problem } from "./control/problems.ts";
import { listen } from "./http/server.ts";
import type { Stack } from "./stack.ts";
import { StartFailure } from "./start-failure.ts";

/** The host, listening; the stack behind it is loaded in a second step. */
export type Host = {
  /** Base address, for example `http://127.0.0.1:4400`. */
  readonly base: string;
  /** Starts everything that the template describes. Throws where the template cannot be hosted. */
  load(templatePath: string): Promise<Stack>;
  stop(): Promise<void>;
};

const ADDRESS = "127.0.0.1";

/** Listens on a port of 127.0.0.1; until a template is loaded, every request is answered with 503. */
export async function openHost({
  port,
  clock,
}: {
  readonly port: number;
  readonly clock: Clock;
}): Promise<Host> {
  let stack: Stack | undefined;
  const server = await listen(
    port,
    async (request, path, query) =>
      stack === undefined
        ? problem("unavailable", "The local host is starting.")
        : stack.answer(request, path, query),
    (error) => {
      process.stderr.write(
        `local host: ${error instanceof Error ? (error.stack ?? error.message) : "unknown failure"}\n`,
      );
    },
  ).catch((error: unknown) => {
    throw listenFailure(error, port);
  });
  const base = `http://${ADDRESS}:${String((server.address() as AddressInfo).port)}`;
  return {
    base,
    async load(templatePath) {
      // Late, because the stand-ins for AWS take half a second to load, and a taken port should be told at once.
      const { startStack } = await import("./stack.ts");
      stack = await startStack(templatePath, base, clock);
      return stack;
    },
    async stop() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeAllConnections();
      await stack?.stop();
      await closed;
    },
  };
}

function listenFailure(error: unknown, port: number): Error {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return new StartFailure(
      `Port ${String(port)} is taken: end what uses it, or choose another one, for example PORT=${String(port + 1)} npm start.`,
    );
  }
  if (code === "EACCES")
    return new StartFailure(
      `Port ${String(port)} may not be used by you: choose one from 1024 up, for example PORT=4400 npm start.`,
    );
  return error instanceof Error ? error : new Error("The port cannot be opened.");
}
