// Which hosts have failed so often in this run that asking them again would only cost time. Must not know what is asked.

/** Failures in a row. A mirror that is down fails for every file; one that lacks a file answers, and that is no failure. */
const FAILURES = 3;

export interface Hosts {
  /** Why a host is not asked any more; undefined while it is. */
  readonly problem: (host: string) => string | undefined;
  readonly failed: (host: string, why: string) => void;
  readonly worked: (host: string) => void;
}

/** Remembers for one run. */
export function rememberHosts(): Hosts {
  const failures = new Map<string, { readonly count: number; readonly why: string }>();
  return {
    problem: (host) => {
      const known = failures.get(host);
      if (known === undefined || known.count < FAILURES) return undefined;
      return `skipped, ${host} failed ${known.count} times in a row (${known.why})`;
    },
    failed: (host, why) => {
      failures.set(host, { count: (failures.get(host)?.count ?? 0) + 1, why });
    },
    worked: (host) => {
      failures.delete(host);
    },
  };
}
