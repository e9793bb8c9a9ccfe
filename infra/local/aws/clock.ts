/**
 * The one clock of the local stack: an offset in milliseconds in shared memory, added to the machine's time by every
 * thread that has installed it. Only `Date` follows it; timers and `performance` stay real.
 */
export type Clock = {
  /** The shared offset: hand it to a worker, which calls `installClock` with it before anything else. */
  readonly buffer: SharedArrayBuffer;
  /** The local time in milliseconds since 1970. */
  now(): number;
  /** Moves the clock to a time not before the present; throws RangeError for an earlier one. */
  advanceTo(milliseconds: number): void;
  /** Moves the clock to a time that lies ahead; leaves it alone where that time has passed. */
  catchUpTo(milliseconds: number): void;
};

/** Fresh shared memory for a clock that stands at the machine's time. */
export function createClockBuffer(): SharedArrayBuffer {
  return new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
}

// Kept on the global object: a second copy of this module must not wrap the wrapper, or the offset would count twice.
const REAL_DATE = Symbol.for("foundphone.local.real-date");
const SHARED_OFFSET = Symbol.for("foundphone.local.clock-offset");
type ClockGlobals = { [REAL_DATE]?: DateConstructor; [SHARED_OFFSET]?: Float64Array };

/**
 * Makes `Date` of this thread follow the shared offset. Call it before importing anything that keeps a reference to
 * `Date`. Calling it again only changes which buffer counts.
 */
export function installClock(buffer: SharedArrayBuffer): Clock {
  const globals = globalThis as ClockGlobals;
  const RealDate = globals[REAL_DATE] ?? Date;
  const installed = globals[REAL_DATE] !== undefined;
  const offset = new Float64Array(buffer);
  globals[REAL_DATE] = RealDate;
  globals[SHARED_OFFSET] = offset;
  const now = (): number => Math.floor(RealDate.now() + (globals[SHARED_OFFSET]?.[0] ?? 0));

  if (!installed) {
    // A Proxy, not a subclass: `Date()` without new, instanceof and structuredClone must keep working.
    const LocalDate: DateConstructor = new Proxy(RealDate, {
      construct: (target, parameters, newTarget) =>
        Reflect.construct(
          target,
          parameters.length === 0 ? [now()] : parameters,
          newTarget === LocalDate ? target : newTarget,
        ),
      apply: () => new RealDate(now()).toString(),
      get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
    });
    RealDate.prototype.constructor = LocalDate;
    globalThis.Date = LocalDate;
  }

  return {
    buffer,
    now,
    advanceTo(milliseconds) {
      if (!Number.isFinite(milliseconds) || milliseconds < now())
        throw new RangeError("The clock only moves forward.");
      offset[0] = milliseconds - RealDate.now();
    },
    catchUpTo(milliseconds) {
      if (milliseconds > now()) offset[0] = milliseconds - RealDate.now();
    },
  };
}
