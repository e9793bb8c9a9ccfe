import {
  ANCHOR_FORMAT,
  type Anchor,
  anchorKey,
  canonicalJson,
  headLines,
  headsKey,
  NO_ANCHOR,
  publicKeyKey,
  rootOf,
  sha256Hex,
  type UnsignedAnchor,
} from "./anchor.ts";
import { type AnchorMemory, earlier, memoryAfter, memoryOf, NO_TIME, storedMemory } from "./anchor-memory.ts";
import { anchorDigest, isSignedBy, pemOf } from "./anchor-signature.ts";
import type { RememberedEntry } from "./chain-end.ts";
import type { AuditValue, Journal } from "./journal.ts";
import { collectHeads, type HeadsOfShard } from "./moved-heads.ts";

/** Who makes anchors; its own chain is the only memory of the last one. */
export const ANCHOR_ACTOR = "function:anchor";

/** What is younger is left to the next anchor: its index entry may still be on the way. */
const LAG_MS = 2 * 60 * 1000;
/** Heads of one anchor are kept in memory, and take some 300 MB while they are sorted, hashed and compressed. */
const HEADS_MAX = 100_000;
const ANCHORS_PER_RUN_MAX = 24;

/** Where anchors and what belongs to them are put. */
export interface AnchorStore {
  /** Puts an object where there is none, and says so where there is one. */
  add(key: string, content: string | Uint8Array, type: string): Promise<"added" | "exists">;
}

/** What making anchors needs. */
export interface MakeAnchorsPorts {
  readonly headsOfShard: HeadsOfShard;
  /** The newest entry of the maker's own chain, strongly consistent; null where there is none. */
  readonly lastEntry: () => Promise<RememberedEntry | null>;
  readonly journal: Pick<Journal, "record">;
  readonly key: {
    /** SubjectPublicKeyInfo, DER. */
    readonly publicKey: () => Promise<Uint8Array>;
    /** The DER signature (ECDSA, P-256) of a SHA-256 digest. */
    readonly sign: (digest: Uint8Array) => Promise<Uint8Array>;
  };
  /** Where nobody can delete: an anchor is one when it stands here. */
  readonly locked: AnchorStore & { get(key: string): Promise<Uint8Array> };
  /** Where an auditor finds a copy beside the exports. */
  readonly copies: AnchorStore;
  readonly compress: (text: string) => Promise<Uint8Array>;
  readonly decompress: (content: Uint8Array) => Promise<string>;
  readonly now: () => Date;
  /** Minutes from one run to the next. */
  readonly everyMinutes: number;
  /** @default 100,000 */
  readonly headsMax?: number;
}

/** An anchor that this run made, or found made and finished. */
export interface MadeAnchor {
  readonly anchor: number;
  readonly heads: number;
  readonly until: string;
  /** Another run, or one that broke off, had put it there. */
  readonly adopted: boolean;
}

/**
 * Makes the anchors that are due: one, unless more heads moved than one takes. An entry says so before the key is used
 * and anything is stored. Each step may be the last: an anchor's heads lie in the locked store before it does, and
 * whatever is missing after it, the next run adds. Where two runs make the same number, the store keeps the first and
 * the other adopts it.
 */
