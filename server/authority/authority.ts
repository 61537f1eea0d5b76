// The authority in the state directory: made at first start, kept for ever, its server certificate renewed when the
// machine's names change or its end is near. Certificates given by the administrator replace it.
import { X509Certificate } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { fingerprintOf } from "../../rpc/join-code.ts";
import { ConfigurationError } from "../config.ts";
import { type Identity, makeAuthority, makeServerIdentity } from "./certificates.ts";
import { readIfThere, writePrivate } from "./private-file.ts";

/** What the TLS listener shows, and what clients are told to believe. */
export interface Authority {
  /** PEM of the certificate that clients believe. */
  readonly certificate: string;
  /** base64url SHA-256 of that certificate (DER). */
  readonly fingerprint: string;
  /** Leaf first, then the authority, so that `join` can read it from the handshake. */
  readonly chain: string;
  /** PEM. */
  readonly key: string;
}

export interface AuthorityOptions {
  readonly stateDir: string;
  /** Names and addresses of this server, sorted. */
  readonly names: readonly string[];
  readonly now: Date;
  readonly given: { readonly certFile: string; readonly keyFile: string } | undefined;
}

/** Renewed at a start when less is left, in days; see SERVER_DAYS. */
const RENEW_DAYS = 365;
const DAY_MS = 86_400_000;

export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  if (options.given !== undefined) {
    return givenAuthority(options.given.certFile, options.given.keyFile);
  }
  const directory = join(options.stateDir, "authority");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const authority =
    (await readIdentity(directory, "authority")) ??
    (await keep(directory, "authority", await makeAuthority(options.now)));
  const present = await readIdentity(directory, "server");
  const server =
    present !== undefined && isFit(present, authority, options)
      ? present
      : await keep(directory, "server", await makeServerIdentity(authority, options.names, options.now));
  return {
    certificate: authority.certificate,
    fingerprint: fingerprintOf(new X509Certificate(authority.certificate).raw),
    chain: `${server.certificate.trimEnd()}\n${authority.certificate.trimEnd()}\n`,
    key: server.key,
  };
}

function isFit(server: Identity, authority: Identity, options: AuthorityOptions): boolean {
  const certificate = new X509Certificate(server.certificate);
  const enough = certificate.validToDate.getTime() - options.now.getTime() > RENEW_DAYS * DAY_MS;
  return (
    enough &&
    certificate.verify(new X509Certificate(authority.certificate).publicKey) &&
    options.names.every((name) => covers(certificate, name))
  );
}

function covers(certificate: X509Certificate, name: string): boolean {
  return (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
}

/** Key first: a certificate without its key would count as whole at the next start. */
async function keep(directory: string, name: string, made: Identity): Promise<Identity> {
  const identity = { certificate: `${made.certificate.trimEnd()}\n`, key: made.key };
  await writePrivate(join(directory, `${name}.key`), identity.key);
  await writePrivate(join(directory, `${name}.crt`), identity.certificate);
  return identity;
}

async function readIdentity(directory: string, name: string): Promise<Identity | undefined> {
  const certificate = await readIfThere(join(directory, `${name}.crt`));
  const key = await readIfThere(join(directory, `${name}.key`));
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

async function givenAuthority(certFile: string, keyFile: string): Promise<Authority> {
  try {
    const chain = await readFile(certFile, "utf8");
    const key = await readFile(keyFile, "utf8");
    const blocks = chain.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
    const last = blocks.at(-1);
    if (last === undefined) {
      throw new Error("it holds no certificate");
    }
    return { certificate: `${last}\n`, fingerprint: fingerprintOf(new X509Certificate(last).raw), chain, key };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(`tls_cert ${certFile} with tls_key ${keyFile} cannot be used: ${why}`, {
      cause: error,
    });
  }
}
