// Settings that pacman 7 brought, and that an older one warns about: they are the owner's, and stand in nobody's way.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { planOf } from "../../support/endpoint.ts";
import { expectExact, openScene } from "./scene.ts";

test.for([
  { setting: "DownloadUser = nobody" },
  // As on a machine whose image was made before the user was.
  { setting: "DownloadUser = no-such-user" },
  { setting: "DisableSandbox" },
])("$setting: nothing is downloaded by pacman itself, so the machine goes there and back", async ({ setting }) => {
  await using scene = await openScene();
  const { root, endpoint } = scene;
  const old = await root.query();
  writeFileSync(root.configFile, readFileSync(root.configFile, "utf8").replace("[core]", `${setting}\n[core]`));
  expect(await endpoint.sync(scene.target)).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
  expect(await endpoint.execute(planOf(await endpoint.planRevert()))).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(old);
});

test("files that the owner keeps from being upgraded or extracted are nothing that a proof complains about", async () => {
  await using scene = await openScene();
  const text = readFileSync(scene.root.configFile, "utf8");
  writeFileSync(
    scene.root.configFile,
    text.replace("[core]", "NoUpgrade = etc/app.conf\nNoExtract = usr/share/app/*\n[core]"),
  );
  expect(await scene.endpoint.sync(scene.target)).toMatchObject({ state: "succeeded" });
  expect(await scene.root.query()).toEqual(scene.wanted);
});
