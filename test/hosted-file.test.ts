import { describe, expect, it } from 'vitest';
import { cssFile, htmlFile, IDENTITY_SECONDS, jsonFile, STATUS_LIST_SECONDS } from '#shared/hosted-file.ts';

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
    expect(jsonFile('i/x.json', { a: 1 }, { contentType: 'application/ld+json', seconds: IDENTITY_SECONDS })).toMatchObject({
      body: '{"a":1}',
      contentType: 'application/ld+json',
      cacheControl: 'public, max-age=300',
    });
  });

  it('with the status of badges is never relied on for longer than who issued them', () => {
    expect(STATUS_LIST_SECONDS).toBeLessThanOrEqual(IDENTITY_SECONDS);
  });
});
