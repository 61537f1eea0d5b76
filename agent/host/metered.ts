// Whether this machine's way to the network is paid by the byte, as NetworkManager knows or guesses it. A machine without
// NetworkManager is taken for one that is not: servers and wired desktops.
import { ask } from "../pacman/process.ts";

const QUESTION = [
  "busctl",
  "--timeout=2",
  "get-property",
  "org.freedesktop.NetworkManager",
  "/org/freedesktop/NetworkManager",
  "org.freedesktop.NetworkManager",
  "Metered",
];

/** NetworkManager's words: 1 yes, 3 probably (a telephone's hotspot). 0, 2 and 4 are unknown, no and probably not. */
const METERED = /^u [13]\s*$/;

/** A walk out of the house takes longer. */
const REMEMBERED_MS = 10_000;

/** Never rejects. Asks at most every ten seconds; `question` is for machines that ask otherwise. */
export function makeMeteredWatch(now: () => number, question: readonly string[] = QUESTION): () => Promise<boolean> {
  let asked: { readonly atMs: number; readonly answer: Promise<boolean> } | undefined;
  return () => {
    if (asked === undefined || Math.abs(now() - asked.atMs) > REMEMBERED_MS) {
      const answer = ask(question, { timeoutMs: 5_000 }).then(
        ({ code, output }) => code === 0 && METERED.test(output),
        () => false,
      );
      asked = { atMs: now(), answer };
    }
    return asked.answer;
  };
}
