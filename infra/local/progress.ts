/** Says what the start is doing when it takes a while. */
export type Progress = {
  /** Runs one step and prints a line with its name and time when it has taken more than two seconds. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
};

const QUIET_MS = 2000;

/** Progress lines for a terminal: a step that lasts is named while it runs and timed when it ends. */
export function createProgress(print: (line: string) => void): Progress {
  return {
    async step(name, work) {
      const startedMs = performance.now();
      let announced = false;
      const timer = setInterval(() => {
        const seconds = Math.round((performance.now() - startedMs) / 1000);
        print(announced ? `… ${name} (${String(seconds)} s)` : `… ${name}`);
        announced = true;
      }, QUIET_MS);
      try {
        return await work();
      } finally {
        clearInterval(timer);
        if (announced) print(`  ${name}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
      }
    },
  };
}
