import { request } from "node:http";
import type { LocalHost } from "./host.ts";

/** An answer as it came over the wire. */
export type RawAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** A request that `fetch` would tidy up or refuse. */
export type RawRequest = {
  readonly method: string;
  /** The request target, byte for byte. */
  readonly path: string;
  /** Name, value, name, value …: a name may stand twice. */
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
};

/** Sends a request as it stands. */
export function rawRequest(host: Pick<LocalHost, "base">, { method, path, headers = [], body }: RawRequest) {
  const { hostname, port, host: authority } = new URL(host.base);
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const length = bytes === undefined ? [] : ["Content-Length", String(bytes.length)];
  return new Promise<RawAnswer>((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path, agent: false, headers: ["Host", authority, ...headers, ...length] },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const entries = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(entries) as Record<string, string>,
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    sent.on("error", reject);
    sent.end(bytes);
  });
}
