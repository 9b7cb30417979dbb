/**
 * N-Quads as text, one statement a line: blank nodes relabelled, statements sorted.
 * @see https://www.w3.org/TR/rdf-canon/#canonical-quads
 */

const RESOURCE = '<[^>]*>|_:\\S+';
const LITERAL = '"(?:[^"\\\\]|\\\\.)*"(?:\\^\\^<[^>]*>|@[A-Za-z0-9-]+)?';
const STATEMENT = new RegExp(`^(${RESOURCE}) (<[^>]*>) (${RESOURCE}|${LITERAL})(?: (${RESOURCE}))? \\.$`, 's');

export interface Statement {
  readonly subject: string;
  readonly predicate: string;
  readonly object: string;
  /** Absent in the default graph. */
  readonly graph: string | undefined;
}

/** Lines of an N-Quads text, each with its line end. */
export const linesOf = (nquads: string): readonly string[] =>
  (nquads === '' ? [] : nquads.trimEnd().split('\n')).map((line) => `${line}\n`);

/** @throws RangeError for a line that is no statement */
export const statementOf = (line: string): Statement => {
  const match = STATEMENT.exec(line.trimEnd());
  if (match === null) throw new RangeError('not an N-Quads statement');
  const [, subject = '', predicate = '', object = '', graph] = match;
  return { subject, predicate, object, graph };
};

/**
 * The line with its blank nodes under other labels, given and asked for without `_:`. Only nodes are relabelled: a
 * text that looks like a label keeps its letters, or two different texts would be signed as one.
 * @throws RangeError for a label without a new one
 */
export const relabelled = (line: string, labels: ReadonlyMap<string, string>): string => {
  const { subject, predicate, object, graph } = statementOf(line);
  const term = (value: string): string => {
    if (!value.startsWith('_:')) return value;
    const label = labels.get(value.slice(2));
    if (label === undefined) throw new RangeError(`no label for ${value}`);
    return `_:${label}`;
  };
  const terms = [term(subject), predicate, term(object), ...(graph === undefined ? [] : [term(graph)])];
  return `${terms.join(' ')} .\n`;
};

/** In the order of code points, which is the order of their UTF-8 bytes. */
export const sorted = (lines: readonly string[]): readonly string[] => lines.toSorted(byCodePoint);

const byCodePoint = (left: string, right: string): number => {
  const [one, other] = [[...left], [...right]];
  const place = one.findIndex((character, index) => character !== other[index]);
  if (place === -1) return one.length - other.length;
  return (one[place]?.codePointAt(0) ?? -1) - (other[place]?.codePointAt(0) ?? -1);
};
