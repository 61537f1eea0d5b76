// A real server in this process, on a free loopback port, with a state folder and a database of its own.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { Refusal } from "../../domain/refusal.ts";
import { Role } from "../../proto/generated/pacpool/v1/access.ts";
import { type Connection, openConnection } from "../../rpc/connection.ts";
import { RpcFailure } from "../../rpc/failure.ts";
import { loadServerConfig, type ServerConfig } from "../../server/config.ts";
import { type RunningServer, startServer } from "../../server/start-server.ts";
import { FakeAgent, type FakeMachine } from "./fake-agent.ts";
import { cloneDatabase } from "./shared-postgres.ts";

export interface TestServerOptions {
  /** Kept on disposal when given. */
  readonly stateDir?: string;
  readonly config?: Partial<ServerConfig>;
}

export interface EnrolledEndpoint {
  readonly endpointId: string;
  readonly name: string;
  readonly key: string;
  readonly connection: Connection;
}

export interface TestServer extends AsyncDisposable {
  readonly address: string;
  readonly opsAddress: string;
  /** PEM. */
  readonly ca: string;
  readonly fingerprint: string;
  readonly stateDir: string;
  readonly adminKey: string;
  /** As administrator. */
  readonly admin: Connection;
  readonly running: RunningServer;
  /** With any key, or none at all. Closed with the server. */
  readonly connect: (key?: string) => Connection;
  readonly as: (role: "viewer" | "operator" | "administrator") => Promise<Connection>;
  readonly enrol: (name: string, pool?: string) => Promise<EnrolledEndpoint>;
  /** An enrolled endpoint with a stream that has said nothing yet. */
  readonly agent: (
    name: string,
    machine: FakeMachine,
    pool?: string,
  ) => Promise<FakeAgent & { readonly endpoint: EnrolledEndpoint }>;
}

const ROLES = { viewer: Role.VIEWER, operator: Role.OPERATOR, administrator: Role.ADMINISTRATOR } as const;

export function testConfig(stateDir: string, more: Partial<ServerConfig> = {}): ServerConfig {
  const usual = loadServerConfig({ environment: { PACPOOL_SERVER_CONFIG: "/dev/null", PACPOOL_STATE_DIR: stateDir } });
  return { ...usual, listen: "127.0.0.1:0", opsListen: "127.0.0.1:0", logLevel: "silent", ...more };
}

export async function openServer(options: TestServerOptions = {}): Promise<TestServer> {
  const stack = new AsyncDisposableStack();
  try {
    return await furnish(stack, options);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function furnish(stack: AsyncDisposableStack, options: TestServerOptions): Promise<TestServer> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), "pacpool-server-")));
  if (options.stateDir === undefined) {
    stack.defer(() => rm(stateDir, { recursive: true, force: true }));
  }
  const own =
    options.config?.databaseUrl === undefined && options.stateDir === undefined ? await cloneDatabase() : undefined;
  if (own !== undefined) {
    stack.use(own);
  }
  const database = own === undefined ? {} : { databaseUrl: own.url };
  const log = pino({ level: process.env["PACPOOL_TEST_LOG"] ?? "silent" });
  const running = stack.use(
    await startServer({ config: testConfig(stateDir, { ...database, ...options.config }), version: "0.0.0-test", log }),
  );
  const adminKey = (await readFile(join(stateDir, "administrator.key"), "utf8")).trim();
  const connect = (key?: string): Connection => {
    const where = { address: running.address, ca: running.authority };
    const connection = openConnection(key === undefined ? where : { ...where, key });
    stack.defer(() => {
      connection.close();
    });
    return connection;
  };
  const admin = connect(adminKey);
  const enrol = async (name: string, pool = ""): Promise<EnrolledEndpoint> => {
    const { token } = await admin.access.createToken({ pool });
    const enrolled = await connect().agent.enrol({ token, name });
    return {
      endpointId: enrolled.endpointId,
      name: enrolled.name,
      key: enrolled.key,
      connection: connect(enrolled.key),
    };
  };
  return {
    address: running.address,
    opsAddress: running.opsAddress ?? "",
    ca: running.authority,
    fingerprint: running.fingerprint,
    stateDir,
    adminKey,
    admin,
    running,
    connect,
    as: async (role) => connect((await admin.access.createKey({ name: role, role: ROLES[role] })).secret),
    enrol,
    agent: async (name, machine, pool) => {
      const endpoint = await enrol(name, pool);
      const agent = stack.use(new FakeAgent(endpoint.connection, machine));
      return Object.assign(agent, { endpoint });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The reason of the refusal, or the name of the status when the failure carries none. Throws when the call succeeds. */
export async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return nameOf(error);
  }
  throw new Error("the call was not refused");
}

/** The same for how a stream ended. */
export function nameOf(error: unknown): string {
  if (error instanceof Refusal) {
    return error.reason;
  }
  return error instanceof RpcFailure ? error.statusName : String(error);
}
