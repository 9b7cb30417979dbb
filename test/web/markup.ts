/** A reader of pages that is stricter than a browser: whatever it does not know is an error. */

const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z][a-z:-]*(?:="[^"<>]*")?)*)\s*>|<!doctype html>/g;
const VOID = new Set(['meta', 'link', 'img', 'br']);
const KNOWN = new Set(
  `html head meta title link body main header footer section article div p span h1 h2 h3 h4 ul ol li dl dt dd table caption thead tbody tr th td
  a img br strong code pre bdi time details summary`.split(/\s+/),
);

export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const attributesIn = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...text.matchAll(/([a-z][a-z:-]*)(?:="([^"]*)")?/g)].map(([, name = '', value = '']) => [name, value]));

/** @throws Error for an angle bracket or an ampersand that belongs to nothing */
const requireClean = (page: string): void => {
  const stray = /.{0,60}[<>].{0,60}/.exec(page.replaceAll(TAG, ''));
  if (stray !== null) throw new Error(`stray bracket: ${stray[0]}`);
  if (/&(?!(amp|lt|gt|quot|#39);)/.test(page)) throw new Error('stray ampersand');
};

/** @throws Error if tags are closed in another order than they were opened */
const requireBalanced = (tags: readonly (Tag & { readonly closes: boolean })[]): void => {
  const open: string[] = [];
  for (const { name, closes } of tags.filter((tag) => !VOID.has(tag.name))) {
    if (!closes) open.push(name);
    else if (open.pop() !== name) throw new Error(`unbalanced ${name}`);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(' ')}`);
};

/** Every opening tag of a page. @throws Error for an unknown or unbalanced tag, a stray bracket, or one id given twice */
export const tagsIn = (page: string): readonly Tag[] => {
  requireClean(page);
  const tags = [...page.matchAll(TAG)].flatMap(([, slash, name, attributes = '']) =>
    name === undefined ? [] : [{ name, attributes: attributesIn(attributes), closes: slash === '/' }],
  );
  const unknown = tags.find(({ name }) => !KNOWN.has(name));
  if (unknown !== undefined) throw new Error(`unknown element ${unknown.name}`);
  requireBalanced(tags);
  const ids = tags.flatMap(({ attributes }) => attributes.id ?? []);
  if (new Set(ids).size !== ids.length) throw new Error('one id given twice');
  return tags.filter(({ closes }) => !closes).map(({ name, attributes }) => ({ name, attributes }));
};

/** The words of a page, as one reads them. */
export const wordsIn = (page: string): string =>
  page
    .replace(/^.*<body>/s, '')
    .replaceAll(TAG, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
