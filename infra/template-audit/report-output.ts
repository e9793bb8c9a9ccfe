import { AuditError } from "./audit-error.ts";

/** How writing fails when the reader (head, less) has seen enough and is gone. */
const GONE = ["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END"];

/** Where the report goes. A reader that is gone is no failure; whoever writes looks at {@link isClosed} and stops. */
export class ReportOutput {
  readonly #stream: NodeJS.WritableStream;
  #isClosed = false;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    // Each write learns of its own failure; the event alone would end the process.
    stream.on("error", () => undefined);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Writes and waits until it is taken. Throws an {@link AuditError} when it cannot be. */
  async write(text: string): Promise<void> {
    if (this.#isClosed) return;
    const error = await new Promise<Error | null | undefined>((resolve) => {
      this.#stream.write(text, resolve);
    });
    if (!(error instanceof Error)) return;
    if (!("code" in error) || !GONE.includes(String(error.code)))
      throw new AuditError("The report cannot be written: check that there is room where it goes.");
    this.#isClosed = true;
  }
}
