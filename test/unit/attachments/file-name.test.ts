import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanFileName, FILE_NAME_LENGTH_MAX } from "#shared/domain/attachments/file-name.ts";
import { ATTACHMENT_TYPES } from "#shared/domain/attachments/kinds.ts";

describe("a file's name", () => {
  it.each([
    ["Foot.JPEG", "image/jpeg", "Foot.jpg"],
    ["../../etc/passwd", "application/pdf", "passwd.pdf"],
    ["C:\\Users\\Ana\\scan.pdf", "application/pdf", "scan.pdf"],
    ["invoice\u202Efdp.exe", "application/pdf", "invoicefdp.pdf"],
    ["a\r\nSet-Cookie: x.png", "image/png", "aSet-Cookie x.png"],
    ["", "image/png", "photo.png"],
    ["...", "application/pdf", "document.pdf"],
    ["\u{FFFD}\uD800", "image/jpeg", "photo.jpg"],
    ["página  del\u00A0médico.pdf", "application/pdf", "página del médico.pdf"],
    ["photo.jpg.exe", "image/jpeg", "photo.jpg.jpg"],
  ] as const)("%j of %s is %s", (name, type, clean) => {
    expect(cleanFileName(name, type)).toBe(clean);
  });

  it("is well formed, short, of one folder and of its type's extension, and stays as it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary", maxLength: 300 }),
          fc.string({ unit: "grapheme", maxLength: 300 }),
        ),
        fc.constantFrom(...ATTACHMENT_TYPES),
        (name, type) => {
          const clean = cleanFileName(name, type);
          expect(clean.isWellFormed()).toBe(true);
          expect(clean.length).toBeLessThanOrEqual(FILE_NAME_LENGTH_MAX);
          expect(clean).toMatch(/^[^/\\<>:"|?*\p{C}]+\.(?:jpg|png|pdf)$/u);
          expect(cleanFileName(clean, type)).toBe(clean);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
