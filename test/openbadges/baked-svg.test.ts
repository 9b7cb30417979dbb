import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertion } from '#openbadges/assertion.ts';
import { bakedInSvg, bakeSvg } from '#openbadges/baked-svg.ts';
import { SVG_CHARS_MAX } from '#openbadges/svg-markup.ts';
import { aFrozenCredential, aSignedBadge } from './a-badge.ts';

const credential = JSON.stringify(await aSignedBadge());
const hosted = JSON.stringify(assertion(aFrozenCredential()));
const JWS = 'eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiJ4In0.c2lnbmF0dXJl';
const NEWER = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"';
const OLDER = 'xmlns:openbadges="http://openbadges.org"';
const CIRCLE = '<circle cx="4" cy="4" r="3"/>';
const PLAIN = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">${CIRCLE}</svg>`;

const found = (svg: string) => bakedInSvg(Buffer.from(svg));

/** Drawings as programs write them: each with what stands before the image and the image without its opening tag. */
const DRAWINGS: readonly (readonly [name: string, svg: string])[] = [
  ['a plain editor', PLAIN],
  [
    'an editor that declares XML and a document type',
    `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n${PLAIN}\n`,
  ],
  [
    'an editor that comments',
    `<!-- <svg> made by hand > --><svg viewBox='0 0 8 8' data-note="a > b"><!-- <openbadges:credential verify="x"/> -->${CIRCLE}</svg>`,
  ],
  ['an editor that prefixes', `<svg:svg xmlns:svg="http://www.w3.org/2000/svg"><svg:circle r="1"/></svg:svg>`],
  ['an editor that leaves the image empty', '<svg xmlns="http://www.w3.org/2000/svg" />'],
  [
    'an editor with a style sheet',
    `<svg\n  width="8"\n><style><![CDATA[ svg > * { content: "<openbadges:credential>" } ]]></style>${CIRCLE}</svg>`,
  ],
  ['a byte order mark', `\ufeff${PLAIN}`],
];

