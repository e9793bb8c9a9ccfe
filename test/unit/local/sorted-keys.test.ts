import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSortedKeys } from "#infra/local/aws/dynamodb/sorted-keys.ts";

const key = fc.string({ maxLength: 3 });
const range = fc.record(
  { gt: key, gte: key, lt: key, lte: key, reverse: fc.boolean(), limit: fc.integer({ min: -1, max: 5 }) },
  { requiredKeys: [] },
);
type Range = Parameters<ReturnType<typeof createSortedKeys>["inRange"]>[0];

const naively = (keys: ReadonlySet<string>, { gt, gte, lt, lte, reverse, limit }: Range) => {
  const found = [...keys]
    .sort()
    .filter(
      (each) =>
        (gt === undefined || each > gt) &&
        (gte === undefined || each >= gte) &&
        (lt === undefined || each < lt) &&
        (lte === undefined || each <= lte),
    );
  const ordered = reverse === true ? found.reverse() : found;
  return limit === undefined || limit < 0 ? ordered : ordered.slice(0, limit);
};

describe("sorted keys", () => {
  it("give what sorting and filtering all keys would, however they come and go", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.record({ added: fc.array(key, { maxLength: 60 }) }),
            fc.record({ deleted: key }),
            fc.record({ asked: range }),
          ),
        ),
        (steps) => {
          const known = new Set<string>();
          const sorted = createSortedKeys();
          for (const step of steps) {
            if ("added" in step) {
              for (const each of step.added) {
                if (!known.has(each)) sorted.add(each);
                known.add(each);
              }
            } else if ("deleted" in step) {
              if (known.delete(step.deleted)) sorted.delete(step.deleted);
            } else {
              expect(sorted.inRange(step.asked as Range)).toEqual(naively(known, step.asked as Range));
            }
          }
          expect(sorted.all()).toEqual([...known].sort());
        },
      ),
    );
  });
});
