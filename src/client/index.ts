// So that an application whose `lib` does not have Disposable can use these types.
/// <reference lib="esnext.disposable" preserve="true" />

/** The client, for browsers, Node, Deno and Bun. */
export type {
  Channel,
  Handler,
  IterateOptions,
  SendOptions,
  SubscribeOptions,
  Subscription,
  Waiting,
} from './channel.ts';
export type { Device, DeviceRequest, Platform, PushRegistration } from './devices.ts';
export { Devices } from './devices.ts';
export type { ErrorCode } from './errors.ts';
export { FanfareError } from './errors.ts';
export type { FanfareEvents, FanfareOptions } from './fanfare.ts';
export { Fanfare } from './fanfare.ts';
export type { ApiOptions } from './http-api.ts';
export type * from './messages.ts';
export type { Notice, Notifications } from './notifications.ts';
export type {
  CategoryPreferences,
  Digest,
  UserPreferences,
  VersionedPreferences,
  Weekday,
} from './preferences.ts';
export { Preferences } from './preferences.ts';
export type { Runtime } from './runtime.ts';
export type { ClosedReason, State } from './state.ts';
export type { Bus, TabsPlatform } from './tabs.ts';
export { sharedWebSocket } from './tabs.ts';
export type { Socket, SocketEvents, Transport } from './transport.ts';
export { webSocket } from './transport.ts';
