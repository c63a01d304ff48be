import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { deviceId } from '../../../domain/device.ts';
import { userId } from '../../../domain/ids.ts';
import type { ManageDevices } from '../../../domain/use-cases/manage-devices.ts';
import { deviceBody, deviceRefreshBody, deviceView, viewDevice } from '../../../protocol/devices.ts';
import { userField } from '../../../protocol/fields.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, json, problems } from '../openapi.ts';

const ofUser = z.object({ id: userField.transform(userId) });
const one = ofUser.extend({ deviceId: z.string().min(1).max(128).transform(deviceId) });

const postDevice = createRoute({
  method: 'post',
  path: '/v1/users/{id}/devices',
  operationId: 'registerDevice',
  summary: 'Register a phone or a browser for push',
  description:
    'Registering it again refreshes it, under the same id. Where another user was signed in on it, it leaves them. For the user, or an admin.',
  security: BEARER,
  request: {
    params: ofUser,
    body: { required: true, content: { 'application/json': { schema: deviceBody } } },
  },
  responses: {
    200: json(deviceView, 'It was registered, and is refreshed'),
    201: json(deviceView, 'Registered'),
    ...problems(400, 401, 403, 413, 415, 429, 503),
  },
});

const getDevices = createRoute({
  method: 'get',
  path: '/v1/users/{id}/devices',
  operationId: 'listDevices',
  summary: "A user's devices",
  security: BEARER,
  request: { params: ofUser },
  responses: {
    200: json(
      z.object({ devices: z.array(deviceView) }).meta({ id: 'Devices' }),
      'In the order in which they were added; a user has no more than 20',
    ),
    ...problems(400, 401, 403, 503),
  },
});

const getDevice = createRoute({
  method: 'get',
  path: '/v1/users/{id}/devices/{deviceId}',
  operationId: 'findDevice',
  summary: 'One device',
  security: BEARER,
  request: { params: one },
  responses: { 200: json(deviceView, 'The device'), ...problems(400, 401, 403, 404, 503) },
});

const putDevice = createRoute({
  method: 'put',
  path: '/v1/users/{id}/devices/{deviceId}',
  operationId: 'refreshDevice',
  summary: 'Give a device the token that its app now has',
  security: BEARER,
  request: {
    params: one,
    body: { required: true, content: { 'application/json': { schema: deviceRefreshBody } } },
  },
  responses: {
    200: json(deviceView, 'The device since'),
    ...problems(400, 401, 403, 404, 413, 415, 429, 503),
  },
});

const deleteDevice = createRoute({
  method: 'delete',
  path: '/v1/users/{id}/devices/{deviceId}',
  operationId: 'removeDevice',
  summary: 'Push to a device no more',
  security: BEARER,
  request: { params: one },
  responses: { 204: { description: 'Removed' }, ...problems(400, 401, 403, 404, 503) },
});

export const deviceRoutes = (app: HttpApp, { devices }: { readonly devices: ManageDevices }): void => {
  app.openapi(postDevice, async c => {
    const { id: user } = c.req.valid('param');
    const { device, known } = await devices.register({
      identity: c.get('identity'),
      user,
      ...c.req.valid('json'),
    });
    const location = `/v1/users/${encodeURIComponent(user)}/devices/${device.id}`;
    return c.json(viewDevice(device), known ? 200 : 201, { location });
  });
  app.openapi(getDevices, async c => {
    const found = await devices.list(c.get('identity'), c.req.valid('param').id);
    return c.json({ devices: found.map(viewDevice) }, 200);
  });
  app.openapi(getDevice, async c => {
    const { id: user, deviceId: id } = c.req.valid('param');
    return c.json(viewDevice(await devices.find(c.get('identity'), user, id)), 200);
  });
  app.openapi(putDevice, async c => {
    const { id: user, deviceId: id } = c.req.valid('param');
    const { token, label } = c.req.valid('json');
    const to = { user, id, token, ...(label === undefined ? {} : { label }) };
    return c.json(viewDevice(await devices.refresh(c.get('identity'), to)), 200);
  });
  app.openapi(deleteDevice, async c => {
    const { id: user, deviceId: id } = c.req.valid('param');
    await devices.remove(c.get('identity'), user, id);
    return c.body(null, 204);
  });
};
