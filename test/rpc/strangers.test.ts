import { credentials, loadPackageDefinition, Metadata, type ServiceClientConstructor, status } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { protoPath } from "grpc-health-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AccessServiceService } from "../../proto/generated/pacpool/v1/access.ts";
import { AgentServiceService } from "../../proto/generated/pacpool/v1/agent.ts";
import { ArtifactServiceService } from "../../proto/generated/pacpool/v1/artifact.ts";
import { EndpointServiceService } from "../../proto/generated/pacpool/v1/endpoint.ts";
import { OperationServiceService } from "../../proto/generated/pacpool/v1/operation.ts";
import { PoolServiceService } from "../../proto/generated/pacpool/v1/pool.ts";
import { TargetServiceService } from "../../proto/generated/pacpool/v1/target.ts";
import { WatchServiceService } from "../../proto/generated/pacpool/v1/watch.ts";
import { needOf } from "../../server/services/access-table.ts";
import { openServer, type TestServer } from "../support/server.ts";

const SERVICES = [
  AccessServiceService,
  AgentServiceService,
  ArtifactServiceService,
  EndpointServiceService,
  OperationServiceService,
  PoolServiceService,
  TargetServiceService,
  WatchServiceService,
];
const METHODS = SERVICES.flatMap((service) => Object.values(service));

interface Answer {
  readonly code: number;
  readonly value?: unknown;
}

describe("strangers", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** A client of the health service, whose channel also takes any other path. */
  const raw = () => {
    const loaded = loadPackageDefinition(loadSync(protoPath, { enums: String })) as unknown as {
      grpc: { health: { v1: { Health: ServiceClientConstructor } } };
    };
    return new loaded.grpc.health.v1.Health(server.address, credentials.createSsl(Buffer.from(server.ca)));
  };
  /** Calls a path with raw bytes. */
  const send = (path: string, bytes: Buffer, key?: string): Promise<Answer> =>
    new Promise((resolve) => {
      const channel = raw();
      const metadata = new Metadata();
      if (key !== undefined) {
        metadata.set("authorization", `Bearer ${key}`);
      }
      const done = (error: { readonly code: number } | null, value?: unknown): void => {
        channel.close();
        resolve(error === null ? { code: status.OK, value } : { code: error.code });
      };
      channel.makeUnaryRequest(
        path,
        (value: Buffer) => value,
        (value: Buffer) => value,
        bytes,
        metadata,
        { deadline: Date.now() + 10_000 },
        done,
      );
    });

  it("have a rule for every rpc of the contract", () => {
    expect(METHODS.filter(({ path }) => needOf(path) === undefined)).toEqual([]);
  });

  it.each(
    METHODS.filter(
      ({ path, requestStream, responseStream }) => needOf(path) !== "anyone" && !requestStream && !responseStream,
    ).map(({ path }) => path),
  )("are refused at %s", async (path) => {
    expect((await send(path, Buffer.alloc(0))).code).toBe(status.UNAUTHENTICATED);
  });

  it("may ask whether the server is well", async () => {
    const channel = raw();
    const answer = await new Promise<Answer>((resolve) => {
      channel["check"]?.call(channel, { service: "" }, (error: { code: number } | null, value: unknown) => {
        resolve(error === null ? { code: status.OK, value } : { code: error.code });
      });
    });
    channel.close();
    expect(answer).toEqual({ code: status.OK, value: { status: "SERVING" } });
  });

  it("and members alike are told which message was malformed, instead of an internal error", async () => {
    const garbage = Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    expect((await send("/pacpool.v1.PoolService/GetPool", garbage, server.adminKey)).code).toBe(
      status.INVALID_ARGUMENT,
    );
    expect((await send("/pacpool.v1.AgentService/Enrol", garbage)).code).toBe(status.INVALID_ARGUMENT);
  });

  it("and members alike are refused with messages over 4 MiB, and the server goes on", async () => {
    expect((await send("/pacpool.v1.PoolService/GetPool", Buffer.alloc(5 * 1024 * 1024), server.adminKey)).code).toBe(
      status.RESOURCE_EXHAUSTED,
    );
    expect((await server.admin.pools.listPools({})).pools).toHaveLength(1);
  });

  it("find no rpc that is not there", async () => {
    expect((await send("/pacpool.v1.PoolService/DropEverything", Buffer.alloc(0))).code).toBe(status.UNIMPLEMENTED);
  });
});
