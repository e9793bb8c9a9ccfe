import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runAuditCommand } from "#infra/template-audit/audit-command.ts";
import { FIELD_UNITS_MAX, NAMED_ROWS_MAX } from "#infra/template-audit/limits.ts";

const ADMINISTRATIVE = "Please call us at {{phone}}";
const CLINICAL = "Your colonoscopy is on {{date}}";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "foundphone-audit-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function run(file: string | Buffer, name: string, ...options: string[]) {
  if (name !== "-") writeFileSync(join(folder, name), file);
  return call({ input: file }, name, ...options);
}

async function call(
  { input = "", isTTY = false }: { input?: string | Buffer; isTTY?: boolean },
  ...args: string[]
) {
  const output = new PassThrough();
  const errors = Object.assign(new PassThrough(), { isTTY });
  const written = [readAll(output), readAll(errors)] as const;
  const status = await runAuditCommand({
    commandArguments: args,
    folder,
    input: Readable.from([Buffer.from(input)]),
    output,
    errors,
  });
  output.end();
  errors.end();
  return { status, stdout: await written[0], stderr: await written[1] };
}

function fieldsOfFindings(stdout: string) {
  const [template] = json(stdout) as [{ readonly findings: readonly { readonly field: string }[] }];
  return [...new Set(template.findings.map(({ field }) => field))];
}

