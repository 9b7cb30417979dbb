/**
 * Ed25519Signature2020: the forerunner of eddsa-rdfc-2022, still common; the same two hashes under another name.
 * @see https://www.w3.org/TR/vc-di-eddsa/#ed25519signature2020-0
 */
import { hashAndSign } from './hash-and-sign.ts';

export const ed25519Signature2020 = hashAndSign({ name: 'Ed25519Signature2020', keys: ['Ed25519'], form: 'rdfc' });
