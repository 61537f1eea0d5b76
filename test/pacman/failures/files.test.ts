// Package files that are not what was promised: from the mirror, on the way, inside, by their signatures. Each refusal leaves
// the machine as it was, and once the mirror is mended the same machine comes to the exact end.
import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { planOf } from "../../support/endpoint.ts";
import type { Repository } from "../../support/repository.ts";
import { openSigner } from "../../support/signer.ts";
import { expectEdit, expectExact, openScene, type Scene, unchanged } from "./scene.ts";

/** Bytes in the middle are others, the length stays. */
function corrupt(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0x41, bytes.length - 40, bytes.length - 20);
  writeFileSync(file, bytes);
}

const spoiled: readonly { readonly what: string; readonly spoil: (file: string) => void; readonly says: RegExp }[] = [
  { what: "another checksum", spoil: corrupt, says: /SHA-256/ },
  { what: "cut off", spoil: (file) => truncateSync(file, 100), says: /100 bytes instead/ },
  { what: "a page for people", spoil: (file) => writeFileSync(file, "<html>no</html>"), says: /bytes instead/ },
  { what: "gone", spoil: (file) => rmSync(file), says: /not there/ },
];

test.for(spoiled)(
  "a file on the mirror that is $what: refused, nothing changed, and well after",
  async ({ spoil, says }) => {
    await using scene = await openScene();
    const plan = await scene.plan();
    spoil(scene.repository.path("tool"));
    const outcome = await unchanged(scene.root, () => scene.endpoint.execute(plan));
    expect(outcome).toMatchObject({ state: "refused", problems: [expect.stringMatching(says)] });
    await scene.mend();
    expect(await scene.endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
    await expectExact(scene);
  },
);

/** A mirror on loopback that answers one package in its own way. */
async function openMirror(answer: (response: ServerResponse, bytes: Buffer) => void) {
  let repository: Repository | undefined;
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url ?? "").slice(1);
    const file = join(repository?.directory ?? "", name);
    if (name.startsWith("tool-2") && request.method === "GET") answer(response, readFileSync(file));
    else response.end(request.method === "HEAD" ? "" : readFileSync(file));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    serve: (one: Repository) => void (repository = one),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** The machine asks this mirror first, then, when it is to come to an end, the repository's own folder. */
function useMirrors(scene: Scene, ...urls: readonly string[]): void {
  const configuration = readFileSync(scene.root.configFile, "utf8");
  const [options = ""] = configuration.split("[core]");
  writeFileSync(scene.root.configFile, `${options}[core]\n${urls.map((url) => `Server = ${url}\n`).join("")}`);
}

const mirrors: readonly {
  readonly what: string;
  readonly answer: Parameters<typeof openMirror>[0];
  readonly says: RegExp;
}[] = [
  { what: "says 404", answer: (response) => void response.writeHead(404).end(), says: /404/ },
  { what: "says 500", answer: (response) => void response.writeHead(500).end(), says: /500/ },
  {
    what: "sends a page with 200",
    answer: (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
    says: /HTML/,
  },
  {
    what: "breaks off",
    answer: (response, bytes) => {
      response.writeHead(200, { "content-length": bytes.length });
      response.write(bytes.subarray(0, 50), () => response.destroy());
    },
    says: /tool-2-1/,
  },
];

test.for(mirrors)(
  "a mirror that $what costs only itself: refused without another, and whole with one",
  async ({ answer, says }) => {
    await using mirror = await openMirror(answer);
    await using scene = await openScene();
    mirror.serve(scene.repository);
    const plan = await scene.plan();
    useMirrors(scene, mirror.url);
    const outcome = await unchanged(scene.root, () => scene.endpoint.execute(plan));
    expect(outcome).toMatchObject({ state: "refused", problems: [expect.stringMatching(says)] });
    useMirrors(scene, mirror.url, scene.repository.server);
    expect(await scene.endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
    await expectExact(scene);
  },
);

test("an archive that was published cut off inside is no false green: named, the way back is open, and a mended one goes in", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [`usr/share/tool/${n}`, "text\n".repeat(1_000)]),
  );
  await using scene = await openScene({ after: { tool: { files } } });
  const { root, endpoint } = scene;
  const old = [await root.query(), await root.explicit()];
  await scene.repository.republishCut("tool", 0.6);
  const outcome = await endpoint.sync(await scene.retarget());
  expect(outcome.state).toBe("interrupted");
  expect(outcome.problems.join("\n")).toMatch(/tool.*Truncated/);
  expectEdit(root);
  expect(await endpoint.execute(planOf(await endpoint.planRevert()))).toEqual({ state: "succeeded", problems: [] });
  expect([await root.query(), await root.explicit()]).toEqual(old);
  expect(await root.complaints()).toEqual([]);
  await scene.mend();
  expect(await endpoint.sync(await scene.retarget())).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});

test("signatures: wrong, by a stranger, by a known key that nobody trusts, missing; each is refused and nothing changed", async () => {
  await using signer = await openSigner();
  await using stranger = await openSigner();
  await using untrusted = await openSigner();
  await using scene = await openScene({ signer });
  await untrusted.fillKeyring(join(scene.root.directory, "gnupg"), { trusted: false });
  const tool = scene.repository.path("tool");
  const lib = scene.repository.path("lib");
  const acts: readonly (() => Promise<void> | void)[] = [
    () => writeFileSync(`${tool}.sig`, readFileSync(`${lib}.sig`)),
    () => stranger.sign(tool),
    () => untrusted.sign(tool),
    () => rmSync(`${tool}.sig`),
  ];
  for (const act of acts) {
    await act();
    await scene.repository.republish();
    const target = await scene.retarget();
    const state = await unchanged(scene.root, async () => {
      const answer = await scene.endpoint.plan(target);
      return answer.kind === "refusal" ? "refused" : (await scene.endpoint.execute(answer.plan)).state;
    });
    expect(state).toBe("refused");
  }
  await signer.sign(tool);
  await scene.repository.republish();
  expect(await scene.endpoint.sync(await scene.retarget())).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});

test("a wrong signature beside a cached file costs only the cache: the mirror's own one is taken", async () => {
  await using signer = await openSigner();
  await using scene = await openScene({ signer });
  const { root, repository } = scene;
  const files = ["tool", "lib"].map((name) => repository.path(name));
  const signatures = files.map((file) => readFileSync(`${file}.sig`));
  // The database names no signatures, as those of Arch: they lie beside the files only.
  for (const file of files) rmSync(`${file}.sig`);
  await repository.republish();
  files.forEach((file, index) => {
    writeFileSync(`${file}.sig`, signatures[index] ?? "");
    copyFileSync(file, join(root.cacheDir, basename(file)));
    // Well-formed, by a key that the machine trusts, and of the other file.
    writeFileSync(join(root.cacheDir, `${basename(file)}.sig`), signatures[1 - index] ?? "");
  });
  expect(await scene.endpoint.sync(await scene.retarget())).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});
