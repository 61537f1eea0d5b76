// What an operation said on its way, as JSON and as a table.
import type { OperationLogView } from "../../rpc/codec/operation.ts";
import type { Terminal } from "../terminal.ts";
import { jsonTime } from "./json.ts";
import { localTime } from "./words.ts";

type Json = Readonly<Record<string, unknown>>;

export function operationLogJson(log: readonly OperationLogView[]): readonly Json[] {
  return log.map(({ atMs, step, percent, message }) => ({
    time: jsonTime(atMs),
    step: step ?? null,
    percent,
    message,
  }));
}

export function printOperationLog(terminal: Terminal, log: readonly OperationLogView[]): void {
  if (log.length === 0) {
    terminal.note("The server has no log of it: it ran without the server, has not begun, or is older than a month.");
    return;
  }
  terminal.print("");
  terminal.printTable(
    [{ title: "TIME" }, { title: "STEP" }, { title: "%", align: "right" }, { title: "MESSAGE", flexible: true }],
    log.map(({ atMs, step, percent, message }) => [localTime(atMs), step ?? "", String(percent), message]),
  );
}
