import { openAsBlob } from "node:fs";
import * as z from "zod";
import { ImportError } from "./import-error.ts";

const Asked = z.object({
  id: z.string(),
  upload: z.object({ url: z.string(), fields: z.record(z.string(), z.string()) }),
});

const Problem = z.object({ code: z.string() });

const Shown = z.object({
  state: z.enum(["waiting", "running", "done", "failed", "expired"]),
  failure: z.object({ code: z.string(), fields: z.array(z.string()) }).nullable(),
  progress: z.number(),
  counts: z.record(z.string(), z.number()),
  columns: z.object({
    ignored: z.array(z.object({ position: z.number(), reason: z.string() })),
  }),
  rows: z.array(
    z.object({
      line: z.number(),
      code: z.string(),
      column: z.string().optional(),
      otherLine: z.number().optional(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

/** How an import stands, with a page of its report. */
export type ShownImport = z.infer<typeof Shown>;

/** Where and in whose name files are imported. */
export interface ImportAccess {
  /** With the stage: `https://…/v1`. */
  readonly base: string;
  readonly token: string;
}

const TRIES = 5;
const TRY_AGAIN_MS = 1000;

const WORDS: Readonly<Record<number, string>> = {
  401: "The token is not valid or has run out: sign in again.",
  403: "This account may not import: it takes the role frontdesk, admin or integration.",
  404: "There is no such import, or no Foundphone at this address: check --base or FOUNDPHONE_BASE.",
  429: "Too many requests: wait a moment and run it again.",
};

async function answerOf(response: Response): Promise<unknown> {
  if (response.ok) return response.json();
  const problem = Problem.safeParse(await response.json().catch(() => undefined));
  const code = problem.success ? ` (${problem.data.code})` : "";
  throw new ImportError(WORDS[response.status] ?? `The API answered ${response.status}${code}: see its log.`);
}

/** Names the address of the API or of the bucket, which is no secret, without what a link would carry. */
function unreachable(address: string, what: string): ImportError {
  return new ImportError(`${new URL(address).origin} does not answer: ${what}.`);
}

const CHECK_BASE =
  "name the staff API's address with --base or FOUNDPHONE_BASE, start it, or check the network";

/** Asks for an import, and posts the file straight to the bucket; gives the import's id. */
export async function uploadFile(
  { base, token }: ImportAccess,
  path: string,
  asked: { readonly kind: string; readonly dryRun: boolean },
): Promise<string> {
  const response = await fetch(`${base}/imports`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "idempotency-key": crypto.randomUUID(),
    },
    body: JSON.stringify(asked),
    redirect: "error",
  }).catch(() => {
    throw unreachable(base, CHECK_BASE);
  });
  const { id, upload } = Asked.parse(await answerOf(response));
  const form = new FormData();
  for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
  // Its name would tell the bucket more than the id does.
  form.append("file", await openAsBlob(path), "import");
  const posted = await fetch(upload.url, { method: "POST", body: form, redirect: "error" }).catch(() => {
    throw unreachable(upload.url, "the upload broke off; check the network and run it again");
  });
  if (!posted.ok) throw new ImportError(`The upload was refused (${posted.status}): run it again.`);
  return id;
}

/** How an import stands; a network that is away for seconds does not end it. */
export async function readImport(
  { base, token }: ImportAccess,
  id: string,
  cursor: string | null,
): Promise<ShownImport> {
  const address = `${base}/imports/${id}${cursor === null ? "" : `?cursor=${cursor}`}`;
  for (let count = 1; ; count += 1) {
    const response = await fetch(address, {
      headers: { authorization: `Bearer ${token}` },
      redirect: "error",
    }).catch(() => undefined);
    if (response !== undefined && response.status < 500 && response.status !== 429) {
      return Shown.parse(await answerOf(response));
    }
    if (count === TRIES) {
      throw response === undefined
        ? unreachable(base, `the import goes on by itself; GET /v1/imports/${id} tells how it stands`)
        : new ImportError("The API does not answer: see its log.");
    }
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
  }
}
