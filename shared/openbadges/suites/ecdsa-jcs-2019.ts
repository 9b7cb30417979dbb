/**
 * ecdsa-jcs-2019: P-256 with SHA-256 or P-384 with SHA-384 over the JSON text itself.
 * @see https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-jcs-2019
 */
import { hashAndSign } from './hash-and-sign.ts';

export const ecdsaJcs2019 = hashAndSign({ name: 'ecdsa-jcs-2019', keys: ['P-256', 'P-384'], form: 'jcs' });
