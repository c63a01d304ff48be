import type { LocalStack } from './local-stack.ts';

export interface SeenPhone {
  readonly device: { readonly id: string };
  readonly state: string;
  readonly badge: number;
  readonly buzzes: number;
  readonly alerts: readonly {
    readonly messageId: string;
    readonly notification: { readonly title: string };
  }[];
}

/** A registration token as Firebase gives them out, one for each name. */
export const aFirebaseToken = (name: string): string =>
  `${name.replace(/[^\w]/g, '').padEnd(22, 'x')}:${name.replace(/[^\w]/g, '').padEnd(140, 'x')}`;

/** Virtual phones, as they are owned and looked at over HTTP. */
export const phonesOver = (stack: Pick<LocalStack, 'call'>) => {
  const call = (user: string, method: string, path: string, body?: object): Promise<Response> =>
    stack.call(user, method, `/v1/users/${user}${path}`, body);
  const look = async (user: string): Promise<readonly SeenPhone[]> =>
    ((await (await call(user, 'GET', '/phones')).json()) as { phones: SeenPhone[] }).phones;
  return {
    call,
    look,
    /** @returns the device's id */
    own: async (user: string, name = `phone of ${user}`): Promise<string> => {
      const response = await call(user, 'POST', '/devices', { platform: 'fcm', token: aFirebaseToken(name) });
      return ((await response.json()) as { id: string }).id;
    },
    /** The titles that all of a user's phones show. */
    shown: async (user: string): Promise<readonly string[]> =>
      (await look(user)).flatMap(({ alerts }) => alerts.map(({ notification }) => notification.title)),
  };
};
