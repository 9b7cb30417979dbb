/** Closes a test run with one plain line that any reader, human or machine, can take in. */
import type { Reporter, TestModule } from 'vitest/node';

const counted = (modules: readonly TestModule[]): Record<'passed' | 'failed' | 'skipped', number> => {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const module of modules) {
    if (module.errors().length > 0) counts.failed += 1;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      counts[state === 'pending' ? 'failed' : state] += 1;
    }
  }
  return counts;
};

export default class PlainLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const { passed, failed, skipped } = counted(modules);
    process.once('exit', () =>
      process.stdout.write(`${passed} passed, ${failed + unhandled.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`),
    );
  }
}
