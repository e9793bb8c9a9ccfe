import { expect, it } from "vitest";
import { TEMPLATES } from "#shared/domain/alerts/templates.ts";
import { classify } from "#shared/domain/classification/classify.ts";

/** Names of kinds that reveal nothing (corpus/GUIDE.md); none of them stands in corpus/. */
const NAMES = [
  "Riverside Office",
  "Bay Vision",
  "Downtown Dental",
  "Pine Pediatrics",
  "Elm Street Eye Clinic",
];

it.each(NAMES)("every shipped text may leave for %s", (practice) => {
  const told = TEMPLATES.map(({ parts }) =>
    parts
      .map((part) =>
        typeof part === "string"
          ? part
          : { practice, phone: "202-555-0143", link: "https://m.example.org/m/******", code: "######" }[
              part.slot
            ],
      )
      .join(""),
  ).filter((text) => classify(text, { direction: "outbound" }).tier === 3);
  expect(told).toEqual([]);
});
