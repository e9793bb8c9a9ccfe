declare const shown: unique symbol;

/**
 * What may fill a slot in a text that is sent. The mark is for the compiler alone: no text is taken for one, and the only
 * ones there are come from the makers here, from slot-values.ts, and from the vocabulary in force.
 */
export type SlotValue<Of extends string> = string & { readonly [shown]: Of };

const CODE_DIGITS = 6;
/** A whole token, or what stands for one where a link leads nowhere. */
const TOKEN = /^(?:[\w-]{44}|\*{6})$/;

/** The practice's name and phone, as its stage's settings hold them. */
export function practiceValues({ name, phone }: { readonly name: string; readonly phone: string }) {
  return { practice: name as SlotValue<"practice">, phone: phone as SlotValue<"phone"> };
}

/** A link into the portal, with a token or what masks it. Throws for anything else: no words follow the host. */
export function linkValue(portalBaseUrl: string, token: string): SlotValue<"link"> {
  if (!TOKEN.test(token)) throw new Error("a link ends in a token");
  return `${portalBaseUrl}/${token}` as SlotValue<"link">;
}

/** A code (0 to 999,999) in six digits. */
export function codeValue(code: number): SlotValue<"code"> {
  return String(code).padStart(CODE_DIGITS, "0") as SlotValue<"code">;
}
