import type { Api, FanfareServer } from '../run.ts';

const STEPS = ['Received', 'Packed', 'With the carrier', 'Out for delivery', 'Delivered'];

/** An order's customer may read its channel, and no other's. */
export const api = (fanfare: FanfareServer): Api => {
  const steps = new Map<string, number>();

  const tell = async (order: string, step: number): Promise<void> => {
    const response = await fetch(`${fanfare.url}/v1/notifications`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${fanfare.adminToken}`,
        'content-type': 'application/json',
        // Should the answer get lost, trying again tells nobody twice.
        'idempotency-key': `${order}-${step}`,
      },
      body: JSON.stringify({
        to: [`topic:order-${order}`],
        title: STEPS[step],
        category: 'orders',
        data: { step, of: STEPS.length },
      }),
    });
    if (!response.ok) throw new Error(`Fanfare answered ${response.status}: ${await response.text()}`);
  };

  return {
    'POST /api/track': async ({ order = '' }) => {
      if (!/^\d{1,10}$/.test(order)) throw new Error('an order is a number');
      if (!steps.has(order)) {
        steps.set(order, 0);
        await tell(order, 0);
      }
      const channel = `topic:order-${order}`;
      const token = await fanfare.token(`customer-${order}`, { [channel]: ['subscribe', 'history'] });
      return { url: fanfare.socketUrl, token, channel };
    },

    /** The warehouse scanned the parcel. */
    'POST /api/scan': async ({ order = '' }) => {
      const step = Math.min((steps.get(order) ?? -1) + 1, STEPS.length - 1);
      steps.set(order, step);
      await tell(order, step);
      return { step };
    },
  };
};
