import { PassThrough, Readable } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { expect, it } from "vitest";
import { LINE_BYTES_MAX, runClassifyCommand } from "#infra/classification/classify-command.ts";

async function run(...chunks: (string | Buffer)[]): Promise<{ status: number; lines: unknown[] }> {
  const output = new PassThrough();
  const written = readAll(output);
  const status = await runClassifyCommand(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), output);
  output.end();
  const lines = (await written)
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
  return { status, lines };
}

it("answers each line in order with id, tier and reasons", async () => {
  const { status, lines } = await run(
    '{"id":"a","text":"Start metformin"}\n{"id":7,"text":"See you at 3","direction":"inbound"}\n{"text":"YES"}',
  );
  expect(status).toBe(0);
  expect(lines).toEqual([
    {
      id: "a",
      tier: 3,
      reasons: expect.arrayContaining([
        { rule: "word-medication", category: "medication", start: 6, end: 15 },
      ]),
    },
    { id: 7, tier: 1, reasons: [] },
    { id: null, tier: 1, reasons: [] },
  ]);
});

it("reads CRLF, blank lines, a last line without newline, and characters cut in half by a chunk", async () => {
  const bytes = Buffer.from('{"text":"¿Le arde al orinar?"}\r\n\r\n   \n{"text":"OK"}');
  const { status, lines } = await run(bytes.subarray(0, 10), bytes.subarray(10, 11), bytes.subarray(11));
  expect(status).toBe(0);
  expect(lines).toMatchObject([{ tier: 3 }, { tier: 1 }]);
});

it.each([
  ["not JSON", "secret words"],
  ["an array", '["secret"]'],
  ["no text", '{"body":"secret"}'],
  ["text of another type", '{"text":5}'],
  ["an unknown direction", '{"text":"secret","direction":"sideways"}'],
  ["an id of another type", '{"text":"secret","id":{}}'],
  ["bytes that are not UTF-8", Buffer.from([0x22, 0xff, 0x22])],
])("gives an error for %s, echoes nothing, goes on and ends with status 1", async (_name, line) => {
  const { status, lines } = await run(line, '\n{"text":"OK"}\n');
  expect(status).toBe(1);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toEqual({ error: expect.any(String), line: 1 });
  expect(JSON.stringify(lines[0])).not.toMatch(/secret|sideways/);
  expect(lines[1]).toMatchObject({ tier: 1 });
});

it("names the line of an error, and the id where it could be read", async () => {
  const { lines } = await run(
    '\r\n{"id":"a","text":"OK"}\n{"id":"b","text":5}\n\n{"id":7,"text":"OK","direction":"up"}\n{"id":null}\n',
  );
  expect(lines).toEqual([
    { id: "a", tier: 1, reasons: [] },
    { error: "text is missing or not a string", line: 3, id: "b" },
    { error: "direction is not outbound or inbound", line: 5, id: 7 },
    { error: "text is missing or not a string", line: 6 },
  ]);
});

it("skips a line that is too long without keeping it", async () => {
  const { status, lines } = await run(
    '{"text":"',
    "x".repeat(LINE_BYTES_MAX),
    "y".repeat(LINE_BYTES_MAX),
    '"}\n{"text":"OK"}\n',
  );
  expect(status).toBe(1);
  expect(lines).toMatchObject([{ error: "line is too long", line: 1 }, { tier: 1 }]);
});

it("calls a text beyond the limit clinical instead of refusing it", async () => {
  const { status, lines } = await run(`${JSON.stringify({ text: "see you at 3 ".repeat(2000) })}\n`);
  expect(status).toBe(0);
  expect(lines).toMatchObject([{ tier: 3, reasons: [{ rule: "too-long" }] }]);
});
