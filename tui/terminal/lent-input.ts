// Standard input while it is lent to a child: Node reads ahead as long as it once began to, and whoever sits at the keyboard
// would answer the child's question to us.

/** The part of process.stdin that this needs. */
export interface LendableInput {
  readonly emit: (event: "pause") => boolean;
  readonly read: (size: number) => unknown;
}

/** Nothing is read from the input until the work is over. */
export async function lendInput(input: LendableInput, work: () => Promise<void>): Promise<void> {
  // Whoever listens for `readable`, as Ink does, counts as paused already: pause() would say nothing, and the handle that
  // Node reads from stops on this event alone.
  input.emit("pause");
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  try {
    await work();
  } finally {
    // Begins to read again, and takes nothing.
    input.read(0);
  }
}
