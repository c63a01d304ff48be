import { z } from 'zod';
import { text, whole } from './fields.ts';

const database = z.strictObject({
  /** Without its `db.`; arm64 and burstable unless told. */
  instanceType: text(/^[a-z0-9-]+\.[a-z0-9]+$/, 'an instance type, such as t4g.micro').default('t4g.micro'),
  /** A standby in another zone, which takes over within a minute or two. */
  multiAz: z.boolean({ error: 'true or false' }),
  /** At first; it grows by itself to five times as much. */
  storageGb: whole(20, 13_000).default(20),
  /** How far back it can be restored, to the second. */
  backupDays: whole(1, 35).default(7),
});

const cache = z.discriminatedUnion(
  'kind',
  [
    /** Paid by what is stored and asked. */
    z.strictObject({ kind: z.literal('serverless'), maxGb: whole(1, 5_000).default(1) }),
    /** Paid by the hour; with replicas, one takes over in another zone. */
    z.strictObject({
      kind: z.literal('nodes'),
      nodeType: text(/^[a-z0-9]+\.[a-z0-9]+$/, 'a node type, such as t4g.micro').default('t4g.micro'),
      replicas: whole(0, 5).default(1),
    }),
  ],
  { error: "'serverless' or 'nodes'" },
);

const secretName = text(/^[\w/+=.@-]{1,512}$/, "a secret's name");

/** Credentials in Secrets Manager, by the name of a secret that you make before; docs/deploy.md says what it holds. */
const platform = z.strictObject({
  secretName,
  /** Raised, it has the credentials taken from the secret again. */
  revision: whole(1, 1_000_000).default(1),
});

/**
 * What needs PostgreSQL: users, devices, preferences, schedules, the trail, and pushes to phones. Off unless asked for,
 * since it costs money whether used or not (docs/deploy.md), and an environment that was deployed without it shall not
 * get a database by an upgrade.
 */
export const push = z
  .union(
    [
      z.literal(false),
      z.strictObject({
        /** Availability zones of the network. RDS wants two at the least; each one more adds its endpoints' price. */
        zones: whole(2, 3).default(2),
        database,
        /** How long what happened to a notification can be asked for. */
        trailDays: whole(1, 3_650).default(30),
        /** Where phones are pushed: Apple's, those of apps in development, Google's. */
        apns: platform.optional(),
        apnsSandbox: platform.optional(),
        fcm: platform.optional(),
        /** Browsers. Their push services are on the internet, so this makes a NAT gateway (docs/deploy.md). */
        webPush: z.strictObject({ secretName }).optional(),
        cache: cache.default({ kind: 'serverless', maxGb: 1 }),
      }),
    ],
    { error: 'false, or what push needs' },
  )
  .default(false);

/** What push needs, where it is on. */
export type PushConfig = Exclude<z.output<typeof push>, false>;
