import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";

const BLOCK_UNITS = 512 * 1024;
/** Quick rather than small: what is made here is thrown away. */
const GZIP_LEVEL = 1;

/** What a manifest tells of a data file. */
export interface WrittenFile {
  readonly itemCount: number;
  /** Base64. */
  readonly md5Checksum: string;
  readonly etag: string;
}

/** Writes a gzipped file of lines, and measures it as the manifest of an export does. */
export class DataFileWriter {
  readonly #gzip = createGzip({ level: GZIP_LEVEL, chunkSize: 256 * 1024 });
  readonly #md5 = createHash("md5");
  readonly #done: Promise<void>;
  #text = "";
  #lines = 0;

  constructor(path: string) {
    const file = createWriteStream(path);
    this.#gzip.on("data", (chunk: Buffer) => this.#md5.update(chunk));
    this.#gzip.pipe(file);
    this.#done = finished(file);
  }

  /** Adds a line without its end. Wait for what it gives before the next one, where it gives a promise. */
  add(line: string): Promise<void> | undefined {
    this.#text += `${line}\n`;
    this.#lines += 1;
    return this.#text.length < BLOCK_UNITS ? undefined : this.#flush();
  }

  async #flush(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    if (!this.#gzip.write(text)) await once(this.#gzip, "drain");
  }

  async end(): Promise<WrittenFile> {
    await this.#flush();
    this.#gzip.end();
    await this.#done;
    const digest = this.#md5.digest();
    const etag = `${createHash("md5").update(digest).digest("hex")}-1`;
    return { itemCount: this.#lines, md5Checksum: digest.toString("base64"), etag };
  }
}
