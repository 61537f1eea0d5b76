// The words above columns that more than one face has: a person who knows one table knows the others.

export const HEADINGS = {
  endpoint: "ENDPOINT",
  pool: "POOL",
  package: "PACKAGE",
  operation: "OPERATION",
  status: "STATUS",
  state: "STATE",
  presence: "PRESENCE",
  differs: "DIFFERS",
  online: "ONLINE",
  mode: "MODE",
  target: "TARGET",
  /** In which way a package differs. */
  how: "HOW",
  /** What a machine has. */
  here: "HERE",
  why: "WHY",
  when: "WHEN",
  from: "FROM",
  by: "BY",
  message: "MESSAGE",
} as const;
