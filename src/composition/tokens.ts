import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EmfMetrics } from '../adapters/aws/emf-metrics.ts';
import type { Caches } from '../adapters/caching/caches.ts';
import type { HttpApp } from '../adapters/http/app.ts';
import type { LocalGateway } from '../adapters/local/gateway/local-gateway.ts';
import type { ManagementApi } from '../adapters/local/gateway/management-api.ts';
import type { LocalPushGateway } from '../adapters/local/local-push-gateway.ts';
import type { MemoryConnectionRegistry } from '../adapters/local/memory-connection-registry.ts';
import type { MemoryDeliveryQueue } from '../adapters/local/memory-delivery-queue.ts';
import type { MemoryEventBus } from '../adapters/local/memory-event-bus.ts';
import type { MemoryPresenceQueue } from '../adapters/local/memory-presence-queue.ts';
import type { PostgresCapCounter } from '../adapters/postgres/postgres-cap-counter.ts';
import type { PostgresDeliveryLog } from '../adapters/postgres/postgres-delivery-log.ts';
import type { PostgresIdempotencyStore } from '../adapters/postgres/postgres-idempotency-store.ts';
import type { PostgresInboxStore } from '../adapters/postgres/postgres-inbox-store.ts';
import type { PostgresLockScreenStore } from '../adapters/postgres/postgres-lock-screen-store.ts';
import type { PostgresMessageStore } from '../adapters/postgres/postgres-message-store.ts';
import type { PrometheusMetrics } from '../adapters/prometheus/prometheus-metrics.ts';
import type { FrameLimit } from '../adapters/socket/frame-limit.ts';
import type { FrameRouter } from '../adapters/socket/frame-router.ts';
import type { Handshakes } from '../adapters/socket/handshakes.ts';
import type { Repeater } from '../adapters/system/repeater.ts';
import type { Categories } from '../domain/category.ts';
import type { ChannelPolicies } from '../domain/channel-policy.ts';
import type { NotificationReceipt } from '../domain/notification.ts';
import type { DeadPushTask } from '../domain/push-task.ts';
import type { Acknowledge } from '../domain/use-cases/acknowledge.ts';
import type { Connect } from '../domain/use-cases/connect.ts';
import type { DecidePush } from '../domain/use-cases/decide-push.ts';
import type { Deliver } from '../domain/use-cases/deliver.ts';
import type { Disconnect } from '../domain/use-cases/disconnect.ts';
import type { EraseUser } from '../domain/use-cases/erase-user.ts';
import type { Explain } from '../domain/use-cases/explain.ts';
import type { ExportUser } from '../domain/use-cases/export-user.ts';
import type { FanOut } from '../domain/use-cases/fan-out.ts';
import type { History } from '../domain/use-cases/history.ts';
import type { Inbox } from '../domain/use-cases/inbox.ts';
import type { ManageDevices } from '../domain/use-cases/manage-devices.ts';
import type { ManagePreferences } from '../domain/use-cases/manage-preferences.ts';
import type { ManageSchedules } from '../domain/use-cases/manage-schedules.ts';
import type { ManageUsers } from '../domain/use-cases/manage-users.ts';
import type { Mark } from '../domain/use-cases/mark.ts';
import type { Notify } from '../domain/use-cases/notify.ts';
import type { PlanPush } from '../domain/use-cases/plan-push.ts';
import type { PlanWithdrawal } from '../domain/use-cases/plan-withdrawal.ts';
import type { Presence } from '../domain/use-cases/presence.ts';
import type { Redrive } from '../domain/use-cases/redrive.ts';
import type { RunDue } from '../domain/use-cases/run-due.ts';
import type { RunPushTask } from '../domain/use-cases/run-push-task.ts';
import type { RunPushes } from '../domain/use-cases/run-pushes.ts';
import type { RunTimes } from '../domain/use-cases/run-times.ts';
import type { Schedule } from '../domain/use-cases/schedule.ts';
import type { SendDigest } from '../domain/use-cases/send-digest.ts';
import type { SendMessage } from '../domain/use-cases/send-message.ts';
import type { SendPush } from '../domain/use-cases/send-push.ts';
import type { Subscribe } from '../domain/use-cases/subscribe.ts';
import type { Survey } from '../domain/use-cases/survey.ts';
import type { TellPresence } from '../domain/use-cases/tell-presence.ts';
import type { TrackPresence } from '../domain/use-cases/track-presence.ts';
import type { TurnPushOff } from '../domain/use-cases/turn-push-off.ts';
import type { Unsubscribe } from '../domain/use-cases/unsubscribe.ts';
import type { WakeSchedule } from '../domain/use-cases/wake-schedule.ts';
import type { WithdrawPush } from '../domain/use-cases/withdraw-push.ts';
import type { CapCounter } from '../ports/cap-counter.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConnectionGateway } from '../ports/connection-gateway.ts';
import type { ConnectionIndex } from '../ports/connection-index.ts';
import type { ConnectionRegistry } from '../ports/connection-registry.ts';
import type { Cron } from '../ports/cron.ts';
import type { DeliveryLog, TrailWriter } from '../ports/delivery-log.ts';
import type { DeliveryQueue } from '../ports/delivery-queue.ts';
import type { DeviceStore } from '../ports/device-store.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { IdGenerator } from '../ports/id-generator.ts';
import type { IdempotencyStore } from '../ports/idempotency-store.ts';
import type { InboxStore } from '../ports/inbox-store.ts';
import type { LockScreenStore } from '../ports/lock-screen-store.ts';
import type { Logger } from '../ports/logger.ts';
import type { MessageEncoder } from '../ports/message-encoder.ts';
import type { MessageStore } from '../ports/message-store.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { PreferenceStore } from '../ports/preference-store.ts';
import type { PresenceQueue } from '../ports/presence-queue.ts';
import type { PresenceStore } from '../ports/presence-store.ts';
import type { PushGateway } from '../ports/push-gateway.ts';
import type { PushQueue } from '../ports/push-queue.ts';
import type { PushTaskStore } from '../ports/push-task-store.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { ScheduleStore } from '../ports/schedule-store.ts';
import type { Scheduler } from '../ports/scheduler.ts';
import type { TokenVerifier } from '../ports/token-verifier.ts';
import type { UnsubscribeLinks } from '../ports/unsubscribe-links.ts';
import type { UserDirectory } from '../ports/user-directory.ts';
import { token } from './injection.ts';

