import { describe, expect, it } from 'vitest';
import { credentialFile, cssFile, htmlFile, jsonFile } from '#shared/hosted-file.ts';

describe('a public file', () => {
  it('says what it is and how long a copy may be relied on: a page for a minute, its look for five', () => {
    expect(htmlFile('c/x.html', '<p>')).toEqual({
      key: 'c/x.html',
      body: '<p>',
      contentType: 'text/html; charset=utf-8',
      cacheControl: 'public, max-age=60',
    });
    expect(cssFile('a.css', 'p {}')).toMatchObject({ contentType: 'text/css; charset=utf-8', cacheControl: 'public, max-age=300' });
  });

  it('of JSON is written as it was signed, and may be kept as long as its kind allows', () => {
    expect(jsonFile('c/x.json', '{ "signed":1}')).toMatchObject({ body: '{ "signed":1}', cacheControl: 'public, max-age=60' });
    expect(jsonFile('i/x.json', { a: 1 }, { contentType: 'application/ld+json', seconds: 300 })).toMatchObject({
      body: '{"a":1}',
      contentType: 'application/ld+json',
      cacheControl: 'public, max-age=300',
    });
  });

  it('of a badge may say with which status it is answered', () => {
    const form = { suffix: '.ob2.json', contentType: 'application/ld+json', bytes: new Uint8Array([1]) } as const;
    const stands = { key: 'c/x.ob2.json', body: form.bytes, contentType: form.contentType, cacheControl: 'public, max-age=60' };
    expect(credentialFile('c/x.ob2.json', form)).toEqual(stands);
    expect(credentialFile('c/x.ob2.json', { ...form, status: 410 })).toEqual({ ...stands, status: 410 });
  });
});
