import { digestOf, FakeAgent, installed } from "../test/support/fake-agent.ts";
import { openServer, type TestServer } from "../test/support/server.ts";
import { nameOf } from "./large-root.ts";
import { type Benchmark, contest } from "./measure.ts";

const PACKAGES = 1_500;
const UNCHANGED = { databases: [] };

/** A whole distribution's worth of packages; `build` makes it a set that the server has not seen. */
function packagesOf(build: number) {
  return Array.from({ length: PACKAGES }, (_, index) =>
    installed(nameOf(index), "1.1.0-1", index === 0 ? { buildDate: 1_700_000_000 + build } : {}),
  );
}

/** Sends a full report and waits until it is stored: the answer to a report that follows it comes after it. */
async function reportWhole(agent: FakeAgent, build: number): Promise<void> {
  agent.machine = { ...UNCHANGED, packages: packagesOf(build) };
  await agent.reportAll();
  const value = {
    reportId: `probe-${String(build)}`,
    baseDigest: "0".repeat(64),
    digest: "1".repeat(64),
    upserts: [],
    removed: [],
    chunk: 0,
    chunks: 1,
    facts: undefined,
  };
  await agent.say({ $case: "stateReport", value });
  await agent.next("requestFullState");
}

/** A new TLS connection with one smallest call: what any client pays before it says anything. */
async function bareConnection(server: TestServer, key: string): Promise<void> {
  const connection = server.connect(key);
  await connection.access.whoAmI({});
  connection.close();
}

export const benchmark: Benchmark = {
  name: "report",
  async run() {
    await using server = await openServer();
    const endpoint = await server.enrol("bench");
    let build = 0;
    const agent = new FakeAgent(endpoint.connection, { ...UNCHANGED, packages: packagesOf(build) });
    await agent.hello();
    // The answer to the hello's unknown digest; a later one would be mistaken for it.
    await agent.next("requestFullState");
    const report = await contest({
      what: `full report of ${String(PACKAGES)} packages, received, verified, stored`,
      peer: "a bare unary call with a key",
      rounds: 15,
      peerRepeat: 20,
      ours() {
        build += 1;
        return reportWhole(agent, build);
      },
      theirs: () => endpoint.connection.access.whoAmI({}),
    });
    const { endpoint: stored } = await server.admin.endpoints.getEndpoint({ endpoint: "bench" });
    if (stored?.digest !== digestOf(agent.machine.packages)) throw new Error("the last report was not stored");
    const { machine } = agent;
    await agent.leave();
    const reconnect = await contest({
      what: "reconnect of an unchanged endpoint, until it is welcome",
      peer: "a new TLS connection and one bare call",
      rounds: 15,
      async ours() {
        const connection = server.connect(endpoint.key);
        const again = new FakeAgent(connection, machine);
        await again.hello();
        await again.leave();
        connection.close();
      },
      theirs: () => bareConnection(server, endpoint.key),
    });
    return [report, reconnect];
  },
};
