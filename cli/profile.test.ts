import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectionOptions, resolveAccess } from "./connect.ts";
import type { GlobalOptions } from "./options.ts";
import { loadProfileFile, saveProfile } from "./profile.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-profile-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const none: GlobalOptions = {
  server: undefined,
  ca: undefined,
  config: undefined,
  profile: undefined,
  output: "table",
  timeout: undefined,
  color: true,
  verbose: false,
};

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("profiles", () => {
  it("says which key of which file is unknown, and what is known", () => {
    const path = write("config.toml", '[profiles.home]\nsever = "x:1"\n');
    expect(() => loadProfileFile(path, {})).toThrow(
      /profiles\.home: unknown key sever; known are server, ca, key_file/,
    );
  });

  it("says where a file is not TOML", () => {
    const path = write("config.toml", "[profiles.home]\nserver = \n");
    expect(() => loadProfileFile(path, {})).toThrow(/config\.toml:2:\d+: this is not TOML/);
  });

  it("is missing in silence unless it was named", () => {
    expect(loadProfileFile(undefined, { XDG_CONFIG_HOME: folder }).isThere).toBe(false);
    expect(() => loadProfileFile(join(folder, "nowhere.toml"), {})).toThrow(
      /reading the configuration .*nowhere\.toml failed/,
    );
  });

  it("names the profiles that there are when the wanted one is not", () => {
    const config = write("config.toml", '[profiles.home]\nserver = "h:1"\n[profiles.lab]\nserver = "l:1"\n');
    expect(() => resolveAccess({ ...none, config, profile: "work" }, {})).toThrow(
      /no profile work; there are home, lab/,
    );
  });

  it("lets options win over the environment, and that over the profile", () => {
    const key = write("key", "ppk_a_b\n");
    const config = write("config.toml", `[profiles.default]\nserver = "profile:1"\nkey_file = "${key}"\n`);
    const environment = { PACPOOL_SERVER: "environment:1" };
    expect(resolveAccess({ ...none, config }, {}).address).toBe("profile:1");
    expect(resolveAccess({ ...none, config }, environment).address).toBe("environment:1");
    expect(resolveAccess({ ...none, config, server: "option:1" }, environment).address).toBe("option:1");
    expect(resolveAccess({ ...none, config }, {}).key).toBe("ppk_a_b");
    expect(resolveAccess({ ...none, config }, { PACPOOL_KEY: "ppk_c_d" }).key).toBe("ppk_c_d");
  });

  it("refuses an address that is none, and a key that could not be sent", () => {
    const environment = { XDG_CONFIG_HOME: folder };
    expect(() => resolveAccess({ ...none, server: "no port" }, environment)).toThrow(/is not HOST:PORT/);
    expect(() => resolveAccess(none, { ...environment, PACPOOL_KEY: "two words" })).toThrow(/does not hold a key/);
  });

  it("exits with 5 without a key, before anything is asked", () => {
    const access = resolveAccess(none, { XDG_CONFIG_HOME: folder });
    expect(() => connectionOptions(access)).toThrow(expect.objectContaining({ exitCode: 5 }));
  });

  it("keeps other profiles when one is written, for the owner's eyes only", () => {
    const path = write("config.toml", '[profiles.lab]\nserver = "l:1"\n');
    saveProfile(path, "home", { server: "h:1", keyFile: "/k" });
    expect(loadProfileFile(path, {}).profiles).toEqual({
      lab: { server: "l:1" },
      home: { server: "h:1", keyFile: "/k" },
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).toContain("[profiles.home]");
  });
});
