import { describe, expect, it } from "vitest";
import { createItemHistory } from "#infra/local/aws/dynamodb/item-history.ts";

describe("the history of a table's items", () => {
  it("takes a write that was undone in the same moment for none", () => {
    const history = createItemHistory();
    history.note("a", 1, "first");
    history.note("a", 5, "undone");
    history.note("a", 5, "first");
    history.note("b", 5, "undone");
    history.note("b", 5, undefined);

    expect(history.changes(2, 10)).toEqual([]);
    expect(history.changes(0, 10)).toEqual([{ atMs: 1, before: undefined, after: "first" }]);
    expect(history.at(10)).toEqual(["first"]);
  });

  it("takes the same content written again later for a write", () => {
    const history = createItemHistory();
    history.note("a", 1, "same");
    history.note("a", 5, "same");

    expect(history.changes(2, 10)).toEqual([{ atMs: 5, before: "same", after: "same" }]);
  });

  it("includes a window's beginning and not its end", () => {
    const history = createItemHistory();
    history.note("a", 10, "first");
    history.note("a", 20, "second");

    expect(history.changes(10, 20)).toEqual([{ atMs: 10, before: undefined, after: "first" }]);
    expect(history.changes(20, 30)).toEqual([{ atMs: 20, before: "first", after: "second" }]);
    expect(history.at(20)).toEqual(["second"]);
    expect(history.at(19)).toEqual(["first"]);
    expect(history.at(9)).toEqual([]);
  });
});
