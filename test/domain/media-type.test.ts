import { isUtf8 } from 'node:buffer';
import { fileTypeFromBuffer } from 'file-type';
import { describe, expect, it } from 'vitest';
import { type ByteFacts, mediaTypeOf, normalMediaType } from '#domain/media-type.ts';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const BINARY = 'application/octet-stream';

/** What an inspection finds out about these bytes. */
const factsOf = async (bytes: Buffer): Promise<ByteFacts> => {
  const signature = (await fileTypeFromBuffer(bytes))?.mime;
  const head = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .slice(0, 200);
  return { text: isUtf8(bytes) && !bytes.includes(0), head, ...(signature === undefined ? {} : { signature }) };
};

const text = (content: string): Buffer => Buffer.from(content, 'utf8');
const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex');

/** An uncompressed archive of one file: local header, name, content. */
const archive = (name: string, content: string): Buffer => {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, text(name), text(content)]);
};

const mp4 = (brand: string): Buffer => Buffer.concat([hex('00000018'), text(`ftyp${brand}`), hex('00000000'), text(brand), text(brand)]);

const FILES = {
  png: Buffer.concat([
    hex(
      '89504E470D0A1A0A 0000000D49484452 00000001000000010806000000 1F15C489 0000000A49444154 789C6300010000050001 0D0A2DB4 0000000049454E44AE426082',
    ),
  ]),
  jpeg: hex('FFD8FFE000104A46494600010100000100010000FFD9'),
  mp4: mp4('isom'),
  m4a: mp4('M4A '),
  mov: mp4('qt  '),
  pdf: text('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n'),
  rtf: text('{\\rtf1\\ansi Reflection}'),
  docx: archive('[Content_Types].xml', `<Types><Override ContentType="${DOCX}.main+xml"/></Types>`),
  zip: archive('payload.exe', 'MZ'),
  exe: Buffer.concat([text('MZ'), hex('90000300000004000000FFFF0000')]),
  wav: Buffer.concat([text('RIFF'), hex('24000000'), text('WAVEfmt '), hex('10000000')]),
  xml: text('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
  vtt: text('WEBVTT\n\n00:01.000 --> 00:04.000\nWelcome.\n'),
  markdown: text('# What I learned\n\nI listened more.\n'),
  bom: text('\uFEFFWEBVTT\n\n00:01.000 --> 00:04.000\nWelcome.\n'),
  csv: text('week,hours\n1,4\n'),
  html: text('<!DOCTYPE html>\n<html><script>alert(1)</script></html>'),
  fragment: text('<p align="center">My <b>notes</b></p>\n\n# Notes\n'),
  script: text('  <script>alert(1)</script>'),
  svg: text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
  json: text('{"score": 0.9}'),
  notebook: text('{"cells": [], "nbformat": 4}'),
  the: text('the committee agreed'),
  german: text('Ich höre zu. Größe, Maß, Übung.'),
  latin1: Buffer.from('Größe', 'latin1'),
  utf16: Buffer.from('Reflection', 'utf16le'),
  nul: text('plain\0text'),
  polyglot: text('GIF89a=1;alert(1)//'),
  empty: text(''),
  brokenVtt: Buffer.concat([text('WEBVTT\n\n'), hex('FFFE00')]),
} satisfies Record<string, Buffer>;

type Row = readonly [file: keyof typeof FILES, announced: string, found: string];

const BORNE_OUT: readonly Row[] = [
  ['png', 'image/png', 'image/png'],
  ['jpeg', 'image/jpg', 'image/jpeg'],
  ['mp4', 'video/mp4', 'video/mp4'],
  ['mp4', 'video/mp4; codecs="avc1"', 'video/mp4'],
  ['mp4', 'audio/mp4', 'audio/mp4'],
  ['m4a', 'audio/mp4', 'audio/mp4'],
  ['m4a', 'audio/x-m4a', 'audio/mp4'],
  ['mov', 'video/quicktime', 'video/quicktime'],
  ['wav', 'audio/x-wav', 'audio/wave'],
  ['pdf', 'application/pdf', 'application/pdf'],
  ['docx', DOCX, DOCX],
  ['vtt', 'text/vtt', 'text/vtt'],
  ['bom', 'text/vtt', 'text/vtt'],
  ['vtt', 'text/plain', 'text/plain'],
  ['markdown', 'text/markdown', 'text/markdown'],
  ['markdown', 'text/plain; charset=utf-8', 'text/plain'],
  ['csv', 'text/csv', 'text/csv'],
  ['fragment', 'text/markdown', 'text/markdown'],
  ['german', 'TEXT/Plain', 'text/plain'],
  ['html', 'text/html', 'text/html'],
  ['json', 'application/json', 'application/json'],
  ['notebook', 'application/x-ipynb+json', 'application/x-ipynb+json'],
];

const DISGUISED: readonly Row[] = [
  ['png', 'video/mp4', 'image/png'],
  ['exe', 'video/mp4', 'application/x-msdownload'],
  ['zip', DOCX, 'application/zip'],
  ['mp4', 'video/quicktime', 'video/mp4'],
  ['m4a', 'video/mp4', 'audio/mp4'],
  ['pdf', 'text/plain', 'application/pdf'],
  ['rtf', 'text/markdown', 'application/rtf'],
  ['xml', 'text/plain', 'application/xml'],
  ['html', 'text/plain', 'text/html'],
  ['html', 'text/markdown', 'text/html'],
  ['html', 'text/csv', 'text/html'],
  ['script', 'text/plain', 'text/html'],
  ['svg', 'text/plain', 'image/svg+xml'],
  ['svg', 'image/png', 'image/svg+xml'],
  ['markdown', 'video/mp4', 'text/plain'],
  ['markdown', 'text/vtt', 'text/plain'],
  ['the', 'application/json', 'text/plain'],
  ['json', 'text/html', 'text/plain'],
  ['csv', 'constructor', 'text/plain'],
  ['polyglot', 'image/gif', 'text/plain'],
  ['latin1', 'text/plain', BINARY],
  ['utf16', 'text/plain', BINARY],
  ['nul', 'text/plain', BINARY],
  ['brokenVtt', 'text/vtt', BINARY],
  ['empty', 'video/mp4', 'text/plain'],
];

describe('the media type of a file', () => {
  it.each(BORNE_OUT)('%s announced as %s is taken as %s', async (file, announced, found) => {
    expect(mediaTypeOf(announced, await factsOf(FILES[file]))).toBe(found);
    expect(normalMediaType(announced)).toBe(found);
  });

  it.each(DISGUISED)('%s announced as %s is found to be %s', async (file, announced, found) => {
    expect(mediaTypeOf(announced, await factsOf(FILES[file]))).toBe(found);
    expect(normalMediaType(announced)).not.toBe(found);
  });

  it.each(['BMW and other cases', 'FORMATIVE feedback', 'solid foundations', 'MZ is where I come from', 'ID3 and me'])(
    'an essay that begins "%s" is no picture, sound or program, whatever its first letters mean elsewhere',
    async (beginning) => {
      const facts = await factsOf(text(`${beginning} — what I learned about listening, and what I shall do differently next time.`));
      expect(mediaTypeOf('text/plain', facts)).toBe('text/plain');
    },
  );

  it.each(['true', ' false\n', 'null', '-1', '3.5', '"words"', '[1]', '\n{"a":1}'])('JSON may begin %j', (content) => {
    expect(mediaTypeOf('application/json', { text: true, head: content })).toBe('application/json');
  });

  it.each(['truth', '-', 'nulls', ''])('JSON may not begin %j', (content) => {
    expect(mediaTypeOf('application/json', { text: true, head: content })).toBe('text/plain');
  });

  it('has one name, without parameters and in small letters', () => {
    expect(['Video/MP4;codecs=x', ' audio/mp3 ', 'video/x-m4v', ''].map(normalMediaType)).toEqual([
      'video/mp4',
      'audio/mpeg',
      'video/mp4',
      '',
    ]);
  });
});
