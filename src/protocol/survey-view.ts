import * as z from 'zod';

export const connectionsView = z
  .object({
    connections: z.array(
      z.object({
        connectionId: z.string().meta({ example: 'RSz0dcSBoAMCJ7Q=' }),
        user: z.string(),
        admin: z.boolean(),
        connectedAt: z.iso.datetime(),
        expiresAt: z.iso.datetime(),
        channels: z.int().min(0).meta({ description: 'How many it follows' }),
      }),
    ),
    total: z.int().min(0).meta({ description: 'All that match' }),
    next: z.string().optional().meta({ description: 'The cursor of the next page; absent on the last' }),
  })
  .meta({ id: 'Connections' });

export const channelsView = z
  .object({
    channels: z.array(z.object({ channel: z.string(), followers: z.int().min(1) })),
    total: z.int().min(0).meta({ description: 'All that match' }),
    next: z.string().optional().meta({ description: 'The cursor of the next page; absent on the last' }),
  })
  .meta({ id: 'Channels' });
