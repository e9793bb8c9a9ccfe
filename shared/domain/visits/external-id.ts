const LENGTH_MAX = 100;

/**
 * True for what a scheduling system may call a visit: 1 to 100 characters, none of which hides or reorders others. A percent sign is none of
 * them, because the id stands in a path, and whether a part of it arrives decoded depends on the gateway.
 */
export function isVisitExternalId(text: string): boolean {
  return (
    text.length >= 1 &&
    text.length <= LENGTH_MAX &&
    text.isWellFormed() &&
    /[^\p{Z}\p{C}]/u.test(text) &&
    !/[\p{Cc}\p{Cf}%]/u.test(text)
  );
}
