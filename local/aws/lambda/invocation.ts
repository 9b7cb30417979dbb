/** What came of one invocation, as its caller sees it. */

export type Invocation =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

export type Invoke = (name: string, event: unknown) => Promise<Invocation>;

export const failure = (errorType: string, errorMessage: string): Invocation => ({ ok: false, errorType, errorMessage });

/** The errorType of an invocation that took longer than its row allows. */
export const TIMED_OUT = 'Sandbox.Timedout';
