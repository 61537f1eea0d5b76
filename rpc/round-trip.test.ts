import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { Client, credentials, Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js";
import * as x509 from "@peculiar/x509";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Refusal } from "../domain/refusal.ts";
import { AgentServiceService } from "../proto/generated/pacpool/v1/agent.ts";
import { ArtifactServiceService } from "../proto/generated/pacpool/v1/artifact.ts";
import { type Connection, openConnection } from "./connection.ts";
import { RpcFailure } from "./failure.ts";
import { type Edge, implement } from "./handlers.ts";

const defects: unknown[] = [];
const edge: Edge = {
  authenticate: (metadata) => {
    const [header] = metadata.get("authorization");
    return header === "Bearer right"
      ? Promise.resolve({ kind: "operator", id: "o", name: "o", role: "administrator" })
      : Promise.reject(new Refusal("WRONG_KEY"));
  },
  onDefect: (error) => {
    defects.push(error);
  },
};

const artifacts = implement(
  ArtifactServiceService,
  {
    hasArtifacts: async (request) => {
      if (request.sha256.length === 0) {
        throw new Refusal("INVALID_FIELD", { field: "sha256", value: "", expected: "at least one" });
      }
      if (request.sha256[0] === "defect") {
        throw new TypeError("secret detail \ud800");
      }
      return { missingSha256: request.sha256, partial: [] };
    },
    upload: async (messages) => {
      let bytes = 0;
      for await (const { part } of messages) {
        bytes += part?.$case === "chunk" ? part.value.length : 0;
      }
      return { sha256: String(bytes) };
    },
    download: async function* (request) {
      for (let index = 0; index < Number(request.offset); index += 1) {
        yield { chunk: Buffer.alloc(16_384) };
      }
      if (request.sha256 === "fails") {
        throw new Refusal("ARTIFACT_NOT_FOUND", { sha256: "fails" });
      }
    },
    describeArtifacts: () => Promise.resolve({ artifacts: [] }),
    findPackages: () => Promise.resolve({ packages: [] }),
  },
  edge,
);

const agent = implement(
  AgentServiceService,
  {
    enrol: async () => Promise.reject(new Refusal("TOKEN_USED")),
    connect: async (messages, _context, send) => {
      for await (const message of messages) {
        await send({ sequence: message.sequence, ackSequence: message.sequence, body: undefined });
      }
    },
  },
  edge,
);

let server: Server;
let connection: Connection;
let address = "";
let ca = "";

beforeAll(async () => {
  x509.cryptoProvider.set(webcrypto as unknown as typeof globalThis.crypto);
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=test",
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 600_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: "ip", value: "127.0.0.1" },
        { type: "dns", value: "localhost" },
      ]),
    ],
  });
  ca = certificate.toString("pem");
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  server = new Server();
  server.addService(artifacts.definition, artifacts.implementation);
  server.addService(agent.definition, agent.implementation);
  const credentials = ServerCredentials.createSsl(null, [
    { private_key: Buffer.from(key), cert_chain: Buffer.from(ca) },
  ]);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => {
      if (error === null) {
        resolve(bound);
      } else {
        reject(error);
      }
    });
  });
  address = `127.0.0.1:${String(port)}`;
  connection = openConnection({ address, ca, key: "right" });
});

afterAll(() => {
  connection.close();
  server.forceShutdown();
});

describe("a call over the wire", () => {
  test("answers a request whose missing fields have their defaults", async () => {
    await expect(connection.artifacts.hasArtifacts({ sha256: ["a"] })).resolves.toEqual({
      missingSha256: ["a"],
      partial: [],
    });
  });

  test("throws the refusal that the server threw, with its facts", async () => {
    await expect(connection.artifacts.hasArtifacts({})).rejects.toMatchObject({
      name: "Refusal",
      reason: "INVALID_FIELD",
      metadata: { field: "sha256" },
    });
  });

  test("hides a defect behind an id and tells the server's log", async () => {
    const error: unknown = await connection.artifacts
      .hasArtifacts({ sha256: ["defect"] })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(RpcFailure);
    expect((error as RpcFailure).statusName).toBe("INTERNAL");
    expect((error as RpcFailure).message).not.toContain("secret");
    expect(defects).toHaveLength(1);
  });

  test("refuses a stranger", async () => {
    using stranger = openConnection({ address, ca });
    await expect(stranger.artifacts.hasArtifacts({ sha256: ["a"] })).rejects.toMatchObject({ reason: "WRONG_KEY" });
    await expect(collect(stranger.artifacts.download({}))).rejects.toMatchObject({ reason: "WRONG_KEY" });
  });

  test("streams many messages to a slow reader without losing one", async () => {
    let seen = 0;
    for await (const message of connection.artifacts.download({ offset: 500n })) {
      seen += message.chunk.length / 16_384;
      if (seen % 50 === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    expect(seen).toBe(500);
  });

  test("throws the refusal of a stream after the messages that came before it", async () => {
    const seen: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const message of connection.artifacts.download({ offset: 3n, sha256: "fails" })) {
        seen.push(message);
      }
    };
    await expect(read()).rejects.toMatchObject({ reason: "ARTIFACT_NOT_FOUND" });
    expect(seen).toHaveLength(3);
  });

  test("ends a server stream when its reader leaves early", async () => {
    for await (const message of connection.artifacts.download({ offset: 100_000n })) {
      expect(message.chunk.length).toBe(16_384);
      break;
    }
    await expect(connection.artifacts.hasArtifacts({ sha256: ["still"] })).resolves.toBeDefined();
  });

  test("uploads with back-pressure", async () => {
    const parts = async function* () {
      for (let index = 0; index < 300; index += 1) {
        yield { part: { $case: "chunk" as const, value: Buffer.alloc(65_536) } };
      }
    };
    await expect(connection.artifacts.upload(parts())).resolves.toEqual({ sha256: String(300 * 65_536) });
  });

  test("speaks both ways and ends in order", async () => {
    const stream = connection.agent.connect();
    for (let index = 1n; index <= 100n; index += 1n) {
      await stream.write({ sequence: index });
    }
    stream.end();
    const echoed = await collect(stream);
    expect(echoed.map((message) => message.sequence)).toEqual(
      Array.from({ length: 100 }, (_, index) => BigInt(index + 1)),
    );
    await expect(stream.write({ sequence: 1n })).rejects.toThrow("closed");
  });

  test("answers INVALID_ARGUMENT to bytes that are no message", async () => {
    const raw = new Client(address, credentials.createSsl(Buffer.from(ca)), {
      "grpc.ssl_target_name_override": "localhost",
    });
    const metadata = new Metadata();
    metadata.set("authorization", "Bearer right");
    const code = await new Promise((resolve) => {
      raw.makeUnaryRequest(
        "/pacpool.v1.ArtifactService/HasArtifacts",
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
        Buffer.from([0x0a, 0xff, 0xff, 0xff]),
        metadata,
        (error) => {
          resolve(error?.code);
        },
      );
    });
    raw.close();
    expect(code).toBe(status.INVALID_ARGUMENT);
  });

  test("says UNAVAILABLE when nobody listens", async () => {
    using nobody = openConnection({ address: "127.0.0.1:1", ca, key: "right" });
    await expect(nobody.artifacts.hasArtifacts({})).rejects.toMatchObject({
      name: "RpcFailure",
      statusName: "UNAVAILABLE",
    });
  });

  test("stops at once when the caller's signal aborts", async () => {
    const controller = new AbortController();
    const reading = collect(connection.artifacts.download({ offset: 1_000_000n }, { signal: controller.signal }));
    controller.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}