export function createMakeAnchors(ports: MakeAnchorsPorts) {
  const { headsOfShard, lastEntry, journal, key, locked, copies, now, everyMinutes } = ports;
  const headsMax = ports.headsMax ?? HEADS_MAX;

  async function remembered(): Promise<AnchorMemory | null> {
    const entry = await lastEntry();
    return entry === null ? null : memoryOf(entry);
  }

  async function makeNext(memory: AnchorMemory | null, goal: string, requestId: string) {
    const number = (memory?.anchor ?? 0) + 1;
    const from = memory?.from ?? null;
    // A search that takes several anchors covers what had happened when it began.
    const due = memory?.rest?.due ?? goal;
    const moved = await collectHeads(headsOfShard, memory?.rest?.next ?? from, headsMax);
    const lines = headLines(moved.heads);
    const root = rootOf(lines);
    const publicKey = await key.publicKey();
    const previous = memory?.sha256 ?? NO_ANCHOR;
    await note("anchor.begun", requestId, {
      anchor: number,
      from,
      until: due,
      previous,
      ...storedMemory(memory),
    });
    const unsigned: UnsignedAnchor = {
      format: ANCHOR_FORMAT,
      anchor: number,
      at: now().toISOString(),
      everyMinutes,
      from,
      // A part of what moved says nothing of all chains: it leaves the time where it was.
      until: moved.end === null ? due : (memory?.until ?? NO_TIME),
      heads: { count: lines.length, file: headsKey(number, root), root },
      key: sha256Hex(publicKey),
      previous,
    };
    const signature = Buffer.from(await key.sign(anchorDigest(unsigned))).toString("base64");
    const anchor: Anchor = { ...unsigned, signature };
    // What nobody can check is not put where nobody can delete it.
    if (!isSignedBy(anchor, publicKey))
      throw new Error("the anchor key gave a signature that is not its own");

    const headsFile = await ports.compress(lines.map((line) => `${line}\n`).join(""));
    const newKey = memory?.key === unsigned.key ? null : publicKey;
    if (newKey !== null) await addKey(locked, newKey);
    await locked.add(unsigned.heads.file, headsFile, "application/gzip");
    const document = canonicalJson(anchor);
    if ((await locked.add(anchorKey(number), document, "application/json")) === "exists") {
      return adopt(memory, requestId);
    }
    await finish(anchor, document, { newKey, headsFile });
    const after = memoryAfter(memory, anchor, document, moved.end === null ? null : { next: moved.end, due });
    await noteSigned(anchor, after, requestId);
    return { anchor, memory: after, adopted: false };
  }

  /** Takes over the anchor that stands after `memory` already; throws where it is not one that this key made. */
  async function adopt(memory: AnchorMemory | null, requestId: string) {
    const number = (memory?.anchor ?? 0) + 1;
    const document = Buffer.from(await locked.get(anchorKey(number))).toString("utf8");
    const publicKey = await key.publicKey();
    const anchor = readOwnAnchor(document, publicKey);
    if (anchor.anchor !== number || anchor.previous !== (memory?.sha256 ?? NO_ANCHOR)) {
      throw new Error("an anchor that does not follow the last one stands in its place");
    }
    const headsFile = await locked.get(anchor.heads.file);
    const lines = (await ports.decompress(headsFile)).split("\n").slice(0, -1);
    if (lines.length !== anchor.heads.count || rootOf(lines) !== anchor.heads.root) {
      throw new Error("the heads of an anchor are not those that it was made of");
    }
    await finish(anchor, document, { newKey: memory?.key === anchor.key ? null : publicKey, headsFile });
    const since = await remembered();
    if (since !== null && since.anchor >= number) return { anchor, memory: since, adopted: true };
    // Where a part ended is not known any more: the next one takes the same heads again.
    const after = memoryAfter(memory, anchor, document, null);
    await noteSigned(anchor, after, requestId);
    return { anchor, memory: after, adopted: true };
  }

  async function finish(
    anchor: Anchor,
    document: string,
    { newKey, headsFile }: { readonly newKey: Uint8Array | null; readonly headsFile: Uint8Array },
  ): Promise<void> {
    if (newKey !== null) await addKey(copies, newKey);
    await copies.add(anchor.heads.file, headsFile, "application/gzip");
    await copies.add(anchorKey(anchor.anchor), document, "application/json");
  }

  async function noteSigned(anchor: Anchor, after: AnchorMemory, requestId: string): Promise<void> {
    await note("anchor.signed", requestId, {
      anchor: anchor.anchor,
      sha256: after.sha256,
      root: anchor.heads.root,
      heads: anchor.heads.count,
      from: anchor.from,
      until: anchor.until,
      key: anchor.key,
      ...storedMemory(after),
    });
  }

  async function note(
    action: "anchor.begun" | "anchor.signed",
    requestId: string,
    details: Readonly<Record<string, AuditValue>>,
  ): Promise<void> {
    await journal.record({ action, actor: ANCHOR_ACTOR, role: "function", requestId, details });
  }

  /** Every anchor of this run, in order; `requestId` stands in their audit entries. */
  return async (requestId: string): Promise<readonly MadeAnchor[]> => {
    const goal = earlier(now().toISOString(), LAG_MS);
    const made: MadeAnchor[] = [];
    let memory = await remembered();
    while (made.length < ANCHORS_PER_RUN_MAX && (memory === null || memory.until < goal)) {
      const step = await makeNext(memory, goal, requestId);
      const { anchor, adopted } = step;
      made.push({ anchor: anchor.anchor, heads: anchor.heads.count, until: anchor.until, adopted });
      memory = step.memory;
    }
    return made;
  };
}

async function addKey(store: AnchorStore, publicKey: Uint8Array): Promise<void> {
  await store.add(publicKeyKey(sha256Hex(publicKey)), pemOf(publicKey), "application/x-pem-file");
}

/** The anchor in `document`, where it is in its stored form and signed with this key: then it has an anchor's shape. */
function readOwnAnchor(document: string, publicKey: Uint8Array): Anchor {
  const value: unknown = JSON.parse(document);
  const isAnchor =
    typeof value === "object" &&
    value !== null &&
    "signature" in value &&
    typeof value.signature === "string" &&
    canonicalJson(value) === document &&
    isSignedBy(value as Anchor, publicKey);
  if (!isAnchor) throw new Error("what stands in an anchor's place was not signed with the anchor key");
  return value as Anchor;
}
