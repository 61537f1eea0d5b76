// Every migration in order. Names are given, since a bundler may change those of classes, and a new name would run again.
import { Migration0001First } from "./0001-first.ts";
import { Migration0002Classes } from "./0002-classes.ts";

export const migrations = [
  { name: "0001-first", class: Migration0001First },
  { name: "0002-classes", class: Migration0002Classes },
] as const;
