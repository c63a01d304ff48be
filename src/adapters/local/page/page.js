// @ts-check
import { Answer } from './answer.js';
import { Composer } from './composer.js';
import { find } from './dom.js';
import { FrameLog } from './frames.js';
import { Screen } from './screen.js';
import { createTokens } from './tokens.js';

const announcer = find(document, '#announcer', HTMLElement);
const frames = new FrameLog();
const tokens = createTokens(() => {
  for (const screen of screens) screen.connect();
});
const answer = new Answer();
const composer = new Composer(() => tokens.of('admin'), answer);

/**
 * @param {'alice' | 'bob'} name
 * @param {string[]} follows
 */
const screenOf = (name, follows) =>
  new Screen(name, {
    follows,
    token: () => tokens.of(name),
    on: {
      frame: (direction, text) => frames.add({ screen: name, direction, text }),
      shown: ({ notification }) =>
        requestAnimationFrame(() => {
          if (notification) answer.noteArrival(notification.id, name, performance.now());
        }),
      write: channel => {
        composer.address(channel);
        composer.focus();
      },
      announce: text => {
        announcer.textContent = text;
      },
    },
  });

// Only alice follows topic:orders, so that a topic shows its difference from broadcast.
const screens = [screenOf('alice', ['topic:orders']), screenOf('bob', [])];
find(document, '#screens', HTMLElement).append(...screens.map(({ element }) => element));
for (const screen of screens) screen.connect();
