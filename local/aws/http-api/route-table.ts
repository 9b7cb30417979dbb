/** Routes of the HTTP API: which row a request belongs to, and the parameters in its address. A literal part wins over a parameter, as in API Gateway. */
import type { HttpStep } from '../../../functions/path.ts';

export interface Matched {
  readonly step: HttpStep;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Entry {
  readonly step: HttpStep;
  readonly method: string;
  readonly parts: readonly string[];
}

const isParameter = (part: string): boolean => part.startsWith('{');

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

const fits = (entry: Entry, parts: readonly string[]): boolean =>
  entry.parts.length === parts.length &&
  entry.parts.every((part, place) => (isParameter(part) ? parts[place] !== '' : part === parts[place]));

const literals = ({ parts }: Entry): number => parts.filter((part) => !isParameter(part)).length;

const parametersOf = (entry: Entry, parts: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(entry.parts.flatMap((part, place) => (isParameter(part) ? [[part.slice(1, -1), decoded(parts[place] ?? '')]] : [])));

export const routeTable = (steps: readonly HttpStep[]) => {
  const entries = steps.map((step): Entry => {
    const [method = '', path = ''] = step.http.split(' ');
    return { step, method, parts: path.split('/') };
  });
  return (method: string, path: string): Matched | undefined => {
    const parts = path.split('/');
    const [best] = entries
      .filter((entry) => entry.method === method && fits(entry, parts))
      .sort((left, right) => literals(right) - literals(left));
    return best && { step: best.step, routeKey: best.step.http, pathParameters: parametersOf(best, parts) };
  };
};
