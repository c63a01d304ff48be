import { describe, expect } from 'vitest';
import type * as z from 'zod';
import { deadLettersView } from '../../src/protocol/dead-letters.ts';
import { inConsole } from '../support/console-page.ts';

const console = inConsole({ FANFARE_CHANNELS: '[{"pattern":"room:*","presence":true}]' });

describe("The console's page", () => {
  console.test('Live shows who is connected, what is followed, and how much goes on', async () => {
    const { page, problems } = await console.open('/#live');
    const connections = page.getByRole('region', { name: 'Connections' });
    await connections.getByRole('row', { name: /alice/ }).waitFor();
    await connections.getByRole('row', { name: /bob/ }).waitFor();
    await page.getByRole('region', { name: 'Channels' }).getByRole('row', { name: 'broadcast 2' }).waitFor();
    await page.getByRole('img', { name: /^Connections in the last minute: 2 open/ }).waitFor();

    await page.getByLabel('Only this user').fill('alice');
    await connections.getByRole('row', { name: /bob/ }).waitFor({ state: 'detached' });
    expect(await connections.getByRole('row', { name: /alice/ }).count()).toBe(1);
    expect(problems).toEqual([]);
  });

  console.test('Live leads from a channel to its messages, and from a user to the inbox', async () => {
    const { page } = await console.open('/#live');
    await page.getByRole('link', { name: 'topic:orders' }).click();
    await page.getByRole('listitem').filter({ hasText: 'topic:orders' }).getByRole('button').waitFor();
    await page.getByRole('link', { name: 'Live', exact: true }).click();
    await page.getByRole('link', { name: 'bob', exact: true }).click();
    await page.getByRole('region', { name: 'Inbox' }).getByText('0 unread').waitFor();
    expect(await page.getByLabel('Of user').inputValue()).toBe('bob');
  });

  console.test(
    'Messages shows what is said in the channels that are followed, and who is there',
    async () => {
      const { stack } = console;
      await stack.post('/v1/notifications', { to: ['topic:news'], title: 'said before' });
      const { page, problems } = await console.open('/#messages');
      const messages = page.getByRole('region', { name: 'Messages' });
      await page.getByText('3 here: admin, alice, bob').waitFor();
      await page.getByLabel('Channel to follow').fill('topic:news');
      await page.getByRole('button', { name: 'Follow', exact: true }).click();
      await messages.getByText('said before', { exact: true }).waitFor();
      for (const title of ['apples', 'pears']) {
        await stack.post('/v1/notifications', { to: ['topic:news'], title });
      }
      await messages.getByText('pears', { exact: true }).waitFor();
      await page.getByLabel('Filter messages').fill('APP');
      await messages.getByText('1 of 3').waitFor();
      expect(await messages.getByText('pears', { exact: true }).count()).toBe(0);

      await page.getByRole('button', { name: 'Leave topic:news' }).click();
      await messages.getByText('Nothing matches the filter.').waitFor();
      expect(problems).toEqual([]);
    },
  );

  console.test('Messages says why a channel cannot be followed', async () => {
    const { page } = await console.open('/#messages');
    await page.getByLabel('Channel to follow').fill('lobby');
    await page.getByRole('button', { name: 'Follow', exact: true }).click();
    await page.getByRole('alert').getByText('expected user:<id>').waitFor();
  });

  console.test('Inbox shows what a user got, and what the user did about it', async () => {
    const { stack } = console;
    await stack.post('/v1/notifications', { to: ['user:carol'], title: 'For carol', category: 'orders' });
    const carol = await stack.connect('carol');
    const { page, problems } = await console.open('/#inbox/carol');
    const inbox = page.getByRole('region', { name: 'Inbox' });
    await inbox.getByText('For carol').waitFor();
    await inbox.getByText('1 unread').waitFor();
    await carol.request({ action: 'mark', as: 'read', all: true });
    await inbox.getByText('0 unread').waitFor();
    await inbox.getByText('unread', { exact: true }).first().click();
    await inbox.getByText('Nothing here.').waitFor();
    expect(problems).toEqual([]);
  });

  console.test('Inbox leads to what became of a notification, which is drawn as it happens', async () => {
    const { stack } = console;
    await stack.post('/v1/notifications', { to: ['user:dora'], title: 'For dora' });
    const dora = await stack.connect('dora');
    const { page, problems } = await console.open('/#inbox/dora');
    await page.getByRole('link', { name: 'What became of it' }).click();
    const trail = page.getByRole('region', { name: 'Trail' });
    await trail.getByText('shop sent “For dora” to user:dora').waitFor();
    await trail.getByText('no screen of dora was connected').waitFor();
    await dora.request({ action: 'mark', as: 'read', all: true });
    await trail.getByText('dora read it').waitFor();
    expect(await trail.getByRole('listitem').count()).toBeGreaterThanOrEqual(3);
    expect(problems).toEqual([]);
  });

  console.test('Trail finds a notification by its id, and says when there is none', async () => {
    const { stack } = console;
    const sent = await stack.post('/v1/notifications', { to: ['topic:drawn'], title: 'To nobody' });
    const { id } = (await sent.json()) as { id: string };
    const { page } = await console.open('/#inbox');
    await page.getByRole('link', { name: 'Find by id' }).click();
    const trail = page.getByRole('region', { name: 'Trail' });
    await trail.getByLabel('Of notification').fill('ntf_unknown');
    await trail.getByLabel('Of notification').press('Enter');
    await trail.getByText('there is no notification ntf_unknown').waitFor();
    await trail.getByLabel('Of notification').fill(id);
    await trail.getByLabel('Of notification').press('Enter');
    await trail.getByText('nobody was connected').waitFor();
    expect(await trail.getByText('there is no notification').count()).toBe(0);
  });

  console.test('Schedules plans, tells the next runs, holds and cancels', async () => {
    const { page, problems } = await console.open('/#schedules');
    const form = page.getByRole('form', { name: 'Tell people later' });
    await page.getByText('Nothing is planned.').waitFor();
    await form.getByLabel('To', { exact: true }).fill('user:alice');
    await form.getByLabel('Title', { exact: true }).fill('A new week');
    await form.getByLabel('Cron').fill('0 9 * * MON');
    await form.getByLabel('By the clocks of').fill('Europe/Berlin');
    await form.getByRole('button', { name: 'Schedule', exact: true }).click();
    const row = page.getByRole('row', { name: /A new week/ });
    await row.getByText('0 9 * * MON').waitFor();
    await row.getByRole('button', { name: 'Next 5 A new week' }).click();
    await row.getByRole('listitem').nth(4).waitFor();
    const days = await row
      .getByRole('listitem')
      .getByRole('time')
      .evaluateAll(times => times.map(time => new Date(time.getAttribute('datetime') ?? '').getUTCDay()));
    expect(days).toEqual([1, 1, 1, 1, 1]);
    await row.getByRole('button', { name: 'Pause A new week' }).click();
    await row.getByText('paused').waitFor();
    await row.getByRole('button', { name: 'Resume A new week' }).click();
    await row.getByRole('button', { name: 'Pause A new week' }).waitFor();
    await row.getByRole('button', { name: 'Cancel A new week' }).click();
    await page.getByText('Nothing is planned.').waitFor();
    expect(problems).toEqual([]);
  });

  console.test('Schedules plans for once, and says what is wrong where it is', async () => {
    const { page } = await console.open('/#schedules');
    const form = page.getByRole('form', { name: 'Tell people later' });
    await form.getByLabel('Cron').fill('0 25 * * *');
    await form.getByRole('button', { name: 'Schedule', exact: true }).click();
    await form.getByText('expected minute, hour, day, month and weekday').waitFor();
    await form.getByText('once', { exact: true }).click();
    await form.getByLabel('At', { exact: true }).fill('2020-01-01T09:00');
    await form.getByRole('button', { name: 'Schedule', exact: true }).click();
    await form.getByText('expected a time in the future').waitFor();
    await form.getByLabel('At', { exact: true }).fill('2090-01-01T09:00');
    await form.getByRole('button', { name: 'Schedule', exact: true }).click();
    const row = page.getByRole('row', { name: /Good morning/ });
    await row.getByText('once').waitFor();
    await row.getByRole('button', { name: 'Cancel Good morning' }).click();
    await row.waitFor({ state: 'detached' });
  });

  console.test('Deliveries shows what was given up, and puts it back', async () => {
    const letter = {
      id: 'ntf_1.user:alice/p0#5',
      channel: 'user:alice',
      messageId: 'ntf_1.user:alice',
      epoch: 'e1',
      offset: 7,
      connections: 2,
      cause: 'throttled (2)',
      failedAt: '2026-01-02T03:04:05.000Z',
    };
    // Delivery cannot be made to fail for minutes here.
    let kept: z.output<typeof deadLettersView> = deadLettersView.parse({
      deadLetters: [letter],
      complete: true,
    });
    const { page, problems } = await console.open();
    await page.route('**/v1/dead-letters?*', route => route.fulfill({ json: kept }));
    await page.route('**/v1/dead-letters/redrive', route => {
      kept = { deadLetters: [], complete: true };
      return route.fulfill({ json: { redriven: 1 } });
    });
    await page.getByRole('link', { name: 'Deliveries' }).click();
    await page.getByRole('row', { name: /user:alice 7 2 throttled \(2\)/ }).waitFor();
    await page.getByRole('button', { name: 'Try them again' }).click();
    await page.getByText('1 put back into the queue').first().waitFor();
    await page.getByText('Nothing was given up.').waitFor();
    expect(problems).toEqual([]);
  });

  console.test('says what a deployment cannot show', async () => {
    const { page } = await console.open();
    for (const path of ['v1/connections?*', 'v1/channels?*', 'metrics', 'v1/users/*/inbox?*']) {
      await page.route(`**/${path}`, route => route.fulfill({ status: 404, json: { title: 'Not Found' } }));
    }
    await page.getByRole('link', { name: 'Live', exact: true }).click();
    await page.getByText('keeps no list of its connections').waitFor();
    await page.getByText('keeps no list of its channels').waitFor();
    await page.getByText('This deployment has no metrics page.').waitFor();
    await page.getByRole('link', { name: 'Inbox' }).click();
    await page.getByText('does not show inboxes over HTTP').waitFor();
  });
});

describe('A console without tokens', () => {
  console.test('asks for them, and goes on with what it is given', async () => {
    const { page } = await console.open('/health');
    await page.route('**/dev/tokens', route => route.fulfill({ status: 403, json: {} }));
    await page.goto(console.stack.url);
    const rights = { allow: { 'room:*': ['subscribe', 'publish', 'history'] } } as const;
    await page.getByLabel('Admin').fill(await console.stack.token('ann', { admin: true }));
    await page.getByLabel('First screen').fill(await console.stack.token('alice', rights));
    await page.getByLabel('Second screen').fill(await console.stack.token('bob', rights));
    await page.getByRole('button', { name: 'Use these' }).click();
    await page
      .getByRole('region', { name: /^alice/ })
      .getByText('live', { exact: true })
      .waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page
      .getByRole('region', { name: /^alice/ })
      .getByText('Your order shipped')
      .waitFor();
  });
});
