import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { allow, allowSend } from './permissions.ts';
import type { QueuePair } from './queue-pair.ts';

/**
 * Where alarms of schedules are set: a group of EventBridge Scheduler's for this environment, whose schedules are made as
 * the service runs, and the role as which EventBridge puts them into the queue, or among its dead letters.
 */
export class AlarmClock extends Construct {
  readonly group: string;
  readonly role: Role;
  readonly queue: QueuePair;
  readonly #name: string;

  constructor(
    scope: Construct,
    id: string,
    { name, queue }: { readonly name: string; readonly queue: QueuePair },
  ) {
    super(scope, id);
    this.queue = queue;
    const group = new CfnScheduleGroup(this, 'Group', { name });
    this.group = group.ref;
    this.#name = name;
    const { account } = Stack.of(this);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': group.attrArn } },
      }),
    });
    allowSend(this.role, queue.queue, queue.deadLetters);
  }

  /** What whoever sets alarms is told. */
  get environment() {
    const { queue, deadLetters } = this.queue;
    return {
      FANFARE_SCHEDULE_GROUP: this.group,
      FANFARE_SCHEDULE_ROLE_ARN: this.role.roleArn,
      FANFARE_SCHEDULE_QUEUE_URL: queue.queueUrl,
      FANFARE_SCHEDULE_QUEUE_ARN: queue.queueArn,
      FANFARE_SCHEDULE_DEAD_LETTER_QUEUE_ARN: deadLetters.queueArn,
    };
  }

  /** To set and to cancel alarms of this group, and to hand EventBridge the role for it. */
  allow(role: Role): void {
    const stack = Stack.of(role);
    const schedules = stack.formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${this.#name}/*`,
    });
    const calls = ['CreateSchedule', 'UpdateSchedule', 'DeleteSchedule'];
    allow(
      role,
      calls.map(call => `scheduler:${call}`),
      schedules,
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    );
    allowSend(role, this.queue.queue);
    acknowledge(role, {
      [`IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${this.#name}/*]`]:
        "Schedules are made and named as the service runs; the group is this environment's alone.",
    });
  }
}
