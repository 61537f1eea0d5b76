// Text to bytes and back. Both classes are in every JavaScript runtime but in no ECMAScript library file, so they are
// declared here, and domain still depends on nothing.

declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: "utf-8",
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const encoder = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const tolerant = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Throws TypeError on bytes that are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  return strict.decode(bytes);
}

/** Replaces what is not UTF-8: for descriptions and the like that we never compare. */
export function decodeUtf8Tolerantly(bytes: Uint8Array): string {
  return tolerant.decode(bytes);
}
