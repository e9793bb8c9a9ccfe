import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface LockedPackage {
  readonly inBundle?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly hasInstallScript?: boolean;
}

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};

it("the lock file lists the packages of every system, without which npm ci refuses it", () => {
  const missing = Object.entries(packages)
    .filter(([, entry]) => entry.inBundle !== true)
    .flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) => !(`node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages),
      ),
    );

  expect(missing).toEqual([]);
});

it("every package with an install script has an answer on whether it may run", () => {
  const { allowScripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
    readonly allowScripts: Readonly<Record<string, boolean>>;
  };
  const asking = Object.entries(packages)
    .filter(([, entry]) => entry.hasInstallScript === true)
    .map(([path]) => path.replace(/^.*node_modules\//, ""));

  expect(asking.filter((name) => !(name in allowScripts))).toEqual([]);
});

it.each(["package-lock.json", "infra/classification/peers/package-lock.json"])(
  "%s leaves it to npm's settings where packages come from",
  (path) => {
    expect(readFileSync(path, "utf8")).not.toContain('"resolved"');
  },
);
