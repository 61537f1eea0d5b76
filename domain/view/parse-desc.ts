// Pacman's desc format: `%FIELD%` on a line, its values on the next ones, an empty line. Used for the local database,
// sync databases and plan databases; unknown fields (CachyOS adds some) are kept and do no harm.

/** Values by field name without the percent signs. A field without values has an empty list. */
export type Desc = ReadonlyMap<string, readonly string[]>;

/** A desc that cannot be read: what stood there and what should have. */
export class DescError extends Error {
  override readonly name = "DescError";
  /** From 1; 0 when the error concerns the whole. */
  readonly line: number;
  readonly value: string;
  readonly reason: string;

  constructor(line: number, value: string, reason: string) {
    super(`${line === 0 ? "desc" : `desc line ${line}`}: ${reason}, not "${value.slice(0, 80)}"`);
    this.line = line;
    this.value = value;
    this.reason = reason;
  }
}

const HEADER = /^%([^%\s]+)%$/;

/** Throws DescError when something else stands where a field name must be, or a field comes twice. */
export function parseDesc(text: string): Desc {
  const fields = new Map<string, string[]>();
  let values: string[] | undefined;
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const content = text.slice(start, end);
    start = end + 1;
    line += 1;
    if (content === "") values = undefined;
    else if (values !== undefined) values.push(content);
    else {
      const name = HEADER.exec(content)?.[1];
      if (name === undefined) throw new DescError(line, content, "expected a field name such as %NAME%");
      if (fields.has(name)) throw new DescError(line, content, "expected each field once");
      values = [];
      fields.set(name, values);
    }
  }
  return fields;
}

/** The first value of a field. Throws DescError when there is none. */
export function requireField(desc: Desc, field: string): string {
  const value = desc.get(field)?.[0];
  if (value === undefined) throw new DescError(0, "", `expected a value of %${field}%`);
  return value;
}

/** The first value as a whole number; absent means 0. Throws DescError on anything else. */
export function readNumberField(desc: Desc, field: string): number {
  const value = desc.get(field)?.[0];
  if (value === undefined) return 0;
  if (!/^[0-9]{1,15}$/.test(value)) throw new DescError(0, value, `expected a whole number as %${field}%`);
  return Number(value);
}
