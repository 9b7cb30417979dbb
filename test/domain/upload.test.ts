import { describe, expect, it } from 'vitest';
import { type AnnouncedFile, type EvidenceItem, isAbandoned } from '#domain/evidence.ts';
import type { EvidenceRequirement } from '#domain/micro-credential.ts';
import type { Submission } from '#domain/submission.ts';
import { COMPANION_BYTES_MAX, removed, SINGLE_UPLOAD_BYTES_MAX, SLOTS_MAX, slotReserved, UPLOAD_URL_SECONDS } from '#domain/upload.ts';
import { aDefinition, aFile, anItem, aSubmission, type Changes, evidenceId, later, NOW } from '../factories.ts';

const requirement = (id: string, changes: Changes = {}): EvidenceRequirement => {
  const found = aDefinition(changes).evidenceRequirements.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};

const REFLECTION = requirement('reflection');
const DEMONSTRATION = requirement('skill-demonstration');

const ask = (file: Partial<AnnouncedFile> = {}, companion?: string) => ({
  file: aFile(file),
  id: evidenceId(9),
  key: 'k9',
  now: NOW,
  ...(companion === undefined ? {} : { companion }),
});

const draft = (...evidence: readonly EvidenceItem[]): Submission => aSubmission('draft', { evidence });

describe('a slot for an upload', () => {
  it('is reserved for exactly what was announced, for a quarter of an hour', () => {
    const { submission, item } = slotReserved(draft(), REFLECTION, ask({ mediaType: 'Text/Markdown; charset=utf-8' }));
    expect(item).toEqual({
      id: evidenceId(9),
      key: 'k9',
      announced: aFile(),
      reservedAt: NOW,
      expiresAt: later(UPLOAD_URL_SECONDS),
      state: 'slot-reserved',
    });
    expect(submission.evidence).toEqual([item]);
  });

  it('takes a companion beside the evidence proper', () => {
    const full = draft(anItem('clean', { id: evidenceId(1) }), anItem('clean', { id: evidenceId(2) }));
    const { item } = slotReserved(full, DEMONSTRATION, ask({ mediaType: 'text/vtt' }, 'timestamps'));
    expect(item).toMatchObject({ companion: 'timestamps', state: 'slot-reserved' });
  });

  it.each([
    ['upload/media-type-not-accepted', REFLECTION, ask({ mediaType: 'application/zip' }), draft()],
    ['upload/media-type-not-accepted', DEMONSTRATION, ask({ mediaType: 'video/mp4' }, 'timestamps'), draft()],
    ['upload/too-large', REFLECTION, ask({ bytes: 10_485_761 }), draft()],
    ['upload/too-large', DEMONSTRATION, ask({ mediaType: 'video/mp4', bytes: SINGLE_UPLOAD_BYTES_MAX + 1 }), draft()],
    ['upload/too-large', DEMONSTRATION, ask({ mediaType: 'text/vtt', bytes: COMPANION_BYTES_MAX + 1 }, 'timestamps'), draft()],
    ['upload/empty', REFLECTION, ask({ bytes: 0 }), draft()],
    ['upload/empty', REFLECTION, ask({ bytes: -1 }), draft()],
    ['upload/too-many-items', REFLECTION, ask(), draft(anItem('clean'))],
    ['upload/too-many-items', REFLECTION, ask(), draft(anItem('slot-reserved'))],
    [
      'upload/too-many-items',
      DEMONSTRATION,
      ask({ mediaType: 'text/vtt' }, 'timestamps'),
      draft(anItem('scanning', { companion: 'timestamps' })),
    ],
    ['upload/unknown-companion', DEMONSTRATION, ask({ mediaType: 'text/vtt' }, 'captions'), draft()],
    ['upload/unknown-companion', REFLECTION, ask({ mediaType: 'text/vtt' }, 'timestamps'), draft()],
    ['upload/nothing-expected', { ...REFLECTION, maxItems: 0 }, ask(), draft()],
    ['submission/illegal-transition', REFLECTION, ask(), aSubmission('in-review')],
    ['submission/illegal-transition', REFLECTION, ask(), aSubmission('passed')],
  ] as const)('is refused with %s', (...[code, wanted, asked, submission]) => {
    expect(() => slotReserved(submission, wanted, asked)).toThrow(code);
  });

  it.each([
    [10_485_760, 'text/markdown'],
    [SINGLE_UPLOAD_BYTES_MAX, 'audio/mp3'],
    [1, 'application/pdf'],
  ])('is granted for %d bytes of %s, the bound of its own kind of file', (bytes, mediaType) => {
    expect(slotReserved(draft(), REFLECTION, ask({ bytes, mediaType })).item.announced.bytes).toBe(bytes);
  });

  it('takes a kind of file that is accepted twice up to the larger bound', () => {
    const twice = { ...REFLECTION, accepts: [100, 300, 200].map((maxBytes) => ({ mediaTypes: ['text/markdown'], maxBytes })) };
    expect(slotReserved(draft(), twice, ask({ bytes: 300 })).item.announced.bytes).toBe(300);
    expect(() => slotReserved(draft(), twice, ask({ bytes: 301 }))).toThrow(
      expect.objectContaining({ code: 'upload/too-large', facts: { bytes: 301, bytesMax: 300 } }),
    );
  });

  it('says of which kind there is no room for more', () => {
    const two = draft(anItem('clean'), anItem('clean', { id: evidenceId(2), companion: 'timestamps' }));
    const facts = (itemsMax: number, companion: string | null) => expect.objectContaining({ facts: { itemsMax, companion } });
    expect(() => slotReserved(two, REFLECTION, ask())).toThrow(facts(1, null));
    expect(() => slotReserved(two, DEMONSTRATION, ask({ mediaType: 'text/vtt' }, 'timestamps'))).toThrow(facts(1, 'timestamps'));
  });

  it('is as large for a companion as its definition says', () => {
    const small = requirement('skill-demonstration', { '/evidenceRequirements/0/companions/0/maxBytes': 500 });
    expect(slotReserved(draft(), small, ask({ mediaType: 'text/vtt', bytes: 500 }, 'timestamps')).item.announced.bytes).toBe(500);
    expect(() => slotReserved(draft(), small, ask({ mediaType: 'text/vtt', bytes: 501 }, 'timestamps'))).toThrow('upload/too-large');
  });

  it.each(['rejected', 'quarantined', 'purged'] as const)('is free again once the file in it is %s', (state) => {
    expect(slotReserved(draft(anItem(state)), REFLECTION, ask()).submission.evidence).toHaveLength(2);
  });

  it('is free again once its address ran out unused', () => {
    const abandoned = anItem('slot-reserved', { expiresAt: NOW });
    expect(slotReserved(draft(abandoned), REFLECTION, { ...ask(), now: later(1) }).submission.evidence).toHaveLength(2);
  });

  it('is not given without end, even if none before it was used', () => {
    const used = Array.from({ length: SLOTS_MAX }, (_, place) => anItem('rejected', { id: evidenceId(100 + place) }));
    expect(() => slotReserved(draft(...used), REFLECTION, ask())).toThrow('upload/too-many-items');
    expect(slotReserved(draft(...used.slice(1)), REFLECTION, ask()).submission.evidence).toHaveLength(SLOTS_MAX);
  });
});

