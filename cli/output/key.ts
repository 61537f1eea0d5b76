// Keys as JSON and as a table, never with their secrets.
import type { KeyView } from "../../rpc/codec/access.ts";
import type { Terminal } from "../terminal.ts";
import { jsonTime } from "./json.ts";
import { ago, localTime } from "./words.ts";

export function keyJson(key: KeyView): Readonly<Record<string, unknown>> {
  return {
    id: key.id,
    name: key.name,
    role: key.role,
    createdAt: jsonTime(key.createdAtMs),
    lastUsedAt: jsonTime(key.lastUsedAtMs),
    revoked: key.isRevoked,
  };
}

export function printKeys(terminal: Terminal, keys: readonly KeyView[]): void {
  terminal.printTable(
    [
      { title: "KEY" },
      { title: "NAME", flexible: true },
      { title: "ROLE" },
      { title: "CREATED" },
      { title: "LAST USED" },
      { title: "" },
    ],
    keys.map((key) => [
      key.id,
      key.name,
      key.role,
      localTime(key.createdAtMs),
      ago(key.lastUsedAtMs),
      { text: key.isRevoked ? "revoked" : "", paint: (text: string) => terminal.paint("danger", text) },
    ]),
  );
}