function json(stdout: string) {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

describe("the report", () => {
  it("names line, row, id, name, the marked words, the rule and a text instead, and sums up", async () => {
    const { status, stdout, stderr } = await run(
      `id,name,text\n1,Call,"${ADMINISTRATIVE}"\n2,Colon,"Hi {{name}},\n${CLINICAL}"\n3,Bad,one,two\n`,
      "a.csv",
    );

    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(stdout).toContain('line 3, row 2, "2", "Colon": tier 3, clinical\n');
    expect(stdout).toContain("  word-procedure (procedure): ");
    expect(stdout).toContain("{{name}},\\nYour ⟦colonoscopy⟧ is on");
    expect(stdout).toMatch(/ {2}Instead \(appointment reminder, English\): \{practice\}: /);
    expect(stdout).toContain("line 5, row 3");
    expect(stdout).toContain("Templates read: 2 (CSV, commas, utf-8");
    expect(stdout).toContain("tier 1, administrative: 1\n");
    expect(stdout).toContain("tier 3, clinical: 1\n");
    expect(stdout).toMatch(/Findings by category: .*procedure \d/);
    expect(stdout).toMatch(/Rows that could not be read: 1\n {2}line 5, row 3: the row has 4 columns/);
  });

  it("is one object a template and a last one for all with --json", async () => {
    const { status, stdout } = await run(
      `{"id":7,"name":"Colon","body":"${CLINICAL}"}\n\n"${ADMINISTRATIVE}"\nnot JSON\n`,
      "a.jsonl",
      "--json",
    );
    const [clinical, administrative, broken, last] = json(stdout);

    expect(status).toBe(1);
    expect(clinical).toMatchObject({ line: 1, row: 1, id: "7", name: "Colon", tier: 3 });
    expect(clinical).toHaveProperty(
      "findings",
      expect.arrayContaining([expect.objectContaining({ start: 5, end: 16, excerpt: "colonoscopy" })]),
    );
    expect(administrative).toMatchObject({
      line: 3,
      row: 2,
      id: null,
      tier: 1,
      findings: [],
      suggestion: null,
    });
    expect(broken).toEqual({ line: 4, row: 3, error: "the line is not JSON" });
    expect(last).toMatchObject({
      summary: {
        templates: 2,
        tiers: { 1: 1, 2: 0, 3: 1 },
        unreadable: 1,
        format: "jsonl",
        encoding: "utf-8",
      },
    });
  });

  it("shows control and reordering characters of the file as escapes", async () => {
    const file = 'name,text\n"\u001b[2Jx\u202e\u009b","Your \u001b]0;a\u0007 colonoscopy\u2028 is near"\n';
    const human = await run(file, "a.csv");
    const machine = await run(file, "a.csv", "--json");

    for (const { stdout } of [human, machine]) {
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
    }
    expect(human.stdout).toContain("\\u{1b}[2Jx\\u{202e}\\u{9b}");
    expect(json(machine.stdout)[0]).toMatchObject({ name: "\u001b[2Jx\u202e\u009b" });
  });

  it("names some of the unreadable rows in the summary and counts the others", async () => {
    const broken = await run(`text,a\n${"x\n".repeat(NAMED_ROWS_MAX + 5)}`, "b.csv", "--json");
    expect(broken.status).toBe(2);
    expect(broken.stderr).toMatch(/^Rows that could not be read: 105\..*\n$/);
    expect(json(broken.stdout).at(-1)).toMatchObject({ summary: { unreadable: NAMED_ROWS_MAX + 5 } });
  });

  it("says which columns that look like texts it did not read", async () => {
    const { stdout } = await run(`text,sms\n${ADMINISTRATIVE},"${CLINICAL}"\n`, "a.csv", "--column", "text");

    expect(stdout).toContain("Other columns that look like texts were not read: sms.");
  });
});

describe("reading", () => {
  it.each([
    [
      "a header in Spanish, semicolons, CRLF and a mark",
      `\ufeffcódigo;mensaje\r\n1;${CLINICAL}\r\n`,
      "a.csv",
    ],
    ["tabs", `id\ttext\n1\t${CLINICAL}\n`, "a.tsv"],
    ["one column with commas in it", `text\nHello, ${CLINICAL}\n`, "a.csv"],
    ["Excel's own first line", `sep=;\ntext;a\n${CLINICAL};1\n`, "a.csv"],
    ["CSV told by its content", `id,text\n1,${CLINICAL}\n`, "a.dat"],
    ["JSON Lines told by its content", `{"text":"${CLINICAL}"}\n`, "a.dat"],
    ["strings told by their content", `"${CLINICAL}"`, "a.dat"],
    ["standard input", `{"text":"${CLINICAL}"}`, "-"],
  ])("takes %s", async (_, file, name) => {
    const { status, stdout } = await run(file, name, "--json");

    expect(status).toBe(1);
    expect(json(stdout)).toMatchObject([{ tier: 3 }, { summary: { templates: 1, unreadable: 0 } }]);
  });

  it("takes the columns that it is told", async () => {
    const { stdout } = await run(
      `text,Reminder (SMS),ref,what\n${ADMINISTRATIVE},"${CLINICAL}",r1,w1\n`,
      "a.csv",
      ...["--column", "reminder (sms)", "--id-column", "ref", "--name-column", "what", "--json"],
    );

    expect(json(stdout)[0]).toMatchObject({ tier: 3, id: "r1", name: "w1" });
  });

  it.each([
    [
      "Template Name,SMS Text,Email Subject,Email Body",
      `Colon,${ADMINISTRATIVE},Hello,${CLINICAL}`,
      "Email Body",
    ],
    ["Template Name,SMS Text,Email Subject,Email Body", `Colon,Hello,${CLINICAL},Hello`, "Email Subject"],
    ["Subject,Body", `${CLINICAL},${ADMINISTRATIVE}`, "Subject"],
    ["sms_en,sms_es", `${ADMINISTRATIVE},Su colonoscopia es el {{fecha}}`, "sms_es"],
    ["body,body_es", `${ADMINISTRATIVE},Su colonoscopia es el {{fecha}}`, "body_es"],
    ["text,smsbody", `${ADMINISTRATIVE},${CLINICAL}`, "smsbody"],
    ["mensaje,asunto", `${ADMINISTRATIVE},${CLINICAL}`, "asunto"],
    ["text,status_message", `${ADMINISTRATIVE},${CLINICAL}`, "status_message"],
    ["text,MessageText2", `${ADMINISTRATIVE},${CLINICAL}`, "MessageText2"],
  ])("judges every text of a CSV file with the header %s", async (header, row, field) => {
    const { status, stdout } = await run(`${header}\n${row}\n`, "a.csv", "--json");
    const human = await run(`${header}\n${row}\n`, "a.csv");

    expect(status).toBe(1);
    expect(json(stdout)[0]).toMatchObject({ tier: 3, suggestion: { purpose: "appointment-reminder" } });
    expect(fieldsOfFindings(stdout)).toEqual([field]);
    expect(human.stdout).toContain(`  In "${field}" (tier 3):\n`);
  });

  it.each([
    [{ body: CLINICAL, sms: "Please call us" }, "body"],
    [{ subject: CLINICAL, text: ADMINISTRATIVE }, "subject"],
    [{ body: ADMINISTRATIVE, sms: { en: ADMINISTRATIVE, es: CLINICAL } }, "sms.es"],
    [{ en: { body: ADMINISTRATIVE }, es: { body: CLINICAL } }, "es.body"],
    [{ text: null, messages: [ADMINISTRATIVE, CLINICAL] }, "messages.1"],
  ])("judges every text of the object %j", async (value, field) => {
    const { status, stdout } = await run(`${JSON.stringify(value)}\n`, "a.jsonl", "--json");

    expect(status).toBe(1);
    expect(fieldsOfFindings(stdout)).toEqual([field]);
  });

  it("judges only the column or key that it is told", async () => {
    const csv = await run(`sms,body\n${ADMINISTRATIVE},${CLINICAL}\n`, "a.csv", "--column", "SMS");
    const lines = await run(
      JSON.stringify({ body: CLINICAL, sms: { en: ADMINISTRATIVE } }),
      "a.jsonl",
      "--column",
      "sms",
    );

    expect([csv.status, lines.status]).toEqual([0, 0]);
  });

  it("does not judge what is said about a text", async () => {
    const { status } = await run(
      `template_name,message_id,sms_type,template_owner,tipo_mensaje,text\nColonoscopy,colonoscopy,colonoscopy,colonoscopy,colonoscopy,${ADMINISTRATIVE}\n`,
      "a.csv",
    );

    expect(status).toBe(0);
  });

  it("does not take part of a text for the whole, and keeps the rest of the file", async () => {
    const { status, stdout } = await run(
      `id,text\n1,Hello, ${CLINICAL}\n2,"open\n3,${"x".repeat(FIELD_UNITS_MAX + 1)}\n4,${ADMINISTRATIVE}\n`,
      "a.csv",
      "--json",
    );

    expect(status).toBe(2);
    expect(json(stdout)).toMatchObject([
      { line: 2, row: 1, error: expect.any(String) },
      { line: 3, row: 2, error: expect.any(String) },
      { line: 4, row: 3, error: expect.any(String) },
      { line: 5, row: 4, tier: 1 },
      { summary: { templates: 1, unreadable: 3 } },
    ]);
  });

  it("refuses a text that was not decoded whole, and passes over an empty one", async () => {
    const { status, stdout } = await run(
      Buffer.concat([Buffer.from("text,a\né,1\n"), Buffer.from([0xff]), Buffer.from("x,1\n,2\n")]),
      "a.csv",
      "--json",
    );

    expect(status).toBe(2);
    expect(json(stdout)).toMatchObject([
      { tier: expect.any(Number) },
      { line: 3, error: expect.any(String) },
      { summary: { templates: 1, emptyTexts: 1, unreadable: 1 } },
    ]);
  });
});

describe("what ends with status 2 and one line", () => {
  it.each([
    ["no file", []],
    ["two files", ["a", "b"]],
    ["an unknown option", ["a", "--secret"]],
    ["an unknown format", ["a", "--format", "secret"]],
    ["a missing file", ["secret.csv"]],
    ["a folder", ["."]],
  ])("%s", async (_, args) => {
    const { status, stdout, stderr } = await call({}, ...args);

    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^[^\n]{20,}\n$/);
    expect(stderr).not.toContain("secret");
  });

  it.each([
    ["an empty file", "", "a.csv"],
    ["blank lines", "\n\n", "a.csv"],
    ["a header alone", "id,text\n", "a.csv"],
    ["no text column", "id,secret\n1,secret\n", "a.csv"],
    ["a column that is not there", "id,text\n1,secret\n", "a.csv", "--column", "secret2"],
    ["no header", `1,Email,"${CLINICAL}: eat nothing and drink nothing but water, secret"\n`, "a.csv"],
    ["a header that is broken", 'id,"text\n', "a.csv"],
    ["a JSON array", '[\n{"text":"secret"}]', "a.json"],
    ["XML", "<?xml?>\n<secret/>\n", "a.txt"],
    ["a workbook", "PK\u0003\u0004secret", "a.xlsx"],
  ])("%s", async (_, file, name, ...options) => {
    const { status, stdout, stderr } = await run(file, name, ...options);

    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^[^\n]{20,}\n$/);
    expect(stderr).not.toContain("secret");
  });
});

