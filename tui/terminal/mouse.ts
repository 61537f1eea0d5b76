// The mouse of the terminal: reported while the screens are drawn, the terminal's own while it is lent or left.

/** Clicks and the wheel, in the form that knows no last column. */
const ON = "\u001b[?1000h\u001b[?1006h";
const OFF = "\u001b[?1000l\u001b[?1006l";

export interface Mouse extends Disposable {
  /** Gives it back for as long as the work takes. */
  readonly lent: (work: () => Promise<void>) => Promise<void>;
}

export function openMouse(isWanted: boolean, write: (sequence: string) => void): Mouse {
  const say = (sequence: string): void => {
    if (isWanted) write(sequence);
  };
  say(ON);
  return {
    lent: async (work) => {
      say(OFF);
      try {
        await work();
      } finally {
        say(ON);
      }
    },
    [Symbol.dispose]: () => say(OFF),
  };
}
