import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { NotificationRequest } from '../../../domain/notification.ts';
import type { Notify } from '../../../domain/use-cases/notify.ts';
import { notificationBody, notificationReceipt } from '../../../protocol/notifications.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, json, problems } from '../openapi.ts';

const postNotification = createRoute({
  method: 'post',
  path: '/v1/notifications',
  operationId: 'notify',
  summary: 'Tell people something',
  description:
    'Stores the notification in every target channel, then delivers it to every open screen. With an Idempotency-Key, the same request can be repeated for 24 hours and is done once.',
  security: BEARER,
  request: {
    headers: z.object({
      'idempotency-key': z
        .string()
        .regex(/^[\x21-\x7e]{1,128}$/, { error: 'expected 1 to 128 visible ASCII characters' })
        .optional(),
    }),
    body: { required: true, content: { 'application/json': { schema: notificationBody } } },
  },
  responses: {
    202: json(notificationReceipt, 'Stored, and on its way'),
    ...problems(400, 401, 403, 409, 413, 415, 503),
  },
});

export const notificationRoutes = (app: HttpApp, { notify }: { readonly notify: Notify }): void => {
  app.openapi(postNotification, async c => {
    const body = c.req.valid('json');
    const key = c.req.valid('header')['idempotency-key'];
    const idempotency = key === undefined ? undefined : { key, fingerprint: await fingerprint(body) };
    const receipt = await notify.execute({ identity: c.get('identity'), request: body, idempotency });
    return c.json({ id: receipt.id, channels: receipt.channels.map(channel => ({ ...channel })) }, 202);
  });
};

/** SHA-256 of the request as it was understood: its own member order within `data`, ours elsewhere. */
const fingerprint = async (body: NotificationRequest): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(body)));
  return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('');
};
