// pacpool.v1.AccessService: decode, call, encode. Secrets pass through here once, on their way to who asked for them.
import { invalidField } from "../../domain/refusal.ts";
import type { Duration } from "../../proto/generated/google/protobuf/duration.ts";
import { AccessServiceService, Role } from "../../proto/generated/pacpool/v1/access.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import { formatJoinCode } from "../../rpc/join-code.ts";
import type { Principal } from "../../rpc/principal.ts";
import { PROTOCOL_VERSION } from "../../rpc/protocol-version.ts";
import { durationMs } from "../session/durations.ts";
import { decodeRole, encodeKey, encodeRole } from "./encode.ts";
import { line, mutation, optionalReference, reference, within } from "./fields.ts";
import type { AccessCases } from "./use-cases.ts";

/** What the server says of itself. */
export interface ServerIdentity {
  readonly version: string;
  /** HOST:PORT that other machines reach it by. */
  readonly advertised: () => string;
  readonly fingerprint: string;
  readonly incarnation: string;
}

const DAY_MS = 86_400_000;
const MAX_VALID_DAYS = 90;
const MAX_USES = 10_000;
const MAX_KEY_NAME = 100;

export function accessService(cases: AccessCases, identity: ServerIdentity, edge: Edge): Implementation {
  return implement(
    AccessServiceService,
    {
      createToken: async (request, { principal }) => {
        const { id, token, expiresAt } = await cases.createToken({
          ...mutation(request, principal),
          pool: optionalReference("pool", request.pool),
          uses: request.uses === 0 ? 1 : within("uses", request.uses, 1, MAX_USES),
          validForMs: validForMs(request.validFor),
        });
        const joinCode = formatJoinCode({ address: identity.advertised(), fingerprint: identity.fingerprint, token });
        return { id, token, joinCode, expiresAt };
      },
      createKey: async (request, { principal }) => {
        const { key, secret } = await cases.createKey({
          ...mutation(request, principal),
          name: keyName(request.name),
          role: role(request.role),
        });
        return { key: encodeKey(key), secret };
      },
      listKeys: async () => ({ keys: (await cases.listKeys()).map(encodeKey) }),
      revokeKey: async (request, { principal }) => {
        await cases.revokeKey({
          ...mutation(request, principal),
          id: reference("id", request.id),
        });
        return {};
      },
      whoAmI: (_request, { principal }) => Promise.resolve(introduce(principal, identity)),
    },
    edge,
  );
}

function introduce(principal: Principal, identity: ServerIdentity) {
  const operator = principal.kind === "operator" ? principal : undefined;
  return {
    id: operator?.id ?? "",
    name: operator?.name ?? "",
    role: operator === undefined ? Role.UNSPECIFIED : encodeRole(operator.role),
    endpointId: principal.kind === "endpoint" ? principal.endpointId : "",
    serverVersion: identity.version,
    protocolVersion: PROTOCOL_VERSION,
    fingerprint: identity.fingerprint,
    incarnation: identity.incarnation,
  };
}

function validForMs(duration: Duration | undefined): number {
  const ms = durationMs(duration) ?? DAY_MS;
  if (!(ms > 0) || ms > MAX_VALID_DAYS * DAY_MS) {
    throw invalidField(
      "valid_for",
      `${String(ms / 1_000)} s`,
      `more than 0 and at most ${String(MAX_VALID_DAYS)} days`,
    );
  }
  return ms;
}

function keyName(name: string): string {
  if (name.trim() === "") {
    throw invalidField("name", name, "a name that tells whose key it is");
  }
  return line("name", name, MAX_KEY_NAME);
}

function role(wire: Role) {
  const decoded = decodeRole(wire);
  if (decoded === undefined) {
    throw invalidField("role", String(wire), "VIEWER, OPERATOR or ADMINISTRATOR");
  }
  return decoded;
}
