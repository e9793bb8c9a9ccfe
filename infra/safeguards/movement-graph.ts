import { classOf, type Drawing, functionsByPlane } from "./drawing.ts";
import type { Flow, FlowMap, Place } from "./flows.ts";
import { type Markup, markup } from "./markup.ts";

/** Columns from left to right: who begins, what receives, topics, queues, functions, what sends, who is reached. */
const COLUMNS = [
  { width: 134, title: "who" },
  { width: 180, title: "comes in by" },
  { width: 178, title: "topic" },
  { width: 124, title: "queue" },
  { width: 150, title: "function" },
  { width: 180, title: "goes out by" },
  { width: 134, title: "to" },
] as const;
const GAP = 30;
const BOX = 26;
const ROW = 33;
const PLANE_GAP = 14;
const TOP = 30;
const FUNCTION_COLUMN = 4;

/** Width of the whole graph. */
export const MOVEMENT_WIDTH =
  COLUMNS.reduce((sum, { width }) => sum + width, 0) + GAP * (COLUMNS.length - 1) + 16;

interface Box {
  readonly place: Place;
  readonly column: number;
  readonly top: number;
}

/** Draws who and what data comes from, by which function it goes, and whom it reaches. */
export function drawMovement(map: FlowMap): Drawing {
  const functions = placeFunctions(map);
  const boxes = new Map(functions.map((box) => [box.place.id, box]));
  const links: { readonly from: Box; readonly to: Box; readonly strong: boolean }[] = [];

  // From the functions outwards, each column beside those that it is connected with.
  for (const column of [3, 2, 1, 0]) {
    const members = map.places.filter((place) => columnIn(place, map.flows) === column);
    const wanted = members.map((place) => {
      const next = map.flows
        .filter(({ from, to }) => from === place.id && (boxes.get(to)?.column ?? 0) > column)
        .map(({ to }) => boxes.get(to)?.top ?? 0);
      return { place, top: next.length === 0 ? 0 : mean(next) };
    });
    for (const { place, top } of spread(wanted)) boxes.set(place.id, { place, column, top });
  }
  const outside = new Map<string, Box>();
  for (const column of [5, 6]) {
    const members = map.places.filter((place) => columnOut(place, map.flows) === column);
    const known = column === 5 ? boxes : outside;
    const wanted = members.map((place) => {
      const before = map.flows
        .filter(({ to, from }) => to === place.id && known.has(from))
        .map(({ from }) => known.get(from)?.top ?? 0);
      return { place, top: before.length === 0 ? 0 : mean(before) };
    });
    for (const { place, top } of spread(wanted)) outside.set(place.id, { place, column, top });
  }

  for (const flow of map.flows) {
    const from = boxes.get(flow.from);
    const to = boxes.get(flow.to);
    const out = outside.get(flow.to);
    if (from !== undefined && to !== undefined && from.column < to.column)
      links.push({ from, to, strong: false });
    const sender = outside.get(flow.from) ?? from;
    const leaves = flow.how === "sends" || flow.how === "delivers";
    if (leaves && sender !== undefined && out !== undefined && sender.column >= FUNCTION_COLUMN)
      links.push({ from: sender, to: out, strong: true });
  }
  const all = [...boxes.values(), ...outside.values()];
  const height = Math.max(...all.map(({ top }) => top)) + BOX + 8;
  return {
    height,
    markup: markup`${COLUMNS.map(
      ({ title }, column) => markup`<text class="note" x="${left(column)}" y="16">${title}</text>`,
    )}${links.map(drawLink)}${all.map(drawBox)}`,
  };
}

function placeFunctions(map: FlowMap): readonly Box[] {
  const boxes: Box[] = [];
  let top = TOP;
  for (const members of functionsByPlane(map)) {
    for (const place of bySource(members, map.flows)) {
      boxes.push({ place, column: FUNCTION_COLUMN, top });
      top += ROW;
    }
    top += PLANE_GAP;
  }
  return boxes;
}

/** What queues and schedules start stands above what APIs call. */
function bySource(members: readonly Place[], flows: readonly Flow[]): readonly Place[] {
  const rank = ({ id }: Place) => {
    const hows = flows.filter(({ to }) => to === id).map(({ how }) => how);
    if (hows.includes("delivers")) return 0;
    return hows.includes("starts") ? 1 : 2;
  };
  return members.toSorted((one, other) => rank(one) - rank(other));
}

function columnIn({ id, kind }: Place, flows: readonly Flow[]): number | undefined {
  const leads = flows.some(({ from }) => from === id);
  switch (kind) {
    case "person":
      return flows.some(({ from, how }) => from === id && (how === "calls" || how === "delivers"))
        ? 0
        : undefined;
    case "service":
      return leads && id !== "trail" && id !== "exports" ? 1 : undefined;
    case "api":
      return 1;
    case "topic":
      return leads ? 2 : undefined;
    case "queue":
      return 3;
    case "function":
    case "table":
    case "key":
    case "bucket":
      return undefined;
    default:
      return kind satisfies never;
  }
}

function columnOut({ id, kind }: Place, flows: readonly Flow[]): number | undefined {
  if (kind === "service" && flows.some(({ to, how }) => to === id && how === "sends")) return 5;
  return kind === "person" && flows.some(({ to }) => to === id) ? 6 : undefined;
}

/** Moves places of one column apart that would overlap. */
function spread(
  wanted: readonly { readonly place: Place; readonly top: number }[],
): readonly { readonly place: Place; readonly top: number }[] {
  let free = TOP;
  return wanted
    .toSorted((one, other) => one.top - other.top)
    .map(({ place, top }) => {
      const at = Math.max(free, Math.round(top));
      free = at + ROW;
      return { place, top: at };
    });
}

function drawBox({ place, column, top }: Box): Markup {
  const x = left(column);
  const width = COLUMNS[column]?.width ?? 0;
  const radius = place.kind === "person" ? BOX / 2 : 4;
  return markup`<rect class="${classOf(place)}" x="${x}" y="${top}" width="${width}" height="${BOX}" rx="${radius}"/>
<text x="${x + 8}" y="${top + 17}">${place.label}</text>`;
}

function drawLink({ from, to, strong }: { readonly from: Box; readonly to: Box; readonly strong: boolean }) {
  const x1 = left(from.column) + (COLUMNS[from.column]?.width ?? 0);
  const y1 = from.top + BOX / 2;
  const x2 = left(to.column) - 2;
  const y2 = to.top + BOX / 2;
  const bend = Math.min(60, (x2 - x1) / 2);
  return markup`<path class="${strong ? "edge strong" : "edge"}" marker-end="url(#tip)" d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"/>
`;
}

function left(column: number): number {
  return COLUMNS.slice(0, column).reduce((sum, { width }) => sum + width + GAP, 8);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
