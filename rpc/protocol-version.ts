/** What agent and server must agree on. Grows by one with every change that an older peer would misread. */
export const PROTOCOL_VERSION = 1;
