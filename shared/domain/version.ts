/** Which of several versions is the latest. */
import type { Version } from './ids.ts';
import { compareVersions } from './micro-credential/version-range.ts';

export const latestVersion = (versions: readonly Version[]): Version | undefined => [...versions].sort(compareVersions).at(-1);