it("ends with 0 when nothing clinical would leave", async () => {
  expect((await run(`text\n${ADMINISTRATIVE}\nYour lab results are ready\n`, "a.csv")).status).toBe(0);
});

describe("a reader that leaves", () => {
  it.each([
    ["1 when a template so far is clinical", 1, `${CLINICAL}\n`],
    ["0 else", 0, "Your lab results are ready\n"],
  ])("ends the audit quietly, with %s", async (_, status, line) => {
    let writes = 0;
    const errors = new PassThrough();
    const gone = new Writable({
      write(_chunk, _encoding, done) {
        writes += 1;
        done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
      },
    });
    const ended = await runAuditCommand({
      commandArguments: ["-", "--json", "--format", "csv"],
      folder,
      input: Readable.from([Buffer.from(`text\n${line}${`${CLINICAL}\n`.repeat(50)}`)]),
      output: gone,
      errors,
    });

    expect({ ended, writes, told: errors.read() }).toEqual({ ended: status, writes: 1, told: null });
  });

  it("is not taken for a report that cannot be written", async () => {
    const errors = new PassThrough();
    const full = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error("secret"), { code: "ENOSPC" })),
    });
    const ended = await runAuditCommand({
      commandArguments: ["-", "--json"],
      folder,
      input: Readable.from([Buffer.from(`{"text":"${ADMINISTRATIVE}"}\n`)]),
      output: full,
      errors,
    });

    expect(ended).toBe(2);
    expect(String(errors.read())).toMatch(/^The report cannot be written: [^\n]+\n$/);
  });
});
