// @ts-check
import { make, pretty, time } from './dom.js';

/** @typedef {import('./connection.js').Message} Message */

/**
 * A notification, or any other message that is no chat, as an entry of a screen's list.
 * @param {Message} message
 * @param {boolean} missed whether it was fetched after an absence
 */
export const arrival = (message, missed) => {
  const { notification } = message;
  const data = notification ? notification.data : message.data;
  const entry = make('li', { class: 'arrival', 'data-priority': notification?.priority ?? 'normal' });
  entry.append(
    make(
      'div',
      { class: 'arrival-top' },
      make('h3', {}, notification?.title ?? `Message from ${message.from}`),
      time(message.sentAt),
    ),
  );
  if (notification?.body) entry.append(make('p', { class: 'arrival-body' }, notification.body));
  entry.append(badges(message, missed));
  if (data !== undefined) {
    entry.append(
      make('details', {}, make('summary', {}, 'data'), make('pre', { class: 'json' }, pretty(data))),
    );
  }
  return entry;
};

/**
 * @param {Message} message
 * @param {boolean} missed
 */
const badges = ({ channel, offset, notification }, missed) => {
  const row = make('p', { class: 'badges' });
  if (missed) row.append(make('span', { class: 'badge missed' }, 'caught up'));
  if (notification && notification.priority !== 'normal') {
    row.append(make('span', { class: `badge ${notification.priority}` }, notification.priority));
  }
  if (notification?.category) row.append(make('span', { class: 'badge' }, notification.category));
  row.append(make('span', { class: 'place' }, `${channel} #${offset}`));
  return row;
};

/**
 * A line of the room.
 * @param {Message} message
 * @param {boolean} own
 */
export const line = ({ from, data, sentAt }, own) => {
  const text = isSaying(data) ? data.text : pretty(data);
  return make(
    'li',
    { class: own ? 'line own' : 'line' },
    make('b', {}, from),
    make('span', { class: 'said' }, text),
    time(sentAt),
  );
};

/**
 * @param {unknown} data
 * @returns {data is { text: string }}
 */
const isSaying = data =>
  typeof data === 'object' && data !== null && 'text' in data && typeof data.text === 'string';
