import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { transformSync } from "esbuild";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentSecurityPolicy } from "#functions/portal/headers.ts";
import { attachPage } from "#functions/portal/views/attach-page.ts";
import { readBrand } from "#functions/portal/views/brand.ts";
import { codePage } from "#functions/portal/views/code-page.ts";
import { errorPage } from "#functions/portal/views/error-page.ts";
import { exitPage } from "#functions/portal/views/exit-page.ts";
import { heldPage } from "#functions/portal/views/held-page.ts";
import type { PageFrame } from "#functions/portal/views/layout.ts";
import { neutralPage } from "#functions/portal/views/neutral-page.ts";
import { newLinkPage } from "#functions/portal/views/new-link-page.ts";
import { preferencesPage } from "#functions/portal/views/preferences-page.ts";
import { realPage } from "#functions/portal/views/real-page.ts";
import { threadPage } from "#functions/portal/views/thread-page.ts";
import { unavailablePage } from "#functions/portal/views/unavailable-page.ts";
import { unsubscribedPage, unsubscribePage } from "#functions/portal/views/unsubscribe-page.ts";
import { wrongPersonDonePage } from "#functions/portal/views/wrong-person-page.ts";
import { html, inlineScript, render } from "#shared/domain/html.ts";
import { LANGUAGES, PURPOSES } from "#shared/domain/words.ts";
import type { ShownPreferences } from "#shared/portal/read-preferences.ts";
import type { ShownAttachment, ShownThread } from "#shared/portal/shown.ts";

const HOSTILE = `</p><script>alert("1")</script><img src=x onerror='alert(2)'>&\`\u202e`;
const LINK = "/m/token";
const KILOBYTE = 1024;

const file = (parts: Partial<ShownAttachment> = {}): ShownAttachment => ({
  id: "att_1",
  name: HOSTILE,
  kind: "photo",
  sizeBytes: 500,
  state: "ready",
  ...parts,
});

const thread: ShownThread = {
  messages: [
    {
      id: "msg_1",
      createdAt: "2026-11-04T16:00:00.000Z",
      from: "practice",
      via: "portal",
      subject: HOSTILE,
      body: HOSTILE,
      attachments: [file(), file({ id: "att_2", kind: "pdf", state: "checking" })],
      seenAt: null,
    },
    {
      id: "msg_2",
      createdAt: "2026-11-04T16:05:00.000Z",
      from: "patient",
      via: "portal",
      subject: null,
      body: HOSTILE,
      attachments: [],
      seenAt: "2026-11-05T16:05:00.000Z",
    },
  ],
  earlier: "msg_0",
  newest: true,
  version: 7,
  moreNeedsProof: true,
  getsTexts: true,
  language: "en",
  timeZone: "UTC",
  officeHours: { wednesday: [{ opens: "09:00", closes: "17:00" }] },
  openNow: true,
  pending: [file({ id: "att_3" }), file({ id: "att_4", state: "refused" })],
};

const preferences: ShownPreferences = {
  language: "en",
  purposes: PURPOSES.map((purpose) => ({ purpose, sms: "granted", email: "none" })),
  canText: true,
  canEmail: false,
  quietHours: { from: "21:00", to: HOSTILE },
  hasPin: true,
  devices: [
    {
      id: HOSTILE,
      createdAt: "2026-11-04T16:00:00.000Z",
      lastUsedAt: "2026-11-04T16:00:00.000Z",
      current: false,
    },
  ],
  timeZone: "UTC",
};

const upload = { url: "https://files.example/", fields: { key: HOSTILE, [HOSTILE]: "1" } };

