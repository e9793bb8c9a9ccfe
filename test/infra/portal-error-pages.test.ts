import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { SECURITY_HEADERS } from "#functions/portal/headers.ts";
import { FIRST_WORDS } from "#functions/portal/views/first-words.ts";
import { at, listOf, resourcesOf } from "#infra/checks/template.ts";
import { errorPage, errorPageHeaders } from "#infra/constructs/portal-error-pages.ts";
import { stageSettings } from "#infra/stages.ts";
import { synthesized } from "./synthesized.ts";

/** AWS WAF's limits of one custom response. */
const WAF_BYTES_MAX = 4096;
const WAF_HEADERS_MAX = 10;
const WAF_HEADER_VALUE_MAX = 255;

const OWNER = { textName: "Riverside Office", phone: "(206) 555-0100" };
const MISHAPS = ["notFound", "tooLarge", "unreadable", "tooMany", "unavailable", "other"] as const;

const evaluation = stageSettings("evaluation");
const branded = { ...evaluation, practice: { ...evaluation.practice, brand: { colour: "#5a3e8c" } } };
const template = synthesized(branded);
const responses = resourcesOf(template, "AWS::ApiGateway::GatewayResponse").map(({ id, properties }) => ({
  portal: id.startsWith("PortalApi"),
  status: Number(properties["StatusCode"]),
  html: at(properties, "ResponseTemplates", "text/html"),
  headers: Object.fromEntries(
    Object.entries(properties["ResponseParameters"] as Readonly<Record<string, string>>).map(
      ([name, value]) => [name.replace("gatewayresponse.header.", ""), value.replace(/^'(.*)'$/u, "$1")],
    ),
  ),
}));

function styleSource(page: string): string {
  const css = /<style>(.*)<\/style>/u.exec(page)?.[1] ?? "";
  return `'sha256-${createHash("sha256").update(css).digest("base64")}'`;
}

describe("API Gateway's own answers", () => {
  it("are pages for browsers on the portal's API, and problem documents alone on the staff's", () => {
    const portal = responses.filter((response) => response.portal);
    const staff = responses.filter((response) => !response.portal);
    expect(portal.length).toBe(staff.length);
    expect(portal.length).toBeGreaterThan(0);
    for (const { status, html, headers } of portal) {
      expect(html).toContain(`<p>${branded.practice.textName}</p>`);
      expect(html).toContain(branded.practice.phone);
      expect(html).toContain("--accent:#5a3e8c");
      // It would stand on pages and documents alike.
      expect(headers).not.toHaveProperty("Content-Type");
      expect(headers["Content-Security-Policy"]).toContain(`style-src ${styleSource(String(html))};`);
      expect(headers["Retry-After"] === undefined).toBe(status !== 429);
    }
    for (const { html, headers } of staff) {
      expect(html).toBeUndefined();
      expect(headers["Content-Type"]).toBe("application/problem+json");
    }
  });

  it("tell what went wrong, and by no variable of the request", () => {
    for (const { status, html } of responses.filter((response) => response.portal)) {
      expect(html).not.toContain("$");
      const title =
        {
          404: "There is no page here",
          413: "That was too large",
          415: "We cannot read that",
          429: "Please try again later",
        }[status] ?? (status < 500 ? "That did not work" : "Please try again later");
      expect(html).toContain(`<h1>${title}</h1>`);
    }
  });
});

describe("AWS WAF's own answers", () => {
  it("to floods are a page on the portal's API, within WAF's limits", () => {
    const bodies = resourcesOf(template, "AWS::WAFv2::WebACL").map(({ id, properties }) => {
      const [rate] = listOf(properties["Rules"]);
      const headers = listOf(at(rate, "Action", "Block", "CustomResponse", "ResponseHeaders")).map(
        (header) => [at(header, "Name"), String(at(header, "Value"))] as const,
      );
      return { id, body: at(properties, "CustomResponseBodies", "rate-limited"), headers };
    });
    const portal = bodies.find(({ id }) => id.startsWith("PortalFirewall"));
    const page = String(at(portal?.body, "Content"));
    expect(at(portal?.body, "ContentType")).toBe("TEXT_HTML");
    expect(page).toContain("<h1>Please try again later</h1>");
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(WAF_BYTES_MAX);
    expect(portal?.headers.length).toBeLessThanOrEqual(WAF_HEADERS_MAX);
    expect(portal?.headers.filter(([, value]) => value.length > WAF_HEADER_VALUE_MAX)).toEqual([]);
    expect(Object.fromEntries(portal?.headers ?? [])).toMatchObject({
      "Cache-Control": "no-store",
      "Content-Security-Policy": expect.stringContaining(styleSource(page)),
      "Retry-After": "60",
    });
    const staff = bodies.find(({ id }) => id.startsWith("StaffFirewall"));
    expect(at(staff?.body, "ContentType")).toBe("APPLICATION_JSON");
    expect(staff?.headers).toEqual([["Retry-After", "60"]]);
  });
});

describe("a page that AWS answers with", () => {
  it.each(MISHAPS)("fits into a custom response of AWS WAF: %s", (mishap) => {
    expect(Buffer.byteLength(errorPage(OWNER, mishap))).toBeLessThanOrEqual(WAF_BYTES_MAX);
  });

  it("has the headers of the portal's own pages", () => {
    const { "Content-Security-Policy": policy, ...others } = errorPageHeaders(OWNER);
    expect(SECURITY_HEADERS).toMatchObject(others);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it("has the words of the portal's own pages", () => {
    for (const words of Object.values(FIRST_WORDS)) {
      const said = {
        notFound: [words.error404, words.errorHelp],
        tooLarge: [words.error413, words.errorHelp],
        unreadable: [words.error415, words.errorHelp],
        unavailable: [words.unavailableTitle, words.unavailableHelp],
        other: [words.errorTitle, words.errorHelp],
      } as const;
      for (const mishap of MISHAPS) {
        const page = errorPage(OWNER, mishap);
        for (const text of [
          ...(mishap === "tooMany" ? [words.unavailableTitle] : said[mishap]),
          words.emergency,
        ])
          expect(page).toContain(text);
      }
    }
  });

  it("lets no practice's name become markup, or a variable of API Gateway's", () => {
    const page = errorPage({ ...OWNER, textName: "<b>A & $context.path" }, "other");
    expect(page).toContain("<p>&#60;b&#62;A &#38; &#36;context.path</p>");
    expect(page).not.toContain("$");
    expect(() => errorPage({ ...OWNER, colours: { light: "red}", dark: "#ffffff" } }, "other")).toThrow(
      "colour",
    );
  });
});
