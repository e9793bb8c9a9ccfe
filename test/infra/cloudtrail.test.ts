import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { at, resourcesOf } from "#infra/checks/template.ts";
import { stageSettings } from "#infra/stages.ts";
import { synthesized } from "./synthesized.ts";

const FOLDER = new URL("../../infra/audit/cloudtrail/", import.meta.url);
const PAGE = readFileSync(new URL("../../infra/audit/cloudtrail.md", import.meta.url), "utf8");
const template = synthesized();

const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".sql"))
  .toSorted();
const texts = new Map(
  files.map((name) => [name, readFileSync(fileURLToPath(new URL(name, FOLDER)), "utf8")]),
);
const queries = files.filter((name) => !name.startsWith("create-") && !name.startsWith("view-"));

/** A statement without its comments. */
function statement(name: string): string {
  return (texts.get(name) ?? "").replaceAll(/^\s*--.*$/gm, "").trim();
}

/** A statement with the contents of its literals taken out. */
function bare(name: string): string {
  return statement(name).replaceAll(/'[^']*'/g, "''");
}

const plain = (id: string) => id.replace(/[0-9A-F]{8}$/, "");
const named = (...types: readonly string[]) =>
  new Set(types.flatMap((type) => resourcesOf(template, type).map(({ id }) => plain(id))));

/** Texts between the outermost brackets of a list, split at its own commas. */
function members(list: string): readonly string[] {
  const found = [""];
  let depth = 0;
  for (const character of list.replaceAll("->", "")) {
    if ("(<[".includes(character)) depth += 1;
    if (")>]".includes(character)) depth -= 1;
    if (character === "," && depth === 0) found.push("");
    else found[found.length - 1] += character;
  }
  return found.map((each) => each.trim()).filter((each) => each !== "");
}

function inBrackets(text: string, from: number): string {
  let depth = 0;
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === "(") depth += 1;
    if (text[index] === ")") depth -= 1;
    if (depth === 0) return text.slice(from + 1, index);
  }
  throw new Error("a bracket stays open");
}

/** The columns that each table and view has, by its name. */
const relations = new Map(
  files.flatMap((name): readonly (readonly [string, ReadonlySet<string>])[] => {
    const text = statement(name);
    const table = /^CREATE EXTERNAL TABLE (\w+) /.exec(text);
    if (table !== null) {
      const columns = members(inBrackets(text, text.indexOf("(")));
      const partitions = /PARTITIONED BY \(([^)]*)\)/.exec(text)?.[1] ?? "";
      const all = [...columns, ...members(partitions)].map((column) => column.split(/\s/)[0] ?? "");
      return [[table[1] ?? "", new Set(all)]];
    }
    const view = /^CREATE OR REPLACE VIEW (\w+) AS/.exec(text);
    if (view === null) return [];
    const list =
      /^SELECT(?: DISTINCT)?\n([\s\S]*?)\nFROM /m.exec(text.slice(text.search(/^SELECT/m)))?.[1] ?? "";
    const columns = members(list).map((column) => /(\w+)$/.exec(column)?.[1] ?? "");
    return [[view[1] ?? "", new Set(columns)]];
  }),
);

const FIRST = ["stack_resources", "trail", "audit_lines"];

test("tables and views are there with their columns", () => {
  expect([...relations.keys()].toSorted()).toEqual(
    [...FIRST, "events", "item_accesses", "entries"].toSorted(),
  );
  expect(relations.get("trail")).toContain("day");
  expect(relations.get("events")).toContain("caller");
  expect(relations.get("entries")).toContain("request_id");
  expect(relations.get("item_accesses")?.size).toBe(15);
});

