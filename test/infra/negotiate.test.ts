/** One public address, several forms: which of them a caller gets, by the very file that CloudFront runs. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { openNegotiation } from '../../local/aws/edge/edge-functions.ts';

const FILE = join(import.meta.dirname, '../../infra/constructs/negotiate.js');
const negotiate = openNegotiation();

const CREDENTIAL = '/c/0192f3c8';
const ISSUER = '/i/harbour-learning-alliance';
const ACHIEVEMENT = '/a/harbour-learning-alliance/data-storytelling/1.0.0';
const STATUS_LIST = '/s/harbour-learning-alliance/3';

const CHROME =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7';
const IMG_ELEMENT = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';

describe('an address without a suffix answers with the form that is asked for', () => {
  it.each([
    ['a browser reads the page of a badge', [CREDENTIAL, CHROME], '.html'],
    ['a browser reads the page of an issuer', [ISSUER, CHROME], '.html'],
    ['a browser reads the page of an achievement', [ACHIEVEMENT, CHROME], '.html'],
    ['a browser is shown a status list as the JSON it is', [STATUS_LIST, CHROME], '.json'],
    ['no header at all means the page', [CREDENTIAL, undefined], '.html'],
    ['an empty header means the page', [CREDENTIAL, ''], '.html'],
    ['anything will do: the page', [ISSUER, '*/*'], '.html'],
    ['anything will do: the status list', [STATUS_LIST, '*/*'], '.json'],
    ['a verifier asks for a credential as linked data', [CREDENTIAL, 'application/vc+ld+json'], '.json'],
    ['a verifier asks for a credential by the media type of the data model 2.0', [CREDENTIAL, 'application/vc'], '.json'],
    ['a verifier asks for a profile as linked data', [ISSUER, 'application/ld+json'], '.json'],
    ['a verifier asks for an achievement as JSON', [ACHIEVEMENT, 'application/json'], '.json'],
    ['a verifier asks for a status list as a credential', [STATUS_LIST, 'application/vc+ld+json'], '.json'],
    ['a wallet asks for the signed token of a badge', [CREDENTIAL, 'application/vc+jwt'], '.jwt'],
    ['a wallet asks for any signed token', [CREDENTIAL, 'application/jwt'], '.jwt'],
    ['a token is text', [STATUS_LIST, 'text/plain'], '.jwt'],
    ['a resolver asks for the identity of an issuer', [ISSUER, 'application/did+json'], '/did.json'],
    ['a resolver asks for it as linked data', [ISSUER, 'application/did+ld+json'], '/did.json'],
    ['an image of a badge is baked into PNG', [CREDENTIAL, 'image/png'], '.png'],
    ['an image of an achievement is a drawing', [ACHIEVEMENT, 'image/svg+xml'], '.svg'],
    ['an <img> of a page takes the drawing that it names', [CREDENTIAL, IMG_ELEMENT], '.svg'],
    ['any image will do', [CREDENTIAL, 'image/*'], '.png'],
    ['any application format will do', [CREDENTIAL, 'application/*'], '.json'],
    ['any text will do', [CREDENTIAL, 'text/*'], '.html'],
  ])('%s', (_case, [path = '', accept], suffix) => {
    expect(negotiate(path, accept)).toBe(`${path}${suffix}`);
  });
});

describe('preferences are weighed as RFC 9110 has it', () => {
  it.each([
    ['the higher quality wins', [CREDENTIAL, 'text/html;q=0.5, application/json;q=0.9'], '.json'],
    ['order does not beat quality', [CREDENTIAL, 'application/json;q=0.2, text/html'], '.html'],
    ['at equal quality the first named wins', [CREDENTIAL, 'application/jwt, application/json'], '.jwt'],
    ['who names a type means it more than who says anything', [CREDENTIAL, '*/*, application/json'], '.json'],
    ['a refused form is not sent', [CREDENTIAL, 'text/html;q=0, */*;q=0.1'], '.json'],
    ['a specific refusal outweighs a general wish', [CREDENTIAL, '*/*, text/html;q=0.0'], '.json'],
    [
      'a profile with commas is one parameter',
      [CREDENTIAL, 'application/ld+json;profile="https://a.example/x, text/html;q=1";q=0.9, text/html;q=0.3'],
      '.json',
    ],
    ['case and blanks do not matter', [CREDENTIAL, '  Application/JSON ; Q=0.7 ,text/html;q=0.6'], '.json'],
    ['a quality outside of 0 to 1 counts as none given', [CREDENTIAL, 'application/json;q=7, text/html;q=0.9'], '.json'],
    ['a form that an address does not have is passed over', [ACHIEVEMENT, 'application/jwt, application/json;q=0.1'], '.json'],
    ['what nobody has gets the usual form', [CREDENTIAL, 'audio/mp3'], '.html'],
    ['what nobody has gets the usual form of a status list', [STATUS_LIST, 'image/png'], '.json'],
    ['who refuses everything gets the usual form', [CREDENTIAL, '*/*;q=0'], '.html'],
  ])('%s', (_case, [path = '', accept], suffix) => {
    expect(negotiate(path, accept)).toBe(`${path}${suffix}`);
  });
});

