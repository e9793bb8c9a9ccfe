import type { LocalHost } from "./host.ts";
import { expecting } from "./practice.ts";

/** One AWS call as the host records it. */
export type RecordedCall = {
  readonly time: string;
  readonly function: string;
  readonly role: string;
  readonly service: string;
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
  readonly error?: string;
};

/** Every AWS call since the start, oldest first. */
export async function callsOf(host: LocalHost): Promise<readonly RecordedCall[]> {
  const { items } = await expecting(200, host.local("GET", "/calls"));
  return items as readonly RecordedCall[];
}

/** The calls that were made while something was done, once all that follows from it has come to rest. */
export async function callsDuring(
  host: LocalHost,
  act: () => Promise<unknown>,
): Promise<readonly RecordedCall[]> {
  await host.settled();
  const before = (await callsOf(host)).length;
  await act();
  await host.settled();
  return (await callsOf(host)).slice(before);
}
