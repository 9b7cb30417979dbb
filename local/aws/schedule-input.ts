/** What a schedule is made of, parsed where it enters: one-off schedules whose target is an event bus, and nothing else. */
import * as z from 'zod';
import { AwsError } from './service.ts';

const Name = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[0-9a-zA-Z\-_.]+$/);

export const DEFAULT_GROUP = 'default';

const FlexibleTimeWindow = z.discriminatedUnion('Mode', [
  z.object({ Mode: z.literal('OFF') }),
  z.object({ Mode: z.literal('FLEXIBLE'), MaximumWindowInMinutes: z.int().min(1).max(1440) }),
]);

const isJsonObject = (text: string): boolean => {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
};

// RetryPolicy and DeadLetterConfig are kept and given back; here delivery is retried until the bus takes the event.
const Target = z.object({
  Arn: z.string().regex(/^arn:aws:events:[a-z0-9-]+:\d{12}:event-bus\/.+$/, 'Provided Arn is not the ARN of an event bus'),
  RoleArn: z.string().regex(/^arn:aws:iam::\d{12}:role\/.+$/, 'Provided RoleArn is not the ARN of a role'),
  EventBridgeParameters: z.object({ DetailType: z.string().min(1).max(128), Source: z.string().min(1).max(256) }),
  Input: z.string().refine(isJsonObject, 'Input for an event bus must be a JSON object'),
  RetryPolicy: z
    .object({ MaximumRetryAttempts: z.int().min(0).max(185).optional(), MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional() })
    .optional(),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
});

const Definition = {
  ScheduleExpression: z.string().min(1).max(256),
  ScheduleExpressionTimezone: z.string().min(1).max(50).default('UTC'),
  FlexibleTimeWindow,
  Target,
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  Description: z.string().max(512).optional(),
};

/** Stored as it is; GetSchedule gives it back. */
export const ScheduleDefinition = z.object(Definition);
export type ScheduleDefinition = z.infer<typeof ScheduleDefinition>;

export const ScheduleBody = z.object({ ...Definition, GroupName: Name.default(DEFAULT_GROUP), ClientToken: z.string().max(64).optional() });

export const GroupBody = z.object({ ClientToken: z.string().max(64).optional() });

export const ScheduleName = z.object({ group: Name, name: Name });
export type ScheduleName = z.infer<typeof ScheduleName>;

export const GroupName = Name;

export const ListQuery = z.object({
  ScheduleGroup: Name.optional(),
  NamePrefix: Name.optional(),
  State: z.enum(['ENABLED', 'DISABLED']).optional(),
  MaxResults: z.coerce.number().int().min(1).max(100).default(100),
  NextToken: z.string().max(2048).optional(),
});
export type ListQuery = z.infer<typeof ListQuery>;

export const validationError = (message: string): AwsError => new AwsError('ValidationException', message);

/** @throws AwsError ValidationException */
export const parseInput = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map(({ path, message }) => `Value at '${path.join('.')}' failed to satisfy constraint: ${message}`);
  throw validationError(`${details.length} validation error(s) detected: ${details.join('; ')}`);
};
