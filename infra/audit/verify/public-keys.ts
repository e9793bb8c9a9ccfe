import { createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { sha256Hex } from "#shared/audit/anchor.ts";
import { type ExportDirectory, smallFile } from "./directory.ts";
import type { Finding } from "./finding.ts";
import { VerifyError } from "./verify-error.ts";

const PEM_BYTES_MAX = 16 * 1024;

/** The keys by which anchors are checked, and the ones that they must be signed with if any were named. */
export interface KnownKeys {
  /** As PEM. */
  readonly keys: readonly string[];
  /** Fingerprints; empty: none was named. */
  readonly pinnedKeys: readonly string[];
}

/** Reads the public keys of a directory, and the ones that were named beside it. */
export function readKeys(
  directory: ExportDirectory,
  named: { readonly files: readonly string[]; readonly fingerprints: readonly string[] },
  report: (finding: Finding) => void,
): KnownKeys {
  const keys = new Map<string, string>();
  for (const file of directory.keyFiles) {
    const pem = smallFile(directory.root, file, PEM_BYTES_MAX)?.toString("latin1");
    const key = pem === undefined ? undefined : parseKey(pem);
    const fingerprint = key === undefined ? undefined : fingerprintOf(key);
    if (
      pem === undefined ||
      fingerprint === undefined ||
      (!file.endsWith(`/${fingerprint}.pem`) && file !== `${fingerprint}.pem`)
    ) {
      report({ kind: "key-wrong", says: "the file is not the public key that its name says", file });
      continue;
    }
    keys.set(fingerprint, pem);
  }
  const pinnedKeys = new Set(named.fingerprints);
  for (const file of named.files) {
    const pem = readNamed(file);
    const key = parseKey(pem);
    if (key === undefined)
      throw new VerifyError("--key: the file is no public key in PEM (SubjectPublicKeyInfo).");
    keys.set(fingerprintOf(key), pem);
    pinnedKeys.add(fingerprintOf(key));
  }
  return { keys: [...keys.values()], pinnedKeys: [...pinnedKeys] };
}

function readNamed(file: string): string {
  try {
    return readFileSync(file, "latin1").slice(0, PEM_BYTES_MAX);
  } catch {
    throw new VerifyError("--key: the file cannot be read: check the path.");
  }
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return !pem.includes("PRIVATE") && key.asymmetricKeyDetails?.namedCurve === "prime256v1"
      ? key
      : undefined;
  } catch {
    return undefined;
  }
}

function fingerprintOf(key: KeyObject): string {
  return sha256Hex(key.export({ type: "spki", format: "der" }));
}
