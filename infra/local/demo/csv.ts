/**
 * Reads comma-separated text with a heading line (RFC 4180: quoted fields, doubled quotes, line breaks inside quotes).
 * Each row is an object by heading. Throws on a row with another number of fields, naming its line only.
 */
export function parseCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const [headings = [], ...rows] = records(text);
  return rows.map((row, index) => {
    if (row.length !== headings.length)
      throw new Error(`Row ${String(index + 2)} does not have ${String(headings.length)} fields.`);
    return Object.fromEntries(headings.map((heading, column) => [heading, row[column] ?? ""]));
  });
}

function records(text: string): readonly (readonly string[])[] {
  const found: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quoted) {
      if (character !== '"') field += character;
      else if (text.charAt(index + 1) === '"') {
        field += '"';
        index += 1;
      } else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ",") {
      row.push(field);
      field = "";
    } else if (character === "\n") {
      row.push(field.replace(/\r$/u, ""));
      if (row.length > 1 || row[0] !== "") found.push(row);
      row = [];
      field = "";
    } else field += character;
  }
  if (quoted) throw new Error("A quoted field is not closed.");
  if (field !== "" || row.length > 0) found.push([...row, field]);
  return found;
}
