// The loops that keep package files, bound to configuration, agents' streams and metrics.

import type { Logger } from "../rpc/log.ts";
import type { ServerConfig } from "./config.ts";
import { collectGarbage } from "./loops/collect-garbage.ts";
import { type FileKeeper, keepFiles } from "./loops/keep-files.ts";
import type { EndpointSources } from "./operations/files/ask-endpoints.ts";
import { USUAL_PATIENCE } from "./operations/files/http-source.ts";
import type { TargetFile } from "./operations/files/target-files.ts";
import type { Metrics } from "./ops/metrics.ts";
import type { SessionRegistry } from "./session/registry.ts";
import type { Store } from "./store/store.ts";

export interface FileKeepingOptions {
  readonly config: ServerConfig;
  readonly log: Logger;
  readonly registry: SessionRegistry;
  readonly metrics: Metrics;
}

export function openFileKeeping(opening: AsyncDisposableStack, options: FileKeepingOptions, store: Store): FileKeeper {
  const { config, log, registry, metrics } = options;
  const onError = (error: unknown): void => {
    log.warn({ err: error }, "keeping files failed, the next round tries again");
  };
  opening.use(
    collectGarbage({
      store,
      keepTargets: config.keepTargets,
      onError,
      onStored: (stored) => {
        for (const { kind, files, bytes } of stored) {
          metrics.artifacts.set({ kind }, files);
          metrics.artifactBytes.set({ kind }, bytes);
        }
      },
    }),
  );
  return opening.use(
    keepFiles({
      store,
      endpoints: endpointSources(registry),
      rules: {
        unsignedAllowed: new Set(config.unsignedAllowed),
        fetchMirrors: config.fetchMirrors,
        archive: config.archive,
        patience: USUAL_PATIENCE,
      },
      onError,
      onSourceFailed: (source, error) => {
        log.info({ err: error, source }, "a source of package files failed");
      },
    }),
  );
}

function endpointSources(registry: SessionRegistry): EndpointSources {
  return {
    connected: () => registry.endpointIds(),
    async ask(endpointId, files, signal) {
      return (await registry.requestFiles(endpointId, files.map(encodeWanted), signal)).notOffered;
    },
  };
}

function encodeWanted({ sha256, filename, size, name, version, architecture, buildDate, signature }: TargetFile) {
  const known = { sha256, filename, name, version, architecture, signatureKnown: signature !== "" };
  return { ...known, size: BigInt(size), buildDate: BigInt(buildDate) };
}
