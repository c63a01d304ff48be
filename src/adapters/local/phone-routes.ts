import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Device } from '../../domain/device.ts';
import { deviceId } from '../../domain/device.ts';
import { userId } from '../../domain/ids.ts';
import type { ManageDevices } from '../../domain/use-cases/manage-devices.ts';
import { deviceView, viewDevice } from '../../protocol/devices.ts';
import { countView, messageIdView, notificationView, timeView, userField } from '../../protocol/fields.ts';
import { isoOf } from '../../protocol/iso-time.ts';
import { viewNotification } from '../../protocol/message-view.ts';
import type { HttpApp } from '../http/app.ts';
import { BEARER, json, problems } from '../http/openapi.ts';
import type { LocalPushGateway, LockScreen } from './local-push-gateway.ts';

const ofUser = z.object({ id: userField.transform(userId) });
const one = ofUser.extend({ deviceId: z.string().min(1).max(128).transform(deviceId) });
const state = z.enum(['on', 'unreachable', 'uninstalled']);

const phoneView = z
  .object({
    device: deviceView,
    state,
    badge: countView,
    buzzes: countView.meta({ description: 'How often it made a sound' }),
    alerts: z.array(
      z.object({
        at: timeView,
        messageId: messageIdView,
        collapseId: z.string().meta({ example: 'order-42' }),
        notification: notificationView,
      }),
    ),
  })
  .meta({ id: 'VirtualPhone' });

const getPhones = createRoute({
  method: 'get',
  path: '/v1/users/{id}/phones',
  operationId: 'lookAtPhones',
  summary: "What a user's virtual phones show",
  description: 'Only where pushes go to virtual phones, as they do on a server without push credentials.',
  security: BEARER,
  request: { params: ofUser },
  responses: {
    200: json(
      z.object({ phones: z.array(phoneView) }).meta({ id: 'VirtualPhones' }),
      'One for each device; the newest alert first',
    ),
    ...problems(400, 401, 403, 503),
  },
});

const putPhone = createRoute({
  method: 'put',
  path: '/v1/users/{id}/phones/{deviceId}',
  operationId: 'switchPhone',
  summary: 'Let a virtual phone be unreachable, or lose its app',
  security: BEARER,
  request: {
    params: one,
    body: { required: true, content: { 'application/json': { schema: z.strictObject({ state }) } } },
  },
  responses: { 200: json(phoneView, 'The phone since'), ...problems(400, 401, 403, 404, 415, 503) },
});

export interface PhoneParts {
  readonly devices: ManageDevices;
  readonly phones: LocalPushGateway;
}

/** The virtual phones, for the console and for tests. */
export const phoneRoutes = (app: HttpApp, { devices, phones }: PhoneParts): void => {
  app.openapi(getPhones, async c => {
    const owned = await devices.list(c.get('identity'), c.req.valid('param').id);
    return c.json({ phones: owned.map(device => viewPhone(device, phones.look(device.id))) }, 200);
  });
  app.openapi(putPhone, async c => {
    const { id: user, deviceId: id } = c.req.valid('param');
    const device = await devices.find(c.get('identity'), user, id);
    phones.become(id, c.req.valid('json').state);
    return c.json(viewPhone(device, phones.look(id)), 200);
  });
};

const viewPhone = (device: Device, { state: now, badge, buzzes, alerts }: LockScreen) => ({
  device: viewDevice(device),
  state: now,
  badge,
  buzzes,
  alerts: alerts.map(({ at, push }) => ({
    at: isoOf(at),
    messageId: push.messageId,
    collapseId: push.collapseId,
    notification: viewNotification(push.notification),
  })),
});
