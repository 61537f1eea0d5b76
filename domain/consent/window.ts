// Times of the week in which a machine's owner or its pool lets things happen. Wall-clock time, so that a window means the same
// on both sides of a clock change. docs/spec/consent.md.

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;

export interface TimeWindow {
  /** As it was written. */
  readonly text: string;
  /** Minutes since Sunday 00:00 at which it opens; ascending. */
  readonly opens: readonly number[];
  readonly minutes: number;
}

/** Local time of day and week. */
export interface WallClock {
  /** 0 is Sunday. */
  readonly day: number;
  /** Since midnight. */
  readonly minute: number;
}

/** What parseWindow takes, for error messages. */
export const WINDOW_FORM =
  'for example "Sat 02:00-04:00", "Mon-Fri 22:00-04:00", "Sat,Sun 03:00-05:00" or "daily 03:00-05:00"';

const WINDOW = /^(daily|[a-z,-]+) +(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/i;

/** Undefined for a text of another form. An end before its beginning is on the next day. */
export function parseWindow(text: string): TimeWindow | undefined {
  const match = WINDOW.exec(text.trim());
  if (match === null) return undefined;
  const [, dayText = "", ...numbers] = match;
  const days = parseDays(dayText.toLowerCase());
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = numbers.map(Number);
  if (days === undefined || fromHour > 23 || fromMinute > 59 || toHour > 24 || toMinute > 59) return undefined;
  const from = fromHour * 60 + fromMinute;
  const to = toHour * 60 + toMinute;
  if (to > DAY_MINUTES || from === to) return undefined;
  const opens = days.map((day) => day * DAY_MINUTES + from).toSorted((a, b) => a - b);
  return { text: text.trim(), opens, minutes: to > from ? to - from : to + DAY_MINUTES - from };
}

function parseDays(text: string): readonly number[] | undefined {
  if (text === "daily") return DAYS.map((_, day) => day);
  const days = new Set<number>();
  for (const part of text.split(",")) {
    const [first = "", last = first, ...more] = part.split("-");
    const [from, to] = [dayOf(first), dayOf(last)];
    if (from === undefined || to === undefined || more.length > 0) return undefined;
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === to) break;
    }
  }
  return [...days];
}

function dayOf(text: string): number | undefined {
  const at = DAYS.findIndex((day) => day === text);
  return at === -1 ? undefined : at;
}

export function isOpen(window: TimeWindow, clock: WallClock): boolean {
  return minutesSinceOpened(window, clock) < window.minutes;
}

/** 0 while it is open. */
export function minutesUntilOpen(window: TimeWindow, clock: WallClock): number {
  if (isOpen(window, clock)) return 0;
  const now = clock.day * DAY_MINUTES + clock.minute;
  return Math.min(...window.opens.map((at) => (at - now + WEEK_MINUTES) % WEEK_MINUTES));
}

/** How long ago it closed; 0 while it is open. At most a week. */
export function minutesSinceClosed(window: TimeWindow, clock: WallClock): number {
  return Math.max(0, minutesSinceOpened(window, clock) - window.minutes);
}

function minutesSinceOpened({ opens }: TimeWindow, { day, minute }: WallClock): number {
  const now = day * DAY_MINUTES + minute;
  return Math.min(...opens.map((at) => (now - at + WEEK_MINUTES) % WEEK_MINUTES));
}
