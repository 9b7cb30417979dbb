/** Places in a JSON document. */

/** RFC 6901 pointer to the value at the path; the empty pointer is the whole document. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
