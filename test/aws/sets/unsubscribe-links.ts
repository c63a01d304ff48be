import { expect } from 'vitest';
import type { StackWithData } from '../../support/stack-with-data.ts';
import { until } from '../../support/until.ts';
import type { OnAws } from './on-aws.ts';

const WAIT_MS = 20_000;

/** A category that a push is turned off for, by whoever has the link in it and no token. */
export const unsubscribeLinks = (onAws: OnAws, stack: () => StackWithData): void => {
  const oneClick = (link: string): Promise<Response> =>
    fetch(link, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
  const preferencesOf = async (user: string): Promise<unknown> =>
    (await stack().call(user, 'GET', `/v1/users/${user}/preferences`)).json();

  onAws('a push that a browser shows has a link, which turns its category off in one click', async () => {
    const { token, delivered } = stack().browsers.subscribe();
    const device = { platform: 'webpush', token };
    expect((await stack().call('mia', 'POST', '/v1/users/mia/devices', device)).status).toBe(201);
    await stack().tell('mia', 'Sale', { category: 'quick' });
    await until(() => delivered.length === 1, WAIT_MS);
    const { unsubscribeUrl } = JSON.parse(delivered[0]?.text ?? '') as { unsubscribeUrl: string };
    expect(unsubscribeUrl).toMatch(new RegExp(`^${stack().url}/v1/unsubscribe/[\\w.-]+$`));

    const changed = unsubscribeUrl.replace(/.{4}$/, 'AAAA');
    for (const refused of [await fetch(changed), await oneClick(changed)]) expect(refused.status).toBe(404);
    expect(await (await fetch(unsubscribeUrl)).text()).toContain('Turn push notifications off?');
    expect(await preferencesOf('mia')).toEqual({ categories: {} });

    expect((await oneClick(unsubscribeUrl)).status).toBe(200);
    expect(await preferencesOf('mia')).toEqual({ categories: { quick: { push: false } } });

    const { id } = await stack().tell('mia', 'Sale again', { category: 'quick' });
    const dropped = { kind: 'push-decided', decision: 'drop', rule: 'push-off' };
    await until(async () => (await stack().trail(id)).at(-1)?.kind === 'push-decided', WAIT_MS);
    expect((await stack().trail(id)).at(-1)).toMatchObject(dropped);
    expect(delivered).toHaveLength(1);
  });
};
