// Whether an agent took the target that it was sent. One that could not is blocked, and says why.
import type { Store } from "../store/store.ts";
import { changeEndpoint } from "./change-endpoint.ts";
import { refreshEndpointStatus } from "./refresh-status.ts";
import type { SessionRef } from "./sessions.ts";

/** `error` undefined means taken; that ends an earlier refusal of a target. Throws SUPERSEDED. */
export async function recordTargetStatus(
  store: Store,
  session: SessionRef,
  revision: number,
  error: string | undefined,
): Promise<void> {
  const because = error === undefined ? "" : `${REFUSED_TARGET}${String(revision)}: ${error}`;
  // Without a lock first: every agent of a pool answers every target, and nearly all have nothing to change.
  const rows = await store.database.query<{ refused_because: string }>(
    "select refused_because from endpoint where id = $1 and session_epoch = $2",
    [session.endpointId, session.epoch],
  );
  const before = rows[0]?.refused_because ?? "";
  const isChange = because === "" ? before.startsWith(REFUSED_TARGET) : before !== because;
  if (rows.length > 0 && !isChange) return;
  await changeEndpoint(store, session, async ({ sql, change }) => {
    await sql.query("update endpoint set refused_because = $2 where id = $1", [session.endpointId, because]);
    if (await refreshEndpointStatus(store, sql, session.endpointId)) {
      change.touch({ kind: "endpoint", id: session.endpointId });
    }
  });
}

const REFUSED_TARGET = "the agent did not take target ";
