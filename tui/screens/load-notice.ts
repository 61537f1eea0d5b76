// Which notice a part of a screen shows for what it fetches: loading, failed, not allowed, or that what is shown is from
// before a failure. Undefined when the rows speak for themselves.
import type { Advice, Notice } from "../components/notice.tsx";
import type { Link, Load } from "../store/state.ts";

export interface LoadWords {
  /** What is being read, for example "the history of studio". */
  readonly what: string;
  /** What is said when it is there and has no rows, for example "no target yet". */
  readonly empty: string;
  readonly emptyAdvice?: readonly Advice[] | undefined;
  /** What a person may do when reading fails; asking again is said when nothing is given. */
  readonly errorAdvice?: readonly Advice[] | undefined;
}

/** Asking an administrator is all that a person without the right can do. */
const FORBIDDEN_ADVICE: readonly Advice[] = [
  {
    kind: "text",
    text: "An administrator makes keys with more rights: pacpool key create --name NAME --role operator",
  },
];

const ERROR_ADVICE: readonly Advice[] = [{ kind: "text", text: "It is asked again when this screen is opened anew." }];

/** `rows` is how many there are to show, from now or from before. */
export function loadNotice(load: Load | undefined, link: Link, rows: number, words: LoadWords): Notice | undefined {
  const isOffline = link.kind !== "live";
  if (load?.problem !== undefined) {
    const text = `reading ${words.what}: ${load.problem}`;
    if (load.isForbidden === true) return { kind: "forbidden", text, advice: FORBIDDEN_ADVICE };
    // Rows from before stay; that they are from before is said with them.
    if (rows > 0) return { kind: "stale", text };
    return { kind: "error", text, advice: words.errorAdvice ?? ERROR_ADVICE };
  }
  if (rows > 0) return undefined;
  if (load?.value !== undefined && !load.isLoading) {
    return { kind: "empty", text: words.empty, advice: words.emptyAdvice };
  }
  if (isOffline) return { kind: "stale", text: `${words.what} cannot be read before the server is back` };
  return { kind: "loading", text: `reading ${words.what}` };
}
