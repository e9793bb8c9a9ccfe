import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Html, inlineScript } from "#shared/domain/html.ts";

const SCRIPT = readFileSync(new URL("./assets/page.js", import.meta.url), "utf8").trim();

/** The pages' one script, inline so that a page is one request; deployed without its comments and spaces. */
export const PAGE_SCRIPT: Html = inlineScript(SCRIPT);

/** What the content security policy allows as script: exactly {@link PAGE_SCRIPT}. */
export const SCRIPT_SOURCE = `'sha256-${createHash("sha256").update(SCRIPT, "utf8").digest("base64")}'`;
