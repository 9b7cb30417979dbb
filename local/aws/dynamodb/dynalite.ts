/**
 * Border to dynalite, which ships no types: its request shapes, its validation and its expression grammars.
 * Its storage and its evaluation are not used: they are asynchronous, and wrong for sets, nested values and UTF-8 sizes.
 */
import { createRequire } from 'node:module';
import * as z from 'zod';
import { AwsError } from '../service.ts';

const require = createRequire(import.meta.url);

/** Fields of a request in dynalite's own notation. */
export type Fields = Readonly<Record<string, unknown>>;

type CustomCheck = (data: unknown, store: unknown) => string | undefined;

export interface Shape {
  readonly types: Fields;
  readonly custom?: CustomCheck | undefined;
}

interface Validations {
  checkTypes(data: object, types: Fields): object;
  checkValidations(data: object, types: Fields, custom: CustomCheck | undefined, store: unknown): void;
  validateAttributeValue(value: object): string | undefined;
}

interface Decimal {
  plus(other: string): Decimal;
  minus(other: string): Decimal;
  toFixed(): string;
}

type DynaliteAction =
  | 'batchGetItem'
  | 'batchWriteItem'
  | 'createTable'
  | 'deleteItem'
  | 'deleteTable'
  | 'describeTable'
  | 'getItem'
  | 'listTables'
  | 'putItem'
  | 'query'
  | 'scan'
  | 'updateItem';

const validations: Validations = require('dynalite/validations');
const Big: new (number: string) => Decimal = createRequire(require.resolve('dynalite'))('big.js');

// dynalite measures strings in UTF-16; sizes are measured by item-size.ts instead.
const STORE = { options: { maxItemSize: Number.POSITIVE_INFINITY } };

export const shapeOf = (action: DynaliteAction): Shape => require(`dynalite/validations/${action}`);

const Refusal = z.object({
  statusCode: z.number(),
  body: z.object({ __type: z.string(), message: z.string().optional(), Message: z.string().optional() }),
});

export const validationError = (message: string): AwsError => new AwsError('ValidationException', message);

const asAwsError = (thrown: unknown): unknown => {
  // Only dynalite runs inside the `try`, and it trips over null where a value belongs.
  if (thrown instanceof TypeError) return new AwsError('SerializationException', 'Unexpected value type in payload');
  const refusal = Refusal.safeParse(thrown);
  if (!refusal.success) return thrown;
  const { __type, message, Message } = refusal.data.body;
  return new AwsError(__type.slice(__type.indexOf('#') + 1), message ?? Message ?? '', { status: refusal.data.statusCode });
};

// dynalite would accept these; the evaluation here knows expressions only, and to ignore one would change what a request means.
const LEGACY = ['AttributesToGet', 'AttributeUpdates', 'Expected', 'ConditionalOperator', 'QueryFilter', 'ScanFilter', 'KeyConditions'];

const EXPRESSION_BYTES_MAX = 4096;

// dynalite's copies would lose it: an assignment to this name sets a prototype instead.
const namesPrototype = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (Object.hasOwn(value, '__proto__') || Object.values(value).some(namesPrototype));

const refuseUnknownMeaning = (input: object): void => {
  for (const [name, value] of Object.entries(input)) {
    if (LEGACY.includes(name) && value != null)
      throw validationError(`The legacy parameter ${name} is not offered here: use an expression`);
    const long = name.endsWith('Expression') && typeof value === 'string' && Buffer.byteLength(value) > EXPRESSION_BYTES_MAX;
    if (long) throw validationError(`Invalid ${name}: Expression size has exceeded the maximum allowed size;`);
  }
};

/**
 * The request, checked against the shape: unknown members are gone, numbers are in canonical decimal, expressions are
 * parsed beside their text (`_condition`, `_updates`, …). `T` is the reading of that shape.
 * @throws AwsError SerializationException, ValidationException
 */
export const check = <T extends object>(shape: Shape, input: unknown): T => {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new AwsError('SerializationException', 'Start of structure or map found where not expected');
  }
  refuseUnknownMeaning(input);
  if (namesPrototype(input)) throw validationError('An attribute named __proto__ is not offered here');
  try {
    const data = validations.checkTypes(input, shape.types);
    validations.checkValidations(data, shape.types, shape.custom, STORE);
    return data as T;
  } catch (error) {
    throw asAwsError(error);
  }
};

const customMessage = (shape: Shape, member: object): string | undefined => {
  try {
    return shape.custom?.(member, STORE);
  } catch (error) {
    throw asAwsError(error);
  }
};

/** The custom part of a shape on a member that was already checked for types, such as one action of a transaction. */
export const checkMember = <T extends object>(shape: Shape, member: object): T => {
  refuseUnknownMeaning(member);
  const message = customMessage(shape, member);
  if (message) throw validationError(message);
  return member as T;
};

/** Sum or difference of two numbers, in DynamoDB's 38 digits. @throws AwsError ValidationException when it does not fit */
export const arithmetic = (operation: 'add' | 'subtract', left: string, right: string): string => {
  const result = operation === 'add' ? new Big(left).plus(right) : new Big(left).minus(right);
  const value = { N: result.toFixed() };
  const message = validations.validateAttributeValue(value);
  if (message) throw validationError(message);
  return value.N;
};
