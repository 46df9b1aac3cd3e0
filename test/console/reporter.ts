// Lines as the other suites print them, and the sum at the end.
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

export default class Lines implements Reporter {
  private passed = 0;
  private failed = 0;

  onTestEnd(test: TestCase, result: TestResult) {
    const isPassed = result.status === 'passed';
    if (isPassed) this.passed++;
    else this.failed++;
    for (const error of result.errors) console.log(error.stack ?? error.message);
    const verdict = (isPassed ? 'ok' : 'FAILED').padEnd(8);
    console.log(`${verdict}${test.title} (${(result.duration / 1000).toFixed(2)} s)`);
  }

  onError(error: { message?: string; stack?: string }) {
    this.failed++;
    console.log(error.stack ?? error.message);
  }

  onEnd() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
  }

  printsToStdio() {
    return true;
  }
}
