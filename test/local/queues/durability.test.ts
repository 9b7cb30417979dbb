import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { createEventBridge } from '../../../local/aws/eventbridge/event-bridge.ts';
import { openDatabase } from '../../../local/aws/queues/database.ts';
import { createQueues } from '../../../local/aws/queues/queues.ts';
import { streamPositions } from '../../../local/aws/queues/stream-position.ts';
import { temporaryFolder } from '../fixtures/bundles.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const PRODUCER = join(import.meta.dirname, '../fixtures/killed-producer.ts');

/** Runs the producer until it has said so many lines, kills it, and returns all that it said. */
const linesUntilKilled = async (file: string, count: number): Promise<readonly string[]> => {
  const child = spawn(process.execPath, [PRODUCER, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === count) child.kill('SIGKILL');
  }
  return lines;
};

const idsAfter = (lines: readonly string[], word: string): readonly string[] =>
  lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

describe('a process that is killed', () => {
  it('loses no message, event or position that it was told is kept, and brings back nothing that was deleted', async () => {
    const file = join(folder.path, 'killed.sqlite');
    const lines = await linesUntilKilled(file, 300);
    const database = openDatabase(file);
    const queues = createQueues({ database, queues: [{ name: 'work' }, { name: 'events' }, { name: 'replayed' }] });
    const kept = new Set(queues.peek('work', 100_000).map(({ messageId }) => messageId));
    const deleted = new Set(idsAfter(lines, 'deleted'));
    const events = new Set(queues.peek('events', 100_000).map(({ body }) => JSON.parse(body).id));

    expect(lines.length).toBeGreaterThanOrEqual(300);
    // One message may have been deleted in the very moment before its deletion could be told.
    expect(idsAfter(lines, 'sent').filter((id) => !kept.has(id) && !deleted.has(id)).length).toBeLessThanOrEqual(1);
    expect([...deleted].filter((id) => kept.has(id))).toEqual([]);
    expect(idsAfter(lines, 'put').filter((id) => !events.has(id))).toEqual([]);
    expect((streamPositions(database).read('relay') ?? '') >= (idsAfter(lines, 'position').at(-1) ?? 'none')).toBe(true);
    database.close();
  });

  it('leaves an event either in the archive and on its queue, or nowhere', async () => {
    const file = join(folder.path, 'whole.sqlite');
    await linesUntilKilled(file, 50);
    const database = openDatabase(file);
    const queues = createQueues({ database, queues: [{ name: 'work' }, { name: 'events' }, { name: 'replayed' }] });
    const rules = [{ name: 'again', bus: 'default', pattern: { 'replay-name': [{ exists: true }] }, targets: [{ queue: 'replayed' }] }];
    const bridge = createEventBridge({ database, queues, rules });
    bridge.replay({});
    const ids = (queue: string) => queues.peek(queue, 100_000).map(({ body }) => JSON.parse(body).id);
    expect(ids('events').length).toBeGreaterThan(0);
    expect(ids('replayed')).toEqual(ids('events'));
    bridge.close();
    database.close();
  });
});
