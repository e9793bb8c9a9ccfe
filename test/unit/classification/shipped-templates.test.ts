import { expect, it } from "vitest";
import { SHIPPED_TEMPLATES } from "#shared/domain/alerts/shipped.ts";
import type { Slot } from "#shared/domain/alerts/templates.ts";
import { everyZoneLetters } from "#shared/domain/alerts/zone-letters.ts";
import { classify } from "#shared/domain/classification/classify.ts";

/** Names of kinds that reveal nothing (corpus/GUIDE.md); none of them stands in corpus/. */
const NAMES = [
  "Riverside Office",
  "Bay Vision",
  "Downtown Dental",
  "Pine Pediatrics",
  "Elm Street Eye Clinic",
];

const FILLED: Readonly<Partial<Record<Slot, string>>> = {
  phone: "202-555-0143",
  link: "https://m.example.org/m/******",
  code: "######",
  date: "Wed, Sep 30",
  time: "10:30 AM EST",
  provider: "Dr. Lee",
  location: "Riverside Clinic",
  pharmacy: "Main Street Pharmacy",
};

it.each(NAMES)("every shipped text may leave for %s", (practice) => {
  const told = SHIPPED_TEMPLATES.map(({ parts }) =>
    parts.map((part) => (typeof part === "string" ? part : (FILLED[part.slot] ?? practice))).join(""),
  ).filter((text) => classify(text, { direction: "outbound" }).tier === 3);
  expect(told).toEqual([]);
});

it("the letters of no zone make a time tell anything", () => {
  const told = everyZoneLetters().filter((letters) => {
    const filled: typeof FILLED = { ...FILLED, practice: "Riverside Office", time: `2:00 PM ${letters}` };
    return SHIPPED_TEMPLATES.some(({ parts }) => {
      const text = parts.map((part) => (typeof part === "string" ? part : filled[part.slot])).join("");
      return classify(text, { direction: "outbound" }).tier === 3;
    });
  });
  expect(told).toEqual([]);
});
