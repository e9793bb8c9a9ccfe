import type { IncomingMessage } from "node:http";

/** A request body that is read only as far as it is asked for. */
export type RequestBody = {
  /** Reads until there are `bytes` bytes or the body ends; says how many were read and whether that is all. */
  readUpTo(bytes: number): Promise<{ readonly bytes: number; readonly complete: boolean }>;
  /** What has been read so far. */
  content(): Buffer;
  /** Lets the rest of the body pass without keeping it, so that the caller can still read the answer. */
  discard(): void;
};

/** How much of a refused body is let past before the connection is cut. */
const DISCARDED_BYTES_MAX = 64 * 1024 * 1024;

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
    discard() {
      chunks.length = 0;
      request.removeAllListeners("data");
      let passed = 0;
      request.on("data", (chunk: Buffer) => {
        passed += chunk.length;
        if (passed > DISCARDED_BYTES_MAX) request.destroy();
      });
      request.resume();
    },
  };
}
