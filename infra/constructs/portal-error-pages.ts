import { createHash } from "node:crypto";

/** Whose pages they are. */
export interface PageOwner {
  readonly textName: string;
  readonly phone: string;
  /** `#rrggbb`, by day and in the dark; our own where the practice has none. */
  readonly colours?: { readonly light: string; readonly dark: string } | undefined;
}

/** What went wrong, as far as a page tells it. */
export type Mishap = "notFound" | "tooLarge" | "unreadable" | "tooMany" | "unavailable" | "other";

interface Words {
  readonly title: string;
  readonly help: string;
}

const NOTHING_CHANGED = {
  en: "Nothing was changed. Go back and try again, or open the link in our text once more. If it keeps failing, please call us.",
  es: "No se cambió nada. Vuelva atrás e intente de nuevo, o abra otra vez el enlace de nuestro mensaje. Si sigue sin funcionar, llámenos.",
} as const;

/** The words of the portal's own error pages (functions/portal/views/first-words.ts), which infra does not import. */
const WORDS: Readonly<Record<Mishap, { readonly en: Words; readonly es: Words }>> = {
  notFound: {
    en: { title: "There is no page here", help: NOTHING_CHANGED.en },
    es: { title: "Aquí no hay ninguna página", help: NOTHING_CHANGED.es },
  },
  tooLarge: {
    en: { title: "That was too large", help: NOTHING_CHANGED.en },
    es: { title: "Eso era demasiado grande", help: NOTHING_CHANGED.es },
  },
  unreadable: {
    en: { title: "We cannot read that", help: NOTHING_CHANGED.en },
    es: { title: "No podemos leer eso", help: NOTHING_CHANGED.es },
  },
  tooMany: {
    en: {
      title: "Please try again later",
      help: "There were too many requests at once. Wait a few minutes and open your link again. If it keeps failing, please call us.",
    },
    es: {
      title: "Intente más tarde",
      help: "Hubo demasiadas solicitudes a la vez. Espere unos minutos y abra su enlace otra vez. Si sigue sin funcionar, llámenos.",
    },
  },
  unavailable: {
    en: {
      title: "Please try again later",
      help: "We cannot show this page right now. Wait a few minutes and open your link again.",
    },
    es: {
      title: "Intente más tarde",
      help: "No podemos mostrar esta página en este momento. Espere unos minutos y abra su enlace otra vez.",
    },
  },
  other: {
    en: { title: "That did not work", help: NOTHING_CHANGED.en },
    es: { title: "No funcionó", help: NOTHING_CHANGED.es },
  },
};

const EMERGENCY = { en: "In an emergency call 911.", es: "En una emergencia llame al 911." } as const;

/** The looks of functions/portal/views/style.ts, as far as a card needs them. */
const CSS = `
:root{color-scheme:light dark;--ground:#f6f3ee;--card:#fffefc;--text:#211d18;--quiet:#5c554b;--line:#e3dcd1;--accent:#17594a}
@media (prefers-color-scheme:dark){:root{--ground:#161411;--card:#221f1b;--text:#f3efe8;--quiet:#c0b7aa;--line:#3a352e;--accent:#8fd3bf}}
*{box-sizing:border-box}
h1,h2,p{margin:0}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--ground);color:var(--text);
font:1.0625rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
h1,h2{font-size:1.625rem;line-height:1.2;letter-spacing:-.01em;text-wrap:balance}
h1+p,h2+p{margin-top:1rem}
a{color:var(--accent);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:.375rem}
header{background:var(--card);border-bottom:1px solid var(--line)}
header p{max-width:44rem;margin:0 auto;padding:1.0625rem 1rem;font-weight:700;line-height:1.25}
main{width:min(27rem,100% - 1.5rem);margin:clamp(.75rem,5vh,3.5rem) auto 1rem;padding:1.75rem 1.5rem;
background:var(--card);border:1px solid var(--line);border-radius:1.25rem;box-shadow:0 8px 24px rgb(60 45 20/.06)}
div{margin-top:1.5rem;padding-top:1.5rem;border-top:1px solid var(--line)}
footer{width:min(34rem,100% - 1.5rem);margin:auto auto 1rem;padding-top:1rem;color:var(--quiet);font-size:.9375rem;text-align:center}
footer a{display:inline-block;line-height:2.75rem}
@media (max-width:22rem){main{padding:1.25rem 1.125rem}}
`;

const COLOUR = /^#[\da-f]{6}$/u;

function styleOf({ colours }: PageOwner): string {
  const css = CSS.replaceAll("\n", "");
  if (colours === undefined) return css;
  if (!COLOUR.test(colours.light) || !COLOUR.test(colours.dark)) throw new Error("A colour is not #rrggbb.");
  return `${css}:root{--accent:${colours.light}}@media (prefers-color-scheme:dark){:root{--accent:${colours.dark}}}`;
}

/** A dollar sign would begin a variable of API Gateway's. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"'`$]/gu, (character) => `&#${String(character.codePointAt(0))};`);
}

/**
 * A page for a browser that meets AWS before it meets us: in both languages, since nothing of ours runs that could
 * choose one. It depends on nothing of the request, and is small enough for a custom response of AWS WAF (4 KB).
 */
export function errorPage(owner: PageOwner, mishap: Mishap): string {
  const { en, es } = WORDS[mishap];
  const name = escaped(owner.textName);
  const phone = escaped(owner.phone);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no">
<title>${name}</title>
<style>${styleOf(owner)}</style>
</head>
<body>
<header><p>${name}</p></header>
<main>
<h1>${en.title}</h1>
<p>${en.help}</p>
<div lang="es">
<h2>${es.title}</h2>
<p>${es.help}</p>
</div>
</main>
<footer><p><a href="tel:${owner.phone.replaceAll(/[^\d+]/gu, "")}">Call / <span lang="es">Llamar</span> ${phone}</a></p>
<p>${EMERGENCY.en} <span lang="es">${EMERGENCY.es}</span></p></footer>
</body>
</html>
`;
}

/**
 * The headers of these pages: what every answer of the portal has (functions/portal/headers.ts), and a policy that lets
 * in the page's own style alone. AWS WAF takes ten headers for an answer, of at most 255 characters each.
 */
export function errorPageHeaders(owner: PageOwner): Readonly<Record<string, string>> {
  const style = createHash("sha256").update(styleOf(owner), "utf8").digest("base64");
  return {
    "Cache-Control": "no-store",
    "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${style}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`,
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
  };
}
