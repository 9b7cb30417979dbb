/**
 * eddsa-rdfc-2022: the embedded proof that Open Badges certification accepts.
 * @see https://www.w3.org/TR/vc-di-eddsa/#eddsa-rdfc-2022
 */
import { hashAndSign } from './hash-and-sign.ts';

export const eddsaRdfc2022 = hashAndSign({ name: 'eddsa-rdfc-2022', keys: ['Ed25519'], form: 'rdfc' });
