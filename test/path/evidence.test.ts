import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient, FileToSend } from '../../local/api-client.ts';
import {
  coachingFiles,
  enrol,
  handInFiles,
  publish,
  registerIssuer,
  type Submission,
  sampleDefinition,
  until,
} from '../../local/main-job.ts';
import { faultsIn, leaves, problem } from './answers.ts';
import { enrolledIn, submissionAs } from './learning.ts';
import { aMachine, type Site } from './machine.ts';
import { offered, reflection } from './offerings.ts';
import { staffed } from './staff.ts';
import { announce, announcementOf, base64DigestOf, digestOf, put, reserved, type Slot, signedHeaders } from './storage.ts';

let site: Site;
let client: ApiClient;
let demonstration: Submission;
let portfolio: Submission;
let written: Submission;

const [MOVIE, TIMESTAMPS] = coachingFiles('skill-demonstration') as [FileToSend, FileToSend];
const [ESSAY] = coachingFiles('reflection') as [FileToSend];
const PDFS = coachingFiles('portfolio');
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(64)]);
// In two halves, so that a scanner does not take this file away.
const EICAR = Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-', 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''));

const DECLARED = { declarations: { authenticity: true, consent: true } };

const look = (submission: Submission) => () => client.call('GET', `/v1/submissions/${submission.submissionId}`, { as: 'maya' });
const handIn = (submission: Submission, body: object = DECLARED) =>
  client.call('POST', `/v1/submissions/${submission.submissionId}/submission`, { as: 'maya', body });

/** Waits until an item is in a state that its bytes alone decided. */
const judged = (submission: Submission, evidenceId: string) =>
  until('the file to be judged', async () => {
    const { items } = await submissionAs(client, submission.submissionId, 'maya');
    const item = items.find((one) => one.evidenceId === evidenceId);
    return item !== undefined && ['clean', 'rejected', 'quarantined'].includes(item.state) ? item : undefined;
  });

const uploaded = async (submission: Submission, file: FileToSend) =>
  judged(submission, await client.upload(submission.submissionId, file, 'maya'));

/** A submission of its own for a test that leaves something in it. */
const fresh = async (id: string): Promise<Submission> => {
  await offered(client, reflection(id));
  return (await enrolledIn(client, id, { learner: 'maya' })).submission;
};

beforeAll(async () => {
  site = await aMachine();
  client = site.client;
  await staffed(client, ['coaching-and-mentoring']);
  await publish(client, sampleDefinition('coaching-and-mentoring'), 'dana');
  const { submissions } = await enrol(client, 'coaching-and-mentoring', 'maya');
  [demonstration, portfolio, written] = submissions as [Submission, Submission, Submission];
});
afterAll(() => site.close());

describe('an announced file is refused before a byte is sent', () => {
  const essay = announcementOf(ESSAY);
  const movie = announcementOf(MOVIE);
  it.each([
    {
      what: 'of a type that the component does not take',
      body: { ...essay, mediaType: 'application/zip' },
      code: 'media-type-not-accepted',
    },
    { what: 'that is larger than the component takes', body: { ...essay, bytes: 10_485_761 }, code: 'too-large' },
    { what: 'that is larger than one upload may be', body: { ...movie, bytes: 104_857_601 }, code: 'too-large' },
    { what: 'that is empty', body: { ...essay, bytes: 0 }, code: 'empty' },
    { what: 'as a companion that was never asked for', body: { ...movie, companion: 'soundtrack' }, code: 'unknown-companion' },
    { what: 'as a companion of the wrong type', body: { ...movie, companion: 'timestamps' }, code: 'media-type-not-accepted' },
  ])('$what', async ({ body, code }) => {
    const submission = body.mediaType === 'video/mp4' ? demonstration : written;
    const answer = await leaves(look(submission), () => announce(client, submission.submissionId, { as: 'maya', body }));
    expect(answer).toMatchObject(problem(422, `upload/${code}`));
  });

  it('with every fault of the announcement at once', async () => {
    const body = { fileName: '', mediaType: 'markdown', bytes: 1.5, sha256: 'ABC', directory: '/etc' };
    const answer = await leaves(look(written), () => announce(client, written.submissionId, { as: 'maya', body }));
    expect(answer).toMatchObject(problem(400, 'request/malformed'));
    expect(faultsIn(answer).map((fault) => fault.split(' ')[0])).toEqual(['/fileName', '/mediaType', '/bytes', '/sha256', '/directory']);
  });

  it('where a component takes no more', async () => {
    const submission = await fresh('one-file');
    await reserved(client, submission.submissionId, { as: 'maya', file: ESSAY });
    const answer = await leaves(look(submission), () => announce(client, submission.submissionId, { as: 'maya', body: essay }));
    expect(answer).toMatchObject(problem(409, 'upload/too-many-items', { facts: { itemsMax: 1, companion: null } }));
  });

  it('where the result comes from a tool and nothing is expected', async () => {
    const definition = sampleDefinition('infection-prevention-clinic-staff');
    await registerIssuer(client, definition, 'olu');
    await publish(client, definition, 'priya');
    const { submissions } = await enrol(client, definition.id, 'sam');
    const check = submissions.find(({ component }) => component === 'knowledge-check')!;
    expect(await announce(client, check.submissionId, { as: 'sam', body: essay })).toMatchObject(
      problem(409, 'upload/nothing-expected', { facts: { component: 'knowledge-check' } }),
    );
    expect(await client.call('GET', `/v1/submissions/${check.submissionId}`, { as: 'sam' })).toMatchObject({
      body: { state: 'in-review', items: [] },
    });
  });
});