describe('a badge baked into an SVG', () => {
  it.each(DRAWINGS)('by %s is found again, in both generations', (_, svg) => {
    expect(found(bakeSvg(svg, { credential, assertion: hosted }))).toEqual({ credential, assertion: hosted });
  });

  it.each(DRAWINGS)('by %s and baked again stands in it once, and comes out as it went in', (_, svg) => {
    const once = bakeSvg(svg, { credential, assertion: hosted });
    expect(bakeSvg(once, { credential, assertion: hosted })).toBe(once);
    const other = bakeSvg(once, { credential: '{"another":1}' });
    expect(found(other)).toEqual({ credential: '{"another":1}' });
    expect(other.split('<openbadges:credential>')).toHaveLength(svg.includes('content: "<openbadges') ? 3 : 2);
  });

  it('stands directly behind the opening tag, each generation in its namespace', () => {
    expect(bakeSvg(PLAIN, { credential: '{"a":1}', assertion: '{"id":"https://a.example/?x=1&y=\\"2\\""}' })).toBe(
      `<svg ${NEWER} xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">` +
        '<openbadges:credential><![CDATA[{"a":1}]]></openbadges:credential>' +
        `<openbadges:assertion ${OLDER} verify="https://a.example/?x=1&amp;y=&quot;2&quot;">` +
        `<![CDATA[{"id":"https://a.example/?x=1&y=\\"2\\""}]]></openbadges:assertion>${CIRCLE}</svg>`,
    );
  });

  it('that is a JWS stands in an attribute, as the standard asks', () => {
    const baked = bakeSvg(PLAIN, { credential: JWS, assertion: JWS });
    expect(baked).toContain(`<openbadges:credential verify="${JWS}"></openbadges:credential>`);
    expect(found(baked)).toEqual({ credential: JWS, assertion: JWS });
  });

  it('takes over the prefix where the image gave it another meaning', () => {
    const older = `<svg ${OLDER} viewBox="0 0 8 8"><openbadges:assertion verify="https://a.example/1"/>${CIRCLE}</svg>`;
    expect(bakeSvg(older, { credential: JWS })).toBe(
      `<svg ${NEWER} viewBox="0 0 8 8"><openbadges:credential verify="${JWS}"></openbadges:credential>${CIRCLE}</svg>`,
    );
  });

  it('survives as any JSON, in any language, also for a reader that looks for the first end of its section', () => {
    const text = fc.string({ unit: 'binary' });
    const json = fc.oneof(fc.jsonValue(), fc.dictionary(text, text), fc.constant({ trap: ']]>', more: ']]>]]>', odd: '\ufffe\uffff' }));
    fc.assert(
      fc.property(json, (value) => {
        const baked = bakeSvg(PLAIN, { credential: JSON.stringify(value) });
        const answer = found(baked);
        expect('credential' in answer && JSON.parse(String(answer.credential))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(JSON.parse(/<!\[CDATA\[([\s\S]*?)\]\]>/.exec(baked)?.[1] ?? '')).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    ['a text that is neither JSON nor a JWS', 'hello'],
    ['half a character', '"\ud800"'],
  ])('is refused as %s', (_, text) => {
    expect(() => bakeSvg(PLAIN, { credential: text })).toThrow(RangeError);
    expect(() => bakeSvg(PLAIN, { assertion: text })).toThrow(RangeError);
  });

  it('that names no address of its Assertion still carries it', () => {
    expect(found(bakeSvg(PLAIN, { assertion: '[]' }))).toEqual({ assertion: '[]' });
  });

  it('is not baked into what is no SVG', () => {
    expect(() => bakeSvg('<html></html>', { credential })).toThrow('not-svg');
  });

  it('is not looked for in an image without one', () => {
    for (const [, svg] of DRAWINGS) expect(found(svg)).toEqual({});
  });
});

describe('a badge of another issuer in an SVG', () => {
  it.each([
    [
      'with white space around it',
      `<svg ${NEWER}><g/><openbadges:credential>\n <![CDATA[ {"a":1} ]]>\n</openbadges:credential></svg>`,
      { credential: '{"a":1}' },
    ],
    [
      'in two sections, as XML splits them',
      '<svg><openbadges:credential><![CDATA[{"a":"]]]]><![CDATA[>"}]]></openbadges:credential></svg>',
      { credential: '{"a":"]]>"}' },
    ],
    [
      'as plain text with references',
      '<svg><openbadges:credential>{&quot;a&quot;:&#34;&#x41;&#34;}</openbadges:credential></svg>',
      { credential: '{"a":"A"}' },
    ],
    ['with a comment inside', '<svg><openbadges:credential><!-- ours --><?note?>{}</openbadges:credential></svg>', { credential: '{}' }],
    [
      'as an address alone',
      "<svg><openbadges:assertion verify='https://a.example/?x=1&amp;y=2' /></svg>",
      { assertion: 'https://a.example/?x=1&y=2' },
    ],
    [
      'twice, of which the first counts',
      `<svg><openbadges:credential verify="a.b.c"/><openbadges:credential verify="d.e.f"/></svg>`,
      { credential: 'a.b.c' },
    ],
    ['that says nothing', '<svg><openbadges:credential></openbadges:credential></svg>', {}],
  ])('is read %s', (_, svg, expected) => {
    expect(found(svg)).toEqual(expected);
  });

  const laughs = `<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>`;

  it.each([
    ['entities of its own', `${laughs}<svg><openbadges:credential>&b;</openbadges:credential></svg>`, 'entities'],
    ['a document type without end', '<!DOCTYPE svg PUBLIC "x', 'entities'],
    ['an entity that nobody defined', '<svg><openbadges:credential>&secret;</openbadges:credential></svg>', 'entities'],
    ['a bare ampersand', '<svg><openbadges:assertion verify="https://a.example/?x=1&y=2"/></svg>', 'entities'],
    ['a reference to no character', '<svg><openbadges:credential>&#0;</openbadges:credential></svg>', 'entities'],
    ['a reference to half a character', '<svg><openbadges:credential>&#xd800;</openbadges:credential></svg>', 'entities'],
    ['a reference beyond all characters', '<svg><openbadges:credential>&#9999999;</openbadges:credential></svg>', 'entities'],
    ['markup inside the badge', '<svg><openbadges:credential><script/></openbadges:credential></svg>', 'malformed'],
    ['a badge without end', '<svg><openbadges:credential>{}', 'malformed'],
    ['a comment without end', '<svg><!-- ', 'malformed'],
    ['a section without end', '<svg><openbadges:credential><![CDATA[{}', 'malformed'],
    ['an attribute without quotes', '<svg width=8></svg>', 'malformed'],
    ['an attribute with a bracket', '<svg title="<"></svg>', 'malformed'],
    ['a closing tag with attributes', '<svg></svg a="b">', 'malformed'],
    ['a stray bracket', '<svg> 1 < 2 </svg>', 'malformed'],
    ['another root', '<html><svg/></html>', 'not-svg'],
    ['a root that closes', '</svg>', 'not-svg'],
    ['no markup', 'hello', 'not-svg'],
    ['nothing', '', 'not-svg'],
  ])('with %s is answered so', (_, svg, fault) => {
    expect(found(svg)).toEqual({ fault });
  });

  it('that is no UTF-8 is no SVG', () => {
    expect(bakedInSvg(Buffer.from([0xff, 0xfe, 0x3c, 0x00]))).toEqual({ fault: 'not-svg' });
  });

  it('over the limit is refused unread', () => {
    expect(bakedInSvg(Buffer.alloc(SVG_CHARS_MAX + 1, 0x20))).toEqual({ fault: 'too-large' });
    expect(() => bakeSvg(' '.repeat(SVG_CHARS_MAX + 1), { credential: JWS })).toThrow('too-large');
  });

  const LONG = 8 * 1024 * 1024;
  it.each([
    [
      'a photograph in an attribute',
      `<svg><image href="data:image/png;base64,${'A'.repeat(LONG)}"/><openbadges:credential verify="${JWS}"/></svg>`,
      { credential: JWS },
    ],
    ['a sea of white space', `<svg${' '.repeat(LONG)}x</svg>`, { fault: 'malformed' }],
    ['a sea of attributes', `<svg ${'a="b" '.repeat(LONG / 16)}></svg>`, {}],
    ['a sea of tags', `<svg>${'<g>'.repeat(LONG / 16)}</svg>`, {}],
    ['a sea of comment starts', `<svg>${'<!--'.repeat(LONG / 16)}</svg>`, { fault: 'malformed' }],
    ['a sea of document types', '<!DOCTYPE'.repeat(LONG / 16), { fault: 'entities' }],
    ['a sea of quotes in its document type', `<!DOCTYPE ${'"'.repeat(LONG)}>`, { fault: 'entities' }],
    [
      'a sea of references',
      `<svg><openbadges:credential>${'&amp;'.repeat(LONG / 16)}</openbadges:credential></svg>`,
      { credential: '&'.repeat(LONG / 16) },
    ],
  ])('with %s is read in one pass', (_, svg, expected) => {
    expect(found(svg)).toEqual(expected);
  });
});
