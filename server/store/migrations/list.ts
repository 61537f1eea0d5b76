// Every migration in order. Names are given, since a bundler may change those of classes, and a new name would run again.
import { Migration0001First } from "./0001-first.ts";

export const migrations = [{ name: "0001-first", class: Migration0001First }] as const;