describe.each(files)("%s", (name) => {
  test("is one statement with brackets and quotes that close", () => {
    const text = bare(name);
    expect(text).not.toContain(";");
    expect(text).not.toContain("'".repeat(3));
    for (const [open = "", close = ""] of ["()", "[]"].map((pair) => pair.split(""))) {
      expect(text.split(open).length, open).toBe(text.split(close).length);
    }
    expect(text).toMatch(/^(CREATE|WITH|SELECT)\b/);
  });

  test("reads only tables, views and its own parts", () => {
    const text = bare(name);
    const own = [...text.matchAll(/(?:WITH|,)\s+(\w+)(?: \([\w, ]+\))? AS \(/g)].map(
      (match) => match[1] ?? "",
    );
    const read = [...text.matchAll(/\b(?:FROM|JOIN) (\w+)/g)]
      .map((match) => match[1] ?? "")
      .filter((each) => !["UNNEST", "SELECT"].includes(each));
    expect(read.filter((each) => !own.includes(each) && !relations.has(each))).toEqual([]);
    expect(read.length > 0 || text.startsWith("CREATE EXTERNAL")).toBe(true);
  });

  test("names columns that its tables and views have", () => {
    const text = bare(name);
    const aliases = [...text.matchAll(/\b(?:FROM|JOIN) (\w+) ([a-z]\w*)\b/g)];
    const strange = aliases.flatMap(([, relation = "", alias = ""]) => {
      const columns = relations.get(relation);
      const used = [...text.matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, "g"))].map((match) => match[1] ?? "");
      return columns === undefined ? [] : used.filter((column) => !columns.has(column));
    });
    expect(strange).toEqual([]);

    // A name on its own: a column of what the statement reads, or one that it has given itself.
    const given = [
      ...text.matchAll(/\bAS (\w+)(?: \(([\w, ]+)\))?|\b(\w+) \(([\w, ]+)\) AS|(\w+) AS \(|(\w+) ->/g),
    ]
      .flatMap((match) => match.slice(1))
      .flatMap((names) => names?.split(", ") ?? []);
    const readable = [...relations].flatMap(([relation, columns]) =>
      new RegExp(`\\b(?:FROM|JOIN) ${relation}\\b`).test(text) ? [...columns] : [],
    );
    const known = new Set([...given, ...readable, ...relations.keys(), ...aliases.map((match) => match[2])]);
    const alone = [...text.matchAll(/(?<![.\w"$])([a-z]\w*)\b(?!\s*\()/g)].map((match) => match[1] ?? "");
    const unknown = alone.filter((each) => !known.has(each));
    expect(text.startsWith("CREATE EXTERNAL") ? [] : unknown).toEqual([]);
  });
});

describe.each(queries)("the query %s", (name) => {
  const text = texts.get(name) ?? "";

  test("says what it answers, what it takes and what a clean result is", () => {
    const comment = /^(?:--.*\n)+/.exec(text)?.[0] ?? "";
    expect(comment.split("\n").length).toBeGreaterThan(3);
    expect(comment).toMatch(/^-- Parameters: /m);
    expect(comment).toMatch(/^-- Clean: /m);
  });

  test("asks for the days of every reading of the trail, so that nobody pays for the whole of it", () => {
    const readings = bare(name).match(/\b(?:FROM|JOIN) (?:events|item_accesses)\b/g) ?? [];
    const days = bare(name).match(/\bday BETWEEN \? AND \?/g) ?? [];
    expect(days).toHaveLength(readings.length);
    expect(readings.length).toBeGreaterThan(0);
  });

  test("stands on the page", () => {
    expect(PAGE).toContain(`(cloudtrail/${name})`);
  });
});

describe("names of the stack in the queries", () => {
  const all = files.map(statement).join("\n");

  test("are functions, tables and keys of the template", () => {
    const functions = named("AWS::Lambda::Function");
    const callers = [...all.matchAll(/'(\w+Function)'/g)].map((match) => match[1] ?? "");
    expect(callers.length).toBeGreaterThan(2);
    expect(callers.filter((caller) => !functions.has(caller))).toEqual([]);
    const tables = [...all.matchAll(/table_name = '(\w+)'/g)].map((match) => match[1] ?? "");
    expect(tables.filter((table) => !named("AWS::DynamoDB::Table").has(table))).toEqual([]);
    const keys = [...all.matchAll(/'(\w+Key)'/g)].map((match) => match[1] ?? "");
    expect(new Set(keys)).toEqual(new Set(["ContentKey", "AnchorKey"]));
    expect(keys.filter((key) => !named("AWS::KMS::Key").has(key))).toEqual([]);
  });

  test("give every function from its folder's name, as an entry has it, and from its role's", () => {
    const roles = named("AWS::IAM::Role");
    for (const { id, properties } of resourcesOf(template, "AWS::Lambda::Function")) {
      const folder = /^functions\/([^/]+)\//.exec(String(properties["Description"]))?.[1] ?? "";
      expect(`${folder.replaceAll("-", "")}function`, id).toBe(plain(id).toLowerCase());
      expect(roles, id).toContain(`${plain(id)}Role`);
    }
  });

  test("are the only ones that may open content and sign, as the template grants it", () => {
    const may = (action: string, key: string) =>
      resourcesOf(template, "AWS::IAM::Policy")
        .filter(({ properties }) =>
          (at(properties["PolicyDocument"], "Statement") as readonly unknown[]).some(
            (one) =>
              JSON.stringify(at(one, "Action")).includes(`"${action}"`) &&
              JSON.stringify(at(one, "Resource")).includes(`"${key}`),
          ),
        )
        .map(({ id }) => plain(id).replace(/RoleDefaultPolicy$/, ""));
    expect(may("kms:Decrypt", "ContentKey").toSorted()).toEqual([
      "CheckAttachmentFunction",
      "PortalFunction",
      "ThreadsFunction",
    ]);
    expect(statement("content-opened.sql")).toContain("NOT IN ('PortalFunction', 'ThreadsFunction')");
    expect(statement("content-opened.sql")).toContain("= 'CheckAttachmentFunction'");
    for (const action of ["thread.read", "attachments.listed", "attachment.opened"])
      expect(statement("content-opened.sql")).toContain(`'${action}'`);
    for (const ids of ["messageIds.L", "noteIds.L", "attachmentIds.L", "attachmentId.S"])
      expect(statement("content-opened.sql")).toContain(`'$.${ids}'`);
    expect(may("kms:Sign", "AnchorKey")).toEqual(["AnchorFunction"]);
  });
});

describe("the page", () => {
  test("names the trail, buckets, log groups and keys as the template does", () => {
    const [trail] = resourcesOf(template, "AWS::CloudTrail::Trail");
    const { stage } = stageSettings("evaluation");
    expect(trail?.properties["TrailName"]).toBe(`foundphone-${stage}`);
    expect(PAGE).toContain("`foundphone-STAGE`");
    const known = named("AWS::S3::Bucket", "AWS::Logs::LogGroup", "AWS::KMS::Key", "AWS::Lambda::Function");
    const mentioned = [...PAGE.matchAll(/`(\w+(?:Bucket|Logs|Key|Function))`/g)].map(
      (match) => match[1] ?? "",
    );
    expect(mentioned.length).toBeGreaterThan(8);
    expect(mentioned.filter((name) => !known.has(name))).toEqual([]);
  });

  test("has the trail's files where the bucket lets CloudTrail write them", () => {
    const policies = JSON.stringify(resourcesOf(template, "AWS::S3::BucketPolicy"));
    expect(policies).toContain(`/AWSLogs/${stageSettings("evaluation").account}/*`);
    expect(statement("create-trail.sql")).toContain("'s3://TRAIL_BUCKET/AWSLogs/ACCOUNT/CloudTrail/'");
  });

  test("lists every function that writes entries, with where its request ids lead", () => {
    const section = PAGE.slice(
      PAGE.indexOf("**From a person to the call.**"),
      PAGE.indexOf("With a request id in hand"),
    );
    const writers = resourcesOf(template, "AWS::Lambda::Function").filter(({ properties }) =>
      JSON.stringify(properties["Environment"] ?? {}).includes("AUDIT_TABLE_NAME"),
    );
    expect(writers.length).toBeGreaterThan(10);
    for (const { properties } of writers) {
      const folder = /^functions\/([^/]+)\//.exec(String(properties["Description"]))?.[1] ?? "";
      expect(section).toContain(`\`${folder}\``);
    }
  });

  test("lists the only callers of a write outside of a transaction", () => {
    const section = PAGE.slice(
      PAGE.indexOf("## Written without an entry"),
      PAGE.indexOf("## What AWS documents"),
    );
    const rows = [...section.matchAll(/^\| `(\w+)` \| `(\w+)` \| (\w+) \|/gm)].map(([, ...cells]) =>
      cells.join(" "),
    );
    expect(rows).toEqual([
      "AuthorizeFunction PutItem Practice",
      "SendAlertFunction UpdateItem Practice",
      "RemindFunction UpdateItem Messages",
    ]);
    const folder = new URL("../../shared/adapters/dynamodb/", import.meta.url);
    const alone = readdirSync(folder).filter((name) =>
      /new (?:PutItem|UpdateItem|DeleteItem|BatchWriteItem)Command/.test(
        readFileSync(new URL(name, folder), "utf8"),
      ),
    );
    expect(alone.toSorted()).toEqual(["due-alerts.ts", "pace.ts", "touch.ts"]);
  });
});
