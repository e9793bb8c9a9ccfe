import { createHash } from "node:crypto";
import type { LocalHost } from "./host.ts";
import { type ExportedItem, exportedItems } from "./table-export.ts";

/** An audit entry as an auditor reads it from the export. */
export type ExportedEntry = {
  readonly chain: string;
  readonly sequence: number;
  readonly at: string;
  readonly action: string;
  readonly actor: string;
  readonly role: string;
  readonly function: string;
  readonly patientId?: string;
  readonly purpose?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  readonly previousHash: string;
  readonly hash: string;
};

/**
 * Every chain of the audit table, its entries in order. Throws where a chain has a gap, a broken link, an entry that
 * does not give its own hash, or a head that is not its last entry. Written from the description of the chain alone.
 */
export async function verifiedChains(
  host: LocalHost,
): Promise<ReadonlyMap<string, readonly ExportedEntry[]>> {
  const items = await exportedItems(host, "Audit");
  const chains = new Map<string, ExportedItem[]>();
  for (const item of items) {
    const chain = String(item["pk"]);
    chains.set(chain, [...(chains.get(chain) ?? []), item]);
  }
  return new Map([...chains].map(([chain, found]) => [chain, verifyChain(chain, found)]));
}

/** The entries of one patient's chain, after all chains were verified. */
export async function entriesOf(host: LocalHost, patientId: string): Promise<readonly ExportedEntry[]> {
  return (await verifiedChains(host)).get(patientId) ?? [];
}

function verifyChain(chain: string, items: readonly ExportedItem[]): readonly ExportedEntry[] {
  const head = items.find((item) => item["sk"] === "head");
  const rows = items
    .filter((item) => item["sk"] !== "head")
    .toSorted((one, other) => (String(one["sk"]) < String(other["sk"]) ? -1 : 1));
  let previous = "0".repeat(64);
  const entries = rows.map((row, index) => {
    const { pk: _pk, sk, hash, ...covered } = row;
    const place = `entry ${String(index + 1)} of ${chain}`;
    if (sk !== String(index + 1).padStart(12, "0") || covered["sequence"] !== index + 1)
      throw new Error(`${place} is missing.`);
    if (covered["chain"] !== chain) throw new Error(`${place} belongs to another chain.`);
    if (covered["previousHash"] !== previous) throw new Error(`${place} does not follow the one before.`);
    const computed = createHash("sha256").update(canonical(covered), "utf8").digest("hex");
    if (computed !== hash) throw new Error(`${place} was changed.`);
    previous = computed;
    return row as unknown as ExportedEntry;
  });
  if (head?.["sequence"] !== entries.length || head["hash"] !== previous)
    throw new Error(`The head of ${chain} is not its last entry.`);
  return entries;
}

/** RFC 8785 for what an entry may hold: names sorted by UTF-16 units, no white space. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(",")}}`;
}
