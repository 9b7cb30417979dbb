/** Order of versions. Semantic Versioning 2.0.0, section 11, without pre-releases. */
import type { Version } from './ids.ts';

export const compareVersions = (left: string, right: string): number => {
  const [a, b] = [left.split('.').map(Number), right.split('.').map(Number)];
  const place = [0, 1, 2].find((part) => a[part] !== b[part]);
  return place === undefined ? 0 : (a[place] ?? 0) - (b[place] ?? 0);
};

export const latestVersion = (versions: readonly Version[]): Version | undefined => [...versions].sort(compareVersions).at(-1);