describe('an upload address takes exactly what was announced, once', () => {
  let slot: Slot;
  let submission: Submission;
  const BYTES = ESSAY.bytes;
  const CHANGED = Buffer.from(BYTES).fill('x', 10, 11);

  interface Put {
    readonly what: string;
    readonly url?: (url: URL) => void;
    /** Replaces a header, or takes it away. */
    readonly header?: readonly [name: string, value?: string];
    readonly bytes?: Buffer;
    readonly refused?: readonly [status: number, code: string];
  }
  const sent = ({ url: change = () => {}, header = ['x-none'], bytes = BYTES }: Put) => {
    const [name, value] = header;
    const url = new URL(slot.url);
    change(url);
    const { [name]: _, ...headers } = signedHeaders(slot);
    return put(url.href, value === undefined ? headers : { ...headers, [name]: value }, bytes);
  };

  beforeAll(async () => {
    submission = await fresh('exact');
    slot = await reserved(client, submission.submissionId, { as: 'maya', file: ESSAY });
  });

  it.each<Put>([
    { what: 'another length', bytes: Buffer.concat([BYTES, BYTES]) },
    { what: 'another type', header: ['content-type', 'text/html'] },
    { what: 'other bytes under the announced digest', bytes: CHANGED, refused: [400, 'BadDigest'] },
    { what: 'other bytes under their own digest', bytes: CHANGED, header: ['x-amz-checksum-sha256', base64DigestOf(CHANGED)] },
    { what: 'no digest', header: ['x-amz-checksum-sha256'] },
    { what: 'no type', header: ['content-type'] },
    { what: 'leave to replace what is there', header: ['if-none-match'] },
    { what: 'more time than it was given', url: ({ searchParams }) => searchParams.set('X-Amz-Expires', '604800') },
    {
      what: 'another place',
      url: (url) => Object.assign(url, { pathname: url.pathname.replace(/.$/, (last) => (last === '0' ? '1' : '0')) }),
    },
    { what: 'no signature', url: (url) => Object.assign(url, { search: '' }), refused: [403, 'AccessDenied'] },
  ])('but not $what', async ({ refused: [status, code] = [403, 'SignatureDoesNotMatch'], ...row }) => {
    expect(await sent(row)).toEqual({ status, code });
    expect(await submissionAs(client, submission.submissionId, 'maya')).toMatchObject({ items: [{ state: 'slot-reserved' }] });
  });

  it('and a second time it takes nothing, not even the same', async () => {
    expect(await put(slot.url, signedHeaders(slot), BYTES)).toEqual({ status: 200, code: undefined });
    expect(await put(slot.url, signedHeaders(slot), BYTES)).toEqual({ status: 412, code: 'PreconditionFailed' });
    expect(await judged(submission, slot.evidenceId)).toMatchObject({ state: 'clean', sha256: digestOf(BYTES) });
  });
});

describe('a file is judged by its bytes and not by its name', () => {
  it('a picture that is called a film is rejected, and leaves room for the film', async () => {
    const item = await uploaded(demonstration, { ...MOVIE, bytes: PNG });
    expect(item).toMatchObject({ state: 'rejected', reason: 'type-mismatch', found: { mediaType: 'image/png', bytes: PNG.byteLength } });
    expect(await handIn(demonstration)).toMatchObject(
      problem(409, 'submission/evidence-missing', { facts: { itemsToAdd: 1, companions: ['timestamps'] } }),
    );
    expect(await uploaded(demonstration, MOVIE)).toMatchObject({ state: 'clean' });
  });

  it('a page that a browser would run is no essay', async () => {
    const submission = await fresh('page');
    const page = Buffer.from('<!doctype html><script>fetch("/v1/enrolments")</script>');
    expect(await uploaded(submission, { ...ESSAY, bytes: page })).toMatchObject({
      state: 'rejected',
      reason: 'type-mismatch',
      found: { mediaType: 'text/html' },
    });
  });

  it('a file with malware in it is quarantined and cannot be handed in', async () => {
    expect(await uploaded(demonstration, { ...TIMESTAMPS, bytes: EICAR })).toMatchObject({ state: 'quarantined' });
    const answer = await leaves(look(demonstration), () => handIn(demonstration));
    expect(answer).toMatchObject(problem(409, 'submission/evidence-missing', { facts: { itemsToAdd: 0, companions: ['timestamps'] } }));
  });
});

