/**
 * `node infra/replies/evaluate.ts`: how well replies are read that no model has seen. Each file of corpus/replies is
 * read by a model trained on the others (one-sided files go together). With paths of .jsonl files
 * as arguments: how the shipped model reads those. Caught: revoking texts that are read so. Alarms: harmless texts that
 * are read as revoking. `--errors` lists every error.
 */
import { pathToFileURL } from "node:url";
import { replyReader } from "#shared/domain/replies/read-reply.ts";
import { type ReplyModel, readReplyModel } from "#shared/domain/replies/reply-model.ts";
import { allReplies, type Example, patientMessages, readReplies } from "./examples.ts";
import { trainReplyModel } from "./training.ts";

/** Files that stand by themselves on one side of the question, or share an author, are left out together. */
const TOGETHER: readonly (readonly string[])[] = [
  [
    "cancelled-visits.jsonl",
    "distress.jsonl",
    "harmless-english.jsonl",
    "harmless-spanish.jsonl",
    "revoking-english.jsonl",
    "revoking-spanish.jsonl",
    "wrong-number.jsonl",
  ],
  ["distress-and-near-misses.jsonl", "short-pairs.jsonl", "short-pairs-2.jsonl", "everyday-replies.jsonl"],
];

/** Shifts of the threshold for which figures are printed. */
const SHIFTS = [-1, -0.5, 0, 0.5, 1];

type Read = { readonly example: Example; readonly revokes: readonly boolean[]; readonly distress: boolean };

function read(model: ReplyModel, examples: readonly Example[]): Read[] {
  const readers = SHIFTS.map((shift) => {
    const { revokes } = model;
    return replyReader({ ...model, revokes: { ...revokes, threshold: revokes.threshold + shift } });
  });
  return examples.map((example) => {
    const readings = readers.map((reader) => reader(example.text));
    return {
      example,
      revokes: readings.map(({ revokes }) => revokes !== null),
      distress: readings.some(({ distress }) => distress !== null),
    };
  });
}

const share = (part: number, whole: number): string =>
  whole === 0 ? "-" : `${((part / whole) * 100).toFixed(1)} % (${part}/${whole})`;

function row(name: string, reads: readonly Read[]): string {
  const revoking = reads.filter(({ example }) => example.revokes);
  const harmless = reads.filter(({ example }) => !example.revokes);
  const distressed = reads.filter(({ example }) => example.distress !== null);
  const calm = reads.filter(({ example }) => example.distress === null);
  const at = SHIFTS.indexOf(0);
  const cells = [
    share(revoking.filter(({ revokes }) => revokes[at]).length, revoking.length),
    share(harmless.filter(({ revokes }) => revokes[at]).length, harmless.length),
    share(distressed.filter(({ distress }) => distress).length, distressed.length),
    share(calm.filter(({ distress }) => distress).length, calm.length),
  ];
  return `| ${[name, ...cells].join(" | ")} |`;
}

function curve(reads: readonly Read[]): string {
  const revoking = reads.filter(({ example }) => example.revokes);
  const harmless = reads.filter(({ example }) => !example.revokes);
  return SHIFTS.map((shift, i) => {
    const caught = share(revoking.filter(({ revokes }) => revokes[i]).length, revoking.length);
    const alarms = share(harmless.filter(({ revokes }) => revokes[i]).length, harmless.length);
    return `| ${shift > 0 ? "+" : ""}${shift} | ${caught} | ${alarms} |`;
  }).join("\n");
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const paths = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const all = allReplies();
const reads: Read[] = [];
say("| texts | caught | alarms | distress caught | distress alarms |\n|---|---|---|---|---|");
if (paths.length > 0) {
  for (const path of paths) {
    const found = read(readReplyModel(), readReplies(pathToFileURL(path).href));
    say(row(path, found));
    reads.push(...found);
  }
} else {
  const messages = patientMessages();
  const alone = [...new Set(all.map(({ file }) => file))].filter((file) => !TOGETHER.flat().includes(file));
  for (const fold of [...alone.map((file) => [file]), ...TOGETHER]) {
    const model = trainReplyModel(
      all.filter(({ file }) => !fold.includes(file)),
      messages,
    );
    const found = read(
      model,
      all.filter(({ file }) => fold.includes(file)),
    );
    say(row(fold.map((file) => file.replace(".jsonl", "")).join(", "), found));
    reads.push(...found);
  }
}
for (const language of ["en", "es", "mixed"]) {
  say(
    row(
      `language ${language}`,
      reads.filter(({ example }) => example.language === language),
    ),
  );
}
say(row("all", reads));
say("\n| shift of the threshold | caught | alarms |\n|---|---|---|");
say(curve(reads));
if (process.argv.includes("--errors")) {
  const at = SHIFTS.indexOf(0);
  for (const { example, revokes, distress } of reads) {
    if (revokes[at] !== example.revokes) say(`${example.revokes ? "missed" : "alarm"}: ${example.text}`);
    if (distress !== (example.distress !== null)) {
      say(`${distress ? "distress alarm" : "distress missed"}: ${example.text}`);
    }
  }
}