/** Every page, in every state that changes its markup. */
function pagesOf(frame: PageFrame): Readonly<Record<string, string>> {
  return {
    neutral: neutralPage(frame),
    code: codePage(frame, "asked"),
    "code that was sent before": codePage(frame, "sent"),
    "code after too many": codePage(frame, "spent"),
    "code that was wrong": codePage(frame, "wrong"),
    held: heldPage(frame),
    "new link": newLinkPage(frame),
    "wrong person": wrongPersonDonePage(frame),
    real: realPage(frame, { textNumbers: [HOSTILE], linkStart: HOSTILE, emailFrom: HOSTILE }),
    error: errorPage(frame, 413),
    unavailable: unavailablePage(frame),
    unsubscribe: unsubscribePage(frame),
    unsubscribed: unsubscribedPage(frame),
    thread: threadPage(frame, thread, LINK),
    "thread without texts": threadPage(frame, { ...thread, getsTexts: false, openNow: false }, LINK),
    "thread of earlier messages": threadPage(frame, { ...thread, newest: false }, LINK),
    "thread with a problem": threadPage(frame, thread, LINK, {
      draft: HOSTILE,
      form: HOSTILE,
      problem: "too-long",
      distress: "self-harm",
    }),
    preferences: preferencesPage(frame, preferences, LINK),
    "preferences with a problem": preferencesPage(frame, preferences, LINK, { problem: "pin-weak" }),
    "preferences with quiet hours to correct": preferencesPage(frame, preferences, LINK, {
      problem: "quiet-hours",
      entered: new URLSearchParams({ change: "quiet-hours", from: "08:00", to: HOSTILE }),
    }),
    attach: attachPage(frame, { pending: [file()], upload: null, problem: "type" }, LINK),
    upload: attachPage(frame, { pending: [], upload, problem: null }, LINK),
  };
}

const NAMES = Object.keys(pagesOf({ practice: { name: "A", phone: "1" }, language: "en" }));
const SESSION_PAGES = NAMES.filter((name) => /^(thread|preferences|attach|upload)/.test(name));
const sha256 = (text: string) => createHash("sha256").update(text).digest("base64");
const ownScript = /<script>([\s\S]*?)<\/script>/;

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

  it("takes no script that could end its own element", () => {
    for (const source of ['"</script>"', "1 <!--"]) expect(() => inlineScript(source)).toThrow("markup");
  });
});

