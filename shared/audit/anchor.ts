import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { merkleRoot } from "./merkle.ts";

/** Stands in every anchor; another value is another format. */
export const ANCHOR_FORMAT = "foundphone-anchor-1";

/** `previous` of the first anchor. */
export const NO_ANCHOR = "0".repeat(64);

/** The newest entry of one chain, as an anchor names it. */
export interface AnchoredHead {
  readonly chain: string;
  readonly hash: string;
  readonly sequence: number;
}

/** What an anchor's signature covers. Its stored form is the RFC 8785 serialization, with the signature among the rest. */
export interface UnsignedAnchor {
  readonly format: typeof ANCHOR_FORMAT;
  /** From 1, without gaps. */
  readonly anchor: number;
  /** When it was made, ISO 8601 UTC. */
  readonly at: string;
  /** Minutes after which the next one is due. */
  readonly everyMinutes: number;
  /**
   * Heads that moved at this time or later were looked for, by this anchor or by it and those before it that left `until`
   * where it was; null: all, for the first anchor.
   */
  readonly from: string | null;
  /** Every chain that moved before this time is among the heads of this or an earlier anchor. */
  readonly until: string;
  readonly heads: {
    readonly count: number;
    /** Key of the gzipped file with one head a line. */
    readonly file: string;
    /** Hex Merkle root over the lines. */
    readonly root: string;
  };
  /** Hex SHA-256 of the public key's DER (SubjectPublicKeyInfo). */
  readonly key: string;
  /** Hex SHA-256 of the anchor before, as it is stored. */
  readonly previous: string;
}

/** An anchor as it is stored. */
export interface Anchor extends UnsignedAnchor {
  /** Base64 of the ECDSA signature (P-256, SHA-256, DER) over the RFC 8785 form without this member. */
  readonly signature: string;
}

/** RFC 8785 (JCS) form of what holds only JSON. Throws on anything else. */
export function canonicalJson(value: unknown): string {
  const canonical = canonicalize(value);
  if (canonical === undefined) throw new Error("a value could not be serialized");
  return canonical;
}

/** Hex SHA-256 of bytes, or of text in UTF-8. */
export function sha256Hex(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Heads in the order of an anchor's file (by the UTF-16 units of the chain), one line each without its end. */
export function headLines(heads: readonly AnchoredHead[]): readonly string[] {
  return heads.toSorted(byChain).map(({ chain, hash, sequence }) => canonicalJson({ chain, hash, sequence }));
}

function byChain({ chain: one }: AnchoredHead, { chain: other }: AnchoredHead): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Hex Merkle root over the lines of an anchor's heads. */
export function rootOf(lines: Iterable<string>): string {
  return merkleRoot(lines).toString("hex");
}

/** Key of anchor `number`: keys sort as numbers do. */
export function anchorKey(number: number): string {
  return `anchors/${paddedNumber(number)}.json`;
}

/** Key of the heads of anchor `number`; two runs that found other heads write other files. */
export function headsKey(number: number, root: string): string {
  return `anchors/${paddedNumber(number)}-${root.slice(0, 16)}.heads.jsonl.gz`;
}

/** Key of the public key with this fingerprint (hex SHA-256 of its DER). */
export function publicKeyKey(fingerprint: string): string {
  return `anchor-keys/${fingerprint}.pem`;
}

function paddedNumber(number: number): string {
  return String(number).padStart(12, "0");
}
