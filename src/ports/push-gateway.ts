import type { Device } from '../domain/device.ts';
import type { Push, PushOutcome } from '../domain/push.ts';

/**
 * Hands a push to the service that wakes a device. It resolves within 15 s, whatever happens, and never rejects for
 * what is wrong with a device, a push, or the service behind it.
 *
 * Handing the same push over twice shows it once, as far as the platform can tell by its collapse id.
 */
export interface PushGateway {
  push(device: Device, push: Push): Promise<PushOutcome>;
}
