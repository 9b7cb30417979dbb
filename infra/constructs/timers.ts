/** One-off schedules that tell the bus something later (a mark that was parked is due). Functions make and clear them in one group. */
import { Stack } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';

export interface Timers {
  readonly groupName: string;
  /** ARN of every schedule of the group. */
  readonly schedulesArn: string;
  readonly roleArn: string;
}

export const timers = (parent: Construct, stage: string, bus: events.EventBus): Timers => {
  const scope = new Construct(parent, 'Timers');
  const stack = Stack.of(scope);
  const groupName = `assay-${stage}`;
  const group = new scheduler.CfnScheduleGroup(scope, 'Group', { name: groupName });
  const role = new iam.Role(scope, 'Role', {
    description: 'Assay: lets a schedule put its event on the bus',
    assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
      // Without these, a schedule of another account could act with this role.
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': group.attrArn } },
    }),
    inlinePolicies: {
      tell: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] })],
      }),
    },
  });
  return {
    groupName,
    schedulesArn: stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `${groupName}/*` }),
    roleArn: role.roleArn,
  };
};
