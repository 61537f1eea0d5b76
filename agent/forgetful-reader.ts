// An installation reader that gives its memory back. The databases of a distribution are a hundred megabytes once read,
// and an idle agent needs none of them: it keeps what follows from them.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Installation, type InstallationReader, openInstallationReader } from "./installation.ts";

export interface ForgetfulReader {
  /** Reads the machine; what it read is remembered for a few seconds, for the questions that follow a change. */
  readonly read: () => Promise<Installation>;
  /** The newest reading, read again when it was forgotten. */
  readonly newest: () => Promise<Installation>;
  /** Lends the reader to work that takes longer; nothing is forgotten meanwhile. */
  readonly lend: <Result>(work: (reader: InstallationReader) => Promise<Result>) => Promise<Result>;
}

/** A change of packages is followed by a report, a status and often a plan within moments. */
const REMEMBER_MS = 5_000;

export function openForgetfulReader(configurationFile: string): ForgetfulReader {
  let reader: InstallationReader | undefined;
  let newest: Installation | undefined;
  let lent = 0;
  let timer: NodeJS.Timeout | undefined;

  const forget = (): void => {
    if (lent === 0) {
      reader = undefined;
      newest = undefined;
      collectGarbage();
    }
  };
  const lend = async <Result>(work: (reader: InstallationReader) => Promise<Result>): Promise<Result> => {
    lent++;
    clearTimeout(timer);
    try {
      reader ??= openInstallationReader(configurationFile);
      return await work(reader);
    } finally {
      lent--;
      timer = setTimeout(forget, REMEMBER_MS).unref();
    }
  };
  const read = (): Promise<Installation> =>
    lend(async (opened) => {
      newest = await opened.read();
      return newest;
    });
  return { lend, read, newest: () => (newest === undefined ? read() : Promise.resolve(newest)) };
}

/** V8 collects when it allocates, and an idle agent does not: without this the pages would stay for days. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") {
    collect();
  }
}
