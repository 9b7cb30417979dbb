/** What a rule of publication finds. An error stops publication; a warning is for the programme to weigh. */
import type { Fault } from '../errors.ts';
import type { IssuerProfile, MicroCredentialDefinition } from '../micro-credential.ts';
import { pointerTo } from '../pointer.ts';

/** What a definition alone cannot know; a rule whose fact is not given is not checked. */
export interface LintContext {
  /** `profile.id` of the issuer that publishes. */
  readonly issuerIdentifier?: string;
  /** The profile of that issuer, as badges will tell it. */
  readonly registeredProfile?: IssuerProfile;
  /** Versions of this micro-credential that are, or ever were, published. */
  readonly publishedVersions?: readonly string[];
  /** Versions that are published here, of any micro-credential. */
  readonly knownMicroCredentials?: readonly { readonly id: string; readonly version: string }[];
}

export type LintCode = `lint/${string}`;

export interface Finding extends Fault {
  readonly severity: 'error' | 'warning';
  readonly code: LintCode;
}

/** One family of rules: every fault of the family, at once. */
export type LintFamily = (definition: MicroCredentialDefinition, context: LintContext) => readonly Finding[];

/** Keys and indices from the top of the document. */
export type Path = readonly (string | number)[];

export const error = (path: Path, code: LintCode, detail: string): Finding => ({
  severity: 'error',
  pointer: pointerTo(path),
  code,
  detail,
});

export const warning = (path: Path, code: LintCode, detail: string): Finding => ({ ...error(path, code, detail), severity: 'warning' });

/** The finding if the condition is broken, else none. */
export const unless = (holds: boolean, finding: Finding): readonly Finding[] => (holds ? [] : [finding]);
