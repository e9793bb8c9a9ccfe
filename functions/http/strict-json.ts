/**
 * Parses JSON and refuses objects with a repeated name (RFC 8259 leaves their meaning open, and two
 * readers that choose differently could disagree on what was consented to). Throws SyntaxError.
 */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  refuseRepeatedNames(text);
  return value;
}

/** Walks text that is known to be valid JSON. */
function refuseRepeatedNames(text: string): void {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "{") open.push(new Set());
    else if (character === "[") open.push(null);
    else if (character === "}" || character === "]") open.pop();
    else if (character === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (names && isName(text, end + 1)) {
        const name = String(JSON.parse(text.slice(at, end + 1)));
        if (names.has(name)) throw new SyntaxError("repeated name");
        names.add(name);
      }
      at = end;
    }
  }
}

/** True when a colon is the next thing after the string that ends before `from`. */
function isName(text: string, from: number): boolean {
  let at = from;
  while (" \t\n\r".includes(text[at] ?? "end")) at += 1;
  return text[at] === ":";
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at;
  }
}
