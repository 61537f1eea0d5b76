// Server reflection for tools such as grpcurl, made from the .proto files that ship with the program. Members only.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Server, ServerDuplexStream, ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { ReflectionService } from "@grpc/reflection";
import { Refusal } from "../../domain/refusal.ts";
import type { Edge } from "../../rpc/handlers.ts";
import { encodeRefusal } from "../../rpc/status-details.ts";

const FILES = ["access", "agent", "analysis", "artifact", "endpoint", "operation", "pool", "target", "watch"].map(
  (name) => `pacpool/v1/${name}.proto`,
);

/** In the sources two folders up, in a bundle beside it. */
function protoDirectory(): string {
  const places = [join(import.meta.dirname, "proto"), join(import.meta.dirname, "../../proto")];
  const found = places.find((place) => existsSync(join(place, FILES[0] ?? "")));
  if (found === undefined) {
    throw new Error(`the .proto files are neither of ${places.join(", ")}; reinstall pacpool`);
  }
  return found;
}

type Duplex = ServerDuplexStream<unknown, unknown>;

/** The library knows no callers, so its handlers are wrapped. */
export function addReflection(server: Server, edge: Edge): void {
  const definitions = loadSync(FILES, {
    includeDirs: [protoDirectory()],
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  new ReflectionService(definitions).addToServer({
    addService(definition: ServiceDefinition, handlers: UntypedServiceImplementation): void {
      const guarded = Object.entries(handlers).map(
        ([name, handler]) => [name, guard(handler as (call: Duplex) => void, edge)] as const,
      );
      server.addService(definition, Object.fromEntries(guarded));
    },
  });
}

function guard(handler: (call: Duplex) => void, edge: Edge): (call: Duplex) => void {
  return (call) => {
    // A reset of the connection surfaces as an error event; unheard it would end the process.
    call.on("error", () => call.end());
    edge.authenticate(call.metadata, call.getPath()).then(
      () => {
        handler(call);
      },
      (error: unknown) => {
        call.emit("error", encodeRefusal(error instanceof Refusal ? error : new Refusal("DATABASE_UNAVAILABLE")));
      },
    );
  };
}
