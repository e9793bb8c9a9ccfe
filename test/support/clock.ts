/** A clock that stands still until it is moved. */
export function createTestClock(start = "2026-11-04T17:00:00.000Z") {
  const state = { ms: Date.parse(start) };
  return {
    now: () => new Date(state.ms),
    iso: (offsetSeconds = 0) => new Date(state.ms + offsetSeconds * 1000).toISOString(),
    advance: (seconds: number) => {
      state.ms += seconds * 1000;
    },
  };
}