describe.each(LANGUAGES)("pages in %s", (language) => {
  const frame = { practice: { name: HOSTILE, phone: `555"><b>` }, language };
  const pages = pagesOf(frame);

  it.each(NAMES)("escape everything on the %s page", (name) => {
    const page = (pages[name] ?? "").replace(ownScript, "");

    expect(page).not.toMatch(/<script|<img src=x|<b>|onerror='/);
    expect(page).toContain(`<html lang="${language}">`);
  });

  it.each(NAMES)("have one first heading, in order, and labelled fields on the %s page", (name) => {
    const page = pages[name] ?? "";

    const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels
      .slice(1)
      .forEach((level, index) => void expect(level - (levels[index] ?? 0)).toBeLessThanOrEqual(1));
    const fields = [
      ...page.matchAll(/<(?:input|textarea)(?![^>]*(?:hidden|radio|checkbox))[^>]* id="(\w+)"/g),
    ];
    for (const [, id] of fields)
      expect(page).toContain(`<label${id === "body" ? ' class="hidden"' : ""} for="${id}">`);
    const ids = [...page.matchAll(/ id="(\w+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, named] of page.matchAll(/aria-(?:describedby|labelledby)="([^"]+)"/g))
      for (const id of (named ?? "").split(" ")) expect(ids).toContain(id);
  });

  it.each(SESSION_PAGES)("can be left, locked and turned off on the %s page", (name) => {
    const page = pages[name] ?? "";

    expect(page).toContain(`action="${LINK}/lock"`);
    expect(page).toContain('name="exit" value="yes"');
    expect(page).toContain(`action="${LINK}/lock?lang=${language}"`);
    expect(page).toContain(`<noscript><meta http-equiv="refresh" content="600;url=${LINK}"></noscript>`);
    expect(page).toContain('role="alertdialog"');
  });

  it("hold a token on no page that a stranger sees", () => {
    for (const name of NAMES.filter((each) => !SESSION_PAGES.includes(each)))
      expect(pages[name]).not.toContain(LINK);
  });
});

describe("bytes", () => {
  const brand = readBrand(
    { BRAND_COLOUR: "#17594a", BRAND_COLOUR_DARK: "#8fd3bf", BRAND_LOGO: "logo.svg" },
    () => readFileSync("infra/local/demo/logo.svg"),
  );

  it.each(LANGUAGES)(
    "of the first view are at most 20 KB in %s, with style, colours and logo",
    (language) => {
      const page = neutralPage({
        practice: { name: "Riverside Office", phone: "202-555-0143", brand },
        language,
      });

      expect(Buffer.byteLength(page)).toBeLessThanOrEqual(20 * KILOBYTE);
      expect(page).not.toMatch(/<script|<link|https?:/);
    },
  );

  it("of the script, as it is deployed, are at most 7.5 KB", () => {
    const source = readFileSync("functions/portal/assets/page.js", "utf8");
    const { code } = transformSync(source, { minify: true, target: "es2020" });

    expect(code.trim().length).toBeLessThanOrEqual(7.5 * KILOBYTE);
  });
});

describe("the content security policy", () => {
  const brand = readBrand({ BRAND_COLOUR: "#17594a", BRAND_COLOUR_DARK: "#8fd3bf" }, () => Buffer.alloc(0));
  const policy = contentSecurityPolicy(brand, "files.example");

  it.each(NAMES)("allows exactly the styles and the script that are on the %s page", (name) => {
    const page = pagesOf({ practice: { name: "A", phone: "1", brand }, language: "en" })[name] ?? "";

    const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, css]) => sha256(css ?? ""));
    expect(styles).toHaveLength(2);
    expect(policy).toContain(`style-src ${styles.map((hash) => `'sha256-${hash}'`).join(" ")};`);
    const script = ownScript.exec(page)?.[1];
    expect(script === undefined).toBe(!SESSION_PAGES.includes(name));
    if (script !== undefined) expect(policy).toContain(`script-src 'sha256-${sha256(script)}';`);
    expect(page.replace(ownScript, "")).not.toMatch(/ style=| on[a-z]+="/);
  });

  it("names the attachments' host where it must, and nothing unsafe anywhere", () => {
    expect(policy).toContain("img-src 'self' files.example data:; connect-src 'self' files.example;");
    expect(policy).toContain("form-action 'self' files.example; frame-ancestors 'none'; base-uri 'none'");
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toContain("unsafe");
    expect(contentSecurityPolicy(undefined, undefined)).toContain("form-action 'self';");
  });

  it("takes nothing for a colour that could be more", () => {
    const more = { colours: { light: "#17594a}*{color:red", dark: "#8fd3bf" }, logo: null };

    expect(() => contentSecurityPolicy(more, undefined)).toThrow("#rrggbb");
  });
});

describe("the conversation", () => {
  const frame = { practice: { name: "Riverside", phone: "1" }, language: "en" } as const;
  const at = (now: string, parts: Partial<ShownThread> = {}) =>
    threadPage(frame, { ...thread, ...parts }, LINK, { now: new Date(now) });

  it.each([
    ["2026-11-04T16:30:00.000Z", true, "Open now until 5 PM"],
    ["2026-11-04T08:30:00.000Z", false, "Closed. Opens at 9 AM"],
    ["2026-11-03T20:30:00.000Z", false, "Closed. Opens tomorrow at 9 AM"],
    ["2026-11-04T20:30:00.000Z", false, "Closed. Opens on Wednesday at 9 AM"],
    ["2026-11-05T20:30:00.000Z", true, "Open now"],
  ])("says at %s whether somebody is there", (now, openNow, line) => {
    expect(at(now, { openNow })).toContain(`<p class="hours">${line}</p>`);
  });

  it("says nothing of hours that nobody told", () => {
    expect(at("2026-11-04T16:30:00.000Z", { officeHours: {} })).not.toContain('class="hours"');
  });

  it("counts days in the practice's zone, and names the last two", () => {
    const page = at("2026-11-05T02:00:00.000Z", { timeZone: "America/Los_Angeles" });

    const onPaper = '<span class="paper">, Wednesday, November 4, 2026</span></span>';
    expect(page).toContain(`<span>Today${onPaper}`);
    expect(at("2026-11-05T16:00:00.000Z")).toContain(`<span>Yesterday${onPaper}`);
    expect(at("2026-12-05T16:00:00.000Z")).toContain("<span>Wednesday, November 4, 2026</span>");
  });

  it("says when the practice has seen a reply, and that a text is one", () => {
    expect(at("2026-11-05T16:30:00.000Z")).toMatch(/Seen <time[^>]*>Nov 5, 4:05 PM<\/time>/);
    const texted = thread.messages.map((message) => ({ ...message, via: "text" as const, seenAt: null }));
    const page = at("2026-11-05T16:30:00.000Z", { messages: texted });
    expect(page).toContain("You · by text · ");
    expect(page).not.toContain("Sent</span>");
  });

  it("shows small photos, links large ones, and opens nothing that is not ready", () => {
    const message = { ...thread.messages[0], attachments: [file({ sizeBytes: 1_000_000 })] };
    const shown = (attachments: readonly ShownAttachment[]) =>
      at("2026-11-05T16:30:00.000Z", {
        messages: [{ ...message, attachments } as (typeof thread.messages)[0]],
      });
    const link = `href="${LINK}/attachments/att_1"`;

    expect(shown(message.attachments)).toContain(
      `<img class="photo" src="${LINK}/attachments/att_1" alt="" loading="lazy"`,
    );
    expect(shown([file({ sizeBytes: 2_000_000 })])).toContain(link);
    expect(shown([file({ sizeBytes: 2_000_000 })])).not.toContain('class="photo"');
    for (const state of ["waiting", "checking", "refused"] as const)
      expect(shown([file({ state })])).not.toContain(`${LINK}/attachments/att_1`);
  });

  it("sends what is uploaded with the reply, and keeps what was written when it could not be sent", () => {
    const page = threadPage(frame, thread, LINK, { draft: "Hello\nthere", problem: "empty", form: "once" });

    expect(page).toContain('name="attachments" value="att_3"');
    expect(page).not.toContain('name="attachments" value="att_4"');
    expect(page).toMatch(
      /<textarea[^>]*aria-invalid="true" aria-describedby="replyProblem replyHint" autofocus[^>]*>Hello\nthere</,
    );
    expect(page).toContain('name="form" value="once"');
  });

  it("says at once whom to call", () => {
    const page = threadPage(frame, thread, LINK, { distress: "self-harm" });

    expect(page).toContain('href="tel:988"');
    expect(page).toMatch(/role="alert" id="urgent" tabindex="-1" autofocus/);
    expect(page.match(/ autofocus/g)).toHaveLength(1);
    expect(threadPage(frame, thread, LINK, { distress: "emergency" })).not.toContain("tel:988");
  });
});

describe("the way out", () => {
  it("goes on at once to a page that everybody looks at, and names nothing of ours", () => {
    const page = exitPage();

    expect(page).toContain('<meta http-equiv="refresh" content="0;url=https://www.weather.gov">');
    expect(page).toContain('rel="noreferrer"');
    expect(page).not.toMatch(/<img|<form/);
  });
});

describe("the date field", () => {
  it("leaves it to our own words what a date looks like, and to no browser's", () => {
    const page = neutralPage({ practice: { name: "A", phone: "1" }, language: "en" });

    expect(/<input id="birthDate"[^>]*>/.exec(page)?.[0]).not.toMatch(/pattern=|title=/);
    expect(page).toContain("Write all 4 digits of the year.");
  });
});

describe("hours in Spanish", () => {
  const frame = { practice: { name: "Riverside", phone: "1" }, language: "es" } as const;
  const hours = (now: string, parts: Partial<ShownThread>) =>
    /class="hours">([^<]*)</
      .exec(threadPage(frame, { ...thread, ...parts }, LINK, { now: new Date(now) }))?.[1]
      ?.replaceAll(/\s/gu, " ");

  it.each([
    ["17:00", "Abierto ahora, hasta las 5 p.m."],
    ["13:00", "Abierto ahora, hasta la 1 p.m."],
    ["12:30", "Abierto ahora, hasta las 12:30 p.m."],
  ])("are said as people say them until %s", (closes, said) => {
    const officeHours = { wednesday: [{ opens: "09:00", closes }] };
    expect(hours("2026-11-04T12:00:00.000Z", { officeHours, openNow: true })).toBe(said);
  });

  it("name when they begin again", () => {
    const opening = (now: string) => hours(now, { openNow: false });

    expect(opening("2026-11-03T20:30:00.000Z")).toBe("Cerrado. Abre mañana a las 9 a.m.");
    expect(opening("2026-11-04T08:30:00.000Z")).toBe("Cerrado. Abre a las 9 a.m.");
  });
});
