/** One log line as it would stand in CloudWatch. */
export type LogLine = {
  readonly time: string;
  readonly logGroup: string;
  readonly function: string;
  readonly message: string;
};

/** Keeps every log line of every function, oldest first. */
export type LogBook = {
  write(line: Omit<LogLine, "time">): void;
  /** The lines at or after a time, in milliseconds since the epoch. */
  since(ms: number): readonly LogLine[];
};

/** Creates an empty log book; lines get the time of the local clock. */
export function createLogBook(): LogBook {
  const lines: LogLine[] = [];
  return {
    write(line) {
      lines.push({ time: new Date().toISOString(), ...line });
    },
    since(ms) {
      return lines.filter(({ time }) => Date.parse(time) >= ms);
    },
  };
}
