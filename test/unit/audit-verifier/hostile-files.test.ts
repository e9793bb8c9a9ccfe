import { createHash } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { EXPORT_ROOT } from "#infra/audit/samples/manifests.ts";
import { verifyExport } from "#infra/audit/verify/verify-export.ts";
import { verifyFolder } from "#test/support/audit-verification.ts";
import { type Line, lineOf, SampleFolder } from "./sample-folder.ts";

let sample: SampleFolder;
let folder: SampleFolder;
beforeAll(async () => {
  sample = await SampleFolder.make({ entries: 300, files: 3, hours: 4 });
});
afterAll(() => sample.remove());
afterEach(() => folder.remove());

const firstKey = () => folder.dataKeys[0] ?? "";
const firstText = () => gunzipSync(readFileSync(folder.at(firstKey())));
const countOf = () => folder.linesOf(firstKey()).length;
const manifest = () => folder.at(EXPORT_ROOT, folder.exportId, "manifest-files.json");
const summary = () => folder.at(EXPORT_ROOT, folder.exportId, "manifest-summary.json");
/** Writes a manifest and the checksum that fits. */
const putManifest = (path: string, text: string) => {
  writeFileSync(path, text);
  writeFileSync(path.replace(/json$/u, "md5"), createHash("md5").update(text).digest("base64"));
};
/** The first line of the first file is this text; all checksums and counts fit. */
const putLine = (change: (line: Line) => string) => {
  const [first, ...others] = folder.linesOf(firstKey());
  if (first === undefined) throw new Error("The file is empty.");
  folder.putData(
    gzipSync([change(first), ...others.map(({ text }) => text), ""].join("\n")),
    others.length + 1,
  );
};

