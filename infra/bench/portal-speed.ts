import { median, type Report, verdict } from "./report.ts";

const FIRST_BYTE_MS_MAX = 15;
/** Requests of each kind that only warm up. */
const WARM_UP = 5;
const WRONG_BIRTH_DATE = "1900-01-01";

/**
 * Times from request to first byte of the answer: the neutral page of each link, and one wrong proof for each. One, for
 * a link dies of a few. Give links of different patients, the first few of which are not counted.
 */
export async function reportPortalSpeed(links: readonly string[]): Promise<Report> {
  if (links.length <= WARM_UP) throw new Error("there are too few links to measure the portal");
  const neutralMs: number[] = [];
  const wrongMs: number[] = [];
  for (const link of links) neutralMs.push(await firstByteMs(link));
  for (const link of links) {
    wrongMs.push(await firstByteMs(link, new URLSearchParams({ birthDate: WRONG_BIRTH_DATE })));
  }
  const neutral = median(neutralMs.slice(WARM_UP));
  const wrong = median(wrongMs.slice(WARM_UP));
  return {
    name: "Portal",
    title: `time to first byte, warm, median of ${String(links.length - WARM_UP)}`,
    columns: ["what", "figure", "target"],
    rows: [
      {
        cells: ["neutral page", `${neutral.toFixed(1)} ms`, `<= ${String(FIRST_BYTE_MS_MAX)} ms`],
        verdict: verdict(neutral <= FIRST_BYTE_MS_MAX),
      },
      { cells: ["wrong proof", `${wrong.toFixed(1)} ms`, "none"], verdict: undefined },
    ],
  };
}

async function firstByteMs(link: string, form?: URLSearchParams): Promise<number> {
  const startMs = performance.now();
  const response = await fetch(link, form === undefined ? {} : { method: "POST", body: form });
  const ms = performance.now() - startMs;
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`the portal answered with status ${String(response.status)}`);
  return ms;
}
