import { describe, expect, test } from 'vitest';
import { isPushService, KNOWN_PUSH_SERVICES } from '../../src/adapters/web-push/push-service-hosts.ts';

describe('A push service', () => {
  test.each([
    ['https://fcm.googleapis.com/fcm/send/x', true],
    ['https://updates.push.services.mozilla.com/wpush/v2/x', true],
    ['https://web.push.apple.com/x', true],
    ['https://db5.notify.windows.com/w/?token=x', true],
    ['https://fcm.googleapis.com:8443/x', false],
    ['https://fcm.googleapis.com.example.com/x', false],
    ['https://evilfcm.googleapis.com/x', false],
    ['https://push.apple.com.example.com/x', false],
    ['https://example.com/fcm.googleapis.com', false],
  ])('is known by its host: %s', (url, expected) => {
    expect(isPushService(new URL(url), KNOWN_PUSH_SERVICES)).toBe(expected);
  });
});
