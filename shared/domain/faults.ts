/** Faults of any parsed value, from what its schema had to say. */
import type * as z from 'zod';
import type { Fault } from './errors.ts';
import { faultsOf as faultsOfIssues } from './micro-credential/faults.ts';

export const faultsOf = (error: z.ZodError): readonly Fault[] => faultsOfIssues(error.issues);
