import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codePage } from "#functions/portal/views/code-page.ts";
import { neutralPage } from "#functions/portal/views/neutral-page.ts";
import { threadPage } from "#functions/portal/views/thread-page.ts";
import { unavailablePage } from "#functions/portal/views/unavailable-page.ts";
import { unsubscribedPage, unsubscribePage } from "#functions/portal/views/unsubscribe-page.ts";
import { WORDS } from "#functions/portal/views/words.ts";
import { html, render } from "#shared/domain/html.ts";

const HOSTILE = `</p><script>alert("1")</script><img src=x onerror='alert(2)'>&\`\u202e`;
const LANGUAGES = ["en", "es"] as const;

const thread = {
  messages: [
    {
      id: "msg_1",
      createdAt: "2026-11-04T16:00:00.000Z",
      from: "practice",
      subject: HOSTILE,
      body: HOSTILE,
    },
    { id: "msg_2", createdAt: "2026-11-04T16:05:00.000Z", from: "patient", subject: null, body: HOSTILE },
  ],
  moreNeedsProof: true,
  getsTexts: true,
  language: "en",
  timeZone: "UTC",
} as const;

describe("the html tag", () => {
  it("lets no character through that could end text or an attribute", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const [, inside] = /^<p title="([\s\S]*)">$/.exec(render(html`<p title="${text}">`)) ?? [];

        expect(inside).not.toMatch(/[<>"'`]|&(?!(amp|lt|gt|quot|#39|#96);)/);
      }),
    );
  });

  it("keeps markup of its own making as it is", () => {
    const item = html`<li>${"<b>"}</li>`;

    expect(render(html`<ul>${[item, item]}${null}${3}</ul>`)).toBe(
      "<ul><li>&lt;b&gt;</li><li>&lt;b&gt;</li>3</ul>",
    );
  });

  it("does not take a look-alike for markup", () => {
    const forged = JSON.parse('{"markup":"<script>"}');

    expect(render(html`${String(forged)}`)).not.toContain("<script>");
  });
});

describe.each(LANGUAGES)("pages in %s", (language) => {
  const frame = { practice: { name: HOSTILE, phone: `555"><b>` }, language };
  const pages = {
    neutral: neutralPage(frame),
    code: codePage(frame, { failed: true }),
    unavailable: unavailablePage(frame),
    thread: threadPage(frame, thread, "/m/token"),
    "thread without texts": threadPage(frame, { ...thread, getsTexts: false }, "/m/token"),
    unsubscribe: unsubscribePage(frame),
    unsubscribed: unsubscribedPage(frame),
  };

  it.each(Object.entries(pages))("escape everything on the %s page", (_name, page) => {
    expect(page).not.toMatch(/<script|<img|<b>|onerror='/);
    expect(page).toContain(`<html lang="${language}">`);
  });

  it.each(Object.entries(pages))(
    "have one first heading and labelled fields on the %s page",
    (_name, page) => {
      expect(page.match(/<h1/g)).toHaveLength(1);
      const fields = [...page.matchAll(/<input[^>]* id="(\w+)"/g)].map(([, id]) => id);
      for (const id of fields) expect(page).toContain(`<label for="${id}">`);
    },
  );
});

describe("the date field", () => {
  const pattern = /pattern="([^"]*)"/.exec(
    neutralPage({ practice: { name: "A", phone: "1" }, language: "en" }),
  )?.[1];

  it.each(["05/17/1980", "5-7-1980", "1980-05-17", "05171980"])("lets the browser send %s", (text) => {
    expect(new RegExp(`^(?:${pattern})$`, "v").test(text)).toBe(true);
  });

  it.each(["May 17", "17", "1980", "05/17/80"])("stops %s before it costs a try", (text) => {
    expect(new RegExp(`^(?:${pattern})$`, "v").test(text)).toBe(false);
  });
});

describe("the catalogue", () => {
  it("has other words in the other language", () => {
    const same = Object.entries(WORDS.en).filter(
      ([key, text]) => text === WORDS.es[key as keyof typeof WORDS.es],
    );

    expect(same).toEqual([]);
  });
});
