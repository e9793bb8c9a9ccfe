import { once } from "node:events";
import { classify, type Direction } from "#shared/domain/classification/classify.ts";
import { TEXT_UNITS_MAX } from "#shared/domain/classification/limits.ts";

/** Bytes of the longest line that is read; a line beyond it gets an error and is skipped. Escapes make a text up to six times longer. */
export const LINE_BYTES_MAX = TEXT_UNITS_MAX * 6 + 10_000;

const NEWLINE = 0x0a;

/** A whole line, or `undefined` for one that was longer than {@link LINE_BYTES_MAX}. */
type Line = Buffer | undefined;

/** Splits a byte stream at newlines without ever holding more than one line of the longest allowed length. */
async function* readLines(input: AsyncIterable<Buffer | string>): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  let tooLong = false;
  for await (const chunk of input) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    let start = 0;
    while (start < bytes.length) {
      const found = bytes.indexOf(NEWLINE, start);
      const end = found < 0 ? bytes.length : found;
      length += end - start;
      if (length > LINE_BYTES_MAX) {
        tooLong = true;
        parts = [];
      } else if (end > start) {
        parts.push(bytes.subarray(start, end));
      }
      start = end + 1;
      if (found >= 0) {
        yield tooLong ? undefined : Buffer.concat(parts);
        parts = [];
        length = 0;
        tooLong = false;
      }
    }
  }
  if (tooLong || length > 0) yield tooLong ? undefined : Buffer.concat(parts);
}

type Id = string | number;
type Request = { readonly id: Id | null; readonly text: string; readonly direction: Direction };
/** What is wrong with a line, and the id by which its sender knows it, where that could be read. */
type Refusal = { readonly error: string; readonly id?: Id };

/** Reads a request, or says what is wrong with it without repeating any of it but the id. */
function parseRequest(line: Line): Request | Refusal {
  if (line === undefined) return { error: "line is too long" };
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(line));
  } catch {
    return { error: "line is not JSON" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { error: "line is not a JSON object" };
  const { id, text, direction }: { id?: unknown; text?: unknown; direction?: unknown } = value;
  if (id !== undefined && id !== null && typeof id !== "string" && typeof id !== "number")
    return { error: "id is not a string or a number" };
  const known = id === undefined || id === null ? {} : { id };
  if (typeof text !== "string") return { error: "text is missing or not a string", ...known };
  if (direction !== undefined && direction !== "outbound" && direction !== "inbound")
    return { error: "direction is not outbound or inbound", ...known };
  return { id: id ?? null, text, direction: direction ?? "outbound" };
}

/**
 * Classifies JSON Lines `{"id"?, "text", "direction"?}` and writes one JSON line for each, in order:
 * `{"id", "tier", "reasons": [{"rule", "category", "start", "end"}]}`, or `{"error", "line", "id"?}` for a line that it
 * cannot read, with its number and its id where that can be read. Blank lines count as lines and are otherwise ignored. Gives
 * the exit status: 1 when any line was an error, else 0.
 */
export async function runClassifyCommand(
  input: AsyncIterable<Buffer | string>,
  output: NodeJS.WritableStream,
): Promise<0 | 1> {
  let status: 0 | 1 = 0;
  let lineNumber = 0;
  for await (const line of readLines(input)) {
    lineNumber += 1;
    if (line !== undefined && line.toString("latin1").trim() === "") continue;
    const request = parseRequest(line);
    let answer: unknown;
    if ("error" in request) {
      status = 1;
      const { error, ...known } = request;
      answer = { error, line: lineNumber, ...known };
    } else {
      const { tier, reasons } = classify(request.text, { direction: request.direction });
      answer = {
        id: request.id,
        tier,
        reasons: reasons.map(({ rule, category, start, end }) => ({ rule, category, start, end })),
      };
    }
    if (!output.write(`${JSON.stringify(answer)}\n`)) await once(output, "drain");
  }
  return status;
}