describe("data files", () => {
  it("are named where one byte differs", async () => {
    folder = sample.copy();
    const content = readFileSync(folder.at(firstKey()));
    content[Math.floor(content.length / 2)] = (content[Math.floor(content.length / 2)] ?? 0) ^ 1;
    writeFileSync(folder.at(firstKey()), content);

    const { status, told } = await folder.verify();

    expect(status).toBe(1);
    expect(told.findings).toContainEqual(expect.objectContaining({ kind: "file-changed", file: firstKey() }));
  });

  it("are named where one is gone", async () => {
    folder = sample.copy();
    rmSync(folder.at(firstKey()));

    expect((await folder.verify()).counts).toHaveProperty("file-missing", 1);
  });

  it("are missed by what they held where one was cut from manifest and count", async () => {
    folder = sample.copy();
    folder.relist(folder.listed.slice(1));

    const { status, told } = await folder.verify();

    expect(status).toBe(1);
    const own = told.findings.filter(({ follows }) => follows !== true);
    expect([...new Set(own.map(({ kind }) => kind))]).toEqual(["chain-missing"]);
    // It held what compliance had approved.
    expect(Object.keys(told.following)).toEqual(["template-unapproved", "name-unapproved"]);
  });

  it.each([
    ["garbage", () => Buffer.from("no gzip at all")],
    ["a cut gzip", () => gzipSync(firstText()).subarray(0, -40)],
    ["a gzip with garbage behind it", () => Buffer.concat([gzipSync(firstText()), Buffer.from("garbage")])],
    ["an empty file", () => Buffer.alloc(0)],
    ["a gzip with zeros behind it", () => Buffer.concat([gzipSync(firstText()), Buffer.alloc(3)])],
    ["a gzip with many zeros behind it", () => Buffer.concat([gzipSync(firstText()), Buffer.alloc(300_000)])],
    ["no UTF-8", () => gzipSync(Buffer.concat([firstText(), Buffer.from([0xff, 0xfe, 0x0a])]))],
    ["one endless line", () => gzipSync(Buffer.alloc(20 * 1024 * 1024, 0x20))],
    ["a line that no item can have", () => gzipSync(`${" ".repeat(2_500_001)}\n${firstText().toString()}`)],
  ])("are named where one is %s", async (_what, content) => {
    folder = sample.copy();
    folder.putData(content(), countOf());

    const { status, counts, told } = await folder.verify();

    expect(status).toBe(1);
    expect(counts).toHaveProperty("line-unreadable");
    expect(told.findings).toContainEqual(expect.objectContaining({ file: firstKey() }));
  });

  it.each([
    ["no UTF-8", Buffer.from([0xff, 0xfe, 0x0a])],
    ["longer than an item can be", Buffer.concat([Buffer.alloc(9_000_000, 0x20), Buffer.from("{}\n")])],
  ])("lose nothing but the one line that is %s", async (_what, line) => {
    folder = sample.copy();
    const [first = "", ...others] = firstText().toString("utf8").split("\n");
    folder.putData(
      gzipSync(Buffer.concat([Buffer.from(`${first}\n`), line, Buffer.from(others.join("\n"))])),
      countOf() + 1,
    );

    const { counts, told } = await folder.verify();

    expect(counts).toEqual({ "line-unreadable": 1 });
    expect(told.findings[0]).toMatchObject({ file: firstKey(), line: 2 });
  });

  it("are read on beyond the count of their manifest", async () => {
    folder = sample.copy();
    const lines = folder.linesOf(firstKey());
    const changed = (lines.at(-1)?.text ?? "").replace('"sk":{"S":"', '"sk":{"S":"x');
    folder.putData(gzipSync([...lines.map(({ text }) => text), changed, ""].join("\n")), lines.length);

    expect((await folder.verify()).counts).toEqual({ "count-differs": 1, "item-unknown": 1 });
  });

  it("name the damage first, and what may be nothing but its consequence as such", async () => {
    folder = sample.copy();
    rmSync(folder.at(firstKey()));

    const { counts, told } = await folder.verify();
    const text = await folder.verify("--format", "text");

    const all = Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
    const following = Object.values(told.following).reduce((sum, count) => sum + count, 0);
    expect(all - following).toBe(1);
    expect(told.findings[0]).toMatchObject({ kind: "file-missing", cause: true });
    expect(text.output).toContain(`FINDINGS: 1, and ${String(following)} that may follow`);
  });

  it.each([
    ["more", 1],
    ["fewer", -1],
  ])("are named where one holds %s lines than its manifest says", async (_what, by) => {
    folder = sample.copy();
    folder.putData(readFileSync(folder.at(firstKey())), countOf() - by);

    expect((await folder.verify()).counts).toHaveProperty("count-differs");
  });

  it("may be empty", async () => {
    folder = sample.copy();
    const key = firstKey().replace(/\w+\.json\.gz$/u, "empty.json.gz");
    const content = gzipSync("");
    writeFileSync(folder.at(key), content);
    const md5Checksum = createHash("md5").update(content).digest("base64");
    folder.relist([
      ...folder.listed.filter(({ dataFileS3Key }) => dataFileS3Key !== key),
      { itemCount: 0, md5Checksum, etag: "", dataFileS3Key: key },
    ]);

    expect(await folder.verify()).toMatchObject({ status: 0, counts: {} });
  });

  it.each([
    ["climbs", () => "tables/Audit/AWSDynamoDB/../../../../../../etc/passwd"],
    ["is absolute", () => "/etc/passwd"],
    ["stands in another's folder", () => "AWSDynamoDB/../secret.json.gz"],
    [
      "is a link to a file elsewhere",
      () => {
        const key = firstKey().replace(/\w+\.json\.gz$/u, "link.json.gz");
        symlinkSync(folder.at(firstKey()), folder.at(key));
        return key;
      },
    ],
    [
      "lies behind a linked folder",
      () => {
        symlinkSync(folder.at(EXPORT_ROOT, folder.exportId, "data"), folder.at(EXPORT_ROOT, "linked"));
        return firstKey().replace(/\/[^/]+\/data\//u, "/linked/");
      },
    ],
  ])("are never looked for where a key %s", async (_what, keyOf) => {
    folder = sample.copy();
    const { listed } = folder;
    const dataFileS3Key = keyOf();
    folder.relist(listed.map((file, at) => (at === 0 ? { ...file, dataFileS3Key } : file)));

    const { status, counts } = await folder.verify();

    expect(status).toBe(1);
    expect(counts).toMatchObject({ "file-missing": 1 });
  });

  it("count once where two lines name the same one", async () => {
    folder = sample.copy();
    const [first, ...others] = folder.listed;
    if (first === undefined) throw new Error("There is no file.");
    folder.relist([first, first, ...others]);

    expect((await folder.verify()).counts).toEqual({ "manifest-changed": 1 });
  });
});

describe("lines", () => {
  it.each([
    ["no JSON", () => "{", "line-unreadable"],
    ["a number", () => "1", "line-unreadable"],
    ["without an item", () => '{"Items":{}}', "line-unreadable"],
    [
      "with something beside the item",
      ({ text }: Line) => text.replace(/\}$/u, ',"Extra":1}'),
      "line-unreadable",
    ],
    [
      "with a name twice",
      ({ text }: Line) => text.replace('"sk":', '"role":{"S":"other"},"sk":'),
      "line-unreadable",
    ],
    [
      "with two values in one place",
      ({ text }: Line) => text.replace('"role":{"S":', '"role":{"N":"1","S":'),
      "line-unreadable",
    ],
    ["an item without keys", () => '{"Item":{"x":{"S":"y"}}}', "item-unknown"],
    [
      "an item of another kind",
      ({ text }: Line) => text.replace(/"sk":\{"S":"\d+"\}/u, '"sk":{"S":"other"}'),
      "item-unknown",
    ],
    [
      "an entry with place nought",
      ({ text }: Line) => text.replace(/"sk":\{"S":"\d+"\}/u, '"sk":{"S":"000000000000"}'),
      "item-unknown",
    ],
    [
      "an entry with a number that is none",
      ({ text }: Line) => text.replace(/"sequence":\{"N":"\d+"\}/u, '"sequence":{"N":"NaN"}'),
      "entry-changed",
    ],
    [
      "an entry with an endless number",
      ({ text }: Line) => text.replace(/"sequence":\{"N":"\d+"\}/u, '"sequence":{"N":"1e999"}'),
      "entry-changed",
    ],
    [
      "an entry with a number that no double holds",
      ({ text }: Line) => text.replace(/"sequence":\{"N":"\d+"\}/u, '"sequence":{"N":"9007199254740993"}'),
      "entry-changed",
    ],
    [
      "an entry with a number that takes long to read",
      ({ text }: Line) =>
        text.replace(/"sequence":\{"N":"\d+"\}/u, `"sequence":{"N":"1${"0".repeat(500_000)}1e-9"}`),
      "entry-changed",
    ],
    [
      "an entry with a set",
      ({ text }: Line) => text.replace(/"role":\{"S":"\w+"\}/u, '"role":{"SS":["a"]}'),
      "entry-changed",
    ],
    [
      "an entry with half a character",
      ({ text }: Line) => text.replace(/"role":\{"S":"\w+"\}/u, '"role":{"S":"\\ud800"}'),
      "entry-changed",
    ],
    [
      "an entry of nothing but nesting",
      ({ text }: Line) =>
        text.replace(/"role":\{"S":"\w+"\}/u, `"role":${'{"L":['.repeat(5000)}${"]}".repeat(5000)}`),
      "entry-changed",
    ],
    [
      "an entry as large as a line may be, of the smallest values",
      ({ text }: Line) =>
        text.replace(/"role":\{"S":"\w+"\}/u, `"role":{"L":[${'{"M":{}},'.repeat(277_000)}{"N":"1"}]}`),
      "entry-changed",
    ],
    [
      "an entry with a name of its own in the prototype",
      ({ text }: Line) => text.replace('"sk":', '"__proto__":{"S":"x"},"sk":'),
      "entry-changed",
    ],
  ])("are named where one is %s", async (_what, change, kind) => {
    folder = sample.copy();
    putLine(change);

    const { status, counts } = await folder.verify();

    expect(status).toBe(1);
    expect(counts).toHaveProperty([kind], 1);
  });

  it("may be written with white space and other escapes, for they say the same", async () => {
    folder = sample.copy();
    putLine(({ text }) => text.replace('{"S":', '{ "S" : ').replace('"role"', '"\\u0072ole"'));

    expect(await folder.verify()).toMatchObject({ status: 0, counts: {} });
  });

  it("may come in any order of their members, as they do from AWS", async () => {
    folder = sample.copy();
    folder.rewrite((lines) =>
      lines.map(({ text }) => {
        const { Item } = JSON.parse(text) as { Item: object };
        return lineOf(JSON.stringify({ Item: Object.fromEntries(Object.entries(Item).toReversed()) }));
      }),
    );

    expect(await folder.verify()).toMatchObject({ status: 0, counts: {} });
  });
});

