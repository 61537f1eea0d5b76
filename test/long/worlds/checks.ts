// What must hold of a machine, whatever world it lives in. Each check answers with sentences about what does not.
import { defaultBuildDate, type PackagedFile, type PackageRecipe } from "../../support/package-archive.ts";
import { editOf, type World } from "./draw-world.ts";
import { hash, type MachineState } from "./machine-state.ts";

/** A refusal leaves everything as it was, to the last byte of pacman's database. */
export function checkUnchanged(first: MachineState, now: MachineState): readonly string[] {
  const files = (state: MachineState): string => [...state.files, ...state.besides].join("\n");
  return [
    ...(first.database === now.database ? [] : ["a refusal changed pacman's database"]),
    ...(files(first) === files(now) ? [] : ["a refusal changed files"]),
  ];
}

/** The files are those of the installed builds, no more and no fewer; what the owner edited is not lost. */
export function checkFiles(world: World, now: MachineState): readonly string[] {
  const recipes = [...world.before, ...world.after, ...world.foreign];
  const expected = new Map<string, string>();
  for (const line of now.packages) {
    const recipe = recipes.find((one) =>
      line.startsWith(`${one.name} ${one.version} ${one.buildDate ?? defaultBuildDate} `),
    );
    for (const [path, file] of Object.entries(recipe?.files ?? {})) expected.set(path, traceOf(file));
  }
  const edits = new Set(world.edited);
  const paths = [...new Set([...expected.keys(), ...now.files.keys()])].filter(
    (path) => !edits.has(path) && path !== world.stray,
  );
  return [
    ...paths.flatMap((path) => {
      const found = now.files.get(path);
      const wanted = expected.get(path);
      if (found === wanted) return [];
      if (found === undefined) return [`/${path} is missing`];
      // Configuration that changes its package: pacman cannot know whether it was edited, and lays the new one beside it.
      if (wanted !== undefined && now.besides.get(`${path}.pacnew`) === wanted) return [];
      return [wanted === undefined ? `/${path} is left over` : `/${path} has another content`];
    }),
    ...world.edited.filter((path) => !isEditKept(path, now)).map((path) => `the owner's /${path} is lost`),
  ];
}

function isEditKept(path: string, now: MachineState): boolean {
  const edit = hash(editOf(path));
  return (
    now.files.get(path) === edit || [...now.besides].some(([beside, text]) => beside.startsWith(path) && text === edit)
  );
}

function traceOf(file: PackagedFile): string {
  if (typeof file === "object" && "link" in file) return `-> ${file.link}`;
  if (typeof file === "object" && "text" in file) return hash(file.text);
  return hash(file);
}

/** Nothing went wrong but libraries of which the plan had warned, by program's package and library. */
export function checkLibraries(
  problems: readonly string[],
  warnings: readonly string[],
  owners: readonly PackageRecipe[] = [],
): readonly string[] {
  return problems.flatMap((line) => {
    const [, path, library] = /^\/(\S+) needs the library (\S+), which is not there$/.exec(line) ?? [];
    if (path === undefined || library === undefined) return [line];
    const owner = owners.find(({ files = {} }) => path in files)?.name ?? "";
    // Of a library that is held, or that another package stands in for, only its package is known by name.
    const holder = library.replace(/^lib(\w+)\.so.*$/, "$1");
    const names = new RegExp(`\\b${owner}\\b`);
    const isAbout = (one: string): boolean =>
      one.includes(library) || one.startsWith(`${holder} stays at `) || one.startsWith(`${holder} is not installed; `);
    const isTold = warnings.some((one) => names.test(one) && isAbout(one));
    return isTold ? [] : [`${line}, and the plan did not say so`];
  });
}
