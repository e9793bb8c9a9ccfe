import { classOf, type Drawing, functionsByPlane } from "./drawing.ts";
import type { Flow, FlowMap, Place } from "./flows.ts";
import { type Markup, markup } from "./markup.ts";

const NAMES = 170;
const CELL = 44;
const ROW = 25;
const HEADINGS = 118;
const GROUP_GAP = 10;
const PLANE_GAP = 8;
const LEGEND = 42;

/** Width of the whole grid, with the most columns that a stage has. */
export const GRID_WIDTH = 1190;

/** Groups of columns, by what stands in them. */
const GROUPS: readonly ((place: Place) => boolean)[] = [
  ({ kind }) => kind === "queue",
  ({ id }) => ["sms", "ses", "bedrock"].includes(id),
  ({ kind }) => kind === "table",
  ({ kind }) => kind === "key",
  ({ kind, id }) => kind === "bucket" || id === "exports",
];

/** Draws a row for each function and a column for each place that it may read, write, ask or use. */
export function drawGrid(map: FlowMap): Drawing {
  const rows = functionsByPlane(map);
  const names = new Set(rows.flat().map(({ id }) => id));
  const own = map.flows.filter(({ from, to }) => names.has(from) && !names.has(to));
  const reached = new Set(own.map(({ to }) => to));
  const columns = GROUPS.map((fits) => map.places.filter((place) => fits(place) && reached.has(place.id)));

  const lefts = new Map<string, number>();
  let x = NAMES;
  for (const group of columns) {
    for (const { id } of group) {
      lefts.set(id, x);
      x += CELL;
    }
    x += GROUP_GAP;
  }
  const drawn: Markup[] = [];
  let y = HEADINGS;
  for (const members of rows) {
    for (const row of members) {
      drawn.push(drawRow(row, y, x - GROUP_GAP, own, lefts));
      y += ROW;
    }
    y += PLANE_GAP;
  }
  const labels = columns.flat().map(({ id, label }) => {
    const left = (lefts.get(id) ?? 0) + CELL / 2;
    return markup`<text transform="translate(${left} ${HEADINGS - 8}) rotate(-42)">${label}</text>
<line class="line" x1="${left}" x2="${left}" y1="${HEADINGS - 4}" y2="${y - PLANE_GAP}"/>
`;
  });
  return {
    height: y + LEGEND,
    markup: markup`${labels}${drawn}<text class="note" x="8" y="${y + 16}">r reads, w writes, ask puts ids on the queue, send reaches a phone or mailbox, list keeps the carrier's list of numbers (s+l both); open and seal (o+s)</text>
<text class="note" x="8" y="${y + 32}">with a data key, mac computes a keyed hash, sign signs, start starts an export. Every access to an item goes to CloudTrail besides. Colours: the planes of the picture above.</text>`,
  };
}

function drawRow(
  row: Place,
  y: number,
  right: number,
  flows: readonly Flow[],
  lefts: ReadonlyMap<string, number>,
): Markup {
  const marks = new Map<string, string[]>();
  for (const flow of flows) {
    if (flow.from === row.id) marks.set(flow.to, [...(marks.get(flow.to) ?? []), markOf(flow)]);
  }
  return markup`<rect class="${classOf(row)}" x="8" y="${y}" width="${NAMES - 22}" height="${ROW - 4}" rx="4"/>
<text x="16" y="${y + 15}">${row.label}</text>
<line class="line" x1="${NAMES}" x2="${right}" y1="${y + 10}" y2="${y + 10}"/>
${[...marks].flatMap(([to, texts]) => {
  const left = lefts.get(to);
  if (left === undefined) return [];
  const each = [...new Set(texts)];
  const words =
    each.length > 1
      ? each
          .map((text) => text.charAt(0))
          .toReversed()
          .join("+")
      : (each[0] ?? "");
  return [
    markup`<rect class="${classOf(row)}" x="${left + 1}" y="${y}" width="${CELL - 2}" height="${ROW - 4}" rx="3"/>
<text class="mark" x="${left + CELL / 2}" y="${y + 15}">${words}</text>
`,
  ];
})}`;
}

const KEY_MARKS: Readonly<Record<string, string>> = {
  opens: "open",
  seals: "seal",
  signs: "sign",
  computes: "mac",
};

function markOf({ how, detail, to }: Flow): string {
  switch (how) {
    case "reads":
      return "r";
    case "writes":
      return "w";
    case "reads and writes":
      return to === "sms" ? "list" : "r w";
    case "sends":
      return to === "sms" || to === "ses" || to === "bedrock" ? "send" : "ask";
    case "uses": {
      const verbs = detail.split(", ").map((verb) => KEY_MARKS[verb] ?? verb);
      // Two do not fit side by side.
      return verbs.length > 1 ? verbs.map((verb) => verb.charAt(0)).join("+") : (verbs[0] ?? "");
    }
    case "starts":
      return "start";
    case "delivers":
    case "calls":
      return "";
    default:
      return how satisfies never;
  }
}
