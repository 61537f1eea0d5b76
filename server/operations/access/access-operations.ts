// Keys, tokens and identities for the edge, bound to a store.
import { Refusal } from "../../../domain/refusal.ts";
import type { Store } from "../../store/store.ts";
import type { Caller, KeyRecord, Mutation } from "../records.ts";
import {
  type CreateKeyInput,
  createKey,
  ensureAdministratorKey,
  listKeys,
  type NewKey,
  revokeKey,
} from "./access-keys.ts";
import { type CreateTokenInput, createToken, type NewToken } from "./create-token.ts";
import { type EnrolInput, type Enrolled, enrolEndpoint } from "./enrol-endpoint.ts";
import { makeIdentifier } from "./identify.ts";
import type { KeyForm, ParsedKey } from "./secrets.ts";

export interface AccessOperations {
  readonly createToken: (input: CreateTokenInput) => Promise<NewToken>;
  readonly createKey: (input: CreateKeyInput) => Promise<NewKey>;
  readonly listKeys: () => Promise<readonly KeyRecord[]>;
  readonly revokeKey: (input: Mutation & { readonly id: string }) => Promise<void>;
  readonly enrol: (input: EnrolInput) => Promise<Enrolled>;
  /** The new key's text, or undefined when there is an administrator. */
  readonly ensureAdministratorKey: () => Promise<string | undefined>;
  /** Throws WRONG_KEY. */
  readonly identify: (key: ParsedKey) => Promise<Caller>;
  /** The same for a key's text. Throws WRONG_KEY. */
  readonly authenticate: (text: string) => Promise<Caller>;
  /** A removed endpoint's key stops working at once. */
  readonly forgetKey: (id: string) => void;
}

/** `now` is this process's clock in milliseconds. */
export function makeAccessOperations(store: Store, keys: KeyForm, now: () => number = Date.now): AccessOperations {
  const identifier = makeIdentifier(store, keys, now);
  return {
    createToken: (input) => createToken(store, keys, input),
    async createKey(input) {
      const made = await createKey(store, keys, input);
      identifier.forget(made.key.id);
      return made;
    },
    listKeys: () => listKeys(store),
    async revokeKey(input) {
      await revokeKey(store, input);
      identifier.forget(input.id);
    },
    async enrol(input) {
      const enrolled = await enrolEndpoint(store, keys, input);
      identifier.forget(enrolled.endpointId);
      return enrolled;
    },
    ensureAdministratorKey: () => ensureAdministratorKey(store, keys),
    identify: (key) => identifier.identify(key),
    authenticate(text) {
      const key = keys.parseKey(text);
      return key === undefined ? Promise.reject(new Refusal("WRONG_KEY")) : identifier.identify(key);
    },
    forgetKey: (id) => {
      identifier.forget(id);
    },
  };
}
