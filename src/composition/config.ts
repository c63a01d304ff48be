import * as z from 'zod';
import type { GatewayQuotas, SlowReaderLimits } from '../adapters/local/gateway/quotas.ts';
import { AWS_QUOTAS, DEFAULT_SLOW_READER_LIMITS, NO_QUOTAS } from '../adapters/local/gateway/quotas.ts';
import { isLoopback } from '../adapters/local/loopback.ts';
import type { LogLevel } from '../adapters/pino/pino-logger.ts';
import type { ChannelRule, Retention } from '../domain/channel-policy.ts';
import { DEFAULT_RETENTION } from '../domain/channel-policy.ts';
import { channelRules } from './channel-rules.ts';
import { ConfigError, problemsOf } from './config-error.ts';
import type { Limits } from './limits.ts';
import { limitsOf } from './limits.ts';
import { payloadCheck } from './payload-check.ts';
import { oneOf, origins, postgresUrl, secret, socketUrl, text, webUrl, whole } from './variables.ts';

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

/** Everything that the environment can say, read once. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
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
  readonly limits: Limits;
  /** Where messages, inboxes and idempotency keys are kept. */
  readonly storage: Storage;
  /** The credentials that sign calls to the management API. */
  readonly management?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What functions must be told in the same words, by the names of their variables. */
  readonly functions: Readonly<Record<string, string>>;
  /** Which deployment the command talks to. */
  readonly client: { readonly url?: URL; readonly socketUrl?: URL; readonly token?: string };
}

const PREFIX = 'FANFARE_';

/** Every variable, without its prefix, in the order in which `docs/configuration.md` explains them. */
const variables = z.object({
  HOST: text('an address to bind to'),
  PORT: whole(0, 65_535),
  LOG_LEVEL: oneOf('debug', 'info', 'warn', 'error', 'silent'),
  SECRET: secret,
  SECRET_FILE: text('a path'),
  JWKS_URL: webUrl(),
  JWT_ISSUER: text(),
  JWT_AUDIENCE: text(),
  TOKEN_IN_QUERY: oneOf('true', 'false'),
  CORS_ORIGINS: origins,
  QUOTAS: oneOf('aws', 'none'),
  QUOTA_MESSAGE_BYTES: whole(1_024, 16 * 1_024 * 1_024),
  QUOTA_FRAME_BYTES: whole(1_024, 16 * 1_024 * 1_024),
  QUOTA_IDLE_SECONDS: whole(1, 1_000_000_000),
  QUOTA_LIFE_SECONDS: whole(1, 1_000_000_000),
  QUOTA_CONNECTS_PER_SECOND: whole(1, 1_000_000),
  QUOTA_CONNECTS_BURST: whole(1, 1_000_000),
  QUOTA_MANAGEMENT_PER_SECOND: whole(1, 1_000_000),
  QUOTA_MANAGEMENT_BURST: whole(1, 1_000_000),
  SLOW_READER_THROTTLE_BYTES: whole(65_536, 1_073_741_824),
  SLOW_READER_CLOSE_BYTES: whole(65_536, 1_073_741_824),
  SLOW_READER_CLOSE_SECONDS: whole(1, 86_400),
  RETENTION_MESSAGES: whole(1, 1_000_000),
  RETENTION_HOURS: whole(1, 8_760),
  CHANNELS: channelRules(payloadCheck),
  FRAMES_PER_SECOND: whole(1, 1_000_000),
  FRAMES_BURST: whole(1, 1_000_000),
  REQUESTS_PER_SECOND: whole(1, 1_000_000),
  REQUESTS_BURST: whole(1, 1_000_000),
  ADMIN_REQUESTS_PER_SECOND: whole(1, 1_000_000),
  ADMIN_REQUESTS_BURST: whole(1, 1_000_000),
  DATA: text('a path'),
  POSTGRES_URL: postgresUrl,
  POSTGRES_SCHEMA: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, { error: 'up to 63 of a-z 0-9 _, not beginning with a digit' })
    .optional(),
  POSTGRES_POOL_SIZE: whole(1, 1_000),
  MANAGEMENT_ACCESS_KEY_ID: text(),
  MANAGEMENT_SECRET_ACCESS_KEY: text(),
  URL: webUrl(),
  SOCKET_URL: socketUrl,
  TOKEN: text(),
});

type Variables = z.output<typeof variables>;

