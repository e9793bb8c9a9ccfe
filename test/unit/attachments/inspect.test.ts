import { once } from "node:events";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inspect } from "#shared/domain/attachments/inspect.ts";
import {
  ATTACHMENT_BYTES_MAX,
  ATTACHMENT_TYPES,
  type AttachmentType,
} from "#shared/domain/attachments/kinds.ts";
import { orientationOf } from "#shared/domain/attachments/orientation.ts";
import {
  aJpeg,
  aPdf,
  aPng,
  chunk,
  exif,
  PLACE,
  phonePhoto,
  segment,
  tellingChunks,
} from "#test/support/files.ts";

const JPEG = "image/jpeg";
const PNG = "image/png";
const PDF = "application/pdf";

/** The bytes that may be shown; undefined for what is refused. */
function shown(bytes: Uint8Array, type: AttachmentType): Buffer | undefined {
  const inspection = inspect(bytes, type);
  return inspection.kind === "clean" ? Buffer.concat(inspection.parts) : undefined;
}

function refusal(bytes: Uint8Array, type: AttachmentType): string | undefined {
  const inspection = inspect(bytes, type);
  return inspection.kind === "refused" ? inspection.refusal : undefined;
}

/** Contents of the APP1 segments of a JPEG, from its head. */
function exifIn(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 2; bytes[at] === 0xff && bytes[at + 1] !== 0xda; at += 2 + bytes.readUInt16BE(at + 2)) {
    if (bytes[at + 1] === 0xe1) found.push(bytes.subarray(at + 4, at + 2 + bytes.readUInt16BE(at + 2)));
  }
  return found;
}

/** A colour profile with the head that it must have, and nothing in it. */
function colourProfile(): Buffer {
  const profile = Buffer.alloc(200, 1);
  profile.writeUInt32BE(profile.length, 0);
  profile.write("acsp", 36, "latin1");
  return profile;
}

/** A profile as a JPEG has it, in `count` segments. */
function inSegments(profile: Buffer, count = 1): readonly Buffer[] {
  const size = Math.ceil(profile.length / count);
  return Array.from({ length: count }, (_, index) => {
    const head = Buffer.from([...Buffer.from("ICC_PROFILE\0", "latin1"), index + 1, count]);
    return segment(0xe2, Buffer.concat([head, profile.subarray(index * size, (index + 1) * size)]));
  });
}

describe("a JPEG", () => {
  it.each([false, true])("stays as it is where it tells nothing (progressive: %s)", (progressive) => {
    const plain = aJpeg({ progressive });
    expect(shown(plain, JPEG)).toEqual(plain);
  });

  it("loses place, device, comment and whatever stands behind it, and keeps picture and orientation", () => {
    const clean = shown(phonePhoto(6), JPEG);
    const upright = aJpeg();

    expect(clean?.includes(PLACE)).toBe(false);
    const [only, ...others] = exifIn(clean ?? Buffer.alloc(0));
    expect(others).toEqual([]);
    expect(only).toHaveLength(32);
    expect(orientationOf(only ?? Buffer.alloc(0))).toBe(6);
    // The picture's own data, from its tables to its end.
    expect(clean?.subarray(-(upright.length - 20))).toEqual(upright.subarray(20));
  });

  it("says nothing of how it was held where it was held upright", () => {
    expect(shown(phonePhoto(1), JPEG)).toEqual(aJpeg());
  });

  it("is told by its first byte on", () => {
    expect(refusal(Buffer.concat([Buffer.from(" "), aJpeg()]), JPEG)).toBe("unknown-type");
  });

  it("keeps a colour profile, and no thumbnail", () => {
    const profile = colourProfile();
    const [whole = Buffer.alloc(0)] = inSegments(profile);
    expect(shown(aJpeg({ extra: [whole] }), JPEG)?.includes(whole)).toBe(true);
    const [first = whole, second = whole, third = whole] = inSegments(profile, 3);
    const kept = shown(aJpeg({ extra: [first, third, second] }), JPEG);
    expect(kept?.includes(Buffer.concat([first, second, third]))).toBe(true);
    const thumbnail = segment(0xe0, Buffer.from(`JFIF\0\x01\x01\0\0\x01\0\x01\x02\x02${PLACE}`, "latin1"));
    expect(shown(aJpeg({ extra: [thumbnail] }), JPEG)?.includes(PLACE)).toBe(false);
  });

  it.each([
    ["with other words than a profile", inSegments(Buffer.from(`profile ${PLACE}`.padEnd(200)))],
    ["of another size than it says", inSegments(Buffer.concat([colourProfile(), Buffer.from(PLACE)]))],
    ["without a part", inSegments(colourProfile(), 3).slice(0, 2)],
    ["with a part twice", [...inSegments(colourProfile(), 2), ...inSegments(colourProfile(), 2).slice(1)]],
    ["too short", inSegments(Buffer.from([0, 0, 0, 4]))],
  ])("loses what is called a colour profile and is one %s", (_what, extra) => {
    expect(shown(aJpeg({ extra }), JPEG)).toEqual(aJpeg());
  });

  it.each([
    ["cut off", aJpeg().subarray(0, -40), "damaged"],
    ["without an end", aJpeg().subarray(0, -2), "damaged"],
    ["a head alone", Buffer.from([0xff, 0xd8, 0xff]), "damaged"],
    ["of too many points", resized(aJpeg(), 20_000, 20_000), "too-many-pixels"],
    ["of no height", resized(aJpeg(), 24, 0), "damaged"],
  ])("that is %s is refused", (_what, bytes, why) => {
    expect(refusal(bytes, JPEG)).toBe(why);
  });
});

