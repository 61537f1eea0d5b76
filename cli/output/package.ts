// One package over many endpoints, as JSON and as tables: its builds, what targets want, and who is not as wanted.
import { DRIFT_FACES } from "../../domain/face/faces.ts";
import type { PackageEndpointView, PackageView } from "../../rpc/codec/package.ts";
import type { Terminal } from "../terminal.ts";
import { jsonTime } from "./json.ts";
import { counted, faceCell, localTime, size } from "./words.ts";

type Json = Readonly<Record<string, unknown>>;

/** The shape of `package NAME -o json`. What is not there is null. */
export function packageJson(found: PackageView): Json {
  return {
    name: found.name,
    total: found.total,
    without: found.without,
    unreported: found.unreported,
    builds: found.builds.map((one) => ({
      version: one.version,
      architecture: one.architecture,
      buildTime: jsonTime(one.buildDateMs),
      endpoints: one.endpoints,
      repository: orNull(one.repository),
      signer: orNull(one.signer),
      keptBytes: one.keptBytes,
    })),
    wants: found.wants.map((one) => ({
      pool: one.pool,
      targetRevision: one.targetRevision,
      class: one.class,
      version: orNull(one.version),
      repository: orNull(one.repository),
      signer: orNull(one.signer),
      pinned: one.isPinned,
      required: one.isRequired,
      endpoints: one.endpoints,
    })),
    endpoints: found.endpoints.map((one) => ({
      endpoint: one.endpoint,
      endpointId: one.endpointId,
      pool: one.pool,
      online: one.isOnline,
      version: orNull(one.version),
      architecture: orNull(one.architecture),
      buildTime: jsonTime(one.buildDateMs),
      explicit: one.isExplicit,
      wanted: orNull(one.wanted),
      drift: one.drift ?? null,
      why: one.why,
    })),
  };
}

export function printPackage(terminal: Terminal, found: PackageView): void {
  const { name, builds, wants, total, without, unreported } = found;
  if (builds.length === 0 && wants.every(({ version }) => version === "")) {
    terminal.note(`No machine has ${name}, and no target knows it. Names are whole: \`pacman -Ss\` finds them.`);
    return;
  }
  printBuilds(terminal, found);
  terminal.print("");
  printWants(terminal, found);
  const others = found.endpoints.filter(isWorthALine);
  if (others.length > 0) terminal.print("");
  printEndpoints(terminal, others);
  const silent = unreported === 0 ? "" : `, ${counted(unreported, "machine")} not reported yet`;
  terminal.note(`${String(total - without - unreported)} of ${counted(total, "machine")} have it${silent}.`);
}

function printBuilds(terminal: Terminal, { builds }: PackageView): void {
  terminal.printTable(
    [
      { title: "VERSION" },
      { title: "ON", align: "right" },
      { title: "BUILT" },
      { title: "REPOSITORY" },
      { title: "SIGNED BY" },
      { title: "KEPT", align: "right" },
    ],
    builds.map((one) => [
      { text: one.version, paint: (text: string) => terminal.paint("strong", text) },
      String(one.endpoints),
      localTime(one.buildDateMs),
      one.repository === "" ? "none any more" : one.repository,
      one.repository === "" ? "" : one.signer === "" ? "no signature there" : one.signer,
      one.keptBytes === 0 ? "no" : size(one.keptBytes),
    ]),
  );
}

function printWants(terminal: Terminal, { wants }: PackageView): void {
  terminal.printTable(
    [
      { title: "POOL" },
      { title: "TARGET", align: "right" },
      { title: "CLASS" },
      { title: "WANTS" },
      { title: "OF", align: "right" },
      { title: "" },
    ],
    wants.map((one) => [
      one.pool,
      String(one.targetRevision),
      one.class,
      one.version === "" ? "nothing" : one.version,
      String(one.endpoints),
      [...(one.isPinned ? ["pinned"] : []), ...(one.isRequired ? ["must be there"] : [])].join(", "),
    ]),
  );
}

function isWorthALine({ drift, why }: PackageEndpointView): boolean {
  return drift !== undefined || why !== "";
}

function printEndpoints(terminal: Terminal, endpoints: readonly PackageEndpointView[]): void {
  if (endpoints.length === 0) return;
  terminal.printTable(
    [
      { title: "ENDPOINT" },
      { title: "POOL" },
      { title: "IS" },
      { title: "HAS" },
      { title: "WANTED" },
      { title: "WHY", flexible: true },
    ],
    endpoints.map((one) => [
      one.endpoint,
      one.pool,
      one.drift === undefined ? "" : faceCell(DRIFT_FACES[one.drift], terminal),
      one.version,
      one.wanted,
      one.why,
    ]),
  );
}

function orNull(text: string): string | null {
  return text === "" ? null : text;
}