/** What the functions on AWS know as well. */
const SHARED = [
  'CORS_ORIGINS',
  'RETENTION_HOURS',
  'CHANNELS',
  'FRAMES_PER_SECOND',
  'FRAMES_BURST',
  'REQUESTS_PER_SECOND',
  'REQUESTS_BURST',
  'ADMIN_REQUESTS_PER_SECOND',
  'ADMIN_REQUESTS_BURST',
] as const satisfies readonly (keyof Variables)[];

/** Never printed, not even when wrong. */
const SECRETS: ReadonlySet<string> = new Set([
  'SECRET',
  'MANAGEMENT_SECRET_ACCESS_KEY',
  'TOKEN',
  'POSTGRES_URL',
]);

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
    if (Object.hasOwn(variables.shape, bare)) ours[bare] = value;
    else problems.push(`${name}: there is no such variable; see docs/configuration.md`);
  }
  const parsed = variables.safeParse(ours);
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

const assemble = (v: Variables, production: boolean): Omit<Config, 'functions'> => {
  requireTogether(v, production);
  const base = v.QUOTAS === 'none' ? NO_QUOTAS : AWS_QUOTAS;
  return {
    production,
    host: v.HOST ?? '127.0.0.1',
    port: v.PORT ?? 8080,
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
    limits: limitsOf(v),
    storage: storageOf(v),
    management: managementOf(v),
    client: { url: v.URL, socketUrl: v.SOCKET_URL, token: v.TOKEN },
  };
};

const requireTogether = (v: Variables, production: boolean): void => {
  const problems: string[] = [];
  const [id, key] = ['MANAGEMENT_ACCESS_KEY_ID', 'MANAGEMENT_SECRET_ACCESS_KEY'] as const;
  if ((v[id] === undefined) !== (v[key] === undefined)) {
    const [there, missing] = v[key] === undefined ? [id, key] : [key, id];
    problems.push(`${PREFIX}${missing}: expected together with ${PREFIX}${there}, found nothing`);
  }
  const secret = (['SECRET', 'SECRET_FILE'] as const).find(name => v[name] !== undefined);
  if (secret !== undefined && v.JWKS_URL !== undefined) {
    problems.push(
      `FANFARE_JWKS_URL: expected without ${PREFIX}${secret}; tokens are verified by one or the other`,
    );
  }
  if (production && v.SECRET === undefined && v.JWKS_URL === undefined && v.SECRET_FILE === undefined) {
    problems.push('FANFARE_SECRET: expected with NODE_ENV=production (or FANFARE_JWKS_URL), found nothing');
  }
  if (v.DATA !== undefined && v.POSTGRES_URL !== undefined) {
    problems.push('FANFARE_DATA: expected without FANFARE_POSTGRES_URL; data is kept by one or the other');
  }
  if (production && v.POSTGRES_URL !== undefined && !isPrivate(v.POSTGRES_URL)) {
    problems.push('FANFARE_POSTGRES_URL: expected with sslmode=verify-full with NODE_ENV=production');
  }
  const throttle = v.SLOW_READER_THROTTLE_BYTES ?? DEFAULT_SLOW_READER_LIMITS.throttleBytes;
  const close = v.SLOW_READER_CLOSE_BYTES ?? DEFAULT_SLOW_READER_LIMITS.closeBytes;
  if (close < throttle) {
    problems.push(
      `FANFARE_SLOW_READER_CLOSE_BYTES: expected at least FANFARE_SLOW_READER_THROTTLE_BYTES (${throttle}), found ${close}`,
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
};

/** Whether nobody on the way can read along. */
const isPrivate = (url: URL): boolean =>
  isLoopback(url.hostname) || url.searchParams.get('sslmode') === 'verify-full';

const storageOf = (v: Variables): Storage => {
  if (v.DATA !== undefined) return { kind: 'folder', folder: v.DATA };
  if (v.POSTGRES_URL === undefined) return { kind: 'memory' };
  const { POSTGRES_SCHEMA: schema = 'fanfare', POSTGRES_POOL_SIZE: poolSize = 10 } = v;
  return { kind: 'postgres', url: v.POSTGRES_URL, schema, poolSize };
};

const managementOf = (v: Variables): Config['management'] =>
  v.MANAGEMENT_ACCESS_KEY_ID === undefined || v.MANAGEMENT_SECRET_ACCESS_KEY === undefined
    ? undefined
    : { accessKeyId: v.MANAGEMENT_ACCESS_KEY_ID, secretAccessKey: v.MANAGEMENT_SECRET_ACCESS_KEY };

const hours = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : value * 3_600_000;

const seconds = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : value * 1_000;
