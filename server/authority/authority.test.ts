import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdtemp, readdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigurationError } from "../config.ts";
import { openAuthority } from "./authority.ts";

const names = ["127.0.0.1", "::1", "localhost", "server.example"];
const base = mkdtempSync(join(tmpdir(), "pacpool-authority-"));
const now = new Date("2026-06-01T00:00:00Z");

afterAll(() => {
  rmSync(base, { recursive: true });
});

async function open(stateDir: string, overrides: { names?: readonly string[]; now?: Date } = {}) {
  return openAuthority({ stateDir, names, now, given: undefined, ...overrides });
}

describe("the authority", () => {
  it("is made once, for its user only, and kept", async () => {
    const stateDir = await mkdtemp(join(base, "state-"));
    const first = await open(stateDir);
    expect(await open(stateDir)).toEqual(first);
    for (const file of await readdir(join(stateDir, "authority"))) {
      expect((await stat(join(stateDir, "authority", file))).mode & 0o777).toBe(0o600);
    }
  });

  it("signs a certificate for every name and address of the server", async () => {
    const authority = await open(await mkdtemp(join(base, "state-")));
    const [leaf, issuer] = authority.chain.match(/-----BEGIN[\s\S]+?END CERTIFICATE-----/g) ?? [];
    const certificate = new X509Certificate(leaf ?? "");
    expect(certificate.verify(new X509Certificate(issuer ?? "").publicKey)).toBe(true);
    expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(certificate.checkIP("::1")).toBe("::1");
    expect(certificate.checkHost("server.example")).toBe("server.example");
    expect(certificate.checkHost("other.example")).toBeUndefined();
  });

  it("renews the server's certificate for new names and near its end, never its own", async () => {
    const stateDir = await mkdtemp(join(base, "state-"));
    const first = await open(stateDir);
    const renamed = await open(stateDir, { names: [...names, "new.example"] });
    const later = await open(stateDir, { names: [...names, "new.example"], now: new Date("2028-07-01T00:00:00Z") });
    expect(new Set([first.chain, renamed.chain, later.chain]).size).toBe(3);
    expect(new Set([first.fingerprint, renamed.fingerprint, later.fingerprint]).size).toBe(1);
  });

  it("gives way to certificates of the administrator, and names the file that cannot be used", async () => {
    const folder = await mkdtemp(join(base, "state-"));
    const own = await open(folder);
    const [certFile, keyFile] = [join(folder, "c.pem"), join(folder, "k.pem")];
    await writeFile(certFile, own.chain);
    await writeFile(keyFile, own.key);
    const given = await openAuthority({ stateDir: folder, names, now, given: { certFile, keyFile } });
    expect(given.fingerprint).toBe(own.fingerprint);
    await writeFile(certFile, "nothing");
    const failed = openAuthority({ stateDir: folder, names, now, given: { certFile, keyFile } });
    await expect(failed).rejects.toThrow(ConfigurationError);
    await expect(failed).rejects.toThrow(/c\.pem .*holds no certificate/);
  });
});