/** What a composition must bind: one token per port, per use case, and per driver. */
export const TOKENS = {
  clock: token<Clock>('Clock'),
  ids: token<IdGenerator>('IdGenerator'),
  logger: token<Logger>('Logger'),
  metrics: token<Metrics>('Metrics'),
  registry: token<ConnectionRegistry>('ConnectionRegistry'),
  store: token<MessageStore>('MessageStore'),
  presence: token<PresenceStore>('PresenceStore'),
  presenceQueue: token<PresenceQueue>('PresenceQueue'),
  inbox: token<InboxStore>('InboxStore'),
  policies: token<ChannelPolicies>('ChannelPolicies'),
  categories: token<Categories>('Categories'),
  preferences: token<Pick<PreferenceStore, 'find'>>('Preferences'),
  idempotency: token<IdempotencyStore<NotificationReceipt>>('IdempotencyStore'),
  limiter: token<RateLimiter>('RateLimiter'),
  frameLimiter: token<RateLimiter>('FrameLimiter'),
  bus: token<EventBus>('EventBus'),
  queue: token<DeliveryQueue>('DeliveryQueue'),
  encoder: token<MessageEncoder>('MessageEncoder'),
  trail: token<TrailWriter>('TrailWriter'),
  verifier: token<TokenVerifier>('TokenVerifier'),
  gateway: token<ConnectionGateway>('ConnectionGateway'),

  connect: token<Connect>('Connect'),
  disconnect: token<Disconnect>('Disconnect'),
  subscribe: token<Subscribe>('Subscribe'),
  unsubscribe: token<Unsubscribe>('Unsubscribe'),
  sendMessage: token<SendMessage>('SendMessage'),
  notify: token<Notify>('Notify'),
  fanOut: token<FanOut>('FanOut'),
  deliver: token<Deliver>('Deliver'),
  redrive: token<Redrive>('Redrive'),
  history: token<History>('History'),
  trackPresence: token<TrackPresence>('TrackPresence'),
  tellPresence: token<TellPresence>('TellPresence'),
  readPresence: token<Presence>('Presence'),
  readInbox: token<Inbox>('Inbox'),
  mark: token<Mark>('Mark'),
  acknowledge: token<Acknowledge>('Acknowledge'),
  planPush: token<Pick<PlanPush, 'execute'>>('PlanPush'),
  planWithdrawal: token<Pick<PlanWithdrawal, 'execute'>>('PlanWithdrawal'),

  handshakes: token<Handshakes>('Handshakes'),
  frameLimit: token<FrameLimit>('FrameLimit'),
  frameRouter: token<FrameRouter>('FrameRouter'),
  httpApp: token<HttpApp>('HttpApp'),
} as const;

