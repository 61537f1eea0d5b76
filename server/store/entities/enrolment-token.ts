import { defineEntity, p } from "@mikro-orm/core";

const EnrolmentTokenSchema = defineEntity({
  name: "EnrolmentToken",
  tableName: "enrolment_token",
  properties: {
    id: p.text().primary(),
    /** Lower-case hex SHA-256. */
    secretHash: p.text(),
    poolId: p.uuid(),
    usesLeft: p.integer(),
    expiresAt: p.datetime(),
    createdAt: p.datetime().defaultRaw("now()"),
  },
});

/** What lets a machine become an endpoint. */
export class EnrolmentToken extends EnrolmentTokenSchema.class {}
EnrolmentTokenSchema.setClass(EnrolmentToken);
