import { DEFAULT_SLOW_READER_LIMITS } from '../adapters/local/gateway/quotas.ts';
import { isLoopback } from '../adapters/local/loopback.ts';
import { isVapidPair } from '../adapters/web-push/vapid.ts';
import { ConfigError } from './config-error.ts';
import type { ServerVariables } from './server-variables.ts';
import { PREFIX } from './server-variables.ts';

/** @throws ConfigError naming every variable that does not go with the others */
export const requireTogether = (v: ServerVariables, production: boolean): void => {
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
  if (production && v.VALKEY_URL !== undefined && !isPrivate(v.VALKEY_URL)) {
    problems.push('FANFARE_VALKEY_URL: expected valkeys:// with NODE_ENV=production');
  }
  problems.push(...vapidProblems(v));
  const throttle = v.SLOW_READER_THROTTLE_BYTES ?? DEFAULT_SLOW_READER_LIMITS.throttleBytes;
  const close = v.SLOW_READER_CLOSE_BYTES ?? DEFAULT_SLOW_READER_LIMITS.closeBytes;
  if (close < throttle) {
    problems.push(
      `FANFARE_SLOW_READER_CLOSE_BYTES: expected at least FANFARE_SLOW_READER_THROTTLE_BYTES (${throttle}), found ${close}`,
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
};

const vapidProblems = (v: ServerVariables): readonly string[] => {
  const names = ['VAPID_SUBJECT', 'VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY'] as const;
  const there = names.find(name => v[name] !== undefined);
  if (there === undefined) {
    return v.WEB_PUSH_HOSTS === undefined
      ? []
      : ['FANFARE_WEB_PUSH_HOSTS: expected together with FANFARE_VAPID_PUBLIC_KEY, found nothing'];
  }
  const missing = names.filter(name => v[name] === undefined);
  if (missing.length > 0)
    return missing.map(name => `${PREFIX}${name}: expected together with ${PREFIX}${there}, found nothing`);
  const { VAPID_PUBLIC_KEY: publicKey = '', VAPID_PRIVATE_KEY: privateKey = '' } = v;
  if (isVapidPair({ publicKey, privateKey })) return [];
  return [
    'FANFARE_VAPID_PRIVATE_KEY: expected the one of FANFARE_VAPID_PUBLIC_KEY, found another; fanfare vapid makes a pair',
  ];
};

/** Whether nobody on the way can read along. */
const isPrivate = (url: URL): boolean =>
  isLoopback(url.hostname) ||
  url.searchParams.get('sslmode') === 'verify-full' ||
  ['valkeys:', 'rediss:'].includes(url.protocol);
