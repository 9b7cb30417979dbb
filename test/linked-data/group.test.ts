import { describe, expect, it } from 'vitest';
import { createGrouper } from '#linked-data/group.ts';
import { linesOf, relabelled, sorted, statementOf } from '#linked-data/nquads.ts';
import { select } from '#linked-data/selection.ts';

const VOCABULARY = {
  '@context': {
    '@version': 1.1,
    id: '@id',
    type: '@type',
    '@vocab': 'https://example.org/',
    steps: { '@id': 'https://example.org/steps', '@container': '@list' },
    grid: { '@id': 'https://example.org/grid', '@container': '@list' },
  },
};
const group = createGrouper({ contexts: new Map([['https://example.org/v1', VOCABULARY]]) });
const label = async (canonical: string) => `x${canonical}`;
const document = {
  '@context': ['https://example.org/v1'],
  type: 'Recipe',
  name: 'Bread',
  steps: ['knead', 'rest', 'bake'],
  grid: [[1, 2], [3]],
  oven: { type: 'Oven', note: '_:c14n0 is no node', shelf: { height: 3 } },
};

describe('the statements of a document', () => {
  it('fall into groups that together are all of them', async () => {
    const { nquads, groups } = await group(document, { pointers: { chosen: ['/oven/note', '/name'] }, label });
    const { matching, nonMatching } = groups.chosen;
    expect([...matching.values(), ...nonMatching.values()].sort()).toEqual([...nquads].sort());
    expect([...matching.values()].join('')).toContain('"Bread"');
    expect([...matching.values()].join('')).not.toContain('height');
  });

  it('of a group that chooses nothing are none', async () => {
    const { groups } = await group(document, { pointers: { nothing: [] }, label });
    expect([groups.nothing.matching.size, groups.nothing.canonicalLabels.size]).toEqual([0, 0]);
  });

  it('of an ordered list are the same ones in a part as in the whole, also in a list of lists', async () => {
    const { groups } = await group(document, { pointers: { list: ['/steps'], lists: ['/grid'] }, label });
    const text = [...groups.list.matching.values()].join('');
    expect(['knead', 'rest', 'bake'].every((step) => text.includes(`"${step}"`))).toBe(true);
    expect([...groups.lists.matching.values()].filter((line) => line.includes('#first')).length).toBe(5);
  });

  it('keep a node’s own label apart from the ones that are made up', async () => {
    const own = {
      '@context': ['https://example.org/v1'],
      type: 'A',
      friend: { id: '_:n1', name: 'Ann' },
      other: { friend: { id: '_:n1' } },
    };
    const { nquads } = await group(own, { pointers: { all: [''] }, label });
    expect(nquads.filter((line) => line.includes('"Ann"'))).toHaveLength(1);
    expect(new Set(nquads.map((line) => statementOf(line).subject)).size).toBe(3);
  });
});

describe('a line of N-Quads', () => {
  it('is relabelled where it names a node, and not where a text looks like one', () => {
    const line = '_:c14n0 <https://example.org/p> "_:c14n0 \\"said\\" _:c14n1"@en _:c14n1 .\n';
    expect(
      relabelled(
        line,
        new Map([
          ['c14n0', 'a'],
          ['c14n1', 'b'],
        ]),
      ),
    ).toBe('_:a <https://example.org/p> "_:c14n0 \\"said\\" _:c14n1"@en _:b .\n');
    expect(() => relabelled(line, new Map())).toThrow('no label for _:c14n0');
    expect(() => statementOf('nothing')).toThrow(RangeError);
  });

  it('sorts by code point, also beyond the basic plane', () => {
    const [astral, private_] = ['😀', '\uf8ff'];
    expect(sorted([`${astral}\n`, `${private_}\n`, 'a\n', 'ab\n'])).toEqual(['a\n', 'ab\n', `${private_}\n`, `${astral}\n`]);
    expect(linesOf('')).toEqual([]);
  });
});

describe('a selection', () => {
  const whole = { '@context': 'c', id: 'urn:1', type: 'A', list: [{ id: '_:b', type: 'B', x: 1, y: 2 }, 7, 'text'], 'a/b': { '~': null } };
  it.each([
    [['/list/0/x'], { '@context': 'c', id: 'urn:1', type: 'A', list: [{ type: 'B', x: 1 }] }],
    [['/list/2', '/list/1'], { '@context': 'c', id: 'urn:1', type: 'A', list: [7, 'text'] }],
    [['/list/0/x', '/list/0'], { '@context': 'c', id: 'urn:1', type: 'A', list: [{ id: '_:b', type: 'B', x: 1, y: 2 }] }],
    [['/a~1b/~0'], { '@context': 'c', id: 'urn:1', type: 'A', 'a/b': { '~': null } }],
    [[''], whole],
  ])('by %j holds that and the way to it', (pointers, selection) => expect(select(whole, pointers)).toEqual(selection));

  it('by nothing is none', () => expect(select(whole, [])).toBeUndefined());

  it.each(['/none', '/list/3', '/list/x', '/id/0', 'id', '/__proto__'])('by %s is refused', (pointer) => {
    expect(() => select(whole, [pointer])).toThrow(`nothing at ${pointer}`);
  });
});
