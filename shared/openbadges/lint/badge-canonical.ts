/**
 * Whether a badge has one canonical form for everyone. RDFC-1.0 sorts by code point in three places: the statements of one blank node
 * before they are hashed, hashes and labels (both plain ASCII), and all statements at the end. What sorts by UTF-16 unit agrees
 * unless two statements of the same subject and predicate differ first at a character beyond U+FFFF.
 * @see https://www.w3.org/TR/rdf-canon/#hash-1d-quads and #canon-algorithm, step 7
 */
import { error, type Finding } from '#domain/lint/finding.ts';
import { sortsDifferently, textOrderDetail } from '#domain/lint/text-order.ts';
import { CanonicalizationError, type Canonize } from '#linked-data/canonicalize.ts';
import { linesOf, type Statement, statementOf } from '#linked-data/nquads.ts';
import { objectOf, textOf } from '../json-object.ts';
import { type Blame, placesIn } from './places.ts';

/** The text of a literal without its quotes and type, still escaped, since that is how it is sorted. */
const textOfLiteral = ({ object }: Statement): string => /^"(.*)"[^"]*$/s.exec(object)?.[1] ?? object;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

const unescaped = (text: string): string =>
  text.replaceAll(/\\(u([0-9A-F]{4})|.)/gs, (_, name: string, code: string | undefined) =>
    code === undefined ? (ESCAPES[name] ?? name) : String.fromCharCode(Number.parseInt(code, 16)),
  );

const siblings = (statements: readonly Statement[]): readonly (readonly Statement[])[] => [
  ...Map.groupBy(statements, ({ subject, predicate, graph = '' }) => `${subject} ${predicate} ${graph}`).values(),
];

const disorder = (statements: readonly Statement[], blame: Blame): readonly Finding[] =>
  siblings(statements).flatMap((group) =>
    group.map(textOfLiteral).flatMap((text, _, texts) => {
      const other = texts.find((candidate) => sortsDifferently(text, candidate) && text < candidate);
      if (other === undefined) return [];
      return blame({ path: [], value: unescaped(text) }, (path) => error(path, 'lint/text-order', textOrderDetail(text, unescaped(other))));
    }),
  );

/** What the JSON-LD processor stumbled over, if it says so; its events keep it at different places. */
const stumblingBlock = (cause: unknown): readonly unknown[] => {
  const details = cause instanceof Error && 'details' in cause ? cause.details : undefined;
  const event = objectOf(objectOf(details)?.event);
  return placesIn(event?.details).flatMap(({ value }) => textOf(value) ?? []);
};

const refusal = (refused: CanonicalizationError, blame: Blame): readonly Finding[] => {
  const blocks = stumblingBlock(refused.cause);
  const found = blocks.flatMap((value) =>
    blame({ path: [], value }, (path) =>
      error(
        path,
        'lint/badge-not-canonical',
        `Linked-data processors cannot read "${value}" without losing a part of it, so it would stay unsigned.`,
      ),
    ),
  );
  const placed = found.filter(({ pointer }) => pointer !== '');
  if (placed.length > 0) return placed;
  return [
    error(
      [],
      'lint/badge-not-canonical',
      `A badge of this definition has no canonical form (${refused.code}), so it could be neither signed nor verified.`,
    ),
  ];
};

export const badgeCanonical = async (badge: object, { canonize, blame }: { readonly canonize: Canonize; readonly blame: Blame }) => {
  try {
    return disorder(linesOf(await canonize(badge)).map(statementOf), blame);
  } catch (refused) {
    if (refused instanceof CanonicalizationError) return refusal(refused, blame);
    throw refused;
  }
};
