// Runs an agent as a process of its own, for tests that kill one: agent-process.ts STATE_DIR PACMAN_CONFIG.
import { loadAgentConfig } from "../../agent/config.ts";
import { runAgent } from "../../agent/main.ts";

const [stateDir, pacmanConfig] = process.argv.slice(2);
const surroundings = { userId: process.getuid?.() ?? 0, home: "/nonexistent", environment: {} };
await runAgent({ config: loadAgentConfig({ stateDir, pacmanConfig }, surroundings), version: "test" });
