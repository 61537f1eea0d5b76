// Writing to a grpc-js stream with back-pressure. After a cancel 'drain' never comes, so every wait also ends on 'close'.
import type { EventEmitter } from "node:events";

/** The part of a grpc-js stream that a writer needs. */
export interface WritableStream<Message> extends EventEmitter {
  write(message: Message): boolean;
}

/** Resolves once the stream can take more. Rejects with the reason of `closed` when the stream is over. */
export async function writeMessage<Message>(
  stream: WritableStream<Message>,
  message: Message,
  closed: AbortSignal,
): Promise<void> {
  closed.throwIfAborted();
  if (stream.write(message)) {
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const finish = (): void => {
      stream.off("drain", finish);
      closed.removeEventListener("abort", fail);
      resolve();
    };
    const fail = (): void => {
      stream.off("drain", finish);
      reject(closed.reason instanceof Error ? closed.reason : new Error("the stream is closed"));
    };
    stream.once("drain", finish);
    closed.addEventListener("abort", fail, { once: true });
  });
}
