import { describe, expect, it } from "vitest";
import { brokenRules, typedFindings } from "./probe.ts";

/** Statements that the house rules refuse, each with the rule and a file in which it is refused. */
const REFUSED = [
  {
    what: "reading the environment",
    path: "functions/messages/probe.ts",
    text: "export const a = process.env;",
    rule: "lint/style/noProcessEnv",
  },
  {
    what: "reading the environment",
    path: "shared/adapters/probe.ts",
    text: "export const a = process.env;",
    rule: "lint/style/noProcessEnv",
  },
  {
    what: "writing to the console",
    path: "functions/messages/probe.ts",
    text: 'console.log("a");',
    rule: "lint/suspicious/noConsole",
  },
  {
    what: "a default export",
    path: "shared/domain/probe.ts",
    text: "export default 1;",
    rule: "lint/style/noDefaultExport",
  },
  {
    what: "a file name in camel case",
    path: "shared/domain/probeFile.ts",
    text: "export const a = 1;",
    rule: "lint/style/useFilenamingConvention",
  },
  {
    what: "a barrel",
    path: "shared/domain/probe.ts",
    text: 'export { a } from "./a.ts";',
    rule: "lint/performance/noBarrelFile",
  },
  {
    what: "any",
    path: "shared/domain/probe.ts",
    text: "export const a: any = 1;",
    rule: "lint/suspicious/noExplicitAny",
  },
  {
    what: "a development package in production code",
    path: "shared/adapters/probe.ts",
    text: 'import { build } from "esbuild";\nbuild();',
    rule: "lint/correctness/noUndeclaredDependencies",
  },
  {
    what: "a skipped test",
    path: "test/unit/probe.test.ts",
    text: 'import { it } from "vitest";\nit.skip("a", () => {});',
    rule: "lint/suspicious/noSkippedTests",
  },
];

describe("the house rules", () => {
  it.each(REFUSED)("refuse $what in $path", ({ path, text, rule }) => {
    expect(brokenRules([{ path, text }]).get(path)).toContain(rule);
  });

  it("refuse files that import each other in a circle", () => {
    const rules = brokenRules([
      { path: "shared/domain/a.ts", text: 'import { b } from "./b.ts";\nexport const a = () => b();\n' },
      {
        path: "shared/domain/b.ts",
        text: 'import { a } from "./a.ts";\nexport const b = (): unknown => a();\n',
      },
    ]);

    expect([...rules.values()].flat()).toContain("lint/suspicious/noImportCycles");
  });

  it("let infra and the module that reads the environment do so", () => {
    const rules = brokenRules([
      { path: "infra/probe.ts", text: "export const a = process.env;\n" },
      { path: "shared/runtime/env.ts", text: "export const a = process.env;\n" },
    ]);

    expect([...rules.values()].flat()).toEqual([]);
  });
});

describe("the typed rules", () => {
  it.each([
    [
      "no-floating-promises",
      "declare function write(): Promise<void>;\nexport function a(): void {\n  write();\n}\n",
    ],
    [
      "no-misused-promises",
      "declare function write(): Promise<boolean>;\nexport const a = (): number => {\n  if (write()) return 1;\n  return 2;\n};\n",
    ],
    ["await-thenable", "export async function a(): Promise<number> {\n  return await 1;\n}\n"],
    [
      "switch-exhaustiveness-check",
      'export function a(kind: "sent" | "held"): void {\n  switch (kind) {\n    case "sent":\n      break;\n  }\n}\n',
    ],
  ])("include %s", (rule, text) => {
    expect(typedFindings([{ path: "shared/domain/probe.ts", text }])).toContain(rule);
  });

  it("are quiet about an awaited promise", () => {
    const text =
      "declare function write(): Promise<void>;\nexport async function a(): Promise<void> {\n  await write();\n}\n";

    expect(typedFindings([{ path: "shared/domain/probe.ts", text }])).not.toContain("typescript");
  });
});
