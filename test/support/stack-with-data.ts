import { randomUUID } from 'node:crypto';
import {
  CreatePlatformApplicationCommand,
  ListEndpointsByPlatformApplicationCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { documented } from './aws-events/documented.ts';
import { browsersOfFunctions } from './browsers-of-functions.ts';
import { anEmulatedStack } from './emulated-stack.ts';
import { phonesOver } from './http-phones.ts';
import { localStack } from './localstack.ts';
import { published } from './sns-told.ts';
import { POSTGRES_IMAGE } from './sql-platforms.ts';

/** As much of an entry of the trail as a story is told by. */
export interface TrailStep {
  readonly kind: string;
  readonly at: string;
  readonly decision?: string;
  readonly rule?: string;
  readonly until?: string;
  readonly outcome?: string;
}

export type StackWithData = Awaited<ReturnType<typeof aStackWithData>>;

/** The functions' bundles with PostgreSQL, phones by an application of SNS, and browsers. The rule of each minute is fired by the test. */
export const aStackWithData = async (prefix: string, categories: object) => {
  const sns = new SNSClient(localStack().config);
  const Attributes = { PlatformCredential: 'credential', PlatformPrincipal: 'principal' };
  const [postgres, browsers, { PlatformApplicationArn = '' }] = await Promise.all([
    new PostgreSqlContainer(POSTGRES_IMAGE).start(),
    browsersOfFunctions(),
    sns.send(new CreatePlatformApplicationCommand({ Name: randomUUID(), Platform: 'GCM', Attributes })),
  ]);
  const stack = await anEmulatedStack(prefix, {
    minutes: false,
    env: {
      FANFARE_POSTGRES_URL: postgres.getConnectionUri(),
      FANFARE_CATEGORIES: JSON.stringify(categories),
      FANFARE_REQUESTS_PER_SECOND: '1000',
      FANFARE_REQUESTS_BURST: '1000',
    },
    functionEnv: { ...browsers.env, FANFARE_FCM_APPLICATION_ARN: PlatformApplicationArn },
  });

  /** What SNS was given for the phones of the application, as the phone would be told it. */
  const told = async () => {
    const command = new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn });
    const { Endpoints = [] } = await sns.send(command);
    const perPhone = Endpoints.map(({ EndpointArn = '' }) =>
      published(localStack().endpoint, 'fcm', EndpointArn),
    );
    return (await Promise.all(perPhone)).flat();
  };

  return {
    ...stack,
    browsers,
    phones: phonesOver(stack),
    told,
    alerts: async () => (await told()).flatMap(one => (one.kind === 'alert' ? [one] : [])),
    /** Notifies a user. @returns what was accepted */
    tell: async (user: string, title: string, set: object = {}) => {
      const response = await stack.notify({ to: [`user:${user}`], title, ...set });
      const { id, channels } = (await response.json()) as { id: string; channels: [{ messageId: string }] };
      return { id, messageId: channels[0].messageId };
    },
    /** What the trail tells of a notification, the oldest first. */
    trail: async (id: string): Promise<readonly TrailStep[]> =>
      ((await (await stack.get(`/v1/notifications/${id}`)).json()) as { entries: TrailStep[] }).entries,
    /** As EventBridge's rule does each minute. */
    minute: () => stack.invoke('push', documented.minute),
    close: async (): Promise<void> => {
      sns.destroy();
      await stack.close();
      await browsers.close();
      await postgres.stop({ timeout: 0 });
    },
  };
};
