/** The signature suites that are understood here: name → file. */
import type { JsonObject } from '../json-object.ts';
import { ecdsaJcs2019 } from './ecdsa-jcs-2019.ts';
import { ecdsaRdfc2019 } from './ecdsa-rdfc-2019.ts';
import { ecdsaSd2023 } from './ecdsa-sd-2023.ts';
import { ed25519Signature2020 } from './ed25519-signature-2020.ts';
import { eddsaJcs2022 } from './eddsa-jcs-2022.ts';
import { eddsaRdfc2022 } from './eddsa-rdfc-2022.ts';
import type { Suite, SuiteName } from './suite.ts';

export const SUITES: Readonly<Record<SuiteName, Suite>> = {
  Ed25519Signature2020: ed25519Signature2020,
  'ecdsa-jcs-2019': ecdsaJcs2019,
  'ecdsa-rdfc-2019': ecdsaRdfc2019,
  'ecdsa-sd-2023': ecdsaSd2023,
  'eddsa-jcs-2022': eddsaJcs2022,
  'eddsa-rdfc-2022': eddsaRdfc2022,
};

/** The suite that a proof says it was made with; undefined if it is not understood here. */
export const suiteOf = ({ type, cryptosuite }: JsonObject): Suite | undefined => {
  const name = type === 'DataIntegrityProof' ? cryptosuite : type;
  const suite = Object.values(SUITES).find((candidate) => candidate.name === name);
  // A suite's own proof type may not be claimed as a cryptosuite, nor the other way round.
  return suite !== undefined && (suite.name === 'Ed25519Signature2020') === (type !== 'DataIntegrityProof') ? suite : undefined;
};
