import { pino } from "pino";
import { expect, test } from "vitest";
import type { FilesDone } from "../../proto/generated/pacpool/v1/agent.ts";
import { openConnection } from "../../rpc/connection.ts";
import { eventually } from "../../test/support/eventually.ts";
import { makeOfferQueue, type OfferParts } from "./offer-files.ts";
import { makeRateLimit } from "./rate-limit.ts";

const build = { name: "app", version: "1-1", architecture: "any", buildDate: 0n };
const file = { sha256: "", filename: "", size: 0n, signatureKnown: false, ...build };

function open(machine: OfferParts["machine"]) {
  const done: FilesDone[] = [];
  const queue = makeOfferQueue({
    machine,
    uploads: makeRateLimit(1_000, Date.now),
    log: pino({ level: "silent" }),
    connection: openConnection({ address: "127.0.0.1:1", ca: "" }),
    send: (saying) => {
      if (saying.$case === "filesDone") done.push(saying.value);
      return Promise.resolve();
    },
    signal: new AbortController().signal,
  });
  return { queue, done };
}

test("over a metered connection nothing is looked for and nothing given", async () => {
  let looks = 0;
  const findOffers = () => Promise.resolve([]).finally(() => looks++);
  const { queue, done } = open({ isMetered: () => Promise.resolve(true), findOffers });
  queue.take({ requestId: "one", files: [file] });
  await eventually("the answer", () => done[0]);
  expect(done).toEqual([
    { requestId: "one", uploadedSha256: [], notOffered: [{ name: "app", version: "1-1", why: "metered" }] },
  ]);
  expect(looks).toBe(0);
});

test("a server that asks and asks without waiting is told so at once", async () => {
  const { promise, resolve } = Promise.withResolvers<[]>();
  const { queue, done } = open({ isMetered: () => Promise.resolve(false), findOffers: () => promise });
  for (const requestId of ["one", "two", "three"]) queue.take({ requestId, files: [file] });
  await eventually("the third answer", () => done[0]);
  expect(done.map(({ requestId, notOffered }) => [requestId, notOffered[0]?.why])).toEqual([["three", "failed"]]);
  resolve([]);
  await eventually("the others", () => done.length === 3 || undefined);
});
