import { Worker } from "node:worker_threads";
import type { MetText } from "./texts.ts";
import { VerifyError } from "./verify-error.ts";
import type { Answers, Task, WorkerMessage, WorkerSettings } from "./worker-tasks.ts";

/** Small heaps: what a worker holds is a block of lines, a bucket of hashes. */
const OLD_SPACE_MB = 48;
const YOUNG_SPACE_MB = 8;

interface Waiting {
  readonly resolve: (answer: Answers[Task["kind"]]) => void;
  readonly reject: (error: Error) => void;
}

interface Member {
  readonly worker: Worker;
  waiting: Waiting | undefined;
}

/** Worker threads that take tasks, each one at a time. */
export class Crew {
  readonly #members: readonly Member[];
  #failure: Error | undefined;

  constructor(settings: readonly WorkerSettings[], onTexts: (texts: ReadonlyMap<string, MetText>) => void) {
    this.#members = settings.map((each) => {
      const worker = new Worker(new URL("./worker.ts", import.meta.url), {
        workerData: each,
        resourceLimits: { maxOldGenerationSizeMb: OLD_SPACE_MB, maxYoungGenerationSizeMb: YOUNG_SPACE_MB },
      });
      const member: Member = { worker, waiting: undefined };
      worker.on("message", (message: WorkerMessage) => {
        if (message.kind === "texts") onTexts(message.texts);
        else if (message.kind === "failure") this.#fail(failureOf(message.code));
        else {
          const { waiting } = member;
          member.waiting = undefined;
          waiting?.resolve(message.answer);
        }
      });
      worker.on("error", (error) => this.#fail(failureOf("code" in error ? String(error.code) : "")));
      return member;
    });
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const member of this.#members) {
      member.waiting?.reject(this.#failure);
      member.waiting = undefined;
    }
  }

  #ask<Kind extends Task["kind"]>(
    member: Member,
    task: Extract<Task, { readonly kind: Kind }>,
  ): Promise<Answers[Kind]> {
    return new Promise<Answers[Task["kind"]]>((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      member.waiting = { resolve, reject };
      member.worker.postMessage(task);
    }) as Promise<Answers[Kind]>;
  }

  /** Gives the tasks out as workers become free, in their order; `take` gets each answer. */
  async perform<Given extends Task>(
    tasks: readonly Given[],
    take: (answer: Answers[Given["kind"]], task: Given) => void,
  ): Promise<void> {
    const queue = tasks[Symbol.iterator]();
    await Promise.all(
      this.#members.map(async (member) => {
        for (let next = queue.next(); next.done !== true; next = queue.next()) {
          const task: Task = next.value;
          take((await this.#ask(member, task)) as Answers[Given["kind"]], next.value);
        }
      }),
    );
  }

  /** Asks every worker for what it has collected. */
  async collect(): Promise<readonly Answers["collect"][]> {
    return Promise.all(this.#members.map((member) => this.#ask(member, { kind: "collect" })));
  }

  async stop(): Promise<void> {
    this.#fail(new VerifyError("The verification was stopped."));
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()));
  }
}

function failureOf(code: string): VerifyError {
  if (code === "ENOSPC")
    return new VerifyError("The temporary directory is full: name one with more room in TMPDIR.");
  if (code === "EACCES" || code === "EPERM")
    return new VerifyError("A file cannot be read: check that this user may read all of the directory.");
  if (code === "ERR_WORKER_OUT_OF_MEMORY")
    return new VerifyError(
      "The export needs more memory than a worker has: it holds more of one kind than the service writes.",
    );
  return new VerifyError(
    `A file could not be read to its end (${/^[A-Z_]{1,40}$/.test(code) ? code : "unknown reason"}): copy it anew.`,
  );
}
