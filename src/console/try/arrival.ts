import { html, nothing, type TemplateResult } from 'lit';
import { pretty, timeOf } from '../format.ts';
import type { Entry } from './screen-feed.ts';

/** A notification, or any other message that is no chat, as an entry of a screen's list. */
export const arrival = ({ message, how, unread }: Entry): TemplateResult => {
  const { notification, channel, offset } = message;
  const data = notification ? notification.data : message.data;
  const { priority = 'normal', category, body } = notification ?? {};
  return html`<li class="arrival ${unread ? 'new' : ''}">
    <div class="arrival-top">
      <h3>${notification?.title ?? `Message from ${message.from}`}</h3>
      ${timeOf(message.sentAt)}
    </div>
    ${body ? html`<p class="arrival-body">${body}</p>` : nothing}
    <p class="badges">
      ${how === 'missed' ? html`<span class="badge missed">caught up</span>` : nothing}
      ${priority === 'normal' ? nothing : html`<span class="badge ${priority}">${priority}</span>`}
      ${category ? html`<span class="badge">${category}</span>` : nothing}
      <span class="place">${channel} #${offset}</span>
    </p>
    ${
      data === undefined
        ? nothing
        : html`<details>
            <summary>data</summary>
            <pre class="json">${pretty(data)}</pre>
          </details>`
    }
  </li>`;
};

/** A line of the room. */
export const line = ({ message: { from, data, sentAt } }: Entry, own: boolean): TemplateResult =>
  html`<li class="line ${own ? 'own' : ''}">
    <b>${from}</b><span class="said">${isSaying(data) ? data.text : pretty(data)}</span>${timeOf(sentAt)}
  </li>`;

const isSaying = (data: unknown): data is { readonly text: string } =>
  typeof data === 'object' && data !== null && 'text' in data && typeof data.text === 'string';
