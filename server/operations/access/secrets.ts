// How secrets look is the wire's affair; the operations get it handed in. Only hashes are ever stored.
import { randomBytes, timingSafeEqual } from "node:crypto";

export interface ParsedKey {
  /** ppk: of a person or script, ppe: of an endpoint, ppt: an enrolment token. */
  readonly kind: "ppk" | "ppe" | "ppt";
  readonly id: string;
  readonly secret: string;
}

export interface KeyForm {
  formatKey(key: ParsedKey): string;
  /** Undefined when the text is no key. */
  parseKey(text: string): ParsedKey | undefined;
  makeSecret(): string;
  /** Lower-case hex SHA-256. */
  hashSecret(secret: string): string;
}

/** Unguessable is the secret; the id only has to be one of its own. */
const ID_BYTES = 8;

export function makeId(): string {
  return randomBytes(ID_BYTES).toString("hex");
}

/** Takes as long whatever differs. */
export function isSameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
