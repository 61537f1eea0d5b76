// Keys and roles as clients see them: plain values with domain's words.
import {
  type WhoAmIResponse as WireCaller,
  type Key as WireKey,
  Role as WireRole,
} from "../../proto/generated/pacpool/v1/access.ts";
import type { RoleName } from "../principal.ts";

/** One key without its secret. Times are Unix milliseconds, 0 while there is none. */
export interface KeyView {
  readonly id: string;
  readonly name: string;
  readonly role: RoleName;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number;
  readonly isRevoked: boolean;
}

const ROLE = {
  viewer: WireRole.VIEWER,
  operator: WireRole.OPERATOR,
  administrator: WireRole.ADMINISTRATOR,
} as const satisfies Record<RoleName, WireRole>;

const ROLE_BACK = new Map<WireRole, RoleName>(
  (Object.entries(ROLE) as [RoleName, WireRole][]).map(([ours, wire]) => [wire, ours]),
);

export function encodeRole(role: RoleName): WireRole {
  return ROLE[role];
}

/** Undefined for UNSPECIFIED and for roles of a newer peer. */
export function decodeRole(wire: WireRole): RoleName | undefined {
  return ROLE_BACK.get(wire);
}

/** A role that a newer server knows is shown as the least. */
export function decodeKey(wire: WireKey): KeyView {
  return {
    id: wire.id,
    name: wire.name,
    role: decodeRole(wire.role) ?? "viewer",
    createdAtMs: wire.createdAt?.getTime() ?? 0,
    lastUsedAtMs: wire.lastUsedAt?.getTime() ?? 0,
    isRevoked: wire.revoked,
  };
}

/** Whom the server takes the caller for, and what it is itself. */
export interface CallerView {
  readonly name: string;
  /** Undefined for an endpoint, and for a role that only a newer server knows. */
  readonly role: RoleName | undefined;
  readonly serverVersion: string;
  readonly protocolVersion: number;
  /** base64url SHA-256 of the authority's certificate. */
  readonly fingerprint: string;
}

export function decodeCaller(wire: WireCaller): CallerView {
  const { name, role, serverVersion, protocolVersion, fingerprint } = wire;
  return { name, role: decodeRole(role), serverVersion, protocolVersion, fingerprint };
}
