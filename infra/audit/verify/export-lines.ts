import { isAscii, isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";

const READ_BYTES = 64 * 1024;
const INFLATED_BYTES = 128 * 1024;
/** An item has at most 400 KB (DynamoDB quota), six times that where every byte is escaped. */
const LINE_BYTES_MAX = 2_500_000;
const LINE_END = 0x0a;

/** Why a file's lines cannot be read to their end. */
export class UnreadableFileError extends Error {
  override readonly name = "UnreadableFileError";
}

/** What reading a whole file gave besides its lines. */
export interface FileRead {
  /** Base64. */
  readonly md5: string;
}

/**
 * Reads a gzipped file of lines block by block: `take` gets text that holds whole lines, each with its end but perhaps the
 * last. Stops reading where `take` gives false. Throws an {@link UnreadableFileError} where the file is no gzip, no UTF-8
 * or holds a line that no item can have; an error of the file system as it is.
 */
export async function readLines(
  path: string,
  take: (text: string) => boolean,
  onBytes: (bytes: number) => void,
): Promise<FileRead> {
  const md5 = createHash("md5");
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  file.on("data", (chunk) => {
    md5.update(chunk);
    onBytes(chunk.length);
  });
  const lines = createGunzip({ chunkSize: INFLATED_BYTES });
  let failure: Error | undefined;
  pipeline(file, lines, (error) => {
    failure = error ?? undefined;
  });
  let rest: Buffer[] = [];
  let restBytes = 0;
  let stopped = false;
  try {
    for await (const chunk of lines as AsyncIterable<Buffer>) {
      const end = chunk.lastIndexOf(LINE_END) + 1;
      if (end === 0) {
        rest.push(chunk);
        restBytes += chunk.length;
        if (restBytes > LINE_BYTES_MAX) throw new UnreadableFileError();
        continue;
      }
      if (restBytes + chunk.indexOf(LINE_END) > LINE_BYTES_MAX) throw new UnreadableFileError();
      const whole =
        rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([...rest, chunk.subarray(0, end)]);
      rest = end === chunk.length ? [] : [Buffer.from(chunk.subarray(end))];
      restBytes = chunk.length - end;
      if (!take(decoded(whole))) {
        stopped = true;
        break;
      }
    }
    if (!stopped && restBytes > 0) stopped = !take(decoded(Buffer.concat(rest)));
  } catch (error) {
    if (error instanceof UnreadableFileError) throw error;
    const cause = failure ?? error;
    // Errors of zlib have codes such as Z_DATA_ERROR; an empty file is no gzip either.
    if (cause instanceof Error && "code" in cause && /^(?:Z_|ERR_)/.test(String(cause.code)))
      throw new UnreadableFileError();
    throw cause;
  } finally {
    lines.destroy();
    file.destroy();
  }
  return { md5: stopped ? "" : md5.digest("base64") };
}

function decoded(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString("latin1");
  if (!isUtf8(bytes)) throw new UnreadableFileError();
  return bytes.toString("utf8");
}

/** MD5 of a file in base64, without looking into it. */
export async function md5OfFile(path: string, onBytes: (bytes: number) => void): Promise<string> {
  const md5 = createHash("md5");
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
    md5.update(chunk);
    onBytes(chunk.length);
  }
  return md5.digest("base64");
}
