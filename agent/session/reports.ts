// What the agent says about its packages: everything, or the difference to what the server has. Pure; the report's id
// is passed in. Must not know when a report is due.

import { type InboxItem, MAX_INBOX_ITEMS } from "../../domain/inbox/inbox-item.ts";
import { MAX_LISTED_NAMES, MAX_PACKAGES_PER_CHUNK, MAX_REPOSITORY_SERVERS } from "../../domain/limits.ts";
import { computeDelta, type PackageSetDelta } from "../../domain/package-set/delta.ts";
import type {
  RepositoryServers,
  StateReport,
  MachineFacts as WireFacts,
} from "../../proto/generated/pacpool/v1/agent.ts";
import type { InboxItem as WireItem } from "../../proto/generated/pacpool/v1/inbox.ts";
import { encodeInboxItem } from "../../rpc/codec/inbox.ts";
import { encodePackage } from "../../rpc/codec/package-set.ts";
import type { MachineFacts, MachineState } from "../machine.ts";
import { clipLine, clipLines } from "./clip.ts";

export function encodeFacts(facts: MachineFacts): WireFacts {
  return {
    held: facts.held.slice(0, MAX_LISTED_NAMES),
    apply: facts.apply,
    root: facts.root,
    rebootRequired: facts.isRebootRequired,
    healthProblems: clipLines(facts.healthProblems),
    inbox: facts.inbox.slice(0, MAX_INBOX_ITEMS).map(encodeClipped),
  };
}

function encodeClipped({ kind, subject, what, digest }: InboxItem): WireItem {
  return encodeInboxItem({ kind, subject: clipLine(subject), what: clipLine(what), digest });
}

/** What the contract takes of them; pacman knows further schemes, which no server can use. */
export function encodeServers(servers: MachineState["servers"]): RepositoryServers[] {
  return servers.map(({ repository, servers: urls }) => ({
    repository,
    // Nor those with a password in it, which is this machine's.
    servers: urls.filter((url) => /^(?:https?|file):\/\/[^@]*$/.test(url)).slice(0, MAX_REPOSITORY_SERVERS),
  }));
}

/** The whole set. */
export function fullReport(machine: MachineState, reportId: string): readonly StateReport[] {
  return chunked({ upserts: machine.set.packages, removed: [] }, "", machine, reportId);
}

/** The difference between what the server has and what is there; facts alone make a report without packages. */
export function deltaReport(base: MachineState, machine: MachineState, reportId: string): readonly StateReport[] {
  return chunked(computeDelta(base.set, machine.set), base.digest, machine, reportId);
}

/** Removals travel in the first chunks beside the upserts, under the same bound; facts with the last. */
function chunked(
  { upserts, removed }: PackageSetDelta,
  baseDigest: string,
  machine: MachineState,
  reportId: string,
): readonly StateReport[] {
  const size = MAX_PACKAGES_PER_CHUNK;
  const chunks = Math.max(1, Math.ceil(Math.max(upserts.length, removed.length) / size));
  return Array.from({ length: chunks }, (_, chunk) => ({
    reportId,
    baseDigest,
    digest: machine.digest,
    upserts: upserts.slice(chunk * size, (chunk + 1) * size).map(encodePackage),
    removed: removed.slice(chunk * size, (chunk + 1) * size),
    chunk,
    chunks,
    facts: chunk === chunks - 1 ? encodeFacts(machine.facts) : undefined,
  }));
}
