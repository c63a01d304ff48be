import type { GatewayQuotas, SlowReaderLimits } from '../adapters/local/gateway/quotas.ts';
import { AWS_QUOTAS, DEFAULT_SLOW_READER_LIMITS, NO_QUOTAS } from '../adapters/local/gateway/quotas.ts';
import type { LogLevel } from '../adapters/pino/pino-logger.ts';
import type { Vapid } from '../adapters/web-push/vapid.ts';
import type { Category } from '../domain/category.ts';
import type { ChannelRule, Retention } from '../domain/channel-policy.ts';
import { DEFAULT_RETENTION } from '../domain/channel-policy.ts';
import type { MobilePlatform } from '../domain/device.ts';
import { DEFAULT_TRAIL_KEPT_MS } from '../domain/trail.ts';
import { ConfigError, problemsOf } from './config-error.ts';
import type { Limits } from './limits.ts';
import { limitsOf } from './limits.ts';
import { requireTogether } from './require-together.ts';
import type { ServerVariables } from './server-variables.ts';
import { PREFIX, SECRETS, SHARED, serverVariables } from './server-variables.ts';

/** Where what outlives a request is kept. */
export type Storage =
  | { readonly kind: 'memory' }
  /** PostgreSQL within the process. */
  | { readonly kind: 'folder'; readonly folder: string }
  | {
      readonly kind: 'postgres';
      readonly url: URL;
      readonly schema: string;
      /** Connections at a time. */
      readonly poolSize: number;
    };

export interface WebPush {
  readonly vapid: Vapid;
  /** The only hosts that are pushed to; those of the known browsers where absent. */
  readonly hosts?: readonly string[];
}

/** Everything that the environment can say, read once. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Under which people reach the server. */
  readonly publicUrl?: URL;
  readonly logLevel: LogLevel;
  readonly auth: {
    readonly secret?: string;
    readonly secretFile?: string;
    readonly jwksUrl?: URL;
    readonly issuer?: string;
    readonly audience?: string;
    /** Whether a handshake's `?token=` is taken. */
    readonly tokenInQuery: boolean;
  };
  readonly corsOrigins: readonly string[];
  readonly quotas: GatewayQuotas;
  readonly slowReader: SlowReaderLimits;
  /** Where no rule says otherwise. */
  readonly retention: Retention;
  readonly channels: readonly ChannelRule[];
  /** How long the decision trail is kept, in ms. */
  readonly trail: { readonly keptMs: number };
  readonly categories: readonly Category[];
  readonly limits: Limits;
  /** Where messages, inboxes and idempotency keys are kept. */
  readonly storage: Storage;
  /** Limits and cached values are kept there for all servers; in memory where absent. */
  readonly valkeyUrl?: URL;
  /** How browsers are pushed to; not at all where absent. */
  readonly webPush?: WebPush;
  /** ARNs of SNS's platform applications, by which phones are pushed to. */
  readonly pushApplications: Readonly<Partial<Record<MobilePlatform, string>>>;
  /** The credentials that sign calls to the management API. */
  readonly management?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What functions must be told in the same words, by the names of their variables. */
  readonly functions: Readonly<Record<string, string>>;
  /** Which deployment the command talks to. */
  readonly client: { readonly url?: URL; readonly socketUrl?: URL; readonly token?: string };
}

/**
 * Reads `FANFARE_*` and `NODE_ENV`.
 *
 * @throws ConfigError naming every variable that is unknown or has a bad value
 */
export const loadConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const ours: Record<string, string> = {};
  const problems: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || value === undefined) continue;
    const bare = name.slice(PREFIX.length);
    if (Object.hasOwn(serverVariables.shape, bare)) ours[bare] = value;
    else problems.push(`${name}: there is no such variable; see docs/configuration.md`);
  }
  const parsed = serverVariables.safeParse(ours);
  if (!parsed.success) {
    problems.push(...problemsOf(parsed.error, PREFIX, name => found(name, ours[name] ?? '')));
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const functions = Object.fromEntries(
    SHARED.flatMap(name => (ours[name] === undefined ? [] : [[PREFIX + name, ours[name]]])),
  );
  return { ...assemble(parsed.data, env.NODE_ENV === 'production'), functions };
};

const found = (name: string, value: string): string =>
  SECRETS.has(name) ? `${value.length} characters` : JSON.stringify(value);

