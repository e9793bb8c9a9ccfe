import { expect, it } from "vitest";
import { plainWords } from "#shared/domain/replies/plain-words.ts";
import { replyReader } from "#shared/domain/replies/read-reply.ts";
import { replyFeatures } from "#shared/domain/replies/reply-features.ts";
import {
  decodeReplyModel,
  encodeReplyModel,
  HEAD_BINS,
  readReplyModel,
  scoreOf,
} from "#shared/domain/replies/reply-model.ts";

const model = readReplyModel();
const scoreOfText = (text: string): number => scoreOf(model.revokes, replyFeatures(plainWords(text).words));

it("is the same after it is written and read again", () => {
  const file = encodeReplyModel(model);
  expect(file.length).toBeLessThan(300_000);
  expect(decodeReplyModel(file)).toEqual(model);
});

it.each([0, 4, 20, 5_000, 200_000])("is refused with one bit changed in byte %i", (at) => {
  const file = encodeReplyModel(model);
  file.writeUInt8(file.readUInt8(at) ^ 1, at);
  expect(() => decodeReplyModel(file)).toThrow("damaged");
});

it("is refused when cut short", () => {
  expect(() => decodeReplyModel(encodeReplyModel(model).subarray(0, -1))).toThrow("damaged");
});

it("scores a wish for no more texts above other uses of the same words, in both languages", () => {
  expect(scoreOfText("quit sending me alerts")).toBeGreaterThan(
    scoreOfText("I quit my job, send me the form"),
  );
  expect(scoreOfText("dejen de mandarme avisos")).toBeGreaterThan(scoreOfText("dejen el aviso en la puerta"));
});

it("says nothing by itself: with empty heads only keywords revoke", () => {
  const empty = (bins: number) => ({ weights: new Int8Array(bins), step: 1, bias: -9, threshold: 0 });
  const read = replyReader({
    revokes: empty(HEAD_BINS.revokes),
    selfHarm: empty(HEAD_BINS.selfHarm),
    emergency: empty(HEAD_BINS.emergency),
  });
  expect(read("STOP").revokes).toBe("keyword");
  expect(read("please take me off your list").revokes).toBeNull();
});

it("gives a feature once, and texts of any length the same length of features", () => {
  const { hashes, values } = replyFeatures(plainWords("stop stop stop texting texting me").words);
  expect(new Set(hashes).size).toBe(hashes.length);
  const squares = (all: readonly number[]): number => all.reduce((sum, value) => sum + value * value, 0);
  const long = replyFeatures(plainWords("please stop sending me these texts every day of the week").words);
  expect(squares(values)).toBeCloseTo(squares(long.values));
});
