/** What an accepted notification is in its channel's log. */
export interface LoggedNotification {
  readonly channel: string;
  readonly messageId: string;
  readonly epoch: string;
  readonly offset: number;
  readonly notification: { readonly title: string };
}

/** All that a channel keeps, read over HTTP page by page. @param get a path of the API, as someone who may read it */
export const wholeLog = async (
  get: (path: string) => Promise<Response>,
  channel: string,
): Promise<readonly LoggedNotification[]> => {
  const all: LoggedNotification[] = [];
  for (let complete = false; !complete; ) {
    const query = `after=${all.at(-1)?.offset ?? 0}&limit=300`;
    const response = await get(`/v1/channels/${channel}/messages?${query}`);
    const page = (await response.json()) as { messages: LoggedNotification[]; complete: boolean };
    all.push(...page.messages);
    complete = page.complete;
  }
  return all;
};