/** A JPEG whose frame header says another size. */
function resized(jpeg: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(jpeg);
  const at = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(height, at + 5);
  bytes.writeUInt16BE(width, at + 7);
  return bytes;
}

describe("a PNG", () => {
  it("stays as it is where it tells nothing", () => {
    const physical = chunk("pHYs", Buffer.alloc(9));
    expect(shown(aPng({ extra: [physical] }), PNG)).toEqual(aPng({ extra: [physical] }));
  });

  it("loses texts, Exif, time and what stands behind it", () => {
    const told = aPng({ extra: tellingChunks(), behind: Buffer.from(PLACE) });
    expect(shown(told, PNG)).toEqual(aPng());
  });

  it("is one still picture", () => {
    expect(shown(aPng({ extra: [chunk("acTL", Buffer.alloc(8))] }), PNG)).toEqual(aPng());
  });

  const changed = aPng();
  changed[changed.length - 20] = (changed[changed.length - 20] ?? 0) ^ 1;
  it.each([
    ["of too many points", aPng({ width: 60_000, height: 60_000 }), "too-many-pixels"],
    ["of no width", aPng({ width: 0 }), "damaged"],
    ["with another checksum", changed, "damaged"],
    ["cut off", aPng().subarray(0, -5), "damaged"],
    [
      "with a chunk that drawing needs and nobody knows",
      aPng({ extra: [chunk("CgBI", Buffer.alloc(4))] }),
      "damaged",
    ],
    ["whose chunk says a length beyond its end", withLength(aPng(), 0xffffffff), "damaged"],
  ])("that is %s is refused", (_what, bytes, why) => {
    expect(refusal(bytes, PNG)).toBe(why);
  });
});

function withLength(png: Buffer, length: number): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(length, 8);
  return bytes;
}