describe("manifests", () => {
  it.each([
    ["the list of files", () => manifest()],
    ["the summary", () => summary()],
  ])("are named where %s differs from its checksum", async (_what, path) => {
    folder = sample.copy();
    writeFileSync(path(), `${readFileSync(path(), "utf8")} `);

    expect((await folder.verify()).counts).toEqual({ "manifest-changed": 1 });
  });

  it("are named where a checksum is gone", async () => {
    folder = sample.copy();
    rmSync(manifest().replace(/json$/u, "md5"));

    expect((await folder.verify()).counts).toEqual({ "file-missing": 1 });
  });

  it("may have checksums under the name of the developer guide", async () => {
    folder = sample.copy();
    for (const path of [manifest(), summary()])
      renameSync(path.replace(/json$/u, "md5"), path.replace(/json$/u, "checksum"));

    expect(await folder.verify()).toMatchObject({ status: 0, counts: {} });
  });

  it.each([
    ["nonsense", () => "nonsense\n"],
    ["a file without a count", () => '{"md5Checksum":"","dataFileS3Key":"a"}\n'],
    ["a file with a count below nought", () => '{"itemCount":-1,"md5Checksum":"","dataFileS3Key":"a"}\n'],
  ])("are named where one lists %s", async (_what, line) => {
    folder = sample.copy();
    putManifest(manifest(), readFileSync(manifest(), "utf8") + line());

    expect((await folder.verify()).counts).toEqual({ "manifest-changed": 1 });
  });

  it.each([
    ["counts otherwise", (told: object) => ({ ...told, itemCount: 3 }), { "count-differs": 1 }],
    [
      "names another manifest",
      (told: object) => ({ ...told, manifestFilesS3Key: "AWSDynamoDB/../x.json" }),
      { "manifest-changed": 1 },
    ],
  ])("are named where the summary %s", async (_what, change, found) => {
    folder = sample.copy();
    putManifest(summary(), JSON.stringify(change(JSON.parse(readFileSync(summary(), "utf8")) as object)));

    expect((await folder.verify()).counts).toEqual(found);
  });

  it("give nothing to verify where the summary tells its time twice", async () => {
    folder = sample.copy();
    const told = readFileSync(summary(), "utf8");
    putManifest(summary(), told.replace("{", '{"exportTime":"2026-01-01T00:00:00.000Z",'));

    expect((await folder.verify()).status).toBe(2);
  });

  it("are named where two full exports are of one time, and are not the same", async () => {
    folder = sample.copy();
    cpSync(folder.at("tables"), folder.at("other"), { recursive: true });
    const same = await folder.verify();
    folder.putData(gzipSync(firstText(), { level: 9 }), countOf());

    expect(same).toMatchObject({ status: 0, counts: {} });
    expect((await folder.verify()).counts).toEqual({ "manifest-changed": 1 });
  });

  it.each([
    "Foundphone-Audit",
    "Audit",
    "clinic-audit-Audit60AC924E-1QX",
    "Foundphone-Audit60AC924E-1QX-restored",
    "the-audit-of-ours",
  ])("are those of the audit table where it is named %s", async (table) => {
    folder = sample.copy();
    putManifest(
      summary(),
      readFileSync(summary(), "utf8").replaceAll(":table/Foundphone-Audit", `:table/${table}`),
    );

    expect(await folder.verify()).toMatchObject({ status: 0, counts: {} });
  });

  it.each(["clinic-audit-Consents60AC924E-1QX", "clinic-Audit-Practice60AC924E-1QX", "AuditLog"])(
    "are those of another table where one beside it is named %s",
    async (table) => {
      folder = sample.copy();
      cpSync(folder.at("tables"), folder.at("other"), { recursive: true });
      const path = folder.at(
        EXPORT_ROOT.replace("tables", "other"),
        folder.exportId,
        "manifest-summary.json",
      );
      putManifest(path, readFileSync(path, "utf8").replaceAll(":table/Foundphone-Audit", `:table/${table}`));

      const { status, told } = await folder.verify();

      expect([status, told.table, told.otherFiles]).toEqual([0, "Foundphone-Audit", 3]);
    },
  );

  it.each([
    ["is in Ion", { outputFormat: "ION" }],
    ["has no time", { exportTime: "soon" }],
    ["has a time that there is not", { exportTime: "2026-02-31T00:00:00.000Z" }],
    ["tells no form", { outputFormat: undefined }],
    ["tells no count", { itemCount: undefined }],
    ["tells its count as a text", { itemCount: "300" }],
    ["is of a kind of its own", { exportType: "OTHER" }],
  ])("give nothing to verify where the only export %s", async (_what, change) => {
    folder = sample.copy();
    const told = JSON.parse(readFileSync(summary(), "utf8")) as object;
    putManifest(summary(), JSON.stringify({ ...told, ...change }));

    expect((await folder.verify()).status).toBe(2);
  });
});

