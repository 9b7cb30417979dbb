import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SecretBox } from '#shared/ports.ts';
import { openScripted } from './scripted.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let box: SecretBox;

const SECRET = 'whsec_grüße+/=';
const CONTEXT = { connection: 'harbour.assess' };

const load = async () => (await import('#adapters/kms/secret-box.ts')).kmsSecretBox();

const sealed = async (secret = SECRET, context: Record<string, string> = CONTEXT): Promise<string> =>
  (await stage.as('programme-api', load)).seal(secret, context);

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.calls.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

const opener = () => stage.as('webhook-api', load);
const opened = (): number => stage.calls.filter((call) => call === 'kms Decrypt').length;

describe('a sealed secret', () => {
  it('opens to what it was, and shows nothing of it', async () => {
    const text = await sealed();
    expect(text).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
    expect(Buffer.from(text, 'base64').includes('whsec')).toBe(false);
    box = await opener();
    expect(await box.open(text, CONTEXT)).toBe(SECRET);
  });

  it('is another text each time', async () => {
    expect(await sealed()).not.toBe(await sealed());
  });

  it('moved to another connection does not open, even while the right one is remembered', async () => {
    const text = await sealed();
    box = await opener();
    await box.open(text, CONTEXT);
    for (const context of [{ connection: 'harbour.other' }, {}, { ...CONTEXT, more: 'x' }])
      await expect(box.open(text, context)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('that was tampered with does not open', async () => {
    const bytes = Buffer.from(await sealed(), 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    box = await opener();
    await expect(box.open(bytes.toString('base64'), CONTEXT)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('too long for the key is refused', async () => {
    await expect(sealed('x'.repeat(4097))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('an opened secret', () => {
  it('is remembered, so that a burst of webhooks costs one call', async () => {
    const text = await sealed();
    box = await opener();
    for (let message = 0; message < 20; message += 1) expect(await box.open(text, CONTEXT)).toBe(SECRET);
    expect(opened()).toBe(1);
  });

  it('is asked for again after five minutes', async () => {
    const text = await sealed();
    box = await opener();
    vi.useFakeTimers({ toFake: ['Date'] });
    await box.open(text, CONTEXT);
    vi.advanceTimersByTime(5 * 60 * 1000 - 1);
    await box.open(text, CONTEXT);
    expect(opened()).toBe(1);
    vi.advanceTimersByTime(1);
    await box.open(text, CONTEXT);
    expect(opened()).toBe(2);
  });

  it('is not remembered if it could not be opened', async () => {
    const text = await sealed();
    box = await opener();
    await expect(box.open(text, {})).rejects.toBeInstanceOf(Error);
    await expect(box.open(text, {})).rejects.toBeInstanceOf(Error);
    expect(opened()).toBe(2);
  });
});

describe('what KMS may say besides', () => {
  it('an answer without what was asked for is a failure', async () => {
    const scripted = await openScripted();
    const far = await scripted.load(load);
    scripted.answers({ body: {} });
    await expect(far.seal(SECRET, CONTEXT)).rejects.toThrow('KMS sealed nothing');
    await expect(far.open('c2VhbGVk', CONTEXT)).rejects.toThrow('KMS opened nothing');
    await scripted.close();
  });

  it('the memory for opened secrets has an end', async () => {
    const scripted = await openScripted();
    const far = await scripted.load(load);
    scripted.answers({ body: { Plaintext: Buffer.from(SECRET).toString('base64') } });
    const openAll = async (count: number): Promise<void> => {
      for (let number = 0; number < count; number += 1) await far.open(Buffer.from(`sealed ${number}`).toString('base64'), CONTEXT);
    };
    await openAll(1000);
    await openAll(1000);
    expect(scripted.requests).toHaveLength(1000);
    await openAll(1001);
    await openAll(1);
    expect(scripted.requests).toHaveLength(1002);
    await scripted.close();
  });
});
