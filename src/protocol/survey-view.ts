import * as z from 'zod';
import { channelView, countView, timeView, userIdView } from './fields.ts';

export const connectionsView = z
  .object({
    connections: z.array(
      z.object({
        connectionId: z.string().meta({ example: 'RSz0dcSBoAMCJ7Q=' }),
        user: userIdView,
        admin: z.boolean(),
        connectedAt: timeView,
        expiresAt: timeView,
        channels: countView.meta({ description: 'How many it follows' }),
      }),
    ),
    total: countView.meta({ description: 'All that match' }),
    next: z.string().optional().meta({ description: 'The cursor of the next page; absent on the last' }),
  })
  .meta({ id: 'Connections' });

export const channelsView = z
  .object({
    channels: z.array(z.object({ channel: channelView, followers: z.int().min(1).meta({ example: 3 }) })),
    total: countView.meta({ description: 'All that match' }),
    next: z.string().optional().meta({ description: 'The cursor of the next page; absent on the last' }),
  })
  .meta({ id: 'Channels' });