describe("what cannot be verified", () => {
  it.each([
    ["a directory that there is not", () => "nowhere", "no such directory"],
    ["a file", () => summary(), "is a file"],
    ["a directory without an export", () => folder.at("anchors"), "no full export of the audit table"],
  ])("is told for %s", async (_what, path, words) => {
    folder = sample.copy();

    const { status, errors } = await verifyFolder(join(folder.path, path().replace(folder.path, "")));

    expect([status, errors]).toEqual([2, expect.stringContaining(words)]);
    expect(errors.trimEnd()).not.toContain("\n");
  });

  it.each([
    [["--format", "xml"], "Usage"],
    [["--unknown"], "Usage"],
    [["another"], "Usage"],
    [["--key-fingerprint", "abc"], "64 hexadecimal"],
    [["--key", "nowhere.pem"], "--key"],
    [["--wording", "nowhere.json"], "--wording"],
    [["--out", "nowhere/report.txt"], "cannot be written"],
  ])("is told for the options %j", async (options, words) => {
    folder = sample.copy();

    const { status, errors } = await folder.verify(...options);

    expect([status, errors]).toEqual([2, expect.stringContaining(words)]);
  });

  it("is told where the export holds no entry at all", async () => {
    folder = sample.copy();
    folder.rewrite(() => []);

    expect(await folder.verify()).toMatchObject({
      status: 2,
      errors: expect.stringContaining("holds no entry"),
    });
  });

  it("is told where there is no temporary directory", async () => {
    folder = sample.copy();
    vi.stubEnv("TMPDIR", folder.at("nowhere"));
    const { status, errors } = await folder.verify();
    vi.unstubAllEnvs();

    expect([status, errors]).toEqual([2, expect.stringContaining("TMPDIR")]);
  });

  it("is told at once, with nothing left behind, where the run is stopped", async () => {
    folder = sample.copy();
    const temporary = mkdtempSync(join(tmpdir(), "foundphone-sample-"));
    vi.stubEnv("TMPDIR", temporary);
    const stopping = new AbortController();
    const options = {
      directory: folder.path,
      keyFiles: [],
      keyFingerprints: [],
      asOfExport: false,
      wordingFile: undefined,
    };
    const stopped = verifyExport(options, () => undefined, stopping.signal);
    stopping.abort();

    await expect(stopped).rejects.toThrow("stopped");
    expect(readdirSync(temporary)).toEqual([]);
    rmSync(temporary, { recursive: true });
  });

  it("leaves nothing behind in the temporary directory", async () => {
    folder = sample.copy();
    const temporary = mkdtempSync(join(tmpdir(), "foundphone-sample-"));
    vi.stubEnv("TMPDIR", temporary);
    await folder.verify();
    await folder.verify("--wording", "nowhere.json");
    const left = readdirSync(temporary);
    rmSync(temporary, { recursive: true });

    expect(left).toEqual([]);
  });
});

describe("reports", () => {
  it("escape what stands in the files, and tell the same in each form", async () => {
    folder = sample.copy();
    const evil = '<script>alert("1")</script>';
    mkdirSync(folder.at("x", "anchors"), { recursive: true });
    writeFileSync(folder.at("x", "anchors", `\u001b[2J&${evil.replaceAll("/", "")}.json`), "");
    const html = await folder.verify("--format", "html");
    const text = await folder.verify("--format", "text");

    expect([html.status, text.status]).toEqual([1, 1]);
    expect(html.output).not.toContain("<script");
    expect(html.output).toContain("&lt;script&gt;");
    expect(html.output).not.toMatch(/\b(?:src|href)=/u);
    for (const { output } of [html, text]) {
      expect(output).not.toContain("\u001b");
      expect(output).toContain("anchor-unreadable: 1");
      expect(output).toContain(folder.fingerprint);
    }
  });

  it("can be written to a file that only its owner reads", async () => {
    folder = sample.copy();
    const { status, output } = await folder.verify("--format", "text", "--out", "report.txt");

    expect([status, output]).toEqual([0, ""]);
    expect(readFileSync(folder.at("report.txt"), "utf8")).toContain("PROVED");
  });
});