describe("a PDF", () => {
  it("stays as it is, without what stands behind its end", () => {
    expect(shown(aPdf("", PLACE), PDF)).toEqual(aPdf());
  });

  it("may have links, and places to begin at", () => {
    const harmless =
      "4 0 obj\n<< /OpenAction [3 0 R /Fit] /A << /S /URI /URI (https://clinic.example) >> >>\nendobj\n";
    expect(shown(aPdf(harmless), PDF)).toEqual(aPdf(harmless));
  });

  it.each([
    ["a script", "<< /S /JavaScript /JS (app.alert\\(1\\)) >>", "active-content"],
    ["a script under another spelling of its name", "<< /S /J#61vaScrip#74 >>", "active-content"],
    ["a script of a rendition", "<< /JS 9 0 R >>", "active-content"],
    ["something to launch", "<< /S/Launch/F(cmd.exe) >>", "active-content"],
    ["a file within", "<< /Type /EmbeddedFile >>", "active-content"],
    ["rich media", "<< /Subtype /RichMedia >>", "active-content"],
    ["a form that sends", "<< /S /SubmitForm >>", "active-content"],
    ["a form of XML", "<< /XFA [ (a) 1 0 R ] >>", "active-content"],
    ["encryption", "<< /Encrypt 9 0 R >>", "encrypted"],
  ])("with %s is refused", (_what, extra, why) => {
    expect(refusal(aPdf(`4 0 obj\n${extra}\nendobj\n`), PDF)).toBe(why);
  });

  it.each([
    ["the net", "<< /OpenAction << /S /URI /URI (https://elsewhere.example) >> >>"],
    ["the net by other spelling", "<< /Open#41ction << /D (\\) >>) /S%x >>\n/U#52I >> >>"],
    ["another file", "<< /OpenAction << /S /GoToR /F (elsewhere.pdf) >> >>"],
    ["another file by a page", "<< /AA << /O << /S /GoToR /F (elsewhere.pdf) >> >> >>"],
    ["the net by reference", "<< /OpenAction 9 0 R >>\nendobj\n9 0 obj\n<< /S /URI >>"],
    ["the net by two", "<< /AA 8 0 R >>\nendobj\n8 0 obj<</WC 9 0 R>>endobj\n9 0 obj\n<</S/URI>>"],
    [
      "the net in the end",
      "<< /OpenAction << /S /GoTo /Next [ 9 0 R ] >> >>\nendobj\n9 0 obj\n<< /S /URI >>",
    ],
    [
      "the net by a newer object",
      "<< /OpenAction 9 0 R >>\nendobj\n9 0 obj\n[]\nendobj\n9 0 obj\n<< /S /URI >>",
    ],
    ["nobody knows how many places", "/AA ".repeat(1001)],
    [
      "nobody knows where",
      `<< /OpenAction << ${Array.from({ length: 101 }, (_, n) => `/O ${n} 0 R`).join(" ")} >> >>`,
    ],
  ])("that leads to %s when it is opened is refused", (_what, extra) => {
    expect(refusal(aPdf(`4 0 obj\n${extra}\nendobj\n`), PDF)).toBe("active-content");
  });

  it.each([
    "<< /OpenAction << /S /GoTo /D [3 0 R /Fit] >> /A << /S /URI /URI (https://clinic.example) >> >>",
    "<< /OpenAction 9 0 R >>\nendobj\n9 0 obj\n<< /S /GoTo /D [8 0 R /Fit] >>\nendobj\n8 0 obj\n<< /A << /S /URI >> >>",
    "<< /OpenAction 9 0 R >>\nendobj\n19 0 obj\n<< /S /Named /N /FirstPage /Next 9 0 R >>",
    "<< /AA << /O << /S /URIs >> >> >>",
  ])("may begin at a place of its own and have links beside: %s", (extra) => {
    expect(refusal(aPdf(`4 0 obj\n${extra}\nendobj\n`), PDF)).toBeUndefined();
  });

  it("is not refused for what compressed data hold by chance", () => {
    expect(refusal(aPdf("stream\n\x01/JS\x02\x9f/JS(\x80\x81\nendstream\n"), PDF)).toBeUndefined();
  });

  it.each([
    ["without an end", aPdf().subarray(0, 200)],
    ["whose end is long before it", Buffer.concat([aPdf(), Buffer.alloc(2000, 0x41)])],
    [
      "of a version that there is not",
      Buffer.from(aPdf().toString("latin1").replace("-1.7", "-9.7"), "latin1"),
    ],
  ])("%s is refused", (_what, bytes) => {
    expect(refusal(bytes, PDF)).toBe("damaged");
  });
});

