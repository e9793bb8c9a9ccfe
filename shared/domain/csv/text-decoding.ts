/** Encodings that are recognized. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** Bytes that are looked at for zeros, which tell UTF-16. */
const SAMPLE_BYTES = 4096;
const LONGEST_SEQUENCE = 4;

/** The bytes are no text: a workbook, an archive, a PDF. */
export class NotTextError extends Error {
  override readonly name = "NotTextError";
}

/** How files begin that people take for text: zip (xlsx), the older Office formats, PDF, gzip. */
const FOREIGN_STARTS = ["504b0304", "d0cf11e0", "25504446", "1f8b"];

/**
 * Decodes a stream of bytes: UTF-8, UTF-16 (with a byte order mark or told by its zeros) or Windows-1252. Which of UTF-8
 * and Windows-1252 it is, the first byte beyond ASCII decides. Later bytes that do not fit become U+FFFD. The byte order
 * mark is dropped. Throws a {@link NotTextError} for what is not text. Holds one chunk at a time.
 */
export async function* decodeText(
  input: AsyncIterable<Uint8Array | string>,
  told: (encoding: Encoding) => void,
): AsyncGenerator<string> {
  const decoder = createTextDecoding(told);
  for await (const chunk of input) {
    const text = decoder.read(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    if (text !== "") yield text;
  }
  const text = decoder.end();
  if (text !== "") yield text;
}

/**
 * The same, piece by piece, for bytes that are at hand. `strayZeros` leaves zeros in the text, where they spoil rows
 * and not the file.
 */
export function createTextDecoding(
  told: (encoding: Encoding) => void,
  { strayZeros = false }: { readonly strayZeros?: boolean } = {},
): { read(bytes: Uint8Array): string; end(): string } {
  let state: Decoding = { stage: "start", held: Buffer.alloc(0) };
  const step = (bytes: Uint8Array, isLast: boolean): string => {
    const { state: next, text } = advance(state, bytes, isLast, { told, strayZeros });
    state = next;
    return text;
  };
  return { read: (bytes) => step(bytes, false), end: () => step(Buffer.alloc(0), true) };
}

type Decoder = InstanceType<typeof TextDecoder>;

/** Where decoding stands: the start is awaited, nothing but ASCII has come, or the encoding is known. */
type Decoding =
  | { readonly stage: "start" | "ascii"; readonly held: Buffer }
  | { readonly stage: "known"; readonly decoder: Decoder };

interface Telling {
  readonly told: (encoding: Encoding) => void;
  readonly strayZeros: boolean;
}

function advance(
  state: Decoding,
  bytes: Uint8Array,
  isLast: boolean,
  telling: Telling,
): { readonly state: Decoding; readonly text: string } {
  if (state.stage === "known") return { state, text: state.decoder.decode(bytes, { stream: !isLast }) };
  const held = Buffer.concat([state.held, bytes]);
  const know = (encoding: Encoding): Decoding => {
    telling.told(encoding);
    return { stage: "known", decoder: new TextDecoder(encoding, { ignoreBOM: true }) };
  };
  if (state.stage === "start") {
    if (held.length < SAMPLE_BYTES && !isLast) return { state: { stage: "start", held }, text: "" };
    const { encoding, markBytes } = readStart(held, telling.strayZeros);
    const next: Decoding =
      encoding === undefined ? { stage: "ascii", held: Buffer.alloc(0) } : know(encoding);
    return advance(next, held.subarray(markBytes), isLast, telling);
  }
  const { text, rest, encoding } = readAscii(held);
  const found = encoding ?? (isLast && rest.length > 0 ? "windows-1252" : undefined);
  if (found === undefined) return { state: { stage: "ascii", held: rest }, text };
  const next = advance(know(found), rest, isLast, telling);
  return { state: next.state, text: text + next.text };
}

/** What the beginning of a file tells of its encoding, and how many bytes its mark takes. */
function readStart(
  bytes: Buffer,
  strayZeros: boolean,
): {
  readonly encoding: Encoding | undefined;
  readonly markBytes: number;
} {
  const start = bytes.subarray(0, LONGEST_SEQUENCE).toString("hex");
  if (start.startsWith("efbbbf")) return { encoding: "utf-8", markBytes: 3 };
  if (start.startsWith("fffe")) return { encoding: "utf-16le", markBytes: 2 };
  if (start.startsWith("feff")) return { encoding: "utf-16be", markBytes: 2 };
  if (FOREIGN_STARTS.some((foreign) => start.startsWith(foreign)))
    throw new NotTextError("the bytes are no text");
  const zeros = [0, 0];
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even === 0 && odd === 0) return { encoding: undefined, markBytes: 0 };
  const most = sample.length / 4;
  if (odd > most && even === 0) return { encoding: "utf-16le", markBytes: 0 };
  if (even > most && odd === 0) return { encoding: "utf-16be", markBytes: 0 };
  if (strayZeros) return { encoding: undefined, markBytes: 0 };
  throw new NotTextError("the bytes are no text");
}

/** Reads up to the first byte beyond ASCII, and says which encoding that byte tells, if enough of it is there. */
function readAscii(bytes: Buffer): {
  readonly text: string;
  readonly rest: Buffer;
  readonly encoding?: Encoding;
} {
  const index = bytes.findIndex((byte) => byte >= 0x80);
  if (index < 0) return { text: bytes.toString("latin1"), rest: bytes.subarray(bytes.length) };
  const text = bytes.toString("latin1", 0, index);
  const rest = bytes.subarray(index);
  const length = sequenceLength(rest[0] ?? 0);
  if (length === undefined) return { text, rest, encoding: "windows-1252" };
  if (rest.length < length) return { text, rest };
  return { text, rest, encoding: isUtf8(rest.subarray(0, length)) ? "utf-8" : "windows-1252" };
}

/** Bytes of the UTF-8 sequence that a byte leads, if it can lead one. */
function sequenceLength(lead: number): number | undefined {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? LONGEST_SEQUENCE : undefined;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
