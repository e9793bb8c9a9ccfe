import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const LOCK = JSON.stringify({ lockfileVersion: 3, packages: { "": {} } });
const TREE = [
  "infra/run.mjs",
  "infra/end-with-parent.mjs",
  "infra/audit-templates.ts",
  "infra/template-audit",
  "shared/domain",
  "package.json",
];

let root: string;

// A copy, so that run.mjs sees an installed tree whatever state the real one is in.
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "foundphone-audit-run-"));
  for (const path of TREE) cpSync(path, join(root, path), { recursive: true });
  const packaged = join(root, `node_modules/node-${process.platform}-${process.arch}/bin`);
  mkdirSync(packaged, { recursive: true });
  symlinkSync(process.execPath, join(packaged, "node"));
  writeFileSync(join(root, "package-lock.json"), LOCK);
  writeFileSync(join(root, "node_modules/.package-lock.json"), LOCK);
  mkdirSync(join(root, "called-from"));
  writeFileSync(join(root, "called-from/templates.csv"), "id,text\n1,Your colonoscopy is on {{date}}\n");
});

afterEach(() => rmSync(root, { recursive: true }));

function start(commandArguments: readonly string[], input = "") {
  return spawnSync(process.execPath, [join(root, "infra/run.mjs"), "audit-templates", ...commandArguments], {
    input,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], INIT_CWD: join(root, "called-from") },
  });
}

it("runs as the project starts it: path from where npm was called, standard input, exit status", () => {
  expect(start(["templates.csv"])).toMatchObject({
    status: 1,
    stderr: "",
    stdout: expect.stringContaining("⟦colonoscopy⟧"),
  });
  expect(start(["-", "--json"], '{"text":"Please call us"}\n')).toMatchObject({
    status: 0,
    stderr: "",
    stdout: expect.stringMatching(/^\{"line":1,.*\n\{"summary":.*\n$/),
  });
  expect(start(["missing.csv"])).toMatchObject({
    status: 2,
    stdout: "",
    stderr: "There is no such file: check the path.\n",
  });
});

it("ends quietly when the reader of its report leaves", () => {
  writeFileSync(
    join(root, "called-from/many.csv"),
    `id,text\n${"1,Your colonoscopy is on {{date}}\n".repeat(2000)}`,
  );
  const script = '{ "$0" "$1" audit-templates many.csv; echo "status $?" >&2; } | head -n 1';
  const { stdout, stderr } = spawnSync("sh", ["-c", script, process.execPath, join(root, "infra/run.mjs")], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], INIT_CWD: join(root, "called-from") },
  });

  expect(stdout).toBe('line 2, row 1, "1": tier 3, clinical\n');
  expect(stderr).toBe("status 1\n");
});
