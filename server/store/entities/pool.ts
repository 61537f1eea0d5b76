import { defineEntity, p } from "@mikro-orm/core";

const PoolSchema = defineEntity({
  name: "Pool",
  tableName: "pool",
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    mode: p.enum(["versions", "mirror"] as const),
    description: p.text().default(""),
    revision: p.bigint("number").default(0),
    compactRevision: p.bigint("number").default(0),
    targetRevision: p.bigint("number").default(0),
    createdAt: p.datetime().defaultRaw("now()"),
  },
});

/** Endpoints that share targets and a policy. Its revision is moved by change-pool.ts alone. */
export class Pool extends PoolSchema.class {}
PoolSchema.setClass(Pool);
