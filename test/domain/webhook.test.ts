import { describe, expect, it } from 'vitest';
import { TenantId } from '#domain/ids.ts';
import { type Connection, InboundMessage, maySpeakFor, SECRET_OVERLAP_SECONDS, validSecrets, withNewSecret } from '#domain/webhook.ts';
import { aConnection, aMessage, aMessageJson, type Changes, later, NOW, TENANT } from '../factories.ts';
import fullMessage from '../fixtures/webhook-assessment-completed.json' with { type: 'json' };

const DAY = SECRET_OVERLAP_SECONDS;

describe('the secrets of a connection', () => {
  const once = withNewSecret(aConnection(), 'sealed-2', NOW);
  const twice = withNewSecret(once, 'sealed-3', later(DAY / 2));

  it.each<[string, Connection, number, string[]]>([
    ['before any rotation', aConnection(), 0, ['sealed-1']],
    ['before any rotation, years later', aConnection(), 1000 * DAY, ['sealed-1']],
    ['right after a rotation', once, 0, ['sealed-2', 'sealed-1']],
    ['a moment before the day is over', once, DAY - 0.001, ['sealed-2', 'sealed-1']],
    ['when the day is over', once, DAY, ['sealed-2']],
    ['after a second rotation on the same day', twice, DAY / 2, ['sealed-3', 'sealed-2', 'sealed-1']],
    ['when the first secret would have ended', twice, DAY, ['sealed-3', 'sealed-2']],
    ['a day after the second rotation', twice, DAY * 1.5, ['sealed-3']],
  ])('%s', (...[, connection, seconds, secrets]) => {
    expect(validSecrets(connection, later(seconds))).toEqual(secrets);
  });

  it('never leave fewer than one that works, nor more than four', () => {
    let connection = aConnection();
    for (let turn = 0; turn < 5; turn += 1) {
      connection = withNewSecret(connection, `sealed-${turn}`, later(turn));
      expect(connection.secrets.length).toBe(Math.min(turn + 2, 4));
      expect(validSecrets(connection, later(10 * DAY))).toEqual([`sealed-${turn}`]);
    }
  });
});

describe('a connection speaks', () => {
  const one = aConnection({ components: ['reflection', 'portfolio'] });

  it.each<[string, Connection, Changes, boolean]>([
    ['for all components of its micro-credentials', aConnection(), {}, true],
    ['for a component that it is trusted with', one, {}, true],
    ['for no other component', aConnection({ components: ['portfolio'] }), {}, false],
    ['for no component at all where none is named', aConnection({ components: [] }), {}, false],
    ['for no other micro-credential', aConnection({ microCredentials: ['data-storytelling'] }), {}, false],
    ['for its tenant by name', aConnection(), { '/tenant': TENANT }, true],
    ['for no other tenant', aConnection(), { '/tenant': 'northvale' }, false],
    [
      'for no other tenant, though the message names its own',
      aConnection({ tenant: TenantId.parse('northvale') }),
      { '/tenant': TENANT },
      false,
    ],
  ])('%s', (...[, connection, changes, may]) => {
    expect(maySpeakFor(connection, aMessage(changes))).toBe(may);
  });
});

describe('a message', () => {
  it('is taken with what a tool must say, and with all that it may say', () => {
    expect(InboundMessage.parse(aMessageJson())).toEqual(aMessageJson());
    expect(InboundMessage.parse(fullMessage)).toEqual(fullMessage);
  });

  it.each<[string, Changes]>([
    ['of another type', { '/type': 'assessment.amended' }],
    ['of another version', { '/specVersion': '2.0' }],
    ['without an id', { '/id': undefined }],
    ['with an empty id', { '/id': '' }],
    ['without a time', { '/occurredAt': undefined }],
    ['with a field nobody knows', { '/priority': 'high' }],
    ['with the learner’s name in it', { '/data/learner': { name: 'Maya' } }],
    ['with an address of evidence in it', { '/data/evidence/0/url': 'https://files.example/1' }],
    ['with a digest in capitals', { '/data/evidence/0/sha256': 'A'.repeat(64) }],
    ['with more than a hundred items', { '/data/evidence': Array.from({ length: 101 }, () => ({ id: 'e', sha256: 'a'.repeat(64) })) }],
    ['with a role nobody has', { '/data/assessor/role': 'owner' }],
    ['without a declaration of interests', { '/data/assessor/declarations/conflictOfInterest': undefined }],
    ['with an outcome that is neither', { '/data/result/outcome': 'maybe' }],
    ['with an attempt before the first', { '/data/submission/attempt': 0 }],
    ['with feedback longer than ten thousand characters', { '/data/result/overallFeedback': 'x'.repeat(10_001) }],
  ])('is not taken %s', (_why, changes) => {
    expect(InboundMessage.safeParse(aMessageJson(changes)).success).toBe(false);
  });
});
