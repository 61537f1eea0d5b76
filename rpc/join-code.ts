// The one word that a new machine needs: where the server is, whom to believe, and a token.
// HOST:PORT/FINGERPRINT/TOKEN, every character safe in a shell.
import { createHash, X509Certificate } from "node:crypto";
import { connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import { status } from "@grpc/grpc-js";
import { Refusal } from "../domain/refusal.ts";
import { RpcFailure } from "./failure.ts";
import { parseKey } from "./keys.ts";

export interface JoinCode {
  /** HOST:PORT; an IPv6 address in brackets. */
  readonly address: string;
  /** base64url SHA-256 of the authority's certificate (DER). */
  readonly fingerprint: string;
  /** ppt_... */
  readonly token: string;
}

const PATTERN = /^((?:\[[0-9a-fA-F:.]+\]|[^/:\s]+):\d{1,5})\/([A-Za-z0-9_-]{43})\/(ppt_\S+)$/;

/** How long a server may take to show its certificate. */
const AUTHORITY_TIMEOUT_MS = 10_000;

export function formatJoinCode(code: JoinCode): string {
  return `${code.address}/${code.fingerprint}/${code.token}`;
}

/** The parts of a join code, or undefined when the text is none. */
export function parseJoinCode(text: string): JoinCode | undefined {
  const [, address, fingerprint, token] = PATTERN.exec(text.trim()) ?? [];
  if (address === undefined || fingerprint === undefined || token === undefined || parseKey(token)?.kind !== "ppt") {
    return undefined;
  }
  return { address, fingerprint, token };
}

/** base64url SHA-256 of a certificate in DER. */
export function fingerprintOf(der: Uint8Array): string {
  return createHash("sha256").update(der).digest("base64url");
}

/** Splits HOST:PORT; undefined when it is not one. Brackets around IPv6 are taken off. */
export function splitAddress(address: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(address);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || !Number.isInteger(port) || port > 65_535 ? undefined : { host, port };
}

/**
 * Reads the authority's certificate from the server's own chain and believes it only when its fingerprint is the one
 * of the join code. PEM. Throws Refusal FINGERPRINT_MISMATCH, or RpcFailure UNAVAILABLE when nobody answers.
 */
export async function fetchAuthority(address: string, fingerprint: string, signal?: AbortSignal): Promise<string> {
  const where = splitAddress(address);
  if (where === undefined) {
    throw new Refusal("INVALID_FIELD", { field: "address", value: address, expected: "HOST:PORT" });
  }
  const chain = await readChain(where.host, where.port, signal);
  const authority = chain.find((der) => fingerprintOf(der) === fingerprint);
  if (authority === undefined) {
    throw new Refusal("FINGERPRINT_MISMATCH", { address, expected: fingerprint });
  }
  return new X509Certificate(authority).toString();
}

function readChain(host: string, port: number, signal: AbortSignal | undefined): Promise<readonly Buffer[]> {
  return new Promise((resolve, reject) => {
    // The chain is not trusted here: only the fingerprint decides, in the caller.
    const socket: TLSSocket = connect({
      host,
      port,
      rejectUnauthorized: false,
      ALPNProtocols: ["h2"],
      timeout: AUTHORITY_TIMEOUT_MS,
    });
    const fail = (cause: unknown): void => {
      socket.destroy();
      const why = cause instanceof Error ? cause.message : "no answer in time";
      reject(
        new RpcFailure(status.UNAVAILABLE, `asking ${host}:${String(port)} for its certificate failed: ${why}`, {
          cause,
        }),
      );
    };
    const abort = (): void => {
      fail(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    socket.once("error", fail);
    socket.once("timeout", fail);
    socket.once("secureConnect", () => {
      signal?.removeEventListener("abort", abort);
      resolve(certificatesOf(socket));
      socket.end();
    });
  });
}

function certificatesOf(socket: TLSSocket): readonly Buffer[] {
  const found: Buffer[] = [];
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  // A root names itself as issuer: stop there, and at a bound against a hostile ring.
  while (certificate?.raw !== undefined && found.length < 8) {
    found.push(certificate.raw);
    certificate = certificate.issuerCertificate === certificate ? undefined : certificate.issuerCertificate;
  }
  return found;
}
