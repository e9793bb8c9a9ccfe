/** The value below which that share of the values lies; `sorted` rises. Zero of nothing. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
