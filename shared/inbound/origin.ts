/** Why a text is left alone: no phone of a person can have sent it, or it is the practice's own. */
export type Foreign = "no-phone" | "own-number";

/** With a plus sign any number of E.164; without one only what is too long for a short code. */
const PHONE = /^(?:\+[1-9]\d{7,14}|[1-9]\d{10,14})$/;

/** The phone (E.164) that texted, or why there is none to answer. */
export function originOf(
  origination: string,
  destination: string,
): { readonly phone: string } | { readonly foreign: Foreign } {
  if (!PHONE.test(origination)) return { foreign: "no-phone" };
  const phone = withPlus(origination);
  return phone === withPlus(destination) ? { foreign: "own-number" } : { phone };
}

function withPlus(number: string): string {
  return number.startsWith("+") ? number : `+${number}`;
}
