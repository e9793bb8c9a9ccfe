import type { FlowMap } from "./flows.ts";
import { type Markup, markup } from "./markup.ts";
import { drawMovement, MOVEMENT_WIDTH } from "./movement-graph.ts";
import { drawGrid, GRID_WIDTH } from "./reach-grid.ts";

const WIDTH = Math.max(GRID_WIDTH, MOVEMENT_WIDTH);
const GAP = 46;
const HEADING = 30;

/** Colours of the planes, dark enough for black text on a white sheet and told apart by their names in print. */
export const FLOW_STYLE = `
svg.flows { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; background: #fff; }
.flows text { fill: #1c1c1c; }
.flows .head { font-size: 16px; font-weight: 600; }
.flows .note { fill: #555; font-size: 12px; }
.flows .box { fill: #fff; stroke: #767676; }
.flows .person { fill: #f3f3f3; stroke: #1c1c1c; }
.flows .alert { fill: #fdeacc; stroke: #8a5a00; }
.flows .content { fill: #dcebfb; stroke: #1d4f91; }
.flows .writer { fill: #e4f3e0; stroke: #2c6b2f; }
.flows .proof { fill: #eee5f7; stroke: #5b3a8c; }
.flows .other { fill: #f6f6f6; stroke: #767676; }
.flows .edge { fill: none; stroke: #8c8c8c; stroke-width: 1.2; }
.flows .strong { stroke: #8a5a00; stroke-width: 2; }
.flows .line { stroke: #d9d9d9; }
.flows .mark { font-weight: 600; text-anchor: middle; }
`;

/** The flow map as one SVG picture: what moves to whom, and below it what each function may touch. */
export function drawFlows(map: FlowMap): Markup {
  const movement = drawMovement(map);
  const grid = drawGrid(map);
  const gridTop = HEADING + movement.height + GAP;
  const height = gridTop + HEADING + grid.height + 8;
  const title = "Flow map of ePHI, derived from the template";
  return markup`<svg class="flows" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img"
 aria-label="${title}"><title>${title}</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
<path d="M0 0 8 4 0 8z" fill="#6b6b6b"/></marker></defs>
<text class="head" x="8" y="20">How it moves</text>
<g transform="translate(0 ${HEADING})">${movement.markup}</g>
<text class="head" x="8" y="${gridTop + 20}">What each function may touch</text>
<g transform="translate(0 ${gridTop + HEADING})">${grid.markup}</g>
</svg>`;
}
