import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { VerifyError } from "./verify-error.ts";

const FILES_MAX = 5_000_000;
const KEY = /^[A-Za-z0-9][A-Za-z0-9!_.*'()-]*$/;
/** What desktops leave in folders that somebody looks into. */
const DESKTOP = /^(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._.*)$/;
const EXPORT_ROOT = "AWSDynamoDB";

/** The files of a directory that holds exports and anchors, links left out; paths below the root have slashes. */
export interface ExportDirectory {
  readonly root: string;
  /** Folders that hold a `manifest-summary.json`, below the root. */
  readonly exports: readonly string[];
  /** Files of folders named `anchors` (what desktops leave there does not count), below the root. */
  readonly anchorFiles: readonly string[];
  /** Files of folders named `anchor-keys`, below the root. */
  readonly keyFiles: readonly string[];
}

/** Looks through a directory. Throws a {@link VerifyError} where it cannot be read. */
export function readDirectory(path: string): ExportDirectory {
  const root = rootOf(path);
  const exports: string[] = [];
  const anchorFiles: string[] = [];
  const keyFiles: string[] = [];
  let files = 0;
  const look = (folder: string): void => {
    const name = folder.split("/").at(-1);
    for (const entry of entriesOf(join(root, folder))) {
      const below = folder === "" ? entry.name : `${folder}/${entry.name}`;
      // A link could lead anywhere: none is followed.
      if (entry.isDirectory()) look(below);
      if (!entry.isFile()) continue;
      files += 1;
      if (files > FILES_MAX)
        throw new VerifyError("The directory holds too many files: name the one of one export.");
      if (entry.name === "manifest-summary.json") exports.push(folder);
      else if (name === "anchors" && !DESKTOP.test(entry.name)) anchorFiles.push(below);
      else if (name === "anchor-keys" && !DESKTOP.test(entry.name)) keyFiles.push(below);
    }
  };
  look("");
  return { root, exports: exports.sort(), anchorFiles: anchorFiles.sort(), keyFiles: keyFiles.sort() };
}

function rootOf(path: string): string {
  try {
    const root = realpathSync(path);
    if (statSync(root).isDirectory()) return root;
  } catch {
    throw new VerifyError("There is no such directory: name the one that the export was copied to.");
  }
  throw new VerifyError("DIR is a file: name the directory that the export was copied to.");
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    throw new VerifyError(
      "A folder of the directory cannot be read: check that this user may read all of it.",
    );
  }
}

/** A file that a manifest names by its S3 key. */
export type NamedFile =
  | { readonly kind: "found"; readonly path: string; readonly bytes: number }
  | { readonly kind: "missing" };

/**
 * Finds the file with an S3 key below the folder that holds the export's own `AWSDynamoDB`. A key that climbs, and a file
 * that is a link or lies behind one, count as missing.
 */
export function fileOfKey({ root }: ExportDirectory, exportFolder: string, key: string): NamedFile {
  const at = key.split("/").lastIndexOf(EXPORT_ROOT);
  const names = key.split("/").slice(at + 1);
  if (at < 0 || !names.every((name) => KEY.test(name))) return { kind: "missing" };
  const folders = join(root, exportFolder).split(sep);
  const start = folders.lastIndexOf(EXPORT_ROOT);
  // Where only the export's own folder was copied, its files still lie below it.
  const path =
    start < 0
      ? join(root, exportFolder, ...names.slice(1))
      : [...folders.slice(0, start + 1), ...names].join(sep);
  if (!path.startsWith(root + sep)) return { kind: "missing" };
  try {
    const status = lstatSync(path);
    if (!status.isFile() || realpathSync(path) !== path) return { kind: "missing" };
    return { kind: "found", path: relative(root, path).split(sep).join("/"), bytes: status.size };
  } catch {
    return { kind: "missing" };
  }
}

/** Whether a file below the root is one, and no link to another. */
export function isPlainFile(root: string, below: string): boolean {
  try {
    const path = join(root, below);
    return lstatSync(path).isFile() && realpathSync(path) === path;
  } catch {
    return false;
  }
}

/** A small file's text; undefined where it is absent, a link, or longer than `bytesMax`. */
export function smallFile(root: string, below: string, bytesMax: number): Buffer | undefined {
  const path = join(root, below);
  try {
    if (!isPlainFile(root, below) || lstatSync(path).size > bytesMax) return undefined;
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
