import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressOf, clearUnseeded, type Home, HomeRefused, keepAddress, keepSeeded, openHome, seededWith } from '../../local/home.ts';

let parent: string;
let folder: string;
const open: Home[] = [];

const opened = (): Home => {
  const home = openHome(folder);
  open.push(home);
  return home;
};

const reopened = (home: Home): Home => {
  open.splice(open.indexOf(home), 1);
  home.release();
  return opened();
};

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'assay-home-'));
  folder = join(parent, 'home');
});
afterEach(() => {
  for (const home of open.splice(0)) home.release();
  rmSync(parent, { recursive: true, force: true });
});

describe('a home', () => {
  it('is made where there is none, for its owner only', () => {
    const home = opened();
    expect(home).toMatchObject({ folder, aws: join(folder, 'aws'), logs: join(folder, 'logs') });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('may be an empty folder', () => {
    mkdirSync(folder);
    expect(opened().folder).toBe(folder);
  });

  it('is never a folder with other things in it, since a home that was not seeded is emptied', () => {
    mkdirSync(join(folder, 'aws'), { recursive: true });
    writeFileSync(join(folder, 'aws', 'my-own-notes.txt'), 'keep me');
    expect(opened).toThrow(HomeRefused);
    expect(readFileSync(join(folder, 'aws', 'my-own-notes.txt'), 'utf8')).toBe('keep me');
    expect(readdirSync(folder)).toEqual(['aws']);
  });

  it('belongs to one process at a time', () => {
    const home = opened();
    expect(opened).toThrow(HomeRefused);
    expect(opened).toThrow(/in use by another process/);
    expect(reopened(home).folder).toBe(folder);
  });

  it('whose process was killed is free again', async () => {
    const source = `import { openHome } from ${JSON.stringify(join(import.meta.dirname, '../../local/home.ts'))};
      openHome(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(opened).toThrow(HomeRefused);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(opened().folder).toBe(folder);
  });

  it('that is broken says so, instead of blaming another process', () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'lock.sqlite'), 'this is no database, however long it is. '.repeat(100));
    expect(opened).toThrow(/not a database/);
    expect(opened).not.toThrow(HomeRefused);
  });
});

describe('the port of a home', () => {
  it('is not known before the first start, and kept from then on', () => {
    const home = opened();
    expect(addressOf(home)).toBeUndefined();
    keepAddress(home, { port: 4747, endpointPort: 4748 });
    expect(addressOf(reopened(home))).toEqual({ port: 4747, endpointPort: 4748 });
  });
});

describe('what seeding left', () => {
  it('is not there before seeding came to its end, and kept from then on', () => {
    const home = opened();
    expect(seededWith(home)).toBeUndefined();
    keepSeeded(home, { verificationUrl: 'http://127.0.0.1:4747/c/1' });
    expect(seededWith(reopened(home))).toEqual({ verificationUrl: 'http://127.0.0.1:4747/c/1' });
  });

  it('is replaced whole', () => {
    const home = opened();
    keepSeeded(home, { a: 'x'.repeat(1000) });
    keepSeeded(home, { b: 1 });
    expect(seededWith(home)).toEqual({ b: 1 });
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });
});

describe('a start', () => {
  const withState = (): Home => {
    const home = opened();
    mkdirSync(home.aws);
    writeFileSync(join(home.aws, 'dynamodb.sqlite'), 'state');
    keepAddress(home, { port: 4747, endpointPort: 4748 });
    return home;
  };

  it('begins again where seeding was cut off, on the same port', () => {
    const home = withState();
    clearUnseeded(home);
    expect(existsSync(home.aws)).toBe(false);
    expect(addressOf(home)?.port).toBe(4747);
  });

  it('leaves a home alone that was seeded', () => {
    const home = withState();
    keepSeeded(home, {});
    clearUnseeded(home);
    expect(readFileSync(join(home.aws, 'dynamodb.sqlite'), 'utf8')).toBe('state');
  });

  it('has nothing to clear in a new home', () => {
    const home = opened();
    clearUnseeded(home);
    expect(existsSync(home.aws)).toBe(false);
  });
});
