/** What came of one invocation, as its caller sees it. */

export type Invocation =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

/** Never rejects: what went wrong is in the invocation. */
export type Invoke = (name: string, event: unknown) => Promise<Invocation>;

export const failure = (errorType: string, errorMessage: string): Invocation => ({ ok: false, errorType, errorMessage });

/** The errorType of an invocation that took longer than its row allows. */
export const TIMED_OUT = 'Sandbox.Timedout';

/** The errorType of an event that is larger than a function takes. */
export const TOO_LARGE = 'RequestEntityTooLargeException';

/** Quota of Lambda for the event and for the answer of a synchronous invocation: 6 MB. */
export const PAYLOAD_BYTES_MAX = 6 * 1024 * 1024;
