// A throw-away signing key: signs files, and makes keyrings that trust it. Its agent process is ended on disposal.
import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Signs as pacman expects: detached, binary. */
export interface Signer extends AsyncDisposable {
  /** 40 upper-case hex digits. */
  readonly fingerprint: string;
  sign(file: string): Promise<void>;
  /** Fills an existing folder with a keyring in which this key is trusted, or only known. */
  fillKeyring(folder: string, options?: { readonly trusted: boolean }): Promise<void>;
}

/** Makes a key; 0.1 s. */
export async function openSigner(): Promise<Signer> {
  const home = mkdtempSync(join(tmpdir(), "pacpool-signer-"));
  const gpg = (...more: readonly string[]) => run("gpg", ["--homedir", home, "--batch", "--quiet", ...more]);
  await gpg("--passphrase", "", "--quick-gen-key", "A Test <test@example.invalid>", "ed25519", "sign", "never");
  const { stdout } = await gpg("--list-keys", "--with-colons");
  const fingerprint = /^fpr:+([0-9A-F]+):/m.exec(stdout)?.[1];
  if (fingerprint === undefined) throw new Error("reading the fingerprint of the test key: gpg printed none");
  return {
    fingerprint,
    async sign(file) {
      await gpg("--yes", "--detach-sign", "--output", `${file}.sig`, file);
    },
    async fillKeyring(folder, { trusted } = { trusted: true }) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // Without the file pacman warns; what another signer put into it stays.
      appendFileSync(join(folder, "pubring.gpg"), "");
      // Without it pacman would look for keys on the network.
      writeFileSync(join(folder, "gpg.conf"), "disable-dirmngr\n");
      const key = join(home, "key.gpg");
      const trust = join(home, "trust.txt");
      await gpg("--yes", "--output", key, "--export", fingerprint);
      writeFileSync(trust, `${fingerprint}:6:\n`);
      await run("gpg", ["--homedir", folder, "--batch", "--quiet", "--import", key]);
      if (trusted) await run("gpg", ["--homedir", folder, "--batch", "--quiet", "--import-ownertrust", trust]);
      await endAgent(folder);
    },
    async [Symbol.asyncDispose]() {
      await endAgent(home);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Ends the gpg-agent that a keyring folder may have started. */
export async function endAgent(folder: string): Promise<void> {
  await run("gpgconf", ["--homedir", folder, "--kill", "all"]).catch(() => undefined);
}
