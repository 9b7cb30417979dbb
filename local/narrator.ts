/** Tells a run step by step, with the time each took. */

export interface Step {
  readonly name: string;
  readonly ms: number;
}

export interface Narrator {
  readonly steps: readonly Step[];
  step<T>(name: string, run: () => Promise<T>): Promise<T>;
  /** A line that belongs to the step before. */
  say(line: string): void;
  close(result: { verificationUrl: string; verified: boolean; error?: string; pipelineMs: number }, out: string | undefined): void;
}

const tick = (text: string): string => (process.stdout.isTTY ? `\u001b[32m${text}\u001b[0m` : text);

export const createNarrator = ({ quiet }: { quiet: boolean }): Narrator => {
  const steps: Step[] = [];
  const write = (line: string): void => {
    if (!quiet) process.stdout.write(`${line}\n`);
  };
  return {
    steps,
    step: async (name, run) => {
      const from = performance.now();
      const value = await run();
      const ms = Math.round(performance.now() - from);
      steps.push({ name, ms });
      write(
        `${tick('✓')} ${String(steps.length).padStart(2)}. ${name} ${' '.repeat(Math.max(1, 66 - name.length))}${String(ms).padStart(5)} ms`,
      );
      return value;
    },
    say: (line) => write(`       ${line}`),
    close: ({ verificationUrl, verified, error, pipelineMs }, out) => {
      const total = steps.reduce((sum, { ms }) => sum + ms, 0);
      write('');
      write(`Badge        ${verificationUrl}`);
      write(
        `Verified     ${verified ? 'yes, by @digitalbazaar/vc (signature, issuer and status list)' : `NO: ${error ?? 'no reason given'}`}`,
      );
      write(`Pipeline     ${pipelineMs} ms from the last webhook to the public address`);
      write(`In all       ${(total / 1000).toFixed(1)} s`);
      if (out !== undefined) write(`Files        ${out}`);
    },
  };
};
