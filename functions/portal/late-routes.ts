import type { Operation, Routes } from "./answers.ts";

/** Routes that `load` brings, with the first request of any of them: what few need, no start waits for. */
export function lateRoutes(names: readonly string[], load: () => Promise<Routes>): Routes {
  let loading: Promise<Routes> | undefined;
  const loaded = () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  const late =
    (name: string): Operation =>
    async (event, frame) => {
      const operation = (await loaded())[name];
      if (operation === undefined) throw new Error("a group of routes lacks one that was promised");
      return operation(event, frame);
    };
  return Object.fromEntries(names.map((name) => [name, late(name)]));
}
