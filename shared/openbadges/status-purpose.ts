/** What our lists say of a raised bit. See docs/decisions for why suspension and revocation share one entry. */
import type { StatusPurpose } from './bitstring-status-list.ts';

export const STATUS_PURPOSE: StatusPurpose = 'revocation';
