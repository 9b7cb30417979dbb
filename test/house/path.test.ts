/** The path and its files say the same. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assemble } from '../../functions/assembly.ts';
import { PATH, type Step } from '../../functions/path.ts';
import { EVENTS } from '../../shared/domain/events.ts';

const FUNCTIONS = resolve(import.meta.dirname, '../../functions');
const STAGES = ['design', 'evidence', 'assessment', 'issuance', 'publication', 'verification', 'relay'];

const source = (file: string): string => readFileSync(join(FUNCTIONS, file), 'utf8');
const emittedBy = (text: string): readonly string[] =>
  Object.keys(EVENTS).filter((name) => new RegExp(`type: '${name.replace('.', '\\.')}'`).test(text));

/** With what a step on an event is started, as its file says it. */
const handlerOf = (file: string) => {
  const call = /handler = (onEvent|onReport|onStream)\(\s*'([^']+)',(?:\s*\[([^\]]*)\])?/;
  const [, wrapper, name, names = ''] = call.exec(source(file)) ?? [];
  return { wrapper, name, on: [...names.matchAll(/'([^']+)'/g)].map(([, event]) => event) };
};

/** And as its row says it. */
const rowOf = (step: Step) => {
  const name = basename(step.file, '.ts');
  if ('on' in step) return { wrapper: 'onEvent', name, on: step.on };
  return { wrapper: 'onAws' in step ? 'onReport' : 'onStream', name, on: [] };
};

describe('the path', () => {
  it('names a file for every step, and every file of a stage is a step', () => {
    expect(PATH.filter(({ file }) => !existsSync(join(FUNCTIONS, file))).map(({ file }) => file)).toEqual([]);
    const files = STAGES.flatMap((stage) => readdirSync(join(FUNCTIONS, stage)).map((file) => `${stage}/${file}`));
    expect(new Set(files)).toEqual(new Set(PATH.map(({ file }) => file)));
  });

  it('lists every event that a step itself drafts', () => {
    const unlisted = PATH.flatMap(({ file, emits }) =>
      emittedBy(source(file))
        .filter((name) => !(emits as readonly string[]).includes(name))
        .map((name) => `${file}: ${name}`),
    );
    // A timer's event is set by one step and told by the Scheduler.
    expect(unlisted.filter((line) => !line.endsWith('parking.elapsed'))).toEqual([]);
  });

  it('starts each step by the events of its row, under the name of its file', () => {
    const steps = PATH.filter((step) => !('http' in step));
    expect(steps.map(({ file }) => handlerOf(file))).toEqual(steps.map(rowOf));
  });

  it('has a listener or a reason for every event', () => {
    const heard = new Set(PATH.flatMap((step) => ('on' in step ? step.on : [])));
    const told = new Set(PATH.flatMap(({ emits }) => emits));
    expect([...heard].filter((name) => !told.has(name) && name !== 'parking.elapsed')).toEqual([]);
    expect([...told].filter((name) => !(name in EVENTS))).toEqual([]);
  });

  it('gives each function a name of its own', () => {
    const names = assemble().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('lets only issuing and status lists sign', () => {
    expect(
      assemble()
        .filter(({ needs }) => needs.includes('issuer-key:sign'))
        .map(({ name }) => name),
    ).toEqual(['on-credential-earned', 'on-status-list-changed']);
  });

  it('gives no route longer than API Gateway waits', () => {
    expect(assemble().filter(({ trigger, timeoutSeconds }) => trigger.kind === 'http' && timeoutSeconds > 29)).toEqual([]);
  });
});
