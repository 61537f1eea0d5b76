// Who calls. Made by the server's edge from the key in the metadata; operations decide what they may.

export type RoleName = "viewer" | "operator" | "administrator";

/** The caller of an rpc. A stranger may only ask for health and enrol with a token. */
export type Principal =
  | { readonly kind: "operator"; readonly id: string; readonly name: string; readonly role: RoleName }
  | { readonly kind: "endpoint"; readonly endpointId: string }
  | { readonly kind: "stranger" };
