/** Words that may be run together ("stoptextingme") or spelt out letter by letter ("s t o p"). */
export const STUCK_TOGETHER: ReadonlySet<string> = new Set(
  (
    "stop texting texts text txt me my please pls plz dont do not send sending message messages messaging msgs " +
    "leave alone wrong number unsubscribe optout opt out no more quit end cancel all this it now the these " +
    "remove contact again lose delete take off list " +
    "ya no mas basta dejen dejenme de mandar mandarme mensajes numero equivocado alto parar baja"
  ).split(" "),
);

const LONGEST = 24;

/** The words that `joined` is made of, with spaces, if it is two or more of them and nothing else. */
export function splitRunTogether(joined: string): string | undefined {
  if (joined.length > LONGEST || STUCK_TOGETHER.has(joined)) return undefined;
  const reached: (string | undefined)[] = [""];
  for (let end = 1; end <= joined.length; end++) {
    for (let start = 0; start < end; start++) {
      const before = reached[start];
      if (before === undefined) continue;
      const word = joined.slice(start, end);
      if (STUCK_TOGETHER.has(word)) {
        reached[end] = `${before} ${word}`;
        break;
      }
    }
  }
  return reached[joined.length]?.trim();
}