describe('a path that names its file is left alone', () => {
  it.each([
    `${CREDENTIAL}.json`,
    `${CREDENTIAL}.ob2.json`,
    `${CREDENTIAL}.png`,
    `${ACHIEVEMENT}.json`,
    `${ISSUER}.html`,
    `${ISSUER}/did.json`,
    `${ISSUER}/keys/2026-11.json`,
    `${STATUS_LIST}.jwt`,
    '/.well-known/did.json',
    '/style.css',
    '/404.html',
    '/v1/credentials/0192f3c8',
    '/v1/c/x',
    '/app/callback',
    '/c/',
    '/c',
    '/c/a/b',
    '/a/issuer/definition',
    '/toString/constructor',
    '',
  ])('%s', (path) => {
    expect(negotiate(path, 'application/json')).toBe(path);
  });

  it('a version with dots is no suffix, a version with a suffix is', () => {
    expect(negotiate(ACHIEVEMENT, 'application/json')).toBe(`${ACHIEVEMENT}.json`);
    expect(negotiate(`${ACHIEVEMENT}.json`, 'text/html')).toBe(`${ACHIEVEMENT}.json`);
  });
});

describe('the rest of the site', () => {
  it('the base address is the home page', () => {
    expect(negotiate('/', 'application/json')).toBe('/home.html');
  });

  it('a slash at the end does not lose a reader', () => {
    expect(negotiate(`${CREDENTIAL}/`, 'text/html')).toBe(`${CREDENTIAL}.html`);
    expect(negotiate(`${ACHIEVEMENT}/`, 'application/json')).toBe(`${ACHIEVEMENT}.json`);
  });
});

describe('no header that a stranger sends stops the function', () => {
  it.each([
    ['commas only', ','.repeat(5000)],
    ['quotes only', '"'.repeat(5000)],
    ['semicolons only', ';'.repeat(5000)],
    ['slashes', '/,//,*/,/*'],
    ['names of the prototype', '__proto__, constructor;q=1, toString/valueOf'],
    ['qualities that are no numbers', 'text/html;q=, text/html;q=., text/html;q=-1, text/html;q=1e999'],
    ['an open quote', 'application/json;profile="x'],
    ['bytes outside of ASCII', 'text/\u00fc\u0000\uffff'],
    ['8 KB of ranges', 'a/b;q=0.1,'.repeat(800)],
  ])('%s', (_case, accept) => {
    expect(negotiate(CREDENTIAL, accept)).toMatch(/^\/c\/0192f3c8\.(html|json)$/);
  });

  const raw = (request: unknown): unknown => {
    const context = createContext({ event: { request } });
    runInContext(readFileSync(FILE, 'utf8'), context);
    return runInContext('handler(event).uri', context);
  };

  it.each([
    [
      'a header that came twice',
      { accept: { value: 'text/plain', multiValue: [{ value: 'image/gif' }, { value: 'application/json' }] } },
      '/c/x.json',
    ],
    ['a header without a value', { accept: {} }, '/c/x.html'],
    ['values that are no text', { accept: { value: 7, multiValue: [{}, { value: null }] } }, '/c/x.html'],
    ['no header of that name', {}, '/c/x.html'],
    ['no headers', undefined, '/c/x.html'],
  ])('an event of CloudFront with %s', (_case, headers, uri) => {
    expect(raw({ method: 'GET', uri: '/c/x', querystring: {}, headers, cookies: {} })).toBe(uri);
  });

  it('leaves everything else of the request as it came', () => {
    const context = createContext({
      event: { request: { method: 'HEAD', uri: '/c/x', querystring: { a: { value: '1' } }, headers: {}, cookies: {} } },
    });
    runInContext(readFileSync(FILE, 'utf8'), context);
    expect(JSON.parse(String(runInContext('JSON.stringify(handler(event))', context)))).toEqual({
      method: 'HEAD',
      uri: '/c/x.html',
      querystring: { a: { value: '1' } },
      headers: {},
      cookies: {},
    });
  });
});

describe('the file fits the runtime of CloudFront Functions', () => {
  const source = readFileSync(FILE, 'utf8');

  it('is smaller than the 10 KB that a function may have', () => {
    expect(statSync(FILE).size).toBeLessThan(10 * 1024);
  });

  // The runtime documents ES 5.1 with let, const, arrow functions and template literals, and refuses other syntax at deployment.
  it.each([
    ['imports or exports', /^\s*(import|export)\b|\brequire\(/m],
    ['for…of', /\bfor\s*\([^)]*\bof\b/],
    ['spread or rest', /\.\.\.[\w[{(]/],
    ['optional chaining or nullish coalescing', /\?\.|\?\?/],
    ['destructuring', /(const|let|var)\s*[[{]|\(\s*\{[^}]*\}\s*\)\s*=>/],
    ['classes', /^\s*class\b/m],
    ['default arguments', /\((\w+,\s*)*\w+ = [^)]*\)\s*(=>|\{)/],
    ['shorthand properties', /[{,]\s*(form|quality|position|specificity)\s*[,}]/],
  ])('it has no %s', (_case, syntax) => {
    expect(source.replace(/\/\*\*[\s\S]*?\*\/|\/\/.*$/gm, '')).not.toMatch(syntax);
  });
});
