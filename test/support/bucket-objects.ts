import type { LocalHost } from "./host.ts";
import { expecting } from "./practice.ts";

/** The newest version of an object, as the host shows it. */
export type HostObject = {
  readonly key: string;
  readonly versionId: string;
  readonly lock?: { readonly mode: string; readonly retainUntil: string };
};

/** All objects of the bucket whose logical id begins with `name`. */
export async function objectsIn(host: LocalHost, name: string): Promise<readonly HostObject[]> {
  const { items } = await expecting(200, host.local("GET", "/objects"));
  const buckets = items as readonly { readonly logicalId: string; readonly objects: readonly HostObject[] }[];
  const found = buckets.find(({ logicalId }) => logicalId.startsWith(name));
  if (found === undefined) throw new Error("The template has no such bucket.");
  return found.objects;
}

/** The content of an object. */
export async function objectAt(host: LocalHost, bucket: string, key: string): Promise<Buffer> {
  const answer = await fetch(`${host.base}/_local/objects/${bucket}/${key}`);
  if (!answer.ok) throw new Error("There is no such object.");
  return Buffer.from(await answer.arrayBuffer());
}
