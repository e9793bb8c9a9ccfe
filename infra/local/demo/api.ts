import { isRecord, recordOf, textOf } from "../json-shape.ts";

/** What the API answered. */
export type Answer = {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly etag: string | null;
};

const ATTEMPTS_MAX = 6;

/** An access token of a seeded user. */
export async function signIn(base: string, user: string): Promise<string> {
  const answer = await call("POST", `${base}/_local/tokens`, undefined, { user });
  return expectText(answer, "accessToken", 200);
}

/** Calls the API; waits and tries again where it asks for that. */
export async function call(
  method: string,
  address: string,
  token: string | undefined,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(address, {
      method,
      headers: {
        ...headers,
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = {
      status: response.status,
      body: await jsonOf(response),
      etag: response.headers.get("etag"),
    };
    const later =
      answer.status === 429 || answer.status === 503 || answer.body["code"] === "request_in_progress";
    if (!later || attempt === ATTEMPTS_MAX) return answer;
    const seconds = Math.min(10, Number(response.headers.get("retry-after") ?? 1) || 1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

async function jsonOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = await response.json();
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** Throws unless the answer has this status; 200 does for 201. */
export function expectStatus(answer: Answer, status: number): void {
  if (answer.status !== status && !(status === 201 && answer.status === 200)) throw unexpected(answer);
}

/** A text of the answer; throws where the answer is not the one expected. */
export function expectText(answer: Answer, member: string, status: number): string {
  expectStatus(answer, status);
  const value = textOf(recordOf(answer.body)[member]);
  if (value === undefined) throw unexpected(answer);
  return value;
}

/** What an answer that nobody expected says, without what was sent. */
export function unexpected(answer: Answer): Error {
  const code = textOf(answer.body["code"]) ?? "no problem code";
  const pointer = textOf(answer.body["pointer"]);
  return new Error(
    `Loading the demo got an unexpected answer: ${String(answer.status)} ${code}${pointer === undefined ? "" : ` at ${pointer}`}.`,
  );
}
