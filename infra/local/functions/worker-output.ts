/**
 * Gives a function that resolves when the host has everything this thread has written so far. Output and answers reach
 * the host by different ways, and whoever has the answer must find the log lines that belong to it.
 */
export function createOutputFlush(): () => Promise<void> {
  const flushes = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write.bind(stream) as (...values: readonly unknown[]) => boolean;
    let hasWritten = false;
    stream.write = ((...values: readonly unknown[]) => {
      hasWritten = true;
      return write(...values);
    }) as typeof stream.write;
    return async () => {
      if (!hasWritten) return;
      hasWritten = false;
      await new Promise<void>((resolve) => {
        write("", () => {
          resolve();
        });
      });
    };
  });
  return async () => {
    await Promise.all(flushes.map((flush) => flush()));
  };
}
