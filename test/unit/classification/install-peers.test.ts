import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PEERS } from "#infra/classification/contenders.ts";
import { installPeers } from "#infra/classification/install-peers.ts";

const LOCK = { packages: { "": {}, "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } } };

/** Stands in for npm: leaves a package and the list that npm leaves. */
const NPM = `
const { cpSync, mkdirSync, writeFileSync, appendFileSync } = require("node:fs");
appendFileSync(process.env.NPM_CALLS, process.argv.slice(2, 4).join(" ") + "\\n");
mkdirSync("node_modules/a", { recursive: true });
writeFileSync("node_modules/a/index.js", "");
cpSync("package-lock.json", "node_modules/.package-lock.json");
`;

let root: string;
let folder: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "foundphone-peers-"));
  folder = join(root, "peers");
  write("peers/package.json", "{}");
  write("peers/package-lock.json", JSON.stringify(LOCK));
  write("npm.js", NPM);
  vi.stubEnv("npm_execpath", join(root, "npm.js"));
  vi.stubEnv("npm_node_execpath", process.execPath);
  vi.stubEnv("NPM_CALLS", join(root, "calls"));
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

it("installs once, runs no scripts of packages, and leaves nothing beside node_modules", async () => {
  expect(await installPeers({ folder })).toBeUndefined();
  expect(await installPeers({ folder })).toBeUndefined();

  expect(readFileSync(join(root, "calls"), "utf8")).toBe("ci --ignore-scripts\n");
  expect(existsSync(join(folder, "node_modules/a/index.js"))).toBe(true);
  expect(readdirSync(folder).toSorted()).toEqual(["node_modules", "package-lock.json", "package.json"]);
});

it("replaces what is not that of the lock file", async () => {
  const older = { packages: { "node_modules/a": { version: "0.9.0", integrity: "sha512-0" } } };
  write("peers/node_modules/.package-lock.json", JSON.stringify(older));
  write("peers/node_modules/b/index.js", "");

  expect(await installPeers({ folder })).toBeUndefined();

  expect(readdirSync(join(folder, "node_modules")).toSorted()).toEqual([".package-lock.json", "a"]);
});

it("two commands may install at the same time", async () => {
  const both = await Promise.all([installPeers({ folder }), installPeers({ folder })]);

  expect(both).toEqual([undefined, undefined]);
  expect(readdirSync(folder).toSorted()).toEqual(["node_modules", "package-lock.json", "package.json"]);
});

it("tells in one line why the peers are not there and how to mend it", async () => {
  write(
    "npm.js",
    `console.error("npm error code ENOTFOUND\\nnpm error request to the registry failed.\\nnpm error more");
    process.exit(1);`,
  );

  expect(await installPeers({ folder })).toBe(
    "The peers are left out, npm could not install them: request to the registry failed. " +
      "Run the command again where npm reaches its registry, or with --no-peers.",
  );
  expect(readdirSync(folder).toSorted()).toEqual(["package-lock.json", "package.json"]);
});

it("the tables name the versions that are installed", () => {
  const { dependencies } = JSON.parse(readFileSync("infra/classification/peers/package.json", "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const names = PEERS.map(({ name }) => name).join("; ");

  for (const [name, version] of Object.entries(dependencies)) expect(names).toContain(`${name} ${version}`);
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
