// The standard health service. The only one that answers strangers, so that probes need no key.
import type { Server } from "@grpc/grpc-js";
import { HealthImplementation, type ServingStatus } from "grpc-health-check";

export interface Health {
  readonly set: (status: ServingStatus) => void;
}

/** Whole-server status under the empty name, and under the name of the package. */
export function addHealth(server: Server): Health {
  const implementation = new HealthImplementation({ "": "NOT_SERVING", "pacpool.v1": "NOT_SERVING" });
  implementation.addToServer(server);
  return {
    set: (status) => {
      implementation.setStatus("", status);
      implementation.setStatus("pacpool.v1", status);
    },
  };
}
