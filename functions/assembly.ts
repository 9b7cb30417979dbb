/**
 * The functions that follow from the path: one per event step, one per audience of routes, each with the union of
 * what its steps need. Read by the build, by `infra/` and by `local/`; none of them knows more about a function than this.
 */
import { type EnvironmentName, GRANTS, type Grant, type Need, type Statement } from './grants.ts';
import { AUDIENCES, type Audience, type AwsStep, type EventStep, type HttpStep, PATH, type Step, type StreamStep } from './path.ts';

export interface AssemblyFunction {
  /** Kebab-case and unique: `on-credential-earned`, `learner-api`. Bundle: `dist/functions/<name>/index.mjs`, handler `index.handler`. */
  readonly name: string;
  readonly trigger:
    | { readonly kind: 'http'; readonly steps: readonly HttpStep[] }
    | { readonly kind: 'event'; readonly step: EventStep }
    | { readonly kind: 'aws'; readonly step: AwsStep }
    | { readonly kind: 'stream'; readonly step: StreamStep };
  readonly needs: readonly Need[];
  readonly statements: readonly Statement[];
  readonly environment: readonly EnvironmentName[];
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

const nameOf = (file: string): string => file.replace(/^.*\//, '').replace(/\.ts$/, '');

interface Sized {
  readonly trigger: AssemblyFunction['trigger'];
  readonly needs: readonly Need[];
  readonly size: { readonly memoryMb: number; readonly timeoutSeconds: number };
}

const assembled = (name: string, { trigger, needs, size }: Sized): AssemblyFunction => {
  const unique = [...new Set(needs)].sort();
  const grants: readonly Grant[] = unique.map((need) => GRANTS[need]);
  return {
    name,
    trigger,
    needs: unique,
    statements: grants.flatMap((grant) => grant.statements),
    environment: [...new Set(grants.flatMap((grant) => grant.environment))].sort(),
    memoryMb: size.memoryMb,
    timeoutSeconds: size.timeoutSeconds,
  };
};

const isHttp = (step: Step): step is HttpStep => 'http' in step;

type EventLike = Exclude<Step, HttpStep>;

const triggerOf = (step: EventLike): AssemblyFunction['trigger'] => {
  if ('on' in step) return { kind: 'event', step };
  if ('onAws' in step) return { kind: 'aws', step };
  return { kind: 'stream', step };
};

const eventFunction = (step: EventLike): AssemblyFunction =>
  assembled(nameOf(step.file), { trigger: triggerOf(step), needs: step.needs, size: step });

/** Every function of the deployment, in path order of its first step. */
export const assemble = (path: readonly Step[] = PATH): readonly AssemblyFunction[] => {
  const http = path.filter(isHttp);
  const audiences = [...new Set(http.map((step) => step.audience))] satisfies Audience[];
  return [
    ...audiences.map((audience) => {
      const steps = http.filter((step) => step.audience === audience);
      return assembled(audience, {
        trigger: { kind: 'http', steps },
        needs: steps.flatMap((step) => step.needs),
        size: AUDIENCES[audience],
      });
    }),
    ...path.filter((step): step is EventLike => !isHttp(step)).map(eventFunction),
  ];
};
