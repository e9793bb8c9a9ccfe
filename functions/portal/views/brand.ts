import { type Html, html, stylesheet } from "#shared/domain/html.ts";

/** A practice's own looks. Its colours have been checked for contrast before they were deployed. */
export interface Brand {
  /** `#rrggbb`. Text in `light` is read on white, text in `dark` on the dark card; white is read on `light`. */
  readonly colours: { readonly light: string; readonly dark: string } | null;
  /** A `data:` address of an image. */
  readonly logo: string | null;
}

const COLOUR = /^#[\da-f]{6}$/;
const IMAGE_TYPES = { "logo.svg": "image/svg+xml", "logo.png": "image/png" } as const;

/** The rules that set a practice's colours; empty for our own. */
export function brandCss(brand: Brand | undefined): string {
  const colours = brand?.colours ?? null;
  if (colours === null) return "";
  const { light, dark } = colours;
  if (!COLOUR.test(light) || !COLOUR.test(dark)) throw new Error("a colour is not #rrggbb");
  return `:root{--accent:${light};--own:${light}}@media (prefers-color-scheme:dark){:root{--accent:${dark}}}`;
}

/** The style element of a practice's colours. */
export function brandStyle(brand: Brand | undefined): Html | null {
  const css = brandCss(brand);
  return css === ""
    ? null
    : html`
${stylesheet(css)}`;
}

/** What the environment says of a brand. */
interface BrandEnvironment {
  readonly BRAND_COLOUR?: string | undefined;
  readonly BRAND_COLOUR_DARK?: string | undefined;
  readonly BRAND_LOGO?: keyof typeof IMAGE_TYPES | undefined;
}

/** The brand that the environment names; its logo is a file that `read` finds. */
export function readBrand(env: BrandEnvironment, read: (file: string) => Uint8Array): Brand {
  const { BRAND_COLOUR: light, BRAND_COLOUR_DARK: dark, BRAND_LOGO: file } = env;
  return {
    colours: light === undefined || dark === undefined ? null : { light, dark },
    // An image that is shown so runs no script, whatever is in it.
    logo:
      file === undefined
        ? null
        : `data:${IMAGE_TYPES[file]};base64,${Buffer.from(read(file)).toString("base64")}`,
  };
}
