// Every migration in order. Names are given, since a bundler may change those of classes, and a new name would run again.
import { Migration0001First } from "./0001-first.ts";
import { Migration0002Classes } from "./0002-classes.ts";
import { Migration0003Policy } from "./0003-policy.ts";
import { Migration0004Files } from "./0004-files.ts";
import { Migration0005Inbox } from "./0005-inbox.ts";
import { Migration0006Upstream } from "./0006-upstream.ts";
import { Migration0007OperationLog } from "./0007-operation-log.ts";

export const migrations = [
  { name: "0001-first", class: Migration0001First },
  { name: "0002-classes", class: Migration0002Classes },
  { name: "0003-policy", class: Migration0003Policy },
  { name: "0004-files", class: Migration0004Files },
  { name: "0005-inbox", class: Migration0005Inbox },
  { name: "0006-upstream", class: Migration0006Upstream },
  { name: "0007-operation-log", class: Migration0007OperationLog },
] as const;
