import { hash } from "node:crypto";
import { headShardOf } from "#shared/audit/chain.ts";
import { type AttributeValue, CanonicalWriter, type ExportedItem } from "./canonical-item.ts";
import { Findings } from "./finding.ts";
import { NotCanonicalError } from "./name-orders.ts";
import { SEGMENT_PLACES, type SpilledEntry, type SpillWriter } from "./spill.ts";
import { namesOnce } from "./strict-json.ts";
import type { ClaimedTexts } from "./texts.ts";
import { TimeReader } from "./times.ts";

/** What an `anchor.signed` entry remembers of an anchor. */
export interface RememberedAnchor {
  readonly chain: string;
  readonly sequence: number;
  readonly anchor: number;
  readonly sha256: string;
  readonly root: string;
  readonly key: string;
  /** How many. */
  readonly heads: number;
  /** Null where the entry has none, as that of the first anchor. */
  readonly from: string | null;
  readonly until: string;
}

/** Times of the first and the last entry that were met. */
export interface MetTimes {
  firstMs: number;
  lastMs: number;
}

const OUTSIDE_HASH: ReadonlySet<string> = new Set(["pk", "sk", "hash"]);
/** Entries name chains of their own: `pat_…`, `actor#…`. */
const CHAIN = /^[\x21\x23-\x5b\x5d-\x7e]{1,1024}$/;
const PLACE = /^\d{12}$/;
const HASH = /^[0-9a-f]{64}$/;
/** pk, sk, sequence, hash, at, headShard. */
const HEAD_NAMES = 6;
/** `{"Item":` and `}`. */
const LINE_FRAME = 9;
/** What every entry has besides its numbers. */
const TEXTS = ["id", "function", "action", "actor", "role", "requestId"] as const;
/** Actions that tell what texts may be made of from then on. */
const APPROVALS: ReadonlySet<string> = new Set([
  "template.approved",
  "template.withdrawn",
  "directory.approved",
  "directory.changed",
  "directory.withdrawn",
]);
const ANCHOR_CHAIN = "actor#function:anchor";

/** Where an item stands in the files. */
interface Where {
  readonly file: string;
  readonly line: number;
}

/** Items of one export that name a time after it. */
export interface LateItems {
  readonly source: number;
  count: number;
  /** Of the latest one. */
  lastMs: number;
}

/** Checks items one by one and spills what can only be judged beside others. */
export class ItemScanner {
  readonly times: MetTimes = { firstMs: Number.POSITIVE_INFINITY, lastMs: Number.NEGATIVE_INFINITY };
  readonly remembered: RememberedAnchor[] = [];
  /** Chains with more places than one segment has. */
  readonly longChains = new Set<string>();
  /** By export. */
  readonly late = new Map<number, LateItems>();
  #findings = new Findings();
  readonly #spill: SpillWriter;
  readonly #texts: ClaimedTexts;
  readonly #writer = new CanonicalWriter();
  readonly #timeReader = new TimeReader();
  #source = 0;
  #lateMs = Number.POSITIVE_INFINITY;
  #lastChain = "";
  #lastSequence = 0;
  #lastHash = "";

  constructor(spill: SpillWriter, texts: ClaimedTexts) {
    this.#spill = spill;
    this.#texts = texts;
  }

  /**
   * Begins another file, what is found in it goes to `findings`; `source` counts exports by the ends of what they show,
   * and nothing in it is of `lateMs` or later.
   */
  begin(source: number, lateMs: number, findings: Findings): void {
    this.#findings = findings;
    this.#source = source;
    this.#lateMs = lateMs;
    this.#lastChain = "";
  }

  /** Takes a line of a full export. */
  fullLine(line: string, where: Where): void {
    const parsed = parseObject(line);
    const item = parsed?.["Item"];
    if (parsed === undefined || !isItem(item) || hasMoreThan(parsed, 1)) return this.#unreadable(where);
    this.#item(item, line.length - LINE_FRAME, line, where);
  }

