import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseCsv } from "#infra/local/demo/csv.ts";
import { readQueueSources, readScheduleSources } from "#infra/local/events/event-sources.ts";
import { readRestApis } from "#infra/local/http/rest-apis.ts";
import { PURPOSES } from "#shared/domain/words.ts";
import { fixtureTemplate } from "./fixture-api.ts";

describe("the template's event sources", () => {
  it("are read as Lambda and EventBridge read them", () => {
    const template = fixtureTemplate();
    expect(readQueueSources(template)).toEqual([
      {
        queueArn: template.attribute("Work", "Arn"),
        functionLogicalId: "Echo",
        batchSize: 10,
        partialResponses: true,
        concurrencyMax: 2,
      },
    ]);
    expect(readScheduleSources(template, (logicalId) => template.attribute(logicalId, "Arn"))).toEqual([
      { ruleArn: template.attribute("EveryMinute", "Arn"), functionLogicalId: "Echo", periodMs: 60_000 },
    ]);
  });

  it("name every route with its function", () => {
    const [api] = readRestApis(fixtureTemplate());
    expect(api?.methods.map(({ httpMethod, resourcePath }) => `${httpMethod} ${resourcePath}`)).toEqual([
      "GET /open/{behaviour}",
      "POST /open/{behaviour}",
      "GET /open/fixed",
      "GET /closed/{id}",
    ]);
  });
});

describe("the demo patients", () => {
  const rows = parseCsv(readFileSync("infra/local/demo/patients.csv", "utf8"));

  it("are forty, each with a number and a record number of their own", () => {
    expect(rows).toHaveLength(40);
    expect(new Set(rows.map((row) => row["externalId"])).size).toBe(40);
    expect(new Set(rows.map((row) => row["mobilePhone"])).size).toBe(40);
    for (const row of rows) {
      // 555-01xx is the range that no one is ever given.
      expect(row["mobilePhone"]).toMatch(/^\+1\d{3}55501\d{2}$/);
      expect(row["birthDate"]).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });

  it("have a message whose purpose they consented to, except the three without any consent", () => {
    const without = rows.filter((row) => row["consents"] === "");
    expect(without).toHaveLength(3);
    for (const row of rows) {
      expect(PURPOSES).toContain(row["purpose"]);
      if (row["consents"] !== "") expect(row["consents"]?.split(" ")).toContain(row["purpose"]);
    }
  });
});

describe("comma-separated text", () => {
  it("keeps commas, quotes and line breaks inside quotes", () => {
    expect(parseCsv('a,b\r\n"x, ""y""","two\nlines"\nz,\n')).toEqual([
      { a: 'x, "y"', b: "two\nlines" },
      { a: "z", b: "" },
    ]);
  });

  it("refuses a row of another width", () => {
    expect(() => parseCsv("a,b\n1\n")).toThrow("Row 2");
  });
});
