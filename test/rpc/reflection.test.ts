import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { credentials, loadPackageDefinition, Metadata, type ServiceClientConstructor, status } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, type TestServer } from "../support/server.ts";

const PROTO = join(
  dirname(createRequire(import.meta.url).resolve("@grpc/reflection")),
  "../proto/grpc/reflection/v1/reflection.proto",
);

describe("reflection", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const ask = (key?: string): Promise<{ readonly code?: number; readonly services?: readonly string[] }> =>
    new Promise((resolve) => {
      const loaded = loadPackageDefinition(loadSync(PROTO, { keepCase: true })) as unknown as {
        grpc: { reflection: { v1: { ServerReflection: ServiceClientConstructor } } };
      };
      const client = new loaded.grpc.reflection.v1.ServerReflection(
        server.address,
        credentials.createSsl(Buffer.from(server.ca)),
      );
      const metadata = new Metadata();
      if (key !== undefined) {
        metadata.set("authorization", `Bearer ${key}`);
      }
      const stream = client["ServerReflectionInfo"]?.call(client, metadata) as unknown as NodeJS.ReadWriteStream & {
        end(): void;
      };
      stream.on("data", (answer: { list_services_response: { service: { name: string }[] } }) => {
        resolve({ services: answer.list_services_response.service.map(({ name }) => name) });
        stream.end();
        client.close();
      });
      stream.on("error", (error: Error & { code: number }) => {
        resolve({ code: error.code });
        client.close();
      });
      (stream as unknown as { write(message: object): void }).write({ list_services: "" });
    });

  it("names the services of the contract to members", async () => {
    const { services } = await ask(server.adminKey);
    expect(services).toEqual(
      expect.arrayContaining(["pacpool.v1.PoolService", "pacpool.v1.WatchService", "pacpool.v1.AgentService"]),
    );
  });

  it("refuses strangers", async () => {
    expect(await ask()).toEqual({ code: status.UNAUTHENTICATED });
    expect(await ask("hello")).toEqual({ code: status.UNAUTHENTICATED });
  });
});
