// The names and addresses that this server is reached by: for its certificate and for join codes.
import { hostname, networkInterfaces } from "node:os";
import { splitAddress } from "../rpc/join-code.ts";

const WILDCARDS: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** Everything that a client may call this machine, sorted, without repetition. */
export function serverNames(listen: string, advertise: string | undefined): readonly string[] {
  const names = new Set(["localhost", "127.0.0.1", "::1", hostname()]);
  for (const address of Object.values(networkInterfaces()).flat()) {
    // A link-local address needs a zone, which no certificate can carry.
    if (address !== undefined && !address.address.startsWith("fe80:")) {
      names.add(address.address);
    }
  }
  for (const text of [listen, advertise]) {
    const host = text === undefined ? undefined : hostOf(text);
    if (host !== undefined && !WILDCARDS.has(host)) {
      names.add(host);
    }
  }
  return [...names].filter((name) => name !== "").sort();
}

/** HOST:PORT for join codes: what the configuration says, else where the server listens, else its first outward address. */
export function advertisedAddress(listen: string, port: number, advertise: string | undefined): string {
  if (advertise !== undefined) {
    return splitAddress(advertise) === undefined ? `${advertise}:${String(port)}` : advertise;
  }
  const host = hostOf(listen);
  return joinAddress(host === undefined || WILDCARDS.has(host) ? outwardHost() : host, port);
}

/** HOST:PORT, an IPv6 address in brackets. */
export function joinAddress(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
}

function hostOf(text: string): string | undefined {
  return splitAddress(text)?.host ?? text.replace(/^\[|\]$/g, "");
}

function outwardHost(): string {
  const outward = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === "IPv4" && !address.internal);
  return outward?.address ?? hostname();
}
