/**
 * What a kill mark is set to by whoever read it as `seen`: a mark never moves back, for what was dead would
 * live again. Both are times in ISO 8601 UTC, to the millisecond.
 */
export function laterMark(before: string, seen: string | null | undefined): string {
  return seen != null && seen > before ? seen : before;
}
