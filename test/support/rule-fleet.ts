// A server and real machines on one repository, driven by the built program: what rules and conflicts come to on disk.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enrol } from "../../agent/enrol.ts";
import type { Endpoint } from "../../proto/generated/pacpool/v1/endpoint.ts";
import { type RunningAgent, startEnrolledAgent } from "../agent/running-agent.ts";
import { openPerson, type Person } from "../cli/run-pacpool.ts";
import { eventually } from "./eventually.ts";
import type { PackageRecipe } from "./package-archive.ts";
import { openPacmanRoot, type PacmanRoot } from "./pacman-root.ts";
import { openRepository, type Repository } from "./repository.ts";
import { openServer, type TestServer } from "./server.ts";

/** Everything in its first moment: `base` needs libfoo and tool, `game` needs gamelib, two packages are the group xorg. */
export function moment(version: string): readonly PackageRecipe[] {
  return [
    { name: "base", version, depends: ["libfoo", "tool"] },
    { name: "libfoo", version },
    { name: "tool", version, depends: ["libfoo"] },
    { name: "extra", version },
    { name: "game", version, depends: ["gamelib"] },
    { name: "gamelib", version },
    { name: "xserver", version, groups: ["xorg"] },
    { name: "xfonts", version, groups: ["xorg"] },
    { name: "edit-gui", version },
    { name: "edit-cli", version },
  ];
}

export interface RuledMachine {
  readonly name: string;
  readonly root: PacmanRoot;
  readonly agent: RunningAgent;
}

export interface RuleFleet extends AsyncDisposable {
  readonly server: TestServer;
  readonly core: Repository;
  readonly person: Person;
  /** A machine with these packages of the repository's present moment; its agent is connected and has reported. */
  readonly enter: (name: string, pool: string, ...installed: readonly string[]) => Promise<RuledMachine>;
  /** Waits until the server has seen what pacman says of the machine. */
  readonly seen: (machine: RuledMachine) => Promise<Endpoint>;
}

export async function openRuleFleet(): Promise<RuleFleet> {
  const stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "pacpool-rules-"));
  stack.defer(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const server = stack.use(await openServer());
  const { address, ca, adminKey: key } = server;
  const person = stack.use(openPerson({ server: address, ca, key }));
  const core = await openRepository({ directory: join(folder, "core"), name: "core", packages: moment("1.0-1") });
  const seen = (machine: RuledMachine): Promise<Endpoint> =>
    eventually(`${machine.name} to be seen as it is`, async () => {
      const installed = await machine.root.query();
      const { packages } = await server.admin.endpoints.getPackageSet({ endpoint: machine.name });
      const known = packages.map(({ name, version }) => `${name} ${version}`);
      const { endpoint } = await server.admin.endpoints.getEndpoint({ endpoint: machine.name });
      const isSame = known.toSorted().join() === installed.toSorted().join();
      // Its view comes on its own way, and counts once its databases are there.
      const { answer } = (await machine.agent.ask({ do: "status" })) as { answer?: { viewDigest?: string } };
      const view = endpoint?.view;
      return isSame && view !== undefined && view.class !== "" && view.digest === answer?.viewDigest
        ? endpoint
        : undefined;
    });
  return {
    server,
    core,
    person,
    seen,
    enter: async (name, pool, ...installed) => {
      const root = stack.use(await openPacmanRoot({ repositories: [core], installed }));
      const stateDir = join(folder, name);
      const { token } = await server.admin.access.createToken({ pool });
      await enrol({ address, ca, token, name, stateDir });
      const machine = { root, core, stateDir, [Symbol.asyncDispose]: () => root[Symbol.asyncDispose]() };
      const agent = stack.use(startEnrolledAgent(machine));
      await eventually(`${name} to have reported`, async () => {
        const { endpoint } = await server.admin.endpoints.getEndpoint({ endpoint: name });
        return endpoint !== undefined && endpoint.digest !== "" && endpoint.view !== undefined ? endpoint : undefined;
      });
      return { name, root, agent };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
