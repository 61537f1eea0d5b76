// The end of every exhaustive switch.

/** Does not compile when a union member is not handled; throws when unparsed data got this far. */
export function unreachable(value: never): never {
  throw new Error(`a case that the types exclude: ${JSON.stringify(value)}`);
}
