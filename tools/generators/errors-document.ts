// Prints docs/spec/errors.md from the table in rpc/errors.ts.
import { refusalRows } from "../../rpc/errors.ts";

/** Shows which facts a sentence takes: every fact answers with its own name. */
const facts: Readonly<Record<string, string>> = new Proxy<Record<string, string>>(
  {},
  { get: (_target, name) => `*${String(name)}*` },
);

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function main(): void {
  const rows = refusalRows().map(([reason, row]) => {
    const retry = row.retryable ? `yes, after ${String((row.retryDelayMs ?? 0) / 1_000)} s` : "no";
    return `| \`${reason}\` | ${row.status} | ${retry} | ${cell(row.sentence(facts))} |`;
  });
  console.log(`<!-- Made by make generate from rpc/errors.ts. -->
# Errors

Every call that fails answers with a gRPC status and, in \`grpc-status-details-bin\`, a \`google.rpc.Status\`. Its details are an
\`ErrorInfo\` with domain \`pacpool\`, one of the reasons below and the facts that the sentence names; a \`BadRequest\` for
INVALID_ARGUMENT; a \`PreconditionFailure\` for FAILED_PRECONDITION; a \`RetryInfo\` where the same call may be repeated. Programs
read the reason and never the sentence. The list is closed: a reason that is not here comes from a newer server.

INTERNAL carries no reason: it is a defect, its text names an id, and the server's log has the cause under that id. Messages over
4 MiB are refused by the transport with RESOURCE_EXHAUSTED before any of our code sees them.

| reason | status | retry | sentence |
|---|---|---|---|
${rows.join("\n")}`);
}

main();
