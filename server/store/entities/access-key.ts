import { defineEntity, p } from "@mikro-orm/core";

const AccessKeySchema = defineEntity({
  name: "AccessKey",
  tableName: "access_key",
  properties: {
    id: p.text().primary(),
    name: p.text(),
    role: p.enum(["viewer", "operator", "administrator"] as const),
    /** Lower-case hex SHA-256. */
    secretHash: p.text(),
    revoked: p.boolean().default(false),
    createdAt: p.datetime().defaultRaw("now()"),
    lastUsedAt: p.datetime().nullable(),
  },
});

/** A key of a person or script. */
export class AccessKey extends AccessKeySchema.class {}
AccessKeySchema.setClass(AccessKey);