describe('removing an item from a draft', () => {
  it.each(['clean', 'scanning'] as const)('takes out one that is %s', (state) => {
    const item = anItem(state);
    const other = anItem('clean', { id: evidenceId(2) });
    expect(removed(draft(item, other), item).evidence).toEqual([{ ...item, state: 'purged' }, other]);
  });

  it('gives up a slot that nothing was sent to, and what arrives there later stays out', () => {
    const slot = anItem('slot-reserved');
    const [given] = removed(draft(slot), slot).evidence;
    expect(given).toMatchObject({ id: slot.id, state: 'abandoned' });
    if (given === undefined) throw new Error('the item is gone');
    expect(isAbandoned(given, NOW)).toBe(true);
    expect(removed(draft(given), given)).toEqual(draft(given));
  });

  it('twice changes nothing the second time', () => {
    const submission = draft(anItem('purged'));
    expect(removed(submission, anItem('purged'))).toBe(submission);
  });

  it.each(['rejected', 'quarantined', 'sealed'] as const)('is refused for one that is %s', (state) => {
    expect(() => removed(draft(anItem(state)), anItem(state))).toThrow('evidence/not-removable');
  });

  it.each(['in-review', 'passed', 'revision-requested', 'failed'] as const)('is refused once the submission is %s', (state) => {
    expect(() => removed(aSubmission(state), anItem('clean'))).toThrow('submission/illegal-transition');
  });
});
