// `pacpool doctor`: looks at everything that a verb needs, from this machine's Node to the server's database, and says what
// to do about each thing that is wrong.

import { examine, type Finding, type Verdict } from "../doctor/examine.ts";
import { EXIT } from "../exit-code.ts";
import type { Tone } from "../terminal.ts";
import { verb } from "../verb.ts";

const TONE = { ok: "good", warning: "notice", bad: "danger", skipped: "muted" } as const satisfies Record<
  Verdict,
  Tone
>;

export const doctor = verb({
  options: (yargs) =>
    yargs
      .example("$0 doctor", "exits 1 when something is bad")
      .example("$0 doctor -o json", "one object per thing looked at"),
  run: async (context) => {
    const { terminal, options } = context;
    const findings: Finding[] = [];
    for await (const finding of examine(context)) {
      findings.push(finding);
      if (options.output === "json") continue;
      const mark = terminal.paint(TONE[finding.verdict], finding.verdict.padEnd(7));
      terminal.printTable(
        [{ title: "" }, { title: "", flexible: true }],
        [[{ text: finding.verdict.padEnd(7), paint: () => mark }, `${finding.what}: ${finding.detail}`]],
      );
      if (finding.advice !== undefined) terminal.print(`         ${finding.advice}`);
    }
    if (options.output === "json") {
      terminal.printJson(findings.map(({ advice, ...finding }) => ({ ...finding, advice: advice ?? null })));
    }
    return findings.some(({ verdict }) => verdict === "bad") ? EXIT.failed : EXIT.done;
  },
});
