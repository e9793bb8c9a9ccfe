import { existsSync, readFileSync } from "node:fs";

const FILES = [
  { name: "safeguards.json", type: "application/json" },
  { name: "safeguards.html", type: "text/html; charset=utf-8" },
] as const;

/** The report on the template's safeguards, where the deployment has put it beside the code. */
export function safeguardsBeside(moduleUrl: string) {
  return FILES.flatMap(({ name, type }) => {
    const file = new URL(name, moduleUrl);
    return existsSync(file) ? [{ key: `safeguards/${name}`, content: readFileSync(file, "utf8"), type }] : [];
  });
}
