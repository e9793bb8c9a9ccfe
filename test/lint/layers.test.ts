import { existsSync, globSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { brokenRules, type ProbeFile } from "./probe.ts";

/** Imports that a file of one layer may and may not have. */
interface LayerCase {
  readonly layer: string;
  /** Where the importing file lies; `*` stands for a name of its own. */
  readonly file: string;
  readonly legal: readonly string[];
  readonly illegal: readonly string[];
}

const LAYERS: readonly LayerCase[] = [
  {
    layer: "the domain",
    file: "shared/domain/*.ts",
    legal: ["./tier.ts", "./classification/rules.ts", "#shared/domain/tier.ts"],
    illegal: [
      "zod",
      "node:crypto",
      "node:fs/promises",
      "@aws-sdk/client-kms",
      "../contracts/messages.ts",
      "../audit/journal.ts",
      "../messaging/accept.ts",
      "../runtime/ids.ts",
      "#shared/contracts/messages.ts",
      "#functions/messages/env.ts",
      "#infra/stages.ts",
      "#test/support/world.ts",
      "../../test/support/world.ts",
    ],
  },
  {
    layer: "a folder of the domain",
    file: "shared/domain/classification/*.ts",
    legal: ["./rules.ts", "./data/words.ts", "../tier.ts", "../texts/alert.ts"],
    illegal: ["zod", "../../contracts/messages.ts", "../../audit/journal.ts", "#shared/tables/indexes.ts"],
  },
  {
    layer: "a folder of a use case",
    file: "shared/portal/pages/*.ts",
    legal: ["../ports.ts", "../../domain/words.ts", "../../practice/records.ts"],
    illegal: ["../../adapters/envelope.ts", "../../runtime/ids.ts", "../../../functions/http/respond.ts"],
  },
  {
    layer: "the contracts",
    file: "shared/contracts/*.ts",
    legal: ["./fields.ts", "../domain/words.ts", "#shared/domain/words.ts"],
    illegal: [
      "@aws-sdk/client-kms",
      "node:crypto",
      "../messaging/accept.ts",
      "../adapters/items.ts",
      "#test/x.ts",
    ],
  },
  {
    layer: "a use case",
    file: "shared/messaging/*.ts",
    legal: [
      "./accept.ts",
      "../domain/words.ts",
      "../audit/journal.ts",
      "../consent/decide.ts",
      "#shared/domain/words.ts",
    ],
    illegal: [
      "zod",
      "node:fs",
      "@aws-sdk/client-sqs",
      "../adapters/sqs/alert-queue.ts",
      "../contracts/messages.ts",
      "../tables/indexes.ts",
      "../runtime/ids.ts",
      "#shared/adapters/envelope.ts",
      "#functions/http/respond.ts",
      "#test/x.ts",
    ],
  },
  {
    layer: "an area that no rule names",
    file: "shared/newcomers/*.ts",
    legal: ["./accept.ts", "../domain/words.ts"],
    illegal: ["zod", "@aws-sdk/client-sqs", "../adapters/envelope.ts", "#functions/http/respond.ts"],
  },
  {
    layer: "the audit chain",
    file: "shared/audit/*.ts",
    legal: ["./journal.ts", "../domain/words.ts", "node:crypto", "canonicalize"],
    illegal: ["node:fs", "zod", "../adapters/envelope.ts", "../staff/admit.ts"],
  },
  {
    layer: "the tables' names",
    file: "shared/tables/*.ts",
    legal: ["./indexes.ts"],
    illegal: ["zod", "../domain/words.ts", "aws-cdk-lib"],
  },
  {
    layer: "an adapter",
    file: "shared/adapters/*.ts",
    legal: [
      "./envelope.ts",
      "./dynamodb/items.ts",
      "../domain/words.ts",
      "../staff/tokens.ts",
      "../tables/indexes.ts",
      "zod",
    ],
    illegal: [
      "../contracts/messages.ts",
      "@middy/core",
      "aws-cdk-lib",
      "#functions/http/respond.ts",
      "#test/x.ts",
    ],
  },
  {
    layer: "an adapter of one service",
    file: "shared/adapters/dynamodb/*.ts",
    legal: [
      "./items.ts",
      "../envelope.ts",
      "../kms/macs.ts",
      "../../tables/indexes.ts",
      "@aws-sdk/client-dynamodb",
      "node:crypto",
    ],
    illegal: ["../../contracts/messages.ts", "../../../infra/stages.ts", "#infra/stages.ts"],
  },
  {
    layer: "the runtime",
    file: "shared/runtime/*.ts",
    legal: ["./ids.ts", "zod", "ulid"],
    illegal: [
      "../domain/words.ts",
      "../adapters/envelope.ts",
      "@aws-sdk/client-kms",
      "#shared/domain/words.ts",
    ],
  },
  {
    layer: "a function",
    file: "functions/messages/*.ts",
    legal: [
      "./env.ts",
      "#shared/messaging/accept.ts",
      "../http/respond.ts",
      "#functions/queue/records.ts",
      "@middy/core",
      "zod",
    ],
    illegal: [
      "../patients/handler.ts",
      "#functions/patients/handler.ts",
      "@aws-sdk/client-dynamodb",
      "../../shared/messaging/accept.ts",
      "#infra/stages.ts",
      "#test/x.ts",
      "aws-cdk-lib",
    ],
  },
  {
    layer: "a folder of a function",
    file: "functions/portal/views/*.ts",
    legal: [
      "./page.ts",
      "../env.ts",
      "../assets/style.ts",
      "../../http/respond.ts",
      "#shared/portal/open.ts",
    ],
    illegal: [
      "../../patients/handler.ts",
      "#functions/patients/handler.ts",
      "../../../shared/portal/open.ts",
      "@aws-sdk/client-kms",
    ],
  },
  {
    layer: "the wiring of a function",
    file: "functions/*/index.ts",
    legal: ["./env.ts", "@aws-sdk/client-dynamodb", "../queue/records.ts", "#shared/adapters/envelope.ts"],
    illegal: ["../patients/handler.ts", "#functions/patients/handler.ts", "aws-cdk-lib", "#infra/stages.ts"],
  },
  {
    layer: "the infrastructure",
    file: "infra/stacks/*.ts",
    legal: ["aws-cdk-lib", "../stages.ts", "../constructs/keys.ts", "#shared/tables/indexes.ts"],
    illegal: [
      "#shared/adapters/envelope.ts",
      "../../shared/tables/indexes.ts",
      "#functions/messages/handler.ts",
      "../../functions/messages/env.ts",
      "../local/main.ts",
      "#infra/local/main.ts",
      "#test/x.ts",
    ],
  },
  {
    layer: "the command-line tools",
    file: "infra/bench/*.ts",
    legal: ["#shared/contracts/messages.ts", "../stages.ts", "#infra/local/main.ts", "esbuild"],
    illegal: ["#functions/messages/handler.ts", "../../shared/contracts/messages.ts", "#test/x.ts"],
  },
  {
    layer: "the audit of templates",
    file: "infra/template-audit/*.ts",
    legal: ["#shared/domain/classification/classify.ts", "./limits.ts"],
    illegal: ["#functions/messages/handler.ts", "../../shared/domain/words.ts", "#test/x.ts"],
  },
  {
    layer: "the command that imports",
    file: "infra/import/*.ts",
    legal: ["#shared/domain/imports/kinds.ts", "../template-audit/progress-bar.ts"],
    illegal: ["#functions/messages/handler.ts", "../../shared/domain/words.ts", "#test/x.ts"],
  },
  {
    layer: "the local host",
    file: "infra/local/*.ts",
    legal: ["#functions/messages/index.ts", "#shared/domain/words.ts", "../stages.ts", "fauxqs"],
    illegal: ["#test/support/world.ts", "../../test/support/world.ts", "../../functions/messages/index.ts"],
  },
];

const RULES = ["lint/style/noRestrictedImports", "plugin"];

describe.each(LAYERS)("$layer ($file)", ({ file, legal, illegal }) => {
  it.each(illegal)("may not import %s", (specifier) => {
    expect(verdictOn(file, "illegal", specifier)).not.toEqual([]);
  });

  it.each(legal)("may import %s", (specifier) => {
    expect(verdictOn(file, "legal", specifier)).toEqual([]);
  });
});

describe("import statements", () => {
  const probe = (text: string) => [{ path: "shared/adapters/probe.ts", text }];

  it.each(["./../contracts/a.ts", "../domain/../contracts/a.ts", "#shared/domain/../contracts/a.ts"])(
    "may not climb inside a path: %s",
    (specifier) => {
      expect(rulesBroken(probe(`import { a } from "${specifier}";\na();\n`))).toContain("plugin");
      expect(rulesBroken(probe(`export { a } from "${specifier}";\n`))).toContain("plugin");
    },
  );

  it.each(['import { z } from "zod";', 'import z from "zod";', 'import { z as schema } from "zod";'])(
    "may not take zod apart: %s",
    (statement) => {
      expect(rulesBroken(probe(statement))).toContain("plugin");
    },
  );

  it.each(['import * as z from "zod";', 'import type { ZodType } from "zod";'])(
    "may keep zod whole: %s",
    (statement) => {
      expect(rulesBroken(probe(statement))).not.toContain("plugin");
    },
  );

  it("may read the classifier's packed data in the two modules for it, and nowhere else in the domain", () => {
    const rules = brokenRules(
      ["data-files", "file-checksum", "judge"].map((name) => ({
        path: `shared/domain/classification/${name}.ts`,
        text: 'import { readFileSync } from "node:fs";\nreadFileSync("a");\n',
      })),
    );

    expect(Object.fromEntries(rules)).toEqual({
      "shared/domain/classification/data-files.ts": [],
      "shared/domain/classification/file-checksum.ts": [],
      "shared/domain/classification/judge.ts": ["lint/style/noRestrictedImports"],
    });
  });

  it("may not run a function's environment schema at synth, only take its type", () => {
    const inStack = (text: string) => rulesBroken([{ path: "infra/stacks/probe.ts", text }]);

    expect(inStack('import { Environment } from "#functions/messages/env.ts";')).toContain("plugin");
    expect(inStack('import { type Environment } from "#functions/messages/env.ts";')).toContain("plugin");
    expect(inStack('import type { Environment } from "#functions/messages/env.ts";')).not.toContain("plugin");
  });
});

describe("the tree", () => {
  it("has no file directly in shared/, where no layer rule could tell what it may import", () => {
    expect(globSync("shared/*.ts")).toEqual([]);
  });

  it("has every top folder that the rules name", () => {
    expect(["shared", "functions", "infra", "test"].filter((folder) => !existsSync(folder))).toEqual([]);
  });
});

/** The rules that an import of `specifier` breaks; all probes of this file are checked in one run. */
function verdictOn(file: string, group: string, specifier: string): readonly string[] {
  return VERDICTS.get(probePath(file, group, specifier))?.filter((rule) => RULES.includes(rule)) ?? [];
}

function rulesBroken(files: readonly ProbeFile[]): readonly string[] {
  return [...brokenRules(files).values()].flat();
}

function probePath(file: string, group: string, specifier: string): string {
  return file.replace("*", `${group}-${specifier.replaceAll(/[^a-z0-9]+/gi, "-")}`);
}

const VERDICTS = brokenRules(
  LAYERS.flatMap(({ file, legal, illegal }) =>
    Object.entries({ legal, illegal }).flatMap(([group, specifiers]) =>
      specifiers.map((specifier) => ({
        path: probePath(file, group, specifier),
        text: `import * as subject from "${specifier}";\nsubject.run();\n`,
      })),
    ),
  ),
);
