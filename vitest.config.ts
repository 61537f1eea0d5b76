// Which tests exist, by folder, and how long each kind may take. A test file that no project takes fails
// test/architecture.test.ts, so that none is forgotten.
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

type Project = {
  readonly name: string;
  readonly include: readonly string[];
  readonly timeoutSeconds: number;
  /** Started once, before the first file of the project. */
  readonly globalSetup?: string;
  /** False: files share a process one after the other, for tests that keep no state in modules but load much. */
  readonly isolate?: boolean;
  /** Its tests run another pacman than the machine's: one of this folder, where it has one. */
  readonly programs?: string;
};

const beside = ["domain", "rpc", "server", "agent", "tui", "waybar", "cli"];

const pacmanSuite = ["test/{pacman,agent}/**/*.test.ts"];

const projects: readonly Project[] = [
  { name: "unit", include: beside.map((folder) => `${folder}/**/*.test.{ts,tsx}`), timeoutSeconds: 10 },
  // Lints planted violations, some seconds each.
  { name: "house", include: ["test/*.test.ts", "tools/**/*.test.ts"], timeoutSeconds: 60 },
  // Real PostgreSQL: one cluster for all files, a database for each server.
  {
    name: "rpc",
    include: ["test/{rpc,server}/**/*.test.ts"],
    timeoutSeconds: 30,
    globalSetup: "test/support/shared-postgres.ts",
    isolate: false,
  },
  { name: "pacman", include: pacmanSuite, timeoutSeconds: 60 },
  // What Arch has; `make pacman7-tools` fills the folder.
  {
    name: "long-pacman7",
    include: pacmanSuite,
    timeoutSeconds: 60,
    programs: ".build/pacman-7/bin",
    globalSetup: "test/support/pacman-seven.ts",
  },
  { name: "tui", include: ["test/tui/**/*.test.{ts,tsx}"], timeoutSeconds: 60 },
  { name: "waybar", include: ["test/waybar/**/*.test.ts"], timeoutSeconds: 60 },
  { name: "e2e", include: ["test/{e2e,cli}/**/*.test.ts"], timeoutSeconds: 180 },
  { name: "long", include: ["test/long/**/*.test.ts"], timeoutSeconds: 1800 },
];

export default defineConfig({
  test: {
    pool: "forks",
    // The machines that run this have two cores; the tests start databases and package managers of their own.
    maxWorkers: 2,
    projects: projects.map(({ name, include, timeoutSeconds, globalSetup, isolate = true, programs }) => ({
      extends: true,
      test: {
        name,
        include: [...include],
        isolate,
        env: programs === undefined ? {} : { PATH: `${resolve(programs)}:${process.env["PATH"] ?? ""}` },
        globalSetup: globalSetup === undefined ? [] : [globalSetup],
        testTimeout: timeoutSeconds * 1000,
        hookTimeout: Math.max(timeoutSeconds, 60) * 1000,
      },
    })),
  },
});
