import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  ANCHOR_FORMAT,
  type AnchoredHead,
  anchorKey,
  canonicalJson,
  headLines,
  headsKey,
  NO_ANCHOR,
  publicKeyKey,
  rootOf,
  sha256Hex,
  type UnsignedAnchor,
} from "#shared/audit/anchor.ts";
import { pemOf } from "#shared/audit/anchor-signature.ts";

/** A key that anchors are signed with, and its fingerprint. */
export interface SampleKey {
  readonly privateKey: KeyObject;
  readonly publicKey: Uint8Array;
  readonly fingerprint: string;
}

/** A fresh key on P-256. */
export function newSampleKey(): SampleKey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const der = publicKey.export({ type: "spki", format: "der" });
  return { privateKey, publicKey: der, fingerprint: sha256Hex(der) };
}

/** Signs an anchor; its stored form. */
export function signedAnchor(anchor: UnsignedAnchor, { privateKey }: SampleKey): string {
  const text = Buffer.from(canonicalJson(anchor), "utf8");
  const signature = sign("sha256", text, { key: privateKey, dsaEncoding: "der" }).toString("base64");
  return canonicalJson({ ...anchor, signature });
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const LAG_MS = 2 * MINUTE_MS;
const OVERLAP_MS = 15 * MINUTE_MS;

/** Writes anchors one after another, an hour apart. */
export class SampleAnchors {
  readonly #folder: string;
  readonly #startMs: number;
  readonly key: SampleKey;
  #count = 0;
  #previous = NO_ANCHOR;

  constructor(folder: string, startMs: number, key: SampleKey) {
    this.#folder = folder;
    this.#startMs = startMs;
    this.key = key;
    mkdirSync(join(folder, "anchors"), { recursive: true });
    mkdirSync(join(folder, "anchor-keys"), { recursive: true });
    writeFileSync(join(folder, publicKeyKey(key.fingerprint)), pemOf(key.publicKey));
  }

  /** Writes the next anchor over `heads`; when it was made, and the details of the entry that remembers it. */
  add(heads: readonly AnchoredHead[]) {
    this.#count += 1;
    const atMs = this.#startMs + this.#count * HOUR_MS;
    const untilMs = atMs - LAG_MS;
    const lines = headLines(heads);
    const root = rootOf(lines);
    const file = headsKey(this.#count, root);
    const from = this.#count === 1 ? null : new Date(untilMs - HOUR_MS - OVERLAP_MS).toISOString();
    const anchor: UnsignedAnchor = {
      format: ANCHOR_FORMAT,
      anchor: this.#count,
      at: new Date(atMs).toISOString(),
      everyMinutes: 60,
      from,
      until: new Date(untilMs).toISOString(),
      heads: { count: lines.length, file, root },
      key: this.key.fingerprint,
      previous: this.#previous,
    };
    const document = signedAnchor(anchor, this.key);
    writeFileSync(join(this.#folder, file), gzipSync(lines.map((line) => `${line}\n`).join("")));
    writeFileSync(join(this.#folder, anchorKey(this.#count)), document);
    this.#previous = sha256Hex(document);
    const { until, key } = anchor;
    const details = {
      anchor: this.#count,
      sha256: this.#previous,
      root,
      heads: lines.length,
      from,
      until,
      key,
    };
    return { atMs, details };
  }
}
