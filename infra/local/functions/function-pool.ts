import type { FunctionOutcome } from "./function-outcome.ts";
import type { FunctionSettings } from "./function-settings.ts";
import { type Instance, type InstanceEnd, type InstancePorts, startInstance } from "./instance.ts";

/** The running instances of one function. */
export type FunctionPool = {
  readonly settings: FunctionSettings;
  /** Starts the first instance; rejects with one line that names the function when its bundle does not load. */
  warm(): Promise<void>;
  /** Runs one event on a free instance, or waits for one. Never rejects. */
  invoke(event: unknown): Promise<FunctionOutcome>;
  /** Ends one instance in the middle of what it runs; see `Instance.kill`. An unknown id does nothing. */
  kill(instanceId: string, atEnd: () => InstanceEnd): Promise<void>;
  /** How many events run or wait. */
  busy(): number;
  /** How many events were given to it since the start. */
  invocations(): number;
  stop(): Promise<void>;
};

const INSTANCES_MAX_DEFAULT = 3;
/** Another instance costs half a second of a core, so that a short queue is served by the ones that run. */
const WAIT_BEFORE_NEXT_INSTANCE_MS = 250;

type Waiting = {
  readonly event: string;
  readonly resolve: (outcome: FunctionOutcome) => void;
  timer?: NodeJS.Timeout;
  /** It has waited long enough for an instance of its own. */
  mayStart?: boolean;
};

/**
 * Creates the pool of one function: one event at a time on each instance, further instances only under load. `wantedMax`
 * is how many events its sources hand over at once; the template's reserved concurrency may allow fewer.
 */
export function createFunctionPool(
  settings: FunctionSettings,
  ports: InstancePorts,
  wantedMax: number = INSTANCES_MAX_DEFAULT,
): FunctionPool {
  const instancesMax = Math.max(
    1,
    Math.min(
      Math.max(wantedMax, INSTANCES_MAX_DEFAULT),
      settings.reservedConcurrency ?? Number.POSITIVE_INFINITY,
    ),
  );
  const instances = new Set<Instance>();
  const idle: Instance[] = [];
  const waiting: Waiting[] = [];
  let running = 0;
  let invocations = 0;
  let stopped = false;

  const start = () => {
    const instance = startInstance(settings, ports);
    instances.add(instance);
    return instance;
  };

  const takeIdle = () => {
    for (let instance = idle.pop(); instance !== undefined; instance = idle.pop()) {
      if (instance.isAlive()) return instance;
      instances.delete(instance);
    }
    return undefined;
  };

  const run = async (instance: Instance, { event, resolve, timer }: Waiting) => {
    clearTimeout(timer);
    running += 1;
    const outcome = await instance.run(event);
    running -= 1;
    if (instance.isAlive() && !stopped) idle.push(instance);
    else instances.delete(instance);
    resolve(outcome);
    next();
  };

  const next = () => {
    while (waiting.length > 0 && !stopped) {
      const startsAnother =
        instances.size === 0 || (instances.size < instancesMax && waiting[0]?.mayStart === true);
      const instance = takeIdle() ?? (startsAnother ? start() : undefined);
      const first = instance === undefined ? undefined : waiting.shift();
      if (instance === undefined || first === undefined) return;
      void run(instance, first);
    }
  };

  return {
    settings,
    async warm() {
      const instance = start();
      const failure = await instance.ready;
      if (failure !== undefined) {
        instances.delete(instance);
        throw new Error(
          `Function ${settings.logicalId} does not start: ${failure.errorType}: ${failure.errorMessage}`,
        );
      }
      idle.push(instance);
      next();
    },
    invoke(event) {
      if (stopped)
        return Promise.resolve({
          kind: "failed",
          errorType: "Runtime.ExitError",
          errorMessage: "The host is stopping.",
        });
      invocations += 1;
      return new Promise((resolve) => {
        const entry: Waiting = { event: JSON.stringify(event), resolve };
        waiting.push(entry);
        next();
        if (!waiting.includes(entry)) return;
        entry.timer = setTimeout(() => {
          // Kept: where every instance is taken now, one may end before this event has had its turn.
          entry.mayStart = true;
          next();
        }, WAIT_BEFORE_NEXT_INSTANCE_MS);
      });
    },
    async kill(instanceId, atEnd) {
      await [...instances].find(({ id }) => id === instanceId)?.kill(atEnd);
    },
    busy: () => running + waiting.length,
    invocations: () => invocations,
    async stop() {
      stopped = true;
      for (const { resolve, timer } of waiting.splice(0)) {
        clearTimeout(timer);
        resolve({ kind: "failed", errorType: "Runtime.ExitError", errorMessage: "The host is stopping." });
      }
      await Promise.all([...instances].map((instance) => instance.end()));
    },
  };
}