  /** Takes a line of an incremental export: an item written, or removed, within the window. */
  incrementalLine(line: string, where: Where): void {
    const parsed = parseObject(line);
    const { Keys: keys, NewImage: image, OldImage: old } = parsed ?? {};
    const isRecord =
      isItem(keys) && (image === undefined || isItem(image)) && (old === undefined || isItem(old));
    const isPlain = isPlainItem(keys) && isPlainItem(image ?? {}) && isPlainItem(old ?? {});
    if (parsed === undefined || !isRecord || !isPlain || !namesOnce(line)) return this.#unreadable(where);
    const [chain, place] = [textOf(keys["pk"]), textOf(keys["sk"])];
    if (chain === undefined || place === undefined) return this.#unknown(where);
    const sequence = PLACE.test(place) ? { sequence: Number(place) } : {};
    if (image === undefined) {
      const says = place === "head" ? "the head of the chain was removed" : "an entry was removed";
      this.#findings.add({ kind: "deleted", says, chain, ...sequence, ...where });
      return undefined;
    }
    if (old !== undefined && place !== "head") {
      const says = "an entry was written over: the export holds what stood there before";
      this.#findings.add({ kind: "deleted", says, chain, ...sequence, ...where });
    }
    if (textOf(image["pk"]) !== chain || textOf(image["sk"]) !== place) {
      const says = "the image stands under the key of another item";
      this.#findings.add({ kind: "misplaced", says, chain, ...sequence, ...where });
    }
    this.#item(image, -1, "", where);
  }

