/** What the documents say of the path, the API and the commands is so. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PATH } from '../../functions/path.ts';
import { MARK_REFUSALS } from '../../shared/domain/assessment.ts';
import { DomainError, ERROR_CODES } from '../../shared/domain/errors.ts';
import { EVENTS } from '../../shared/domain/events.ts';
import { problemOf } from '../../shared/lambda/problem.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDERS = ['docs', 'functions', 'infra', 'local', 'shared', 'test', 'web'];

const read = (file: string): string => readFileSync(resolve(ROOT, file), 'utf8');

/** Row of the table of events in docs/path.md. */
const rowOf = (event: string): string =>
  read('docs/path.md')
    .split('\n')
    .find((line) => line.startsWith(`| \`${event}\` |`)) ?? '';

describe('the documents', () => {
  it.each(Object.keys(EVENTS))('say who tells %s, who hears it and what it carries', (event) => {
    const [, , told = '', heard = '', data = ''] = rowOf(event).split('|');
    for (const { file, emits } of PATH) expect(told.includes(file), file).toBe((emits as readonly string[]).includes(event));
    for (const step of PATH)
      if ('on' in step) expect(heard.includes(step.file), step.file).toBe((step.on as readonly string[]).includes(event));
    for (const field of Object.keys(EVENTS[event as keyof typeof EVENTS].shape)) expect(data).toContain(`\`${field}\``);
  });

  it('name every route', () => {
    const api = read('docs/api.md');
    const written = (route: string): string =>
      route
        .replace(/^[A-Z]+ /, '')
        .replaceAll(/\{(microCredentialId|connectionName)\}/g, (_, name) => (name === 'connectionName' ? '{name}' : '{id}'));
    const missing = PATH.flatMap((step) => ('http' in step ? [step.http] : [])).filter(
      (route) => !api.includes(written(route)) && !api.includes(`…/${route.split('/').at(-1)}`),
    );
    expect(missing).toEqual([]);
  });

  it.each(['docs/layout.md', 'docs/path.md', 'docs/house-style.md'])('name only files and folders that are there: %s', (page) => {
    const names = new Set(FOLDERS.flatMap((folder) => globSync(`${folder}/**/*`, { cwd: ROOT })).map((file) => basename(file)));
    const text = read(page);
    const paths = [...text.matchAll(new RegExp(`(?<![\\w/])(?:${FOLDERS.join('|')})/[\\w./-]*`, 'g'))].map(([path]) => path);
    expect(paths.filter((path) => !existsSync(resolve(ROOT, path)))).toEqual([]);
    expect([...text.matchAll(/[\w.-]+\.ts\b/g)].map(([name]) => name).filter((name) => !names.has(name))).toEqual([]);
  });

  it('say what every script of the README does', () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    expect(scripts).toEqual(expect.arrayContaining(['start', 'demo', 'test', 'check', 'build', 'synth', 'deploy']));
    for (const [, script = ''] of read('README.md').matchAll(/npm (?:run )?(start|demo|test:quick|test|check|build|synth|deploy)/g))
      expect(scripts).toContain(script);
  });

  it.each(ERROR_CODES)('say with which status and sentence %s is answered', (code) => {
    const { status, body } = problemOf(new DomainError(code));
    expect(read('docs/api.md')).toContain(`| \`${code}\` | ${status} | ${(body as { title: string }).title} |`);
  });

  it('name every reason for which a mark is refused', () => {
    const api = read('docs/api.md');
    expect(MARK_REFUSALS.filter((code) => !api.includes(`\`${code}\``))).toEqual([]);
  });
});
