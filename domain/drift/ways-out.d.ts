import type { SyncStatus } from "./sync-status.ts";
export interface WayOut {
    /** A command line. */
    readonly verb: string;
    /** What it does, for people. */
    readonly does: string;
}
/** Empty where there is nothing to choose. */
export declare function waysOut({ name, status }: {
    readonly name: string;
    readonly status: SyncStatus;
}): readonly WayOut[];
