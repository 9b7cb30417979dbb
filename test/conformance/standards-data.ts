/** The official schemas and vectors lie beside the repository, not in it; without them the tests that need them are skipped. */
import { existsSync, readFileSync } from 'node:fs';

const folder = new URL('../../../shared/standards/', import.meta.url);

export const hasStandards = existsSync(folder);

if (!hasStandards) console.warn(`conformance: no official data at ../shared/standards, so its tests are skipped`);

export const standardsText = (path: string): string => readFileSync(new URL(path, folder), 'utf8');

export const standardsJson = (path: string) => JSON.parse(standardsText(path));
