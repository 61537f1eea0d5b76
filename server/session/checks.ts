// Bounds of every field that an agent sends. The text is an agent's, so nothing in it is believed before this.
import { MAX_INBOX_ITEMS } from "../../domain/inbox/inbox-item.ts";
import { MAX_DATABASES, MAX_DETAILS, MAX_LISTED_NAMES } from "../../domain/limits.ts";
import { invalidField, Refusal, tooLarge } from "../../domain/refusal.ts";
import { isSha256 } from "../../domain/view/view.ts";
import type {
  ConnectRequest,
  Hello,
  MachineFacts,
  OperationProgress,
  OperationResult,
  PlanReport,
} from "../../proto/generated/pacpool/v1/agent.ts";
import type { Plan } from "../../proto/generated/pacpool/v1/plan.ts";
import { PROTOCOL_VERSION } from "../../rpc/protocol-version.ts";
import { checkFilesDone, checkServers } from "./file-checks.ts";

type Body = NonNullable<ConnectRequest["body"]>;

const APPLY: ReadonlySet<string> = new Set(["never", "ask", "window", "shutdown", "auto"]);
const MAX_WORD = 128;
const MAX_PATH = 4_096;
const MAX_LINE = 2_000;
const MAX_RUNNING = 16;
/** Steps of a plan: a whole workstation replaced, and room. */
const MAX_STEPS = 20_000;

/** Throws Refusal PROTOCOL_VERSION, INVALID_FIELD or TOO_LARGE. */
export function checkHello(hello: Hello): Hello {
  if (hello.protocolVersion !== PROTOCOL_VERSION) {
    throw new Refusal("PROTOCOL_VERSION", { agent: String(hello.protocolVersion), server: String(PROTOCOL_VERSION) });
  }
  word("hello.agent_version", hello.agentVersion);
  word("hello.boot_id", hello.bootId);
  word("hello.instance", hello.instance);
  optionalDigest("hello.state_digest", hello.stateDigest);
  optionalDigest("hello.view_digest", hello.viewDigest);
  count("hello.target_revision", hello.targetRevision);
  word("hello.policy_digest", hello.policyDigest);
  count("hello.last_command_sequence", hello.lastCommandSequence);
  many("hello.running", hello.running.length, MAX_RUNNING);
  for (const one of hello.running) {
    word("hello.running.operation_id", one.operationId);
    count("hello.running.fence", one.fence);
  }
  checkFacts(hello.facts);
  return hello;
}

/** The body of a later message. */
export function checkBody(body: ConnectRequest["body"]): Body {
  switch (body?.$case) {
    case undefined:
      throw invalidField(
        "body",
        "nothing",
        "one of the bodies of ConnectRequest; the agent may be newer than the server",
      );
    case "stateReport":
      checkFacts(body.value.facts);
      break;
    case "viewReport":
      optionalDigest("view_report.view.digest", body.value.view?.digest ?? "");
      many("view_report.view.databases", body.value.view?.databases.length ?? 0, MAX_DATABASES);
      checkServers(body.value.servers);
      break;
    case "targetStatus":
      count("target_status.target_revision", body.value.targetRevision);
      line("target_status.error", body.value.error);
      break;
    case "planReport":
      checkPlanReport(body.value);
      break;
    case "commandAck":
      count("command_ack.command_sequence", body.value.commandSequence);
      word("command_ack.reason", body.value.reason);
      break;
    case "operationProgress":
      checkProgress(body.value);
      break;
    case "operationResult":
      checkResult(body.value);
      break;
    case "heartbeat":
      optionalDigest("heartbeat.state_digest", body.value.stateDigest);
      optionalDigest("heartbeat.view_digest", body.value.viewDigest);
      count("heartbeat.target_revision", body.value.targetRevision);
      word("heartbeat.policy_digest", body.value.policyDigest);
      break;
    case "filesDone":
      checkFilesDone(body.value);
      break;
    case "goodbye":
    case "hello":
      break;
  }
  return body;
}

function checkFacts(facts: MachineFacts | undefined): void {
  if (facts === undefined) {
    return;
  }
  many("facts.held", facts.held.length, MAX_LISTED_NAMES);
  for (const name of facts.held) {
    word("facts.held", name, 255);
  }
  if (facts.apply !== "" && !APPLY.has(facts.apply)) {
    throw invalidField("facts.apply", facts.apply, [...APPLY].join(", "));
  }
  word("facts.root", facts.root, MAX_PATH);
  many("facts.health_problems", facts.healthProblems.length, MAX_DETAILS);
  for (const problem of facts.healthProblems) {
    line("facts.health_problems", problem);
  }
  many("facts.inbox", facts.inbox.length, MAX_INBOX_ITEMS);
  for (const { subject, what, digest } of facts.inbox) {
    line("facts.inbox.subject", subject);
    line("facts.inbox.what", what);
    optionalDigest("facts.inbox.digest", digest);
  }
}

function checkPlanReport(report: PlanReport): void {
  word("plan_report.request_id", report.requestId);
  optionalDigest("plan_report.base_digest", report.baseDigest);
  if (report.outcome?.$case === "plan") {
    checkPlan(report.outcome.value);
  } else if (report.outcome?.$case === "refusal") {
    word("refusal.reason", report.outcome.value.reason);
    line("refusal.message", report.outcome.value.message);
    many("refusal.details", report.outcome.value.details.length, MAX_STEPS);
  } else {
    throw invalidField("plan_report.outcome", "nothing", "a plan or a refusal");
  }
}

function checkPlan(plan: Plan): void {
  many("plan.steps", plan.steps.length, MAX_STEPS);
  many("plan.reasons", plan.reasons.length, MAX_STEPS);
  many("plan.warnings", plan.warnings.length, MAX_STEPS);
  many("plan.left_alone", plan.leftAlone.length, MAX_STEPS);
}

function checkProgress(progress: OperationProgress): void {
  word("operation_progress.operation_id", progress.operationId);
  count("operation_progress.fence", progress.fence);
  if (progress.percent < 0 || progress.percent > 100) {
    throw invalidField("operation_progress.percent", String(progress.percent), "0 to 100");
  }
  line("operation_progress.message", progress.message);
}

function checkResult(result: OperationResult): void {
  word("operation_result.operation_id", result.operationId);
  count("operation_result.fence", result.fence);
  optionalDigest("operation_result.digest", result.digest);
  many("operation_result.problems", result.problems.length, MAX_STEPS);
  for (const problem of result.problems) {
    line("operation_result.problems", problem);
  }
  if (result.plan !== undefined) {
    checkPlan(result.plan);
  }
}

function word(field: string, value: string, limit: number = MAX_WORD): void {
  if (value.length > limit || value.includes("\u0000")) {
    throw invalidField(field, value, `at most ${String(limit)} characters`);
  }
}

function line(field: string, value: string): void {
  word(field, value, MAX_LINE);
}

function optionalDigest(field: string, value: string): void {
  if (value !== "" && !isSha256(value)) {
    throw invalidField(field, value, "64 lower-case hexadecimal digits, or empty");
  }
}

function count(field: string, value: bigint): void {
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw invalidField(field, String(value), "a whole number from 0");
  }
}

function many(field: string, length: number, limit: number): void {
  if (length > limit) {
    throw tooLarge(field, limit);
  }
}
