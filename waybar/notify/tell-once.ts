// One notification from a program that does not stay: for a click that could do nothing, and has no other way to say so.
import { openDesktop } from "./desktop.ts";
import { openSessionBus } from "./session-bus.ts";

/** Does nothing where there is no desktop to tell. */
export async function tellOnce(
  title: string,
  line: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  try {
    using bus = await openSessionBus(environment);
    if (bus === undefined) return;
    const nothing = (): void => undefined;
    const desktop = await openDesktop(bus, { closed: nothing, invoked: nothing, came: nothing });
    await desktop.show({ title, lines: [line], icon: "dialog-error", urgency: "normal", actions: [] });
  } catch {
    // It is said on standard error as well.
  }
}
