/** The operations of EventBridge Scheduler as REST: path and body to a schedule, each authorised before it tells anything. */
import { text } from 'node:stream/consumers';
import { dueAt } from './schedule-expression.ts';
import {
  DEFAULT_GROUP,
  GroupBody,
  GroupName,
  ListQuery,
  parseInput,
  ScheduleBody,
  ScheduleDefinition,
  ScheduleName,
  validationError,
} from './schedule-input.ts';
import type { ScheduleStore, StoredSchedule } from './schedule-store.ts';
import { ACCOUNT, AwsError, REGION, type WireRequest, type WireResponse } from './service.ts';

const ARN_PREFIX = `arn:aws:scheduler:${REGION}:${ACCOUNT}:`;

export const scheduleArn = ({ group, name }: ScheduleName): string => `${ARN_PREFIX}schedule/${group}/${name}`;

const groupArn = (name: string): string => `${ARN_PREFIX}schedule-group/${name}`;

/** An operation: what it returns is the body of the answer. */
type Operation = (request: WireRequest, store: ScheduleStore, name: string) => Promise<unknown> | unknown;

/** @throws AwsError, rendered by the wire */
export const answerCall = async (request: WireRequest, store: ScheduleStore): Promise<WireResponse> => {
  const [, collection = '', encoded] = /^\/([^/]+)(?:\/([^/]+))?\/?$/.exec(request.path) ?? [];
  const operation = OPERATIONS[`${request.method} /${collection}${encoded === undefined ? '' : '/{Name}'}`];
  if (operation === undefined) throw new AwsError('UnknownOperationException', 'This operation does not exist here.', { status: 404 });
  const output = await operation(request, store, decoded(encoded ?? ''));
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(output ?? {}) };
};

const decoded = (encoded: string): string => {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw validationError('The name in the path is not valid.');
  }
};

const bodyOf = async (request: WireRequest): Promise<unknown> => {
  const body = await text(request.body);
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch {
    throw new AwsError('SerializationException', 'The body is not valid JSON.');
  }
};

const conflict = (message: string): AwsError => new AwsError('ConflictException', message, { status: 409 });

const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message, { status: 404 });

/** Creating and updating give the schedule a role to act in, so both need the right to pass it on. */
const readSchedule = async (request: WireRequest, name: string, action: string) => {
  const { GroupName: group, ClientToken: clientToken, ...definition } = parseInput(ScheduleBody, await bodyOf(request));
  const named = parseInput(ScheduleName, { group, name });
  request.caller.authorize(action, scheduleArn(named));
  request.caller.authorize('iam:PassRole', definition.Target.RoleArn, { 'iam:PassedToService': 'scheduler.amazonaws.com' });
  const at = dueAt(definition.ScheduleExpression, definition.ScheduleExpressionTimezone);
  return { ...named, definition: ScheduleDefinition.parse(definition), clientToken, dueAt: at };
};

/** A time in the past is accepted and due at once: a step that runs again after its timer elapsed must not fail for it. */
const createSchedule: Operation = async (request, store, name) => {
  const schedule = await readSchedule(request, name, 'scheduler:CreateSchedule');
  if (store.groupToken(schedule.group) === undefined) throw notFound(`Schedule group ${schedule.group} does not exist.`);
  const present = store.find(schedule);
  const repeated = present?.clientToken !== undefined && present.clientToken === schedule.clientToken;
  if (present !== undefined && !(repeated && JSON.stringify(present.definition) === JSON.stringify(schedule.definition)))
    throw conflict(`Schedule ${name} already exists.`);
  if (present === undefined) store.put(schedule);
  return { ScheduleArn: scheduleArn(schedule) };
};

const updateSchedule: Operation = async (request, store, name) => {
  const schedule = await readSchedule(request, name, 'scheduler:UpdateSchedule');
  existing(store, schedule);
  store.put(schedule);
  return { ScheduleArn: scheduleArn(schedule) };
};

const existing = (store: ScheduleStore, name: ScheduleName): StoredSchedule => {
  const schedule = store.find(name);
  if (schedule === undefined) throw notFound(`Schedule ${name.name} does not exist.`);
  return schedule;
};

const namedIn = (request: WireRequest, name: string): ScheduleName =>
  parseInput(ScheduleName, { group: request.query.get('groupName') ?? DEFAULT_GROUP, name });

const getSchedule: Operation = (request, store, name) => {
  const named = namedIn(request, name);
  request.caller.authorize('scheduler:GetSchedule', scheduleArn(named));
  const schedule = existing(store, named);
  return { ...summaryOf(schedule), ...schedule.definition };
};

const deleteSchedule: Operation = (request, store, name) => {
  const named = namedIn(request, name);
  request.caller.authorize('scheduler:DeleteSchedule', scheduleArn(named));
  store.remove(existing(store, named));
};

const summaryOf = (schedule: StoredSchedule) => ({
  Arn: scheduleArn(schedule),
  GroupName: schedule.group,
  Name: schedule.name,
  State: schedule.definition.State,
  CreationDate: schedule.createdAt / 1000,
  LastModificationDate: schedule.modifiedAt / 1000,
  Target: { Arn: schedule.definition.Target.Arn },
});

const listSchedules: Operation = (request, store) => {
  const query = parseInput(ListQuery, Object.fromEntries(request.query));
  request.caller.authorize('scheduler:ListSchedules', scheduleArn({ group: query.ScheduleGroup ?? '*', name: '*' }));
  const [group = '', name = ''] = Buffer.from(query.NextToken ?? '', 'base64url')
    .toString('utf8')
    .split('/');
  const found = store.list(query, { group, name });
  const page = found.slice(0, query.MaxResults);
  const last = page.at(-1);
  const more = found.length > page.length && last !== undefined;
  return {
    Schedules: page.map(summaryOf),
    ...(more ? { NextToken: Buffer.from(`${last.group}/${last.name}`).toString('base64url') } : {}),
  };
};

const createGroup: Operation = async (request, store, name) => {
  const group = parseInput(GroupName, name);
  request.caller.authorize('scheduler:CreateScheduleGroup', groupArn(group));
  const { ClientToken: clientToken } = parseInput(GroupBody, await bodyOf(request));
  const present = store.groupToken(group);
  const repeated = present?.clientToken !== undefined && present.clientToken === clientToken;
  if (present !== undefined && !repeated) throw conflict(`Schedule group ${group} already exists.`);
  store.putGroup(group, clientToken);
  return { ScheduleGroupArn: groupArn(group) };
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /schedules/{Name}': createSchedule,
  'PUT /schedules/{Name}': updateSchedule,
  'GET /schedules/{Name}': getSchedule,
  'DELETE /schedules/{Name}': deleteSchedule,
  'GET /schedules': listSchedules,
  'POST /schedule-groups/{Name}': createGroup,
};
