// The text form of secrets. Only their SHA-256 is ever stored.
import { createHash, randomBytes } from "node:crypto";

/** ppk: operator or administrator, ppe: endpoint, ppt: enrolment token. */
export type KeyKind = "ppk" | "ppe" | "ppt";

/** A parsed key: the id finds the row, the secret proves it. */
export interface Key {
  readonly kind: KeyKind;
  readonly id: string;
  readonly secret: string;
}

const PATTERN = /^(ppk|ppe|ppt)_([0-9a-z-]{1,64})_([0-9A-Za-z-]{32,64})$/;

/** 160 bits, far beyond guessing, in an alphabet that no shell and no URL changes. */
const SECRET_BYTES = 20;

/** A new secret of 40 hexadecimal digits. */
export function makeSecret(): string {
  return randomBytes(SECRET_BYTES).toString("hex");
}

export function formatKey(key: Key): string {
  return `${key.kind}_${key.id}_${key.secret}`;
}

/** The parts of a key, or undefined when the text is none. Surrounding white space is ignored. */
export function parseKey(text: string): Key | undefined {
  const match = PATTERN.exec(text.trim());
  const [, kind, id, secret] = match ?? [];
  if ((kind !== "ppk" && kind !== "ppe" && kind !== "ppt") || id === undefined || secret === undefined) {
    return undefined;
  }
  return { kind, id, secret };
}

/** Lower-case hex SHA-256, the stored form of a secret. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
