/** Words that matter so much that a slip of the finger must not hide them, and real words one slip away. */
const ANCHORS: readonly string[] = [
  "stop stops step shop top atop stoop slop strop swop sop stow stomp stoup estop stope scop snop slot",
  "unsubscribe subscribe unsubscribed",
  "texting testing texing resting vexing nesting",
  "texts tests tents text texas texans",
  "messages massages message messaged passages",
  "message massage messages messaged",
  "sending lending bending vending spending tending mending ending sanding seeding",
  "contacting contracting",
  "contact contract contacts intact contacte contacta contacto",
  "receive received receives deceive receiver",
  "receiving deceiving",
  "remove remote removed removes remover",
  "cancel cancer cancels chancel cancela cancele cancelo canceled canceles",
  "revoke revoked revokes evoke revoque",
  "delete deleted deletes",
  "number numbed numbers lumber numero",
  "wrong wrongs wronged wring prong",
  "alone along atone clone aloe",
  "anymore",
  "bothering",
  "harassing harassingly",
  "consent content consents convent",
  "permission permissions",
  "appointment appointments",
  "subscription subscriptions",
  "mensajes mensaje",
  "molesten molestan molestes molestes",
  "equivocado equivocada equivocados equivoco",
  "suscripcion",
  "suscribir suscribi suscribio suscriba suscribo",
  "cancelar cancela cancelara cancelan",
];

const anchors = new Set<string>();
const realWords = new Set<string>();
/** What is left of an anchor when one letter goes, and the anchor itself: a slip leaves one of these in common. */
const byRemains = new Map<string, string[]>();

function remains(word: string): string[] {
  const out = [word];
  for (let i = 0; i < word.length; i++) out.push(word.slice(0, i) + word.slice(i + 1));
  return out;
}

for (const row of ANCHORS) {
  const [anchor = "", ...others] = row.split(" ");
  anchors.add(anchor);
  for (const other of others) realWords.add(other);
  for (const remain of remains(anchor)) byRemains.set(remain, [...(byRemains.get(remain) ?? []), anchor]);
}

/** Whether one letter left out, put in, changed, or two neighbours swapped, turn one word into the other. */
export function isOneSlipApart(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  let fromEnd = 0;
  const shorter = Math.min(one.length, other.length);
  while (fromEnd < shorter - start && one.at(-1 - fromEnd) === other.at(-1 - fromEnd)) fromEnd++;
  const left = one.length - start - fromEnd;
  const right = other.length - start - fromEnd;
  if (left <= 1 && right <= 1) return true;
  return left === 2 && right === 2 && one[start] === other[start + 1] && one[start + 1] === other[start];
}

const LONGEST_WORD = 14;

/** The word that was meant where `word` is one slip away from a word that matters and no word itself. */
export function meantWord(word: string): string {
  if (word.length < 3 || word.length > LONGEST_WORD || anchors.has(word) || realWords.has(word)) return word;
  for (const remain of remains(word)) {
    for (const anchor of byRemains.get(remain) ?? []) if (isOneSlipApart(word, anchor)) return anchor;
  }
  return word;
}
