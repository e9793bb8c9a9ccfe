import type { FlowMap, Place } from "./flows.ts";
import { compare } from "./inventory.ts";
import { PLANE_NAMES, type Plane } from "./planes.ts";

const SHAPES: Readonly<Record<Place["kind"], readonly [open: string, close: string]>> = {
  person: ["([", "])"],
  service: ["{{", "}}"],
  api: ["[/", "/]"],
  topic: ["(", ")"],
  queue: ["[[", "]]"],
  function: ["[", "]"],
  table: ["[(", ")]"],
  key: [">", "]"],
  bucket: ["[(", ")]"],
};

/** The whole flow map as Mermaid text, with a subgraph for each plane. */
export function mermaidOf({ places, flows }: FlowMap): string {
  const node = ({ id, label, kind }: Place) => {
    const [open, close] = SHAPES[kind];
    return `${id}${open}"${label}"${close}`;
  };
  const planes = (Object.keys(PLANE_NAMES) as Plane[]).flatMap((plane) => {
    const members = places.filter((place) => place.plane === plane);
    if (members.length === 0) return [];
    return [
      `  subgraph ${plane}-plane["${PLANE_NAMES[plane]}"]`,
      ...members.map((place) => `    ${node(place)}`),
      "  end",
    ];
  });
  return [
    "flowchart LR",
    ...places.filter(({ plane }) => plane === undefined).map((place) => `  ${node(place)}`),
    ...planes,
    ...flows
      .map(
        ({ from, to, how, detail }) => `  ${from} -->|"${detail === "" ? how : `${how}: ${detail}`}"| ${to}`,
      )
      .toSorted(compare),
    "",
  ].join("\n");
}
