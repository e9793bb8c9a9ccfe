import { fileChecksum } from "../classification/file-checksum.ts";
import { readDataFile } from "./data-files.ts";
import type { ReplyFeatures } from "./reply-features.ts";

/** First four bytes of the model file, little-endian. */
const MAGIC = 0x524d5046;
const CHECKED_FROM = 8;

/** What is asked about a text, with the number of weights of each head: a power of two. */
export const HEAD_BINS = { revokes: 2 ** 17, selfHarm: 2 ** 16, emergency: 2 ** 16 } as const;

export type HeadName = keyof typeof HEAD_BINS;

const HEAD_NAMES: readonly HeadName[] = ["revokes", "selfHarm", "emergency"];
/** Magic, checksum of everything after it, then three 32-bit floats a head: step of the weights, bias, threshold. */
const HEADER_BYTES = CHECKED_FROM + HEAD_NAMES.length * 12;
const FILE_BYTES = HEAD_NAMES.reduce((sum, name) => sum + HEAD_BINS[name], HEADER_BYTES);

/** One trained question: its log-odds for a text are the bias and the weights of what is in it. */
export interface ReplyHead {
  /** One weight a bin; there are a power of two of them. */
  readonly weights: ArrayLike<number>;
  /** What a weight of 1 counts. */
  readonly step: number;
  readonly bias: number;
  /** Log-odds from which the answer is yes. */
  readonly threshold: number;
}

/** A head for each question. */
export type ReplyModel = Readonly<Record<HeadName, ReplyHead>>;

/** Log-odds that the answer is yes. */
export function scoreOf({ weights, step, bias }: ReplyHead, { hashes, values }: ReplyFeatures): number {
  const mask = weights.length - 1;
  let sum = 0;
  for (let i = 0; i < hashes.length; i++) {
    sum += (weights[(hashes[i] as number) & mask] as number) * (values[i] as number);
  }
  return bias + sum * step;
}

/** A model file: header, then one signed byte a weight. */
export function encodeReplyModel(model: ReplyModel): Buffer {
  const file = Buffer.alloc(FILE_BYTES);
  file.writeUInt32LE(MAGIC, 0);
  let at = HEADER_BYTES;
  HEAD_NAMES.forEach((name, index) => {
    const { weights, step, bias, threshold } = model[name];
    [step, bias, threshold].forEach((value, i) => {
      file.writeFloatLE(value, CHECKED_FROM + index * 12 + i * 4);
    });
    for (let i = 0; i < HEAD_BINS[name]; i++) file.writeInt8(weights[i] as number, at + i);
    at += HEAD_BINS[name];
  });
  file.writeUInt32LE(fileChecksum(file.subarray(CHECKED_FROM)), 4);
  return file;
}

/** Reads a model file; throws if it is damaged, since a damaged model must not pass for one that finds nothing. */
export function decodeReplyModel(file: Buffer): ReplyModel {
  const whole = file.length === FILE_BYTES && file.readUInt32LE(0) === MAGIC;
  if (!whole || file.readUInt32LE(4) !== fileChecksum(file.subarray(CHECKED_FROM))) {
    throw new Error("reply-model.bin is damaged: train it anew with infra/replies/train.ts");
  }
  let at = file.byteOffset + HEADER_BYTES;
  const headAt = (name: HeadName, index: number): ReplyHead => {
    const header = CHECKED_FROM + index * 12;
    const weights = new Int8Array(file.buffer, at, HEAD_BINS[name]);
    at += HEAD_BINS[name];
    return {
      weights,
      step: file.readFloatLE(header),
      bias: file.readFloatLE(header + 4),
      threshold: file.readFloatLE(header + 8),
    };
  };
  return {
    revokes: headAt("revokes", 0),
    selfHarm: headAt("selfHarm", 1),
    emergency: headAt("emergency", 2),
  };
}

/** The model in the folder `data`, which is deployed beside the code. */
export function readReplyModel(): ReplyModel {
  return decodeReplyModel(readDataFile("reply-model.bin"));
}
