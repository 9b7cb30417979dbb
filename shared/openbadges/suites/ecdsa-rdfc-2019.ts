/**
 * ecdsa-rdfc-2019: P-256 with SHA-256 or P-384 with SHA-384 over what a document says.
 * @see https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-rdfc-2019
 */
import { hashAndSign } from './hash-and-sign.ts';

export const ecdsaRdfc2019 = hashAndSign({ name: 'ecdsa-rdfc-2019', keys: ['P-256', 'P-384'], form: 'rdfc' });
