// `pacpool notify`: follows what the bar follows and tells the desktop what is news. One process of a session does it,
// however many bars and monitors there are; without a session bus there is nobody to tell.
import { type FollowOptions, followSummary } from "../follow-summary.ts";
import { openPulse } from "../pulse.ts";
import { loadBasis, saveBasis } from "./basis-file.ts";
import { type NoticeKind, newsOf } from "./notices.ts";
import { type Action, openNotifier } from "./notifier.ts";
import { openSessionBus } from "./session-bus.ts";

export interface NotifyOptions extends Omit<FollowOptions, "pulse"> {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What the person wants to hear of. */
  readonly kinds: ReadonlySet<NoticeKind>;
  /** Remembers what was told. */
  readonly basisFile: string;
  readonly pressed: (action: Action) => void;
}

/** `no-bus`: there is no desktop session, or it has ended. `other`: another process of this session does it already. */
export type NotifyEnd = "stopped" | "no-bus" | "other";

/** Owned on the bus for as long as we tell. */
const NAME = "org.pacpool.Notify";

export async function runNotify(options: NotifyOptions): Promise<NotifyEnd> {
  using bus = await openSessionBus(options.environment);
  if (bus === undefined) return "no-bus";
  if (!(await bus.own(NAME))) return "other";
  using pulse = openPulse();
  using notifier = await openNotifier({ bus, pressed: options.pressed, now: Date.now });
  const signal = AbortSignal.any([options.signal, bus.closed]);
  let basis = loadBasis(options.basisFile);
  for await (const summary of followSummary({ ...options, pulse, signal })) {
    const news = newsOf(basis, summary);
    notifier.tell(news.notices.filter(({ kind }) => options.kinds.has(kind)));
    if (news.basis !== undefined && JSON.stringify(news.basis) !== JSON.stringify(basis)) {
      basis = news.basis;
      saveBasis(options.basisFile, basis);
    }
  }
  return options.signal.aborted ? "stopped" : "no-bus";
}
