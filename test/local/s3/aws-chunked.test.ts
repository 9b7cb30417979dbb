import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkDecoder } from '../../../local/aws/s3/aws-chunked.ts';

const decode = (wire: Buffer, cuts: readonly number[]): Buffer => {
  const decoder = chunkDecoder();
  const edges = [0, ...cuts.map((cut) => cut % (wire.byteLength + 1)).sort((a, b) => a - b), wire.byteLength];
  const payload = edges.slice(1).flatMap((edge, index) => [...decoder.push(wire.subarray(edges[index], edge))]);
  decoder.end();
  return Buffer.concat(payload);
};

const encode = (chunks: readonly Uint8Array[]): Buffer =>
  Buffer.concat([
    ...chunks.flatMap((chunk) => [Buffer.from(`${chunk.byteLength.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
    Buffer.from('0\r\n\r\n'),
  ]);

describe('the framing aws-chunked', () => {
  it('gives back the payload however the network cuts it', () => {
    const chunks = fc.tuple(
      fc.array(fc.uint8Array({ minLength: 8192, maxLength: 8200 }), { maxLength: 2 }),
      fc.uint8Array({ minLength: 1, maxLength: 50 }),
    );
    fc.assert(
      fc.property(chunks, fc.array(fc.nat(20_000), { maxLength: 20 }), ([full, last], cuts) => {
        expect(decode(encode([...full, last]), cuts).equals(Buffer.concat([...full, last]))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['cut short inside a chunk', '5\r\nproo'],
    ['cut short before its end', '5\r\nproof\r\n'],
    ['without its last empty line', '5\r\nproof\r\n0\r\n'],
    ['with a size that is none', 'five\r\nproof\r\n0\r\n\r\n'],
    ['with a negative size', '-5\r\nproof\r\n0\r\n\r\n'],
    ['with a size beyond all measure', `${'f'.repeat(20)}\r\nproof`],
    ['with an endless line', '5'.repeat(5000)],
    ['with a chunk longer than its size', '4\r\nproof\r\n0\r\n\r\n'],
    ['with bytes after its end', '5\r\nproof\r\n0\r\n\r\nmore'],
    ['empty', ''],
  ])('is incomplete when %s', (_, wire) => {
    expect(() => decode(Buffer.from(wire), [])).toThrow(expect.objectContaining({ code: 'IncompleteBody' }));
  });

  it('takes few trailers, each with a name', () => {
    const many = Array.from({ length: 9 }, (_, index) => `x-${index}:1\r\n`).join('');
    for (const trailers of [many, 'nameless\r\n', ':x\r\n']) {
      expect(() => decode(Buffer.from(`0\r\n${trailers}\r\n`), [])).toThrow(expect.objectContaining({ code: 'MalformedTrailerError' }));
    }
  });
});
