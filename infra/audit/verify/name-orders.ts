/** Names of a map in the order of RFC 8785, and how each begins its member: the name in quotes and a colon. */
export interface NameOrder {
  readonly names: readonly string[];
  readonly labels: readonly string[];
}

/** What an entry may hold is JSON: anything else has no canonical form. */
export class NotCanonicalError extends Error {
  override readonly name = "NotCanonicalError";
}

/** One step of a way through names in the order in which they came. */
interface Step {
  /** The name that followed here first, which mostly follows again. */
  name: string;
  next: Step | undefined;
  others: Map<string, Step> | undefined;
  order: NameOrder | undefined;
}

const STEPS_MAX = 20_000;

/** Sorts the names of maps, each order of names once: the entries of an export have few. */
export class NameOrders {
  readonly #start: Step = newStep();
  #steps = 0;

  /** The order of the names that `map` has. */
  of(map: Readonly<Record<string, unknown>>): NameOrder {
    let step = this.#start;
    for (const name in map) {
      if (step.name === name && step.next !== undefined) {
        step = step.next;
        continue;
      }
      const other = step.others?.get(name) ?? this.#extend(step, name);
      if (other === undefined) return sorted(map);
      step = other;
    }
    step.order ??= sorted(map);
    return step.order;
  }

  #extend(step: Step, name: string): Step | undefined {
    if (this.#steps >= STEPS_MAX) return undefined;
    this.#steps += 1;
    const next = newStep();
    if (step.next === undefined) {
      step.name = name;
      step.next = next;
    } else {
      step.others ??= new Map();
      step.others.set(name, next);
    }
    return next;
  }
}

function newStep(): Step {
  return { name: "", next: undefined, others: undefined, order: undefined };
}

/** Object.keys keeps what a line of an export gave; the default order of `sort` is by UTF-16 units, as RFC 8785 asks. */
function sorted(map: object): NameOrder {
  const names = Object.keys(map).sort();
  if (!names.every((name) => name.isWellFormed())) throw new NotCanonicalError();
  return { names, labels: names.map((name) => `${JSON.stringify(name)}:`) };
}
