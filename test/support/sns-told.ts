import type { Told } from '../contract/push-gateway.contract.ts';

interface Published {
  readonly Message: string;
}

/** What LocalStack has taken for an endpoint. */
export const published = async (
  stack: string,
  platform: 'apns' | 'apns_sandbox' | 'fcm',
  arn: string,
): Promise<readonly Told[]> => {
  const query = `endpointArn=${encodeURIComponent(arn)}&accountId=000000000000&region=us-east-1`;
  const response = await fetch(`${stack}/_aws/sns/platform-endpoint-messages?${query}`);
  const { platform_endpoint_messages: all } = (await response.json()) as {
    readonly platform_endpoint_messages: Readonly<Record<string, readonly Published[]>>;
  };
  return (all[arn] ?? []).map(({ Message }) => {
    // The platform's own, which LocalStack has taken out of the structure, and quoted once more.
    const payload = JSON.parse(JSON.parse(Message) as string);
    return platform === 'fcm' ? toldByGoogle(payload) : toldByApple(payload);
  });
};

interface Apples {
  readonly aps: { readonly alert?: Pick<Told & { kind: 'alert' }, 'title' | 'body'>; readonly badge: number };
  readonly fanfare: Fanfare;
}

interface Googles {
  readonly fcmV1Message: {
    readonly message: {
      readonly notification?: Pick<Told & { kind: 'alert' }, 'title' | 'body'>;
      readonly data: { readonly fanfare: string };
    };
  };
}

type Fanfare = { readonly messageId: string; readonly collapseId: string } & {
  readonly withdraw: readonly string[];
  readonly badge: number;
};

const toldByApple = ({ aps, fanfare }: Apples): Told =>
  aps.alert === undefined ? withdrawn(fanfare) : shown(aps.alert, { ...fanfare, badge: aps.badge });

const toldByGoogle = ({ fcmV1Message: { message } }: Googles): Told => {
  const fanfare = JSON.parse(message.data.fanfare) as Fanfare;
  return message.notification === undefined ? withdrawn(fanfare) : shown(message.notification, fanfare);
};

const withdrawn = ({ withdraw, badge }: Fanfare): Told => ({
  kind: 'withdraw',
  collapseIds: withdraw,
  badge,
});

const shown = (alert: Pick<Told & { kind: 'alert' }, 'title' | 'body'>, fanfare: Fanfare): Told => {
  const { messageId, collapseId, badge } = fanfare;
  return { kind: 'alert', ...alert, messageId, collapseId, badge };
};