const assemble = (v: ServerVariables, production: boolean): Omit<Config, 'functions'> => {
  requireTogether(v, production);
  const base = v.QUOTAS === 'none' ? NO_QUOTAS : AWS_QUOTAS;
  return {
    production,
    host: v.HOST ?? '127.0.0.1',
    port: v.PORT ?? 8080,
    publicUrl: v.PUBLIC_URL,
    logLevel: v.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    auth: {
      secret: v.SECRET,
      secretFile: v.SECRET_FILE,
      jwksUrl: v.JWKS_URL,
      issuer: v.JWT_ISSUER,
      audience: v.JWT_AUDIENCE,
      tokenInQuery: v.TOKEN_IN_QUERY === undefined ? !production : v.TOKEN_IN_QUERY === 'true',
    },
    corsOrigins: v.CORS_ORIGINS ?? [],
    quotas: {
      messageBytes: v.QUOTA_MESSAGE_BYTES ?? base.messageBytes,
      frameBytes: v.QUOTA_FRAME_BYTES ?? base.frameBytes,
      idleMs: seconds(v.QUOTA_IDLE_SECONDS) ?? base.idleMs,
      lifeMs: seconds(v.QUOTA_LIFE_SECONDS) ?? base.lifeMs,
      connects: {
        perSecond: v.QUOTA_CONNECTS_PER_SECOND ?? base.connects.perSecond,
        burst: v.QUOTA_CONNECTS_BURST ?? base.connects.burst,
      },
      managementCalls: {
        perSecond: v.QUOTA_MANAGEMENT_PER_SECOND ?? base.managementCalls.perSecond,
        burst: v.QUOTA_MANAGEMENT_BURST ?? base.managementCalls.burst,
      },
    },
    slowReader: {
      throttleBytes: v.SLOW_READER_THROTTLE_BYTES ?? DEFAULT_SLOW_READER_LIMITS.throttleBytes,
      closeBytes: v.SLOW_READER_CLOSE_BYTES ?? DEFAULT_SLOW_READER_LIMITS.closeBytes,
      closeAfterMs: seconds(v.SLOW_READER_CLOSE_SECONDS) ?? DEFAULT_SLOW_READER_LIMITS.closeAfterMs,
    },
    retention: {
      maxMessages: v.RETENTION_MESSAGES ?? DEFAULT_RETENTION.maxMessages,
      maxAgeMs: hours(v.RETENTION_HOURS) ?? DEFAULT_RETENTION.maxAgeMs,
    },
    channels: v.CHANNELS ?? [],
    trail: { keptMs: hours(v.TRAIL_RETENTION_HOURS) ?? DEFAULT_TRAIL_KEPT_MS },
    categories: v.CATEGORIES ?? [],
    limits: limitsOf(v),
    storage: storageOf(v),
    valkeyUrl: v.VALKEY_URL,
    webPush: webPushOf(v),
    pushApplications: pushApplicationsOf(v),
    management: managementOf(v),
    client: { url: v.URL, socketUrl: v.SOCKET_URL, token: v.TOKEN },
  };
};

const storageOf = (v: ServerVariables): Storage => {
  if (v.DATA !== undefined) return { kind: 'folder', folder: v.DATA };
  if (v.POSTGRES_URL === undefined) return { kind: 'memory' };
  const { POSTGRES_SCHEMA: schema = 'fanfare', POSTGRES_POOL_SIZE: poolSize = 10 } = v;
  return { kind: 'postgres', url: v.POSTGRES_URL, schema, poolSize };
};

const webPushOf = (v: ServerVariables): WebPush | undefined => {
  const { VAPID_SUBJECT: subject, VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey } = v;
  if (subject === undefined || publicKey === undefined || privateKey === undefined) return undefined;
  return { vapid: { subject, publicKey, privateKey }, hosts: v.WEB_PUSH_HOSTS };
};

const pushApplicationsOf = (v: ServerVariables): Config['pushApplications'] => ({
  ...(v.APNS_APPLICATION_ARN && { apns: v.APNS_APPLICATION_ARN }),
  ...(v.APNS_SANDBOX_APPLICATION_ARN && { apns_sandbox: v.APNS_SANDBOX_APPLICATION_ARN }),
  ...(v.FCM_APPLICATION_ARN && { fcm: v.FCM_APPLICATION_ARN }),
});

const managementOf = (v: ServerVariables): Config['management'] =>
  v.MANAGEMENT_ACCESS_KEY_ID === undefined || v.MANAGEMENT_SECRET_ACCESS_KEY === undefined
    ? undefined
    : { accessKeyId: v.MANAGEMENT_ACCESS_KEY_ID, secretAccessKey: v.MANAGEMENT_SECRET_ACCESS_KEY };

const hours = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : value * 3_600_000;

const seconds = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : value * 1_000;
