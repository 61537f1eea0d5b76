// Package files from one machine to another through a real server: the mirrors have moved on, only the first machine's cache
// still has what the target needs. Real pacman, real signatures.
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { enrol } from "../../agent/enrol.ts";
import type { Endpoint } from "../../proto/generated/pacpool/v1/endpoint.ts";
import { OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import { eventually } from "../support/eventually.ts";
import { openPacmanRoot } from "../support/pacman-root.ts";
import { openRepository, type Repository } from "../support/repository.ts";
import { openServer, type TestServer } from "../support/server.ts";
import { openSigner, type Signer } from "../support/signer.ts";
import { startEnrolledAgent, type TestMachine } from "./running-agent.ts";

let stack: AsyncDisposableStack;
let folder: string;
let signer: Signer;
let core: Repository;
let server: TestServer;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  folder = mkdtempSync(join(tmpdir(), "pacpool-through-"));
  stack.defer(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  signer = stack.use(await openSigner());
  core = await openRepository({ directory: join(folder, "core"), name: "core", signer, packages: packages("1.0-1") });
  server = stack.use(await openServer());
  await server.admin.pools.createPool({ idempotencyKey: randomUUID(), name: "lab" });
});

afterEach(() => stack.disposeAsync());

function packages(version: string) {
  return [
    { name: "base", version: "1-1", depends: ["libfoo"] },
    { name: "libfoo", version },
    { name: "linux", version, files: { "boot/vmlinuz-linux": `kernel ${version}` } },
  ];
}

/** A machine of the present moment, enrolled, with its agent. */
async function enter(name: string): Promise<TestMachine> {
  const root = stack.use(await openPacmanRoot({ repositories: [core], installed: ["base", "linux"], signer }));
  const machine: TestMachine = {
    root,
    core,
    stateDir: join(folder, name),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const { token } = await server.admin.access.createToken({ pool: "lab" });
  await enrol({ address: server.address, ca: server.ca, token, name, stateDir: machine.stateDir });
  stack.use(startEnrolledAgent(machine));
  return machine;
}

async function hasReported(name: string, version: string): Promise<Endpoint> {
  return eventually(`${name} to be reported`, async () => {
    const { endpoint } = await server.admin.endpoints.getEndpoint({ endpoint: name });
    const { packages: installed } = await server.admin.endpoints.getPackageSet({ endpoint: name });
    const isThere = installed.some((one) => one.name === "libfoo" && one.version === version);
    return isThere && endpoint?.view !== undefined ? endpoint : undefined;
  });
}

function cleanCache({ root }: TestMachine): void {
  for (const file of readdirSync(root.cacheDir)) rmSync(join(root.cacheDir, file));
}

async function run(endpoint: string, revert: boolean): Promise<OperationState> {
  const { outcome } = await server.admin.endpoints.computePlan({ endpoint, revert }, { timeoutMs: 30_000 });
  if (outcome?.$case !== "plan") throw new Error(`no plan for ${endpoint}: ${JSON.stringify(outcome)}`);
  const request = { idempotencyKey: randomUUID(), endpoint, planDigest: outcome.value.digest };
  const { operation } = await server.admin.operations.startOperation(request);
  return eventually("the operation's end", async () => {
    const found = await server.admin.operations.getOperation({ id: operation?.id ?? "" });
    return found.operation?.finishedAt === undefined ? undefined : found.operation.state;
  });
}

test("what only one machine's cache has reaches another through the server, signed, and the way back needs nobody", async () => {
  const alpha = await enter("alpha");
  const beta = await enter("beta");
  await core.publish(packages("1.1-1"), { dropOldFiles: true });
  await alpha.root.pacman("-Syyu", "--noconfirm");
  await hasReported("alpha", "1.1-1");
  await hasReported("beta", "1.0-1");
  // The mirrors are gone for good.
  rmSync(core.directory, { recursive: true });
  await eventually("the first target", () =>
    server.admin.targets.setLatest({ idempotencyKey: randomUUID(), endpoint: "alpha" }),
  );
  await eventually("the server to have every file", async () => {
    const reach = await server.admin.targets.verifyTarget({ pool: "lab" });
    return (!reach.fetching && reach.filesMissing === 0 && reach.filesKept > 0) || undefined;
  });
  const before = await beta.root.query();
  expect(await run("beta", false)).toBe(OperationState.SUCCEEDED);
  expect(await beta.root.query()).toEqual(await alpha.root.query());
  expect(beta.root.read("boot/vmlinuz-linux")).toBe("kernel 1.1-1");
  cleanCache(beta);
  expect(await run("beta", true)).toBe(OperationState.SUCCEEDED);
  expect(await beta.root.query()).toEqual(before);
  expect(beta.root.read("boot/vmlinuz-linux")).toBe("kernel 1.0-1");
});
