import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { scanObject } from '../../local/aws/guardduty.ts';
import { openS3 } from '../../local/aws/s3/s3.ts';
import { ROOT, temporaryFolder } from './s3/harness.ts';

// In two halves here too, for the same reason as in the code.
const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

const folder = temporaryFolder();
const s3 = openS3({ folder });
s3.createBucket('evidence', { versioned: true, notify: true });
const created: object[] = [];
let noticed: (() => void) | undefined;
s3.onObjectCreated(async (event) => {
  created.push(event);
  noticed?.();
});

afterAll(() => {
  s3.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts the bytes and returns the event that S3 sends about them. */
const upload = async (bytes: Buffer): Promise<object> => {
  const before = created.length;
  const arrived = new Promise<void>((resolve) => {
    noticed = resolve;
  });
  const answer = await s3.handle({
    method: 'PUT',
    path: '/evidence/proof',
    query: new URLSearchParams(),
    headers: { 'content-length': String(bytes.byteLength) },
    body: Readable.from([bytes]),
    caller: ROOT,
  });
  expect(answer.status).toBe(200);
  await arrived;
  return created[before] ?? {};
};

const resultOf = (scan: object) => {
  const { detail } = JSON.parse(JSON.stringify(scan));
  return { status: detail.scanStatus, result: detail.scanResultDetails.scanResultStatus, threats: detail.scanResultDetails.threats };
};

const CLEAN = { status: 'COMPLETED', result: 'NO_THREATS_FOUND', threats: null };
const THREAT = { status: 'COMPLETED', result: 'THREATS_FOUND', threats: [{ name: 'EICAR-Test-File (not a virus)' }] };

describe('the malware scan', () => {
  it('reports in the words of GuardDuty', async () => {
    const event = JSON.parse(JSON.stringify(await upload(Buffer.from('an honest proof'))));
    const scan = await scanObject(s3, event, () => Date.parse('2026-05-04T10:11:12.345Z'));
    expect(scan).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'GuardDuty Malware Protection Object Scan Result',
      source: 'aws.guardduty',
      account: '000000000000',
      time: '2026-05-04T10:11:12Z',
      region: 'us-east-1',
      resources: [expect.stringMatching(/^arn:aws:guardduty:us-east-1:000000000000:malware-protection-plan\//)],
      detail: {
        schemaVersion: '1.0',
        scanStatus: 'COMPLETED',
        resourceType: 'S3_OBJECT',
        s3ObjectDetails: {
          bucketName: 'evidence',
          objectKey: 'proof',
          eTag: event.detail.object.etag,
          versionId: event.detail.object['version-id'],
          s3Throttled: false,
        },
        scanResultDetails: { scanResultStatus: 'NO_THREATS_FOUND', threats: null, statusReasons: null },
      },
    });
  });

  it.each([
    ['alone', Buffer.from(EICAR)],
    ['at the end of a large file', Buffer.concat([randomBytes(300_000), Buffer.from(EICAR)])],
    ['across the border of two reads', Buffer.concat([randomBytes(65_536 - 30), Buffer.from(EICAR), randomBytes(100)])],
    ['after its own beginning', Buffer.from(EICAR.slice(0, 40) + EICAR)],
  ])('finds the test virus %s', async (_, bytes) => {
    expect(resultOf(await scanObject(s3, await upload(bytes)))).toEqual(THREAT);
  });

  it('finds it wherever it lies', async () => {
    for (const offset of [0, 1, 65_468, 65_469, 65_535, 65_536, 131_005]) {
      expect(
        resultOf(await scanObject(s3, await upload(Buffer.concat([Buffer.alloc(offset), Buffer.from(EICAR), Buffer.alloc(3)])))),
      ).toEqual(THREAT);
    }
  });

  it('lets pass what only looks alike', async () => {
    for (const bytes of [EICAR.slice(0, -1), EICAR.toLowerCase(), `${EICAR.slice(0, 34)} ${EICAR.slice(34)}`]) {
      expect(resultOf(await scanObject(s3, await upload(Buffer.from(bytes))))).toEqual(CLEAN);
    }
  });

  it('looks at the version of the event, not at the latest', async () => {
    const infected = await upload(Buffer.from(EICAR));
    await upload(Buffer.from('clean'));
    expect(resultOf(await scanObject(s3, infected))).toEqual(THREAT);
  });

  it('does not look into an archive that is locked with a password', async () => {
    const content = deflateRawSync(Buffer.from('secret'));
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(20, 4);
    const open = Buffer.concat([header, content]);
    const locked = Buffer.from(open);
    locked.writeUInt16LE(1, 6);
    expect(resultOf(await scanObject(s3, await upload(open)))).toEqual(CLEAN);
    const scan = await scanObject(s3, await upload(locked));
    expect(resultOf(scan)).toEqual({ status: 'SKIPPED', result: 'UNSUPPORTED', threats: null });
    expect(scan).toMatchObject({ detail: { scanResultDetails: { statusReasons: ['PASSWORD_PROTECTED'] } } });
  });

  it('fails, and says so, when the object is gone or cannot be read', async () => {
    const event = await upload(Buffer.from('short-lived'));
    const failed = { status: 'FAILED', result: 'FAILED', threats: null };
    expect(resultOf(await scanObject({ read: () => undefined }, event))).toEqual(failed);
    const stored = s3.read('evidence', 'proof');
    if (stored === undefined) throw new Error('the object was expected to be there');
    const broken = () =>
      new Readable({
        read() {
          this.destroy(new Error('disk'));
        },
      });
    expect(resultOf(await scanObject({ read: () => ({ ...stored, stream: broken }) }, event))).toEqual(failed);
  });

  it('takes nothing but an Object Created event', async () => {
    for (const event of [{}, { detail: null }, { detail: { bucket: { name: 1 }, object: {} } }]) {
      await expect(scanObject(s3, event)).rejects.toThrow(TypeError);
    }
  });
});