  #unreadable(where: Where): void {
    this.#findings.add({ kind: "line-unreadable", says: "the line is not an item of an export", ...where });
  }

  #unknown(where: Where): void {
    const says = "the item is neither an entry nor the head of a chain";
    this.#findings.add({ kind: "item-unknown", says, ...where });
  }

  /** `jsonLength` is what the item measures in `line`; -1 where its names were checked already. */
  #item(item: ExportedItem, jsonLength: number, line: string, where: Where): void {
    const chain = textOf(item["pk"]);
    const place = textOf(item["sk"]);
    if (chain === undefined || place === undefined || !CHAIN.test(chain)) return this.#unknown(where);
    if (place === "head") {
      if (jsonLength >= 0 && !namesOnce(line)) return this.#unreadable(where);
      return this.#head(item, chain, where);
    }
    if (!PLACE.test(place) || Number(place) === 0) return this.#unknown(where);
    let text: string | undefined;
    try {
      const canonical = this.#writer.write(item, OUTSIDE_HASH);
      text = canonical.text;
      // Written otherwise than DynamoDB does, or with more than one value in one place.
      if (jsonLength >= 0 && canonical.jsonLength !== jsonLength && !(namesOnce(line) && isPlainItem(item)))
        return this.#unreadable(where);
    } catch (error) {
      if (!(error instanceof NotCanonicalError)) throw error;
    }
    return this.#entry(item, { chain, sequence: Number(place) }, text, where);
  }

  #entry(
    item: ExportedItem,
    stored: { readonly chain: string; readonly sequence: number },
    text: string | undefined,
    where: Where,
  ): void {
    const named = textOf(item["hash"]) ?? "";
    const computed = text === undefined ? "" : hash("sha256", text, "hex");
    const at = textOf(item["at"]) ?? "";
    const atMs = this.#timeReader.read(at);
    const previous = textOf(item["previousHash"]) ?? "";
    if (computed !== named || text === undefined) {
      const says =
        text === undefined
          ? "the entry holds what no entry can hold"
          : "the entry's content does not give its hash";
      this.#findings.add({ kind: "entry-changed", says, ...stored, ...where });
      this.#place(stored, {
        atMs: Number.NaN,
        hash: named,
        previous,
        computed,
        misplaced: false,
        isText: false,
      });
      return;
    }
    const claimed = { chain: textOf(item["chain"]) ?? "", sequence: numberOf(item["sequence"]) };
    const patient = textOf(item["patientId"]);
    const own = patient ?? `actor#${textOf(item["actor"]) ?? ""}`;
    const isWhole =
      !Number.isNaN(atMs) &&
      HASH.test(previous) &&
      (item["patientId"] === undefined || patient !== undefined) &&
      TEXTS.every((name) => textOf(item[name]) !== undefined);
    if (!isWhole) {
      const says = "the entry lacks what every entry has, or has it in another form";
      this.#findings.add({ kind: "item-unknown", says, ...stored, ...where });
    }
    const isAtHome = claimed.chain === stored.chain && claimed.sequence === stored.sequence;
    if (!isAtHome || own !== claimed.chain) {
      const says = isAtHome
        ? "the entry tells of another patient or actor than its chain"
        : "the entry stands at another place than the one it was written for";
      this.#findings.add({ kind: "misplaced", says, ...stored, ...where });
    }
    const isPossible = CHAIN.test(claimed.chain) && PLACE.test(String(claimed.sequence).padStart(12, "0"));
    const place = isAtHome || !isPossible || claimed.sequence === 0 ? stored : claimed;
    const action = textOf(item["action"]);
    const isText = action === "alert.claimed";
    this.#place(place, { atMs, hash: named, previous, computed: null, misplaced: !isAtHome, isText });
    if (atMs < this.times.firstMs) this.times.firstMs = atMs;
    if (atMs > this.times.lastMs) this.times.lastMs = atMs;
    if (atMs >= this.#lateMs) this.#meetLate(atMs);
    if (isText) {
      const purpose = textOf(item["purpose"]) ?? null;
      this.#texts.take(item["details"], { ...stored, atMs, purpose }, this.#findings);
    } else if (action === "anchor.signed" && claimed.chain === ANCHOR_CHAIN) this.#remember(item, stored);
    else if (action !== undefined && APPROVALS.has(action))
      this.#texts.takeApproval(action, item["details"], { ...stored, atMs }, this.#findings);
  }

  #place(
    { chain, sequence }: { readonly chain: string; readonly sequence: number },
    entry: Omit<SpilledEntry, "sequence" | "source" | "previous"> & { readonly previous: string },
  ): void {
    if (sequence > SEGMENT_PLACES) this.longChains.add(chain);
    // Within a segment a link to the entry that came just before needs no second look.
    const follows =
      chain === this.#lastChain &&
      sequence === this.#lastSequence + 1 &&
      entry.previous === this.#lastHash &&
      (sequence - 1) % SEGMENT_PLACES !== 0;
    this.#spill.entry(chain, {
      sequence,
      source: this.#source,
      atMs: entry.atMs,
      hash: entry.hash,
      previous: follows ? null : entry.previous,
      computed: entry.computed,
      misplaced: entry.misplaced,
      isText: entry.isText,
    });
    this.#lastChain = chain;
    this.#lastSequence = sequence;
    this.#lastHash = entry.misplaced ? "" : entry.hash;
  }

  #head(item: ExportedItem, chain: string, where: Where): void {
    const sequence = numberOf(item["sequence"]);
    const named = textOf(item["hash"]) ?? "";
    const atMs = this.#timeReader.read(textOf(item["at"]) ?? "");
    const isWhole =
      Number.isSafeInteger(sequence) &&
      sequence >= 1 &&
      sequence <= 999_999_999_999 &&
      HASH.test(named) &&
      !Number.isNaN(atMs) &&
      textOf(item["headShard"]) === headShardOf(chain) &&
      Object.keys(item).length === HEAD_NAMES &&
      isPlainItem(item);
    if (!isWhole) {
      const says = "the head of the chain is not in its form";
      this.#findings.add({ kind: "head-differs", says, chain, ...where });
    }
    if (isWhole && atMs >= this.#lateMs) this.#meetLate(atMs);
    const at = isWhole ? sequence : 1;
    if (at > SEGMENT_PLACES) this.longChains.add(chain);
    this.#spill.head(chain, { sequence: at, source: this.#source, atMs, hash: named, malformed: !isWhole });
  }

  #meetLate(atMs: number): void {
    const known = this.late.get(this.#source) ?? { source: this.#source, count: 0, lastMs: atMs };
    known.count += 1;
    known.lastMs = Math.max(known.lastMs, atMs);
    this.late.set(this.#source, known);
  }

  #remember(item: ExportedItem, { chain, sequence }: { chain: string; sequence: number }): void {
    const details = item["details"]?.["M"] as ExportedItem | undefined;
    const tell = (name: string) => textOf(details?.[name]) ?? "";
    const anchor = numberOf(details?.["anchor"]);
    this.remembered.push({
      chain,
      sequence,
      anchor,
      sha256: tell("sha256"),
      root: tell("root"),
      key: tell("key"),
      heads: numberOf(details?.["heads"]),
      from: textOf(details?.["from"]) ?? null,
      until: tell("until"),
    });
  }
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

function hasMoreThan(object: object, count: number): boolean {
  return Object.keys(object).length > count;
}

function isItem(value: unknown): value is ExportedItem {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether every value of an item has one type. */
function isPlainItem(value: unknown): boolean {
  if (!isItem(value)) return false;
  return Object.values(value).every((each) => {
    if (!isItem(each) || hasMoreThan(each, 1)) return false;
    const { M: map, L: list } = each as { readonly M?: unknown; readonly L?: unknown };
    if (map !== undefined) return isPlainItem(map);
    return !Array.isArray(list) || list.every((member) => isPlainItem({ member }));
  });
}

function textOf(value: AttributeValue | undefined): string | undefined {
  const text = value?.["S"];
  return typeof text === "string" ? text : undefined;
}

/** NaN for anything but a number. */
function numberOf(value: AttributeValue | undefined): number {
  const text = value?.["N"];
  return typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
