import type { Reporter } from "vitest/node";

/**
 * Ends a test run with one plain line, "N passed, N failed", with ", N skipped" behind it if any were. A file
 * that could not be loaded, a hook that failed for its file, and an error outside of any test each count as one
 * failure.
 */
export function closingLineReporter(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
      for (const module of modules) {
        counts.failed += module.errors().length;
        for (const test of module.children.allTests()) counts[test.result().state] += 1;
        for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
      }
      const skipped = counts.skipped + counts.pending;
      const tail = skipped > 0 ? `, ${skipped} skipped` : "";
      process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${tail}\n`);
    },
  };
}
