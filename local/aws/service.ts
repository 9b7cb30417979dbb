/** What the stand-ins of AWS services have in common: a request as it came over the wire, its caller, an error as AWS would tell it. */
import type { Readable } from 'node:stream';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** Whoever signed the request. */
export interface Caller {
  /** `function/learner-api`, or `root` for the operator of this machine. */
  readonly principal: string;
  /** @throws AwsError with code AccessDenied, status 403, unless a statement of the principal allows the action. */
  authorize(action: string, resourceArn: string, context?: Readonly<Record<string, string>>): void;
}

/** A request with a verified signature. `path` is raw, header names are lower-case, the body is not yet decoded. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
  readonly caller: Caller;
}

export interface WireResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | Readable;
}

/** An error with the code that the SDK turns into its class name; `extra` are further members of the error body. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: { status?: number; extra?: Readonly<Record<string, unknown>> } = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status ?? 400;
    this.extra = options.extra ?? {};
  }
}

/** A service that speaks AWS JSON 1.0/1.1: `action` is what follows the dot in X-Amz-Target. */
export interface JsonService {
  handle(action: string, input: unknown, caller: Caller): Promise<unknown>;
}
