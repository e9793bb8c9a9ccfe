import type { FlowMap, Place } from "./flows.ts";
import { compare } from "./inventory.ts";
import type { Markup } from "./markup.ts";
import type { Plane } from "./planes.ts";

/** A part of a picture with the height that it takes, in units of the picture. */
export interface Drawing {
  readonly markup: Markup;
  readonly height: number;
}

/** The order in which planes stand from top to bottom. */
const PLANES: readonly Plane[] = ["alert", "writer", "other", "content", "proof"];

/** The functions by plane and, inside a plane, by name. */
export function functionsByPlane({ places }: FlowMap): readonly (readonly Place[])[] {
  return PLANES.map((plane) =>
    places
      .filter((place) => place.kind === "function" && place.plane === plane)
      .toSorted((one, other) => compare(one.label, other.label)),
  ).filter((members) => members.length > 0);
}

/** How a place is drawn: by its plane, or by what kind of thing it is. */
export function classOf({ kind, plane }: Place): string {
  if (plane !== undefined) return plane;
  return kind === "person" ? "person" : "box";
}
