/** Whether JSON text that JSON.parse accepts names no member of an object twice: a reader may take the first or the last. */
export function namesOnce(json: string): boolean {
  const names: (Set<string> | undefined)[] = [];
  let expectsName = false;
  for (let at = 0; at < json.length; at += 1) {
    switch (json.charCodeAt(at)) {
      case BRACE_OPEN:
        names.push(new Set());
        expectsName = true;
        break;
      case BRACKET_OPEN:
        names.push(undefined);
        expectsName = false;
        break;
      case BRACE_CLOSE:
      case BRACKET_CLOSE:
        names.pop();
        expectsName = false;
        break;
      case COMMA:
        expectsName = names.at(-1) !== undefined;
        break;
      case QUOTE: {
        const end = endOfString(json, at);
        if (expectsName) {
          const name = JSON.parse(json.slice(at, end + 1)) as string;
          const known = names.at(-1);
          if (known?.has(name) === true) return false;
          known?.add(name);
          expectsName = false;
        }
        at = end;
        break;
      }
      default:
    }
  }
  return true;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BRACKET_OPEN = 0x5b;
const BACKSLASH = 0x5c;
const BRACKET_CLOSE = 0x5d;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
