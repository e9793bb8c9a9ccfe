import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { AuditError } from "#infra/template-audit/audit-error.ts";
import { decodeText } from "#infra/template-audit/text-decoding.ts";

const TEXT = "text\n¿Cómo está? “Mañana”\n";
const LONG = `${"plain words ".repeat(600)}\n`;

async function decode(bytes: Buffer, size = bytes.length) {
  const chunks = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  let encoding: string | undefined;
  let text = "";
  for await (const piece of decodeText(Readable.from(chunks), (told) => {
    encoding = told;
  })) {
    text += piece;
  }
  return { text, encoding };
}

describe.each([1, 7, 5000, undefined])("in chunks of %s bytes", (size) => {
  it.each(["", LONG])("tells UTF-8 from Windows-1252 by the first byte beyond ASCII", async (before) => {
    const windows = Buffer.concat([
      Buffer.from(`${before}text\n`),
      Buffer.from([0xbf, 0x43, 0xf3, 0x6d, 0x6f, 0x20, 0x93, 0x61, 0x94]),
    ]);

    expect(await decode(Buffer.from(before + TEXT), size)).toEqual({
      text: before + TEXT,
      encoding: "utf-8",
    });
    expect(await decode(windows, size)).toEqual({
      text: `${before}text\n¿Cómo “a”`,
      encoding: "windows-1252",
    });
  });

  it("drops a byte order mark and reads UTF-16 with and without one", async () => {
    const little = Buffer.from(TEXT, "utf16le");
    const big = Buffer.from(little).swap16();

    expect(await decode(Buffer.from(`\ufeff${TEXT}`), size)).toEqual({ text: TEXT, encoding: "utf-8" });
    expect(await decode(Buffer.from(`\ufeff${TEXT}`, "utf16le"), size)).toEqual({
      text: TEXT,
      encoding: "utf-16le",
    });
    expect(await decode(little, size)).toEqual({ text: TEXT, encoding: "utf-16le" });
    expect(await decode(big, size)).toEqual({ text: TEXT, encoding: "utf-16be" });
  });

  it.each([
    ["a zip", Buffer.from("504b0304aa", "hex")],
    ["zeros", Buffer.from([1, 0, 0, 0, 5, 0, 0, 7])],
  ])("refuses %s", async (_, bytes) => {
    await expect(decode(bytes, size)).rejects.toThrow(AuditError);
  });
});

it("shows bytes that do not fit as replaced", async () => {
  const { text } = await decode(Buffer.concat([Buffer.from("é\n"), Buffer.from([0xff, 0x0a])]));

  expect(text).toBe("é\n\ufffd\n");
});
