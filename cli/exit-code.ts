// What the exit code of every verb means. Scripts rely on these numbers.

export const EXIT = {
  done: 0,
  failed: 1,
  /** Wrong usage or configuration. */
  usage: 2,
  /** No server, no agent, or no answer in time. */
  network: 3,
  /** A conflict, or a refusal with a reason. */
  refused: 4,
  /** No key, a wrong key, or one that may not. */
  permission: 5,
  /** Ended by Ctrl-C, as shells expect it. */
  stopped: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