describe("any other file", () => {
  it.each([
    ["SVG", "<svg xmlns='http://www.w3.org/2000/svg'/>"],
    ["HTML", "<!doctype html><script>alert(1)</script>"],
    ["HTML with a PDF in it", `<html>${aPdf().toString("latin1")}`],
    ["a program", "MZ\x90\0\x03"],
    ["an archive with a photo behind it", `PK\x03\x04${aJpeg().toString("latin1")}`],
    ["GIF", "GIF89a"],
    ["HEIC", "\0\0\0\x18ftypheic"],
  ])("such as %s is refused, whatever it is declared to be", (_what, text) => {
    for (const type of ATTACHMENT_TYPES)
      expect(refusal(Buffer.from(text, "latin1"), type)).toBe("unknown-type");
  });

  it("is refused under the name of another type", () => {
    expect(refusal(aPng(), JPEG)).toBe("other-type");
    expect(refusal(aPdf(), PNG)).toBe("other-type");
    expect(refusal(Buffer.alloc(0), PNG)).toBe("empty");
    expect(refusal(Buffer.alloc(25 * 1024 * 1024 + 1), PNG)).toBe("wrong-size");
  });
});

describe("whatever the bytes are", () => {
  const samples: readonly (readonly [AttachmentType, Buffer])[] = [
    [JPEG, phonePhoto()],
    [JPEG, aJpeg({ progressive: true, extra: [exif(8)] })],
    [PNG, aPng({ extra: tellingChunks() })],
    [PDF, aPdf("4 0 obj\n<< /A /B >>\nendobj\n")],
  ];
  const changes = fc.array(
    fc.record({
      at: fc.nat(100_000),
      kind: fc.constantFrom("set", "cut", "insert"),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    }),
    { minLength: 1, maxLength: 8 },
  );

  function mutate(sample: Buffer, made: readonly { at: number; kind: string; bytes: Uint8Array }[]): Buffer {
    return made.reduce((bytes, { at, kind, bytes: other }) => {
      const place = bytes.length === 0 ? 0 : at % bytes.length;
      const behind = kind === "insert" ? place : place + other.length;
      const middle = kind === "cut" ? Buffer.alloc(0) : other;
      return Buffer.concat([bytes.subarray(0, place), middle, bytes.subarray(behind)]);
    }, sample);
  }

  it("never throws, and what it lets pass it lets pass again unchanged", () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), changes, ([type, sample], made) => {
        const clean = shown(mutate(sample, made), type);
        if (clean !== undefined) expect(shown(clean, type)).toEqual(clean);
      }),
      { numRuns: 2000 },
    );
  });

  it("never throws over bytes with nothing right but their head", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.nat(16),
        fc.uint8Array({ maxLength: 300 }),
        ([type, sample], kept, rest) => {
          expect(["clean", "refused"]).toContain(
            inspect(Buffer.concat([sample.subarray(0, kept), rest]), type).kind,
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("never lets a place pass, wherever in a photo it stands", () => {
    const told = fc.array(
      fc.record({
        marker: fc.constantFrom(0xe0, 0xe1, 0xe3, 0xe4, 0xe7, 0xea, 0xec, 0xed, 0xef, 0xfe),
        head: fc.constantFrom(
          "",
          "Exif\0\0",
          "JFIF\0\x01\x02\0\0\x01\0\x01\0\0",
          "JFXX\0",
          "Adobe\0",
          "http://ns.adobe.com/xap/1.0/\0",
        ),
        before: fc.uint8Array({ maxLength: 60 }),
        after: fc.uint8Array({ maxLength: 60 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(told, fc.boolean(), (segments, progressive) => {
        const extra = segments.map(({ marker, head, before, after }) =>
          segment(marker, Buffer.concat([Buffer.from(head, "latin1"), before, Buffer.from(PLACE), after])),
        );
        const clean = shown(aJpeg({ extra, progressive, behind: exif(6) }), JPEG);
        expect(clean).toBeDefined();
        expect(clean?.includes(PLACE)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("takes time in proportion to the bytes", () => {
    const many = (one: Buffer, bytes: number) => Buffer.alloc(bytes, one);
    const hostile: readonly (readonly [AttachmentType, Buffer])[] = [
      [JPEG, aJpeg({ extra: [many(segment(0xfe, Buffer.alloc(0)), 8_000_000)] })],
      [JPEG, Buffer.concat([aJpeg().subarray(0, 2), Buffer.alloc(8_000_000, 0xff)])],
      [JPEG, Buffer.concat([aJpeg().subarray(0, -2), many(Buffer.from([0xff, 0]), 8_000_000)])],
      [PNG, aPng({ extra: [many(chunk("tEXt", Buffer.alloc(0)), 7_999_992)] })],
      [PDF, aPdf("/".repeat(8_000_000))],
      [PDF, aPdf("/aaaa".repeat(1_600_000))],
      [PDF, aPdf(`/AA 1 0 R ${"1 0 obj ".repeat(1_000_000)}`)],
      [PDF, aPdf("/AA<<(((((".repeat(800_000))],
    ];
    for (const [type, bytes] of hostile) {
      // Of this thread alone: others have the machine too.
      const begun = process.threadCpuUsage();
      inspect(bytes, type);
      const { user, system } = process.threadCpuUsage(begun);
      expect((user + system) / 1e6).toBeLessThan(10);
    }
  });
});

describe("25 MB of what means nothing", () => {
  const size = ATTACHMENT_BYTES_MAX;
  /** `head`, then `unit` again and again, then `tail`. */
  const stuffed = (head: Uint8Array, unit: Uint8Array, tail: Uint8Array) => {
    const times = Math.floor((size - head.length - tail.length) / unit.length);
    return Buffer.concat([head, Buffer.alloc(times * unit.length, unit), tail]);
  };
  const restart = Buffer.of(0xff, 0xdd, 0, 2);
  const comment = Buffer.of(0xff, 0xfe, 0, 2);
  const jpeg = aJpeg();
  const png = aPng();
  const text = chunk("tEXt", Buffer.alloc(0));
  const data = chunk("IDAT", Buffer.alloc(0));

  it.each([
    ["restart intervals in a JPEG", stuffed(jpeg.subarray(0, 2), restart, jpeg.subarray(2)), JPEG, "damaged"],
    ["comments in a JPEG", stuffed(jpeg.subarray(0, 2), comment, jpeg.subarray(2)), JPEG, "damaged"],
    ["texts in a PNG", stuffed(png.subarray(0, 33), text, png.subarray(33)), PNG, "damaged"],
    ["data in a PNG", stuffed(png.subarray(0, 33), data, png.subarray(33)), PNG, "damaged"],
    ["names in a PDF", stuffed(aPdf().subarray(0, 9), Buffer.from("/Ab "), aPdf().subarray(9)), PDF, "clean"],
  ] as const)("takes no memory: %s", async (_what, bytes, type, expected) => {
    expect(await inspectedIn(32, bytes, type)).toBe(expected);
  });

  it("is no picture of many small parts, which stays", () => {
    const many = Array.from({ length: 6_000 }, () => segment(0xdd, Buffer.of(0, 1)));
    expect(shown(aJpeg({ extra: many }), JPEG)).toHaveLength(jpeg.length + 6_000 * 6);
  });
});

/** What comes of a file where there are so many megabytes for everything but its own bytes. */
async function inspectedIn(megabytes: number, bytes: Buffer, type: AttachmentType): Promise<string> {
  const module = new URL("../../../shared/domain/attachments/inspect.ts", import.meta.url).href;
  const source = `
    const { parentPort, workerData } = require("node:worker_threads");
    import(${JSON.stringify(module)}).then(({ inspect }) => {
      const inspection = inspect(new Uint8Array(workerData.bytes), workerData.type);
      parentPort.postMessage(inspection.kind === "refused" ? inspection.refusal : inspection.kind);
    });`;
  const shared = new SharedArrayBuffer(bytes.length);
  bytes.copy(new Uint8Array(shared));
  const worker = new Worker(source, {
    eval: true,
    workerData: { bytes: shared, type },
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
  });
  const [outcome] = await once(worker, "message");
  await worker.terminate();
  return String(outcome);
}
