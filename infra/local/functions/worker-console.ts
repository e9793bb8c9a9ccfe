import { format } from "node:util";

const LEVELS = {
  trace: "TRACE",
  debug: "DEBUG",
  log: "INFO",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
} as const;

/** Makes `console` write as Lambda's runtime does: one line with time, request id and level, as text or as JSON. */
export function patchConsole(requestId: () => string, jsonLogs: boolean): void {
  for (const [method, level] of Object.entries(LEVELS)) {
    const write = (...values: readonly unknown[]) => {
      const timestamp = new Date().toISOString();
      const message = format(...values);
      const line = jsonLogs
        ? JSON.stringify({ timestamp, level, requestId: requestId(), message })
        : `${timestamp}\t${requestId()}\t${level}\t${message.replaceAll("\n", "\r")}`;
      process.stdout.write(`${line}\n`);
    };
    Object.defineProperty(console, method, { value: write, configurable: true, writable: true });
  }
}
