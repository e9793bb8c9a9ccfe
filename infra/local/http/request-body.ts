import type { IncomingMessage } from "node:http";

/** A request body that is read only as far as it is asked for. */
export type RequestBody = {
  /** Reads until there are `bytes` bytes or the body ends; says how many were read and whether that is all. */
  readUpTo(bytes: number): Promise<{ readonly bytes: number; readonly complete: boolean }>;
  /** What has been read so far. */
  content(): Buffer;
  /**
   * Lets the rest of the body pass without keeping it: a caller that is still writing would not read the answer, and
   * sees a broken connection instead. Resolves when it has passed, or is too long or too slow to wait for.
   */
  discard(): Promise<void>;
};

const DISCARDED_BYTES_MAX = 64 * 1024 * 1024;
const DISCARD_TIMEOUT_MS = 10_000;

/** Wraps a request's body. A caller that hangs up makes `readUpTo` reject. */
export function createRequestBody(request: IncomingMessage): RequestBody {
  const chunks: Buffer[] = [];
  let length = 0;
  let complete = false;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  request.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    request.pause();
    wake?.();
  });
  request.on("end", () => {
    complete = true;
    wake?.();
  });
  request.on("close", () => {
    if (!complete) failure ??= new Error("The caller hung up.");
    wake?.();
  });
  request.on("error", (error) => {
    failure ??= error;
    wake?.();
  });
  request.pause();
  return {
    async readUpTo(bytes) {
      while (length < bytes && !complete && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          request.resume();
        });
        wake = undefined;
      }
      if (failure !== undefined) throw failure;
      // The end of the body is only announced after the last byte was taken.
      if (length >= bytes && !complete) return { bytes: length, complete: false };
      return { bytes: length, complete };
    },
    content: () => Buffer.concat(chunks, length),
    async discard() {
      chunks.length = 0;
      request.removeAllListeners("data");
      if (complete || failure !== undefined) return;
      let passed = 0;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, DISCARD_TIMEOUT_MS);
        request.on("data", (chunk: Buffer) => {
          passed += chunk.length;
          if (passed > DISCARDED_BYTES_MAX) resolve();
        });
        request.once("end", resolve);
        request.once("close", resolve);
        request.resume();
      });
      clearTimeout(timer);
      // What is left after the longest wait is not read any more; the answer closes the connection.
      if (!request.complete) request.pause();
    },
  };
}