describe('a submission is handed in whole, and once', () => {
  it('not while a file that was announced never came, unless the learner gives it up', async () => {
    const submission = await fresh('never-sent');
    const { evidenceId } = await reserved(client, submission.submissionId, { as: 'maya', file: ESSAY });
    const answer = await leaves(look(submission), () => handIn(submission));
    expect(answer).toMatchObject(
      problem(409, 'submission/evidence-not-ready', { facts: { notReady: [{ id: evidenceId, state: 'slot-reserved' }] } }),
    );
    const path = `/v1/submissions/${submission.submissionId}/evidence/${evidenceId}`;
    expect(await client.call('DELETE', path, { as: 'maya' })).toEqual({ status: 200, body: { evidenceId, state: 'abandoned' } });
    await uploaded(submission, ESSAY);
    expect(await handIn(submission)).toMatchObject({ status: 200 });
  });

  it('not with fewer files than are required', async () => {
    await handInFiles(client, portfolio, { files: PDFS.slice(0, 2), learner: 'maya' });
    const answer = await leaves(look(portfolio), () => handIn(portfolio));
    expect(answer).toMatchObject(problem(409, 'submission/evidence-missing', { facts: { itemsToAdd: 1, companions: [] } }));
  });

  it('not without what the learner must declare', async () => {
    expect(await uploaded(demonstration, TIMESTAMPS)).toMatchObject({ state: 'clean' });
    for (const [declarations, missing] of [
      [{}, ['authenticity', 'consent']],
      [{ authenticity: true }, ['consent']],
    ] as const) {
      const answer = await leaves(look(demonstration), () => handIn(demonstration, { declarations }));
      expect(answer).toMatchObject(problem(422, 'submission/declaration-missing', { facts: { declarations: missing } }));
    }
    const answer = await leaves(look(demonstration), () => handIn(demonstration, { declarations: { authenticity: 'yes', truth: true } }));
    expect(answer).toMatchObject(problem(400, 'request/malformed'));
    expect(faultsIn(answer)).toEqual(['/declarations/authenticity wrong-type', '/declarations/truth unknown-field']);
  });

  it('and then nothing is added, taken out or handed in again', async () => {
    const answer = await handIn(demonstration);
    expect(answer).toMatchObject({
      status: 200,
      body: { state: 'in-review', evidence: [{ sha256: digestOf(MOVIE.bytes) }, { sha256: digestOf(TIMESTAMPS.bytes) }] },
    });
    const { items } = await submissionAs(client, demonstration.submissionId, 'maya');
    const sealed = items.find(({ state }) => state === 'sealed')!;
    const path = `/v1/submissions/${demonstration.submissionId}`;
    for (const act of [
      () => handIn(demonstration),
      () => announce(client, demonstration.submissionId, { as: 'maya', body: announcementOf(MOVIE) }),
      () => client.call('DELETE', `${path}/evidence/${sealed.evidenceId}`, { as: 'maya' }),
      () => client.call('POST', `${path}/revision`, { as: 'maya' }),
    ])
      expect(await leaves(look(demonstration), act)).toMatchObject(problem(409, 'submission/illegal-transition'));
  });

  it('handed in twice at the same moment, it is sealed once', async () => {
    await handInFiles(client, written, { files: [ESSAY], learner: 'maya' });
    const answers = await Promise.all([handIn(written), handIn(written), handIn(written)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    expect(await submissionAs(client, written.submissionId, 'maya')).toMatchObject({ state: 'in-review', evidence: { length: 1 } });
  });

  it('a file taken out of a draft makes room for a better one', async () => {
    const submission = await fresh('second-thoughts');
    const { evidenceId } = await uploaded(submission, ESSAY);
    const path = `/v1/submissions/${submission.submissionId}/evidence/${evidenceId}`;
    expect(await client.call('DELETE', path, { as: 'maya' })).toEqual({ status: 200, body: { evidenceId, state: 'purged' } });
    expect(await client.call('DELETE', path, { as: 'maya' })).toMatchObject({ status: 200 });
    expect(await handIn(submission)).toMatchObject(problem(409, 'submission/evidence-missing'));
    const better = await uploaded(submission, { ...ESSAY, bytes: Buffer.concat([ESSAY.bytes, Buffer.from('\n\nOne more thought.\n')]) });
    expect(await handIn(submission)).toMatchObject({ status: 200, body: { evidence: [{ id: better.evidenceId }] } });
  });
});
