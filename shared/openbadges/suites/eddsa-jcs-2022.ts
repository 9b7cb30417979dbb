/**
 * eddsa-jcs-2022: Ed25519 over the JSON text itself.
 * @see https://www.w3.org/TR/vc-di-eddsa/#eddsa-jcs-2022
 */
import { hashAndSign } from './hash-and-sign.ts';

export const eddsaJcs2022 = hashAndSign({ name: 'eddsa-jcs-2022', keys: ['Ed25519'], form: 'jcs' });
