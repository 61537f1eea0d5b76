// Adds up the JSON reports of test runs into one line: `N passed, N failed`. A report that is not there, a test file that
// could not be read and a run without tests count as failures: a run that broke off must not look like a short one.
import { existsSync, readFileSync } from "node:fs";

type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
};

function main(reports: readonly string[]): void {
  let passed = 0;
  let failed = 0;
  for (const path of reports) {
    if (!existsSync(path)) {
      console.error(`no report ${path}: the run broke off`);
      failed += 1;
      continue;
    }
    const report = JSON.parse(readFileSync(path, "utf8")) as Report;
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    failed += report.testResults.filter(
      (file) => file.status === "failed" && file.assertionResults.length === 0,
    ).length;
  }
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

main(process.argv.slice(2));
