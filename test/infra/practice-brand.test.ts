import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { at, resourcesOf } from "#infra/checks/template.ts";
import { contrast, practiceBrand } from "#infra/practice-brand.ts";
import { synthesized } from "./synthesized.ts";

const folder = mkdtempSync(join(tmpdir(), "foundphone-brand-"));
const ROOT = join(import.meta.dirname, "../..");
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with these bytes, named from the project's folder. */
function logo(name: string, bytes: string | Buffer): string {
  writeFileSync(join(folder, name), bytes);
  return relative(ROOT, join(folder, name));
}

const svg = (inside: string, attributes = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"${attributes}>${inside}</svg>`;

describe("a practice's colour", () => {
  test("is measured as WCAG measures it", () => {
    expect(contrast("#ffffff", "#000000")).toBeCloseTo(21);
    expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
  });

  test.each(["#17594a", "#0a5a78", "#7a1f5c", "#8a4b00", "#000000"])(
    "%s is read by day, and its tint in the dark",
    (colour) => {
      const { BRAND_COLOUR, BRAND_COLOUR_DARK = "" } = practiceBrand({ colour }).environment;

      expect(BRAND_COLOUR).toBe(colour);
      expect(contrast(BRAND_COLOUR_DARK, "#221f1b")).toBeGreaterThanOrEqual(7);
    },
  );

  test.each(["#777777", "#ffcc00", "#ff6600"])("%s is too light, and fails the synthesis", (colour) => {
    expect(() => practiceBrand({ colour })).toThrow("contrast");
  });

  test.each(["red", "#fff", "#17594a;", "rgb(0 0 0)"])("%s is not written as one", (colour) => {
    expect(() => practiceBrand({ colour })).toThrow("#rrggbb");
  });
});

describe("a practice's logo", () => {
  const colour = "#17594a";

  test("is taken as SVG or PNG, and nothing else is", () => {
    const png = Buffer.from("89504e470d0a1a0a00", "hex");

    expect(
      practiceBrand({ colour, logo: logo("a.svg", svg("<path d='M0 0'/>")) }).environment.BRAND_LOGO,
    ).toBe("logo.svg");
    expect(practiceBrand({ colour, logo: logo("a.png", png) }).environment.BRAND_LOGO).toBe("logo.png");
    expect(() => practiceBrand({ colour, logo: logo("b.png", svg("")) })).toThrow("no PNG");
    expect(() => practiceBrand({ colour, logo: logo("b.svg", png) })).toThrow("no SVG");
    expect(() => practiceBrand({ colour, logo: logo("a.gif", "GIF89a") })).toThrow("neither");
    expect(() => practiceBrand({ colour, logo: logo("c.svg", svg("x".repeat(9000))) })).toThrow("8192");
  });

  test.each([
    svg("<script>alert(1)</script>"),
    svg("<SCRIPT href='x'/>"),
    svg("", " onload='alert(1)'"),
    svg("<a href='javascript:alert(1)'/>"),
    svg("<image href='https://elsewhere.example/a.png'/>"),
    svg('<use xlink:href="//elsewhere.example/a.svg#b"/>'),
    svg("<style>@import 'https://elsewhere.example'</style>"),
    svg("<rect fill='url(https://elsewhere.example/a.svg#b)'/>"),
    svg("<foreignObject><p>x</p></foreignObject>"),
    `<svg><!ENTITY a "b"></svg>`,
  ])("that is more than an image fails the synthesis: %s", (text) => {
    expect(() => practiceBrand({ colour, logo: logo("d.svg", text) })).toThrow();
  });

  test("may refer to its own parts", () => {
    const text = svg("<linearGradient id='a'/><rect fill='url(#a)'/><use href='#a'/>");

    expect(practiceBrand({ colour, logo: logo("e.svg", text) }).environment.BRAND_LOGO).toBe("logo.svg");
  });
});

test("only the portal is deployed with a brand", () => {
  const branded = resourcesOf(synthesized(), "AWS::Lambda::Function")
    .filter(({ properties }) => at(properties, "Environment", "Variables", "BRAND_COLOUR") !== undefined)
    .map(({ properties }) => properties["Description"]);

  expect(branded).toEqual(["functions/portal/index.ts"]);
});
