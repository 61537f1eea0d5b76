import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigurationError, loadServerConfig } from "./config.ts";

const folder = mkdtempSync(join(tmpdir(), "pacpool-config-"));
let files = 0;

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(text: string): string {
  files += 1;
  const path = join(folder, `${String(files)}-server.toml`);
  writeFileSync(path, text);
  return path;
}

function failure(text: string, environment: Record<string, string> = {}): string {
  try {
    loadServerConfig({ file: file(text), environment });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).exitCode).toBe(2);
    return (error as Error).message;
  }
  throw new Error("it was taken");
}

describe("the server's configuration", () => {
  it("has a default for every key, on loopback only", () => {
    const config = loadServerConfig({ file: file(""), environment: { XDG_STATE_HOME: "/s", HOME: "/h" } });
    expect(config).toMatchObject({
      listen: "127.0.0.1:7117",
      opsListen: "127.0.0.1:7118",
      heartbeatSeconds: 30,
      logLevel: "info",
    });
    expect(config.databaseUrl).toBeUndefined();
    expect(config.tls).toBeUndefined();
  });

  it("takes a key from the environment before the file", () => {
    const path = file('listen = "0.0.0.0:1"\nheartbeat = 5\n');
    const config = loadServerConfig({
      file: path,
      environment: { PACPOOL_LISTEN: "127.0.0.1:2", PACPOOL_LOG_LEVEL: "debug" },
    });
    expect(config).toMatchObject({ file: path, listen: "127.0.0.1:2", heartbeatSeconds: 5, logLevel: "debug" });
  });

  it("takes dashes for underscores, as agent.toml writes its keys", () => {
    expect(loadServerConfig({ file: file('ops-listen = "off"'), environment: {} }).opsListen).toBeUndefined();
  });

  it("keeps three targets back and asks mirrors but no archive, unless told otherwise", () => {
    expect(loadServerConfig({ file: file(""), environment: {} })).toMatchObject({
      keepTargets: 3,
      fetchMirrors: true,
      archive: undefined,
      unsignedAllowed: [],
    });
    const digest = "ab".repeat(32);
    const text = `keep_targets = 0\nfetch-mirrors = false\narchive = "https://a.example/{filename}"\nunsigned_allowed = ["${digest}"]`;
    const told = { keepTargets: 0, fetchMirrors: false, archive: "https://a.example/{filename}" };
    expect(loadServerConfig({ file: file(text), environment: {} })).toMatchObject({
      ...told,
      unsignedAllowed: [digest],
    });
    const environment = { PACPOOL_FETCH_MIRRORS: "false", PACPOOL_UNSIGNED_ALLOWED: `${digest}, ${digest}` };
    expect(loadServerConfig({ file: file(""), environment })).toMatchObject({
      fetchMirrors: false,
      unsignedAllowed: [digest, digest],
    });
    expect(failure('archive = "https://a.example/"')).toContain("{filename}");
    expect(failure('unsigned_allowed = ["app"]')).toContain("unsigned_allowed");
  });

  it("takes an IPv6 address in brackets", () => {
    expect(loadServerConfig({ file: file('listen = "[::]:7117"'), environment: {} }).listen).toBe("[::]:7117");
  });

  it("names the file, the key and the known keys when a key is unknown", () => {
    expect(failure('lisen = "x"')).toMatch(/server\.toml: unknown key lisen; known keys are listen, ops_listen/);
  });

  it("names what is allowed when a value is wrong", () => {
    expect(failure('listen = "nowhere"')).toMatch(/listen: "nowhere" is not allowed; allowed is HOST:PORT/);
    expect(failure("heartbeat = 0")).toMatch(/allowed is seconds from 1 to 600/);
    expect(failure('listen = "127.0.0.1:70000"')).toMatch(/not allowed/);
    expect(failure("", { PACPOOL_LOG_LEVEL: "loud" })).toMatch(
      /PACPOOL_LOG_LEVEL: "loud" is not allowed; allowed is trace, debug/,
    );
  });

  it("never shows a database password", () => {
    expect(failure('database_url = "mysql://u:secret@h/d"')).not.toContain("secret");
  });

  it("wants a certificate and its key together", () => {
    expect(failure('tls_cert = "/c.pem"')).toMatch(/belong together/);
  });

  it("says where a file is not TOML, and that a named file must exist", () => {
    expect(failure("listen = ")).toMatch(/is not TOML at line 1/);
    expect(() => loadServerConfig({ file: "/nowhere/server.toml", environment: {} })).toThrow(
      /reading .*\/nowhere\/server\.toml failed/,
    );
  });
});