/** What only the local composition has: its adapters under their own names, since they are driven as well. */
export const LOCAL_TOKENS = {
  users: token<UserDirectory>('UserDirectory'),
  preferences: token<PreferenceStore>('PreferenceStore'),
  caches: token<Caches>('Caches'),
  log: token<DeliveryLog>('DeliveryLog'),
  explain: token<Explain>('Explain'),
  trailRetention: token<{ readonly keptMs: number }>('TrailRetention'),
  schedules: token<ScheduleStore>('ScheduleStore'),
  cron: token<Cron>('Cron'),
  schedule: token<Schedule>('Schedule'),
  manageSchedules: token<ManageSchedules>('ManageSchedules'),
  runTimes: token<RunTimes>('RunTimes'),
  runDue: token<RunDue>('RunDue'),
  ticking: token<Repeater>('Ticking'),
  devices: token<DeviceStore>('DeviceStore'),
  manageDevices: token<ManageDevices>('ManageDevices'),
  phones: token<LocalPushGateway>('LocalPushGateway'),
  eraseUser: token<EraseUser>('EraseUser'),
  exportUser: token<ExportUser>('ExportUser'),
  manageUsers: token<ManageUsers>('ManageUsers'),
  turnPushOff: token<TurnPushOff>('TurnPushOff'),
  unsubscribeLinks: token<UnsubscribeLinks>('UnsubscribeLinks'),
  managePreferences: token<ManagePreferences>('ManagePreferences'),
  bus: token<MemoryEventBus>('MemoryEventBus'),
  queue: token<MemoryDeliveryQueue>('MemoryDeliveryQueue'),
  presenceQueue: token<MemoryPresenceQueue>('MemoryPresenceQueue'),
  gateway: token<LocalGateway>('LocalGateway'),
  managementApi: token<ManagementApi>('ManagementApi'),
  registry: token<MemoryConnectionRegistry>('MemoryConnectionRegistry'),
  index: token<ConnectionIndex>('ConnectionIndex'),
  survey: token<Survey>('Survey'),
  prometheus: token<PrometheusMetrics>('PrometheusMetrics'),
  lifecycle: token<{ draining: boolean }>('Lifecycle'),
} as const;

/** What tells phones. */
export const PUSH_TOKENS = {
  /** Where whoever plans puts it; where there is no other, the tasks themselves. */
  queue: token<PushQueue>('PushQueue'),
  tasks: token<PushTaskStore>('PushTaskStore'),
  caps: token<CapCounter>('CapCounter'),
  lockScreens: token<LockScreenStore>('LockScreenStore'),
  gateway: token<PushGateway>('PushGateway'),
  webPushGateway: token<PushGateway>('WebPushGateway'),
  snsGateway: token<PushGateway>('SnsPushGateway'),
  refusing: token<PushGateway>('RefusingPushGateway'),
  decidePush: token<DecidePush>('DecidePush'),
  sendDigest: token<SendDigest>('SendDigest'),
  sendPush: token<SendPush>('SendPush'),
  withdrawPush: token<WithdrawPush>('WithdrawPush'),
  runPushTask: token<RunPushTask>('RunPushTask'),
  runPushes: token<RunPushes>('RunPushes'),
  redrivePushes: token<Redrive<DeadPushTask>>('RedrivePushes'),
  ticking: token<Repeater>('PushTicking'),
} as const;

/** What only a composition on PostgreSQL has: its stores under their own names, since they are swept as well. */
export const POSTGRES_TOKENS = {
  messages: token<PostgresMessageStore>('PostgresMessageStore'),
  inboxes: token<PostgresInboxStore>('PostgresInboxStore'),
  keys: token<PostgresIdempotencyStore<NotificationReceipt>>('PostgresIdempotencyStore'),
  log: token<PostgresDeliveryLog>('PostgresDeliveryLog'),
  lockScreens: token<PostgresLockScreenStore>('PostgresLockScreenStore'),
  caps: token<PostgresCapCounter>('PostgresCapCounter'),
  sweeping: token<Repeater>('Sweeping'),
} as const;

/** What only the composition on AWS has. */
export const AWS_TOKENS = {
  emf: token<EmfMetrics>('EmfMetrics'),
  dynamo: token<DynamoDBDocumentClient>('DynamoDBDocumentClient'),
  scheduler: token<Scheduler>('Scheduler'),
  wakeSchedule: token<WakeSchedule>('WakeSchedule'),
} as const;
