/** Whose browsers subscribe there: Chrome's and most others', Firefox's, Safari's, Edge's. */
export const KNOWN_PUSH_SERVICES: readonly string[] = [
  'fcm.googleapis.com',
  '*.push.services.mozilla.com',
  '*.push.apple.com',
  '*.notify.windows.com',
];

/** @param patterns hosts, with a port where it is not 443; `*.` in front stands for one name or more */
export const isPushService = ({ host }: URL, patterns: readonly string[]): boolean =>
  patterns.some(pattern => (pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern));
